"""Looking for a point where an inequality is at its tightest.

Random points pass by a bound that is broken in a small region only, or touched at one point, such as (2r − 3)² > 0. So
before an inequality without a proof is called tested, a few walks go downhill from the points where it was closest.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial

from grader.algebra.domains import DomainSymbol, Point

_WALKS, _MOST_VALUES, _MOST_COORDINATES = 2, 160, 10
_SMALLEST_STEP = 1e-7
_DECIMALS = (0, 1, 2, 3, 4)
_DENOMINATORS = (3, 7, 30)

Slack = Callable[[Point], float | None]
"""By how much the inequality holds at a point; None where that is not known."""

_Coordinate = tuple[str, int | None, str]


def lowest(slack: Slack, starts: list[Point], symbols: list[DomainSymbol]) -> Iterator[Point]:
    """Yield points where the slack is locally smallest, the readable ones beside each first."""
    known = [(value, n) for n, value in enumerate(map(slack, starts)) if value is not None]
    for value, n in sorted(known)[:_WALKS]:
        point = _walked(slack, starts[n], value, _coordinates(starts[n], symbols))
        for decimals in _DECIMALS:
            yield _changed(point, symbols, partial(round, ndigits=decimals))
        for largest in _DENOMINATORS:
            yield _changed(point, symbols, partial(_as_fraction, largest=largest))
        yield point


def _coordinates(point: Point, symbols: list[DomainSymbol]) -> list[_Coordinate]:
    found: list[_Coordinate] = []
    for symbol in symbols:
        kind = symbol.domain.kind
        if kind in ("size", "index", "simplex"):
            continue
        value = point[symbol.name]
        places = range(len(value)) if isinstance(value, list) else (None,)
        found += [(symbol.name, place, kind) for place in places]
    return found[:_MOST_COORDINATES]


def _walked(slack: Slack, start: Point, value: float, coordinates: list[_Coordinate]) -> Point:
    """Coordinate by coordinate downhill; the step grows after a success and halves when no coordinate gives one."""
    best, lowest_value, step, tried = start, value, 0.5, 0
    while step > _SMALLEST_STEP and tried < _MOST_VALUES:
        moved = False
        for coordinate in coordinates:
            for way in (step, -step):
                candidate = _stepped(best, coordinate, way)
                here = None if candidate is None else slack(candidate)
                tried += 1
                if candidate is not None and here is not None and here < lowest_value:
                    best, lowest_value, moved = candidate, here, True
                    break
        step = step * 1.5 if moved else step / 2
    return best


def _stepped(point: Point, coordinate: _Coordinate, by: float) -> Point | None:
    name, place, kind = coordinate
    value = point[name] if place is None else point[name][place]
    changed = value + by if kind == "real" else value * (1 + by) if by > 0 else value / (1 - by)
    if kind == "probability" and not 0 < changed < 1 or changed == 0 and kind != "real":
        return None
    if place is None:
        return {**point, name: changed}
    return {**point, name: [*point[name][:place], changed, *point[name][place + 1 :]]}


def _changed(point: Point, symbols: list[DomainSymbol], change: Callable[[float], float | str]) -> Point:
    """The point with each coordinate made readable, where it stays in its domain."""
    found = dict(point)
    for name, place, kind in _coordinates(point, symbols):
        short = change(float(Fraction(found[name] if place is None else found[name][place])))
        value = Fraction(short)
        if kind != "real" and value <= 0 or kind == "probability" and value >= 1:
            continue
        found[name] = short if place is None else [*found[name][:place], short, *found[name][place + 1 :]]
    return found


def _as_fraction(value: float, largest: int) -> float | str:
    """The nearest fraction with a small denominator, as text, since no float is 7/3."""
    found = Fraction(value).limit_denominator(largest)
    return float(found) if found.denominator == 1 else f"{found.numerator}/{found.denominator}"
