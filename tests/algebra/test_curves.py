"""Do curves obey the chain rule, and is nothing believed of them that their kind does not say?"""

import numpy as np
import pytest
from scipy import stats
from sympy import Abs, Derivative, Rational, Sum, log

from grader.algebra import AlgebraError, curve, index, latex, positive, real, relate, size
from grader.algebra.domains import free_symbols
from grader.algebra.stated import domain_tex

x, y, a = real("x"), real("y"), positive("a")
g, h = curve("g", "increasing"), curve("h", "decreasing")
F = curve("F_U", "distribution", slope="p_U")

PROVED = {
    "the chain rule": (Derivative(F(g(x)), x), "=", F(g(x)).slope() * g(x).slope()),
    "a falling curve": (Derivative(1 - F(h(x)), x), "=", F(h(x)).slope() * Abs(h(x).slope())),
    "an inner factor": (Derivative(g(a * x) / a, x), "=", g(a * x).slope()),
    "logarithms": (log(F(g(x)).slope() * g(x).slope()), "=", log(F(g(x)).slope()) + log(g(x).slope())),
    "it rises": (g(x).slope(), ">", 0),
    "it falls": (h(x).slope(), "<", 0),
    "a probability": (F(x), "<", 1),
    "another variable": (Derivative(g(x), y), "=", 0),
}
REFUTED = {
    "a forgotten inner slope": (Derivative(F(g(x)), x), "=", F(g(x)).slope()),
    "a forgotten sign": (Derivative(1 - F(h(x)), x), "=", F(h(x)).slope() * h(x).slope()),
    "the inverse factor": (Derivative(F(g(x)), x), "=", F(g(x)).slope() / g(x).slope()),
    "a density at most 1": (F(x).slope(), "≤", 1),
    "a line": (g(x), "=", x),
    "a bounded slope": (g(x).slope(), "≤", 1),
}
UNDECIDED = {
    "two places": (g(x), "=", g(y)),
    "one place, written twice": (g(2 * (x + 1)), "=", g(x)),
    "a second slope": (Derivative(g(x), (x, 2)), "=", 0),
    "the slope's slope": (Derivative(g(x).slope(), x), "=", 0),
}


@pytest.mark.parametrize("name", PROVED)
def test_what_every_curve_of_the_kind_does_is_proved(name):
    assert relate(*PROVED[name]).status == "proved"


@pytest.mark.parametrize("name", REFUTED)
def test_what_some_curve_of_the_kind_does_not_do_is_refuted(name):
    assert relate(*REFUTED[name]).status == "refuted"


@pytest.mark.parametrize("name", UNDECIDED)
def test_what_is_not_known_of_a_curve_is_left_open(name):
    assert relate(*UNDECIDED[name]).status == "undecided"


def test_the_proved_density_is_that_of_a_curve_in_numbers():
    """x = sinh u: the density by the formula is the slope of the distribution function."""
    at, step = np.linspace(-3, 3, 25), 1e-5
    by_formula = stats.norm.pdf(np.arcsinh(at)) / np.sqrt(1 + at**2)
    by_slope = (stats.norm.cdf(np.arcsinh(at + step)) - stats.norm.cdf(np.arcsinh(at - step))) / (2 * step)
    assert by_formula == pytest.approx(by_slope, rel=1e-6)


def test_a_curve_under_a_sum_has_no_place():
    V = size("V")
    k = index("k", V)
    assert relate(Sum(g(x * k), (k, 1, V)), "=", V * g(x)).status == "undecided"


def test_value_and_slope_are_symbols_of_their_own():
    names = {symbol.name for symbol in free_symbols(g(x) * a)}
    assert names == {"x", "a", "g(x)", "g'(x)"}
    assert domain_tex([F(x)]) == (
        "$x$ real, $F_U$ a differentiable distribution function with a positive density"
    )


def test_curves_are_printed_as_functions():
    assert latex(F(g(x))) == "F_U(g(x))"
    assert latex(F(g(x)).slope() * Rational(1, 2)) == r"\frac{p_U(g(x))}{2}"


def test_a_kind_that_is_not_known_is_refused():
    with pytest.raises(AlgebraError, match="increasing"):
        curve("g", "periodic")  # type: ignore[arg-type]
