"""The atoms of the normal form: how logarithms, exponentials and powers are made canonical.

Each constructor applies the identities that hold on the whole stated domain and no others: log(ab) = log a + log b
where a is positive; a^x = exp(x log a) where a is positive.
"""

from collections.abc import Callable
from fractions import Fraction
from itertools import count
from math import gcd, lcm
from typing import Any

from sympy import factorint

from grader.algebra.polynomial import (
    ANY_SIGN,
    NONE,
    NOT_NEGATIVE,
    NOT_POSITIVE,
    ONE,
    ONE_POLY,
    POSITIVE,
    ZERO_POLY,
    Atom,
    Mono,
    Poly,
    Signs,
    make_mono,
    number,
    of_atom,
    of_mono,
    power,
)
from grader.algebra.signs import poly_signs

_fresh = count()


def _atom(kind: str, parts: tuple[Any, ...], key: str, inside: list[Poly], signs: Signs = ANY_SIGN) -> Atom:
    loose = frozenset[Atom]().union(*(p.loose for p in inside))
    return Atom(kind, parts, key, loose, max((p.height for p in inside), default=0), signs)


def symbol_atom(name: str, kind: str, signs: Signs) -> Atom:
    """Return the atom of a scalar symbol."""
    return Atom("symbol", (name, kind), f"{name}:{kind}", signs=signs)


def item_atom(name: str, kind: str, index: Poly, length: str, signs: Signs) -> Atom:
    """Return the atom of an entry of a family, name[index]; length is the key of its number of entries."""
    return _atom("item", (name, kind, index, length, signs), f"{name}:{kind}[{index.key}]", [index], signs)


def loose_atom() -> Atom:
    """Return a variable for a sum that is being built; it counts from 1 or more, so it is positive."""
    bare = Atom("loose", (), f"?{next(_fresh)}", signs=POSITIVE)
    return Atom(bare.kind, bare.parts, bare.key, frozenset({bare}), 0, POSITIVE)


def bound_atom(level: int) -> Atom:
    """Return the variable of a finished sum."""
    return Atom("bound", (level,), f"#{level}", height=level + 1, signs=POSITIVE)


def call_atom(name: str, arguments: list[Poly], signs: Signs = ANY_SIGN) -> Atom:
    """Return the atom of a function that the arithmetic does not know, such as tanh."""
    return _atom(
        "call",
        (name, tuple(arguments), signs),
        f"{name}({','.join(a.key for a in arguments)})",
        arguments,
        signs,
    )


def delta_atom(left: Poly, right: Poly) -> Atom:
    """Return the atom of a Kronecker delta."""
    low, high = sorted((left, right), key=lambda p: p.key)
    return _atom("delta", (low, high), f"δ({low.key},{high.key})", [low, high], NOT_NEGATIVE)


def primitive(poly: Poly) -> tuple[Fraction, Mono, Poly]:
    """Return (c, M, Q) with poly = c · M · Q, where no number, atom or exponential is common to Q's terms.

    c > 0, and the split is the same for every multiple of poly: dividing by the least exponent of each atom, and of
    each part of the exponentials, commutes with multiplication.
    """
    monos = list(poly.terms)
    shared = {a for m in monos for a, _ in m.factors}
    least = [(a, min(dict(m.factors).get(a, NONE) for m in monos)) for a in shared]
    parts = {part for m in monos for part in m.expo.terms}
    common_expo = Poly({part: min(m.expo.terms.get(part, NONE) for m in monos) for part in parts})
    common = make_mono(least, common_expo)
    inverse = make_mono([(a, -e) for a, e in least], -common_expo)
    rest = poly * of_mono(inverse)
    content = _content(list(rest.terms.values()))
    return content, common, rest.scaled(1 / content)


def _content(coefficients: list[Fraction]) -> Fraction:
    return Fraction(gcd(*(c.numerator for c in coefficients)), lcm(*(c.denominator for c in coefficients)))


def poly_atom(poly: Poly) -> Atom:
    """Return the atom of a polynomial with several terms, for denominators and roots."""
    return _atom("poly", (poly,), f"({poly.key})", [poly], poly_signs(poly))


def raise_to(base: Poly, exponent: Fraction, require: Callable[[Poly, str], None]) -> Poly:
    """Return base^exponent for a rational exponent.

    require: called with a polynomial and "≠ 0" or "> 0" for what the result takes for granted.
    """
    if exponent.denominator == 1 and exponent >= 0:
        return power(base, int(exponent))
    if not base.terms:
        require(base, "≠ 0")
        return _opaque_power(base, number(exponent))
    if exponent < 0:
        require(base, "≠ 0")
    if exponent.denominator != 1 and poly_signs(base) != POSITIVE:
        return _opaque_power(base, number(exponent))
    single = base.single()
    if single is None:
        content, common, rest = primitive(base)
        if exponent.denominator != 1 and any(a.signs != POSITIVE for a, _ in common.factors):
            return _opaque_power(base, number(exponent))
        inner = rest.single()
        rest_power = (
            of_atom(poly_atom(rest), exponent) if inner is None else raise_to(rest, exponent, require)
        )
        return rest_power * _mono_to(common, exponent) * _rational_to(content, exponent)
    mono, coefficient = single
    return _mono_to(mono, exponent) * _rational_to(coefficient, exponent)


def _mono_to(mono: Mono, exponent: Fraction) -> Poly:
    """mono^exponent; for a fractional exponent every factor must be positive, or the whole is kept as one atom."""
    if exponent.denominator != 1 and any(a.signs != POSITIVE for a, _ in mono.factors):
        return _opaque_power(of_mono(mono), number(exponent))
    return of_mono(make_mono([(a, e * exponent) for a, e in mono.factors], mono.expo.scaled(exponent)))


def _rational_to(value: Fraction, exponent: Fraction) -> Poly:
    if exponent.denominator == 1:
        return number(value ** int(exponent))
    return exponential(_log_of_number(value).scaled(exponent))


def power_atom(base: Poly, exponent: Poly) -> Atom:
    """Return the atom of a power that no identity opens on the whole domain."""
    return _atom("power", (base, exponent), f"pow({base.key},{exponent.key})", [base, exponent])


def _opaque_power(base: Poly, exponent: Poly) -> Poly:
    return of_atom(power_atom(base, exponent))


def raise_to_symbol(base: Poly, exponent: Poly, require: Callable[[Poly, str], None]) -> Poly:
    """Return base^exponent for an exponent that is no number: exp(exponent · log base) where the base is positive."""
    if poly_signs(base) != POSITIVE:
        return _opaque_power(base, exponent)
    return exponential(exponent * logarithm(base, require))


def exponential(exponent: Poly) -> Poly:
    """Return exp(exponent). A term c · log A with a rational c becomes A^c."""
    result, rest = ONE_POLY, {}
    for mono, coefficient in exponent.terms.items():
        if (
            len(mono.factors) == 1
            and not mono.expo.terms
            and mono.factors[0][0].kind == "log"
            and mono.factors[0][1] == 1
        ):
            result = result * _unlog(mono.factors[0][0].parts[0], coefficient)
        else:
            rest[mono] = coefficient
    return result * of_mono(Mono((), Poly(rest)))


def _unlog(argument: Poly, exponent: Fraction) -> Poly:
    """argument^exponent, where log(argument) is defined, so the argument is positive."""
    value = argument.constant()
    if value is not None:
        whole = exponent.numerator // exponent.denominator
        rest = exponent - whole
        fractional = of_mono(Mono((), of_atom(log_atom(argument)).scaled(rest))) if rest else ONE_POLY
        return fractional.scaled(value**whole)
    if exponent.denominator == 1 and exponent > 0:
        return power(argument, int(exponent))
    single = argument.single()
    if single is not None and single[1] == 1 and len(single[0].factors) == 1 and not single[0].expo.terms:
        atom, own = single[0].factors[0]
        return of_atom(atom, own * exponent)
    return of_atom(poly_atom(argument), exponent)


def logarithm(argument: Poly, require: Callable[[Poly, str], None]) -> Poly:
    """Return log(argument): split at positive factors, exponentials taken out."""
    require(argument, "> 0")
    if not argument.terms:
        return of_atom(log_atom(argument))
    single = argument.single()
    if single is None:
        content, common, rest = primitive(argument)
        if rest.single() is not None:
            rest_log = logarithm(rest, require)
        else:
            rest_log = of_atom(log_atom(rest))
        if any(a.signs != POSITIVE for a, _ in common.factors):
            return of_atom(log_atom(argument))
        return rest_log + _log_of_mono(common) + _log_of_number(content)
    mono, coefficient = single
    unclear = [(a, e) for a, e in mono.factors if a.signs != POSITIVE]
    clear = [(a, e) for a, e in mono.factors if a.signs == POSITIVE]
    total = _log_of_mono(Mono(tuple(clear), mono.expo)) + _log_of_number(abs(coefficient))
    left = of_mono(make_mono(unclear, ZERO_POLY), ONE if coefficient > 0 else -ONE)
    return total if left.constant() == 1 else total + of_atom(log_atom(left))


def _log_of_mono(mono: Mono) -> Poly:
    total = mono.expo
    for atom, exponent in mono.factors:
        inner = atom.parts[0] if atom.kind == "poly" else of_atom(atom)
        total = total + of_atom(log_atom(inner)).scaled(exponent)
    return total


def _log_of_number(value: Fraction) -> Poly:
    total = ZERO_POLY
    for part, side in ((value.numerator, 1), (value.denominator, -1)):
        primes = factorint(part) if part < 10**12 else {part: 1}
        for prime, exponent in primes.items():
            if prime != 1:
                total = total + of_atom(log_atom(number(prime))).scaled(Fraction(side * exponent))
    return total


def log_atom(argument: Poly) -> Atom:
    """Return the atom of a logarithm that is not split further."""
    return _atom("log", (argument,), f"log({argument.key})", [argument], _log_signs(argument))


def _log_signs(argument: Poly) -> Signs:
    value = argument.constant()
    if value is not None:
        return POSITIVE if value > 1 else ANY_SIGN
    above = poly_signs(argument - ONE_POLY)
    if len(above) < 3:
        return above
    single = argument.single()
    if single is not None and len(single[0].factors) == 1:
        atom = single[0].factors[0][0]
        if atom.kind == "symbol" and atom.parts[1] == "size":
            return NOT_NEGATIVE
        if atom.kind == "item" and atom.parts[1] == "simplex":
            return NOT_POSITIVE
    return above
