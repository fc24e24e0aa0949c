"""Does the writer put into nbgrader what nbgrader's own converters would have put there?"""

import contextlib
import copy
import json
import re
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from nbformat import from_dict
from nbgrader.converters import Autograde
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    NbGraderPreprocessor,
    SaveAutoGrades,
)
from sqlalchemy import event

from grader.judge.execute import execute
from grader.judge.limits import Limits
from grader.judge.verdict import Submission, SubmissionVerdict, judge
from grader.pipeline import PipelineError
from grader.pipeline.course import Course
from grader.pipeline.grade import release_sets
from grader.pipeline.gradebook import (
    configuration,
    convert,
    course_directory,
    database_url,
    generate,
    open_gradebook,
)
from grader.pipeline.journal import Journal
from grader.pipeline.pages import stamp_of
from grader.pipeline.record import all_marks, shown_by_now
from grader.pipeline.sample_class import fill
from grader.pipeline.submissions import Handed
from grader.pipeline.write import Writer

SET = "01_tiny"


def verdict_on(course: Course, submission: Submission) -> SubmissionVerdict:
    exercise = release_sets(course, [course.set_named(SET)], 0)[SET]
    return judge(submission, exercise, 0, Limits(), execute)


@pytest.fixture(scope="module")
def answered(course: Course) -> tuple[Submission, SubmissionVerdict]:
    """A submission with a wrong number, a right function, words, and a file beside it."""
    release = json.loads(course.set_named(SET).release.read_text(encoding="utf-8"))
    answers = {
        "tiny-ppl": "ppl = 2**2.1",
        "tiny-mean": "def mean_nll(losses):\n    return sum(losses) / len(losses)",
        "tiny-why": "Length must not count.",
    }
    files = {"timestamp.txt": b"2026-03-01 12:00:00 UTC", "data/notes.txt": b"mine"}
    submission = Submission(json.dumps(fill(release, answers)).encode(), files)
    return submission, verdict_on(course, submission)


class Stock(Autograde):
    """nbgrader's own Autograde for one student, with the verdict's outputs in the place of a run."""

    def __init__(self, out: Path, course: Course, verdict: SubmissionVerdict) -> None:
        source = str((course.build / "source").resolve())
        super().__init__(
            coursedir=course_directory(out, SET, "ann", source_directory=source), config=configuration()
        )
        self.force = True
        self.autograde_preprocessors = [
            PutOutputs(verdict), SaveAutoGrades, AssignLatePenalties, CheckCellMetadata
        ]  # fmt: skip


class PutOutputs(NbGraderPreprocessor):
    def __init__(self, verdict: SubmissionVerdict) -> None:
        super().__init__()
        self.judged = from_dict(verdict.notebook)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        assert [c.source for c in nb.cells] == [c.source for c in self.judged.cells]
        for cell, judged in zip(nb.cells, self.judged.cells, strict=True):
            if cell.cell_type == "code":
                cell.outputs = judged.outputs
        return nb, resources


def stock(course: Course, out: Path, answered: tuple[Submission, SubmissionVerdict]) -> None:
    """Write what was handed in by nbgrader's own generate_assignment and autograde."""
    submission, verdict = answered
    folder = out / "submitted" / "ann" / SET
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in submission.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "tiny.ipynb").write_text(json.dumps(verdict.notebook), encoding="utf-8")
    generate(course.build, SET, out, "release")
    convert(Stock(out, course, verdict))


def set_due(out: Path, duedate: datetime | None) -> None:
    with open_gradebook(out) as gradebook:
        gradebook.find_assignment(SET).duedate = duedate
        gradebook.db.commit()


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return the files of a folder with their permissions."""
    paths = [p for p in sorted(folder.rglob("*")) if p.is_file()]
    return {str(p.relative_to(folder)): (p.stat().st_mode & 0o777, p.read_bytes()) for p in paths}


def write(
    course: Course, out: Path, answered: tuple[Submission, SubmissionVerdict], db_url: str | None = None
) -> None:
    out.mkdir(exist_ok=True)
    writer = Writer(out, course.build, db_url)
    try:
        writer.prepare(SET)
        writer.write(Handed("ann", course.set_named(SET), out), *answered)
        assert writer.written() == {("ann", SET)}
    finally:
        writer.close()


def test_a_page_is_the_same_whether_it_was_expected_or_not(
    course: Course,
    tmp_path: Path,
    answered: tuple[Submission, SubmissionVerdict],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(course, tmp_path / "plain", answered)
    prepare = Writer.prepare
    monkeypatch.setattr(
        Writer, "prepare", lambda self, name: (prepare(self, name), self.expect(course.set_named(name)))
    )
    write(course, tmp_path / "expected", answered)
    expected, plain = (
        re.sub(
            r"nonce(-|=\")[\w-]+",
            "nonce",
            (tmp_path / which / "feedback/ann" / SET / "tiny.html").read_text(),
        )
        for which in ("expected", "plain")
    )
    assert expected == plain


def rows(out: Path, db_url: str | None = None) -> dict[str, Any]:
    """Return everything that the gradebook holds on submissions, without the ids."""
    with open_gradebook(out, db_url) as gradebook:
        return {
            submission.student.id: {
                "timestamp": submission.timestamp,
                "extension": submission.extension,
                "notebooks": {
                    notebook.name: (
                        notebook.score,
                        notebook.max_score,
                        notebook.written_score,
                        notebook.code_score,
                        notebook.needs_manual_grade,
                        notebook.failed_tests,
                        notebook.flagged,
                        notebook.late_submission_penalty,
                    )
                    for notebook in submission.notebooks
                },
                "grades": {
                    grade.name: (
                        grade.auto_score,
                        grade.manual_score,
                        grade.extra_credit,
                        grade.needs_manual_grade,
                        grade.score,
                        grade.max_score,
                    )
                    for notebook in submission.notebooks
                    for grade in notebook.grades
                },
                "comments": {
                    comment.name: (comment.auto_comment, comment.manual_comment, comment.comment)
                    for notebook in submission.notebooks
                    for comment in notebook.comments
                },
            }
            for submission in gradebook.find_assignment(SET).submissions
        }


def late(self: Any, student: str, score: float, seconds: float) -> float:
    return 0.25 if seconds == 86_400.0 else 99.0


@pytest.mark.parametrize("duedate", [None, datetime(2026, 2, 28, 12), datetime(2026, 2, 1)])
def test_rows_and_files_are_those_of_nbgraders_autograde(
    course: Course,
    tmp_path: Path,
    answered: tuple[Submission, SubmissionVerdict],
    duedate: datetime | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # nbgrader's own plugin gives no penalty until it is configured; the third duedate asks for more than there is
    monkeypatch.setattr(LateSubmissionPlugin, "late_submission_penalty", late)
    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir()
        generate(course.build, SET, tmp_path / name, ".release")
        set_due(tmp_path / name, duedate)
    write(course, tmp_path / "ours", answered)
    stock(course, tmp_path / "theirs", answered)
    ours, theirs = rows(tmp_path / "ours"), rows(tmp_path / "theirs")
    assert ours == theirs
    assert ours["ann"]["timestamp"] == datetime(2026, 3, 1, 12)
    penalty = None if duedate is None else 0.25 if duedate.day == 28 else 2.0
    assert ours["ann"]["notebooks"]["tiny"][-1] == penalty
    assert tree(tmp_path / "ours" / "autograded") == tree(tmp_path / "theirs" / "autograded")
    assert set(tree(tmp_path / "ours" / "autograded")) == {
        f"ann/{SET}/{name}" for name in ("cases.json", "data/notes.txt", "timestamp.txt", "tiny.ipynb")
    }

    # a person marks in the formgrader, the student hands in again, and both write once more
    for name in ("ours", "theirs"):
        with open_gradebook(tmp_path / name) as gradebook:
            grade = gradebook.find_grade("check-tiny-ppl", "tiny", SET, "ann")
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 0.75, 0.5, False
            gradebook.find_comment("tiny-ppl", "tiny", SET, "ann").manual_comment = "In nats?"
            gradebook.db.commit()
    write(course, tmp_path / "ours", answered)
    stock(course, tmp_path / "theirs", answered)
    again = rows(tmp_path / "ours")
    assert again == rows(tmp_path / "theirs") != ours
    assert again["ann"]["grades"]["check-tiny-ppl"][1:5] == (0.75, 0.5, True, 1.25)
    page = (tmp_path / "ours" / "feedback" / "ann" / SET / "tiny.html").read_text(encoding="utf-8")
    assert "In nats?" in page


def test_nothing_handed_in_is_what_nbgrader_writes_for_an_unanswered_notebook(
    course: Course, tmp_path: Path
) -> None:
    nothing = Submission(None)
    answered = nothing, verdict_on(course, nothing)
    write(course, tmp_path / "ours", answered)
    stock(course, tmp_path / "theirs", answered)
    assert rows(tmp_path / "ours") == rows(tmp_path / "theirs")
    assert tree(tmp_path / "ours" / "autograded") == tree(tmp_path / "theirs" / "autograded")
    assert rows(tmp_path / "ours")["ann"]["comments"]["tiny-why"][0] == "No response."


def test_a_write_that_fails_leaves_the_gradebook_as_it_was(
    course: Course, tmp_path: Path, answered: tuple[Submission, SubmissionVerdict]
) -> None:
    write(course, tmp_path, answered)
    before = rows(tmp_path)
    submission, verdict = answered
    half = copy.deepcopy(verdict)
    half.notebook["cells"] = half.notebook["cells"][:-1]
    with pytest.raises(PipelineError, match="the gradebook's"):
        write(course, tmp_path, (submission, half))
    broken = copy.deepcopy(verdict)
    broken.notebook["cells"][-1]["source"] = None  # no page can be made of this
    with pytest.raises(PipelineError):
        write(course, tmp_path, (submission, broken))
    assert rows(tmp_path) == before


def test_a_submission_is_one_transaction(
    course: Course, tmp_path: Path, answered: tuple[Submission, SubmissionVerdict]
) -> None:
    write(course, tmp_path, answered)
    commits = []
    writer = Writer(tmp_path, course.build)
    try:
        writer.prepare(SET)
        event.listen(writer._gradebook().engine, "commit", commits.append)
        for student in ("ann", "bob"):
            writer.write(Handed(student, course.set_named(SET), tmp_path), *answered)
    finally:
        writer.close()
    assert len(commits) == 2
    assert rows(tmp_path)["bob"] == rows(tmp_path)["ann"]


def test_a_locked_gradebook_takes_nothing_and_is_told(
    course: Course, tmp_path: Path, answered: tuple[Submission, SubmissionVerdict]
) -> None:
    write(course, tmp_path, answered)
    writer = Writer(tmp_path, course.build, f"sqlite:///{tmp_path}/gradebook.db?timeout=0.1")
    bob = Handed("bob", course.set_named(SET), tmp_path)
    try:
        writer.prepare(SET)
        with contextlib.closing(sqlite3.connect(tmp_path / "gradebook.db")) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(PipelineError, match="database is locked"):
                writer.write(bob, *answered)
        writer.write(bob, *answered)
    finally:
        writer.close()
    found = rows(tmp_path)
    assert found["bob"] == found["ann"]


def test_a_cell_cannot_swallow_the_page_after_it(
    course: Course, tmp_path: Path, answered: tuple[Submission, SubmissionVerdict]
) -> None:
    submission, verdict = copy.deepcopy(answered)
    (words,) = [
        c
        for c in verdict.notebook["cells"]
        if c["metadata"].get("nbgrader", {}).get("grade_id") == "tiny-why"
    ]
    words["source"] = 'See <div hidden> <img src="data:,"> <b>'
    write(course, tmp_path, (submission, verdict))
    page = (tmp_path / "feedback" / "ann" / SET / "tiny.html").read_text(encoding="utf-8")
    start = page.index("<p>See </p><div>")
    assert page[start:].index("</div>") < page[start:].index("<footer")
    assert 'alt="No description' in page


def test_postgresql_holds_what_sqlite_holds(
    course: Course, tmp_path: Path, answered: tuple[Submission, SubmissionVerdict], postgres: str
) -> None:
    write(course, tmp_path / "ours", answered)
    write(course, tmp_path / "theirs", answered, postgres)
    ours = rows(tmp_path / "ours")
    assert ours["ann"]["grades"]["check-tiny-mean"][0] == 2.0
    assert rows(tmp_path / "theirs", postgres) == ours
    assert not (tmp_path / "theirs" / "gradebook.db").exists()
    # a second run, and a person's mark between the two
    with open_gradebook(tmp_path / "theirs", postgres) as gradebook:
        grade = gradebook.find_grade("tiny-why", "tiny", SET, "ann")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.db.commit()
    write(course, tmp_path / "theirs", answered, postgres)
    found = rows(tmp_path / "theirs", postgres)["ann"]
    assert found["grades"]["tiny-why"] == (None, 1.5, None, True, 1.5, 2.0)
    assert found["notebooks"]["tiny"][0] == ours["ann"]["notebooks"]["tiny"][0] + 1.5
    # a due date that comes later, and what the page shows by now
    (tmp_path / "theirs" / "nbgrader_config.py").write_text(
        'c = get_config()\nc.LateSubmissionPlugin.penalty_method = "zero"\n'
    )
    writer = Writer(tmp_path / "theirs", course.build, postgres)
    try:
        gradebook = writer._gradebook()
        page = tmp_path / "theirs" / "feedback" / "ann" / SET / "tiny.html"
        now = shown_by_now(gradebook, all_marks(gradebook))
        assert stamp_of(page) == now[SET, "ann", "tiny"]
        gradebook.find_assignment(SET).duedate = datetime(2026, 2, 1)
        gradebook.db.commit()
        assert writer.renew([SET], Journal(tmp_path / "none.jsonl")) == []
        assert stamp_of(page) != shown_by_now(gradebook, all_marks(gradebook))[SET, "ann", "tiny"]
    finally:
        writer.close()
    assert (
        rows(tmp_path / "theirs", postgres)["ann"]["notebooks"]["tiny"][-1] == found["notebooks"]["tiny"][0]
    )


def test_a_database_that_is_not_there_is_told(course: Course, tmp_path: Path) -> None:
    for address, says in (
        (f"postgresql://ann:SECRET@/marks?host={tmp_path}", r"ann:\*\*\*@.*can't be opened"),
        (f"sqlite:///{tmp_path}/no/such/folder.db", "can't be opened: unable to open database file"),
        ("gradebook.db", "is no database; expected an address"),
    ):
        with pytest.raises(PipelineError, match=says) as found:
            with open_gradebook(tmp_path, address):
                pass
        assert "SECRET" not in str(found.value)


def test_a_bare_postgresql_address_names_its_driver(tmp_path: Path) -> None:
    assert database_url(tmp_path, "postgresql://a:b@h/d") == "postgresql+psycopg://a:b@h/d"
    assert database_url(tmp_path) == f"sqlite:///{tmp_path}/gradebook.db"
