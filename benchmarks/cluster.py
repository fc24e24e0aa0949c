"""What dask.distributed costs against the local pool: the same class, two processes each, walls up.

Run from the repository's root: ``python -m benchmarks.cluster [STUDENTS]`` (default 64). The scheduler and its two
workers run on this machine, so what is measured is the overhead and not the gain. The last line is one JSON object:
pool_s and cluster_s (seconds from the first verdict to the last), ratio (the second by the first), overhead_ms (what a
submission costs more), pool_start_s and cluster_start_s (seconds to the first verdict).
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from distributed import Client

from grader.judge.limits import Limits
from grader.judge.verdict import Submission, SubmissionVerdict
from grader.pipeline.answers import read_model
from grader.pipeline.build import build_course
from grader.pipeline.cluster import judge_on
from grader.pipeline.course import Course, load_tasks
from grader.pipeline.grade import release_sets
from grader.pipeline.pool import Bench, Outcome, judge_all
from grader.pipeline.sample_class import fill
from grader.pipeline.submissions import Handed, find_submissions

ROOT = Path(__file__).resolve().parents[1]
SET = "06_perplexity"
WORKERS = 2


def hand_in(course: Course, folder: Path, students: int) -> list[Handed]:
    """Write the set's model answers once for each student."""
    exercise = course.set_named(SET)
    model = read_model(exercise.answers, [task.id for task in load_tasks(exercise)])
    release = json.loads(exercise.release.read_text(encoding="utf-8"))
    notebook = json.dumps(fill(release, {task: answer.source for task, answer in model.items()}))
    for number in range(students):
        path = folder / f"student-{number:03d}" / SET / f"{exercise.short_name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(notebook, encoding="utf-8")
    return find_submissions(folder, [exercise])[0]


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Start a scheduler and its workers on the loopback interface; yield the address."""
    told, started = folder / "scheduler.json", []
    with (folder / "log").open("wb") as log:

        def start(module: str, *arguments: str) -> None:
            command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"]
            started.append(subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log))

        try:
            start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told))
            while not told.is_file() or not told.read_text().endswith("}"):
                time.sleep(0.05)
            address = json.loads(told.read_text())["address"]
            for _ in range(WORKERS):
                start(
                    "dask_worker", address, "--nthreads", "1", "--no-nanny", "--local-directory", str(folder)
                )
            with Client(address) as client:
                client.wait_for_workers(WORKERS, timeout=60)
            yield address
        finally:
            for process in started:
                process.kill()
                process.wait()


def timed(outcomes: Iterable[tuple[Handed, Submission, Outcome]]) -> tuple[float, float, int]:
    """Return the seconds to the first verdict, from there to the last, and the number of verdicts."""
    begun = time.perf_counter()
    times = []
    for whose, _, outcome in outcomes:
        if not isinstance(outcome, SubmissionVerdict):
            raise SystemExit(f"{whose.student}: {outcome}")
        times.append(time.perf_counter())
    return times[0] - begun, times[-1] - times[0], len(times)


def main(students: int) -> None:
    course = Course.find(ROOT)
    build_course(course)
    bench = Bench(release_sets(course, [course.set_named(SET)], 0), 0, Limits())
    with tempfile.TemporaryDirectory() as name:
        handed = hand_in(course, Path(name, "in"), students)
        pool_start, pool, count = timed(judge_all(((h, h.read(Limits())) for h in handed), bench, WORKERS))
        print(f"pool of {WORKERS}: {count} verdicts in {pool:.1f} s after {pool_start:.1f} s")
        with cluster(Path(name)) as address:
            started, there, count = timed(judge_on(((h, h.read(Limits())) for h in handed), bench, address))
        print(f"cluster of {WORKERS}: {count} verdicts in {there:.1f} s after {started:.1f} s")
    figures = {
        "pool_s": round(pool, 2),
        "cluster_s": round(there, 2),
        "ratio": round(there / pool, 2),
        "overhead_ms": round(1000 * (there - pool) / (count - 1), 1),
        "pool_start_s": round(pool_start, 2),
        "cluster_start_s": round(started, 2),
        "students": count,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 64)
