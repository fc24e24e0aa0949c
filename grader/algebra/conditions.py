"""What a proof takes for granted beyond the domains of its symbols.

A condition is data: it is printed beside the equation, and a point that it excludes is no counterexample.
"""

from dataclasses import dataclass
from typing import Literal

from sympy import Add, Expr, S, Symbol

ConditionRelation = Literal["≠ 0", "> 0", "≥ 0"]

_TURNED = {"≠": "≠", ">": "<", "≥": "≤"}


@dataclass(frozen=True)
class Condition:
    """That an expression is not 0, is positive, or is not negative.

    expr, relation: what holds, such as (r − 1, "≠ 0"). over: where the expression stands under sums, their variables
    with the first and last value, the outermost first; the condition holds for each of these values (an empty range
    asks for nothing).

    >>> from grader.algebra import real
    >>> str(Condition(real("r") - 1, "≠ 0"))
    'r ≠ 1'
    """

    expr: Expr
    relation: ConditionRelation
    over: tuple[tuple[Symbol, Expr, Expr], ...] = ()

    def __str__(self) -> str:
        left, sign, right = self.sides()
        letters = ", ".join(f"{variable} from {low} to {high}" for variable, low, high in self.over)
        return f"{left} {sign} {right}" + (f" for every {letters}" if letters else "")

    def sides(self) -> tuple[Expr, str, Expr]:
        """Return left side, sign and right side: its number, or the second of two terms, stands on the right."""
        sign = self.relation[0]
        number, rest = self.expr.as_coeff_Add()
        terms = Add.make_args(rest)
        if number == 0 and len(terms) == 2:
            taken = [t for t in terms if t.could_extract_minus_sign()]
            if len(taken) == 1:
                return rest - taken[0], sign, -taken[0]
        if all(t.could_extract_minus_sign() for t in terms) and rest != S.Zero:
            return -rest, _TURNED[sign], number
        return rest, sign, -number
