"""Do derivations get what they are worth, however odd the honest ones and however well dressed the lazy ones are?"""

import linecache
from pathlib import Path

import jupytext
import pytest

from grader.cases import CaseFile, collect, mark_reply, questions_of
from grader.judge.exercise import CHECK, SOLUTION
from grader.pipeline.course import Course, load_tasks
from grader.pipeline.exercise_source import read_exercise

FOLDER = Path(__file__).parent / "derivations"
CONCLUSION = 1 / 3


def cells(name):
    """The cells of a file: task id, first comment, code."""
    notebook = jupytext.reads((FOLDER / f"{name}.py").read_text("utf-8"), fmt="py:percent")
    for number, cell in enumerate(c for c in notebook.cells if c.cell_type == "code"):
        task = cell.metadata.get("title")
        if task:
            said = cell.source.splitlines()[0].removeprefix("# ")
            yield pytest.param(task, cell.source, id=f"{task}, {number}: {said}")


@pytest.fixture(scope="module")
def course():
    """For each task: the code before its answer, its stub, its public and hidden cases."""
    found = {}
    for exercise in Course.find().sets():
        source = read_exercise(exercise)
        setup = [c.source for c in source.cells if c.kind == "code" and c.role not in (CHECK, SOLUTION)]
        stubs = {c.grade_id: c.source for c in source.cells if c.role == SOLUTION}
        tasks = [t for t in load_tasks(exercise) if t.kind == "derivation"]
        files = [CaseFile.of(exercise.name, tasks, 0, public).tasks for public in (True, False)]
        for task in tasks:
            found[task.id] = (setup, stubs[task.id], [file[task.id] for file in files])
    return found


def written(course, task, code):
    """The derivation that an answer writes."""
    setup, stub, _ = course[task]
    text = f"{stub}\n{code}"
    name = f"<{task}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    namespace = {"__name__": "__main__"}
    for cell in setup:
        exec(cell, namespace)  # noqa: S102 - the course's own cells
    exec(compile(text, name, "exec"), namespace)  # noqa: S102 - the answers of this folder
    return namespace["steps"]


def marked(course, task, code):
    """The scores of an answer with public and with hidden cases."""
    steps, entries = written(course, task, code), course[task][2]
    return [mark_reply(entry, collect(questions_of(entry), steps)) for entry in entries]


@pytest.mark.parametrize(("task", "code"), list(cells("honest")))
def test_an_honest_derivation_earns_its_points(course, task, code):
    for score in marked(course, task, code):
        assert score.full, score.text()
        assert not score.needs_review


@pytest.mark.parametrize(("task", "code"), list(cells("lazy")))
def test_a_derivation_that_derives_nothing_earns_its_conclusion_at_most(course, task, code):
    for score in marked(course, task, code):
        assert score <= score.max_points * CONCLUSION + 1e-9, score.text()
        assert not score.needs_review


@pytest.mark.parametrize(("task", "code"), [*cells("honest"), *(c for c in cells("lazy") if "value" in c.id)])
def test_what_the_notebook_shows_of_a_line_is_what_is_marked(course, task, code):
    steps, (entry, _) = written(course, task, code), course[task][2]
    score = mark_reply(entry, collect(questions_of(entry), steps))
    told = {finding.label: finding for finding in score.findings}
    for number, line in enumerate(steps.checked()[1:], 1):
        if line.status in ("proved", "tested"):
            assert told[f"line {number}"].ok, score.text()
        if line.status == "refuted":
            assert not told[f"line {number}"].ok, score.text()


def test_the_end_is_not_said_to_repeat_a_line_that_had_still_to_be_worked_out(course):
    code = """
steps.step("=", n[j] / theta[j] - lam * Sum(KroneckerDelta(k, j), (k, 1, V)))
steps.step("=", n[j] / theta[j] - lam)
"""
    for score in marked(course, "lagrangian-slope", code):
        assert score.full
        assert [f.sentence for f in score.findings[2:]] == ["True.", ""]


def test_sentences_use_the_names_of_the_notebook():
    for exercise in Course.find().sets():
        source = read_exercise(exercise)
        tasks = [t for t in load_tasks(exercise) if t.kind in ("derivation", "expression")]
        namespace = {"__name__": "__main__"}
        for cell in source.cells if tasks else ():
            if cell.kind == "code" and cell.role not in (CHECK, SOLUTION):
                exec(cell.source, namespace)  # noqa: S102 - the course's own cells
        variables = {
            str(getattr(v, "label", v)): name for name, v in namespace.items() if hasattr(v, "free_symbols")
        }
        for task in tasks:
            for symbol in task.symbols:
                name = str(getattr(symbol, "label", symbol))
                if name in variables:
                    assert task.names.get(name, name) == variables[name], task.id
