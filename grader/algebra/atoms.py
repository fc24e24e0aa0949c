"""The atoms of the normal form: how logarithms, exponentials, powers and sums are made canonical.

Each constructor applies the identities that hold on the whole stated domain and no others: log(ab) = log a + log b
where a is positive; a^x = exp(x log a) where a is positive; a sum is linear, lets factors pass that do not depend on
its variable, and two nested sums are one sum over both variables.
"""

from collections.abc import Callable
from fractions import Fraction
from itertools import count, permutations
from math import gcd, lcm
from typing import Any

from sympy import factorint

from grader.algebra.budget import spend
from grader.algebra.polynomial import (
    ANY_SIGN, NONE, NOT_NEGATIVE, NOT_POSITIVE, ONE, ONE_POLY, POSITIVE, UNIT, ZERO_POLY, Atom, Mono, Poly, Signs,
    make_mono, map_atoms, map_mono, number, of_atom, of_mono, power,
)  # fmt: skip
from grader.algebra.signs import sign_power, sign_product, sign_sum

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


def _bound_atom(level: int) -> Atom:
    return Atom("bound", (level,), f"#{level}", height=level + 1, signs=POSITIVE)


def call_atom(name: str, arguments: list[Poly], signs: Signs = ANY_SIGN) -> Atom:
    """Return the atom of a function that the arithmetic does not know, such as tanh."""
    return _atom("call", (name, tuple(arguments), signs), f"{name}({','.join(a.key for a in arguments)})", arguments, signs)


def delta_atom(left: Poly, right: Poly) -> Atom:
    """Return the atom of a Kronecker delta."""
    low, high = sorted((left, right), key=lambda p: p.key)
    return _atom("delta", (low, high), f"δ({low.key},{high.key})", [low, high], NOT_NEGATIVE)


# ---------------------------------------------------------------------------------------------- signs


def mono_signs(mono: Mono) -> Signs:
    """Return the signs that the monomial can have."""
    signs = POSITIVE
    for atom, exponent in mono.factors:
        signs = sign_product(signs, sign_power(atom.signs, exponent))
    return signs


def poly_signs(poly: Poly) -> Signs:
    """Return the signs that the polynomial can have, term by term, probabilities written as 1/(1 + a), a > 0."""
    signs: Signs = frozenset({0})
    for mono, coefficient in poly.terms.items():
        own = mono_signs(mono)
        signs = sign_sum(signs, own if coefficient > 0 else frozenset(-s for s in own))
    if len(signs) < 3 or len(poly.terms) < 2:
        return signs
    odds = _by_odds(poly)
    return signs if odds is None else signs & poly_signs(odds)


def _by_odds(poly: Poly) -> Poly | None:
    """Return poly · (1 + a)^d with one probability p replaced by 1/(1 + a); None when there is none."""
    scalars = {a for m in poly.terms for a, _ in m.factors if a.kind in ("symbol", "item")}
    for atom in sorted(scalars, key=lambda a: a.key):
        if atom.parts[1] != "probability":
            continue
        exponents = [dict(m.factors).get(atom, NONE) for m in poly.terms]
        if any(e.denominator != 1 or e < 0 for e in exponents) or max(exponents) > 6:
            continue
        ratio = Atom("symbol", (f"odds {atom.key}", "positive"), f"odds({atom.key})", signs=POSITIVE)
        raised = ONE_POLY + of_atom(ratio)
        total = ZERO_POLY
        for mono, coefficient in poly.terms.items():
            rest = make_mono([(a, e) for a, e in mono.factors if a != atom], mono.expo)
            missing = int(max(exponents) - dict(mono.factors).get(atom, NONE))
            total = total + of_mono(rest, coefficient) * power(raised, missing)
        return total
    return None


# ------------------------------------------------------------------------------ content, powers, exp and log


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
        rest_power = of_atom(poly_atom(rest), exponent) if inner is None else raise_to(rest, exponent, require)
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


def _opaque_power(base: Poly, exponent: Poly) -> Poly:
    return of_atom(_atom("power", (base, exponent), f"pow({base.key},{exponent.key})", [base, exponent]))


def raise_to_symbol(base: Poly, exponent: Poly, require: Callable[[Poly, str], None]) -> Poly:
    """Return base^exponent for an exponent that is no number: exp(exponent · log base) where the base is positive."""
    if poly_signs(base) != POSITIVE:
        return _opaque_power(base, exponent)
    return exponential(exponent * logarithm(base, require))


def exponential(exponent: Poly) -> Poly:
    """Return exp(exponent). A term c · log A with a rational c becomes A^c."""
    result, rest = ONE_POLY, {}
    for mono, coefficient in exponent.terms.items():
        if len(mono.factors) == 1 and not mono.expo.terms and mono.factors[0][0].kind == "log" and mono.factors[0][1] == 1:
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
        fractional = of_mono(Mono((), of_atom(_log_atom(argument)).scaled(rest))) if rest else ONE_POLY
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
        return of_atom(_log_atom(argument))
    single = argument.single()
    if single is None:
        content, common, rest = primitive(argument)
        if rest.single() is not None:
            rest_log = logarithm(rest, require)
        else:
            rest_log = of_atom(_log_atom(rest))
        if any(a.signs != POSITIVE for a, _ in common.factors):
            return of_atom(_log_atom(argument))
        return rest_log + _log_of_mono(common) + _log_of_number(content)
    mono, coefficient = single
    unclear = [(a, e) for a, e in mono.factors if a.signs != POSITIVE]
    clear = [(a, e) for a, e in mono.factors if a.signs == POSITIVE]
    total = _log_of_mono(Mono(tuple(clear), mono.expo)) + _log_of_number(abs(coefficient))
    left = of_mono(make_mono(unclear, ZERO_POLY), ONE if coefficient > 0 else -ONE)
    return total if left.constant() == 1 else total + of_atom(_log_atom(left))


def _log_of_mono(mono: Mono) -> Poly:
    total = mono.expo
    for atom, exponent in mono.factors:
        inner = atom.parts[0] if atom.kind == "poly" else of_atom(atom)
        total = total + of_atom(_log_atom(inner)).scaled(exponent)
    return total


def _log_of_number(value: Fraction) -> Poly:
    total = ZERO_POLY
    for part, side in ((value.numerator, 1), (value.denominator, -1)):
        primes = factorint(part) if part < 10**12 else {part: 1}
        for prime, exponent in primes.items():
            if prime != 1:
                total = total + of_atom(_log_atom(number(prime))).scaled(Fraction(side * exponent))
    return total


def _log_atom(argument: Poly) -> Atom:
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


# ------------------------------------------------------------------------------------------ sums and products


def sum_over(body: Poly, variable: Atom, low: Poly, high: Poly, nonempty: bool) -> Poly:
    """Return Σ body for the variable from low to high (inclusive).

    nonempty: the range is known to have at least one element (used for signs only).
    """
    total = ZERO_POLY
    for mono, coefficient in body.terms.items():
        spend(4)
        inside, outside = _split(mono, variable)
        if inside == UNIT:
            summed = high - low + ONE_POLY
        else:
            summed = _sum_of_mono(inside, [(variable, low, high)], nonempty)
        total = total + summed * of_mono(outside, coefficient)
    return total


def _split(mono: Mono, variable: Atom) -> tuple[Mono, Mono]:
    """Split a monomial into what depends on the variable and what does not."""
    inside = [(a, e) for a, e in mono.factors if variable in a.loose]
    outside = [(a, e) for a, e in mono.factors if variable not in a.loose]
    expo_in = Poly({m: c for m, c in mono.expo.terms.items() if variable in m.loose})
    return Mono(tuple(inside), expo_in), Mono(tuple(outside), mono.expo - expo_in)


Range = tuple[Atom, Poly, Poly]


def _sum_of_mono(mono: Mono, ranges: list[Range], nonempty: bool) -> Poly:
    """Return the sum of one monomial, sums inside it merged into one sum over all variables."""
    factors: list[tuple[Atom, Fraction]] = []
    expo = mono.expo
    merged = list(ranges)
    for atom, exponent in mono.factors:
        variables = {r[0] for r in ranges}
        if atom.kind != "sum" or exponent.denominator != 1 or exponent < 1 or any(
            variables & (low.loose | high.loose) for _, low, high in atom.parts[0]
        ):
            factors.append((atom, exponent))
            continue
        nonempty = nonempty and bool(atom.parts[2])
        for _ in range(int(exponent)):
            inner_ranges, inner_body = _instantiate(atom)
            merged.extend(inner_ranges)
            factors.extend(inner_body.factors)
            expo = expo + inner_body.expo
    return _close(make_mono(factors, expo), merged, nonempty)


def _instantiate(atom: Atom) -> tuple[list[Range], Mono]:
    """Open a sum: give its bound variables names of their own."""
    ranges, body, _ = atom.parts
    fresh = {bound: loose_atom() for bound, _, _ in ranges}
    change = renaming(fresh)
    return [(fresh[b], low, high) for b, low, high in ranges], map_mono(body, change)


def _close(body: Mono, ranges: list[Range], nonempty: bool) -> Poly:
    """Return the sum as an atom whose variables are named by their level, in the order that gives the least key."""
    if len(ranges) == 1 and _is_simplex_total(body, ranges[0]):
        return ONE_POLY
    height = body.height
    best: Atom | None = None
    for order in permutations(ranges) if len(ranges) <= 3 else [tuple(ranges)]:
        names = {variable: _bound_atom(height + level) for level, (variable, _, _) in enumerate(order)}
        named = map_mono(body, renaming(names))
        bounds = tuple((names[v], low, high) for v, low, high in order)
        limits = ",".join(f"{b.key}={low.key}..{high.key}" for b, low, high in bounds)
        key = f"Σ[{limits}]<{named.key}>"
        if best is None or key < best.key:
            signs = mono_signs(body) if nonempty else mono_signs(body) | {0}
            loose = (named.loose).union(*(low.loose | high.loose for _, low, high in bounds))
            best = Atom("sum", (bounds, named, nonempty), key, loose, height + len(ranges), frozenset(signs))
    assert best is not None
    return of_atom(best)


def _is_simplex_total(body: Mono, bounds: Range) -> bool:
    variable, low, high = bounds
    if body.expo.terms or len(body.factors) != 1 or body.factors[0][1] != 1:
        return False
    atom = body.factors[0][0]
    if atom.kind != "item" or atom.parts[1] != "simplex":
        return False
    _, _, index, length, _ = atom.parts
    return bool(index == of_atom(variable) and low == ONE_POLY and high.key == length)


def product_atom(body: Poly, variable: Atom, low: Poly, high: Poly) -> Atom:
    """Return the atom of a product over an index whose factors are not known to be positive."""
    bound = _bound_atom(body.height)
    named = map_atoms(body, renaming({variable: bound}))
    key = f"Π[{bound.key}={low.key}..{high.key}]<{named.key}>"
    loose = named.loose | low.loose | high.loose
    return Atom("product", ((bound, low, high), named), key, loose, body.height + 1)


def renaming(names: dict[Atom, Atom]) -> Callable[[Atom], Atom]:
    """Return the function that renames variables in an atom, at any depth."""

    def poly(p: Poly) -> Poly:
        return map_atoms(p, change)

    def change(atom: Atom) -> Atom:
        spend()
        if atom in names:
            return names[atom]
        if not atom.loose and not atom.height:
            return atom
        match atom.kind:
            case "item":
                name, kind, index, length, signs = atom.parts
                return item_atom(name, kind, poly(index), length, signs)
            case "log":
                return _log_atom(poly(atom.parts[0]))
            case "poly":
                return poly_atom(poly(atom.parts[0]))
            case "delta":
                return delta_atom(*(poly(p) for p in atom.parts))
            case "call":
                name, arguments, signs = atom.parts
                return call_atom(name, [poly(a) for a in arguments], signs)
            case "power":
                base, exponent = (poly(p) for p in atom.parts)
                return _opaque_power(base, exponent).single()[0].factors[0][0]  # type: ignore[index]
            case "sum":
                bounds, body, nonempty = atom.parts
                again = tuple((b, poly(low), poly(high)) for b, low, high in bounds)
                named = map_mono(body, change)
                limits = ",".join(f"{b.key}={low.key}..{high.key}" for b, low, high in again)
                loose = named.loose.union(*(low.loose | high.loose for _, low, high in again))
                return Atom("sum", (again, named, nonempty), f"Σ[{limits}]<{named.key}>", loose, atom.height, atom.signs)
            case "product":
                (bound, low, high), body = atom.parts
                named_body, low, high = poly(body), poly(low), poly(high)
                key = f"Π[{bound.key}={low.key}..{high.key}]<{named_body.key}>"
                return Atom("product", ((bound, low, high), named_body), key, named_body.loose, atom.height)
        return atom

    return change
