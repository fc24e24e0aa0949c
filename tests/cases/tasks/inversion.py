"""Who has a set's released folder and this package, and wants the answers of its values without working them out.

Every number that stands beside a value is turned round in the ways in which mistakes are made: negated, inverted, taken
to another base, undone by exp or log, reversed, subtracted from one another. The right answer is where the ways of
several mistakes meet, or what the way back of a mistake gives whose name says which way it was.
"""

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

BACK = {
    "the number itself": lambda x: x,
    "minus": lambda x: -x,
    "one less it": lambda x: 1 - x,
    "one more": lambda x: x + 1,
    "the reciprocal": lambda x: 1 / x,
    "from bits": lambda x: x * math.log(2),
    "to bits": lambda x: x / math.log(2),
    "to bits, twice": lambda x: x / math.log(2) ** 2,
    "from base 10": lambda x: x * math.log(10),
    "from base 10 to bits": lambda x: x * math.log(10) / math.log(2),
    "from bytes": lambda x: x * 8,
    "exp": np.exp,
    "exp of minus": lambda x: np.exp(-x),
    "log": lambda x: np.log(x),
    "minus log": lambda x: -np.log(x),
    "root": np.sqrt,
    "square": np.square,
    "reversed": lambda x: x[::-1],
    "minus, reversed": lambda x: -x[::-1],
}
BY_NAME = {
    "gives-the-loss": ("minus", "exp"),
    "missing-minus": ("minus", "exp of minus"),
    "flipped-sign": ("minus", "minus, reversed"),
    "swapped": ("reversed",),
    "swapped-order": ("reversed",),
    "base-2": ("from bits",),
    "base-10": ("from base 10", "from base 10 to bits"),
    "in-nats": ("to bits",),
    "gives-the-variance": ("root",),
    "gives-the-perplexity": ("log",),
    "gives-the-probability": ("minus log",),
    "at-least-one": ("one less it",),
    "last-above-zero": ("one more",),
}


def guesses(entry: dict[str, Any]) -> Iterator[np.ndarray]:
    """Yield what the answer of a value may be by its entry in `cases.json`, the likeliest first, a few in all."""
    shape = tuple(entry["shape"])
    held = list(_held(entry, shape))
    by_name = [
        _turned(BACK[way], array) for code, array in held for way in BY_NAME.get(code, ()) if code is not None
    ]
    made = [
        (number, found)
        for number, (_, array) in enumerate(held)
        for found in (_turned(way, array) for way in BACK.values())
        if found is not None
    ]
    made += [(-1, a - b) for (_, a), (_, b) in itertools.permutations(held, 2)]
    yield from (found for found in by_name if found is not None)
    if not made:
        return
    whose, turned = np.array([number for number, _ in made]), np.array([found for _, found in made])
    new = ~_alike(turned, np.array([array for _, array in held])).any(axis=1)
    meet = [len({*whose[row]} - {own}) for row, own in zip(_alike(turned, turned), whose, strict=True)]
    yield from (turned[n] for n in np.argsort(-np.array(meet) * new, kind="stable")[:3] if new[n] and meet[n])


def _alike(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Which of the numbers or lists in `one` are which of those in `other`, shape ``(N, M)``."""
    near = np.isclose(one[:, None], other[None, :], rtol=1e-6, atol=1e-9)
    return near.reshape(*near.shape[:2], -1).all(axis=2)


def _held(entry: dict[str, Any], shape: tuple[int, ...]) -> Iterator[tuple[str | None, np.ndarray]]:
    """The numbers of an answer's shape that stand in an entry, with the name beside them."""
    left: list[tuple[str | None, object]] = [(None, entry)]
    while left:
        code, item = left.pop()
        if isinstance(item, dict):
            name = item.get("code", code)
            if "array" in item and "shape" in item:
                item = {"value": item["array"]}
            left += [(name, part) for part in item.values()]
        elif isinstance(item, list):
            if all(isinstance(x, int | float) for x in item) and np.shape(item) == shape:
                yield code, np.array(item, dtype=float)
            left += [(code, part) for part in item]
        elif isinstance(item, int | float) and not isinstance(item, bool) and not shape:
            yield code, np.array(float(item))


def _turned(way, array: np.ndarray) -> np.ndarray | None:
    try:
        with np.errstate(all="ignore"):
            found = np.asarray(way(array))
    except (ArithmeticError, IndexError, ValueError):
        return None
    return found if np.isfinite(found).all() else None
