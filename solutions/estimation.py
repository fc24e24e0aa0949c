"""Maximum-likelihood estimates from counts, in NumPy: bigram models and additive smoothing.

Tokens are integers 0..V−1. Estimates are probabilities, without a unit.

Source: chapter 2 of the book.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions import SolutionsError

Array = NDArray[np.float64]


def bigram_counts(sentences: Sequence[Sequence[int]], V: int) -> NDArray[np.int64]:
    """Return how often each token follows each other one, within a sentence.

    Args:
        sentences: lists of tokens, each in 0..V−1.
        V: the size of the vocabulary.

    Returns:
        Shape ``(V, V)``: entry [a, b] counts the places where b comes directly after a.

    Raises:
        SolutionsError: for a token outside the vocabulary.

    Source: {eq}`bigram-log-likelihood`.

    >>> bigram_counts([[0, 1, 0, 0]], 2)
    array([[1, 1],
           [1, 0]])
    """
    counts = np.zeros((V, V), dtype=np.int64)
    for sentence in sentences:
        tokens = np.asarray(sentence, dtype=np.int64)
        if tokens.size and (tokens.min() < 0 or tokens.max() >= V):
            raise SolutionsError(
                f"tokens run from {tokens.min()} to {tokens.max()}; give tokens in 0..{V - 1}"
            )
        np.add.at(counts, (tokens[:-1], tokens[1:]), 1)
    return counts


def bigram_mle(sentences: Sequence[Sequence[int]], V: int) -> Array:
    """Return the bigram model of largest likelihood: for each token, how often each other one follows it.

    Args:
        sentences: lists of tokens, each in 0..V−1.
        V: the size of the vocabulary.

    Returns:
        Shape ``(V, V)``: row a is the distribution of the token after a. Every distribution has the same
        likelihood in a row that the data say nothing about; the uniform one is returned.

    Raises:
        SolutionsError: for a token outside the vocabulary.

    Source: {eq}`bigram-rows`; Jurafsky & Martin, *Speech and Language Processing*, chapter 3.

    >>> bigram_mle([[0, 1, 0, 0]], 2)
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    counts = bigram_counts(sentences, V)
    totals = counts.sum(axis=-1, keepdims=True)
    return np.where(totals > 0, counts / np.maximum(totals, 1), 1 / V)


def additive_smoothing(counts: ArrayLike, alpha: float) -> Array:
    """Return (n_j + α) / (N + αV) over the last axis: every outcome counts α times more than it was seen.

    Args:
        counts: shape ``(..., V)``, each ≥ 0.
        alpha: α ≥ 0, the same for every outcome; 0 gives the maximum-likelihood estimate.

    Returns:
        Shape ``(..., V)``, probabilities: each row sums to 1.

    Raises:
        SolutionsError: for a negative count or α, and for a row that sums to 0 when α is 0.

    Source: {eq}`smoothing-total`; Lidstone (1920).

    >>> additive_smoothing([3, 0, 1], 2)
    array([0.5, 0.2, 0.3])
    """
    weights = np.asarray(counts, dtype=np.float64) + alpha
    if alpha < 0 or (weights < alpha).any():
        raise SolutionsError(f"alpha is {alpha}, the smallest count {weights.min() - alpha}; give both ≥ 0")
    totals = weights.sum(axis=-1, keepdims=True)
    if (totals == 0).any():
        raise SolutionsError("a row has no counts and alpha is 0; give alpha > 0 or a row with counts")
    return weights / totals
