"""Do densities of transformed variables integrate to 1, and are log-determinants those of the Jacobian?"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from solutions import SolutionsError
from solutions.flows import (
    affine_log_density,
    bits_per_dimension,
    coupling_forward,
    coupling_inverse,
    flow_nll,
    gaussian_log_density,
    nats_per_dimension,
    transformed_log_density,
)

RNG = np.random.default_rng(0)
WEIGHTS = RNG.normal(size=(2, 2, 3))


def log_scale(kept: np.ndarray) -> np.ndarray:
    return np.tanh(kept @ WEIGHTS[0])


def shift(kept: np.ndarray) -> np.ndarray:
    return np.sin(kept @ WEIGHTS[1])


def jacobian(f, at: np.ndarray, step: float = 1e-6) -> np.ndarray:
    columns = [(f(at + step * e) - f(at - step * e)) / (2 * step) for e in np.eye(len(at))]
    return np.stack(columns, axis=1)


@given(st.floats(-5, 5), st.floats(-3, 3), st.floats(0.1, 4))
def test_the_gaussian_density_is_scipys(x, mean, std):
    assert gaussian_log_density(x, mean, std) == pytest.approx(stats.norm.logpdf(x, mean, std), rel=1e-12)


@given(st.floats(-5, 5), st.sampled_from([-3.0, -0.5, 0.2, 2.0]), st.floats(-3, 3))
def test_an_affine_density_is_that_of_the_gaussian_it_makes(x, scale, shift):
    expected = stats.norm.logpdf(x, shift, abs(scale))
    assert affine_log_density(x, scale, shift) == pytest.approx(expected, rel=1e-9)


def test_a_density_through_a_monotone_curve_has_mass_1_and_the_samples_quantiles():
    def density(x):  # x = u + u³, turned round: u = g(x) falls
        roots = [np.roots([1, 0, 1, value]) for value in np.atleast_1d(x)]
        u = np.array([r[np.abs(r.imag).argmin()].real for r in roots])
        at = dict(zip(np.atleast_1d(x), u, strict=True))
        told = transformed_log_density(
            np.atleast_1d(x),
            lambda x: np.array([at[value] for value in x]),
            lambda x: np.array([-1 / (1 + 3 * at[value] ** 2) for value in x]),
        )
        return np.exp(told)

    x = np.linspace(-150, 150, 60_001)
    p = density(x)
    assert integrate.simpson(p, x=x) == pytest.approx(1, abs=1e-6)
    left = integrate.simpson(p[x <= 2], x=x[x <= 2])
    assert left == pytest.approx(stats.norm.sf(-1), abs=1e-4)  # x ≤ 2 where −u ≤ 1


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(-2, 2), min_size=5, max_size=5))
def test_the_log_determinant_of_a_coupling_layer_is_that_of_its_jacobian(entries):
    u = np.array(entries)
    x, log_det = coupling_forward(u, log_scale, shift)
    back, log_det_back = coupling_inverse(x, log_scale, shift)
    assert back == pytest.approx(u, abs=1e-9)
    assert log_det_back == pytest.approx(-log_det)
    at = jacobian(lambda u: coupling_forward(u, log_scale, shift)[0], u)
    assert log_det == pytest.approx(np.linalg.slogdet(at)[1], abs=1e-5)


def test_the_nll_of_a_flow_is_that_of_the_gaussian_which_it_makes():
    matrix = np.array([[2.0, 0.0], [1.0, 0.5]])
    x = RNG.normal(size=(40, 2))
    inverse = np.linalg.inv(matrix)

    def lower(y):
        return y @ inverse.T, np.full(len(y), -np.linalg.slogdet(matrix)[1])

    def double(y):
        return 2 * y, np.full(len(y), 2 * math.log(2))

    expected = -stats.multivariate_normal.logpdf(x, cov=matrix @ matrix.T / 4).mean()
    assert flow_nll(x, [lower, double]) == pytest.approx(expected)


def test_bits_per_dimension_do_not_depend_on_the_scale_of_the_pixels():
    pixels = RNG.integers(0, 256, size=(50, 12))
    noisy = pixels + RNG.random(pixels.shape)
    plain = -stats.norm.logpdf(noisy, 128, 60).sum(axis=1).mean()
    scaled = -stats.norm.logpdf(noisy / 256, 128 / 256, 60 / 256).sum(axis=1).mean()
    assert scaled < plain
    told = [bits_per_dimension(plain, 12), bits_per_dimension(scaled, 12, bin_width=1 / 256)]
    assert told[0] == pytest.approx(told[1])
    assert told[0] == pytest.approx(nats_per_dimension(plain, 12) / math.log(2))


@pytest.mark.parametrize(
    "call",
    [
        lambda: gaussian_log_density(0.0, 0.0, 0.0),
        lambda: affine_log_density(1.0, 0.0),
        lambda: affine_log_density(1.0, math.inf),
        lambda: transformed_log_density([-1.0, 1.0], np.square, lambda x: 2 * x),
        lambda: coupling_forward([1.0], log_scale, shift),
        lambda: coupling_inverse(np.zeros(5), lambda a: a, shift),
        lambda: flow_nll(np.zeros((0, 2)), []),
        lambda: flow_nll(np.zeros((3, 2)), [lambda x: (x, 0.0)]),
        lambda: nats_per_dimension(1.0, 0),
        lambda: bits_per_dimension(1.0, 3, bin_width=0.0),
    ],
)
def test_what_is_no_flow_is_refused(call):
    with pytest.raises(SolutionsError, match=r"give|needs|monotone"):
        call()
