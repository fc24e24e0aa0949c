"""Limits, by continuity, by Taylor's series, and by parts.

Every limit becomes one for u → 0 from above. Where the expression is continuous there, the limit is its value. A
quotient of two functions that are analytic at 0 is settled by the first derivatives that are not 0. The number of terms
of a sum does not change on the way, so a limit passes into it. SymPy's own limit is asked last, and only where each
parameter is known to be positive. The signs that a rule needs must be known; a limit is right, or there is NoRule.
There is NoRule as well where the letter can't go to the point (`approach`).
"""

from math import factorial
from typing import Any

from sympy import (
    Abs,
    Add,
    Dummy,
    Expr,
    Indexed,
    Integer,
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
    limit,
    log,
    sech,
    sinh,
    tanh,
)
from sympy import binomial as sympy_binomial
from sympy import factorial as sympy_factorial

from grader.algebra.approach import obstacle
from grader.algebra.budget import spend
from grader.algebra.derivatives import NoRule, differentiate
from grader.algebra.domains import DomainSymbol, free_symbols
from grader.algebra.inequalities import written_signs
from grader.algebra.normal import NoNormalForm, Normalizer, is_zero
from grader.algebra.polynomial import NEGATIVE, POSITIVE, Signs
from grader.algebra.signs import poly_signs

_HIGHEST_ORDER = 6
_EVERYWHERE = (exp, sinh, cosh, tanh, sech, Abs)  # continuous on all reals
_NOT_FINITE = (S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity)


def limit_of(expr: Expr, variable: Symbol, point: Expr, direction: str, normal: Normalizer) -> Expr:
    """Return the limit of expr for variable → point; direction: "+" from above, "-" from below, "+-" both.

    normal: knows the variables of the sums around the limit. Raises NoRule, also where the letter can't go there.
    """
    u = Dummy("u", positive=True)
    hindered = obstacle(expr, variable, point, direction, _Approach(u, normal).signs)
    if hindered is not None:
        raise NoRule(hindered)
    if variable not in free_symbols(expr):
        return expr
    if point in (S.Infinity, S.NegativeInfinity):
        places = [1 / u if point == S.Infinity else -1 / u]
    else:
        places = [point + u if side == "+" else point - u for side in direction]
    _note_constants(expr, variable, normal)
    found = [_Approach(u, normal).limit(expr.xreplace({variable: place})) for place in places]
    try:
        if any(not is_zero(normal(found[0]) - normal(other)) for other in found[1:]):
            raise NoRule("a limit that depends on the side")
    except NoNormalForm as reason:
        raise NoRule(str(reason)) from None
    return found[0]


def _note_constants(expr: Expr, variable: Symbol, normal: Normalizer) -> None:
    """Note what the parts that do not move take for granted: the limit may not hold them any more."""
    if variable not in free_symbols(expr):
        normal(expr)
    elif isinstance(expr, Sum | Product):
        for letter, low, high in reversed(expr.limits):
            normal = normal.under(letter, low, high)
        _note_constants(expr.function, variable, normal)
    else:
        for part in expr.args:
            if isinstance(part, Expr):
                _note_constants(part, variable, normal)


class _Approach:
    """What happens to expressions in u as u goes to 0 from above."""

    def __init__(self, u: Dummy, normal: Normalizer) -> None:
        self.u = u
        self.normal = normal

    def limit(self, expr: Expr) -> Expr:
        """The finite limit. Raises NoRule."""
        spend(16)
        if expr.has(S.ImaginaryUnit):  # SymPy makes √−u to i √u
            raise NoRule("the root of a negative number")
        if not self.moves(expr):
            return expr
        for way in (self.value, self.ratio, self.by_logarithm, self.by_parts, self.by_sympy):
            try:
                found = way(expr)
            except (NoRule, NoNormalForm):
                continue
            if not found.has(*_NOT_FINITE) and not self.moves(found):
                return found
        raise NoRule(f"a limit of {type(expr).__name__}")

    def moves(self, expr: Expr) -> bool:
        return self.u in free_symbols(expr)

    def signs(self, expr: Expr) -> Signs:
        """The signs that the value can have; a 0 in disguise is none of the others."""
        silent = Normalizer(_bound=self.normal._bound)
        poly = silent(expr)
        return poly_signs(poly) & written_signs(expr, silent) if not is_zero(poly) else frozenset({0})

    def value(self, expr: Expr) -> Expr:
        """The value at u = 0 of what is continuous there. Raises NoRule."""
        if not self.moves(expr):
            return expr
        if expr == self.u:
            return S.Zero
        if isinstance(expr, (Add, Mul, *_EVERYWHERE)):
            return self.finite(expr.func(*(self.value(a) for a in expr.args)))
        if isinstance(expr, log) and len(expr.args) == 1:
            return log(self.positive(self.value(expr.args[0])))
        if isinstance(expr, coth | csch):
            return expr.func(self.nonzero(self.value(expr.args[0])))
        if isinstance(expr, Pow):
            base, exponent = self.value(expr.base), self.value(expr.exp)
            if isinstance(expr.exp, Integer) or (not self.moves(expr.exp) and _is_count(expr.exp)):
                return (base if exponent.is_positive else self.nonzero(base)) ** exponent
            return self.finite(self.positive(base) ** exponent)
        if isinstance(expr, Sum | Product):
            return self.under(expr, "value")
        raise NoRule(f"the value of {type(expr).__name__}")

    def under(self, expr: Any, way: str) -> Expr:
        """The limit, or value, of each term."""
        inside = self.normal
        for variable, low, high in reversed(expr.limits):  # the last limit is the outermost
            if self.moves(low) or self.moves(high):
                raise NoRule("a range that moves")
            inside = inside.under(variable, low, high)
        return expr.func(getattr(_Approach(self.u, inside), way)(expr.function), *expr.limits)

    def finite(self, expr: Expr) -> Expr:
        if expr.has(*_NOT_FINITE):
            raise NoRule("a value that is not finite")
        return expr

    def positive(self, expr: Expr) -> Expr:
        if self.signs(expr) != POSITIVE:
            raise NoRule(f"whether {expr} is positive")
        return expr

    def nonzero(self, expr: Expr) -> Expr:
        if 0 in self.signs(expr):
            raise NoRule(f"whether {expr} is 0")
        return expr

    def ratio(self, expr: Expr) -> Expr:
        """N/D for N and D with continuous derivatives: both vanish to the order of D, and the next ones are divided."""
        above, below = self.fraction(expr)
        if not self.moves(below):
            raise NoRule("no quotient")
        order, leading = self.leading(below)
        coefficients = self.taylor(above, order)
        if any(not self.vanishes(c) for c in coefficients[:order]):
            raise NoRule("an infinite limit")
        return self.finite(coefficients[order] / leading)

    def leading(self, expr: Expr) -> tuple[int, Expr]:
        """(n, c) with expr = c uⁿ + …, c ≠ 0."""
        for order, coefficient in enumerate(self.taylor(expr, _HIGHEST_ORDER, until_nonzero=True)):
            if not self.vanishes(coefficient):
                return order, self.nonzero(coefficient)
        raise NoRule("a function that vanishes to a high order")

    def taylor(self, expr: Expr, order: int, until_nonzero: bool = False) -> list[Expr]:
        """The coefficients of 1, u, …, u^order."""
        found: list[Expr] = []
        for n in range(order + 1):
            found.append(self.value(expr) / factorial(n))
            if n == order or (until_nonzero and not self.vanishes(found[-1])):
                break
            expr = differentiate(expr, self.u)
        return found

    def vanishes(self, expr: Expr) -> bool:
        return is_zero(Normalizer(_bound=self.normal._bound)(expr))

    def fraction(self, expr: Expr) -> tuple[Expr, Expr]:
        """(N, D) with expr = N/D, taken apart at sums, products and whole powers."""
        if not self.moves(expr):
            return expr, S.One
        if isinstance(expr, Add):
            above, below = self.fraction(expr.args[0])
            for term in expr.args[1:]:
                n, d = self.fraction(term)
                above, below = (above + n, below) if d == below else (above * d + n * below, below * d)
            return above, below
        if isinstance(expr, Mul):
            parts = [self.fraction(a) for a in expr.args]
            return Mul(*(n for n, _ in parts)), Mul(*(d for _, d in parts))
        if isinstance(expr, Pow) and isinstance(expr.exp, Integer):
            above, below = self.fraction(expr.base)
            return (
                (above**expr.exp, below**expr.exp) if expr.exp > 0 else (below**-expr.exp, above**-expr.exp)
            )
        if isinstance(expr, Sum):
            above, below = self.fraction(expr.function)
            if not any(variable in free_symbols(below) for variable, _, _ in expr.limits):
                return Sum(above, *expr.limits), below
        return expr, S.One

    def by_parts(self, expr: Expr) -> Expr:
        if isinstance(expr, Add | Mul):
            return self.finite(expr.func(*(self.limit(a) for a in expr.args)))
        if isinstance(expr, exp):
            return S.Zero if self.infinite(expr.exp) == -1 else exp(self.limit(expr.exp))
        if isinstance(expr, log) and len(expr.args) == 1:
            return log(self.positive(self.limit(expr.args[0])))
        if isinstance(expr, Sum | Product):
            return self.under(expr, "limit")
        if isinstance(expr, Pow) and self.moves(expr.exp):
            self.positive(expr.base)
            return self.by_parts(exp(expr.exp * log(expr.base), evaluate=False))
        if isinstance(expr, Pow):
            if expr.exp.is_negative and self.infinite(expr.base) in (1, -1 if expr.exp.is_integer else 1):
                return S.Zero
            base = self.limit(expr.base)
            if not (isinstance(expr.exp, Integer) and expr.exp > 0):
                self.positive(base)
            return base**expr.exp
        raise NoRule(f"a limit of {type(expr).__name__}")

    def infinite(self, expr: Expr) -> int | None:
        """1 or −1 where the expression is known to go to +∞ or −∞."""
        try:
            return self.diverging(expr)
        except (NoRule, NoNormalForm):
            return None

    def diverging(self, expr: Expr) -> int | None:
        if not self.moves(expr):
            return None
        if isinstance(expr, exp):
            return 1 if self.infinite(expr.exp) == 1 else None
        if isinstance(expr, log) and len(expr.args) == 1:
            if self.infinite(expr.args[0]) == 1:
                return 1
            self.positive(expr.args[0])
            return -1 if self.vanishes(self.limit(expr.args[0])) else None
        if isinstance(expr, Add):
            parts = [(self.infinite(a), a) for a in expr.args]
            ways = {way for way, _ in parts if way is not None}
            if len(ways) == 1:
                for way, part in parts:
                    if way is None:
                        self.limit(part)  # finite, or NoRule
                return ways.pop()
        if isinstance(expr, Mul) and any(self.infinite(part) is not None for part in expr.args):
            side = 1
            for part in expr.args:
                way = self.infinite(part)
                if way is None:
                    way = self.sign(self.limit(part))
                side *= way
            return side
        above, below = self.fraction(expr)
        if not self.moves(below):
            return None
        (up_order, up), (down_order, down) = self.leading(above), self.leading(below)
        return self.sign(up / down) if up_order < down_order else None

    def sign(self, expr: Expr) -> int:
        """1 or −1. Raises NoRule where the sign is not known, and for 0, which times something infinite is anything."""
        signs = self.signs(expr)
        if signs not in (POSITIVE, NEGATIVE):
            raise NoRule(f"the sign of {expr}")
        return max(signs)

    def by_logarithm(self, expr: Expr) -> Expr:
        """f · log g → 0 for an f that vanishes like a power of u, and a g that behaves like one: u^n log u → 0."""
        logs = [a for a in Mul.make_args(expr) if isinstance(a, log) and len(a.args) == 1 and self.moves(a)]
        if len(logs) != 1:
            raise NoRule("no single logarithm")
        argument, beside = logs[0].args[0], Mul(*(a for a in Mul.make_args(expr) if a != logs[0]))
        above, below = self.fraction(argument)
        if self.sign(self.leading(above)[1] / self.leading(below)[1]) != 1:
            raise NoRule("the logarithm of what is not positive")
        above, below = self.fraction(beside)
        if self.leading(above)[0] <= self.leading(below)[0]:
            raise NoRule("a factor that does not vanish")
        return S.Zero

    def near_positive(self, expr: Expr) -> None:
        """Raise NoRule unless the expression is known to be positive for all small u."""
        if not self.moves(expr) or self.signs(expr) == POSITIVE:
            self.positive(expr)
        else:
            above, below = self.fraction(expr)
            if self.sign(self.leading(above)[1] / self.leading(below)[1]) != 1:
                raise NoRule(f"whether {expr} is positive")

    def by_sympy(self, expr: Expr) -> Expr:
        """SymPy's limit, where nothing but u and positive numbers stands in the expression."""
        kinds = (Sum, Product, KroneckerDelta, Abs, sympy_factorial, sympy_binomial)
        entries = {
            e: Dummy("e", positive=True) for e in expr.atoms(Indexed) if not self.moves(e) and e.is_positive
        }
        plain = expr.xreplace(entries)
        others = [s for s in plain.free_symbols if s != self.u]
        if plain.has(Indexed, *kinds) or not all(s.is_positive and not s.is_integer for s in others):
            raise NoRule("a limit with parameters of unknown sign")
        for part in (*expr.atoms(log), *(p for p in expr.atoms(Pow) if not isinstance(p.exp, Integer))):
            self.near_positive(part.args[0])  # SymPy would go through complex numbers
        # A probability is 1/(1 + a) with a > 0: SymPy can assume that, but not that a symbol is below 1.
        odds = {s: Dummy(s.name, positive=True) for s in others if _is_probability(s)}
        try:
            found = limit(plain.xreplace({s: 1 / (1 + a) for s, a in odds.items()}), self.u, 0, "+")
        except (NotImplementedError, ValueError, TypeError, RecursionError) as problem:
            raise NoRule(f"a limit: {problem}") from None
        if not isinstance(found, Expr) or found.is_real is not True:
            raise NoRule("a limit that is not finite")
        back = {a: 1 / s - 1 for s, a in odds.items()} | {dummy: entry for entry, dummy in entries.items()}
        return found.xreplace(back)


def _is_count(expr: Expr) -> bool:
    """Whether an exponent is a whole number ≥ 1, such as a size."""
    return bool(expr.is_integer and expr.is_positive)


def _is_probability(symbol: Symbol) -> bool:
    return (
        isinstance(symbol, DomainSymbol)
        and symbol.domain.kind == "probability"
        and symbol.domain.size is None
    )
