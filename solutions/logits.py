"""From logits to losses, in NumPy: log-sum-exp, softmax, the NLL, its gradient and its Hessian.

Logits have shape ``(..., V)``: the last axis is the vocabulary, the axes before it are a batch of any shape.
Whatever comes in is computed in float64. A logit of -inf masks its class: the class gets probability 0 and no
gradient. Classes are counted from 0, as everywhere in code; the book's formulas count them from 1.

Source: Goodfellow, Bengio & Courville, *Deep Learning* (2016), sections 4.1 and 6.2.2.3; the book's chapter
"The softmax and its gradient".
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions import SolutionsError

Array = NDArray[np.float64]


def log_sum_exp(logits: ArrayLike) -> Array:
    """Return LSE(z) = log Σ_k exp(z_k) over the last axis, without overflow.

    The largest logit is taken out of the sum first, so that the largest exponent is 0.

    Args:
        logits: shape ``(..., V)``, real or -inf.

    Returns:
        Shape ``(...)``, in nats. A row of nothing but -inf is an empty sum, and its log is -inf.

    Raises:
        SolutionsError: for NaN, +inf, complex numbers, or an empty last axis.

    Source: {eq}`lse-stable`.

    >>> print(log_sum_exp([10000.0, 10000.0]).round(4))
    10000.6931
    >>> log_sum_exp([[0.0, 0.0], [-np.inf, 3.0]])
    array([0.69314718, 3.        ])
    """
    z = _logits(logits)
    top = z.max(axis=-1, keepdims=True)
    shift = np.where(np.isneginf(top), 0.0, top)  # -inf - -inf would be NaN
    with np.errstate(over="ignore"):  # a difference beyond the largest float is -inf, and its exponential 0
        total = np.exp(z - shift).sum(axis=-1)
    with np.errstate(divide="ignore"):  # log 0 = -inf is what an empty sum means
        return plain(np.log(total) + shift[..., 0])


def log_softmax(logits: ArrayLike) -> Array:
    """Return log ŷ_j = z_j − LSE(z) over the last axis, without a detour through ŷ.

    Args:
        logits: shape ``(..., V)``, real or -inf; at least one real logit in each row.

    Returns:
        Shape ``(..., V)``, in nats, each entry ≤ 0; -inf for a masked class.

    Raises:
        SolutionsError: as `log_sum_exp`, and for a row in which every class is masked.

    Source: {eq}`nll-from-logits`.

    >>> log_softmax([0.0, 1000.0])
    array([-1000.,     0.])
    """
    z = _logits(logits)
    _require_a_class(z)
    with np.errstate(over="ignore"):  # as in log_sum_exp
        below = z - z.max(
            axis=-1, keepdims=True
        )  # z - LSE(z) itself would round off the digits of a large LSE
    return plain(below - log_sum_exp(below)[..., None])


def softmax(logits: ArrayLike, temperature: float = 1.0) -> Array:
    """Return ŷ_j = exp(z_j / T) / Σ_k exp(z_k / T) over the last axis.

    Args:
        logits: shape ``(..., V)``, real or -inf; at least one real logit in each row.
        temperature: T > 0. Small T sharpens the distribution, large T flattens it.

    Returns:
        Shape ``(..., V)``, probabilities: each in [0, 1], each row sums to 1; 0 for a masked class.

    Raises:
        SolutionsError: as `log_softmax`, and for a temperature that is not a positive real number.

    Source: {eq}`temperature-definition`; Bridle (1990) for the name.

    >>> softmax([2.0, 1.0, 3.0]).round(3)
    array([0.245, 0.09 , 0.665])
    >>> softmax([2.0, 1.0, 3.0], temperature=1e-3)
    array([0., 0., 1.])
    """
    if not (np.isfinite(temperature) and temperature > 0):
        raise SolutionsError(f"temperature is {temperature!r}; give a positive real number, such as 0.7")
    z = _logits(logits)
    _require_a_class(z)
    with np.errstate(over="ignore"):  # far below the maximum, a tiny T takes a logit to -inf, and rightly so
        scaled = (z - z.max(axis=-1, keepdims=True)) / temperature
    return plain(np.exp(log_softmax(scaled)))


def nll_from_logits(logits: ArrayLike, targets: ArrayLike) -> Array:
    """Return the NLL of each target class, −log ŷ_y = LSE(z) − z_y.

    Args:
        logits: shape ``(..., V)``, real or -inf.
        targets: shape ``(...)``, integers in 0..V−1.

    Returns:
        Shape ``(...)``, in nats, each ≥ 0; inf where the target itself is masked.

    Raises:
        SolutionsError: as `log_softmax`, and for targets that are no integers, out of range
            or of another shape.

    Source: {eq}`nll-from-logits`.

    >>> round(float(nll_from_logits([2.0, 1.0, 3.0], 2)), 3)
    0.408
    """
    log_probs = log_softmax(logits)
    y = _targets(targets, log_probs.shape)
    chosen = np.take_along_axis(log_probs, y[..., None], axis=-1)[..., 0]
    return plain(0.0 - chosen)  # 0.0 - x, not -x: a loss of zero should print as 0, not as -0


def nll_gradient(logits: ArrayLike, targets: ArrayLike) -> Array:
    """Return ∂NLL/∂z_j = ŷ_j − δ_jy, prediction minus target, for each row by itself.

    Args:
        logits: shape ``(..., V)``, real or -inf.
        targets: shape ``(...)``, integers in 0..V−1.

    Returns:
        Shape ``(..., V)``, in nats per unit of logit, each in [−1, 1]; each row sums to 0.

    Raises:
        SolutionsError: as `nll_from_logits`, and for a masked target, where the NLL is infinite
            and has no gradient.

    Source: {eq}`nll-gradient`.

    >>> nll_gradient([2.0, 1.0, 3.0], 2).round(3)
    array([ 0.245,  0.09 , -0.335])
    """
    y_hat = softmax(logits)
    y = _targets(targets, y_hat.shape)
    if np.isinf(nll_from_logits(logits, y)).any():
        raise SolutionsError("a target is masked (logit -inf), its NLL infinite; unmask it or drop the row")
    one_hot = np.arange(y_hat.shape[-1]) == y[..., None]
    return plain(y_hat - one_hot)


def nll_hessian(logits: ArrayLike) -> Array:
    """Return ∂²NLL/∂z_j∂z_k = ŷ_j (δ_jk − ŷ_k), that is diag(ŷ) − ŷŷᵀ. It does not depend on the target.

    Args:
        logits: shape ``(..., V)``, real or -inf.

    Returns:
        Shape ``(..., V, V)``, symmetric and positive semidefinite; each row and each column sums to 0.

    Raises:
        SolutionsError: as `log_softmax`.

    Source: {eq}`softmax-hessian`.

    >>> nll_hessian([0.0, 0.0])
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    y_hat = softmax(logits)
    return plain(y_hat[..., :, None] * (np.eye(y_hat.shape[-1]) - y_hat[..., None, :]))


def plain(values: Any) -> Array:
    """Return a batch as it is and a single number as a NumPy scalar, which prints and formats as a number does.

    >>> f"{plain(np.array(0.5)):.2f}"
    '0.50'
    """
    result: Array = np.asarray(values, dtype=np.float64)[()]
    return result


def _logits(values: ArrayLike) -> Array:
    """Return the logits in float64, after the checks that every function here shares."""
    z = np.asarray(values)
    if z.dtype.kind not in "iufb":
        raise SolutionsError(f"logits have dtype {z.dtype}; give real numbers")
    if z.ndim == 0 or z.shape[-1] == 0:
        raise SolutionsError(f"logits have shape {z.shape}; give (..., V) with at least one class")
    z = z.astype(np.float64)
    if np.isnan(z).any() or np.isposinf(z).any():
        raise SolutionsError("logits contain NaN or +inf; give real numbers, and -inf only to mask a class")
    return z


def _require_a_class(z: Array) -> None:
    if np.isneginf(z).all(axis=-1).any():
        raise SolutionsError("a row of logits is -inf throughout; leave at least one class unmasked")


def _targets(targets: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.intp]:
    """Return the targets as integers, after checking them against logits of the given shape."""
    y = np.asarray(targets)
    if y.dtype.kind not in "iu":
        raise SolutionsError(f"targets have dtype {y.dtype}; give integers, the classes counted from 0")
    if y.shape != shape[:-1]:
        raise SolutionsError(f"targets have shape {y.shape}; logits of shape {shape} need {shape[:-1]}")
    classes = shape[-1]
    if y.size and (y.min() < 0 or y.max() >= classes):
        raise SolutionsError(f"targets run from {y.min()} to {y.max()}; give classes in 0..{classes - 1}")
    return y.astype(np.intp)
