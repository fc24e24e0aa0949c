"""Adversarial training, in NumPy: the best discriminator, its value, and distances of two distributions.

Distributions are tables over the same V outcomes. Everything but the Wasserstein distance is in nats.

Source: chapter 10 of the book; Goodfellow et al. (2014); Arjovsky, Chintala & Bottou (2017).
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions import SolutionsError
from solutions.information import kl_divergence

Array = NDArray[np.float64]


def best_discriminator(p: ArrayLike, g: ArrayLike) -> Array:
    """Return D(x) = p(x)/(p(x) + g(x)), the probability that x is from the data when both are equally likely.

    Args:
        p: the data's probabilities, or densities, any shape, each ≥ 0.
        g: the generator's, the same shape.

    Returns:
        The same shape, in [0, 1]; nan where both are 0, since no x ever comes from there.

    Raises:
        SolutionsError: for other shapes or a negative number.

    Source: {eq}`best-discriminator`.

    >>> best_discriminator([0.5, 0.5, 0.0], [0.25, 0.5, 0.25]).round(3)
    array([0.667, 0.5  , 0.   ])
    """
    data, made = np.asarray(p, dtype=np.float64), np.asarray(g, dtype=np.float64)
    if data.shape != made.shape or not ((data >= 0).all() and (made >= 0).all()):
        raise SolutionsError(f"shapes {data.shape} and {made.shape}; give the same twice, each entry ≥ 0")
    with np.errstate(invalid="ignore"):
        return np.asarray(data / (data + made))[()]


def discriminator_value(p: ArrayLike, g: ArrayLike, d: ArrayLike) -> float:
    """Return Σ p log D + Σ g log(1 − D), what a discriminator D makes large, in nats; at most 0.

    Args:
        p, g: distributions, shape ``(V,)``.
        d: D(x), shape ``(V,)``, each in [0, 1]; nan where neither p nor g has probability.

    Returns:
        −inf when D is certain of the wrong side anywhere.

    Raises:
        SolutionsError: for anything that is no distribution, or a D outside [0, 1].

    Source: {eq}`discriminator-value-definition`.

    >>> round(discriminator_value([0.5, 0.5], [0.5, 0.5], [0.5, 0.5]), 4)  # −log 4
    -1.3863
    """
    data, made = _distributions(p, g)
    said = np.asarray(d, dtype=np.float64)
    used = (data > 0) | (made > 0)
    if said.shape != data.shape or not ((said[used] >= 0) & (said[used] <= 1)).all():
        raise SolutionsError(f"D of shape {said.shape}; give {data.shape}, each between 0 and 1")
    with np.errstate(divide="ignore"):
        real = data[data > 0] @ np.log(said[data > 0])
        fake = made[made > 0] @ np.log1p(-said[made > 0])
    return float(real + fake)


def best_value(p: ArrayLike, g: ArrayLike) -> float:
    """Return the value of the best discriminator, 2 JSD(p, g) − log 4, in nats: from −log 4 to 0.

    Args, raises: as for `jensen_shannon`.

    Source: {eq}`discriminator-jsd`.

    >>> abs(best_value([1.0, 0.0], [0.0, 1.0]))  # nothing in common: always right
    0.0
    """
    return 2 * jensen_shannon(p, g) - math.log(4)


def jensen_shannon(p: ArrayLike, g: ArrayLike) -> float:
    """Return JSD(p, g) = ½ KL(p ‖ m) + ½ KL(g ‖ m) with m = (p + g)/2, in nats: from 0 to log 2.

    Args:
        p, g: distributions, shape ``(V,)``.

    Raises:
        SolutionsError: for anything that is no distribution, or for other shapes.

    Source: {eq}`jsd-definition`, {eq}`jsd-log-2`.

    >>> round(jensen_shannon([1.0, 0.0], [0.0, 1.0]), 4)
    0.6931
    """
    data, made = _distributions(p, g)
    middle = (data + made) / 2
    return float(kl_divergence(data, middle) + kl_divergence(made, middle)) / 2


def wasserstein(p: ArrayLike, g: ArrayLike, places: ArrayLike) -> float:
    """Return W₁(p, g) of two distributions on a line, in the unit of the places.

    It is the area between the two distribution functions: the least mean distance by which mass must be moved.

    Args:
        p, g: distributions, shape ``(V,)``.
        places: where the outcomes lie, shape ``(V,)``, rising.

    Raises:
        SolutionsError: for anything that is no distribution, or places that don't rise.

    >>> wasserstein([1.0, 0.0], [0.0, 1.0], [0.0, 3.0])
    3.0
    """
    data, made = _distributions(p, g)
    at = np.asarray(places, dtype=np.float64)
    if at.shape != data.shape or not (np.diff(at) > 0).all():
        raise SolutionsError(
            f"places of shape {at.shape}; give {data.shape}, each larger than the one before"
        )
    return float(np.abs(np.cumsum(data - made)[:-1]) @ np.diff(at))


def _distributions(p: ArrayLike, g: ArrayLike) -> tuple[Array, Array]:
    both = [np.asarray(x, dtype=np.float64) for x in (p, g)]
    for x in both:
        if x.ndim != 1 or x.shape != both[0].shape or not (x >= 0).all() or abs(x.sum() - 1) > 1e-9:
            raise SolutionsError(f"a table of shape {x.shape}; give two distributions of one shape (V,)")
    return both[0], both[1]
