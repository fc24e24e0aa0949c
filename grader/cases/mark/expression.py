"""Marking an expression: its form, its values at the task's sample points, and what `relate` knows of it."""

from collections.abc import Mapping
from typing import Any

from grader.cases.decoding import decode_value
from grader.cases.mark.compare import describe
from grader.cases.mark.forms import has, missing, walk
from grader.cases.mark.known import (
    EXACT,
    ROUNDED,
    Knowledge,
    Value,
    agree,
    exact_tree,
    mistake_in,
    near,
    why_undefined,
)
from grader.cases.mark.score import ANSWER, UNANSWERED, Finding, Score, all_or_none
from grader.cases.mark.trees import Tree, free_letters
from grader.cases.values import Tree as SentTree

SECONDS = 10.0
"""Processor time for one expression."""

_CLOSE = (1e-6, 1e-6)
_SMALLEST, _LARGEST = 1e-6, 1e6  # numbers that a formula of the course holds, by their size
UNREADABLE = "an expression that can't be read: "
"""How `grader.cases.ask.encoding` begins what is wrong with an expression."""

_TOO_LARGE = "It is too large to be evaluated here; a person will look at it."
_ROUNDED_SAYS = "Right. It holds rounded numbers: log(2) is exact, 0.6931471805599453 is not."
_QUOTIENT = (
    "It holds a number as small or as large as {}. A difference quotient with a small step is an approximation, "
    "however small the step is; work the derivative out."
)


def mark_expression(entry: Mapping[str, Any], answer: Any) -> Score:
    """Return the score of an encoded expression: all points or none."""
    decoded = decode_value(answer)
    if decoded is None:
        return all_or_none(entry, False, None, UNANSWERED)
    tree = _tree_of(decoded)
    if tree is None:
        return all_or_none(entry, False, None, no_expression(decoded))
    knowledge = Knowledge(entry, SECONDS)
    problem = knowledge.problem(tree)
    if problem:
        return all_or_none(entry, False, None, problem)
    tree, rounded = exact_tree(tree)
    unwanted = unasked(entry["form"], tree, knowledge, "It")
    if unwanted:
        return all_or_none(entry, False, None, unwanted)
    return _judged(entry, tree, rounded, knowledge)


def no_expression(decoded: Any) -> str:
    """Return what to say of what was sent where an expression should be."""
    if isinstance(decoded, str):
        return "It is a text; write it with the task's symbols, without quotes; an expression is expected."
    told = describe(decoded)
    unreadable = told.removeprefix(UNREADABLE)
    return unreadable if unreadable != told else f"It is {told}; an expression is expected."


def _judged(entry: Mapping[str, Any], tree: Tree, rounded: bool, knowledge: Knowledge) -> Score:
    values = knowledge.values(tree)
    known = [(e, v) for e, v in zip(entry["expected"], values, strict=True) if v is not None]
    tolerance = ROUNDED if rounded else EXACT
    if all(near(e, v, tolerance) for e, v in known):
        if len(known) < len(values):
            finding = Finding(ANSWER, False, None, _TOO_LARGE)
            return Score(0.0, entry["points"], [finding], needs_review=True, task=entry["id"])
        verdict = None if rounded or "answer" not in entry else knowledge.relate(tree, "=", entry["answer"])
        if verdict is None or verdict.status != "refuted":
            return all_or_none(entry, True, None, _ROUNDED_SAYS if rounded else "")
        return all_or_none(
            entry, False, None, "It is right in special cases only, not for all sizes and values."
        )
    undefined = why_undefined(values)
    if undefined:
        places = sum(isinstance(v, str) for v in values)
        told = f"It has no value at {places} of {len(values)} points. {undefined}"
        return all_or_none(entry, False, None, knowledge.told(told))
    mistake = mistake_in(entry["mistakes"], values, tolerance)
    if mistake:
        return all_or_none(entry, False, mistake["code"], mistake["says"])
    return all_or_none(entry, False, None, _where_off(entry["expected"], values))


def _where_off(expected: list[str], values: list[Value]) -> str:
    known = [(e, v) for e, v in zip(expected, values, strict=True) if v is not None]
    if len(known) == len(values) and agree(expected, [-v for v in values]):
        return "The sign is the other way round."
    if all(near(e, v, _CLOSE) for e, v in known):
        return "It is close, but it is not the exact expression: work it out without rounding."
    right = sum(near(e, v) for e, v in known)
    if right:
        return f"It is right at {right} of {len(values)} points only: is it a special case, such as equal indices?"
    return f"It differs at all of the {len(known)} points where it was evaluated."


def unasked(form: Mapping[str, Any], tree: Tree, knowledge: Knowledge, subject: str) -> str:
    """Return what in an expression is not in the form that is asked for, in a sentence, or "".

    subject: how the sentence begins: "It", "The last line".
    """
    if has(tree, "Limit"):
        return f"{subject} still holds a limit; work it out."
    extreme = extreme_number(tree, knowledge)
    if extreme:
        return _QUOTIENT.format(extreme).replace("It", subject, 1)
    path = missing(form, tree)
    if path is None:
        return ""
    if form.get("says"):
        return str(form["says"])
    kept = path.split(">")[-1]
    article = "an" if kept[0] in "aeiouAEIO" else "a"
    return f"{subject} still holds {article} {kept}; work it out."


def extreme_number(tree: Tree, knowledge: Knowledge) -> str:
    """Return a number that no formula of the course holds, such as the step of a difference quotient, or ""."""
    for node in walk(tree):
        if isinstance(node, str) or node == 0 or free_letters(node) or _counts(node):
            continue
        (value,) = knowledge.values(node, 1)
        if value is None or isinstance(value, str) or value == 0:
            continue
        if not _SMALLEST <= abs(value) <= _LARGEST:
            return f"{float(value):.3g}" if abs(value) < 1e300 else "1e300"
    return ""


def _counts(node: Tree) -> bool:
    """Whether a node is no constant to be evaluated: a sum's terms may be many, a name stands for a number."""
    return isinstance(node, list) and node[:1] not in (
        ["Rational"], ["Integer"], ["Float"], ["Pow"], ["exp"], ["Mul"], ["Add"],
    )  # fmt: skip


def _tree_of(decoded: Any) -> Tree | None:
    """The tree of an answer; a plain number is an expression, too."""
    if isinstance(decoded, SentTree):
        return decoded.tree
    if isinstance(decoded, bool) or not isinstance(decoded, int | float):
        return None
    if isinstance(decoded, float) and not abs(decoded) < float("inf"):
        return None
    return decoded if isinstance(decoded, float) or abs(decoded) < 2**53 else ["Integer", str(decoded)]
