"""Does the comparison accept the right values in any form, and nothing else?"""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.cases.ask.encoding import encode_value
from grader.cases.decoding import decode_value
from grader.cases.mark.compare import Comparison, Tolerance, compare, same
from grader.cases.values import Foreign

TOLERANCE = Tolerance(1e-6, 1e-9)
finite = st.floats(-1e12, 1e12)
float_arrays = npst.arrays(
    "float64", npst.array_shapes(max_dims=3, max_side=4), elements=finite | st.just(-math.inf)
)


@given(float_arrays)
@settings(deadline=None)
def test_an_array_is_right_as_array_as_list_and_as_tuples(array):
    def tuples(value):
        return tuple(map(tuples, value)) if isinstance(value, list) else value

    for form in (array, array.copy(order="F"), array.tolist(), tuples(array.tolist()), list(array)):
        assert compare(array, form, TOLERANCE).ok


@given(finite, finite)
@settings(deadline=None)
def test_a_number_is_right_within_the_tolerance_and_wrong_beyond(expected, given_number):
    # math.isclose with rel_tol is relative to the larger number; the definition is written out instead.
    right = abs(given_number - expected) <= 1e-9 + 1e-6 * abs(expected)
    assert compare(expected, given_number, TOLERANCE).ok == right


@given(float_arrays, st.data())
@settings(deadline=None)
def test_one_wrong_entry_makes_an_array_wrong(array, data):
    place = data.draw(st.integers(0, array.size - 1))
    wrong = array.copy()
    wrong.flat[place] = data.draw(finite | st.sampled_from([math.nan, math.inf]))
    a, b = array.flat[place], wrong.flat[place]
    assume(not (math.isfinite(a) and abs(a - b) <= 1e-9 + 1e-6 * abs(a)))
    assert not compare(array, wrong, TOLERANCE).ok
    assert not compare(array, wrong.tolist(), TOLERANCE).ok


def test_equal_infinities_are_equal_and_nan_never():
    for expected, given_number, right in [
        (-math.inf, -math.inf, True),
        (-math.inf, math.inf, False),
        (-math.inf, -1e308, False),
        (1e308, math.inf, False),
        (1.0, math.nan, False),
        (math.nan, math.nan, False),
    ]:
        assert compare(expected, given_number, TOLERANCE).ok is right
        assert compare(np.array([expected]), np.array([given_number]), TOLERANCE).ok is right


@pytest.mark.parametrize(
    ("expected", "answer", "words"),
    [
        (1.0, True, "It is True, a truth value; a number is expected."),
        (1.0, "1.0", "It is a text (leave the quotes out); a number is expected."),
        (
            1.0,
            1j,
            "It is a complex number (the root or the logarithm of a negative number?); a number is expected.",
        ),
        (1.0, math.nan, "It is NaN;"),
        (1.0, math.inf, "It is infinite where a finite number is expected."),
        (math.inf, 1.0, "It is finite where it should be infinite."),
        (np.array([36.5, 45.0]), np.array([45, 36]), "2 of 2 numbers are not right."),
        (1.0, None, "It is None; a number is expected."),
        (1.0, Foreign("an object of type Foo"), "It is an object of type Foo; a number is expected."),
        (1.0, np.ones(2), "It holds 2 numbers; one number is expected."),
        (1.0, [1.0, "a"], "It is a list of 2 whose item 1 (counted from 0) is a text; a number is expected."),
        (np.zeros(2), 1.0, "It is one number; 2 numbers are expected, in a list or an array of shape (2,)."),
        (
            np.zeros(3),
            np.zeros((3, 1)),
            "It is an array of shape (3, 1); 3 numbers are expected: an axis of length 1",
        ),
        (1.0, 2.0, "It is not the right number."),
        (
            np.zeros((2, 3)),
            np.zeros((3, 2)),
            "It is an array of shape (3, 2); an array of shape (2, 3) is expected: rows and col",
        ),
        (np.zeros(2), [[0.0], [0.0, 1.0]], "It is a list of 2 that is no array of numbers"),
        (
            np.zeros(2),
            [0.0, "a"],
            "It is a list of 2 whose item 1 (counted from 0) is a text; an array of shape (2,)",
        ),
        (np.zeros(2), [0.0, True], "It is a list of 2 in which numbers and truth values are mixed; an array"),
        (
            np.zeros(2),
            Foreign("an object of type map"),
            "It is an object of type map, which holds no number yet (put list(",
        ),
        (
            np.zeros(2),
            np.zeros(2, bool),
            "It is an array of truth values of shape (2,); an array of shape (2,)",
        ),
        (np.zeros(2), np.zeros(2) * 1j, "It is an array of complex numbers of shape (2,)"),
        (
            np.array([0.5, 1]),
            np.array([0, 1]),
            "These are whole numbers, and the right ones are not: was something rounded",
        ),
        (np.array([0.5, 1]), np.array([0.5, math.nan]), "It is NaN in 1 of 2 entries;"),
        (np.array([0.5, 1]), np.array([0.5, math.inf]), "It is infinite in 1 of 2 entries"),
        (np.array([0.5, 1]), np.array([0.5, 2]), "1 of 2 numbers is not right."),
        (np.array([0.5]), [0.7], "Its one number is not right."),
        (np.zeros(3), np.array([0.0, 0.0, 2.0]), "1 of 3 numbers is not right, that in the last entry."),
        (
            np.zeros((3, 4)),
            np.eye(3, 4, 3),
            "1 of 12 numbers is not right, that in the last entry of its rows.",
        ),
        (
            np.zeros((3, 4)),
            np.array([[1.0, 1, 1, 1], [0] * 4, [0] * 4]),
            "4 of 12 numbers are not right, all in the first row.",
        ),
        (np.zeros((3, 4)), np.ones((3, 4)), "12 of 12 numbers are not right."),
        ("ab", 1.0, "It is a number; a text is expected."),
        ("ab", "ba", "It is not the right text."),
        ("not proper", "Not Proper ", "It is the right text but for spaces or capitals"),
        (True, 1, "It is a number; a truth value is expected."),
        (True, False, "It should be the other truth value."),
        ((1.0, "a"), (1.0,), "It has 1 items; 2 are expected."),
        ((1.0, "a"), (2.0, "a"), "Item 0 (counted from 0): It is not the right number."),
        ({"a": 1.0}, {"b": 1.0}, "It has 1 keys"),
        ({"a": 1.0}, {"a": 2.0}, "Under one of the keys: It is not the right number."),
    ],
)
def test_a_wrong_value_is_told_in_its_own_words(expected, answer, words):
    result = compare(expected, answer, TOLERANCE)
    assert not result.ok
    assert result.sentence.startswith(words)


@pytest.mark.parametrize(
    ("expected", "answer", "words"),
    [
        (np.array([1.0, 2.0]), [1, 2], "A list was read as an array."),
        (np.array([1.0, 2.0]), (1.0, 2.0), "A tuple was read as an array."),
        (np.array([1.0, 2.0]), np.array([1, 2]), "The dtype is int64; float64 would be usual."),
        (2.0, 2, ""),
        (2, 2.0, ""),
        (2.0, np.array(2.0), ""),
        (2.0, np.ones((1, 1)) * 2, ""),
        (2.0, [2.0], ""),
        ([1.0, 2.0], [np.array([1.0]), 2.0], ""),
        ([1.0, 2.0], [[1.0], [2.0]], ""),
        ("ab", ["ab"], ""),
        ([1.0, 2.0], np.array([1.0, 2.0]), ""),
        ((1.0, "a"), [1.0, "a"], ""),
        (True, np.array(True), ""),
        (10**25, 10**25, ""),
    ],
)
def test_a_right_value_in_another_form_is_right(expected, answer, words):
    result = compare(expected, answer, TOLERANCE)
    assert result.ok
    assert result.sentence == words


def test_a_single_answer_is_told_of_lists_and_not_of_arrays():
    right = np.array([0.5, 1.5])
    assert compare(right, [0.5, 1.5], TOLERANCE, any_shape=True) == Comparison(True)
    for answer in (["a", 1.5], Foreign("an object of type set"), np.array([True, False])):
        assert compare(right, answer, TOLERANCE, any_shape=True).sentence.endswith(
            "; a list of 2 numbers is expected."
        )
    told = compare(np.array([0.5]), 0.5, TOLERANCE).sentence
    assert told == "It is a number by itself; a list of one number is expected."


def test_one_number_is_spoken_of_as_one():
    told = compare(1.5, np.array(1), TOLERANCE).sentence
    assert told == "This is a whole number, and the right one is not: was it rounded, or divided by //?"


def test_single_precision_gets_its_allowance_only_where_the_task_says_so():
    expected = np.log(np.array([3.0, 5.0, 7.0])) * 1e4
    single = Tolerance(0.0, 1e-6, single=2e-3)
    answer = expected.astype(np.float32)
    assert not compare(expected, answer, Tolerance(0.0, 1e-6)).ok
    assert "to the precision of float32 only" in compare(expected, answer, Tolerance(0.0, 1e-6)).sentence
    right = compare(expected, answer, single)
    assert right.ok and right.sentence.startswith("It was computed in float32")
    # `.item()` and `.tolist()` make floats of float32 numbers; these are still such numbers.
    assert compare(expected, answer.astype(float), single).ok
    assert not compare(expected, expected + 1e-3, single).ok


@given(st.floats(1.0, 1e4), st.sampled_from([-1.0, 1.0]))
@settings(deadline=None)
def test_no_float32_is_right_when_it_is_a_nat_off(expected, off):
    answer = np.float32(expected + off)
    assert not compare(
        np.array(expected), np.array(answer), Tolerance(0.0, 1e-6, single=4 * 2.0**-23 * 1e4)
    ).ok


def test_coarser_precisions_are_told_and_not_accepted():
    torch = pytest.importorskip("torch")
    expected = np.log(np.array([3.0, 5.0, 7.0]))
    for precision in (torch.float16, torch.bfloat16):
        given_numbers = decode_value(encode_value(torch.tensor(expected, dtype=precision)))
        result = compare(expected, given_numbers, Tolerance(0.0, 1e-6, single=1e-6))
        assert not result.ok
        assert f"to the precision of {str(precision).removeprefix('torch.')} only" in result.sentence


@given(float_arrays)
@settings(deadline=None)
def test_as_wrong_values_nan_equals_nan_and_shapes_count(array):
    holed = array.copy()
    holed.flat[0] = math.nan
    assert same(holed, holed.tolist(), TOLERANCE)
    assert not same(holed, array, TOLERANCE)
    assert not same(array, array[None], TOLERANCE)


def test_as_wrong_values_kinds_are_kept_apart():
    kinds = [None, 1.5, "a", 1j, True, [1.5, "a"], {"a": 1.5}, Foreign("an object of type Foo")]
    for i, one in enumerate(kinds):
        for j, other in enumerate(kinds):
            assert same(one, other, TOLERANCE) is (i == j)
