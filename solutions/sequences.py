"""Losses of sequences, in NumPy: padded batches, objectives over sequences of different length, and underflow.

A token's log-probability is that of the token given the tokens before it, in nats; losses are in nats too.

Source: chapter 1 of the book.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions import SolutionsError
from solutions.logits import plain

Array = NDArray[np.float64]


def batch_nll(log_probs: ArrayLike, mask: ArrayLike) -> Array:
    """Return the NLL of each sequence of a padded batch, −Σ_j log p_j over its own tokens.

    Args:
        log_probs: shape ``(B, T)``, in nats, each ≤ 0; what stands at a padded place does not count,
            whatever it is.
        mask: shape ``(B, T)``, True at a token and False at padding (or 1 and 0).

    Returns:
        Shape ``(B,)``, in nats, each ≥ 0; 0 for a sequence of padding only.

    Raises:
        SolutionsError: when the shapes differ.

    Source: {eq}`padded-sum`.

    >>> batch_nll([[-1.0, -2.0], [-0.5, -np.inf]], [[True, True], [True, False]])
    array([3. , 0.5])
    """
    values, keep = np.asarray(log_probs, dtype=np.float64), np.asarray(mask, dtype=bool)
    if values.shape != keep.shape or values.ndim == 0:
        raise SolutionsError(f"log_probs {values.shape} and mask {keep.shape} differ; give both as (B, T)")
    return plain(0.0 - np.where(keep, values, 0.0).sum(axis=-1))


def objectives(log_probs: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    """Return the NLL of a dataset three ways: in total, per token and per sequence.

    Args:
        log_probs: one list of log-probabilities a sequence, in nats, at least one token in all.

    Returns:
        The total in nats, the total over the number of tokens, the total over the number of sequences.

    Raises:
        SolutionsError: without a token.

    Source: {eq}`dataset-nll`.

    >>> objectives([[-1.0], [-2.0, -3.0]])
    (6.0, 2.0, 3.0)
    """
    tokens = sum(len(sequence) for sequence in log_probs)
    if tokens == 0:
        raise SolutionsError("the dataset has no token; give at least one")
    total = 0.0 - float(sum(sum(sequence) for sequence in log_probs))
    return total, total / tokens, total / len(log_probs)


def underflow_length(prob: float, dtype: type[np.floating] = np.float64) -> int:
    """Return after how many equal factors `prob` the running product is exactly 0.

    Args:
        prob: above 0 and below 0.5. From 0.5 on, rounding can keep the smallest number of the format for ever.
        dtype: NumPy's float64 or float32.

    Returns:
        The number of factors, ≥ 1.

    Raises:
        SolutionsError: for another probability.

    Source: {eq}`underflow-length`; IEEE 754 (2019), section 3.3, for the smallest numbers of a format.

    >>> underflow_length(0.1), underflow_length(0.1, np.float32)
    (324, 46)
    """
    if not 0 < prob < 0.5:
        raise SolutionsError(f"prob is {prob!r}; give a probability above 0 and below 0.5")
    factor, product, length = dtype(prob), dtype(1.0), 0
    with np.errstate(under="ignore"):
        while product != 0:
            product, length = product * factor, length + 1
    return length
