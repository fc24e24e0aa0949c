"""Does a run start in the order that costs least, and do workers hold and lose nothing that is not theirs?"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader.judge import JudgeError
from grader.judge.limits import Limits
from grader.judge.verdict import Submission, SubmissionVerdict
from grader.pipeline import pool
from grader.pipeline.course import Course
from grader.pipeline.grade import release_sets
from grader.pipeline.pool import Bench, Crew, judge_all
from grader.pipeline.submissions import Handed, find_submissions
from grader.pipeline.warm import Warm
from tests.pipeline.a_class import STUDENTS, hand_in

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bench(course: Course) -> Bench:
    return Bench(release_sets(course, course.sets(), 0), 0, Limits(), sandbox="none")


@pytest.fixture
def work(course: Course, release: dict[str, Any], tmp_path: Path) -> list[tuple[Handed, Submission]]:
    handed, _ = find_submissions(hand_in(tmp_path / "in", release), course.sets())
    return [(whose, whose.read(Limits())) for whose in handed]


def said_by(program: str, *arguments: str) -> Any:
    """Run a program and return the JSON that is the last line of what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_the_warm_process_starts_before_anything_large_is_imported(tmp_path: Path) -> None:
    program = """
import json, sys
import grader.cli
from grader.pipeline.warm import Warm

def start(self):
    large = ("numpy", "sympy", "torch", "nbformat", "nbgrader", "sqlalchemy", "zmq", "jinja2")
    print(json.dumps([name for name in large if name in sys.modules]))
    sys.exit()

Warm.start = start
grader.cli.main(["grade", sys.argv[1], "--out", sys.argv[1] + "/out"])
"""
    assert said_by(program, str(tmp_path)) == []


def test_workers_are_forks_that_hold_nothing_of_the_graders_open(
    course: Course, release: dict[str, Any], tmp_path: Path
) -> None:
    hand_in(tmp_path / "in", release)
    program = """
import json, os, sys
from pathlib import Path
import psutil
from grader.judge.limits import Limits
from grader.pipeline.course import Course
from grader.pipeline.grade import release_sets
from grader.pipeline.pool import Bench, Crew, judge_all
from grader.pipeline.submissions import find_submissions
from grader.pipeline.warm import Warm

course = Course(Path(sys.argv[1]))
secret = open(sys.argv[1] + "/secret", "w")
bench = Bench(release_sets(course, course.sets(), 0), 0, Limits(), sandbox="none")
crew = Crew(Warm("none"))
crew.fork(bench, 2)
forks = [worker.process.pid for worker in crew._waiting]
handed, _ = find_submissions(Path(sys.argv[2]), course.sets())
opened = set()
for whose, _, verdict in judge_all(((h, h.read(Limits())) for h in handed), bench, 2, crew):
    for fork in forks:
        if psutil.pid_exists(fork):
            opened |= {os.readlink(f"/proc/{fork}/fd/{fd}") for fd in os.listdir(f"/proc/{fork}/fd")}
            program = psutil.Process(fork).cmdline()
print(json.dumps({"forks": len(forks), "as ours": program == psutil.Process().cmdline(), "opened": sorted(opened)}))
"""
    said = said_by(program, str(course.root), str(tmp_path / "in"))
    assert said["forks"] == 2 and said["as ours"]
    assert said["opened"] and not any("secret" in name for name in said["opened"])


def test_no_worker_is_forked_where_a_fork_would_copy_connections(bench: Bench) -> None:
    assert "sqlalchemy" in sys.modules
    crew = Crew(Warm("none"))
    crew.fork(bench, 2)
    assert crew._waiting == []


def test_what_lay_ahead_of_a_dead_worker_is_not_held_against_it(
    bench: Bench, work: list[tuple[Handed, Submission]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "ATTEMPTS", 1)
    first = []

    class Doomed(pool._Worker):
        """A worker that is stopped at its first item and killed when it is sent the next; its successors live."""

        def send(self, item: pool.Work, address: str | None) -> bool:
            sent = super().send(item, address)
            if not first:
                psutil.Process(self.process.pid).suspend()
                first.append(self)
            elif first[0] is self:
                self.process.kill()
            return sent

    monkeypatch.setattr(pool, "_Worker", Doomed)
    outcomes = {whose.student: outcome for whose, _, outcome in judge_all(work, bench, 1)}
    lost = outcomes.pop(STUDENTS[0])
    assert isinstance(lost, SubmissionVerdict) and "The grader's own process ended" in lost.problems[0]
    assert sorted(outcomes) == STUDENTS[1:]
    assert all(isinstance(outcome, SubmissionVerdict) for outcome in outcomes.values())


def test_a_worker_at_work_is_sent_only_what_the_pipe_holds(
    bench: Bench, work: list[tuple[Handed, Submission]]
) -> None:
    worker = pool._Worker(bench)
    try:
        psutil.Process(worker.process.pid).suspend()  # so that it reads nothing
        (whose, small), large = work[0], Submission(bytes(pool.LARGEST_AHEAD))
        assert worker.send((whose, large), None), "a worker that has nothing to do takes it all"
    finally:
        worker.stop()
    worker = pool._Worker(bench)
    try:
        psutil.Process(worker.process.pid).suspend()
        assert worker.send((whose, small), None)
        assert not worker.send((whose, large), None)
        assert worker.send((whose, small), None)
        assert [item[1] for item in worker.items] == [small, small]
    finally:
        worker.stop()


def test_large_submissions_are_judged_one_after_the_other(
    bench: Bench, work: list[tuple[Handed, Submission]]
) -> None:
    large = [(whose, Submission(s.notebook, {"data": bytes(1 << 20)}, s.remarks)) for whose, s in work]
    outcomes = {whose.student: outcome for whose, _, outcome in judge_all(large, bench, 1)}
    assert sorted(outcomes) == STUDENTS
    assert all(isinstance(outcome, SubmissionVerdict) for outcome in outcomes.values())


def starved(work: tuple[Handed, Submission], is_so: bool) -> SubmissionVerdict:
    name = work[0].exercise.name
    return SubmissionVerdict(name, "", 0, "", "none", {}, [], 0.0, Limits(), {}, {}, starved=is_so)


def test_the_last_try_is_alone(work: list[tuple[Handed, Submission]]) -> None:
    tries, queue = pool.Tries(), iter(work[1:2])
    error = JudgeError("no kernel started")
    assert not tries.settled(work[0], error)
    assert tries.following(queue, idle=False) == work[0], "at once, for its worker may just have died"
    assert not tries.settled(work[0], error)
    assert tries.following(queue, idle=False) == work[1]
    assert tries.following(queue, idle=False) is None, "something else is still being judged"
    assert tries.following(queue, idle=True) == work[0]
    assert tries.settled(work[0], error)


def test_who_had_no_processor_is_judged_again_once_at_the_end_and_alone(
    work: list[tuple[Handed, Submission]],
) -> None:
    tries, queue = pool.Tries(), iter(work[1:3])
    assert not tries.settled(work[0], starved(work[0], True))
    assert tries.following(queue, idle=False) == work[1]
    assert tries.following(queue, idle=False) == work[2]
    assert tries.following(queue, idle=False) is None
    assert tries.following(queue, idle=True) == work[0]
    assert tries.settled(work[0], starved(work[0], True))
    assert tries.settled(work[1], starved(work[1], False))
    assert tries.following(queue, idle=True) is None
