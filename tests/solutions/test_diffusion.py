"""Is the noising process what its steps make, its posterior Bayes' rule, and the bound a bound?"""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from solutions import SolutionsError
from solutions.diffusion import (
    alpha_bar,
    diffusion_bound,
    diffusion_posterior,
    epsilon_weight,
    geometric_schedule,
)
from solutions.latent_variables import gaussian_kl

BETA = np.array([0.1, 0.3, 0.2])


def test_steps_in_turn_have_the_moments_of_one_jump():
    rng = np.random.default_rng(0)
    x = np.full(400_000, 1.5)
    for beta in BETA:
        x = math.sqrt(1 - beta) * x + math.sqrt(beta) * rng.normal(size=x.shape)
    signal = alpha_bar(BETA)[-1]
    assert x.mean() == pytest.approx(1.5 * math.sqrt(signal), abs=0.01)
    assert x.var() == pytest.approx(1 - signal, abs=0.01)


@pytest.mark.parametrize("t", [2, 3])
def test_the_posterior_is_what_bayes_rule_gives_on_a_grid(t):
    x_0, x_t, grid = 0.8, -0.4, np.linspace(-12, 12, 40_001)
    bars = alpha_bar(BETA)
    before = stats.norm.pdf(grid, math.sqrt(bars[t - 2]) * x_0, math.sqrt(1 - bars[t - 2]))
    weights = before * stats.norm.pdf(x_t, math.sqrt(1 - BETA[t - 1]) * grid, math.sqrt(BETA[t - 1]))
    weights /= integrate.simpson(weights, x=grid)
    mean = integrate.simpson(weights * grid, x=grid)
    variance = integrate.simpson(weights * (grid - mean) ** 2, x=grid)
    assert diffusion_posterior(x_0, x_t, t, BETA) == pytest.approx((mean, variance), abs=1e-9)


def test_at_the_first_step_the_posterior_is_the_point_itself():
    assert diffusion_posterior(0.8, -0.4, 1, BETA) == pytest.approx((0.8, 0.0))


@pytest.mark.parametrize("t", [2, 3])
def test_the_weight_of_the_noise_is_that_of_the_divergence(t):
    x_0, epsilon, guessed = 0.8, 0.3, -0.9
    bar = alpha_bar(BETA)[t - 1]
    x_t = math.sqrt(bar) * x_0 + math.sqrt(1 - bar) * epsilon
    believed = (x_t - math.sqrt(1 - bar) * guessed) / math.sqrt(bar)
    (mean, variance), (other, _) = (diffusion_posterior(x, x_t, t, BETA) for x in (x_0, believed))
    divergence = gaussian_kl(mean, math.sqrt(variance), other, math.sqrt(variance))
    assert epsilon_weight(t, BETA) * (epsilon - guessed) ** 2 == pytest.approx(divergence)


@pytest.mark.parametrize("T", [1, 2, 3, 8])
def test_the_bound_of_gaussian_data_is_the_exact_one(T):
    """With data N(0, 1) and the best denoiser, every term of the bound has a closed form."""
    beta = geometric_schedule(T, 0.05)
    bars = alpha_bar(beta)
    exact = 0.5 * (bars[-1] + 1 - bars[-1] - 1 - math.log(1 - bars[-1]))
    for t in range(2, T + 1):  # E(x_0 − √ᾱ x_t)² = 1 − ᾱ
        variance = beta[t - 1] * (1 - bars[t - 2]) / (1 - bars[t - 1])
        exact += bars[t - 2] * beta[t - 1] ** 2 / (1 - bars[t - 1]) / (2 * variance)
    exact += 0.5 * math.log(2 * math.pi * beta[0]) + (1 - bars[0]) / (2 * beta[0])
    x_0 = np.random.default_rng(1).normal(size=200_000)
    told = diffusion_bound(x_0, beta, lambda x, t: math.sqrt(bars[t - 1]) * x, np.random.default_rng(2))
    assert told.mean() == pytest.approx(exact, abs=4 * told.std() / len(told) ** 0.5)
    assert exact >= 0.5 * math.log(2 * math.pi * math.e)


def test_a_worse_denoiser_has_a_larger_bound():
    beta = geometric_schedule(20)
    bars, x_0 = alpha_bar(beta), np.random.default_rng(1).normal(size=5000)
    bounds = [
        diffusion_bound(
            x_0, beta, lambda x, t, f=factor: f * math.sqrt(bars[t - 1]) * x, np.random.default_rng(2)
        ).mean()
        for factor in (1.0, 0.9, 1.1)
    ]
    assert bounds[0] < min(bounds[1:])


@pytest.mark.parametrize(
    "call",
    [
        lambda: alpha_bar([0.0]),
        lambda: alpha_bar([]),
        lambda: alpha_bar([[0.5]]),
        lambda: geometric_schedule(0),
        lambda: geometric_schedule(3, 2.0, 1.0),
        lambda: diffusion_posterior(0.0, 0.0, 4, BETA),
        lambda: diffusion_posterior(0.0, 0.0, 0, BETA),
        lambda: epsilon_weight(1, BETA),
        lambda: diffusion_bound(0.0, BETA, lambda x, t: x, np.random.default_rng(0)),
        lambda: diffusion_bound([0.0], BETA, lambda x, t: x, np.random.default_rng(0), last_std=0.0),
    ],
)
def test_what_is_no_schedule_or_step_is_refused(call):
    with pytest.raises(SolutionsError, match="give"):
        call()
