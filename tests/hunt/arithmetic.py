"""Exact numbers, decimals and jets: the arithmetic under the hunt's own evaluation.

A number is an int, a Fraction, a Decimal (for exponentials, logarithms and roots that are no fraction) or a
:class:`Jet`, a number with a slope, which carries derivatives exactly. mpmath takes no part: the prover uses it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Context, Decimal, getcontext, localcontext
from fractions import Fraction
from math import isqrt
from typing import Any

Number = Any  # int | Fraction | Decimal | Jet

LARGEST_EXPONENT = 20_000  # of e, 2 and the like; beyond, a point is left out
_LARGEST_EXACT = 4_000  # bits of a fraction that is still raised exactly


class Undefined(Exception):
    """There is no real value: a division by zero, a logarithm of a number that is not positive."""


class Unclear(Exception):
    """There may be a value, but this arithmetic does not settle it: too large, or not told apart from 0."""


@dataclass(frozen=True, slots=True)
class Jet:
    """value + slope · ε with ε² = 0. A larger tag is the ε of a later, inner derivative."""

    value: Number
    slope: Number
    tag: int


@contextmanager
def digits(count: int) -> Iterator[None]:
    """Let decimals carry `count` digits within the block."""
    with localcontext(Context(prec=count, Emax=10**9, Emin=-(10**9))):
        yield


def decimal(number: Number) -> Decimal:
    """Return the number as a Decimal."""
    if type(number) is Decimal:
        return number
    return Decimal(number.numerator) / Decimal(number.denominator)


def _split(number: Number, tag: int) -> tuple[Number, Number]:
    if type(number) is Jet and number.tag == tag:
        return number.value, number.slope
    return number, 0


def _tag(*numbers: Number) -> int:
    return max((n.tag for n in numbers if type(n) is Jet), default=0)


def plus(left: Number, right: Number) -> Number:
    """Return left + right."""
    kinds = type(left), type(right)
    if Jet in kinds:
        tag = _tag(left, right)
        (a, da), (b, db) = _split(left, tag), _split(right, tag)
        return Jet(plus(a, b), plus(da, db), tag)
    if Decimal in kinds:
        return decimal(left) + decimal(right)
    return left + right


def times(left: Number, right: Number) -> Number:
    """Return left · right."""
    kinds = type(left), type(right)
    if Jet in kinds:
        tag = _tag(left, right)
        (a, da), (b, db) = _split(left, tag), _split(right, tag)
        return Jet(times(a, b), plus(times(a, db), times(da, b)), tag)
    if Decimal in kinds:
        return decimal(left) * decimal(right)
    return left * right


def real_part(number: Number) -> Number:
    """Return the number without its slopes."""
    while type(number) is Jet:
        number = number.value
    return number


def sign_of(number: Number) -> int:
    """Return −1, 0 or 1. Raises Unclear for a decimal so small that it may be 0."""
    number = real_part(number)
    if type(number) is Decimal and abs(number) < Decimal(10) ** (10 - getcontext().prec):
        raise Unclear("not told apart from 0")
    return (number > 0) - (number < 0)


def whole(number: Number) -> int:
    """Return the number as an int. Raises Undefined for a fraction, Unclear for a decimal."""
    number = real_part(number)
    if type(number) is Decimal:
        raise Unclear("a decimal where an integer is wanted")
    if number.denominator != 1:
        raise Undefined("a fraction where an integer is wanted")
    return int(number)


def exponential(number: Number) -> Number:
    """Return e^number."""
    if type(number) is Jet:
        value = exponential(number.value)
        return Jet(value, times(value, number.slope), number.tag)
    if number == 0:
        return 1
    if abs(number) > LARGEST_EXPONENT:
        raise Unclear("an exponential out of reach")
    return decimal(number).exp()


def logarithm(number: Number) -> Number:
    """Return log(number). Raises Undefined unless it is positive."""
    if sign_of(number) <= 0:
        raise Undefined("a logarithm of a number that is not positive")
    if type(number) is Jet:
        return Jet(logarithm(number.value), times(power(number.value, -1), number.slope), number.tag)
    return 0 if number == 1 else decimal(number).ln()


def power(base: Number, exponent: Number) -> Number:
    """Return base^exponent, real; 0^0 is 1. Raises Undefined for roots of negative numbers and 1/0."""
    if type(exponent) is Jet:
        if sign_of(base) <= 0:
            raise Unclear("the slope of a power of a number that is not positive")
        return exponential(times(exponent, logarithm(base)))
    if type(exponent) is not int:
        if type(exponent) is Fraction and exponent.denominator == 1:
            exponent = int(exponent)
        else:
            return _fractional(base, exponent)
    return _to_whole(base, exponent)


def _to_whole(base: Number, exponent: int) -> Number:
    if exponent == 0:
        return 1
    if type(base) is Jet:
        steps = times(exponent, power(base.value, exponent - 1))
        return Jet(power(base.value, exponent), times(steps, base.slope), base.tag)
    if exponent < 0 and sign_of(base) == 0:
        raise Undefined("a division by zero")
    if type(base) is Decimal:
        return base**exponent
    size = max(abs(base.numerator), base.denominator).bit_length()
    if size > 1 and size * abs(exponent) > _LARGEST_EXACT * 4:
        raise Unclear("a power out of reach")
    return Fraction(base) ** exponent if exponent < 0 else base**exponent


def _fractional(base: Number, exponent: Number) -> Number:
    side = sign_of(base)
    if side < 0:
        raise Undefined("a root of a negative number")
    if type(base) is Jet:
        if side == 0:
            raise Undefined("the slope of a root at 0")
        steps = times(exponent, power(base.value, plus(exponent, -1)))
        return Jet(power(base.value, exponent), times(steps, base.slope), base.tag)
    if side == 0:
        if exponent < 0:
            raise Undefined("a division by zero")
        return 0
    if type(exponent) is Fraction and exponent.denominator == 2 and type(base) is not Decimal:
        above, below = isqrt(base.numerator), isqrt(base.denominator)
        if above * above == base.numerator and below * below == base.denominator:
            return power(Fraction(above, below), exponent.numerator)
    return exponential(times(exponent, logarithm(base)))


def absolute(number: Number) -> Number:
    """Return |number|. Raises Undefined for its slope at 0."""
    side = sign_of(number)
    if side == 0 and type(number) is Jet:
        raise Undefined("the slope of an absolute value at 0")
    return times(side, number)


def hyperbolic(name: str) -> Callable[[Number], Number]:
    """Return sinh, cosh or tanh, from exponentials."""

    def compute(number: Number) -> Number:
        up, down = exponential(number), exponential(times(-1, number))
        odd, even = plus(up, times(-1, down)), plus(up, down)
        if name == "tanh":
            return times(odd, power(even, -1))
        return times(Fraction(1, 2), odd if name == "sinh" else even)

    return compute
