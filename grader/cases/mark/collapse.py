"""Sums and products that only wrap what stands in them, and what is left when they are taken off.

The mean of a number is that number, whatever the weights; a sum over a delta is one of its terms; m equal m-th roots
multiply to what they are the roots of. A line that wraps another one so says nothing new. `collapsed` takes what does
not depend on the letter out of every sum, product and derivative, so that a sum of weights is left, which is 1 by
itself; and it takes the one term that a delta picks.
"""

from collections.abc import Mapping
from itertools import count

from grader.cases.mark.forms import flat
from grader.cases.mark.trees import NUMBERS, ONE, Tree, canonical, free_letters

Ranges = Mapping[str, tuple[Tree, Tree]]
"""For each index letter the first and the last number that it may be."""


def collapsed(tree: Tree, ranges: Ranges) -> Tree:
    """Return an equal tree in which no sum, product or derivative holds a factor that has nothing to do with it.

    >>> mean = ["Mul", ["Pow", "V", -1], ["Sum", "c", ["i", 1, "V"]]]
    >>> canonical(collapsed(mean, {})) == canonical("c")
    True
    """
    if not isinstance(tree, list) or not tree or tree[0] in (*NUMBERS, "Item"):
        return tree
    head, *parts = tree
    if head in ("Sum", "Product"):
        return _ranged(head, parts, ranges)
    if head == "Derivative":
        return _derivative(collapsed(parts[0], ranges), parts[1:])
    if head == "Limit":
        return tree
    if head == "Piecewise":
        branches = [(collapsed(value, ranges), condition) for value, condition in parts]
        if len({canonical(value) for value, _ in branches}) == 1 and branches[-1][1] == ["True"]:
            return branches[0][0]
        return [head, *([value, condition] for value, condition in branches)]
    inner = [collapsed(part, ranges) for part in parts]
    if head in ("Max", "Min") and len({canonical(part) for part in inner}) == 1:
        return inner[0]
    return [head, *inner]


def _ranged(head: str, parts: list[Tree], ranges: Ranges) -> Tree:
    body, limits = parts[0], parts[1:]
    within = {**ranges, **{str(v): (low, high) for v, low, high in limits}}
    tree = collapsed(body, within)
    for limit in limits:  # the first limit is the innermost
        tree = _one_sum(tree, limit, within) if head == "Sum" else _one_product(tree, limit, within)
    return tree


def _one_sum(body: Tree, limit: list[Tree], ranges: Ranges) -> Tree:
    variable, low, high = str(limit[0]), limit[1], limit[2]
    if canonical(low) == canonical(high):
        return replaced(body, variable, low)
    apart, together = [], []
    for term in flat("Add", body):
        picked = _picked(term, variable, (low, high), ranges)
        outside, inside = _divided(flat("Mul", term), variable)
        if picked is not None:
            apart.append(picked)
        elif any(free_letters(factor) for factor in outside):
            apart.append(["Mul", 1, *outside, _sum_of(inside, limit)])
        elif not inside:
            apart.append(["Mul", 1, *outside, _number(low, high)])
        else:
            together.append(term)
    if not apart:
        return ["Sum", body, limit]
    rest = ["Sum", together[0] if len(together) == 1 else ["Add", *together], limit]
    return ["Add", 0, *apart, *([rest] if together else [])]


def _sum_of(factors: list[Tree], limit: list[Tree]) -> Tree:
    return ["Sum", ["Mul", 1, *factors], limit] if factors else _number(limit[1], limit[2])


def _one_product(body: Tree, limit: list[Tree], ranges: Ranges) -> Tree:
    variable, low, high = str(limit[0]), limit[1], limit[2]
    if canonical(low) == canonical(high):
        return replaced(body, variable, low)
    letters = {_exponent_picks(factor, variable, (low, high), ranges) for factor in flat("Mul", body)}
    letter = letters.pop() if len(letters) == 1 else None
    if letter is not None:  # every exponent is a delta of the same letter: all factors but one are 1
        return replaced(body, variable, letter)
    outside, inside = _divided(flat("Mul", body), variable)
    if not outside:
        return ["Product", body, limit]
    times = _number(low, high)
    rest = [["Product", ["Mul", 1, *inside], limit]] if inside else []
    return ["Mul", 1, *(_to_the(factor, times) for factor in outside), *rest]


def _exponent_picks(factor: Tree, variable: str, limits: tuple[Tree, Tree], ranges: Ranges) -> str | None:
    match factor:
        case ["Pow", _, exponent]:
            return _picks(exponent, variable, limits, ranges)
    return None


def _to_the(factor: Tree, times: Tree) -> Tree:
    """A factor multiplied by itself so many times, a whole number."""
    if isinstance(factor, list) and factor[:1] == ["Pow"] and len(factor) == 3:
        return ["Pow", factor[1], ["Mul", factor[2], times]]
    if isinstance(factor, list) and factor[:1] == ["exp"]:
        return ["exp", ["Mul", factor[1], times]]
    return ["Pow", factor, times]


def _derivative(target: Tree, variables: list[Tree]) -> Tree:
    """A derivative with the factors in front that are constant under it."""
    names = {str(v[1]) if isinstance(v, list) and v[:1] == ["Item"] else str(v) for v, _ in variables}
    factors = flat("Mul", target)
    outside = [f for f in factors if not free_letters(f) & names]
    inside = [f for f in factors if free_letters(f) & names]
    if not outside or not inside:
        return ["Derivative", target, *variables]
    return ["Mul", *outside, ["Derivative", ["Mul", 1, *inside], *variables]]


def _divided(factors: list[Tree], variable: str) -> tuple[list[Tree], list[Tree]]:
    """The factors that have nothing to do with a letter, and the others; what cancels is with neither."""
    inside = [f for f in factors if variable in free_letters(f)]
    if inside and canonical(["Mul", 1, *inside]) == ONE:
        inside = []
    return [f for f in factors if variable not in free_letters(f)], inside


def _number(low: Tree, high: Tree) -> Tree:
    """How many terms a sum has."""
    return high if canonical(low) == ONE else ["Add", high, ["Mul", -1, low], 1]


def _picked(term: Tree, variable: str, limits: tuple[Tree, Tree], ranges: Ranges) -> Tree | None:
    """The one term of a sum over a delta that is not 0, or None without a delta."""
    factors = flat("Mul", term)
    for n, factor in enumerate(factors):
        letter = _picks(factor, variable, limits, ranges)
        if letter is not None:
            rest = ["Mul", 1, *factors[:n], *_delta(factor, variable)[1], *factors[n + 1 :]]
            return replaced(rest, variable, letter)
    return None


def _picks(tree: Tree, variable: str, limits: tuple[Tree, Tree], ranges: Ranges) -> str | None:
    """The letter that a delta in a product picks for the letter of a sum, when it has the sum's range."""
    for factor in flat("Mul", tree):
        letter = _delta(factor, variable)[0]
        if (
            letter is not None
            and letter in ranges
            and all(
                canonical(mine) == canonical(end) for mine, end in zip(ranges[letter], limits, strict=True)
            )
        ):
            return letter
    return None


def _delta(factor: Tree, variable: str) -> tuple[str | None, list[Tree]]:
    """The letter that a delta, or two cases that are one, sets a letter equal to, and what is left of the factor."""
    match factor:
        case ["KroneckerDelta", one, other]:
            pair, left = (one, other), list[Tree]()
        case ["Piecewise", [value, ["Eq", one, other]], [0, ["True"]]]:
            pair, left = (one, other), [value]
        case _:
            return None, []
    for mine, letter in (pair, pair[::-1]):
        if mine == variable and isinstance(letter, str) and letter != variable:
            return letter, left
    return None, []


def replaced(tree: Tree, name: str, by: Tree) -> Tree:
    """Return a tree with another tree for a free letter; bound letters make way."""
    if tree == name:
        return by
    if not isinstance(tree, list) or not tree or tree[0] in NUMBERS:
        return tree
    head, *parts = tree
    if isinstance(head, str) and name not in free_letters(tree):
        return tree
    if head == "Item":
        return [head, parts[0], replaced(parts[1], name, by)]
    if head in ("Sum", "Product"):
        body, limits = parts[0], [list(limit) for limit in parts[1:]]
        for limit in limits:
            if str(limit[0]) in free_letters(by):
                fresh = next(f"{limit[0]}_{n}_" for n in count() if f"{limit[0]}_{n}_" not in _names(tree))
                body = replaced(body, str(limit[0]), fresh)
                for other in limits:
                    other[1:] = [replaced(end, str(limit[0]), fresh) for end in other[1:]]
                limit[0] = fresh
        ends = [[v, replaced(low, name, by), replaced(high, name, by)] for v, low, high in limits]
        return [head, replaced(body, name, by), *ends]
    return [
        head if isinstance(head, str) else replaced(head, name, by),
        *(replaced(p, name, by) for p in parts),
    ]


def _names(tree: Tree) -> set[str]:
    if isinstance(tree, str):
        return {tree}
    return set().union(*map(_names, tree)) if isinstance(tree, list) and tree else set()
