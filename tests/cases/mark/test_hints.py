"""Is a simple relation of wrong numbers to the right ones told, and no other?"""

import math

import numpy as np
import pytest

from grader.cases.mark.compare import Tolerance
from grader.cases.mark.hints import cut_short, hint

TOLERANCE = Tolerance(1e-6, 1e-9)
PROBS = np.array([0.1, 0.4, 0.5])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda x: -x, "The sign is the other way round."),
        (lambda x: x / math.log(2), "nats and bits are mixed up"),
        (lambda x: x * math.log(2), "nats and bits are mixed up"),
        (lambda x: -x / math.log(2), "nats and bits are mixed up"),
        (lambda x: x / math.log(10), "`log10` is not the natural logarithm"),
        (lambda x: 3 * x, "a sum where a mean is asked for?"),
        (lambda x: x / 3, "a mean where a sum is asked for?"),
        (lambda x: 1.7 * x, "All numbers are off by the same factor."),
        (lambda x: x + 1, "All numbers are off by the same amount."),
        (lambda x: x[::-1], "in the reverse order"),
        (lambda x: x[[1, 0, 2]], "in another order"),
        (lambda x: 0 * x, "All numbers are 0."),
        (lambda x: x**2, ""),
        (lambda x: x * math.nan, ""),
        (lambda x: x[None], ""),
    ],
)
def test_a_simple_relation_to_the_right_numbers_is_told(change, told):
    sentence = hint([(PROBS, change(PROBS), (PROBS,))], TOLERANCE)
    assert told in sentence
    assert bool(told) == bool(sentence)


def test_rounded_numbers_are_told_as_one_or_as_several():
    told = hint([(0.123456, 0.12, ()), (0.654321, 0.65, ())], TOLERANCE)
    assert told == "It is the right number with fewer digits; don't round it."
    told = hint([(np.array([0.123456, 0.654321]), np.array([0.12, 0.65]), ())], TOLERANCE)
    assert told == "They are the right numbers with fewer digits; don't round them."


@pytest.mark.parametrize(
    ("factor", "told"),
    [
        (15, "too large by a factor of the number of elements: a sum"),
        (1 / 105, "too small by a factor of the number of elements: a mean"),
        (3, "too large by a factor of the length of the first axis: a sum"),
        (1 / 5, "too small by a factor of the length of the second axis: a mean"),
        (7, "too large by a factor of the length of the third axis: a sum"),
    ],
)
def test_by_which_axis_was_divided_too_little_or_too_much_is_told(factor, told):
    assert told in hint([(2.0, 2.0 * factor, (np.zeros((3, 5, 7)), np.zeros((3, 5))))], TOLERANCE)


def test_an_axis_is_told_only_if_it_is_the_same_one_for_every_input():
    one, other = (np.zeros((3, 5)),), (np.zeros((4, 6)),)
    assert "second axis" in hint([(2.0, 10.0, one), (3.0, 18.0, other)], TOLERANCE)
    assert hint([(2.0, 10.0, one), (3.0, 12.0, other)], TOLERANCE) == ""


def test_a_swapped_pair_is_told_as_one():
    assert hint([([36, 45], [45, 36], ())], TOLERANCE).startswith("The two numbers are swapped")


def test_rounded_results_are_told_as_rounded():
    right = np.array([0.123456, 0.654321])
    assert "don't round them" in hint([(right, np.round(right, 3), ())], TOLERANCE)
    assert "don't round them" in hint([(right, np.floor(right * 1000) / 1000, ())], TOLERANCE)
    assert hint([(right, np.array([0.123, 0.7]), ())], TOLERANCE) == ""


def test_an_infinity_that_is_right_does_not_hide_the_relation_of_the_others():
    right = np.array([1.5, math.inf, 2.5])
    assert "nats and bits" in hint([(right, right / math.log(2), ())], TOLERANCE)
    assert hint([(right, np.array([3.0, 7.0, 5.0]), ())], TOLERANCE) == ""


def test_a_zero_that_came_out_otherwise_forbids_a_factor():
    assert hint([(np.array([0.0, 1.0, 2.0]), np.array([5.0, -1.0, -2.0]), ())], TOLERANCE) == ""
    told = hint([(np.array([0.0, 1.0, 2.0]), np.array([0.0, -1.0, -2.0]), ())], TOLERANCE)
    assert told.startswith("The sign")


@pytest.mark.parametrize(
    ("right", "given", "short"),
    [
        (8.16617, 8.2, True),
        (8.16617, 8.17, True),
        (8.16617, 8.16, True),
        (8.16617, np.float32(8.17), True),
        (8.16617, 8.0, True),
        (8.16617, 8.18, False),
        (8.16617, 8.3, False),
        (1000.0, 1024.0, False),
        (0.3, 0.0, False),
        (0.4, 1.0, False),
        (8.16617, math.nan, False),
        ([1.2345, 2.3456], [1.23, 2.35], True),
        ([1.2345, 2.3456], [1.23, 2.5], False),
    ],
)
def test_fewer_digits_are_told_from_another_number(right, given, short):
    assert cut_short(np.asarray(right), np.asarray(given)) is short
