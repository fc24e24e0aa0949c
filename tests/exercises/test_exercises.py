"""Is every exercise file a notebook that nbgrader takes, and does it say what its tasks say?"""

import ast
import re
import sys
from pathlib import Path

import jupytext
import numpy as np
import pytest
from nbgrader.nbgraderformat.v3 import MetadataValidatorV3

from grader.cases import Choice, FreeText, Model, Value
from grader.judge.exercise import CHECK, SOLUTION, read_check
from grader.pipeline.answers import read_model
from grader.pipeline.course import Course, load_tasks
from grader.pipeline.exercise_source import read_exercise

COURSE = Course(Path(__file__).parents[2])
SETS = COURSE.sets()
each_set = pytest.mark.parametrize("exercise", SETS, ids=lambda exercise: exercise.name)
BASE_INSTALL = {"numpy", "sympy", "grader", *sys.stdlib_module_names}
WITH_TORCH = {"08_language_model"}  # the extra `lm`


@each_set
def test_an_exercise_survives_the_way_to_a_notebook_and_back(exercise):
    text = exercise.source.read_text()
    notebook = jupytext.reads(text, fmt="py:percent")
    MetadataValidatorV3().validate_nb(notebook)
    again = jupytext.reads(jupytext.writes(notebook, fmt="py:percent"), fmt="py:percent")
    assert [(c.cell_type, c.source) for c in again.cells] == [(c.cell_type, c.source) for c in notebook.cells]
    assert [c.metadata.get("nbgrader") for c in again.cells] == [
        c.metadata.get("nbgrader") for c in notebook.cells
    ]


@each_set
def test_points_and_order_are_those_of_the_tasks(exercise):
    stated = {task: points for task, (points, _) in read_exercise(exercise).points.items()}
    tasks = load_tasks(exercise)
    assert list(stated.items()) == [(task.id, task.points) for task in tasks]
    titles = re.findall(r"^# ## (\d+) · .* \((\d+) points?\)$", exercise.source.read_text(), flags=re.M)
    assert [(int(n), int(points)) for n, points in titles] == [(n, t.points) for n, t in enumerate(tasks, 1)]
    assert 6 <= len(tasks) <= 9


@each_set
def test_the_chapters_list_of_its_exercises_has_every_task(exercise):
    """Does the list under a chapter's heading "Exercises", where it has one, keep in step with the set?"""
    chapter = COURSE.root / "book" / f"{exercise.name}.md"
    text = chapter.read_text(encoding="utf-8") if chapter.is_file() else ""
    section = re.search(r"^## Exercises$(.*?)^## ", text, flags=re.M | re.S)
    listed = re.findall(r"^(\d+)\. ", section[1], flags=re.M) if section else []
    assert not listed or [int(n) for n in listed] == list(range(1, len(load_tasks(exercise)) + 1))


def test_ids_are_unique_in_the_whole_course():
    ids = [task.id for exercise in SETS for task in load_tasks(exercise)]
    assert len(ids) == len(set(ids))


@each_set
def test_an_exercise_needs_the_base_install_only(exercise):
    for cell in read_exercise(exercise).cells:
        if cell.kind == "code":
            imports = [
                n for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Import | ast.ImportFrom)
            ]
            roots = {
                (n.module if isinstance(n, ast.ImportFrom) else n.names[0].name).split(".")[0]
                for n in imports
            }
            assert roots <= BASE_INSTALL | ({"torch"} if exercise.name in WITH_TORCH else set())


@each_set
def test_a_stub_holds_no_line_of_the_model_answer(exercise):
    tasks = [task.id for task in load_tasks(exercise)]
    model = read_model(exercise.answers, tasks)
    for cell in read_exercise(exercise).cells:
        if cell.role == SOLUTION:
            answer = {line.strip() for line in model[cell.grade_id].source.splitlines()}
            shared = answer & {line.strip() for line in cell.source.splitlines()}
            given = {line for line in shared if not line.startswith(("def ", '"""', "steps"))}
            assert given <= {""}, cell.grade_id


@each_set
def test_the_examples_in_the_prompts_are_what_the_model_answer_gives(exercise, monkeypatch):
    monkeypatch.chdir(exercise.source.parent)
    source = read_exercise(exercise)
    model = read_model(exercise.answers, [task.id for task in load_tasks(exercise)])
    trained = {task.id for task in load_tasks(exercise) if isinstance(task, Model)}  # no prompt quotes these
    namespace: dict = {}
    prompts = " ".join(" ".join(c.source.split()) for c in source.cells if c.kind == "markdown")
    for cell in source.cells:
        if cell.kind == "code" and cell.role != CHECK and cell.grade_id not in trained:
            exec(model[cell.grade_id].source if cell.role == SOLUTION else cell.source, namespace)  # noqa: S102
    fenced = "log_probs = [[-0.7, -1.2], [-2.3, -0.1, -0.4, -1.5]]"
    exec(fenced, namespace)  # noqa: S102
    examples = re.findall(r"`(\w+\([^`]*\))` is `(\[*-?\d[^`]*|\"[^`]*\")`", prompts)
    assert len(examples) >= 3
    for call, said in examples:
        value = eval(call, namespace)  # noqa: S307
        if said.endswith("…"):
            assert f"{float(value):.12f}".startswith(said.removesuffix("…")), call
        elif said.startswith('"'):
            assert value == ast.literal_eval(said), call
        else:
            np.testing.assert_allclose(value, ast.literal_eval(said), rtol=1e-12, err_msg=call)


@each_set
def test_every_kind_of_task_has_what_a_student_needs_to_read(exercise):
    cells = read_exercise(exercise).cells
    for task in load_tasks(exercise):
        if isinstance(task, FreeText):
            assert sum(points for points, _ in task.scheme) == task.points
            continue
        place = next(n for n, c in enumerate(cells) if c.role == SOLUTION and c.grade_id == task.id)
        prompt = next(c.source for c in reversed(cells[:place]) if c.kind == "markdown")
        if isinstance(task, Choice):
            assert re.findall(r"^- \*\*(\w)\*\* · ", prompt, flags=re.M) == list(task.options)
        if isinstance(task, Value) and task.unit in ("nats", "bits"):
            assert task.unit in prompt
        assert read_check(cells[place + 1].source)[0] == task.id


@each_set
def test_what_a_mistake_says_is_short_and_holds_no_answer(exercise):
    for task in load_tasks(exercise):
        for mistake in task.known_mistakes:
            sentences = re.findall(r"[.?!](?:\s|$)", mistake.says)
            assert 1 <= len(sentences) <= 3, (task.id, mistake.code, mistake.says)
            assert len(mistake.says) <= 200, (task.id, mistake.code)
            if isinstance(task, Value):
                for number in np.ravel(task.answer):
                    assert f"{abs(number):.2f}" not in mistake.says
