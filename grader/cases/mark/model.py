"""Marking a language model: first whether its rows are distributions, then how far they are from the source."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.cases.decoding import decode_value
from grader.cases.mark.compare import Array
from grader.cases.mark.function import results_in
from grader.cases.mark.model_rows import Problem, read_rows, too_late
from grader.cases.mark.raised import mutation
from grader.cases.mark.score import ANSWER, Finding, Score, all_or_none
from grader.cases.tasks.model import FORMS, SUM_TOLERANCE

_WHOLE = "A model is marked as a whole: one row that is no distribution, and there is no mean loss to mark."
_ESTIMATE = (
    "This is an estimate, from tokens that lie beside your notebook. At grading other contexts are asked."
)
# A reply is a mistake's when it is so near to the mistake's rows, in nats, and so much nearer than to the source's.
_NEAR, _NEARER = 0.15, 0.35
_COPIED = (
    0.9  # the mean probability of the context's last token, where it is the one that was to be predicted
)
_SAME = 1e-3  # two runs on the same context differ by rounding only
_LISTED = 100  # estimates from fewer tokens than this are too rough to be told


@dataclass(frozen=True)
class Loss:
    """What a model's rows cost under one label; KL and NLL are means over its contexts, in nats per token.

    kl is exact where the source's rows are known, else an estimate: the model's NLL minus the source's on the same
    tokens.
    """

    label: str
    rows: Array
    size: int
    nll: float
    kl: float


def mark_model(entry: dict[str, Any], reply: dict[str, Any]) -> Score:
    """Return the score of a model's rows: points · (KL_baseline − KL) / (KL_baseline − enough), from 0 to points.

    reply: {"results": [...]} from `collect`, or {"answer": ...} when the answer was no function.

    >>> mark_model({"id": "m", "points": 6.0, "cases": []}, {"answer": 0.25}).findings[0].sentence
    'Your answer is a number; a function is expected (its name, without brackets).'
    """
    results = results_in(entry, reply)
    if isinstance(results, Score):
        return results
    cases = entry["cases"]
    if reply.get("late") is True:
        return all_or_none(entry, False, None, too_late(entry))
    read = [read_rows(entry, case, result) for case, result in zip(cases, results, strict=True)]
    if any(isinstance(r, Problem) for r in read):
        return _refused(entry, read)
    rows = [r for r in read if not isinstance(r, Problem)]
    endless = _infinite(entry, rows)
    if endless is not None:
        return all_or_none(entry, False, endless, FORMS[endless])
    losses = [_loss(case, r) for case, r in zip(cases, rows, strict=True)]
    asides = [_unsteady(loss, case) for loss, case in zip(losses, cases, strict=True)]
    asides += [_risky(entry, rows), *map(mutation, results)]
    return _scored(entry, losses, list(dict.fromkeys(filter(None, asides))))


def _refused(entry: dict[str, Any], read: list[Array | Problem]) -> Score:
    findings = [
        Finding(case["label"], False, r.code, r.sentence)
        if isinstance(r, Problem)
        else Finding(case["label"], True, None, "")
        for case, r in zip(entry["cases"], read, strict=True)
    ]
    return Score(0.0, entry["points"], findings, task=entry["id"], note=_WHOLE)


def _infinite(entry: dict[str, Any], rows: list[Array]) -> str | None:
    """Return the code of what makes the loss infinite, None when it is finite."""
    if (np.concatenate(rows).max(axis=1) > 1 - SUM_TOLERANCE).all():
        return "one-hot"
    impossible = any(_impossible(case, r) for case, r in zip(entry["cases"], rows, strict=True))
    return "zero-probability" if impossible else None


def _impossible(case: dict[str, Any], rows: Array) -> bool:
    """Return whether a token got probability 0 that can come (hidden cases) or did come (public ones)."""
    if "probs" in case:
        return bool(((rows == 0) & (decode_value(case["probs"]) > 0)).any())
    return bool((rows[np.arange(len(rows)), case["next"]] == 0).any())


def _risky(entry: dict[str, Any], rows: list[Array]) -> str:
    """Return a warning when public cases happened not to bring what the model calls impossible."""
    if not entry["public"] or not any((r == 0).any() for r in rows):
        return ""
    return "Some probabilities are exactly 0: should one such token come at grading, the loss is infinite."


def _recognised(entry: dict[str, Any], losses: list[Loss]) -> Problem | None:
    """Return the known mistake that the distributions show, if any."""
    if np.ptp(np.concatenate([loss.rows for loss in losses]), axis=0).max() < SUM_TOLERANCE:
        return Problem(FORMS["ignores-context"], "ignores-context")
    if all(_copies(loss, case) for loss, case in zip(losses, entry["cases"], strict=True)):
        return Problem(FORMS["copies-its-input"], "copies-its-input")
    for mistake in entry["mistakes"]:
        if _is(mistake, entry["cases"], losses):
            return Problem(mistake["says"], mistake["code"])
    return None


def _copies(loss: Loss, case: dict[str, Any]) -> bool:
    last = [(place, context[-1]) for place, context in enumerate(case["args"][0]) if context]
    return not last or float(np.mean([loss.rows[place, token] for place, token in last])) > _COPIED


def _is(mistake: dict[str, Any], cases: list[dict[str, Any]], losses: list[Loss]) -> bool:
    """Return whether the rows fit tokens drawn from the mistake about as well as the mistake's own rows do."""

    def gap(told: list[dict[str, Any]], name: str) -> float:
        """How much more the model loses than whom the tokens were drawn from, in nats per token."""
        gaps = [_nll(loss.rows, t["next"]) - t[name] for loss, t in zip(losses, told, strict=True)]
        return float(np.average(gaps, weights=[loss.size for loss in losses]))

    return gap(mistake["cases"], "nll") < min(_NEAR, _NEARER * gap(cases, "source_nll"))


def _loss(case: dict[str, Any], rows: Array) -> Loss:
    nll = _nll(rows, case["next"])
    kl = nll - case["source_nll"]
    if "probs" in case:
        p = decode_value(case["probs"])
        with np.errstate(divide="ignore"):
            kl = float(np.where(p > 0, p * (np.log(p) - np.log(rows)), 0.0).sum(axis=1).mean())
    return Loss(case["label"], rows, len(rows), nll, kl)


def _nll(rows: Array, tokens: Any) -> float:
    with np.errstate(divide="ignore"):
        return float(-np.log(rows[np.arange(len(rows)), tokens]).mean())


def _scored(entry: dict[str, Any], losses: list[Loss], asides: list[str]) -> Score:
    cases, enough = entry["cases"], entry["enough"]
    sizes = [loss.size for loss in losses]
    nll, kl = (
        float(np.average(v, weights=sizes)) for v in zip(*((x.nll, x.kl) for x in losses), strict=True)
    )
    source, baseline, worst = (
        float(np.average([case[name] for case in cases], weights=sizes))
        for name in ("source_nll", "baseline_nll", "baseline_kl")
    )
    if entry["public"] and nll < source - _luck(losses):
        return all_or_none(entry, False, None, _too_good(nll, source))
    # Rounded, so that the baseline's own rows earn 0 and not 1e-16.
    share = round(min(max((worst - kl) / (worst - enough), 0.0), 1.0), 6)
    about, even = "about " if entry["public"] else "", float(np.log(entry["vocabulary"]))
    told_loss = (
        f"NLL {nll:.3f} nats per token, perplexity {np.exp(nll):.3g}. Best possible on these tokens: {_both(source)}, "
        f"the source itself; {entry['baseline']} has {_both(baseline)}, the uniform model {_both(even)}. "
        f"KL to the source: {about}{kl:.3f} nats per token; {enough:g} earns all points, {worst:.3f} "
        f"({entry['baseline']}) none."
    )
    if nll > even:
        told_loss += " To know nothing and to say so would cost less."
    findings = [Finding(ANSWER, share == 1, None, " ".join([told_loss, *asides]))]
    mistake = _recognised(entry, losses) if share < 1 else None
    if mistake is not None:
        findings.insert(0, Finding(ANSWER, False, mistake.code, mistake.sentence))
    for loss in losses:
        if not entry["public"] or loss.size >= _LISTED:
            ok = share == 1 or loss.kl <= enough
            findings.append(Finding(loss.label, ok, None, f"KL {about}{loss.kl:.3f}."))
    note = _ESTIMATE if entry["public"] else ""
    return Score(entry["points"] * share, entry["points"], findings, task=entry["id"], note=note)


def _both(nll: float) -> str:
    """Return a loss and, in brackets, its perplexity."""
    return f"{nll:.3f} ({np.exp(nll):.3g})"


def _luck(losses: list[Loss]) -> float:
    """Return by how much tokens may be kinder to an honest model than to the source, in nats per token."""
    return 2.0 / float(np.sqrt(sum(loss.size for loss in losses)))


def _too_good(nll: float, source: float) -> str:
    return (
        f"NLL {nll:.3f} nats per token is less than the source itself has, {source:.3f}: no model can know more than "
        "the source, so the answers must have been seen. At grading other contexts are asked."
    )


def _unsteady(loss: Loss, case: dict[str, Any]) -> str:
    """Return what to say when one context got two distributions."""
    first: dict[tuple[int, ...], int] = {}
    for place, context in enumerate(case["args"][0]):
        before = first.setdefault(tuple(context), place)
        if np.abs(loss.rows[place] - loss.rows[before]).max() > _SAME:
            return (
                "One context got two different distributions: is dropout still on, or a random number drawn?"
            )
    return ""
