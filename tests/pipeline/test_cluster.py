"""Does a cluster find what one machine finds, and does a worker that is killed in the middle cost nothing?"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader.pipeline import PipelineError, pool, warm
from grader.pipeline import grade as module
from grader.pipeline.course import Course
from grader.pipeline.grade import Options, grade, release_sets
from grader.pipeline.pool import Bench, Work
from grader.pipeline.submissions import find_submissions
from grader.sandbox import SandboxError
from tests.pipeline.a_class import STUDENTS, hand_in, lines, stands_whole
from tests.pipeline.tiny_course import SANDBOX

pytest.importorskip("distributed")

LIGHT = (
    "numpy",
    "IPython.core.interactiveshell",
    "grader.cases.ask.check",
    "grader.judge.kernel",
)  # torch takes seconds to import
WORKER = f"""
import sys
import grader.pipeline.warm as warm
from distributed.cli.dask_worker import main
warm.WARM = {LIGHT}
main()
"""


class Cluster:
    """A scheduler and two worker processes on this machine, reached over the loopback interface."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        told = folder / "scheduler.json"
        scheduler = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(told)]
        self.scheduler = self._start(["-m", "distributed.cli.dask_scheduler", *scheduler])
        while not told.is_file() or not told.read_text().endswith("}"):
            assert self.scheduler.poll() is None, (folder / "log").read_text()
            time.sleep(0.01)
        self.address: str = json.loads(told.read_text())["address"]
        self.workers = [self.start_worker() for _ in range(2)]

    def start_worker(self, **environment: str) -> "subprocess.Popen[bytes]":
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(self.folder)]
        return self._start(["-c", WORKER, self.address, *options], **environment)

    def _start(self, arguments: list[str], **environment: str) -> "subprocess.Popen[bytes]":
        with (self.folder / "log").open("ab") as log:
            root = Path(__file__).parents[2]
            return subprocess.Popen(
                [sys.executable, *arguments], cwd=root, stdout=log, stderr=log, env=os.environ | environment
            )

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    yield made
    made.close()


def warm_processes(worker: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    return [p for p in psutil.Process(worker.pid).children() if "grader.sandbox.warm" in p.cmdline()]


def test_a_worker_killed_in_the_middle_loses_nothing_and_repeats_nothing(
    course: Course,
    release: dict[str, Any],
    tmp_path: Path,
    cluster: Cluster,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submitted = hand_in(tmp_path / "in", release)
    out, options = tmp_path / "out", Options(sandbox=SANDBOX, scheduler=cluster.address)
    killed: list[psutil.Process] = []
    seen: list[str] = []

    def watched(work: Iterable[Work], bench: Bench, options: Options, crew: pool.Crew) -> Iterator[Any]:
        for each in real(work, bench, options, crew):
            seen.append(each[0].student)
            if len(seen) == 1:  # the others are at the workers, or come home just now
                worker = cluster.workers[0]
                killed.extend(psutil.Process(worker.pid).children(recursive=True))
                worker.kill()
                worker.wait()
            yield each

    real = module._judges
    monkeypatch.setattr(module, "_judges", watched)
    summary = grade(course, submitted, out, options)
    assert summary.all_fine and summary.judged == len(STUDENTS), summary.text()
    assert sorted(seen) == sorted(lines(out)) == STUDENTS
    stands_whole(out)
    _, alive = psutil.wait_procs(killed, timeout=20)
    assert not alive, f"still running after their worker was killed: {alive}"
    assert warm_processes(cluster.workers[1]) == [], "the station outlived the run"
    assert grade(course, submitted, out, options).skipped == len(STUDENTS)


def test_a_cluster_finds_what_the_pool_finds(
    course: Course, release: dict[str, Any], tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    from grader.pipeline.cluster import judge_on

    monkeypatch.setattr(warm, "WARM", LIGHT)
    handed, _ = find_submissions(hand_in(tmp_path / "in", release), course.sets())
    options = Options(sandbox=SANDBOX)
    bench = Bench(release_sets(course, course.sets(), 3), 3, options.limits, options.walls, SANDBOX)

    def found(outcomes: Iterable[Any]) -> dict[str, Any]:
        changing = {"seconds": 0, "cpu_seconds": 0, "peak_bytes": 0}
        return {whose.student: verdict.to_json() | changing for whose, _, verdict in outcomes}

    work = [(whose, whose.read(options.limits)) for whose in handed]
    assert found(judge_on(work, bench, cluster.address)) == found(pool.judge_all(work, bench, 2))


@pytest.mark.skipif(SANDBOX == "none", reason="bubblewrap is not installed")
def test_a_worker_without_bubblewrap_stops_the_run(
    course: Course, release: dict[str, Any], tmp_path: Path, cluster: Cluster
) -> None:
    for worker in cluster.workers:
        worker.kill()
        worker.wait()
    cluster.workers.append(cluster.start_worker(PATH=str(tmp_path)))
    submitted = hand_in(tmp_path / "in", release)
    with pytest.raises(SandboxError, match="apt-get install bubblewrap"):
        grade(course, submitted, tmp_path / "out", Options(scheduler=cluster.address))
    assert lines(tmp_path / "out") == []


def test_a_scheduler_that_is_not_there_is_told(
    course: Course, release: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from grader.pipeline import cluster

    monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 0.5)
    submitted = hand_in(tmp_path / "in", release)
    with pytest.raises(PipelineError, match="No dask scheduler answers at tcp://127.0.0.1:9"):
        grade(course, submitted, tmp_path / "out", Options(sandbox="none", scheduler="tcp://127.0.0.1:9"))


def test_a_scheduler_without_workers_is_told(
    course: Course,
    release: dict[str, Any],
    tmp_path: Path,
    cluster: Cluster,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from grader.pipeline import cluster as there

    monkeypatch.setattr(there, "PATIENCE_SECONDS", 2.0)
    for worker in cluster.workers:
        worker.kill()
        worker.wait()
    submitted = hand_in(tmp_path / "in", release)
    with pytest.raises(PipelineError, match="start some: dask worker tcp://"):
        grade(course, submitted, tmp_path / "out", Options(sandbox="none", scheduler=cluster.address))
