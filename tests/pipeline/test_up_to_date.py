"""Does everything that is made say what the gradebook says now, and nothing about what is another course's?"""

import csv
import json
import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config

from grader.cli import main
from grader.pipeline import PipelineError
from grader.pipeline.alone import sole_writer
from grader.pipeline.course import Course
from grader.pipeline.grade import Options, grade
from grader.pipeline.gradebook import open_gradebook
from grader.pipeline.report import regenerate
from grader.pipeline.stock_config import stock_config
from tests.pipeline.bad_class import RIGHT, fill, put

SET = "01_tiny"
BARE = Options(sandbox="none", seed=0)
HANDED_IN = datetime(2026, 3, 1, 12)
ZERO = 'c = get_config()\nc.LateSubmissionPlugin.penalty_method = "zero"\n'
BY_THE_DAY = """\
from nbgrader.plugins import BasePlugin


class HalfADay(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 0.5 * total_seconds_late / 86_400
"""


@pytest.fixture(autouse=True)
def no_users_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without a configuration of nbgrader; what this returns is where it would be."""
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "users"))
    return tmp_path / "users"


@pytest.fixture(scope="module")
def graded(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what two students handed in, one of whom said when, and the output of a run on it."""
    folder = tmp_path_factory.mktemp("graded")
    release = json.loads(course.set_named(SET).release.read_text(encoding="utf-8"))
    for student in ("ann", "bob"):
        put(folder / "in", student, fill(release, RIGHT))
    (folder / "in" / "ann" / SET / "timestamp.txt").write_text(f"{HANDED_IN} UTC")
    assert grade(course, folder / "in", folder / "out", BARE).all_fine
    return folder


@pytest.fixture
def out(graded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(graded, tmp_path / "graded")) / "out"


def due(out: Path, when: datetime | None, extension: timedelta | None = None) -> None:
    with open_gradebook(out) as gradebook:
        gradebook.find_assignment(SET).duedate = when
        gradebook.find_submission(SET, "ann").extension = extension
        gradebook.db.commit()


def penalty(out: Path) -> float | None:
    with open_gradebook(out) as gradebook:
        assert gradebook.find_submission_notebook("tiny", SET, "bob").late_submission_penalty is None
        found: float | None = gradebook.find_submission_notebook("tiny", SET, "ann").late_submission_penalty
        return found


def stock_penalty(out: Path, config: Config) -> float | None:
    """Let nbgrader's own step decide on the same gradebook; it commits what it finds."""
    resources = {"notebook": "tiny", "assignment": SET, "student": "ann"}
    resources["db_url"] = f"sqlite:///{out / 'gradebook.db'}"
    from nbformat.v4 import new_notebook

    AssignLatePenalties(config=config).preprocess(new_notebook(), {"nbgrader": resources})
    return penalty(out)


def told(out: Path) -> dict[str, tuple[str, str]]:
    """Return the totals that the two tables tell, by student."""
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        ours = {row["student"]: row["total"] for row in csv.DictReader(file)}
    with (out / "nbgrader_grades.csv").open(encoding="utf-8", newline="") as file:
        theirs = {
            row["student_id"]: f"{float(row['score']):g}"
            for row in csv.DictReader(file)
            if row["assignment"] == SET
        }
    return {student: (ours[student], theirs[student]) for student in ours}


def page(out: Path, student: str = "ann") -> str:
    return (out / "feedback" / student / SET / "tiny.html").read_text(encoding="utf-8")


def run(course: Course, out: Path) -> None:
    grade(course, out.parent / "in", out, BARE)


def report(course: Course, out: Path) -> None:
    regenerate(out, course)


@pytest.mark.parametrize("renew", [run, report])
def test_a_due_date_that_changes_later_changes_the_marks_as_stock_nbgrader_would(
    course: Course, out: Path, renew: Callable[[Course, Path], None]
) -> None:
    (out / "nbgrader_config.py").write_text(ZERO)
    config = Config({"LateSubmissionPlugin": {"penalty_method": "zero"}})
    for when, extension, lost in (
        (HANDED_IN - timedelta(days=2), None, 4.0),
        (HANDED_IN - timedelta(days=2), timedelta(days=3), None),
        (HANDED_IN - timedelta(seconds=1), None, 4.0),
        (None, None, None),
    ):
        due(out, when, extension)
        renew(course, out)
        assert penalty(out) == lost
        assert told(out) == {"ann": ("0", "0") if lost else ("4", "4"), "bob": ("4", "4")}
        assert (f"{'0 of 6' if lost else '4 of 6'} points" in page(out)) and "4 of 6 points" in page(
            out, "bob"
        )
        assert stock_penalty(out, config) == lost


def test_an_extension_without_a_due_date_is_no_lateness(course: Course, out: Path) -> None:
    (out / "nbgrader_config.py").write_text(ZERO)
    due(out, None, timedelta(days=1))
    report(course, out)
    assert penalty(out) is None


def test_a_plugin_of_the_courses_own_takes_its_points_from_what_a_person_gave_too(
    course: Course, out: Path
) -> None:
    (out / "half_a_day.py").write_text(BY_THE_DAY)
    (out / "nbgrader_config.py").write_text(
        'c = get_config()\nc.AssignLatePenalties.plugin_class = "half_a_day.HalfADay"\n'
    )
    due(out, HANDED_IN - timedelta(days=1))
    report(course, out)
    assert (penalty(out), told(out)["ann"]) == (0.5, ("3.5", "3.5"))
    due(out, HANDED_IN - timedelta(days=20))  # more than there is
    report(course, out)
    assert (penalty(out), told(out)["ann"]) == (4.0, ("0", "0"))
    by_hand(out, manual_score=2.0)
    report(course, out)
    assert (penalty(out), told(out)["ann"]) == (6.0, ("0", "0"))


def test_the_users_configuration_is_read_and_that_of_the_output_counts(
    course: Course, out: Path, no_users_configuration: Path
) -> None:
    no_users_configuration.mkdir()
    (no_users_configuration / "nbgrader_config.py").write_text(ZERO)
    due(out, HANDED_IN - timedelta(days=1))
    report(course, out)
    assert penalty(out) == 4.0
    (out / "nbgrader_config.json").write_text('{"LateSubmissionPlugin": {"penalty_method": "none"}}')
    report(course, out)
    assert penalty(out) is None


def test_a_configuration_changes_nothing_else_in_this_process(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text(
        'import os\nc = get_config()\nc.Execute.timeout = 5\nos.environ["GRADER_CASES"] = "elsewhere"\n'
        'del os.environ["PATH"]\n'
    )
    before = dict(os.environ)
    assert stock_config([tmp_path]).Execute.timeout == 5
    assert dict(os.environ) == before


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("c = get_config(\n", r"nbgrader_config\.py can't be used: SyntaxError"),
        (
            'c = get_config()\nc.AssignLatePenalties.plugin_class = "no_such_module.Plugin"\n',
            "no_such_module.Plugin, can't be used",
        ),
        (
            'c = get_config()\nc.AssignLatePenalties.plugin_class = "fails_always.Fails"\n',
            "Fails, failed: ZeroDivisionError",
        ),
    ],
)
def test_a_configuration_that_cannot_be_used_is_told_and_costs_no_mark(
    course: Course, out: Path, text: str, says: str
) -> None:
    (out / "fails_always.py").write_text(
        "from nbgrader.plugins import BasePlugin\n\n\nclass Fails(BasePlugin):\n"
        "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n        return 1 / 0\n"
    )
    due(out, HANDED_IN - timedelta(days=1))
    (out / "nbgrader_config.py").write_text(text)
    for renew in (run, report):
        with pytest.raises(PipelineError, match=says):
            renew(course, out)
    (out / "nbgrader_config.py").unlink()
    report(course, out)
    assert told(out) == {"ann": ("4", "4"), "bob": ("4", "4")}


def by_hand(out: Path, cell: str = "tiny-why", **values: float) -> None:
    with open_gradebook(out) as gradebook:
        mark = gradebook.find_grade(cell, "tiny", SET, "ann")
        for name, value in values.items():
            setattr(mark, name, value)
        mark.needs_manual_grade = mark.manual_score is None and mark.auto_score is None
        gradebook.db.commit()


@pytest.mark.parametrize("renew", [run, report])
def test_marks_extra_credit_and_comments_reach_tables_and_page(
    course: Course, out: Path, renew: Callable[[Course, Path], None]
) -> None:
    bobs = page(out, "bob")
    by_hand(out, "check-tiny-ppl", extra_credit=0.25)
    renew(course, out)
    assert told(out)["ann"] == ("4.25", "4.25") and "4.25 of 6 points so far" in page(out)
    with open_gradebook(out) as gradebook:
        gradebook.find_comment("tiny-mean", "tiny", SET, "ann").manual_comment = "Well done."
        gradebook.db.commit()
    renew(course, out)
    assert "Well done." in page(out)
    by_hand(out, manual_score=1.5)
    renew(course, out)
    assert told(out)["ann"] == ("5.75", "5.75") and "5.75 of 6 points<" in page(out)
    standing = page(out)
    renew(course, out)
    assert page(out) == standing and page(out, "bob") == bobs  # what stands is not made again


@pytest.mark.filterwarnings("ignore:Object of type")  # nbgrader's own, as it adds rows
def test_assignments_of_another_course_are_left_alone_and_named_once(
    course: Course, out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_gradebook(out) as gradebook:
        for name in ("ps1", "01_tiny_of_last_year", "unused"):
            gradebook.add_assignment(name)
        for name in ("ps1", "01_tiny_of_last_year"):
            gradebook.add_notebook("p", name)
            gradebook.add_grade_cell("check-tiny-ppl", "p", name, max_score=3, cell_type="code")
            for student in ("ann", "eve"):
                gradebook.update_or_create_student(student)
                gradebook.add_submission(name, student)
                gradebook.find_grade("check-tiny-ppl", "p", name, student).auto_score = 2.0
        gradebook.db.commit()
    summary = grade(course, out.parent / "in", out, BARE)
    says = "also holds '01_tiny_of_last_year' (2 submissions), 'ps1' (2 submissions), which this course has no set"
    assert summary.all_fine and [says in note for note in summary.notes] == [True]
    assert summary.text().count("ps1") == 1
    monkeypatch.chdir(course.root)
    capsys.readouterr()
    assert main(["report", str(out)]) == 0
    assert capsys.readouterr().err.count("ps1") == 1
    assert told(out) == {"ann": ("4", "4"), "bob": ("4", "4")}
    text = (out / "report" / "index.html").read_text(encoding="utf-8")
    assert "ps1" not in text and ">eve<" not in text
    with open_gradebook(out) as gradebook:
        assert gradebook.find_submission("ps1", "eve").score == 2.0


def test_a_page_whose_notebook_is_gone_is_named(course: Course, out: Path) -> None:
    by_hand(out, manual_score=1.0)
    notebook = out / "autograded" / "ann" / SET / "tiny.ipynb"
    content = json.loads(notebook.read_text())
    notebook.unlink()
    assert regenerate(out, course).notes == [
        "ann 01_tiny: the page can't be made again; its notebook is gone."
    ]
    notebook.write_text(json.dumps(content))
    assert regenerate(out, course).notes == []
    assert "5 of 6 points<" in page(out)


def test_a_report_is_not_made_while_a_run_writes(course: Course, out: Path) -> None:
    before = (out / "grades.csv").read_bytes()
    by_hand(out, manual_score=1.0)
    with sole_writer(out), pytest.raises(PipelineError, match="works on"):
        regenerate(out, course)
    assert (out / "grades.csv").read_bytes() == before
    regenerate(out, course)
    assert told(out)["ann"] == ("5", "5")
