"""What kind of value an answer is: whether it can be read as numbers, and a noun for it in a sentence.

One number is one number, whatever carries it; a truth value is none.
"""

import math
from typing import Any

import numpy as np

from grader.cases.values import Foreign, Lines, Member, Tree

Array = np.ndarray[Any, np.dtype[Any]]

_MOST_DIGITS = 100_000  # of a power of numbers
_MOST_EXPRESSIONS = 2_000
"""Closed expressions that one value may hold: each takes about a millisecond to evaluate."""

NO_NUMBER = "a symbolic expression that is no number"
_LAZY = "generator map zip filter range_iterator list_iterator reversed enumerate".split()


def evaluated(value: Any, most: int = _MOST_EXPRESSIONS) -> Any:
    """Return a decoded value with its closed symbolic expressions as floats: exp(21/10) is a right way to write one.

    A member of an enumeration becomes its number, and an expression that is no number a `Foreign` that says so. So do
    all expressions when there are more than `most`: where three numbers are asked, nobody has to work out a hundred.

    >>> evaluated([Tree(["exp", 0]), 2.5])
    [1.0, 2.5]
    """
    return _evaluated(value, _symbolic(value) <= most)


def _symbolic(value: Any) -> int:
    """How many symbolic expressions there are in a value that have to be worked out."""
    if isinstance(value, list | tuple):
        return sum(map(_symbolic, value))
    if isinstance(value, dict):
        return sum(map(_symbolic, value.values()))
    return int(isinstance(value, Tree) and type(value.tree) not in (int, float))


def _evaluated(value: Any, worked_out: bool) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(_evaluated(v, worked_out) for v in value)
    if isinstance(value, dict):
        return {key: _evaluated(v, worked_out) for key, v in value.items()}
    if isinstance(value, Member):
        return value.value
    if not isinstance(value, Tree):
        return value
    tree = value.tree
    if type(tree) is int or type(tree) is float:
        return tree
    if tree == ["oo"] or tree == ["-oo"]:
        return float("inf") if tree == ["oo"] else float("-inf")
    return _number(tree) if worked_out else Foreign("more symbolic expressions than are asked for")


def _number(tree: Any) -> Any:
    try:
        if _towers(tree):
            return Foreign(f"{NO_NUMBER} (it is too large to be evaluated)")
    except RecursionError:
        return Foreign(f"{NO_NUMBER} (it is nested too deeply)")
    from grader.algebra import AlgebraError, decode, evaluate

    try:
        return evaluate(decode(tree, {}), {})
    except AlgebraError as error:
        return Foreign(f"{NO_NUMBER} ({str(error).rstrip('.')})")
    except (
        ArithmeticError,
        ValueError,
    ):  # SymPy evaluates while it builds, and a tower of powers ends in these
        return Foreign(f"{NO_NUMBER} (it is too large to be evaluated)")


def _towers(tree: Any) -> bool:
    """Return whether a power of numbers in a tree has more than `_MOST_DIGITS` digits, which takes seconds."""
    if not isinstance(tree, list):
        return False
    return _digits(tree) > _MOST_DIGITS or any(map(_towers, tree[1:]))


def _digits(tree: Any) -> float:
    """About how many digits a power of numbers has; 0 for what is none."""
    match tree:
        case int() | float():
            return math.log10(max(1.0, abs(tree))) if math.isfinite(tree) else 0.0
        case ["Integer", str(digits)]:
            return float(len(digits))
        case ["Pow", base, exponent]:
            return _digits(base) * 10.0 ** min(_digits(exponent), 300.0)
    return 0.0


def as_array(value: Any) -> Array | None:
    """Return numbers or truth values, single or in rectangular lists, as an array; None for anything else.

    In a list, single numbers may come each in a carrier of its own: [1.0, array([2.0])] are two numbers.
    """
    if isinstance(value, np.ndarray):
        return value if value.dtype.kind in "biuf" else None
    if not isinstance(value, bool | int | float | list | tuple):
        return None
    if not _all_numbers(value):
        return None  # NumPy would make each item as long as the longest text
    try:
        array = np.array(value)
    except OverflowError:
        return None
    except ValueError:
        unpacked = _unpacked(value)
        return None if unpacked is None else as_array(unpacked)
    if array.dtype.kind == "O":
        return _large_integers(array)
    if array.dtype.kind in "iuf" and _holds_bool(value):
        return None
    return array if array.dtype.kind in "biuf" else None


def one_number(array: Array) -> Any:
    """Return the only number of an array, without axes; the array itself when it has another size."""
    return array.reshape(()) if array.size == 1 else array


def without_an_axis(array: Array, shape: tuple[int, ...]) -> Array:
    """Return the array without its axes of length 1 where it then has `shape`, which has none; else as it is."""
    if array.shape != shape and 1 not in shape and array.squeeze().shape == shape:
        return array.squeeze()
    return array


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


def why_no_numbers(given: Any) -> str:
    """Return what may have kept a value from being an array of numbers, to follow its description; "" if unknown."""
    if isinstance(given, list | tuple):
        return _what_is_in(given)
    if isinstance(given, str):
        return " (leave the quotes out)"
    if isinstance(given, complex) or (isinstance(given, np.ndarray) and given.dtype.kind == "c"):
        return " (the root or the logarithm of a negative number?)"
    if isinstance(given, Foreign):
        kind = given.what.removeprefix("an object of type ")
        if kind in _LAZY:
            return ", which holds no number yet (put list(...) around it)"
        if kind in ("function", "method", "builtin_function_or_method"):
            return " (were the brackets of a call left out?)"
    return ""


def _what_is_in(given: list[Any] | tuple[Any, ...]) -> str:
    for place, item in enumerate(given):
        if not _all_numbers(item):
            # On hidden inputs a type's name may be made from an input, so no foreign type is named here.
            what = "no number" if isinstance(item, Foreign) else describe(item)
            inner = _what_is_in(item) if isinstance(item, list | tuple) else ""
            return f" whose item {place} (counted from 0) is {what}{inner}"
    if _holds_bool(given):
        return " in which numbers and truth values are mixed"
    return " that is no array of numbers (rows of different lengths, or items of different shapes)"


def _unpacked(value: Any) -> list[Any] | None:
    """Return a list whose single numbers are taken out of arrays and lists of one; None when there is none to take."""
    if not isinstance(value, list | tuple):
        return None
    arrays = [as_array(item) for item in value]
    if any(a is None or a.size != 1 for a in arrays):
        return None
    return [a.reshape(()).item() for a in arrays if a is not None]


def _large_integers(array: Array) -> Array | None:
    if not all(type(x) in (int, float) for x in array.flat):
        return None
    return array.astype(np.float64)


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
