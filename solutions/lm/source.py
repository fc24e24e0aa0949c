"""What every source with a known distribution has: samples, exact conditionals, exact short blocks, entropies."""

from abc import ABC, abstractmethod

import torch
from torch import Tensor

from solutions.lm import LMError

MAX_BLOCKS = 2**24  # entries of a table over all blocks of tokens: 128 MiB


class Source(ABC):
    """What every source has: samples, exact conditionals, exact short blocks, and entropies."""

    vocabulary: int
    name: str

    @abstractmethod
    def sample(self, B: int, T: int, generator: torch.Generator | int) -> Tensor:
        """Return tokens ``(B, T)``, int64, on the generator's device: B independent sequences.

        Args:
            B, T: numbers of sequences and of tokens in each, B ≥ 1, T ≥ 0.
            generator: a Torch generator of the CPU or of a CUDA device (MPS has no float64), or a seed for one on
                the CPU.
        """

    @abstractmethod
    def next_probs(self, tokens: Tensor) -> Tensor:
        """Return the exact p(x_{t+1} | x_1..x_t) for t = 0..T, float64 ``(B, T+1, V)``, on the tokens' device.

        Raises LMError for tokens ``(B, T)`` that are out of range or cannot occur.
        """

    @abstractmethod
    def block_probs(self, n: int) -> Tensor:
        """Return the probability of every block of n tokens, float64 of shape ``(V,)*n``; LMError when too many."""

    @abstractmethod
    def entropy_rate(self) -> float:
        """Return the entropy of a token given all tokens before it, in nats: the floor of any model's loss."""

    @abstractmethod
    def entropy_per_token(self, T: int) -> float:
        """Return H(X_1..X_T) / T in nats: the floor of the mean loss on sequences of T ≥ 1 tokens from their beginning.

        It lies above the entropy rate, since the first tokens of a sequence have little before them. A model's
        mean loss on such sequences is this plus its KL to the source.
        """

    def unigram(self) -> Tensor:
        """Return the distribution of one token, float64 ``(V,)``."""
        return self.block_probs(1)

    def bigram(self) -> Tensor:
        """Return p(next | token), float64 ``(V, V)``: the best model that sees one token back.

        The row of a token that never occurs is uniform.
        """
        pairs = self.block_probs(2)
        totals = pairs.sum(dim=1, keepdim=True)
        return torch.where(totals > 0, pairs / totals, 1 / self.vocabulary)

    def conditional_entropy(self, n: int) -> float:
        """Return H(X_{n+1} | X_1..X_n) in nats: the loss of the best model that sees n tokens back.

        It falls with n and never below the entropy rate, so that `conditional_entropy(1) − entropy_rate()`
        is the bigram's KL to the source in nats per token.
        """
        if n < 0:
            raise LMError(f"n is {n}; give the number of tokens seen, at least 0")
        longer = _entropy(self.block_probs(n + 1))
        return longer - _entropy(self.block_probs(n)) if n else longer

    def _checked(self, tokens: Tensor) -> Tensor:
        if tokens.ndim != 2 or tokens.dtype != torch.int64:
            raise LMError(f"tokens are {tokens.dtype} {tuple(tokens.shape)}; give int64 of shape (B, T)")
        if tokens.numel() and not 0 <= int(tokens.min()) <= int(tokens.max()) < self.vocabulary:
            raise LMError(f"tokens run from {int(tokens.min())} to {int(tokens.max())}; this source has "
                          f"{self.vocabulary} tokens, from 0")  # fmt: skip
        return tokens

    def _require_blocks(self, n: int, each: int = 1) -> None:
        if n < 1 or self.vocabulary**n * each > MAX_BLOCKS:
            raise LMError(
                f"{self.vocabulary}**{n} blocks of {n} tokens; give n ≥ 1 and at most {MAX_BLOCKS} entries"
            )


def seeded(generator: torch.Generator | int) -> torch.Generator:
    """Return the generator, or a new one on the CPU for a seed.

    Raises LMError for a seed outside 0..2**32−1: Torch's generator on the CPU would drop the higher bits of a larger
    one without a word, so that 2**32 draws what 0 draws.
    """
    if isinstance(generator, torch.Generator):
        return generator
    if isinstance(generator, bool) or not isinstance(generator, int) or not 0 <= generator < 2**32:
        raise LMError(
            f"the generator is {generator!r}; give a torch.Generator or an integer seed from 0 to {2**32 - 1}"
        )
    return torch.Generator().manual_seed(generator)


def require_sample(B: int, T: int) -> None:
    """Raise LMError unless there is a sequence to draw."""
    if B < 1 or T < 0:
        raise LMError(f"B = {B} and T = {T}; ask for at least one sequence and no negative length")


def _entropy(probs: Tensor) -> float:
    return float(torch.special.entr(probs).sum())
