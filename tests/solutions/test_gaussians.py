"""Does the moment-matched Gaussian have the mixture's moments, and the smallest forward divergence?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from solutions import SolutionsError
from solutions.gaussians import moment_match

X = np.linspace(-40, 40, 8001)

components = st.lists(
    st.tuples(st.integers(1, 9), st.floats(-5, 5), st.floats(0.3, 3)), min_size=1, max_size=4
)


def arrays(parts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    weights, means, stds = (np.array(column, dtype=float) for column in zip(*parts, strict=True))
    return weights / weights.sum(), means, stds


def density(weights, means, stds) -> np.ndarray:
    return (weights * stats.norm.pdf(X[:, None], means, stds)).sum(axis=-1)


@settings(deadline=None, max_examples=50)
@given(components)
def test_the_moments_are_those_of_the_integrated_density(parts):
    p = density(*arrays(parts))
    mean = integrate.simpson(p * X, x=X)
    variance = integrate.simpson(p * (X - mean) ** 2, x=X)
    assert moment_match(*arrays(parts)) == pytest.approx((mean, np.sqrt(variance)), rel=1e-8, abs=1e-8)


@settings(deadline=None, max_examples=50)
@given(components, st.floats(-1, 1), st.floats(0.7, 1.4))
def test_every_other_gaussian_has_a_larger_forward_divergence(parts, shift, factor):
    p = density(*arrays(parts))
    mean, std = moment_match(*arrays(parts))

    def cross_entropy(mean: float, std: float) -> float:  # KL(p‖q) up to the entropy of p
        return float(integrate.simpson(-p * stats.norm.logpdf(X, mean, std), x=X))

    assert cross_entropy(mean, std) <= cross_entropy(mean + shift, std * factor) + 1e-9


@pytest.mark.parametrize(
    "arguments",
    [([0.5, 0.6], [0, 1], [1, 1]), ([1.0], [0.0], [0.0]), ([0.5, 0.5], [0.0], [1.0]), (1.0, 0.0, 1.0)],
)
def test_what_is_no_mixture_is_refused(arguments):
    with pytest.raises(SolutionsError, match="give"):
        moment_match(*arguments)
