"""The letters of the hunted statements, and points of their domains drawn without the prover's sampler.

Points are exact: every entry is an int or a Fraction, a distribution sums to exactly 1. They lie where statements
break: sizes of 1 and sizes up to 60, the first and the last index, ties, zeros, probabilities next to 0 and 1.
"""

import random
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from sympy import Derivative as SympyDerivative
from sympy import Dummy, Indexed, IndexedBase, Limit, Product, Sum, Symbol

from grader.algebra import index, positive, positives, probabilities, probability, real, reals, simplex, size
from grader.algebra.definitions import Abbreviation
from tests.hunt.arithmetic import Number

V, m, n = size("V"), size("m"), size("n")
W, M = size("W", 2), size("M", 4)
i, j, h, y = (index(name, V) for name in "ijhy")
s, t = index("s", m), index("t", m)
g = index("g", W)
e, Y = index("e", 3), index("Y", V - 1)  # so V is at least 2 where Y stands
k, l, o = (Symbol(name, integer=True) for name in "klo")  # bound letters without a domain  # noqa: E741
# A bound letter that also stands outside its sum is there an index of the course.
OUTSIDE = {k: index("k", V), l: index("l", V), o: index("o", m)}
z, v = reals("z", V), reals("v", V)
f, w = reals("f", m), reals("w", V - 1)
p, q = simplex("p", V), simplex("q", V)
P, Q = simplex("P", m), simplex("Q", V - 1)
r = probabilities("r", V)
c = positives("c", V)
x, b = real("x"), real("b")
a, T = positive("a"), positive("T")
u = probability("u")

# What each letter may be: (kind, its last value or number of entries, its least value).
_SIZES: dict[str, int] = {"V": 1, "m": 1, "n": 1, "W": 2, "M": 4}
_Last = tuple[str | None, int]  # a size's name and what is added to it
_V, _M = ("V", 0), ("m", 0)
_INDICES: dict[str, _Last] = {
    "i": _V, "j": _V, "h": _V, "y": _V, "s": _M, "t": _M, "g": ("W", 0), "e": (None, 3), "Y": ("V", -1),
    "k": _V, "l": _V, "o": _M,
}  # fmt: skip
_FAMILIES: dict[str, tuple[str, _Last]] = {
    "z": ("real", _V), "v": ("real", _V), "f": ("real", _M), "w": ("real", ("V", -1)), "p": ("simplex", _V),
    "q": ("simplex", _V), "P": ("simplex", _M), "Q": ("simplex", ("V", -1)), "r": ("probability", _V),
    "c": ("positive", _V),
}  # fmt: skip
_SCALARS: dict[str, str] = {"x": "real", "b": "real", "a": "positive", "T": "positive", "u": "probability"}

_BOUNDED = _INDICES.keys() | _FAMILIES.keys()
_REALS = [0, 0, 1, -1, 2, -2, 3, Fraction(1, 2), Fraction(-1, 2), Fraction(7, 3), -5, Fraction(-9, 4), 11]
_POSITIVES = [1, 1, 2, 3, Fraction(1, 2), Fraction(1, 3), Fraction(7, 5), 10, Fraction(1, 1000), 250]
_TINY = Fraction(1, 10**12)
_PROBABILITIES = [
    *(Fraction(1, d) for d in (2, 3, 4, 10)), Fraction(2, 3), Fraction(9, 10), Fraction(99, 100), _TINY, 1 - _TINY
]  # fmt: skip
_DRAWS = {"real": _REALS, "positive": _POSITIVES, "probability": _PROBABILITIES}

Point = dict[str, Any]


def free_letters(expr: Any) -> set[Symbol]:
    """Return the free symbols, a family by its label; a name that `define` gave is opened."""
    if isinstance(expr, Symbol):
        return set() if isinstance(expr, Dummy) else {expr}
    if isinstance(expr, Abbreviation):
        return free_letters(expr.definition)
    if isinstance(expr, Indexed):
        return {expr.base.label}.union(*(free_letters(at) for at in expr.indices))
    if isinstance(expr, Sum | Product):
        free = free_letters(expr.function)
        for variable, low, high in expr.limits:
            free = (free - {variable}) | free_letters(low) | free_letters(high)
        return free
    if isinstance(expr, Limit):
        return (free_letters(expr.args[0]) - {expr.args[1]}) | free_letters(expr.args[2])
    if isinstance(expr, SympyDerivative):
        return free_letters(expr.expr).union(*(free_letters(w) for w in expr.variables))
    if isinstance(expr, IndexedBase):
        return {expr.label}
    return set().union(*(free_letters(part) for part in getattr(expr, "args", ())))


def _size(name: str, rng: random.Random) -> int:
    least = _SIZES[name]
    reach = rng.choice((0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 7, 12, 60))
    return least + (rng.randint(0, reach) if reach > 3 else reach)


def _distribution(length: int, rng: random.Random) -> list[Fraction]:
    weights = [rng.choice((1, 1, 2, 3, 5, 9, 10**12)) for _ in range(length)]
    return [Fraction(w, sum(weights)) for w in weights]


def _entries(name: str, length: int, rng: random.Random) -> list[Number]:
    kind, _ = _FAMILIES[name]
    return (
        _distribution(length, rng) if kind == "simplex" else [rng.choice(_DRAWS[kind]) for _ in range(length)]
    )


def draw_point(names: Iterable[str], rng: random.Random) -> Point:
    """Return a value for each name and for the sizes behind it: a number, or a list for a family."""
    wanted = set(names)
    lasts = {name: _INDICES[name] if name in _INDICES else _FAMILIES[name][1] for name in wanted & _BOUNDED}
    sizes = sorted((wanted | {size for size, _ in lasts.values() if size is not None}) & _SIZES.keys())
    while True:
        point: Point = {name: _size(name, rng) for name in sizes}
        ends = {name: (0 if size is None else point[size]) + more for name, (size, more) in lasts.items()}
        if all(last >= 1 or name == "w" for name, last in ends.items()):
            break  # else an index or a distribution would have no value
    for name in sorted(wanted - point.keys()):
        if name in _INDICES:
            point[name] = rng.choice((1, ends[name], rng.randint(1, ends[name])))
        elif name in _FAMILIES:
            point[name] = _entries(name, ends[name], rng)
        else:
            point[name] = rng.choice(_DRAWS[_SCALARS[name]])
    return point
