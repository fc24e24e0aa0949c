"""An example of a wrong result, in words: the inputs, what was given and what is expected, told so that they differ."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.cases.decoding import decode_value
from grader.cases.mark.compare import Tolerance, close, compare
from grader.cases.mark.kinds import as_array
from grader.cases.values import Foreign

_DIGITS = (6, 9, 12, 15, 17)
_FEW = 4  # numbers are shown with all their digits; of more, the first one that is wrong
_SHORT = 8  # characters of a float
_MANY = 40  # items of a list are more than a sentence shows


def example(args: Sequence[Any], given: Any, right: Any, tolerance: Tolerance) -> str:
    """Return a sentence about one input of the public cases.

    args: encoded; given, right: decoded values that differ by more than the tolerance.

    >>> example([1], np.array(0.50001), np.array(0.5), Tolerance(1e-9))
    'For example, with 1 it gives 0.50001; expected is 0.5.'
    >>> example([1], 0.5000001, 0.5, Tolerance(1e-9))
    'For example, with 1 it gives 0.5000001; expected is 0.5.'
    """
    wrong, wanted = told_apart(given, right, tolerance)
    return f"For example, with {inputs_told(args)} it gives {wrong}; expected is {wanted}."


def inputs_told(args: Sequence[Any]) -> str:
    """Return encoded arguments in a few words.

    >>> inputs_told([[0.25, 0.75], 2])
    '[0.25, 0.75], 2'
    """
    return ", ".join(_short(decode_value(a)) for a in args)


def told_apart(given: Any, right: Any, tolerance: Tolerance) -> tuple[str, str]:
    """Return two decoded values in a few words, which differ where the values do by more than the tolerance."""
    given, right = plain(given), plain(right)
    where, wrong, wanted = "", _short(given), _short(right)
    if wrong == wanted and not compare(right, given, tolerance, any_shape=True).ok:
        # what differs stands behind the digits that are shown, or behind an ellipsis
        where, given, right = _first_difference(given, right, tolerance)
        shown = ((_short(given, digits), _short(right, digits)) for digits in _DIGITS)
        wrong, wanted = next((pair for pair in shown if pair[0] != pair[1]), (wrong, wanted))
    return f"{wrong}{where}", wanted


def _first_difference(given: Any, right: Any, tolerance: Tolerance) -> tuple[str, Any, Any]:
    """Return the first part of a long result that is wrong: where it stands, and what is given and right there."""
    a, b = as_array(right), as_array(given)
    if a is not None and b is not None and a.shape == b.shape and a.size > _FEW:
        place = np.argwhere(~close(a, b, tolerance))[0].tolist()
        return f" at {place}", b[tuple(place)].item(), a[tuple(place)].item()
    if a is None and isinstance(given, list | tuple) and isinstance(right, list | tuple):
        for number, (one, other) in enumerate(zip(given, right, strict=False)):
            if not compare(other, one, tolerance).ok:
                where, one, other = _first_difference(one, other, tolerance)
                return f" in item {number}{where}", one, other
    return "", given, right


def plain(value: Any) -> Any:
    """Return a value where each number that came in an array of no axes is shown as the number that it is.

    >>> plain([np.array(0.5), (np.array(2), 1)])
    [0.5, (2, 1)]
    """
    if isinstance(value, np.ndarray) and not value.ndim:
        return value.item()
    if isinstance(value, list | tuple):
        return type(value)(map(plain, value)) if len(value) <= _MANY else value
    return value


def _short(value: Any, digits: int | None = None) -> str:
    """Return a value in a few words; `digits` of each number, by default 6 of one that stands alone and 4 of many."""
    if isinstance(value, Foreign):
        return value.what
    if isinstance(value, np.ndarray):
        shown: Any = {"float_kind": lambda x: f"{x:.{digits or 4}g}"}
        text = np.array2string(value, separator=", ", threshold=12, edgeitems=2, formatter=shown)
        text = " ".join(text.split())
    elif isinstance(value, float):
        text = f"{value:.{digits or 6}g}"
    elif type(value) in (list, tuple) and len(value) <= _MANY:
        text = ", ".join(_in_a_list(item, digits) for item in value)
        text = f"[{text}]" if isinstance(value, list) else f"({text}{',' * (len(value) == 1)})"
    else:
        with np.printoptions(precision=4, threshold=12, edgeitems=2):  # lists may hold arrays
            text = " ".join(repr(value).split())
    return text if len(text) <= 90 else text[:87] + "…"


def _in_a_list(item: Any, digits: int | None) -> str:
    """Return an item in a few words: a float as one would type it, such as 2.0, unless that is long."""
    return repr(item) if isinstance(item, float) and len(repr(item)) <= _SHORT else _short(item, digits)
