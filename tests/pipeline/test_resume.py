"""Does a second run do what is left to do, whatever happened to the first, and nothing else?"""

import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from grader.cli import main
from grader.judge.verdict import SubmissionVerdict
from grader.pipeline import PipelineError
from grader.pipeline import grade as module
from grader.pipeline.course import Course
from grader.pipeline.desk import MOST_FAILURES, Summary
from grader.pipeline.grade import Options, grade, plan
from grader.pipeline.journal import Journal
from grader.pipeline.pool import Outcome
from grader.pipeline.sample_class import fill
from grader.pipeline.write import Writer
from tests.pipeline.a_class import (
    BARE,
    EXPECTED,
    STUDENTS,
    Judged,
    hand_in,
    judge_once,
    lines,
    scores,
    stands_whole,
)
from tests.pipeline.bad_class import RIGHT, put

Run = Callable[..., tuple[Summary, list[str]]]


@pytest.fixture(scope="module")
def submitted(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    release = json.loads(course.set_named("01_tiny").release.read_text(encoding="utf-8"))
    return hand_in(tmp_path_factory.mktemp("in"), release)


@pytest.fixture(scope="module")
def verdicts(course: Course, submitted: Path) -> Mapping[str, Outcome]:
    return judge_once(course, submitted)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def run(
    course: Course,
    submitted: Path,
    verdicts: Mapping[str, Outcome],
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Run:
    """Grade the class with verdicts that were found before; return the summary and who was judged."""

    def go(
        after: Callable[[int], None] = lambda number: None, options: Options = BARE, folder: Path = submitted
    ) -> tuple[Summary, list[str]]:
        judged = Judged(verdicts, after=after)
        monkeypatch.setattr(module, "judge_all", judged)
        return grade(course, folder, out, options), judged.asked

    return go


def tree(folder: Path) -> dict[str, tuple[int, str]]:
    """Return each file's time and content."""
    return {
        str(p): (p.stat().st_mtime_ns, hashlib.sha256(p.read_bytes()).hexdigest())
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def test_a_verdict_survives_the_journal(
    verdicts: Mapping[str, Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    for student, verdict in verdicts.items():
        assert isinstance(verdict, SubmissionVerdict)
        journal.keep(student, verdict)
        key = (student, "01_tiny")
        again = Journal(tmp_path / "journal.jsonl")
        assert again.waits(key)
        found = again.recall(key)
        assert found is not None and vars(found) | {"seconds": 0} == vars(verdict) | {"seconds": 0}
        journal.settle(key)
        assert not journal.waits(key) and journal.recall(key) is not None
    line = Journal(tmp_path / "journal.jsonl").latest[STUDENTS[1], "01_tiny"]
    assert {
        "sha256",
        "seed",
        "versions",
        "scores",
        "seconds",
        "limits",
        "sandbox",
        "graded_at",
    } <= line.keys()
    assert line["cpu_seconds"] > 0 and line["peak_bytes"] > 1 << 20
    assert line["scores"]["tiny-mean"]["findings"], "the results of single cases are missing"


@pytest.mark.parametrize("damage", [b"", b"\x1f\x8b\x08\x00 torn", zlib.compress(b"{}")])
def test_a_verdict_whose_file_is_damaged_is_judged_again(run: Run, out: Path, damage: bytes) -> None:
    run()
    (path,) = (out / ".verdicts" / "written" / STUDENTS[1]).glob("*")
    path.write_bytes(damage)
    shutil.rmtree(out / "feedback" / STUDENTS[1])
    assert run()[1] == [STUDENTS[1]]
    stands_whole(out)


def test_what_the_gradebook_or_the_pages_lost_is_written_again_and_not_judged(run: Run, out: Path) -> None:
    assert run()[1] == STUDENTS
    (out / "feedback" / STUDENTS[1] / "01_tiny" / "tiny.html").unlink()
    summary, judged = run()
    assert judged == [] and (summary.judged, summary.written, summary.skipped) == (0, 1, 3)
    assert "1 written from the journal" in summary.text() and summary.all_fine
    stands_whole(out)
    (out / "gradebook.db").unlink()
    summary, judged = run()
    assert judged == [] and summary.written == len(STUDENTS)
    stands_whole(out)
    assert lines(out) == STUDENTS


def test_a_gradebook_that_vanishes_during_a_run_is_filled_again(run: Run, out: Path) -> None:
    summary, judged = run(after=lambda number: (out / "gradebook.db").unlink() if number == 2 else None)
    assert judged == STUDENTS and summary.all_fine, summary.text()
    stands_whole(out)
    assert run()[1] == []


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite waits five seconds for a lock; here it waits for none."""
    connect = sqlite3.dbapi2.connect
    monkeypatch.setattr(sqlite3.dbapi2, "connect", lambda *a, **k: connect(*a, **k | {"timeout": 0.01}))


@pytest.mark.usefixtures("impatient")
def test_while_the_gradebook_is_locked_verdicts_wait_in_the_journal(run: Run, out: Path) -> None:
    held: list[sqlite3.Connection] = []

    def lock(number: int) -> None:
        if number == 1:
            held.append(sqlite3.connect(out / "gradebook.db", isolation_level=None))
            held[0].execute("BEGIN IMMEDIATE")

    summary, judged = run(after=lock)
    held[0].close()
    assert judged == STUDENTS and summary.judged == len(STUDENTS)
    assert len(summary.failed) == len(STUDENTS) - 1 and not summary.all_fine
    assert all("judged, but not written" in each and "locked" in each for each in summary.failed)
    assert scores(out) == {STUDENTS[0]: EXPECTED[STUDENTS[0]]}
    summary, judged = run()
    assert judged == [] and summary.written == len(STUDENTS) - 1 and summary.all_fine
    stands_whole(out)
    assert lines(out) == STUDENTS


@pytest.mark.usefixtures("impatient")
def test_a_gradebook_that_is_locked_from_the_start_stops_the_run(run: Run, out: Path) -> None:
    run()
    held = sqlite3.connect(out / "gradebook.db", isolation_level=None)
    held.execute("BEGIN EXCLUSIVE")
    with pytest.raises(PipelineError, match="locked"):
        run()
    held.close()
    assert run()[1] == []
    stands_whole(out)


def test_a_lock_that_is_let_go_in_time_costs_nothing(run: Run, out: Path, impatient: None) -> None:
    held: list[sqlite3.Connection] = []

    def lock(number: int) -> None:
        if number == 1:
            held.append(sqlite3.connect(out / "gradebook.db", isolation_level=None))
            held[0].execute("BEGIN IMMEDIATE")
        if number == 3:
            held[0].close()

    summary, _ = run(after=lock)
    assert summary.all_fine and summary.judged == len(STUDENTS)
    stands_whole(out)


def test_submissions_that_cannot_be_written_hold_up_nobody(
    run: Run, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as would pass for a gradebook that is gone, and the first ones."""
    written = Writer._write
    poisoned = STUDENTS[:MOST_FAILURES]

    def refuse(self: Writer, gradebook: Any, handed: Any, *rest: Any) -> None:
        if handed.student in poisoned:
            raise RecursionError("a page without end")
        written(self, gradebook, handed, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(Writer, "_write", refuse)
        summary, _ = run()
    assert set(scores(out)) == set(STUDENTS) - set(poisoned)
    assert [line.partition(" 01_tiny: ")[2] for line in summary.failed] == [
        "judged, but not written: RecursionError: a page without end"
    ] * len(poisoned)
    assert run()[1] == []
    stands_whole(out)


def test_a_full_disk_stops_the_run_and_loses_nothing(
    course: Course, submitted: Path, tmp_path: Path, lacking: Callable[[str], None]
) -> None:
    """The output lies on a small disk of its own (bubblewrap's tmpfs) that a file fills up, and is freed again."""
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        lacking("bubblewrap is not installed")
    (tmp_path / "disk").mkdir()
    (tmp_path / "kept").mkdir()
    root = Path(__file__).parents[2]
    arguments = [str(course.root), str(submitted), str(tmp_path)]
    room = ["--dev-bind", "/", "/", "--size", str(16 << 20), "--tmpfs", str(tmp_path / "disk")]
    command = [str(bwrap), *room, "--", sys.executable, "-m", "tests.pipeline.full_disk", *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode and "bwrap:" in done.stderr:
        lacking(f"bubblewrap can't work here: {done.stderr}")
    assert done.returncode == 0, done.stdout + done.stderr
    stopped, finished = json.loads(done.stdout.splitlines()[-1])
    assert "No space left" in stopped["says"] or "disk is full" in stopped["says"]
    assert "run the same command again" in stopped["says"]
    assert 1 <= len(stopped["stood"]) < len(STUDENTS)
    assert finished["judged"] == [s for s in STUDENTS if s not in stopped["stood"]]
    stands_whole(tmp_path / "kept" / "out")
    assert sorted(lines(tmp_path / "kept" / "out")) == STUDENTS


def entry(student: str, **more: Any) -> dict[str, Any]:
    made = {"student": student, "set": "01_tiny", "sha256": "a", "seed": 0, "exercise": "b", "scores": {}}
    return made | more


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


def test_a_large_class_takes_little_memory(tmp_path: Path) -> None:
    finding = ["large logits", False, "no-max-shift", "Subtract the maximum before you take the exponential."]
    score = {"points": 1.0, "max_points": 2.0, "findings": [finding] * 8}
    entry = {
        "set": "01_tiny",
        "sha256": "0",
        "seed": 0,
        "exercise": "0",
        "scores": {f"t{n}": score for n in range(6)},
    }
    journal = Journal(tmp_path / "journal.jsonl")
    tracemalloc.start()
    try:
        for number in range(50):
            journal.append(entry | {"student": f"student {number}"})
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held / 50 < len(json.dumps(entry)) / 4
    assert journal.latest["student 7", "01_tiny"]["scores"] == entry["scores"]


def test_only_what_changed_is_graded_again(
    run: Run, submitted: Path, course: Course, tmp_path: Path, release: dict[str, Any]
) -> None:
    folder = Path(shutil.copytree(submitted, tmp_path / "in"))
    run(folder=folder)
    put(folder, STUDENTS[2], fill(release, RIGHT))
    (folder / STUDENTS[1] / "01_tiny" / "notes.txt").write_text("a file more")
    assert [str(step) for step in plan(course, folder, tmp_path / "out", BARE)][1:] == [
        f"{STUDENTS[1]} 01_tiny: would be graded: it changed after {_graded_at(tmp_path, 1)}",
        f"{STUDENTS[2]} 01_tiny: would be graded: it changed after {_graded_at(tmp_path, 2)}",
        f"{STUDENTS[3]} 01_tiny: would be left: it is unchanged",
    ]
    assert run(folder=folder)[1] == STUDENTS[1:3]


def _graded_at(folder: Path, number: int) -> str:
    found = Journal(folder / "out" / "journal.jsonl").latest[STUDENTS[number], "01_tiny"]["graded_at"]
    return str(found)


def test_force_and_another_seed_grade_all_again(run: Run, out: Path) -> None:
    run()
    assert run(options=Options(sandbox="none", force=True))[1] == STUDENTS
    assert run(options=Options(sandbox="none", force=True, student=STUDENTS[3]))[1] == STUDENTS[3:]
    assert run(options=Options(sandbox="none", seed=8, reseed=True))[1] == STUDENTS
    assert len(lines(out)) == 3 * len(STUDENTS) + 1


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(
    run: Run, course: Course, submitted: Path, out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    monkeypatch.chdir(course.root)
    command = ["grade", str(submitted), "--out", str(out), "--dry-run"]

    def dry(*more: str) -> list[str]:
        before = tree(course.root), tree(out), tree(submitted)
        assert main([*command, *more]) == 0
        assert (tree(course.root), tree(out), tree(submitted)) == before
        return [line.partition("01_tiny: ")[2] for line in capsys.readouterr().out.splitlines()]

    assert dry() == ["would be graded: it is new"] * len(STUDENTS)
    assert not out.exists()
    run()
    assert dry() == ["would be left: it is unchanged"] * len(STUDENTS)
    assert dry("--force", "--student", STUDENTS[0]) == ["would be graded: --force was given"]
    assert set(dry("--seed", "4", "--reseed")) == {"would be graded: it was graded with another seed"}
    shutil.rmtree(out / "feedback" / STUDENTS[2])
    assert dry()[2] == "would be written: its marks or pages are gone"
    (out / "gradebook.db").unlink()
    assert set(dry()) == {"would be written: its marks or pages are gone"}


def test_a_dry_run_of_a_course_that_is_not_built_builds_nothing(
    fresh: Course, submitted: Path, out: Path
) -> None:
    (step, *_) = plan(fresh, submitted, out, BARE)
    assert step.why == "it is new"
    assert not fresh.build.exists() and not out.exists()
