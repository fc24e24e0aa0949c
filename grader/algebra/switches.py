"""Where a statement changes its form: deltas, case distinctions, absolute values, maxima, and squares that vanish.

A delta of i and 2ij − 4 is 1 at (4, 1) and nowhere near it, |x − √2| has no slope at √2, and a case for
1.234 < x < 1.235 is met by no random point. So what stands in such a place is solved for: whole numbers by trying all
small ones, real numbers by the roots and the places between them.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, islice, pairwise, product
from math import prod
from typing import Any

from sympy import (
    Abs,
    Add,
    Derivative,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Poly,
    Pow,
    Rational,
    S,
    Symbol,
    expand,
    preorder_traversal,
    sign,
)
from sympy.core.relational import Eq, Relational
from sympy.logic.boolalg import And

from grader.algebra.budget import spend
from grader.algebra.definitions import open_definitions
from grader.algebra.domains import Domain, DomainSymbol, Point, free_symbols, length_of
from grader.algebra.jumps import belongs, exactly, real_roots

_REACH = {1: 400, 2: 150, 3: 30}  # whole numbers up to which all are tried, by how many symbols there are
_SOLUTIONS = 6  # of one equation in whole numbers, among the smallest and among the largest
_MOST_TIES, _MOST_PLACES, _MOST_JOINT = 12, 40, 30
_EVALUATIONS_A_STEP = 20
_HIGHEST_DEGREE = 12
# SymPy evaluates while a number is put into an expression; on 1/0 and the like that ends in one of these
SYMPY_FAILURES = (ArithmeticError, AttributeError, NotImplementedError, TypeError, ValueError)
Place = dict[DomainSymbol, Expr]


def ties_of(sides: list[Expr]) -> list[Expr]:
    """Return what is 0 where the form changes; what holds the letter of a sum is left out."""
    found: list[Expr] = []
    for side in map(open_definitions, sides):
        for part in preorder_traversal(side):
            spend()
            found += _ties_in(part)
    plain = [
        t for t in dict.fromkeys(found) if free_symbols(t) and not any(s.is_Dummy for s in free_symbols(t))
    ]
    return [tie for tie in plain if not tie.has(Indexed)][:_MOST_TIES]


def _ties_in(part: Any) -> list[Expr]:
    if isinstance(part, And):  # several equations at once
        equations = [c for c in part.args if isinstance(c, Eq)]
        return [Add(*((c.lhs - c.rhs) ** 2 for c in equations))] if len(equations) > 1 else []
    if isinstance(part, Relational):
        return [part.lhs - part.rhs]
    if isinstance(part, KroneckerDelta):
        return [part.args[0] - part.args[1]]
    if isinstance(part, Abs | sign):
        return [part.args[0]]
    if isinstance(part, Max | Min):
        return [one - other for one, other in combinations(part.args, 2)]
    if isinstance(part, Pow) and part.exp.is_Integer and part.exp > 0 and part.exp % 2 == 0:
        return [part.base]
    return []


def whole_places(ties: list[Expr], symbols: list[DomainSymbol]) -> Iterator[dict[str, Fraction]]:
    """Yield values of sizes and indices for which a tie is 0, the smallest and the largest that are found."""
    sizes = [symbol for symbol in symbols if symbol.domain.kind == "size"]
    for tie in ties:
        own = [symbol for symbol in symbols if symbol in free_symbols(tie)]
        if not 1 <= len(own) <= len(_REACH) or any(s.domain.kind not in ("size", "index") for s in own):
            continue
        solutions = list(_solutions(tie, own))  # the first may all be of one kind, such as m = 1
        for solution in [*solutions[:_SOLUTIONS], *solutions[_SOLUTIONS:][-_SOLUTIONS:]]:
            needed = max([v for s, v in solution.items() if s.domain.kind == "index"], default=1)
            rest = {s.name: Fraction(max(needed, s.domain.at_least)) for s in sizes if s not in solution}
            yield rest | {symbol.name: Fraction(value) for symbol, value in solution.items()}


def _solutions(tie: Expr, own: list[DomainSymbol]) -> Iterator[dict[DomainSymbol, int]]:
    """The whole numbers at which a polynomial is 0, row by row: all symbols but the last are put into it first."""
    above = tie.as_numer_denom()[0]
    if not above.is_polynomial(*own):
        if len(own) == 1:
            yield from ({own[0]: root} for root in _whole_roots(tie, own[0]))
        return
    polynomial = Poly(above, *own)
    if not polynomial.domain.is_ZZ or polynomial.total_degree() > _HIGHEST_DEGREE:
        return
    terms = [(int(coefficient), powers) for powers, coefficient in polynomial.terms()]
    degree, reach = max(powers[-1] for _, powers in terms), _REACH[len(own)]
    spend(reach ** len(own) // _EVALUATIONS_A_STEP)
    *ranges, last = [range(start, start + reach) for start in map(_least_value, own)]
    found = []
    for first in product(*ranges):
        row = [0] * (degree + 1)
        for coefficient, powers in terms:
            row[degree - powers[-1]] += coefficient * prod(v**p for v, p in zip(first, powers, strict=False))
        for value in last:
            total = 0
            for coefficient in row:
                total = total * value + coefficient
            if total == 0 and _within_sizes((*first, value), own):
                found.append((*first, value))
    yield from (dict(zip(own, values, strict=True)) for values in sorted(found, key=max))


def _whole_roots(tie: Expr, symbol: DomainSymbol) -> list[int]:
    """The whole numbers among the roots of what is no polynomial, such as log m − log 5."""
    try:
        found = [root for root in real_roots(tie, symbol) if root.is_Integer]
    except SYMPY_FAILURES:
        return []
    return [int(root) for root in found if root >= _least_value(symbol)]


def _least_value(symbol: DomainSymbol) -> int:
    return symbol.domain.at_least if symbol.domain.kind == "size" else 1


def _within_sizes(found: tuple[int, ...], own: list[DomainSymbol]) -> bool:
    """Whether each index is at most its last value, as far as the numbers tell."""
    values = {symbol.name: number for symbol, number in zip(own, found, strict=True)}
    for symbol, number in zip(own, found, strict=True):
        size = symbol.domain.size
        if size is not None and all(s.name in values for s in size.free_symbols):
            if number > length_of(symbol.domain, values):
                return False
    return True


def real_places(ties: list[Expr], symbols: list[DomainSymbol], point: Point) -> Iterator[Place]:
    """Yield values of real symbols at which a tie is 0, and some between and beyond; the rest is as at the point."""
    scalars = [s for s in symbols if s.domain.size is None and s.domain.kind != "size"]
    values = {s: exactly(point[s.name]) for s in symbols if not isinstance(point[s.name], list)}
    candidates: dict[DomainSymbol, list[Expr]] = {}
    for symbol in scalars:
        others = {s: value for s, value in values.items() if s != symbol}
        try:
            equations = [tie.xreplace(others) for tie in ties if symbol in free_symbols(tie)]
            roots = [root for equation in equations for root in real_roots(equation, symbol)]
            kept = [v for v in [*dict.fromkeys(roots), *_between(roots)] if belongs(v, symbol, point)]
        except SYMPY_FAILURES:
            continue
        if kept:
            candidates[symbol] = kept
    singly = ({symbol: value} for symbol, found in candidates.items() for value in found)
    yield from islice(singly, _MOST_PLACES)
    if len(candidates) > 1:
        for chosen in islice(product(*candidates.values()), _MOST_JOINT):
            yield dict(zip(candidates, chosen, strict=True))


def _between(roots: list[Expr]) -> list[Expr]:
    places = sorted({Fraction(float(root)).limit_denominator(10**6) for root in roots if root.is_finite})
    if not places:
        return []
    inside = [(low + high) / 2 for low, high in pairwise(places)]
    found = [*inside, places[0] - 1, places[0] / 2, places[-1] + 1, places[-1] * 2]
    return [Rational(place.numerator, place.denominator) for place in found]


def shifted(expr: Expr, symbol: DomainSymbol, root: Expr) -> Expr:
    """Return the expression with root + t for the symbol; t has the symbol's name and is 0 at the root.

    What is 0 at the root is simplified, so that this can be seen: (√2 + t)² − 2 is 2√2 t + t².
    """
    moved = DomainSymbol(symbol.name, Domain("real"))
    return _shifted(expr, symbol, root + moved, moved)


def _shifted(expr: Any, symbol: Symbol, value: Expr, moved: Symbol) -> Any:
    spend()
    if expr == symbol:
        return value
    if not getattr(expr, "args", ()) or isinstance(expr, Indexed) or symbol not in free_symbols(expr):
        return expr
    if isinstance(expr, Derivative):
        counts = [(moved if v == symbol else v, times) for v, times in expr.variable_count]
        return Derivative(_shifted(expr.expr, symbol, value, moved), *counts)
    parts = [_shifted(part, symbol, value, moved) for part in expr.args]
    if isinstance(expr, Abs | sign):
        return expr.func(expand(parts[0]))
    if isinstance(expr, KroneckerDelta | Relational):
        return expr.func(expand(parts[0] - parts[1]), S.Zero)
    if isinstance(expr, Max | Min) and len(parts) == 2:
        return parts[0] + expr.func(S.Zero, expand(parts[1] - parts[0]))
    if isinstance(expr, Pow) and isinstance(expr.exp, Integer):
        return Pow(expand(parts[0]), parts[1])
    return expr.func(*parts)


def as_entry(value: Expr) -> int | float | str:
    """Return the number as a point holds it: whole, a fraction as text, or the nearest float of an irrational one."""
    if value.is_Integer:
        return int(value)
    return str(value) if value.is_Rational else float(value)
