"""The value of an expression at a point, in 40-digit arithmetic.

This is the oracle that the symbolic proofs are held against, so it shares nothing with them: a sum is a loop, a
derivative is a difference quotient, a limit is a value very close by. It is also what a student's expression meets,
so whatever comes in, it ends within its budget with a number or an :class:`AlgebraError`.
"""

from collections.abc import Callable, Mapping
from typing import Any

import mpmath
from sympy import (
    Abs,
    Add,
    Derivative,
    Expr,
    Float,
    Indexed,
    Integer,
    KroneckerDelta,
    Limit,
    Max,
    Min,
    Mul,
    Number,
    NumberSymbol,
    Piecewise,
    Pow,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    cosh,
    exp,
    log,
    sign,
    sinh,
    tanh,
)
from sympy.core.relational import (
    Equality,
    GreaterThan,
    LessThan,
    StrictGreaterThan,
    StrictLessThan,
    Unequality,
)

from grader.algebra.budget import OutOfBudget, limited, spend
from grader.algebra.definitions import Defined
from grader.algebra.domains import DomainSymbol, free_symbols
from grader.algebra.errors import AlgebraError

MP = mpmath.ctx_mp.MPContext()
MP.dps = 40

_STEP_DIGITS = (
    10  # a central difference errs by step² f''' ≈ 1e-20, and by the rounding error divided by the step
)
_STEP = MP.mpf(10) ** -_STEP_DIGITS
_NEAR, _NEARER = MP.mpf(10) ** -15, MP.mpf(10) ** -18  # how close a limit's point is approached
_LARGEST_MAGNITUDE = 4000  # e^x is held for |x| < 2^4000; beyond, its own exponent would be too long a number
_LARGEST_RANGE = 20_000  # terms of one sum or product


class OutOfReach(AlgebraError):
    """There may be a value, but this arithmetic does not reach it: a number too large, a limit that does not settle."""


Environment = dict[Any, Any]
Value = Any  # an mpf; mpmath carries no types


class Undefined(AlgebraError):
    """The expression has no real value at this point: a division by zero, a logarithm of a negative number."""


def evaluate(expr: Expr, point: Mapping[str, Any], seconds: float = 1.0) -> float:
    """Return the value of `expr` at `point` as a float.

    point: symbol name → number; a family's name → list of its entries, as :func:`grader.algebra.sample` gives them.
    seconds: time limit. Raises AlgebraError when a symbol has no value, the expression is undefined there, or the
    limit is reached.

    >>> from grader.algebra import reals, size
    >>> from sympy import log, exp, Sum, Symbol
    >>> V = size("V"); z = reals("z", V); k = Symbol("k")
    >>> round(evaluate(log(Sum(exp(z[k]), (k, 1, V))), {"V": 3, "z": [2, 1, 3]}), 4)
    3.4076
    """
    try:
        with limited(seconds):
            value = value_at(expr, bind(expr, point))
    except OutOfBudget:
        raise AlgebraError(f"The expression is too large to evaluate within {seconds:g} s.") from None
    except RecursionError:
        raise AlgebraError("The expression is nested too deeply to evaluate.") from None
    if MP.mag(value) > 1023:
        raise OutOfReach("The value is too large for a float.")
    return float(value)


def bind(expr: Expr, point: Mapping[str, Any]) -> Environment:
    """Return the environment that gives the expression's free symbols their values at the point."""
    env: Environment = {}
    for symbol in free_symbols(expr):
        if symbol.name not in point:
            raise AlgebraError(f"No value is given for the symbol {symbol.name}.")
        value = point[symbol.name]
        if isinstance(value, list | tuple):
            entries = [MP.mpf(v) for v in value]
            if isinstance(symbol, DomainSymbol) and symbol.domain.kind == "simplex":
                total = MP.fsum(entries)  # floats sum to 1 up to 1e-16; here the sum is exact
                entries = [v / total for v in entries]
            env[symbol] = entries
        else:
            env[symbol] = MP.mpf(value)
    return env


def value_at(expr: Expr, env: Environment) -> Value:
    """Return the value as an mpf. Spends from the budget in force. Raises Undefined or AlgebraError."""
    spend()
    for kinds, rule in _RULES:
        if isinstance(expr, kinds):
            return rule(expr, env)
    raise AlgebraError(
        f"{type(expr).__name__} is not understood here; use sums, products, powers, exp and log."
    )


def _number(expr: Any, env: Environment) -> Value:
    if expr in (S.Infinity, S.NegativeInfinity, S.NaN, S.ComplexInfinity):
        raise Undefined(f"{expr} is not a number.")
    if isinstance(expr, Rational):
        return MP.mpf(int(expr.p)) / int(expr.q)
    return MP.mpf(expr._to_mpmath(140))


def _symbol(expr: Symbol, env: Environment) -> Value:
    if expr not in env:
        raise AlgebraError(f"No value is given for the symbol {expr.name}.")
    value = env[expr]
    if isinstance(value, list):
        raise AlgebraError(f"{expr.name} is a family; write {expr.name}[j] for one of its entries.")
    return value


def _integer(expr: Expr, env: Environment, what: str) -> int:
    value = value_at(expr, env)
    if value != MP.floor(value):
        raise Undefined(f"{what} is {MP.nstr(value, 6)}, not an integer.")
    return int(value)


def _indexed(expr: Indexed, env: Environment) -> Value:
    entries = env.get(expr.base.label)
    if not isinstance(entries, list):
        raise AlgebraError(f"No values are given for {expr.base.label}.")
    position = _integer(expr.indices[0], env, f"The index of {expr.base.label}")
    if not 1 <= position <= len(entries):
        raise Undefined(f"{expr.base.label}[{position}] is outside 1 … {len(entries)}.")
    return entries[position - 1]


def _add(expr: Add, env: Environment) -> Value:
    return MP.fsum([value_at(a, env) for a in expr.args])


def _mul(expr: Mul, env: Environment) -> Value:
    return MP.fprod([value_at(a, env) for a in expr.args])


def _exp(expr: Any, env: Environment) -> Value:
    exponent = value_at(expr.exp, env)
    if MP.mag(exponent) > _LARGEST_MAGNITUDE:
        raise OutOfReach("An exponential is too large or too small to hold.")
    return MP.exp(exponent)


def _pow(expr: Pow, env: Environment) -> Value:
    base, exponent = value_at(expr.base, env), value_at(expr.exp, env)
    if base == 0 and exponent < 0:
        raise Undefined("A division by zero.")
    if base < 0 and exponent != MP.floor(exponent):
        raise Undefined("A root of a negative number.")
    if base == 0:
        return MP.one if exponent == 0 else MP.zero
    if MP.mag(exponent * MP.log(abs(base))) > _LARGEST_MAGNITUDE:
        raise OutOfReach("A power is too large or too small to hold.")
    return MP.power(base, exponent)


def _log(expr: Any, env: Environment) -> Value:
    argument = value_at(expr.args[0], env)
    if argument <= 0:
        raise Undefined("A logarithm of a number that is not positive.")
    return MP.log(argument)


def _terms(expr: Any, env: Environment) -> list[Value]:
    inner, (variable, low, high) = expr.function, expr.limits[-1]  # the last limit is the outermost
    if len(expr.limits) > 1:
        inner = expr.func(inner, *expr.limits[:-1])
    first, last = _integer(low, env, "A sum's lower bound"), _integer(high, env, "A sum's upper bound")
    if last - first >= _LARGEST_RANGE:
        raise AlgebraError(f"A sum or product of {last - first + 1} terms is too long to evaluate.")
    return [value_at(inner, {**env, variable: MP.mpf(i)}) for i in range(first, last + 1)]


def _sum(expr: Sum, env: Environment) -> Value:
    return MP.fsum(_terms(expr, env))


def _product(expr: Product, env: Environment) -> Value:
    return MP.fprod(_terms(expr, env))


def _kronecker(expr: KroneckerDelta, env: Environment) -> Value:
    return MP.one if value_at(expr.args[0], env) == value_at(expr.args[1], env) else MP.zero


def _shifted(variable: Expr, env: Environment, by: Value) -> Environment:
    if isinstance(variable, Indexed):
        position = _integer(variable.indices[0], env, "An index")
        entries = list(env[variable.base.label])
        if not 1 <= position <= len(entries):
            raise Undefined(f"{variable.base.label}[{position}] is outside 1 … {len(entries)}.")
        entries[position - 1] += by
        return {**env, variable.base.label: entries}
    return {**env, variable: env[variable] + by}


def _derivative(expr: Derivative, env: Environment) -> Value:
    variables = [v for v, count in expr.variable_count for _ in range(int(count))]
    if len(variables) > 3:
        raise AlgebraError("Derivatives of order higher than 3 are not evaluated.")

    def nested(depth: int, at: Environment) -> Value:
        if depth == len(variables):
            return value_at(expr.expr, at)
        variable = variables[depth]
        up, down = (nested(depth + 1, _shifted(variable, at, by)) for by in (_STEP, -_STEP))
        return (up - down) / (2 * _STEP)

    # Each difference divides the rounding error by the step once more, so each order takes that many digits more.
    with MP.workdps(MP.dps + _STEP_DIGITS * len(variables)):
        return nested(0, env)


def _limit(expr: Limit, env: Environment) -> Value:
    target, variable, point, direction = expr.args
    side = {"+": 1, "-": -1}.get(str(direction), 1)

    def near(distance: Value) -> Value:
        if point in (S.Infinity, S.NegativeInfinity):
            place = (1 if point == S.Infinity else -1) / distance
        else:
            place = value_at(point, env) + side * distance
        return value_at(target, {**env, variable: place})

    rough, fine = near(_NEAR), near(_NEARER)
    if abs(rough - fine) > MP.mpf(10) ** -10 * max(1, abs(fine)):
        raise OutOfReach("The limit does not settle.")
    return fine


def _holds(condition: Any, env: Environment) -> bool:
    if condition in (S.true, S.false):
        return bool(condition)
    compare: dict[Any, Callable[[Value, Value], bool]] = {
        Equality: lambda a, b: a == b, Unequality: lambda a, b: a != b, LessThan: lambda a, b: a <= b,
        StrictLessThan: lambda a, b: a < b, GreaterThan: lambda a, b: a >= b, StrictGreaterThan: lambda a, b: a > b,
    }  # fmt: skip
    if type(condition) not in compare:
        raise AlgebraError(
            f"The condition {type(condition).__name__} is not understood; use =, ≠, <, ≤, > or ≥."
        )
    left, right = (value_at(side, env) for side in condition.args)
    return compare[type(condition)](left, right)


def _piecewise(expr: Piecewise, env: Environment) -> Value:
    for value, condition in expr.args:
        if _holds(condition, env):
            return value_at(value, env)
    raise Undefined("No branch of a case distinction applies.")


def _function(compute: Callable[..., Value]) -> Callable[[Any, Environment], Value]:
    return lambda expr, env: compute(*(value_at(a, env) for a in expr.args))


def _defined(expr: Defined, env: Environment) -> Value:
    return value_at(expr.definition, env)


_RULES: list[tuple[Any, Callable[[Any, Environment], Value]]] = [
    ((Integer, Rational, Float, Number, NumberSymbol), _number),
    (Symbol, _symbol),
    (Indexed, _indexed),
    (Add, _add),
    (Mul, _mul),
    (exp, _exp),
    (Pow, _pow),
    (log, _log),
    (Sum, _sum),
    (Product, _product),
    (KroneckerDelta, _kronecker),
    (Derivative, _derivative),
    (Limit, _limit),
    (Defined, _defined),
    (Piecewise, _piecewise),
    (Max, _function(max)),
    (Min, _function(min)),
    (Abs, _function(abs)),
    (sign, _function(lambda v: MP.sign(v))),
    (tanh, _function(lambda v: MP.tanh(v) if abs(v) < 1000 else MP.sign(v))),
    (sinh, _function(lambda v: MP.sinh(v))),
    (cosh, _function(lambda v: MP.cosh(v))),
]
