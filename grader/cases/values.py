"""Values as plain data, and back: the only form in which anything leaves a student's process.

    None, bool, int, float, str    as they are; {"int": "123..."} when large, {"float": "nan"} when not finite
    list, tuple, dict              [...], {"tuple": [...]}, {"dict": [[key, value], ...]}
    complex                        {"complex": [re, im]}
    NumPy array or scalar          {"array": [flat numbers], "shape": [...], "dtype": "float64"}
    Torch tensor                   the same with "torch": true
    SymPy expression               {"expr": tree}, see `grader.algebra.encode`
    Derivation                     {"derivation": [[relation, tree, because], ...]}
    member of an enumeration       {"member": [name, number]} when its value is a number
    anything else                  {"object": "the name of its type"}
    beyond a limit                 {"problem": "a text of more than 10,000 characters"}

What only carries one of these (a namedtuple, an `mpf`, a matrix, a series, an array of objects or of texts, a complex
number on the real axis, a member of an enumeration of texts) is sent as what it carries; `grader.cases.ask.carriers`
reads it. Types are compared exactly. An unknown object is never asked anything (no `__eq__`, `__array__`, `__float__`,
`__len__`, `__iter__`, `__repr__`): whatever it would say is its author's word, not a value.
"""

from dataclasses import dataclass
from typing import Any

MAX_STRING = 10_000
MAX_ITEMS = 200_000
MAX_DEPTH = 20
MAX_DIGITS = 300
MAX_DIMENSIONS = 16
MAX_LINES = 200

PLAIN_INT = 2**53
"""Up to here, JSON readers of every language keep an integer exactly."""

WATCH_TAKEN_DOWN = "sys.setprofile"
"""How a reply says that the watch for forbidden calls was taken down while the answer was asked."""

OUT_OF_SIGHT = "another thread or process"
"""How a reply says that something ran where that watch can't see: another thread or process, or a C library."""

DTYPES = frozenset(
    ["bool", "complex64", "complex128", "float16", "float32", "float64", "longdouble", "bfloat16"]
    + [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
)
"""The names that an array's type may have."""


@dataclass(frozen=True)
class Foreign:
    """What stands where a value should be: an object of another type, or something beyond a limit.

    what: a noun with its article, for a sentence: "an object of type Tensor".
    """

    what: str


@dataclass(frozen=True)
class Member:
    """A member of an enumeration whose value is a number: where a letter is asked for, its name is meant."""

    name: str
    value: Any


@dataclass(frozen=True)
class Tree:
    """An encoded expression, not yet decoded: that takes the task's symbols."""

    tree: Any


@dataclass(frozen=True)
class Lines:
    """An encoded derivation: its lines, not yet decoded."""

    lines: Any


class Limit(Exception):
    """A value is beyond a limit; the message is the noun that says which. Never leaves the codec."""


class Budget:
    """Counts items, so that a hundred large lists are as much too much as one huge one."""

    def __init__(self) -> None:
        self.left = MAX_ITEMS

    def spend(self, items: int, depth: int) -> None:
        self.left -= items
        if self.left < 0:
            raise Limit(f"more than {MAX_ITEMS:,} numbers")
        if depth > MAX_DEPTH:
            raise Limit(f"lists nested more than {MAX_DEPTH} deep")


def is_value(data: Any) -> bool:
    """Return whether encoded `data` is a real value throughout: nothing foreign, complex or symbolic in it.

    >>> is_value([1.5, {"float": "inf"}]), is_value([{"object": "Foo"}])
    (True, False)
    """
    if isinstance(data, list):
        return all(map(is_value, data))
    if not isinstance(data, dict):
        return True
    if "array" in data:
        return not str(data["dtype"]).startswith("complex")
    if "dict" in data:
        return all(is_value(v) for _, v in data["dict"])
    if "member" in data:
        return is_value(data["member"])
    return is_value(data["tuple"]) if "tuple" in data else ("float" in data or "int" in data)
