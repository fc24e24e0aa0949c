"""When two encoded expressions are the same but for how they are written down."""

import json
from typing import Any

Tree = Any


def bare(tree: Tree) -> Tree:
    """Return a tree without what changes nothing: added zeros, factors 1, two minus signs, brackets, order.

    A derivation's line that differs from an earlier one in these only is no step. The tree must be one that
    `grader.algebra.decode` takes, so that its depth is limited.

    >>> bare(["Add", 0, ["Add", "b", "a"]]) == bare(["Add", "a", ["Mul", 1, "b"]])
    True
    """
    if not isinstance(tree, list) or not tree:
        return tree
    name, *parts = tree
    parts = [bare(p) for p in parts]
    if name == "Add":
        terms = _flat("Add", parts)
        constant = sum(t for t in terms if _is_integer(t))
        return _joined("Add", [t for t in terms if not _is_integer(t)], constant, 0)
    if name == "Mul":
        factors = _flat("Mul", parts)
        minus = sum(1 for f in factors if f == -1 and _is_integer(f)) % 2
        rest = [f for f in factors if not (_is_integer(f) and f in (1, -1))]
        return _joined("Mul", rest, -1 if minus else 1, 1)
    if name == "Pow" and len(parts) == 2 and parts[1] == 1:
        return parts[0]
    return [name, *parts]


def _is_integer(tree: Tree) -> bool:
    return isinstance(tree, int) and not isinstance(tree, bool)


def _flat(name: str, parts: list[Tree]) -> list[Tree]:
    flat: list[Tree] = []
    for part in parts:
        flat += part[1:] if isinstance(part, list) and part[:1] == [name] else [part]
    return flat


def _joined(name: str, parts: list[Tree], constant: int, neutral: int) -> Tree:
    if constant != neutral:
        parts = [constant, *parts]
    if not parts:
        return neutral
    return parts[0] if len(parts) == 1 else [name, *sorted(parts, key=json.dumps)]
