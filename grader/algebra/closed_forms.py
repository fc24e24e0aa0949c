"""Sums with a closed form: powers of the variable, geometric sums, and the binomial theorem.

Each function takes a monomial all of whose factors depend on the sum's variable, which carries its range, and returns
the sum, or None where the form is another or the range is not known to fit.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from math import comb

from grader.algebra.atoms import exponential, raise_to, raise_to_symbol
from grader.algebra.factorials import binomial
from grader.algebra.integers import at_least, has_count
from grader.algebra.polynomial import (
    ONE_POLY,
    ZERO_POLY,
    Atom,
    Mono,
    Poly,
    make_mono,
    of_atom,
    of_mono,
    power,
)
from grader.algebra.requirements import Unmet, require_anew

_HIGHEST_POWER = 8
_geometric = [False]


@contextmanager
def geometric_sums_closed() -> Iterator[None]:
    """Close geometric sums within the block. That needs a ratio that is not 1, so it is tried last."""
    _geometric.append(True)
    try:
        yield
    finally:
        _geometric.pop()


def power_sum(mono: Mono, variable: Atom) -> Poly | None:
    """Σ k^p = F(high) − F(low − 1) with F(n) − F(n − 1) = n^p for every whole n; so low ≤ high + 1 is all it needs."""
    low, high = _ends(variable)
    if mono.expo.terms or any(a != variable for a, _ in mono.factors) or not has_count(low, high):
        return None
    exponent = mono.factors[0][1] if mono.factors else Fraction(0)
    if exponent.denominator != 1 or not 0 <= exponent <= _HIGHEST_POWER:
        return None
    degree = int(exponent)
    return _faulhaber(high, degree) - _faulhaber(low - ONE_POLY, degree)


def _faulhaber(n: Poly, degree: int) -> Poly:
    """1^p + … + n^p as a polynomial in n, from (n + 1)^(p+1) − 1 = Σ_{j ≤ p} C(p + 1, j) (1^j + … + n^j)."""
    sums: list[Poly] = []
    for p in range(degree + 1):
        total = power(n + ONE_POLY, p + 1) - ONE_POLY
        for j in range(p):
            total = total - sums[j].scaled(Fraction(comb(p + 1, j)))
        sums.append(total.scaled(Fraction(1, p + 1)))
    return sums[degree]


def geometric_sum(mono: Mono, variable: Atom) -> Poly | None:
    """Σ x^k = (x^low − x^(high+1)) / (1 − x). Requires x ≠ 1; low ≤ high + 1, and low ≥ 0 where x may be 0."""
    low, high = _ends(variable)
    rate = _rate(mono.expo, variable)
    if not _geometric[-1] or rate is None or not has_count(low, high):
        return None
    ratio, at_low, after_high = (
        exponential(rate),
        exponential(rate * low),
        exponential(rate * (high + ONE_POLY)),
    )
    for atom, exponent in mono.factors:
        if atom.kind != "power" or atom.parts[1] != of_atom(variable) or variable in atom.parts[0].loose:
            return None
        if exponent.denominator != 1 or exponent < 1 or not at_least(low, 0):
            return None
        base = atom.parts[0]
        ratio = ratio * raise_to(base, exponent)
        at_low = at_low * raise_to(raise_to_symbol(base, low), exponent)
        after_high = after_high * raise_to(raise_to_symbol(base, high + ONE_POLY), exponent)
    if ratio == ONE_POLY:
        return None
    try:
        require_anew(ONE_POLY - ratio, "≠ 0")
        return (at_low - after_high) * raise_to(ONE_POLY - ratio, Fraction(-1))
    except Unmet:
        return None


def binomial_support(mono: Mono, variable: Atom) -> tuple[Poly, Poly] | None:
    """The first and the last value of the variable at which the one binomial coefficient among the factors is not 0."""
    coefficients = [a for a, e in mono.factors if a.kind == "binomial" and e == 1]
    if len(coefficients) != 1 or variable in coefficients[0].parts[0].loose:
        return None
    n, chosen = coefficients[0].parts
    shifts = [
        rest for place in (chosen, n - chosen) if variable not in (rest := place - of_atom(variable)).loose
    ]
    return (-shifts[0], n - shifts[0]) if shifts else None


def absorbed(mono: Mono, variable: Atom) -> Poly | None:
    """k^p C(n, j) … for j = k + d with k = j − d, by j C(n, j) = n C(n − 1, j − 1): one power of k less. For n ≥ 1.

    Only where the range holds all j from 0 to n, so that the binomial theorem ends it.
    """
    low, high = _ends(variable)
    own = dict(mono.factors).get(variable, Fraction(0))
    support = binomial_support(mono, variable)
    if support is None or own.denominator != 1 or own < 1:
        return None
    if not at_least(support[0] - low, 0) or not at_least(high - support[1], 0):
        return None
    shift, n = -support[0], support[1] - support[0]
    chosen = of_atom(variable) + shift
    if not at_least(n, 1) or shift.constant() is None:
        return None
    others = [(a, e) for a, e in mono.factors if a.kind != "binomial" and a != variable]
    beside = of_mono(make_mono([*others, (variable, own - 1)], mono.expo))
    return beside * (n * binomial(n - ONE_POLY, chosen - ONE_POLY) - shift * binomial(n, chosen))


def binomial_theorem(mono: Mono, variable: Atom) -> Poly | None:
    """Σ C(n, k) x^k y^(n−k) = (x + y)^n, for every real x and y, where the range holds all k from 0 to n.

    A shifted k + d, or n − k, in the coefficient's place counts as the new k.
    """
    low, high = _ends(variable)
    rate, support = _rate(mono.expo, variable), binomial_support(mono, variable)
    if rate is None or support is None:
        return None
    if not at_least(support[0] - low, 0) or not at_least(high - support[1], 0):
        return None
    at, shift, n = of_atom(variable), -support[0], support[1] - support[0]
    x, y, beside = exponential(rate), ONE_POLY, exponential(-rate * shift)
    for atom, exponent in mono.factors:
        if atom.kind == "binomial":
            continue
        if (
            atom.kind != "power"
            or exponent.denominator != 1
            or exponent < 1
            or variable in atom.parts[0].loose
        ):
            return None
        base, place = atom.parts
        rising, falling = place - at - shift, place + at + shift - n  # x^(j + rising) or y^(n − j + falling)
        grows = rising if variable not in rising.loose else falling
        if variable in grows.loose or not at_least(grows, 0):
            return None
        beside = beside * raise_to(raise_to_symbol(base, grows), exponent)
        if grows is rising:
            x = x * raise_to(base, exponent)
        else:
            y = y * raise_to(base, exponent)
    try:
        return beside * raise_to_symbol(x + y, n)
    except Unmet:
        return None


def _rate(expo: Poly, variable: Atom) -> Poly | None:
    """L for an exponent L · variable with an L that does not depend on the variable."""
    rate = ZERO_POLY
    for mono, coefficient in expo.terms.items():
        rest = [(a, e) for a, e in mono.factors if a != variable]
        if (
            dict(mono.factors).get(variable) != 1
            or mono.expo.terms
            or any(variable in a.loose for a, _ in rest)
        ):
            return None
        rate = rate + of_mono(make_mono(rest, ZERO_POLY), coefficient)
    return rate


def _ends(variable: Atom) -> tuple[Poly, Poly]:
    assert variable.between is not None and variable.between[1] is not None
    return variable.between[0], variable.between[1]
