"""Do the references for batches, data sets and underflow agree with slow, obvious ones?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solutions import SolutionsError, information
from solutions.sequences import batch_nll, objectives, underflow_length

data_sets = st.lists(
    st.lists(st.floats(-20, 0).map(lambda x: x - 0.0), min_size=1, max_size=7), min_size=1, max_size=5
)


@settings(deadline=None)
@given(data_sets, st.floats(-np.inf, 0), st.booleans())
def test_padding_never_changes_a_loss(data_set, filling, in_front):
    T = max(map(len, data_set)) + 1
    table, mask = np.full((len(data_set), T), filling), np.zeros((len(data_set), T), dtype=bool)
    for row, sequence in enumerate(data_set):
        places = slice(T - len(sequence), T) if in_front else slice(len(sequence))
        table[row, places], mask[row, places] = sequence, True
    expected = [information.nll(np.exp(sequence)) for sequence in data_set]
    np.testing.assert_allclose(batch_nll(table, mask), expected, rtol=1e-10, atol=1e-10)


@settings(deadline=None)
@given(data_sets)
def test_the_three_objectives_are_one_total_over_three_counts(data_set):
    total, per_token, per_sequence = objectives(data_set)
    flat = [-x for sequence in data_set for x in sequence]
    assert total == pytest.approx(sum(flat), rel=1e-12)
    assert per_token == pytest.approx(np.mean(flat), rel=1e-12)
    assert per_sequence == pytest.approx(np.mean([-sum(s) for s in data_set]), rel=1e-12)


@pytest.mark.parametrize("bits", range(2, 20))
def test_a_product_of_powers_of_two_ends_below_the_smallest_number_of_the_format(bits):
    # The smallest float64 is 2**-1074, the smallest float32 2**-149; half of it is rounded to 0.
    assert underflow_length(2.0**-bits) == -(-1075 // bits)
    assert underflow_length(2.0**-bits, np.float32) == -(-150 // bits)


@pytest.mark.parametrize("prob", [1 / 50_000, 0.1, 0.37])
def test_the_product_is_zero_from_the_underflow_length_on_and_not_before(prob):
    length = underflow_length(prob)
    products = np.cumprod(np.full(length + 3, prob))
    assert (products[: length - 1] > 0).all() and (products[length - 1 :] == 0).all()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: batch_nll(np.zeros((2, 3)), np.ones((2, 2))), "both as"),
        (lambda: objectives([]), "at least one"),
        (lambda: objectives([[]]), "at least one"),
        (lambda: underflow_length(0.9), "below 0.5"),
    ],
)
def test_what_makes_no_sense_is_refused(call, says):
    with pytest.raises(SolutionsError, match=says):
        call()
