"""Do the NumPy references from logits agree with SciPy, and do they hold at the edges?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import special

from solutions import SolutionsError
from solutions.information import (
    log_softmax,
    log_sum_exp,
    nll_from_logits,
    nll_gradient,
    nll_hessian,
    softmax,
)

RTOL, ATOL = 1e-12, 1e-12  # the same float64 sums in another order

finite = st.floats(-50, 50)
rows = arrays(np.float64, array_shapes(min_dims=1, max_dims=3, max_side=5), elements=finite)
hard = arrays(np.float64, (3, 4), elements=st.sampled_from([-np.inf, -1e4, -1.0, 0.0, 0.5, 1e4]))


def one_target_per_row(z: np.ndarray) -> np.ndarray:
    return (np.abs(z).sum(axis=-1).astype(int)) % z.shape[-1]


@settings(deadline=None)
@given(rows)
def test_log_sum_exp_softmax_and_log_softmax_agree_with_scipy(z):
    np.testing.assert_allclose(log_sum_exp(z), special.logsumexp(z, axis=-1), RTOL, ATOL)
    np.testing.assert_allclose(softmax(z), special.softmax(z, axis=-1), RTOL, ATOL)
    np.testing.assert_allclose(log_softmax(z), special.log_softmax(z, axis=-1), RTOL, ATOL)


@settings(deadline=None)
@given(hard)
def test_masks_and_huge_logits_agree_with_scipy_row_by_row(z):
    np.testing.assert_allclose(log_sum_exp(z), special.logsumexp(z, axis=-1), RTOL, ATOL)
    open_rows = z[~np.isneginf(z).all(axis=-1)]
    np.testing.assert_allclose(softmax(open_rows), special.softmax(open_rows, axis=-1), RTOL, ATOL)


@settings(deadline=None)
@given(rows, st.floats(-1000, 1000))
def test_a_constant_added_to_the_logits_shifts_log_sum_exp_and_leaves_the_softmax(z, c):
    np.testing.assert_allclose(log_sum_exp(z + c), log_sum_exp(z) + c, rtol=1e-12, atol=1e-11)
    np.testing.assert_allclose(softmax(z + c), softmax(z), rtol=1e-10, atol=1e-12)


@settings(deadline=None)
@given(rows)
def test_the_nll_is_the_log_of_the_softmax_at_the_target(z):
    y = one_target_per_row(z)
    chosen = np.take_along_axis(special.softmax(z, axis=-1), y[..., None], axis=-1)[..., 0]
    np.testing.assert_allclose(nll_from_logits(z, y), -np.log(chosen), rtol=1e-9, atol=1e-12)


@settings(deadline=None)
@given(arrays(np.float64, (2, 4), elements=st.floats(-5, 5)))
def test_gradient_and_hessian_agree_with_finite_differences(z):
    y, step = one_target_per_row(z), 1e-5
    for j, direction in enumerate(np.eye(4) * step):
        slope = (nll_from_logits(z + direction, y) - nll_from_logits(z - direction, y)) / (2 * step)
        np.testing.assert_allclose(nll_gradient(z, y)[:, j], slope, atol=1e-9)
        bend = (nll_gradient(z + direction, y) - nll_gradient(z - direction, y)) / (2 * step)
        np.testing.assert_allclose(nll_hessian(z)[:, :, j], bend, atol=1e-9)


@settings(deadline=None)
@given(rows)
def test_gradient_and_hessian_sum_to_zero_and_the_hessian_is_positive_semidefinite(z):
    np.testing.assert_allclose(nll_gradient(z, one_target_per_row(z)).sum(axis=-1), 0, atol=1e-14)
    hessian = nll_hessian(z)
    np.testing.assert_allclose(hessian.sum(axis=-1), 0, atol=1e-14)
    assert np.linalg.eigvalsh(hessian).min() >= -1e-14


def test_the_books_example_counts_classes_from_zero():
    assert nll_from_logits([2, 1, 3], 2) == pytest.approx(0.407606, abs=1e-6)
    assert nll_from_logits([2, 1, 3], 1) == pytest.approx(2.407606, abs=1e-6)


def test_small_and_large_temperatures_reach_the_limits():
    z = [2.0, 1.0, 3.0, 3.0]
    np.testing.assert_allclose(softmax(z, temperature=1e-300), [0, 0, 0.5, 0.5])
    np.testing.assert_allclose(softmax(z, temperature=1e9), 0.25, rtol=1e-8)


def test_float32_comes_in_and_float64_goes_out():
    z = np.array([[1.5, 90.0, 100.0]], dtype=np.float32)  # exp(100) overflows float32
    assert log_sum_exp(z).dtype == np.float64
    np.testing.assert_allclose(log_sum_exp(z), special.logsumexp(z.astype(np.float64), axis=-1), RTOL)


def test_a_fully_masked_row_is_minus_infinity_for_the_sum_and_an_error_for_the_distribution():
    z = [[0.0, 0.0], [-np.inf, -np.inf]]
    np.testing.assert_array_equal(log_sum_exp(z), [np.log(2), -np.inf])
    for reference in (softmax, log_softmax, nll_hessian):
        with pytest.raises(SolutionsError, match="leave at least one class unmasked"):
            reference(z)


def test_a_masked_target_has_infinite_loss_and_no_gradient():
    z = [0.0, -np.inf, 1.0]
    assert nll_from_logits(z, 1) == np.inf
    with pytest.raises(SolutionsError, match="a target is masked"):
        nll_gradient(z, 1)
    assert nll_gradient(z, 0)[1] == 0


@pytest.mark.parametrize(
    ("logits", "targets", "says"),
    [
        ([np.nan, 0.0], 0, "NaN or \\+inf"),
        ([np.inf, 0.0], 0, "NaN or \\+inf"),
        ([1j, 0.0], 0, "give real numbers"),
        (3.0, 0, "at least one class"),
        ([], 0, "at least one class"),
        ([0.0, 1.0], 2, "0..1"),
        ([0.0, 1.0], -1, "0..1"),
        ([0.0, 1.0], 1.0, "give integers"),
        ([[0.0, 1.0]], 1, "need \\(1,\\)"),
    ],
)
def test_what_is_outside_the_domain_is_refused_with_its_reason(logits, targets, says):
    with pytest.raises(SolutionsError, match=says):
        nll_from_logits(logits, targets)


@pytest.mark.parametrize("temperature", [0, -1, np.nan, np.inf])
def test_a_temperature_that_is_not_positive_is_refused(temperature):
    with pytest.raises(SolutionsError, match="positive real number"):
        softmax([0.0, 1.0], temperature)
