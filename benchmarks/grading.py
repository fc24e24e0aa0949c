"""How much faster `grader grade` is than stock `nbgrader autograde`, on the same submissions, in one run.

Run from the repository's root: ``python -m benchmarks.grading``. 64 honest submissions of one set, each with a cell
that imports torch, sympy and numpy, are graded by both; ours with walls, gradebook, feedback pages and report, by two
workers; stock nbgrader one after the other, as it works. Stock is timed on 2 and on 10 submissions and the rest is
reckoned from the two (`--all` times all 64). Memory is sampled in runs of their own, for sampling takes time. All of it
works in a copy of the course.

The last line is one JSON object. ratio: stock's time over ours; ratio_without_feedback: the same without our feedback
pages, which stock `autograde` does not make either; ratio_cpu: the same by processor time, ours shared by two cores,
which tells more on a machine that does other work too. fork_start_s: median time until a walled-in kernel stands.
peak_mb: all our processes together (shared memory counted once) with 64 submissions; many_mb: with `--many`, the most
of many more samples; many_growth_mb: how much of that came with the class, from its second quarter to its last.
start_s, judging_s and report_s are the parts of ours_s; writing_s and feedback_s fall into judging_s.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SET = "06_perplexity"
JOBS = 2
STARTS = 40  # kernels whose start is timed
FEW = 2  # submissions of stock's shorter run
SAMPLE_SECONDS = 0.25


def course_copy(to: Path) -> Path:
    """Return a copy of the course, built."""
    for part in ("exercises", "solutions"):
        shutil.copytree(ROOT / part, to / part, ignore=shutil.ignore_patterns("__pycache__"))
    run([sys.executable, "-m", "grader", "build"], to)
    return to


@dataclass(frozen=True)
class Taken:
    """What a command took, in seconds: of the clock, and of the processor in all its processes."""

    wall: float
    cpu: float


def run(command: list[str], folder: Path, watch: Callable[[int], None] | None = None) -> Taken:
    """Return what a command takes; it must end well."""
    environment = {k: v for k, v in os.environ.items() if k != "GRADER_CASES"}
    # nbgrader 0.9 looks for `alembic` on the path.
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', '')}"
    environment["PYTHONPATH"] = f"{ROOT}"
    begun, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        if watch is not None:
            watch(process.pid)
        said = process.communicate()[0]
    taken, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{said[-4000:]}")
    return Taken(taken, after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime)


def submissions(course: Path, many: int) -> list[bytes]:
    """Return so many notebooks: the set's files of answers by turns, each with a cell of slow imports."""
    from grader.pipeline.answers import read_answers, read_model
    from grader.pipeline.course import Course, load_tasks
    from grader.pipeline.sample_class import fill

    exercise = Course(course).set_named(SET)
    ids = [task.id for task in load_tasks(exercise)]
    model = {task: answer.source for task, answer in read_model(exercise.answers, ids).items()}
    release = json.loads(exercise.release.read_text(encoding="utf-8"))
    setup = next(i for i, cell in enumerate(release["cells"]) if cell["cell_type"] == "code")
    files = [
        {task: answer.source for task, answer in read_answers(path, ids).items()}
        for path in sorted(exercise.answers.glob("*.py"))
    ]
    made = []
    for number in range(many):
        notebook = fill(release, model | files[number % len(files)])
        source = f"# student {number}\nimport numpy\nimport sympy\nimport torch"
        cell = {"cell_type": "code", "id": "imports", "metadata": {}, "source": source}
        notebook["cells"].insert(setup + 1, cell | {"outputs": [], "execution_count": None})
        made.append(json.dumps(notebook).encode())
    return made


def hand_in(folder: Path, notebooks: list[bytes], first: int = 0) -> Path:
    """Write the notebooks as those of students, the first of whom has the number `first`."""
    shutil.rmtree(folder, ignore_errors=True)
    for number, content in enumerate(notebooks, first):
        path = folder / f"s{number:04}" / SET / f"{SET[3:]}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    return folder


def time_stock(course: Path, notebooks: list[bytes], whole: bool) -> Taken:
    """Return what stock `nbgrader autograde` takes for all notebooks."""
    command = [sys.executable, "-m", "nbgrader", "autograde", SET]

    def taken(part: list[bytes], first: int) -> Taken:
        hand_in(course / "build" / "submitted", part, first)
        return run(command, course / "build")

    if whole:
        return taken(notebooks, 0)
    few, more = taken(notebooks[:FEW], 0), taken(notebooks[FEW : 2 * FEW + 8], FEW)
    each, left = (more.wall - few.wall) / 8, len(notebooks) - FEW
    print(
        f"stock nbgrader: {few.wall:.1f} s for {FEW}, {more.wall:.1f} s for {FEW + 8} submissions: {each:.2f} s for one"
    )
    return Taken(few.wall + each * left, few.cpu + (more.cpu - few.cpu) / 8 * left)


def grade_command(folder: Path, out: Path, stages: Path | None = None) -> list[str]:
    begin = ["-m", "grader"] if stages is None else ["-m", "benchmarks.grading", "--staged", str(stages)]
    return [
        sys.executable,
        *begin,
        "grade",
        str(folder),
        "--out",
        str(out),
        "--set",
        SET,
        "--jobs",
        str(JOBS),
    ]


def staged(stages: Path, arguments: list[str]) -> int:
    """Run `grader` with a stopwatch at the writer, and write what it showed, as times of the day, to `stages`.

    The writer is looked for when the run itself imports it: sooner would change the order of its start.
    """
    from grader.cli import main as grader
    from grader.pipeline.warm import Warm

    shown: dict[str, Any] = {"begun": [], "ended": [], "feedback": 0.0}

    def start_early(self: Any, *given: Any) -> None:
        real_start(self, *given)
        Warm.start_early = real_start  # type: ignore[method-assign]
        from grader.pipeline.pool import Crew

        real_fork = Crew.fork

        def fork(self: Any, *given: Any) -> None:
            real_fork(self, *given)
            Crew.fork = real_fork  # type: ignore[method-assign]
            _time_writer(shown)

        Crew.fork = fork  # type: ignore[method-assign]

    real_start = Warm.start_early
    Warm.start_early = start_early  # type: ignore[method-assign]
    code = grader(arguments)
    stages.write_text(json.dumps(shown), encoding="utf-8")
    return code


def _time_writer(shown: dict[str, Any]) -> None:
    from grader.pipeline.feedback import Pages
    from grader.pipeline.write import Writer

    real_write, real_render = Writer.write, Pages.render

    def write(self: Any, *given: Any) -> None:
        shown["begun"].append(time.time())
        real_write(self, *given)
        shown["ended"].append(time.time())

    def render(self: Any, *given: Any) -> str:
        begun = time.perf_counter()
        page = real_render(self, *given)
        if shown["begun"]:  # else it is the page for nobody, a part of the start
            shown["feedback"] += time.perf_counter() - begun
        return page

    Writer.write, Pages.render = write, render  # type: ignore[method-assign,assignment]


def time_ours(course: Path, folder: Path, out: Path) -> dict[str, float]:
    """Return how long `grader grade` takes from its start to its end, and its parts, in seconds."""
    stages = course / "stages.json"
    begun = time.time()
    ours = run(grade_command(folder, out), course)
    print(
        f"grader grade: {ours.wall:.2f} s for {len(list(folder.iterdir()))} submissions; once more, with a stopwatch:"
    )
    begun = time.time()
    again = run(grade_command(folder, Path(f"{out}-staged"), stages), course)
    shown = json.loads(stages.read_text(encoding="utf-8"))
    first, last = shown["begun"][0], shown["ended"][-1]
    written = sum(e - b for b, e in zip(shown["begun"], shown["ended"], strict=True))
    return {
        "ours_s": ours.wall,
        "ours_cpu_s": ours.cpu,
        "start_s": first - begun,
        "judging_s": last - first,
        "writing_s": written - shown["feedback"],
        "feedback_s": shown["feedback"],
        "report_s": begun + again.wall - last,
    }


def memory(course: Path, folder: Path, out: Path) -> list[float]:
    """Return what grading held in all its processes together, in MB, sampled from its start to its end."""
    import psutil

    samples: list[float] = []
    over = threading.Event()

    def sample(process: int) -> None:
        while not over.wait(SAMPLE_SECONDS):
            try:
                ours = psutil.Process(process)
                samples.append(sum(share(p.pid) for p in [ours, *ours.children(recursive=True)]) / 1e6)
            except psutil.NoSuchProcess:
                return

    watchers = []

    def watch(process: int) -> None:
        watchers.append(threading.Thread(target=sample, args=(process,)))
        watchers[0].start()

    try:
        run(grade_command(folder, out), course, watch)
    finally:
        over.set()
        watchers[0].join()
    return samples


def growth(samples: list[float]) -> float:
    """Return by how much the last quarter's peak is above the second's: the first has the start in it."""
    quarter = len(samples) // 4
    return max(samples[3 * quarter :]) - max(samples[quarter : 2 * quarter])


def share(process: int) -> int:
    """Return a process's memory in bytes, of pages that several hold its share (PSS)."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def fork_start() -> float:
    """Return the median time until a walled-in kernel stands, in seconds."""
    from grader.pipeline.warm import WARM
    from grader.sandbox import ForkServer, Kernel, Walls

    taken = []
    with ForkServer(WARM) as warm:
        for _ in range(STARTS):
            begun = time.perf_counter()
            with Kernel(warm.address, Walls(), {}, slot=os.getpid()):
                taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--students", type=int, default=64, metavar="N", help="submissions (default 64)")
    options.add_argument(
        "--many",
        type=int,
        default=256,
        metavar="N",
        help="submissions of the run that must need no more memory",
    )
    options.add_argument("--all", action="store_true", help="time stock nbgrader on all submissions")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="grading-") as name:
        place = Path(name)
        course = course_copy(place / "course")
        notebooks = submissions(course, chosen.students)
        folder = hand_in(place / "submitted", notebooks)
        figures = time_ours(course, folder, place / "out")
        for stage, seconds in figures.items():
            print(f"  {stage:12} {seconds:7.2f}")
        stock = time_stock(course, notebooks, chosen.all)
        start = fork_start()
        print(f"fork start of a walled-in kernel: {1000 * start:.0f} ms (median of {STARTS})")
        peak = max(memory(course, folder, place / "memory"))
        class_of_many = hand_in(place / "many", [notebooks[i % len(notebooks)] for i in range(chosen.many)])
        samples = memory(course, class_of_many, place / "out-many")
        many, more = max(samples), growth(samples)
        print(f"memory: {peak:.0f} MB with {chosen.students} submissions, {many:.0f} MB with {chosen.many},")
        print(
            f"the most of {len(samples)} samples; their last quarter's peak less the second's: {more:+.0f} MB"
        )
    ours = figures["ours_s"]
    result = {
        "ratio": stock.wall / ours,
        "ratio_without_feedback": stock.wall / (ours - figures["feedback_s"]),
        "ratio_cpu": stock.cpu / (figures["ours_cpu_s"] / JOBS),
        "fork_start_s": start,
        "peak_mb": peak,
        "many_mb": many,
        "many": chosen.many,
        "many_growth_mb": more,
        "stock_s": stock.wall,
        "stock_cpu_s": stock.cpu,
        **figures,
    }
    print(json.dumps({key: round(value, 4) for key, value in result.items()}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--staged"]:
        sys.exit(staged(Path(sys.argv[2]), sys.argv[3:]))
    main()
