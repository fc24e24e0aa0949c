"""Marking a derivation as a mathematician does: is each line true, does it bring the derivation on, is the end reached?

A line is true when `relate` proves it or finds it true wherever it was tested, given the line before it. A
*milestone* is a condition on the form of a line that an honest route passes. It is reached by a true line that is
neither the start nor the end in another dress. Each milestone earns its share of the points and the conclusion its
own, at most a third; a wrong line costs as much as the conclusion is worth, but never what the conclusion earned. A
line more costs nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.cases.decoding import decode_value
from grader.cases.mark.compare import describe
from grader.cases.mark.expression import no_expression, unasked
from grader.cases.mark.known import Knowledge, agree, mistake_in, why_undefined
from grader.cases.mark.milestones import Milestones
from grader.cases.mark.score import UNANSWERED, Finding, Score, all_or_none
from grader.cases.mark.trees import Tree, canonical
from grader.cases.values import MAX_LINES, Lines

SECONDS = 30.0
"""Processor time for one derivation."""

MISSING = "missing"
"""The label of a milestone that no line reaches."""

_ALLOWED = {"=": ("=",), "≤": ("=", "≤", "<"), "≥": ("=", "≥", ">")}
_TOO_LARGE = "It could not be decided within the limits; a person will look at it."
_ANOTHER_START = "It is equal to the expression that the task starts from, but that one has to stand here."
_NO_GROUND = "The line before it has no value, so nothing follows from it."
_WORDS = "This line is words only; write it as an expression, so that it can be checked."


@dataclass(frozen=True)
class Line:
    """A line as it was sent.

    typed: the tree as it was typed, where SymPy made another of it. names: the named quantities that it uses.
    """

    label: str
    relation: str
    tree: Tree
    typed: Tree
    names: tuple[str, ...]


@dataclass(frozen=True)
class Judged:
    """A line, and whether it is "true", "wrong", "undecided", in "words", or "unfounded": after a line without a value.

    before: the tree that it was judged against. views: the trees that it may be read as, none if it can't be read.
    says: why. valueless: whether it has no value at any point.
    """

    line: Line
    state: str
    before: Tree = None
    views: tuple[Tree, ...] = ()
    says: str = ""
    mistake: str | None = None
    valueless: bool = False


def mark_derivation(entry: Mapping[str, Any], answer: Any) -> Score:
    """Return the score of an encoded derivation, with a finding for each line."""
    decoded = decode_value(answer)
    lines = _lines_of(decoded)
    if lines is None:
        told = UNANSWERED if decoded is None else f"It is {describe(decoded)}; a derivation is expected."
        return all_or_none(entry, False, None, told)
    if not lines:
        return all_or_none(entry, False, None, UNANSWERED)
    knowledge = Knowledge(entry, SECONDS)
    judged = judge_lines(entry, lines, knowledge)
    conclusion, open_end = _conclusion(entry, judged, knowledge)
    milestones = Milestones(entry, judged, knowledge, conclusion.ok)
    findings = [_finding(j, milestones, n) for n, j in enumerate(judged)]
    findings += [Finding(MISSING, False, None, f"A line in which {m['says']}.") for m in milestones.missing]
    parts = max(3, len(entry["milestones"]) + 1)
    ideas = (1 - 1 / parts) * (1 - len(milestones.missing) / len(entry["milestones"]))
    wrong = sum(j.state == "wrong" for j in judged) / parts
    share = max(0.0, ideas - wrong) + conclusion.ok / parts
    undecided = open_end or any(j.state == "undecided" for j in judged)
    return Score(
        entry["points"] * share, entry["points"], [*findings, conclusion], needs_review=undecided, task=entry["id"]
    )  # fmt: skip


def judge_lines(entry: Mapping[str, Any], lines: Sequence[Line], knowledge: Knowledge) -> list[Judged]:
    """Return each line judged against the one before it, the first against the task's start.

    A line that can't be read, is words only or can't be decided is no ground to stand on: the next is judged against
    the last that is. From a line without a value nothing follows, neither right nor wrong.
    """
    ground, doubtful, valueless = entry["start"], False, False
    judged: list[Judged] = []
    for line in lines:
        found = _judge(entry, line, ground, knowledge)
        if valueless and found.state == "wrong" and found.views and not found.valueless:
            found = Judged(line, "unfounded", ground, found.views, _NO_GROUND)
        elif doubtful and found.state == "wrong" and found.views and not found.mistake:
            found = Judged(line, "undecided", ground, found.views, _TOO_LARGE)
        judged.append(found)
        doubtful = found.state == "undecided" or (doubtful and found.state != "true")
        if found.views and found.state != "undecided":
            ground, valueless = line.tree, found.valueless
    return judged


def _judge(entry: Mapping[str, Any], line: Line, ground: Tree, knowledge: Knowledge) -> Judged:
    if line.tree is None:
        return Judged(line, "words", says=_WORDS)
    if isinstance(line.tree, dict):
        return Judged(line, "wrong", says=no_expression(decode_value(line.tree)))
    problem = knowledge.problem(line.tree)
    if problem:
        return Judged(line, "wrong", says=problem)
    views = (line.tree,)
    if line.relation not in _ALLOWED[entry["relation"]]:
        allowed = " or ".join(f'"{r}"' for r in _ALLOWED[entry["relation"]])
        told = f'The relation "{line.relation[:10]}" leads to no conclusion here; use {allowed}.'
        return Judged(line, "wrong", ground, views, told)
    verdict = knowledge.relate(ground, line.relation, line.tree)
    if verdict.holds and line.label == "start" and not knowledge.same(ground, line.tree):
        return Judged(line, "wrong", ground, views, _ANOTHER_START)
    if verdict.holds:
        return Judged(line, "true", ground, _views(line, knowledge))
    values = knowledge.values(line.tree)
    if all(isinstance(v, str) for v in values):
        told = knowledge.told(f"It has no value. {why_undefined(values)}")
        return Judged(line, "wrong", ground, views, told, valueless=True)
    if verdict.status == "undecided":
        return Judged(line, "undecided", ground, views, _TOO_LARGE)
    mistake = mistake_in(entry["mistakes"], values)
    if mistake:
        return Judged(line, "wrong", ground, views, mistake["says"], mistake["code"])
    if line.label == "start":
        return Judged(line, "wrong", ground, views, "It is not the expression that the task starts from.")
    told = f"It does not follow from the line before it: {knowledge.counterexample(verdict)}."
    undefined = why_undefined(values)
    return Judged(line, "wrong", ground, views, " ".join(filter(None, [told, knowledge.told(undefined)])))


def _views(line: Line, knowledge: Knowledge) -> tuple[Tree, ...]:
    """The trees that a true line may be read as; what is said to have been typed is believed when it is equal."""
    typed = line.typed
    if typed is None or isinstance(typed, dict) or knowledge.problem(typed):
        return (line.tree,)
    believed = canonical(typed) == canonical(line.tree) or knowledge.relate(typed, "=", line.tree).holds
    return (line.tree, typed) if believed else (line.tree,)


def _finding(judged: Judged, milestones: Milestones, number: int) -> Finding:
    label = judged.line.label
    if judged.state != "true":
        return Finding(label, judged.state == "undecided", judged.mistake, judged.says)
    return Finding(label, True, None, milestones.told(number))


def _conclusion(
    entry: Mapping[str, Any], judged: Sequence[Judged], knowledge: Knowledge
) -> tuple[Finding, bool]:
    """The finding on the last line as the end of the derivation, and whether a person has to look at it."""
    label, last = "conclusion", judged[-1]
    if last.state == "words":
        return Finding(label, False, None, "The last line is words only; write it as an expression."), False
    if not last.views and last.state == "wrong":
        return Finding(label, False, None, "The last line can't be read."), False
    chained = entry["relation"] == "=" and all(j.state == "true" for j in judged)
    values = [] if chained else knowledge.values(last.line.tree)
    if not chained and not agree(entry["goal"], values):
        if None in values:
            return Finding(label, False, None, _TOO_LARGE), True
        mistake = mistake_in(entry["mistakes"], values)
        if mistake:
            return Finding(label, False, mistake["code"], mistake["says"]), False
        return Finding(label, False, None, "The last line is not what the task asks for."), False
    unwanted = unasked(entry["form"], last.line.tree, knowledge, "The last line")
    return Finding(label, not unwanted, None, unwanted), False


def _lines_of(decoded: Any) -> list[Line] | None:
    if (
        not isinstance(decoded, Lines)
        or not isinstance(decoded.lines, list)
        or len(decoded.lines) > MAX_LINES
    ):
        return None
    lines = []
    for number, line in enumerate(decoded.lines):
        if not isinstance(line, list) or len(line) not in (3, 5):
            return None
        typed, names = line[3:] if len(line) == 5 else (None, [])
        relation = line[0] if number and isinstance(line[0], str) else "" if number else "="
        lines.append(
            Line(
                f"line {number}" if number else "start",
                relation,
                line[1],
                typed,
                tuple(n for n in names if isinstance(n, str)) if isinstance(names, list) else (),
            )
        )
    return lines
