"""Which known mistakes explain the wrong results of a function, and what else can be said about them.

A mistake explains a wrong result when it gives the same result there (same tolerance; NaN is the same as NaN,
an exception the same as one of its type) and that result is wrong. Mistakes are taken in turn, each time the
one that explains most of what is still unexplained; of several, the one that agrees with the answer on more
inputs, right ones included. They are named only if together they explain more than half of the wrong results:
an answer that is NaN everywhere is not taken for one that overflows on large logits.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from grader.cases.mark.compare import Tolerance, as_array

_MOST = 3
"""More mistakes at once than this are a coincidence, not an explanation."""


def recognise(wrong: set[int], agreeing: Sequence[set[int]], explained: Sequence[set[int]]) -> dict[int, int]:
    """Return, for the wrong inputs that a mistake explains, the number of that mistake.

    wrong: the inputs whose result is wrong. For each mistake, agreeing: the inputs where it gives what the
    answer gives; explained: those among them where that is wrong.

    >>> recognise({1, 2}, [{0, 1}, {1, 2}], [{1}, {1, 2}])
    {1: 1, 2: 1}
    """
    left = set(wrong)
    named: dict[int, int] = {}
    for _ in range(_MOST):
        ranks = [(len(explained[m] & left), len(agreeing[m]), -m) for m in range(len(explained))]
        if not ranks or max(ranks)[0] == 0:
            break
        best = -max(ranks)[2]
        named |= dict.fromkeys(sorted(explained[best] & left), best)
        left -= explained[best]
    return named if 2 * len(named) > len(wrong) else {}


def hint(pairs: Sequence[tuple[Any, Any, Sequence[Any]]], tolerance: Tolerance) -> str:
    """Return a sentence about how wrong numbers relate to the right ones, or "" when nothing simple is seen.

    pairs: (expected, given, arguments) of a label's wrong inputs, decoded. The sentence holds no number.

    >>> hint([(1.0, -1.0, ()), (2.5, -2.5, ())], Tolerance(1e-6))
    'The sign is the other way round.'
    """
    ratios: list[float] = []
    differences: list[float] = []
    sizes: list[set[int]] = []
    for expected, given, args in pairs:
        right, array = as_array(expected), as_array(given)
        if right is None or array is None or right.shape != array.shape or not right.size:
            return ""
        a, b = right.astype(float).ravel(), array.astype(float).ravel()
        if not (np.isfinite(a).all() and np.isfinite(b).all()):
            return ""
        # 0 times anything is 0: such an entry tells nothing of the factor, unless something else came out.
        if np.any((a == 0) & (np.abs(b) > tolerance.atol)):
            ratios.append(math.nan)
        keep = a != 0
        with np.errstate(all="ignore"):
            ratios += (b[keep] / a[keep]).tolist()
            differences += (b - a).tolist()
        sizes += [_sizes(args)] * int(keep.sum())
    return _hint_from(ratios, differences, sizes, tolerance)


def _hint_from(
    ratios: list[float], differences: list[float], sizes: list[set[int]], tolerance: Tolerance
) -> str:
    def every(holds: Callable[[float, set[int]], bool]) -> bool:
        return bool(ratios) and all(holds(r, s) for r, s in zip(ratios, sizes, strict=False))

    def near(x: float, y: float) -> bool:
        return abs(x - y) <= 10 * tolerance.rtol * abs(y)

    if any(map(math.isnan, ratios)):
        ratios = []
    if every(lambda r, _: near(r, -1)):
        return "The sign is the other way round."
    if every(lambda r, _: near(r, math.log(2))) or every(lambda r, _: near(r, 1 / math.log(2))):
        return "It is off by a factor of log 2: nats and bits are mixed up."
    if every(lambda r, s: any(near(r, n) for n in s)):
        return "It is too large by a factor of the number of elements: a sum where a mean is asked for?"
    if every(lambda r, s: any(near(r * n, 1) for n in s)):
        return "It is too small by a factor of the number of elements: a mean where a sum is asked for?"
    if len(ratios) > 1 and every(lambda r, _: near(r, ratios[0])):
        return "All numbers are off by the same factor."
    if len(differences) > 1 and all(
        abs(d - differences[0]) <= 1e-9 * abs(differences[0]) for d in differences
    ):
        return "All numbers are off by the same amount."
    return ""


def _sizes(args: Sequence[Any]) -> set[int]:
    found: set[int] = set()
    for arg in args:
        array = as_array(arg)
        if array is not None and array.ndim:
            found |= {array.size, *array.shape}
        elif isinstance(arg, list | tuple):
            found.add(len(arg))
    return {n for n in found if n > 1}
