"""Whether an inequality between sums is elementary: it holds term by term, or it is the logarithm's own.

An inequality between two lines may be as hard as the theorem that is to be proved, and true all the same. What can be
seen for each term by itself can't be.
"""

from collections.abc import Callable, Iterator
from typing import Any

from grader.algebra import index, positive, real
from grader.cases.mark.forms import flat, has, is_negative, walk
from grader.cases.mark.known import Knowledge
from grader.cases.mark.trees import NUMBERS, Tree, canonical, free_letters, simplified

_LETTER = "k_"  # of the one sum that a line is written as; a student's letters are the task's
_IN_EACH_TERM = "an inequality is put into each term of the sum"
_JENSEN = "Jensen's inequality takes the logarithm out of the sum"
_TANGENT = "log t ≤ t − 1 is used"


class Termwise:
    """Decides on inequalities between lines that are sums over all outcomes.

    weights: the name of a family that sums to 1; a number c in a line stands for the sum of c times the weights.
    """

    def __init__(self, knowledge: Knowledge, weights: str) -> None:
        self.knowledge = knowledge
        self.weights = ["Item", weights, _LETTER]
        self.size = next(str(s) for s in [knowledge.symbols[weights].label.domain.size])
        self.extra = {_LETTER: index(_LETTER, knowledge.symbols[weights].label.domain.size)}
        self._names = dict[Any, str]()

    def elementary(self, lower: Tree, upper: Tree) -> str:
        """Return how lower ≤ upper is seen: in each term by itself, by Jensen's inequality or log t ≤ t − 1, or "".

        A term is taken as it is written, and without what only wraps it.
        """
        for below, above in ((lower, upper), (self.knowledge.plain(lower), self.knowledge.plain(upper))):
            one, other = self._closed(self._term(below)), self._closed(self._term(above))
            if one is not None and other is not None and self._holds(one, "≤", other):
                return _IN_EACH_TERM
            if one is not None and any(self._is_jensen(one, *found) for found in self._logarithms(above)):
                return _JENSEN
            tangent = _with_tangents(below)
            if tangent != below and self._holds(tangent, "=", above):
                return _TANGENT
        inner = _inside(lower, upper)
        return self.elementary(*inner) if inner else ""

    def _closed(self, term: Tree | None) -> Tree | None:
        """A term with letters for the sums and products in it, of which nothing is known but their sign.

        What is to be shown is a statement about a sum, and it may not come back inside of a term. A sum in which the
        term's own letter stands can't be named; it stays if it holds nothing but sums, products and fixed powers.
        """
        return None if term is None else self._named(simplified(term, self.knowledge.trivial))

    def _named(self, tree: Tree) -> Tree | None:
        if not isinstance(tree, list) or not tree or tree[0] in NUMBERS:
            return tree
        if tree[0] in ("Sum", "Product", "Limit", "Derivative"):
            if _LETTER in free_letters(tree):
                return tree if tree[0] == "Sum" and _is_algebraic(tree[1]) else None
            algebraic = tree[0] == "Sum" and _is_algebraic(tree[1])
            is_positive = algebraic and self.knowledge.relate(tree, ">", 0).holds
            return self._name(canonical(tree), positive if is_positive else real)
        parts = [self._named(part) for part in tree[1:]]
        return None if None in parts else [tree[0], *parts]

    def _name(self, node: Any, kind: Callable[[str], Any]) -> str:
        name = self._names.setdefault(node, f"{kind.__name__}_{len(self._names)}_")
        self.extra[name] = kind(name)
        return name

    def _holds(self, one: Tree, relation: str, other: Tree) -> bool:
        return self.knowledge.relate(one, relation, other, self.extra).holds

    def _is_jensen(self, below: Tree, number: Tree, body: Tree) -> bool:
        """Whether a term is c w log(x), with w the weight, and above stands c log of the sum of w x.

        The sum may stand below a line, with -c in front.
        """
        logarithm = ["log", ["Mul", body, ["Pow", self.weights, -1]]]
        return any(
            self._holds(below, "=", ["Mul", sign, number, self.weights, logarithm]) for sign in (1, -1)
        )

    def _logarithms(self, tree: Tree) -> Iterator[tuple[Tree, Tree]]:
        """Yield for each term c log(sum) the factors c and the terms of the sum, or of the sums in a quotient."""
        for part in flat("Add", tree):
            factors = flat("Mul", part)
            for n, factor in enumerate(factors):
                if isinstance(factor, list) and factor[:1] == ["log"]:
                    rest = ["Mul", 1, *(f for f in factors[:n] + factors[n + 1 :] if not has(f, "Sum"))]
                    for inner in flat("Mul", factor[1]):
                        below_a_line = isinstance(inner, list) and inner[:1] == ["Pow"] and inner[2] == -1
                        body = self._ranged(inner[1] if below_a_line else inner)
                        if body is not None:
                            yield rest, body

    def _term(self, tree: Tree) -> Tree | None:
        """The term of the one sum that equals a line, or None where a line is no such sum."""
        terms = []
        for part in flat("Add", tree):
            factors = flat("Mul", part)
            ranged = [f for f in factors if has(f, "Sum")]
            rest = [f for f in factors if not has(f, "Sum")]
            if not ranged:
                term: Tree | None = self.weights
            elif len(ranged) == 1:
                term = self._ranged(ranged[0]) if ranged[0][0] == "Sum" else None
                if ranged[0][0] == "Add":
                    term = self._term(ranged[0])
            else:
                term = None
            if term is None:
                return None
            terms.append(["Mul", 1, *rest, term])
        return ["Add", 0, *terms]

    def _ranged(self, tree: Any) -> Tree | None:
        """The term of a sum over all outcomes."""
        if not isinstance(tree, list) or tree[:1] != ["Sum"] or len(tree) != 3:
            return None
        variable, low, high = tree[2]
        if canonical(low) != canonical(1) or canonical(high) != canonical(self.size):
            return None
        return renamed(tree[1], str(variable), _LETTER)


def _inside(lower: Tree, upper: Tree) -> tuple[Tree, Tree] | None:
    """Two trees of which lower ≤ upper follows, since a logarithm or an exponential of them is all that differs."""
    below, above = flat("Add", lower), flat("Add", upper)
    for part in list(below):
        twin = next((other for other in above if canonical(other) == canonical(part)), None)
        if twin is not None:
            below.remove(part)
            above.remove(twin)
    if len(below) != 1 or len(above) != 1:
        return None
    factors, others = flat("Mul", below[0]), flat("Mul", above[0])
    found = [n for n, f in enumerate(factors) if isinstance(f, list) and f[0] in ("log", "exp")]
    found_too = [n for n, f in enumerate(others) if isinstance(f, list) and f[0] in ("log", "exp")]
    if len(found) != 1 or len(found_too) != 1:
        return None
    one, other = factors.pop(found[0]), others.pop(found_too[0])
    rest = ["Mul", 1, *factors]
    if one[0] != other[0] or canonical(rest) != canonical(["Mul", 1, *others]) or free_letters(rest):
        return None
    return (other[1], one[1]) if is_negative(rest) else (one[1], other[1])


def _is_algebraic(tree: Tree) -> bool:
    """Whether a tree holds only sums, products and fixed powers."""
    heads = (node for node in walk(tree) if isinstance(node, list) and node)
    return all(
        node[0] in ("Add", "Mul", "Item", "Sum", *NUMBERS) or (node[0] == "Pow" and not free_letters(node[2]))
        for node in heads
    )


def _with_tangents(tree: Tree) -> Tree:
    """A line with t − 1 for each log t that stands in no sum and has a positive number, or nothing, in front."""
    terms = []
    for part in flat("Add", tree):
        factors = flat("Mul", part)
        logs = [n for n, f in enumerate(factors) if isinstance(f, list) and f[:1] == ["log"]]
        rest = [f for n, f in enumerate(factors) if n not in logs]
        if len(logs) == 1 and all(isinstance(f, int) and f > 0 for f in rest):
            terms.append(["Mul", 1, *rest, ["Add", factors[logs[0]][1], -1]])
        else:
            terms.append(part)
    return terms[0] if len(terms) == 1 else ["Add", *terms]


def renamed(tree: Tree, name: str, to: str) -> Tree:
    """Return a tree with another name for a free letter."""
    if tree == name:
        return to
    if not isinstance(tree, list) or not tree or tree[0] in NUMBERS:
        return tree
    head, *parts = tree
    if head == "Item":
        return [head, parts[0], renamed(parts[1], name, to)]
    if head in ("Sum", "Product") and any(limit[0] == name for limit in parts[1:]):
        return tree
    return [
        head if isinstance(head, str) else renamed(head, name, to),
        *(renamed(p, name, to) for p in parts),
    ]
