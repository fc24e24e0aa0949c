"""The value of an expression at a point, found without the prover and without ``grader.algebra.evaluation``.

An expression becomes a tree of closures once and is then evaluated at many points. A sum over an empty range is 0 and a
product 1, also when the range is reversed; derivatives are jets. Nothing of ``grader.algebra`` is called here but the
meaning of a name that ``define`` gave.
"""

from collections.abc import Callable
from decimal import Decimal, getcontext
from fractions import Fraction
from functools import lru_cache
from itertools import count
from math import comb
from math import factorial as factorial_of
from typing import Any

import sympy
from sympy.core.numbers import Exp1
from sympy.core.relational import (
    Equality,
    GreaterThan,
    LessThan,
    StrictGreaterThan,
    StrictLessThan,
    Unequality,
)

from grader.algebra.definitions import Abbreviation
from tests.hunt.arithmetic import (
    Jet,
    Number,
    Unclear,
    Undefined,
    absolute,
    digits,
    exponential,
    hyperbolic,
    logarithm,
    plus,
    power,
    real_part,
    sign_of,
    times,
    whole,
)

Environment = dict[Any, Any]  # symbol → number, a family's label → list of numbers
Rule = Callable[[Environment], Number]

MOST_STEPS = 6_000  # sums' terms for one value; points that need more are left out
_tags = count(1)


class Work:
    """Counts the terms of sums; nested sums over sizes of 60 would take minutes."""

    left = 0


def value_of(rule: Rule, environment: Environment, precision: int = 60) -> Number:
    """Return the value. Raises Undefined or Unclear."""
    Work.left = MOST_STEPS
    with digits(precision):
        return rule(dict(environment))


def compiled(expr: sympy.Expr) -> Rule:
    """Return the function that evaluates the expression. Raises Unclear for what is not understood."""
    for kinds, make in _MAKERS:
        if isinstance(expr, kinds):
            return make(expr)
    raise Unclear(type(expr).__name__)


def _constant(expr: Any) -> Rule:
    if not expr.is_finite or not isinstance(expr, sympy.Rational | sympy.Float):
        raise Unclear(str(expr))
    if isinstance(expr, sympy.Float):
        value: Number = Fraction(str(expr))  # a float means the digits that it shows
    else:
        value = int(expr) if expr.q == 1 else Fraction(int(expr.p), int(expr.q))
    return lambda env: value


def _symbol(expr: Any) -> Rule:
    return lambda env: env[expr]


def _entry(expr: Any) -> Rule:
    label = expr.base.label
    (position,) = (compiled(i) for i in expr.indices)

    def entry(env: Environment) -> Number:
        entries, at = env[label], whole(position(env))
        if not 1 <= at <= len(entries):
            raise Undefined(f"{label}[{at}]")
        return entries[at - 1]

    return entry


def _folded(operation: Callable[[Number, Number], Number], start: int) -> Callable[[Any], Rule]:
    def make(expr: Any) -> Rule:
        parts = [compiled(a) for a in expr.args]

        def fold(env: Environment) -> Number:
            result: Number = start
            for part in parts:
                result = operation(result, part(env))
            return result

        return fold

    return make


def _ranged(operation: Callable[[Number, Number], Number], start: int) -> Callable[[Any], Rule]:
    def make(expr: Any) -> Rule:
        rule = compiled(expr.function)
        for variable, low, high in expr.limits:  # the last limit is the outermost
            rule = _loop(rule, variable, compiled(low), compiled(high), operation, start)
        return rule

    return make


def _loop(
    body: Rule,
    variable: Any,
    low: Rule,
    high: Rule,
    operation: Callable[[Number, Number], Number],
    start: int,
) -> Rule:
    def loop(env: Environment) -> Number:
        result: Number = start
        inner = dict(env)
        for at in range(whole(low(env)), whole(high(env)) + 1):
            Work.left -= 1
            if Work.left < 0:
                raise Unclear("a sum too long")
            inner[variable] = at
            result = operation(result, body(inner))
        return result

    return loop


def _power(expr: Any) -> Rule:
    base, exponent = compiled(expr.base), compiled(expr.exp)
    return lambda env: power(base(env), exponent(env))


def _exp(expr: Any) -> Rule:
    inner = compiled(expr.exp)
    return lambda env: exponential(inner(env))


def _log(expr: Any) -> Rule:
    rules = [compiled(a) for a in expr.args]
    if len(rules) == 1:
        return lambda env: logarithm(rules[0](env))
    return lambda env: times(logarithm(rules[0](env)), power(logarithm(rules[1](env)), -1))


def _delta(expr: Any) -> Rule:
    left, right = (compiled(a) for a in expr.args)
    return lambda env: int(sign_of(plus(real_part(left(env)), times(-1, real_part(right(env))))) == 0)


def _derivative(expr: Any) -> Rule:
    rule = compiled(expr.expr)
    for variable, times_over in expr.variable_count:
        for _ in range(int(times_over)):
            rule = _slope(rule, variable)
    return rule


def _slope(rule: Rule, variable: Any) -> Rule:
    label = variable.base.label if isinstance(variable, sympy.Indexed) else variable
    position = compiled(variable.indices[0]) if isinstance(variable, sympy.Indexed) else None

    def slope(env: Environment) -> Number:
        tag = next(_tags)
        if position is None:
            moved: Any = Jet(env[label], 1, tag)
        else:
            moved, at = list(env[label]), whole(position(env))
            if not 1 <= at <= len(moved):
                raise Undefined(f"{label}[{at}]")
            moved[at - 1] = Jet(moved[at - 1], 1, tag)
        value = rule({**env, label: moved})
        return value.slope if type(value) is Jet and value.tag == tag else 0

    return slope


def _limit(expr: Any) -> Rule:
    """The value close by, at two distances, which must agree to 20 digits; from both sides where both are wanted."""
    target, variable, point, direction = expr.args
    if str(direction) == "+-":
        sides = [sympy.Limit(target, variable, point, way) for way in "+-"]
        return _the_same(*(_limit(side) for side in sides))
    rule, at_infinity = compiled(target), point in (sympy.S.Infinity, sympy.S.NegativeInfinity)
    place = None if at_infinity else compiled(point)
    side = -1 if str(direction) == "-" or point == sympy.S.NegativeInfinity else 1

    def near(env: Environment, distance: Fraction) -> Number:
        at = side / distance if place is None else plus(place(env), side * distance)
        return rule({**env, variable: at})

    def limit(env: Environment) -> Number:
        with digits(400):
            rough, fine = near(env, Fraction(1, 10**25)), near(env, Fraction(1, 10**31))
            gap = abs(real_part(plus(rough, times(-1, fine))))
            if gap > Fraction(1, 10**20):
                raise Unclear("a limit that does not settle")
            return fine

    return limit


def _the_same(one: Rule, other: Rule) -> Rule:
    def both(env: Environment) -> Number:
        above, below = one(env), other(env)
        if abs(real_part(plus(above, times(-1, below)))) > Fraction(1, 10**15):
            raise Undefined("a limit that depends on the side")
        return above

    return both


@lru_cache
def _pi(precision: int) -> Decimal:
    """π by Machin's formula, 16 arctan(1/5) − 4 arctan(1/239), to `precision` digits."""
    unit = 10 ** (precision + 10)

    def arctan_of_inverse(n: int) -> int:
        term = total = unit // n
        for odd in range(3, 4 * precision + 40, 2):
            term = -term // (n * n)
            total += term // odd
        return total

    return Decimal(16 * arctan_of_inverse(5) - 4 * arctan_of_inverse(239)) / unit


def _choice(expr: Any) -> Rule:
    branches = [(compiled(value), _condition(condition)) for value, condition in expr.args]

    def choose(env: Environment) -> Number:
        for value, holds in branches:
            if holds(env):
                return value(env)
        raise Undefined("no branch applies")

    return choose


_COMPARISONS: dict[Any, Callable[[int], bool]] = {
    Equality: lambda side: side == 0, Unequality: lambda side: side != 0, LessThan: lambda side: side <= 0,
    GreaterThan: lambda side: side >= 0, StrictLessThan: lambda side: side < 0,
    StrictGreaterThan: lambda side: side > 0,
}  # fmt: skip


def _condition(condition: Any) -> Callable[[Environment], bool]:
    if condition in (sympy.S.true, sympy.S.false):
        return lambda env: bool(condition)
    if type(condition) not in _COMPARISONS:
        raise Unclear(type(condition).__name__)
    left, right = (compiled(side) for side in condition.args)
    decide = _COMPARISONS[type(condition)]
    return lambda env: decide(sign_of(plus(left(env), times(-1, right(env)))))


def _extreme(pick: Callable[[Number, Number], bool]) -> Callable[[Any], Rule]:
    def make(expr: Any) -> Rule:
        rules = [compiled(a) for a in expr.args]

        def extreme(env: Environment) -> Number:
            best, *rest = (rule(env) for rule in rules)
            for value in rest:
                best = value if pick(real_part(value), real_part(best)) else best
            return best

        return extreme

    return make


def _unary(compute: Callable[[Number], Number]) -> Callable[[Any], Rule]:
    def make(expr: Any) -> Rule:
        inner = compiled(expr.args[0])
        return lambda env: compute(inner(env))

    return make


def _factorial(value: Number) -> int:
    at = whole(value)
    if at < 0:
        raise Undefined("the factorial of a negative number")
    if at > 500:
        raise Unclear("a factorial out of reach")
    return factorial_of(at)


def _binomial(expr: Any) -> Rule:
    above, below = (compiled(a) for a in expr.args)

    def choose(env: Environment) -> int:
        n, k = whole(above(env)), whole(below(env))
        if n < 0:
            raise Unclear("a binomial of negative numbers")  # conventions differ
        return comb(n, k) if k >= 0 else 0

    return choose


_MAKERS: list[tuple[Any, Callable[[Any], Rule]]] = [
    (sympy.Symbol, _symbol),
    (Exp1, lambda e: lambda env: exponential(1)),
    (type(sympy.pi), lambda e: lambda env: _pi(getcontext().prec)),
    (type(sympy.GoldenRatio), lambda e: compiled((1 + sympy.sqrt(5)) / 2)),
    (sympy.Number, _constant),
    (sympy.Indexed, _entry),
    (sympy.Add, _folded(plus, 0)),
    (sympy.Mul, _folded(times, 1)),
    (sympy.exp, _exp),
    (sympy.Pow, _power),
    (sympy.log, _log),
    (sympy.Sum, _ranged(plus, 0)),
    (sympy.Product, _ranged(times, 1)),
    (sympy.KroneckerDelta, _delta),
    (sympy.Derivative, _derivative),
    (sympy.Limit, _limit),
    (Abbreviation, lambda e: compiled(e.definition)),
    (sympy.Piecewise, _choice),
    (sympy.Max, _extreme(lambda new, old: new > old)),
    (sympy.Min, _extreme(lambda new, old: new < old)),
    (sympy.Abs, _unary(absolute)),
    (sympy.sign, _unary(sign_of)),
    (sympy.sinh, _unary(hyperbolic("sinh"))),
    (sympy.cosh, _unary(hyperbolic("cosh"))),
    (sympy.tanh, _unary(hyperbolic("tanh"))),
    (sympy.factorial, _unary(_factorial)),
    (sympy.binomial, _binomial),
]
