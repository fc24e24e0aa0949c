"""Markov sources: the next token depends on the k tokens before it, and the entropy rate has a closed form.

Source: Shannon (1948), sections 2–7; Cover & Thomas (2006), chapter 4.
"""

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from solutions.lm import LMError
from solutions.lm.chains import cumulative, distributions, draw, stationary
from solutions.lm.source import Source, require_sample, seeded

MAX_TABLE = 2**26  # entries of a source's table: 512 MiB


class MarkovSource(Source):
    """A source whose next token depends on the k tokens before it.

    Args:
        order: k ≥ 0. 0 is a source of independent tokens.
        transitions: shape ``(V,)*(k+1)``: `transitions[a, …, c, x]` is the probability of x after a, …, c (the
            oldest first). Rows sum to 1.
        name: what reports call it.

    Raises:
        LMError: for transitions of another shape, rows that are no distributions, and transitions that
            leave the stationary distribution open (see `solutions.lm.chains.stationary`).

    >>> source = MarkovSource(1, [[0.9, 0.1], [0.5, 0.5]])
    >>> source.sample(1, 8, 0)
    tensor([[1, 0, 1, 1, 1, 0, 0, 0]])
    >>> round(source.entropy_rate(), 4)
    0.3864
    """

    def __init__(self, order: int, transitions: Any, name: str | None = None) -> None:
        table = distributions("transitions", transitions)
        self.order, self.vocabulary = order, table.shape[-1]
        if order < 0 or table.shape != (self.vocabulary,) * (order + 1):
            raise LMError(
                f"transitions have shape {table.shape}; order {order} needs {order + 1} axes, all of size V"
            )
        self.name = name or f"Markov source of order {order} over {self.vocabulary} tokens"
        self._table = table.reshape(-1, self.vocabulary)
        self._probs = torch.from_numpy(self._table)
        self._cumulative = cumulative(self._table)
        self._stationary = stationary(self._table)
        self._start = cumulative(self._stationary)

    @classmethod
    def random(cls, order: int, vocabulary: int, seed: int, concentration: float = 1.0) -> "MarkovSource":
        """Return a source whose rows are drawn from a symmetric Dirichlet distribution: no structure to learn.

        Args:
            order, vocabulary: k ≥ 0 and V ≥ 1.
            seed: the same seed gives the same source.
            concentration: > 0. Below 1 the rows are peaked, far above they are nearly uniform.

        >>> MarkovSource.random(2, 3, seed=0).name
        'Markov source of order 2 over 3 tokens'
        """
        _require_table(order, vocabulary)
        if not (math.isfinite(concentration) and concentration > 0):
            raise LMError(f"concentration is {concentration!r}; give a positive number, such as 1")
        rows = np.random.default_rng(seed).gamma(concentration, size=(vocabulary**order, vocabulary))
        rows = np.maximum(rows, 1e-300)  # a tiny concentration underflows to rows of nothing but 0
        rows /= rows.sum(axis=-1, keepdims=True)
        return cls(order, rows.reshape((vocabulary,) * (order + 1)))

    @classmethod
    def log_bilinear(
        cls, order: int, vocabulary: int, seed: int, rank: int = 4, weights: tuple[float, ...] = ()
    ) -> "MarkovSource":
        """Return a source with structure that a model can find: logits are sums of what each past token says.

        The logit of x after …, x_{−2}, x_{−1} is Σ_i weights_i · e_{x_{−i}}ᵀ M_i e_x, with a vector e_x of `rank`
        numbers for each token and a matrix M_i for each distance. All of these are drawn from the standard normal
        distribution, the matrices divided by `rank`, so that each term has variance weights_i². The table has
        V**k rows, but only V·rank + k·rank² numbers stand behind it.

        Args:
            order, vocabulary: k ≥ 0 and V ≥ 1.
            seed: the same seed gives the same source.
            rank: numbers in a token's vector, ≥ 1.
            weights: k numbers, how much the token at distance 1, 2, …, k says; all 1 when left out.

        Source: Mnih & Hinton (2007), the log-bilinear model.

        >>> round(MarkovSource.log_bilinear(1, 4, seed=0).entropy_rate(), 3)
        1.345
        """
        _require_table(order, vocabulary)
        weights = weights or (1.0,) * order
        if len(weights) != order or rank < 1:
            raise LMError(
                f"{len(weights)} weights and rank {rank}; order {order} needs {order} weights, and rank ≥ 1"
            )
        rng = np.random.default_rng(seed)
        vectors = rng.standard_normal((vocabulary, rank))
        logits = np.zeros((vocabulary,) * (order + 1))
        for distance, weight in enumerate(weights, start=1):
            mixing = rng.standard_normal((rank, rank)) / rank
            says = weight * vectors @ mixing @ vectors.T  # (V, V): the token at this distance, the next token
            shape = [1] * (order + 1)
            shape[order - distance] = shape[order] = vocabulary
            logits = logits + says.reshape(shape)
        probs = np.exp(logits - logits.max(axis=-1, keepdims=True))
        return cls(order, probs / probs.sum(axis=-1, keepdims=True))

    def sample(self, B: int, T: int, generator: torch.Generator | int) -> Tensor:
        require_sample(B, T)
        generator = seeded(generator)
        states, V = len(self._table), self.vocabulary
        uniform = torch.rand(T + 1, B, dtype=torch.float64, generator=generator, device=generator.device)
        rows = self._cumulative.to(generator.device)
        state = draw(self._start.to(generator.device), uniform[0])
        tokens = torch.empty(max(T, self.order), B, dtype=torch.int64, device=generator.device)
        for i in range(self.order):
            tokens[i] = state // V ** (self.order - 1 - i) % V
        for t in range(self.order, T):
            tokens[t] = draw(rows[state], uniform[t + 1])
            state = (state * V + tokens[t]) % states
        return tokens[:T].T.contiguous()

    def next_probs(self, tokens: Tensor) -> Tensor:
        tokens, V, k = self._checked(tokens), self.vocabulary, self.order
        B, T = tokens.shape
        probs = torch.empty(B, T + 1, V, dtype=torch.float64, device=tokens.device)
        for t in range(min(k, T + 1)):
            blocks = self.block_probs(t + 1).reshape(-1, V).to(tokens.device)
            chosen = blocks[self._states(tokens[:, :t], t)[:, 0]]
            probs[:, t] = chosen / chosen.sum(dim=-1, keepdim=True)
        if T >= k:
            probs[:, k:] = self._probs.to(tokens.device)[self._states(tokens, k)]
        happened = probs[:, :T].gather(-1, tokens[..., None])
        if not bool((happened > 0).all()):
            raise LMError(
                "the tokens hold a sequence of probability 0; give sequences that this source can make"
            )
        return probs

    def _states(self, tokens: Tensor, k: int) -> Tensor:
        """Return the number that each k tokens in a row spell in base V, ``(B, T − k + 1)``."""
        B, T = tokens.shape
        states = torch.zeros(B, T - k + 1, dtype=torch.int64, device=tokens.device)
        for i in range(k):
            states = states * self.vocabulary + tokens[:, i : T - k + 1 + i]
        return states

    def block_probs(self, n: int) -> Tensor:
        self._require_blocks(n)
        V, blocks = self.vocabulary, self._stationary
        for _ in range(n - self.order):
            recent = blocks.reshape(-1, len(self._table))
            blocks = (recent[..., None] * self._table).reshape(-1)
        return torch.from_numpy(blocks.reshape(V**n, -1).sum(axis=1).reshape((V,) * n))

    def entropy_rate(self) -> float:
        """Return Σ_s π(s) H(p(· | s)), in nats per token, with π the stationary distribution of the last k tokens.

        Source: Cover & Thomas (2006), theorem 4.2.4.
        """
        return float(self._stationary @ torch.special.entr(self._probs).sum(dim=-1).numpy())

    def entropy_per_token(self, T: int) -> float:
        """Return H(X_1..X_T) / T in nats, in closed form; otherwise as `Source.entropy_per_token`.

        >>> round(MarkovSource(1, [[0.9, 0.1], [0.5, 0.5]]).entropy_per_token(2), 4)
        0.4185
        """
        if T < 1:
            raise LMError(f"T is {T}; give at least one token")
        first = [self.conditional_entropy(n) for n in range(min(self.order, T))]
        return (sum(first) + (T - len(first)) * self.entropy_rate()) / T


def _require_table(order: int, vocabulary: int) -> None:
    if order < 0 or vocabulary < 1 or vocabulary ** (order + 1) > MAX_TABLE:
        raise LMError(
            f"order {order} over {vocabulary} tokens; give order ≥ 0, V ≥ 1, and V**(order+1) ≤ {MAX_TABLE}"
        )
