"""Arithmetic of signs: which signs a sum, a product or a power of real numbers can have."""

from fractions import Fraction

Signs = frozenset[int]


def sign_product(left: Signs, right: Signs) -> Signs:
    """Return the signs that a product can have."""
    return frozenset(a * b for a in left for b in right)


def sign_sum(left: Signs, right: Signs) -> Signs:
    """Return the signs that a sum can have."""
    found: set[int] = set()
    for a in left:
        for b in right:
            found |= {a or b} if a == b or not a or not b else {-1, 0, 1}
    return frozenset(found)


def sign_power(base: Signs, exponent: Fraction) -> Signs:
    """Return the signs that base^exponent can have where it is defined and real."""
    if exponent == 0:
        return frozenset({1})
    signs = base - {0} if exponent < 0 else base
    if exponent.denominator != 1:
        return signs - {-1}  # a root is taken of numbers ≥ 0 only
    if exponent.numerator % 2 == 0:
        return frozenset(abs(s) for s in signs)
    return signs
