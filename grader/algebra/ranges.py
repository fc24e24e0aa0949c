"""Sums and products over an index, made canonical.

A sum is linear, lets factors pass that do not depend on its variable, and two nested sums are one sum over both
variables. Its variables are named by their level, so that equal sums have equal keys.
"""

from collections.abc import Callable
from fractions import Fraction
from itertools import permutations

from grader.algebra.atoms import (
    bound_atom,
    call_atom,
    delta_atom,
    item_atom,
    log_atom,
    loose_atom,
    poly_atom,
    power_atom,
)
from grader.algebra.budget import spend
from grader.algebra.polynomial import (
    ONE_POLY,
    UNIT,
    ZERO_POLY,
    Atom,
    Mono,
    Poly,
    make_mono,
    map_atoms,
    map_mono,
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
                named = map_mono(body, change)
                limits = ",".join(f"{b.key}={low.key}..{high.key}" for b, low, high in again)
                loose = named.loose.union(*(low.loose | high.loose for _, low, high in again))
                return Atom(
                    "sum",
                    (again, named, nonempty),
                    f"Σ[{limits}]<{named.key}>",
                    loose,
                    atom.height,
                    atom.signs,
                )
            case "product":
                (bound, low, high), body = atom.parts
                named_body, low, high = poly(body), poly(low), poly(high)
                key = f"Π[{bound.key}={low.key}..{high.key}]<{named_body.key}>"
                return Atom("product", ((bound, low, high), named_body), key, named_body.loose, atom.height)
        return atom

    return change
