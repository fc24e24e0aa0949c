"""Do honest submissions get the same marks from stock nbgrader, and does stock `validate` agree?"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.pipeline.answers import read_answers, read_model
from grader.pipeline.build import build_course
from grader.pipeline.course import Course, ExerciseSet, load_tasks
from grader.pipeline.grade import Options, grade
from grader.pipeline.gradebook import open_gradebook
from grader.pipeline.sample_class import fill
from grader.pipeline.seeds import kept_seed
from tests.pipeline.drawn_course import write_drawn_course
from tests.pipeline.tiny_course import SANDBOX

ROOT = Path(__file__).parents[2]
REAL = sorted(path.name for path in (ROOT / "exercises").iterdir() if path.name[:2].isdigit())


def nbgrader(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "GRADER_CASES")}
    # nbgrader 0.9 looks for `alembic` on the path.
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=500)


def honest(exercise: ExerciseSet, most: int | None) -> dict[str, dict[str, str]]:
    """Return answers by student: the model, right and wrong files of answers (at most so many each), the stub."""
    ids = [task.id for task in load_tasks(exercise)]
    model = {task: answer.source for task, answer in read_model(exercise.answers, ids).items()}
    found = {"model": model, "stub": {}}
    for kind in ("right", "wrong"):
        for path in sorted(exercise.answers.glob(f"{kind}_*.py"))[:most]:
            answers = {task: answer.source for task, answer in read_answers(path, ids).items()}
            found[path.stem] = model | answers
    return found


def hand_in(exercise: ExerciseSet, folder: Path, answers: Mapping[str, dict[str, str]]) -> None:
    release = json.loads(exercise.release.read_text(encoding="utf-8"))
    for student, cells in answers.items():
        path = folder / student / exercise.name / f"{exercise.short_name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(fill(release, cells)), encoding="utf-8")


def marks(root: Path, set_name: str) -> dict[str, dict[str, tuple[float | None, bool]]]:
    with open_gradebook(root) as gradebook:
        return {
            submission.student.id: {
                grade.name: (grade.auto_score, grade.needs_manual_grade)
                for grade in submission.notebooks[0].grades
            }
            for submission in gradebook.find_assignment(set_name).submissions
        }


def same_marks(
    course: Course, name: str, most: int | None
) -> dict[str, dict[str, tuple[float | None, bool]]]:
    build_course(course)
    exercise = course.set_named(name)
    hand_in(exercise, course.build / "submitted", honest(exercise, most))
    stock = nbgrader("autograde", name, folder=course.build)
    assert stock.returncode == 0, stock.stderr
    hidden = kept_seed(course.build)  # stock marks by the cases of the build
    assert hidden is not None
    options = Options(set_name=name, seed=hidden.number, jobs=2, sandbox=SANDBOX)
    summary = grade(course, course.build / "submitted", course.root / "graded", options)
    assert summary.all_fine, summary.text()
    ours, theirs = marks(course.root / "graded", name), marks(course.build, name)
    assert ours == theirs
    return ours


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Course:
    from tests.pipeline.tiny_course import write_course

    return Course(write_course(tmp_path_factory.mktemp("stock")))


def test_stock_autograde_gives_the_same_marks_on_a_small_set(tiny: Course) -> None:
    found = same_marks(tiny, "01_tiny", None)
    assert set(found) == {"model", "stub", "right_fsum", "wrong_base"}
    assert found["right_fsum"]["check-tiny-mean"] == (2.0, False)  # it prints to stderr and warns
    assert found["wrong_base"]["check-tiny-ppl"] == (0.0, False)
    assert found["model"]["tiny-why"] == (None, True) and found["stub"]["tiny-why"] == (0.0, False)


def test_stock_autograde_gives_the_same_marks_with_drawn_numbers(tmp_path: Path) -> None:
    course = write_drawn_course(tmp_path)
    build_course(course, exam_seed=5)
    found = same_marks(course, "01_tiny", None)
    assert found["model"]["check-tiny-ppl"] == (1.0, False)
    assert found["wrong_base"]["check-tiny-ppl"] == (0.0, False)


def test_stock_validate_passes_the_model_and_fails_the_stub(tiny: Course) -> None:
    build_course(tiny)
    exercise = tiny.set_named("01_tiny")
    folder = tiny.build / "checked"
    hand_in(exercise, folder, honest(exercise, 0))
    said = {}
    for student in ("model", "stub"):
        place = folder / student / "01_tiny"
        shutil.copy(exercise.release.with_name("cases.json"), place)
        said[student] = nbgrader(
            "validate", f"checked/{student}/01_tiny/tiny.ipynb", folder=tiny.build
        ).stdout
    assert "Success! Your notebook passes all the tests." in said["model"]
    assert "VALIDATION FAILED ON 4 CELL(S)" in said["stub"]


@pytest.mark.slow
@pytest.mark.parametrize("name", REAL)
def test_stock_autograde_gives_the_same_marks_on_the_courses_sets(tmp_path: Path, name: str) -> None:
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "exercises" / name, tmp_path / "exercises" / name)
    for tasks in (tmp_path / "solutions" / "tasks").glob("[a-z]*.py"):
        if tasks.stem != name[3:]:  # else all sets would be built
            tasks.unlink()
    found = same_marks(Course(tmp_path), name, 2)  # of each kind: stock takes three seconds for each
    points = {f"check-{task.id}": float(task.points) for task in load_tasks(Course(tmp_path).set_named(name))}
    for student, given in found.items():
        full = all(score == points[check] for check, (score, _) in given.items() if check in points)
        assert full is (student == "model" or student.startswith("right")), student
