"""Marking a language model: first whether its rows are distributions, then how far they are from the source."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.cases.compare import Array, as_array, describe, why_no_numbers
from grader.cases.decoding import decode_value
from grader.cases.mark_function import harmless, mutation, no_function, told, unanswered
from grader.cases.model import FORMS, SUM_TOLERANCE
from grader.cases.score import ANSWER, UNANSWERED, Finding, Score, all_or_none

_WHOLE = "A model is marked as a whole: one row that is no distribution, and there is no mean loss to mark."
_ESTIMATE = (
    "This is an estimate, from tokens that lie beside your notebook. At grading other contexts are asked."
)
_ROWS = "an array of shape (N, V), a row of probabilities for each context,"
# A reply is a mistake's when it is so near to the mistake's rows, in nats, and so much nearer than to the source's.
_NEAR, _NEARER = 0.15, 0.35
_SAME = 1e-3  # two runs on the same context differ by rounding only
_LISTED = 100  # estimates from fewer tokens than this are too rough to be told


@dataclass(frozen=True)
class Problem:
    """Why rows can't be marked, in a sentence, and the code of the mistake where it is a known one."""

    sentence: str
    code: str | None = None


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
    cases = entry["cases"]
    results = reply.get("results")
    if not isinstance(results, list) or len(results) != len(cases):
        return all_or_none(entry, False, None, no_function(reply))
    results = [r if isinstance(r, dict) else {} for r in results]
    if all(unanswered(r) for r in results):
        return all_or_none(entry, False, None, UNANSWERED)
    if reply.get("late") is True:
        return all_or_none(entry, False, None, _late(entry))
    read = [_read(entry, case, result) for case, result in zip(cases, results, strict=True)]
    if any(isinstance(r, Problem) for r in read):
        return _refused(entry, read)
    rows = [r for r in read if not isinstance(r, Problem)]
    problem = _of_all(entry, rows)
    if problem is not None:
        return all_or_none(entry, False, problem.code, problem.sentence)
    losses = [_loss(case, r) for case, r in zip(cases, rows, strict=True)]
    return _scored(entry, losses, results)


def _late(entry: dict[str, Any]) -> str:
    contexts = sum(len(case["next"]) for case in entry["cases"])
    return (
        f"Your function takes too long: {contexts:,} contexts may take {entry['seconds']:g} s at most. "
        "Train before, not in it, and let it work on many contexts at once."
    )


def _refused(entry: dict[str, Any], read: list[Array | Problem]) -> Score:
    findings = [
        Finding(case["label"], False, r.code, r.sentence)
        if isinstance(r, Problem)
        else Finding(case["label"], True, None, "")
        for case, r in zip(entry["cases"], read, strict=True)
    ]
    return Score(0.0, entry["points"], findings, task=entry["id"], note=_WHOLE)


def _read(entry: dict[str, Any], case: dict[str, Any], result: dict[str, Any]) -> Array | Problem:
    """Return the rows in a result as float64, or why they are no N distributions over the vocabulary."""
    raised = result.get("raised")
    if isinstance(raised, dict):
        if raised.get("type") == "KeyboardInterrupt":
            return Problem(_late(entry))
        return Problem(told(result, entry["public"]))
    if result.get("not_run") is True:
        return Problem("It was not run: the time was up before.")
    if "value" not in result:
        return Problem("No result reached the grader.")
    given = decode_value(result["value"])
    if given is None:
        return Problem("The function returns None; is a `return` missing?")
    array = as_array(given)
    if array is None or array.dtype.kind == "b":
        what = describe(harmless(given, entry["public"])) + why_no_numbers(given)
        return Problem(f"It is {what}; {_ROWS} is expected.")
    wanted = (len(case["next"]), entry["vocabulary"])
    problem = _wrong_shape(array, wanted)
    if problem is not None:
        return problem
    rows = np.asarray(array, dtype=np.float64)
    return _no_distributions(rows, array.dtype.name) or rows


def _wrong_shape(array: Array, wanted: tuple[int, int]) -> Problem | None:
    N, V = wanted
    if array.shape == wanted:
        return None
    if array.shape == (N, V + 1):
        return Problem(FORMS["start-symbol"], "start-symbol")
    text = f"Its shape is {array.shape}; {wanted} is expected, a row for each of the {N} contexts."
    if array.ndim == 3 and array.shape[0] == N:
        text += " Keep the row of each context's last position only."
    elif array.shape == (V, N):
        text += " Rows and columns are swapped."
    elif array.shape in ((V,), (1, V)):
        text += " The function gets many contexts at once, not one."
    return Problem(text)


def _no_distributions(rows: Array, dtype: str) -> Problem | None:
    nan = int(np.isnan(rows).any(axis=1).sum())
    if nan:
        return Problem(
            f"There is NaN in {nan} of {len(rows)} rows; look for 0/0, inf - inf, or a training that has run away."
        )
    sums = rows.sum(axis=1)
    off = np.abs(sums - 1) > SUM_TOLERANCE
    with np.errstate(over="ignore"):
        exponentials = np.exp(rows).sum(axis=1)
    if (rows <= 0).all() and (np.abs(exponentials - 1) < 10 * SUM_TOLERANCE).all():
        return Problem(FORMS["log-probabilities"], "log-probabilities")
    if np.isinf(rows).any():
        return Problem("Some numbers are infinite; a probability lies between 0 and 1.")
    negative = int((rows < 0).any(axis=1).sum())
    if negative and off.any():
        return Problem(FORMS["logits"], "logits")
    if negative:
        return Problem(f"There are probabilities below 0 in {negative} of {len(rows)} rows.")
    if not off.any():
        return None
    if len(rows) > 1 and (np.abs(rows.sum(axis=0) - 1) < 10 * SUM_TOLERANCE).all():
        return Problem(FORMS["wrong-axis"], "wrong-axis")
    told_sums = " to ".join(dict.fromkeys(f"{total:.4g}" for total in (sums.min(), sums.max())))
    if np.abs(sums - 1).max() < 0.02 and dtype == "float16":
        return Problem(
            f"Rows of {dtype} are too coarse: their sums are {told_sums}. Compute the softmax in float32."
        )
    return Problem(f"{FORMS['unnormalised']} Here the sums are {told_sums}.", "unnormalised")


def _of_all(entry: dict[str, Any], rows: list[Array]) -> Problem | None:
    """Return what is wrong with the distributions of all labels taken together."""
    everything = np.concatenate(rows)
    if (everything.max(axis=1) > 1 - SUM_TOLERANCE).all():
        return Problem(FORMS["one-hot"], "one-hot")
    if any(_impossible(case, r) for case, r in zip(entry["cases"], rows, strict=True)):
        return Problem(FORMS["zero-probability"], "zero-probability")
    if np.ptp(everything, axis=0).max() < SUM_TOLERANCE:
        return Problem(FORMS["ignores-context"], "ignores-context")
    for mistake in entry["mistakes"]:
        if _is(mistake, entry["cases"], rows):
            return Problem(mistake["says"], mistake["code"])
    return None


def _impossible(case: dict[str, Any], rows: Array) -> bool:
    """Return whether a token got probability 0 that can come (hidden cases) or did come (public ones)."""
    if "probs" in case:
        return bool(((rows == 0) & (decode_value(case["probs"]) > 0)).any())
    return bool((rows[np.arange(len(rows)), case["next"]] == 0).any())


def _is(mistake: dict[str, Any], cases: list[dict[str, Any]], rows: list[Array]) -> bool:
    """Return whether the rows fit tokens drawn from the mistake about as well as the mistake's own rows do."""
    sizes = np.array([len(r) for r in rows])
    from_mistake, from_source = (
        float(np.average([_nll(r, f["next"]) - f[name] for r, f in zip(rows, told, strict=True)], weights=sizes))
        for told, name in ((mistake["cases"], "nll"), (cases, "source_nll"))
    )  # fmt: skip
    return from_mistake < min(_NEAR, _NEARER * from_source)


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


def _scored(entry: dict[str, Any], losses: list[Loss], results: list[dict[str, Any]]) -> Score:
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
    share = min(max((worst - kl) / (worst - enough), 0.0), 1.0)
    about = "about " if entry["public"] else ""
    told_loss = (
        f"NLL {nll:.3f} nats per token, perplexity {np.exp(nll):.3g}. Best possible on these tokens: {_both(source)}, "
        f"the source itself; {entry['baseline']} has {_both(baseline)}, the uniform model "
        f"{_both(np.log(entry['vocabulary']))}. KL to the source: {about}{kl:.3f} nats per token; {enough:g} earns all "
        f"points, {worst:.3f} ({entry['baseline']}) none."
    )
    asides = [_unsteady(loss, case) for loss, case in zip(losses, cases, strict=True)]
    asides += [mutation(result) for result in results]
    words = " ".join(filter(None, [told_loss, *dict.fromkeys(asides)]))
    findings = [Finding(ANSWER, share == 1, None, words)]
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
