"""Marking a function: its results, label by label."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.cases.decoding import decode_value
from grader.cases.mark.compare import Tolerance, close, compare, same
from grader.cases.mark.example import example
from grader.cases.mark.harmless import harmless
from grader.cases.mark.hints import hint
from grader.cases.mark.kinds import as_array, describe, evaluated
from grader.cases.mark.raised import (
    bases,
    mutation,
    raised_type,
    same_exception,
    same_message,
    same_warnings,
    told,
    unanswered,
    warned,
)
from grader.cases.mark.recognise import Trace, recognise
from grader.cases.mark.score import UNANSWERED, Finding, Score, all_or_none
from grader.cases.values import Foreign

_ONLY_WRONG = "It is not the right number."


@dataclass(frozen=True)
class Outcome:
    """How one result compares: what to say, and in the public cases what was given and expected, too."""

    ok: bool
    sentence: str
    aside: str = ""


def mark_function(entry: dict[str, Any], reply: dict[str, Any]) -> Score:
    """Return the score of a function's results: points * the share of labels that are right throughout.

    reply: {"results": [...]} from `collect`, or {"answer": ...} when the answer was no function.
    """
    results = results_in(entry, reply)
    if isinstance(results, Score):
        return results
    cases = entry["cases"]
    outcomes = [
        _outcome(c, r, _tolerance(entry, c), entry["public"]) for c, r in zip(cases, results, strict=True)
    ]
    named = _named(entry, results, outcomes)
    labels = list(dict.fromkeys(c["label"] for c in cases))
    overall = _hint(entry, [i for i, o in enumerate(outcomes) if not o.ok], results)
    findings = []
    for label in labels:
        places = [i for i, c in enumerate(cases) if c["label"] == label]
        wrong = [i for i in places if not outcomes[i].ok]
        relation = overall or _hint(entry, wrong, results)
        findings.append(_finding(label, places, results, outcomes, named, relation))
    right = sum(f.ok for f in findings)
    points, note = entry["points"], "" if entry["public"] else _next_step(findings, overall)
    return Score(points * right / len(labels), points, findings, task=entry["id"], note=note)


def each_result(
    entry: dict[str, Any], reply: dict[str, Any]
) -> list[tuple[dict[str, Any], dict[str, Any], bool, str]]:
    """Return each case with its result, whether that is right, and what is told of it; nothing for no function."""
    results = results_in(entry, reply)
    if isinstance(results, Score):
        return []
    told = []
    for case, result in zip(entry["cases"], results, strict=True):
        outcome = _outcome(case, result, _tolerance(entry, case), entry["public"])
        told.append((case, result, outcome.ok, outcome.sentence))
    return told


def _next_step(findings: Sequence[Finding], relation: str) -> str:
    """What to do where the numbers are wrong, nobody knows why, and no example may be shown."""
    off = [f for f in findings if f.sentence.startswith(_ONLY_WRONG) or " not right" in f.sentence]
    if relation or not off or any(f.mistake for f in findings):
        return ""
    label = off[0].label
    return (
        "This is none of the mistakes that we know. To find it, make a small input of your own for "
        f"“{label}”, work it out by hand, and compare."
    )


def _tolerance(entry: dict[str, Any], case: dict[str, Any]) -> Tolerance:
    return Tolerance(entry["rtol"], entry["atol"], case.get("single"))


_DECODED = object()  # a key that no reply can hold


def _given(result: dict[Any, Any]) -> Any:
    """The value of a result, decoded once: it may be as long as a reply can be."""
    if _DECODED not in result:
        result[_DECODED] = evaluated(decode_value(result["value"]))
    return result[_DECODED]


def results_in(entry: dict[str, Any], reply: dict[str, Any]) -> list[dict[str, Any]] | Score:
    """Return what a function gave for each case, or the score of an answer that is no function or no answer yet."""
    results = reply.get("results")
    if not isinstance(results, list) or len(results) != len(entry["cases"]):
        return all_or_none(entry, False, None, no_function(reply))
    results = [r if isinstance(r, dict) else {} for r in results]
    if all(unanswered(r) for r in results):
        return all_or_none(entry, False, None, UNANSWERED)
    return results


def no_function(reply: dict[str, Any]) -> str:
    """Return what to say about a reply without results: the answer was no function, or there was none."""
    answer = decode_value(reply.get("answer"))
    if "results" in reply:
        return "The reply of your function could not be read."
    if answer is None:
        return UNANSWERED
    return f"Your answer is {describe(answer)}; a function is expected (its name, without brackets)."


def _outcome(case: dict[str, Any], result: dict[str, Any], tolerance: Tolerance, public: bool) -> Outcome:
    expected = case["expected"]
    if "raised" in result and isinstance(result["raised"], dict):
        if "raises" in expected and expected["raises"] in [raised_type(result), *bases(result)]:
            return Outcome(True, "")
        return Outcome(False, told(result, public))
    if result.get("not_run") is True:
        return Outcome(False, "It was not run: the time was up before.")
    if "value" not in result:
        return Outcome(False, "No result reached the grader.")
    given = _given(result) if public else harmless(_given(result), case)
    if "raises" in expected:
        return Outcome(False, f"It returns {describe(given)}; it should raise {expected['raises']}.")
    if given is None:
        return Outcome(False, "The function returns None; is a `return` missing?")
    right = decode_value(expected["value"])
    comparison = compare(right, given, tolerance)
    if comparison.ok or not public:
        return Outcome(comparison.ok, comparison.sentence)
    return Outcome(False, comparison.sentence, example(case["args"], given, right, tolerance))


def _named(
    entry: dict[str, Any], results: list[dict[str, Any]], outcomes: list[Outcome]
) -> dict[int, dict[str, Any]]:
    """For each wrong result that a known mistake explains, that mistake.

    A mistake that explains no wrong input is never named, so what it gives at the right ones is not looked at.
    """
    mistakes = entry["mistakes"]
    wrong = {i for i, o in enumerate(outcomes) if not o.ok}
    traces = [Trace(mistake["code"], set()) for mistake in mistakes]
    for i in sorted(wrong):
        for mistake, trace in zip(mistakes, traces, strict=True):
            _look(entry, mistake, results, i, trace, is_wrong=True)
        if not any(i in trace.agreeing for trace in traces):
            return {}
    for mistake, trace in zip(mistakes, traces, strict=True):
        if trace.finite or trace.noted:
            for i in set(range(len(results))) - wrong:
                _look(entry, mistake, results, i, trace, is_wrong=False)
    numbers = recognise(len(results), wrong, traces)
    return {i: mistakes[m] for i, m in numbers.items()}


def _look(
    entry: dict[str, Any],
    mistake: dict[str, Any],
    results: list[dict[str, Any]],
    i: int,
    trace: Trace,
    *,
    is_wrong: bool,
) -> None:
    """Note in `trace` whether a mistake gives what the answer gives at one input, and what speaks for it there."""
    case, made, result = entry["cases"][i], mistake["results"][i], results[i]
    if "value" in made and "value" in result:
        mistaken, tolerance = decode_value(made["value"]), _tolerance(entry, case)
        if not same(mistaken, _given(result), tolerance) or (
            is_wrong and _is_right(case, mistaken, tolerance)
        ):
            return
        trace.agreeing.add(i)
        if is_wrong and _finite(case, _given(result), tolerance):
            trace.finite.add(i)
            if not _of_numbers(_given(result)):
                trace.words.add(i)
        elif is_wrong and same_warnings(made, result):
            trace.noted.add(i)
    elif same_exception(made, result):
        trace.agreeing.add(i)
        if is_wrong and same_message(made, result):
            trace.noted.add(i)


def _of_numbers(given: Any) -> bool:
    """Return whether a result holds numbers, and not a text or truth values."""
    array = as_array(given)
    return array.dtype.kind != "b" if array is not None else isinstance(given, list | tuple | dict)


def _is_right(case: dict[str, Any], value: Any, tolerance: Tolerance) -> bool:
    """Return whether a mistake does no harm at an input: what is wrong there, such as a shape, it does not explain."""
    return (
        "value" in case["expected"] and compare(decode_value(case["expected"]["value"]), value, tolerance).ok
    )


def _finite(case: dict[str, Any], given: Any, tolerance: Tolerance) -> bool:
    """Return whether something finite in a wrong result is wrong: inf and NaN tell nothing of how they came."""
    array = as_array(given)
    if array is None or array.dtype.kind == "b":
        return not isinstance(given, Foreign)
    right = as_array(decode_value(case["expected"]["value"])) if "value" in case["expected"] else None
    if right is None or right.shape != array.shape:
        return bool(np.isfinite(array).any())
    return bool((np.isfinite(array) & ~close(right, array, tolerance)).any())


def _finding(
    label: str,
    places: list[int],
    results: list[dict[str, Any]],
    outcomes: list[Outcome],
    named: dict[int, dict[str, Any]],
    relation: str,
) -> Finding:
    """What there is to say about one label; `relation` is how its wrong numbers relate to the right ones."""
    wrong = [i for i in places if not outcomes[i].ok]
    if not wrong:
        asides = [outcomes[i].sentence for i in places] + [mutation(results[i]) for i in places]
        return Finding(label, True, None, " ".join(dict.fromkeys(a for a in asides if a)))
    known = [named[i] for i in wrong if i in named]
    if known:
        mistake = max(known, key=known.count)
        return Finding(label, False, mistake["code"], mistake["says"])
    first, result = outcomes[wrong[0]], results[wrong[0]]
    said = warned(result) if "NaN" in first.sentence or "infinite" in first.sentence else ""
    sentences = [first.sentence, relation, said, first.aside, mutation(result)]
    return Finding(label, False, None, " ".join(filter(None, sentences)))


def _hint(entry: dict[str, Any], wrong: list[int], results: list[dict[str, Any]]) -> str:
    pairs = []
    for i in wrong:
        case, result = entry["cases"][i], results[i]
        if "value" not in case["expected"] or "value" not in result:
            return ""
        args = [decode_value(a) for a in case["args"]]
        pairs.append((decode_value(case["expected"]["value"]), _given(result), args))
    return hint(pairs, Tolerance(entry["rtol"], entry["atol"]))
