"""Two sides at one point: what is certain about them there.

Both sides are enclosed by intervals, so a relation *fails* at a point only where it certainly does. Where the digits do
not tell, more are used; where these do not tell either, the point says so and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil
from typing import Any, Literal

from mpmath import libmp
from sympy import Expr, Float, Integer, Limit, Pow, Rational, exp, preorder_traversal

from grader.algebra.budget import OutOfBudget, exhausted, limited
from grader.algebra.conditions import Condition
from grader.algebra.definitions import Abbreviation, open_definitions
from grader.algebra.domains import Point
from grader.algebra.errors import AlgebraError
from grader.algebra.evaluation import enclosure
from grader.algebra.intervals import (
    Number,
    OutOfReach,
    Undefined,
    Unsettled,
    magnitude,
    midpoint,
    sign_of,
    width,
    working,
)

Finding = Literal["agrees", "fails", "nowhere defined", "half defined", "unsettled", "out of reach"]

DIGITS = (40, 80, 160, 320)
_AGREED = 0.75  # of the working digits have to agree where the intervals overlap
_LIMIT_DIGITS = 8  # to which a limit has to agree, which is extrapolated
_MOST_DIGITS = 3000
_STEPS_A_POINT = 60_000
_MOST_LETTERS = 60  # values of a condition's bound letter that are tried
_EXCLUDED: dict[str, tuple[int, ...]] = {"≠ 0": (0,), "> 0": (-1, 0), "≥ 0": (-1,)}
HOLDS = {"=": (0,), "≤": (-1, 0), "<": (-1,), "≥": (0, 1), ">": (1,)}  # signs of left − right


@dataclass(frozen=True)
class Comparison:
    """What a point says about a relation.

    finding: ``agrees`` and ``fails`` are certain up to the digits used; ``half defined`` when one side certainly has no
        value; ``unsettled`` when the digits do not tell; ``out of reach`` when the arithmetic does not get there.
    left, right: the values, None where there is none. reason: of what is not defined or not reached.
    outside: whether an index has left its family. digits: with how many it was computed. certain: whether an agreement
        is decided by the intervals, and no matter of digits.
    """

    finding: Finding
    left: Number | None = None
    right: Number | None = None
    reason: str = ""
    outside: bool = False
    digits: int = 40
    certain: bool = False


def compare(
    left: Expr,
    relation: str,
    right: Expr,
    error: Expr | None,
    point: Point,
    digits: Sequence[int] = DIGITS,
) -> Comparison:
    """Return what is certain about ``left relation right`` at the point, with as few of the given digits as suffice."""
    found = Comparison("unsettled")
    for many in digits:
        try:
            with limited(3600.0, _STEPS_A_POINT):
                found = _compared(left, relation, right, error, point, many)
        except Unsettled as reason:
            found = Comparison("unsettled", reason=str(reason), digits=many)
        except OutOfReach as reason:
            return Comparison("out of reach", reason=str(reason), digits=many)
        except OutOfBudget:
            if exhausted():
                raise
            return Comparison("out of reach", reason="too many terms for one point", digits=many)
        if found.finding != "unsettled":
            return found
    return found


def _compared(
    left: Expr, relation: str, right: Expr, error: Expr | None, point: Point, digits: int
) -> Comparison:
    values: list[Number | None] = []
    reasons: list[Undefined] = []
    for side in (left, right):
        try:
            values.append(enclosure(side, point, digits))
        except Undefined as reason:
            values.append(None)
            reasons.append(reason)
    a, b = values
    if a is None or b is None:
        finding: Finding = "nowhere defined" if a is None and b is None else "half defined"
        return Comparison(finding, a, b, str(reasons[0]), any(r.outside for r in reasons), digits)
    apart = difference(a, b, digits)
    if relation == "≈":
        assert error is not None
        allowed = enclosure(error, point, digits)
        beyond = [sign_of(difference(side, allowed, digits)) for side in (apart, -apart)]
        if 1 in beyond:
            return Comparison("fails", a, b, digits=digits)
        settled = None not in beyond
        return Comparison("agrees" if settled else "unsettled", a, b, digits=digits, certain=settled)
    sign = sign_of(apart)
    if sign is not None:
        return Comparison("agrees" if sign in HOLDS[relation] else "fails", a, b, digits=digits, certain=True)
    rough = _has_limit(left) or _has_limit(right)
    close = relation in ("=", "≤", "≥") and _overlap(
        a, b, apart, _LIMIT_DIGITS if rough else _AGREED * digits
    )
    return Comparison("agrees" if close else "unsettled", a, b, digits=digits)


def difference(a: Number, b: Number, digits: int = 40) -> Number:
    """Return a − b, computed with so many digits."""
    with working(digits):
        return a - b


def as_float(value: Number) -> float | None:
    """Return the number as a float, None when it is too large."""
    return None if magnitude(value) > 1000 else float(libmp.to_float(midpoint(value)))


@lru_cache(maxsize=512)
def _has_limit(expr: Expr) -> bool:
    return bool(open_definitions(expr).has(Limit))


def _overlap(a: Number, b: Number, apart: Number, digits: float) -> bool:
    """Whether the sides agree to so many digits: relative to the larger, or to 1 where both may be 0."""
    size = max(magnitude(a), magnitude(b))
    allowed = -digits * 3.32
    if width(apart) <= size + allowed:
        return True
    cancelled = sign_of(a) in (0, None) and sign_of(b) in (0, None)
    return cancelled and width(apart) <= allowed


def deep_digits(*expressions: Expr) -> tuple[int, ...]:
    """Return digits that see past the longest number written in the expressions, for a last look at what agrees."""
    longest = 0
    for expr in expressions:
        for part in preorder_traversal(expr):
            part = part.definition if isinstance(part, Abbreviation) else part
            if isinstance(part, Rational):
                longest = max(longest, part.p.bit_length(), part.q.bit_length())
            elif isinstance(part, Float):
                longest = max(longest, abs(part._mpf_[2]), part._mpf_[3])
            elif isinstance(part, exp | Pow) and not part.free_symbols:
                longest = max(longest, _length_of(part))
    first = 160 + min(_MOST_DIGITS, 2 * int(longest / 3.3))
    return first, 2 * first


def _length_of(constant: Expr) -> int:
    """How many binary digits it takes to see a constant beside 1."""
    try:
        return int(abs(max(magnitude(enclosure(constant)), -(10.0**6))))
    except AlgebraError:
        return 0


def violated(condition: Condition, point: Point) -> bool:
    """Whether the condition certainly fails at the point, for one of the values of its bound letters at least."""
    return _violated(condition.expr, condition.relation, condition.over, point)


def _violated(expr: Expr, relation: str, over: tuple[Any, ...], point: Point) -> bool:
    try:
        if not over:
            return sign_of(enclosure(expr, point, DIGITS[1])) in _EXCLUDED[relation]
        (variable, low, high), *inner = over
        first, last = (int(Fraction(enclosure(bound, point))) for bound in (low, high))  # type: ignore[arg-type]
        for value in range(first, min(last, first + _MOST_LETTERS) + 1):
            here = {variable: Integer(value)}
            rest = tuple((v, a.xreplace(here), b.xreplace(here)) for v, a, b in inner)
            if _violated(expr.xreplace(here), relation, rest, point):
                return True
    except Undefined:
        return True  # the condition itself has no value: its expression's own denominators are 0
    except (AlgebraError, TypeError):
        return False
    return False


def equal_sides(found: Comparison) -> Comparison:
    """Return the comparison of two sides that are known to be equal: both have the value that is known better."""
    assert found.left is not None and found.right is not None
    value = min(found.left, found.right, key=width)
    return Comparison("fails", value, value, digits=found.digits)


def shown(a: Number | None, b: Number | None, apart: Number | None = None) -> tuple[str, str]:
    """Return both values in as many digits as tell them apart, ten at least, or with their difference."""
    if a is None or b is None:
        return tuple("undefined" if side is None else _text(side, 10) for side in (a, b))  # type: ignore[return-value]
    if a is b:
        return _text(a, 10), _text(b, 10)
    for digits in (10, 20, 40, 80) if apart is None else ():
        texts = _text(a, digits), _text(b, digits)
        if texts[0] != texts[1]:
            return texts
    apart = difference(a, b, DIGITS[-1]) if apart is None else apart
    if sign_of(apart) is None:  # they are known to differ, and no digits show by how much
        return _text(a, 10), f"{_text(b, 10)} (the two differ by less than {_bound_of(apart)})"
    if sign_of(apart) == 0:
        return _text(a, 10), _text(b, 10)
    return _text(a, 10), f"{_text(b, 10)} (the two differ by {_text(apart, 3)})"


def _bound_of(value: Number) -> str:
    """A power of ten that is larger."""
    return f"1e{ceil(magnitude(value) * 0.30103)}"


def _text(value: Number, digits: int) -> str:
    if isinstance(value, int) and abs(value) < 10**digits:
        return f"{value}.0"
    return str(libmp.to_str(midpoint(value), digits))
