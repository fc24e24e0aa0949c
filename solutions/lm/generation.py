"""Drawing sequences from a trained model: temperature, top-k, top-p, greedy, with a cache and past the context.

Past the context the window slides: the start symbol stays in front, the older half of the tokens is forgotten,
and the rest is read again. With and without a cache the window slides at the same tokens, so both give the
same logits to rounding.
"""

import math

import torch
from torch import Tensor, nn

from solutions.lm import LMError
from solutions.lm.chains import cumulative, draw
from solutions.lm.feeding import device_of, evaluating, require_range, started
from solutions.lm.source import seeded

ROUNDING = 1e-9  # by which a sum of probabilities may miss what it is on paper


def generate(
    model: nn.Module,
    length: int,
    generator: torch.Generator | int,
    *,
    prompt: Tensor | None = None,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    cached: bool = True,
) -> Tensor:
    """Return sequences that begin with the prompt and go on for `length` tokens, int64 ``(B, P + length)``.

    Args:
        length: tokens to add, ≥ 0.
        generator: a Torch generator on the CPU, or a seed for one. Tokens are drawn on the CPU, so that a seed
            draws the same numbers whatever device the model is on.
        prompt: int64 ``(B, P)``, tokens in 0..V−1; P may be 0, and is when the prompt is left out, with B = 1.
        temperature, top_k, top_p: as for `choice_probs`.
        cached: False computes every prefix anew, which is slow and gives the same logits.

    Raises:
        LMError: for arguments outside these ranges, and for logits that are NaN.
    """
    prompt = torch.zeros(1, 0, dtype=torch.int64) if prompt is None else prompt.cpu()
    if length < 0 or prompt.ndim != 2 or prompt.dtype != torch.int64 or len(prompt) == 0:
        raise LMError(
            f"length {length}, prompt {prompt.dtype} {tuple(prompt.shape)}; give length ≥ 0 and int64 (B, P)"
        )
    require_range(model, prompt)
    generator = seeded(generator)
    B, P = prompt.shape
    tokens = torch.cat([prompt, torch.zeros(B, length, dtype=torch.int64)], dim=1)
    reader = Reader(model, cached)
    with evaluating(model):
        for t in range(P, P + length):
            probs = choice_probs(reader.logits(tokens[:, :t]), temperature, top_k, top_p)
            uniform = torch.rand(B, dtype=torch.float64, generator=generator)
            tokens[:, t] = draw(cumulative(probs.numpy()), uniform)
    return tokens


def choice_probs(
    logits: Tensor, temperature: float = 1.0, top_k: int | None = None, top_p: float | None = None
) -> Tensor:
    """Return the distribution that the next token is drawn from, float64 of the logits' shape, on the CPU.

    First the temperature is applied, then top-k, then top-p on what is left; what remains sums to 1.
    Between equal probabilities the smaller token comes first.

    Args:
        logits: ``(..., V)``.
        temperature: T ≥ 0. 0 is greedy: all probability goes to the largest logit.
        top_k: keep the k ≥ 1 most probable tokens.
        top_p: keep the smallest number of most probable tokens that together have at least this probability,
            in (0, 1], to nine places: a sum that rounding leaves short of it by less is enough.

    Raises:
        LMError: for other arguments, and for logits that are NaN, +inf, or -inf for every token.

    Source: {eq}`temperature-definition`; Fan et al. (2018) for top-k; Holtzman et al. (2020) for top-p.

    >>> choice_probs(torch.tensor([1.0, 3.0, 2.0]), temperature=0.0)
    tensor([0., 1., 0.], dtype=torch.float64)
    >>> choice_probs(torch.tensor([0.5, 0.25, 0.25]).log(), top_k=2)
    tensor([0.6667, 0.3333, 0.0000], dtype=torch.float64)
    """
    _require_choice(temperature, top_k, top_p)
    z = logits.detach().cpu().double()
    top = z.amax(dim=-1, keepdim=True)  # NaN when a logit is
    if not bool(top.isfinite().all()):
        raise LMError("logits hold NaN or +inf, or -inf for every token; go back to an earlier checkpoint")
    z = z - top
    order = z.argsort(dim=-1, descending=True, stable=True)
    if temperature == 0:
        top_k, temperature = 1, 1.0
    ranked = (z / temperature).softmax(dim=-1).gather(-1, order)
    if top_k is not None:
        ranked[..., top_k:] = 0
        ranked /= ranked.sum(dim=-1, keepdim=True)
    if top_p is not None and top_p < 1:
        before = ranked.cumsum(dim=-1) - ranked
        before[..., 0] = -1  # the first token always stays
        ranked[before >= top_p - ROUNDING] = 0
        ranked /= ranked.sum(dim=-1, keepdim=True)
    return torch.zeros_like(z).scatter(-1, order, ranked)


class Reader:
    """Gives the logits of the next token of sequences that grow, reading each token once where it can.

    >>> [first_visible(n, context=4) for n in range(10)]
    [0, 0, 0, 0, 2, 2, 4, 4, 6, 6]
    """

    def __init__(self, model: nn.Module, cached: bool = True) -> None:
        self._model, self._cached = model, cached
        self._first, self._read = -1, 0  # where the window begins, and how far it has been read
        self._cache = None

    def logits(self, tokens: Tensor) -> Tensor:
        """Return the logits of token n+1, ``(B, V)``, given all n tokens so far, ``(B, n)``.

        Each call must repeat the tokens of the calls before and may add any number of them.
        """
        n = tokens.shape[1]
        first = first_visible(n, self._model.sizes.context)
        again = not self._cached or first != self._first or self._read >= n
        if again:
            new = started(self._model, tokens[:, first:])
            self._cache = self._model.cache() if self._cached else None
        else:
            new = tokens[:, self._read :]
        self._first, self._read = first, n
        new = new.to(device_of(self._model))
        logits = self._model(new, self._cache) if self._cached else self._model(new)
        return logits[:, -1]


def first_visible(n: int, context: int) -> int:
    """Return the place of the oldest of n tokens that the model sees, when the context holds `context` positions.

    The start symbol takes one position. When the rest is full, the window moves on so far that half the context
    is taken up again: moving it at every token would mean reading all of it for every token.

    >>> first_visible(3, context=4), first_visible(4, context=4)
    (0, 2)
    """
    if n < context:
        return 0
    step = context - context // 2
    return step * (1 + (n - context) // step)


def _require_choice(temperature: float, top_k: int | None, top_p: float | None) -> None:
    if not (math.isfinite(temperature) and temperature >= 0):
        raise LMError(f"temperature is {temperature!r}; give 0 for greedy or a positive number, such as 0.8")
    if top_k is not None and top_k < 1:
        raise LMError(f"top_k is {top_k}; give at least 1, or leave it out")
    if top_p is not None and not 0 < top_p <= 1:
        raise LMError(f"top_p is {top_p}; give a probability above 0 and up to 1, or leave it out")
