"""Are evidence, bounds and posteriors those that brute force, exact fractions and integrals give?"""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from solutions import SolutionsError
from solutions.latent_variables import (
    elbo,
    elbo_gap,
    gaussian_kl,
    iwae,
    iwae_bound,
    linear_gaussian_evidence,
    linear_gaussian_posterior,
    log_evidence,
    posterior,
)

tables = st.integers(1, 4).flatmap(
    lambda n: st.tuples(*(st.lists(st.integers(1, 9), min_size=n, max_size=n) for _ in range(3)))
)


def fractions(table) -> tuple[list[Fraction], list[Fraction], list[Fraction]]:
    """A prior, a likelihood and a q; the likelihood needs no sum."""
    prior, likelihood, q = table
    return (
        [Fraction(a, sum(prior)) for a in prior],
        [Fraction(a, 10) for a in likelihood],
        [Fraction(a, sum(q)) for a in q],
    )


@given(tables)
def test_evidence_posterior_and_bound_are_those_of_exact_fractions(table):
    prior, likelihood, q = fractions(table)
    joint = [p * g for p, g in zip(prior, likelihood, strict=True)]
    arrays = [np.array([float(v) for v in row]) for row in (prior, likelihood, q)]
    assert log_evidence(*arrays[:2]) == pytest.approx(math.log(sum(joint)))
    assert posterior(*arrays[:2]) == pytest.approx([float(j / sum(joint)) for j in joint])
    bound = sum(float(w) * math.log(j / w) for w, j in zip(q, joint, strict=True))
    assert elbo(*arrays) == pytest.approx(bound, abs=1e-12)
    assert elbo_gap(*arrays) == pytest.approx(math.log(sum(joint)) - bound, abs=1e-12)
    assert elbo(*arrays[:2], posterior(*arrays[:2])) == pytest.approx(log_evidence(*arrays[:2]))


@settings(deadline=None, max_examples=40)
@given(tables)
def test_more_draws_bring_the_bound_closer_and_never_above_the_evidence(table):
    arrays = [np.array([float(v) for v in row]) for row in fractions(table)]
    bounds = [iwae_bound(*arrays, draws) for draws in (1, 2, 3, 4)]
    assert bounds[0] == pytest.approx(elbo(*arrays))
    assert all(
        one <= other + 1e-12 for one, other in itertools.pairwise([*bounds, log_evidence(*arrays[:2])])
    )


def test_the_exact_bound_is_the_mean_of_estimates():
    prior, likelihood, q = np.array([0.6, 0.3, 0.1]), np.array([0.1, 0.9, 0.4]), np.array([0.2, 0.5, 0.3])
    rng = np.random.default_rng(0)
    drawn = rng.choice(3, size=(200_000, 3), p=q)
    told = iwae(np.log(prior * likelihood / q)[drawn])
    assert told.mean() == pytest.approx(
        iwae_bound(prior, likelihood, q, 3), abs=4 * told.std() / 200_000**0.5
    )


def test_a_latent_that_cannot_give_the_observation_makes_the_bound_infinite():
    assert elbo([0.5, 0.5], [0.8, 0.0], [0.5, 0.5]) == -math.inf
    assert elbo([0.5, 0.5], [0.8, 0.0], [1.0, 0.0]) == pytest.approx(math.log(0.4))
    assert elbo_gap([0.5, 0.5], [0.8, 0.0], [0.5, 0.5]) == math.inf
    assert iwae_bound([0.5, 0.5], [0.8, 0.0], [0.5, 0.5], 2) == -math.inf


@settings(deadline=None, max_examples=40)
@given(st.floats(-2, 2), st.floats(0.3, 2), st.floats(-2, 2), st.floats(0.3, 2))
def test_the_divergence_of_gaussians_is_the_integral(mean, std, mean_2, std_2):
    x = np.linspace(mean - 12 * std, mean + 12 * std, 20_001)
    p = stats.norm(mean, std)
    expected = integrate.simpson(p.pdf(x) * (p.logpdf(x) - stats.norm.logpdf(x, mean_2, std_2)), x=x)
    assert gaussian_kl(mean, std, mean_2, std_2) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(("weight", "bias", "noise"), [(2.0, 1.0, 0.5), (-0.7, 0.0, 1.3), (0.0, 2.0, 1.0)])
def test_the_linear_gaussian_model_is_what_integration_gives(weight, bias, noise):
    z, x = np.linspace(-10, 10, 20_001), 1.7
    joint = stats.norm.pdf(z) * stats.norm.pdf(x, weight * z + bias, noise)
    evidence = integrate.simpson(joint, x=z)
    mean, std = linear_gaussian_evidence(weight, bias, noise)
    assert stats.norm.pdf(x, mean, std) == pytest.approx(evidence, rel=1e-9)
    at, spread = linear_gaussian_posterior(x, weight, bias, noise)
    assert stats.norm.pdf(z, at, spread) == pytest.approx(joint / evidence, abs=1e-9)


@pytest.mark.parametrize(
    "call",
    [
        lambda: log_evidence([0.5, 0.4], [1.0, 1.0]),
        lambda: log_evidence([1.0], [0.0]),
        lambda: log_evidence([1.0], [-1.0]),
        lambda: posterior([0.5, 0.5], [1.0]),
        lambda: elbo([0.5, 0.5], [1.0, 1.0], [1.0]),
        lambda: elbo([0.5, 0.5], [1.0, 1.0], [1.5, -0.5]),
        lambda: iwae(np.zeros((3, 0))),
        lambda: iwae_bound([0.5, 0.5], [1.0, 1.0], [0.5, 0.5], 40),
        lambda: iwae_bound([0.5, 0.5], [1.0, 1.0], [0.5, 0.5], 0),
        lambda: gaussian_kl(0.0, 0.0),
        lambda: linear_gaussian_evidence(1.0, 0.0, 0.0),
    ],
)
def test_what_does_not_fit_is_refused(call):
    with pytest.raises(SolutionsError):
        call()
