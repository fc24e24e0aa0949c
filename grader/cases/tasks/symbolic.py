"""Tasks whose answer is an expression or a derivation.

Their public cases hold what the notebook shows and values at sample points, never an answer: a student who reads them
learns what the answer evaluates to, not what it is. Hidden cases have points of their own, and a seed for the points at
which `relate` compares lines, so that nobody can write what is right at these points only.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from grader.cases.errors import CaseError
from grader.cases.tasks.task import Entry, Mistake, Task

POINTS = 16
"""Sample points of an expression or a derivation."""

_TRIES = 200
_TIES = 4  # of so many points one has equal indices; in the others an answer's own differ where there is room


@dataclass(frozen=True)
class Form:
    """A condition on the form of an expression; `grader.cases.mark.forms` describes paths such as "Derivative>log>Sum".

    holds, free_of: paths that it must and must not have. product: paths for each of which one of its products has a
    factor. apart: kinds with two paths that no such node has both. once: kinds of which it has one node.
    inside: pairs of a symbol or a family and the kind of node that each of it stands directly under: ("x", "tanh").
    says: of the last line: the sentence that tells what is asked; without it, the sentence names what must go. Of a
    milestone: what is seen in such a line, where that is more than the milestone says of all its forms.
    written: of a milestone: the line counts as it is written, though parts of it are 0 or 1 by themselves or cancel.

    >>> Form(free_of=("log>Product",)).data()["free_of"]
    ['log>Product']
    """

    holds: Sequence[str] = ()
    free_of: Sequence[str] = ()
    product: Sequence[str] = ()
    apart: Sequence[tuple[str, str, str]] = ()
    once: Sequence[str] = ()
    inside: Sequence[tuple[str, str]] = ()
    says: str = ""
    written: bool = False

    def data(self) -> Entry:
        """Return the form as it travels with the cases."""
        return {
            "holds": list(self.holds),
            "free_of": list(self.free_of),
            "product": list(self.product),
            "apart": [list(triple) for triple in self.apart],
            "once": list(self.once),
            "inside": [list(pair) for pair in self.inside],
            "says": self.says,
            "written": self.written,
        }


@dataclass(frozen=True)
class Milestone:
    """What an honest route passes on its way from the start to the goal, whatever the route.

    code: its name in kebab-case. says: what is seen in such a line, to follow "a line in which ...".
    forms: a true line reaches the milestone when it has one of them and is neither the start nor the asked form in
    another dress. opens: the template of a named quantity; a line that uses its definition reaches it as well.
    termwise: for an inequality: the name of a family that sums to 1. Then the milestone is reached when every
    inequality of the chain holds for each term of a sum by itself, or is Jensen's with these weights; or by one of the
    forms, for a road on which another theorem may be used.
    after: the code of a milestone that it rests on; a line that comes before that one does not reach it.
    """

    code: str
    says: str
    forms: Sequence[Form] = ()
    opens: str = ""
    termwise: str = ""
    after: str = ""

    def data(self) -> Entry:
        """Return the milestone as it travels with the cases."""
        return {
            "code": self.code,
            "says": self.says,
            "forms": [form.data() for form in self.forms],
            "opens": self.opens,
            "termwise": self.termwise,
            "after": self.after,
        }


@dataclass(frozen=True)
class Expression(Task):
    """An expression to find, in given symbols.

    answer: the right expression, a SymPy expression in `symbols` (made by `grader.algebra`).
    symbols: every symbol that an answer may use. mistakes: their answers are wrong expressions.
    form: what is asked of its form. Limits and numbers that only a difference quotient has are refused anyway.
    names: symbol -> the variable by which the notebook knows it, where the two differ; sentences use the variable.
    """

    kind: ClassVar[str] = "expression"

    answer: Any
    symbols: Sequence[Any]
    mistakes: Sequence[Mistake]
    form: Form = field(default_factory=lambda: Form(free_of=("Derivative",)))
    names: Mapping[str, str] = field(default_factory=dict)

    def cases(self, rng: np.random.Generator, public: bool) -> Entry:
        points, (expected,) = _sampled(self, [self.answer], rng)
        return (
            self._entry(public)
            | _symbols(self.symbols, self.names)
            | {
                "form": self.form.data(),
                "points_at": points,
                "expected": expected,
                "mistakes": _wrong(self.mistakes, points),
            }
            | ({} if public else {"answer": _tree(self.answer)} | _secret(rng))
        )


@dataclass(frozen=True)
class DerivationTask(Task):
    """A derivation to write, whose lines are marked one by one (see `grader.cases.mark.derivation`).

    start, goal: the first and the last expression. milestones: what any honest route passes between the two.
    symbols: every symbol that a line may use. mistakes: their answers are wrong expressions, as a line would hold them.
    form: what is asked of the last line; the goal has it, and when relation is "=" the start does not.
    relation: what start is to goal: "=", "≤" or "≥". Steps use it or "=" (or the strict form).
    names: as in `Expression`.
    """

    kind: ClassVar[str] = "derivation"

    start: Any
    goal: Any
    milestones: Sequence[Milestone]
    symbols: Sequence[Any]
    mistakes: Sequence[Mistake]
    form: Form = field(default_factory=lambda: Form(free_of=("Derivative",)))
    relation: str = "="
    names: Mapping[str, str] = field(default_factory=dict)

    def cases(self, rng: np.random.Generator, public: bool) -> Entry:
        points, (_, goal) = _sampled(self, [self.start, self.goal], rng)
        return (
            self._entry(public)
            | _symbols(self.symbols, self.names)
            | {
                "form": self.form.data(),
                "relation": self.relation,
                "start": _tree(self.start),
                "milestones": [m.data() for m in self.milestones],
                "points_at": points,
                "goal": goal,
                "mistakes": _wrong(self.mistakes, points),
            }
            | ({} if public else _secret(rng))
        )


def _tree(expression: Any) -> Any:
    from grader.algebra import encode

    return encode(expression)


def _symbols(symbols: Sequence[Any], names: Mapping[str, str]) -> Entry:
    from grader.algebra import encode_symbols

    return {"symbols": encode_symbols(list(symbols)), "names": dict(names)}


def _secret(rng: np.random.Generator) -> Entry:
    return {"seed": int(rng.integers(2**63))}


def _sampled(
    task: Any, expressions: list[Any], rng: np.random.Generator
) -> tuple[list[Any], list[list[str | None]]]:
    """Points where all the expressions have a value, and these values as decimals with 30 digits."""
    from grader.algebra import sample
    from grader.cases.mark.known import digits, value_of

    _check_readable(task, expressions)
    draw = random.Random(int(rng.integers(2**63)))
    points: list[Any] = []
    values: list[list[str | None]] = [[] for _ in expressions]
    problem: Any = ""
    for number in range(_TRIES):
        point = sample(list(task.symbols), draw)
        if number % _TIES == 0:
            point = _with_equal_indices(point, task.symbols)
        else:
            point = _with_different_indices(point, task.symbols, expressions, draw)
            if number % _TIES == _TIES // 2:
                point = _with_other_indices_at(number // _TIES, point, task.symbols, expressions)
        row = [value_of(e, point) for e in expressions]
        shown = [digits(v) for v in row]
        if None in shown or not all(abs(v) < 1e300 for v in row):
            problem = next((v for v in row if isinstance(v, str)), problem)
            continue
        points.append(point)
        for column, value in zip(values, shown, strict=True):
            column.append(value)
        if len(points) == POINTS:
            return points, values
    raise CaseError(f"task {task.id}: no value at {POINTS} of {_TRIES} random points. {problem}")


def _check_readable(task: Any, expressions: list[Any]) -> None:
    from grader.algebra import AlgebraError, decode, decode_symbols, encode, encode_symbols

    symbols = decode_symbols(encode_symbols(list(task.symbols)))
    for expression in [*expressions, *(m.answer for m in task.mistakes)]:
        try:
            decode(encode(expression), symbols)
        except AlgebraError as error:
            raise CaseError(f"task {task.id}: {expression} can't be a student's: {error}") from None


def _with_equal_indices(point: dict[str, Any], symbols: Sequence[Any]) -> dict[str, Any]:
    """The point with the first index as the value of every index that has its range: a case drawn too seldom."""
    from grader.algebra.domains import label_of

    labels = [label_of(s) for s in symbols if label_of(s).domain.kind == "index"]
    tied = {label.name: point[labels[0].name] for label in labels if label.domain == labels[0].domain}
    return {**point, **tied}


def _with_different_indices(
    point: dict[str, Any], symbols: Sequence[Any], expressions: list[Any], draw: random.Random
) -> dict[str, Any]:
    """The point with indices of one range that differ, as far as the range goes, those in the expressions first."""
    from grader.algebra.domains import label_of

    used = {str(symbol) for expression in expressions for symbol in expression.free_symbols}
    labels = [label for label in map(label_of, symbols) if label.domain.kind == "index"]
    found = dict(point)
    for domain in dict.fromkeys(label.domain for label in labels):
        last = point.get(str(domain.size))
        if last is None:
            continue
        letters = sorted(
            (label.name for label in labels if label.domain == domain), key=lambda n: n not in used
        )
        numbers = draw.sample(range(1, last + 1), last)
        found |= {letter: numbers[n % last] for n, letter in enumerate(letters)}
    return found


def _with_other_indices_at(
    number: int, point: dict[str, Any], symbols: Sequence[Any], expressions: list[Any]
) -> dict[str, Any]:
    """The point with the letters that the expressions don't hold at the place of one that they do, in turn.

    So δ_jy is told from δ_ij: at j = y with another i.
    """
    from grader.algebra.domains import label_of

    used = {str(symbol) for expression in expressions for symbol in expression.free_symbols}
    labels = [label for label in map(label_of, symbols) if label.domain.kind == "index"]
    held = [label for label in labels if label.name in used]
    if not held:
        return point
    chosen = held[number % len(held)]
    others = [label.name for label in labels if label.name not in used and label.domain == chosen.domain]
    return {**point, **dict.fromkeys(others, point[chosen.name])}


def _wrong(mistakes: Sequence[Mistake], points: list[Any]) -> list[Entry]:
    from grader.cases.mark.known import digits, value_of

    return [
        {"code": m.code, "says": m.says, "values": [digits(value_of(m.answer, p)) for p in points]}
        for m in mistakes
    ]
