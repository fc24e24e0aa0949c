"""The value of an expression at a point, enclosed to any number of digits.

This is the oracle that the symbolic proofs are held against, so it shares nothing with them: a sum is a loop, a
derivative is carried along (`jets`), a limit is extrapolated from values close by. It is also what a student's
expression meets, so whatever comes in, it ends within its budget with a number or an :class:`AlgebraError`.
"""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import count
from math import factorial as exact_factorial
from typing import Any, cast

from mpmath import libmp
from sympy import (
    Abs,
    Add,
    Derivative,
    Expr,
    Float,
    Indexed,
    KroneckerDelta,
    Limit,
    Max,
    Min,
    Mul,
    NumberSymbol,
    Piecewise,
    Pow,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    binomial,
    cosh,
    coth,
    csch,
    exp,
    factorial,
    log,
    sech,
    sign,
    sinh,
    tanh,
)
from sympy.core.numbers import ImaginaryUnit
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, BooleanFunction, Not, Or

from grader.algebra.approach import is_whole, obstacle
from grader.algebra.budget import OutOfBudget, limited, spend
from grader.algebra.curves import Curve
from grader.algebra.definitions import Abbreviation
from grader.algebra.domains import DomainSymbol, free_symbols
from grader.algebra.errors import AlgebraError
from grader.algebra.intervals import (
    Interval,
    Number,
    OutOfReach,
    Undefined,
    Unsettled,
    constant,
    enclosed,
    float_number,
    hull,
    larger,
    magnitude,
    midpoint,
    settled_sign,
    short,
    sign_of,
    smaller,
    width,
    working,
)
from grader.algebra.jets import (
    Jet,
    Kink,
    Tags,
    abs_of,
    beside,
    exp_of,
    extreme_of,
    infinitesimal,
    log_of,
    power_of,
    real_part,
    sign_beside,
)
from grader.algebra.nearby import extrapolated

__all__ = ["OutOfReach", "Undefined", "Unsettled", "enclosure", "evaluate"]

_DIGITS = (40, 80, 160)  # what an evaluation works with, more where the digits before did not suffice
_LARGEST_RANGE = 20_000  # terms of one sum or product
_LARGEST_FACTORIAL = 3_000
_HIGHEST_ORDER = 4  # of a derivative; n infinitesimals have 2ⁿ parts
_MEMORY = 50_000  # sums remembered at one point

_A_FRACTION = re.compile(r"-?\d{1,1000}/0*[1-9]\d{0,999}")

Value = Any  # a Number or a Jet
Environment = dict[Any, Any]
_tags = count()


def evaluate(expr: Expr, point: Mapping[str, Any], seconds: float = 1.0) -> float:
    """Return the value of `expr` at `point` as a float.

    point: symbol name → number; a family's name → list of its entries, as :func:`grader.algebra.sample` gives them.
    seconds: limit on processor time. Raises AlgebraError when a symbol has no value, the expression is undefined there,
    or the limit is reached.

    >>> from grader.algebra import reals, size
    >>> from sympy import log, exp, Sum, Symbol
    >>> V = size("V"); z = reals("z", V); k = Symbol("k")
    >>> round(evaluate(log(Sum(exp(z[k]), (k, 1, V))), {"V": 3, "z": [2, 1, 3]}), 4)
    3.4076
    """
    try:
        with limited(seconds):
            value = _to_double(expr, point)
    except OutOfBudget:
        raise AlgebraError(f"The expression is too large to evaluate within {seconds:g} s.") from None
    except RecursionError:
        raise AlgebraError("The expression is nested too deeply to evaluate.") from None
    if magnitude(value) > 1024:
        raise OutOfReach("The value is too large for a float.")
    try:
        return float(libmp.to_float(midpoint(value), strict=True))
    except OverflowError:
        raise OutOfReach("The value is too large for a float.") from None


def _to_double(expr: Expr, point: Mapping[str, Any]) -> Number:
    """The value to more digits than a float has: relative to itself, or to 1 where its own terms cancel."""
    for digits in _DIGITS:
        try:
            value = enclosure(expr, point, digits)
        except Unsettled:
            if digits == _DIGITS[-1]:
                raise
            continue
        if width(value) < max(magnitude(value), -70) - 60:
            return value
    return value


def enclosure(expr: Expr, point: Mapping[str, Any] | None = None, digits: int = 40) -> Number:
    """Return an exact rational or an interval that holds the value of `expr` at the point.

    digits: with how many decimal digits to compute; the interval shows how many of them are left. Raises Undefined when
    there is certainly no real value, Unsettled when more digits may tell, AlgebraError otherwise.

    >>> from sympy import sqrt
    >>> enclosure(sqrt(2), digits=10)
    [1.41421356237, 1.41421356237]
    """
    with working(digits):
        value = _Walk(_bound(expr, point or {}))(expr)
    return real_part(value)


def _bound(expr: Expr, point: Mapping[str, Any]) -> Environment:
    """The environment that gives the expression's free symbols their values at the point, as exact rationals."""
    env: Environment = {}
    for symbol in _free(expr):
        if symbol.name not in point:
            raise AlgebraError(f"No value is given for the symbol {symbol.name}.")
        value = point[symbol.name]
        if isinstance(value, list | tuple):
            entries = [_exact(v) for v in value]
            if isinstance(symbol, DomainSymbol) and symbol.domain.kind == "simplex":
                total = Fraction(sum(entries))  # floats sum to 1 up to 1e-16; here the sum is exact
                entries = [v / total for v in entries]
            env[symbol] = entries
        else:
            env[symbol] = _exact(value)
    return env


def _exact(value: Any) -> Fraction | int:
    """A number of a point, as its shortest decimal says: 0.1 is one tenth, and so is the text "1/10"."""
    if isinstance(value, Fraction | int):
        return value
    if isinstance(value, str) and _A_FRACTION.fullmatch(value):
        return Fraction(value)
    try:
        return Fraction(repr(float(value)))
    except (TypeError, ValueError, OverflowError):
        raise AlgebraError(f"{value!r} is no number that a symbol could have.") from None


class _Walk:
    """Computes values in one environment; a sum that does not depend on the loops around it is computed once."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.loops: list[Any] = []
        self.memory: dict[Any, Value] = {}

    def __call__(self, expr: Any) -> Value:
        spend()
        kind = type(expr)
        rule = _FOUND.get(kind)
        if rule is None:
            rule = _FOUND[kind] = _rule_for(kind)
        return rule(self, expr)

    def integer(self, expr: Expr, what: str) -> int:
        """The value of an index or a bound, which has to be whole."""
        value = real_part(self(expr))
        if isinstance(value, Interval):
            raise Unsettled(f"The working precision does not tell whether the {what} is an integer.")
        if value.denominator != 1:
            raise Undefined(f"a {what} that is {value}, not an integer")
        return int(value)

    def at(self, changed: Environment, expr: Expr) -> Value:
        """The value where some symbols have other values."""
        other = _Walk({**self.env, **changed})
        return other(expr)


def _rule_for(kind: type) -> Callable[[_Walk, Any], Value]:
    for kinds, rule in _RULES:
        if issubclass(kind, kinds):
            return rule
    raise AlgebraError(f"{kind.__name__} is not understood here; use sums, products, powers, exp and log.")


def _rational(walk: _Walk, expr: Any) -> Value:
    return int(expr.p) if expr.q == 1 else Fraction(int(expr.p), int(expr.q))


def _float(walk: _Walk, expr: Float) -> Value:
    return float_number(expr._mpf_)


def _no_number(walk: _Walk, expr: Any) -> Value:
    raise Undefined(f"{expr} is not a number")


def _complex(walk: _Walk, expr: Any) -> Value:
    raise OutOfReach("Complex numbers are not evaluated.")


def _symbol(walk: _Walk, expr: Symbol) -> Value:
    value = walk.env.get(expr)
    if value is None:
        raise AlgebraError(f"No value is given for the symbol {expr.name}.")
    if isinstance(value, list):
        raise AlgebraError(f"{expr.name} is a family; write {expr.name}[j] for one of its entries.")
    return value


def _position(walk: _Walk, expr: Indexed) -> tuple[list[Value], int]:
    label = expr.base.label
    entries = walk.env.get(label)
    if not isinstance(entries, list):
        raise AlgebraError(f"No values are given for {label}.")
    position = walk.integer(expr.indices[0], "index")
    if not 1 <= position <= len(entries):
        raise Undefined(f"{label}[{position}] is outside 1 … {len(entries)}", outside=True)
    return entries, position


def _indexed(walk: _Walk, expr: Indexed) -> Value:
    entries, position = _position(walk, expr)
    return entries[position - 1]


def _total(values: Any) -> Value:
    total: Any = 0
    for value in values:
        total = short(total + value)
    return total


def _multiplied(values: Any) -> Value:
    product: Any = 1
    for value in values:
        product = short(product * value)
    return product


def _add(walk: _Walk, expr: Add) -> Value:
    return _total([walk(a) for a in expr.args])


def _mul(walk: _Walk, expr: Mul) -> Value:
    return _multiplied([walk(a) for a in expr.args])


def _log(walk: _Walk, expr: Any) -> Value:
    value = log_of(walk(expr.args[0]))
    return value if len(expr.args) == 1 else value * power_of(log_of(walk(expr.args[1])), -1)


@lru_cache(maxsize=20_000)
def _free(expr: Expr) -> frozenset[Symbol]:
    return frozenset(free_symbols(expr))


def _ranged(walk: _Walk, expr: Any) -> Value:
    key = (expr, *(walk.env[v] for v in walk.loops if v in _free(expr))) if walk.loops else (expr,)
    if key not in walk.memory:
        if len(walk.memory) > _MEMORY:
            walk.memory.clear()
        walk.memory[key] = (_total if isinstance(expr, Sum) else _multiplied)(_terms(walk, expr))
    return walk.memory[key]


def _terms(walk: _Walk, expr: Any) -> list[Value]:
    inner, (variable, low, high) = expr.function, expr.limits[-1]  # the last limit is the outermost
    if len(expr.limits) > 1:
        inner = expr.func(inner, *expr.limits[:-1])
    kind = "sum" if isinstance(expr, Sum) else "product"
    if low.is_infinite or high.is_infinite:
        raise OutOfReach(f"An infinite {kind} is not evaluated.")
    first, last = (walk.integer(bound, f"bound of a {kind}") for bound in (low, high))
    if last - first >= _LARGEST_RANGE:
        raise OutOfReach(f"A sum or product of {last - first + 1} terms is too long to evaluate.")
    before, values = walk.env.get(variable), []
    walk.loops.append(variable)
    try:
        for value in range(first, last + 1):
            walk.env[variable] = value
            values.append(walk(inner))
    finally:
        walk.loops.pop()
        walk.env[variable] = before
    return values


def _kronecker(walk: _Walk, expr: KroneckerDelta) -> Value:
    apart = real_part(walk(expr.args[0])) - real_part(walk(expr.args[1]))
    return 0 if settled_sign(apart, "the distance of two indices") else 1


def _derivative(walk: _Walk, expr: Derivative) -> Value:
    variables = [v for v, times in expr.variable_count for _ in range(int(times))]
    if len(variables) > _HIGHEST_ORDER:
        raise AlgebraError(f"Derivatives of order higher than {_HIGHEST_ORDER} are not evaluated.")
    changed: Environment = {}
    tags = frozenset(next(_tags) for _ in variables)
    for variable, tag in zip(variables, sorted(tags), strict=True):
        if isinstance(variable, Indexed):
            label = variable.base.label
            entries, position = _position(walk, variable)
            entries = changed.setdefault(label, list(entries))
            entries[position - 1] = infinitesimal(tag) + entries[position - 1]
        else:
            changed[variable] = infinitesimal(tag) + changed.get(variable, _symbol(walk, variable))
    try:
        value = walk.at(changed, expr.expr)
    except Kink as kink:
        if len(tags) > 1 or kink.tags != tags:
            raise
        return _across(walk, changed, tags, expr.expr)
    return _slope(value, tags)


def _slope(value: Value, tags: Tags) -> Value:
    return value.derivative(tags) if isinstance(value, Jet) else 0


def _across(walk: _Walk, changed: Environment, tags: Tags, expr: Expr) -> Value:
    """The derivative where the expression changes its form: both sides have to agree, and nothing may jump."""
    here, slopes = walk.at({}, expr), []
    for side in (1, -1):
        with beside(tags, side):
            value = walk.at(changed, expr)
        if sign_of(short(real_part(value) - real_part(here))) not in (0, None):
            raise Undefined("a derivative where the function jumps")
        slopes.append(_slope(value, tags))
    if any(isinstance(slope, Jet) for slope in slopes):
        raise Kink(tags)
    if sign_of(short(slopes[0] - slopes[1])) not in (0, None):
        raise Undefined("a derivative at a kink")
    return slopes[0] if slopes[0] == slopes[1] else hull(*slopes)


def _limit(walk: _Walk, expr: Limit) -> Value:
    target, variable, point, direction = expr.args
    hindered = obstacle(target, variable, point, str(direction), lambda e: _signs_at(walk, e))
    if hindered is not None:
        # At some points only it is an exception there; everywhere, a statement that nobody could check.
        raise (Undefined if _free(point) else OutOfReach)(f"a limit has no meaning: {hindered}")
    sides = {"+": (1,), "-": (-1,)}.get(str(direction), (1, -1))
    found = [_one_sided(walk, target, variable, point, side) for side in sides]
    if len(found) == 2:
        if sign_of(short(found[0] - found[1])) not in (None, 0):
            raise Undefined("a limit that differs from the other side")
        return hull(*found)
    return found[0]


def _signs_at(walk: _Walk, expr: Expr) -> tuple[int, ...]:
    return (settled_sign(real_part(walk(expr)), "the distance from a limit's point to the end of a domain"),)


def _one_sided(walk: _Walk, target: Expr, variable: Symbol, point: Expr, side: int) -> Number:
    """The limit from one side."""
    far_out = point in (S.Infinity, S.NegativeInfinity)

    def near(distance: Fraction) -> Number:
        if far_out:
            place: Any = (1 if point == S.Infinity else -1) / distance
        else:
            place = walk(point) + side * distance
        value = walk.at({variable: place}, target)
        if isinstance(value, Jet):
            raise OutOfReach("The derivative of a limit is not evaluated.")
        return cast(Number, value)

    return extrapolated(near, far_out and is_whole(variable))


def _holds(walk: _Walk, condition: Any) -> bool:
    if condition in (S.true, S.false):
        return bool(condition)
    if isinstance(condition, Not):
        return not _holds(walk, condition.args[0])
    if isinstance(condition, And | Or):
        return (all if isinstance(condition, And) else any)(_holds(walk, c) for c in condition.args)
    if not isinstance(condition, Relational) or isinstance(condition, BooleanFunction):
        raise AlgebraError(
            f"The condition {type(condition).__name__} is not understood; use =, ≠, <, ≤, > or ≥."
        )
    left, right = (walk(side) for side in condition.args)
    distance = short(left - right)
    apart = sign_beside(distance, "the distance of a condition's two sides")
    if apart == 0 and isinstance(distance, Jet):
        raise OutOfReach("A derivative where a condition only just holds is not evaluated.")
    return (
        apart
        in {"==": (0,), "!=": (-1, 1), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}[condition.rel_op]
    )


def _piecewise(walk: _Walk, expr: Piecewise) -> Value:
    for value, condition in expr.args:
        if _holds(walk, condition):
            return walk(value)
    raise Undefined("no branch of a case distinction applies")


def _extreme(sign: int) -> Callable[[_Walk, Any], Value]:
    def rule(walk: _Walk, expr: Any) -> Value:
        values = [walk(a) for a in expr.args]
        if any(isinstance(v, Jet) for v in values):
            return extreme_of(values, sign)
        if not any(isinstance(v, Interval) for v in values):
            return max(values) if sign > 0 else min(values)
        pick, found = (larger if sign > 0 else smaller), [enclosed(v) for v in values]
        low, high = found[0].pair
        for value in found[1:]:
            low, high = pick(low, value.lo), pick(high, value.hi)
        return Interval(low, high)

    return rule


def _sign(walk: _Walk, expr: Any) -> Value:
    value = walk(expr.args[0])
    side = sign_beside(value, "what a sign is taken of")
    if side == 0 and isinstance(value, Jet):
        raise OutOfReach("The derivative of a sign at 0 is not evaluated.")
    return side


def _whole_argument(walk: _Walk, expr: Expr, what: str) -> int:
    value = walk(expr)
    if isinstance(value, Jet | Interval) or Fraction(value).denominator != 1:
        raise OutOfReach(f"{what} is evaluated for integers only.")
    if abs(value) > _LARGEST_FACTORIAL:
        raise OutOfReach(f"{what} of {value} is too large to evaluate.")
    return int(value)


def _factorial(walk: _Walk, expr: Any) -> Value:
    number = _whole_argument(walk, expr.args[0], "A factorial")
    if number < 0:
        raise Undefined("a factorial of a negative number")
    return short(exact_factorial(number))


def _binomial(walk: _Walk, expr: Any) -> Value:
    """n(n − 1)…(n − k + 1) / k!, 0 for k < 0, as SymPy has it; n may be any number."""
    chosen = _whole_argument(walk, expr.args[1], "A binomial coefficient")
    if chosen < 0:
        return 0
    among, value = walk(expr.args[0]), Fraction(1)
    if isinstance(among, int) and 0 <= among < chosen:
        return 0
    if isinstance(among, int) and 0 <= among - chosen < chosen:
        chosen = among - chosen
    for taken in range(chosen):
        spend()
        value = short((among - taken) * value * Fraction(1, taken + 1))
    return value


def _hyperbolic(name: str) -> Callable[[_Walk, Any], Value]:
    def rule(walk: _Walk, expr: Any) -> Value:
        x = walk(expr.args[0])
        if real_part(x) == 0 and not isinstance(x, Jet):
            if name in ("csch", "coth"):
                raise Undefined("a division by zero")
            return 0 if name in ("sinh", "tanh") else 1
        if name in ("tanh", "coth"):
            doubled = exp_of(2 * x)
            above, below = doubled - 1, doubled + 1
            return above * power_of(below, -1) if name == "tanh" else below * power_of(above, -1)
        up, down = exp_of(x), exp_of(-x)
        half = (up - down if name in ("sinh", "csch") else up + down) * Fraction(1, 2)
        return half if name in ("sinh", "cosh") else power_of(half, -1)

    return rule


def _curve(walk: _Walk, expr: Curve) -> Value:
    """The value at the place, moved by the slope there: only the first derivative is known."""
    place, value = walk(expr.place), walk(expr.entry)
    if not isinstance(place, Jet):
        return value
    if expr.order or place.order() > 1:
        raise OutOfReach("Only the first derivative of a curve is known.")
    return place.small() * walk(expr.slope().entry) + value


_RULES: list[tuple[Any, Callable[[_Walk, Any], Value]]] = [
    (Rational, _rational),
    (Float, _float),
    (NumberSymbol, lambda walk, expr: constant(expr._as_mpf_val)),
    ((type(S.Infinity), type(S.NegativeInfinity), type(S.NaN), type(S.ComplexInfinity)), _no_number),
    (ImaginaryUnit, _complex),
    (Symbol, _symbol),
    (Indexed, _indexed),
    (Add, _add),
    (Mul, _mul),
    (exp, lambda walk, expr: exp_of(walk(expr.exp))),
    (Pow, lambda walk, expr: power_of(walk(expr.base), walk(expr.exp))),
    (log, _log),
    ((Sum, Product), _ranged),
    (KroneckerDelta, _kronecker),
    (Derivative, _derivative),
    (Limit, _limit),
    (Curve, _curve),
    (Abbreviation, lambda walk, expr: walk(expr.definition)),
    (Piecewise, _piecewise),
    (Max, _extreme(1)),
    (Min, _extreme(-1)),
    (Abs, lambda walk, expr: abs_of(walk(expr.args[0]))),
    (sign, _sign),
    (factorial, _factorial),
    (binomial, _binomial),
    *((kind, _hyperbolic(kind.__name__)) for kind in (sinh, cosh, tanh, sech, csch, coth)),
]
_FOUND: dict[type, Callable[[_Walk, Any], Value]] = {}
