"""Does a killed run lose nothing, and does the next one finish its work?"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader.judge import JudgeError
from grader.judge.limits import Limits
from grader.pipeline.course import Course
from grader.pipeline.grade import Options, grade, release_sets
from grader.pipeline.gradebook import open_gradebook
from grader.pipeline.journal import Journal
from grader.pipeline.pool import Bench, judge_all
from grader.pipeline.sample_class import fill
from grader.pipeline.submissions import find_submissions
from tests.pipeline.bad_class import RIGHT, put
from tests.pipeline.tiny_course import SANDBOX

STUDENTS = [f"student {number}" for number in range(4)]


STUB = [("check-tiny-mean", 0.0), ("check-tiny-ppl", 0.0), ("check-tiny-unit", 0.0), ("tiny-why", 0.0)]
FULL = [("check-tiny-mean", 2.0), ("check-tiny-ppl", 1.0), ("check-tiny-unit", 1.0), ("tiny-why", None)]
EXPECTED = {student: FULL if number % 2 else STUB for number, student in enumerate(STUDENTS)}


def entry(student: str, **more: Any) -> dict[str, Any]:
    return {
        "student": student,
        "set": "01_tiny",
        "sha256": "a",
        "seed": 0,
        "exercise": "b",
        "scores": {},
    } | more


def wait_for(path: Path, lines: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 120
    while not (path.is_file() and path.read_bytes().count(b"\n") >= lines):
        assert process.poll() is None and time.monotonic() < deadline, (
            "the run ended before it could be killed"
        )
        os.sched_yield()


def scores(out: Path) -> dict[str, list[tuple[str, float | None]]]:
    with open_gradebook(out) as gradebook:
        return {
            s.student.id: sorted((g.name, g.auto_score) for g in s.notebooks[0].grades)
            for s in gradebook.assignment_submissions("01_tiny")
        }


@pytest.fixture
def submitted(course: Course, tmp_path: Path, release: dict[str, Any]) -> Path:
    for number, student in enumerate(STUDENTS):
        put(tmp_path / "in", student, fill(release, RIGHT if number % 2 else {}))
    return tmp_path / "in"


def test_a_killed_run_is_finished_by_the_next(course: Course, submitted: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "grader",
        "grade",
        str(submitted),
        "--out",
        str(out),
        "--sandbox",
        SANDBOX,
    ]
    with subprocess.Popen([*command, "--jobs", "2"], cwd=course.root, stderr=subprocess.DEVNULL) as process:
        wait_for(out / "journal.jsonl", 1, process)
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
    assert children
    gone, alive = psutil.wait_procs(children, timeout=20)
    assert not alive, f"still running after the grader was killed: {alive}"
    stood = set(Journal(out / "journal.jsonl").latest)
    assert 1 <= len(stood) < len(STUDENTS)

    summary = grade(course, submitted, out, Options(sandbox=SANDBOX, jobs=2))
    assert summary.failed == [] and summary.skipped == len(stood)
    assert scores(out) == EXPECTED
    names = [json.loads(line)["student"] for line in (out / "journal.jsonl").read_text().splitlines()]
    assert sorted(names) == STUDENTS


def test_what_the_gradebook_or_the_pages_lost_is_written_again(
    course: Course, submitted: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    grade(course, submitted, out, Options(sandbox="none", jobs=2))
    assert scores(out) == EXPECTED
    page = out / "feedback" / STUDENTS[1] / "01_tiny" / "tiny.html"
    page.unlink()
    assert grade(course, submitted, out, Options(sandbox="none")).judged == 1
    assert page.is_file()
    (out / "gradebook.db").unlink()
    assert grade(course, submitted, out, Options(sandbox="none", jobs=2)).judged == len(STUDENTS)
    assert scores(out) == EXPECTED


def test_a_torn_last_line_is_no_line_and_swallows_none(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    Journal(path).append(entry("ann"))
    with path.open("ab") as file:
        file.write(b'{"student": "bob", "set": "01_t')
    journal = Journal(path)
    assert set(journal.latest) == {("ann", "01_tiny")}
    journal.append(entry("cid"))
    journal.append(entry("ann", seed=4))
    again = Journal(path)
    assert set(again.latest) == {("ann", "01_tiny"), ("cid", "01_tiny")}
    assert again.latest["ann", "01_tiny"]["seed"] == 4


@pytest.mark.parametrize("line", [b"null", b"[1]", b"{}", b"\xff\xfe", b'{"student": "ann"}'])
def test_foreign_lines_are_left_out(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(line + b"\n")
    assert Journal(path).latest == {}


def test_a_judge_that_dies_costs_its_own_submission_only(
    course: Course, submitted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed, _ = find_submissions(submitted, course.sets())
    bench = Bench(release_sets(course, course.sets(), 0), 0, Limits())
    started: list[int] = []
    from grader.pipeline import pool

    class Doomed(pool._Worker):
        """A worker that is killed when it is given the submission of student 2."""

        def send(self, item: pool.Work, *more: Any) -> None:
            if item[0].student == STUDENTS[2]:
                started.append(self.process.pid or 0)
                self.process.kill()
                self.process.join()
            super().send(item, *more)

    monkeypatch.setattr(pool, "_Worker", Doomed)
    work = ((whose, whose.read(Limits())) for whose in handed)
    outcomes = {whose.student: outcome for whose, _, outcome in judge_all(work, bench, 2)}
    assert sorted(outcomes) == STUDENTS
    failed = [student for student, outcome in outcomes.items() if isinstance(outcome, JudgeError)]
    assert failed == [STUDENTS[2]]
    assert len(set(started)) > 1  # it was tried again, in another process


def test_two_graders_do_not_share_an_output(course: Course, submitted: Path, tmp_path: Path) -> None:
    import fcntl

    from grader.pipeline import PipelineError

    out = tmp_path / "out"
    out.mkdir()
    with (out / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(PipelineError, match="Another `grader grade` works on"):
            grade(course, submitted, out, Options(sandbox="none"))
