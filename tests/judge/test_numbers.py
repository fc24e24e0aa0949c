"""Which numbers does a notebook say that it was made with, whatever became of its cells?"""

import pytest

from grader.cases import Finding, Score
from grader.cases.mark.score import UNANSWERED
from grader.judge.exercise import ReleasedSet
from grader.judge.numbers import assigned, other_numbers, stated_numbers, with_other_numbers
from grader.judge.restore import Cell

FIXED = {"grade": False, "solution": False, "locked": True, "schema_version": 3}
GIVEN = "p = [0.25, 0.75]\nm = 3"
EXERCISE = ReleasedSet(
    "11_exam",
    "exam",
    {
        "cells": [
            {
                "cell_type": "code",
                "source": "import numpy as np",
                "metadata": {"nbgrader": FIXED | {"grade_id": "setup"}},
            },
            {"cell_type": "code", "source": GIVEN, "metadata": {"nbgrader": FIXED | {"grade_id": "given"}}},
        ]
    },
    {"kl": {"numbers": {"p": [0.25, 0.75], "m": 3}}, "why": {}},
)


def stated(*cells: Cell) -> dict:
    return stated_numbers(cells, EXERCISE)


def test_a_fixed_cell_says_the_numbers():
    assert stated(Cell("code", GIVEN, "given")) == {"p": [0.25, 0.75], "m": 3}
    assert stated(Cell("code", "p = [0.5, 0.5]\nm = 4", "given")) == {"p": [0.5, 0.5], "m": 4}


def test_a_cell_that_lost_its_id_is_known_by_the_names_it_sets():
    other = Cell("code", "p = [0.5, 0.5]\nm = 4")
    assert stated(other) == {"p": [0.5, 0.5], "m": 4}
    assert stated(other, Cell("code", "p = [1.0, 0.0]\nm = 9")) == {"p": [0.5, 0.5], "m": 4}


@pytest.mark.parametrize(
    "cell",
    [
        Cell("code", "p = [0.5, 0.5]"),  # a student's own, which sets less
        Cell("code", "p = [0.5, 0.5]\nm = 4\nx = 1"),
        Cell("markdown", GIVEN),
        Cell("code", "p = [0.5, 0.5]\nm = 4", "answer"),
        Cell("code", "this is no Python", "given"),
        Cell("code", "p = sorted(p)\nm += 1", "given"),
    ],
)
def test_what_is_no_fixed_cell_says_nothing(cell):
    assert stated(cell) == {}


def test_an_id_beats_a_cell_without_one():
    assert stated(Cell("code", "p = [0.5, 0.5]\nm = 4"), Cell("code", GIVEN, "given"))["m"] == 3


@pytest.mark.parametrize(
    "source", ["(" * 500, "x = " + "[" * 300, "x = \0", "x = " + "-" * 5000 + "1", "x = {[]: 1}", ""]
)
def test_a_cell_that_holds_anything_assigns_nothing_and_raises_nothing(source):
    assert assigned(source) == {}


def test_a_set_without_drawn_numbers_reads_no_cell():
    plain = ReleasedSet("01_tiny", "tiny", EXERCISE.notebook, {"why": {}})
    assert stated_numbers([Cell("code", GIVEN, "given")], plain) == {}


def test_other_numbers_are_told_with_both():
    told = other_numbers({"p": [0.5, 0.5], "m": 3}, EXERCISE)
    assert told == {"kl": "it has p = [0.5, 0.5] instead of [0.25, 0.75]"}
    assert other_numbers({"p": [0.25, 0.75], "m": 3.0}, EXERCISE) == {}
    assert other_numbers({}, EXERCISE) == {}


def test_a_number_of_a_thousand_digits_is_told_in_short():
    told = other_numbers({"m": "x\n" * 1000}, EXERCISE)["kl"]
    assert len(told) < 120 and "\n" not in told


def test_a_right_score_and_an_empty_answer_stand_and_others_go_to_a_person():
    wrong = Score(0.0, 2, [Finding("your answer", False, "swapped", "You swapped them.")], task="kl")
    review = with_other_numbers(wrong, "it has m = 4 instead of 3")
    assert review.needs_review and review.mistakes == () and "m = 4 instead of 3" in review.note
    right = Score(2.0, 2, [Finding("your answer", True, None, "")], task="kl")
    empty = Score(0.0, 2, [Finding("your answer", False, None, UNANSWERED)], task="kl")
    assert with_other_numbers(right, "it has …") is right
    assert with_other_numbers(empty, "it has …") is empty
