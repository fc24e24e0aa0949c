"""Tasks whose answer is an expression or a derivation.

Their cases hold values at sample points only, never an expression: a student who reads them learns what the
answer evaluates to, not what it is.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from grader.cases.errors import CaseError
from grader.cases.tasks.task import Entry, Mistake, Task

POINTS = 16
"""Sample points of an expression or a derivation."""

_TRIES = 200


@dataclass(frozen=True)
class Expression(Task):
    """An expression to find, in given symbols.

    answer: the right expression, a SymPy expression in `symbols` (made by `grader.algebra`).
    symbols: every symbol that an answer may use. mistakes: their answers are wrong expressions.
    free_of: names of SymPy nodes that an answer must not hold, e.g. "Derivative".
    rtol: an answer is right when it agrees with the right one at every sample point to this relative error.
    """

    kind: ClassVar[str] = "expression"

    answer: Any
    symbols: Sequence[Any]
    mistakes: Sequence[Mistake]
    free_of: Sequence[str] = ()
    rtol: float = 1e-8

    def cases(self, rng: np.random.Generator, public: bool) -> Entry:
        points, (expected,) = _sampled(self, [self.answer], rng)
        return (
            self._entry(public)
            | _symbols(self.symbols)
            | {
                "rtol": self.rtol,
                "free_of": list(self.free_of),
                "points_at": points,
                "expected": expected,
                "mistakes": _wrong(self.mistakes, points),
            }
        )


@dataclass(frozen=True)
class DerivationTask(Task):
    """A derivation to write, whose lines are marked one by one.

    start, goal: the first and the last expression. lines: how many steps are asked for; a step that changes
    nothing doesn't count, more steps are welcome.
    symbols: every symbol that a line may use. mistakes: their answers are wrong expressions, as a line would
    hold them.
    free_of: names of SymPy nodes that the last line must not hold; the start holds one of them when relation
    is "=".
    relation: what start is to goal: "=", "≤" or "≥". Steps use it or "=" (or the strict form).

    The score is points * max(0, 1 - (wrong + missing + no_goal) / (lines + 1)), with no_goal 0 or 1.
    """

    kind: ClassVar[str] = "derivation"

    start: Any
    goal: Any
    lines: int
    symbols: Sequence[Any]
    mistakes: Sequence[Mistake]
    free_of: Sequence[str] = ("Derivative",)
    relation: str = "="
    rtol: float = 1e-8

    def cases(self, rng: np.random.Generator, public: bool) -> Entry:
        points, (start, goal) = _sampled(self, [self.start, self.goal], rng)
        return (
            self._entry(public)
            | _symbols(self.symbols)
            | {
                "rtol": self.rtol,
                "free_of": list(self.free_of),
                "lines": self.lines,
                "relation": self.relation,
                "points_at": points,
                "start": start,
                "goal": goal,
                "mistakes": _wrong(self.mistakes, points),
            }
        )


def _symbols(symbols: Sequence[Any]) -> Entry:
    from grader.algebra import encode_symbols

    return {"symbols": encode_symbols(list(symbols))}


def _sampled(
    task: Any, expressions: list[Any], rng: np.random.Generator
) -> tuple[list[Any], list[list[float]]]:
    """Points where all the expressions have a value, and these values."""
    from grader.algebra import AlgebraError, evaluate, sample

    draw = random.Random(int(rng.integers(2**63)))
    points: list[Any] = []
    values: list[list[float]] = [[] for _ in expressions]
    problem = ""
    for _ in range(_TRIES):
        point = sample(list(task.symbols), draw)
        try:
            row = [evaluate(e, point) for e in expressions]
        except AlgebraError as error:
            problem = str(error)
            continue
        points.append(point)
        for column, value in zip(values, row, strict=True):
            column.append(value)
        if len(points) == POINTS:
            return points, values
    raise CaseError(f"task {task.id}: no value at {POINTS} of {_TRIES} random points. {problem}")


def _wrong(mistakes: Sequence[Mistake], points: list[Any]) -> list[Entry]:
    from grader.algebra import AlgebraError, evaluate

    def at(expression: Any, point: Any) -> float | None:
        try:
            return evaluate(expression, point)
        except AlgebraError:
            return None

    return [{"code": m.code, "says": m.says, "values": [at(m.answer, p) for p in points]} for m in mistakes]
