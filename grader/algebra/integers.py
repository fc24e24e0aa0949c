"""Whole numbers: how small and how large a polynomial in sizes, indices and the variables of sums can be.

A size is at least its least value, an index lies between 1 and its last value, and the variable of a sum between the
sum's bounds, which may hold other sizes, indices and variables. Every rule that has to know whether a range is empty,
how many terms it has or whether an index lies in it asks here. No answer (None) means that there may be no bound.
"""

from collections.abc import Iterable
from fractions import Fraction
from math import comb

from grader.algebra.budget import spend
from grader.algebra.polynomial import UNIT, ZERO_POLY, Atom, Mono, Poly, make_mono, of_mono, power

_MOST_DEGREE = 6


def is_whole(poly: Poly) -> bool:
    """Return whether the polynomial is a whole number at every point: integer coefficients, whole numbers in it."""
    return is_integral(poly) and all(c.denominator == 1 for c in poly.terms.values())


def least(poly: Poly) -> Fraction | None:
    """Return a number that the polynomial is never below, the greatest that is found; None when there is none.

    The variables of sums that stand in it are taken to lie in their ranges, so the answer holds for the terms of the
    sums, and says nothing of a sum without terms.
    """
    if poly.constant() is not None:
        return poly.constant()
    if not is_integral(poly):
        return None
    return _least_linear(poly) if _is_linear(poly) else _least(poly, 12)


def _is_linear(poly: Poly) -> bool:
    return all(len(m.factors) <= 1 and (not m.factors or m.factors[0][1] == 1) for m in poly.terms)


def _least_linear(poly: Poly) -> Fraction | None:
    """The least value of c + Σ cᵢ xᵢ: each x, those first whose bounds hold others, is put at one of its ends."""
    total = constant_part(poly)
    coefficients = {m.factors[0][0]: c for m, c in poly.terms.items() if m.factors}
    while coefficients:
        spend()
        atom = _innermost(coefficients) if len(coefficients) > 1 else next(iter(coefficients))
        coefficient = coefficients.pop(atom)
        assert atom.between is not None
        end = atom.between[0 if coefficient > 0 else 1]
        if end is None or not is_integral(end):
            return None
        if not _is_linear(end):
            rest = Poly({Mono(((a, Fraction(1)),), ZERO_POLY): c for a, c in coefficients.items()})
            return _least(rest + end.scaled(coefficient) + Poly({UNIT: total}), 12)
        total += coefficient * constant_part(end)
        for mono, inner in end.terms.items():
            if mono.factors:
                own = mono.factors[0][0]
                changed = coefficients.pop(own, Fraction(0)) + coefficient * inner
                if changed:
                    coefficients[own] = changed
    return total


def greatest(poly: Poly) -> Fraction | None:
    """Return a number that the polynomial is never above; None when there is none."""
    low = least(-poly)
    return None if low is None else -low


def at_least(poly: Poly, bound: int) -> bool:
    """Return whether the polynomial is known to be at least the bound."""
    low = least(poly)
    return low is not None and low >= bound


def has_count(low: Poly, high: Poly) -> bool:
    """Return whether the range from low to high is known to have exactly high − low + 1 terms, which may be none."""
    return is_whole(low) and is_whole(high) and at_least(high - low, -1)


def is_nonempty(low: Poly, high: Poly) -> bool:
    """Return whether the range from low to high is known to have a term."""
    return at_least(high - low, 0)


def is_empty(low: Poly, high: Poly) -> bool:
    """Return whether the range from low to high is known to have no term."""
    return at_least(low - high, 1)


def lies_in(position: Poly, low: Poly, high: Poly) -> bool:
    """Return whether a whole number is known to lie in the range from low to high."""
    return is_whole(position) and at_least(position - low, 0) and at_least(high - position, 0)


def lies_outside(position: Poly, low: Poly, high: Poly) -> bool:
    """Return whether a number is known not to lie in the range from low to high."""
    return at_least(low - position, 1) or at_least(position - high, 1)


def is_integral(poly: Poly) -> bool:
    """Return whether only whole numbers stand in the polynomial, with rational coefficients."""
    return all(
        not mono.expo.terms
        and all(a.between is not None and e.denominator == 1 and e > 0 for a, e in mono.factors)
        for mono in poly.terms
    )


def _least(poly: Poly, depth: int) -> Fraction | None:
    """Take out one number after the other, those first whose bounds hold others: x = low + t or high − t, t ≥ 0.

    Where no power of t has a coefficient that can be negative, the polynomial is least at t = 0.
    """
    spend()
    value = poly.constant()
    if value is not None or depth == 0:
        return value
    atom = _innermost({a for m in poly.terms for a, _ in m.factors})
    by_degree = _coefficients(poly, atom)
    if max(by_degree) > _MOST_DEGREE or atom.between is None:
        return None
    for end, step in zip(atom.between, (1, -1), strict=True):
        if end is None or not is_integral(end):
            continue
        moved = _moved(by_degree, end, step)
        if all(_not_negative(moved[power_of_t], depth - 1) for power_of_t in moved if power_of_t):
            return _least(moved[0], depth - 1)
    return None


def _not_negative(poly: Poly, depth: int) -> bool:
    low = _least(poly, depth)
    return low is not None and low >= 0


def _innermost(present: Iterable[Atom]) -> Atom:
    """An atom that stands in no other's bounds."""
    atoms = sorted(present, key=lambda a: a.key)
    held: set[Atom] = set()
    for atom in atoms:
        held |= _held_in_bounds(atom)
    return next((a for a in atoms if a not in held), atoms[0])


def _held_in_bounds(atom: Atom) -> set[Atom]:
    found: set[Atom] = set()
    for end in atom.between or ():
        for mono in end.terms if end is not None else ():
            for inner, _ in mono.factors:
                if inner not in found:
                    found |= {inner} | _held_in_bounds(inner)
    return found


def _coefficients(poly: Poly, atom: Atom) -> dict[int, Poly]:
    """The polynomial by the powers of one atom."""
    found: dict[int, Poly] = {}
    for mono, coefficient in poly.terms.items():
        degree = int(dict(mono.factors).get(atom, Fraction(0)))
        rest = make_mono([(a, e) for a, e in mono.factors if a != atom], ZERO_POLY)
        found[degree] = found.get(degree, ZERO_POLY) + of_mono(rest, coefficient)
    return found


def _moved(by_degree: dict[int, Poly], end: Poly, step: int) -> dict[int, Poly]:
    """The coefficients of t for x = end + step · t."""
    found: dict[int, Poly] = {0: ZERO_POLY}
    for degree, coefficient in by_degree.items():
        for power_of_t in range(degree + 1):
            part = coefficient * power(end, degree - power_of_t)
            times = Fraction(comb(degree, power_of_t) * step**power_of_t)
            found[power_of_t] = found.get(power_of_t, ZERO_POLY) + part.scaled(times)
    return found


def constant_part(poly: Poly) -> Fraction:
    """Return the number among the terms, 0 when there is none."""
    return poly.terms.get(UNIT, Fraction(0))
