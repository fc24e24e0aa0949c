"""Proofs that a quantity is not negative.

Five arguments, each sound on its own: the signs of the parts as they are written (a sum of squares times positive
weights); the signs of the normal form's terms; squares that are completed, also under sums; log t ≤ t − 1 or
e^x ≥ 1 + x at one place; and that a term of a sum of positive terms is at most the sum.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

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

from grader.algebra.atoms import poly_atom
from grader.algebra.bound import opened, range_of, renaming
from grader.algebra.budget import spend
from grader.algebra.domains import DomainSymbol
from grader.algebra.integers import at_least, is_nonempty, lies_in
from grader.algebra.normal import Normalizer, is_zero
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
    of_atom,
    of_mono,
    power,
)
from grader.algebra.ranges import sum_over
from grader.algebra.requirements import Unmet
from grader.algebra.signs import mono_signs, poly_signs, sign_power, sign_product, sign_sum
from grader.algebra.squares import is_sum_of_squares

Pairs = tuple[tuple[Poly, Poly], ...]
Step = tuple[
    Poly, str, bool
]  # a polynomial that is at most as large, why, and whether it is smaller for certain


def written_signs(expr: Expr, normal: Normalizer) -> Signs:
    """Return the signs that an expression can have where it is defined, read off its parts as they are written.

    normal: knows the variables of the sums around it.
    """
    spend()
    if isinstance(expr, Number | NumberSymbol):
        if not expr.is_finite:
            return ANY_SIGN
        return ZERO if expr == 0 else (POSITIVE if expr > 0 else frozenset({-1}))
    if isinstance(expr, Symbol | Indexed):
        return poly_signs(normal(expr))
    if isinstance(expr, Add):
        return _of_sum(expr, normal)
    if isinstance(expr, Mul):
        signs = POSITIVE
        for factor in expr.args:
            signs = sign_product(signs, written_signs(factor, normal))
        return signs
    if isinstance(expr, exp):
        return POSITIVE
    if isinstance(expr, Pow):
        base = written_signs(expr.base, normal)
        if expr.exp.is_Rational:
            return sign_power(base, Fraction(int(expr.exp.p), int(expr.exp.q)))
        return POSITIVE if base == POSITIVE else ANY_SIGN
    if isinstance(expr, log) and len(expr.args) == 1:
        return _of_sum(Add(expr.args[0], -1, evaluate=False), normal)
    if isinstance(expr, Sum | Product):
        return _of_range(expr, normal)
    if isinstance(expr, KroneckerDelta | Abs):
        return NOT_NEGATIVE
    return ANY_SIGN


def _of_range(expr: Sum | Product, normal: Normalizer) -> Signs:
    """A sum has the signs of its terms, a product of factors ≥ 0 none below 0; without terms they are 0 and 1."""
    inside, nonempty = normal, True
    for variable, low, high in reversed(expr.limits):  # the last limit is the outermost
        nonempty = nonempty and is_nonempty(inside(low), inside(high))
        inside = inside.under(variable, low, high)
    terms = written_signs(expr.function, inside)
    if isinstance(expr, Product):
        return terms if terms == POSITIVE else (NOT_NEGATIVE if terms <= NOT_NEGATIVE else ANY_SIGN)
    signs = terms if nonempty else terms | ZERO
    return ANY_SIGN if {-1, 1} <= signs else signs


def _of_sum(expr: Add, normal: Normalizer) -> Signs:
    signs: Signs = ZERO
    for term in expr.args:
        signs = sign_sum(signs, written_signs(term, normal))
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


def not_negative(
    poly: Poly,
    strict: bool = False,
    depth: int = 4,
    distinct: Pairs = (),
    failed: dict[tuple[str, bool], int] | None = None,
) -> str | None:
    """Return how it is known that the normal form is ≥ 0 (> 0 when strict), or None when it is not known.

    distinct: pairs of indices, in normal form, that are known to differ. failed: to which depth polynomials have been
    searched in vain, since reductions in another order meet again. Every reduction gives a polynomial that is at most a
    positive multiple of this one.
    """
    spend(8)
    failed = {} if failed is None else failed
    if failed.get((poly.key, strict), -1) >= depth:
        return None
    wanted = POSITIVE if strict else NOT_NEGATIVE
    if poly_signs(poly) <= wanted or (not strict and is_zero(poly)):
        return "the signs of its terms"
    if is_sum_of_squares(poly, strict):
        return "a sum of squares"
    if depth == 0:
        return None
    for reduce in (_cleared, lambda p: _without_own_terms(p, distinct), _tangents, _under_sums, _divided):
        for smaller, reason, certain in _reductions(reduce, poly):
            found = not_negative(smaller, strict and not certain, depth - 1, distinct, failed)
            if found is not None:
                return reason or found
    failed[poly.key, strict] = depth
    return None


def _reductions(reduce: Callable[[Poly], list[Step]], poly: Poly) -> list[Step]:
    """What the rule gives; nothing where it would need something that is not known, such as a denominator's sign."""
    try:
        return reduce(poly)
    except Unmet:
        return []


def _cleared(poly: Poly) -> list[Step]:
    """The polynomial times a positive denominator."""
    lowest: dict[Atom, Fraction] = {}
    for mono in poly.terms:
        for atom, exponent in mono.factors:
            if exponent < 0 and atom.signs == POSITIVE:
                lowest[atom] = min(lowest.get(atom, exponent), exponent)
    if not lowest:
        return []
    return [(poly * of_mono(make_mono([(a, -e) for a, e in lowest.items()], ZERO_POLY)), "", False)]


def _divided(poly: Poly) -> list[Step]:
    """The polynomial divided by an exponential that is one of its terms."""
    exponents = sorted({m.expo for m in poly.terms if m.expo.terms and not m.factors}, key=lambda e: e.key)
    return [(poly * of_mono(Mono((), -expo)), "", False) for expo in exponents]


def _tangents(poly: Poly) -> list[Step]:
    """Smaller polynomials: a log B replaced by a (1 − 1/B), or a e^x by a (1 + x), for a factor a that is not negative.

    A logarithm is also taken as s⁻¹ log B^s for s = 1/2 and 2, whose tangents are others.
    """
    found: list[Step] = []
    for cofactor, logs in _logarithms(poly).items():
        if not mono_signs(cofactor) <= NOT_NEGATIVE:
            continue
        rest = poly
        for atom, times in logs:
            rest = rest - of_mono(make_mono([*cofactor.factors, (atom, Fraction(1))], cofactor.expo), times)
        unit = Fraction(
            gcd(*(times.numerator for _, times in logs)), lcm(*(times.denominator for _, times in logs))
        )
        for scale in (Fraction(1), Fraction(1, 2), Fraction(2)):
            inverse = _product([_to_power(atom.parts[0], -times / unit * scale) for atom, times in logs])
            if inverse is not None:
                bound = (of_mono(cofactor) * (ONE_POLY - inverse)).scaled(unit / scale)
                found.append((rest + bound, "the known inequality log t ≤ t − 1", False))
    for mono, coefficient in poly.terms.items():
        rest_mono = Mono(mono.factors, ZERO_POLY)
        if mono.expo.terms and coefficient > 0 and mono_signs(rest_mono) <= NOT_NEGATIVE:
            tangent = of_mono(rest_mono, coefficient) * (ONE_POLY + mono.expo)
            found.append(
                (poly - of_mono(mono, coefficient) + tangent, "the known inequality e^x ≥ 1 + x", False)
            )
    return found


def _logarithms(poly: Poly) -> dict[Mono, list[tuple[Atom, Fraction]]]:
    """Group the terms a · c · log A, for a number c, by their cofactor a."""
    groups: dict[Mono, list[tuple[Atom, Fraction]]] = {}
    for mono, coefficient in poly.terms.items():
        logs = [(a, e) for a, e in mono.factors if a.kind == "log"]
        if len(logs) == 1 and logs[0][1] == 1:
            cofactor = make_mono([(a, e) for a, e in mono.factors if a.kind != "log"], mono.expo)
            groups.setdefault(cofactor, []).append((logs[0][0], coefficient))
    return groups


def _product(factors: list[Poly | None]) -> Poly | None:
    product = ONE_POLY
    for factor in factors:
        if factor is None:
            return None
        product = product * factor
    return product


def _to_power(argument: Poly, exponent: Fraction) -> Poly | None:
    """argument^exponent, where log(argument) is defined, so the argument is positive; None when it is not simple."""
    if abs(exponent) > 8:
        return None
    if exponent.denominator == 1 and exponent >= 0:
        return power(argument, int(exponent))
    single = argument.single()
    if single is None:
        return of_mono(make_mono([(poly_atom(argument), exponent)], ZERO_POLY))
    mono, coefficient = single
    if exponent.denominator != 1 and (coefficient != 1 or any(a.signs != POSITIVE for a, _ in mono.factors)):
        return None
    raised = make_mono([(a, e * exponent) for a, e in mono.factors], mono.expo.scaled(exponent))
    return of_mono(raised, coefficient ** int(exponent) if coefficient != 1 else Fraction(1))


@dataclass
class _Gathered:
    """Sums over one range as a single sum: Σ_variable body, which is `whole` in the polynomial."""

    variable: Atom
    body: Poly = ZERO_POLY
    whole: Poly = ZERO_POLY

    def weights(self) -> list[Atom]:
        """The distributions over this very range, at its variable; each sums to 1."""
        items = {
            a
            for mono in self.body.terms
            for a, _ in mono.factors
            if a.kind == "item" and a.parts[1] == "simplex"
        }
        at = of_atom(self.variable)
        low, high = range_of(self.variable)
        fits = [a for a in items if a.parts[2] == at and low == ONE_POLY and high.key == a.parts[3]]
        return sorted(fits, key=lambda a: a.key)

    def shares(self) -> list[Poly]:
        """What sums to 1 over this range: its distributions, and equal shares of a range from 1 that has terms."""
        shares = [of_atom(weight) for weight in self.weights()]
        low, high = range_of(self.variable)
        if low == ONE_POLY and at_least(high, 1):
            equal = _to_power(high, Fraction(-1))
            shares += [] if equal is None else [equal]
        return shares

    def closed(self, body: Poly) -> Poly:
        """The sum of another body over the same range."""
        return sum_over(body, self.variable)


def _under_sums(poly: Poly) -> list[Step]:
    """Sums over one range gathered into Σ f: dropped where f ≥ 0, or with f replaced by something smaller.

    What stands beside the sums goes under them too, as its own mean: c = Σ p_k c for a distribution p, or c = Σ c/n.
    """
    found = []
    for sums in _gather(poly):
        reason = not_negative(sums.body, depth=1)
        if reason is not None:
            found.append((poly - sums.whole, reason, False))
        beside = poly - sums.whole
        for smaller in _at_means(sums):
            found.append((beside + sums.closed(smaller), "the tangent of a square at the mean", False))
        for smaller, name, _ in _tangents(sums.body):
            found.append((beside + sums.closed(smaller), name, False))
        for share in sums.shares():
            for smaller, name, _ in _tangents(sums.body + share * beside):
                found.append((sums.closed(smaller), name, False))
    return found


def _at_means(sums: _Gathered) -> list[Poly]:
    """Smaller bodies of the sum: w a² replaced by w (2ca − c²), where c is the mean of a over the range.

    The weights are those of a distribution, or all alike.
    """
    found = []
    low, high = range_of(sums.variable)
    weights = sums.weights()
    for mono, coefficient in sums.body.terms.items():
        for atom, exponent in mono.factors:
            if exponent != 2 or atom.kind != "item" or sums.variable not in atom.loose or coefficient < 0:
                continue
            rest = make_mono([(a, e) for a, e in mono.factors if a != atom], mono.expo)
            inside = [a for a, _ in rest.factors if sums.variable in a.loose]
            if not mono_signs(rest) <= NOT_NEGATIVE or sums.variable in rest.expo.loose:
                continue
            if len(inside) == 1 and inside[0] in weights and (inside[0], Fraction(1)) in rest.factors:
                mean = sums.closed(of_atom(inside[0]) * of_atom(atom))
            elif not inside and low == ONE_POLY and at_least(high, 1):
                share = _to_power(high, Fraction(-1))
                mean = sums.closed(of_atom(atom)) * (ZERO_POLY if share is None else share)
            else:
                continue
            tangent = (of_atom(atom) * mean).scaled(Fraction(2)) - mean * mean
            found.append(sums.body - of_mono(mono, coefficient) + of_mono(rest, coefficient) * tangent)
    return found


def _gather(poly: Poly) -> list[_Gathered]:
    groups: dict[str, _Gathered] = {}
    for mono, coefficient in poly.terms.items():
        for atom in [a for a, e in mono.factors if a.kind == "sum" and e == 1 and len(a.parts[0]) == 1][:1]:
            ((variable, low, high),), body = opened(atom)
            sums = groups.setdefault(f"{low.key}..{high.key}", _Gathered(variable))
            cofactor = make_mono([(a, e) for a, e in mono.factors if a != atom], mono.expo)
            own = of_mono(map_mono(body, renaming({variable: sums.variable}))) * of_mono(
                cofactor, coefficient
            )
            sums.body, sums.whole = sums.body + own, sums.whole + of_mono(mono, coefficient)
    return list(groups.values())


def _without_own_terms(poly: Poly, distinct: Pairs) -> list[Step]:
    """Smaller polynomials: a sum of terms ≥ 0 replaced by its term at an index that is known to lie in its range.

    Where two such indices are known to differ, the sum is replaced by both of their terms. Where the range has yet
    another term, and terms are positive, the polynomial becomes smaller.
    """
    found = []
    indices_of = [tuple(_indices(index)) for pair in distinct for index in pair]
    chosen: list[tuple[Atom, ...]] = [
        (*one, *other)
        for (first, second), one, other in zip(distinct, indices_of[::2], indices_of[1::2], strict=True)
        if len(one) == len(other) == 1 and first == of_atom(one[0]) and second == of_atom(other[0])
    ]
    chosen += [(index,) for index in _indices(poly)]
    for mono, coefficient in poly.terms.items():
        for atom in [a for a, e in mono.factors if a.kind == "sum" and e == 1]:
            bounds, body = atom.parts
            rest = make_mono([(a, e) for a, e in mono.factors if a != atom], mono.expo)
            side = frozenset({1 if coefficient > 0 else -1})
            term_signs = sign_product(side, sign_product(mono_signs(body), mono_signs(rest)))
            if len(bounds) != 1 or not term_signs <= NOT_NEGATIVE:
                continue
            variable, low, high = bounds[0]
            for indices in chosen:
                if not all(lies_in(of_atom(i), low, high) for i in indices):
                    continue
                own = ZERO_POLY
                for index in indices:
                    own = own + of_mono(map_mono(body, renaming({variable: index})), coefficient)
                smaller = poly - of_mono(mono, coefficient) + own * of_mono(rest)
                certain = term_signs == POSITIVE and at_least(high - low, len(indices))
                found.append((smaller, "a sum of terms ≥ 0 is at least as large as some of them", certain))
    return found


def _indices(poly: Poly) -> list[Atom]:
    """The indices that entries of families stand at, anywhere in the polynomial but under its sums."""
    found: dict[str, Atom] = {}

    def walk(part: Poly) -> None:
        for mono in part.terms:
            walk(mono.expo)
            for atom, _ in mono.factors:
                if atom.kind == "symbol" and atom.parts[1] == "index":
                    found[atom.key] = atom
                for inner in atom.parts:
                    if isinstance(inner, Poly) and atom.kind in ("item", "log", "poly", "power"):
                        walk(inner)

    walk(poly)
    return [found[key] for key in sorted(found)]
