"""Whether a value is the expected one, and if not, in what way it differs."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.cases.values import Foreign, Lines, Tree

# What arithmetic in single precision can be trusted to after a few hundred operations.
_SINGLE = 1e-4
# A coarser tolerance would take wrong answers; these are told apart in words only.
_COARSE = {"float32": _SINGLE, "float16": 1e-2}

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Tolerance:
    """x is right when |x - expected| <= atol + rtol * |expected|.

    float32: whether results in single precision get the tolerance that suits them.
    """

    rtol: float
    atol: float = 0.0
    float32: bool = False


@dataclass(frozen=True)
class Comparison:
    """Whether the value is right; the sentence says what is off or, if nothing, what was read leniently."""

    ok: bool
    sentence: str = ""


def compare(expected: Any, given: Any, tolerance: Tolerance) -> Comparison:
    """Return how `given` compares with `expected`; both are decoded values (see `decode_value`).

    A list or tuple is read as an array where an array is expected, an int as a float. Equal infinities are
    equal, NaN is never right. No expected number is told, only types and shapes.

    >>> compare(np.array([1.0, 2.0]), [1, 2], Tolerance(1e-6))
    Comparison(ok=True, sentence='A list was read as an array.')
    >>> compare(1.0, True, Tolerance(1e-6)).sentence
    'It is True, a truth value; a number is expected.'
    """
    if isinstance(given, Foreign | Tree | Lines) or given is None:
        return Comparison(False, f"It is {describe(given)}; {describe(expected)} is expected.")
    if isinstance(expected, str | None):
        return _compare_plain(expected, given)
    if isinstance(expected, dict):
        return _compare_dict(expected, given, tolerance)
    right = as_array(expected)
    if right is None:
        return _compare_items(expected, given, tolerance)
    if right.dtype.kind == "b":
        return _compare_truth(expected, right, given)
    return _compare_numbers(expected, right, given, tolerance)


def same(one: Any, other: Any, tolerance: Tolerance) -> bool:
    """Return whether two decoded values are the same up to the tolerance, as wrong values: NaN equals NaN."""
    if _length(one) != _length(other):  # so that a hundred mistakes don't each read a long reply
        return False
    a, b = as_array(one), as_array(other)
    if a is not None and b is not None:
        return (
            a.shape == b.shape
            and (a.dtype.kind == "b") == (b.dtype.kind == "b")
            and bool(np.all(_close(a, b, tolerance) | (_nan(a) & _nan(b))))
        )
    if isinstance(one, complex | np.ndarray) and isinstance(other, complex | np.ndarray):
        return np.iscomplexobj(one) and np.iscomplexobj(other) and np.shape(one) == np.shape(other)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(same(x, y, tolerance) for x, y in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k], tolerance) for k in one)
    return type(one) is type(other) and isinstance(one, str | Foreign | None) and bool(one == other)


def as_array(value: Any) -> Array | None:
    """Return numbers or truth values, single or in rectangular lists, as an array; None for anything else."""
    if isinstance(value, np.ndarray):
        return value if value.dtype.kind in "biuf" else None
    if not isinstance(value, bool | int | float | list | tuple):
        return None
    if not _all_numbers(value):
        return None  # NumPy would make each item as long as the longest text
    try:
        array = np.array(value)
    except (ValueError, OverflowError):
        return None
    if array.dtype.kind == "O":
        return _large_integers(array)
    if array.dtype.kind in "iuf" and _holds_bool(value):
        return None
    return array if array.dtype.kind in "biuf" else None


def describe(value: Any) -> str:
    """Return what kind of value this is, without any of its numbers: "an array of shape (2, 3)".

    >>> describe(2.5), describe(np.zeros((2, 3))), describe("8.17")
    ('a number', 'an array of shape (2, 3)', 'a text')
    """
    if isinstance(value, Foreign):
        return value.what
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "c" and value.ndim == 0:
            return "a complex number"
        if value.dtype.kind == "c":
            return f"an array of complex numbers of shape {value.shape}"
        if value.ndim == 0:
            return "a truth value" if value.dtype.kind == "b" else "a number"
        kind = "an array of truth values" if value.dtype.kind == "b" else "an array"
        return f"{kind} of shape {value.shape}"
    if isinstance(value, list | tuple | dict):
        noun = {list: "a list", tuple: "a tuple", dict: "a dictionary"}[type(value)]
        return f"{noun} of {len(value)}"
    names = {bool: "a truth value", complex: "a complex number", str: "a text", type(None): "None"}
    names |= {Tree: "a symbolic expression", Lines: "a derivation"}
    return names.get(type(value), "a number")


def _compare_numbers(expected: Any, right: Array, given: Any, tolerance: Tolerance) -> Comparison:
    array = as_array(given)
    if array is not None and array.dtype.kind == "b" and array.size:
        told = f"It is {given}, a truth value" if isinstance(given, bool) else f"It is {describe(given)}"
        return Comparison(False, f"{told}; {_noun(expected, right)} is expected.")
    if array is None:
        return Comparison(
            False, f"It is {describe(given)}{why_no_numbers(given)}; {_noun(expected, right)} is expected."
        )
    if array.shape != right.shape:
        wanted = right.shape if right.ndim else "a single number"
        return Comparison(False, f"Its shape is {array.shape}; {wanted} is expected.")
    if np.all(_close(right, array, tolerance)):
        return Comparison(True, _leniently(expected, given, right, array))
    return Comparison(False, _difference(right, array, tolerance))


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
    loose = _COARSE.get(array.dtype.name)
    if loose is not None and np.all(_close(right, array, Tolerance(loose, loose * 1e-2))):
        return f"It is right to the precision of {array.dtype.name} only; compute in float64."
    if array.dtype.kind in "iu" and right.dtype.kind == "f" and array.ndim:
        return f"Its dtype is {array.dtype}, whole numbers only; {right.dtype} is expected."
    wrong = int((~_close(right, array, tolerance)).sum())
    return (
        "It is not the right number."
        if array.ndim == 0
        else f"{wrong} of {array.size} numbers are not right."
    )


def _close(right: Array, array: Array, tolerance: Tolerance) -> Array:
    rtol, atol = tolerance.rtol, tolerance.atol
    if tolerance.float32 and array.dtype.name == "float32":
        rtol = max(rtol, _SINGLE)
        atol = max(atol, rtol * 1e-2)
    a, b = np.asarray(right, np.float64), np.asarray(array, np.float64)
    with np.errstate(all="ignore"):
        near = np.abs(b - a) <= atol + rtol * np.abs(a)
    # A difference with an infinity is infinite or NaN, and inf <= inf: infinities are compared as they are.
    return np.where(np.isfinite(a) & np.isfinite(b), near, a == b)


def _leniently(expected: Any, given: Any, right: Array, array: Array) -> str:
    if isinstance(expected, np.ndarray) and isinstance(given, list | tuple):
        return f"{'A list' if isinstance(given, list) else 'A tuple'} was read as an array."
    if isinstance(given, np.ndarray) and array.ndim and right.dtype.kind == "f" and array.dtype.kind in "iu":
        return f"The dtype is {array.dtype}; {right.dtype} would be usual."
    return ""


def _compare_truth(expected: Any, right: Array, given: Any) -> Comparison:
    array = as_array(given)
    if array is None or array.dtype.kind != "b":
        return Comparison(False, f"It is {describe(given)}; {_noun(expected, right)} is expected.")
    if array.shape != right.shape:
        return Comparison(False, f"Its shape is {array.shape}; {right.shape} is expected.")
    if np.array_equal(array, right):
        return Comparison(True, _leniently(expected, given, right, array))
    return Comparison(
        False, "It should be the other truth value." if not right.ndim else "Not every entry is right."
    )


def _compare_plain(expected: Any, given: Any) -> Comparison:
    if type(given) is not type(expected):
        return Comparison(False, f"It is {describe(given)}; {describe(expected)} is expected.")
    return Comparison(True) if given == expected else Comparison(False, "It is not the right text.")


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


def _noun(expected: Any, right: Array) -> str:
    return describe(right if isinstance(expected, list | tuple) else expected)


def why_no_numbers(given: Any) -> str:
    """Return what may have kept a value from being an array of numbers, to follow its description; "" if unknown."""
    if isinstance(given, list | tuple):
        return " that is no array of numbers (rows of different lengths, or not only numbers)"
    if isinstance(given, str):
        return " (leave the quotes out)"
    if isinstance(given, complex) or (isinstance(given, np.ndarray) and given.dtype.kind == "c"):
        return " (the root or the logarithm of a negative number?)"
    return ""


def _nan(array: Array) -> Array:
    return np.isnan(array) if array.dtype.kind == "f" else np.zeros(array.shape, bool)


def _large_integers(array: Array) -> Array | None:
    if not all(type(x) in (int, float) for x in array.flat):
        return None
    return array.astype(np.float64)


def _length(value: Any) -> int | None:
    if isinstance(value, np.ndarray):
        return len(value) if value.ndim else None
    return len(value) if isinstance(value, list | tuple) else None


def _all_numbers(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_all_numbers, value))
    return isinstance(value, bool | int | float) or (
        isinstance(value, np.ndarray) and value.dtype.kind in "biuf"
    )


def _holds_bool(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_holds_bool, value))
    return isinstance(value, bool) or (isinstance(value, np.ndarray) and value.dtype.kind == "b")
