"""Does every draw tell each known mistake of a function from the right answer, and from each other one?

Hidden cases are drawn from a secret, so it is not enough that the draws of a few seeds do.
"""

from pathlib import Path

import pytest

from grader.cases import Function, rng_for, verify_written
from grader.pipeline.course import Course, load_tasks

ROOT = Path(__file__).parents[2]

DRAWS = 8
SLOW = {"backward-pass": 2}  # a draw takes a second
FUNCTIONS = [
    task for exercise in Course(ROOT).sets() for task in load_tasks(exercise) if isinstance(task, Function)
]


@pytest.mark.parametrize("task", FUNCTIONS, ids=lambda task: task.id)
def test_every_draw_tells_each_mistake_apart(task: Function) -> None:
    for seed in range(SLOW.get(task.id, DRAWS)):
        verify_written(task, task.cases(rng_for(seed, task.id, False), False))
