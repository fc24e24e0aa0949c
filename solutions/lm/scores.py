"""What a trained model says about given texts: log q of each token, of answers to a prompt, and of texts of any length.

A text that does not fit is read in windows, each from the start symbol on. Every token is scored once.

Source: chapter 9 of the book.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from solutions.decoding import Model
from solutions.lm import LMError
from solutions.lm.evaluation import next_probs
from solutions.lm.feeding import device_of, evaluating, next_log_probs, require_shape, shifted


@dataclass(frozen=True)
class Score:
    """The score of one text or answer: its number of tokens and of bytes in UTF-8, and log q in nats."""

    tokens: int
    bytes: int
    log_prob: float

    @property
    def per_token(self) -> float:
        """Nats per token, never above 0; NaN for no token."""
        return self.log_prob / self.tokens if self.tokens else math.nan

    @property
    def per_byte(self) -> float:
        """Nats per byte, never above 0; NaN for no byte."""
        return self.log_prob / self.bytes if self.bytes else math.nan


def token_log_probs(
    model: nn.Module, tokens: Tensor, *, stride: int | None = None, batch: int = 64
) -> Tensor:
    """Return log q of each token given the tokens before it that its window shows, in nats: float64 ``(N,)``.

    Args:
        tokens: int64 ``(N,)``.
        stride: tokens from one window to the next, 1 to the context. The first window scores all of its tokens, each
            later one those that no window before has had, so that every one of them has at least context − stride
            tokens before it. Half the context when left out. A text that fits does not depend on it.
        batch: windows at a time.

    Raises:
        LMError: for another stride, tokens out of range, or log-probabilities that are NaN.

    >>> from solutions.lm.model import Sizes, Transformer
    >>> untrained = Transformer(Sizes(vocabulary=4, context=8, layers=1, heads=1, width=8))
    >>> token_log_probs(untrained, torch.tensor([0, 3])).exp()
    tensor([0.2500, 0.2500], dtype=torch.float64)
    """
    context = int(model.sizes.context)
    step = max(context // 2, 1) if stride is None else stride
    if not 1 <= step <= context:
        raise LMError(f"a stride of {step} tokens; give 1 to {context}, the context")
    if not len(tokens):
        return torch.zeros(0, dtype=torch.float64)
    require_shape(model, tokens, 1)
    found = torch.empty(len(tokens), dtype=torch.float64)
    # The last window is moved back so that it is full: it scores what is left, with all the more before it.
    last = max(len(tokens) - context, 0)
    starts = [*range(0, last, step), last]
    with evaluating(model):
        for rows in torch.tensor(starts).split(batch):
            windows = torch.stack([tokens[first : first + context] for first in rows.tolist()])
            log_probs = next_log_probs(model, shifted(model, windows))
            own = log_probs.gather(-1, windows.to(device_of(model))[..., None])[..., 0].cpu().double()
            for first, scores in zip(rows.tolist(), own, strict=True):
                new = 0 if first == 0 else scored_before(first, step, context) - first
                found[first + new : first + len(scores)] = scores[new:]
    return found


def scored_before(first: int, stride: int, context: int) -> int:
    """Return how many tokens the windows before the one that begins at `first` > 0 have scored.

    >>> scored_before(4, stride=4, context=8), scored_before(5, stride=4, context=8)
    (8, 12)
    """
    return (first - 1) // stride * stride + context


def score(
    model: nn.Module, prompt: Tensor, answer: Tensor, text: str | bytes, *, stride: int | None = None
) -> Score:
    """Return the score of an answer given its prompt: the sum of log q over the answer's tokens.

    Args:
        prompt, answer: int64 ``(P,)`` and ``(A,)``; either may be empty.
        text: the answer's text, or its bytes, for their number.
        stride: as for `token_log_probs`.

    Source: {eq}`conditional-score`.

    >>> from solutions.lm.model import Sizes, Transformer
    >>> untrained = Transformer(Sizes(vocabulary=4, context=8, layers=1, heads=1, width=8))
    >>> answer = score(untrained, torch.tensor([0, 1]), torch.tensor([2, 2]), "cc")
    >>> round(answer.log_prob, 3), round(answer.per_token, 3)
    (-2.773, -1.386)
    """
    each = token_log_probs(model, torch.cat([prompt, answer]), stride=stride)[len(prompt) :]
    size = len(text.encode() if isinstance(text, str) else text)
    return Score(len(answer), size, float(each.sum()))


def prefix_model(model: nn.Module) -> Model:
    """Return the model as the searches of `solutions.decoding` ask it: prefixes to log-probabilities ``(n, V)``.

    >>> from solutions.decoding import greedy
    >>> from solutions.lm.model import Sizes, Transformer
    >>> untrained = Transformer(Sizes(vocabulary=4, context=8, layers=1, heads=1, width=8))
    >>> round(greedy(prefix_model(untrained), 2).log_prob, 3)
    -2.773
    """

    def log_probs(prefixes: Sequence[tuple[int, ...]]) -> Any:
        return next_probs(model, prefixes).log().numpy()

    return log_probs
