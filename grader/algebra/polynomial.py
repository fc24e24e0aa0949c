"""Polynomials over atoms: the arithmetic under the normal form.

A :class:`Poly` is a sum of monomials with rational coefficients. A :class:`Mono` is a product of atoms with rational
exponents times one exponential, ∏ aᵢ^eᵢ · exp(E), where E is a polynomial again; so exp(x) exp(y) = exp(x + y) needs
no rule. An :class:`Atom` is what the arithmetic does not look into: a symbol, an entry of a family, a logarithm, a
sum over an index, a polynomial with more than one term in a denominator. Equal objects have equal keys.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from grader.algebra.budget import OutOfBudget, spend

Signs = frozenset[int]  # the signs a quantity can have: a subset of {-1, 0, 1}
POSITIVE, NEGATIVE, ZERO = frozenset({1}), frozenset({-1}), frozenset({0})
NOT_NEGATIVE, NOT_POSITIVE, ANY_SIGN = frozenset({0, 1}), frozenset({-1, 0}), frozenset({-1, 0, 1})

ONE, NONE = Fraction(1), Fraction(0)
MOST_TERMS = 20_000  # about 20 MB; a larger polynomial decides nothing in time anyway


@dataclass(frozen=True, eq=False)
class Atom:
    """Something the polynomial arithmetic does not look into.

    kind and parts say what it is; key is equal for equal atoms; loose holds the variables of sums being built that it
    depends on; height is the number of levels of bound variables inside; signs the signs it can have. between is for
    whole numbers (sizes, indices, the variables of sums): the least and the greatest value, None where there is none.
    """

    kind: str
    parts: tuple[Any, ...]
    key: str
    loose: frozenset["Atom"] = frozenset()
    height: int = 0
    signs: Signs = ANY_SIGN
    between: "tuple[Poly, Poly | None] | None" = None

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Atom) and self.key == other.key


@dataclass(frozen=True, eq=False)
class Mono:
    """∏ atom^exponent · exp(expo), sorted by the atoms' keys."""

    factors: tuple[tuple[Atom, Fraction], ...]
    expo: "Poly"
    key: str = field(init=False)

    def __post_init__(self) -> None:
        text = "·".join(f"{a.key}^{e}" for a, e in self.factors)
        object.__setattr__(self, "key", f"{text}·e({self.expo.key})" if self.expo.terms else text)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mono) and self.key == other.key

    @property
    def loose(self) -> frozenset[Atom]:
        """The variables of sums being built that it depends on."""
        return frozenset().union(*(a.loose for a, _ in self.factors), self.expo.loose)

    @property
    def height(self) -> int:
        """The number of levels of bound variables inside."""
        return max((*(a.height for a, _ in self.factors), self.expo.height), default=0)


class Poly:
    """A sum of monomials with rational coefficients; immutable."""

    __slots__ = ("_key", "terms")

    def __init__(self, terms: dict[Mono, Fraction]) -> None:
        if len(terms) > MOST_TERMS:
            raise OutOfBudget
        self.terms = {m: c for m, c in terms.items() if c}
        self._key: str | None = None

    @property
    def key(self) -> str:
        """A text that is the same for equal polynomials."""
        if self._key is None:
            self._key = "+".join(sorted(f"{c}*{m.key}" for m, c in self.terms.items())) or "0"
            spend(len(self._key) >> 4)
        return self._key

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Poly) and self.key == other.key

    @property
    def loose(self) -> frozenset[Atom]:
        """The variables of sums being built that it depends on."""
        return frozenset().union(*(m.loose for m in self.terms))

    @property
    def height(self) -> int:
        """The number of levels of bound variables inside."""
        return max((m.height for m in self.terms), default=0)

    def __add__(self, other: "Poly") -> "Poly":
        spend(len(other.terms))
        terms = dict(self.terms)
        for mono, coefficient in other.terms.items():
            terms[mono] = terms.get(mono, NONE) + coefficient
        return Poly(terms)

    def __neg__(self) -> "Poly":
        return Poly({m: -c for m, c in self.terms.items()})

    def __sub__(self, other: "Poly") -> "Poly":
        return self + -other

    def __mul__(self, other: "Poly") -> "Poly":
        total: Poly = ZERO_POLY
        terms: dict[Mono, Fraction] = {}
        for m, c in self.terms.items():
            for n, d in other.terms.items():
                spend()
                mono, opened = _merged(m, n)
                if opened is None:
                    terms[mono] = terms.get(mono, NONE) + c * d
                else:
                    total = total + opened.scaled(c * d)
        return Poly(terms) + total

    def scaled(self, by: Fraction) -> "Poly":
        """Return the polynomial times a number."""
        return Poly({m: c * by for m, c in self.terms.items()})

    def constant(self) -> Fraction | None:
        """Return the number that the polynomial is, or None when it is no number."""
        if not self.terms:
            return NONE
        return self.terms.get(UNIT) if len(self.terms) == 1 else None

    def single(self) -> tuple[Mono, Fraction] | None:
        """Return the monomial and its coefficient when there is exactly one term."""
        return next(iter(self.terms.items())) if len(self.terms) == 1 else None


ZERO_POLY = Poly({})
UNIT = Mono((), ZERO_POLY)


def number(value: Fraction | int) -> Poly:
    """Return a constant polynomial."""
    return Poly({UNIT: Fraction(value)})


ONE_POLY = number(1)


def of_atom(atom: Atom, exponent: Fraction = ONE) -> Poly:
    """Return the polynomial that is one atom to a power."""
    return of_mono(make_mono([(atom, exponent)], ZERO_POLY))


def of_mono(mono: Mono, coefficient: Fraction = ONE) -> Poly:
    """Return the polynomial with one term."""
    return Poly({mono: coefficient})


def make_mono(factors: Iterable[tuple[Atom, Fraction]], expo: Poly) -> Mono:
    """Return the monomial with equal atoms collected. A Kronecker delta is its own square."""
    collected: dict[Atom, Fraction] = {}
    for atom, exponent in factors:
        collected[atom] = collected.get(atom, NONE) + exponent
        if atom.kind == "delta" and collected[atom] > 1:
            collected[atom] = ONE
    kept = sorted(((a, e) for a, e in collected.items() if e), key=lambda pair: pair[0].key)
    return Mono(tuple(kept), expo)


def _merged(m: Mono, n: Mono) -> tuple[Mono, Poly | None]:
    """Return the product of two monomials; as a polynomial when a denominator cancels and must be multiplied out."""
    mono = make_mono([*m.factors, *n.factors], m.expo + n.expo)
    whole = [(a, e) for a, e in mono.factors if a.kind == "poly" and e >= 1]
    if not whole:
        return mono, None
    rest = [(a, e) for a, e in mono.factors if not (a.kind == "poly" and e >= 1)]
    product = ONE_POLY
    for atom, exponent in whole:
        product = product * power(atom.parts[0], int(exponent))
        if exponent.denominator != 1:
            rest.append((atom, exponent - int(exponent)))
    return mono, product * of_mono(make_mono(rest, mono.expo))


def power(base: Poly, exponent: int) -> Poly:
    """Return base^exponent for a whole number ≥ 0."""
    result = ONE_POLY
    while exponent:
        if exponent & 1:
            result = result * base
        exponent >>= 1
        if exponent:
            base = base * base
    return result


def map_atoms(poly: Poly, change: Callable[[Atom], Atom]) -> Poly:
    """Return the polynomial with each atom replaced; `change` looks inside atoms itself."""
    return Poly({map_mono(m, change): c for m, c in poly.terms.items()})


def map_mono(mono: Mono, change: Callable[[Atom], Atom]) -> Mono:
    """Return the monomial with each atom replaced."""
    return make_mono([(change(a), e) for a, e in mono.factors], map_atoms(mono.expo, change))
