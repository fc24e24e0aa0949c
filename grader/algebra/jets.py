"""Derivatives by carrying them along: numbers with infinitesimal parts.

A :class:`Jet` is a₀ + Σ a_S ε_S, where S is a set of infinitesimals and every ε² is 0. Add one infinitesimal to a
variable for each time that it is differentiated by, compute, and read the derivative off as the coefficient of all of
them. There is no step that could be too long or too short: the derivative is as exact as the arithmetic below it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from grader.algebra.budget import spend
from grader.algebra.intervals import (
    Number,
    OutOfReach,
    absolute_value,
    exponential,
    logarithm,
    power,
    settled_sign,
    short,
    sign_of,
)

Tags = frozenset[int]
_REAL: Tags = frozenset()
_sides: dict[Tags, int] = {}


class Kink(OutOfReach):
    """What is differentiated changes its form here. tags: the infinitesimals that lead across."""

    def __init__(self, tags: Tags) -> None:
        super().__init__("A derivative of this order where an expression changes its form is not evaluated.")
        self.tags = tags


@contextmanager
def beside(tags: Tags, side: int) -> Iterator[None]:
    """Take these infinitesimals for positive ones (side 1), or negative ones (side −1), inside the block."""
    _sides[tags] = side
    try:
        yield
    finally:
        del _sides[tags]


class Jet:
    """A number with infinitesimal parts: a coefficient for each set of infinitesimals, the empty set's being real."""

    __slots__ = ("parts",)

    def __init__(self, parts: dict[Tags, Number]) -> None:
        self.parts = parts

    @property
    def real(self) -> Number:
        """The number without its infinitesimal parts."""
        return self.parts.get(_REAL, 0)

    def small(self) -> "Jet":
        """Return the infinitesimal parts alone."""
        return Jet({tags: part for tags, part in self.parts.items() if tags})

    def order(self) -> int:
        """Return how many infinitesimals occur; a product of more of the small part is 0."""
        return len(frozenset().union(*self.parts))

    def derivative(self, by: Tags) -> "Jet | Number":
        """Return the coefficient of all these infinitesimals."""
        kept = {tags - by: part for tags, part in self.parts.items() if by <= tags}
        return kept.get(_REAL, 0) if set(kept) <= {_REAL} else Jet(kept)

    def __add__(self, other: Any) -> "Jet":
        parts = dict(self.parts)
        for tags, part in (other.parts if isinstance(other, Jet) else {_REAL: other}).items():
            parts[tags] = parts[tags] + part if tags in parts else part
        return Jet(parts)

    __radd__ = __add__

    def __neg__(self) -> "Jet":
        return Jet({tags: -part for tags, part in self.parts.items()})

    def __sub__(self, other: Any) -> "Jet":
        return self + -other

    def __rsub__(self, other: Any) -> "Jet":
        return -self + other

    def __mul__(self, other: Any) -> "Jet":
        if not isinstance(other, Jet):
            return Jet({tags: short(part * other) for tags, part in self.parts.items()})
        parts: dict[Tags, Number] = {}
        for one, a in self.parts.items():
            for two, b in other.parts.items():
                if not one & two:
                    spend()
                    product, tags = a * b, one | two
                    parts[tags] = short(parts[tags] + product if tags in parts else product)
        return Jet(parts)

    __rmul__ = __mul__


def infinitesimal(tag: int) -> Jet:
    """Return one infinitesimal."""
    return Jet({frozenset({tag}): 1})


def real_part(value: Any) -> Number:
    """Return the number without infinitesimal parts."""
    return value.real if isinstance(value, Jet) else value


def sign_beside(value: Any, what: str) -> int:
    """Return the sign of a number; of a jet that is 0 the sign beside the point, 0 where the first order is 0, too.

    Raises Kink where no side is given, Unsettled when the working precision does not tell.
    """
    sign = settled_sign(real_part(value), what)
    if sign or not isinstance(value, Jet):
        return sign
    tags = frozenset().union(*value.parts)
    if tags not in _sides:
        raise Kink(tags)
    return settled_sign(value.parts.get(tags, 0), f"the slope of {what}") * _sides[tags]


def _composed(inner: Jet, coefficients: Callable[[int], Any]) -> Any:
    """Return f(inner) = Σ cₙ Nⁿ, N its small part, from the Taylor coefficients cₙ of f at its real part."""
    small, raised = inner.small(), Jet({_REAL: 1})
    total: Any = coefficients(0)
    for n in range(1, inner.order() + 1):
        raised = raised * small
        total = raised * coefficients(n) + total
    return total


def exp_of(value: Any) -> Any:
    """Return e^value."""
    if not isinstance(value, Jet):
        return exponential(value)
    here, factorials = exponential(value.real), [1]

    def coefficient(n: int) -> Number:
        factorials.append(factorials[-1] * (n or 1))
        return short(here * Fraction(1, factorials[-1]))

    return _composed(value, coefficient)


def log_of(value: Any) -> Any:
    """Return the natural logarithm."""
    if not isinstance(value, Jet):
        return logarithm(value)
    here = value.real
    return _composed(
        value, lambda n: short(Fraction((-1) ** (n + 1), n) * power(here, -n)) if n else logarithm(here)
    )


def power_of(base: Any, exponent: Any) -> Any:
    """Return base^exponent, 0^0 = 1."""
    if isinstance(exponent, Jet):
        return exp_of(exponent * log_of(base))
    if not isinstance(base, Jet):
        return power(base, exponent)
    if isinstance(exponent, Fraction) and exponent.denominator != 1 and sign_of(base.real) == 0:
        raise OutOfReach("The derivative of a root at 0 is not evaluated.")
    falling: list[Any] = [Fraction(1)]

    def coefficient(n: int) -> Any:
        if n:
            falling.append(short(falling[-1] * (exponent - (n - 1)) * Fraction(1, n)))
        return 0 if falling[-1] == 0 else short(falling[-1] * power(base.real, exponent - n))

    return _composed(base, coefficient)


def abs_of(value: Any) -> Any:
    """Return |value|. Raises Kink for a derivative at 0, which x |x| has and |x| has not."""
    if not isinstance(value, Jet):
        return absolute_value(value)
    return value * sign_beside(value, "what stands in | |")


def extreme_of(values: list[Any], sign: int) -> Any:
    """Return the largest (sign 1) or smallest (sign −1) of jets. Raises Kink where two of them tie."""
    best = values[0]
    for value in values[1:]:
        if sign_beside(value - best, "the distance of two arguments of a maximum") == sign:
            best = value
    return best
