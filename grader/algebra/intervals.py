"""Numbers that know how far they are known: exact rationals, and intervals that hold the true value.

Everything that decides between two numbers rests on this file. A rational stays a Fraction while it is short. What is
not rational is enclosed by two binary numbers, rounded outwards (mpmath's interval arithmetic, which is pure Python and
runs in a browser), so "the left side is larger" is a proof and never a matter of rounding.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import lru_cache
from math import isqrt
from typing import Any, cast

from mpmath import libmp
from mpmath.libmp import libmpi

from grader.algebra.errors import AlgebraError

LARGEST_MAGNITUDE = 4000  # e^x is held for |x| < 2^4000; beyond, its own exponent would be too long a number
_LONGEST_FRACTION = 4000  # bits of a rational that is carried exactly
_GUARD = 20  # bits beyond the working precision for what mpmath rounds almost, but not provably, correctly
_BITS_A_DIGIT = 3.3219281
_LONG_EXPONENT = 12  # bits; repeated squaring loses as many digits as a longer exponent has

_bits = [140]


class OutOfReach(AlgebraError):
    """There may be a value that this arithmetic does not reach: too large, too long, a limit that does not settle."""


class Unsettled(OutOfReach):
    """The working precision does not tell, for example on which side of 0 a number lies. More digits may."""


class Undefined(AlgebraError):
    """The expression certainly has no real value at this point: a division by zero, a root of a negative number.

    outside: whether an index has left its family, which no choice of the other values can mend.
    """

    def __init__(self, reason: str, outside: bool = False) -> None:
        super().__init__(reason)
        self.outside = outside


@contextmanager
def working(digits: int) -> Iterator[None]:
    """Compute with so many decimal digits inside the block."""
    _bits.append(int(digits * _BITS_A_DIGIT) + 8)
    try:
        yield
    finally:
        _bits.pop()


class Interval:
    """All real numbers from lo to hi, both raw numbers of mpmath."""

    __slots__ = ("hi", "lo")

    def __init__(self, lo: Any, hi: Any) -> None:
        self.lo, self.hi = lo, hi

    @property
    def pair(self) -> tuple[Any, Any]:
        """Both ends, as mpmath's functions take them."""
        return self.lo, self.hi

    def __add__(self, other: "Interval | Fraction | int") -> "Interval":
        found = as_interval(other)
        return NotImplemented if found is None else _made(libmpi.mpi_add(self.pair, found.pair, _bits[-1]))

    __radd__ = __add__

    def __neg__(self) -> "Interval":
        return Interval(libmp.mpf_neg(self.hi), libmp.mpf_neg(self.lo))

    def __sub__(self, other: "Interval | Fraction | int") -> "Interval":
        found = as_interval(other)
        return NotImplemented if found is None else _made(libmpi.mpi_sub(self.pair, found.pair, _bits[-1]))

    def __rsub__(self, other: "Interval | Fraction | int") -> "Interval":
        return -self + other

    def __mul__(self, other: "Interval | Fraction | int") -> "Interval | Fraction | int":
        if not isinstance(other, Interval) and other == 0:
            return 0
        found = as_interval(other)
        return NotImplemented if found is None else _made(libmpi.mpi_mul(self.pair, found.pair, _bits[-1]))

    __rmul__ = __mul__

    def __repr__(self) -> str:
        return f"[{libmp.to_str(self.lo, 12)}, {libmp.to_str(self.hi, 12)}]"


Exact = Fraction | int
Number = Fraction | int | Interval


def _made(pair: tuple[Any, Any]) -> Interval:
    if any(not mantissa and exponent for _, mantissa, exponent, _ in pair):  # infinities and nan
        raise OutOfReach("A number is too large to hold.")
    return Interval(*pair)


def as_interval(value: Any) -> Interval | None:
    """Return the number as an interval at the working precision; None for what is no number."""
    if isinstance(value, Interval):
        return value
    bits = _bits[-1]
    if isinstance(value, int):
        if value.bit_length() <= bits:
            whole = libmp.from_int(value)
            return Interval(whole, whole)
        return Interval(
            libmp.from_int(value, bits, libmp.round_floor), libmp.from_int(value, bits, libmp.round_ceiling)
        )
    if isinstance(value, Fraction):
        return _of_fraction(value.numerator, value.denominator, bits)
    return None


@lru_cache(maxsize=4096)
def _of_fraction(p: int, q: int, bits: int) -> Interval:
    return Interval(
        libmp.from_rational(p, q, bits, libmp.round_floor),
        libmp.from_rational(p, q, bits, libmp.round_ceiling),
    )


def enclosed(value: Number) -> Interval:
    """Return the number as an interval at the working precision."""
    return cast(Interval, as_interval(value))


def short(value: Any) -> Any:
    """Return the number, a rational that has grown too long as an interval."""
    if isinstance(value, Interval):
        return value
    if isinstance(value, Fraction | int):
        if value.numerator.bit_length() + value.denominator.bit_length() > _LONGEST_FRACTION:
            return as_interval(value)
    return value


def sign_of(value: Number) -> int | None:
    """Return −1, 0 or 1, or None when the interval does not tell."""
    if not isinstance(value, Interval):
        return (value > 0) - (value < 0)
    low, high = libmp.mpf_sign(value.lo), libmp.mpf_sign(value.hi)
    if low > 0 or high < 0:
        return 1 if low > 0 else -1
    return 0 if low == high == 0 else None


def settled_sign(value: Number, what: str) -> int:
    """Return −1, 0 or 1. Raises Unsettled when the working precision does not tell."""
    sign = sign_of(value)
    if sign is None:
        raise Unsettled(f"The working precision does not tell whether {what} is 0.")
    return sign


def magnitude(value: Number) -> float:
    """Return log₂ of the largest absolute value that the number can have; −∞ for 0."""
    found = enclosed(value)
    sizes = [end[2] + end[3] for end in found.pair if end[1]]
    return max(sizes) if sizes else float("-inf")


def width(value: Number) -> float:
    """Return log₂ of the interval's width, −∞ for a number that is known exactly."""
    if not isinstance(value, Interval):
        return float("-inf")
    gap = libmp.mpf_sub(value.hi, value.lo, 30, libmp.round_ceiling)
    return gap[2] + gap[3] if gap[1] else float("-inf")


def midpoint(value: Number) -> Any:
    """Return the middle of the interval as a raw number of mpmath."""
    found = enclosed(value)
    return libmp.mpf_shift(libmp.mpf_add(found.lo, found.hi, _bits[-1], libmp.round_nearest), -1)


def hull(one: Number, other: Number) -> Interval:
    """Return the smallest interval that holds both."""
    a, b = enclosed(one), enclosed(other)
    return Interval(smaller(a.lo, b.lo), larger(a.hi, b.hi))


def smaller(a: Any, b: Any) -> Any:
    """Return the smaller of two raw numbers."""
    return a if libmp.mpf_le(a, b) else b


def larger(a: Any, b: Any) -> Any:
    """Return the larger of two raw numbers."""
    return b if libmp.mpf_le(a, b) else a


def _outward(low: Any, high: Any) -> Interval:
    """Two ends with guard bits, moved apart by more than mpmath's functions can err, at the working precision."""
    bits = _bits[-1]
    slack = -(bits + _GUARD // 2)
    low = libmp.mpf_sub(low, libmp.mpf_shift(libmp.mpf_abs(low), slack), bits, libmp.round_floor)
    high = libmp.mpf_add(high, libmp.mpf_shift(libmp.mpf_abs(high), slack), bits, libmp.round_ceiling)
    return _made((low, high))


def exponential(value: Number) -> Number:
    """Return e^value. Raises OutOfReach when it is too large or too small to hold."""
    if not isinstance(value, Interval) and value == 0:
        return 1
    if magnitude(value) > LARGEST_MAGNITUDE:
        raise OutOfReach("An exponential is too large or too small to hold.")
    found, bits = enclosed(value), _bits[-1] + _GUARD
    return _outward(
        libmp.mpf_exp(found.lo, bits, libmp.round_floor), libmp.mpf_exp(found.hi, bits, libmp.round_ceiling)
    )


def logarithm(value: Number) -> Number:
    """Return the natural logarithm. Raises Undefined for what is not positive, Unsettled for what may be either."""
    if not isinstance(value, Interval) and value == 1:
        return 0
    found, bits = enclosed(value), _bits[-1] + _GUARD
    if libmp.mpf_sign(found.hi) <= 0:
        raise Undefined("a logarithm of a number that is not positive")
    if libmp.mpf_sign(found.lo) <= 0:
        raise Unsettled("The working precision does not tell whether a logarithm's argument is positive.")
    return _outward(
        libmp.mpf_log(found.lo, bits, libmp.round_floor), libmp.mpf_log(found.hi, bits, libmp.round_ceiling)
    )


def power(base: Number, exponent: Number) -> Number:
    """Return base^exponent, 0^0 = 1. Raises Undefined where it is not real, Unsettled where that is not told."""
    if not isinstance(exponent, Interval) and Fraction(exponent).denominator == 1:
        return _whole_power(base, int(exponent))
    sign = sign_of(base)
    if sign == 0:
        return _power_of_zero(exponent)
    if sign == -1 and not isinstance(exponent, Interval):
        raise Undefined("a root of a negative number")
    if sign is None and not isinstance(exponent, Interval) and exponent > 0 and base.lo == libmp.fzero:  # type: ignore[union-attr]
        top = power(Interval(base.hi, base.hi), exponent)  # type: ignore[union-attr]
        return hull(0, top)
    if sign != 1:
        raise Unsettled("The working precision does not tell whether the base of a power is positive.")
    if not isinstance(exponent, Interval) and Fraction(exponent).denominator == 2:
        return _whole_power(_root(base), int(2 * exponent))
    return exponential(short(exponent * logarithm(base)))


def _power_of_zero(exponent: Number) -> Number:
    if settled_sign(exponent, "an exponent of 0") < 0:
        raise Undefined("a division by zero")
    return 0


def _whole_power(base: Number, exponent: int) -> Number:
    sign = sign_of(base)
    if exponent == 0 or base == 1:
        return 1
    if sign == 0:
        return _power_of_zero(exponent)
    if not isinstance(base, Interval):
        exact = Fraction(base)
        length = exact.numerator.bit_length() + exact.denominator.bit_length()
        if length * abs(exponent) <= 2 * _LONGEST_FRACTION:
            return short(Fraction(exact**exponent))
    found, bits = enclosed(base), _bits[-1]
    if sign is None and (exponent < 0 or exponent.bit_length() > _LONG_EXPONENT):
        raise Unsettled("The working precision does not tell whether the base of a power is 0.")
    if exponent == -1:
        return _made(libmpi.mpi_div((libmp.fone, libmp.fone), found.pair, bits))
    if exponent.bit_length() > _LONG_EXPONENT:
        size = exponential(short(exponent * logarithm(absolute_value(found))))
        return -size if sign == -1 and exponent % 2 else size
    raised = libmpi.mpi_pow_int(found.pair, abs(exponent), bits + _GUARD)
    if exponent < 0:
        raised = libmpi.mpi_div((libmp.fone, libmp.fone), raised, bits + _GUARD)
    return _outward(*raised)


def _root(base: Number) -> Number:
    if not isinstance(base, Interval):
        exact = Fraction(base)
        roots = isqrt(exact.numerator), isqrt(exact.denominator)
        if roots[0] ** 2 == exact.numerator and roots[1] ** 2 == exact.denominator:
            return Fraction(*roots)
    return _outward(*libmpi.mpi_sqrt(enclosed(base).pair, _bits[-1] + _GUARD))


def float_number(raw: Any) -> Number:
    """Return a binary floating-point number of mpmath, exactly."""
    sign, mantissa, exponent, _ = raw
    if not mantissa and exponent:
        raise Undefined("an infinite number, or none")
    if abs(exponent) > _LONGEST_FRACTION:
        return Interval(raw, raw)
    return short(Fraction(-int(mantissa) if sign else int(mantissa)) * Fraction(2) ** exponent)


def constant(value_to: Any) -> Interval:
    """Return an irrational constant; `value_to(bits)` gives it as a raw number, correct to so many bits."""
    raw = value_to(_bits[-1] + _GUARD)
    return _outward(raw, raw)


def absolute_value(value: Number) -> Number:
    """Return |value|."""
    if isinstance(value, Interval):
        return Interval(*libmpi.mpi_abs(value.pair, _bits[-1]))
    return -value if value < 0 else value
