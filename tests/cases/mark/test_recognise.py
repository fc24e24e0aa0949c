"""Are mistakes named when they explain an answer, and only then?"""

import math

import numpy as np
import pytest

from grader.cases.mark.compare import Tolerance
from grader.cases.mark.recognise import hint, recognise

TOLERANCE = Tolerance(1e-6, 1e-9)


@pytest.mark.parametrize(
    ("wrong", "agreeing", "named"),
    [
        ({0, 1}, [{0, 1}], {0: 0, 1: 0}),
        ({0, 1}, [{0}, {0, 1}], {0: 1, 1: 1}),
        ({0, 1, 2}, [{0, 1}, {2}], {0: 0, 1: 0, 2: 1}),
        ({0, 1, 2}, [{0, 1}], {0: 0, 1: 0}),
        ({0, 1, 2}, [{0}], {}),
        ({0, 1}, [{0}], {}),
        ({0}, [{0}, {0, 1, 2}], {0: 1}),
        ({0}, [{0, 1}, {0, 2}], {0: 0}),
        ({0}, [], {}),
        ({0, 1, 2, 3}, [{0}, {1}, {2}, {3}], {0: 0, 1: 1, 2: 2}),
    ],
)
def test_the_mistakes_that_explain_most_are_named(wrong, agreeing, named):
    assert recognise(wrong, agreeing, [a & wrong for a in agreeing]) == named


PROBS = np.array([0.1, 0.4, 0.5])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda x: -x, "The sign is the other way round."),
        (lambda x: x / math.log(2), "nats and bits are mixed up"),
        (lambda x: x * math.log(2), "nats and bits are mixed up"),
        (lambda x: 3 * x, "a sum where a mean is asked for?"),
        (lambda x: x / 3, "a mean where a sum is asked for?"),
        (lambda x: 1.7 * x, "All numbers are off by the same factor."),
        (lambda x: x + 1, "All numbers are off by the same amount."),
        (lambda x: x**2, ""),
        (lambda x: x * math.nan, ""),
        (lambda x: x[None], ""),
    ],
)
def test_a_simple_relation_to_the_right_numbers_is_told(change, told):
    sentence = hint([(PROBS, change(PROBS), (PROBS,))], TOLERANCE)
    assert told in sentence
    assert bool(told) == bool(sentence)


def test_a_zero_that_came_out_otherwise_forbids_a_factor():
    assert hint([(np.array([0.0, 1.0, 2.0]), np.array([5.0, -1.0, -2.0]), ())], TOLERANCE) == ""
    assert hint([(np.array([0.0, 1.0, 2.0]), np.array([0.0, -1.0, -2.0]), ())], TOLERANCE).startswith(
        "The sign"
    )
