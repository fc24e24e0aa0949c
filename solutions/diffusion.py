"""Diffusion models of one number, in NumPy: the noising process, its posterior, and the bound.

Step t multiplies by √α_t and adds noise of variance β_t = 1 − α_t. Steps are counted 1 … T; entry t − 1 of an array is
step t's. Losses are in nats.

Source: chapter 10 of the book; Ho, Jain & Abbeel (2020); Kingma, Salimans, Poole & Ho (2021).
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions import SolutionsError
from solutions.flows import gaussian_log_density
from solutions.latent_variables import gaussian_kl

Array = NDArray[np.float64]
Denoiser = Callable[[Array, int], Array]


def alpha_bar(beta: ArrayLike) -> Array:
    """Return ᾱ_t = ∏_{s ≤ t} (1 − β_s), how much of the signal's variance is left after t steps.

    Args:
        beta: shape ``(T,)``, each in (0, 1).

    Returns:
        Shape ``(T,)``, falling, in (0, 1).

    Raises:
        SolutionsError: for another shape or a β outside (0, 1).

    Source: {eq}`alpha-bar-definition`, {eq}`two-noising-steps`.

    >>> alpha_bar([0.1, 0.2])
    array([0.9 , 0.72])
    """
    b = np.asarray(beta, dtype=np.float64)
    if b.ndim != 1 or b.size == 0 or not ((b > 0) & (b < 1)).all():
        raise SolutionsError(f"beta of shape {b.shape}; give (T,), T ≥ 1, with each between 0 and 1")
    return np.cumprod(1 - b)


def geometric_schedule(T: int, least: float = 1e-5, most: float = 8.0) -> Array:
    """Return β_1 … β_T such that −log ᾱ_t grows by the same factor in every step, from `least` to `most`.

    Steps are then fine where little noise has been added, which is where most of the likelihood is decided.

    Raises:
        SolutionsError: for no step, or numbers that don't rise from above 0.

    >>> beta = geometric_schedule(3, 0.01, 1.0)
    >>> (-np.log(alpha_bar(beta))).round(9)
    array([0.01, 0.1 , 1.  ])
    """
    if T < 1 or not 0 < least < most < math.inf:
        raise SolutionsError(f"T = {T}, from {least} to {most}; give T ≥ 1 and 0 < least < most")
    noise = np.geomspace(least, most, T) if T > 1 else np.array([most])
    return -np.expm1(-np.diff(noise, prepend=0.0))


def diffusion_posterior(x_0: ArrayLike, x_t: ArrayLike, t: int, beta: ArrayLike) -> tuple[Array, float]:
    """Return mean and variance of x_{t−1} given x_t and x_0.

    Args:
        x_0, x_t: shapes that broadcast together.
        t: the step, 1 … T. At t = 1, x_{t−1} is x_0 itself: mean x_0, variance 0.
        beta: as for `alpha_bar`.

    Returns:
        The mean, of the broadcast shape, and the variance β_t (1 − ᾱ_{t−1})/(1 − ᾱ_t).

    Raises:
        SolutionsError: for a step outside 1 … T.

    Source: {eq}`diffusion-posterior`.

    >>> mean, variance = diffusion_posterior(1.0, 0.0, 2, [0.1, 0.2])
    >>> float(mean.round(4)), round(variance, 4)
    (0.6776, 0.0714)
    """
    bars, b = _step(t, beta)
    before, after = (bars[t - 2] if t > 1 else 1.0), bars[t - 1]
    clean, noisy = np.asarray(x_0, dtype=np.float64), np.asarray(x_t, dtype=np.float64)
    of_clean = math.sqrt(before) * b / (1 - after)
    of_noisy = math.sqrt(1 - b) * (1 - before) / (1 - after)
    return np.asarray(of_clean * clean + of_noisy * noisy)[()], float(b * (1 - before) / (1 - after))


def epsilon_weight(t: int, beta: ArrayLike) -> float:
    """Return what (ε − ε̂)² is multiplied by in step t's KL divergence, t ≥ 2, in nats.

    The model's variance is that of the posterior. Leaving the weight out makes the ε-loss, which is no bound.

    Raises:
        SolutionsError: for a step outside 2 … T.

    Source: {eq}`epsilon-loss`.

    >>> round(epsilon_weight(2, [0.1, 0.2]), 4)
    1.25
    """
    if t < 2:
        raise SolutionsError(f"step {t}; step 1 has no KL divergence, give 2 … T")
    bars, b = _step(t, beta)
    return float(b / (2 * (1 - b) * (1 - bars[t - 2])))


def diffusion_bound(
    x_0: ArrayLike,
    beta: ArrayLike,
    denoise: Denoiser,
    rng: np.random.Generator,
    last_std: float | None = None,
) -> Array:
    """Return for each point an unbiased estimate of a bound on its negative log-likelihood, in nats.

    It is KL(q(x_T | x_0) ‖ N(0, 1)) + Σ_{t ≥ 2} KL(q(x_{t−1} | x_t, x_0) ‖ p(x_{t−1} | x_t)) − log p(x_0 | x_1), with
    one draw of x_t for each step. The model's steps have the posterior's variance; the last is N(x̂_0(x_1), last_std²).

    Args:
        x_0: shape ``(n,)``.
        beta: as for `alpha_bar`.
        denoise: x̂_0, a function of x_t, shape ``(n,)``, and t.
        rng: for the draws of x_t.
        last_std: of p(x_0 | x_1), √β_1 by default.

    Returns:
        Shape ``(n,)``. Its mean over draws is at least −log p(x_0).

    Raises:
        SolutionsError: for another shape, or a last_std that is not positive.

    Source: {eq}`diffusion-bound-definition`.

    >>> rng = np.random.default_rng(0)
    >>> x_0 = rng.normal(size=10_000)  # standard normal data, so E[x_0 | x_t] = √ᾱ_t x_t
    >>> beta = geometric_schedule(300)
    >>> exact = lambda x_t, t: math.sqrt(alpha_bar(beta)[t - 1]) * x_t
    >>> bound = diffusion_bound(x_0, beta, exact, rng).mean()
    >>> 1.419 < bound < 1.55  # the entropy is 1.419
    np.True_
    """
    clean = np.asarray(x_0, dtype=np.float64)
    bars = alpha_bar(beta)
    b = np.asarray(beta, dtype=np.float64)
    std = math.sqrt(b[0]) if last_std is None else last_std
    if clean.ndim != 1 or not std > 0:
        raise SolutionsError(f"points of shape {clean.shape}, last_std {std}; give (n,) and a number > 0")
    total = np.asarray(gaussian_kl(math.sqrt(bars[-1]) * clean, math.sqrt(1 - bars[-1])))
    for t in range(1, len(bars) + 1):
        noisy = math.sqrt(bars[t - 1]) * clean + math.sqrt(1 - bars[t - 1]) * rng.normal(size=clean.shape)
        guess = denoise(noisy, t)
        if t == 1:
            total = total - gaussian_log_density(clean, guess, std)
        else:  # the two means differ by a multiple of x_0 − x̂_0, and the variances are alike
            gap = math.sqrt(bars[t - 2]) * b[t - 1] / (1 - bars[t - 1]) * (clean - guess)
            variance = b[t - 1] * (1 - bars[t - 2]) / (1 - bars[t - 1])
            total = total + gap**2 / (2 * variance)
    return total


def _step(t: int, beta: ArrayLike) -> tuple[Array, float]:
    bars = alpha_bar(beta)
    if not 1 <= t <= len(bars):
        raise SolutionsError(f"step {t} of {len(bars)}; give 1 … {len(bars)}")
    return bars, float(np.asarray(beta, dtype=np.float64)[t - 1])
