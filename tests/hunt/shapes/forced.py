"""What SymPy makes of an expression when it is told to take everything for granted: near to right, and often wrong."""

from collections.abc import Callable
from typing import Any

from sympy import (
    Abs,
    Derivative,
    Expr,
    Integer,
    Rational,
    cancel,
    exp,
    expand,
    expand_log,
    expand_power_base,
    expand_power_exp,
    factor,
    log,
    logcombine,
    powdenest,
    powsimp,
    sqrt,
    together,
)

from tests.hunt.draws import Draw
from tests.hunt.letters import V, a, b, j, k, u, x
from tests.hunt.shapes.registry import Sides, prod, shape, total

_REWRITINGS: tuple[Callable[[Any], Expr], ...] = (
    lambda e: expand_log(e, force=True),
    lambda e: logcombine(e, force=True),
    lambda e: powdenest(e, force=True),
    lambda e: expand_power_base(e, force=True),
    lambda e: powsimp(e, force=True),
    expand_power_exp,
    expand,
    factor,
    cancel,
    together,
)


@shape("computer algebra", 2)
def rewritten_by_force(d: Draw) -> Sides:
    expr = d.quantity()
    for _ in range(d.rng.choice((2, 3, 3, 4))):
        other = d.one((d.quantity(), d.positive(), Integer(2), Rational(1, 2)))
        expr = d.lazily(
            lambda expr=expr, other=other: expr * other,
            lambda expr=expr, other=other: expr + other,
            lambda expr=expr, other=other: expr / other,
            lambda expr=expr: log(expr),
            lambda expr=expr: exp(expr),
            lambda expr=expr: expr**2,
            lambda expr=expr: sqrt(expr),
            lambda expr=expr, other=other: expr**other,
            lambda expr=expr: Abs(expr),
            lambda expr=expr, other=other: log(expr * other),
            lambda expr=expr, other=other: (expr * other) ** d.one((2, Rational(1, 2), V, j, a, -1)),
        )
    rewritten = d.rng.choice(_REWRITINGS)(expr)
    if d.chance(0.3):
        rewritten = d.rng.choice(_REWRITINGS)(rewritten)
    return expr, d.rng.choice("====≤≥"), rewritten


@shape("computer algebra")
def summed_by_force(d: Draw) -> Sides:
    """SymPy's closed forms count a reversed range below 0."""
    low, high = d.bounds()
    term = d.one(
        (k, k**2, x, a, Integer(2) ** k, x * k, k * (k - 1), x + k, k - V, Rational(1, 2) ** k, Integer(1), j)
    )
    kind = d.one((total, total, total, prod))
    whole = kind(term, k, low, high)
    return whole, d.rng.choice("===≤≥"), whole.doit()


@shape("computer algebra")
def differentiated_by_force(d: Draw) -> Sides:
    """SymPy's own derivative, which may capture a letter, of a sum or of a power."""
    low, high = d.bounds()
    inner = d.one((x**k, k * x**2, exp(x * k), log(a + k), a**k, Abs(x) * k, u**k))
    outer = d.one(
        (lambda e: e, log, exp, lambda e: e**2, lambda e: 1 / e, sqrt, lambda e: x * e, lambda e: e**b)
    )
    by = d.one((x, a, u, b))
    whole = outer(total(inner, k, low, high))
    return Derivative(whole, by), "=", whole.diff(by)
