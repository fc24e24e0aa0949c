"""Does `grader build` give students what the exercise file says, and nothing else?"""

import base64
import json
import re
import shutil
from pathlib import Path
from typing import Any

import jupytext
import numpy as np
import pytest
from traitlets.config import Config, PyFileConfigLoader

from grader.cases import CaseFile, Value
from grader.pipeline import PipelineError, SourceFault
from grader.pipeline.build import build_course
from grader.pipeline.course import Course, ExerciseSet, load_tasks
from grader.pipeline.placeholders import filled
from grader.pipeline.unseen import read_unseen
from tests.cases.tasks.inversion import guesses

ROOT = Path(__file__).parents[2]
REAL = sorted(path.name for path in (ROOT / "exercises").iterdir() if path.name[:2].isdigit())


def lines_of(fault: SourceFault) -> list[tuple[str, int]]:
    return [(path.name, line) for path, line, _ in fault.faults]


def change(path: Path, old: str, new: str, count: int = 1) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def line_with(path: Path, text: str) -> int:
    return next(i for i, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if text in line)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A copy of the course itself, built."""
    root = tmp_path_factory.mktemp("real")
    for part in ("exercises", "solutions"):
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    made = Course(root)
    build_course(made)
    return made


@pytest.mark.parametrize("name", REAL)
def test_the_courses_releases_have_their_exercises_cells_and_no_answer(real: Course, name: str) -> None:
    exercise = real.set_named(name)
    written = jupytext.read(exercise.source, fmt="py:percent").cells
    released = json.loads(exercise.release.read_text(encoding="utf-8"))["cells"]
    numbers = {name: value for task in load_tasks(exercise) for name, value in task.numbers.items()}
    assert ["".join(c["source"]).rstrip("\n") for c in released] == [
        filled(c.source, numbers) for c in written
    ]
    public = CaseFile.load(exercise.release.with_name("cases.json")).tasks
    for entry in public.values():
        assert entry["public"] and (entry["kind"] not in ("value", "choice") or "expected" not in entry)
    hidden = CaseFile.load(exercise.hidden).tasks
    for task_id, entry in public.items():
        if entry["kind"] == "function":
            assert entry["cases"] != hidden[task_id]["cases"]


NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.]*\d)")


def values_of(exercise: ExerciseSet) -> list[Value]:
    return [task for task in load_tasks(exercise) if isinstance(task, Value)]


def numbers_in(text: str) -> np.ndarray:
    return np.array([float(number) for number in NUMBER.findall(text)])


def in_bytes(number: float) -> list[str]:
    """A number as it may stand in a file that is no plain decimal: its bytes, and as a fraction."""
    raw = [np.array(number, dtype=kind).tobytes() for kind in ("<f8", ">f8", "<f4")]
    forms = [form for b in raw for form in (b.hex(), base64.b64encode(b).decode()[:10])]
    return [*forms, float(number).hex().lstrip("-"), "/".join(map(str, float(number).as_integer_ratio()))]


def short(number: float) -> bool:
    """Whether a number has few enough digits to stand anywhere by chance, up to rounding."""
    return bool(np.isclose(round(number, 3), number, rtol=1e-12, atol=0))


@pytest.mark.parametrize("name", REAL)
def test_no_file_of_a_release_holds_a_values_answer_or_what_its_mistakes_give(
    real: Course, name: str
) -> None:
    exercise = real.set_named(name)
    files = [p.read_text(encoding="utf-8") for p in exercise.release.parent.iterdir() if p.is_file()]
    everywhere = np.concatenate([numbers_in(text) for text in files])
    public = CaseFile.load(exercise.release.with_name("cases.json")).tasks
    for task in values_of(exercise):
        beside = json.dumps(public[task.id])
        # drawn numbers are those of the prompt, and a tolerance of 0 is no answer of 0
        left_out = ("sealed", "numbers", "rtol", "atol")
        told = numbers_in(json.dumps({n: v for n, v in public[task.id].items() if n not in left_out}))
        assert not [m.code for m in task.mistakes if m.code in beside or m.says[:20] in beside]
        for number in np.ravel(task.answer):
            if not short(number):
                assert not np.isclose(everywhere, number, rtol=1e-9, atol=0).any(), (task.id, number)
                assert not any(form in text for form in in_bytes(number) for text in files)
            assert not np.isclose(np.abs(told), abs(number), rtol=task.rtol, atol=task.atol).any()
        for value in (value for mistake in task.mistakes for value in mistake.family):
            for number in np.ravel(value)[(np.ravel(value) != 0) & np.isfinite(np.ravel(value))]:
                near = np.isclose(np.abs(told), abs(number), rtol=1e-6, atol=0)
                assert not near.any() or abs(number) in (1, *map(abs, task.within), len(np.shape(value)) + 1)
                assert not any(form in beside for form in in_bytes(number))


def found(task: Value, entry: dict[str, Any]) -> bool:
    """Whether one of a few guesses is the answer."""
    right = np.asarray(task.answer, dtype=float)
    close = task.atol + task.rtol * np.abs(right)
    made = (guess for guess in guesses(entry) if guess.shape == right.shape)
    return any((np.abs(guess - right) <= close).all() for guess in made)


def test_turning_mistakes_round_gives_answers_where_they_stand_openly_and_none_by_a_release(
    real: Course,
) -> None:
    tasks = [(task, exercise) for exercise in real.sets() for task in values_of(exercise)]
    hidden = {name: CaseFile.load(real.set_named(name).hidden).tasks for name in REAL}
    open_ = [found(t, {k: v for k, v in hidden[s.name][t.id].items() if k != "expected"}) for t, s in tasks]
    assert len(tasks) >= 14 and sum(open_) >= 14
    released = {name: CaseFile.load(real.set_named(name).release.with_name("cases.json")) for name in REAL}
    assert not [t.id for t, s in tasks if found(t, released[s.name].tasks[t.id])]


def test_the_release_has_the_exercises_cells(course: Course) -> None:
    exercise = course.set_named("01_tiny")
    written = jupytext.read(exercise.source, fmt="py:percent").cells
    released = json.loads(exercise.release.read_text(encoding="utf-8"))["cells"]
    # The region's place leaves an empty line at the end of an answer cell.
    assert ["".join(c["source"]).rstrip("\n") for c in released] == [c.source for c in written]
    assert [c["cell_type"] for c in released] == [c.cell_type for c in written]


def test_no_answer_reaches_the_release(course: Course) -> None:
    folder = course.build / "release" / "01_tiny"
    text = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    assert sorted(path.name for path in folder.iterdir()) == ["cases.json", "tiny.ipynb"]
    for secret in ("MODEL-ANSWER", "SECRET-SCHEME", "math.exp(2.1)", "8.166", "BEGIN SOLUTION"):
        assert secret not in text


def test_hidden_inputs_differ_from_the_public_ones(course: Course) -> None:
    exercise = course.set_named("01_tiny")
    public = CaseFile.load(exercise.release.parent / "cases.json")
    hidden = CaseFile.load(exercise.hidden)
    released = exercise.release.with_name("cases.json").read_text(encoding="utf-8")
    for mine, theirs in zip(
        hidden.tasks["tiny-mean"]["cases"], public.tasks["tiny-mean"]["cases"], strict=True
    ):
        assert mine["args"] != theirs["args"]
        assert json.dumps(mine["expected"]) not in released


def test_the_source_notebook_holds_answer_and_marking_scheme(course: Course) -> None:
    text = course.set_named("01_tiny").built_source.read_text(encoding="utf-8")
    assert "MODEL-ANSWER" in text and "SECRET-SCHEME" in text
    beside = sorted(p.name for p in course.set_named("01_tiny").built_source.parent.iterdir())
    assert beside == ["cases.json", "tiny.ipynb"]


def test_an_unchanged_set_is_not_built_again_and_a_changed_one_is(fresh: Course) -> None:
    assert build_course(fresh).built == ("01_tiny",)
    release = fresh.set_named("01_tiny").release
    before = release.stat().st_mtime_ns
    assert build_course(fresh).unchanged == ("01_tiny",)
    assert release.stat().st_mtime_ns == before
    change(fresh.set_named("01_tiny").source, "average NLL is 2.1", "average NLL is just 2.1")
    assert build_course(fresh).built == ("01_tiny",)
    assert "just 2.1" in release.read_text(encoding="utf-8")


def test_a_set_is_built_again_when_what_its_tasks_set_apart_changes(fresh: Course) -> None:
    build_course(fresh)
    fresh.set_named("01_tiny").tasks.with_name("_shared.py").write_text("HALF = 0.5\n", encoding="utf-8")
    assert build_course(fresh).built == ("01_tiny",)


def test_a_lost_output_is_built_again(fresh: Course) -> None:
    build_course(fresh)
    fresh.set_named("01_tiny").release.with_name("cases.json").unlink()
    assert build_course(fresh).built == ("01_tiny",)


def test_extra_files_reach_the_students(fresh: Course) -> None:
    fresh.set_named("01_tiny").source.with_name("corpus.txt").write_text("words", encoding="utf-8")
    build_course(fresh)
    assert fresh.set_named("01_tiny").release.with_name("corpus.txt").read_text(encoding="utf-8") == "words"


SOURCE_FAULTS = {
    "an unclosed solution region": (
        "ppl = None",
        "### BEGIN SOLUTION\nppl = None",
        "never closed",
        "BEGIN SOLUTION",
    ),
    "a solution in the exercise": (
        "ppl = None  # replace None by your answer",
        "### BEGIN SOLUTION\nppl = 8\n### END SOLUTION",
        "no solution marks here",
        "BEGIN SOLUTION",
    ),
    "a mistyped marker": (
        "ppl = None",
        "### BEGIN SOLUTON\nppl = None",
        "did you mean 'BEGIN SOLUTION'",
        "SOLUTON",
    ),
    "a marker with a lost letter": (
        "ppl = None",
        "# BEGINN SOLUTION #\n### BEGN SOLUTION\nppl = None",
        "BEGN",
        "BEGN",
    ),
    "a marker in small letters": (
        "ppl = None",
        "### begin solution\nppl = None",
        "did you mean 'BEGIN SOLUTION'",
        "begin solution",
    ),
    "an unknown nbgrader key": ('"points": 1', '"point": 1', "did you mean 'points'", '"point":'),
    "a mistyped metadata name": (
        '# %% nbgrader={"grade": true, "grade_id": "check-tiny-ppl"',
        '# %% nbgradr={"grade": true, "grade_id": "check-tiny-ppl"',
        "did you mean 'nbgrader'",
        "nbgradr",
    ),
    "a duplicate id": ('"grade_id": "tiny-mean"', '"grade_id": "tiny-ppl"', "duplicate id", "def mean_nll"),
    "a check that is two calls": (
        'check("tiny-ppl", ppl)',
        'check("tiny-ppl", ppl)\nprint(1)',
        "one call",
        "check-tiny-ppl",
    ),
    "a check of another task": (
        'check("tiny-ppl", ppl)',
        'check("tiny-pp", ppl)',
        "has the id 'check-tiny-pp'",
        "check-tiny-ppl",
    ),
    "a check without literal id": (
        'check("tiny-ppl", ppl)',
        "check(name, ppl)",
        "the id written out",
        "check-tiny-ppl",
    ),
    "other points": (
        '"points": 2, "schema_version": 3, "solution": false',
        '"points": 3, "schema_version": 3, "solution": false',
        "the cell gives 3 points",
        "check-tiny-mean",
    ),
    "an unlocked check": (
        '"check-tiny-ppl", "locked": true',
        '"check-tiny-ppl", "locked": false',
        '"locked"',
        "check-tiny-ppl",
    ),
    "a broken stub": (
        "    raise NotImplementedError",
        "   raise NotImplementedError(",
        "no Python",
        "raise NotImpl",
    ),
    "points that are text": ('"points": 1', '"points": "1"', "wrong type", '"points": "1"'),
}


@pytest.mark.parametrize("name", SOURCE_FAULTS)
def test_a_fault_in_the_exercise_is_told_with_its_line(fresh: Course, name: str) -> None:
    old, new, says, at = SOURCE_FAULTS[name]
    source = fresh.set_named("01_tiny").source
    change(source, old, new)
    with pytest.raises(SourceFault) as caught:
        build_course(fresh)
    expected = line_with(source, at) - (1 if at == "def mean_nll" else 0)
    assert says in str(caught.value)
    assert ("tiny.py", expected) in lines_of(caught.value)
    assert re.match(rf"{re.escape(str(source))}:\d+: ", str(caught.value))
    assert not fresh.set_named("01_tiny").release.exists()


TASK_FAULTS = {
    "a task without mistakes": (
        '[Mistake("bits", "Bits belong to base 2.", "a")]',
        "[]",
        "no mistakes",
        "tiny-unit",
    ),
    "a duplicate id": ('"tiny-unit"', '"tiny-ppl"', "duplicate id", "tiny-ppl"),
    "a task that the exercise lacks": ('"tiny-unit", 1', '"tiny-units", 1', "has no cell", "tiny-units"),
    "an exception": ("TASKS = (", "TASKS = (1 / 0,", "ZeroDivisionError", "1 / 0"),
    "a fault that the task itself finds": ('"tiny-ppl", 1,', '"tiny-ppl", -1,', "points", "Value("),
    "a reference that raises": (
        "sum(losses) / len(losses), draw",
        "sum(losses) / 0, draw",
        "ZeroDivisionError",
        "tiny-mean",
    ),
    "a scheme that does not add up": (
        '(1, "SECRET-SCHEME gives an example")',
        '(2, "SECRET-SCHEME gives an example")',
        "its marking scheme adds up to 3 points, the task has 2",
        "tiny-why",
    ),
    "a mistake that is the answer": (
        "2**2.1)]",
        "2**2.1), Mistake('e-to', 'You took e.', math.exp(2.1) + 1e-9)]",
        "the mistake e-to gives the right answer",
        "tiny-ppl",
    ),
    "two mistakes of one value": (
        "2**2.1)]",
        "2**2.1), Mistake('two-to', 'You took 2.', 2**2.1)]",
        "the mistakes base-2 and two-to give the same value",
        "tiny-ppl",
    ),
    "a range without the answer": (
        "within=(1, 100)",
        "within=(1, 8)",
        "outside its range 1 to 8",
        "tiny-ppl",
    ),
    "a function's mistake that is the answer": (
        "lambda losses: float(sum(losses)))",
        "lambda losses: math.fsum(losses) / len(losses))",
        "the mistake sum-for-mean gives the right answer at every input",
        "tiny-mean",
    ),
    "two mistakes of one function": (
        "lambda losses: float(sum(losses)))],",
        "lambda losses: float(sum(losses))), Mistake('total', 'A total.', lambda losses: math.fsum(losses))],",
        "the mistakes sum-for-mean and total give the same at every input",
        "tiny-mean",
    ),
    "no scheme": (
        '[(1, "says that length must not count"), (1, "SECRET-SCHEME gives an example")]',
        "[]",
        "",
        "tiny-why",
    ),
}


@pytest.mark.parametrize("name", TASK_FAULTS)
def test_a_fault_in_the_tasks_is_told_with_its_line(fresh: Course, name: str) -> None:
    old, new, says, at = TASK_FAULTS[name]
    tasks = fresh.set_named("01_tiny").tasks
    change(tasks, old, new)
    with pytest.raises(SourceFault) as caught:
        build_course(fresh)
    assert says in str(caught.value)
    assert any(
        abs(line - line_with(tasks, at)) <= 1 for file, line in lines_of(caught.value) if file == "tiny.py"
    )


def test_a_model_answer_must_cover_every_task(fresh: Course) -> None:
    model = fresh.set_named("01_tiny").answers / "model.py"
    change(model, "# %% tiny-unit", "# %%")
    with pytest.raises(SourceFault, match=r"model\.py:1: no model answer for: tiny-unit"):
        build_course(fresh)


WRONG_MODELS = {
    "a value": ("ppl = math.exp(2.1)", "ppl = 2**2.1", "'tiny-ppl' is not marked right", "tiny-ppl"),
    "a function": (
        "sum(losses) / len(losses)",
        "sum(losses)",
        "'tiny-mean' is not marked right",
        "tiny-mean",
    ),
    "a choice": ('unit = "b"', 'unit = "a"', "'tiny-unit' is not marked right", "tiny-unit"),
    "an exception": (
        "ppl = math.exp(2.1)",
        "ppl = math.exq(2.1)",
        "can't be run: AttributeError",
        "tiny-ppl",
    ),
}


@pytest.mark.parametrize("name", WRONG_MODELS)
def test_a_wrong_model_answer_is_told_with_its_line(fresh: Course, name: str) -> None:
    old, new, says, at = WRONG_MODELS[name]
    model = fresh.set_named("01_tiny").answers / "model.py"
    change(model, old, new)
    with pytest.raises(SourceFault, match=re.escape(says)) as caught:
        build_course(fresh)
    assert lines_of(caught.value) == [("model.py", line_with(model, at))]
    assert not fresh.set_named("01_tiny").release.exists()


def test_an_answer_to_no_task_is_a_fault_with_its_line(fresh: Course) -> None:
    model = fresh.set_named("01_tiny").answers / "model.py"
    change(model, "# %% tiny-unit", "# %% tiny-unti")
    with pytest.raises(SourceFault, match="no task has the id 'tiny-unti'") as caught:
        build_course(fresh)
    assert ("model.py", line_with(model, "tiny-unti")) in lines_of(caught.value)


def test_a_share_of_an_unseen_answer_that_would_hold_nothing_is_a_fault(fresh: Course) -> None:
    exercise = fresh.set_named("01_tiny")
    (exercise.answers / "unseen").mkdir()
    wrong = exercise.answers / "unseen" / "wrong.py"
    wrong.write_text("# %% tiny-unit most=0.34\nunit = 1\n", encoding="utf-8")
    assert [answer.most for answer in read_unseen(exercise)] == [0.34]
    for most in ("1", "2", "-0.5"):
        wrong.write_text(f"# %% tiny-unit most={most}\nunit = 1\n", encoding="utf-8")
        with pytest.raises(SourceFault, match="give a share of the points"):
            read_unseen(exercise)


def test_tasks_without_an_exercise_are_a_fault(fresh: Course) -> None:
    (fresh.root / "solutions" / "tasks" / "lonely.py").write_text("TASKS = ()\n", encoding="utf-8")
    with pytest.raises(SourceFault, match=r"lonely\.py:1: no exercise set is called NN_lonely"):
        build_course(fresh)


def test_an_exercise_without_tasks_is_a_fault(fresh: Course) -> None:
    fresh.set_named("01_tiny").tasks.unlink()
    with pytest.raises(SourceFault, match="the set has no tasks"):
        build_course(fresh)


def test_an_id_of_two_sets_is_a_fault(fresh: Course) -> None:
    text = fresh.set_named("01_tiny").source.read_text(encoding="utf-8")
    other = fresh.root / "exercises" / "02_other" / "other.py"
    other.parent.mkdir()
    other.write_text(text, encoding="utf-8")
    (fresh.root / "solutions" / "tasks" / "other.py").write_text("TASKS = ()\n", encoding="utf-8")
    with pytest.raises(SourceFault, match="duplicate id 'tiny-ppl'; it stands first in"):
        build_course(fresh)


@pytest.mark.parametrize("place", ["source", "release"])
def test_what_a_person_put_into_a_built_folder_is_not_deleted(fresh: Course, place: str) -> None:
    build_course(fresh)
    (fresh.build / place / "01_tiny" / ".ipynb_checkpoints").mkdir()
    build_course(fresh, force=True)
    mine = fresh.build / place / "01_tiny" / "data.csv"
    mine.write_text("1,2")
    with pytest.raises(
        PipelineError, match=r"data\.csv: no build wrote this.*belongs into exercises/01_tiny"
    ):
        build_course(fresh, force=True)
    assert mine.read_text() == "1,2"
    mine.unlink()
    build_course(fresh, force=True)
    moved = Course(fresh.root.rename(fresh.root.with_name("moved")))
    build_course(moved, force=True)


def test_a_build_that_was_killed_is_made_again(fresh: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    build_course(fresh)
    with monkeypatch.context() as patch:
        patch.setattr(CaseFile, "save", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            build_course(fresh, force=True)
    build_course(fresh, force=True)


def test_a_notebook_that_was_edited_in_the_build_is_not_replaced(fresh: Course) -> None:
    build_course(fresh)
    path = fresh.set_named("01_tiny").built_source
    edited = path.read_text(encoding="utf-8").replace("Compute the perplexity", "Work out the perplexity")
    path.write_text(edited, encoding="utf-8")
    change(fresh.set_named("01_tiny").source, "# # Tiny", "# # Small")
    with pytest.raises(PipelineError, match="no build wrote this as it is"):
        build_course(fresh)
    assert path.read_text(encoding="utf-8") == edited


def config_of(build: Path) -> Config:
    """What nbgrader reads in a folder."""
    return PyFileConfigLoader("nbgrader_config.py", str(build)).load_config()


def test_a_teachers_configuration_stays_and_wins(fresh: Course) -> None:
    build_course(fresh)
    path = fresh.build / "nbgrader_config.py"
    added = path.read_text(encoding="utf-8") + 'c.CourseDirectory.course_id = "nlp"\nc.Execute.timeout = 7\n'
    path.write_text(added, encoding="utf-8")
    assert build_course(fresh, force=True).to_do == ""
    assert path.read_text(encoding="utf-8") == added
    found = config_of(fresh.build)
    assert (found.CourseDirectory.root, found.CourseDirectory.course_id) == (str(fresh.build), "nlp")
    assert (found.Execute.timeout, found.ClearSolutions.text_stub) == (7, "")


def test_a_configuration_without_the_courses_settings_is_left_and_told(fresh: Course) -> None:
    fresh.build.mkdir()
    path = fresh.build / "nbgrader_config.py"
    path.write_text("c = get_config()\n", encoding="utf-8")
    assert f"{path} is yours" in build_course(fresh).to_do
    assert path.read_text(encoding="utf-8") == "c = get_config()\n"


@pytest.mark.parametrize("changed", ["", "c.Execute.timeout = 9\n"])
def test_what_an_earlier_build_wrote_is_replaced_when_nobody_changed_it(fresh: Course, changed: str) -> None:
    build_course(fresh)
    head, _, rest = (fresh.build / "grader_settings.py").read_text(encoding="utf-8").partition("\n")
    assert head
    former = (
        '"""What stock nbgrader needs to work in this folder; written by `grader build`."""\n'
        + rest
        + changed
    )
    path = fresh.build / "nbgrader_config.py"
    path.write_text(former, encoding="utf-8")
    build_course(fresh, force=True)
    assert (path.read_text(encoding="utf-8") == former) is bool(changed)


def test_a_folder_with_another_name_is_refused(fresh: Course) -> None:
    (fresh.root / "exercises" / "perplexity").mkdir()
    with pytest.raises(PipelineError, match="expected NN_name"):
        build_course(fresh)
