"""Does the example of a wrong result show where it differs from the right one, as the student wrote it?"""

import numpy as np
import pytest

from grader.cases.mark.compare import Tolerance
from grader.cases.mark.example import example

TIGHT = Tolerance(1e-11, 1e-9)


@pytest.mark.parametrize(
    ("given", "right", "shown", "wanted"),
    [
        (10000.4, 10000.0, "10000.4", "10000"),
        (1.0 + 1e-8, 1.0, "1.00000001", "1"),
        (np.array([0.50001, -0.49999]), np.array([0.5, -0.5]), "[0.50001, -0.49999]", "[0.5, -0.5]"),
        ([0.123456789, 2.0], [0.123456999, 2.0], "[0.123456789, 2.0]", "[0.123456999, 2.0]"),
        ([np.array(0.0821), np.array(2)], [0.5, 2.0], "[0.0821, 2]", "[0.5, 2.0]"),
        (
            (np.array(0.25), np.eye(2)),
            (0.5, np.eye(2)),
            "(0.25, [[1, 0], [0, 1]])",
            "(0.5, [[1, 0], [0, 1]])",
        ),
        (np.array(3.0), 4.0, "3", "4"),
        ("no", "yes", "'no'", "'yes'"),
    ],
)
def test_what_is_given_and_what_is_expected_differ_in_print(given, right, shown, wanted):
    assert example([1], given, right, TIGHT) == f"For example, with 1 it gives {shown}; expected is {wanted}."


def test_of_many_numbers_the_first_that_is_wrong_is_shown_where_an_ellipsis_would_hide_it():
    right = np.arange(200)
    given = np.where(right == 77, 5, right)
    assert "it gives 5 at [77]; expected is 77." in example([1], given, right, TIGHT)
    table = np.ones((20, 20))
    told = example([1], (0.5, np.where(np.eye(20) > 0, table, table + 1e-7)), (0.5, table), TIGHT)
    assert told.endswith("it gives 1.0000001 in item 1 at [0, 1]; expected is 1.")


def test_a_long_list_with_one_wrong_number_shows_that_one():
    right = [float(n) for n in range(60)]
    assert "it gives 0 at [50]; expected is 50." in example(
        [1], [*right[:50], 0.0, *right[51:]], right, TIGHT
    )


def test_an_input_is_shown_as_one_would_type_it():
    told = example([[1e-323, 2.3], {"array": [0.5], "shape": [1], "dtype": "float64"}], 1.0, 2.0, TIGHT)
    assert told.startswith("For example, with [1e-323, 2.3], [0.5] it gives")
