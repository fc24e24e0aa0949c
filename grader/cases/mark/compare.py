"""Whether a value is the expected one, and if not, in what way it differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.cases.mark.kinds import Array as Array
from grader.cases.mark.kinds import as_array, one_number, why_no_numbers, without_an_axis
from grader.cases.mark.kinds import describe as describe
from grader.cases.values import Foreign, Lines, Tree

EPSILON = {"float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7}
"""The relative distance from 1 to the next number, of what is less precise than float64."""

_ROUNDINGS = 8
"""So many roundings make a result that is told to be right but for its precision."""


@dataclass(frozen=True)
class Tolerance:
    """x is right when |x - expected| <= atol + rtol * |expected|, with atol in the task's unit.

    single: by how much more, in the same unit, a result may be off that was computed in float32; None where such
    results get no allowance.
    """

    rtol: float
    atol: float = 0.0
    single: float | None = None


@dataclass(frozen=True)
class Comparison:
    """Whether the value is right; the sentence says what is off or, if nothing, what was read leniently."""

    ok: bool
    sentence: str = ""


def compare(expected: Any, given: Any, tolerance: Tolerance, *, any_shape: bool = False) -> Comparison:
    """Return how `given` compares with `expected`; both are decoded values (see `decode_value`), `given` evaluated.

    A list or tuple is read as an array where an array is expected, an int as a float, and what holds one number as
    this number where one is expected. Equal infinities are equal, NaN is never right. No expected number is told,
    only types and shapes.

    any_shape: whether axes of length 1 beyond the expected ones are read over.

    >>> compare(np.array([1.0, 2.0]), [1, 2], Tolerance(1e-6))
    Comparison(ok=True, sentence='A list was read as an array.')
    >>> compare(1.0, True, Tolerance(1e-6)).sentence
    'It is True, a truth value; a number is expected.'
    """
    if isinstance(given, Foreign | Tree | Lines) or given is None:
        told = f"It is {describe(given)}{why_no_numbers(given)}"
        return Comparison(False, f"{told}; {_noun(expected, as_array(expected), any_shape)} is expected.")
    if isinstance(expected, str | None):
        return _compare_plain(expected, given)
    if isinstance(expected, dict):
        return _compare_dict(expected, given, tolerance)
    right = as_array(expected)
    if right is None:
        return _compare_items(expected, given, tolerance)
    if right.dtype.kind == "b":
        return _compare_truth(expected, right, given)
    return _compare_numbers(expected, right, given, tolerance, any_shape)


def same(one: Any, other: Any, tolerance: Tolerance) -> bool:
    """Return whether two decoded values are the same up to the tolerance, as wrong values: NaN equals NaN."""
    a, b = as_array(one), as_array(other)
    if a is not None and b is not None:
        if a.size == b.size == 1 and 0 in (a.ndim, b.ndim):
            a, b = one_number(a), one_number(b)
        return (
            a.shape == b.shape
            and (a.dtype.kind == "b") == (b.dtype.kind == "b")
            and bool(np.all(close(a, b, tolerance) | (_nan(a) & _nan(b))))
        )
    if _length(one) != _length(other):  # so that a hundred mistakes don't each read a long reply
        return False
    if isinstance(one, complex | np.ndarray) and isinstance(other, complex | np.ndarray):
        return np.iscomplexobj(one) and np.iscomplexobj(other) and np.shape(one) == np.shape(other)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(same(x, y, tolerance) for x, y in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k], tolerance) for k in one)
    return type(one) is type(other) and isinstance(one, str | Foreign | None) and bool(one == other)


def close(right: Array, array: Array, tolerance: Tolerance) -> Array:
    """Return for each number whether it is right; the arrays have one shape."""
    atol = tolerance.atol + (tolerance.single if tolerance.single and in_single(array) else 0.0)
    a, b = np.asarray(right, np.float64), np.asarray(array, np.float64)
    with np.errstate(all="ignore"):
        near = np.abs(b - a) <= atol + tolerance.rtol * np.abs(a)
    # A difference with an infinity is infinite or NaN, and inf <= inf: infinities are compared as they are.
    return np.where(np.isfinite(a) & np.isfinite(b), near, a == b)


def precision_of(array: Array) -> str:
    """Return the name of the precision of an array's numbers: "float32", "bfloat16" (which NumPy has not), ..."""
    metadata: Mapping[str, Any] = array.dtype.metadata or {}
    return str(metadata.get("precision", array.dtype.name))


def in_single(array: Array) -> bool:
    """Return whether numbers were computed in float32: by their type, or since every one of them is such a number.

    `loss.item()` makes a float of a float32; that a float64 looks like one by chance happens once in 2**29.
    """
    if array.dtype.kind != "f" or precision_of(array) == "float32":
        return precision_of(array) == "float32"
    if precision_of(array) in EPSILON:
        return False
    with np.errstate(all="ignore"):
        numbers = np.asarray(array, np.float64)
        return bool((np.isnan(numbers) | (numbers.astype(np.float32) == numbers)).all())


def _compare_numbers(
    expected: Any, right: Array, given: Any, tolerance: Tolerance, any_shape: bool
) -> Comparison:
    array = as_array(given)
    if array is not None and array.dtype.kind == "b" and array.size:
        told = f"It is {given}, a truth value" if isinstance(given, bool) else f"It is {describe(given)}"
        return Comparison(False, f"{told}; {_noun(expected, right, any_shape)} is expected.")
    if array is None:
        told = f"It is {describe(given)}{why_no_numbers(given)}"
        return Comparison(False, f"{told}; {_noun(expected, right, any_shape)} is expected.")
    if not right.ndim:
        array = one_number(array)
    elif any_shape:
        array = without_an_axis(array, right.shape)
    elif array.shape == (*right.shape, 1) and _of_single_numbers(expected, given):
        array = array[..., 0]
    if array.shape != right.shape:
        return Comparison(False, _other_shape(right, array))
    if np.all(close(right, array, tolerance)):
        return Comparison(True, _leniently(expected, given, right, array, tolerance, any_shape))
    return Comparison(False, _difference(right, array, tolerance))


def _of_single_numbers(expected: Any, given: Any) -> bool:
    """Whether a list holds single numbers, each in a carrier of its own; an array with such an axis does not."""
    if not isinstance(given, list | tuple):
        return False
    return isinstance(expected, list | tuple) or all(isinstance(item, np.ndarray) for item in given)


def _other_shape(right: Array, array: Array) -> str:
    verb = "is" if right.ndim != 1 or right.size == 1 else "are"
    text = f"It {'holds' if array.ndim == 1 else 'is'} {_amount(array)}; {_amount(right)} {verb} expected"
    if not array.ndim and right.shape == (1,):
        return "It is a number by itself; a list of one number is expected."
    if array.ndim > 1 and 1 in array.shape and array.squeeze().shape == right.squeeze().shape:
        return f"{text}: an axis of length 1 is left over, as keepdims=True leaves it."
    if array.ndim == right.ndim == 2 and array.shape == right.shape[::-1]:
        return f"{text}: rows and columns are swapped."
    in_a_row = right.ndim == 1 and array.ndim != 1
    return f"{text}, in a list or an array of shape {right.shape}." if in_a_row else f"{text}."


def _amount(array: Array) -> str:
    if array.ndim == 0:
        return "one number"
    return f"{array.size} number{'' if array.size == 1 else 's'}" if array.ndim == 1 else describe(array)


def _difference(right: Array, array: Array, tolerance: Tolerance) -> str:
    where = "" if array.ndim == 0 else f" in {{}} of {array.size} entries"
    nan = int(_nan(array).sum())
    if nan:
        return (
            f"It is NaN{where.format(nan)}; look for 0/0, inf - inf, 0 * inf or the log of a negative number."
        )
    infinite = int((np.isinf(array) & np.isfinite(right)).sum())
    if infinite:
        return f"It is infinite{where.format(infinite)} where a finite number is expected."
    finite = int((np.isfinite(array) & np.isinf(right)).sum())
    if finite:
        return f"It is finite{where.format(finite)} where it should be infinite."
    precision = precision_of(array)
    if precision in EPSILON and _right_but_for(precision, right, array):
        told = f"It is right to the precision of {precision} only, about {_digits(precision)} digits"
        return f"{told}; compute in float64."
    if array.dtype.kind in "iu" and right.dtype.kind == "f" and array.any() and _cut(right, array):
        if array.size == 1:
            return "This is a whole number, and the right one is not: was it rounded, or divided by //?"
        return "These are whole numbers, and the right ones are not: was something rounded, or divided by //?"
    if not array.ndim:
        return "It is not the right number."
    if array.size == 1:
        return "Its one number is not right."
    off = ~close(right, array, tolerance)
    wrong = int(off.sum())
    return f"{wrong} of {array.size} numbers {'is' if wrong == 1 else 'are'} not right{_where(off)}."


def _where(off: Array) -> str:
    """In which part of an array all that is wrong stands, when it stands in one that has a name."""
    places = np.asarray(off.reshape(-1, off.shape[-1]).any(axis=0))
    rows = np.asarray(off.reshape(off.shape[0], -1).any(axis=1))
    for name, along in (("entry", places), ("row", rows)):
        if (name == "row" and off.ndim < 2) or along.size < 3 or along.all():
            continue
        if not along[1:].any() or not along[:-1].any():
            in_rows = " of its rows" if name == "entry" and off.ndim > 1 else ""
            return f", {'all' if off.sum() > 1 else 'that'} in the {'first' if along[0] else 'last'} {name}{in_rows}"
    return ""


def _right_but_for(precision: str, right: Array, array: Array) -> bool:
    finite = np.isfinite(right)
    most = float(np.abs(right[finite]).max()) if finite.any() else 0.0
    return bool(np.all(close(right, array, Tolerance(0.0, _ROUNDINGS * EPSILON[precision] * most))))


def _digits(precision: str) -> int:
    return int(-np.log10(EPSILON[precision]))


def _cut(right: Array, array: Array) -> bool:
    """Whether the numbers are the right ones without what stands behind the point."""
    return any(bool(np.all(array == cut(right))) for cut in (np.rint, np.trunc, np.floor, np.ceil))


def _leniently(
    expected: Any, given: Any, right: Array, array: Array, tolerance: Tolerance, any_shape: bool = False
) -> str:
    if tolerance.single and not np.all(close(right, array, Tolerance(tolerance.rtol, tolerance.atol))):
        return "It was computed in float32, whose rounding errors are allowed for here."
    if any_shape:  # a list is as good as an array
        return ""
    if isinstance(expected, np.ndarray) and expected.ndim and isinstance(given, list | tuple):
        return f"{'A list' if isinstance(given, list) else 'A tuple'} was read as an array."
    if isinstance(given, np.ndarray) and array.ndim and right.dtype.kind == "f" and array.dtype.kind in "iu":
        return f"The dtype is {array.dtype}; {right.dtype} would be usual."
    return ""


def _compare_truth(expected: Any, right: Array, given: Any) -> Comparison:
    array = as_array(given)
    if array is None or array.dtype.kind != "b":
        return Comparison(False, f"It is {describe(given)}; {_noun(expected, right)} is expected.")
    if not right.ndim:
        array = one_number(array)
    if array.shape != right.shape:
        return Comparison(False, _other_shape(right, array).replace("number", "truth value"))
    if np.array_equal(array, right):
        return Comparison(True, _leniently(expected, given, right, array, Tolerance(0.0)))
    return Comparison(
        False, "It should be the other truth value." if not right.ndim else "Not every entry is right."
    )


def _compare_plain(expected: Any, given: Any) -> Comparison:
    if isinstance(expected, str) and isinstance(given, list | tuple) and len(given) == 1:
        given = given[0]
    if type(given) is not type(expected):
        return Comparison(False, f"It is {describe(given)}; {describe(expected)} is expected.")
    if given == expected:
        return Comparison(True)
    if isinstance(given, str) and "".join(given.split()).casefold() == "".join(expected.split()).casefold():
        return Comparison(
            False, "It is the right text but for spaces or capitals: write it as the task does."
        )
    return Comparison(False, "It is not the right text.")


def _compare_items(expected: Any, given: Any, tolerance: Tolerance) -> Comparison:
    if not isinstance(expected, list | tuple):  # `Function.cases` lets no other value through.
        return Comparison(False, "What is expected here can't be compared; tell the instructor.")
    items = list(given) if isinstance(given, np.ndarray) and given.ndim else given
    if not isinstance(items, list | tuple):
        return Comparison(False, f"It is {describe(given)}; {describe(expected)} is expected.")
    if len(items) != len(expected):
        return Comparison(False, f"It has {len(items)} items; {len(expected)} are expected.")
    for number, (right, item) in enumerate(zip(expected, items, strict=True)):
        result = compare(right, item, tolerance)
        if not result.ok:
            return Comparison(False, f"Item {number} (counted from 0): {result.sentence}")
    return Comparison(True)


def _compare_dict(expected: dict[Any, Any], given: Any, tolerance: Tolerance) -> Comparison:
    if not isinstance(given, dict):
        return Comparison(False, f"It is {describe(given)}; {describe(expected)} is expected.")
    if given.keys() != expected.keys():
        return Comparison(
            False, f"It has {len(given)} keys; the {len(expected)} expected ones are not all and only these."
        )
    for key, right in expected.items():
        result = compare(right, given[key], tolerance)
        if not result.ok:
            return Comparison(False, f"Under one of the keys: {result.sentence}")
    return Comparison(True)


def _noun(expected: Any, right: Array | None, any_shape: bool = False) -> str:
    if any_shape and right is not None and right.ndim == 1:
        return f"a list of {right.size} numbers"
    return describe(right if right is not None and isinstance(expected, list | tuple) else expected)


def _nan(array: Array) -> Array:
    return np.isnan(array) if array.dtype.kind == "f" else np.zeros(array.shape, bool)


def _length(value: Any) -> int | None:
    if isinstance(value, np.ndarray):
        return len(value) if value.ndim else None
    return len(value) if isinstance(value, list | tuple) else None
