"""Gaussians and mixtures of Gaussians, in NumPy: the fit that minimises the forward KL divergence.

Source: chapter 3 of the book; Bishop, *Pattern Recognition and Machine Learning* (2006), section 10.7.
"""

import numpy as np
from numpy.typing import ArrayLike

from solutions import SolutionsError


def moment_match(weights: ArrayLike, means: ArrayLike, stds: ArrayLike) -> tuple[float, float]:
    """Return mean and standard deviation of the Gaussian q that minimises KL(p‖q) for a mixture p of Gaussians.

    They are the mixture's own mean and standard deviation.

    Args:
        weights: shape ``(n,)``, each ≥ 0, with sum 1.
        means: shape ``(n,)``, the means of the components.
        stds: shape ``(n,)``, their standard deviations, > 0, in the unit of the means.

    Returns:
        The mean and the standard deviation, in the unit of the means.

    Raises:
        SolutionsError: when the weights are no distribution, a standard deviation is not
            positive, or the shapes differ.

    Source: {eq}`gaussian-fit-mean`, {eq}`gaussian-fit-variance`.

    >>> moment_match([0.5, 0.5], [-4.0, 4.0], [3.0, 3.0])
    (0.0, 5.0)
    """
    w, mu, sigma = (np.asarray(x, dtype=np.float64) for x in (weights, means, stds))
    if not w.shape == mu.shape == sigma.shape or w.ndim != 1:
        raise SolutionsError(f"shapes are {w.shape}, {mu.shape} and {sigma.shape}; give (n,) three times")
    if (w < 0).any() or abs(w.sum() - 1) > 1e-9 or (sigma <= 0).any():
        raise SolutionsError("give weights ≥ 0 with sum 1 and standard deviations > 0")
    mean = float(w @ mu)
    return mean, float(np.sqrt(w @ (sigma**2 + (mu - mean) ** 2)))
