"""Marking an expression and a derivation: by their values at the task's sample points.

The trees come from a student. They are decoded with the task's symbols only, and evaluated within limits of
size and time; where a limit is reached nothing is decided, and a person looks at it.
"""

import json
import math
import time
from dataclasses import dataclass
from typing import Any

from grader.algebra import AlgebraError, decode, decode_symbols, evaluate
from grader.algebra.evaluation import Undefined
from grader.cases.decoding import decode_value
from grader.cases.mark.compare import describe
from grader.cases.mark.score import ANSWER, UNANSWERED, Finding, Score, all_or_none
from grader.cases.mark.trees import bare
from grader.cases.values import MAX_LINES, Lines, Tree

_SECONDS_A_POINT = 1.0
_SECONDS_AN_EXPRESSION = 5.0
_SECONDS_A_DERIVATION = 30.0
_ATOL = 1e-12
_STRICT = {"=": ("=",), "≤": ("=", "≤", "<"), "≥": ("=", "≥", ">")}
_TOO_LARGE = "It is too large to be evaluated here; a person will look at it."

Values = list[float | None]
"""At each sample point the value, NaN where there is none, None where a limit was reached before it was known."""


@dataclass(frozen=True)
class Seen:
    """What is known of one expression.

    values: at the sample points. nodes: the names of its nodes.
    problem: what is wrong with it whatever the task asks; then there are no values.
    """

    values: Values
    nodes: frozenset[str] = frozenset()
    problem: str = ""

    @property
    def undecided(self) -> bool:
        """Whether some value is not known."""
        return None in self.values

    @property
    def mostly_known(self) -> bool:
        """Whether at least half of the values are known."""
        return 2 * self.values.count(None) <= len(self.values)


def mark_expression(entry: dict[str, Any], answer: Any) -> Score:
    """Return the score of an encoded expression: all points or none."""
    decoded = decode_value(answer)
    if decoded is None:
        return all_or_none(entry, False, None, UNANSWERED)
    tree = _tree_of(decoded)
    if tree is None:
        told = (
            "a text; write it with the task's symbols, without quotes"
            if isinstance(decoded, str)
            else describe(decoded)
        )
        return all_or_none(entry, False, None, f"It is {told}; an expression is expected.")
    seen = _see(entry, tree, decode_symbols(entry["symbols"]), _SECONDS_AN_EXPRESSION)
    if seen.problem:
        return all_or_none(entry, False, None, seen.problem)
    kept = sorted(seen.nodes & set(entry["free_of"]))
    if kept:
        return all_or_none(entry, False, None, f"It still holds {_listed(kept)}; work it out.")
    if _agree(entry["expected"], seen.values, entry["rtol"]):
        if not seen.undecided:
            return all_or_none(entry, True, None, "")
        finding = Finding(ANSWER, False, None, _TOO_LARGE)
        return Score(0.0, entry["points"], [finding], needs_review=True, task=entry["id"])
    mistake = _mistake(entry, seen.values)
    if mistake:
        return all_or_none(entry, False, mistake["code"], mistake["says"])
    if _agree([-v for v in entry["expected"]], seen.values, entry["rtol"]):
        return all_or_none(entry, False, None, "The sign is the other way round.")
    return all_or_none(entry, False, None, _where_off(entry["expected"], seen.values, entry["rtol"]))


def mark_derivation(entry: dict[str, Any], answer: Any) -> Score:
    """Return the score of an encoded derivation, each line judged against the line before it.

    points * max(0, 1 - (wrong + missing + (0 if the last line is the goal, else 1)) / (lines + 1)); an
    undecided line is not wrong, but a person has to look at it.
    """
    decoded = decode_value(answer)
    lines = _lines_of(decoded)
    if lines is None:
        told = UNANSWERED if decoded is None else f"It is {describe(decoded)}; a derivation is expected."
        return all_or_none(entry, False, None, told)
    if not lines:
        return all_or_none(entry, False, None, UNANSWERED)
    symbols = decode_symbols(entry["symbols"])
    deadline = time.monotonic() + _SECONDS_A_DERIVATION
    seen = [_see(entry, tree, symbols, deadline - time.monotonic()) for _, tree in lines]
    findings = [_judge_line(entry, i, lines, seen) for i in range(len(lines))]
    wrong = sum(not f.ok for f in findings)
    # A line that says again what an earlier line said changes nothing, and one that can't be read is no step.
    # Nor is one of which hardly anything is known: it is not wrong, but what nobody could check earns nothing yet.
    distinct = {
        json.dumps(bare(tree))
        for (_, tree), s in zip(lines, seen, strict=True)
        if not s.problem and s.mostly_known
    }
    missing = max(0, entry["lines"] - max(0, len(distinct) - 1))
    conclusion = _judge_conclusion(entry, seen[-1])
    off = wrong + missing + (not conclusion.ok)
    findings.append(conclusion)
    note = f"{missing} of {entry['lines']} steps are missing." if missing else ""
    if missing and not all(s.mostly_known for s in seen):
        note = f"{missing} of {entry['lines']} steps are missing, or a person has to look at them first."
    share = max(0.0, 1.0 - off / (entry["lines"] + 1))
    undecided = any(s.undecided for s in seen)
    return Score(
        entry["points"] * share,
        entry["points"],
        findings,
        needs_review=undecided,
        task=entry["id"],
        note=note,
    )


def _judge_line(
    entry: dict[str, Any], number: int, lines: list[tuple[str, Any]], seen: list[Seen]
) -> Finding:
    label = "start" if number == 0 else f"line {number}"
    here, relation = seen[number], lines[number][0]
    if here.problem:
        return Finding(label, False, None, here.problem)
    if number and relation not in _STRICT[entry["relation"]]:
        allowed = " or ".join(f'"{r}"' for r in _STRICT[entry["relation"]])
        return Finding(
            label, False, None, f'The relation "{relation[:10]}" leads to no conclusion here; use {allowed}.'
        )
    before = _known_before(entry["start"], [s.values for s in seen[:number]])
    if _related(before, relation if number else "=", here.values, entry["rtol"]):
        return Finding(label, True, None, _TOO_LARGE if here.undecided else "")
    mistake = _mistake(entry, here.values)
    if mistake:
        return Finding(label, False, mistake["code"], mistake["says"])
    if number == 0:
        return Finding(label, False, None, "It is not the expression that the task starts from.")
    return Finding(
        label,
        False,
        None,
        "It does not follow from the line before it. " + _where_off(before, here.values, entry["rtol"]),
    )


def _known_before(start: Values, lines: list[Values]) -> Values:
    """At each point the last known value before a line: a value that is not known passes no judgement on."""
    before = list(start)
    for values in lines:
        before = [b if v is None else v for b, v in zip(before, values or before, strict=True)]
    return before


def _judge_conclusion(entry: dict[str, Any], last: Seen) -> Finding:
    label = "conclusion"
    if last.problem:
        return Finding(label, False, None, "The last line can't be read.")
    if not _agree(entry["goal"], last.values, entry["rtol"]):
        mistake = _mistake(entry, last.values)
        if mistake:
            return Finding(label, False, mistake["code"], mistake["says"])
        return Finding(label, False, None, "The last line is not what the task asks for.")
    kept = sorted(last.nodes & set(entry["free_of"]))
    if kept:
        return Finding(label, False, None, f"The last line still holds {_listed(kept)}; work it out.")
    if last.undecided:
        return Finding(label, False, None, _TOO_LARGE)
    return Finding(label, True, None, "")


def _see(entry: dict[str, Any], tree: Any, symbols: Any, seconds: float) -> Seen:
    """Decode and evaluate a student's tree, within `seconds` in all."""
    if isinstance(tree, dict):
        return Seen([], problem=f"This line holds {describe(decode_value(tree))}.")
    if tree is None:
        return Seen(
            [], problem="This line is words only; write it as an expression, so that it can be checked."
        )
    try:
        expression = decode(tree, symbols)
    except AlgebraError as error:
        return Seen([], problem=str(error))
    deadline = time.monotonic() + seconds
    values = [_value(expression, point, deadline) for point in entry["points_at"]]
    return Seen(values, node_names(expression))


def _value(expression: Any, point: Any, deadline: float) -> float | None:
    left = deadline - time.monotonic()
    if left <= 0:
        return None
    try:
        return evaluate(expression, point, seconds=min(left, _SECONDS_A_POINT))
    except Undefined:
        return math.nan
    except AlgebraError:
        return None


def node_names(expression: Any) -> frozenset[str]:
    """Return the names of the types of all nodes of an expression, those inside of definitions included."""
    found: set[str] = set()
    left = [expression]
    while left:
        node = left.pop()
        found.add(type(node).__name__)
        left.extend(node.args)
    return frozenset(found)


def _tree_of(decoded: Any) -> Any:
    """The tree of an answer; a plain number is an expression, too."""
    if isinstance(decoded, Tree):
        return decoded.tree
    if isinstance(decoded, int) and not isinstance(decoded, bool):
        return _encoded_number(decoded)
    return _encoded_number(decoded) if isinstance(decoded, float) and math.isfinite(decoded) else None


def _encoded_number(number: int | float) -> Any:
    from sympy import Float, Integer

    from grader.algebra import encode

    return encode(Integer(number) if isinstance(number, int) else Float(number))


def _lines_of(decoded: Any) -> list[tuple[str, Any]] | None:
    if (
        not isinstance(decoded, Lines)
        or not isinstance(decoded.lines, list)
        or len(decoded.lines) > MAX_LINES
    ):
        return None
    lines = []
    for line in decoded.lines:
        if not isinstance(line, list) or len(line) not in (3, 5):
            return None
        lines.append((line[0] if isinstance(line[0], str) else "", line[1]))
    return lines


def _near(a: float, b: float, rtol: float) -> bool:
    return abs(a - b) <= _ATOL + rtol * abs(a)


def _agree(expected: Values, values: Values, rtol: float) -> bool:
    """Whether the known values are the expected ones; an expected None means that there is no value."""
    return len(expected) == len(values) and all(
        b is None or (math.isnan(b) if a is None else _near(a, b, rtol))
        for a, b in zip(expected, values, strict=True)
    )


def _related(before: Values, relation: str, after: Values, rtol: float) -> bool:
    def holds(a: float, b: float) -> bool:
        if not (math.isfinite(a) and math.isfinite(b)):
            return math.isfinite(a) == math.isfinite(b)  # What is undefined is only like what is undefined.
        near = _near(a, b, rtol)
        below, above = a < b and not near, a > b and not near
        return {"=": near, "≤": not above, "≥": not below, "<": below, ">": above}[relation]

    return all(a is None or b is None or holds(a, b) for a, b in zip(before, after, strict=True))


def _mistake(entry: dict[str, Any], values: Values) -> dict[str, Any] | None:
    # What is known at a few points only may agree with anything.
    if 2 * values.count(None) > len(values):
        return None
    return next((m for m in entry["mistakes"] if _agree(m["values"], values, entry["rtol"])), None)


def _where_off(expected: Values, values: Values, rtol: float) -> str:
    known = [(a, b) for a, b in zip(expected, values, strict=True) if a is not None and b is not None]
    undefined = sum(math.isnan(b) for _, b in known)
    if undefined:
        places = f"{undefined} of {len(values)} points"
        return f"It has no value at {places}: a division by zero, or a logarithm of a number not above 0."
    right = sum(_near(a, b, rtol) for a, b in known)
    if right:
        return f"It is right at {right} of {len(values)} points only: is it a special case, such as equal indices?"
    return f"It differs at all of the {len(known)} points where it was evaluated."


def _listed(names: list[str]) -> str:
    return " and ".join(f"a {name}" for name in names)
