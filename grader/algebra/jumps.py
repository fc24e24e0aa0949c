"""Where the limit of a relation may jump as one of its parameters moves.

The limit of e^(−w (x − 3/2)²) for w → ∞ is 0 but for one x, which no random point meets. So the places are solved for
at which a coefficient of the limit's letter vanishes or a base is 1, and numbers that are written are tried themselves.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction

from sympy import (
    Add,
    Dummy,
    Expr,
    Indexed,
    Limit,
    Poly,
    Pow,
    Rational,
    S,
    Symbol,
    exp,
    log,
    preorder_traversal,
    roots,
    sqrt,
)
from sympy.polys.polyerrors import BasePolynomialError

from grader.algebra.budget import spend
from grader.algebra.definitions import open_definitions
from grader.algebra.domains import DomainSymbol, Point, free_symbols, length_of

_HIGHEST_DEGREE = 6
_LONGEST = 12  # digits of a written number that is tried
_MOST, _JOINT = 60, 4  # places beside one point, and those at which all symbols are moved

Changes = dict[DomainSymbol, Expr]
"""New values of some symbols; one value for all entries of a family."""


def limits_of(*sides: Expr) -> list[Limit]:
    """Return the limits in the expressions, definitions opened."""
    return sorted(set().union(*(open_definitions(side).atoms(Limit) for side in sides)), key=str)


def places(limits: list[Limit], symbols: list[DomainSymbol], point: Point) -> Iterator[Changes]:
    """Yield values of scalars, and of all entries of a family, at which a limit may jump; the rest is as at the point.

    One symbol at a time is moved, then all of them: a sum of squares vanishes where each does.
    """
    values = {s: exactly(point[s.name]) for s in symbols if not isinstance(point[s.name], list)}
    taken = {letter for s in symbols if s.domain.size is not None for letter in free_symbols(s.domain.size)}
    solved: dict[DomainSymbol, list[Expr]] = {}
    count = 0
    for symbol in [s for s in symbols if s not in taken and s.domain.kind != "simplex"]:
        others = {s: value for s, value in values.items() if s != symbol}
        roots_here = [v for v in _solved(limits, symbol, others) if belongs(v, symbol, point)]
        solved[symbol] = list(dict.fromkeys(roots_here))
        for value in dict.fromkeys([*roots_here, *_written(limits), *others.values()]):
            if count < _MOST and value != values.get(symbol) and belongs(value, symbol, point):
                count += 1
                yield {symbol: value}
    for n in range(_JOINT):
        together = {symbol: found[n % len(found)] for symbol, found in solved.items() if found}
        if len(together) > 1:
            yield together


def exactly(value: float | str) -> Rational:
    """Return a number of a point as the rational that it stands for."""
    found = Fraction(str(value))
    return Rational(found.numerator, found.denominator)


def _written(limits: list[Limit]) -> Iterator[Rational]:
    """The numbers in the limits, with their opposites and reciprocals."""
    for number in sorted(set().union(*(limit.atoms(Rational) for limit in limits)), key=str):
        if number != 0 and len(str(number)) <= _LONGEST:
            yield from (number, -number, 1 / number, -1 / number)


def _solved(limits: list[Limit], symbol: Symbol, others: dict[DomainSymbol, Rational]) -> Iterator[Expr]:
    """The real solutions of what the limits' parts may tie at; the entries of a family are taken to be alike."""
    for limit in limits:
        letter = limit.args[1]
        alike = {entry: symbol for entry in limit.atoms(Indexed) if entry.base.label == symbol}
        for part in preorder_traversal(limit.args[0].xreplace(alike)):
            spend()
            for equation in _equations(part, letter):
                if symbol in free_symbols(equation):
                    yield from real_roots(equation.xreplace(others), symbol)


def _equations(part: Expr, letter: Symbol) -> Iterator[Expr]:
    """What is 0 at a tie: a sum, or its coefficients in the letter; a base, or an argument of a logarithm, minus 1."""
    if isinstance(part, Pow):
        yield part.base - 1
        yield part.base + 1
    elif isinstance(part, log):
        yield part.args[0] - 1
    if isinstance(part, Add):
        if letter not in free_symbols(part):
            yield part
        elif part.is_polynomial(letter):
            yield from Poly(part, letter).coeffs()


def real_roots(equation: Expr, symbol: Symbol) -> list[Expr]:
    """Return the real roots, also where the symbol stands under one exponential, logarithm or root only."""
    t = Dummy("t")
    for kernel, inverse in (
        (symbol, lambda r: r),
        (exp(symbol), lambda r: log(r) if r > 0 else None),
        (exp(-symbol), lambda r: -log(r) if r > 0 else None),
        (log(symbol), exp),
        (sqrt(symbol), lambda r: r**2 if r >= 0 else None),
    ):
        inner = equation.xreplace({kernel: t})
        if free_symbols(inner) == {t} and inner.is_rational_function(t):
            return [found for root in _polynomial_roots(inner, t) if (found := inverse(root)) is not None]
    return []


def _polynomial_roots(equation: Expr, symbol: Symbol) -> list[Expr]:
    try:
        above = Poly(equation.as_numer_denom()[0], symbol)
        if above.degree() == 1:
            slope, rest = above.all_coeffs()
            root = -rest / slope
            return [root] if root.is_real else []
        above = above.set_domain("QQ")
        if not 1 <= above.degree() <= _HIGHEST_DEGREE:
            return []
        factors = [f for f, _ in above.factor_list()[1] if f.degree() <= 2 or len(f.terms()) == 2]
        return [root for factor in factors for root in roots(factor, filter="R")]
    except BasePolynomialError:
        return []


def belongs(value: Expr, symbol: DomainSymbol, point: Point) -> bool:
    """Return whether the symbol can have the value where the sizes are as at the point."""
    domain = symbol.domain
    if domain.size is not None and domain.kind != "index" and not value.is_Rational:
        return False  # a family's entries are numbers of a point
    bounds: dict[str, Callable[[], bool]] = {
        "size": lambda: bool(value.is_Integer and value >= domain.at_least),
        "index": lambda: bool(value.is_Integer and 1 <= value <= length_of(domain, point)),
        "positive": lambda: bool(value > 0),
        "probability": lambda: bool(S.Zero < value < S.One),
    }
    return bounds.get(domain.kind, lambda: True)()
