"""Does every submission get its marks and a sentence, whatever was handed in?"""

import csv
import hashlib
import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.cases import Score
from grader.judge.limits import Limits
from grader.pipeline import PipelineError
from grader.pipeline.build import build_course
from grader.pipeline.course import Course
from grader.pipeline.desk import Summary
from grader.pipeline.grade import Options, grade, release_sets
from grader.pipeline.gradebook import open_gradebook
from grader.pipeline.report import regenerate
from tests.pipeline.bad_class import NO_VALUES, RIGHT, put, write_class
from tests.pipeline.bad_class import fill as filled
from tests.pipeline.tiny_course import SANDBOX

OPTIONS = Options(
    sandbox=SANDBOX, seed=5, jobs=2, limits=Limits(cell_seconds=3, notebook_seconds=30, grace_seconds=1)
)
# Without walls: what follows is about the gradebook, and a warm process takes seconds to start.
BARE = Options(sandbox="none")
ALL, NONE = (1.0, 2.0, 1.0), (0.0, 0.0, 0.0)


def hashes(folder: Path) -> dict[str, str]:
    files = [p for p in sorted(folder.rglob("*")) if p.is_file() and not p.is_symlink()]
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


class Graded:
    """The graded class: its summary, its folders and the rows of grades.csv."""

    def __init__(self, folder: Path, out: Path, summary: Summary, untouched: bool) -> None:
        self.folder, self.out, self.summary, self.untouched = folder, out, summary, untouched
        with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
            self.rows = {row["student"]: row for row in csv.DictReader(file)}

    def marks(self, student: str) -> tuple[float, ...]:
        row = self.rows[student]
        return tuple(float(row[task]) for task in ("tiny-ppl", "tiny-mean", "tiny-unit"))

    def page(self, student: str) -> str:
        return (self.out / "feedback" / student / "01_tiny" / "tiny.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def graded(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    folder = tmp_path_factory.mktemp("submitted")
    release = json.loads(course.set_named("01_tiny").release.read_text(encoding="utf-8"))
    write_class(folder, release)
    before = hashes(folder)
    out = tmp_path_factory.mktemp("out")
    summary = grade(course, folder, out, OPTIONS)
    return Graded(folder, out, summary, hashes(folder) == before)


def test_every_submission_is_graded_and_none_is_changed(graded: Graded) -> None:
    assert graded.summary.failed == []
    assert graded.summary.judged == len(list(graded.folder.iterdir())) == len(graded.rows)
    assert not graded.summary.all_fine
    assert graded.untouched


@pytest.mark.parametrize(
    "student", ["right", "noisy", "bom", "Zoë [O'Neil] *{x}* 你", "own check", "helper", "html"]
)
def test_a_right_answer_loses_nothing_and_is_no_problem(graded: Graded, student: str) -> None:
    assert graded.marks(student) == ALL
    assert graded.rows[student]["problems"] == ""


def test_the_stub_earns_nothing_and_is_no_problem(graded: Graded) -> None:
    assert graded.marks("stub") == NONE
    assert graded.rows["stub"]["problems"] == ""
    assert graded.rows["stub"]["needs_manual"] == "no"
    assert graded.rows["right"]["needs_manual"] == "yes"


@pytest.mark.parametrize("name", NO_VALUES)
def test_what_is_no_right_value_costs_its_own_mark_only(graded: Graded, name: str) -> None:
    assert graded.marks(f"value {name}") == (0.0, 2.0, 1.0)


SENTENCES = {
    "rename check": (ALL, "“check-tiny-pl”"),
    "delete check": (ALL, "“check-tiny-ppl” was missing and was put back"),
    "double check": (ALL, "stood 2 times"),
    "edit check": (ALL, "had been changed; the original was used"),
    "double answer": (ALL, "“tiny-ppl” stood 2 times"),
    "delete setup": (ALL, "“setup” was missing and was put back"),
    "raise points": (ALL, "had other settings or points"),
    "reorder": (ALL, "another order"),
    "unknown task": (ALL, "unknown id “check-no-such-task”"),
    "lose labels": (ALL, "“tiny-ppl” is missing"),
    "raises": (ALL, "stopped with ZeroDivisionError: division by zero"),
    "exits": (ALL, "called sys.exit"),
    "loops": (ALL, "was stopped after 3 s"),
    "loops in the answer": ((1.0, 0.0, 1.0), "was stopped after 3 s"),
    "stubborn": ((1.0, 0.0, 0.0), "did not stop when told to"),
    "kills": ((1.0, 0.0, 0.0), "ended the process; nothing after it could be run"),
    "floods": (ALL, "its output was cut"),
    "latin": (ALL, "not in UTF-8"),
    "renamed file": (ALL, "handed in as 'tiny (1).ipynb'"),
    "no json": (NONE, "not JSON"),
    "no notebook": (NONE, "names no notebook format"),
    "version 2": (NONE, "format 2; expected is format 4"),
    "empty": (NONE, "The file is empty"),
    "enormous": (NONE, "holds none of the exercise's answer and check cells"),
    "a folder": (NONE, "is a folder, not a notebook"),
    "nothing": (NONE, "No notebook was handed in"),
    "link": (NONE, "is a link"),
    "pipe": (NONE, "is a special file"),
}


@pytest.mark.parametrize("student", SENTENCES)
def test_a_bad_submission_gets_its_marks_and_a_sentence(graded: Graded, student: str) -> None:
    marks, sentence = SENTENCES[student]
    assert graded.marks(student) == marks
    assert sentence in graded.rows[student]["problems"]
    assert any(
        line.startswith(f"{student} 01_tiny: ") and sentence in line for line in graded.summary.problems
    )
    page = graded.page(student).replace("&#x27;", "'").replace("&#39;", "'")
    assert "What was off with this submission" in page and sentence in page


def test_feedback_names_the_mistake_and_hides_the_answer(graded: Graded, course: Course) -> None:
    page = graded.page("value nan")
    assert "0 of 1 point" in page and "Right" in page
    assert "8.166" not in page


def test_feedback_asks_no_other_server_and_runs_no_students_script(graded: Graded) -> None:
    page = graded.page("html")
    assert "default-src 'none'" in page and "script-src" not in page  # so none is run
    assert "https://" not in page.replace("https://www.w3.org", "")
    assert "<script" not in page


def test_the_gradebook_is_nbgraders(graded: Graded) -> None:
    with open_gradebook(graded.out) as gradebook:
        submission = gradebook.find_submission("01_tiny", "right")
        assert (submission.score, submission.max_score) == (4.0, 6.0)
        assert {s.id for s in gradebook.students} == set(graded.rows)
    with sqlite3.connect(graded.out / "gradebook.db") as database:
        (version,) = database.execute("select version_num from alembic_version").fetchone()
    database.close()
    assert version


def test_the_journal_has_a_line_for_every_verdict(graded: Graded) -> None:
    lines = [
        json.loads(line) for line in (graded.out / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert {line["student"] for line in lines} == set(graded.rows)
    for line in lines:
        assert line["seed"] == 5 and line["sandbox"] == SANDBOX and line["versions"]["nbgrader"]
        scores = [Score.from_json(score) for score in line["scores"].values()]
        assert tuple(map(float, scores)) == graded.marks(line["student"])
        content = graded.folder / line["student"] / "01_tiny" / "tiny.ipynb"
        if line["student"] in ("noisy", "no json", "kills"):
            assert line["sha256"] == hashlib.sha256(content.read_bytes()).hexdigest()


def test_nbgraders_own_export_has_the_same_totals(graded: Graded) -> None:
    with (graded.out / "nbgrader_grades.csv").open(encoding="utf-8", newline="") as file:
        totals = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert totals == {student: float(row["total"]) for student, row in graded.rows.items()}


def test_the_report_counts_mistakes_and_links_pages(graded: Graded, course: Course) -> None:
    page = regenerate(graded.out, course).report.read_text(encoding="utf-8")
    assert "You took 2 to the power of a loss in nats." in page
    assert "SECRET-SCHEME" in page and "tiny-mean" in page
    assert "http:" not in page and "https:" not in page and "<script" not in page
    for student in graded.rows:
        row = next(
            line for line in page.splitlines() if f">{student.replace(chr(39), '&#39;')}</a></td>" in line
        )
        link = row.split('href="')[1].split('"')[0]
        from urllib.parse import unquote

        assert (graded.out / "report" / unquote(link)).resolve().is_file()


def test_nothing_is_left_over(graded: Graded) -> None:
    assert not (graded.out / ".staging").exists()


def test_a_second_run_skips_what_stands(graded: Graded, course: Course) -> None:
    before = hashes(graded.out / "feedback")
    summary = grade(course, graded.folder, graded.out, OPTIONS)
    assert (summary.judged, summary.skipped) == (0, len(graded.rows))
    assert summary.problems  # what was off is told again
    assert hashes(graded.out / "feedback") == before


@pytest.fixture
def one(course: Course, tmp_path: Path, release: dict[str, Any]) -> Path:
    put(tmp_path / "in", "ann", filled(release, RIGHT))
    return tmp_path


def test_a_changed_submission_or_seed_is_graded_again(
    course: Course, one: Path, release: dict[str, Any]
) -> None:
    run = [grade(course, one / "in", one / "out", BARE).judged for _ in range(2)]
    put(one / "in", "ann", filled(release, {}))
    for options in (BARE, replace(BARE, seed=1, reseed=True), BARE, replace(BARE, seed=1, force=True)):
        run.append(grade(course, one / "in", one / "out", options).judged)
    assert run == [1, 0, 1, 1, 0, 1]


def test_a_thousand_made_up_ids_and_odd_files_make_a_few_lines(
    course: Course, one: Path, release: dict[str, Any]
) -> None:
    notebook = filled(release, RIGHT)
    for number in range(1_900):
        labels = {"grade_id": f"made-up-{number}-{'x' * 80}", "grade": True, "solution": False, "points": 1}
        labels |= {"locked": True, "schema_version": 3, "task": False}
        cell = {"cell_type": "code", "id": f"made-{number}", "metadata": {"nbgrader": labels}, "source": ""}
        notebook["cells"].append(cell | {"outputs": [], "execution_count": None})
    put(one / "in", "ann", notebook)
    for number in range(80):
        (one / "in" / "ann" / "01_tiny" / f"\x07{number}").write_text("x")
    summary = grade(course, one / "in", one / "out", BARE)
    assert summary.judged == 1 and 20 < len(summary.problems) < 30
    assert len(summary.text().splitlines()) < 40 and len(summary.text()) < 20_000
    with (one / "out" / "grades.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert len(row["problems"]) < 15_000 and "more of the kind" in row["problems"]
    assert (row["total"], row["max"]) == ("4", "6")


def test_a_mark_given_by_hand_stays(course: Course, one: Path, release: dict[str, Any]) -> None:
    grade(course, one / "in", one / "out", BARE)
    with open_gradebook(one / "out") as gradebook:
        for name, points in (("tiny-why", 1.5), ("check-tiny-ppl", 0.5)):
            mark = gradebook.find_grade(name, "tiny", "01_tiny", "ann")
            mark.manual_score, mark.needs_manual_grade = points, False
        gradebook.db.commit()
    assert grade(course, one / "in", one / "out", replace(BARE, force=True)).judged == 1
    with open_gradebook(one / "out") as gradebook:
        assert gradebook.find_submission("01_tiny", "ann").score == 1.5 + 0.5 + 2 + 1
    with (one / "out" / "grades.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["tiny-why"], row["tiny-ppl"], row["total"]) == ("1.5", "0.5", "5")


def test_the_report_brings_marks_by_hand_to_the_pages(course: Course, one: Path) -> None:
    grade(course, one / "in", one / "out", BARE)
    page = one / "out" / "feedback" / "ann" / "01_tiny" / "tiny.html"
    assert "4 of 6 points so far" in page.read_text(encoding="utf-8")
    with open_gradebook(one / "out") as gradebook:
        mark = gradebook.find_grade("tiny-why", "tiny", "01_tiny", "ann")
        mark.manual_score, mark.needs_manual_grade = 1.5, False
        gradebook.db.commit()
    regenerate(one / "out", course)
    assert "5.5 of 6 points<" in page.read_text(encoding="utf-8")


def test_an_undecided_answer_waits_for_a_person(
    course: Course, one: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from grader.pipeline import grade as module
    from grader.pipeline.pool import Bench

    def undecided(work: Any, bench: Bench, jobs: int, warm: Any = None) -> Any:
        for whose, submission in work:
            verdict = next(real(iter([(whose, submission)]), bench, jobs))[2]
            verdict.scores["tiny-ppl"] = Score(0, 1, needs_review=True, task="tiny-ppl", note="Undecided.")
            yield whose, submission, verdict

    real = module.judge_all
    monkeypatch.setattr(module, "judge_all", undecided)
    grade(course, one / "in", one / "out", BARE)
    with open_gradebook(one / "out") as gradebook:
        assert gradebook.find_grade("check-tiny-ppl", "tiny", "01_tiny", "ann").needs_manual_grade
        assert not gradebook.find_grade("check-tiny-mean", "tiny", "01_tiny", "ann").needs_manual_grade
    assert "not yet marked" in (one / "out/feedback/ann/01_tiny/tiny.html").read_text(encoding="utf-8")


def test_cells_of_other_sets_are_known_without_their_tasks(fresh: Course) -> None:
    build_course(fresh)
    other = fresh.root / "build" / "release" / "02_other" / "other.ipynb"
    other.parent.mkdir()
    other.write_text(
        fresh.set_named("01_tiny").release.read_text(encoding="utf-8").replace("tiny-", "other-")
    )
    (fresh.root / "exercises" / "02_other").mkdir()  # and no file of tasks
    elsewhere = release_sets(fresh, [fresh.set_named("01_tiny")], 0)["01_tiny"].elsewhere
    ids = {
        "other-ppl",
        "check-other-ppl",
        "other-mean",
        "check-other-mean",
        "other-unit",
        "check-other-unit",
        "other-why",
    }
    assert elsewhere == dict.fromkeys(ids, "02_other")


def test_a_folder_without_submissions_is_told(course: Course, tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="holds no submission"):
        grade(course, tmp_path, tmp_path.parent / "elsewhere", BARE)
    with pytest.raises(PipelineError, match="is no folder"):
        grade(course, tmp_path / "none", tmp_path / "out", BARE)


def test_an_unknown_set_and_student_are_told(course: Course, one: Path) -> None:
    with pytest.raises(PipelineError, match="no exercise set '07_x'; there are: 01_tiny"):
        grade(course, one / "in", one / "out", replace(BARE, set_name="07_x"))
    with pytest.raises(PipelineError, match="no submission of 'bob'"):
        grade(course, one / "in", one / "out", replace(BARE, student="bob"))


def test_submissions_and_output_lie_apart(course: Course, one: Path) -> None:
    for out in (one / "in", one / "in" / "out", one):
        with pytest.raises(PipelineError, match="lie in each other"):
            grade(course, one / "in", out, BARE)


@pytest.mark.browser
def test_the_pages_read_in_a_browser_without_a_network(graded: Graded, browser: Any) -> None:
    pages = [
        graded.out / "feedback" / name / "01_tiny" / "tiny.html" for name in ("html", "value nan", "kills")
    ]
    asked: dict[str, str | None] = {}

    def note(request: Any) -> None:
        if not request.url.startswith(("file:", "data:")):
            asked[request.url] = request.failure

    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.set_default_timeout(120_000)  # milliseconds, for a machine with other work
    for event in ("requestfinished", "requestfailed"):
        page.on(event, note)
    for file in [*pages, graded.out / "report" / "index.html"]:
        page.goto(file.as_uri(), wait_until="load")
        assert page.title() != "owned"
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, f"{file} is {width} pixels wide on a phone"
        if file in pages:
            page.wait_for_selector("math")  # the perplexity's formula
    page.close()
    # The picture in a student's output, on another server, is not on the page; nothing else was wanted.
    assert asked == {}


def test_a_set_that_changed_its_cells_wants_a_new_output(
    fresh: Course, tmp_path: Path, release: dict[str, Any]
) -> None:
    put(tmp_path / "in", "ann", filled(release, {}))
    assert grade(fresh, tmp_path / "in", tmp_path / "out", BARE).judged == 1
    source = fresh.set_named("01_tiny").source
    source.write_text(source.read_text(encoding="utf-8").replace('"setup"', '"imports"'), encoding="utf-8")
    with pytest.raises(PipelineError, match=r"Cannot add or remove cells.*grade into a new --out"):
        grade(fresh, tmp_path / "in", tmp_path / "out", BARE)


def test_a_student_without_a_folder_for_the_set_is_named(
    course: Course, tmp_path: Path, release: dict[str, Any]
) -> None:
    put(tmp_path / "in", "ann", filled(release, RIGHT))
    (tmp_path / "in" / "bob").mkdir()
    (tmp_path / "in" / "cem" / "01_tinny").mkdir(parents=True)
    (tmp_path / "in" / "notes.txt").write_text("not a student")
    summary = grade(course, tmp_path / "in", tmp_path / "out", BARE)
    assert not summary.all_fine and summary.judged == 1
    assert summary.problems == [
        "'bob' handed in nothing for 01_tiny; the folder holds no folder.",
        "'cem' handed in nothing for 01_tiny; the folder holds '01_tinny'.",
        "The file 'notes.txt' was left out: it lies in no student's folder.",
    ]
