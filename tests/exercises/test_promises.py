"""Do the draws of a function's inputs hold what its prompt promises, and the examples that it prints?"""

import ast
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from grader.cases import CaseError, Function, Task, Value, collect, mark_reply, questions_of, rng_for, verify
from grader.judge.exercise import SOLUTION
from grader.pipeline.course import Course, ExerciseSet, load_tasks
from grader.pipeline.exercise_source import read_exercise

COURSE = Course(Path(__file__).parents[2])
FENCED = {"log_probs": [[-0.7, -1.2], [-2.3, -0.1, -0.4, -1.5]]}  # the corpus that set 06 lays out in a fence
DRAWS = [(seed, public) for seed in range(5) for public in (True, False)]


def functions(exercise: ExerciseSet) -> list[Function]:
    return [task for task in load_tasks(exercise) if isinstance(task, Function) and task.promises]


WITH_PROMISES = [
    pytest.param(exercise, task, id=task.id) for exercise in COURSE.sets() for task in functions(exercise)
]
each_function = pytest.mark.parametrize(("exercise", "task"), WITH_PROMISES)


def prompt_of(exercise: ExerciseSet, task: Task) -> str:
    cells = read_exercise(exercise).cells
    place = next(n for n, c in enumerate(cells) if c.role == SOLUTION and c.grade_id == task.id)
    return next(c.source for c in reversed(cells[:place]) if c.kind == "markdown")


def in_one_line(text: str) -> str:
    return " ".join(text.split())


def bullets_of(prompt: str) -> list[str]:
    return [in_one_line(b) for b in re.findall(r"^- (.*?)(?=^- |^$|\Z)", prompt, flags=re.M | re.S)]


def name_of(exercise: ExerciseSet, task: Function) -> str:
    stub = next(
        c.source for c in read_exercise(exercise).cells if c.role == SOLUTION and c.grade_id == task.id
    )
    return re.search(r"^def (\w+)", stub, flags=re.M)[1]


def calls_in(prompt: str, name: str) -> list[tuple]:
    """Return the arguments of every printed call of the function, or of what a locked cell makes of it.

    `backward(output)` is a signature; and a call with a function, such as a polynomial's, is no case as it stands.
    """
    namespace = {**FENCED, "np": np, "torch": torch}
    given = []
    for code in re.findall(r"`([^`]*)`", in_one_line(prompt)):
        for node in ast.walk(parsed(code)):
            if isinstance(node, ast.Call) and is_called(node.func, name) and is_data(node.args, namespace):
                given.append(tuple(eval(ast.unparse(a), namespace) for a in node.args))  # noqa: S307
    return given


def parsed(code: str) -> ast.AST:
    try:
        return ast.parse(code, mode="eval")
    except SyntaxError:  # a shape, or a piece of text
        return ast.Expression(ast.Constant(None))


def is_data(arguments: list[ast.expr], namespace: dict) -> bool:
    nodes = [node for argument in arguments for node in ast.walk(argument)]
    return not any(
        isinstance(n, ast.Lambda) or isinstance(n, ast.Name) and n.id not in namespace for n in nodes
    )


def is_called(function: ast.expr, name: str) -> bool:
    """Whether the function is called by its name, f(x), or through another, of_numbers(f)(x)."""
    if isinstance(function, ast.Call):
        return any(isinstance(argument, ast.Name) and argument.id == name for argument in function.args)
    return isinstance(function, ast.Name) and function.id == name


def same(one, other) -> bool:
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, np.ndarray | torch.Tensor) or isinstance(other, np.ndarray | torch.Tensor):
        return bool(np.array_equal(one, other))
    return one == other


@pytest.mark.parametrize("exercise", COURSE.sets(), ids=lambda exercise: exercise.name)
def test_every_function_states_what_its_prompt_promises(exercise):
    assert functions(exercise) == [task for task in load_tasks(exercise) if isinstance(task, Function)]


@each_function
def test_a_promise_is_quoted_from_the_prompt_and_every_bullet_holds_one(exercise, task):
    prompt = prompt_of(exercise, task)
    assert [words for words in task.promises if words not in in_one_line(prompt)] == []
    assert [b for b in bullets_of(prompt) if not any(words in b for words in task.promises)] == []


@each_function
def test_every_draw_has_a_case_for_every_promise(exercise, task):
    for seed, public in DRAWS:
        examples = list(task.draw(rng_for(seed, task.id, public)))
        missing = [w for w, kept in task.promises.items() if not any(kept(*e.args) for e in examples)]
        assert missing == [], (seed, public)


@each_function
def test_the_examples_of_the_prompt_are_cases_and_earn_nothing_alone(exercise, task):
    given = calls_in(prompt_of(exercise, task), name_of(exercise, task))
    for seed, public in DRAWS:
        examples = list(task.draw(rng_for(seed, task.id, public)))
        printed = [[e for e in examples if same(list(e.args), list(args))] for args in given]
        assert all(printed), (seed, public)
        known = [e for found in printed for e in found]
        assert {e.label for e in known} <= {e.label for e in examples if e not in known}


def test_a_task_is_refused_when_a_draw_lacks_what_its_prompt_promises():
    task = next(t for t in functions(COURSE.set_named("01_sequences")) if t.id == "batch-nll")

    def draw(rng):
        return [e for e in task.draw(rng) if e.label != "an impossible token"]

    verify(task, 1)
    with pytest.raises(CaseError, match="A token may be impossible"):
        verify(replace(task, draw=draw), 1)


ENOUGH = {"Three digits": lambda x: float(f"{x:.3g}"), "Three decimals": lambda x: round(x, 3)}


@pytest.mark.parametrize("exercise", COURSE.sets(), ids=lambda exercise: exercise.name)
def test_as_many_digits_as_the_prompt_calls_enough_are_enough(exercise):
    for task in load_tasks(exercise):
        if isinstance(task, Value):
            prompt, entry = (
                in_one_line(prompt_of(exercise, task)),
                task.cases(rng_for(0, task.id, False), False),
            )
            for words, rounded in ENOUGH.items():
                if f"{words} are enough" in prompt:
                    answer = np.vectorize(rounded)(task.answer).tolist()
                    score = mark_reply(entry, collect(questions_of(entry), answer))
                    assert score.full, (task.id, answer)


def test_printed_calls_and_bullets_are_read():
    prompt = "- one\n  bullet\n- two\n\nExamples: `f([1, 2],\n3)` is `4`, and `g(1)` is `2`"
    assert calls_in(prompt, "f") == [([1, 2], 3)]
    assert calls_in('`round(f(2)[0], 3)` is `1`, `of(f)("x")` is `1`, `f(lambda x: x, 1)`', "f") == [
        (2,),
        ("x",),
    ]
    assert bullets_of(prompt) == ["one bullet", "two"]
