"""Conditions on the form of an expression: data that travel with a task's cases.

A form is a dictionary with any of

- ``holds``: paths that the tree must have. A path such as "Derivative>log>Sum" is met where a node of the first kind
  has one of the second somewhere below it, and that one of the third. A kind is a node's name as
  `grader.algebra.encode` gives it ("Sum", "log", "Pow", ...), "fraction" (a negative power), "inverse" (that, or an
  exponential of something negative), or the name of a symbol or a family.
- ``free_of``: paths that the tree must not have.
- ``product``: paths; one product of the tree has for each of them a factor of its own that meets it. "=T" asks for a
  factor that is T itself.
- ``apart``: a kind and two paths: no node of that kind has both below it.
- ``once``: kinds of which the tree has just one node.
- ``inside``: pairs of a name and a kind: every such symbol, or entry of a family, stands directly under a node of that
  kind.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.cases.mark.trees import NUMBERS, Tree

Form = Mapping[str, Any]


def missing(form: Form, tree: Tree) -> str | None:
    """Return the first condition of a form that a tree does not meet, or None.

    >>> missing({"free_of": ["log>Product"]}, ["log", ["Product", "p", ["j", 1, "m"]]])
    'log>Product'
    """
    for path in form.get("free_of", ()):
        if has(tree, path):
            return str(path)
    for path in form.get("holds", ()):
        if not has(tree, path):
            return str(path)
    wanted = form.get("product", ())
    if wanted and not any(_each_has_its_own(factors, wanted) for factors in _products(tree)):
        return "product"
    for kind, one, other in form.get("apart", ()):
        if any(has(node, one) and has(node, other) for node in walk(tree) if _is(kind, node)):
            return f"{kind}>{other}"
    for kind in form.get("once", ()):
        if sum(_is(kind, node) for node in walk(tree)) != 1:
            return str(kind)
    for name, kind in form.get("inside", ()):
        if not _stands_under(tree, name, kind):
            return str(name)
    return None


def meets(form: Form, tree: Tree) -> bool:
    """Return whether a tree meets all conditions of a form."""
    return missing(form, tree) is None


def has(tree: Tree, path: str) -> bool:
    """Return whether a tree has a path, such as "log>Sum"."""
    return _has(tree, path.split(">"), frozenset())


def _has(tree: Tree, kinds: Sequence[str], bound: frozenset[str]) -> bool:
    rest = kinds[1:] if kinds[0] in _kinds(tree, bound) else kinds
    if not rest:
        return True
    return any(_has(child, rest, inner) for child, inner in _children(tree, bound))


def _kinds(tree: Tree, bound: frozenset[str]) -> tuple[str, ...]:
    """The kinds that a node is of; the letter of a sum is of none."""
    if isinstance(tree, str):
        return () if tree in bound else (tree,)
    if not isinstance(tree, list) or not tree:
        return ()
    if tree[0] == "Item":
        return ("Item", str(tree[1]))
    if tree[0] == "Pow" and tree[-1] == 1:
        return ()  # brackets with a 1 on top
    if tree[0] == "Pow" and len(tree) == 3 and is_negative(tree[2]):
        return ("Pow", "fraction", "inverse")
    if tree[0] == "exp" and is_negative(tree[1]):
        return ("exp", "inverse")
    return (str(tree[0]),)


def _is(kind: str, tree: Tree) -> bool:
    return kind in _kinds(tree, frozenset())


def is_negative(tree: Tree) -> bool:
    """Return whether a tree is a negative number or has a negative number in front."""
    if isinstance(tree, int | float):
        return tree < 0
    if not isinstance(tree, list) or len(tree) < 2:
        return False
    if tree[0] in NUMBERS:
        return str(tree[1]).startswith("-")
    return tree[0] == "Mul" and any(is_negative(part) for part in tree[1:])


def _children(tree: Tree, bound: frozenset[str]) -> Iterator[tuple[Tree, frozenset[str]]]:
    if not isinstance(tree, list) or not tree or tree[0] in NUMBERS:
        return
    head, *parts = tree
    if head in ("Sum", "Product"):
        inner = bound | {str(limit[0]) for limit in parts[1:]}
        yield parts[0], inner
        for _, low, high in parts[1:]:
            yield low, inner
            yield high, inner
    elif head == "Limit":
        yield parts[0], bound | {str(parts[1])}
        yield parts[2], bound
    elif head == "Derivative":
        yield parts[0], bound  # the variable is not what is differentiated
    elif head == "Item":
        yield parts[1], bound
    elif head == "Piecewise":
        for branch in parts:
            yield from ((part, bound) for part in branch)
    else:
        yield from ((part, bound) for part in parts)


def walk(tree: Tree) -> Iterator[Tree]:
    """Yield every node of a tree, the outermost first."""
    left = [(tree, frozenset[str]())]
    while left:
        node, bound = left.pop()
        yield node
        left.extend(_children(node, bound))


def flat(head: str, tree: Tree) -> list[Tree]:
    """Return the factors of a product ("Mul") or the terms of a sum ("Add"), those in brackets with them."""
    if isinstance(tree, list) and tree[:1] == [head]:
        return [part for child in tree[1:] for part in flat(head, child)]
    return [tree]


def _products(tree: Tree) -> Iterator[list[Tree]]:
    for node in walk(tree):
        if isinstance(node, list) and node[:1] == ["Mul"]:
            yield flat("Mul", node)


def _each_has_its_own(factors: list[Tree], wanted: Sequence[str]) -> bool:
    if not wanted:
        return True
    first, *others = wanted
    exactly = first.removeprefix("=")
    return any(
        (_is(exactly, factor) if exactly != first else has(factor, first))
        and _each_has_its_own(factors[:n] + factors[n + 1 :], others)
        for n, factor in enumerate(factors)
    )


def _stands_under(tree: Tree, name: str, kind: str) -> bool:
    def is_it(node: Tree, bound: frozenset[str] = frozenset()) -> bool:
        return (node == name and name not in bound) or (isinstance(node, list) and node[:2] == ["Item", name])

    if is_it(tree):
        return False
    for node in walk(tree):
        if isinstance(node, list) and node[:1] != [kind]:
            if any(is_it(child, inner) for child, inner in _children(node, frozenset())):
                return False
    return True
