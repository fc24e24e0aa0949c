"""Signs: which ones a sum, a product or a power of real numbers can have, and which a polynomial can."""

from fractions import Fraction
from typing import Any

import mpmath

from grader.algebra.integers import is_integral, least
from grader.algebra.polynomial import (
    ANY_SIGN,
    NEGATIVE,
    NONE,
    NOT_NEGATIVE,
    NOT_POSITIVE,
    ONE_POLY,
    POSITIVE,
    ZERO_POLY,
    Atom,
    Mono,
    Poly,
    Signs,
    make_mono,
    of_atom,
    of_mono,
    power,
)

MP = mpmath.ctx_mp.MPContext()
MP.dps = 40


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


def mono_signs(mono: Mono) -> Signs:
    """Return the signs that the monomial can have."""
    signs = POSITIVE
    for atom, exponent in mono.factors:
        signs = sign_product(signs, sign_power(atom.signs, exponent))
    return signs


def whole_signs(poly: Poly) -> Signs:
    """Return the signs that a polynomial in whole numbers can have, by its least and its greatest value."""
    signs = ANY_SIGN
    low = least(poly)
    if low is not None and low >= 0:
        signs = POSITIVE if low > 0 else NOT_NEGATIVE
    low = least(-poly)
    if low is not None and low >= 0:
        signs = signs & (NEGATIVE if low > 0 else NOT_POSITIVE)
    return signs


def poly_signs(poly: Poly) -> Signs:
    """Return the signs that the polynomial can have.

    Whole numbers by their least and greatest value; else term by term, probabilities written as 1/(1 + a), a > 0, and
    the entries of a distribution so with a ≥ 0.
    """
    if len(poly.terms) > 1 and is_integral(poly):
        return whole_signs(poly)
    signs: Signs = frozenset({0})
    for mono, side in _numbers_gathered(poly):
        own = mono_signs(mono)
        signs = sign_sum(signs, own if side > 0 else frozenset(-s for s in own))
    if len(signs) < 3 or len(poly.terms) < 2:
        return signs
    odds = _by_odds(poly)
    return signs if odds is None else signs & poly_signs(odds)


def _numbers_gathered(poly: Poly) -> list[tuple[Mono, int]]:
    """Return (M, ±1) for each group of terms that differ by numbers such as 1 and log 2: the sign of their sum."""
    groups: dict[Mono, Any] = {}
    sizes: dict[Mono, Any] = {}
    plain = not any(_number_of(a) for m in poly.terms for a, _ in m.factors)
    if plain:
        return [(m, 1 if c > 0 else -1) for m, c in poly.terms.items()]
    for mono, coefficient in poly.terms.items():
        value = MP.mpf(coefficient.numerator) / coefficient.denominator
        rest = []
        for atom, exponent in mono.factors:
            inner = _number_of(atom)
            if inner is None:
                rest.append((atom, exponent))
            else:
                value *= MP.power(MP.log(inner), MP.mpf(exponent.numerator) / exponent.denominator)
        group = make_mono(rest, mono.expo)
        groups[group] = groups.get(group, MP.zero) + value
        sizes[group] = sizes.get(group, MP.zero) + abs(value)
    gathered = []
    for mono, value in groups.items():
        if abs(value) < MP.mpf(10) ** -30 * sizes[mono]:  # not told apart from 0: each sign is possible
            gathered += [(mono, 1), (mono, -1)]
        else:
            gathered.append((mono, 1 if value > 0 else -1))
    return gathered


def _number_of(atom: Atom) -> int | None:
    """Return n when the atom is log n for a whole number n > 1."""
    value = atom.parts[0].constant() if atom.kind == "log" else None
    return int(value) if value is not None and value > 1 and value.denominator == 1 else None


def _by_odds(poly: Poly) -> Poly | None:
    """Return poly · (1 + a)^d with one probability p, or entry of a distribution, replaced by 1/(1 + a).

    None when there is none. A p inside of logarithms and exponents stays: their signs are known by themselves.
    """
    scalars = {a for m in poly.terms for a, _ in m.factors if a.kind in ("symbol", "item")}
    for atom in sorted(scalars, key=lambda a: a.key):
        if atom.parts[1] not in ("probability", "simplex"):
            continue
        exponents = [dict(m.factors).get(atom, NONE) for m in poly.terms]
        if any(e.denominator != 1 or e < 0 for e in exponents) or max(exponents) > 6:
            continue
        above = (
            POSITIVE if atom.parts[1] == "probability" else NOT_NEGATIVE
        )  # p = 1 where there is one outcome
        ratio = Atom("symbol", (f"odds {atom.key}", "positive"), f"odds({atom.key})", signs=above)
        raised = ONE_POLY + of_atom(ratio)
        total = ZERO_POLY
        for mono, coefficient in poly.terms.items():
            rest = make_mono([(a, e) for a, e in mono.factors if a != atom], mono.expo)
            missing = int(max(exponents) - dict(mono.factors).get(atom, NONE))
            total = total + of_mono(rest, coefficient) * power(raised, missing)
        return total
    return None
