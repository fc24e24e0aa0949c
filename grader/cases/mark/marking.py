"""From a task's cases and a reply to a score: a pure function of the two."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.cases.decoding import decode_value
from grader.cases.mark.compare import Tolerance, compare, same
from grader.cases.mark.forbidden import forbidden_in
from grader.cases.mark.function import mark_function
from grader.cases.mark.model import mark_model
from grader.cases.mark.score import ANSWER, UNANSWERED, Finding, Score, all_or_none
from grader.cases.values import WATCH_TAKEN_DOWN, Foreign, Tree


def mark_reply(
    entry: dict[str, Any], reply: Any, *, source: str | None = None, context: Sequence[str] = ()
) -> Score:
    """Return the score of a reply.

    entry: the task's cases, from `Task.cases`. reply: what `collect` returned; it comes from the student's
    process, so any data whatever is taken: what can't be read earns 0, and no exception leaves.
    source: the student's code for this task, to look for forbidden calls; context: their other cells, for
    imports.

    >>> entry = {"id": "base", "kind": "choice", "points": 1.0, "public": False, "options": ["a", "b"],
    ...          "expected": "b", "mistakes": []}
    >>> mark_reply(entry, {"answer": "B"}), mark_reply(entry, "nonsense")
    (1.0, 0.0)
    """
    try:
        return _mark(entry, reply, source, context)
    except Exception as error:  # noqa: BLE001 - the boundary to a student's data: one reply never ends a class.
        note = (
            f"This answer could not be marked by machine ({type(error).__name__}); a person will look at it."
        )
        task, points = str(entry.get("id", "")), float(entry.get("points", 0.0))
        return Score(0.0, points, needs_review=True, task=task, note=note)


def _mark(entry: dict[str, Any], reply: Any, source: str | None, context: Sequence[str]) -> Score:
    task, points = entry["id"], entry["points"]
    if entry["kind"] == "free-text":
        return Score(0.0, points, needs_review=True, task=task, note="A person marks this answer.")
    if not isinstance(reply, dict) or not ("answer" in reply or "results" in reply):
        return all_or_none(entry, False, None, "No answer reached the grader.")
    used = forbidden_in(source, entry.get("forbidden", ()), context) if source else []
    used += [name for name in _called(entry, reply) if name not in used]
    if used:
        names = ", ".join(used)
        return all_or_none(
            entry, False, "forbidden", f"The answer uses {names}; this task asks you to write it yourself."
        )
    if entry["kind"] == "function":
        return mark_function(entry, reply)
    if entry["kind"] == "model":
        return mark_model(entry, reply)
    if entry["kind"] in ("expression", "derivation"):
        from grader.cases.mark.symbolic import mark_derivation, mark_expression

        return (mark_expression if entry["kind"] == "expression" else mark_derivation)(
            entry, reply.get("answer")
        )
    answer = decode_value(reply.get("answer"))
    if answer is None:
        return all_or_none(entry, False, None, UNANSWERED)
    return _mark_choice(entry, answer) if entry["kind"] == "choice" else _mark_value(entry, answer)


def _called(entry: dict[str, Any], reply: dict[str, Any]) -> list[str]:
    """What the answer was seen to call while it ran, of what the task forbids."""
    told = reply.get("used")
    if not isinstance(told, list):
        return []
    return [name for name in (*entry.get("forbidden", ()), WATCH_TAKEN_DOWN) if name in told]


def _taken_down(entry: dict[str, Any], note: str, sentence: str = "") -> Score:
    finding = Finding(ANSWER, True, None, sentence)
    return Score(entry["points"], entry["points"], [finding], provisional=True, task=entry["id"], note=note)


def _mark_choice(entry: dict[str, Any], answer: Any) -> Score:
    options = entry["options"]
    letter = answer.strip().strip("().").casefold() if isinstance(answer, str) else None
    chosen = next((o for o in options if o.casefold() == letter), None)
    if chosen is None:
        listed = ", ".join(f'"{o}"' for o in options)
        return all_or_none(entry, False, None, f"Answer with the letter of one option: {listed}.")
    if "expected" not in entry:
        return _taken_down(entry, f'You chose "{chosen}". Whether it is right is said at grading.')
    if chosen == entry["expected"]:
        return all_or_none(entry, True, None, "")
    for mistake in entry["mistakes"]:
        if mistake["value"] == chosen:
            return all_or_none(entry, False, mistake["code"], mistake["says"])
    return all_or_none(entry, False, None, f'"{chosen}" is not the right option.')


def _mark_value(entry: dict[str, Any], answer: Any) -> Score:
    tolerance = Tolerance(entry["rtol"], entry["atol"], float32=True)
    answer = _number_of(answer, max(1, int(np.prod(entry["shape"]))))
    if not entry["shape"] and getattr(answer, "shape", None) == (1,):
        answer = answer[
            0
        ]  # One number in an array is that number; a task that asks for one means nothing else.
    if "expected" in entry:
        result = compare(decode_value(entry["expected"]), answer, tolerance)
        if result.ok:
            return all_or_none(entry, True, None, result.sentence)
    for mistake in entry["mistakes"]:
        if same(decode_value(mistake["value"]), answer, tolerance):
            return all_or_none(entry, False, mistake["code"], mistake["says"])
    problem = _range_problem(entry, answer)
    if problem:
        return all_or_none(entry, False, None, problem)
    if "expected" not in entry:
        return _taken_down(entry, "In range, and none of the mistakes that we know; it is marked at grading.")
    expected = decode_value(entry["expected"])
    loose = Tolerance(20 * entry["rtol"], 20 * entry["atol"])
    if compare(expected, answer, loose).ok:
        return all_or_none(
            entry, False, None, "It is close, but not exact enough: carry more digits and round at the end."
        )
    return all_or_none(
        entry, False, None, result.sentence + " It is none of the mistakes that we know: go through it again."
    )


def _range_problem(entry: dict[str, Any], answer: Any) -> str:
    """What is wrong with an answer whatever the right one is: its kind, its shape, its range."""
    low, high = entry["within"]
    shape = tuple(entry["shape"])
    # A stand-in of the right kind and shape, so that a wrong kind is told in the same words as elsewhere.
    stand_in = np.full(shape, low) if shape else float(low)
    result = compare(stand_in, answer, Tolerance(0.0))
    numbers = np.asarray(answer, dtype=float) if not _wrong_kind(stand_in, answer) else None
    if numbers is None or not np.isfinite(numbers).all():
        return result.sentence
    if ((numbers < low) | (numbers > high)).any():
        unit = f" {entry['unit']}" if entry["unit"] else ""
        return f"It is outside the range that makes sense here, {low:g} to {high:g}{unit}."
    return ""


def _wrong_kind(stand_in: Any, answer: Any) -> bool:
    return not compare(stand_in, answer, Tolerance(0.0, float("inf"))).ok


def _number_of(answer: Any, most: int) -> Any:
    """A symbolic number as a float: exp(21/10) is a right way to write a value; in a list as well, of `most` items."""
    if isinstance(answer, list | tuple):
        return [_number_of(a, most) for a in answer] if len(answer) <= most else answer
    if not isinstance(answer, Tree):
        return answer
    from grader.algebra import AlgebraError, decode, evaluate

    try:
        return evaluate(decode(answer.tree, {}), {})
    except AlgebraError as error:
        return Foreign(f"a symbolic expression that is no number ({error})")
