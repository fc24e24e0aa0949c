"""Intervals hold the true value, derivatives are those of autograd, signs of algebraic numbers are exact."""

from fractions import Fraction

import mpmath
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Derivative, Expr, Max, Rational, cosh, exp, log, sinh, sqrt, tanh

from grader.algebra import evaluate, real
from grader.algebra.algebraic import sign_of_algebraic
from grader.algebra.evaluation import Undefined, Unsettled, enclosure
from grader.algebra.intervals import (
    Interval,
    Number,
    enclosed,
    exponential,
    logarithm,
    power,
    sign_of,
    width,
    working,
)
from tests.algebra.vocabulary import LSE, V, i, j, x, z

fractions = st.fractions(-50, 50, max_denominator=1000)
positives = st.fractions(Fraction(1, 1000), 50, max_denominator=1000)
few = settings(max_examples=150, deadline=None, derandomize=True)


def holds(value: Number, exact: mpmath.mpf) -> bool:
    """Whether the interval holds a number known to 200 digits."""
    with mpmath.workdps(200):
        found = enclosed(value)
        return bool(mpmath.make_mpf(found.lo) <= exact <= mpmath.make_mpf(found.hi))


def precisely(value: Fraction) -> mpmath.mpf:
    with mpmath.workdps(200):
        return mpmath.mpf(value.numerator) / value.denominator


@few
@given(fractions, positives, st.sampled_from([10, 25, 40]))
def test_functions_are_enclosed(a: Fraction, b: Fraction, digits: int) -> None:
    with working(digits):
        rough = enclosed(a) + exponential(0) * Fraction(0)
        found = [exponential(a), logarithm(b), power(b, Fraction(1, 3)), power(b, a), exponential(rough)]
    with mpmath.workdps(200):
        x, y = precisely(a), precisely(b)
        exact = [mpmath.exp(x), mpmath.log(y), mpmath.cbrt(y), y**x, mpmath.exp(x)]
        assert all(holds(value, true) for value, true in zip(found, exact, strict=True))


@few
@given(fractions, fractions, st.integers(-5, 5))
def test_arithmetic_encloses_what_fractions_give(a: Fraction, b: Fraction, n: int) -> None:
    with working(12):
        third = enclosed(a) * Fraction(1, 3)
        sides = [third + b, third * b, third - enclosed(b), -third]
        exact = [a / 3 + b, a / 3 * b, a / 3 - b, -a / 3]
        if a:
            sides.append(power(third, n))
            exact.append((a / 3) ** n)
    for value, true in zip(sides, exact, strict=True):
        assert sign_of(value - true) in (0, None)


def test_what_is_rational_stays_exact() -> None:
    assert enclosure(Rational(1, 3) ** 7 * x, {"x": 0.1}) == Fraction(1, 10 * 3**7)
    assert enclosure(sqrt(x), {"x": 1.44}) == Fraction(6, 5)
    assert enclosure(exp(x) ** 0 + log(1 + x), {"x": 0}) == 1


def test_more_digits_give_narrower_intervals() -> None:
    widths = [width(enclosure(exp(sqrt(2)), digits=digits)) for digits in (20, 40, 80)]
    assert widths[0] > widths[1] + 60 > widths[2] + 180


def test_what_is_not_told_is_not_guessed() -> None:
    nothing = log(6) - log(2) - log(3)
    assert sign_of(enclosure(nothing)) is None
    for doubtful in (1 / nothing, log(nothing), nothing ** Rational(1, 2)):
        with pytest.raises(Unsettled):
            enclosure(doubtful)
    with pytest.raises(Undefined, match="division by zero"):
        enclosure(1 / (x - 1), {"x": 1})


SMOOTH: dict[str, tuple[Expr, object]] = {
    "exp": (exp(x**2), lambda v: torch.exp(v**2)),
    "log": (log(1 + x**2) * x, lambda v: torch.log(1 + v**2) * v),
    "tanh": (tanh(x) / (2 + sinh(x) ** 2), lambda v: torch.tanh(v) / (2 + torch.sinh(v) ** 2)),
    "powers": ((2 + x) ** x, lambda v: (2 + v) ** v),
    "roots": (sqrt(3 + cosh(x)), lambda v: torch.sqrt(3 + torch.cosh(v))),
    "max": (Max(x, 1) ** 2, lambda v: torch.clamp(v, min=1) ** 2),
    "abs": (sqrt(x**2) * x, lambda v: torch.abs(v) * v),
}


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("at", [0.7, -1.3, 1.9])
def test_derivatives_are_those_of_autograd(name: str, order: int, at: float) -> None:
    expr, function = SMOOTH[name]
    v = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    value = function(v)  # type: ignore[operator]
    for _ in range(order):
        (value,) = (
            torch.autograd.grad(value, v, create_graph=True) if value.requires_grad else (torch.zeros(()),)
        )
    assert evaluate(Derivative(expr, x, order), {"x": at}) == pytest.approx(value.item(), rel=1e-9, abs=1e-12)


def test_a_derivative_of_a_derivative_is_carried_along_twice() -> None:
    point = {"V": 3, "z": [0.3, -1.0, 2.0], "i": 1, "j": 3}
    mixed = evaluate(Derivative(Derivative(LSE, z[j]), z[i]), point)
    assert mixed == pytest.approx(evaluate(Derivative(LSE, z[j], z[i]), point), rel=1e-15)
    softmax = torch.softmax(torch.tensor(point["z"], dtype=torch.float64), 0)
    assert mixed == pytest.approx(-(softmax[0] * softmax[2]).item(), rel=1e-12)
    assert V.domain.kind == "size"


@pytest.mark.parametrize(
    ("expr", "sign"),
    [
        (sqrt(5 + 2 * sqrt(6)) - sqrt(2) - sqrt(3), 0),
        (sqrt(5 + 2 * sqrt(6)) - sqrt(2) - sqrt(3) - Rational(1, 10**300), -1),
        (sqrt(1 + sqrt(2)) * sqrt(sqrt(2) - 1) - 1, 0),
        (1 / (sqrt(3) - sqrt(2)) - sqrt(3) - sqrt(2), 0),
        ((2 + sqrt(5)) ** Rational(1, 3) - (sqrt(5) - 2) ** Rational(1, 3) - 1, 0),
        (sqrt(10**20 + 1) - 10**10, 1),
        (sqrt(10**60 + 1) - 10**30, 1),
        (exp(1), None),
        (real("s"), None),
        (sqrt(sqrt(2) - 2), None),
    ],
)
def test_signs_of_algebraic_numbers_are_exact(expr: Expr, sign: int | None) -> None:
    assert sign_of_algebraic(expr) == sign


def test_an_interval_shows_its_ends() -> None:
    assert repr(Interval(*enclosed(2).pair)) == "[2.0, 2.0]"
