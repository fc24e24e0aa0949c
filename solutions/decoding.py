"""The search for a probable text under a model of the next token: greedy, beam, best-first, and the mode of a chain.

A model is a function from n prefixes, each a tuple of tokens, to their next tokens' log-probabilities in nats, an array
``(n, V)``. With an end symbol a text ends with it and may have any length up to the limit. Without one, every text has
as many tokens as the limit says.

Source: chapter 9 of the book.
"""

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions import SolutionsError

Array = NDArray[np.float64]
Tokens = tuple[int, ...]
Model = Callable[[Sequence[Tokens]], ArrayLike]


@dataclass(frozen=True)
class Found:
    """A text that a search found.

    tokens: without the prompt; the end symbol, where there is one, included. log_prob: log q(tokens | prompt) in nats.
    ended: whether it is a whole text; one that was cut off at the limit is not. asked: how many prefixes the model was
    asked about. others_at_most: no other whole text has a larger log-probability than this; inf where nothing is known.
    """

    tokens: Tokens
    log_prob: float
    ended: bool
    asked: int
    others_at_most: float = math.inf

    @property
    def is_the_mode(self) -> bool:
        """Whether it is certain that no other text is more probable."""
        return self.ended and self.log_prob >= self.others_at_most


def table_model(rows: ArrayLike, start: int) -> Model:
    """Return the model whose next token depends on the last one only.

    Args:
        rows: shape ``(n, V)``, log-probabilities in nats: row s is for what follows token s.
        start: the row for an empty prefix.

    >>> model = table_model(np.log([[0.9, 0.1], [0.5, 0.5]]), start=1)
    >>> np.exp(model([(), (1, 0)])).round(1).tolist()
    [[0.5, 0.5], [0.9, 0.1]]
    """
    table = np.asarray(rows, dtype=np.float64)
    return lambda prefixes: table[[prefix[-1] if prefix else start for prefix in prefixes]]


def greedy(model: Model, length: int, *, prompt: Tokens = (), end: int | None = None) -> Found:
    """Return the text of the most probable next token at every place, with a bound for every other text.

    Another text leaves this one at some place, there takes a token that is at most the second choice, and no later
    token makes it more probable. So no other text exceeds the largest product of a beginning and its runner-up.

    Args:
        length: the most tokens that are added, ≥ 1.
        prompt: what the text goes on from; it is not scored.
        end: the token with which a text ends.

    Raises:
        SolutionsError: for a length below 1.

    Source: {eq}`greedy-certificate`.

    >>> model = table_model(np.log([[0.9, 0.1], [0.5, 0.5]]), start=0)
    >>> found = greedy(model, 3)
    >>> found.tokens, found.is_the_mode, round(math.exp(found.log_prob), 3), round(math.exp(found.others_at_most), 3)
    ((0, 0, 0), True, 0.729, 0.1)
    """
    _require_length(length)
    tokens: Tokens = ()
    log_prob, others = 0.0, -math.inf
    for _ in range(length):
        row = _ask(model, [prompt + tokens])[0]
        first, *rest = np.argsort(-row, kind="stable")
        others = max(others, log_prob + float(row[rest[0]])) if rest else others
        tokens, log_prob = (*tokens, int(first)), log_prob + float(row[first])
        if first == end:
            break
    return Found(tokens, log_prob, _ended(tokens, length, end), len(tokens), others)


def beam_search(
    model: Model, width: int, length: int, *, prompt: Tokens = (), end: int | None = None
) -> list[Found]:
    """Return the texts of the last beam, the most probable first; the mode need not be among them.

    At each place every text of the beam that has not ended is continued by every token. Of these and of those that
    have ended, the `width` most probable stay; among equals the one that was found first.

    Args:
        width: texts that are kept, ≥ 1; 1 is greedy.
        length, prompt, end: as for `greedy`.

    Raises:
        SolutionsError: for a width or a length below 1.

    Source: Lowerre (1976).

    >>> model = table_model(np.log([[0.6, 0.4], [0.5, 0.5], [0.9, 0.1]]), start=1)
    >>> [(found.tokens, round(math.exp(found.log_prob), 2)) for found in beam_search(model, 2, 2)]
    [((0, 0), 0.3), ((1, 0), 0.25)]
    """
    _require_length(length)
    if width < 1:
        raise SolutionsError(f"width is {width}; keep at least one text")
    beam: list[tuple[float, Tokens]] = [(0.0, ())]
    asked = 0
    for _ in range(length):
        going = [(score, tokens) for score, tokens in beam if not _has_end(tokens, end)]
        if not going:
            break
        asked += len(going)
        scores = np.array([score for score, _ in going])[:, None]
        continued = scores + _ask(model, [prompt + tokens for _, tokens in going])
        V = continued.shape[1]
        ended = [(score, tokens) for score, tokens in beam if _has_end(tokens, end)]
        totals = np.concatenate([[score for score, _ in ended], continued.ravel()])
        kept = np.argsort(-totals, kind="stable")[:width]
        beam = [
            ended[n] if (place := n - len(ended)) < 0
            else (float(totals[n]), (*going[place // V][1], int(place % V)))
            for n in kept
        ]  # fmt: skip
    return [Found(tokens, score, _ended(tokens, length, end), asked) for score, tokens in beam]


def best_first(
    model: Model, length: int, *, prompt: Tokens = (), end: int | None = None, limit: int = 100_000
) -> Found:
    """Return the most probable text, exactly.

    The most probable beginning is continued first. A continuation is never more probable than its beginning, so the
    first whole text that comes up as the most probable one is the mode.

    Args:
        length, prompt, end: as for `greedy`. With an end symbol, what has not ended after `length` tokens is no text.
        limit: prefixes that the model may be asked about.

    Raises:
        SolutionsError: for a length below 1, when the limit is reached, and when no text ends.

    Source: {eq}`prefix-bound`; Stahlberg and Byrne (2019) for the exact search.

    >>> model = table_model(np.log([[0.6, 0.4], [0.5, 0.5], [0.9, 0.1]]), start=1)
    >>> found = best_first(model, 2)
    >>> found.tokens, round(math.exp(found.log_prob), 2), found.asked
    ((0, 0), 0.3, 3)
    """
    _require_length(length)
    queue: list[tuple[float, Tokens]] = [(0.0, ())]
    asked = 0
    while queue:
        cost, tokens = heapq.heappop(queue)
        if tokens and _ended(tokens, length, end):
            return Found(tokens, -cost, True, asked, others_at_most=-cost)
        if len(tokens) == length:
            continue  # cut off without an end
        if asked >= limit:
            raise SolutionsError(f"{limit} prefixes did not settle it; allow more, or shorten the texts")
        asked += 1
        for token, step in enumerate(_ask(model, [prompt + tokens])[0]):
            if step > -math.inf:
                heapq.heappush(queue, (cost - float(step), (*tokens, token)))
    raise SolutionsError(f"no text of at most {length} tokens ends; allow longer ones")


def chain_mode(start: ArrayLike, transitions: ArrayLike, length: int) -> Found:
    """Return the most probable sequence of a chain that looks k tokens back, by dynamic programming.

    What follows depends on the last k tokens alone. So of all the beginnings that end in the same k tokens, only the
    most probable one can belong to the best sequence.

    Args:
        start: shape ``(V**k,)``, k ≥ 1, probabilities of the first k tokens, read as a number in base V.
        transitions: shape ``(V**k, V)``, probabilities of the next token in each state.
        length: tokens of the sequence, at least k.

    Raises:
        SolutionsError: for other shapes or lengths.

    Source: Viterbi (1967).

    >>> found = chain_mode([0.4, 0.6], [[0.9, 0.1], [0.5, 0.5]], 3)
    >>> found.tokens, round(math.exp(found.log_prob), 3)
    ((0, 0, 0), 0.324)
    """
    with np.errstate(divide="ignore"):
        best, steps = np.log(np.asarray(start, np.float64)), np.log(np.asarray(transitions, np.float64))
    states, V = steps.shape if steps.ndim == 2 else (0, 0)
    order = next((k for k in range(1, 64) if V**k == states), 0)
    if not order or best.shape != (states,) or length < order:
        raise SolutionsError(
            f"start {best.shape}, transitions {steps.shape}, length {length}; give (V**k,), (V**k, V) and at least k"
        )
    left_out = []  # at each later place, for each state, the token that the best way into it leaves behind
    for _ in range(length - order):
        into = (best[:, None] + steps).reshape(
            V, states
        )  # in base V, rows are the oldest digit, columns the new state
        left_out.append(into.argmax(axis=0))
        best = into.max(axis=0)
    state = int(best.argmax())
    log_prob, tokens = float(best[state]), []
    for choice in reversed(left_out):
        tokens.append(state % V)
        state = int(choice[state]) * V ** (order - 1) + state // V
    first = [state // V ** (order - 1 - place) % V for place in range(order)]
    return Found((*first, *tokens[::-1]), log_prob, True, 0, others_at_most=log_prob)


def _ask(model: Model, prefixes: Sequence[Tokens]) -> Array:
    """Return the log-probabilities that the model gives, ``(n, V)``, in float64."""
    rows = np.asarray(model(prefixes), dtype=np.float64)
    if rows.ndim != 2 or len(rows) != len(prefixes) or rows.size == 0 or not (rows <= 1e-6).all():
        raise SolutionsError(
            f"the model gave {rows.shape} for {len(prefixes)} prefixes; give log-probabilities, at most 0, as (n, V)"
        )
    return rows


def _has_end(tokens: Tokens, end: int | None) -> bool:
    return end is not None and tokens[-1:] == (end,)


def _ended(tokens: Tokens, length: int, end: int | None) -> bool:
    """Whether the tokens are a whole text: with its end symbol, or of the full length where there is none."""
    return _has_end(tokens, end) if end is not None else len(tokens) == length


def _require_length(length: int) -> None:
    if length < 1:
        raise SolutionsError(f"length is {length}; give at least one token")
