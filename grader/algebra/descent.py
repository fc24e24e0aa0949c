"""Looking for a point where an inequality is at its tightest.

Random points pass by a bound that is broken in a small region only, or touched at one point, such as (2r − 3)² > 0. So
before an inequality without a proof is called tested, a few walks go downhill from the points where it was closest.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import isfinite
from typing import Any

from grader.algebra.domains import DomainSymbol, Point, length_of

_WALKS, _MOST_VALUES, _MOST_COORDINATES = 2, 160, 10
_SMALLEST_STEP, _FINEST_STEP = 1e-7, 1e-15
_PROMISING, _VANISHED = 1e-4, 1e-9  # of the slack at the start: what is followed further, what is taken for 0
_DECIMALS = (0, 1, 2, 3, 4)
_DENOMINATORS = (3, 7, 30)
_FAR, _EDGE = (
    1e6,
    1e-4,
)  # beyond the one, or nearer to an end of the domain than the other, a point is not inside

Slack = Callable[[Point], float | None]
"""By how much the inequality holds at a point; None where that is not known."""

_Coordinate = tuple[str, int | None, str]


@dataclass(frozen=True)
class Walk:
    """Where a walk downhill ended, and the slack where it began and there."""

    end: Point
    first: float
    last: float

    def vanishes(self, symbols: list[DomainSymbol]) -> bool:
        """Whether the slack goes to 0 at a point inside the domain, and not only towards its ends."""
        return self.last <= _VANISHED * self.first and all(
            _is_inside(kind, self.end[name] if place is None else self.end[name][place])
            for name, place, kind in _coordinates(self.end, symbols)
        )


def _is_inside(kind: str, value: float) -> bool:
    if kind in ("size", "index"):
        return True
    ends = {"real": (-_FAR, _FAR), "positive": (_EDGE, _FAR)}.get(kind, (_EDGE, 1 - _EDGE))
    return ends[0] < value < ends[1]


def walks(slack: Slack, starts: list[Point], symbols: list[DomainSymbol]) -> Iterator[Walk]:
    """Yield walks downhill from the points where the slack is smallest."""
    known = [(value, n) for n, value in enumerate(map(slack, starts)) if value is not None]
    for first, n in sorted(known)[:_WALKS]:
        end, last = _walked(slack, starts[n], first, symbols, 0.5, _SMALLEST_STEP)
        if 0 < last <= _PROMISING * first:
            end, last = _walked(slack, end, last, symbols, _SMALLEST_STEP, _FINEST_STEP)
        yield Walk(end, first, last)


def beside(point: Point, symbols: list[DomainSymbol]) -> Iterator[Point]:
    """Yield the readable points beside a point, and the point itself."""
    for decimals in _DECIMALS:
        yield _changed(point, symbols, partial(round, ndigits=decimals))
    for largest in _DENOMINATORS:
        yield _changed(point, symbols, partial(_as_fraction, largest=largest))
    yield point


def _coordinates(point: Point, symbols: list[DomainSymbol]) -> list[_Coordinate]:
    found: list[_Coordinate] = []
    for symbol in symbols:
        value = point[symbol.name]
        places = range(len(value)) if isinstance(value, list) else (None,)
        found += [(symbol.name, place, symbol.domain.kind) for place in places]
    return found[:_MOST_COORDINATES]


def _walked(
    slack: Slack, start: Point, value: float, symbols: list[DomainSymbol], step: float, smallest: float
) -> tuple[Point, float]:
    """Coordinate by coordinate downhill; the step grows after a success and halves when no coordinate gives one."""
    best, lowest_value, tried, coordinates = start, value, 0, _coordinates(start, symbols)
    if all(kind in ("size", "index") for _, _, kind in coordinates):
        smallest = max(smallest, 0.5)
    while step >= smallest and tried < _MOST_VALUES:
        moved = False
        for coordinate in coordinates:
            for way in (step, -step):
                candidate = _stepped(best, coordinate, way, symbols)
                if candidate is None:
                    continue
                here = slack(candidate)
                tried += 1
                if here is not None and here < lowest_value:
                    best, lowest_value, moved = candidate, here, True
                    break
        step = step * 1.5 if moved else step / 2
    return best, lowest_value


def _stepped(point: Point, coordinate: _Coordinate, by: float, symbols: list[DomainSymbol]) -> Point | None:
    name, place, kind = coordinate
    value = point[name] if place is None else point[name][place]
    if kind in ("size", "index"):
        return _counted_on(point, name, by, symbols)
    changed = value + by if kind == "real" else value * (1 + by) if by > 0 else value / (1 - by)
    if not isfinite(changed) or kind != "real" and changed <= 0 or kind == "probability" and changed >= 1:
        return None
    if place is None:
        return {**point, name: changed}
    entries = [*point[name][:place], changed, *point[name][place + 1 :]]
    if kind == "simplex":
        if len(entries) == 1 or sum(entries) > _FAR:
            return None
        entries = [entry / sum(entries) for entry in entries]
    return {**point, name: entries}


def _counted_on(point: Point, name: str, by: float, symbols: list[DomainSymbol]) -> Point | None:
    """The point with a size or an index moved by whole steps; None where the others do not allow it."""
    if abs(by) < 0.5:
        return None
    moved = {**point, name: point[name] + (max(1, int(by)) if by > 0 else min(-1, int(by)))}
    for symbol in symbols:
        domain, value = symbol.domain, moved[symbol.name]
        if domain.kind == "size" and value < domain.at_least:
            return None
        last = 0 if domain.size is None else length_of(domain, moved)
        if (
            domain.kind == "index"
            and not 1 <= value <= last
            or isinstance(value, list)
            and len(value) != last
        ):
            return None
    return moved


def _changed(point: Point, symbols: list[DomainSymbol], change: Callable[[float], float | str]) -> Point:
    """The point with each coordinate made readable, where it stays in its domain."""
    found = dict(point)
    for name, place, kind in _coordinates(point, symbols):
        if kind in ("size", "index", "simplex"):
            continue
        short: Any = change(float(Fraction(found[name] if place is None else found[name][place])))
        value = Fraction(short)
        if kind != "real" and value <= 0 or kind == "probability" and value >= 1:
            continue
        found[name] = short if place is None else [*found[name][:place], short, *found[name][place + 1 :]]
    return found


def _as_fraction(value: float, largest: int) -> float | str:
    """The nearest fraction with a small denominator, as text, since no float is 7/3."""
    found = Fraction(value).limit_denominator(largest)
    return float(found) if found.denominator == 1 else f"{found.numerator}/{found.denominator}"
