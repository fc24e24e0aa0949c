"""What the arithmetic needs of its operands: a denominator that is not 0, a logarithm's argument that is positive.

Where the signs settle a requirement, nothing is needed. Else it depends on who calculates: the normal form of a
statement notes a condition; a rule that would look at terms outside of a sum's range is not applied.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from grader.algebra.conditions import ConditionRelation
from grader.algebra.polynomial import NOT_NEGATIVE, POSITIVE, ZERO_POLY, Atom, Poly
from grader.algebra.signs import poly_signs

Policy = Callable[[Poly, ConditionRelation], None]


class Unmet(Exception):
    """A requirement fails, or is not known to hold where it has to be."""


def require(poly: Poly, relation: ConditionRelation) -> None:
    """Settle `poly relation` by its signs, or hand it to the policy in force. Raises Unmet when it can't hold."""
    signs = poly_signs(poly)
    settled = {"≠ 0": 0 not in signs, "> 0": signs == POSITIVE, "≥ 0": signs <= NOT_NEGATIVE}[relation]
    if settled:
        return
    possible = {"≠ 0": poly != ZERO_POLY, "> 0": 1 in signs, "≥ 0": signs != frozenset({-1})}[relation]
    if not possible or not _policies:
        raise Unmet(f"{poly.key} {relation}")
    _policies[-1](poly, relation)


_policies: list[Policy] = []


@contextmanager
def requiring(policy: Policy) -> Iterator[None]:
    """Put a policy in force for the block."""
    _policies.append(policy)
    try:
        yield
    finally:
        _policies.pop()


def require_anew(poly: Poly, relation: ConditionRelation) -> None:
    """As :func:`require`, for what the statement itself does not ask for: it is noted even within a range."""
    noting = [policy for policy in _policies if policy not in (known_elsewhere, outside_a_range)]
    with requiring(noting[-1] if noting else _refused):
        require(poly, relation)


def _refused(poly: Poly, relation: ConditionRelation) -> None:
    raise Unmet(f"{poly.key} {relation}")


def known_elsewhere(poly: Poly, relation: ConditionRelation) -> None:
    """The policy for a value inside of a range: the condition was noted for every term when the sum was made."""


def outside_a_range(poly: Poly, relation: ConditionRelation) -> None:
    """The policy for a value outside of a range, where no term of the statement stands. Raises Unmet.

    A denominator that is analytic in a real variable may pass: what holds wherever it is not 0 holds there too by
    continuity, since the term cancels in the end. A denominator of whole numbers, or a logarithm, must be known to be
    defined.
    """
    atoms = list(_atoms_of(poly))
    analytic = all(a.kind in ("symbol", "item", "loose", "bound", "poly", "log") for a in atoms)
    real = any(
        a.kind == "item" or (a.kind == "symbol" and a.between is None and a.parts[1] != "constant")
        for a in atoms
    )
    if relation != "≠ 0" or not analytic or not real:
        raise Unmet(f"{poly.key} {relation}")


def _atoms_of(poly: Poly) -> Iterator[Atom]:
    for mono in poly.terms:
        yield from _atoms_of(mono.expo)
        for atom, _ in mono.factors:
            yield atom
            if atom.kind in ("poly", "log"):
                yield from _atoms_of(atom.parts[0])
