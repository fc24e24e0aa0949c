"""What single precision can't avoid: by how much a result may be off that was computed in float32."""

from typing import Any

import numpy as np

from grader.cases.decoding import decode_value

_EPSILON = 2.0**-23
_ROUNDINGS = 4
# A loop over n numbers rounds n times. The roundings add up like a random walk; half of √n units in the last place are
# four standard deviations of it, so that an honest loop has one verdict whatever is drawn.
_OF_A_LOOP = 0.5
_MOST_LOST = 1e-3
"""Inputs that float32 hardly holds would excuse anything; no more than this share of the result is lost by them."""


def rounded_to_single(data: Any) -> Any:
    """Return encoded arguments with their floats rounded to float32.

    >>> rounded_to_single([0.1, 2, {"array": [0.1], "shape": [1], "dtype": "float64"}])
    [0.10000000149011612, 2, {'array': [0.10000000149011612], 'shape': [1], 'dtype': 'float64'}]
    """
    if type(data) is float:
        return _rounded(data)
    if isinstance(data, list):
        return [rounded_to_single(item) for item in data]
    if isinstance(data, dict) and "array" in data:
        return {**data, "array": [_rounded(x) if type(x) is float else x for x in data["array"]]}
    if isinstance(data, dict):
        return {key: rounded_to_single(value) for key, value in data.items()}
    return data


def single_allowance(args: list[Any], expected: Any, rounded: Any) -> float:
    """Return by how much a float32 result may be off, in its unit.

    args: the encoded arguments. expected: the encoded right result; rounded: what the reference gives for rounded
    arguments; None where there is none.
    """
    right, other = _floats(expected), _floats(rounded)
    given = [_floats(arg) for arg in args]
    floats = np.abs(np.concatenate([right, *given]))
    roundings = max(_ROUNDINGS, _OF_A_LOOP * max((numbers.size for numbers in given), default=0) ** 0.5)
    largest = max(float(floats.max(initial=0.0)), 1.0)
    lost = 0.0
    if right.shape == other.shape and right.size:
        lost = float(np.abs(right - other).max())
    most = _MOST_LOST * max(float(np.abs(right).max(initial=0.0)), 1.0)
    return float(roundings * _EPSILON * largest + min(_ROUNDINGS * lost, most))


def _floats(data: Any) -> Any:
    """The finite floats in encoded data, flat: whole numbers are exact in float32, up to 16 million."""
    found: list[float] = []
    left = [decode_value(data)]
    while left:
        value = left.pop()
        if isinstance(value, list | tuple):
            left += value
        elif isinstance(value, dict):
            left += value.values()
        elif isinstance(value, float):
            found.append(value)
        elif isinstance(value, np.ndarray) and value.dtype.kind == "f":
            found += value.astype(np.float64).ravel().tolist()
    numbers = np.array(found, dtype=np.float64)
    return numbers[np.isfinite(numbers)]


def _rounded(number: float) -> float:
    with np.errstate(over="ignore"):
        narrow = float(np.float32(number))
    return narrow if np.isfinite(narrow) else number
