"""How wrong numbers relate to the right ones, in a sentence that holds no number."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from grader.cases.mark.compare import Tolerance, close
from grader.cases.mark.kinds import Array, as_array

_LOG_2, _LOG_10 = math.log(2), math.log(10)
_COUNTS = ("number of elements", *(f"length of the {n} axis" for n in ("first", "second", "third", "fourth")))

_ROUNDED = {
    True: "It is the right number with fewer digits; don't round it.",
    False: "They are the right numbers with fewer digits; don't round them.",
}
"""By whether it is one number."""


def hint(pairs: Sequence[tuple[Any, Any, Sequence[Any]]], tolerance: Tolerance) -> str:
    """Return a sentence about how wrong numbers relate to the right ones, or "" when nothing simple is seen.

    pairs: (expected, given, arguments) of a label's wrong inputs, decoded. The sentence holds no number.

    >>> hint([(1.0, -1.0, ()), (2.5, -2.5, ())], Tolerance(1e-6))
    'The sign is the other way round.'
    """
    arrays: list[tuple[Array, Array]] = []
    sizes: list[dict[str, set[int]]] = []
    for expected, given, args in pairs:
        right, array = as_array(expected), as_array(given)
        if right is None or array is None or right.size != array.size or not right.size:
            return ""
        if right.ndim and right.shape != array.shape:
            return ""
        a, b = right.astype(float).ravel(), array.astype(float).ravel()
        alike = np.isinf(a) & (a == b)  # an infinity that is right tells nothing of the others
        a, b = a[~alike], b[~alike]
        if not (np.isfinite(a).all() and np.isfinite(b).all()):
            return ""
        arrays.append((a, b))
        sizes.append(_sizes(args))
    if not sum(a.size for a, _ in arrays):
        return ""
    if all(not b.any() for _, b in arrays):
        return "It is 0." if all(b.size == 1 for _, b in arrays) else "All numbers are 0."
    return (
        _other_order(arrays, tolerance)
        or _factor(arrays, sizes, tolerance)
        or _amount(arrays)
        or (_ROUNDED[all(b.size == 1 for _, b in arrays)] if _rounded(arrays) else "")
    )


def cut_short(right: Array, given: Array) -> bool:
    """Return whether given numbers are the right ones with fewer digits, rounded or cut off.

    >>> cut_short(np.array(8.1662), np.array(8.17)), cut_short(np.array(1000.0), np.array(1024.0))
    (True, False)
    """
    if right.shape != given.shape:
        return False
    return all(map(_cut_short, right.astype(float).ravel().tolist(), np.asarray(given).ravel()))


def _cut_short(right: float, given: Any) -> bool:
    if (
        not (math.isfinite(right) and np.isfinite(given))
        or given == 0
        or abs(given - right) > 0.1 * abs(right)
    ):
        return False
    digits = _decimals(given)
    if digits > 12:
        return False
    scaled = right * 10.0**digits
    return any(abs(cut - float(given) * 10.0**digits) < 1e-3 for cut in (round(scaled), math.trunc(scaled)))


def _decimals(number: Any) -> int:
    """How many digits a number has behind the point, written as short as its type allows."""
    text = np.format_float_positional(number, unique=True, trim="-")
    return len(text.partition(".")[2])


def _rounded(arrays: Sequence[tuple[Array, Array]]) -> bool:
    right, given = (np.concatenate(each) for each in zip(*arrays, strict=True))
    digits = max(map(_decimals, given.tolist()))
    if digits > 6 or not given.any():
        return False
    scaled = right * 10.0**digits
    cuts = (np.round(scaled), np.trunc(scaled), np.floor(scaled))
    return any(bool(np.all(np.abs(cut - given * 10.0**digits) < 1e-6 * (1 + np.abs(scaled)))) for cut in cuts)


def _other_order(arrays: Sequence[tuple[Array, Array]], tolerance: Tolerance) -> str:
    if any(a.size < 2 or not close(np.sort(a), np.sort(b), tolerance).all() for a, b in arrays):
        return ""
    if all(a.size == 2 for a, _ in arrays):
        return "The two numbers are swapped: mind the order that is asked for."
    if all(close(a[::-1], b, tolerance).all() for a, b in arrays):
        return "They are the right numbers in the reverse order."
    return "They are the right numbers, but in another order."


def _factor(
    arrays: Sequence[tuple[Array, Array]], sizes: Sequence[dict[str, set[int]]], tolerance: Tolerance
) -> str:
    ratios: list[float] = []
    places: list[dict[str, set[int]]] = []
    for (a, b), found in zip(arrays, sizes, strict=True):
        # 0 times anything is 0: such an entry tells nothing of the factor, unless something else came out.
        if np.any((a == 0) & (np.abs(b) > tolerance.atol)):
            return ""
        keep = a != 0
        with np.errstate(over="ignore"):  # a number may be as small as 1e-323
            ratios += (b[keep] / a[keep]).tolist()
        places += [found] * int(keep.sum())
    off = 10 * max(tolerance.rtol, 1e-7)

    def every(holds: Callable[[float, dict[str, set[int]]], bool]) -> bool:
        return bool(ratios) and all(holds(r, s) for r, s in zip(ratios, places, strict=True))

    def near(x: float, y: float) -> bool:
        return abs(x - y) <= off * abs(y)

    def all_near(*factors: float) -> bool:
        return any(every(lambda r, _, f=f: near(r, f)) for f in factors)  # type: ignore[misc]

    if all_near(-1):
        return "The sign is the other way round."
    if all_near(_LOG_2, 1 / _LOG_2):
        return "It is off by a factor of log 2: nats and bits are mixed up."
    if all_near(-_LOG_2, -1 / _LOG_2):
        return (
            "The sign is the other way round, and it is off by a factor of log 2: nats and bits are mixed up."
        )
    if all_near(1 / _LOG_10, -1 / _LOG_10):
        return "It is off by a factor of log 10: `log10` is not the natural logarithm."
    for name in _COUNTS:
        if every(lambda r, s, name=name: any(near(r, n) for n in s.get(name, ()))):  # type: ignore[misc]
            return f"It is too large by a factor of the {name}: a sum where a mean is asked for?"
        if every(lambda r, s, name=name: any(near(r * n, 1) for n in s.get(name, ()))):  # type: ignore[misc]
            return f"It is too small by a factor of the {name}: a mean where a sum is asked for?"
    if len(ratios) > 1 and ratios[0] and every(lambda r, _: near(r, ratios[0])):
        return "All numbers are off by the same factor."
    return ""


def _amount(arrays: Sequence[tuple[Array, Array]]) -> str:
    differences = np.concatenate([b - a for a, b in arrays])
    same = np.abs(differences - differences[0]) <= 1e-9 * abs(differences[0])
    return "All numbers are off by the same amount." if len(differences) > 1 and same.all() else ""


def _sizes(args: Sequence[Any]) -> dict[str, set[int]]:
    """By what one may have divided too much or too little: the sizes of the arguments, by their names in `_COUNTS`."""
    found: dict[str, set[int]] = {name: set() for name in _COUNTS}
    for arg in args:
        array = as_array(arg)
        if array is not None and array.ndim:
            found[_COUNTS[0]].add(array.size)
            for name, length in zip(_COUNTS[1:], array.shape, strict=False):
                found[name].add(length)
        elif isinstance(arg, list | tuple):
            found[_COUNTS[0]].add(len(arg))
    return {name: {n for n in sizes if n > 1} for name, sizes in found.items()}
