"""Hidden Markov sources: the next token depends on all tokens before it, and its probabilities are still exact.

Source: Rabiner (1989) for the forward algorithm; Cover & Thomas (2006), section 4.5, for the entropy rate.
"""

import functools
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from solutions.lm import LMError
from solutions.lm.chains import cumulative, distributions, draw, stationary
from solutions.lm.source import Source, require_sample, seeded


@dataclass(frozen=True)
class EntropyEstimate:
    """An entropy rate in nats per token, measured on a sample, and the standard error of the measurement."""

    nats: float
    standard_error: float


class HiddenMarkovSource(Source):
    """A source that shows a token of a hidden state at every step: what it says next depends on its whole past.

    Args:
        transitions: shape ``(S, S)``, rows that sum to 1: the hidden state's next state.
        emissions: shape ``(S, V)``, rows that sum to 1: the token shown in each state.
        name: what reports call it.

    Raises:
        LMError: for other shapes, rows that are no distributions, and transitions that leave the stationary
            distribution open.

    >>> source = HiddenMarkovSource([[0.9, 0.1], [0.1, 0.9]], [[1.0, 0.0], [0.5, 0.5]])
    >>> source.next_probs(torch.tensor([[1]]))[0, 1]
    tensor([0.5500, 0.4500], dtype=torch.float64)
    """

    def __init__(self, transitions: Any, emissions: Any, name: str | None = None) -> None:
        moves, shows = distributions("transitions", transitions), distributions("emissions", emissions)
        if moves.ndim != 2 or moves.shape[0] != moves.shape[1] or shows.ndim != 2 or len(shows) != len(moves):
            raise LMError(
                f"transitions have shape {moves.shape}, emissions {shows.shape}; give (S, S) and (S, V)"
            )
        self.states, self.vocabulary = shows.shape
        self.name = name or f"hidden Markov source of {self.states} states over {self.vocabulary} tokens"
        self._transitions, self._emissions = torch.from_numpy(moves), torch.from_numpy(shows)
        self._stationary = torch.from_numpy(stationary(moves))
        self._moves, self._shows = cumulative(moves), cumulative(shows)
        self._start = cumulative(self._stationary.numpy())

    def sample(self, B: int, T: int, generator: torch.Generator | int) -> Tensor:
        require_sample(B, T)
        generator = seeded(generator)
        device = generator.device
        uniform = torch.rand(2, T + 1, B, dtype=torch.float64, generator=generator, device=device)
        moves, shows = self._moves.to(device), self._shows.to(device)
        state = draw(self._start.to(device), uniform[0, 0])
        tokens = torch.empty(T, B, dtype=torch.int64, device=device)
        for t in range(T):
            tokens[t] = draw(shows[state], uniform[1, t])
            state = draw(moves[state], uniform[0, t + 1])
        return tokens.T.contiguous()

    def next_probs(self, tokens: Tensor) -> Tensor:
        return self._beliefs(self._checked(tokens)) @ self._emissions.to(tokens.device)

    def _beliefs(self, tokens: Tensor) -> Tensor:
        """Return p(S_{t+1} | x_1..x_t) for t = 0..T, ``(B, T+1, S)``, by the forward algorithm, normalised."""
        B, T = tokens.shape
        transitions, shown = self._transitions.to(tokens.device), self._emissions.T.to(tokens.device)
        beliefs = torch.empty(B, T + 1, self.states, dtype=torch.float64, device=tokens.device)
        beliefs[:, 0] = self._stationary.to(tokens.device)
        for t in range(T):
            joint = beliefs[:, t] * shown[tokens[:, t]]
            total = joint.sum(dim=-1, keepdim=True)
            if not bool((total > 0).all()):
                raise LMError(
                    f"token {t} makes a sequence of probability 0; give sequences that this source can make"
                )
            beliefs[:, t + 1] = (joint / total) @ transitions
        return beliefs

    def block_probs(self, n: int) -> Tensor:
        return self._blocks(n, self._stationary[None])[0]

    def _blocks(self, n: int, starts: Tensor) -> Tensor:
        """Return p(x_1..x_n | start) for starting distributions ``(R, S)``, shape ``(R, V, …, V)``."""
        self._require_blocks(n, each=len(starts) * self.states)
        joint = starts[:, None]  # (R, V**m, S): the hidden state after m tokens, and those tokens
        for _ in range(n):
            shown = joint[:, :, None, :] * self._emissions.T
            joint = (shown @ self._transitions).reshape(len(starts), -1, self.states)
        return joint.sum(dim=-1).reshape(-1, *(self.vocabulary,) * n)

    def entropy_rate(self) -> float:
        """Return the estimate of `entropy_estimate` at its default size: it has no closed form."""
        return self.entropy_estimate().nats

    @functools.cache  # noqa: B019  (sources are few and live as long as the program)
    def entropy_estimate(
        self, B: int = 512, T: int = 1024, burn_in: int = 256, seed: int = 0
    ) -> EntropyEstimate:
        """Return the mean of H(p(· | x_1..x_t)) over sampled prefixes, in nats per token, with its standard error.

        What the sample owes to the states that happened to come is taken out: the mean belief in each state has a
        known expectation, the stationary distribution, and the entropies are regressed on how far it is from that.

        Args:
            B: sequences, more than the states by at least 2; they are independent, so the standard error is over them.
            T, burn_in: tokens in each, and how many of them only build up the past. A past that is cut off makes
                the estimate too high; by how much, `entropy_bounds` shows.
            seed: the same seed gives the same estimate.
        """
        if B < self.states + 2 or not 0 <= burn_in < T:
            raise LMError(
                f"B = {B}, T = {T}, burn_in = {burn_in}; give B ≥ {self.states + 2} and 0 ≤ burn_in < T"
            )
        beliefs = self._beliefs(self.sample(B, T, seed))[:, burn_in:-1]
        means = torch.special.entr(beliefs @ self._emissions).sum(dim=-1).mean(dim=-1)
        off = (beliefs.mean(dim=1) - self._stationary)[:, 1:]  # the entries sum to 0, so one says nothing new
        known = torch.cat([torch.ones(B, 1, dtype=torch.float64), off], dim=1)
        fit = torch.linalg.lstsq(known, means[:, None], driver="gelsd").solution
        spread = (means[:, None] - known @ fit).square().sum() / (B - self.states)
        return EntropyEstimate(float(fit[0, 0]), float((spread / B).sqrt()))

    def entropy_per_token(self, T: int) -> float:
        """Return an estimate of H(X_1..X_T) / T in nats from 4,096 sequences; see `Source.entropy_per_token`."""
        return self.entropy_estimate(B=4096, T=T, burn_in=0).nats

    def entropy_bounds(self, n: int) -> tuple[float, float]:
        """Return what the entropy rate lies between: H(X_n | X_1..X_{n−1}, S_1) and H(X_n | X_1..X_{n−1}), in nats.

        Both are exact, by going through all blocks of n ≥ 1 tokens, and both tend to the entropy rate as n grows.

        Source: Cover & Thomas (2006), theorem 4.5.1.
        """
        known = torch.eye(self.states, dtype=torch.float64)

        def given_state(m: int) -> float:
            if m == 0:
                return 0.0
            rows = torch.special.entr(self._blocks(m, known)).reshape(self.states, -1).sum(dim=1)
            return float(self._stationary @ rows)

        return given_state(n) - given_state(n - 1), self.conditional_entropy(n - 1)
