"""What the decisions beside the proofs must answer: intervals, comparisons, limits close by, and the looks at points.

The witnesses of :mod:`tests.hunt.witnesses` ask the prover alone. These ask the layer around it, a part at a time,
since its parts stand in for each other: what one misses, the next one finds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mpmath import libmp
from sympy import (
    Abs,
    Add,
    Derivative,
    Eq,
    Expr,
    KroneckerDelta,
    Limit,
    Max,
    Piecewise,
    Rational,
    S,
    Sum,
    exp,
    log,
    oo,
    pi,
    sign,
    sqrt,
)
from sympy.core.symbol import Str

from grader.algebra import curve, index, law, outcome, positive, probability, real, relate, size
from grader.algebra.closer import comes_closer
from grader.algebra.comparison import compare, violated
from grader.algebra.conditions import Condition
from grader.algebra.evaluation import enclosure
from grader.algebra.expectations import OverGaussian
from grader.algebra.intervals import Interval, OutOfReach, Undefined, hull, sign_of, width, working
from grader.algebra.letters import stray_letter
from grader.algebra.nearby import extrapolated
from grader.algebra.switches import whole_places

V, m = size("V"), size("m")
y = real("y")
_rising, _outcome = curve("rising", "increasing"), outcome("zeta")
i, k = index("i", V), index("k", V)
x, a, u = real("x"), positive("a"), probability("u")


def _over_normal(body: Any) -> Expr:
    """E of a body over y ~ N(x, a), whether it is declared or not."""
    return OverGaussian(body, y, Str("y"), x, a)


@dataclass(frozen=True)
class Decision:
    """A question to a part of the decision, and its answer."""

    name: str
    ask: Callable[[], Any]
    answer: Any

    def fault(self) -> str | None:
        """Return in what the answer differs; None where it is right."""
        found = self.ask()
        return None if found == self.answer else f"{self.name}: {found}"


# ---------------------------------------------------------------------------------------------- intervals

_DIGITS, _FINE, _SLACK_BITS = 20, 200, 12
_IRRATIONAL = (
    exp(1),
    exp(-7),
    exp(Rational(3, 7)),
    log(2),
    log(1000),
    sqrt(2),
    sqrt(3) ** 5,
    2 ** Rational(1, 3),
    pi,
)


def _ends_apart() -> bool:
    """Whether both ends keep a distance from the true value, more than a function's last bits may err."""
    for expr in _IRRATIONAL:
        rough, true = enclosure(expr, digits=_DIGITS), enclosure(expr, digits=_FINE)
        assert isinstance(rough, Interval) and isinstance(true, Interval)
        below = libmp.mpf_sub(true.lo, rough.lo, 60, libmp.round_floor)
        above = libmp.mpf_sub(rough.hi, true.hi, 60, libmp.round_floor)
        least = libmp.mpf_shift(libmp.mpf_abs(true.hi), -_bits_at_work() - _SLACK_BITS)
        if not (libmp.mpf_ge(below, least) and libmp.mpf_ge(above, least)):
            return False
    return True


def _bits_at_work() -> int:
    with working(_DIGITS):
        third = enclosure(S.One / 3)
    return int(_DIGITS * 3.3219281) + 8 if isinstance(third, Fraction) else 0


def _narrow() -> bool:
    return all(width(enclosure(expr, digits=_DIGITS)) < 14 - _bits_at_work() for expr in _IRRATIONAL)


def _of_thirds() -> tuple[int | None, int | None]:
    """What is known of a third that has become an interval beside a third, and of a hull beside its middle."""
    with working(10):
        third = Interval(libmp.fzero, libmp.fzero) + Fraction(1, 3)
    with working(60):
        return sign_of(third - Fraction(1, 3)), sign_of(hull(Fraction(1, 3), Fraction(2, 3)) - Fraction(1, 2))


def _ends_at_zero() -> list[int | None]:
    one, zero = libmp.fone, libmp.fzero
    return [sign_of(Interval(*ends)) for ends in ((zero, one), (libmp.mpf_neg(one), zero), (zero, zero))]


# ---------------------------------------------------------------------------------------------- comparisons

_HUGE = exp(50)
_SMALL = Rational(1, 10**8)


def _after_cancelling(value: Expr) -> Expr:
    """The value, known to 21 digits fewer than are computed with."""
    return Add(_HUGE, value, -_HUGE, evaluate=False)


def _found(left: Expr, relation: str, right: Expr, *digits: int, at: int = 1) -> tuple[str, bool]:
    found = compare(left, relation, right, None, {"x": at}, digits)
    return found.finding, found.certain


def _place_of(error: type[Exception], near: Callable[[Fraction], Any]) -> str:
    try:
        extrapolated(near, whole=False)
    except error as reason:
        return type(reason).__name__
    return "a value"


def _far_only(h: Fraction) -> Fraction:
    if h > Fraction(1, 10**100):
        raise Undefined("too far away")
    return Fraction(1)


def _nowhere(h: Fraction) -> Fraction:
    raise Undefined("nowhere")


def _of_root() -> int | None:
    return sign_of(extrapolated(lambda h: enclosure(sqrt(Rational(h.numerator, h.denominator))), whole=False))


def _status(left: Any, relation: str, right: Any) -> str:
    return str(relate(left, relation, right).status)


def _where(condition: Any) -> Expr:
    return Piecewise((1, condition), (0, True))


_NEARLY = Rational(29583, 10**5)  # 3 log 3 − 3 is 0.295836…
_TINY = Rational(1, 10**60)
_CASES: tuple[tuple[str, Callable[[], Any], Any], ...] = (
    ("both ends keep a distance from the value", _ends_apart, True),
    ("the ends are not far apart", _narrow, True),
    ("rationals are enclosed, and a hull holds both", _of_thirds, (None, None)),
    ("an end at 0 tells no sign", _ends_at_zero, [None, None, 0]),
    ("six digits of 26 are no agreement",
     lambda: _found(_after_cancelling(x), "=", x + _SMALL, 26), ("unsettled", False)),
    ("more digits tell", lambda: _found(_after_cancelling(x), "=", x + _SMALL, 26, 60), ("fails", True)),
    ("zeros that are known to six digits are no agreement",
     lambda: _found(_after_cancelling(x), "=", x * _HUGE, 26, at=0), ("unsettled", False)),
    ("equal roots agree as far as the digits go",
     lambda: _found(sqrt(2) * exp(x), "=", sqrt(2) * exp(x) * exp(-x) * exp(x), 40), ("agrees", False)),
    ("equal roots are not in strict order",
     lambda: _found(exp(x) * log(2), "<", Add(exp(x) * log(4), -exp(x) * log(2), evaluate=False), 40, 80),
     ("unsettled", False)),
    ("order is certain", lambda: _found(exp(x), "≥", S(2), 40), ("agrees", True)),
    ("a condition is violated at its place", lambda: violated(Condition(x - 1, "≠ 0"), {"x": 1}), True),
    ("a condition is kept elsewhere", lambda: violated(Condition(x - 1, "≠ 0"), {"x": 2}), False),
    # limits
    ("a limit is known less well than its last step", _of_root, None),
    ("a place that is too far away", lambda: _place_of(OutOfReach, _far_only), "OutOfReach"),
    ("no place at all", lambda: _place_of(Undefined, _nowhere), "Undefined"),
    ("values that come closer", lambda: comes_closer(Limit(1 / log(a), a, oo), "=", S.Zero), True),
    ("values that do not", lambda: comes_closer(Limit(1 / log(a), a, oo), "=", Rational(1, 2000)), False),
    # letters
    ("an index below 0", lambda: bool(stray_letter(Sum(k, (k, -V, V)))), True),
    ("an index that counts from 0", lambda: stray_letter(Sum(k, (k, 0, V - 1))), ""),
    ("what is left from 0", lambda: bool(stray_letter(Sum(0 * k, (k, 0, V - 1)))), True),
    # the looks at points
    ("an index solves within its size",
     lambda: all(p["i"] <= p["V"] for p in whole_places([i - V - 1, i * V - 12], [V, i])), True),
    ("a delta that is 1 at a large size", lambda: _status(KroneckerDelta(i, V - 29), "=", 0), "refuted"),
    ("a case at a root", lambda: _status(_where(Eq(x**2, 2)), "=", 0), "refuted"),
    ("a bound far out", lambda: relate(log(a), "≈", 0, error=400).status, "refuted"),
    ("a bound that is broken near log 3", lambda: _status(exp(x) - 3 * x, "≥", -_NEARLY), "refuted"),
    ("a term behind forty digits", lambda: _status(Max(exp(a), exp(a + _TINY)), "=", exp(a)), "refuted"),
    ("a difference below all digits", lambda: _status(x + exp(-(10**5)), "≤", x), "refuted"),
    ("equal for one size", lambda: _status((log(m) - log(5)) ** 2, ">", 0), "refuted"),
    ("one side is undefined on half of the line", lambda: _status(log(x**2) / 2, "=", log(x)), "refuted"),
    ("one side is undefined at a kink", lambda: _status(Derivative(Abs(x), x), "=", sign(x)), "undecided"),
    ("one side is undefined where it is excluded", lambda: _status((x**2 - 1) / (x - 1), "=", x + 1), "proved"),
    ("sides that are too close to tell",
     lambda: _status(-u * log(u) - (1 - u) * log(1 - u), "<", log(2)), "undecided"),
    ("the mean of a reciprocal is not declared", lambda: _status(_over_normal(1 / y), "=", 0), "undecided"),
    ("the mean of a logarithm is not declared", lambda: _status(_over_normal(log(y)), "=", 0), "undecided"),
    ("the mean of an absolute value is not declared", lambda: _status(_over_normal(Abs(y)), "=", 0), "undecided"),
    ("the mean of a root is not declared", lambda: _status(_over_normal(sqrt(y)), "=", 0), "undecided"),
    ("the mean of a Gaussian's inverse is not declared",
     lambda: _status(_over_normal(exp(y**2)), "=", exp(x**2 + a)), "undecided"),
    ("a density may be above 1", lambda: _status(law("q", _outcome)(_outcome), "≤", 1), "refuted"),
    ("an outcome is no number", lambda: _status(_outcome, "≥", 1), "undecided"),
    ("nothing connects two places of a curve", lambda: _status(_rising(x), "=", _rising(a)), "undecided"),
    ("a curve equals itself", lambda: _status(_rising(x), "=", _rising(x)), "proved"),
    ("a rising curve's slope is not 0", lambda: _status(Derivative(_rising(x), x), "=", 0), "refuted"),
    ("a second slope is not known", lambda: _status(Derivative(_rising(x), (x, 2)), "=", 0), "undecided"),
    ("a rising curve is no line", lambda: _status(_rising(x), "=", x), "refuted"),
)  # fmt: skip

DECISIONS = tuple(Decision(*case) for case in _CASES)
