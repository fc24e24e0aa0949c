"""Proofs that a quantity is not negative.

Four arguments, each sound on its own: the signs of the parts as they are written (a sum of squares times positive
weights); the signs of the normal form's terms; log t ≤ t − 1 or e^x ≥ 1 + x at one place; and that a term of a sum
of positive terms is at most the sum.
"""

from fractions import Fraction
from typing import Any

from sympy import (
    Abs,
    Add,
    Expr,
    Indexed,
    KroneckerDelta,
    Mul,
    Number,
    NumberSymbol,
    Pow,
    Product,
    Sum,
    Symbol,
    exp,
    log,
)

from grader.algebra.atoms import loose_atom, poly_atom
from grader.algebra.budget import spend
from grader.algebra.domains import DomainSymbol
from grader.algebra.normal import is_zero
from grader.algebra.polynomial import (
    ANY_SIGN,
    NOT_NEGATIVE,
    NOT_POSITIVE,
    ONE_POLY,
    POSITIVE,
    ZERO,
    ZERO_POLY,
    Atom,
    Mono,
    Poly,
    Signs,
    make_mono,
    map_mono,
    of_mono,
    power,
)
from grader.algebra.ranges import renaming, sum_over
from grader.algebra.signs import mono_signs, poly_signs, sign_power, sign_product, sign_sum

Pairs = tuple[tuple[Poly, Poly], ...]


def written_signs(expr: Expr) -> Signs:
    """Return the signs that an expression can have, read off its parts as they are written."""
    spend()
    if isinstance(expr, Number | NumberSymbol):
        if not expr.is_finite:
            return ANY_SIGN
        return ZERO if expr == 0 else (POSITIVE if expr > 0 else frozenset({-1}))
    if isinstance(expr, Symbol | Indexed):
        return POSITIVE if expr.is_positive else ANY_SIGN
    if isinstance(expr, Add):
        return _of_sum(expr)
    if isinstance(expr, Mul):
        signs = POSITIVE
        for factor in expr.args:
            signs = sign_product(signs, written_signs(factor))
        return signs
    if isinstance(expr, exp):
        return POSITIVE
    if isinstance(expr, Pow):
        if expr.exp.is_Rational:
            return sign_power(written_signs(expr.base), Fraction(int(expr.exp.p), int(expr.exp.q)))
        return POSITIVE if written_signs(expr.base) == POSITIVE else ANY_SIGN
    if isinstance(expr, log) and len(expr.args) == 1:
        return _of_sum(Add(expr.args[0], -1, evaluate=False))
    if isinstance(expr, Sum | Product):
        inner = written_signs(expr.function)
        nonempty = all(low == 1 and high.is_positive for _, low, high in expr.limits)
        if isinstance(expr, Sum):
            return inner if nonempty else inner | ZERO
        return inner if inner <= NOT_NEGATIVE else ANY_SIGN
    if isinstance(expr, KroneckerDelta | Abs):
        return NOT_NEGATIVE
    return ANY_SIGN


def _of_sum(expr: Add) -> Signs:
    signs: Signs = ZERO
    for term in expr.args:
        signs = sign_sum(signs, written_signs(term))
    if len(signs) < 3 or len(expr.args) != 2:
        return signs
    first, second = sorted(expr.args, key=lambda a: not isinstance(a, Number))
    if not isinstance(first, Number):
        return signs
    if first == -1:  # x − 1
        return _against_one(second)
    if first == 1 and isinstance(second, Mul | Symbol | Indexed):  # 1 − x
        return frozenset(-s for s in _against_one(-second))
    return signs


def _against_one(expr: Expr) -> Signs:
    """The signs of expr − 1 for a probability, an entry of a distribution, or a size."""
    label = expr.base.label if isinstance(expr, Indexed) else expr
    kind = label.domain.kind if isinstance(label, DomainSymbol) else None
    if kind == "probability":
        return frozenset({-1})
    if kind == "simplex":
        return NOT_POSITIVE
    if kind in ("size", "index"):
        return NOT_NEGATIVE
    return ANY_SIGN


def not_negative(poly: Poly, strict: bool = False, depth: int = 4, distinct: Pairs = ()) -> str | None:
    """Return how it is known that the normal form is ≥ 0 (> 0 when strict), or None when it is not known.

    distinct: pairs of indices, in normal form, that are known to differ. Every reduction gives a polynomial that is
    at most a positive multiple of this one.
    """
    spend(8)
    wanted = POSITIVE if strict else NOT_NEGATIVE
    if poly_signs(poly) <= wanted or (not strict and is_zero(poly)):
        return "the signs of its terms"
    if depth == 0:
        return None
    for reduce in (_cleared, lambda p: _without_own_terms(p, distinct), _tangents, _under_sums, _divided):
        for smaller, reason in reduce(poly):
            found = not_negative(smaller, strict, depth - 1, distinct)
            if found is not None:
                return reason or found
    return None


def _cleared(poly: Poly) -> list[tuple[Poly, str]]:
    """The polynomial times a positive denominator."""
    lowest: dict[Atom, Fraction] = {}
    for mono in poly.terms:
        for atom, exponent in mono.factors:
            if exponent < 0 and atom.signs == POSITIVE:
                lowest[atom] = min(lowest.get(atom, exponent), exponent)
    if not lowest:
        return []
    return [(poly * of_mono(make_mono([(a, -e) for a, e in lowest.items()], ZERO_POLY)), "")]


def _divided(poly: Poly) -> list[tuple[Poly, str]]:
    """The polynomial divided by an exponential that is one of its terms."""
    exponents = sorted({m.expo for m in poly.terms if m.expo.terms and not m.factors}, key=lambda e: e.key)
    return [(poly * of_mono(Mono((), -expo)), "") for expo in exponents]


def _tangents(poly: Poly) -> list[tuple[Poly, str]]:
    """Smaller polynomials: a log B replaced by a (1 − 1/B), or a e^x by a (1 + x), for a positive factor a."""
    found: list[tuple[Poly, str]] = []
    for cofactor, logs in _logarithms(poly).items():
        if mono_signs(cofactor) <= NOT_NEGATIVE:
            rest, inverse = poly, ONE_POLY
            for atom, times in logs:
                rest = rest - of_mono(
                    make_mono([*cofactor.factors, (atom, Fraction(1))], cofactor.expo), times
                )
                inverse = inverse * _to_power(atom.parts[0], -times)
            found.append((rest + of_mono(cofactor) * (ONE_POLY - inverse), "log t ≤ t − 1"))
    for mono, coefficient in poly.terms.items():
        rest_mono = Mono(mono.factors, ZERO_POLY)
        if mono.expo.terms and coefficient > 0 and mono_signs(rest_mono) <= NOT_NEGATIVE:
            tangent = of_mono(rest_mono, coefficient) * (ONE_POLY + mono.expo)
            found.append((poly - of_mono(mono, coefficient) + tangent, "e^x ≥ 1 + x"))
    return found


def _logarithms(poly: Poly) -> dict[Mono, list[tuple[Atom, Fraction]]]:
    """Group the terms a · n · log A by their cofactor a, for a whole number n."""
    groups: dict[Mono, list[tuple[Atom, Fraction]]] = {}
    for mono, coefficient in poly.terms.items():
        logs = [(a, e) for a, e in mono.factors if a.kind == "log"]
        if len(logs) == 1 and logs[0][1] == 1 and coefficient.denominator == 1 and abs(coefficient) <= 8:
            cofactor = make_mono([(a, e) for a, e in mono.factors if a.kind != "log"], mono.expo)
            groups.setdefault(cofactor, []).append((logs[0][0], coefficient))
    return groups


def _to_power(argument: Poly, exponent: Fraction) -> Poly:
    """argument^exponent for a whole number; a logarithm's argument is positive where the logarithm is defined."""
    if exponent >= 0:
        return power(argument, int(exponent))
    single = argument.single()
    if single is not None:
        mono, coefficient = single
        inverse = make_mono([(a, e * exponent) for a, e in mono.factors], mono.expo.scaled(exponent))
        return of_mono(inverse, coefficient ** int(exponent))
    return of_mono(make_mono([(poly_atom(argument), exponent)], ZERO_POLY))


def _under_sums(poly: Poly) -> list[tuple[Poly, str]]:
    """Sums over one range gathered into Σ f: dropped where f ≥ 0, or with f replaced by something smaller."""
    groups: dict[str, tuple[tuple[Any, ...], Poly, Poly]] = {}
    for mono, coefficient in poly.terms.items():
        sums = [a for a, e in mono.factors if a.kind == "sum" and e == 1 and len(a.parts[0]) == 1]
        for atom in sums[:1]:
            (bound, low, high), body, nonempty = atom.parts[0][0], atom.parts[1], atom.parts[2]
            key = f"{low.key}..{high.key}"
            variable = groups[key][0][0] if key in groups else loose_atom()
            gathered, whole = groups[key][1:] if key in groups else (ZERO_POLY, ZERO_POLY)
            cofactor = of_mono(
                make_mono([(a, e) for a, e in mono.factors if a != atom], mono.expo), coefficient
            )
            own = of_mono(map_mono(body, renaming({bound: variable}))) * cofactor
            groups[key] = (
                (variable, low, high, nonempty),
                gathered + own,
                whole + of_mono(mono, coefficient),
            )
    found = []
    for (variable, low, high, nonempty), body, whole in groups.values():
        reason = not_negative(body, depth=1)
        if reason is not None:
            found.append((poly - whole, reason))
        found.extend(
            (poly - whole + sum_over(smaller, variable, low, high, nonempty), name)
            for smaller, name in _tangents(body)
        )
    return found


def _without_own_terms(poly: Poly, distinct: Pairs) -> list[tuple[Poly, str]]:
    """Smaller polynomials: a positive sum from 1 to V replaced by its term at an index j that occurs beside it.

    Where j and y are known to differ, the sum is replaced by both of their terms.
    """
    found = []
    pairs = [tuple(atom for index in pair for atom in _indices(index)) for pair in distinct]
    chosen = [pair for pair in pairs if len(pair) == 2] + [(index,) for index in _indices(poly)]
    for mono, coefficient in poly.terms.items():
        for atom in [a for a, e in mono.factors if a.kind == "sum" and e == 1 and a.signs == POSITIVE]:
            bounds, body, _ = atom.parts
            rest = make_mono([(a, e) for a, e in mono.factors if a != atom], mono.expo)
            if len(bounds) != 1 or coefficient < 0 or not mono_signs(rest) <= NOT_NEGATIVE:
                continue
            variable, low, high = bounds[0]
            for indices in chosen:
                if low != ONE_POLY or any(i.parts[1] != f"index to {high.key}" for i in indices):
                    continue
                own = ZERO_POLY
                for index in indices:
                    own = own + of_mono(map_mono(body, renaming({variable: index})), coefficient)
                smaller = poly - of_mono(mono, coefficient) + own * of_mono(rest)
                found.append((smaller, "a sum of positive terms is at least as large as some of them"))
    return found


def _indices(poly: Poly) -> list[Atom]:
    found: dict[str, Atom] = {}

    def look(atom: Any) -> None:
        if atom.kind == "symbol" and atom.parts[1].startswith("index to "):
            found[atom.key] = atom
        if atom.kind == "item":
            for mono in atom.parts[2].terms:
                for inner, _ in mono.factors:
                    look(inner)

    def walk(part: Poly) -> None:
        for mono in part.terms:
            for atom, _ in mono.factors:
                look(atom)
            walk(mono.expo)

    walk(poly)
    return [found[key] for key in sorted(found)]
