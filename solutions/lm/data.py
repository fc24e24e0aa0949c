"""What a model learns from and is judged by: a source that never repeats itself, or a text with its two splits."""

import hashlib
from abc import ABC, abstractmethod
from typing import Any

import torch
from torch import Tensor

from solutions.lm import LMError
from solutions.lm.evaluation import Calibration, Divergence, Loss, calibration, kl_to_source, nll
from solutions.lm.model import Transformer
from solutions.lm.source import Source
from solutions.lm.text import Corpus

# A generator on the CPU keeps 32 bits of its seed (2**32 draws what 0 draws), so each step of each run has its own only
# within these limits.
MAX_STEPS = 2**20
MAX_SEED = 2**12 - 1
HELD_OUT_SEED = MAX_SEED * MAX_STEPS
HELD_OUT_SEQUENCES = 256


class Data(ABC):
    """Sequences to train on, and a split to validate on.

    vocabulary: V. name: what reports call it.
    """

    vocabulary: int
    name: str

    def floor(self, T: int) -> float | None:
        """Return the smallest expected loss on sequences of T tokens in nats per token, where that is known."""
        return None

    @abstractmethod
    def sequences(self, seed: int, step: int, B: int, T: int) -> Tensor:
        """Return the tokens of one training step, int64 ``(B, T)`` on the CPU: a function of these four numbers."""

    @abstractmethod
    def validate(self, model: Transformer) -> tuple[Loss, Divergence | None]:
        """Return the model's loss on held-out tokens, and its KL to the source where that is known."""

    @abstractmethod
    def calibrate(self, model: Transformer) -> Calibration:
        """Return the model's calibration on the tokens that `validate` scores, each given the same tokens."""

    @abstractmethod
    def identity(self) -> dict[str, Any]:
        """Return what a checkpoint keeps, so that a run goes on with the same data and its tokens can be read."""


class SourceData(Data):
    """Sequences drawn afresh from a source at every step, each from its beginning."""

    def __init__(self, source: Source) -> None:
        self.source, self.vocabulary, self.name = source, source.vocabulary, source.name

    def floor(self, T: int) -> float:
        return self.source.entropy_per_token(T)

    def sequences(self, seed: int, step: int, B: int, T: int) -> Tensor:
        return self.source.sample(B, T, _generator(seed, step))

    def held_out(self, T: int) -> Tensor:
        """Return the sequences ``(256, T)`` that validate."""
        return self.source.sample(HELD_OUT_SEQUENCES, T, HELD_OUT_SEED)

    def validate(self, model: Transformer) -> tuple[Loss, Divergence | None]:
        tokens = self.held_out(model.sizes.context)
        return nll(model, tokens.flatten(), window=tokens.shape[1]), kl_to_source(model, self.source, tokens)

    def calibrate(self, model: Transformer) -> Calibration:
        tokens = self.held_out(model.sizes.context)
        return calibration(model, tokens.flatten(), window=tokens.shape[1])

    def identity(self) -> dict[str, Any]:
        return {
            "kind": "source",
            "name": self.name,
            "vocabulary": self.vocabulary,
            "entropy_rate": round(self.source.entropy_rate(), 6),
        }


class TextData(Data):
    """Windows of a text's first nine tenths, each from a place drawn at random; the last tenth validates.

    Every window begins with the start symbol, as if the text began there. Validation reads one token of each
    window without scoring it, so every token but the first is scored once, and given at least one before it.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus, self.vocabulary, self.name = corpus, corpus.alphabet.vocabulary, corpus.name

    def sequences(self, seed: int, step: int, B: int, T: int) -> Tensor:
        split = self.corpus.train
        if len(split) < T:
            raise LMError(f"{self.name} has {len(split)} tokens to learn from; give a longer text, or --context "
                          f"of at most {len(split)}")  # fmt: skip
        first = torch.randint(len(split) - T + 1, (B, 1), generator=_generator(seed, step))
        return split[first + torch.arange(T)]

    def validate(self, model: Transformer) -> tuple[Loss, Divergence | None]:
        return nll(model, self.corpus.validation, score_first=False), None

    def calibrate(self, model: Transformer) -> Calibration:
        return calibration(model, self.corpus.validation, score_first=False)

    def identity(self) -> dict[str, Any]:
        digest = hashlib.sha256(self.corpus.tokens.numpy().tobytes()).hexdigest()
        return {"kind": "text", "name": self.name, "symbols": self.corpus.alphabet.symbols, "sha256": digest}


def _generator(seed: int, step: int) -> torch.Generator:
    """Return a generator of its own for each step, so that a run that goes on draws what it would have drawn."""
    return torch.Generator().manual_seed(seed * MAX_STEPS + step)
