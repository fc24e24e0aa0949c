"""Derivatives and limits carried out, and Kronecker deltas under a sum used up."""

from sympy import (
    Add,
    Derivative,
    Expr,
    Indexed,
    KroneckerDelta,
    Limit,
    Mul,
    Pow,
    Product,
    S,
    Sum,
    Symbol,
    exp,
    log,
)

from grader.algebra.budget import spend
from grader.algebra.conditions import Condition
from grader.algebra.definitions import open_definitions, rebuilt
from grader.algebra.derivatives import NoRule, differentiate
from grader.algebra.domains import free_symbols
from grader.algebra.inequalities import written_signs
from grader.algebra.integers import lies_in, lies_outside
from grader.algebra.limits import limit_of
from grader.algebra.normal import NoNormalForm, Normalizer
from grader.algebra.polynomial import POSITIVE

_NOT_FINITE = (S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity)

__all__ = ["NoRule", "differentiate", "resolve"]


def resolve(expr: Expr, conditions: list[Condition] | None = None) -> Expr:
    """Return the expression with derivatives and limits carried out and deltas under a sum used up.

    conditions: what a derivative's expression takes for granted is added to it. The expression must have been through
    ``open_definitions``. Raises NoRule.
    """
    try:
        return _resolve(expr, Normalizer([] if conditions is None else conditions))
    except NoNormalForm as reason:
        raise NoRule(str(reason)) from None


def _resolve(expr: Expr, normal: Normalizer) -> Expr:
    spend()
    if isinstance(expr, Derivative):
        result = _resolve(expr.expr, normal)
        for variable, times in expr.variable_count:
            normal(variable)
            for _ in range(int(times)):
                normal(result)  # the slope of log x is 1/x, and says no more that x has to be positive
                result = _resolve(open_definitions(differentiate(result, variable)), normal)
        return result
    if isinstance(expr, Limit):
        target, variable, point, direction = expr.args
        return limit_of(_resolve(target, normal), variable, point, str(direction), normal)
    if isinstance(expr, Sum | Product):
        *inner, (variable, low, high) = expr.limits
        body = expr.func(expr.function, *inner) if inner else expr.function
        inside = normal.under(variable, low, high)
        body = _resolve(body, inside)
        if isinstance(expr, Sum):
            return _collapse(body, (variable, low, high), normal)
        if body.has(KroneckerDelta) and written_signs(body, inside) == POSITIVE:
            return exp(_collapse(_expanded_log(body, inside), (variable, low, high), normal))
        return Product(body, (variable, low, high))
    if not expr.args or isinstance(expr, Indexed):
        return expr
    return rebuilt(expr, [_resolve(a, normal) if isinstance(a, Expr) else a for a in expr.args])


def _expanded_log(body: Expr, normal: Normalizer) -> Expr:
    """log of a positive body, split at positive factors."""
    if isinstance(body, Mul) and all(written_signs(a, normal) == POSITIVE for a in body.args):
        return Add(*(_expanded_log(a, normal) for a in body.args))
    if isinstance(body, Pow) and written_signs(body.base, normal) == POSITIVE:
        return body.exp * log(body.base)
    return log(body)


def _collapse(body: Expr, limits: tuple[Symbol, Expr, Expr], normal: Normalizer) -> Expr:
    """Σ_k f(k, δ_ky) = f(y, 1) + Σ_k f(k, 0) − f(y, 0) where y is known to lie in the range of k.

    Where y is known to lie outside, the sum is Σ_k f(k, 0). Else the delta stays. f(y, 0) has to be finite.
    """
    variable, low, high = limits
    for delta in sorted(body.atoms(KroneckerDelta), key=str):
        other = _solution(delta, variable)
        if other is None:
            continue
        at, first, last = normal(other), normal(low), normal(high)
        normal.under(*limits)(body)  # 0 · log z_k still asks for z_k > 0
        miss = body.xreplace({delta: S.Zero})
        if miss.has(*_NOT_FINITE):
            continue
        if lies_outside(at, first, last):
            return _collapse(miss, limits, normal)
        if not lies_in(at, first, last):
            continue
        hit = body.xreplace({delta: S.One}).xreplace({variable: other})
        spared = miss.xreplace({variable: other})
        if hit.has(*_NOT_FINITE) or spared.has(*_NOT_FINITE):
            continue
        rest = S.Zero if miss == 0 else _collapse(miss, limits, normal) - spared
        return _resolve(open_definitions(hit), normal) + rest
    return Sum(body, limits)


def _solution(delta: KroneckerDelta, variable: Symbol) -> Expr | None:
    """The one value of k at which the delta is 1, for a delta of k + c, or c − k, and something without k."""
    with_it = [a for a in delta.args if variable in free_symbols(a)]
    without = [a for a in delta.args if variable not in free_symbols(a)]
    if len(with_it) != 1 or len(without) != 1:
        return None
    for side in (1, -1):
        rest = with_it[0] - side * variable
        if variable not in free_symbols(rest):
            found: Expr = side * (without[0] - rest)
            return found
    return None
