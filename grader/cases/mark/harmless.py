"""What may be told of a result on hidden inputs: nothing that a student's function could have made of them.

A function may return, raise or warn of whatever it likes, so its words would carry the inputs onto the page. What is
told is chosen by us: from fixed words, and from sizes that the inputs and the right answer have. What remains is the
choice itself, a few bits for each label, as every mark is, and a model's losses and sums, which are numbers.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement
from typing import Any

import numpy as np

from grader.cases.decoding import decode_value
from grader.cases.mark.kinds import NO_NUMBER
from grader.cases.values import MAX_ITEMS, Foreign

# Only these types are named: a type's name may be made from an input.
_TYPES = {
    f"an object of type {name}"
    for name in "DataFrame Series builtin_function_or_method enumerate filter function generator list_iterator map max "
    "method min module object range_iterator reversed set slice type zip".split()
} | {f"more than {MAX_ITEMS:,} numbers", "a masked array with masked entries, which are no numbers"}
_KEPT = (120, 200)  # characters of a line that a reply holds
_ZOO = "zoo, SymPy's infinity"
_NOUNS = ((np.ndarray, "an array of another shape"), (dict, "a dictionary of another length"))


def harmless(given: Any, case: dict[str, Any]) -> Any:
    """Return a decoded value as it may be described, when it is the result on a hidden case's inputs.

    >>> case = {"args": [[0.5, 0.25, 0.25]], "expected": {"value": 1.5}}
    >>> harmless([1, 2, 3], case), harmless([0] * 2525, case)
    ([1, 2, 3], Foreign(what='a list of another length'))
    """
    if isinstance(given, Foreign):
        if given.what in _TYPES or given.what.startswith(_ZOO):
            return given
        # NO_NUMBER goes on with the student's own symbols
        told = given.what.startswith(NO_NUMBER)
        return Foreign(NO_NUMBER if told else "an object of a type that is no plain value")
    if set(_sizes(given)) <= _known_sizes(case):
        return given
    nouns = [noun for kind, noun in _NOUNS if isinstance(given, kind)]
    return Foreign(nouns[0] if nouns else "a list of another length")


def known_place(place: Any, cells: Sequence[str]) -> tuple[int, str]:
    """Return the line, its number in its cell and its text, that a reply names as (number, text), where it is one of
    the student's cells'; else 0 and ""."""
    match place:
        case [int(line), str(code)] if line > 0 and code:
            for cell in cells:
                lines = cell.splitlines()
                if line <= len(lines) and code in (lines[line - 1].strip()[:most] for most in _KEPT):
                    return line, code
    return 0, ""


def _known_sizes(case: dict[str, Any]) -> set[int]:
    """The sizes that come of themselves from a case's inputs and its right answer: one more, one less, products."""
    values = [*case["args"], case["expected"].get("value")] if "expected" in case else case["args"]
    found = {1, *(size for value in values for size in _sizes(decode_value(value)))}
    return (
        found
        | {size + 1 for size in found}
        | {size - 1 for size in found}
        | {a * b for a, b in combinations_with_replacement(sorted(found)[:50], 2)}
    )


def _sizes(value: Any) -> Iterator[int]:
    """The lengths of a value's axes and lists; 1 says nothing."""
    if isinstance(value, np.ndarray):
        yield from (size for size in value.shape if size != 1)
    elif isinstance(value, list | tuple | dict):
        yield len(value)
        for item in value.values() if isinstance(value, dict) else value:
            if not isinstance(item, int | float):
                yield from _sizes(item)
