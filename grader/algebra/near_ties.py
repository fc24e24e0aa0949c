"""Points at which values nearly tie: where both sides of an inequality meet, a wrong constant shows there only.

KL(p‖q) and 2 TV² are both 0 for p = q. With 2.1 in place of 2 the inequality breaks for p and q that are close to each
other and to ½, which random points are not.
"""

from collections.abc import Iterator

from grader.algebra.domains import DomainSymbol, Point, length_of

_STEPS = (1e-3, 1e-6)
_SIZES = (2, 4, 3)
_MIDDLE: dict[str, float] = {"real": 0.0, "positive": 1.0, "probability": 0.5}
_SIDES = ((1, -1), (1, 0), (0, 1))  # which way the symbols go, by turns


def near_ties(symbols: list[DomainSymbol]) -> Iterator[Point]:
    """Yield the points, the same for every seed: middle ± ε for scalars and entries, distributions nearly uniform."""
    for size in _SIZES:
        for sides in _SIDES:
            for step in _STEPS:
                point = _tied(symbols, size, sides, step)
                if point is not None:
                    yield point
        if not any(symbol.domain.kind == "size" for symbol in symbols):
            return


def _tied(symbols: list[DomainSymbol], size: int, sides: tuple[int, ...], step: float) -> Point | None:
    point: Point = {}
    turn = 0
    for symbol in symbols:
        domain = symbol.domain
        if domain.kind == "size":
            point[symbol.name] = max(size, domain.at_least)
            continue
        last = 0 if domain.size is None else length_of(domain, point)
        if domain.size is not None and last < 1:
            return None
        if domain.kind == "index":
            point[symbol.name] = last
            continue
        moved = sides[turn % len(sides)] * step
        turn += 1
        if domain.size is None:
            point[symbol.name] = _MIDDLE[domain.kind] + moved
        elif domain.kind == "simplex":
            point[symbol.name] = [(1 + moved * way) / last for way in _alternating(last)]
        else:
            point[symbol.name] = [_MIDDLE[domain.kind] + moved * way for way in _alternating(last)]
    return point


def _alternating(length: int) -> list[int]:
    """+1, −1, +1, …, and 0 for an odd one out, so that they sum to 0."""
    ways = [1 - 2 * (n % 2) for n in range(length)]
    return ways if length % 2 == 0 else [*ways[:-1], 0]
