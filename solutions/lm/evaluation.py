"""What a trained model is worth: its loss on a split, its KL to a known source, its calibration.

A model maps tokens ``(B, T)`` to logits ``(B, T, V)``; `model.start` is the start symbol, and at most
`model.sizes.context` positions fit, the start symbol included. Every window and every sequence begins with the
start symbol. Everything runs on the model's device, without gradients, in evaluation mode, and leaves the model
in the mode it was in. Sums are taken in float64 on the CPU, since not every device has it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from solutions import information
from solutions.lm import LMError
from solutions.lm.feeding import (
    evaluating,
    next_log_probs,
    padded,
    require_range,
    require_shape,
    shifted,
    started,
    windows,
)
from solutions.lm.source import Source


@dataclass(frozen=True)
class Loss:
    """The mean NLL of a split in nats per token, with its standard error, and the same in other units.

    Tokens of one window depend on each other, so the standard error is that of a mean over windows; NaN for
    a single window.
    """

    tokens: int
    nll: float
    standard_error: float

    @property
    def perplexity(self) -> float:
        """exp(NLL), {eq}`perplexity`."""
        return float(information.perplexity(self.nll))

    @property
    def bits(self) -> float:
        """The NLL in bits per token, {eq}`bits-nats`."""
        return float(information.bits_from_nats(self.nll))

    def bits_per_character(self, text: str) -> float:
        """The NLL in bits per character of the text whose tokens were scored, {eq}`bits-per-character`."""
        return float(information.bits_per_character(self.nll * self.tokens, text))

    def bits_per_byte(self, text: str) -> float:
        """The NLL in bits per byte of the text whose tokens were scored, {eq}`bits-per-byte`."""
        return float(information.bits_per_byte(self.nll * self.tokens, text))


@dataclass(frozen=True)
class Divergence:
    """The mean KL(p‖q) from a source p to a model q in nats per token, with its standard error over sequences."""

    tokens: int
    kl: float
    standard_error: float


@dataclass(frozen=True)
class Calibration:
    """How often the model's first choice is right, by how sure the model was of it.

    Each list has one entry a bin, equally wide bins from 0 to 1: `counts` of tokens, their mean `confidence` (the
    largest probability) and their `accuracy` (the share of tokens that were that choice); NaN in an empty bin.
    `ece` is the expected calibration error Σ_b counts_b / tokens · |accuracy_b − confidence_b|.

    Source: Guo, Pleiss, Sun & Weinberger (2017).
    """

    tokens: int
    counts: list[int]
    confidence: list[float]
    accuracy: list[float]
    ece: float


def nll(
    model: nn.Module, tokens: Tensor, *, window: int | None = None, score_first: bool = True, batch: int = 64
) -> Loss:
    """Return the model's loss on a split, cut into windows, each token scored exactly once.

    Args:
        tokens: the split, int64 ``(N,)``, N ≥ 1.
        window: T ≥ 1, tokens scored in a window; the last window may be shorter. As many as fit when left out.
        score_first: True scores x_i … x_{i+T−1} given the start symbol and the window's tokens before each.
            False puts one token more before each window, read but not scored, so that x_{i+1} … x_{i+T} are scored
            from inputs (start), x_i … x_{i+T−1}: the conditioning of the usual evaluation of models without a start
            symbol. The split's first token is then not scored at all.
        batch: windows at a time.

    Raises:
        LMError: for a split without a token to score, a window that does not fit, or a loss that is NaN.

    Source: {eq}`corpus-perplexity` for the mean over tokens, not over windows.

    >>> from solutions.lm.model import Sizes, Transformer
    >>> untrained = Transformer(Sizes(vocabulary=4, context=8, layers=1, heads=1, width=8))
    >>> round(nll(untrained, torch.tensor([0, 3, 2, 1, 1, 0, 2, 3, 3, 0])).perplexity, 3)
    4.0
    """
    totals: list[Tensor] = []
    lengths: list[int] = []
    with evaluating(model):
        for log_probs, targets in windows(model, tokens, window, score_first, batch):
            chosen = log_probs.gather(-1, targets[..., None])[..., 0]
            totals.append(-chosen.cpu().double().sum(dim=-1))
            lengths += [chosen.shape[1]] * len(chosen)
    mean, error = _ratio(torch.cat(totals), torch.tensor(lengths, dtype=torch.float64))
    return Loss(sum(lengths), mean, error)


def kl_to_source(model: nn.Module, source: Source, tokens: Tensor, *, batch: int = 64) -> Divergence:
    """Return KL(p‖q) from the source's exact conditionals p to the model's q, in nats per token.

    At each position the sum over all V next tokens is taken, not the one token that came, so the result has
    much less noise than a difference of losses, and is not below 0 but by rounding.

    Args:
        source: what the tokens were drawn from.
        tokens: int64 ``(B, T)``, sequences of the source from their beginning, B ≥ 1 and 1 ≤ T ≤ context.
        batch: sequences at a time.

    Raises:
        LMError: for another shape, other vocabularies, or probabilities that are NaN.

    >>> from solutions.lm.model import Sizes, Transformer
    >>> untrained = Transformer(Sizes(vocabulary=4, context=8, layers=1, heads=1, width=8))
    >>> from solutions.lm.sources import MarkovSource
    >>> source = MarkovSource(0, [0.5, 0.5, 0.0, 0.0])
    >>> round(kl_to_source(untrained, source, source.sample(10, 8, 0)).kl, 3)  # log 4 - log 2
    0.693
    """
    if source.vocabulary != model.sizes.vocabulary:
        raise LMError(
            f"the source has {source.vocabulary} tokens and the model {model.sizes.vocabulary}; give a model of it"
        )
    require_shape(model, tokens, 2)
    totals: list[Tensor] = []
    with evaluating(model):
        for rows in tokens.split(batch):
            p = source.next_probs(rows.cpu())[:, :-1]
            log_q = next_log_probs(model, shifted(model, rows)).cpu().double()
            terms = torch.special.xlogy(p, p) - torch.where(p > 0, p * log_q, 0.0)
            totals.append(terms.sum(dim=(1, 2)))
    B, T = tokens.shape
    mean, error = _ratio(torch.cat(totals), torch.full((B,), T, dtype=torch.float64))
    return Divergence(B * T, mean, error)


def calibration(
    model: nn.Module,
    tokens: Tensor,
    *,
    bins: int = 10,
    window: int | None = None,
    score_first: bool = True,
    batch: int = 64,
) -> Calibration:
    """Return the reliability table of the model's first choice on a split, and its expected calibration error.

    Args:
        tokens: the split, int64 ``(N,)``, N ≥ 1.
        bins: ≥ 1.
        window, score_first, batch: as for `nll`; the same ones judge the same predictions.

    Raises LMError as `nll` does.

    >>> from solutions.lm.model import Sizes, Transformer
    >>> untrained = Transformer(Sizes(vocabulary=4, context=8, layers=1, heads=1, width=8))
    >>> calibration(untrained, torch.tensor([0, 3, 2, 1]), bins=2).confidence
    [0.25, nan]
    """
    if bins < 1:
        raise LMError(f"bins is {bins}; give at least 1")
    sums = torch.zeros(3, bins, dtype=torch.float64)  # tokens, confidence, hits
    with evaluating(model):
        for log_probs, targets in windows(model, tokens, window, score_first, batch):
            best, choice = log_probs.max(dim=-1)
            confidence = best.exp().cpu().double().flatten()
            hits = (choice == targets).cpu().double().flatten()
            which = (confidence * bins).long().clamp(0, bins - 1)
            sums.index_add_(1, which, torch.stack([torch.ones_like(hits), confidence, hits]))
    counts, confidence, hits = sums
    total = counts.sum()
    ece = (hits - confidence).abs().sum() / total
    return Calibration(
        int(total),
        counts.long().tolist(),
        (confidence / counts).tolist(),
        (hits / counts).tolist(),
        float(ece),
    )


def sequence_log_probs(model: nn.Module, sequences: Sequence[Sequence[int]], *, batch: int = 64) -> Tensor:
    """Return log q(x_1..x_m) of each sequence, given the start symbol, in nats: float64 ``(n,)`` on the CPU.

    Args:
        sequences: n lists of tokens in 0..V−1, of any lengths up to the context; an empty one has log-probability 0.
        batch: sequences at a time.

    Raises:
        LMError: for tokens out of range, a sequence that does not fit, or a log-probability that is NaN.

    Source: {eq}`padded-sum`.

    >>> from solutions.lm.model import Sizes, Transformer
    >>> untrained = Transformer(Sizes(vocabulary=4, context=8, layers=1, heads=1, width=8))
    >>> sequence_log_probs(untrained, [[0], [1, 2], []])
    tensor([-1.3863, -2.7726,  0.0000], dtype=torch.float64)
    """
    log_probs = torch.zeros(len(sequences), dtype=torch.float64)
    with evaluating(model):
        for first in range(0, len(sequences), batch):
            tokens, mask = padded(sequences[first : first + batch])
            if tokens.shape[1]:
                require_shape(model, tokens, 2)
                each = next_log_probs(model, shifted(model, tokens)).cpu().double()
                chosen = each.gather(-1, tokens[..., None])[..., 0]
                log_probs[first : first + batch] = torch.where(mask, chosen, 0.0).sum(dim=1)
    return log_probs


def sequence_log_prob(model: nn.Module, tokens: Sequence[int]) -> float:
    """Return log q(x_1..x_m) of one sequence; otherwise as `sequence_log_probs`.

    >>> from solutions.lm.model import Sizes, Transformer
    >>> untrained = Transformer(Sizes(vocabulary=4, context=8, layers=1, heads=1, width=8))
    >>> round(sequence_log_prob(untrained, [0, 3]), 3)
    -2.773
    """
    return float(sequence_log_probs(model, [tokens])[0])


def next_probs(model: nn.Module, contexts: Sequence[Sequence[int]], *, batch: int = 64) -> Tensor:
    """Return q(· | context) for each context, float64 ``(n, V)`` on the CPU, each row summing to 1.

    Args:
        contexts: n lists of tokens in 0..V−1, of any lengths; an empty one asks for the first token. Of a context
            that does not fit, the model sees the start symbol and as many of the last tokens as fit.
        batch: contexts at a time.

    Raises LMError for tokens out of range, or probabilities that are NaN.

    >>> from solutions.lm.model import Sizes, Transformer
    >>> untrained = Transformer(Sizes(vocabulary=4, context=8, layers=1, heads=1, width=8))
    >>> next_probs(untrained, [[], [1, 2]])
    tensor([[0.2500, 0.2500, 0.2500, 0.2500],
            [0.2500, 0.2500, 0.2500, 0.2500]], dtype=torch.float64)
    """
    V, room = model.sizes.vocabulary, model.sizes.context - 1
    probs = torch.empty(len(contexts), V, dtype=torch.float64)
    with evaluating(model):
        for first in range(0, len(contexts), batch):
            seen = [context[max(0, len(context) - room) :] for context in contexts[first : first + batch]]
            tokens, mask = padded(seen)
            require_range(model, tokens)
            inputs = started(model, tokens)
            each = next_log_probs(model, inputs)
            last = each[torch.arange(len(seen)), mask.sum(dim=1).to(each.device)]
            probs[first : first + batch] = (
                last.cpu().double().softmax(dim=-1)
            )  # float32 sums to 1 only roughly
    return probs


def _ratio(totals: Tensor, counts: Tensor) -> tuple[float, float]:
    """Return Σ totals / Σ counts and its standard error, where the pairs are independent and tokens are not.

    Source: Cochran (1977), section 2.11, the ratio estimate.
    """
    mean, n = totals.sum() / counts.sum(), len(totals)
    if n < 2:
        return float(mean), math.nan
    spread = ((totals - mean * counts) ** 2).sum() * n / (n - 1)
    return float(mean), float(spread.sqrt() / counts.sum())
