"""How tokens are fed to a trained model: in evaluation mode, after the start symbol, cut into windows or padded."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from solutions.lm import LMError


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Switch the model to evaluation and gradients off, and put both back afterwards."""
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():  # not inference_mode: what a model caches inside it could not be trained with
            yield
    finally:
        model.train(was_training)


def device_of(model: nn.Module) -> torch.device:
    """Return where the model's parameters are; the CPU for a model without any."""
    return next((parameter.device for parameter in model.parameters()), torch.device("cpu"))


def windows(
    model: nn.Module, tokens: Tensor, window: int | None, score_first: bool, batch: int
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield log-probabilities ``(B, T, V)`` and the tokens they are scored on, ``(B, T)``, on the model's device."""
    require_shape(model, tokens, 1)
    read = 0 if score_first else 1  # tokens of a window that are read and not scored
    fits = model.sizes.context - read
    if fits < 1:
        raise LMError(
            "a context of 1 has no room for a token that is read before the scored one; give a longer one"
        )
    window = fits if window is None else window
    if not 1 <= window <= fits:
        raise LMError(
            f"a window of {window} tokens does not fit; give 1 to {fits} (the context is {model.sizes.context})"
        )
    if len(tokens) <= read:
        raise LMError("the split has no token to score; give a longer one")
    for rows in _cut(tokens, window, read, batch):
        yield next_log_probs(model, shifted(model, rows))[:, read:], rows[:, read:].to(device_of(model))


def _cut(tokens: Tensor, window: int, read: int, batch: int) -> Iterable[Tensor]:
    """Return batches ``(B, read + window)`` of windows that overlap by `read` tokens, and the uneven last by itself."""
    whole = (len(tokens) - read) // window
    batches = list(tokens.unfold(0, read + window, window).split(batch)) if whole else []
    rest = tokens[whole * window :]
    return [*batches, rest[None]] if len(rest) > read else batches


def started(model: nn.Module, rows: Tensor) -> Tensor:
    """Return the rows ``(B, T)`` with the start symbol in front, ``(B, T+1)``."""
    return torch.cat([rows.new_full((len(rows), 1), model.start), rows], dim=1)


def shifted(model: nn.Module, rows: Tensor) -> Tensor:
    """Return the inputs for which the rows are the targets: the start symbol, then all tokens but the last."""
    return started(model, rows[:, :-1])


def next_log_probs(model: nn.Module, inputs: Tensor) -> Tensor:
    """Return log q of the token after each position, ``(B, T, V)`` in nats, float32 or float64; LMError for NaN."""
    logits = model(inputs.to(device_of(model)))
    log_probs = torch.log_softmax(logits if logits.dtype == torch.float64 else logits.float(), dim=-1)
    if bool(log_probs.isnan().any()):
        raise LMError(
            "the model's logits hold NaN; train from an earlier checkpoint, with a lower learning rate"
        )
    return log_probs


def padded(sequences: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Return tokens ``(B, T)`` filled up with 0, which no earlier position can see, and the mask of real tokens."""
    lengths = torch.tensor([len(sequence) for sequence in sequences])
    tokens = torch.zeros(len(sequences), int(lengths.max()), dtype=torch.int64)
    for row, sequence in zip(tokens, sequences, strict=True):
        row[: len(sequence)] = torch.as_tensor(sequence, dtype=torch.int64)
    return tokens, torch.arange(tokens.shape[1]) < lengths[:, None]


def require_shape(model: nn.Module, tokens: Tensor, axes: int) -> None:
    """Raise LMError unless the tokens are int64, of one axis or of two that fit the model, and in its range."""
    if tokens.ndim != axes or tokens.dtype != torch.int64 or tokens.numel() == 0:
        shape = "(N,)" if axes == 1 else "(B, T)"
        raise LMError(
            f"tokens are {tokens.dtype} {tuple(tokens.shape)}; give int64 {shape}, at least one token"
        )
    if axes == 2 and tokens.shape[1] > model.sizes.context:
        raise LMError(
            f"sequences of {tokens.shape[1]} tokens do not fit; the context is {model.sizes.context}"
        )
    require_range(model, tokens)


def require_range(model: nn.Module, tokens: Tensor) -> None:
    """Raise LMError for a token outside 0..V−1; the start symbol is put in front here, never given."""
    V = model.sizes.vocabulary
    if tokens.numel() and not 0 <= int(tokens.min()) <= int(tokens.max()) < V:
        raise LMError(
            f"tokens run from {int(tokens.min())} to {int(tokens.max())}; this model knows 0..{V - 1}"
        )
