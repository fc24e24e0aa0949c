"""Whether an inequality between sums is elementary: it holds term by term, or it is the logarithm's own.

An inequality between two lines may be as hard as the theorem that is to be proved, and true all the same. What can be
seen for each term by itself can't be.
"""

from collections.abc import Iterator
from typing import Any

from grader.algebra import index
from grader.cases.mark.forms import flat, has
from grader.cases.mark.known import Knowledge
from grader.cases.mark.trees import NUMBERS, Tree, canonical

_LETTER = "k_"  # of the one sum that a line is written as; a student's letters are the task's


class Termwise:
    """Decides on inequalities between lines that are sums over all outcomes.

    weights: the name of a family that sums to 1; a number c in a line stands for the sum of c times the weights.
    """

    def __init__(self, knowledge: Knowledge, weights: str) -> None:
        self.knowledge = knowledge
        self.weights = ["Item", weights, _LETTER]
        self.size = next(str(s) for s in [knowledge.symbols[weights].label.domain.size])
        self.extra = {_LETTER: index(_LETTER, knowledge.symbols[weights].label.domain.size)}

    def elementary(self, lower: Tree, upper: Tree) -> bool:
        """Return whether lower ≤ upper holds for each term by itself, is Jensen's inequality, or log t ≤ t − 1."""
        below, above = self._term(lower), self._term(upper)
        if below is not None and above is not None and self._holds(below, "≤", above):
            return True
        if below is not None and any(self._is_jensen(below, *found) for found in self._logarithms(upper)):
            return True
        tangent = _with_tangents(lower)
        return tangent != lower and self._holds(tangent, "=", upper)

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
