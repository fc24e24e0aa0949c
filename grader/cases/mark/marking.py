"""From a task's cases and a reply to a score: a pure function of the two."""

from collections.abc import Sequence
from typing import Any

from grader.cases.decoding import decode_value
from grader.cases.mark.choice import mark_choice
from grader.cases.mark.forbidden import Use, uses_in
from grader.cases.mark.function import mark_function
from grader.cases.mark.harmless import known_place
from grader.cases.mark.model import mark_model
from grader.cases.mark.score import UNANSWERED, Score, all_or_none
from grader.cases.mark.value import mark_value
from grader.cases.values import OUT_OF_SIGHT, WATCH_TAKEN_DOWN

_UNSEEN = {
    OUT_OF_SIGHT: "computes where the grader can't see whether it calls what this task forbids: in another thread or "
    "process, or in a C library. Compute it in the function itself.",
    WATCH_TAKEN_DOWN: "reaches for what watches its calls: this task forbids some. Leave out profilers, trace "
    "functions, audit hooks and the collector's objects.",
}


def mark_reply(
    entry: dict[str, Any],
    reply: Any,
    *,
    source: str | None = None,
    context: Sequence[str] = (),
    answer: str | None = None,
) -> Score:
    """Return the score of a reply.

    entry: the task's cases, from `Task.cases`. reply: what `collect` returned; it comes from the student's
    process, so any data whatever is taken: what can't be read earns 0, and no exception leaves but MemoryError,
    which says more about this process than about the reply.
    source: the student's code for this task, to look for forbidden calls; context: the cells that ran before the
    check, in their order; answer: the expression that is checked, such as "kl" (see `grader.cases.forbidden_in`).

    >>> entry = {"id": "base", "kind": "choice", "points": 1.0, "public": False, "options": ["a", "b"],
    ...          "expected": "b", "mistakes": []}
    >>> mark_reply(entry, {"answer": "B"}), mark_reply(entry, "nonsense")
    (1.0, 0.0)
    """
    try:
        return _mark(entry, reply, source, context, answer)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the boundary to a student's data: one reply never ends a class.
        note = (
            f"This answer could not be marked by machine ({type(error).__name__}); a person will look at it."
        )
        task, points = str(entry.get("id", "")), float(entry.get("points", 0.0))
        return Score(0.0, points, needs_review=True, task=task, note=note)


def _mark(
    entry: dict[str, Any], reply: Any, source: str | None, context: Sequence[str], answer: str | None
) -> Score:
    task, points = entry["id"], entry["points"]
    if entry["kind"] == "free-text":
        return Score(0.0, points, needs_review=True, task=task, note="A person marks this answer.")
    if not isinstance(reply, dict) or not ("answer" in reply or "results" in reply):
        return all_or_none(entry, False, None, "No answer reached the grader.")
    forbidden = entry.get("forbidden", ())
    used = uses_in(source, forbidden, context, answer) if source is not None else []
    used += _called(forbidden, reply, [*context, source or ""]) if not used else []
    if used:
        return all_or_none(entry, False, "forbidden", _not_accepted(used))
    if "results" in reply and not entry["public"]:
        reply = reply | {"results": _with_known_lines(reply["results"], [*context, source or ""])}
    if entry["kind"] == "function":
        return mark_function(entry, reply)
    if entry["kind"] == "model":
        return mark_model(entry, reply)
    if entry["kind"] == "expression":
        from grader.cases.mark.expression import mark_expression

        return mark_expression(entry, reply.get("answer"))
    if entry["kind"] == "derivation":
        from grader.cases.mark.derivation import mark_derivation

        return mark_derivation(entry, reply.get("answer"))
    value = decode_value(reply.get("answer"))
    if value is None:
        return all_or_none(entry, False, None, UNANSWERED)
    return mark_choice(entry, value) if entry["kind"] == "choice" else mark_value(entry, value)


def _called(forbidden: Sequence[str], reply: dict[str, Any], cells: Sequence[str]) -> list[Use]:
    """What the answer was seen to call while it ran, of what the task forbids."""
    told, lines = reply.get("used"), reply.get("lines")
    if not isinstance(told, list):
        return []
    found = []
    for name in (*forbidden, WATCH_TAKEN_DOWN, OUT_OF_SIGHT):
        if name in told:
            place = lines.get(name) if isinstance(lines, dict) else None
            found.append(Use(name, *known_place(place, cells)))
    return found


def _with_known_lines(results: Any, cells: Sequence[str]) -> Any:
    """Return results whose exceptions name lines of the student's cells only: any other number could be an input."""
    if not isinstance(results, list):
        return results
    kept = []
    for result in results:
        raised = result.get("raised") if isinstance(result, dict) else None
        if isinstance(raised, dict):
            line, code = known_place((raised.get("line"), raised.get("code")), cells)
            result = result | {"raised": raised | {"line": line, "code": code}}
        kept.append(result)
    return kept


def _not_accepted(used: Sequence[Use]) -> str:
    """The sentence about forbidden things, each with its line; two paths to one function are told once."""
    for use in used:
        if use.name in (OUT_OF_SIGHT, WATCH_TAKEN_DOWN):
            where = f"Line {use.line}, `{use.code}`," if use.line else "The answer"
            return f"{where} {_UNSEEN[use.name]}"
    parts: dict[tuple[int, str], str] = {}
    for use in used:
        name = (
            f"a library's {use.name.lstrip('.')}"
            if use.name.startswith(".")
            else f"`{use.name.removesuffix('.*')}`"
        )
        parts.setdefault((use.line, use.code), name)
    listed = [
        f"line {line}, `{code}`, uses {name}" if line else f"the answer uses {name}"
        for (line, code), name in parts.items()
    ]
    told = "; ".join(listed[:3])
    return f"{told[0].upper()}{told[1:]}. This task asks you to write it yourself."
