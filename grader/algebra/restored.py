"""Normal forms as SymPy expressions again: for conditions that are printed, and for numbers that are enclosed."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from sympy import (
    Abs,
    Add,
    Expr,
    Indexed,
    KroneckerDelta,
    Mul,
    Product,
    Rational,
    Sum,
    Symbol,
    binomial,
    exp,
    log,
)
from sympy import Poly as SymPyPoly

from grader.algebra.atoms import primitive
from grader.algebra.conditions import Condition, ConditionRelation
from grader.algebra.polynomial import NOT_NEGATIVE, POSITIVE, Atom, Mono, Poly, make_mono, of_atom, of_mono
from grader.algebra.signs import poly_signs


class _Restorer:
    """Turns polynomials into expressions; the variables of sums get letters of their own."""

    def __init__(self) -> None:
        self.letters: dict[Atom, Symbol] = {}
        self.over: list[tuple[Symbol, Expr, Expr]] = []
        self.taken: set[str] = set()

    def poly(self, poly: Poly) -> Expr:
        return Add(*(self.mono(m, c) for m, c in sorted(poly.terms.items(), key=lambda pair: pair[0].key)))

    def mono(self, mono: Mono, coefficient: Fraction) -> Expr:
        factors = [_number(coefficient), *(self.atom(a) ** _number(e) for a, e in mono.factors)]
        return Mul(*factors, exp(self.poly(mono.expo))) if mono.expo.terms else Mul(*factors)

    def atom(self, atom: Atom) -> Expr:
        match atom.kind:
            case "symbol":
                symbol: Expr = atom.parts[2]
                return symbol
            case "loose" | "bound":
                return self.letter(atom)
            case "item":
                return Indexed(atom.parts[5], self.poly(atom.parts[2]))
            case "sum":
                return self.sum(atom)
            case "product":
                (bound, low, high), body = atom.parts
                ends = self.poly(low), self.poly(high)
                return Product(self.poly(body), (self.new_letter(bound), *ends))
            case "call":
                return Abs(*(self.poly(p) for p in atom.parts[1]))
        build: dict[str, Callable[..., Expr]] = {
            "log": log, "poly": lambda e: e, "power": lambda b, e: b**e, "delta": KroneckerDelta,
            "binomial": binomial,
        }  # fmt: skip
        return build[atom.kind](*(self.poly(p) for p in atom.parts))

    def sum(self, atom: Atom) -> Expr:
        bounds, body = atom.parts
        ends = [(self.poly(low), self.poly(high)) for _, low, high in bounds]
        letters = [self.new_letter(bound) for bound, _, _ in bounds]
        limits = [(letter, *pair) for letter, pair in zip(letters, ends, strict=True)]
        return Sum(self.mono(body, Fraction(1)), *limits)

    def new_letter(self, atom: Atom) -> Symbol:
        wanted = atom.parts[0].name if isinstance(atom.parts[0], Symbol) else "k"
        name, count = wanted, 1
        while name in self.taken:
            name, count = f"{wanted}_{count}", count + 1
        self.taken.add(name)
        self.letters[atom] = Symbol(name, integer=True)
        return self.letters[atom]

    def letter(self, atom: Atom) -> Symbol:
        """The letter of a variable; one of a sum around is quantified over its range."""
        if atom not in self.letters:
            assert atom.between is not None and atom.between[1] is not None
            low, high = self.poly(atom.between[0]), self.poly(atom.between[1])
            self.over.append((self.new_letter(atom), low, high))
        return self.letters[atom]


def _number(value: Fraction) -> Expr:
    return Rational(value.numerator, value.denominator)


def restored(poly: Poly) -> Expr:
    """Return the polynomial as an expression."""
    return _restorer_for(poly).poly(poly)


def _restorer_for(poly: Poly) -> _Restorer:
    restorer = _Restorer()
    restorer.taken = _names(poly)
    return restorer


def _names(poly: Poly) -> set[str]:
    """The names of the symbols in the polynomial, which no letter of a sum may take."""
    found: set[str] = set()

    def look(part: Any) -> None:
        if isinstance(part, Poly):
            for mono in part.terms:
                look(mono)
        elif isinstance(part, Mono):
            look(part.expo)
            for atom, _ in part.factors:
                look(atom)
        elif isinstance(part, Atom):
            if part.kind in ("symbol", "item"):
                found.add(part.parts[0])
            for inner in (*part.parts, *(part.between or ())):
                look(inner)
        elif isinstance(part, tuple):
            for inner in part:
                look(inner)

    look(poly)
    return found


def conditions_of(poly: Poly, relation: ConditionRelation) -> list[Condition]:
    """Return the conditions, in a form that is the same for multiples, that say `poly relation`.

    A product is not 0 where no factor is; of one that is positive the positive factors are left out.
    """
    if relation == "≥ 0":
        return [_condition(poly, relation)]
    _, common, rest = primitive(poly)
    if len(common.factors) == 1 and common.factors[0][0].kind == "binomial" and rest.constant() is not None:
        n, k = common.factors[0][0].parts
        return [_condition(p, "≥ 0") for p in (k, n - k) if not poly_signs(p) <= NOT_NEGATIVE]
    if relation == "≠ 0":
        found = [c for a, _ in common.factors if 0 in a.signs for c in _factor_not_zero(a)]
        exponents = _of_exponents(rest)
        if exponents is not None:
            return found + conditions_of(exponents, relation)
        return found + ([_condition(rest, relation)] if 0 in poly_signs(rest) else [])
    unclear = [(a, e) for a, e in common.factors if a.signs != POSITIVE]
    squares = [a for a, e in unclear if e.numerator % 2 == 0]
    left = rest * of_mono(make_mono([(a, _without_squares(e)) for a, e in unclear], Poly({})))
    found = [condition for a in squares for condition in conditions_of(of_atom(a), "≠ 0")]
    return found + ([] if poly_signs(left) == POSITIVE else [_condition(left, relation)])


def _factor_not_zero(atom: Atom) -> list[Condition]:
    """A power is 0 where its base is: 0^e with e > 0."""
    if atom.kind == "power":
        return conditions_of(atom.parts[0], "≠ 0")
    return [_condition(of_atom(atom), "≠ 0")]


def _without_squares(exponent: Fraction) -> Fraction:
    """An exponent that gives the same sign."""
    return Fraction(exponent.numerator % 2) if exponent.denominator == 1 else exponent


def _of_exponents(poly: Poly) -> Poly | None:
    """A − B for e^A − e^B: the one is 0 where the other is. None for another form."""
    if len(poly.terms) != 2:
        return None
    (first, one), (second, other) = poly.terms.items()
    if first.factors or second.factors or one != -other:
        return None
    return first.expo - second.expo


def _condition(poly: Poly, relation: ConditionRelation) -> Condition:
    if poly.loose:
        poly_expr = _restorer_for(poly)
        expr = poly_expr.poly(poly)
        return Condition(expr, relation, tuple(poly_expr.over))
    expr = restored(poly)
    if relation == "≠ 0" and expr.could_extract_minus_sign():
        expr = -expr
    return Condition(expr, relation)


def as_closed_number(poly: Poly) -> Expr | None:
    """Return the number that the polynomial is, built of rationals, logarithms, roots, exponentials and constants.

    None when a symbol, a sum or a product stands in it.
    """
    expr = restored(poly)
    return None if expr.free_symbols or expr.has(Sum, Product, binomial, KroneckerDelta) else expr


def as_polynomial(poly: Poly) -> SymPyPoly | None:
    """Return the polynomial in independent scalar symbols, or None where anything else stands in it.

    One that is not 0 has a value other than 0 in the domain: reals, positives and probabilities fill an interval,
    sizes have no upper bound, and an index up to a size none either.
    """
    symbols: dict[str, Expr] = {}
    for mono in poly.terms:
        for atom, exponent in mono.factors:
            if atom.kind != "symbol" or exponent.denominator != 1 or exponent < 0:
                return None
            if atom.parts[1] in ("constant", "free") or _is_confined(atom):
                return None
            symbols[atom.key] = atom.parts[2]
        if mono.expo.terms:
            return None
    ordered = [symbols[key] for key in sorted(symbols)]
    return SymPyPoly(restored(poly), *ordered, domain="QQ") if ordered else None


def _is_confined(atom: Atom) -> bool:
    """Whether an index has a last value that is a number: such a domain holds finitely many points."""
    last = atom.between[1] if atom.between is not None else None
    return last is not None and not any(
        a.kind == "symbol" and a.between is not None and a.between[1] is None
        for m in last.terms
        for a, _ in m.factors
    )
