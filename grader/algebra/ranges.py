"""Sums and products over an index, made canonical.

A sum is linear, lets factors pass that do not depend on its variable, and two nested sums are one sum over both
variables. Its variables are named by their level, so that equal sums have equal keys.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import permutations

from grader.algebra.atoms import (
    bound_atom,
    call_atom,
    delta_atom,
    exponential,
    item_atom,
    log_atom,
    logarithm,
    loose_atom,
    poly_atom,
    power_atom,
    raise_to,
)
from grader.algebra.budget import spend
from grader.algebra.polynomial import (
    ONE,
    ONE_POLY,
    UNIT,
    ZERO_POLY,
    Atom,
    Mono,
    Poly,
    make_mono,
    map_atoms,
    map_mono,
    number,
    of_atom,
    of_mono,
)
from grader.algebra.signs import mono_signs


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
            summed = _aligned(inside, variable, low, high, nonempty)
        total = total + summed * of_mono(outside, coefficient)
    return total


def _aligned(mono: Mono, variable: Atom, low: Poly, high: Poly, nonempty: bool) -> Poly:
    """Return the sum of one monomial over a range that begins at 1 and ends at a symbol; what is left over is added.

    So Σ P[j+1] for j = 1…m and Σ P[j] for j = 1…m meet in Σ P[j] for j = 1…m, plus P[m+1] − P[1]: sums telescope.
    """
    if _is_simplex_total(mono, (variable, low, high)):
        return ONE_POLY
    shift = _offset(mono, variable)
    if shift:
        moved = substituted(of_mono(mono), variable, of_atom(variable) - number(shift))
        if moved is not None:
            return sum_over(moved, variable, low + number(shift), high + number(shift), nonempty)
    for first, last, beyond, side in _excess(low, high):
        extra = ZERO_POLY
        for at in beyond:
            term = substituted(of_mono(mono), variable, at)
            if term is None:
                break
            extra = extra + term
        else:
            return sum_over(of_mono(mono), variable, first, last, _least(last - first) >= 0) + extra.scaled(
                side
            )
    split = _split_at_index(low, high)
    if split is not None:
        before = sum_over(of_mono(mono), variable, ONE_POLY, split, False)
        return sum_over(of_mono(mono), variable, ONE_POLY, high, nonempty) - before
    return _sum_of_mono(mono, [(variable, low, high)], nonempty)


def _offset(mono: Mono, variable: Atom) -> int:
    """The least c for which an entry stands at variable + c, 0 when there is none or another way of indexing."""
    found: list[Fraction] = []

    def walk(part: Poly) -> None:
        for inside in part.terms:
            walk(inside.expo)
            for atom, _ in inside.factors:
                if atom.kind == "item" and variable in atom.loose:
                    rest = (atom.parts[2] - of_atom(variable)).constant()
                    found.append(Fraction(1, 2) if rest is None else rest)
                for inner in atom.parts:
                    if isinstance(inner, Poly) and variable in inner.loose and atom.kind != "item":
                        walk(inner)
                    if isinstance(inner, Mono) and variable in inner.loose:
                        walk(of_mono(inner))

    walk(of_mono(mono))
    return int(min(found)) if found and all(f.denominator == 1 for f in found) else 0


def _excess(low: Poly, high: Poly) -> Iterator[tuple[Poly, Poly, list[Poly], Fraction]]:
    """Yield (low, high, places, ±1): the range with one end made plain, and the terms to add or take away for it.

    Only where the range is known to hold no negative number of terms.
    """
    first, base = low.constant(), high - number(high.terms.get(UNIT, Fraction(0)))
    if first is None or first.denominator != 1 or not base.terms or _least(high - low + ONE_POLY) < 0:
        return
    if 1 < first <= 5:
        yield ONE_POLY, high, [number(i) for i in range(1, int(first))], -ONE
    if -4 <= first < 1 and _least(high) >= 0:
        yield ONE_POLY, high, [number(i) for i in range(int(first), 1)], ONE
    beyond = high.terms.get(UNIT, Fraction(0))
    if (
        first == 1
        and beyond.denominator == 1
        and 0 < abs(beyond) <= 4
        and _least(base) >= max(Fraction(0), -beyond)
    ):
        if beyond > 0:
            yield low, base, [base + number(i) for i in range(1, int(beyond) + 1)], ONE
        else:
            yield low, base, [base - number(i) for i in range(int(-beyond))], -ONE


def _split_at_index(low: Poly, high: Poly) -> Poly | None:
    """For a range from an index k (or k + 1) to the last value of k: where what is missing before it ends."""
    after = low.terms.get(UNIT, Fraction(0))
    single = (low - number(after)).single()
    if single is None or after not in (0, 1):
        return None
    mono, coefficient = single
    if coefficient != 1 or mono.expo.terms or len(mono.factors) != 1 or mono.factors[0][1] != 1:
        return None
    beyond = high.terms.get(UNIT, Fraction(0))
    last = (high - number(beyond)).key
    if mono.factors[0][0].parts[1:] != (f"index to {last}",) or after > beyond + 1:
        return None
    return low - ONE_POLY


def _least(poly: Poly) -> Fraction:
    """The least value of a sum of sizes and indices, each at least 1; −1 when the polynomial is something else."""
    total = Fraction(0)
    for mono, coefficient in poly.terms.items():
        counts = mono.factors and all(
            a.kind == "symbol" and (a.parts[1] == "size" or a.parts[1].startswith("index to ")) and e == 1
            for a, e in mono.factors
        )
        if mono != UNIT and (not counts or coefficient < 0 or mono.expo.terms):
            return Fraction(-1)
        total += coefficient
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
        if (
            atom.kind != "sum"
            or exponent.denominator != 1
            or exponent < 1
            or any(variables & (low.loose | high.loose) for _, low, high in atom.parts[0])
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
        names = {variable: bound_atom(height + level) for level, (variable, _, _) in enumerate(order)}
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
    bound = bound_atom(body.height)
    named = map_atoms(body, renaming({variable: bound}))
    key = f"Π[{bound.key}={low.key}..{high.key}]<{named.key}>"
    loose = named.loose | low.loose | high.loose
    return Atom("product", ((bound, low, high), named), key, loose, body.height + 1)


def renaming(names: dict[Atom, Atom]) -> Callable[[Atom], Atom]:
    """Return the function that renames variables in an atom, at any depth."""

    def change(atom: Atom) -> Atom:
        if atom in names:
            return names[atom]
        rebuilt = _rebuilt(atom, lambda p: map_atoms(p, change))
        assert rebuilt is not None  # a renamed monomial is a monomial
        return rebuilt

    return change


def substituted(poly: Poly, variable: Atom, value: Poly) -> Poly | None:
    """Return the polynomial with a variable replaced at any depth; None where the result has no such form."""

    def replaced(part: Poly) -> Poly:
        total = ZERO_POLY
        for mono, coefficient in part.terms.items():
            term = exponential(replaced(mono.expo)).scaled(coefficient)
            for atom, exponent in mono.factors:
                term = term * factor(atom, exponent)
            total = total + term
        return total

    def factor(atom: Atom, exponent: Fraction) -> Poly:
        if variable not in atom.loose:
            return of_atom(atom, exponent)
        if atom == variable:
            return raise_to(value, exponent, _nothing_required)
        if atom.kind == "poly":
            return raise_to(replaced(atom.parts[0]), exponent, _nothing_required)
        if atom.kind == "log" and exponent == 1:
            return logarithm(replaced(atom.parts[0]), _nothing_required)
        rebuilt = _rebuilt(atom, replaced)
        if rebuilt is None:
            raise _NoSuchForm
        return of_atom(rebuilt, exponent)

    try:
        return replaced(poly)
    except _NoSuchForm:
        return None


class _NoSuchForm(Exception):
    """A sum's body would have more than one term."""


def _nothing_required(poly: Poly, condition: str) -> None:
    """The conditions were noted when the polynomial was made."""


def _rebuilt(atom: Atom, poly: Callable[[Poly], Poly]) -> Atom | None:
    """Return the atom with its inner polynomials changed; None when a sum's body is a monomial no more."""
    spend()
    if not atom.loose and not atom.height:
        return atom
    match atom.kind:
        case "item":
            name, kind, index, length, signs = atom.parts
            return item_atom(name, kind, poly(index), length, signs)
        case "log":
            return log_atom(poly(atom.parts[0]))
        case "poly":
            return poly_atom(poly(atom.parts[0]))
        case "delta":
            return delta_atom(*(poly(p) for p in atom.parts))
        case "call":
            name, arguments, signs = atom.parts
            return call_atom(name, [poly(a) for a in arguments], signs)
        case "power":
            base, exponent = (poly(p) for p in atom.parts)
            return power_atom(base, exponent)
        case "sum":
            bounds, body, nonempty = atom.parts
            again = tuple((b, poly(low), poly(high)) for b, low, high in bounds)
            single = poly(of_mono(body)).single()
            if single is None or single[1] != 1:
                return None
            named = single[0]
            limits = ",".join(f"{b.key}={low.key}..{high.key}" for b, low, high in again)
            loose = named.loose.union(*(low.loose | high.loose for _, low, high in again))
            key = f"Σ[{limits}]<{named.key}>"
            return Atom("sum", (again, named, nonempty), key, loose, atom.height, atom.signs)
        case "product":
            (bound, low, high), body = atom.parts
            body, low, high = poly(body), poly(low), poly(high)
            key = f"Π[{bound.key}={low.key}..{high.key}]<{body.key}>"
            return Atom("product", ((bound, low, high), body), key, body.loose, atom.height)
    return atom
