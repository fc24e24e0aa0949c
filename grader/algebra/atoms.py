"""The atoms of the normal form: how logarithms, exponentials and powers are made canonical.

Each constructor applies the identities that hold on the whole stated domain and no others: log(ab) = log a + log b
where a is positive; a^x = exp(x log a) where a is positive. What else has to hold goes to :func:`require`.
"""

from fractions import Fraction
from itertools import count
from math import gcd, lcm
from typing import Any

from sympy import factorint

from grader.algebra.budget import OutOfBudget
from grader.algebra.integers import at_least, is_whole
from grader.algebra.polynomial import (
    ANY_SIGN,
    NEGATIVE,
    NONE,
    NOT_NEGATIVE,
    ONE,
    ONE_POLY,
    POSITIVE,
    ZERO,
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
from grader.algebra.requirements import require
from grader.algebra.signs import mono_signs, poly_signs, whole_signs

_fresh = count()
_MOST_BITS = 20_000  # of a number; a longer one decides nothing in time


def _atom(kind: str, parts: tuple[Any, ...], key: str, inside: list[Poly], signs: Signs = ANY_SIGN) -> Atom:
    loose = frozenset[Atom]().union(*(p.loose for p in inside))
    return Atom(kind, parts, key, loose, max((p.height for p in inside), default=0), signs)


def symbol_atom(name: str, kind: str, signs: Signs, symbol: Any) -> Atom:
    """Return the atom of a scalar symbol; `symbol` is SymPy's."""
    return Atom("symbol", (name, kind, symbol), f"{name}:{kind}", signs=signs)


def whole_atom(name: str, kind: str, symbol: Any, low: Poly, high: Poly | None) -> Atom:
    """Return the atom of a size or an index, between low and high. The key carries both."""
    end = "" if high is None else high.key
    bare = Atom("symbol", (name, kind, symbol), f"{name}:{kind}({low.key}..{end})", between=(low, high))
    return _with_signs(bare)


def item_atom(name: str, kind: str, index: Poly, length: str, signs: Signs, family: Any) -> Atom:
    """Return the atom of an entry of a family, name[index]; length is the key of its number of entries."""
    key = f"{name}:{kind}({length})[{index.key}]"
    return _atom("item", (name, kind, index, length, signs, family), key, [index], signs)


def loose_atom(symbol: Any, low: Poly, high: Poly) -> Atom:
    """Return a variable for a sum from low to high that is being built; `symbol` is SymPy's, for conditions."""
    key = f"?{next(_fresh)}"
    bare = _with_signs(Atom("loose", (symbol,), key, between=(low, high)))
    return Atom("loose", (symbol,), key, frozenset({bare}), 0, bare.signs, (low, high))


def bound_atom(level: int, low: Poly, high: Poly) -> Atom:
    """Return the variable of a finished sum from low to high."""
    return _with_signs(Atom("bound", (level,), f"#{level}", height=level + 1, between=(low, high)))


def _with_signs(bare: Atom) -> Atom:
    signs = whole_signs(Poly({Mono(((bare, ONE),), ZERO_POLY): ONE}))
    return Atom(bare.kind, bare.parts, bare.key, bare.loose, bare.height, signs, bare.between)


def call_atom(name: str, arguments: list[Poly], signs: Signs = ANY_SIGN) -> Atom:
    """Return the atom of a function that the arithmetic does not know, such as an absolute value."""
    return _atom(
        "call",
        (name, tuple(arguments), signs),
        f"{name}({','.join(a.key for a in arguments)})",
        arguments,
        signs,
    )


def absolute(inner: Poly) -> Poly:
    """Return the absolute value: the value or its negative where the sign is known."""
    signs = poly_signs(inner)
    if signs <= NOT_NEGATIVE:
        return inner
    if 1 not in signs:
        return -inner
    single = inner.single()
    if single is not None and len(single[0].factors) > 1:
        mono, coefficient = single
        size = of_mono(Mono((), mono.expo), abs(coefficient))
        for atom, exponent in mono.factors:
            known = atom.signs <= NOT_NEGATIVE or exponent.denominator != 1
            own = of_atom(atom) if known else absolute(of_atom(atom))
            size = size * raise_to(own, exponent)
        return size
    return of_atom(call_atom("Abs", [min(inner, -inner, key=lambda p: p.key)], NOT_NEGATIVE))


def delta(left: Poly, right: Poly) -> Poly:
    """Return the Kronecker delta, 1 or 0 where it is known whether the two are equal."""
    if left == right:
        return ONE_POLY
    if 0 not in poly_signs(left - right):
        return ZERO_POLY
    return of_atom(delta_atom(left, right))


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


def raise_to(base: Poly, exponent: Fraction) -> Poly:
    """Return base^exponent for a rational exponent; 0^0 is 1. Raises Unmet for a division by 0.

    (c · M · Q)^e = c^e · M^e · Q^e for whole e, and for a fraction e where each factor is positive; else the power
    stays whole.
    """
    if exponent.denominator == 1 and exponent >= 0:
        _check_bits(base, exponent)
        return power(base, int(exponent))
    if exponent < 0:
        require(base, "≠ 0")
    if not base.terms:
        return ZERO_POLY
    if exponent.denominator != 1 and poly_signs(base) != POSITIVE:
        return _opaque_power(base, number(exponent))
    single = base.single()
    if single is None:
        content, common, rest = primitive(base)
        if exponent.denominator != 1 and any(a.signs != POSITIVE for a, _ in common.factors):
            return _opaque_power(base, number(exponent))
        inner = rest.single()
        rest_power = of_atom(poly_atom(rest), exponent) if inner is None else raise_to(rest, exponent)
        return rest_power * _mono_to(common, exponent) * _rational_to(content, exponent)
    mono, coefficient = single
    if exponent.denominator != 1 and any(a.signs != POSITIVE for a, _ in mono.factors):
        return _opaque_power(base, number(exponent))
    _check_bits(base, exponent)
    return _mono_to(mono, exponent) * _rational_to(coefficient, exponent)


def _mono_to(mono: Mono, exponent: Fraction) -> Poly:
    """mono^exponent for a whole exponent, or positive factors."""
    return of_mono(make_mono([(a, e * exponent) for a, e in mono.factors], mono.expo.scaled(exponent)))


def _rational_to(value: Fraction, exponent: Fraction) -> Poly:
    if exponent.denominator == 1:
        return number(value ** int(exponent))
    return exponential(_log_of_number(value).scaled(exponent))


def _check_bits(base: Poly, exponent: Fraction) -> None:
    for coefficient in base.terms.values():
        bits = max(coefficient.numerator.bit_length(), coefficient.denominator.bit_length())
        if bits > 1 and bits * abs(exponent) > _MOST_BITS:
            raise OutOfBudget


def _opaque_power(base: Poly, exponent: Poly) -> Poly:
    """base^exponent as one atom: for base > 0; a base of 0 wants an exponent ≥ 0, one below 0 a whole exponent."""
    value = exponent.constant()
    if is_whole(exponent):
        if not at_least(exponent, 0):
            require(base, "≠ 0")
    elif value is not None and value > 0:
        require(base, "≥ 0")
    else:
        require(base, "> 0")
    signs = poly_signs(base)
    own = ANY_SIGN if -1 in signs and is_whole(exponent) else NOT_NEGATIVE
    return of_atom(power_atom(base, exponent, own))


def power_atom(base: Poly, exponent: Poly, signs: Signs) -> Atom:
    """Return the atom of a power that no identity opens on the whole domain."""
    return _atom("power", (base, exponent), f"pow({base.key},{exponent.key})", [base, exponent], signs)


def raise_to_symbol(base: Poly, exponent: Poly) -> Poly:
    """Return base^exponent for an exponent that is no number: exp(exponent · log base) where the base is positive.

    A negative base to a whole exponent is (−1)^exponent · |base|^exponent, and a base of any sign to a sum of whole
    numbers ≥ 0 is a product of powers: x^(k+2) = x² x^k.
    """
    value = exponent.constant()
    if value is not None:
        return raise_to(base, value)
    signs = poly_signs(base)
    if signs == POSITIVE:
        return exponential(exponent * logarithm(base))
    if signs == ZERO and is_whole(exponent) and at_least(exponent, 1):
        return ZERO_POLY
    if signs == NEGATIVE and base.constant() != -1 and is_whole(exponent):
        return raise_to_symbol(-ONE_POLY, exponent) * raise_to_symbol(-base, exponent)
    if not is_whole(exponent) or any(
        c < 0 or not mono_signs(m) <= NOT_NEGATIVE for m, c in exponent.terms.items()
    ):
        return _opaque_power(base, exponent)
    result = ONE_POLY
    for mono, coefficient in exponent.terms.items():
        own = _opaque_power(base, of_mono(mono)) if mono.factors else base
        if base.constant() != -1 or coefficient.numerator % 2:  # (−1)^2k = 1
            result = result * raise_to(own, ONE if base.constant() == -1 else coefficient)
    return result


def exponential(exponent: Poly) -> Poly:
    """Return exp(exponent). A term c · log A with a rational c becomes A^c: where log A stands, A is positive."""
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
        _check_bits(argument, Fraction(whole))
        fractional = of_mono(Mono((), of_atom(log_atom(argument)).scaled(rest))) if rest else ONE_POLY
        return fractional.scaled(value**whole)
    if exponent.denominator == 1 and exponent > 0:
        return power(argument, int(exponent))
    single = argument.single()
    if single is not None and single[1] == 1 and len(single[0].factors) == 1 and not single[0].expo.terms:
        atom, own = single[0].factors[0]
        # x² > 0 does not say that x is positive; a whole power of it is right all the same
        if own == 1 or exponent.denominator == 1 or atom.signs == POSITIVE:
            return of_atom(atom, own * exponent)
    return of_atom(poly_atom(argument), exponent)


def logarithm(argument: Poly) -> Poly:
    """Return log(argument): split at positive factors, exponentials taken out. Requires argument > 0."""
    single = argument.single()
    if single is not None and single[1] == 1 and len(single[0].factors) == 1 and not single[0].expo.terms:
        if single[0].factors[0][0].kind == "call" and single[0].factors[0][0].parts[0] == "Abs":
            return _log_of_power(*single[0].factors[0])
    require(argument, "> 0")
    if single is None:
        content, common, rest = primitive(argument)
        if any(a.signs != POSITIVE for a, _ in common.factors):
            return of_atom(log_atom(argument))
        rest_log = of_atom(log_atom(rest)) if rest.single() is None else logarithm(rest)
        return rest_log + _log_of_mono(common) + _log_of_number(content)
    mono, coefficient = single
    unclear = [(a, e) for a, e in mono.factors if a.signs != POSITIVE]
    clear = [(a, e) for a, e in mono.factors if a.signs == POSITIVE]
    total = _log_of_mono(Mono(tuple(clear), mono.expo)) + _log_of_number(abs(coefficient))
    if len(unclear) == 1 and coefficient > 0 and unclear[0][1].denominator == 1:
        return total + _log_of_power(*unclear[0])
    left = of_mono(make_mono(unclear, ZERO_POLY), ONE if coefficient > 0 else -ONE)
    return total if left.constant() == 1 else total + of_atom(log_atom(left))


def _log_of_power(atom: Atom, exponent: Fraction) -> Poly:
    """log(x^e) for a positive x^e: e log x for an odd e, where x is positive, too, and e/2 log(x²) for an even one."""
    if atom.kind == "call" and atom.parts[0] == "Abs":  # log |x| is log(x²)/2
        return logarithm(power(atom.parts[1][0], 2)).scaled(exponent / 2)
    times = ONE if exponent.numerator % 2 else Fraction(2)
    inner = raise_to(atom.parts[0] if atom.kind == "poly" else of_atom(atom), times)
    return of_atom(log_atom(inner)).scaled(exponent / times)


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
    """Return the atom of a logarithm that is not split further; its sign is that of argument − 1."""
    value = argument.constant()
    if value is not None:
        signs = POSITIVE if value > 1 else ANY_SIGN
    else:
        signs = poly_signs(argument - ONE_POLY)
    return _atom("log", (argument,), f"log({argument.key})", [argument], signs)
