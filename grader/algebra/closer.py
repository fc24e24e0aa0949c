"""Limits that settle too slowly for an extrapolation: are the values nearer to what is claimed, the closer they are?

The limit of log x / x^(1/100) is 0, and at 10^25 the value is still 32. A proof settles it; but SymPy's own limit may
stand behind the proof, so what is proved has to be in keeping with values that are far closer.
"""

from itertools import pairwise

from sympy import Expr, Limit, Rational, S

from grader.algebra.comparison import HOLDS, difference
from grader.algebra.definitions import open_definitions
from grader.algebra.errors import AlgebraError
from grader.algebra.evaluation import enclosure
from grader.algebra.intervals import Number, absolute_value, sign_of

_DISTANCES = (200, 550, 1000, 2000)  # powers of ten


def comes_closer(left: Expr, relation: str, right: Expr) -> bool:
    """Return whether constants with limits come nearer to the relation as the limits' letters come nearer.

    relation: one of = ≤ ≥ < >. Two equal sides have to come closer to each other, each time; others to be in order.
    """
    try:
        gaps = [_gap(left, right, digits) for digits in _DISTANCES]
    except AlgebraError:
        return False
    if relation == "=":
        return all(
            sign_of(difference(farther, closer)) == 1
            for farther, closer in pairwise(map(absolute_value, gaps))
        )
    return all(sign_of(gap) in HOLDS[relation] for gap in gaps)


def _gap(left: Expr, right: Expr, digits: int) -> Number:
    one, other = (enclosure(_before_the_limit(open_definitions(side), digits)) for side in (left, right))
    return difference(one, other)


def _before_the_limit(expr: Expr, digits: int) -> Expr:
    """The expression with each limit replaced by a value at 10^digits, or 10^-digits beside its point."""
    values = {}
    for node in expr.atoms(Limit):
        target, letter, point, direction = node.args
        far_out = {S.Infinity: S.One, S.NegativeInfinity: S.NegativeOne}.get(point)
        beside = point + Rational(1, 10**digits) * (-1 if str(direction) == "-" else 1)
        values[node] = target.xreplace({letter: beside if far_out is None else far_out * 10**digits})
    return expr.xreplace(values)
