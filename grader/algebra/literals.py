"""Points that are read off a statement: the numbers written in it, and what stands in a simple relation to them.

A bound by 10^40 or a delta of n and 30 is broken where no fixed list of points goes. So each number c that is written
becomes a value of the scalars and sizes, and so do c ± 1, its root, its logarithm, e^c, 10c and 1/c.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import islice
from math import ceil, exp, isqrt, log
from typing import Any

from mpmath import libmp
from sympy import Expr, Float, Product, Rational, Sum

from grader.algebra.definitions import open_definitions
from grader.algebra.domains import DomainSymbol, Point, label_of, length_of
from grader.algebra.errors import AlgebraError
from grader.algebra.evaluation import enclosure
from grader.algebra.intervals import midpoint

_USUAL = {Fraction(n, 2) for n in (-4, -2, -1, 0, 1, 2, 4)}  # the fixed points hold these
_MOST_NUMBERS, _MOST_POINTS = 6, 160
_LONGEST = 3_000  # binary digits of a value
_LONGEST_SUM, _LONGEST_FAMILY = 19_999, 400
_LARGEST_DIVIDED = 10_000
_HUGE = Fraction(10**50)
_BEYOND = {"real": (_HUGE, -_HUGE), "positive": (_HUGE, 1 / _HUGE), "size": (Fraction(10**15),)}
_BASE: dict[str, tuple[Any, ...]] = {"real": (0.7, -1.2), "positive": (1.5, 0.4), "probability": (0.3, 0.8)}


def written(expressions: list[Expr], symbols: list[DomainSymbol]) -> Iterator[Point]:
    """Yield points whose values come from the numbers in the expressions, then some far beyond the usual ones."""
    opened = [open_definitions(expr) for expr in expressions]
    families = any(s.domain.kind != "index" and s.domain.size is not None for s in symbols)
    largest = _LONGEST_FAMILY if families else None
    if largest is None and any(expr.has(Sum, Product) for expr in opened):
        largest = _LONGEST_SUM
    numbers = _numbers(opened)
    read_off = (choice for number in numbers for choice in _choices(number, symbols))
    choices = [*islice(read_off, _MOST_POINTS), *_beyond(symbols)]
    sizes = {symbol.name for symbol in symbols if symbol.domain.kind == "size"}
    seen: list[dict[str, Fraction]] = []
    for choice in choices:
        if largest is not None:
            choice = {name: min(v, Fraction(largest)) if name in sizes else v for name, v in choice.items()}
        if choice not in seen:
            seen.append(choice)
    seen.sort(key=lambda choice: max((v for name, v in choice.items() if name in sizes), default=Fraction(0)))
    yield from with_values(symbols, seen)


def with_values(symbols: list[DomainSymbol], places: Iterable[dict[str, Fraction]]) -> Iterator[Point]:
    """Yield points with given values of some symbols, and small ones for the rest."""
    points = (_point(symbols, place, n) for n, place in enumerate(places))
    yield from (point for point in points if point is not None)


def _numbers(expressions: list[Expr]) -> list[Fraction]:
    """The numbers that are written in the expressions, the largest and smallest first, without the usual ones."""
    found: set[Fraction] = set()
    stack = list(expressions)
    while stack:
        part = stack.pop()
        if (
            isinstance(part, Rational | Float)
            or isinstance(part, Expr)
            and not part.free_symbols
            and part.args
        ):
            value = _value(part)
            found |= set() if value is None else {value}
        stack.extend(getattr(part, "args", ()))
    kept = {abs(value) for value in found} - _USUAL
    return sorted(kept, key=lambda value: -abs(_log(value)))[:_MOST_NUMBERS]


def _value(constant: Expr) -> Fraction | None:
    try:
        if isinstance(constant, Rational):
            value = Fraction(int(constant.p), int(constant.q))
        else:
            value = Fraction(*map(int, libmp.to_rational(midpoint(enclosure(constant)))))
    except (AlgebraError, OverflowError, ValueError):
        return None
    return value if max(value.numerator.bit_length(), value.denominator.bit_length()) <= _LONGEST else None


def _log(value: Fraction) -> float:
    return log(value.numerator) - log(value.denominator)


def _choices(number: Fraction, symbols: list[DomainSymbol]) -> Iterator[dict[str, Fraction]]:
    """Values of one symbol, of all alike, and of two sizes with this sum, difference or product."""
    sizes = [s for s in symbols if s.domain.kind == "size"]
    for symbol in symbols:
        for value in _values(symbol.domain.kind, number):
            if symbol.domain.kind == "index":
                around = {label_of(s).name: value + 1 for s in symbol.domain.size.free_symbols}  # type: ignore[union-attr]
                yield {**around, symbol.name: value}
            elif symbol.domain.kind != "size" or value >= symbol.domain.at_least:
                yield {symbol.name: value}
    if number.denominator == 1:
        for one in sizes:
            for other in sizes:
                if one is not other:
                    yield from _pairs(one, other, int(number))
    for kind in {s.domain.kind for s in symbols} - {"index"}:
        alike = [s for s in symbols if s.domain.kind == kind]
        for value in _values(kind, number) if len(alike) > 1 else ():
            if all(s.domain.at_least <= value or kind != "size" for s in alike):
                yield {s.name: value for s in alike}


def _pairs(one: DomainSymbol, other: DomainSymbol, number: int) -> Iterator[dict[str, Fraction]]:
    least = one.domain.at_least, other.domain.at_least
    wanted = [(number + least[1] + extra, least[1] + extra) for extra in (0, 2)]
    wanted += [(number - least[1] - extra, least[1] + extra) for extra in (0, 2)]
    wanted += [(number // d, d) for d in _divisors(number)]
    for pair in wanted:
        if pair[0] >= least[0] and pair[1] >= least[1]:
            yield {one.name: Fraction(pair[0]), other.name: Fraction(pair[1])}


def _divisors(number: int) -> list[int]:
    if not 1 < number <= _LARGEST_DIVIDED**2:
        return []
    small = [d for d in range(1, min(isqrt(number), _LARGEST_DIVIDED) + 1) if number % d == 0]
    return sorted({*small, *(number // d for d in small)})[:8]


def _values(kind: str, number: Fraction) -> list[Fraction]:
    """What a symbol of the kind can be, for a number c > 0."""
    root, grown = _root(number), _grown(number)
    if kind in ("probability", "simplex"):
        small = [number, number / 2, number / 10, 1 / number, 1 / (10 * number), 1 / grown, 1 / (10 * grown)]
        found = [v for s in small for v in (s, 1 - s)] + [(1 + number) / 2]
        return [v for v in dict.fromkeys(found) if 0 < v < 1]
    logarithm = Fraction(_log(number)).limit_denominator(1000)
    around = [number, number + 1, number - 1, 10 * number, root, 10 * root, logarithm, grown, number / 10]
    if kind in ("size", "index"):
        around += [grown * Fraction(7, 10), grown * 10, root + 1, 2 * root, logarithm + 2, 2 * number + 1]
        around += [Fraction(d) for d in _divisors(int(number))] if number.denominator == 1 else []
        return list(dict.fromkeys(Fraction(ceil(v)) for v in around if v >= 1))
    around += [1 / number, 1 / (10 * number), 1 / grown, 10 * logarithm]
    found = around + [-v for v in around] if kind == "real" else [v for v in around if v > 0]
    return list(dict.fromkeys(found))


def _root(number: Fraction) -> Fraction:
    """√c, exactly where it is rational."""
    root = Fraction(isqrt(number.numerator), max(1, isqrt(number.denominator)))
    if root * root == number or number > 10**12:
        return root
    return Fraction(isqrt(int(number * 10**24)), 10**12) or number


def _grown(number: Fraction) -> Fraction:
    """e^c, roughly and rather more; c itself where that is out of reach."""
    if number > 2_000:
        return number
    if number < 30:
        return Fraction(exp(float(number))).limit_denominator(1000)
    return Fraction(10 ** ceil(number / Fraction(23, 10)))


def _beyond(symbols: list[DomainSymbol]) -> Iterator[dict[str, Fraction]]:
    for turn in range(2):
        yield {
            s.name: values[turn % len(values)]
            for s in symbols
            for values in (_BEYOND.get(s.domain.kind),)
            if values is not None
        }


def _point(symbols: list[DomainSymbol], chosen: dict[str, Fraction], n: int) -> Point | None:
    """The point with these values, and small ones for the rest; None where an index has no place."""
    point: Point = {}
    for symbol in symbols:
        domain, value = symbol.domain, chosen.get(symbol.name)
        if domain.kind == "size":
            point[symbol.name] = domain.at_least + 1 + n % 2 if value is None else int(value)
            continue
        last = 0 if domain.size is None else length_of(domain, point)
        if domain.size is not None and (last < 1 or last > _LONGEST_FAMILY and domain.kind != "index"):
            return None
        if domain.kind == "index":
            point[symbol.name] = (1, last)[n % 2] if value is None else min(last, int(value))
        elif domain.kind == "simplex":
            point[symbol.name] = _shares(value, last)
        else:
            plain = _BASE[domain.kind][n % 2] if value is None else _plain(value)
            point[symbol.name] = plain if domain.size is None else [plain] * last
    return point


def _shares(first: Fraction | None, length: int) -> list[Any]:
    if first is None or length == 1:
        return [1 / length] * length
    return [_plain(first), *[_plain((1 - first) / (length - 1))] * (length - 1)]


def _plain(value: Fraction) -> int | str:
    """The value as a point holds it: a whole number, or a fraction as text."""
    return value.numerator if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
