"""Latent-variable models, in NumPy: evidence, posterior, ELBO and the importance-weighted bound.

Tables are for a latent z with n values: p(z), p(x | z) at the observed x, q(z | x). Everything is in nats.

Source: chapter 10 of the book; Kingma & Welling (2014); Burda, Grosse & Salakhutdinov (2016).
"""

import itertools
import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions import SolutionsError
from solutions.information import kl_divergence
from solutions.logits import log_sum_exp

Array = NDArray[np.float64]

_MOST_DRAWS = 2_000_000  # terms of an exact importance-weighted bound


def log_evidence(prior: ArrayLike, likelihood: ArrayLike) -> float:
    """Return log p(x) = log Σ_z p(z) p(x | z), in nats.

    Args:
        prior: p(z), shape ``(n,)``, a distribution.
        likelihood: p(x | z) of the observed x, shape ``(n,)``, each ≥ 0. They need not sum to 1, and may exceed 1
            where x has a density.

    Raises:
        SolutionsError: when the tables don't fit, or when x is impossible.

    Source: {eq}`evidence-definition`.

    >>> round(math.exp(log_evidence([0.5, 0.5], [0.8, 0.2])), 3)
    0.5
    """
    p, given = _tables(prior, likelihood)
    total = float(p @ given)
    if total == 0:
        raise SolutionsError("the evidence is 0: no z with p(z) > 0 gives this x")
    return math.log(total)


def posterior(prior: ArrayLike, likelihood: ArrayLike) -> Array:
    """Return p(z | x) = p(z) p(x | z) / p(x), shape ``(n,)``.

    Args, raises: as for `log_evidence`.

    Source: {eq}`posterior-definition`.

    >>> posterior([0.5, 0.5], [0.8, 0.2])
    array([0.8, 0.2])
    """
    p, given = _tables(prior, likelihood)
    return p * given / math.exp(log_evidence(p, given))


def elbo(prior: ArrayLike, likelihood: ArrayLike, q: ArrayLike) -> float:
    """Return the evidence lower bound Σ_z q(z) log(p(x | z) p(z) / q(z)), in nats.

    Args:
        prior, likelihood: as for `log_evidence`.
        q: q(z | x), shape ``(n,)``, a distribution.

    Returns:
        At most log p(x); −inf when q puts probability on a z that can't give x.

    Raises:
        SolutionsError: when the tables don't fit.

    Source: {eq}`elbo-gap`, {eq}`elbo-two-terms`.

    >>> round(elbo([0.5, 0.5], [0.8, 0.2], [0.5, 0.5]), 4)
    -0.9163
    """
    p, given = _tables(prior, likelihood)
    weights = _distribution("q", q)
    if weights.shape != p.shape:
        raise SolutionsError(f"q has shape {weights.shape}; give {p.shape}")
    used = weights > 0
    with np.errstate(divide="ignore"):
        return float(weights[used] @ (np.log(p[used] * given[used]) - np.log(weights[used])))


def elbo_gap(prior: ArrayLike, likelihood: ArrayLike, q: ArrayLike) -> float:
    """Return log p(x) − ELBO, computed as KL(q(z | x) ‖ p(z | x)), in nats; never negative.

    Args, raises: as for `elbo` and `log_evidence`.

    Source: {eq}`elbo-gap`.

    >>> round(elbo_gap([0.5, 0.5], [0.8, 0.2], [0.5, 0.5]), 4)
    0.2231
    """
    return float(kl_divergence(_distribution("q", q), posterior(prior, likelihood)))


def iwae(log_weights: ArrayLike) -> Array:
    """Return log((1/K) Σ_k w_k), an estimate of log p(x) from K draws z_k of q; its mean is the bound IWAE_K.

    Args:
        log_weights: log(p(x | z_k) p(z_k) / q(z_k)), shape ``(..., K)``, K ≥ 1; −inf where x is impossible.

    Returns:
        Shape ``(...)``, in nats.

    Raises:
        SolutionsError: when there is no draw.

    Source: {eq}`iwae-jensen`.

    >>> float(iwae(np.log([2.0, 4.0])).round(4))  # log 3
    1.0986
    """
    logs = np.asarray(log_weights, dtype=np.float64)
    if logs.ndim < 1 or logs.shape[-1] < 1:
        raise SolutionsError(f"log-weights of shape {logs.shape}; give (..., K) with K ≥ 1")
    return log_sum_exp(logs) - math.log(logs.shape[-1])


def iwae_bound(prior: ArrayLike, likelihood: ArrayLike, q: ArrayLike, draws: int) -> float:
    """Return IWAE_K = E[log((1/K) Σ_k w_k)] exactly, by going through all nᴷ draws, in nats.

    Args:
        prior, likelihood, q: as for `elbo`.
        draws: K ≥ 1, with nᴷ at most two million.

    Raises:
        SolutionsError: when the tables don't fit, or there are too many draws.

    Source: {eq}`iwae-jensen`, {eq}`iwae-monotone`.

    >>> [round(iwae_bound([0.5, 0.5], [0.8, 0.2], [0.5, 0.5], K), 4) for K in (1, 2, 3)]
    [-0.9163, -0.8047, -0.7642]
    """
    p, given = _tables(prior, likelihood)
    weights = _distribution("q", q)
    values = np.flatnonzero(weights)
    if weights.shape != p.shape or draws < 1 or len(values) ** draws > _MOST_DRAWS:
        raise SolutionsError(
            f"q {weights.shape} for tables {p.shape}, {draws} draws; they must fit and be few"
        )
    with np.errstate(divide="ignore"):
        logs = np.log(p * given)[values] - np.log(weights[values])
    chosen = np.array(list(itertools.product(range(len(values)), repeat=draws)))
    return float(weights[values][chosen].prod(axis=-1) @ iwae(logs[chosen]))


def gaussian_kl(mean: ArrayLike, std: ArrayLike, mean_2: ArrayLike = 0.0, std_2: ArrayLike = 1.0) -> Array:
    """Return KL(N(mean, std²) ‖ N(mean_2, std_2²)), per entry, in nats; N(0, 1) by default.

    Args:
        mean, std, mean_2, std_2: shapes that broadcast together; standard deviations > 0. For independent
            coordinates, add the entries up.

    Raises:
        SolutionsError: when a standard deviation is not positive.

    Source: {eq}`gaussian-kl`, {eq}`gaussian-kl-equal`.

    >>> float(gaussian_kl(1.0, 2.0).round(4))  # (1 + 4 − 1 − log 4)/2
    1.3069
    """
    m, s, m_2, s_2 = (np.asarray(v, dtype=np.float64) for v in (mean, std, mean_2, std_2))
    if not ((s > 0).all() and (s_2 > 0).all()):
        raise SolutionsError("a standard deviation is not positive; give numbers > 0")
    return np.asarray(np.log(s_2 / s) + (s**2 + (m - m_2) ** 2) / (2 * s_2**2) - 0.5)[()]


def linear_gaussian_evidence(weight: float, bias: float, noise: float) -> tuple[float, float]:
    """Return mean and standard deviation of x = weight · z + bias + noise · ε, for independent z, ε ~ N(0, 1).

    Raises:
        SolutionsError: when the noise is not positive.

    Source: {eq}`linear-gaussian-variance`.

    >>> linear_gaussian_evidence(3.0, 1.0, 4.0)
    (1.0, 5.0)
    """
    if not noise > 0:
        raise SolutionsError(f"a noise of {noise}; give a number > 0")
    return float(bias), math.hypot(weight, noise)


def linear_gaussian_posterior(x: ArrayLike, weight: float, bias: float, noise: float) -> tuple[Array, float]:
    """Return mean and standard deviation of z given x in the model of `linear_gaussian_evidence`.

    Args:
        x: any shape. weight, bias, noise: as there.

    Returns:
        The means, with the shape of x, and the standard deviation, which does not depend on x.

    Raises:
        SolutionsError: when the noise is not positive.

    Source: {eq}`linear-gaussian-posterior`.

    >>> mean, std = linear_gaussian_posterior(6.0, 3.0, 1.0, 4.0)
    >>> float(mean), std
    (0.6, 0.8)
    """
    _, spread = linear_gaussian_evidence(weight, bias, noise)
    return weight * (np.asarray(x, dtype=np.float64)[()] - bias) / spread**2, noise / spread


def _distribution(name: str, probs: ArrayLike) -> Array:
    p = np.asarray(probs, dtype=np.float64)
    if p.ndim != 1 or p.size == 0 or not (p >= 0).all() or abs(p.sum() - 1) > 1e-9:
        raise SolutionsError(f"{name} must be a distribution of shape (n,): each ≥ 0, with sum 1")
    return p


def _tables(prior: ArrayLike, likelihood: ArrayLike) -> tuple[Array, Array]:
    p, given = _distribution("prior", prior), np.asarray(likelihood, dtype=np.float64)
    if given.shape != p.shape or not ((given >= 0).all() and np.isfinite(given).all()):
        raise SolutionsError(f"likelihood has shape {given.shape}; give {p.shape}, each finite and ≥ 0")
    return p, given
