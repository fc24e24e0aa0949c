"""Marking an expression: its form, its values at the task's sample points, and what `relate` knows of it."""

from collections.abc import Mapping
from typing import Any

from grader.algebra.domains import label_of
from grader.cases.decoding import decode_value
from grader.cases.mark.compare import describe
from grader.cases.mark.forms import has, missing, walk
from grader.cases.mark.known import (
    EXACT,
    LOG_2,
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
    return all_or_none(entry, False, None, _where_off(entry, values, knowledge))


def _where_off(entry: Mapping[str, Any], values: list[Value], knowledge: Knowledge) -> str:
    expected = entry["expected"]
    known = [(e, v) for e, v in zip(expected, values, strict=True) if v is not None]
    if len(known) == len(values) and agree(expected, [-v for v in values]):
        return "The sign is the other way round."
    if len(known) == len(values) and any(
        agree(expected, [v * f for v in values]) for f in (LOG_2, 1 / LOG_2)
    ):
        return "It is off by the factor log 2, as with a logarithm to the base 2. Here log is the natural logarithm."
    if all(near(e, v, _CLOSE) for e, v in known):
        return "It is close, but it is not the exact expression: work it out without rounding."
    right = [near(e, v) for e, v in zip(expected, values, strict=True)]
    if not any(right):
        return f"It differs at all of the {len(known)} points where it was evaluated."
    case = special_case(right, knowledge)
    if case:
        return f"It is right only in a special case: where {case}."
    return f"It is right at {sum(right)} of {len(values)} points only."


def special_case(right: list[bool], knowledge: Knowledge) -> str:
    """Return what the points at which an answer is right have in common, and no others, in words, or ""."""
    labels = [label_of(symbol) for symbol in knowledge.symbols.values()]
    cases: dict[str, list[bool]] = {}
    for n, label in enumerate(labels):
        name = knowledge.told(label.name)
        if label.domain.kind == "size":
            least = label.domain.at_least
            cases[f"{name} is {least}"] = [point[label.name] == least for point in knowledge.points]
        for other in labels[n + 1 :] if label.domain.kind == "index" else ():
            if other.domain == label.domain:
                both = f"{name} and {knowledge.told(other.name)} are equal"
                cases[both] = [point[label.name] == point[other.name] for point in knowledge.points]
    return next((case for case, there in cases.items() if there == right), "")


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
