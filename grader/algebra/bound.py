"""Finished sums and products: atoms whose variables are named by their level, so that equal ones have equal keys.

The variable of a finished sum, like that of one that is being built, carries its range, and so do the signs of what
stands under the sum.
"""

from collections.abc import Callable
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
from grader.algebra.factorials import binomial_atom
from grader.algebra.integers import at_least, is_nonempty
from grader.algebra.polynomial import (
    ANY_SIGN,
    NOT_NEGATIVE,
    ONE_POLY,
    Atom,
    Mono,
    Poly,
    map_atoms,
    map_mono,
    of_atom,
)
from grader.algebra.signs import mono_signs, poly_signs

Range = tuple[Atom, Poly, Poly]


def range_of(variable: Atom) -> tuple[Poly, Poly]:
    """Return the first and the last value of a sum's variable."""
    assert variable.between is not None and variable.between[1] is not None
    return variable.between[0], variable.between[1]


def opened(atom: Atom) -> tuple[list[Range], Mono]:
    """Open a sum: give its bound variables names of their own."""
    ranges, body = atom.parts
    fresh = {bound: loose_atom(None, low, high) for bound, low, high in ranges}
    return [(fresh[b], low, high) for b, low, high in ranges], map_mono(body, renaming(fresh))


def finished_sum(body: Mono, ranges: list[Range]) -> Poly:
    """Return the sum as an atom whose variables are named by their level, in the order that gives the least key."""
    if len(ranges) == 1 and is_simplex_total(body, ranges[0]):
        return ONE_POLY
    height = max([body.height, *(end.height for _, low, high in ranges for end in (low, high))])
    best: Atom | None = None
    for order in permutations(ranges) if len(ranges) <= 3 else [tuple(ranges)]:
        names = {v: bound_atom(height + level, low, high) for level, (v, low, high) in enumerate(order)}
        bounds = tuple((names[v], low, high) for v, low, high in order)
        made = _sum_atom(bounds, map_mono(body, renaming(names)))
        if best is None or made.key < best.key:
            best = made
    assert best is not None
    return of_atom(best)


def _sum_atom(bounds: tuple[Range, ...], body: Mono) -> Atom:
    """The atom of a finished sum: it has the signs of its terms, and 0 unless its ranges are known to have terms."""
    key = f"Σ[{','.join(f'{b.key}={low.key}..{high.key}' for b, low, high in bounds)}]<{body.key}>"
    signs = mono_signs(body)
    if not all(is_nonempty(low, high) for _, low, high in bounds):
        signs = signs | {0}
    if len(signs) > 1 and {-1, 1} <= signs:
        signs = ANY_SIGN  # terms of both signs may cancel
    loose = body.loose.union(*(low.loose | high.loose for _, low, high in bounds))
    height = max([body.height, *(b.height for b, _, _ in bounds)])
    return Atom("sum", (bounds, body), key, loose, height, signs)


def is_simplex_total(body: Mono, bounds: Range) -> bool:
    variable, low, high = bounds
    if body.expo.terms or len(body.factors) != 1 or body.factors[0][1] != 1:
        return False
    atom = body.factors[0][0]
    if atom.kind != "item" or atom.parts[1] != "simplex":
        return False
    index, length = atom.parts[2:4]
    return bool(index == of_atom(variable) and low == ONE_POLY and high.key == length and at_least(high, 1))


def finished_product(body: Poly, variable: Atom) -> Poly:
    """Return the product as an atom whose variable is named by its level."""
    low, high = range_of(variable)
    bound = bound_atom(max(body.height, low.height, high.height), low, high)
    return of_atom(_product_atom((bound, low, high), map_atoms(body, renaming({variable: bound}))))


def _product_atom(bounds: Range, body: Poly) -> Atom:
    bound, low, high = bounds
    key = f"Π[{bound.key}={low.key}..{high.key}]<{body.key}>"
    signs = NOT_NEGATIVE if poly_signs(body) <= NOT_NEGATIVE else ANY_SIGN
    height = max(bound.height, body.height)
    return Atom("product", (bounds, body), key, body.loose | low.loose | high.loose, height, signs)


def renaming(names: dict[Atom, Atom]) -> Callable[[Atom], Atom]:
    """Return the function that renames variables in an atom, at any depth, to others that lie in the same range."""

    def change(atom: Atom) -> Atom:
        return names[atom] if atom in names else _rebuilt(atom, names)

    return change


def _rebuilt(atom: Atom, names: dict[Atom, Atom]) -> Atom:
    """Return the atom with the variables inside it renamed."""
    spend()
    if not atom.loose and not atom.height:
        return atom

    def poly(inner: Poly) -> Poly:
        return map_atoms(inner, renaming(names))

    match atom.kind:
        case "item":
            name, kind, index, length, signs, family = atom.parts
            return item_atom(name, kind, poly(index), length, signs, family)
        case "log":
            return log_atom(poly(atom.parts[0]))
        case "poly":
            return poly_atom(poly(atom.parts[0]))
        case "binomial":
            return binomial_atom(*(poly(p) for p in atom.parts))
        case "call":
            name, arguments, signs = atom.parts
            return call_atom(name, [poly(a) for a in arguments], signs)
        case "delta":
            return delta_atom(*(poly(p) for p in atom.parts))
        case "power":
            base, exponent = atom.parts
            return power_atom(poly(base), poly(exponent), atom.signs)
        case "sum":
            bounds, body = atom.parts
            again, inner = _renamed_bounds(bounds, names)
            return _sum_atom(again, map_mono(body, renaming(inner)))
        case "product":
            range_, body = atom.parts
            (own,), inner = _renamed_bounds((range_,), names)
            return _product_atom(own, map_atoms(body, renaming(inner)))
    return atom


def _renamed_bounds(
    bounds: tuple[Range, ...], names: dict[Atom, Atom]
) -> tuple[tuple[Range, ...], dict[Atom, Atom]]:
    """The bounds with renamed ends, and the names with these bounds' own variables, which carry the ends."""
    again, inner = [], dict(names)
    for bound, low, high in bounds:
        ends = map_atoms(low, renaming(names)), map_atoms(high, renaming(names))
        inner[bound] = bound_atom(bound.parts[0], *ends)
        again.append((inner[bound], *ends))
    return tuple(again), inner
