"""Exact decisions about algebraic constants: sums, products, quotients and roots of integers.

Such a number is 0 or it is not small: with D the product of the degrees of its roots, |E| ≥ 1 / (v u^(D−1)), where u
and v follow the expression's structure (Burnikel, Funke, Mehlhorn, Schirra and Schmitt, "A separation bound for real
algebraic expressions", 2001). So enough digits decide. √(5 + 2√6) = √2 + √3 is an example.
"""

from sympy import Add, Expr, GoldenRatio, Mul, Pow, Rational, sqrt

from grader.algebra.budget import spend
from grader.algebra.evaluation import enclosure
from grader.algebra.intervals import Undefined, Unsettled, magnitude, sign_of

_MOST_DIGITS = 20_000
_Bound = tuple[float, float]  # log₂ u, log₂ v


class _NotAlgebraic(Exception):
    """The expression holds more than integers, field operations and roots."""


def sign_of_algebraic(expr: Expr) -> int | None:
    """Return the sign of an algebraic constant, exactly; None for what is none, is not real, or needs too many digits.

    >>> from sympy import sqrt
    >>> sign_of_algebraic(sqrt(5 + 2 * sqrt(6)) - sqrt(2) - sqrt(3))
    0
    """
    expr = expr.xreplace({GoldenRatio: (1 + sqrt(5)) / 2})
    roots: dict[tuple[Expr, int], None] = {}
    try:
        upper, lower = _bound(expr, roots)
    except _NotAlgebraic:
        return None
    degree = 1
    for _, order in roots:
        degree *= order
    smallest = lower + max(upper, 0.0) * (degree - 1)  # |E| ≥ 2^-smallest unless E = 0
    digits = int(smallest / 3.32) + 20
    if digits > _MOST_DIGITS:
        return None
    spend(digits // 10)
    for working in sorted({min(80, digits), digits, 2 * digits}):
        try:
            value = enclosure(expr, {}, working)
        except Unsettled:
            continue
        except Undefined:
            return None
        sign = sign_of(value)
        if sign is not None:
            return sign
        if magnitude(value) < -smallest - 2:
            return 0
    return None


def _bound(expr: Expr, roots: dict[tuple[Expr, int], None]) -> _Bound:
    """log₂ of u and v: expr is a quotient of algebraic integers whose conjugates are at most u and v."""
    spend()
    if isinstance(expr, Rational):
        return _log2(abs(int(expr.p))), _log2(int(expr.q))
    if isinstance(expr, Add):
        upper, lower = _bound(expr.args[0], roots)
        for term in expr.args[1:]:
            u, v = _bound(term, roots)
            upper, lower = max(upper + v, u + lower) + 1, lower + v
        return upper, lower
    if isinstance(expr, Mul):
        bounds = [_bound(factor, roots) for factor in expr.args]
        return sum(u for u, _ in bounds), sum(v for _, v in bounds)
    if (
        isinstance(expr, Pow)
        and isinstance(expr.exp, Rational)
        and abs(expr.exp.p) <= 64
        and expr.exp.q <= 64
    ):
        u, v = _bound(expr.base, roots)
        order = int(expr.exp.q)
        if order > 1:
            roots[expr.base, order] = None
            u, v = ((u + (order - 1) * v) / order, v) if u >= v else (u, ((order - 1) * u + v) / order)
        if expr.exp.p < 0:
            u, v = v, u
        return u * abs(int(expr.exp.p)), v * abs(int(expr.exp.p))
    raise _NotAlgebraic


def _log2(value: int) -> float:
    """log₂, rounded up; 0 for 0 and 1."""
    return float((value - 1).bit_length()) if value > 1 else 0.0
