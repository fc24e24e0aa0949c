"""Sides that differ by less than any digits show: x + e^(−10⁴) beside x.

Digits can't tell such sides apart. Algebra can: what they have in common cancels in the normal form of the difference,
and the sign of the rest is enclosed by intervals. Where that does not tell, the strict opposite may have a proof.
"""

from sympy import Expr

from grader.algebra.budget import OutOfBudget, exhausted, limited
from grader.algebra.comparison import HOLDS, deep_digits, violated
from grader.algebra.domains import Point
from grader.algebra.errors import AlgebraError
from grader.algebra.evaluation import enclosure
from grader.algebra.intervals import Number, sign_of
from grader.algebra.proof import difference, prove
from grader.algebra.restored import restored
from grader.algebra.trial import Claim, Trial
from grader.algebra.verdicts import Verdict, refuted

_STEPS = 200_000
_LOOKED_INTO = 4  # points that are looked at more closely
_DIGITS = (40, 160)
_OPPOSITES = {"=": ("<", ">"), "≤": (">",), "≥": ("<",)}


def settle_below_the_digits(claim: Claim, trial: Trial) -> bool:
    """Whether the relation fails at a point where the sides agree as far as the digits go."""
    if claim.relation == "≈":
        return False
    points = [*trial.close[:_LOOKED_INTO], *(point for point, _ in trial.unsettled[:_LOOKED_INTO])]
    if not points:
        return False
    try:
        with limited(3600.0, _STEPS):
            trial.refutation = _by_difference(claim, points, trial.compared)
            if trial.refutation is None:
                trial.refutation = _by_opposite(claim, points, trial.compared)
    except OutOfBudget:
        if exhausted():
            raise
    return trial.refutation is not None


def constant_difference(left: Expr, right: Expr) -> Number | None:
    """Return the difference of two constants, with its sign known, by its normal form; None where that fails."""
    try:
        found = _difference(left, right)
        return None if found is None else _enclosed(found, {})
    except (OutOfBudget, RecursionError):
        return None


def refuted_by_opposite(claim: Claim, compared: int) -> Verdict | None:
    """Return the verdict of a relation between constants whose strict opposite has a proof."""
    try:
        return _by_opposite(claim, [{}], compared)
    except (OutOfBudget, RecursionError):
        return None


def _by_difference(claim: Claim, points: list[Point], compared: int) -> Verdict | None:
    expr = _difference(claim.left, claim.right)
    if expr is None:
        return None
    for point in points:
        apart = _enclosed(expr, point)
        if apart is None or sign_of(apart) in HOLDS[claim.relation]:
            continue
        found = claim.at(point)
        if found.left is not None and found.right is not None:
            return refuted(point, found, compared, "the sign of the difference", apart)
    return None


def _difference(left: Expr, right: Expr) -> Expr | None:
    """Left − right where it is defined without further conditions, with all cancelled that does."""
    found = difference(left, right)
    if found is None or found[1]:
        return None
    return restored(found[0])


def _enclosed(expr: Expr, point: Point) -> Number | None:
    for digits in _DIGITS:
        try:
            value = enclosure(expr, point, digits)
        except AlgebraError:
            continue
        if sign_of(value) is not None:
            return value
    return None


def _by_opposite(claim: Claim, points: list[Point], compared: int) -> Verdict | None:
    for relation in _OPPOSITES.get(claim.relation, ()):
        proof = prove(claim.left, relation, claim.right)
        if proof is None:
            continue
        for point in points:
            if any(violated(condition, point) for condition in proof.conditions):
                continue
            found = claim.at(point, *deep_digits(claim.left, claim.right))
            if found.left is not None and found.right is not None:
                return refuted(point, found, compared, f"a proof of {relation}: {proof.method}")
    return None
