"""What an answer gave, case by case, with what is expected: for the teacher's eyes, who answers for a mark.

A student's feedback tells no hidden input. This tells them all, so nothing of it may reach a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.cases.decoding import decode_value
from grader.cases.mark.compare import Tolerance
from grader.cases.mark.example import inputs_told, told_apart
from grader.cases.mark.function import each_result
from grader.cases.mark.kinds import evaluated
from grader.cases.mark.raised import told, warned
from grader.cases.mark.score import ANSWER
from grader.cases.mark.value import shaped
from grader.cases.values import Tree


@dataclass(frozen=True)
class CaseTold:
    """One case in words. ok: whether the answer is right there, None where that is not told by case."""

    label: str
    ok: bool | None
    says: str


def each_case(entry: dict[str, Any], reply: Any) -> list[CaseTold]:
    """Return what a reply says to each of a task's hidden cases; nothing for kinds that are not marked by case.

    entry: the task's cases, from `Task.cases`; reply: what `collect` returned.

    >>> entry = {"id": "base", "kind": "choice", "points": 1.0, "public": False, "options": ["a", "b"],
    ...          "expected": "b", "mistakes": []}
    >>> each_case(entry, {"answer": "a"})
    [CaseTold(label='your answer', ok=None, says="given is 'a'; expected is 'b'.")]
    """
    if not isinstance(reply, dict):
        return []
    if entry["kind"] == "function":
        return _each_result(entry, reply)
    if "answer" not in reply:
        return []
    if entry["kind"] == "expression":
        return [CaseTold(ANSWER, None, _expressions(entry, reply["answer"]))]
    if entry["kind"] in ("value", "choice"):
        given = decode_value(reply["answer"])
        expected, tolerance = entry["expected"], Tolerance(0.0)
        if entry["kind"] == "value":
            shape = tuple(entry["shape"])
            given, expected = shaped(evaluated(given), shape), decode_value(expected)
            tolerance = Tolerance(entry["rtol"], entry["atol"])
        one, other = told_apart(given, expected, tolerance)
        return [CaseTold(ANSWER, None, f"given is {one}; expected is {other}{_within(entry)}.")]
    return []


def _each_result(entry: dict[str, Any], reply: dict[str, Any]) -> list[CaseTold]:
    lines = []
    for case, result, ok, sentence in each_result(entry, reply):
        expected = case["expected"]
        right = expected["raises"] if "raises" in expected else decode_value(expected["value"])
        tolerance = Tolerance(entry["rtol"], entry["atol"], case.get("single"))
        if isinstance(result.get("raised"), dict):
            said, wanted = told(result, public=True), told_apart(None, right, tolerance)[1]
            says = f"with {inputs_told(case['args'])}: {said} Expected is {wanted}."
        elif "value" in result:
            one, wanted = told_apart(evaluated(decode_value(result["value"])), right, tolerance)
            says = f"with {inputs_told(case['args'])} it gives {one}; expected is {wanted}."
        else:
            says = f"with {inputs_told(case['args'])}: {sentence}"
        lines.append(CaseTold(case["label"], ok, " ".join(filter(None, (says, warned(result))))))
    return lines


def _within(entry: Mapping[str, Any]) -> str:
    """Return the tolerance of a value in words."""
    if entry["kind"] != "value":
        return ""
    parts = [f"{entry['rtol']:g} of it"] if entry["rtol"] else []
    parts += [f"{entry['atol']:g}"] if entry["atol"] else []
    return f", to within {' plus '.join(parts)}" if parts else ""


def _expressions(entry: Mapping[str, Any], answer: Any) -> str:
    from grader.algebra import AlgebraError, decode, decode_symbols

    symbols = decode_symbols(entry["symbols"])
    expected = decode(entry["answer"], symbols) if "answer" in entry else "not told"
    decoded = decode_value(answer)
    try:
        given = (
            decode(decoded.tree, symbols)
            if isinstance(decoded, Tree)
            else told_apart(decoded, 0, Tolerance(0.0))[0]
        )
    except AlgebraError as error:
        given = f"no expression: {error}"
    return f"given is {given}; expected is {expected}."
