"""Random parts of statements: bounds of ranges, bodies of sums, quantities, indices."""

import random
from collections.abc import Callable, Sequence
from typing import Any

from sympy import Abs, Expr, Integer, Rational, S, Symbol, exp, log

from tests.hunt.letters import (
    M,
    P,
    T,
    V,
    W,
    Y,
    a,
    b,
    c,
    e,
    f,
    g,
    h,
    i,
    j,
    k,
    l,
    m,
    n,
    o,
    p,
    q,
    r,
    s,
    t,
    u,
    v,
    x,
    y,
    z,
)

SIZES = (V, V, m, n, M, W)
INDICES = (i, j, j, h, y, s, t, g, e, Y)

# What no sum's letter is part of; of any sign, positive, and between 0 and 1.
_CONSTANTS = (
    Integer(1),
    Integer(2),
    Integer(-1),
    Rational(1, 2),
    x,
    b,
    a,
    T,
    u,
    z[j],
    p[i],
    c[j],
    V,
    j,
    x * a,
)
_QUANTITIES = (
    x, b, z[j], v[i], x - 1, x * b, -a, a - b, log(a), x + z[j], Integer(-2), j - 2, 2 - V, f[s], u - a,
)  # fmt: skip
_POSITIVES = (
    a, T, u, p[j], c[i], exp(x), V, m, Integer(2), Rational(1, 3), exp(z[j]), r[h], j, a + 1, 1 + x**2,
)  # fmt: skip
_PROBABILITIES = (u, p[j], q[i], r[h], 1 - u, u**2, u * r[j], P[s])
_ENTRIES: tuple[Callable[[Any], Expr], ...] = (
    lambda at: z[at], lambda at: z[at] ** 2, lambda at: exp(z[at]), lambda at: p[at], lambda at: p[at] * z[at],
    lambda at: p[at] * log(p[at]), lambda at: p[at] * log(q[at]), lambda at: c[at], lambda at: z[at] * v[at],
    lambda at: exp(z[at] / T), lambda at: x * z[at], lambda at: p[at] * q[at], lambda at: log(r[at]),
    lambda at: c[at] / a, lambda at: z[at] - v[at], lambda at: (z[at] - x) ** 2, lambda at: z[j] * v[at],
)  # fmt: skip
_FUNCTIONS: tuple[Callable[[Any], Expr], ...] = (
    lambda at: at, lambda at: at, lambda at: at**2, lambda at: x * at, Abs, lambda at: at - 1, lambda at: 2 * at + 1,
    lambda at: x**2 * at, lambda at: at + z[j], lambda at: at * z[j], lambda at: Integer(2) ** at, lambda at: a**at,
    lambda at: (-1) ** at, lambda at: a * at, lambda at: Abs(at - 2), lambda at: at**3, lambda at: x - at,
    lambda at: V - at, lambda at: at * (at - 1), lambda at: exp(x * at), lambda at: Rational(1, 2) ** at,
    lambda at: 1 / at,
)  # fmt: skip


class Draw:
    """Draws parts; `outer` are the bound letters around the place, which bounds may use."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def one(self, options: Sequence[Any]) -> Any:
        return self.rng.choice(options)

    def lazily(self, *options: Callable[[], Any]) -> Any:
        """One of the options, which alone is built: SymPy takes most of a draw's time."""
        return self.rng.choice(options)()

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def literal(self) -> Expr:
        return Integer(self.rng.choice((-3, -1, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5)))

    def size(self) -> Expr:
        return self.one(SIZES)

    def index(self) -> Expr:
        return self.one(INDICES)

    def letter(self) -> Symbol:
        """A bound letter: mostly one without a domain, at times the course's own index."""
        return self.one((k, k, k, l, o, i, j, s))

    def bound(self, outer: Sequence[Expr] = ()) -> Expr:
        """An end of a range: a literal, a size, an index, or something near to or made of these."""
        base = self.one([self.size(), self.size(), self.index(), *outer, *outer])
        match self.rng.randrange(9):
            case 0 | 1:
                return self.literal()
            case 2 | 3:
                return base
            case 4:
                return base + 1
            case 5:
                return base - 1
            case 6:
                return self.literal() - base
            case 7:
                return base + self.literal()
            case _:
                return base - self.one((self.size(), self.index()))

    def bounds(self, outer: Sequence[Expr] = ()) -> tuple[Expr, Expr]:
        """A range: that of the course, one that begins or ends elsewhere, or any at all (empty, reversed, below 1)."""
        match self.rng.randrange(10):
            case 0 | 1:
                return S.One, self.size()
            case 2:
                return self.one((S.Zero, Integer(2), Integer(3), Integer(-2))), self.size()
            case 3:
                return S.One, self.bound(outer)
            case 4:
                return self.bound(outer), self.size()
            case 5:
                return self.size(), self.literal()
            case 6:
                return self.index(), self.one((V, m, self.literal()))
            case _:
                return self.bound(outer), self.bound(outer)

    def constant(self) -> Expr:
        return self.one(_CONSTANTS)

    def positive(self) -> Expr:
        return self.one(_POSITIVES)

    def probability(self) -> Expr:
        return self.one(_PROBABILITIES)

    def quantity(self) -> Expr:
        return self.one(_QUANTITIES)

    def entry(self, at: Expr) -> Expr:
        """An entry of families over 1 … V at the letter, alone or in a form of the course."""
        return self.one(_ENTRIES)(at)

    def function(self, at: Expr) -> Expr:
        """A function of the letter itself: defined on any range but where it divides."""
        return self.one(_FUNCTIONS)(at)

    def body(self, at: Expr, entries: bool | None = None) -> Expr:
        """What is summed; entries: of families (True), of the letter (False), or any of these and constants."""
        if entries is None:
            entries = self.chance(0.3)
            if self.chance(0.3):
                return self.constant()
        return self.entry(at) if entries else self.function(at)
