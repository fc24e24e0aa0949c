"""From plain data back to values. The data may come from anyone: whatever is no value becomes a `Foreign`."""

import math
from typing import Any

import numpy as np

from grader.cases.values import (
    DTYPES,
    MAX_DIGITS,
    MAX_DIMENSIONS,
    MAX_ITEMS,
    MAX_STRING,
    PLAIN_INT,
    Budget,
    Foreign,
    Limit,
    Lines,
    Member,
    Tree,
)

_BFLOAT16 = np.dtype(np.float32, metadata={"precision": "bfloat16"})
"""NumPy has no bfloat16; float32 holds its values exactly, and the dtype remembers how precise they are."""


def decode_value(data: Any, torch: bool = False) -> Any:
    """Return the value that `data` stands for; a `Foreign` for what is none. Takes any JSON and never raises.

    torch: whether a Torch tensor becomes one again (this imports torch); otherwise it becomes a NumPy array.

    >>> decode_value({"array": [1.0, 2.0], "shape": [2], "dtype": "float32"})
    array([1., 2.], dtype=float32)
    """
    try:
        return _decode(data, Budget(), 0, torch)
    except Limit as limit:
        return Foreign(str(limit))


def _decode(data: Any, budget: Budget, depth: int, torch: bool) -> Any:
    budget.spend(1, depth)
    if data is None or type(data) is bool or type(data) is float:
        return data
    if type(data) is int:
        return data if abs(data) <= PLAIN_INT else Foreign("a number that was sent in a wrong way")
    if type(data) is str:
        return data if len(data) <= MAX_STRING else Foreign(f"a text of more than {MAX_STRING:,} characters")
    if type(data) is list:
        return [_decode(v, budget, depth + 1, torch) for v in data]
    if type(data) is dict:
        return _decode_tagged(data, budget, depth, torch)
    return Foreign("something that is no plain data")


def _decode_tagged(data: dict[str, Any], budget: Budget, depth: int, torch: bool) -> Any:
    match data:
        case {"array": list(numbers), "shape": list(shape), "dtype": str(dtype)}:
            budget.spend(len(numbers), depth)
            return _decode_array(numbers, shape, dtype, torch and data.get("torch") is True)
        case {"tuple": list(items)}:
            return tuple(_decode(v, budget, depth + 1, torch) for v in items)
        case {"dict": list(pairs)}:
            return _decode_dict(pairs, budget, depth, torch)
        case {"float": "nan" | "inf" | "-inf" as text}:
            return float(text)
        case {"int": str(text)} if (
            len(text) <= MAX_DIGITS + 2 and text.lstrip("-").isdecimal() and text.isascii()
        ):
            return int(text)
        case {"complex": [_, _]}:
            re, im = (_decode(part, budget, depth + 1, torch) for part in data["complex"])
            return complex(re, im) if type(re) is float and type(im) is float else Foreign("a complex number")
        case {"member": [str(name), value]}:
            number = _decode(value, budget, depth + 1, torch)
            if isinstance(number, int | float | np.ndarray):
                return Member(name[:60], number)
            return Foreign("a member of an enumeration")
        case {"expr": tree}:
            return Tree(tree)
        case {"derivation": lines}:
            return Lines(lines)
        case {"object": str(name)}:
            return Foreign(f"an object of type {name[:60]}")
        case {"problem": str(text)}:
            return Foreign(text[:600])
        case _:
            return Foreign("something that is no plain data")


def _decode_dict(pairs: list[Any], budget: Budget, depth: int, torch: bool) -> Any:
    decoded = {}
    for pair in pairs:
        if type(pair) is not list or len(pair) != 2:
            return Foreign("something that is no plain data")
        key = _decode(pair[0], budget, depth + 1, torch)
        if type(key) not in (int, str):
            return Foreign("something that is no plain data")
        decoded[key] = _decode(pair[1], budget, depth + 1, torch)
    return decoded


def _decode_array(numbers: list[Any], shape: list[Any], dtype: str, torch: bool) -> Any:
    wrong = Foreign("an array that was sent in a wrong way")
    if dtype not in DTYPES or len(shape) > MAX_DIMENSIONS:
        return wrong
    if not all(type(n) is int and 0 <= n <= MAX_ITEMS for n in shape) or math.prod(shape) != len(numbers):
        return wrong
    if 0 in shape and math.prod(n for n in shape if n) > MAX_ITEMS:
        return wrong  # It is empty, but NumPy refuses the product of the other sides.
    if dtype.startswith("complex"):
        return np.zeros(shape, dtype)
    numbers_of = (
        {bool} if dtype == "bool" else {int, float, str} if "float" in dtype or "double" in dtype else {int}
    )
    if not numbers_of.issuperset(map(type, numbers)):
        return wrong
    if not {"nan", "inf", "-inf"}.issuperset(n for n in numbers if type(n) is str):
        return wrong
    try:
        if str in numbers_of:
            with np.errstate(all="ignore"):  # A forged array may call its 1e300 a float32.
                array = np.array([float(n) for n in numbers]).astype(
                    _BFLOAT16 if dtype == "bfloat16" else dtype
                )
        else:
            array = np.array(numbers, dtype)
        array = array.reshape(shape)
    except (OverflowError, ValueError):
        return wrong
    if torch:
        import torch as torch_module

        return torch_module.from_numpy(array).to(getattr(torch_module, dtype))
    return array
