"""Binomial coefficients of whole numbers: C(n, k) for n ≥ 0 is 0 where k < 0 or k > n.

With that convention symmetry and Pascal's rule hold for every whole k, so they may be used without looking at k.
"""

from fractions import Fraction
from math import comb, factorial

from grader.algebra.integers import at_least, constant_part, is_whole, lies_in, lies_outside
from grader.algebra.polynomial import (
    NOT_NEGATIVE,
    ONE_POLY,
    POSITIVE,
    ZERO_POLY,
    Atom,
    Poly,
    make_mono,
    number,
    of_atom,
    of_mono,
    power,
)
from grader.algebra.requirements import Unmet, require

_MOST_ROWS = 8  # of Pascal's triangle that are expanded
_LARGEST_CHOICE = 8  # k of a C(n, k) that is written as a polynomial in n


def binomial(n: Poly, k: Poly) -> Poly:
    """Return C(n, k) for whole n and k. Requires n ≥ 0; raises Unmet where they may not be whole.

    C(b + c, k) with a number c > 0 is expanded to row b ≥ 0 by Pascal's rule, C(n, k) with a number k, or n − k,
    is a polynomial; else it is an atom.
    """
    if not is_whole(n) or not is_whole(k):
        raise Unmet("a binomial coefficient of numbers that may not be whole")
    require(n, "≥ 0")
    if lies_outside(k, ZERO_POLY, n):
        return ZERO_POLY
    row = n.constant()
    for chosen in (k.constant(), (n - k).constant()):
        if chosen is not None:
            if row is not None:
                return number(comb(int(row), int(chosen)))
            if chosen <= _LARGEST_CHOICE:
                return _falling(n, int(chosen))
    beyond = constant_part(n)
    if 0 < beyond <= _MOST_ROWS and row is None and at_least(n - number(beyond), 0):
        total = ZERO_POLY
        for step in range(int(beyond) + 1):
            times = Fraction(comb(int(beyond), step))
            total = total + binomial(n - number(beyond), k - number(step)).scaled(times)
        return total
    return of_atom(binomial_atom(n, k))


def in_common_rows(poly: Poly) -> Poly:
    """Return the polynomial with the binomial coefficients of rows b + c, for numbers c, expanded to the lowest c.

    Pascal's rule needs rows ≥ 0 only. Coefficients inside of sums and functions stay.
    """
    lowest: dict[Poly, Fraction] = {}
    for mono in poly.terms:
        for atom, _ in mono.factors:
            if atom.kind == "binomial":
                beyond = constant_part(atom.parts[0])
                base = atom.parts[0] - number(beyond)
                lowest[base] = min(lowest.get(base, beyond), beyond)
    total = ZERO_POLY
    for mono, coefficient in poly.terms.items():
        term = of_mono(
            make_mono([(a, e) for a, e in mono.factors if a.kind != "binomial"], mono.expo), coefficient
        )
        for atom, exponent in mono.factors:
            if atom.kind == "binomial" and exponent.denominator == 1 and exponent > 0:
                base = atom.parts[0] - number(constant_part(atom.parts[0]))
                term = term * power(_from_row(atom, base + number(lowest[base])), int(exponent))
            elif atom.kind == "binomial":
                term = term * of_atom(atom, exponent)
        total = total + term
    return total


def _from_row(atom: Atom, row: Poly) -> Poly:
    n, k = atom.parts
    steps = (n - row).constant()
    if not steps or steps > _MOST_ROWS or not at_least(row, 0):
        return of_atom(atom)
    total = ZERO_POLY
    for step in range(int(steps) + 1):
        total = total + binomial(row, k - number(step)).scaled(Fraction(comb(int(steps), step)))
    return total


def _falling(n: Poly, k: int) -> Poly:
    """n (n − 1) … (n − k + 1) / k!, which is 0 for 0 ≤ n < k."""
    product = ONE_POLY
    for i in range(k):
        product = product * (n - number(i))
    return product.scaled(Fraction(1, factorial(k)))


def binomial_atom(n: Poly, k: Poly) -> Atom:
    """Return the atom of C(n, k) = C(n, n − k)."""
    chosen = min(k, n - k, key=lambda p: p.key)
    signs = POSITIVE if lies_in(k, ZERO_POLY, n) else NOT_NEGATIVE
    loose = n.loose | chosen.loose
    key = f"C({n.key},{chosen.key})"
    return Atom("binomial", (n, chosen), key, loose, max(n.height, chosen.height), signs)
