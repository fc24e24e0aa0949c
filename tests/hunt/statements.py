"""A statement, whether it is false at a point, and how it is made smaller."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sympy import Basic, Expr, Limit, Product, S, Sum

from tests.hunt.arithmetic import Number, Unclear, Undefined, digits, plus, real_part, times
from tests.hunt.letters import Point, draw_point, free_letters
from tests.hunt.values import compiled, value_of

POINTS = 10  # a statement that holds at so many is not counted as false
CLEAR = Decimal(10) ** -25  # relative: a smaller difference of decimals is not counted as one
_CLEAR_OF_LIMITS = Decimal(10) ** -9  # a limit is a value close by


# SymPy evaluates while it builds; on what can't be it ends in one of these.
FAILURES = (
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
    RecursionError,
)


@dataclass(frozen=True)
class Statement:
    """lhs relation rhs, and the shape it was drawn from."""

    shape: str
    lhs: Expr
    relation: str
    rhs: Expr

    def __str__(self) -> str:
        return f"{self.lhs} {self.relation} {self.rhs}"


class Checked:
    """A statement ready to be evaluated. Raises Unclear when a part of it is not understood."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        sides = statement.lhs, statement.rhs
        self.rules = tuple(compiled(side) for side in sides)
        self.symbols = sorted(free_letters(statement.lhs) | free_letters(statement.rhs), key=lambda s: s.name)
        self.clear = _CLEAR_OF_LIMITS if any(side.has(Limit) for side in sides) else CLEAR

    def values(self, point: Point, precision: int = 60) -> tuple[Number, Number] | None:
        """Return both sides' values at the point, None where one of them has none."""
        environment = {symbol: point[symbol.name] for symbol in self.symbols}
        try:
            left, right = (real_part(value_of(rule, environment, precision)) for rule in self.rules)
        except (Undefined, Unclear):
            return None
        return left, right

    def undefined_at(self, point: Point) -> bool:
        """Whether a side has certainly no value at the point."""
        environment = {symbol: point[symbol.name] for symbol in self.symbols}
        for rule in self.rules:
            try:
                value_of(rule, environment)
            except Undefined:
                return True
            except Unclear:
                continue
        return False

    def fails_at(self, point: Point) -> bool:
        """Whether both sides have values that clearly break the relation, also with twice the digits."""
        values = self.values(point)
        if not self._fails(values):
            return False
        exact = values is not None and Decimal not in map(type, values)
        return exact or self._fails(self.values(point, precision=130))

    def differs_at(self, point: Point) -> bool:
        """Whether the relation fails by the least bit that 400 digits show."""
        values = self.values(point, precision=400)
        if values is None or Decimal not in map(type, values):
            return self._fails(values)
        with digits(400):
            left, right = map(_decimal, values)
            least = Decimal(10) ** -300 * max(abs(left), abs(right))
            return {"=": abs(left - right) > least, "≤": left - right > least, "≥": right - left > least,
                    "<": left - right > -least, ">": right - left > -least}[self.statement.relation]  # fmt: skip

    def _fails(self, values: tuple[Number, Number] | None) -> bool:
        if values is None:
            return False
        gap = plus(values[0], times(-1, values[1]))
        exact = type(gap) is not Decimal and self.clear == CLEAR
        slack: Any = 0 if exact else self.clear * max(1, *(abs(_decimal(w)) for w in values))
        match self.statement.relation:
            case "=":
                return bool(abs(gap) > slack)
            case "≤":
                return bool(gap > slack)
            case "≥":
                return bool(-gap > slack)
            case "<":
                return bool(gap >= 0 if exact else gap > slack)
            case ">":
                return bool(gap <= 0 if exact else -gap > slack)
        raise ValueError(self.statement.relation)

    def counterexamples(self, rng: random.Random, count: int) -> Iterator[Point]:
        """Yield the points, of `count` drawn, at which the statement fails."""
        names = [symbol.name for symbol in self.symbols]
        for _ in range(count if names else 1):
            point = draw_point(names, rng)
            if self.fails_at(point):
                yield point


def _decimal(number: Number) -> Decimal:
    return number if type(number) is Decimal else Decimal(number.numerator) / Decimal(number.denominator)


def falsity(statement: Statement, seed: int, points: int = POINTS) -> Point | None:
    """Return a point of the domain at which the statement is false; None when none was found."""
    try:
        return next(Checked(statement).counterexamples(random.Random(seed), points), None)
    except Unclear:
        return None


def smaller(statement: Statement) -> Iterator[Statement]:
    """Yield statements like this one with a part left out or made plainer; a side may shrink, or both alike."""
    for part in _parts(statement.lhs) | _parts(statement.rhs):
        for plainer in _plainer(part):
            for sides in (("lhs", "rhs"), ("lhs",), ("rhs",)):
                try:
                    yield replace(
                        statement, **{s: getattr(statement, s).xreplace({part: plainer}) for s in sides}
                    )
                except FAILURES:
                    continue


def _parts(expr: Expr) -> set[Expr]:
    found: set[Expr] = set()
    stack: list[Any] = [expr]
    while stack:
        part = stack.pop()
        if isinstance(part, Expr):
            found.add(part)
        stack.extend(arg for arg in getattr(part, "args", ()) if isinstance(arg, Basic))
    return found


def _plainer(part: Expr) -> list[Expr]:
    options = [a for a in part.args if isinstance(a, Expr)]
    if isinstance(part, Sum | Product):
        options = [part.function]
    if part.is_Add or part.is_Mul:
        options += [part.func(*(a for a in part.args if a is not left_out)) for left_out in part.args]
    if not part.is_Number:
        options += [S.Zero, S.One]
    return options


def size_of(statement: Statement) -> int:
    """Return the number of nodes, by which a statement is judged small."""
    return sum(1 for side in (statement.lhs, statement.rhs) for _ in _walk(side))


def _walk(expr: Any) -> Iterator[Any]:
    yield expr
    for arg in getattr(expr, "args", ()):
        yield from _walk(arg)
