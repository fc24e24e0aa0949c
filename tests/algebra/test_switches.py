"""What is false only where a delta, a case or a kink changes the form is found there, or not called tested."""

import pytest
from sympy import (
    Abs,
    And,
    Derivative,
    Eq,
    Expr,
    KroneckerDelta,
    Max,
    Ne,
    Piecewise,
    Rational,
    log,
    sign,
    sqrt,
)

from grader.algebra import index, positive, probability, real, relate, size
from grader.algebra.switches import shifted

V, m, n = size("V"), size("m"), size("n")
i, j = index("i", V), index("j", V)
x, y, a = real("x"), real("y"), positive("a")
u, w = probability("u"), probability("w")


def where(*conditions: object) -> Expr:
    return Piecewise((1, And(*conditions)), (0, True))


def tenths(number: int) -> Rational:
    return Rational(number, 1000)


ELSEWHERE: dict[str, tuple[Expr, str, object]] = {
    "a delta of a product": (KroneckerDelta(i, 2 * i * j - 4), "<", 1),
    "a delta at a large size": (KroneckerDelta(i, V - 29), "=", 0),
    "a delta of a square": (KroneckerDelta(i, j**2 - 20), "<", 1),
    "a delta of two indices and a size": (KroneckerDelta(i * j, V + 7), "<", 1),
    "a delta at a root": (KroneckerDelta(x**2, 2), "=", 0),
    "one number in a thousand": (where(x > tenths(1234), x < tenths(1235)), "=", 0),
    "a large number": (where(a > 1000, a < 1001), "=", 0),
    "two windows": (where(u > tenths(123), u < tenths(124), w > tenths(567), w < tenths(568)), "=", 0),
    "two sizes at once": (where(Eq(m, 17), Eq(n, 23)), "=", 0),
    "an index and its size": (where(Eq(i, 13), Eq(V, 57)), "=", 0),
    "sides of a right triangle": (where(Eq(m**2 + n**2, V**2)), "=", 0),
    "an equation of Pell's": ((m**2 - 61 * n**2 + 4) ** 2, ">", 0),
    "a case at a root": (where(Eq(x**2, 2)), "=", 0),
    "a case at a logarithm": (where(Eq(x, log(3))), "=", 0),
    "all but a root": (where(Ne(x, sqrt(5) / 2)), "=", 1),
    "a square that vanishes at a root": ((x - sqrt(2)) ** 2, ">", 0),
    "squares that vanish at two roots": ((x**2 - 2) ** 2 + (y**2 - 3) ** 2, ">", 0),
    "an absolute value that vanishes": (Abs(x - log(7)), ">", 0),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_it_is_found_where_the_form_is_another(name: str) -> None:
    verdict = relate(*ELSEWHERE[name])
    assert verdict.status == "refuted", verdict


KINKS: dict[str, tuple[Expr, str, object]] = {
    "|x − √2|": (Derivative(Abs(x - sqrt(2)), x), "=", sign(x - sqrt(2))),
    "|x − √2| has a slope of at most 1": (Derivative(Abs(x - sqrt(2)), x), "≤", 1),
    "|x² − 2|": (Derivative(Abs(x**2 - 2), x), "=", 2 * x * sign(x**2 - 2)),
    "|x − log 2|": (Derivative(Abs(x - log(2)), x), "≥", -1),
    "max(x, 1/√3)": (Derivative(Max(x, 1 / sqrt(3)), x), "≥", 0),
    "a probability": (Derivative(Abs(u - 1 / sqrt(3)), u), "≤", 1),
}


@pytest.mark.parametrize("name", KINKS)
def test_a_slope_at_a_kink_is_undefined_at_irrational_places_too(name: str) -> None:
    verdict = relate(*KINKS[name])
    assert verdict.status == "undecided"
    assert "a derivative at a kink" in verdict.method


@pytest.mark.parametrize(
    ("left", "relation", "right"),
    [
        (Derivative((x - sqrt(2)) * Abs(x - sqrt(2)), x), "=", 2 * Abs(x - sqrt(2))),
        (KroneckerDelta(i**2 - 2 * j**2, 0), "=", 0),
        (Max(x, sqrt(2)) + Piecewise((sqrt(2), x > sqrt(2)), (x, True)), "=", x + sqrt(2)),
        ((x**2 - 2) ** 2, "≥", 0),
    ],
)
def test_what_holds_at_such_places_is_not_refuted(left: Expr, relation: str, right: object) -> None:
    assert relate(left, relation, right).holds


def test_an_irrational_place_is_named_exactly() -> None:
    assert "x = log(3) exactly" in relate(where(Eq(x, log(3))), "=", 0).method


def test_the_expression_beside_a_root_shows_what_is_0_there() -> None:
    beside = shifted(Abs(x**2 - 2) + KroneckerDelta(x, sqrt(2)), x, sqrt(2))
    (moved,) = beside.free_symbols
    assert beside.xreplace({moved: 0}) == 1
