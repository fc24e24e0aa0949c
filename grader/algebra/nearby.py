"""The limit of a function that can be computed close by: extrapolated, and doubted.

No rigorous enclosure. What is found has to settle from one distance to the next, and hold at places that have nothing
in common: an alternating sign is always 1 at even places.
"""

from collections.abc import Callable
from fractions import Fraction

from grader.algebra.intervals import (
    Number,
    OutOfReach,
    Undefined,
    absolute_value,
    hull,
    magnitude,
    short,
    sign_of,
    working,
)

_APPROACHES = (
    (15, 25, 100),
    (40, 60, 200),
)  # to 10^-15 and 10^-25 with 100 digits; if that is not close enough, more
_STEPS = 5  # values at five distances h, about h/2, … h/16 cancel the error's first four powers of h
_TRUST = 6  # digits by which a limit is taken to be less certain than the two distances agree
_SETTLED = -30  # log₂ of how far two values may be apart, relative to the larger or 1
_NEIGHBOURS = (
    *range(1, 13),
    *(2**bit for bit in range(4, 25)),
)  # integers that differ in a remainder or a binary digit
_SAME = -50  # log₂ of how far apart the values at neighbouring integers may be
_RATIO = Fraction(1009, 997)  # so that neither a distance nor its reciprocal is a whole number
_OTHER_RATIOS = (Fraction(1013, 1511), Fraction(2 * 1021, 3 * 1031))
_LOOSE = Fraction(
    1, 2**30
)  # what is certainly farther away than that, relative to the value or 1, is another value
_DEEP, _GROWTH = (200, 550, 1000), 100  # growing by 10^100 twice, from 10^-200 to 10^-1000: without bound

Near = Callable[[Fraction], Number]
"""The value at a distance h > 0 from the point, or at ±1/h for a limit at ±∞."""


def extrapolated(near: Near, whole: bool) -> Number:
    """Return the limit for h → 0, as wide as the extrapolation may err.

    whole: whether 1/h has to be an integer. Raises Undefined where the function grows without bound or is not defined,
    OutOfReach where it does not settle.
    """
    nowhere: Undefined | None = None
    for far, farther, digits in _APPROACHES:  # a quotient of second order at 10^-25 loses 50 digits
        with working(digits):
            try:
                rough, fine = (_from(near, distances(away, whole)) for away in (far, farther))
            except Undefined as reason:
                nowhere = reason
                continue
            gap = short(fine - rough)
            if magnitude(gap) <= max(0.0, magnitude(fine)) + _SETTLED:
                _doubt(near, distances(farther, whole)[0], whole)
                doubt = gap * 10**_TRUST
                found = fine + hull(doubt, -doubt)
                _compare_closer(near, found)
                return found
    if nowhere is not None and _undefined_closer(near):
        raise nowhere
    if nowhere is None and _grows(near):
        raise Undefined("a limit that does not settle: the values grow without bound")
    raise OutOfReach("The limit does not settle.")


def distances(digits: int, whole: bool) -> list[Fraction]:
    """Return five distances of about 10^-digits, the largest first."""
    ratio = Fraction(1) if whole else _RATIO
    return [ratio / (10**digits * 2**n) for n in range(_STEPS)]


def _from(near: Near, places: list[Fraction]) -> Number:
    """Richardson's extrapolation: each round cancels one more power of h."""
    row = [near(h) for h in places]
    for order in range(1, _STEPS):
        row = [
            short((2**order * fine - rough) * Fraction(1, 2**order - 1))
            for rough, fine in zip(row, row[1:], strict=False)
        ]
    return row[0]


def _doubt(near: Near, first: Fraction, whole: bool) -> None:
    """Raise unless the values elsewhere are the same: at odd places, at those of other remainders, and far closer."""
    if whole:
        others, same = [1 / (1 / first + n) for n in _NEIGHBOURS], _SAME
    else:
        others, same = [first * ratio for ratio in _OTHER_RATIOS], _SETTLED
    value = near(first)
    for place in others:
        other = near(place)
        if magnitude(short(other - value)) > max(0.0, magnitude(value)) + same:
            raise OutOfReach("The limit does not settle: it depends on the places from which it is seen.")
    for digits in _DEEP:
        try:
            beyond = short(
                absolute_value(near(Fraction(1, 10**digits)) - value) - absolute_value(value) * _LOOSE
            )
        except OutOfReach:
            continue
        if sign_of(beyond - _LOOSE) == 1:
            raise OutOfReach("The limit does not settle: it is another still closer to the point.")


def _compare_closer(near: Near, found: Number) -> None:
    """Raise when the values far closer to the point are certainly others: T log(1 + e^(−a/T)), seen at T ≫ a > 0."""
    for digits in _DEEP:
        try:
            apart = short(absolute_value(near(Fraction(1, 10**digits)) - found))
        except (OutOfReach, Undefined):
            continue
        if sign_of(apart - Fraction(1, 10 ** (digits // 2))) == 1:
            raise OutOfReach("The limit does not settle: it is another still closer to the point.")


def _undefined_closer(near: Near) -> bool:
    """Whether there is no value far closer to the point either. Where there is, the distances before were too large."""
    for digits in _DEEP:
        try:
            near(Fraction(1, 10**digits))
        except Undefined:
            continue
        except OutOfReach:
            pass
        return False
    return True


def _grows(near: Near) -> bool:
    """Whether the values certainly grow, and faster than a saturation far out could let them."""
    try:
        with working(_APPROACHES[0][2]):
            sizes = [absolute_value(near(Fraction(1, 10**digits))) for digits in _DEEP]
            return all(
                sign_of(short(sizes[n + 1] - 10**_GROWTH * (sizes[n] + 1))) == 1
                for n in range(len(sizes) - 1)
            )
    except OutOfReach:
        return False
