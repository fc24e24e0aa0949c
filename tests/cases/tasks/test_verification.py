"""Does a task that can't be marked fail before it is released, with words that say why?"""

import dataclasses
import itertools
import math

import pytest

from grader.cases import CaseError, Choice, Example, FreeText, Function, Mistake, Value, verify, verify_all
from tests.cases.sample_tasks import BASE, NLL, PPL, TASKS, WHY

counter = itertools.count()


def test_the_sample_tasks_can_be_marked():
    verify_all(TASKS, 7)


def changed(task, **fields):
    return dataclasses.replace(task, **fields)


def mistake(answer, code="other"):
    return Mistake(code, "Look again.", answer)


def labels_by_draw(rng):
    return [Example(f"label {rng.integers(10**9)}", 1.0)]


def unseeded(rng):
    return [Example("a", float(next(counter)))]


BROKEN = {
    "no mistakes": (changed(PPL, mistakes=[]), "ppl: it has no mistakes"),
    "no mistakes in a function": (changed(NLL, mistakes=[]), "mean-nll: it has no mistakes"),
    "a code twice": (
        changed(PPL, mistakes=[mistake(1.0), mistake(2.0)]),
        "the mistake code other is there twice",
    ),
    "a mistake that is right": (changed(PPL, mistakes=[mistake(8.17)]), "other gives the right answer"),
    "mistakes alike": (
        changed(PPL, mistakes=[mistake(4.0), mistake(4.001, "b")]),
        "other and b give the same value",
    ),
    "answer NaN": (changed(PPL, answer=math.nan), "is no finite number"),
    "answer a text": (changed(PPL, answer="8"), "is no finite number"),
    "answer out of range": (changed(PPL, within=(10, 20)), "outside its range 10 to 20"),
    "range around the answer": (changed(PPL, within=(8, 9)), "its range 8 to 9 gives the answer away"),
    "range that ends at the answer": (
        changed(PPL, within=(8.166, 1000)),
        "its range 8.166 to 1000 gives the answer away",
    ),
    "answer in the middle of its range": (
        changed(PPL, within=(8.166 - 1000, 8.166 + 1000)),
        "its range -991.834 to 1008.17 gives the answer away",
    ),
    "mistake a text": (changed(PPL, mistakes=[mistake("8")]), "'8' is no number, so it can't be sealed"),
    "answer no option": (changed(BASE, answer="z"), "'z' is none of the options"),
    "mistake no option": (changed(BASE, mistakes=[mistake("z")]), "other is no wrong option"),
    "mistake the right option": (changed(BASE, mistakes=[mistake("b")]), "other is no wrong option"),
    "option twice": (
        changed(BASE, mistakes=[mistake("a"), mistake("a", "b")]),
        "two mistakes have the same option",
    ),
    "no scheme": (changed(WHY, scheme=[]), "no marking scheme"),
    "scheme adds up wrong": (changed(WHY, scheme=[(1, "a")]), "adds up to 1 points, the task has 2"),
    "no example": (changed(NLL, draw=lambda rng: []), "draw returned no example"),
    "labels change": (
        changed(NLL, draw=labels_by_draw, reference=lambda x: x),
        "must always give the same labels",
    ),
    "draw not from the seed": (
        changed(NLL, draw=unseeded, reference=lambda x: x),
        "two draws with one seed differ",
    ),
    "reference raises": (changed(NLL, reference=lambda p: 1 / 0), "the reference raises ZeroDivisionError"),
    "reference NaN": (changed(NLL, reference=lambda p: math.nan), "the reference gives NaN"),
    "reference no value": (changed(NLL, reference=lambda p: 1j), "no plain value"),
    "argument no value": (changed(NLL, draw=lambda rng: [Example("a", object())]), "no plain value"),
    "function mistake right": (
        changed(NLL, mistakes=[mistake(NLL.reference)]),
        "other gives the right answer at every",
    ),
    "function mistakes alike": (
        changed(NLL, mistakes=[mistake(lambda p: 0.0), mistake(lambda p: 0.0, "b")]),
        "the mistake b is taken for other",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_task_is_refused_with_its_id(name):
    task, told = BROKEN[name]
    with pytest.raises(CaseError, match=task.id) as caught:
        verify(task, 7)
    assert told in str(caught.value)


def test_two_tasks_with_one_id_are_refused():
    with pytest.raises(CaseError, match="task ppl: another task has this id"):
        verify_all([PPL, PPL], 7)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Mistake("Not kebab", "Look again.", 1),
        lambda: Mistake("empty", "  ", 1),
        lambda: FreeText("Why?", 1, [(1, "a")]),
        lambda: Choice("c", 0, {"a": "x"}, "a", []),
        lambda: Value("v", math.nan, 1.0, [], (0, 2)),
        lambda: Function("f", -1, abs, list, []),
    ],
)
def test_ids_codes_sentences_and_points_are_looked_at_when_written(make):
    with pytest.raises(CaseError):
        make()


def test_an_exception_may_be_the_right_result():
    def root(x):
        if x < 0:
            raise ValueError("below 0")
        return math.sqrt(x)

    task = Function(
        "root",
        1,
        root,
        lambda rng: [Example("above 0", rng.uniform(1, 2)), Example("below 0", -rng.uniform(1, 2))],
        [Mistake("no-error", "It should refuse a number below 0.", lambda x: math.sqrt(abs(x)))],
        raises=("ValueError",),
    )
    verify(task, 7)
