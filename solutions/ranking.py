"""Scores of texts and answers from log-probabilities, and the ranking of candidates.

Log-probabilities are natural, so scores are in nats. A row holds what the model says about one place of a text: V
numbers, one a token.

Source: chapter 9 of the book.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions import SolutionsError
from solutions.logits import log_softmax

Array = NDArray[np.float64]


def answer_log_prob(logits: ArrayLike, tokens: Sequence[int], prompt_length: int) -> float:
    """Return log q(y | x), the log-probability of an answer given its prompt, in nats.

    Args:
        logits: shape ``(m, V)``; row t is what the model computes when it has read tokens 0 to t, so it is about
            token t + 1. The last row is about a token that is not there.
        tokens: m tokens, the prompt x and then the answer y.
        prompt_length: tokens of the prompt, 1 to m.

    Raises:
        SolutionsError: for other shapes.

    Source: {eq}`conditional-score`.

    >>> logits = np.log([[0.5, 0.5], [0.9, 0.1], [0.3, 0.7]])
    >>> round(math.exp(answer_log_prob(logits, [1, 0, 0], 1)), 3)  # 0.5 and then 0.9
    0.45
    """
    rows, y = np.asarray(logits), np.asarray(tokens)
    if rows.ndim != 2 or y.shape != rows.shape[:1] or not 1 <= prompt_length <= len(y):
        raise SolutionsError(
            f"logits {rows.shape}, {y.shape} tokens, a prompt of {prompt_length}; give (m, V), (m,) and 1 to m"
        )
    about = (
        log_softmax(rows[prompt_length - 1 : -1]) if prompt_length < len(y) else np.zeros((0, rows.shape[1]))
    )
    return float(np.take_along_axis(about, y[prompt_length:, None], axis=-1).sum())


def total(log_probs: Sequence[float], text: str = "") -> float:
    """Return the sum of the tokens' log-probabilities: log q of the text, in nats.

    >>> total([-1.0, -0.5])
    -1.5
    """
    return float(math.fsum(log_probs))


def per_token(log_probs: Sequence[float], text: str = "") -> float:
    """Return the mean log-probability of a token, in nats; of no token at all it is −inf.

    >>> per_token([-1.0, -0.5])
    -0.75
    """
    return total(log_probs) / len(log_probs) if len(log_probs) else -math.inf


def per_byte(log_probs: Sequence[float], text: str) -> float:
    """Return the log-probability of a byte of the text in UTF-8, in nats; of no byte it is −inf.

    >>> per_byte([-1.0, -0.5], "né")
    -0.5
    """
    return total(log_probs) / len(text.encode()) if text else -math.inf


RULES: dict[str, Callable[[Sequence[float], str], float]] = {
    "sum": total,
    "token": per_token,
    "byte": per_byte,
}


def rank(scores: Sequence[float]) -> list[int]:
    """Return the numbers of the candidates, counted from 0, the largest score first; equals keep their order.

    >>> rank([-3.0, -1.0, -3.0])
    [1, 0, 2]
    """
    return sorted(range(len(scores)), key=lambda n: -scores[n])


def posterior(log_probs: ArrayLike) -> Array:
    """Return the probability of each candidate, given that it is one of them: the softmax of their *total* scores.

    Source: {eq}`candidate-posterior`.

    >>> posterior(np.log([0.03, 0.01])).round(2)
    array([0.75, 0.25])
    """
    return np.exp(log_softmax(log_probs))
