"""Relations: inequalities, approximations, conditions, and what is no relation at all."""

import pytest
from sympy import (
    Derivative,
    KroneckerDelta,
    Limit,
    Piecewise,
    Product,
    Rational,
    Sum,
    exp,
    log,
    oo,
    sqrt,
    tanh,
)

from grader.algebra import AlgebraError, define, index, positives, reals, relate, simplex, size
from tests.algebra.vocabulary import (
    LSE,
    T,
    V,
    a,
    b,
    c,
    i,
    j,
    k,
    m,
    over_classes,
    p,
    q,
    r,
    rho,
    s,
    softmax,
    t,
    v,
    x,
    y,
    z,
)

n = size("n")
e, g = index("e", n), index("g", n)
w, ell = simplex("w", n), reals("l", n)
loss = positives("loss", n)
mean = Sum(w[g] * ell[g], (g, 1, n))
variance = Sum(softmax(j) * (v[j] - Sum(softmax(i) * v[i], (i, 1, V))) ** 2, (j, 1, V))

PROVED = {
    "log is concave": (log(a), "≤", a - 1),
    "exp is convex": (exp(x), "≥", 1 + x),
    "Gibbs": (over_classes(p[k] * log(q[k] / p[k])), "≤", 0),
    "KL is not negative": (over_classes(p[k] * log(p[k] / q[k])), "≥", 0),
    "variance": (variance, "≥", 0),
    "perplexity is at least 1": (exp(-Sum(log(r[t]), (t, 1, m)) / m), "≥", 1),
    "LSE is at least each logit": (LSE, "≥", z[j]),
    "softmax is at most 1": (softmax(j), "≤", 1),
    "an entry of the gradient is below 1": (softmax(j) - KroneckerDelta(j, y), "<", 1),
    "an entry of the gradient is above -1": (softmax(j) - KroneckerDelta(j, y), ">", -1),
    "Jensen for log": (Sum(w[e] * log(loss[e]), (e, 1, n)), "≤", log(Sum(w[e] * loss[e], (e, 1, n)))),
    "entropy is at most log V": (-over_classes(p[k] * log(p[k])), "≤", log(V)),
    "the tangent of the root": (log(a), "≤", 2 * (sqrt(a) - 1)),
    "one term of a cross-entropy": (-over_classes(p[k] * log(q[k])), "≥", -p[j] * log(q[j])),
    "one token of a sequence": (-Sum(log(r[t]), (t, 1, m)), "≥", -log(r[s])),
    "a product of probabilities is at most each": (Product(r[t], (t, 1, m)), "≤", r[s]),
    "Jensen for exp": (Sum(w[e] * exp(ell[e]), (e, 1, n)), "≥", exp(mean)),
    "a square": (x**2, "≥", 0),
    "a product of probabilities": (Product(r[t], (t, 1, m)), ">", 0),
    "log 2 is below 1": (a * log(2), "<", a),
}


@pytest.mark.parametrize("name", PROVED)
def test_the_inequality_is_proved(name: str) -> None:
    verdict = relate(*PROVED[name])
    assert verdict.status == "proved", verdict


@pytest.mark.parametrize("name", PROVED)
def test_the_inequality_turned_round_is_refuted(name: str) -> None:
    left, relation, right = PROVED[name]
    opposite = {"≤": ">", "≥": "<", "<": "≥", ">": "≤"}[relation]
    assert relate(left, opposite, right).status == "refuted"


EQUALITIES = {
    "probabilities sum to 1": (over_classes(softmax(k)), 1),
    "gradient sums to 0": (Sum(softmax(j) - KroneckerDelta(j, y), (j, 1, V)), 0),
    "variance of the logits' direction": (
        Sum(
            Sum(v[i] * v[j] * (softmax(i) * KroneckerDelta(i, j) - softmax(i) * softmax(j)), (i, 1, V)),
            (j, 1, V),
        ),
        variance,
    ),
    "sum of a product of sums": (
        Sum(z[i] * v[j], (i, 1, V), (j, 1, V)),
        Sum(z[k], (k, 1, V)) * Sum(v[k], (k, 1, V)),
    ),
    "order of summation": (
        Sum(Sum(exp(z[i] * v[j]), (i, 1, V)), (j, 1, V)),
        Sum(Sum(exp(z[i] * v[j]), (j, 1, V)), (i, 1, V)),
    ),
    "square of a sum": (Sum(z[k], (k, 1, V)) ** 2, Sum(z[i] * z[j], (i, 1, V), (j, 1, V))),
    "derivative of a product": (
        Derivative(Product(r[t], (t, 1, m)), r[s]),
        Product(r[t], (t, 1, m)) / r[s],
    ),
    "temperature": (
        Derivative(log(over_classes(exp(z[k] / T))), z[j]),
        exp(z[j] / T) / over_classes(exp(z[k] / T)) / T,
    ),
    "a root of a square": (sqrt(a**2 * b), a * sqrt(b)),
    "a numeric range": (Sum(z[k], (k, 1, 3)), z[1] + z[2] + z[3]),
    "other base": (log(a, 2), log(a) / log(2)),
    "derivative of tanh": (Derivative(tanh(x), x), 1 - tanh(x) ** 2),
}


@pytest.mark.parametrize("name", EQUALITIES)
def test_the_equality_is_proved(name: str) -> None:
    left, right = EQUALITIES[name]
    if name == "a numeric range":
        big = size("W", at_least=3)
        u = reals("u", big)
        left, right = Sum(u[k], (k, 1, 3)), u[1] + u[2] + u[3]
    verdict = relate(left, "=", right)
    assert verdict.status == "proved", verdict


def test_a_cold_softmax_goes_to_its_maximum() -> None:
    gaps = positives("gap", n)
    winner = 1 / (1 + Sum(exp(-gaps[e] / T), (e, 1, n)))
    assert relate(Limit(winner, T, 0, "+"), "=", 1).status == "proved"
    assert relate(Limit(winner, T, oo), "=", 1 / (1 + n)).status == "proved"
    assert relate(Limit(winner, T, oo), "=", 1).status == "refuted"


def test_a_limit_that_depends_on_an_unknown_sign_is_not_proved() -> None:
    verdict = relate(Limit(exp(z[j] / T), T, 0, "+"), "=", 0)
    assert verdict.status in ("refuted", "undecided")


def test_approximation_needs_an_error_and_uses_it() -> None:
    assert relate(exp(Rational(21, 10)), "≈", Rational(817, 100), error=Rational(1, 100)).status == "proved"
    assert relate(exp(Rational(21, 10)), "≈", Rational(817, 100), error=Rational(1, 1000)).status == "refuted"
    assert relate(exp(x), "≈", exp(x) + rho / 10, error=Rational(1, 10)).status == "tested"
    with pytest.raises(AlgebraError, match="error="):
        relate(exp(x), "≈", 1)
    with pytest.raises(AlgebraError, match="error="):
        relate(x, "=", x, error=1)


def test_a_division_by_what_may_be_zero_is_proved_with_its_condition() -> None:
    verdict = relate((x**2 - 1) / (x - 1), "=", x + 1)
    assert verdict.status == "proved"
    assert verdict.conditions == ("x ≠ 1",)
    assert relate(a / (a + b) + b / (a + b), "=", 1).conditions == ()


def test_what_has_no_proof_but_holds_is_called_tested() -> None:
    verdict = relate(Piecewise((x, x > 0), (-x, True)), "=", sqrt(x**2))
    assert verdict.status == "tested"
    assert verdict.points >= 6


def test_what_is_nowhere_defined_is_undecided() -> None:
    assert relate(log(-a), "=", log(-a)).status == "undecided"


def test_a_counterexample_can_be_checked_by_hand() -> None:
    verdict = relate(log(a + b), "=", log(a) + log(b))
    assert verdict.counterexample is not None
    point = verdict.counterexample.point
    assert abs(float(verdict.counterexample.lhs) - float(log(point["a"] + point["b"]))) < 1e-8


def test_a_named_quantity_means_its_definition() -> None:
    y_hat = define(r"\hat y_{%s}", softmax)
    assert relate(y_hat(j), "=", softmax(j)).status == "proved"
    assert relate(Sum(y_hat(k), (k, 1, V)), "=", 1).status == "proved"
    assert (
        relate(Derivative(y_hat(j), z[i]), "=", y_hat(j) * (KroneckerDelta(i, j) - y_hat(i))).status
        == "proved"
    )


@pytest.mark.parametrize("bad", ["x", None, [1], object(), {"a": 1}, x > 0])
def test_what_is_no_expression_is_refused_with_a_reason(bad: object) -> None:
    with pytest.raises(AlgebraError):
        relate(bad, "=", 1)


def test_unknown_relations_are_refused() -> None:
    with pytest.raises(AlgebraError, match="Unknown relation"):
        relate(x, "==", x)


def test_a_verdict_has_no_truth_value() -> None:
    with pytest.raises(AlgebraError, match="holds"):
        bool(relate(c, "=", c))


def test_the_same_seed_gives_the_same_verdict() -> None:
    assert relate(log(a + b), "=", log(a), seed=3) == relate(log(a + b), "=", log(a), seed=3)


P = positives("P", m + 1)
TELESCOPES = {
    "the chain rule's product": (Product(P[t + 1] / P[t], (t, 1, m)), P[m + 1] / P[1]),
    "a sum of differences": (Sum(log(P[t + 1]) - log(P[t]), (t, 1, m)), log(P[m + 1]) - log(P[1])),
    "a range split at an index": (
        Sum(log(r[t]), (t, 1, m)),
        Sum(log(r[t]), (t, 1, s - 1)) + Sum(log(r[t]), (t, s, m)),
    ),
    "a last factor peeled off": (Product(P[t], (t, 1, m)) * P[m + 1], Product(P[t], (t, 1, m + 1))),
    "a shifted index": (Sum(z[k + 1], (k, 1, V - 1)), Sum(z[k], (k, 2, V))),
    "all but the last of a distribution": (Sum(p[k], (k, 1, V - 1)), 1 - p[V]),
}


@pytest.mark.parametrize("name", TELESCOPES)
def test_ranges_are_split_shifted_and_telescoped(name: str) -> None:
    left, right = TELESCOPES[name]
    verdict = relate(left, "=", right)
    assert verdict.status == "proved", verdict
    assert relate(left, "=", right + right).status == "refuted"


def test_an_empty_range_is_not_taken_for_a_negative_one() -> None:
    two_short = Sum(z[k], (k, 1, V - 2))  # for V = 1 the range is empty, not minus one term long
    assert relate(two_short, "=", Sum(z[k], (k, 1, V)) - z[V] - z[V - 1]).status != "proved"


def test_a_probability_to_a_growing_power_goes_to_zero() -> None:
    verdict = relate(Limit((1 - rho) ** m, m, oo), "=", 0)
    assert verdict.status == "proved", verdict
    assert relate(Limit((1 + rho) ** m, m, oo), "=", 0).status in ("refuted", "undecided")
