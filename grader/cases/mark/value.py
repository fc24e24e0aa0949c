"""Marking a value: one number, or a short list of numbers."""

import math
from typing import Any

import numpy as np

from grader.cases.decoding import decode_value
from grader.cases.mark.compare import EPSILON, Tolerance, compare, same
from grader.cases.mark.hints import cut_short, hint
from grader.cases.mark.kinds import Array, as_array, evaluated, one_number, without_an_axis
from grader.cases.mark.score import Score, all_or_none, taken_down
from grader.cases.mark.sealed import unseal


def mark_value(entry: dict[str, Any], answer: Any) -> Score:
    """Return the score of a decoded answer: all points or none. Public cases know only what is wrong, and sealed."""
    shape = tuple(entry["shape"])
    answer = shaped(evaluated(answer, math.prod(shape)), shape)
    tolerance = Tolerance(entry["rtol"], entry["atol"], single=_rounding(answer))
    if "expected" in entry:
        result = compare(decode_value(entry["expected"]), answer, tolerance, any_shape=True)
        if result.ok:
            return all_or_none(entry, True, None, result.sentence)
    sealed = entry.get("sealed")
    for mistake in entry["mistakes"] if sealed is None else unseal(sealed, answer, tolerance):
        if same(shaped(decode_value(mistake["value"]), shape), answer, tolerance):
            return all_or_none(entry, False, mistake["code"], mistake["says"])
    problem = _range_problem(entry, answer)
    if problem:
        return all_or_none(entry, False, None, problem)
    if "expected" not in entry:
        return taken_down(entry, "In range, and none of the mistakes that we know; it is marked at grading.")
    return all_or_none(entry, False, None, _what_is_off(entry, answer, result.sentence, tolerance))


def _what_is_off(entry: dict[str, Any], answer: Any, sentence: str, tolerance: Tolerance) -> str:
    expected = decode_value(entry["expected"])
    right, given = as_array(expected), as_array(answer)
    if right is not None and given is not None and cut_short(right, given):
        return "It is the right value, but not exact enough: carry more digits and round at the end."
    relation = hint([(expected, answer, ())], tolerance)
    return f"{sentence} {relation or 'It is none of the mistakes that we know: go through it again.'}"


def shaped(answer: Any, shape: tuple[int, ...]) -> Any:
    """Return one number in any carrier as a number, and numbers without axes of length 1 that nobody asked for."""
    array = as_array(answer)
    if array is None or array.dtype.kind == "b":
        return answer
    fitted = one_number(array) if not shape else without_an_axis(array, shape)
    return answer if fitted.shape == array.shape else fitted


def _rounding(answer: Any) -> float:
    """How far a rounding or two in float32 move a number of this size."""
    array: Array | None = as_array(answer)
    if array is None or array.dtype.kind != "f" or not np.isfinite(array).any():
        return 0.0
    return 2 * EPSILON["float32"] * float(np.abs(array[np.isfinite(array)]).max())


def _range_problem(entry: dict[str, Any], answer: Any) -> str:
    """What is wrong with an answer whatever the right one is: its kind, its shape, its range."""
    low, high = entry["within"]
    shape = tuple(entry["shape"])
    # A stand-in of the right kind and shape, so that a wrong kind is told in the same words as elsewhere.
    stand_in = np.full(shape, low) if shape else float(low)
    if not compare(stand_in, answer, Tolerance(0.0, float("inf")), any_shape=True).ok:
        return compare(stand_in, answer, Tolerance(0.0), any_shape=True).sentence
    numbers = np.asarray(answer, dtype=float)
    if ((numbers < low) | (numbers > high)).any():
        unit = f" {entry['unit']}" if entry["unit"] else ""
        return f"It is outside the range that makes sense here, {low:g} to {high:g}{unit}."
    return ""
