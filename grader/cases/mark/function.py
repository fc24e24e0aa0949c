"""Marking a function: its results, label by label."""

import builtins
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.cases.decoding import decode_value
from grader.cases.mark.compare import Tolerance, compare, describe, same
from grader.cases.mark.recognise import hint, recognise
from grader.cases.mark.score import UNANSWERED, Finding, Score, all_or_none
from grader.cases.values import MAX_ITEMS, Foreign

_NUMPY_WARNINGS = {
    "overflow encountered": "NumPy warned of an overflow.",
    "divide by zero encountered": "NumPy warned of a division by zero.",
    "invalid value encountered": "NumPy warned of an invalid value, such as 0/0 or inf - inf.",
}
# On hidden inputs only these types are named: a type's name may be made from an input.
_HARMLESS = {
    f"an object of type {name}"
    for name in "DataFrame MaskedArray Series builtin_function_or_method filter function generator map matrix max "
    "method min module object reversed set slice str_ type zip".split()
} | {f"more than {MAX_ITEMS:,} numbers"}
_EXCEPTIONS = [
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
]


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
    tolerance = Tolerance(entry["rtol"], entry["atol"], "float32" in entry["accepts"])
    outcomes = [_outcome(c, r, tolerance, entry["public"]) for c, r in zip(cases, results, strict=True)]
    named = _named(entry, cases, results, outcomes, tolerance)
    labels = list(dict.fromkeys(c["label"] for c in cases))
    unnamed = [i for i, o in enumerate(outcomes) if not o.ok and i not in named]
    overall = _hint(cases, unnamed, results, tolerance)
    findings = []
    for label in labels:
        places = [i for i, c in enumerate(cases) if c["label"] == label]
        wrong = [i for i in places if not outcomes[i].ok]
        relation = overall or _hint(cases, wrong, results, tolerance)
        findings.append(_finding(label, places, results, outcomes, named, relation))
    right = sum(f.ok for f in findings)
    return Score(entry["points"] * right / len(labels), entry["points"], findings, task=entry["id"])


_DECODED = object()  # a key that no reply can hold


def _given(result: dict[Any, Any]) -> Any:
    """The value of a result, decoded once: it may be as long as a reply can be."""
    if _DECODED not in result:
        result[_DECODED] = decode_value(result["value"])
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


def _raised_type(result: dict[str, Any]) -> str:
    raised = result.get("raised")
    return str(raised.get("type", "")) if isinstance(raised, dict) else ""


def _bases(result: dict[str, Any]) -> list[str]:
    bases = result["raised"].get("bases")
    return [b for b in bases if b in _EXCEPTIONS] if isinstance(bases, list) else []


def unanswered(result: dict[str, Any]) -> bool:
    """Return whether a call met the stub."""
    return _raised_type(result) == "NotImplementedError"


def _outcome(case: dict[str, Any], result: dict[str, Any], tolerance: Tolerance, public: bool) -> Outcome:
    expected = case["expected"]
    if "raised" in result and isinstance(result["raised"], dict):
        if "raises" in expected and expected["raises"] in [_raised_type(result), *_bases(result)]:
            return Outcome(True, "")
        return Outcome(False, told(result, public))
    if result.get("not_run") is True:
        return Outcome(False, "It was not run: the time was up before.")
    if "value" not in result:
        return Outcome(False, "No result reached the grader.")
    given = harmless(_given(result), public)
    if "raises" in expected:
        return Outcome(False, f"It returns {describe(given)}; it should raise {expected['raises']}.")
    if given is None:
        return Outcome(False, "The function returns None; is a `return` missing?")
    right = decode_value(expected["value"])
    comparison = compare(right, given, tolerance)
    if comparison.ok or not public:
        return Outcome(comparison.ok, comparison.sentence)
    return Outcome(False, comparison.sentence, _example(case["args"], given, right))


def harmless(given: Any, public: bool) -> Any:
    """Return a value as it may be described: on hidden inputs no type is named that a student could have made up."""
    if isinstance(given, Foreign) and not public and given.what not in _HARMLESS:
        return Foreign("an object of a type that is no plain value")
    return given


def told(result: dict[str, Any], public: bool) -> str:
    """What was raised, in a sentence; on hidden inputs only what can't carry them out: known type, line."""
    raised = result["raised"]
    kind = _raised_type(result)
    line = raised.get("line")
    where = f" in line {line} of its cell" if type(line) is int and 0 < line < 10**5 else ""
    if kind == "NotImplementedError":
        return f"This part is not answered yet (NotImplementedError{where})."
    if kind == "KeyboardInterrupt":
        return f"It was interrupted{where}: it ran longer than the time limit, or was stopped."
    if kind == "SystemExit":
        return f"The function calls exit{where}; return a value instead."
    if kind == "RecursionError":
        return f"The function calls itself without end{where}."
    bases = _bases(result)
    name = kind if kind in bases or (public and kind.isidentifier()) else (bases[0] if bases else "an error")
    text = f"It raises {name[:60]}{where}"
    if public:
        message, code = raised.get("message"), raised.get("code")
        text += f": {message[:200]}" if isinstance(message, str) and message else ""
        text += f" — `{code[:120]}`" if isinstance(code, str) and code else ""
    return text + ("" if text.endswith((".", "`")) else ".")


def _example(args: Sequence[Any], given: Any, right: Any) -> str:
    inputs = ", ".join(_short(decode_value(a)) for a in args)
    return f"For example, with {inputs} it gives {_short(given)}; expected is {_short(right)}."


def _short(value: Any) -> str:
    if isinstance(value, Foreign):
        return value.what
    if isinstance(value, np.ndarray):
        shown: Any = {"float_kind": lambda x: f"{x:.4g}"}
        text = np.array2string(value, separator=", ", threshold=12, edgeitems=2, formatter=shown)
        text = " ".join(text.split())
    else:
        with np.printoptions(precision=4, threshold=12, edgeitems=2):  # lists may hold arrays
            text = f"{value:.6g}" if isinstance(value, float) else " ".join(repr(value).split())
    return text if len(text) <= 90 else text[:87] + "…"


def _named(
    entry: dict[str, Any],
    cases: list[dict[str, Any]],
    results: list[dict[str, Any]],
    outcomes: list[Outcome],
    tolerance: Tolerance,
) -> dict[int, dict[str, Any]]:
    """For each wrong result that a known mistake explains, that mistake."""
    wrong = {i for i, o in enumerate(outcomes) if not o.ok}
    if not wrong:
        return {}
    agreeing = [
        {i for i, r in enumerate(results) if _same_result(m["results"][i], r, tolerance)}
        for m in entry["mistakes"]
    ]
    numbers = recognise(wrong, agreeing, [found & wrong for found in agreeing])
    return {i: entry["mistakes"][m] for i, m in numbers.items()}


def _same_result(one: dict[str, Any], other: dict[str, Any], tolerance: Tolerance) -> bool:
    if "value" in one and "value" in other:
        return same(decode_value(one["value"]), _given(other), tolerance)
    # The stub raises NotImplementedError; who has not answered has made no mistake.
    return _raised_type(one) == _raised_type(other) not in ("", "NotImplementedError")


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
    warned = _warned(result) if "NaN" in first.sentence or "infinite" in first.sentence else ""
    sentences = [first.sentence, relation, warned, first.aside, mutation(result)]
    return Finding(label, False, None, " ".join(filter(None, sentences)))


def _hint(
    cases: list[dict[str, Any]], wrong: list[int], results: list[dict[str, Any]], tolerance: Tolerance
) -> str:
    pairs = []
    for i in wrong:
        expected, result = cases[i]["expected"], results[i]
        if "value" not in expected or "value" not in result:
            return ""
        args = [decode_value(a) for a in cases[i]["args"]]
        pairs.append((decode_value(expected["value"]), _given(result), args))
    return hint(pairs, tolerance)


def mutation(result: dict[str, Any]) -> str:
    """Return what to say about a call that changed its arguments; "" when it did not."""
    places = result.get("mutated")
    if not isinstance(places, list) or not places:
        return ""
    return "The function changes its argument; work on a copy, since the caller may need it again."


def _warned(result: dict[str, Any]) -> str:
    """NumPy's first warning about arithmetic; other warnings may say anything, hidden inputs included."""
    texts = result.get("warnings")
    if not isinstance(texts, list):
        return ""
    for text in texts[:20]:
        for beginning, sentence in _NUMPY_WARNINGS.items():
            if isinstance(text, str) and text.startswith(beginning):
                return sentence
    return ""
