"""The normal form of a SymPy expression.

Two expressions whose normal forms agree are equal wherever both are defined and the noted conditions hold. The other
way round is not promised: a difference that is not reduced to 0 is left to the random points. Sizes and lengths stay
symbolic throughout.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sympy import (
    Abs,
    Add,
    Dummy,
    Expr,
    Float,
    Indexed,
    KroneckerDelta,
    Mul,
    NumberSymbol,
    Pow,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    cosh,
    coth,
    csch,
    exp,
    factorial,
    log,
    sech,
    sinh,
    tanh,
)
from sympy import binomial as sympy_binomial
from sympy.core.numbers import Exp1

from grader.algebra.atoms import (
    absolute,
    delta,
    exponential,
    item_atom,
    logarithm,
    loose_atom,
    raise_to,
    raise_to_symbol,
    symbol_atom,
    whole_atom,
)
from grader.algebra.budget import spend
from grader.algebra.conditions import Condition, ConditionRelation
from grader.algebra.curves import Curve
from grader.algebra.domains import Domain, DomainSymbol
from grader.algebra.factorials import binomial
from grader.algebra.integers import is_whole
from grader.algebra.polynomial import (
    ANY_SIGN,
    ONE_POLY,
    POSITIVE,
    ZERO_POLY,
    Atom,
    Poly,
    make_mono,
    number,
    of_atom,
    of_mono,
    power,
)
from grader.algebra.ranges import product_over, sum_over
from grader.algebra.requirements import Unmet, require, requiring
from grader.algebra.restored import conditions_of

_LONGEST = 40  # terms of a range between numbers that are written out
_HIGHEST_POWER = 64
_MOST_BITS = 20_000  # of a number with a binary exponent


class NoNormalForm(Exception):
    """The expression holds something that the normal form does not know, or is defined nowhere."""


@dataclass
class Normalizer:
    """Turns expressions into normal forms and notes what it had to take for granted.

    conditions: what the domains don't settle of denominators, roots, logarithms and the entries of families. The
    expressions must have been through ``open_definitions`` and ``resolve``. as_factorials: write C(n, k) as
    n!/(k! (n − k)!), with the condition 0 ≤ k ≤ n where it is not known.
    """

    conditions: list[Condition] = field(default_factory=list)
    as_factorials: bool = False
    _bound: dict[Symbol, Atom] = field(default_factory=dict)

    def __call__(self, expr: Expr) -> Poly:
        """Return the normal form. Raises NoNormalForm, or OutOfBudget when a budget is in force."""
        try:
            with requiring(self._note):
                return self._form(expr)
        except Unmet as reason:
            raise NoNormalForm(str(reason)) from None

    def under(self, variable: Symbol, low: Expr, high: Expr) -> "Normalizer":
        """Return a normalizer for what stands under a sum or product over a variable from low to high."""
        atom = loose_atom(variable, self(low), self(high))
        return Normalizer(self.conditions, self.as_factorials, {**self._bound, variable: atom})

    def _note(self, poly: Poly, relation: ConditionRelation) -> None:
        for condition in conditions_of(poly, relation):
            if condition not in self.conditions:
                self.conditions.append(condition)

    def _form(self, expr: Expr) -> Poly:
        spend(4)
        for kinds, rule in self._rules():
            if isinstance(expr, kinds):
                return rule(expr)
        raise NoNormalForm(type(expr).__name__)

    def _rules(self) -> list[tuple[Any, Callable[[Any], Poly]]]:
        return [
            ((Rational, Float), self._number), (Exp1, lambda e: exponential(ONE_POLY)),
            (NumberSymbol, lambda e: of_atom(symbol_atom(str(e), "constant", POSITIVE, e))),
            (Symbol, self._symbol), (Indexed, self._item), (Add, self._add), (Mul, self._mul),
            (exp, lambda e: exponential(self._form(e.exp))), (Pow, self._pow), (log, self._log), (Sum, self._sum),
            (Product, self._product), (KroneckerDelta, self._delta), (Abs, lambda e: absolute(self._form(e.args[0]))),
            ((tanh, sinh, cosh, sech, csch, coth), self._hyperbolic), (factorial, self._factorial),
            (sympy_binomial, self._binomial), (Curve, self._curve),
        ]  # fmt: skip

    def _number(self, expr: Any) -> Poly:
        if not expr.is_finite:
            raise NoNormalForm(str(expr))
        return number(exact(expr))

    def _symbol(self, expr: Symbol) -> Poly:
        if expr in self._bound:
            return of_atom(self._bound[expr])
        if not isinstance(expr, DomainSymbol):
            name = f"{expr.name}_{expr.dummy_index}" if isinstance(expr, Dummy) else expr.name
            return of_atom(symbol_atom(name, "free", POSITIVE if expr.is_positive else ANY_SIGN, expr))
        domain = expr.domain
        if domain.kind == "size":
            return of_atom(whole_atom(expr.name, "size", expr, number(domain.at_least), None))
        if domain.kind == "index":
            return of_atom(whole_atom(expr.name, "index", expr, ONE_POLY, self._form(domain.size)))
        return of_atom(symbol_atom(expr.name, domain.kind, POSITIVE if expr.is_positive else ANY_SIGN, expr))

    def _item(self, expr: Indexed) -> Poly:
        label = expr.base.label
        if not isinstance(label, DomainSymbol) or label.domain.size is None or len(expr.indices) != 1:
            raise NoNormalForm(f"the family {label}")
        domain: Domain = label.domain
        signs = ANY_SIGN if domain.kind == "real" else POSITIVE
        index, length = self._form(expr.indices[0]), self._form(domain.size)
        if not is_whole(index):
            raise NoNormalForm(f"the entry {expr}, whose index may not be whole")
        require(index - ONE_POLY, "≥ 0")
        require(length - index, "≥ 0")
        return of_atom(item_atom(label.name, domain.kind, index, length.key, signs, expr.base))

    def _add(self, expr: Add) -> Poly:
        total = ZERO_POLY
        for term in expr.args:
            total = total + self._form(term)
        return total

    def _mul(self, expr: Mul) -> Poly:
        product = ONE_POLY
        for factor in expr.args:
            product = product * self._form(factor)
        return product

    def _pow(self, expr: Pow) -> Poly:
        base, exponent = self._form(expr.base), self._form(expr.exp)
        value = exponent.constant()
        if value is not None and abs(value) > (_HIGHEST_POWER if len(base.terms) > 1 else _MOST_BITS):
            raise NoNormalForm(f"the power {value}")
        return raise_to_symbol(base, exponent)

    def _log(self, expr: Any) -> Poly:
        result = logarithm(self._form(expr.args[0]))
        if len(expr.args) == 2:
            result = result * raise_to(logarithm(self._form(expr.args[1])), Fraction(-1))
        return result

    def _hyperbolic(self, expr: Any) -> Poly:
        """By exponentials: 2 sinh x = e^x − e^−x, and tanh x = 1 − 2/(e^2x + 1)."""
        x = self._form(expr.args[0])
        double = exponential(x.scaled(Fraction(2)))
        if isinstance(expr, sinh | cosh):
            other = exponential(-x)
            return (exponential(x) + (other if isinstance(expr, cosh) else -other)).scaled(Fraction(1, 2))
        inverse = raise_to(double + (ONE_POLY if isinstance(expr, tanh | sech) else -ONE_POLY), Fraction(-1))
        if isinstance(expr, tanh | coth):
            return ONE_POLY + inverse.scaled(Fraction(-2 if isinstance(expr, tanh) else 2))
        return (exponential(x) * inverse).scaled(Fraction(2))

    def _curve(self, expr: Curve) -> Poly:
        self._form(expr.place)  # for what the place takes for granted
        return self._form(expr.entry)

    def _factorial(self, expr: Any) -> Poly:
        """n! = 1 · 2 · … · n for a whole n ≥ 0; other arguments are no part of the course."""
        n = self._form(expr.args[0])
        if not is_whole(n):
            raise NoNormalForm("a factorial of what may not be a whole number")
        require(n, "≥ 0")
        variable = loose_atom(None, ONE_POLY, n)
        return product_over(of_atom(variable), variable)

    def _binomial(self, expr: Any) -> Poly:
        n, k = (self._form(a) for a in expr.args)
        plain = binomial(n, k)
        if not self.as_factorials or not any(a.kind == "binomial" for m in plain.terms for a, _ in m.factors):
            return plain
        whole, chosen, left = (
            factorial(a) for a in (expr.args[0], expr.args[1], expr.args[0] - expr.args[1])
        )
        return self._form(whole) * raise_to(self._form(chosen) * self._form(left), Fraction(-1))

    def _ranged(self, expr: Any, close: Callable[[Poly, Atom], Poly]) -> Poly:
        *inner, (variable, low, high) = expr.limits
        first, last = self._form(low), self._form(high)
        if not is_whole(first) or not is_whole(last):
            raise NoNormalForm(f"a range from {low} to {high}, which may not be whole numbers")
        whole = expr.func(expr.function, *inner) if inner else expr.function
        ends = first.constant(), last.constant()
        if ends[0] is not None and ends[1] is not None and ends[1] - ends[0] < _LONGEST:
            return self._written_out(
                whole, variable, range(int(ends[0]), int(ends[1]) + 1), isinstance(expr, Sum)
            )
        loose = loose_atom(variable, first, last)
        around = self._bound
        self._bound = {**around, variable: loose}
        try:
            return close(self._form(whole), loose)
        finally:
            self._bound = around

    def _written_out(self, body: Expr, variable: Symbol, values: range, is_sum: bool) -> Poly:
        result = ZERO_POLY if is_sum else ONE_POLY
        for value in values:
            term = self._form(body.xreplace({variable: S(value)}))
            result = result + term if is_sum else result * term
        return result

    def _sum(self, expr: Sum) -> Poly:
        return self._ranged(expr, sum_over)

    def _product(self, expr: Product) -> Poly:
        return self._ranged(expr, product_over)

    def _delta(self, expr: KroneckerDelta) -> Poly:
        if len(expr.args) != 2:
            raise NoNormalForm("a Kronecker delta with a range")
        return delta(self._form(expr.args[0]), self._form(expr.args[1]))


def exact(value: Any) -> Fraction:
    """Return the rational number that a finite Rational or Float is, with all its digits."""
    if not isinstance(value, Float):
        return Fraction(int(value.p), int(value.q))
    sign, mantissa, exponent, _ = value._mpf_
    if abs(exponent) > _MOST_BITS:
        raise NoNormalForm(f"the number {value}")
    return Fraction(-int(mantissa) if sign else int(mantissa)) * Fraction(2) ** int(exponent)


def is_zero(poly: Poly) -> bool:
    """Return whether the normal form is 0 after its denominators are multiplied out.

    A denominator is never 0 where the expression is defined, so multiplying by it loses nothing.
    """
    for _ in range(12):
        if not poly.terms:
            return True
        lowest: dict[Atom, Fraction] = {}
        for mono in poly.terms:
            for atom, exponent in mono.factors:
                if atom.kind == "poly" and exponent < 0:
                    lowest[atom] = min(lowest.get(atom, Fraction(0)), exponent)
        if not lowest:
            return False
        atom, exponent = min(lowest.items(), key=lambda pair: pair[0].key)
        whole = -(exponent.numerator // exponent.denominator)
        cleared = ZERO_POLY
        for mono, coefficient in poly.terms.items():
            own = dict(mono.factors).get(atom, Fraction(0))
            rest = of_mono(make_mono([(a, e) for a, e in mono.factors if a != atom], mono.expo), coefficient)
            raised = own + whole
            rest = rest * power(atom.parts[0], int(raised))
            if raised.denominator != 1:
                rest = rest * of_atom(atom, raised - int(raised))
            cleared = cleared + rest
        poly = cleared
    return False
