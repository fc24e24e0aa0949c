"""Is a polynomial a sum of squares? x² + y² − 2xy is, and so is a + b − 2 √(ab) for positive a and b.

The terms that are squares of monomials give a basis, each other term has to be a product of two of its members, and the
matrix of the coefficients must have no negative direction. That is decided exactly, by elimination.
"""

from fractions import Fraction

from grader.algebra.budget import spend
from grader.algebra.polynomial import NONE, NOT_NEGATIVE, POSITIVE, Mono, Poly, make_mono
from grader.algebra.signs import mono_signs

_MOST_TERMS, _MOST_SQUARES = 30, 8
_HALF = Fraction(1, 2)


def is_sum_of_squares(poly: Poly, strict: bool = False) -> bool:
    """Return whether the polynomial is a sum of squares, and of terms that are not negative; strict: and never 0."""
    if not 2 < len(poly.terms) <= _MOST_TERMS:
        return False
    roots = {mono: _root(mono) for mono, coefficient in poly.terms.items() if coefficient > 0}
    basis = [root for root in roots.values() if root is not None]
    if not 1 < len(basis) <= _MOST_SQUARES:
        return False
    spend(len(poly.terms) + len(basis) ** 2)
    pairs = {_times(one, other): (m, n) for n, other in enumerate(basis) for m, one in enumerate(basis[:n])}
    matrix = [[NONE] * len(basis) for _ in basis]
    certain = False
    for mono, coefficient in poly.terms.items():
        root, pair = roots.get(mono), pairs.get(mono)
        if root is not None:
            place = basis.index(root)
            matrix[place][place] += coefficient
        elif pair is not None:
            for m, n in (pair, pair[::-1]):
                matrix[m][n] += coefficient / 2
        else:
            signs = frozenset(s if coefficient > 0 else -s for s in mono_signs(mono))
            if not signs <= NOT_NEGATIVE:
                return False
            certain = certain or signs == POSITIVE
    rank = _rank(matrix)
    if rank is None:
        return False
    full = rank == len(basis)
    return (
        not strict
        or certain
        or any(
            mono_signs(root) == POSITIVE and (full or sum(map(bool, matrix[place])) == 1)
            for place, root in enumerate(basis)
        )
    )


def _root(mono: Mono) -> Mono | None:
    """The monomial whose square this is; a factor that may be negative stands in it to a whole power."""
    for atom, exponent in mono.factors:
        if not atom.signs <= NOT_NEGATIVE and (exponent * _HALF).denominator != 1:
            return None
    return make_mono([(a, e * _HALF) for a, e in mono.factors], mono.expo.scaled(_HALF))


def _times(one: Mono, other: Mono) -> Mono:
    return make_mono([*one.factors, *other.factors], one.expo + other.expo)


def _rank(matrix: list[list[Fraction]]) -> int | None:
    """The rank of a symmetric matrix with no negative direction, None where there is one."""
    rows, rank = [list(row) for row in matrix], 0
    for n in range(len(rows)):
        pivot = rows[n][n]
        if pivot < 0 or (pivot == 0 and any(rows[n][n:])):
            return None
        if pivot == 0:
            continue
        rank += 1
        for below in rows[n + 1 :]:
            factor = below[n] / pivot
            below[n:] = [value - factor * above for value, above in zip(below[n:], rows[n][n:], strict=True)]
    return rank
