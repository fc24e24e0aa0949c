"""At which points a relation is tried.

First small readable points, so that a counterexample has few digits; among them the special values at which expressions
are undefined (0, 1, ties, equal indices, the smallest size). They are the same for every seed, and random points never
hit a special value, so what is found undefined does not depend on the seed. Points far out (sizes beyond 60,
probabilities near 0 and 1, large logits) are kept for relations that no proof settles: a bound by a constant shall not
pass.
"""

import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from grader.algebra.domains import DomainSymbol, Kind, Point, length_of

_SPECIAL: dict[str, tuple[float, ...]] = {
    "real": (0, 1, -1, 2, 0.5, -2),
    "positive": (1, 2, 0.5),
    "probability": (0.5, 0.25, 0.75),
}
_FAR: dict[str, tuple[float, ...]] = {
    "real": (1e4, -1e4, 50, -50, 1e-6, -1e-3, 1e9, -1e9, 1e3),
    "positive": (1e-6, 1e6, 1e-3, 1e3, 1e-40, 1e40, 1e2),
    "probability": (1e-12, 1 - 1e-12, 1e-6, 0.999, 1e-40, 1e-3),
}
_FAR_ENTRIES: dict[str, tuple[float, ...]] = {
    "real": (1000, -1000, 30, -30, 5, 0, 0.1),
    "positive": (1e-6, 1e6, 1e-3, 1e3, 1, 20),
    "probability": (1e-12, 1 - 1e-12, 1e-4, 0.999, 0.5),
    "simplex": (1, 1e-12, 1e-4, 0.3),
}
_SMALL_SIZES = (1, 2, 0, 3, 7, 5)  # beyond the least
_FAR_SIZES = (12, 7, 33, 60, 20, 61, 5, 150)
_HUGE_SIZES = (10**3, 10**6, 10**9, 10**12, 997, 4096)  # where no family has to be drawn
_MOST_ENTRIES = 5_000  # of a family
_GENERIC_SIZES = (11, 17, 8, 23, 14, 9)
_SPECIAL_POINTS, _MOST_FAR, _TIED_POINTS = 6, 30, 48
_LARGEST_FLOAT = 10**300


def readable(symbols: list[DomainSymbol], count: int, seed: int) -> Iterator[Point]:
    """Yield `count` small points: fixed ones first, then random ones that depend on the seed."""
    fixed = [_small(symbols, n) for n in range(len(_SMALL_SIZES))]
    fixed += [_special(symbols, n) for n in range(_SPECIAL_POINTS)]
    points = [point for point in fixed if point is not None]
    yield from points[:count]
    rng = random.Random(seed)
    for n in range(count - len(points)):
        # every fifth point is larger than one would write down, and its sizes are far apart
        size = _sizes_apart() if n % 5 == 4 else _random_size
        point = _drawn(symbols, rng, size, _random_scalar, _random_entries)
        if point is not None:
            yield point


def far(symbols: list[DomainSymbol]) -> Iterator[Point]:
    """Yield points far out: large sizes, values near the ends of their domains, logits in the thousands, ties."""
    rng = random.Random(1)
    families = any(s.domain.kind != "index" and s.domain.size is not None for s in symbols)
    for n in range(_MOST_FAR):
        sizes = _HUGE_SIZES if n % 3 == 0 and not families else _FAR_SIZES

        def size(at_least: int, rng: random.Random, own: tuple[int, ...] = sizes) -> int:
            return max(at_least, rng.choice(own))

        point = _drawn(symbols, rng, size, _far_scalar(n), _far_entries(n))
        if point is not None:
            yield point


def tied(symbols: list[DomainSymbol]) -> Iterator[Point]:
    """Yield points where indices meet, also those up to different sizes, among special values that differ."""
    rng = random.Random(7)
    indices = [symbol for symbol in symbols if symbol.domain.kind == "index"]

    def entries(kind: Kind, length: int, rng: random.Random) -> list[float]:
        if kind == "simplex":
            return _distribution([rng.choice((1, 1, 3, 30)) for _ in range(length)])
        return [rng.choice(_SPECIAL[kind]) for _ in range(length)]

    for _ in range(_TIED_POINTS):
        point = _drawn(
            symbols,
            rng,
            lambda at_least, rng: at_least + rng.choice((0, 1, 2, 3, 5, 9)),
            lambda kind, rng: rng.choice(_SPECIAL[kind]),
            entries,
        )
        if point is None:
            continue
        for symbol in indices:
            last = length_of(symbol.domain, point)
            others = [point[o.name] for o in indices if o != symbol and point[o.name] <= last]
            if others and rng.random() < 0.5:
                point[symbol.name] = rng.choice(others)
        yield point


def near(point: Point, symbols: list[DomainSymbol], turn: int) -> Point:
    """Return a point beside it, off any special value; sizes and indices stay."""
    rng = random.Random(100 + turn)
    moved = dict(point)
    for symbol in symbols:
        if symbol.domain.kind in ("size", "index"):
            continue
        value = point[symbol.name]
        shaken = [
            _shaken(symbol.domain.kind, v, rng) for v in (value if isinstance(value, list) else [value])
        ]
        moved[symbol.name] = shaken if isinstance(value, list) else shaken[0]
    return moved


def generic(point: Point, symbols: list[DomainSymbol], turn: int) -> Point | None:
    """Return a point with the same real numbers, moderately large sizes, and indices that differ and stand inside."""
    rng = random.Random(200 + turn)
    sizes = list(_GENERIC_SIZES[turn:] + _GENERIC_SIZES[:turn])

    def size(at_least: int, rng: random.Random) -> int:
        return at_least + (sizes.pop(0) if sizes else rng.randint(7, 30))

    drawn = _drawn(symbols, rng, size, _random_scalar, _random_entries)
    if drawn is None:
        return None
    taken: set[int] = set()
    for symbol in symbols:
        if symbol.domain.kind == "index":
            last = length_of(symbol.domain, drawn)
            inside = [n for n in range(2, last) if n not in taken]
            drawn[symbol.name] = rng.choice(inside) if inside else drawn[symbol.name]
            taken.add(drawn[symbol.name])
        elif symbol.domain.kind != "size" and symbol.domain.size is None:
            drawn[symbol.name] = _shaken(symbol.domain.kind, point[symbol.name], rng)
    return drawn


# ---------------------------------------------------------------------------------------------- one point

Size = Callable[[int, random.Random], int]
Scalar = Callable[[Kind, random.Random], float]
Entries = Callable[[Kind, int, random.Random], list[float]]


def _drawn(
    symbols: list[DomainSymbol], rng: random.Random, size: Size, scalar: Scalar, entries: Entries
) -> Point | None:
    for _ in range(50):
        point: Point = {}
        for symbol in symbols:
            domain = symbol.domain
            if domain.kind == "size":
                point[symbol.name] = size(domain.at_least, rng)
                continue
            last = 0 if domain.size is None else length_of(domain, point)
            if domain.size is not None and (last < 1 or last > _MOST_ENTRIES and domain.kind != "index"):
                break
            if domain.kind == "index":
                point[symbol.name] = rng.choice((1, last)) if rng.random() < 0.3 else rng.randint(1, last)
            elif domain.size is None:
                point[symbol.name] = scalar(domain.kind, rng)
            else:
                point[symbol.name] = entries(domain.kind, last, rng)
        else:
            return point
    return None


def _small(symbols: list[DomainSymbol], n: int) -> Point | None:
    """The n-th of the points that one can check by hand."""
    rng = random.Random(n)
    values = {
        "real": (0.7, -1.2, 2, 0.3, -0.4),
        "positive": (0.5, 3, 1.5, 0.8, 2),
        "probability": (0.2, 0.6, 0.9, 0.3),
    }

    def scalar(kind: Kind, rng: random.Random) -> float:
        return rng.choice(values[kind])

    def entries(kind: Kind, length: int, rng: random.Random) -> list[float]:
        if kind == "simplex":
            return _distribution([rng.randint(1, 9) for _ in range(length)])
        return [rng.choice(values[kind]) for _ in range(length)]

    return _drawn(symbols, rng, lambda at_least, _: at_least + _SMALL_SIZES[n], scalar, entries)


def _special(symbols: list[DomainSymbol], n: int) -> Point | None:
    """The n-th point with special values: each scalar is 0, 1, −1, 2 or ½, indices meet at an end, entries tie."""
    rng = random.Random(50 + n)

    def scalar(kind: Kind, rng: random.Random) -> float:
        choices = _SPECIAL[kind]
        return choices[n % len(choices)] if n < 3 or rng.random() < 0.6 else rng.choice(choices)

    def entries(kind: Kind, length: int, rng: random.Random) -> list[float]:
        if kind == "simplex":
            return _distribution([1] * length)
        picked = [rng.choice(_SPECIAL[kind]) for _ in range(length)]
        return picked[:1] * length if n % 2 == 0 else picked

    point = _drawn(symbols, rng, lambda at_least, _: at_least + (0, 1, 2, 3, 1, 0)[n], scalar, entries)
    if point is not None:
        for symbol in symbols:
            if symbol.domain.kind == "index":
                last = length_of(symbol.domain, point)
                point[symbol.name] = (1, last, point[symbol.name])[n % 3]
    return point


def _random_size(at_least: int, rng: random.Random) -> int:
    return at_least + rng.randrange(4)


def _sizes_apart() -> Size:
    """Sizes that are large and small by turns, so that each is the largest at some points."""
    turns: list[bool] = []

    def size(at_least: int, rng: random.Random) -> int:
        turns.append(not turns[-1] if turns else rng.random() < 0.5)
        return at_least + (rng.randint(6, 11) if turns[-1] else rng.randrange(2))

    return size


def _generic_digits(value: float) -> float:
    """The number with three decimals, the last of them odd: never a special value."""
    thousandths = round(value * 1000)
    return (
        thousandths + (thousandths % 2 == 0) + 2 * (thousandths % 5 == 0 or (thousandths + 1) % 5 == 0)
    ) / 1000


def _random_scalar(kind: Kind, rng: random.Random) -> float:
    spread = rng.choice((0.7, 1.5, 4.0))
    if kind == "real":
        return _generic_digits(rng.gauss(0.0, spread))
    if kind == "positive":
        return _generic_digits(max(0.05, spread * rng.expovariate(1.0)))
    return _generic_digits(rng.uniform(0.03, 0.97))


def _random_entries(kind: Kind, length: int, rng: random.Random) -> list[float]:
    if kind == "simplex":
        return _distribution([rng.randint(1, 9) for _ in range(length)])
    return [_random_scalar(kind, rng) for _ in range(length)]


def _distribution(weights: list[int]) -> list[float]:
    return [weight / sum(weights) for weight in weights]


def _far_scalar(n: int) -> Scalar:
    def scalar(kind: Kind, rng: random.Random) -> float:
        return rng.choice(_FAR[kind]) if n % 2 == 0 or rng.random() < 0.5 else _random_scalar(kind, rng)

    return scalar


def _far_entries(n: int) -> Entries:
    def entries(kind: Kind, length: int, rng: random.Random) -> list[float]:
        choices = _FAR_ENTRIES[kind]
        if kind == "simplex":
            weights = [Fraction(repr(float(rng.choice(choices)))) for _ in range(length)]
            if n % 3 == 1:  # a corner: one outcome has nearly everything
                weights = [Fraction(1, 10 ** rng.choice((6, 12, 40)))] * length
                weights[rng.randrange(length)] = Fraction(1)
            return [float(weight / sum(weights)) for weight in weights]
        if n % 4 == 0:
            return [rng.choice(choices)] * length
        return [
            rng.choice(choices) if rng.random() < 0.6 else _random_scalar(kind, rng) for _ in range(length)
        ]

    return entries


def _shaken(kind: Kind, value: Any, rng: random.Random) -> float:
    by = rng.uniform(0.0005, 0.002) * rng.choice((-1, 1))
    exact = Fraction(value)  # a fraction is text, such as "7/3"
    if abs(exact) > _LARGEST_FLOAT:
        return value
    known = float(exact)
    moved = known * (1 + by) if known else by
    return moved if kind not in ("probability", "simplex") or 0 < moved < 1 else known * (1 - abs(by))
