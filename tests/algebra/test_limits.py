"""Limits: where a letter can go, how one is approached, and where it jumps."""

import re

import pytest
from sympy import (
    Abs,
    E,
    Expr,
    Limit,
    Rational,
    Sum,
    Symbol,
    binomial,
    exp,
    log,
    oo,
    sqrt,
    sympify,
    tanh,
)

from grader.algebra import evaluate, index, positive, positives, probability, reals, relate, size
from grader.algebra.closer import comes_closer
from grader.algebra.errors import AlgebraError
from grader.algebra.proof import prove
from tests.algebra.vocabulary import T, V, c, j, k, p, rho, softmax, x, z

n, w, u, s = size("n"), positive("w"), positive("u"), probability("s")
f = reals("f", V)
h, above, even = Symbol("h", integer=True), Symbol("above", positive=True), Symbol("even", even=True)
below, plain = Symbol("below", negative=True), Symbol("plain")

WITHOUT_MEANING: dict[str, tuple[Expr, Expr | int, str]] = {
    "a positive letter from below": (Limit(Abs(w * x) / w, w, 0, "-"), Abs(x), "w is positive, .* from below 0"),
    "its root": (Limit(sqrt(w**2) / w, w, 0, "-"), 1, "from below 0"),
    "a positive letter from both sides": (Limit(w, w, 0, "+-"), 0, "from below 0"),
    "a positive letter below 0": (Limit(Abs(w), w, -1), -1, "close to -1"),
    "a positive letter downwards": (Limit(exp(u), u, -oo), 0, "can't go to -oo"),
    "a probability upwards": (Limit(1 / (1 + exp(-s)), s, oo), 1, "can't go to oo"),
    "a probability downwards": (Limit(exp(s), s, -oo), 0, "can't go to -oo"),
    "a probability below 0": (Limit(s**2, s, -3), 9, "close to -3"),
    "a probability beyond 1": (Limit(s**2, s, Rational(3, 2)), Rational(9, 4), "close to 3/2"),
    "a probability from above 1": (Limit(s, s, 1, "+"), 1, "from above 1"),
    "a probability on both sides of 1": (Limit(s, s, 1, "+-"), 1, "from above 1"),
    "a size at a number": (Limit(n**2, n, 3), 9, "without being there"),
    "a size below 0": (Limit(Abs(n), n, -2), -2, "without being there"),
    "a size downwards": (Limit(1 / n, n, -oo), 0, "can't go to -oo"),
    "an index": (Limit(1 / j, j, oo), 0, "index from 1 to V"),
    "an integer without a domain": (Limit(h**2, h, 3), 9, "without being there"),
    "a positive symbol without a domain": (Limit(Abs(above) / above, above, 0, "-"), 1, "from below 0"),
    "a negative symbol from above": (Limit(Abs(below) / below, below, 0, "+"), -1, "from above 0"),
    "a negative symbol upwards": (Limit(exp(below), below, oo), 0, "can't go to oo"),
    "even numbers": (Limit((-1) ** even, even, oo), 1, "all values"),
    "a family that grows": (Limit(p[1], V, oo), p[1], "depends on V"),
    "an index of what grows": (Limit(j / V, V, oo), 0, "depends on V"),
    "an entry": (Limit(f[1] + f[j], f[1], 0), f[j], "entry of a family"),
    "under a sum": (Sum(Limit(exp(u), u, -oo), (h, 1, V)), 0, "can't go to -oo"),
}  # fmt: skip


@pytest.mark.parametrize("name", WITHOUT_MEANING)
def test_a_letter_goes_only_where_its_values_lie(name: str) -> None:
    left, right, why = WITHOUT_MEANING[name]
    assert prove(left, "=", sympify(right)) is None
    verdict = relate(left, "=", right)
    assert verdict.status == "undecided"
    assert re.search(why, verdict.method), verdict.method


def test_a_letter_may_reach_some_places_and_not_others() -> None:
    somewhere = relate(Limit(w * x, w, c + 5, "+-"), "=", (c + 5) * x)
    assert somewhere.status in ("refuted", "undecided")
    but_at_zero = relate(Limit(w, w, x**2, "+-"), "=", x**2)
    assert but_at_zero.status == "undecided"
    assert "at x = 0 " in but_at_zero.method
    assert prove(Limit(w, w, x**2, "+-"), "=", x**2) is None
    assert relate(Limit(w, w, x**2, "+"), "=", x**2).holds


REACHED: dict[str, tuple[Expr, Expr | int]] = {
    "a positive letter from above": (Limit(Abs(w * x) / w, w, 0, "+"), Abs(x)),
    "a positive letter upwards": (Limit(exp(-u), u, oo), 0),
    "a positive letter inside": (Limit(w**2, w, 3, "+-"), 9),
    "a positive letter to another": (Limit(w**2, w, u, "+-"), u**2),
    "a probability inside": (Limit(s**2, s, Rational(1, 2), "+-"), Rational(1, 4)),
    "a probability to another": (Limit(s**2, s, rho, "+-"), rho**2),
    "a probability from above 0": (Limit(s * log(s), s, 0, "+"), 0),
    "a probability from below 1": (Limit((1 - s) * log(1 - s), s, 1, "-"), 0),
    "a size upwards": (Limit((1 + 1 / n) ** n, n, oo), E),
    "roots that cancel": (Limit(sqrt(n + 1) - sqrt(n), n, oo), 0),
    "an integer downwards": (Limit(exp(h), h, -oo), 0),
    "a negative symbol downwards": (Limit(tanh(below), below, -oo), -1),
    "a symbol of which nothing is known": (Limit((plain + 1) ** 2, plain, -1, "+-"), 0),
    "a temperature": (Limit(softmax(j) / T, T, oo), 0),
    "a vocabulary": (Limit(log(V) / V, V, oo), 0),
}


@pytest.mark.parametrize("name", REACHED)
def test_a_limit_within_the_domain_is_proved(name: str) -> None:
    left, right = REACHED[name]
    assert relate(left, "=", right).status == "proved"


UNSETTLED: dict[str, tuple[Expr, Expr | Rational | int]] = {
    "a sign that alternates": (Limit((-1) ** n, n, oo), 1),
    "one that starts with +": (Limit((-1) ** (n + 1), n, oo), -1),
    "beside a number": (Limit(1 + (-1) ** n, n, oo), 2),
    "times a parameter": (Limit((-1) ** n * x, n, oo), x),
    "by twos": (Limit((-1) ** (n * (n + 1) / 2), n, oo), 1),
    "by eights": (Limit((-1) ** binomial(n, 8), n, oo), 1),
    "by sixty-fours": (Limit((-1) ** binomial(n, 64), n, oo), 1),
    "in a denominator": (Limit(1 / (1 + (1 + (-1) ** n) * n), n, oo), 0),
    "a small one": (Limit(1 + (-1) ** n / 10**12, n, oo), 1 + Rational(1, 10**12)),
    "downwards": (Limit((-1) ** h, h, -oo), 1),
    "a power of a negative number": (Limit((-2) ** n / 2**n, n, oo), 1),
    "of a real number": (Limit((-1) ** x, x, oo), 1),
    "near 0": (Limit((-1) ** (1 / x), x, 0, "+"), 1),
}


@pytest.mark.parametrize("name", UNSETTLED)
def test_what_alternates_has_no_limit(name: str) -> None:
    left, right = UNSETTLED[name]
    assert not relate(left, "=", right).holds


def test_an_alternating_sign_is_no_obstacle_where_its_factor_vanishes() -> None:
    assert relate(Limit((-1) ** n / n, n, oo), "=", 0).holds


JUMPS: dict[str, tuple[Expr, int]] = {
    "an exponent that is 0 for one size": (Limit(exp(w * (n - 9)), w, oo), 0),
    "a base that is 1": (Limit((n / 50) ** w, w, oo), 0),
    "a power that is constant": (Limit(w ** (n - 50), w, oo), 0),
    "one towards 0": (Limit(w ** (n - 7), w, 0, "+"), 0),
    "a square that vanishes": (Limit(exp(-w * (x - Rational(3, 2)) ** 2), w, oo), 0),
    "a multiplied square": (Limit(tanh(w * (7 * x - 2) ** 2), w, oo), 1),
    "a square below a fraction": (Limit(1 / (1 + w * (x - 7) ** 2), w, oo), 0),
    "two parameters that meet": (Limit(exp(-w * (x - c) ** 2), w, oo), 0),
    "an irrational place": (Limit(exp(-w * Abs(x**2 - 2)), w, oo), 0),
    "a large size": (Limit(exp(-w * (n - 30) ** 2), w, oo), 0),
    "a base beyond 1": (Limit((s + Rational(1, 3)) ** w, w, oo), 0),
    "a slope from some size on": (Limit(log(1 + exp(w * (n - 12))) / w, w, oo), 0),
    "growth": (Limit((1 + x) ** w, w, oo), 0),
    "two squares": (Limit(exp(-w * ((x - 3) ** 2 + (c - 5) ** 2)), w, oo), 0),
    "a logarithm's place": (Limit(exp(-w * (exp(x) - 3) ** 2), w, oo), 0),
    "an exponential's place": (Limit(exp(-w * (log(u) - 2) ** 2), w, oo), 0),
    "a cube root's place": (Limit(1 - exp(-w * (x**3 - 2) ** 2), w, oo), 1),
    "the golden ratio": (Limit(exp(-w * (x**2 - x - 1) ** 2), w, oo), 0),
    "a product of parameters": (Limit(exp(-w * (x * c - 3) ** 2), w, oo), 0),
    "an entry": (Limit(exp(-w * (z[j] - 3) ** 2), w, oo), 0),
    "all entries": (Limit(exp(-w * Sum((z[k] - 3) ** 2, (k, 1, V))), w, oo), 0),
    "equal exponents": (Limit(exp(w * x) / (exp(w * x) + exp(3 * w)), w, oo), 0),
    "towards 0": (Limit(w**2 / (w**2 + (x - 4) ** 2), w, 0, "+"), 0),
}


@pytest.mark.parametrize("name", JUMPS)
def test_a_limit_that_is_another_for_some_parameters_is_refuted(name: str) -> None:
    left, right = JUMPS[name]
    assert relate(left, "=", right).status == "refuted"


def test_a_limit_that_no_proof_settles_is_tested_all_the_same() -> None:
    assert relate(Limit((1 + x / n) ** n, n, oo), "=", exp(x)).holds


@pytest.mark.parametrize("scale", [sympify(10) ** 40, sympify(10) ** 80, exp(500)])
def test_a_limit_is_not_taken_from_too_far_away(scale: Expr) -> None:
    assert not relate(Limit(w / (w + scale), w, oo), "=", 0).holds
    assert relate(Limit(w / (w + scale), w, oo), "=", 1).status != "refuted"


def test_parameters_smaller_than_the_distances_refute_no_true_limit() -> None:
    gaps, r = positives("a", n), index("r", n)
    cold = T * (log(u + Sum(exp(-gaps[j] / T), (j, 1, n))) + gaps[r] / T)
    assert relate(Limit(cold, T, 0, "+"), "=", gaps[r]).holds
    assert relate(Limit(cold, T, 0, "+"), "=", gaps[r] + 1).status == "refuted"


def test_a_limit_that_may_divide_by_0_says_where() -> None:
    verdict = relate(Limit(1 / (w * (n - 44)), w, oo), "=", 0)
    assert verdict.status == "proved"
    assert verdict.conditions == ("n ≠ 44",)


def test_growth_without_bound_is_no_value() -> None:
    with pytest.raises(AlgebraError, match="grow without bound"):
        evaluate(Limit(exp(x * w), w, oo), {"x": 0.5})
    with pytest.raises(AlgebraError, match="does not settle"):
        evaluate(Limit(log(w), w, oo), {})
    # What saturates far out has a value, so it is not said to have none.
    assert evaluate(Limit(w / (1 + x * w), w, oo), {"x": 1e-5}) == pytest.approx(1e5)
    with pytest.raises(AlgebraError, match="does not settle") as caught:
        evaluate(Limit(w / (1 + x * w), w, oo), {"x": 1e-80})
    assert "bound" not in str(caught.value)


def test_a_temperature_of_a_family_is_approached_at_any_length() -> None:
    hot = Limit(exp(z[1] / T) / Sum(exp(z[k] / T), (k, 1, V)), T, oo)
    assert evaluate(hot, {"V": 3, "z": [1.0, 5.0, -2.0]}) == pytest.approx(1 / 3)


def test_a_place_that_is_too_far_from_the_point_is_no_place_without_a_value() -> None:
    """(1 + c/w)^w has no value at w = 10^15 for c = −10^50, and e^c is its limit all the same."""
    assert relate(Limit((1 + c / plain) ** plain, plain, oo), "=", exp(c)).status in ("proved", "tested")
    with pytest.raises(AlgebraError, match="does not settle"):
        evaluate(Limit((1 + c / plain) ** plain, plain, oo), {"c": -(10**50)})
    with pytest.raises(AlgebraError, match="does not settle"):
        evaluate(Limit((1 + c / plain) ** plain, plain, oo), {"c": -(10**250)})
    with pytest.raises(AlgebraError, match="root of a negative number"):
        evaluate(Limit(sqrt(c - plain), plain, oo), {"c": 1})


SLOW: dict[str, tuple[Expr, int]] = {
    "a logarithm beside a root": (Limit(log(w) / w ** Rational(1, 100), w, oo), 0),
    "a logarithm of a logarithm": (Limit(1 / log(log(w + 10)), w, oo), 0),
    "a root beside a logarithm, at 0": (Limit(w ** Rational(1, 1000) / log(w), w, 0, "+"), 0),
}


@pytest.mark.parametrize("name", SLOW)
def test_a_limit_that_settles_too_slowly_for_values_is_proved(name: str) -> None:
    left, right = SLOW[name]
    assert relate(left, "=", right).status == "proved"
    assert not relate(left, "=", right + 1).holds


def test_a_proof_of_a_slow_limit_is_held_against_values_that_are_closer() -> None:
    slow = Limit(1 / log(log(w + 10)), w, oo)
    assert comes_closer(slow, "=", sympify(0))
    assert comes_closer(slow, "<", Rational(1, 4))
    assert not comes_closer(slow, "=", Rational(1, 7))
    assert not comes_closer(slow, ">", Rational(1, 7))
    assert not comes_closer(Limit(log(w), w, oo), "=", sympify(0))
