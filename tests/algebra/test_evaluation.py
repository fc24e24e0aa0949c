"""Values at a point, against NumPy, SciPy and Torch in double precision."""

import math

import numpy as np
import pytest
import torch
from scipy.special import logsumexp
from scipy.special import softmax as scipy_softmax
from sympy import (
    And,
    Derivative,
    Eq,
    Expr,
    Float,
    Indexed,
    Limit,
    Not,
    Or,
    Piecewise,
    Product,
    Rational,
    Sum,
    Symbol,
    binomial,
    cosh,
    coth,
    csch,
    exp,
    factorial,
    log,
    oo,
    sech,
    sin,
    sinh,
    tanh,
    zeta,
)

from grader.algebra import AlgebraError, evaluate, positive, real, relate
from grader.algebra.evaluation import OutOfReach
from tests.algebra.vocabulary import LSE, NLL, T, V, a, i, j, k, m, p, q, r, t, x, y, z

POINT = {"V": 4, "z": [1.3, -0.4, 2.2, 0.1], "j": 3, "i": 1, "y": 2, "T": 0.7}
Z = np.array(POINT["z"])


def test_log_sum_exp_and_its_derivatives_match_scipy_and_torch() -> None:
    assert evaluate(LSE, POINT) == pytest.approx(logsumexp(Z), abs=1e-14)
    logits = torch.tensor(Z, requires_grad=True)
    nll = torch.nn.functional.cross_entropy(logits[None], torch.tensor([POINT["y"] - 1]))
    gradient = torch.autograd.grad(nll, logits)[0]
    assert evaluate(Derivative(NLL, z[j]), POINT) == pytest.approx(gradient[2].item(), abs=1e-12)
    hessian = torch.autograd.functional.hessian(lambda u: torch.logsumexp(u, 0), torch.tensor(Z))
    assert evaluate(Derivative(NLL, z[j], z[i]), POINT) == pytest.approx(hessian[2, 0].item(), abs=1e-12)


def test_sums_and_products_run_over_their_ranges() -> None:
    point = {"m": 5, "r": [0.5, 0.2, 0.9, 0.4, 0.7]}
    assert evaluate(Product(r[t], (t, 1, m)), point) == pytest.approx(np.prod(point["r"]))
    assert evaluate(Sum(t * r[t], (t, 2, m)), point) == pytest.approx(
        sum((n + 1) * v for n, v in enumerate(point["r"]) if n)
    )
    assert evaluate(Sum(r[t], (t, 1, 0)), point) == 0
    triangle = Sum(Sum(1, (j, 1, k)), (k, 1, V))
    assert evaluate(triangle, {"V": 4}) == 10


def test_limits_are_approached() -> None:
    hot = Limit(exp(z[j] / T) / Sum(exp(z[k] / T), (k, 1, V)), T, oo)
    assert evaluate(hot, POINT) == pytest.approx(0.25, abs=1e-12)
    cold = Limit(exp(z[j] / T) / Sum(exp(z[k] / T), (k, 1, V)), T, 0, "+")
    assert evaluate(cold, POINT) == pytest.approx(1.0, abs=1e-12)  # the third logit is the largest
    assert scipy_softmax(Z / 1e-3)[2] == pytest.approx(1.0)


def test_a_distribution_sums_to_one_exactly() -> None:
    assert evaluate(Sum(p[k], (k, 1, V)), {"V": 3, "p": [0.1, 0.2, 0.7]}) == 1.0


@pytest.mark.parametrize(
    ("expr", "point", "message"),
    [
        (log(x), {"x": -1.0}, "logarithm"),
        (1 / x, {"x": 0.0}, "division by zero"),
        (x**a, {"x": -2.0, "a": 0.5}, "root"),
        (z[j], {"V": 2, "z": [1.0, 2.0], "j": 3}, "outside"),
        (x, {}, "No value"),
        (exp(exp(exp(exp(x)))), {"x": 5.0}, "too large or too small to hold"),
        (exp(exp(exp(x))), {"x": 5.0}, "too large for a float"),
        (sin(x), {"x": 1.0}, "not understood"),
        (zeta(x), {"x": 2.0}, "not understood"),
        (Sum(x, (Symbol("n"), 1, 10**9)), {"x": 1.0}, "too long"),
        (Limit(1 / x, x, 0), {}, "does not settle"),
    ],
)
def test_what_has_no_value_says_why(expr: Expr, point: dict[str, object], message: str) -> None:
    with pytest.raises(AlgebraError, match=message):
        evaluate(expr, point)


def test_a_long_evaluation_ends_within_its_limit() -> None:
    import time

    n = [Symbol(f"n{level}") for level in range(4)]
    huge = Sum(exp(x * n[0] * n[1] * n[2] * n[3]), *((v, 1, 3000) for v in n))
    begun = time.process_time()
    with pytest.raises(AlgebraError, match="too large to evaluate"):
        evaluate(huge, {"x": 1.0}, seconds=0.3)
    assert time.process_time() - begun < 60  # far from the years that it would take


def test_a_sum_that_does_not_depend_on_the_loops_around_it_is_computed_once() -> None:
    inner = [Symbol(f"n{level}") for level in range(4)]
    deep = Sum(x, *((v, 1, 3000) for v in inner))  # 3000⁴ terms, four loops of 3000
    assert evaluate(deep, {"x": 1.0}, seconds=20) == 3000.0**4
    depends = Sum(Sum(j * k, (j, 1, k)), (k, 1, V))
    assert evaluate(depends, {"V": 30}) == sum(a * b for b in range(1, 31) for a in range(1, b + 1))


@pytest.mark.parametrize("n", range(-4, 7))
@pytest.mark.parametrize("chosen", range(-2, 7))
def test_binomials_are_those_of_sympy(n: int, chosen: int) -> None:
    assert evaluate(binomial(V, j, evaluate=False), {"V": n, "j": chosen}) == int(binomial(n, chosen))


def test_factorials_are_those_of_python() -> None:
    assert evaluate(factorial(V), {"V": 20}) == math.factorial(20)
    assert evaluate(log(factorial(V)), {"V": 300}) == pytest.approx(math.lgamma(301), rel=1e-14)
    with pytest.raises(AlgebraError, match="negative"):
        evaluate(factorial(V - 3), {"V": 1})


@pytest.mark.parametrize("at", [-2.5, -1e-3, 0.4, 3.0, 30.0])
def test_hyperbolic_functions_are_those_of_numpy(at: float) -> None:
    for kind, true in ((sinh, np.sinh), (cosh, np.cosh), (tanh, np.tanh)):
        assert evaluate(kind(x), {"x": at}) == pytest.approx(true(at), rel=1e-14)
    for kind, below in ((csch, np.sinh), (sech, np.cosh), (coth, np.tanh)):
        assert evaluate(kind(x), {"x": at}) == pytest.approx(1 / below(at), rel=1e-14)


def test_conditions_may_be_joined_and_negated() -> None:
    inside = Piecewise((1, And(x > 0, Or(x < 1, Eq(x, 2)))), (0, Not(x > 5)), (7, True))
    assert [evaluate(inside, {"x": at}) for at in (-1.0, 0.5, 1.5, 2.0, 6.0)] == [0, 1, 0, 1, 7]


def test_floats_keep_their_digits() -> None:
    assert evaluate(Float("1e-300") * 10**300, {}) == pytest.approx(1.0, rel=1e-15)
    long = Float("1." + "0" * 60 + "1", 80)
    assert evaluate((long - 1) * 10**61, {}) == pytest.approx(1.0, rel=1e-9)


def test_an_infinite_sum_is_out_of_reach_and_not_undefined() -> None:
    with pytest.raises(OutOfReach, match="infinite"):
        evaluate(Sum(2**-k, (k, 1, oo)), {})


def test_case_distinctions_are_followed() -> None:
    absolute = Piecewise((x, x >= 0), (-x, True))
    assert evaluate(absolute, {"x": -3.0}) == evaluate(absolute, {"x": 3.0}) == 3.0


def test_the_entries_are_the_given_ones() -> None:
    assert isinstance(z[j], Indexed)
    assert evaluate(z[j] + q[y], {"V": 4, "z": list(Z), "j": 1, "q": [0.25] * 4, "y": 4}) == pytest.approx(
        1.55
    )


def test_mixed_and_third_derivatives_lose_no_digits_to_rounding() -> None:
    x, c, t = real("x"), real("c"), positive("t")
    for value, point, exact in (
        (Derivative(c * x**3, x, x, x), {"c": 3.61, "x": -1125.25}, 6 * 3.61),
        (Derivative(c**2 * x**3, x, x, c), {"c": 3.61, "x": -11.25}, 12 * 3.61 * -11.25),
        (Derivative(log(t), t, t, t), {"t": 2.13}, 2 / 2.13**3),
    ):
        assert evaluate(value, point) == pytest.approx(exact, rel=1e-14)


def test_a_true_third_derivative_is_not_refuted_and_a_wrong_one_is() -> None:
    x, c = real("x"), real("c")
    assert relate(Derivative(c * x**3, x, x, x), "=", 6 * c).status == "proved"
    assert relate(Derivative(c**2 * x**3, x, x, c), "=", 12 * c * x).status == "proved"
    assert relate(Derivative(c * x**3, x, x, x), "=", 6 * c + Rational(1, 10**6)).status == "refuted"
