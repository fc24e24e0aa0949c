"""The normal form of a SymPy expression.

Two expressions whose normal forms agree are equal wherever both are defined. The other way round is not promised:
a difference that is not reduced to 0 is left to the random points. Sizes and lengths stay symbolic throughout.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from sympy import (
    Abs,
    Add,
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
    exp,
    log,
    sinh,
    tanh,
)
from sympy.core.numbers import Exp1

from grader.algebra.atoms import (
    call_atom,
    delta_atom,
    exponential,
    item_atom,
    logarithm,
    loose_atom,
    raise_to,
    raise_to_symbol,
    symbol_atom,
)
from grader.algebra.budget import spend
from grader.algebra.domains import Domain, DomainSymbol
from grader.algebra.polynomial import (
    ANY_SIGN,
    NOT_NEGATIVE,
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
from grader.algebra.ranges import product_atom, sum_over
from grader.algebra.signs import poly_signs


class NoNormalForm(Exception):
    """The expression holds something that the normal form does not know."""


@dataclass
class Normalizer:
    """Turns expressions into normal forms and notes what it had to take for granted.

    conditions: for each denominator or logarithm's argument whose sign the domains don't settle, a text such as
    "x ≠ 0". The expressions must have been through ``open_definitions`` and ``resolve``.
    """

    conditions: list[str] = field(default_factory=list)
    _bound: dict[Symbol, Atom] = field(default_factory=dict)
    _current: list[Expr] = field(default_factory=list)

    def __call__(self, expr: Expr) -> Poly:
        """Return the normal form. Raises NoNormalForm, or OutOfBudget when a budget is in force."""
        spend(4)
        self._current.append(expr)
        try:
            for kinds, rule in self._rules():
                if isinstance(expr, kinds):
                    return rule(expr)
        finally:
            self._current.pop()
        raise NoNormalForm(type(expr).__name__)

    def _rules(self) -> list[tuple[Any, Callable[[Any], Poly]]]:
        return [
            ((Rational, Float), self._number), (Exp1, lambda e: exponential(ONE_POLY)),
            (NumberSymbol, lambda e: of_atom(symbol_atom(str(e), "constant", POSITIVE))),
            (Symbol, self._symbol), (Indexed, self._item), (Add, self._add), (Mul, self._mul),
            (exp, lambda e: exponential(self(e.exp))), (Pow, self._pow), (log, self._log), (Sum, self._sum),
            (Product, self._product), (KroneckerDelta, self._delta), (Abs, self._abs), ((tanh, sinh, cosh), self._call),
        ]  # fmt: skip

    def _require(self, poly: Poly, condition: str) -> None:
        signs = poly_signs(poly)
        settled = 0 not in signs if condition == "≠ 0" else signs == POSITIVE
        if not settled and poly.terms:
            culprit = self._current[-1]
            argument = culprit.args[0] if isinstance(culprit, Pow | log) else culprit
            text = f"{argument} {condition}"
            if text not in self.conditions:
                self.conditions.append(text)

    def _number(self, expr: Any) -> Poly:
        if expr in (S.NaN, S.Infinity, S.NegativeInfinity):
            raise NoNormalForm(str(expr))
        return number(
            Fraction(float(expr)) if isinstance(expr, Float) else Fraction(int(expr.p), int(expr.q))
        )

    def _symbol(self, expr: Symbol) -> Poly:
        if expr in self._bound:
            return of_atom(self._bound[expr])
        kind = "free"
        if isinstance(expr, DomainSymbol):
            domain = expr.domain
            # an index carries the key of its last value, so that a proof can tell whether it lies in a sum's range
            kind = domain.kind if domain.kind != "index" else f"index to {self(domain.size).key}"
        return of_atom(symbol_atom(expr.name, kind, POSITIVE if expr.is_positive else ANY_SIGN))

    def _item(self, expr: Indexed) -> Poly:
        label = expr.base.label
        if not isinstance(label, DomainSymbol) or label.domain.size is None or len(expr.indices) != 1:
            raise NoNormalForm(f"the family {label}")
        domain: Domain = label.domain
        signs = ANY_SIGN if domain.kind == "real" else POSITIVE
        index, length = self(expr.indices[0]), self(domain.size)
        return of_atom(item_atom(label.name, domain.kind, index, length.key, signs))

    def _add(self, expr: Add) -> Poly:
        total = ZERO_POLY
        for term in expr.args:
            total = total + self(term)
        return total

    def _mul(self, expr: Mul) -> Poly:
        product = ONE_POLY
        for factor in expr.args:
            product = product * self(factor)
        return product

    def _pow(self, expr: Pow) -> Poly:
        base, exponent = self(expr.base), self(expr.exp)
        value = exponent.constant()
        if value is None:
            return raise_to_symbol(base, exponent, self._require)
        if abs(value) > 64:
            raise NoNormalForm(f"the power {value}")
        return raise_to(base, value, self._require)

    def _log(self, expr: Any) -> Poly:
        argument = self(expr.args[0])
        result = logarithm(argument, self._require)
        if len(expr.args) == 2:
            result = result * raise_to(
                logarithm(self(expr.args[1]), self._require), Fraction(-1), self._require
            )
        return result

    def _ranged(self, expr: Any, close: Callable[[Poly, Atom, Poly, Poly, bool], Poly]) -> Poly:
        *inner, (variable, low, high) = expr.limits
        bounds = self(low), self(high)
        whole = expr.func(expr.function, *inner) if inner else expr.function
        loose = loose_atom()
        self._bound[variable] = loose
        try:
            body = self(whole)
        finally:
            del self._bound[variable]
        nonempty = poly_signs(bounds[1] - bounds[0] + ONE_POLY) == POSITIVE
        ends = bounds[0].constant(), bounds[1].constant()
        if ends[0] is not None and ends[1] is not None:
            return self._written_out(whole, variable, ends[0], ends[1], isinstance(expr, Sum))
        return close(body, loose, *bounds, nonempty)

    def _written_out(self, body: Expr, variable: Symbol, low: Fraction, high: Fraction, is_sum: bool) -> Poly:
        if low.denominator != 1 or high.denominator != 1 or high - low > 40:
            raise NoNormalForm(f"a range from {low} to {high}")
        result = ZERO_POLY if is_sum else ONE_POLY
        for value in range(int(low), int(high) + 1):
            term = self(body.xreplace({variable: S(value)}))
            result = result + term if is_sum else result * term
        return result

    def _sum(self, expr: Sum) -> Poly:
        return self._ranged(expr, sum_over)

    def _product(self, expr: Product) -> Poly:
        return self._ranged(expr, self._close_product)

    def _close_product(self, body: Poly, variable: Atom, low: Poly, high: Poly, nonempty: bool) -> Poly:
        """∏ of a positive factor is exp Σ log; what is not known to be positive stays a product."""
        clear, unclear = body, ONE_POLY
        single = body.single()
        if single is not None:
            mono, coefficient = single
            doubtful = [(a, e) for a, e in mono.factors if a.signs != POSITIVE]
            certain = [(a, e) for a, e in mono.factors if a.signs == POSITIVE]
            sign = Fraction(1 if coefficient > 0 else -1)
            clear = of_mono(make_mono(certain, mono.expo), abs(coefficient))
            unclear = of_mono(make_mono(doubtful, ZERO_POLY), sign)
        elif poly_signs(body) != POSITIVE:
            clear, unclear = ONE_POLY, body
        result = exponential(sum_over(logarithm(clear, self._require), variable, low, high, nonempty))
        return result if unclear == ONE_POLY else result * of_atom(product_atom(unclear, variable, low, high))

    def _delta(self, expr: KroneckerDelta) -> Poly:
        left, right = self(expr.args[0]), self(expr.args[1])
        if left == right:
            return ONE_POLY
        difference = (left - right).constant()
        return ZERO_POLY if difference else of_atom(delta_atom(left, right))

    def _abs(self, expr: Any) -> Poly:
        inner = self(expr.args[0])
        signs = poly_signs(inner)
        if signs <= NOT_NEGATIVE:
            return inner
        return -inner if 1 not in signs else of_atom(call_atom("Abs", [inner], NOT_NEGATIVE))

    def _call(self, expr: Any) -> Poly:
        return of_atom(call_atom(type(expr).__name__, [self(a) for a in expr.args]))


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
