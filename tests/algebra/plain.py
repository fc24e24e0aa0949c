"""Values by plain Python, which shares nothing with the prover: sums are loops, numbers fractions where they can."""

import math
import random
from fractions import Fraction
from math import comb
from typing import Any

from sympy import (
    Abs,
    Add,
    Expr,
    Float,
    Indexed,
    KroneckerDelta,
    Mul,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    binomial,
    exp,
    factorial,
    log,
)

Number = Fraction | float


class NoValue(Exception):
    """Undefined at this point: a division by zero, a logarithm of a negative number, an entry that is not there."""


def value(expr: Expr, env: dict[Any, Any]) -> Number:
    """The value at a point; env: symbol → number, a family's label → list of its entries."""
    if isinstance(expr, Rational):
        return Fraction(int(expr.p), int(expr.q))
    if isinstance(expr, Float):
        return Fraction(str(expr))
    if isinstance(expr, Symbol):
        return env[expr]  # type: ignore[no-any-return]
    if isinstance(expr, Indexed):
        entries, position = env[expr.base.label], whole(expr.indices[0], env)
        if not 1 <= position <= len(entries):
            raise NoValue
        return entries[position - 1]  # type: ignore[no-any-return]
    if isinstance(expr, Sum | Product):
        return ranged(expr, env)
    if isinstance(expr, Add):
        return sum((value(a, env) for a in expr.args), start=Fraction(0))
    if isinstance(expr, Mul):
        return math.prod((value(a, env) for a in expr.args), start=Fraction(1))
    if isinstance(expr, KroneckerDelta):
        return Fraction(value(expr.args[0], env) == value(expr.args[1], env))
    if isinstance(expr, Pow):
        return raised(value(expr.base, env), value(expr.exp, env))
    if isinstance(expr, exp):
        return math.exp(value(expr.args[0], env))
    if isinstance(expr, log):
        argument = value(expr.args[0], env)
        if argument <= 0:
            raise NoValue
        return math.log(argument)
    if isinstance(expr, Abs):
        return abs(value(expr.args[0], env))
    if isinstance(expr, factorial):
        n = whole(expr.args[0], env)
        if n < 0:
            raise NoValue
        return Fraction(math.factorial(n))
    if isinstance(expr, binomial):
        n, k = (whole(a, env) for a in expr.args)
        if n < 0:
            raise NoValue
        return Fraction(comb(n, k) if 0 <= k <= n else 0)
    raise TypeError(type(expr).__name__)


def whole(expr: Expr, env: dict[Any, Any]) -> int:
    found = value(expr, env)
    if found != int(found):
        raise NoValue
    return int(found)


def ranged(expr: Any, env: dict[Any, Any]) -> Number:
    """The last limit is the outermost; from high < low there is no term."""
    *inner, (variable, low, high) = expr.limits
    body = expr.func(expr.function, *inner) if inner else expr.function
    total: Number = Fraction(0) if isinstance(expr, Sum) else Fraction(1)
    for number in range(whole(low, env), whole(high, env) + 1):
        term = value(body, {**env, variable: Fraction(number)})
        total = total + term if isinstance(expr, Sum) else total * term
    return total


def raised(base: Number, exponent: Number) -> Number:
    if base == 0 and exponent < 0:
        raise NoValue
    if exponent == int(exponent):
        return base ** int(exponent)
    if base < 0:
        raise NoValue
    return float(base) ** float(exponent)


def breaks(left: Number, relation: str, right: Number) -> bool:
    """Whether the values break the relation; floats within 1e-9 of each other are taken for equal."""
    exact = isinstance(left, Fraction) and isinstance(right, Fraction)
    near = 0 if exact else 1e-9 * max(1.0, abs(left), abs(right))
    apart = left - right
    if relation == "=":
        return abs(apart) > near
    if relation in (">", "≥"):
        apart, relation = -apart, {">": "<", "≥": "≤"}[relation]
    return apart > near or (relation == "<" and apart == 0)


REALS = [Fraction(n, 2) for n in (-5, -3, -2, -1, 0, 1, 2, 3, 4, 7)]


def point(symbols: list[Any], rng: random.Random) -> dict[Any, Any]:
    """A random point: sizes up to 8, seldom 45, reals with both signs, 0 and 1 among them."""
    env: dict[Any, Any] = {}
    for symbol in symbols:  # sizes come first
        domain = symbol.domain
        last = None if domain.size is None else whole(domain.size, env)
        if domain.kind == "size":
            env[symbol] = Fraction(domain.at_least + (rng.randrange(8) if rng.random() < 0.97 else 45))
        elif domain.kind == "index":
            env[symbol] = Fraction(rng.randint(1, max(1, last or 1)))
        elif last is None:
            env[symbol] = drawn(domain.kind, rng)
        else:
            entries = [
                drawn("positive" if domain.kind == "simplex" else domain.kind, rng) for _ in range(last)
            ]
            total = sum(entries) if domain.kind == "simplex" else 1
            env[symbol] = [entry / total for entry in entries]
    return env


def drawn(kind: str, rng: random.Random) -> Fraction:
    if kind == "real":
        return rng.choice(REALS)
    if kind == "probability":
        return Fraction(rng.randint(1, 9), 10)
    return rng.choice([x for x in REALS if x > 0])
