"""What `relate` answers: a verdict, and the counterexample of what is refuted."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from mpmath import libmp

from grader.algebra.comparison import Comparison, shown
from grader.algebra.conditions import Condition
from grader.algebra.domains import Point
from grader.algebra.errors import AlgebraError
from grader.algebra.intervals import Number
from grader.algebra.proof import Proof

_LISTED = 12  # entries of a family that are written out
_LONGEST_NUMBER = 18  # characters of a number that is written out
Status = Literal["proved", "tested", "refuted", "undecided"]


@dataclass(frozen=True)
class Counterexample:
    """A point at which a relation fails, with the values of both sides: ten digits, more where these agree.

    reason: of a side that is undefined there, such as "a division by zero".
    """

    point: Point
    lhs: str
    rhs: str
    reason: str = ""

    def __str__(self) -> str:
        place = place_of(self.point)
        undefined = f"undefined ({self.reason})" if self.reason else "undefined"
        lhs, rhs = (undefined if side == "undefined" else side for side in (self.lhs, self.rhs))
        return f"at {place or 'every point'} the left side is {lhs}, the right side {rhs}"


@dataclass(frozen=True)
class Verdict:
    """How far a relation is known.

    status: ``proved`` (for every value of the domains), ``tested`` (true at `points` random points: no proof),
        ``refuted`` (see `counterexample`) or ``undecided``.
    method: how, in words. points: number of random points at which both sides were defined and compared.
    conditions: what a proof takes for granted beyond the domains, such as ``("x ≠ 0",)``; `assumed` holds the same as
        data.
    """

    status: Status
    method: str
    points: int
    counterexample: Counterexample | None = None
    conditions: tuple[str, ...] = ()
    assumed: tuple[Condition, ...] = field(default=(), repr=False)

    @property
    def holds(self) -> bool:
        """Whether the relation is proved or tested."""
        return self.status in ("proved", "tested")

    def __bool__(self) -> bool:
        raise AlgebraError("A verdict has four values; ask for .holds or .status instead of its truth.")

    def __str__(self) -> str:
        return f"{self.status}: {self.counterexample or self.method}"


def place_of(point: Point) -> str:
    """Return the point in words, such as "x = 0.5, y = 2"."""
    return ", ".join(f"{name} = {_short(value)}" for name, value in point.items())


def _short(value: Any) -> str:
    if isinstance(value, list):
        listed = [_short(v) for v in value[:_LISTED]] + ["…"] * (len(value) > _LISTED)
        return "(" + ", ".join(listed) + ")"
    if isinstance(value, float):
        return f"{value:.4g}"
    text = str(value)
    if len(text) <= _LONGEST_NUMBER:
        return text
    if "/" in text:
        number = Fraction(text)
        short_of_1 = 0 < 1 - number < Fraction(1, 1000)
        return f"1 - {_few_digits(1 - number)}" if short_of_1 else _few_digits(number)
    digits = text.rstrip("0")  # 10^50 and the like
    return f"{digits}e{len(text) - len(digits)}" if len(digits) <= _LONGEST_NUMBER else text


def _few_digits(number: Fraction) -> str:
    return str(libmp.to_str(libmp.from_rational(number.numerator, number.denominator, 40), 4))


def proved(proof: Proof, compared: int) -> Verdict:
    """Return the verdict of a proof, beside so many points that agree with it."""
    texts = tuple(str(condition) for condition in proof.conditions)
    return Verdict("proved", proof.method, compared, conditions=texts, assumed=proof.conditions)


def refuted(
    point: Point,
    found: Comparison,
    compared: int,
    method: str = "a counterexample",
    apart: Number | None = None,
) -> Verdict:
    """Return the verdict of a point that was found to break the relation.

    apart: the difference of the two sides, where it is known though no digits of the sides show it.
    """
    values = shown(found.left, found.right, apart)
    place = {name: point[name] for name in sorted(point)}
    return Verdict("refuted", method, compared, Counterexample(place, *values, found.reason))
