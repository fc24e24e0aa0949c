"""Proofs of relations: by the normal form, and by arguments for inequalities. No random points.

A proof holds at every point of the domains at which its conditions hold.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass

from sympy import Expr, Indexed, KroneckerDelta, S, Sum, binomial, exp, log

from grader.algebra.calculus import NoRule, resolve
from grader.algebra.closed_forms import geometric_sums_closed
from grader.algebra.conditions import Condition
from grader.algebra.definitions import open_definitions
from grader.algebra.domains import DomainSymbol
from grader.algebra.factorials import in_common_rows
from grader.algebra.inequalities import not_negative, written_signs
from grader.algebra.integers import at_least, lies_in
from grader.algebra.normal import NoNormalForm, Normalizer, is_zero
from grader.algebra.polynomial import NOT_NEGATIVE, POSITIVE, Poly

# SymPy evaluates while it builds, and on degenerate expressions (1/0 inside a logarithm) that ends in one of these.
_SYMPY_FAILURES = (ArithmeticError, AttributeError, LookupError, NotImplementedError, TypeError, ValueError)


@dataclass(frozen=True)
class Proof:
    """How a relation is known, in words, and what the proof takes for granted beyond the domains."""

    method: str
    conditions: tuple[Condition, ...]


Distinct = tuple[tuple[Expr, Expr], ...]


def prove(left: Expr, relation: str, right: Expr) -> Proof | None:
    """Return a proof of ``left relation right`` for one of = ≤ ≥ < >, or None where none is found.

    Raises OutOfBudget when a budget is in force and runs out.
    """
    try:
        conditions: list[Condition] = []
        sides = [resolve(open_definitions(side), conditions) for side in (left, right)]
        if any(side.has(KroneckerDelta) for side in sides):
            for side in sides:  # where a delta is 0 its factor is gone, but it still has to be defined
                Normalizer(conditions)(side)
        method = ""
        for first, second, distinct in _cases(*sides):
            if any(a == b for a, b in distinct):
                continue  # an index that differs from itself: the case can't occur
            found = _prove_case(first, relation, second, distinct)
            if found is None:
                return None
            method = found.method
            conditions += found.conditions
    except (NoRule, NoNormalForm, *_SYMPY_FAILURES):
        return None
    return Proof(method, _without_repeats(conditions)) if method else None


def difference(left: Expr, right: Expr) -> tuple[Poly, tuple[Condition, ...]] | None:
    """Return the normal form of left − right with what it takes for granted; None where there is no normal form.

    Where deltas of free indices stand in it, they are atoms of the form; :func:`prove` distinguishes cases.
    """
    try:
        normal = Normalizer()
        sides = [resolve(open_definitions(side), normal.conditions) for side in (left, right)]
        poly = normal(sides[0]) - normal(sides[1])
    except (NoRule, NoNormalForm, *_SYMPY_FAILURES):
        return None
    return (Poly({}) if is_zero(poly) else poly), _without_repeats(normal.conditions)


def _without_repeats(conditions: list[Condition]) -> tuple[Condition, ...]:
    """Each condition once, and none that another implies: x ≠ 0 beside x > 0, V ≥ 2 beside V ≥ 3."""
    not_zero = {(c.expr, c.over) for c in conditions if c.relation == "≠ 0"}
    conditions = [
        Condition(c.expr, "> 0", c.over) if c.relation == "≥ 0" and (c.expr, c.over) in not_zero else c
        for c in conditions
    ]
    positive = {(c.expr, c.over) for c in conditions if c.relation == "> 0"}
    strongest: dict[tuple[Expr, object], Expr] = {}
    for condition in conditions:
        if condition.relation == "≥ 0":
            number, rest = condition.expr.as_coeff_Add()
            key = rest, condition.over
            strongest[key] = min(strongest.get(key, number), number)
    kept: list[Condition] = []
    for condition in conditions:
        own = condition.expr, condition.over
        number, rest = condition.expr.as_coeff_Add()
        if condition.relation == "≠ 0" and (own in positive or (-condition.expr, condition.over) in positive):
            continue
        if condition.relation == "≥ 0" and (own in positive or number != strongest[rest, condition.over]):
            continue
        kept.append(condition)
    kept = list(dict.fromkeys(kept))
    for condition in list(kept):
        if any(_is_part(condition, other) for other in kept if other != condition):
            kept.remove(condition)  # at once: of two that say the same, one has to stay
    return tuple(kept)


def _is_part(condition: Condition, other: Condition) -> bool:
    """Whether another condition says the same for each value of a letter in a range that holds this one's."""
    if condition.relation != other.relation or len(other.over) != 1 or len(condition.over) > 1:
        return False
    ((letter, low, high),) = other.over
    normal = Normalizer()
    if condition.over:
        ((own, first, last),) = condition.over
        return (
            condition.expr.xreplace({own: letter}) == other.expr
            and at_least(normal(first) - normal(low), 0)
            and at_least(normal(high) - normal(last), 0)
        )
    places = [at for at in _indices(condition.expr) if other.expr.xreplace({letter: at}) == condition.expr]
    return any(lies_in(normal(at), normal(low), normal(high)) for at in places)


def _indices(expr: Expr) -> list[Expr]:
    return [index for entry in expr.atoms(Indexed) for index in entry.indices]


def _cases(left: Expr, right: Expr, distinct: Distinct = ()) -> Iterator[tuple[Expr, Expr, Distinct]]:
    """Yield the sides for every way in which the indices of their Kronecker deltas can coincide.

    The third item names the pairs of indices that differ.
    """
    deltas = sorted((d for side in (left, right) for d in side.atoms(KroneckerDelta) if _is_free(d)), key=str)
    if not deltas:
        yield left, right, distinct
        return
    delta = deltas[0]
    one, other = sorted(delta.args, key=lambda a: (not _is_index(a), str(a)))
    if not _is_index(one):
        raise NoRule("a Kronecker delta without an index of its own")
    same = tuple((a.xreplace({one: other}), b.xreplace({one: other})) for a, b in distinct)
    yield from _cases(left.xreplace({one: other}), right.xreplace({one: other}), same)
    apart = (*distinct, (one, other))
    yield from _cases(left.xreplace({delta: S.Zero}), right.xreplace({delta: S.Zero}), apart)


def _is_index(expr: Expr) -> bool:
    return isinstance(expr, DomainSymbol) and expr.domain.kind == "index"


def _is_free(delta: KroneckerDelta) -> bool:
    return not any(symbol.is_Dummy for symbol in delta.free_symbols)


def _prove_case(left: Expr, relation: str, right: Expr, distinct: Distinct) -> Proof | None:
    if relation in ("≥", ">"):
        left, relation, right = right, {"≥": "≤", ">": "<"}[relation], left
    if relation == "=":
        return _equal(left, right)
    return _in_order(left, right, relation == "<", distinct)


def _equal(left: Expr, right: Expr) -> Proof | None:
    """The normal forms agree: as they are; with geometric sums closed; with binomial coefficients as factorials.

    The later ways may need conditions, so they are tried where the first fails.
    """
    has_sums, has_binomials = (left.has(kind) or right.has(kind) for kind in (Sum, binomial))
    for closed, as_factorials in ((False, False), (True, False), (False, True), (True, True)):
        if (closed and not has_sums) or (as_factorials and not has_binomials):
            continue
        normal = Normalizer(as_factorials=as_factorials)
        with geometric_sums_closed() if closed else nullcontext():
            apart = normal(right) - normal(left)
            if is_zero(in_common_rows(apart) if has_binomials else apart):
                return Proof("both sides have the same normal form", tuple(normal.conditions))
    return None


def _in_order(low: Expr, high: Expr, strict: bool, distinct: Distinct) -> Proof | None:
    """Arguments for low ≤ high, or low < high: signs, high − low ≥ 0, and the same of logarithms or exponentials."""
    normal = Normalizer()
    smaller, greater = normal(low), normal(high)  # which notes what both sides take for granted
    conditions = tuple(normal.conditions)
    silent = Normalizer()
    wanted = POSITIVE if strict else NOT_NEGATIVE
    signs = written_signs(low, silent), written_signs(high, silent)
    if low == 0 and signs[1] <= wanted:
        return Proof("the signs of its parts", conditions)
    if high == 0 and frozenset(-s for s in signs[0]) <= wanted:
        return Proof("the signs of its parts", conditions)
    pairs = tuple((silent(a), silent(b)) for a, b in distinct)
    reason = not_negative(greater - smaller, strict, distinct=pairs)
    if reason is None and signs == (POSITIVE, POSITIVE):
        reason = not_negative(
            silent(log(high, evaluate=False)) - silent(log(low, evaluate=False)), strict, distinct=pairs
        )
        return None if reason is None else Proof(f"the logarithm is increasing; {reason}", conditions)
    if reason is None:
        reason = not_negative(
            silent(exp(high, evaluate=False)) - silent(exp(low, evaluate=False)), strict, distinct=pairs
        )
        return None if reason is None else Proof(f"the exponential is increasing; {reason}", conditions)
    return Proof(reason, conditions)
