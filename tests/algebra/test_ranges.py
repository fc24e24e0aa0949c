"""How small and how large whole numbers can be, and what may not be assumed of what lies outside of a range."""

from fractions import Fraction

import pytest
from sympy import Expr, Integer, Symbol, sympify

from grader.algebra import index, real, reals, size
from grader.algebra.integers import (
    greatest,
    has_count,
    is_empty,
    is_nonempty,
    is_whole,
    least,
    lies_in,
    lies_outside,
)
from grader.algebra.normal import Normalizer
from grader.algebra.polynomial import Poly
from grader.algebra.requirements import Unmet, outside_a_range, require, require_anew, requiring

V, n, M = size("V"), size("n"), size("M", at_least=4)
j, i, g = index("j", V), index("i", V), index("g", n)
inner = index("e", V - 1)
x = real("x")
z = reals("z", V)


def form(expr: Expr | int) -> Poly:
    return Normalizer()(sympify(expr))


LEAST: list[tuple[Expr | int, int | None]] = [
    (7, 7), (V, 1), (M, 4), (M - 3, 1), (V - 2, -1), (-V, None), (V - n, None), (j, 1), (-j, None), (V - j, 0),
    (2 * V - j, 1), (V + n - j, 1), (V - j + g, 1), (n - j, None), (V - inner, 1), (V * n - j, 0), (V * n - j * g, 0),
    (V**2 - V, 0), (j**2 - j, 0), (M**2 - 3 * M, 4), (V / 2, Fraction(1, 2)), (x, None), (V - x, None),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "value"), LEAST, ids=[str(expr) for expr, _ in LEAST])
def test_the_least_value_is_found(expr: Expr | int, value: int | None) -> None:
    assert least(form(expr)) == value
    assert greatest(-form(expr)) == (None if value is None else -value)


def test_the_letter_of_a_sum_lies_in_its_range_and_moves_with_it() -> None:
    k, h = Symbol("k", integer=True), Symbol("h", integer=True)
    outer = Normalizer().under(k, Integer(2), V)
    inside = outer.under(h, k + 1, V)
    assert least(outer(k)) == 2
    assert least(outer(V - k)) == 0
    assert least(inside(h)) == 3
    assert least(inside(h - k)) == 1
    assert least(inside(V - h)) == 0
    assert least(inside(k - h)) is None
    below = Normalizer().under(k, 3 - V, Integer(2))
    assert least(below(k)) is None
    assert greatest(below(k)) == 2


def test_ranges_are_told_apart_by_what_is_known_of_them() -> None:
    one = form(1)
    assert has_count(one, form(V - 1))
    assert not has_count(one, form(V - 2))
    assert not has_count(one, form(x))
    assert is_nonempty(form(j), form(V))
    assert not is_nonempty(form(j + 1), form(V))
    assert has_count(form(j + 1), form(V))
    assert is_empty(form(V + 1), form(V))
    assert not is_empty(form(V), form(4))
    assert lies_in(form(j), one, form(V))
    assert not lies_in(form(j), form(2), form(V))
    assert not lies_in(form(g), one, form(V))
    assert lies_outside(form(V + 1), one, form(V))
    assert not lies_outside(form(j + 1), one, form(V))
    assert is_whole(form(V * n - 3))
    assert not is_whole(form(V / 2))
    assert not is_whole(form(x))


def test_outside_of_a_range_only_what_is_defined_there_may_stand() -> None:
    with requiring(outside_a_range):
        require(form(V), "> 0")
        require(form(z[j] - 1), "≠ 0")  # passes: it can be 0 at single points only
        for poly, relation in ((form(V - n), "≠ 0"), (form(z[j]), "> 0"), (form(abs(x) + x), "≠ 0")):
            with pytest.raises(Unmet):
                require(poly, relation)


def test_what_a_rule_adds_is_noted_and_never_taken_as_known() -> None:
    noted: list[str] = []
    with requiring(lambda poly, relation: noted.append(relation)), requiring(outside_a_range):
        require_anew(form(x - 1), "≠ 0")
    assert noted == ["≠ 0"]
    with requiring(outside_a_range), pytest.raises(Unmet):
        require_anew(form(x - 1), "≠ 0")


def test_what_can_never_hold_is_no_condition() -> None:
    with requiring(lambda poly, relation: None):
        for poly, relation in ((Poly({}), "≠ 0"), (form(-V), "> 0"), (form(-V), "≥ 0")):
            with pytest.raises(Unmet):
                require(poly, relation)
