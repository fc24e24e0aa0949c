"""Do drawn numbers reach notebook and cases alike, and is a notebook with other numbers told and not marked wrong?"""

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.cases import CaseFile
from grader.cli import main
from grader.judge.exercise import source_of
from grader.pipeline import PipelineError, SourceFault
from grader.pipeline.audit import audit_set
from grader.pipeline.build import build_course
from grader.pipeline.course import Course, load_tasks
from grader.pipeline.exam_seed import DEFAULT, NAME
from grader.pipeline.grade import Options, grade
from grader.pipeline.gradebook import open_gradebook
from grader.pipeline.sample_class import fill
from grader.pipeline.student_check import check_notebook
from tests.pipeline.drawn_course import change, write_drawn_course
from tests.pipeline.tiny_course import SANDBOX

SET = "01_tiny"
ANSWER = "ppl = {}"


def released(course: Course) -> dict[str, Any]:
    return json.loads(course.set_named(SET).release.read_text(encoding="utf-8"))


def numbers_in(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers that a notebook's fixed cell gives."""
    namespace: dict[str, Any] = {}
    cells = [
        c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "given-tiny-ppl"
    ]
    exec(source_of(cells[0]), namespace)  # noqa: S102 - a cell of the course
    return {name: namespace[name] for name in ("loss", "tokens")}


def recorded(path: Path) -> dict[str, Any]:
    return CaseFile.load(path).tasks["tiny-ppl"]["numbers"]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return write_drawn_course(tmp_path / "course")


@pytest.mark.parametrize("seed", [None, 0, 5, 10**30, -1])
def test_notebook_cases_and_tasks_have_the_same_numbers(course: Course, seed: int | None) -> None:
    done = build_course(course, exam_seed=seed)
    assert (done.drawn, done.exam_seed) == ((SET,), DEFAULT if seed is None else seed)
    exercise = course.set_named(SET)
    given = numbers_in(released(course))
    prose = next(source_of(c) for c in released(course)["cells"] if "average NLL" in source_of(c))
    assert f"**{given['loss']} nats** over {given['tokens']} tokens" in prose
    assert recorded(exercise.release.with_name("cases.json")) == recorded(exercise.hidden) == given
    assert load_tasks(exercise)[0].numbers == given
    assert "{{" not in exercise.release.read_text(encoding="utf-8")


def test_two_builds_in_two_folders_are_alike_and_two_seeds_are_not(tmp_path: Path) -> None:
    made = []
    for name, seed in (("a", None), ("b", 0), ("c", 1)):
        course = write_drawn_course(tmp_path / name)
        build_course(course, exam_seed=seed)
        made.append(numbers_in(released(course)))
    assert made[0] == made[1] != made[2]


def test_a_build_keeps_its_exam_seed_until_another_is_asked_for(course: Course) -> None:
    build_course(course, exam_seed=5)
    first = numbers_in(released(course))
    assert build_course(course).unchanged == (SET,)
    assert build_course(course, force=True).exam_seed == 5
    assert numbers_in(released(course)) == first
    assert build_course(course, exam_seed=6).built == (SET,)
    assert numbers_in(released(course)) != first
    assert build_course(course, exam_seed=5).built == (SET,)
    assert numbers_in(released(course)) == first


def test_a_set_that_draws_nothing_is_not_built_again_for_another_exam_seed(fresh: Course) -> None:
    build_course(fresh)
    assert build_course(fresh, exam_seed=5).unchanged == (SET,)
    assert build_course(fresh).drawn == ()


def test_a_seed_that_is_lost_is_told_with_the_remedy(course: Course) -> None:
    build_course(course)
    (course.build / NAME).write_text("seven\n")
    with pytest.raises(PipelineError, match=r"\.exam-seed holds no seed.*grader build --exam-seed N"):
        build_course(course)
    assert build_course(course, exam_seed=7).exam_seed == 7


def test_the_command_takes_the_seed_and_says_which_it_is(
    course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(course.root)
    assert main(["build", "--exam-seed", "12"]) == 0
    assert "numbers    01_tiny: of exam seed 12" in capsys.readouterr().out
    assert main(["build"]) == 0
    assert re.search(r"unchanged .*\nnumbers    01_tiny: of exam seed 12", capsys.readouterr().out)


@pytest.mark.parametrize("seed", range(3))
def test_answers_that_read_the_given_numbers_are_marked_alike_for_every_seed(
    course: Course, seed: int
) -> None:
    found = audit_set(replace(course.set_named(SET), exam_seed=seed), (0,))
    assert [f for f in found.faults if "write at least" not in f and "fewer than 2" not in f] == [
        "01_tiny, tiny-ppl: no wrong answer makes the mistake of-the-total"
    ]


FAULTS = {
    "a placeholder without a number": (
        "{{tokens}} tokens",
        "{{words}} tokens",
        "no task draws a number 'words'",
    ),
    "a number that no fixed cell gives": (
        "tokens = {{tokens}}\n",
        "",
        "'tokens' of task 'tiny-ppl' stands in no",
    ),
    "a number that is given otherwise": (
        "= {{loss}}",
        "= -{{loss}}",
        "'loss' of task 'tiny-ppl' stands in no",
    ),
    "a placeholder that is mistyped": ("{{tokens}} tokens", "{{tokens} tokens", "'{{' begins no placeholder"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_does_not_fit_between_numbers_and_placeholders_is_told(course: Course, name: str) -> None:
    old, new, says = FAULTS[name]
    source = course.set_named(SET).source
    change(source, old, new)
    with pytest.raises(SourceFault) as caught:
        build_course(course)
    assert says in str(caught.value)
    assert {path for path, _, _ in caught.value.faults} == {source}
    assert not course.set_named(SET).release.exists()


def test_the_fault_of_a_placeholder_has_its_line(course: Course) -> None:
    source = course.set_named(SET).source
    change(source, "over {{tokens}} tokens", "over {{words}} tokens")
    with pytest.raises(SourceFault) as caught:
        build_course(course)
    lines = source.read_text(encoding="utf-8").splitlines()
    assert [lines[line - 1] for _, line, _ in caught.value.faults] == [
        next(t for t in lines if "{{words}}" in t)
    ]


def test_a_task_whose_exercise_has_no_placeholders_is_told(course: Course) -> None:
    source = course.set_named(SET).source
    for name, value in (("loss", "2.1"), ("tokens", "7")):
        text = source.read_text(encoding="utf-8")
        source.write_text(text.replace(f"{{{{{name}}}}}", value), encoding="utf-8")
    with pytest.raises(SourceFault, match=r"task 'tiny-ppl' draws numbers, and .* has no \{\{name\}\}"):
        build_course(course)


def test_a_draw_without_a_good_question_stops_the_build_with_task_seed_and_line(course: Course) -> None:
    tasks = course.set_named(SET).tasks
    change(tasks, 'int(rng.integers(11, 40)) / 10, "tokens": int(rng.integers(5, 9))', '1.5, "tokens": 1')
    with pytest.raises(
        SourceFault, match="task tiny-ppl, numbers of seed 17, loss = 1.5, tokens = 1: .*right answer"
    ):
        build_course(course, exam_seed=17)
    assert not (course.build / NAME).exists()


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, Path]:
    """A class graded with the numbers of seed 5; some have the notebook of seed 6."""
    course = write_drawn_course(tmp_path_factory.mktemp("drawn") / "course")
    notebooks = {}
    for seed in (6, 5):
        build_course(course, exam_seed=seed)
        notebooks[seed] = released(course)
    ours, others = numbers_in(notebooks[5]), numbers_in(notebooks[6])
    assert ours["loss"] != others["loss"]

    def typed(seed: int, loss: float) -> dict[str, Any]:
        return fill(notebooks[seed], {"tiny-ppl": f"import math\nppl = math.exp({loss})"})

    unlabelled = typed(6, others["loss"])
    for cell in unlabelled["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "given-tiny-ppl":
            cell["metadata"] = {}
    reformatted = typed(5, ours["loss"])
    gone = typed(5, ours["loss"])
    for notebook in (reformatted, gone):
        given = next(c for c in notebook["cells"] if "loss = " in source_of(c) and c["cell_type"] == "code")
        given["source"] = f"# mine\nloss   = {ours['loss']:.3f}\ntokens = {ours['tokens']}"
        if notebook is gone:
            notebook["cells"].remove(given)
    handed = {
        "right": typed(5, ours["loss"]),
        "wrong": typed(5, ours["loss"] + 1),
        "others_numbers": typed(6, others["loss"]),
        "others_by_name": fill(notebooks[6], {"tiny-ppl": "import math\nppl = math.exp(loss)"}),
        "others_unlabelled": unlabelled,
        "others_unanswered": notebooks[6],
        "reformatted": reformatted,
        "gone": gone,
    }
    for student, notebook in handed.items():
        path = course.root / "in" / student / SET / "tiny.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
    out = course.root / "out"
    grade(course, course.root / "in", out, Options(sandbox=SANDBOX))
    return course, out


def entry_of(out: Path, student: str) -> dict[str, Any]:
    lines = [json.loads(line) for line in (out / "journal.jsonl").read_text(encoding="utf-8").splitlines()]
    return next(line for line in lines if line["student"] == student)


@pytest.mark.parametrize(
    ("student", "points", "review"),
    [
        ("right", 1.0, False),
        ("wrong", 0.0, False),
        ("others_numbers", 0.0, True),
        ("others_by_name", 1.0, False),  # the fixed cell is the release's when the notebook runs
        ("others_unlabelled", 0.0, True),
        ("others_unanswered", 0.0, False),
        ("reformatted", 1.0, False),
        ("gone", 1.0, False),
    ],
)
def test_other_numbers_go_to_a_person_and_are_never_marked_wrong(
    graded: tuple[Course, Path], student: str, points: float, review: bool
) -> None:
    _, out = graded
    score = entry_of(out, student)["scores"]["tiny-ppl"]
    assert (score["points"], score["needs_review"]) == (points, review)
    with open_gradebook(out) as gradebook:
        mark = gradebook.find_submission_notebook("tiny", SET, student)
        found = {g.name: (g.auto_score, g.needs_manual_grade) for g in mark.grades}
    assert found["check-tiny-ppl"] == (points, review)


def test_other_numbers_are_told_on_the_page_and_in_the_marks(graded: tuple[Course, Path]) -> None:
    course, out = graded
    numbers = recorded(course.set_named(SET).hidden)
    for student in ("others_numbers", "others_by_name", "others_unlabelled", "others_unanswered"):
        said = [p for p in entry_of(out, student)["problems"] if "has other numbers" in p]
        assert len(said) == 1 and f"instead of {numbers['loss']}" in said[0], student
        page = (out / "feedback" / student / SET / "tiny.html").read_text(encoding="utf-8")
        assert "The notebook has other numbers than those that it is marked by, in “tiny-ppl”" in page
    for student in ("right", "wrong", "reformatted", "gone"):
        assert not [p for p in entry_of(out, student)["problems"] if "other numbers" in p], student
    with (out / "grades.csv").open(encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert any("other numbers" in value for value in rows["others_numbers"].values() if value)


def test_nothing_is_called_a_mistake_that_was_asked_with_other_numbers(graded: tuple[Course, Path]) -> None:
    score = entry_of(graded[1], "others_numbers")["scores"]["tiny-ppl"]
    assert score["findings"] == [] and "so a person will look at it" in score["note"]


def test_other_numbers_draw_everything_again_into_the_verdicts(graded: tuple[Course, Path]) -> None:
    course, out = graded
    build_course(course, exam_seed=6)
    try:
        summary = grade(course, course.root / "in", out, Options(sandbox=SANDBOX))
        assert summary.skipped == 0  # the set is another one
        latest = {e["student"]: e for e in map(json.loads, (out / "journal.jsonl").read_text().splitlines())}
        assert latest["others_numbers"]["scores"]["tiny-ppl"]["points"] == 1.0
        assert latest["right"]["scores"]["tiny-ppl"]["needs_review"]
    finally:
        build_course(course, exam_seed=5)


def test_a_student_is_told_that_the_cases_beside_the_notebook_have_other_numbers(
    course: Course, tmp_path: Path
) -> None:
    build_course(course, exam_seed=5)
    notebook = tmp_path / "tiny.ipynb"
    notebook.write_text(json.dumps(released(course)), encoding="utf-8")
    for seed, told in ((5, False), (6, True)):
        build_course(course, exam_seed=seed)
        cases = course.set_named(SET).release.with_name("cases.json").read_text(encoding="utf-8")
        notebook.with_name("cases.json").write_text(cases, encoding="utf-8")
        assert ("has other numbers" in check_notebook(notebook).text()) is told
