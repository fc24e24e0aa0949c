"""Do declared expectations give what integration gives, and nothing that they must not?"""

import random

import numpy as np
import pytest
from scipy import integrate, stats
from sympy import Abs, Integer, Sum, Symbol, exp, log

from grader.algebra import (
    AlgebraError,
    Derivation,
    encode,
    evaluate,
    function_of,
    gaussian,
    index,
    latex,
    law,
    outcome,
    over,
    plus,
    positive,
    real,
    reals,
    relate,
    size,
    times,
)
from grader.algebra.domains import sample, symbols_of
from grader.algebra.stated import domain_text

x, y, m, b = real("x"), real("y"), real("m"), real("b")
v = positive("v")
z = outcome("z")
p, q = law("p", z), law("q", z)
f, w = function_of("f", z), function_of("w", z, "positive")
POINT = {"m": 0.7, "v": 1.3, "b": -0.4, "y": 0.2}

BODIES = {
    "a constant": (Integer(3), lambda x: 3 + 0 * x),
    "powers": (x**5 - 2 * x**2 + b * x, lambda x: x**5 - 2 * x**2 - 0.4 * x),
    "a product": ((x + y) ** 3 * (x - 1), lambda x: (x + 0.2) ** 3 * (x - 1)),
    "an exponential": (exp(b * x), lambda x: np.exp(-0.4 * x)),
    "powers and an exponential": (x**2 * exp(b * x + y), lambda x: x**2 * np.exp(-0.4 * x + 0.2)),
    "another base": (2**x, lambda x: 2**x),
    "a squared exponential": (exp(x / 3) ** 2 * x, lambda x: np.exp(2 * x / 3) * x),
}


@pytest.mark.parametrize("name", BODIES)
def test_the_moments_are_those_of_the_integral(name):
    body, values = BODIES[name]
    at = np.linspace(0.7 - 14 * 1.3**0.5, 0.7 + 14 * 1.3**0.5, 40_001)
    expected = integrate.simpson(stats.norm.pdf(at, 0.7, 1.3**0.5) * values(at), x=at)
    assert evaluate(gaussian(x, m, v).mean(body), POINT) == pytest.approx(float(expected), rel=1e-9)


def test_an_expectation_of_a_sum_is_the_sum():
    V = size("V")
    k, a = index("k", V), reals("a", V)
    expected = Sum(a[k], (k, 1, V)) * (m**2 + v)
    assert relate(gaussian(x, m, v).mean(Sum(a[k] * x**2, (k, 1, V))), "=", expected).status == "proved"


def test_the_tower_rule_takes_the_inner_law_as_it_depends_on_the_outer():
    inner = gaussian(x, 3 * y + b, v)
    assert relate(gaussian(y, m, 2).mean(inner.mean(x * y)), "=", 3 * (m**2 + 2) + b * m).status == "proved"


def test_a_bound_letter_is_not_the_free_one():
    one = gaussian(x, m, v).mean(x**2)
    assert x not in one.free_symbols
    assert relate(one + x, "=", m**2 + v + x).status == "proved"
    assert relate(gaussian(x, m, v).mean(x * gaussian(x, 0, 1).mean(x**2)), "=", m).status == "proved"


@pytest.mark.parametrize("body", [1 / x, log(x), Abs(x), exp(x**2), x**13, x**b, exp(exp(x)), x**v])
def test_what_the_moments_do_not_give_is_refused(body):
    with pytest.raises(AlgebraError, match="declared"):
        gaussian(x, m, v).mean(body)


@pytest.mark.parametrize("variance", [0, -1, b, b**2, m - 1, x**2 + 1])
def test_a_variance_that_may_not_be_positive_is_refused(variance):
    with pytest.raises(AlgebraError, match=r"positive|itself"):
        gaussian(x, 0, variance)


@pytest.mark.parametrize("letter", [v, z, Symbol("x"), 3])
def test_a_gaussian_variable_is_a_real_symbol(letter):
    with pytest.raises(AlgebraError, match="real symbol"):
        gaussian(letter)


def test_a_law_belongs_to_an_outcome():
    with pytest.raises(AlgebraError, match="outcome"):
        law("p", index("k", size("V")))
    with pytest.raises(AlgebraError, match="outcome"):
        function_of("f", x)
    with pytest.raises(AlgebraError, match="positive"):
        function_of("f", z, "simplex")


@pytest.mark.parametrize(
    ("left", "relation", "right"),
    [
        (z, "≥", 1),
        (p.mean(z), "≥", 1),
        (p.mean(f(z) + z), "=", p.mean(f(z)) + p.mean(z)),
        (p.mean(z * w(z)), ">", 0),
        (f(z + 1), "=", f(z)),
        (p.mean(f(z)) + z, "≥", p.mean(f(z)) + 1),
    ],
)
def test_an_outcome_is_no_number(left, relation, right):
    verdict = relate(left, relation, right)
    assert verdict.status == "undecided" and "outcome" in verdict.method


def test_a_density_with_pieces_is_evaluated_as_its_integral():
    """Three pieces of the line: the sum over cells is the integral of the step functions."""
    lengths, masses, other = np.array([0.1, 2.0, 0.5]), np.array([0.5, 0.2, 0.3]), np.array([0.2, 0.2, 0.6])
    point = {"n_z": 3, "v_z": list(lengths), "p": list(masses), "q": list(other)}
    edges = np.concatenate([[0], np.cumsum(lengths)])
    at = np.linspace(0, edges[-1], 2_600_001)[:-1] + 5e-7  # midpoints
    cell = np.searchsorted(edges, at, side="right") - 1
    density, other_density = (masses / lengths)[cell], (other / lengths)[cell]
    expected = (density * np.log(density / other_density) * density).mean() * edges[-1]
    assert density.max() == 5
    found = evaluate(p.mean(log(p(z) / q(z)) * p(z)), point)
    assert found == pytest.approx(expected, rel=1e-4)


PROVED = {
    "constants": (p.mean(b), "=", b),
    "linearity": (p.mean(b * f(z) + 1), "=", b * p.mean(f(z)) + 1),
    "a density integrates to 1": (p.mean(q(z) / p(z)), "=", 1),
    "a change of measure": (p.mean(f(z) * q(z) / p(z)), "=", q.mean(f(z))),
    "Gibbs": (p.mean(log(p(z) / q(z))), "≥", 0),
    "Jensen": (log(p.mean(w(z))), "≥", p.mean(log(w(z)))),
    "positivity": (p.mean(w(z)), ">", 0),
    "a variance": (p.mean(f(z) ** 2), "≥", p.mean(f(z)) ** 2),
}
REFUTED = {
    "a density above 1": (p(z), "≤", 1),
    "an entropy below 0": (p.mean(log(p(z))), "≤", 0),
    "an expectation is at most 1": (p.mean(p(z)), "≤", 1),
    "of a square": (p.mean(f(z) ** 2), "=", p.mean(f(z)) ** 2),
    "another law": (p.mean(f(z)), "=", q.mean(f(z))),
    "Gibbs, strictly": (p.mean(log(p(z) / q(z))), ">", 0),
    "Gibbs, reversed": (p.mean(log(q(z) / p(z))), "≥", 0),
    "one value for all": (p.mean(w(z)), "≥", w(z)),
    "a weight forgotten": (p.mean(q(z) / p(z) * f(z)), "=", p.mean(f(z))),
}


@pytest.mark.parametrize("name", PROVED)
def test_the_declared_rules_are_proved(name):
    assert relate(*PROVED[name]).status == "proved"


@pytest.mark.parametrize("name", REFUTED)
def test_what_holds_for_probabilities_alone_is_refuted_for_densities(name):
    assert relate(*REFUTED[name]).status == "refuted"


def test_a_proof_over_cells_holds_for_gaussian_densities():
    """The transfer: log p(x) = ELBO + gap, checked by quadrature for densities that no cell is made of."""
    at = np.linspace(-12, 12, 40_001)
    prior, encoder = stats.norm.pdf(at), stats.norm.pdf(at, 0.3, 0.8)
    given = np.exp(-np.abs(at - 1))

    def integral(values: np.ndarray) -> float:
        return float(integrate.simpson(values, x=at))

    evidence = integral(prior * given)
    bound = integral(encoder * np.log(given * prior / encoder))
    gap = integral(encoder * np.log(encoder / (given * prior / evidence)))
    assert np.log(evidence) == pytest.approx(bound + gap, rel=1e-9)
    share = over(times(w(z), p(z)), q(z))
    whole = p.mean(w(z))
    chain = Derivation("transfer")
    chain.start(log(whole))
    chain.step("=", plus(q.mean(log(share)), q.mean(log(q(z) * whole / (w(z) * p(z))))))
    assert chain.lines[1].status == "proved"


def test_cells_and_volumes_are_drawn_and_not_told():
    body = p.mean(log(w(z) / q(z)))
    labels = symbols_of(body)
    assert {"n_z", "v_z", "p", "q", "w"} == {s.name for s in labels}
    assert domain_text([body]) == (
        "w any positive function of z, p, q any distributions that are positive at the same places"
    )
    assert evaluate(p.mean(q(z) / p(z)), sample(labels, random.Random(0))) == pytest.approx(1)


def test_expectations_are_printed_as_such():
    assert latex(p.mean(log(w(z)))) == r"\mathbb{E}_{z \sim p}\left[\log w(z)\right]"
    named = gaussian(x, 0, v, below=r"x \sim \mathcal{N}(0, v)").mean(x)
    assert latex(named) == r"\mathbb{E}_{x \sim \mathcal{N}(0, v)}\left[x\right]"
    assert latex(law("q", z, tex=r"q(%s \mid x)")(z)) == r"q(z \mid x)"


def test_an_expectation_travels_as_its_meaning():
    tree = encode(gaussian(x, m, v).mean(x**2))
    assert "OverGaussian" not in str(tree)
