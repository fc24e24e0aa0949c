"""The audit of a table of log-probabilities that somebody else made: what are its numbers, and what were they read for?

A table has a row for each place of a text and a column for each token of the vocabulary. Row t is meant to be about
token t, given the tokens before it. Nothing is known of it, so every claim below is checked on its numbers.

Source: chapter 9 of the book, "Nine incidents".
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions import SolutionsError
from solutions.logits import log_softmax

Array = NDArray[np.float64]

NEAR = 1e-3  # tables are often printed with four digits
BASES = {"nats": math.e, "bits": 2.0, "base 10": 10.0}
CLEARLY = 0.1  # nats a token, by which another shift must fit better to be named


@dataclass(frozen=True)
class Audit:
    """What a table is.

    kind: "nats", "bits", "base 10" (normalised log-probabilities), "probabilities", "normalised over places" (a softmax
    over the wrong axis) or "not normalised" (logits, or a part of the vocabulary only).
    nats: the table as natural log-probabilities, each row normalised.
    nll: the mean NLL of the given tokens in nats per token; None without tokens, or where no place is left to score.
    shift: 0 when rows are about their own tokens; 1 when row t is about token t + 1, −1 when it is about token t − 1;
    None without tokens. findings: one sentence each, what is wrong and what to do; empty for a sound table.
    """

    kind: str
    nats: Array
    nll: float | None
    shift: int | None
    findings: tuple[str, ...]


def audit(
    table: ArrayLike,
    tokens: ArrayLike | None = None,
    scores: ArrayLike | None = None,
    *,
    start: int | None = None,
) -> Audit:
    """Return what a table of log-probabilities is, what was read from it, and whether it was read rightly.

    Args:
        table: shape ``(m, V)``, m ≥ 1, V ≥ 2, without NaN and +inf.
        tokens: shape ``(m,)``, the text.
        scores: shape ``(m,)``, the log-probability that was reported for each token, in the table's own unit.
        start: the token that stands before every text, where the vocabulary has one. It is given, not predicted.

    Raises:
        SolutionsError: for other shapes, for what is no number, for tokens outside the vocabulary, and for scores or a
            start symbol without tokens, to which nothing could be compared.

    >>> found = audit(np.log2([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]]), [0, 2])
    >>> found.kind, round(found.nll, 3)
    ('bits', 0.49)
    """
    rows = _checked_rows(table)
    kind = _kind(rows)
    nats = log_softmax(_to_nats(rows, kind))
    findings = [_KINDS[kind]] if kind in _KINDS else []
    findings += _softened(nats) if kind in BASES or kind == "probabilities" else []
    if tokens is None:
        if scores is not None or start is not None:
            raise SolutionsError("scores or a start symbol are given without tokens; give the tokens, too")
        return Audit(kind, nats, None, None, tuple(findings))
    text = _tokens(_checked(tokens, rows, "tokens"), rows, "tokens")
    shift = _best_shift(nats, text)
    findings += [_SHIFTS[shift]] if shift else []
    scored = np.ones(len(text), dtype=bool)
    if start is not None:
        symbol = _one_token(start, rows, "the start symbol")
        scored = text != symbol
        findings += _about_start(text, symbol, scored, scores)
    if scores is not None:
        told = _numbers(_checked(scores, rows, "scores"), "the scores")
        findings += _about_scores(rows, text, told, scored)
    places = np.flatnonzero(scored)
    read = places - shift
    inside = (read >= 0) & (read < len(rows))
    own = nats[read[inside], text[places[inside]]]
    nll = float(-own.mean()) if inside.any() else None
    findings += _about_impossible(own, places[inside])
    return Audit(kind, nats, nll, shift, tuple(findings))


_KINDS = {
    "bits": "The logarithms have base 2: multiply by log 2 for nats, or take powers of 2.",
    "base 10": "The logarithms have base 10: multiply by log 10 for nats.",
    "probabilities": "These are probabilities, no logarithms: take the logarithm, and never a softmax of them.",
    "normalised over places": "The columns sum to 1, not the rows: the softmax ran over the places of the text. "
    "Take it over the vocabulary.",
    "not normalised": "The rows do not sum to 1 in any base: these are logits, or a part of the vocabulary. "
    "Subtract the log-sum-exp of each whole row.",
}
_SHIFTS = {
    1: "Row t fits token t + 1 far better than token t: the rows are about the next token. Move them by one.",
    -1: "Row t fits token t − 1 far better than token t: the rows are late by one, or the model saw its target.",
}


def _kind(rows: Array) -> str:
    if (rows >= 0).all() and (rows <= 1 + NEAR).all() and _near_one(rows.sum(axis=1)):
        return "probabilities"
    with np.errstate(over="ignore"):
        for name, base in BASES.items():
            if _near_one(np.power(base, rows).sum(axis=1)):
                return name
        for columns in (rows, np.exp(rows)):
            if len(rows) > 1 and (columns >= 0).all() and _near_one(columns.sum(axis=0)):
                return "normalised over places"
    return "not normalised"


def _near_one(sums: Array) -> bool:
    return bool((abs(sums - 1) < NEAR).all())


def _to_nats(rows: Array, kind: str) -> Array:
    """Return logits for the table's rows, whatever its kind."""
    if kind in BASES:
        with np.errstate(over="ignore"):
            return rows * math.log(BASES[kind])
    if kind == "probabilities" or (kind == "normalised over places" and (rows >= 0).all()):
        with np.errstate(divide="ignore"):
            return np.log(rows)
    return rows


def _softened(nats: Array) -> list[str]:
    """Name a softmax of probabilities: no probability can then leave the narrow band around 1/V."""
    V = nats.shape[1]
    probs = np.exp(nats)
    low, high = 1 / (1 + (V - 1) * math.e), math.e / (math.e + V - 1)
    if V < 3 or probs.min() < low - NEAR / V or probs.max() > high + NEAR / V or np.ptp(probs) < NEAR / V:
        return []
    return [
        f"Every probability lies between {low:.2g} and {high:.2g}, as after a softmax of probabilities: "
        "was it taken twice?"
    ]


def _best_shift(nats: Array, text: NDArray[np.intp]) -> int:
    """Return by how much the rows are displaced, where another place fits clearly better than their own.

    All three are compared on the same tokens: those that have a row on either side, and that no row of the three calls
    impossible, so that one token of probability 0 does not decide.
    """
    if len(text) < 3:
        return 0
    inner = np.arange(1, len(text) - 1)
    each = {s: -nats[inner - s, text[inner]] for s in (0, 1, -1)}
    possible = np.isfinite(list(each.values())).all(axis=0)
    if not possible.any():
        return 0
    loss = {s: float(nll[possible].mean()) for s, nll in each.items()}
    best = min(loss, key=lambda s: loss[s])
    return best if loss[best] < loss[0] - CLEARLY else 0


def _about_start(
    text: NDArray[np.intp], start: int, scored: NDArray[np.bool_], scores: ArrayLike | None
) -> list[str]:
    found = []
    if text[:2].tolist() == [start, start]:
        found.append("The start symbol stands there twice. Leave one out: the model has never seen two.")
    elif start not in text[:1]:
        found.append("The text has no start symbol, though the model's texts begin with one.")
    if scores is not None and not scored.all():
        found.append("A start symbol has a score. It is given, not predicted: leave it out of sum and count.")
    return found


def _about_impossible(own: Array, places: NDArray[np.intp]) -> list[str]:
    """Name tokens of probability 0, by which alone a loss is infinite."""
    impossible = places[np.isneginf(own)]
    if not len(impossible):
        return []
    return [
        f"{len(impossible)} of {len(own)} tokens have probability 0, the first at place {impossible[0]} "
        "(counted from 0): the loss is infinite. Was it masked, or a small probability rounded to 0?"
    ]


def _about_scores(rows: Array, text: NDArray[np.intp], scores: Array, scored: NDArray[np.bool_]) -> list[str]:
    """Say which entry of each row was reported, where it is not that of the token that stands there."""
    places = np.flatnonzero(scored)
    if not len(places):
        return []
    own, most = rows[places, text[places]], rows[places].max(axis=1)
    told = scores[places]
    if np.allclose(told, own, atol=NEAR):
        return []
    if np.allclose(told, most, atol=NEAR):
        return ["The scores are those of the most probable tokens, not of the tokens of the text."]
    if len(places) < 2:  # nothing stands before or behind it
        return ["The score is not the table's entry for the token of the text."]
    if np.allclose(told[1:], rows[places[1:] - 1, text[places[1:]]], atol=NEAR):
        return ["The score of each token was taken from the row before it."]
    if np.allclose(told[:-1], rows[places[:-1], text[np.minimum(places[:-1] + 1, len(text) - 1)]], atol=NEAR):
        return ["The scores are those of the tokens one place later."]
    return ["The scores are not the table's entries for the tokens of the text."]


def _checked_rows(table: ArrayLike) -> Array:
    rows = _numbers(table, "the table's rows")
    if rows.ndim != 2 or rows.shape[1] < 2 or not len(rows):
        raise SolutionsError(
            f"the table has shape {rows.shape}; give (m, V) with at least one row of two numbers"
        )
    if (bad := np.isnan(rows) | (rows == np.inf)).any():
        place, token = np.argwhere(bad)[0]
        raise SolutionsError(
            f"row {place} holds {rows[place, token]} for token {token}; give numbers below +inf"
        )
    return rows


def _numbers(values: ArrayLike, name: str) -> Array:
    """Return numbers in float64; a text such as "-0.5", None or True is none."""
    found = _array(values, name)
    if found.size and found.dtype.kind not in "fiu":
        raise SolutionsError(f"not all of {name} are numbers; give numbers only")
    return found.astype(np.float64)


def _array(values: ArrayLike, name: str) -> NDArray[Any]:
    try:
        return np.asarray(values)
    except ValueError as error:
        raise SolutionsError(
            f"{name} have different lengths; give one number a token of the vocabulary"
        ) from error


def _tokens(found: NDArray[Any], rows: Array, name: str) -> NDArray[np.intp]:
    if found.dtype.kind not in "iu" or found.min() < 0 or found.max() >= rows.shape[1]:
        given = ", ".join(map(str, found.ravel()[:3].tolist()))
        raise SolutionsError(
            f"{name}: {given}{'…' * (found.size > 3)}; give integers in 0..{rows.shape[1] - 1}"
        )
    return found


def _one_token(value: int, rows: Array, name: str) -> int:
    found = _array(value, name)
    if found.ndim:
        raise SolutionsError(f"{name} has shape {found.shape}; give one token")
    return int(_tokens(found, rows, name))


def _checked(values: ArrayLike, rows: Array, name: str) -> NDArray[Any]:
    found = _array(values, name)
    if found.shape != rows.shape[:1]:
        raise SolutionsError(
            f"{name} have shape {found.shape}; a table of {len(rows)} rows needs {rows.shape[:1]}"
        )
    return found
