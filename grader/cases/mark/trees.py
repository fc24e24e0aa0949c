"""When two encoded expressions are the same but for how they are written down.

`canonical` brings a tree to one form for all that differ in the names of bound letters, in order, brackets, signs
written twice, in how a number is written, and in terms and factors that cancel. It multiplies nothing out and knows no
rule of logarithms, so what differs after it is another line.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

Tree = Any
Node = Any
"""A nested tuple that begins with a word; two are equal when the trees say the same."""

NUMBERS = ("Rational", "Integer", "Float")
"""Heads of a tree that is a number."""

_LARGEST_POWER, _MOST_BITS = 64, 20_000
_SIMPLE = 10**6
ZERO, ONE = ("number", Fraction(0)), ("number", Fraction(1))


def exact(number: float) -> tuple[Fraction, bool]:
    """Return the fraction that a float was typed for, and whether that is a guess at a rounded number.

    A float is the simple fraction that it is nearest to, else the decimal as it is written.

    >>> exact(0.3333333333333333), exact(0.1), exact(0.6931471805599453)[1]
    ((Fraction(1, 3), False), (Fraction(1, 10), False), True)
    """
    simple = Fraction(number).limit_denominator(_SIMPLE)
    if float(simple) == number:
        return simple, False
    return Fraction(repr(number)), True


def exact_long(mantissa: str, exponent: int) -> tuple[Fraction, bool]:
    """Return what `exact` does for a float of more digits, as `grader.algebra.encode` gives it.

    >>> exact_long("202824096036516704239472512861", -99)[0]
    Fraction(8, 25)
    """
    value = Fraction(int(mantissa)) * Fraction(2) ** exponent
    simple = value.limit_denominator(_SIMPLE)
    return (simple, False) if abs(simple - value) <= Fraction(2) ** exponent else (value, True)


def canonical(tree: Tree, bound: Mapping[str, Node] | None = None) -> Node:
    """Return the one form of a tree that `grader.algebra.decode` takes, so that its depth is limited.

    >>> canonical(["Add", 0, ["Add", "b", "a"]]) == canonical(["Add", "a", ["Mul", 1, "b"]])
    True
    """
    letters = bound or {}
    match tree:
        case int():
            return ("number", Fraction(tree))
        case float():
            return ("number", exact(tree)[0])
        case str():
            return letters.get(tree, ("letter", tree))
        case [str(head), *parts]:
            return _node(head, parts, letters)
    return ("unreadable", repr(tree))


def _node(head: str, parts: list[Tree], letters: Mapping[str, Node]) -> Node:
    if head in ("Sum", "Product"):
        return _ranged(head, parts, letters)
    if head in ("Rational", "Integer") and all(isinstance(p, str) for p in parts):
        return ("number", Fraction(int(parts[0]), int(parts[1]) if len(parts) > 1 else 1))
    if head == "Float":
        return ("number", exact_long(*parts)[0])
    if head == "Limit":
        variable = ("bound", len(letters))
        inner = {**letters, str(parts[1]): variable}
        return ("Limit", canonical(parts[0], inner), variable, canonical(parts[2], letters), str(parts[3]))
    if head == "Item":
        return ("Item", str(parts[0]), canonical(parts[1], letters))
    if head == "Derivative":
        return _derivative(parts, letters)
    if head == "Piecewise":
        return (
            head,
            *((canonical(value, letters), canonical(condition, letters)) for value, condition in parts),
        )
    nodes = [canonical(p, letters) for p in parts]
    if head == "Add":
        return _added(nodes)
    if head == "Mul":
        return _multiplied(nodes)
    if head == "Pow" and len(nodes) == 2:
        return _raised(*nodes)
    if head in ("KroneckerDelta", "Max", "Min"):
        return ONE if head == "KroneckerDelta" and nodes[0] == nodes[-1] else (head, *sorted(nodes, key=repr))
    if nodes == [ZERO] and head in ("exp", "cosh"):
        return ONE
    if nodes in ([ONE], [ZERO]) and head in ("log", "sinh", "tanh") and (head == "log") == (nodes == [ONE]):
        return ZERO
    return (head, *nodes)


def _ranged(head: str, parts: list[Tree], letters: Mapping[str, Node]) -> Node:
    inner, limits = dict(letters), list[tuple[Node, Node]]()
    for variable, low, high in reversed(parts[1:]):  # the last limit is the outermost
        ends = canonical(low, inner), canonical(high, inner)
        # letters are counted from the outside, so that their names don't matter
        inner[str(variable)] = ("bound", len(letters) + len(limits))
        limits.append(ends)
    body = canonical(parts[0], inner)
    if head == "Product":
        return (head, body, *limits)
    coefficient, rest = _split(body)
    return _scaled((head, rest, *limits), coefficient)


def _derivative(parts: list[Tree], letters: Mapping[str, Node]) -> Node:
    variables = [(canonical(v, letters), n) for v, n in parts[1:]]
    target = canonical(parts[0], letters)
    if target[0] == "sum" and variables:
        # a term without the variable's name in it is a constant: it says nothing under the derivative
        names = {v[1] for v, _ in variables}
        target = _made_sum({c: k for c, k in target[1] if any(mentions(c, name) for name in names)})
    coefficient, rest = _split(target)
    return _scaled(("Derivative", rest, *variables), coefficient)


def mentions(node: Node, name: Any) -> bool:
    """Return whether a letter or a family of this name stands in a canonical form."""
    if not isinstance(node, tuple):
        return False
    if node[:1] in (("letter",), ("Item",)) and node[1] == name:
        return True
    return any(mentions(part, name) for part in node)


def _split(node: Node) -> tuple[Fraction, Node]:
    """A number in front, and the rest; of a sum the first term's, so that its sign and size are settled."""
    if node[0] == "number":
        return node[1], ONE
    if node[0] == "product":
        return node[1], _made_product(Fraction(1), dict(node[2]))
    if node[0] == "sum":
        lead = node[1][0][1]
        return lead, ("sum", tuple((core, k / lead) for core, k in node[1]))
    return Fraction(1), node


def _scaled(node: Node, by: Fraction) -> Node:
    return _multiplied([("number", by), node])


def _made_product(coefficient: Fraction, powers: dict[Node, Fraction]) -> Node:
    powers = {base: e for base, e in powers.items() if e}
    if coefficient == 0 or not powers:
        return ("number", coefficient)
    if len(powers) == 1:
        ((base, exponent),) = powers.items()
        if exponent == 1 and coefficient == 1:
            return base
        if exponent == 1 and base[0] == "sum":
            return ("sum", tuple((core, k * coefficient) for core, k in base[1]))
    return ("product", coefficient, tuple(sorted(powers.items(), key=repr)))


def _multiplied(nodes: list[Node]) -> Node:
    coefficient, powers = Fraction(1), dict[Node, Fraction]()
    for node in nodes:
        number, rest = _split(node)
        coefficient *= number
        for base, exponent in (
            rest[2] if rest[0] == "product" else () if rest == ONE else ((rest, Fraction(1)),)
        ):
            powers[base] = powers.get(base, Fraction(0)) + exponent
    return _made_product(coefficient, powers)


def _made_sum(terms: dict[Node, Fraction]) -> Node:
    terms = {core: k for core, k in terms.items() if k}
    if not terms:
        return ZERO
    if len(terms) == 1:
        ((core, k),) = terms.items()
        return _scaled(core, k)
    return ("sum", tuple(sorted(terms.items(), key=repr)))


def _added(nodes: list[Node]) -> Node:
    terms = dict[Node, Fraction]()
    for node in nodes:
        parts = node[1] if node[0] == "sum" else (tuple(reversed(_split(node))),)
        for core, k in parts:
            terms[core] = terms.get(core, Fraction(0)) + k
    return _made_sum(terms)


def _raised(base: Node, exponent: Node) -> Node:
    if base == ("E",):
        return ("exp", exponent) if exponent != ZERO else ONE
    if exponent[0] != "number":
        return ("Pow", base, exponent)
    power = exponent[1]
    if base[0] == "number":
        size = base[1].numerator.bit_length() + base[1].denominator.bit_length()
        small = power.denominator == 1 and size * abs(power) <= _MOST_BITS and base[1] != 0
        return ("number", base[1] ** int(power)) if small else ("Pow", base, exponent)
    if power.denominator != 1 and base[0] == "product":
        return ("Pow", base, exponent)
    coefficient, rest = _split(base)
    if power.denominator != 1 or abs(power) > _LARGEST_POWER:
        return _made_product(Fraction(1), {base: power})
    powers = {b: e * power for b, e in (rest[2] if rest[0] == "product" else ((rest, Fraction(1)),))}
    front = _raised(("number", coefficient), exponent)
    if front[0] != "number":
        return _made_product(Fraction(1), {base: power})
    return _made_product(front[1], powers)


def padded(node: Node, plain: Node) -> bool:
    """Return whether a canonical form is another one with terms or factors put in, at one place.

    Where the two are equal in value, what was put in says nothing: it is 0, or 1, or a constant under a derivative.
    """
    if node == plain:
        return True
    if not isinstance(node, tuple) or not isinstance(plain, tuple) or plain[:1] == ("number",):
        return False
    for parts_of, kind in ((_terms, "sum"), (_factors, "product")):
        if node[:1] == (kind,):
            mine, theirs = parts_of(node), parts_of(plain)
            extra, missing = mine - theirs, theirs - mine
            if not missing:
                return True
            if len(mine) > 1 and len(extra) == len(missing) == 1:
                return padded(extra.pop(), missing.pop())
    if node[:1] != plain[:1] or len(node) != len(plain):
        return False
    # at two places what was put in may be anything: log p + log(q/p) is log q
    different = [(a, b) for a, b in zip(node, plain, strict=True) if a != b]
    return len(different) == 1 and padded(*different[0])


def _terms(node: Node) -> set[Node]:
    return {_scaled(core, k) for core, k in node[1]} if node[:1] == ("sum",) else {node}


def _factors(node: Node) -> set[Node]:
    if node[:1] != ("product",):
        return {node}
    number = set() if node[1] == 1 else {("number", node[1])}
    return number | {_made_product(Fraction(1), {base: e}) for base, e in node[2]}


def simplified(tree: Tree, trivial: Callable[[Tree], int | None]) -> Tree:
    """Return a tree in which every part that is by itself 0 or 1 is that number, the largest such parts first.

    trivial: takes a part that holds no letter of a sum around it, and returns 0, 1 or None.
    """
    return _simplified(tree, frozenset(), trivial)


_CAN_BE_TRIVIAL = frozenset(
    (
        "Add",
        "Mul",
        "Pow",
        "exp",
        "log",
        "Sum",
        "Product",
        "Derivative",
        "Limit",
        "Piecewise",
        "tanh",
        "sinh",
        "cosh",
    )
)


def _simplified(tree: Tree, bound: frozenset[str], trivial: Callable[[Tree], int | None]) -> Tree:
    if not isinstance(tree, list) or not tree:
        return tree
    head, *parts = tree
    if head in _CAN_BE_TRIVIAL and not (bound and free_letters(tree) & bound):
        found = trivial(tree)
        if found is not None:
            return found
    if head in ("Sum", "Product"):
        inner = bound | {str(limit[0]) for limit in parts[1:]}
        limits = [
            [v, _simplified(a, inner, trivial), _simplified(b, inner, trivial)] for v, a, b in parts[1:]
        ]
        return [head, _simplified(parts[0], inner, trivial), *limits]
    if head == "Derivative":
        return [head, _simplified(parts[0], bound, trivial), *parts[1:]]
    if head == "Piecewise":
        return [head, *([_simplified(value, bound, trivial), condition] for value, condition in parts)]
    if head in ("Item", "Limit", *NUMBERS):
        return tree
    return [head, *(_simplified(p, bound, trivial) for p in parts)]


def free_letters(tree: Tree) -> set[str]:
    """Return the names that stand in a tree and are not bound by a sum or a product in it."""
    if isinstance(tree, str):
        return {tree}
    if not isinstance(tree, list) or not tree:
        return set()
    head, *parts = tree
    if head in ("Sum", "Product"):
        bound = {str(limit[0]) for limit in parts[1:]}
        ends = [end for limit in parts[1:] for end in limit[1:]]
        return set().union(*map(free_letters, [parts[0], *ends])) - bound
    if head in NUMBERS:
        return set()
    if head in ("Derivative", "Piecewise"):  # pairs stand in these
        parts = [part for pair in parts for part in (pair if _is_pair(pair) else [pair])]
    return set().union(*map(free_letters, parts)) if parts else set()


def _is_pair(tree: Tree) -> bool:
    return (
        isinstance(tree, list)
        and len(tree) == 2
        and not (isinstance(tree[0], str) and tree[0] in _WITH_ONE_PART)
    )


_WITH_ONE_PART = frozenset(
    ("exp", "log", "tanh", "sinh", "cosh", "Abs", "sign", "factorial", "sech", "Integer")
)
