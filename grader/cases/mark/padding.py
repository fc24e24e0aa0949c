"""What is left of a line without the factors that are 1 and the terms that add up to a number.

The end of a derivation, times a sum over a delta and plus a zero of exponentials, is the end. Whether a line brings a
derivation on is asked of what is left of it.
"""

from collections.abc import Iterator
from itertools import combinations, islice

from grader.cases.mark.collapse import collapsed
from grader.cases.mark.forms import flat
from grader.cases.mark.known import EXACT, Knowledge, Value
from grader.cases.mark.trees import Node, Tree, canonical

_MOST_TERMS = 8  # whose sums are all looked at
_MOST_READINGS = 8
_POINTS = 3
_LARGEST = 100


def unpadded(tree: Tree, knowledge: Knowledge, start: Tree) -> Iterator[Tree]:
    """Yield equal trees without what says nothing at the top of one; none when all of it says something.

    What a sum, product or derivative has in front is drawn out first. Terms of the start may cancel: that the
    derivation has still to do.
    """
    kept = {canonical(["Mul", sign, term]) for term in _terms_of(start) for sign in (1, -1)}
    terms = [term for term in flat("Add", collapsed(tree, {})) if term != 0]
    factors = flat("Mul", terms[0] if len(terms) == 1 else ["Add", *terms])
    told = [f for f in factors if not _is_one(f, knowledge)]
    if len(told) < len(factors):
        yield ["Mul", 1, *told]
    for n, factor in enumerate(told):
        for shorter in islice(_shorter(factor, knowledge, kept), _MOST_READINGS):
            yield ["Mul", 1, *told[:n], shorter, *told[n + 1 :]]


def _terms_of(tree: Tree) -> list[Tree]:
    """The terms of a tree, and those in a sum with a factor in front."""
    return [term for factor in flat("Mul", tree) for term in flat("Add", factor)]


def _is_one(factor: Tree, knowledge: Knowledge) -> bool:
    return isinstance(factor, list) and knowledge.trivial(factor) == 1


def _shorter(tree: Tree, knowledge: Knowledge, kept: set[Node]) -> Iterator[Tree]:
    """Yield a sum without a factor 1 that all its terms have, and with a number for terms that add up to one."""
    terms = [part for term in flat("Add", tree) for part in _parts(term)]
    if len(terms) < 2:
        return
    common = _common_ones(terms, knowledge)
    if common:
        terms = [["Mul", 1, *(f for f in flat("Mul", t) if canonical(f) not in common)] for t in terms]
        yield ["Add", 0, *terms]
    loose = [n for n, t in enumerate(terms) if isinstance(t, list) and canonical(t) not in kept]
    for dropped, number in _constants(terms, loose, knowledge):
        yield ["Add", number, *(term for n, term in enumerate(terms) if n not in dropped)]


def _parts(term: Tree) -> list[Tree]:
    """The sums of each term of a sum, with the factors in front of it."""
    factors = flat("Mul", term)
    sums = [n for n, f in enumerate(factors) if isinstance(f, list) and f[:1] == ["Sum"] and len(f) == 3]
    if len(sums) != 1:
        return [term]
    _, body, limit = factors[sums[0]]
    rest = factors[: sums[0]] + factors[sums[0] + 1 :]
    bodies = flat("Add", body)
    return [term] if len(bodies) == 1 else [["Mul", 1, *rest, ["Sum", b, limit]] for b in bodies]


def _common_ones(terms: list[Tree], knowledge: Knowledge) -> set[Node]:
    """The sums and products that are 1 and stand in every term; a derivative there is the chain rule's."""

    def ones(term: Tree) -> set[Node]:
        ranged = [f for f in flat("Mul", term) if isinstance(f, list) and f[:1] in (["Sum"], ["Product"])]
        return {canonical(f) for f in ranged if _is_one(f, knowledge)}

    return set.intersection(*map(ones, terms))


def _constants(
    terms: list[Tree], loose: list[int], knowledge: Knowledge
) -> Iterator[tuple[tuple[int, ...], int]]:
    """Yield sets of terms that add up to a whole number, without being all, and this number; the largest first."""
    if len(loose) > _MOST_TERMS:
        return
    values = {n: knowledge.values(terms[n], _POINTS) for n in loose}
    known = [n for n in loose if all(v is not None and not isinstance(v, str) for v in values[n])]
    for size in range(min(len(known), len(terms) - 1), 0, -1):
        for chosen in combinations(known, size):
            number = _constant([[values[n][point] for n in chosen] for point in range(_POINTS)])
            if number is not None:
                if knowledge.relate(["Add", 0, *(terms[n] for n in chosen)], "=", number).holds:
                    yield chosen, number


def _constant(points: list[list[Value]]) -> int | None:
    """The whole number that values add up to at every point, or None."""
    number = round(sum(points[0]))
    close = all(abs(sum(values) - number) <= EXACT[0] * sum(map(abs, values)) for values in points)
    return number if close and abs(number) <= _LARGEST else None
