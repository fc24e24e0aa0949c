"""Derivatives, limits and Kronecker deltas, with symbolic ranges.

SymPy differentiates a sum with respect to z[k] wrongly when k is also the sum's variable, and stops on logarithms of
such sums; so the course has rules of its own. Expressions must have been through ``open_definitions``, which gives
every bound variable a name of its own: then nothing can be captured.
"""

from typing import Any

from sympy import (
    Add,
    Derivative,
    Dummy,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Limit,
    Mul,
    Pow,
    Product,
    S,
    Sum,
    Symbol,
    cosh,
    exp,
    limit,
    log,
    sinh,
    tanh,
)

from grader.algebra.budget import spend
from grader.algebra.domains import DomainSymbol, free_symbols

Range = tuple[Expr, Expr]


class NoRule(Exception):
    """No rule applies; the relation is left to the random points."""


def differentiate(expr: Expr, variable: Expr) -> Expr:
    """Return ∂expr/∂variable for a symbol or an entry z[j] of a family.

    The entries of a family are independent coordinates: ∂z[i]/∂z[j] = δ_ij. Raises NoRule.
    """
    spend(4)
    if expr == variable:
        return S.One
    if isinstance(expr, Indexed):
        if isinstance(variable, Indexed) and expr.base == variable.base:
            return KroneckerDelta(expr.indices[0], variable.indices[0])
        return S.Zero
    target = variable.base.label if isinstance(variable, Indexed) else variable
    if target not in free_symbols(expr) or isinstance(expr, Symbol | KroneckerDelta):
        return S.Zero
    if isinstance(expr, Add):
        return Add(*(differentiate(a, variable) for a in expr.args))
    if isinstance(expr, Mul):
        return Add(*(Mul(*(differentiate(b, variable) if n == m else b for m, b in enumerate(expr.args)))
                     for n in range(len(expr.args))))  # fmt: skip
    if isinstance(expr, Pow):
        return _differentiate_power(expr, variable)
    if isinstance(expr, Sum | Product):
        return _differentiate_range(expr, variable, target)
    if isinstance(expr, exp | log | tanh | sinh | cosh):
        if len(expr.args) != 1:
            return differentiate(log(expr.args[0]) / log(expr.args[1]), variable)
        return expr.fdiff(1) * differentiate(expr.args[0], variable)
    raise NoRule(f"the derivative of {type(expr).__name__}")


def _differentiate_power(expr: Pow, variable: Expr) -> Expr:
    base, exponent = expr.base, expr.exp
    inner, outer = differentiate(base, variable), differentiate(exponent, variable)
    result = exponent * base ** (exponent - 1) * inner
    return result if outer == 0 else result + expr * log(base) * outer


def _differentiate_range(expr: Any, variable: Expr, target: Symbol) -> Expr:
    for _, low, high in expr.limits:
        if target in free_symbols(low) | free_symbols(high):
            raise NoRule("a range that depends on the variable")
    slope = differentiate(expr.function, variable)
    if isinstance(expr, Sum):
        return Sum(slope, *expr.limits)
    if not expr.function.is_positive:
        raise NoRule("the derivative of a product whose factors may be 0")
    return expr * Sum(slope / expr.function, *expr.limits)


def resolve(expr: Expr, ranges: dict[Symbol, Range] | None = None) -> Expr:
    """Return the expression with derivatives and limits carried out and deltas under a sum used up.

    ranges: the ranges of the bound variables around expr. Raises NoRule.
    """
    spend()
    ranges = ranges or {}
    if isinstance(expr, Derivative):
        result = resolve(expr.expr, ranges)
        for variable, times in expr.variable_count:
            for _ in range(int(times)):
                result = resolve(differentiate(result, variable), ranges)
        return result
    if isinstance(expr, Limit):
        target, variable, point, direction = expr.args
        return _limit(resolve(target, ranges), variable, point, str(direction))
    if isinstance(expr, Sum | Product):
        *inner, (variable, low, high) = expr.limits
        body = expr.func(expr.function, *inner) if inner else expr.function
        body = resolve(body, {**ranges, variable: (low, high)})
        if isinstance(expr, Sum):
            return _collapse(body, variable, (low, high), ranges)
        if body.has(KroneckerDelta) and body.is_positive:
            return exp(_collapse(_expanded_log(body), variable, (low, high), ranges))
        return Product(body, (variable, low, high))
    if not expr.args or isinstance(expr, Indexed):
        return expr
    return expr.func(*(resolve(a, ranges) if isinstance(a, Expr) else a for a in expr.args))


def _expanded_log(body: Expr) -> Expr:
    if isinstance(body, Mul):
        return (
            Add(*(_expanded_log(a) for a in body.args))
            if all(a.is_positive for a in body.args)
            else log(body)
        )
    if isinstance(body, Pow) and body.base.is_positive and body.exp.is_real is not False:
        return body.exp * log(body.base)
    return log(body)


def _collapse(body: Expr, variable: Symbol, bounds: Range, ranges: dict[Symbol, Range]) -> Expr:
    """Σ_k f(k, δ_ky) = f(y, 1) + Σ_k f(k, 0) − f(y, 0), when y lies in the range of k."""
    for delta in sorted(body.atoms(KroneckerDelta), key=str):
        others = [a for a in delta.args if a != variable]
        if len(others) != 1 or variable in free_symbols(others[0]) or not _within(others[0], bounds, ranges):
            continue
        other = others[0]
        hit = body.xreplace({delta: S.One}).xreplace({variable: other})
        miss = body.xreplace({delta: S.Zero})
        if miss.has(S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity):
            continue
        rest = (
            S.Zero
            if miss == 0
            else _collapse(miss, variable, bounds, ranges) - miss.xreplace({variable: other})
        )
        return resolve(hit, ranges) + rest
    return Sum(body, (variable, *bounds))


def _within(other: Expr, bounds: Range, ranges: dict[Symbol, Range]) -> bool:
    if other in ranges:
        return ranges[other] == bounds
    if isinstance(other, DomainSymbol) and other.domain.kind == "index":
        return bounds == (S.One, other.domain.size)
    low, high = bounds
    if isinstance(other, Integer) and isinstance(low, Integer):
        at_least = (
            high.domain.at_least if isinstance(high, DomainSymbol) and high.domain.kind == "size" else None
        )
        return bool(low <= other) and (at_least is not None and int(other) <= at_least)
    return False


def _limit(expr: Expr, variable: Symbol, point: Expr, direction: str) -> Expr:
    """Return the limit: SymPy's for what has no sum, the limits of the parts where those are finite.

    The number of terms of a sum does not change on the way, so a limit passes into it.
    """
    spend(16)
    if variable not in free_symbols(expr):
        return expr
    if not expr.has(Sum, Product):
        return _plain_limit(expr, variable, point, direction)
    if isinstance(expr, Sum) and all(
        variable not in free_symbols(low) | free_symbols(high) for _, low, high in expr.limits
    ):
        return Sum(_limit(expr.function, variable, point, direction), *expr.limits)
    if isinstance(expr, Add | Mul | exp):
        return expr.func(*(_limit(a, variable, point, direction) for a in expr.args))
    if isinstance(expr, log) and len(expr.args) == 1:
        inner = _limit(expr.args[0], variable, point, direction)
        if _certainly_positive(inner):
            return log(inner)
    if isinstance(expr, Pow) and variable not in free_symbols(expr.exp):
        base = _limit(expr.base, variable, point, direction)
        if _certainly_positive(base) or (expr.exp.is_integer and expr.exp.is_positive):
            return base**expr.exp
    raise NoRule(f"a limit of {type(expr).__name__}")


def _certainly_positive(expr: Expr) -> bool:
    if isinstance(expr, Sum):  # a sum over a range from 1 to a size is not empty
        (_, low, high), *_ = expr.limits
        return (
            len(expr.limits) == 1
            and low == 1
            and bool(high.is_positive)
            and _certainly_positive(expr.function)
        )
    if isinstance(expr, Add):
        signs = [_certainly_positive(a) for a in expr.args]
        return any(signs) and all(
            s or a.is_nonnegative or _not_negative_sum(a) for s, a in zip(signs, expr.args, strict=True)
        )
    if isinstance(expr, Mul):
        return all(_certainly_positive(a) for a in expr.args)
    return bool(expr.is_positive)


def _not_negative_sum(expr: Expr) -> bool:
    return isinstance(expr, Sum) and bool(expr.function.is_nonnegative)


def _plain_limit(expr: Expr, variable: Symbol, point: Expr, direction: str) -> Expr:
    items = sorted(expr.atoms(Indexed), key=str)
    entries = {item: Dummy(f"e{n}", **_signs(item)) for n, item in enumerate(items)}
    # A probability is 1/(1 + a) with a > 0: SymPy can assume that, but not that a symbol is below 1.
    odds = {s: Dummy(s.name, positive=True) for s in expr.free_symbols if _is_probability(s)}
    plain = expr.xreplace(entries).xreplace({s: 1 / (1 + a) for s, a in odds.items()})
    try:
        found = limit(plain, variable, point, direction)
    except (NotImplementedError, ValueError, TypeError, RecursionError) as problem:
        raise NoRule(f"a limit: {problem}") from None
    if (
        found.has(Limit, S.Infinity, S.NegativeInfinity, S.NaN, S.ComplexInfinity)
        or variable in found.free_symbols
    ):
        raise NoRule("a limit that is not finite")
    back = {dummy: item for item, dummy in entries.items()} | {a: 1 / s - 1 for s, a in odds.items()}
    return found.xreplace(back)


def _is_probability(symbol: Symbol) -> bool:
    return (
        isinstance(symbol, DomainSymbol)
        and symbol.domain.kind == "probability"
        and symbol.domain.size is None
    )


def _signs(item: Indexed) -> dict[str, bool]:
    return {"positive": True} if item.is_positive else {"real": True}
