"""Does a task with symbols need nothing of the answers above it, not even that they left its names alone?"""

from pathlib import Path
from typing import Any

import pytest

from grader.cases import CaseFile, collect, mark_reply, questions_of
from grader.judge.exercise import CHECK, LOCKED, SOLUTION, read_check
from grader.pipeline.answers import read_model
from grader.pipeline.course import Course, load_tasks
from grader.pipeline.exercise_source import read_exercise

COURSE = Course(Path(__file__).parents[2])
SYMBOLIC = ("expression", "derivation")


def symbolic_tasks() -> list[Any]:
    return [
        pytest.param(exercise, task, id=task.id)
        for exercise in COURSE.sets()
        for task in load_tasks(exercise)
        if task.kind in SYMBOLIC
    ]


@pytest.mark.parametrize(("exercise", "task"), symbolic_tasks())
def test_the_symbols_stand_directly_above_each_answer(exercise, task):
    code = [cell for cell in read_exercise(exercise).cells if cell.kind == "code"]
    model = read_model(exercise.answers, [t.id for t in load_tasks(exercise)])
    place = next(n for n, cell in enumerate(code) if cell.grade_id == task.id)
    assert code[place - 1].role == LOCKED, f"{task.id}: no locked cell with its symbols stands above it"
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(code[0].source, namespace)  # noqa: S102 - the course's own cells
    kept = set(namespace)
    for cell in code[1 : place - 1]:
        if cell.role == LOCKED:
            exec(cell.source, namespace)  # noqa: S102 - the course's own cells
    # The answers above have used every name for something else.
    namespace |= dict.fromkeys(set(namespace) - kept, 3)
    exec(code[place - 1].source, namespace)  # noqa: S102 - the course's own cells
    exec(model[task.id].source, namespace)  # noqa: S102 - the course's own cells
    check = next(cell for cell in code[place:] if cell.role == CHECK)
    task_id, expression = read_check(check.source)
    assert task_id == task.id
    entry = dict(CaseFile.of(exercise.name, [task], 7, public=False).tasks[task.id])
    answer = eval(expression, namespace)  # noqa: S307 - an expression of the course's own check cell
    score = mark_reply(entry, collect(questions_of(entry), answer))
    assert score.full, score.text()


def test_every_task_with_symbols_was_tried():
    roles = [cell.role for exercise in COURSE.sets() for cell in read_exercise(exercise).cells]
    assert SOLUTION in roles
    assert len(symbolic_tasks()) >= 14
