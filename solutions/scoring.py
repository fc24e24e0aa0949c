"""Scoring rules for forecasts, in NumPy, and whether honesty is the best policy under them.

A forecast is a distribution over V outcomes. A score pays S(q, k) for the forecast q when outcome k comes; more
is better. Every score here gives the payments for all outcomes at once: shape ``(..., V)`` in and out.

Source: chapter 4 of the book, "Proper scoring rules"; Gneiting & Raftery (2007).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions import SolutionsError

Array = NDArray[np.float64]

TIES = 1e-9  # expected scores that differ by less are equal up to rounding


def log_score(q: ArrayLike) -> Array:
    """Return log q_k for each outcome k: shape ``(..., V)``, in nats; -inf for probability 0. Source: Good (1952).

    >>> log_score([1.0, 0.0])
    array([  0., -inf])
    """
    with np.errstate(divide="ignore"):  # what was called impossible and comes costs everything
        return np.log(np.asarray(q, dtype=np.float64))


def quadratic_score(q: ArrayLike) -> Array:
    """Return −Σ_i (q_i − δ_ik)² for each outcome k: shape ``(..., V)``, between −2 and 0. Source: Brier (1950).

    >>> quadratic_score([1.0, 0.0])
    array([ 0., -2.])
    """
    forecast = np.asarray(q, dtype=np.float64)
    return 2 * forecast - 1 - (forecast**2).sum(axis=-1, keepdims=True)


def accuracy_score(q: ArrayLike) -> Array:
    """Return 1 for the outcome that the forecast puts first and 0 for the others: shape ``(..., V)``.

    Of several that share the first place, the one with the smallest number counts.

    >>> accuracy_score([0.2, 0.5, 0.3])
    array([0., 1., 0.])
    """
    forecast = np.asarray(q, dtype=np.float64)
    return (np.arange(forecast.shape[-1]) == forecast.argmax(axis=-1)[..., None]).astype(np.float64)


def linear_score(q: ArrayLike) -> Array:
    """Return q_k for each outcome k, the probability itself: shape ``(..., V)``.

    >>> linear_score([0.2, 0.8])
    array([0.2, 0.8])
    """
    return np.asarray(q, dtype=np.float64)


def properness(forecasts: ArrayLike, scores: ArrayLike) -> str:
    """Return whether honesty is the best policy among the given forecasts.

    Args:
        forecasts: shape ``(n, V)``, different distributions; each is a possible truth and a possible forecast.
        scores: shape ``(n, V)``, what each forecast earns when each outcome comes; finite.

    Returns:
        "strictly proper" when for each truth the honest forecast earns more on average than every other one,
        "proper" when none earns more than the honest one, otherwise "not proper".

    Raises:
        SolutionsError: when the shapes differ.

    Source: {eq}`proper-score`, for n truths and n forecasts instead of all of them.

    >>> q = [[0.9, 0.1], [0.6, 0.4]]
    >>> properness(q, log_score(q)), properness(q, accuracy_score(q)), properness(q, linear_score(q))
    ('strictly proper', 'proper', 'not proper')
    """
    truths, paid = np.asarray(forecasts, dtype=np.float64), np.asarray(scores, dtype=np.float64)
    if truths.ndim != 2 or truths.shape != paid.shape:
        raise SolutionsError(f"forecasts {truths.shape} and scores {paid.shape}; give both as (n, V)")
    expected = truths @ paid.T  # (n, n): the truth in the row, the forecast in the column
    loses = np.diag(expected)[:, None] - expected  # what each other forecast earns less than the honest one
    others = ~np.eye(len(truths), dtype=bool)
    if (loses[others] > TIES).all():
        return "strictly proper"
    return "proper" if (loses[others] >= -TIES).all() else "not proper"
