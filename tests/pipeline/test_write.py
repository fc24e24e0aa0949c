"""Does the writer put into nbgrader what nbgrader's own converters would have put there?"""

import json
from pathlib import Path
from typing import Any

import pytest

from grader.judge.execute import execute
from grader.judge.limits import Limits
from grader.judge.verdict import Submission, SubmissionVerdict, judge
from grader.pipeline import PipelineError
from grader.pipeline.course import Course
from grader.pipeline.grade import release_sets
from grader.pipeline.gradebook import database_url, open_gradebook
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
