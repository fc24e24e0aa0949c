"""Normalising flows, in NumPy: densities of transformed variables, and the units of their losses.

A flow writes x as a function of a noise u whose density is known. Losses are densities' negative log-likelihoods in
nats, so they may be negative; a name says where it is bits.

Source: chapter 10 of the book; Dinh, Sohl-Dickstein & Bengio (2017); Theis, van den Oord & Bethge (2016).
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions import SolutionsError

Array = NDArray[np.float64]
Network = Callable[[Array], Array]


def gaussian_log_density(x: ArrayLike, mean: ArrayLike = 0.0, std: ArrayLike = 1.0) -> Array:
    """Return log N(x; mean, std²), the logarithm of a Gaussian's density.

    Args:
        x, mean, std: shapes that broadcast together; std > 0.

    Returns:
        The broadcast shape, in nats.

    Raises:
        SolutionsError: when a standard deviation is not positive.

    Source: {eq}`gaussian-log-density`.

    >>> float(gaussian_log_density(0.0).round(4))
    -0.9189
    """
    at, mu, sigma = (np.asarray(v, dtype=np.float64) for v in (x, mean, std))
    if not (sigma > 0).all():
        raise SolutionsError(f"the smallest standard deviation is {sigma.min()}; give numbers > 0")
    return np.asarray(-0.5 * ((at - mu) / sigma) ** 2 - np.log(sigma) - 0.5 * math.log(2 * math.pi))[()]


def affine_log_density(x: ArrayLike, scale: float, shift: float = 0.0) -> Array:
    """Return log p_X(x) for X = scale · U + shift, with U standard normal.

    Args:
        x: any shape.
        scale: not 0; a negative one turns the axis round.
        shift: any number.

    Returns:
        The shape of x, in nats: log p_U((x − shift)/scale) − log|scale|.

    Raises:
        SolutionsError: for a scale of 0, which is no bijection.

    Source: {eq}`affine-density`.

    >>> bool(np.isclose(affine_log_density(3.0, -2.0, 1.0), gaussian_log_density(3.0, 1.0, 2.0)))
    True
    """
    if scale == 0 or not np.isfinite([scale, shift]).all():
        raise SolutionsError(f"scale {scale}, shift {shift}; give finite numbers, and a scale that is not 0")
    u = (np.asarray(x, dtype=np.float64) - shift) / scale
    return gaussian_log_density(u) - math.log(abs(scale))


def transformed_log_density(
    x: ArrayLike, to_noise: Network, slope: Network, log_density: Network = gaussian_log_density
) -> Array:
    """Return log p_X(x) = log p_U(g(x)) + log|g′(x)| for a strictly monotone, differentiable u = g(x).

    Args:
        x: any shape.
        to_noise: g, elementwise.
        slope: g′, elementwise, nowhere 0.
        log_density: log p_U, standard normal by default.

    Returns:
        The shape of x, in nats.

    Raises:
        SolutionsError: where the slope is 0 or no number, or changes its sign between the given places.

    Source: {eq}`monotone-density`.

    >>> x = np.array([0.5, 2.0])  # log-normal: u = log x
    >>> transformed_log_density(x, np.log, lambda x: 1 / x).round(4)
    array([-0.466 , -1.8523])
    """
    at = np.asarray(x, dtype=np.float64)
    slopes = np.asarray(slope(at), dtype=np.float64)
    if not (np.isfinite(slopes).all() and ((slopes > 0).all() or (slopes < 0).all())):
        raise SolutionsError("the slope is 0, no number or of two signs; a flow is strictly monotone")
    return np.asarray(log_density(np.asarray(to_noise(at)))) + np.log(np.abs(slopes))


def coupling_forward(u: ArrayLike, log_scale: Network, shift: Network) -> tuple[Array, Array]:
    """Return x and log|det ∂x/∂u| of an affine coupling layer.

    The first half of the coordinates stays. The others become x₂ = u₂ · exp(s(u₁)) + t(u₁).

    Args:
        u: shape ``(..., D)``, D ≥ 2; the first ⌊D/2⌋ coordinates are kept.
        log_scale, shift: s and t; functions from shape ``(..., ⌊D/2⌋)`` to ``(..., D − ⌊D/2⌋)``.

    Returns:
        x with the shape of u, and the log-determinant Σ s with shape ``(...)``, in nats.

    Raises:
        SolutionsError: for fewer than two coordinates, or a network whose shape does not fit.

    Source: {eq}`coupling-log-det`.

    >>> x, log_det = coupling_forward([1.0, 3.0], lambda a: 2 * a, lambda a: a)
    >>> x.round(3), float(log_det)
    (array([ 1.   , 23.167]), 2.0)
    """
    kept, moved = _halves(u)
    s, t = _scale_and_shift(kept, moved, log_scale, shift)
    return np.concatenate([kept, moved * np.exp(s) + t], axis=-1), s.sum(axis=-1)


def coupling_inverse(x: ArrayLike, log_scale: Network, shift: Network) -> tuple[Array, Array]:
    """Return u and log|det ∂u/∂x| = −Σ s of the same layer; s and t need no inverse.

    Args, raises: as for `coupling_forward`, with x for u.

    Source: {eq}`coupling-log-det`.

    >>> x, log_det = coupling_forward([1.0, 3.0], lambda a: 2 * a, lambda a: a)
    >>> u, back = coupling_inverse(x, lambda a: 2 * a, lambda a: a)
    >>> u.round(9), float(log_det + back)
    (array([1., 3.]), 0.0)
    """
    kept, moved = _halves(x)
    s, t = _scale_and_shift(kept, moved, log_scale, shift)
    return np.concatenate([kept, (moved - t) * np.exp(-s)], axis=-1), -s.sum(axis=-1)


def flow_nll(x: ArrayLike, layers: list[Callable[[Array], tuple[Array, Array]]]) -> float:
    """Return the mean negative log-likelihood of points under a flow with standard normal noise, in nats per point.

    Args:
        x: shape ``(n, D)``.
        layers: from the data towards the noise; each returns its output, of shape ``(n, D)``, and
            log|det| of its Jacobian, of shape ``(n,)``.

    Raises:
        SolutionsError: for another shape, no point at all, or a layer that changes a shape.

    Source: {eq}`flow-log-density`.

    >>> halve = lambda x: (x / 2, np.full(len(x), -2 * math.log(2)))
    >>> round(flow_nll([[0.0, 0.0]], [halve]), 4)  # log 2π + 2 log 2
    3.2242
    """
    at = np.asarray(x, dtype=np.float64)
    if at.ndim != 2 or 0 in at.shape:
        raise SolutionsError(f"points of shape {at.shape}; give (n, D) with n, D ≥ 1")
    shape, log_det = at.shape, np.zeros(len(at))
    for layer in layers:
        at, own = layer(at)
        if np.shape(at) != shape or np.shape(own) != (shape[0],):
            raise SolutionsError(
                f"a layer returned shapes {np.shape(at)} and {np.shape(own)}; give {shape} and {shape[:1]}"
            )
        log_det = log_det + own
    return float(-(gaussian_log_density(at).sum(axis=-1) + log_det).mean())


def nats_per_dimension(nll: ArrayLike, dimensions: int) -> Array:
    """Return a loss in nats per point as nats per dimension.

    Raises:
        SolutionsError: when there is no dimension.

    >>> float(nats_per_dimension(12.0, 3))
    4.0
    """
    if dimensions < 1:
        raise SolutionsError(f"{dimensions} dimensions; give at least 1")
    return np.asarray(nll, dtype=np.float64)[()] / dimensions


def bits_per_dimension(nll: ArrayLike, dimensions: int, bin_width: float = 1.0) -> Array:
    """Return bits per dimension of discrete data from the loss of a density on rescaled, dequantised data.

    Args:
        nll: nats per point, of the density.
        dimensions: D ≥ 1, such as height · width · channels.
        bin_width: the width of a bin in the units in which the density was computed: 1/256 for pixels
            scaled to [0, 1], 1 for pixels as they are, 0 to 255.

    Returns:
        The shape of nll, in bits: (nll / D − log(bin width)) / log 2.

    Raises:
        SolutionsError: when there is no dimension or the width is not positive.

    Source: {eq}`bits-per-dimension`.

    >>> float(bits_per_dimension(0.0, 3072, bin_width=1 / 256))  # the uniform density on [0, 1]
    8.0
    """
    if not 0 < bin_width < math.inf:
        raise SolutionsError(f"a bin width of {bin_width}; give a finite number > 0")
    return (nats_per_dimension(nll, dimensions) - math.log(bin_width)) / math.log(2)


def _halves(u: ArrayLike) -> tuple[Array, Array]:
    both = np.asarray(u, dtype=np.float64)
    if both.ndim < 1 or both.shape[-1] < 2:
        raise SolutionsError(f"points of shape {both.shape}; a coupling layer needs at least two coordinates")
    half = both.shape[-1] // 2
    return both[..., :half], both[..., half:]


def _scale_and_shift(kept: Array, moved: Array, log_scale: Network, shift: Network) -> tuple[Array, Array]:
    s, t = np.asarray(log_scale(kept), dtype=np.float64), np.asarray(shift(kept), dtype=np.float64)
    if s.shape != moved.shape or t.shape != moved.shape:
        raise SolutionsError(f"the networks returned shapes {s.shape} and {t.shape}; give {moved.shape}")
    return s, t
