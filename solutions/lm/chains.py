"""Chains of tokens: rows that are distributions, their draws, and where a chain comes to rest.

A state is the number that the last k tokens spell in base V, the newest token the last digit. After token x,
state s becomes (s·V + x) mod V**k. A table `probs` of shape ``(V**k, V)`` holds the next token's distribution
in each state. With k = 1 this is any Markov chain over V states.
"""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from solutions.lm import LMError

Array = NDArray[np.float64]

SUM_TOLERANCE = 1e-9  # rows are divided by their sum, so what is passed on is exact to rounding
DENSE_STATES = 1024  # up to here the linear system is solved directly, in well under a second
RESIDUAL = 1e-13  # in total variation: where the power iteration for larger chains stops
STEPS = 20_000


def distributions(name: str, values: Any) -> Array:
    """Return rows of probabilities in float64, each divided by its sum.

    Args:
        name: what the message calls them.
        values: an array or tensor of shape ``(..., V)``, entries ≥ 0, each row summing to 1 within 1e-9.

    Raises:
        LMError: for another shape, NaN, infinities, negative entries and other sums.

    >>> distributions("rows", [[0.25, 0.75]])
    array([[0.25, 0.75]])
    """
    rows = values.detach().cpu().numpy() if isinstance(values, Tensor) else np.asarray(values)
    if rows.dtype.kind not in "iuf" or rows.ndim == 0 or rows.size == 0:
        raise LMError(f"{name} have shape {rows.shape} and dtype {rows.dtype}; give real numbers, (..., V)")
    rows = rows.astype(np.float64)
    if not np.isfinite(rows).all() or (rows < 0).any():
        raise LMError(f"{name} hold NaN, an infinity or a negative number; give probabilities")
    sums = rows.sum(axis=-1, keepdims=True)
    if (abs(sums - 1) > SUM_TOLERANCE).any():
        worst = sums.flat[abs(sums - 1).argmax()]
        raise LMError(f"a row of the {name} sums to {worst:.9g}; divide each row by its sum")
    return np.asarray(rows / sums)


def stationary(probs: Array) -> Array:
    """Return the stationary distribution over the states of a chain, shape ``(V**k,)``.

    Up to 1,024 states it solves the linear system π = πP. Above, it iterates the chain that stays where it is with
    probability 1/2 (which rests at the same π and has no period) until one step moves less than 1e-13 in
    total variation. So a periodic chain has its answer too.

    Args:
        probs: shape ``(V**k, V)``, rows that sum to 1.

    Raises:
        LMError: when there is more than one stationary distribution, since the chain then has parts that
            cannot reach each other; and when a large chain does not come to rest in 20,000 steps.

    Source: Cover & Thomas (2006), section 4.1; Levin & Peres (2017), section 1.5, for the uniqueness.

    >>> stationary(np.array([[0.5, 0.5], [1.0, 0.0]])).round(4)
    array([0.6667, 0.3333])
    """
    rest = _solve(probs) if len(probs) <= DENSE_STATES else None
    pi = _iterate(probs) if rest is None else rest
    _require_one_closed_class(probs, int(pi.argmax()))
    return pi


def cumulative(rows: Array) -> Tensor:
    """Return running sums for `draw`, with everything from the last possible token on raised to 2.

    So rounding in the last sum never lets a token of probability 0 through.

    >>> cumulative(np.array([0.5, 0.5, 0.0]))
    tensor([0.5000, 2.0000, 2.0000], dtype=torch.float64)
    """
    sums = rows.cumsum(axis=-1)
    return torch.from_numpy(np.where(sums >= sums[..., -1:], 2.0, sums))


def draw(cumulative_rows: Tensor, uniform: Tensor) -> Tensor:
    """Return one token a row, int64 ``(B,)``, from running sums ``(B, V)`` or ``(V,)`` and uniforms ``(B,)``.

    >>> draw(cumulative(np.array([0.5, 0.5])), torch.tensor([0.2, 0.7], dtype=torch.float64))
    tensor([0, 1])
    """
    if cumulative_rows.ndim == 1:
        return torch.searchsorted(cumulative_rows, uniform, right=True)
    return torch.searchsorted(cumulative_rows, uniform[:, None], right=True)[:, 0]


def _next_states(states: int, vocabulary: int) -> NDArray[np.int64]:
    """Return the state after each state and token, shape ``(V**k, V)``."""
    return (np.arange(states)[:, None] * vocabulary + np.arange(vocabulary)) % states


def _solve(probs: Array) -> Array | None:
    """Return π from π(P − I) = 0 with Σ π = 1 in place of one equation; None for a singular system."""
    states, vocabulary = probs.shape
    matrix = np.zeros((states, states))
    np.add.at(matrix, (_next_states(states, vocabulary), np.arange(states)[:, None]), probs)
    matrix -= np.eye(states)
    matrix[-1] = 1.0
    try:
        pi = np.linalg.solve(matrix, np.eye(states)[-1])
    except np.linalg.LinAlgError:
        return None  # more than one closed class; the iteration finds one of them and the check says so
    if not np.isfinite(pi).all() or pi.min() < -1e-6:
        return None
    pi = np.maximum(pi, 0.0)
    return np.asarray(pi / pi.sum())


def _iterate(probs: Array) -> Array:
    states, vocabulary = probs.shape
    pi = np.full(states, 1 / states)
    for _ in range(STEPS):
        # Summing over the oldest token, whose digit falls out of the state.
        moved = (pi[:, None] * probs).reshape(vocabulary, -1, vocabulary).sum(axis=0).reshape(-1)
        if abs(moved - pi).sum() / 2 < RESIDUAL:
            return np.asarray(moved / moved.sum())
        pi = (moved + pi) / 2
    raise LMError(f"the chain is not at rest after {STEPS} steps; give transitions that mix faster")


def _require_one_closed_class(probs: Array, home: int) -> None:
    """Raise unless every state can reach `home`, a state that the chain keeps returning to."""
    states, vocabulary = probs.shape
    possible, after = probs > 0, _next_states(states, vocabulary)
    reaches = np.arange(states) == home
    while True:
        more = reaches | (possible & reaches[after]).any(axis=1)
        if (more == reaches).all():
            break
        reaches = more
    if not reaches.all():
        lost = int((~reaches).argmax())
        raise LMError(
            f"state {lost} can never reach state {home}, so the chain has more than one stationary distribution; "
            "give transitions that connect all states"
        )
