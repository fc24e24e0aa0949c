"""A sum's letter that is known to be positive is not taken below 0: SymPy has simplified by then."""

import pytest
from sympy import Abs, Expr, KroneckerDelta, Max, Product, S, Sum, Symbol, exp, log, sign, sqrt, symbols

from grader.algebra import define, index, positive, probability, relate, size
from tests.algebra.vocabulary import V, i, j, m, q

a, u, n = positive("a"), probability("u"), size("n")
k = symbols("k", integer=True)
above, below = Symbol("g", positive=True, integer=True), Symbol("d", negative=True, integer=True)
even, other = Symbol("e", even=True), Symbol("o", nonzero=True, integer=True)
both_sides = define(r"A_{%s}", lambda last: Sum(Abs(i), (i, -last, last)))

# Each is false as it is written, and was written down by SymPy as something that is true.
SIMPLIFIED: dict[str, tuple[Expr, object]] = {
    "an index below 1": (Sum(Abs(i), (i, -V, V)), Sum(i, (i, -V, V))),
    "a positive number below 0": (Sum(sqrt(a**2), (a, -m, m)), 0),
    "a maximum": (Sum(Max(j, 0), (j, -3, V)), Sum(j, (j, -3, V))),
    "a size": (Sum(Abs(n), (n, -m, m)), 0),
    "a product": (Product(sign(i), (i, -2, V)), 1),
    "a positive letter without a domain": (Sum(Abs(above), (above, -m, m)), 0),
    "a negative letter above 0": (Sum(Abs(below), (below, -m, m)), 0),
    "even numbers only": (Sum((-1) ** even, (even, 1, m)), m),
    "a letter that is not 0": (Sum(KroneckerDelta(other, 0), (other, -m, m)), 0),
    "a delta of which nothing is left": (Sum(KroneckerDelta(i, 0), (i, 0, V)), 0),
    "a bound that moves": (Sum(Sum(Abs(i), (i, k - 2, V)), (k, 1, V)), Sum(Sum(i, (i, k - 2, V)), (k, 1, V))),
    "inside a definition": (both_sides(V), 0),
}


@pytest.mark.parametrize("name", SIMPLIFIED)
def test_what_was_simplified_for_other_values_decides_nothing(name: str) -> None:
    left, right = SIMPLIFIED[name]
    for other_side in (right, S(right) + 1):
        verdict = relate(left, "=", other_side)
        assert verdict.status == "undecided"
        assert "may have simplified" in verdict.method


def test_a_letter_that_keeps_to_its_values_is_free_to_run() -> None:
    for left, right in (
        (Sum(i, (i, 1, m)), m * (m + 1) / 2),
        (Sum(u, (u, 1, m)), m * (m + 1) / 2),
        (Sum(Sum(i, (i, k, V)), (k, 1, V)), V * (V + 1) * (2 * V + 1) / 6),
        (Sum(log(q[j + 1]), (j, 0, V - 1)), Sum(log(q[k]), (k, 1, V))),  # who counts from 0
        (Sum(1 / V, (j, 0, V - 1)), 1),
        (Sum(Abs(k), (k, -3, 3)), 12),
        (Sum(below, (below, -m, -1)), -m * (m + 1) / 2),
        (Sum(exp(i), (i, 5, 2)), 0),
    ):
        assert relate(left, "=", right).status == "proved", left


def test_an_index_outside_of_its_family_still_refutes() -> None:
    verdict = relate(Sum(log(q[j]), (j, -1, V)), "=", 0)
    assert verdict.status == "refuted"
    assert verdict.counterexample is not None and "outside" in verdict.counterexample.reason


def test_no_domain_of_a_letter_bounds_a_sum_over_other_values() -> None:
    assert relate(Sum(u, (u, 1, m)), "≤", m).status == "refuted"
    assert relate(Sum(index("w", 3), (index("w", 3), 1, m)), "≤", 3 * m).status == "refuted"
