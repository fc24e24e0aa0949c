"""Derivatives with symbolic ranges.

SymPy differentiates a sum with respect to z[k] wrongly when k is also the sum's variable, and stops on logarithms of
such sums; so the course has rules of its own. Expressions must have been through ``open_definitions``, which gives
every bound variable a name of its own: then nothing can be captured.
"""

from typing import Any

from sympy import (
    Add,
    Expr,
    Indexed,
    KroneckerDelta,
    Mul,
    Pow,
    Product,
    S,
    Sum,
    Symbol,
    cosh,
    coth,
    csch,
    exp,
    log,
    sech,
    sinh,
    tanh,
)

from grader.algebra.budget import spend
from grader.algebra.curves import Curve
from grader.algebra.domains import DomainSymbol, free_symbols


class NoRule(Exception):
    """No rule applies; the relation is left to the random points."""


def differentiate(expr: Expr, variable: Expr) -> Expr:
    """Return ∂expr/∂variable for a real symbol or an entry z[j] of a family.

    The entries of a family are independent coordinates: ∂z[i]/∂z[j] = δ_ij. The result is right wherever expr is
    defined and the result is; the caller notes what expr takes for granted. Raises NoRule.
    """
    spend(4)
    target = variable.base.label if isinstance(variable, Indexed) else variable
    if isinstance(target, DomainSymbol) and target.domain.kind in ("size", "index"):
        raise NoRule("a derivative with respect to a whole number")
    if expr == variable:
        return S.One
    if isinstance(expr, Indexed) and isinstance(variable, Indexed) and expr.base == variable.base:
        return KroneckerDelta(expr.indices[0], variable.indices[0])
    if target not in free_symbols(expr):
        return S.Zero
    if isinstance(expr, Add):
        return Add(*(differentiate(a, variable) for a in expr.args))
    if isinstance(expr, Mul):
        return Add(*(Mul(*(differentiate(b, variable) if n == m else b for m, b in enumerate(expr.args)))
                     for n in range(len(expr.args))))  # fmt: skip
    if isinstance(expr, Pow):
        return _of_power(expr, variable)
    if isinstance(expr, Sum | Product):
        return _of_range(expr, variable, target)
    if isinstance(expr, log) and len(expr.args) == 2:
        return differentiate(log(expr.args[0]) / log(expr.args[1]), variable)
    if isinstance(expr, exp | log | tanh | sinh | cosh | sech | csch | coth):
        return _outer(expr) * differentiate(expr.args[0], variable)
    if isinstance(expr, Curve) and not expr.order:
        return expr.slope() * differentiate(expr.place, variable)
    raise NoRule(f"the derivative of {type(expr).__name__}")


def _outer(expr: Any) -> Expr:
    x = expr.args[0]
    slopes: dict[Any, Expr] = {
        exp: exp(x), log: 1 / x if isinstance(expr, log) else S.Zero, sinh: cosh(x), cosh: sinh(x),
        tanh: 1 - tanh(x) ** 2, coth: 1 - coth(x) ** 2, sech: -sech(x) * tanh(x), csch: -csch(x) * coth(x),
    }  # fmt: skip
    return slopes[type(expr)]


def _of_power(expr: Pow, variable: Expr) -> Expr:
    base, exponent = expr.base, expr.exp
    inner, outer = differentiate(base, variable), differentiate(exponent, variable)
    result = exponent * base ** (exponent - 1) * inner if inner != 0 else S.Zero
    return result if outer == 0 else result + expr * log(base) * outer


def _of_range(expr: Any, variable: Expr, target: Symbol) -> Expr:
    """Σ f' for a sum, also an empty one; Π f · Σ f'/f for a product, where no factor is 0 (the quotient says so)."""
    for _, low, high in expr.limits:
        if target in free_symbols(low) | free_symbols(high):
            raise NoRule("a range that depends on the variable")
    slope = differentiate(expr.function, variable)
    if isinstance(expr, Sum):
        return Sum(slope, *expr.limits)
    return expr * Sum(slope / expr.function, *expr.limits)
