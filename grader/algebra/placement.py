"""Where the entries of a sum stand: at the variable, at the variable plus a number, or counted from the other end."""

from collections.abc import Iterator
from fractions import Fraction

from grader.algebra.polynomial import NONE, Atom, Mono, Poly, of_atom, of_mono


def offset_of(mono: Mono, variable: Atom) -> int:
    """The least c for which an entry, a logarithm or a denominator stands at variable + c; 0 for another indexing."""
    found: list[Fraction] = []

    def walk(part: Poly) -> None:
        for inside in part.terms:
            walk(inside.expo)
            for atom, _ in inside.factors:
                if atom == variable:
                    found.append(NONE)
                at = {"item": 2, "log": 0, "poly": 0}.get(atom.kind)
                if at is not None and variable in atom.loose:
                    rest = (atom.parts[at] - of_atom(variable)).constant()
                    if rest is not None or atom.kind == "item":
                        found.append(Fraction(1, 2) if rest is None else rest)
                        continue
                for inner in atom.parts:
                    if isinstance(inner, Poly) and variable in inner.loose:
                        walk(inner)
                    if isinstance(inner, Mono) and variable in inner.loose:
                        walk(of_mono(inner))

    walk(of_mono(mono))
    return int(min(found)) if found and all(f.denominator == 1 for f in found) else 0


def mirror_of(mono: Mono, variable: Atom) -> Poly | None:
    """The c for which each entry that depends on the variable stands at c − variable."""
    places = [p for p in _places(of_mono(mono), variable) if variable in p.loose]
    sums = {place + of_atom(variable) for place in places}
    if len(sums) != 1:
        return None
    (mirror,) = sums
    return None if variable in mirror.loose else mirror


def _places(poly: Poly, variable: Atom) -> Iterator[Poly]:
    for mono in poly.terms:
        yield from _places(mono.expo, variable)
        for atom, _ in mono.factors:
            if atom.kind == "item":
                yield atom.parts[2]
            for inner in atom.parts if variable in atom.loose and atom.kind != "item" else ():
                if isinstance(inner, Poly):
                    yield from _places(inner, variable)
