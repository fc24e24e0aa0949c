"""A tiny course whose class is graded once; each test gets a copy of what came out."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

import solutions  # noqa: F401  (the course's own must be loaded before a tiny course's)
from grader.pipeline.build import build_course
from grader.pipeline.course import Course
from grader.pipeline.grade import grade
from grader.pipeline.gradebook import open_gradebook
from grader.pipeline.sample_class import fill
from tests.pipeline.a_class import BARE
from tests.pipeline.bad_class import RIGHT, put
from tests.pipeline.tiny_course import write_course

WRONG = {
    "tiny-ppl": "ppl = 2**2.1",
    "tiny-mean": "def mean_nll(losses):\n    if len(losses) == 1:\n        raise ValueError('one \\x1b[31m')\n"
    "    return sum(losses)",
    "tiny-unit": "unit = 'a'",
    "tiny-why": "So \x1b[31m long.",
}
HALF = RIGHT | {"tiny-ppl": "ppl = 2**2.1", "tiny-why": "Otherwise longer texts look worse."}
CLASS = {"zoe": RIGHT, "ben": HALF, "eve": WRONG, "stub": {}}


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A built course that no test may change."""
    made = Course(write_course(tmp_path_factory.mktemp("course")))
    build_course(made)
    return made


@pytest.fixture(scope="session")
def graded(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class, graded with a secret seed; zoe's text answer waits for a person, and so do ben's and eve's."""
    folder, out = tmp_path_factory.mktemp("handed_in"), tmp_path_factory.mktemp("graded") / "out"
    release = json.loads(course.set_named("01_tiny").release.read_text(encoding="utf-8"))
    for student, answers in CLASS.items():
        put(folder, student, fill(release, answers))
    for student in ("zoe", "ben"):
        (folder / student / "01_tiny" / "timestamp.txt").write_text(
            "2026-03-02 10:00:00 UTC", encoding="utf-8"
        )
    (folder / "zoe" / "01_tiny" / "submission_secret.txt").write_text("zoe-secret", encoding="utf-8")
    summary = grade(course, folder, out, replace(BARE, seed=None))
    assert not summary.failed
    return out


@pytest.fixture
def out(graded: Path, tmp_path: Path) -> Path:
    """A copy of the graded class that a test may change."""
    return shutil.copytree(graded, tmp_path / "out", symlinks=True)


@pytest.fixture
def mark(out: Path) -> Callable[..., None]:
    """Give a mark by hand, as the formgrader does."""

    def give(student: str, points: float, extra: float | None = None, comment: str | None = None) -> None:
        with open_gradebook(out) as gradebook:
            grade = gradebook.find_grade("tiny-why", "tiny", "01_tiny", student)
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = points, extra, False
            if comment is not None:
                gradebook.find_comment("tiny-why", "tiny", "01_tiny", student).manual_comment = comment
            gradebook.db.commit()

    return give


@pytest.fixture
def late(out: Path) -> None:
    """Let zoe and ben be late by a day and two hours, and lateness take all."""
    with open_gradebook(out) as gradebook:
        gradebook.find_assignment("01_tiny").duedate = datetime(2026, 3, 1, 8, 0, 0)
        gradebook.db.commit()
    with (out / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')


ROSTER = (
    "id,last name,first name,email,login,sis user id,canvas id,section\n"
    'zoe,"Müller, geb. ""Zett""",Zoë,zoe@uni.edu,zmueller,S1,7001,A\n'
    "ben,=cmd|calc,Ben,ben@uni.edu,ben,S2,7002,B\n"
    "eve,Ng,Eve,eve@uni.edu,eve,S3,7003,A\n"
    "nia,Øst,Nia,nia@uni.edu,nia,S4,7004,B\n"
)


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """Everybody but stub, and nia, who handed in nothing."""
    path = tmp_path / "students.csv"
    path.write_text(ROSTER, encoding="utf-8")
    return path


@pytest.fixture
def fresh_course(tmp_path: Path) -> Course:
    """The same course, not built."""
    return Course(write_course(tmp_path / "fresh"))
