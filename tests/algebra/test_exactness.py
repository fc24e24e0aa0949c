"""What is decided exactly: numbers that nearly agree, values far out, and verdicts that no seed changes."""

from typing import Any

import pytest
from sympy import (
    Abs,
    Add,
    And,
    Derivative,
    E,
    Expr,
    Float,
    GoldenRatio,
    Integer,
    KroneckerDelta,
    Limit,
    Max,
    Min,
    Mul,
    Piecewise,
    Product,
    Rational,
    Sum,
    Symbol,
    binomial,
    cosh,
    coth,
    exp,
    factorial,
    log,
    oo,
    pi,
    sech,
    sign,
    sinh,
    sqrt,
    tanh,
)

from grader.algebra import index, positive, probability, real, reals, relate, simplex, size

V, m, n = size("V"), size("m"), size("n")
M, W = size("M", at_least=4), size("W", at_least=2)
i, j, h = index("i", V), index("j", V), index("h", W)
k, t = Symbol("k", integer=True), Symbol("t", integer=True)
u, a, b, T, r, x, y = (
    probability("u"), positive("a"), positive("b"), positive("T"), real("r"), real("x"), real("y"),
)  # fmt: skip
z, w, f = reals("z", V), reals("w", W), reals("f", m)
p, q = simplex("p", V), simplex("q", V)


def tiny(digits: int) -> Expr:
    return Rational(1, 10**digits)


def quotient(of: Any, digits: int) -> Expr:
    """A difference quotient with a small step, which is no derivative."""
    return (of(r + tiny(digits)) - of(r)) * 10**digits


g = probability("g")
divergence = Sum(p[k] * log(p[k] / q[k]), (k, 1, V))
variation = Sum(Abs(p[k] - q[k]), (k, 1, V)) / 2
binary = u * log(u / g) + (1 - u) * log((1 - u) / (1 - g))

Claim = tuple[Any, str, Any]

FALSE: dict[str, Claim] = {
    # squares and distances that vanish at an irrational number
    "a square that is 0 at a root": ((x - sqrt(2)) ** 2, ">", 0),
    "a square that is 0 at a logarithm": ((exp(x) - 3) ** 2, ">", 0),
    "a distance from pi": (Abs(a - pi), ">", 0),
    # sums and products that may be empty
    "one minus its length": (Sum(1, (k, V, 4)), "=", 5 - V),
    "a length between two sizes": (Sum(1, (k, n, M)), "=", M - n + 1),
    "a term that is counted from an index on": (Sum(z[j], (k, j, 4)), "=", (5 - j) * z[j]),
    "a letter that may be negative": (Sum(Abs(k), (k, 4 - V, V)), "=", Sum(k, (k, 4 - V, V))),
    "an empty product is 1": (Product(0, (k, V, 4)), "≤", 0),
    "a constant pulled out of an empty sum": (Sum(a, (k, 3, V)), "=", a * (V - 2)),
    "a reversed range is empty, not negative": (Sum(k, (k, 5, 3)), "=", -4),
    # numbers that nearly agree
    "two fractions": (Rational(99999999, 10**8), "=", Rational(99999998, 99999999)),
    "a tiny term": (r + tiny(14), "=", r),
    "a tiny term in a logarithm": (log(u + tiny(13)), "=", log(u)),
    "a tiny term beyond the working digits": (exp(r) + tiny(45), "=", exp(r)),
    "a tiny term far beyond them": (log(a + tiny(200)), "=", log(a)),
    "a tiny factor": (a * (1 + tiny(31)), "=", a),
    "a tiny constant": (log(6) + tiny(200), "=", log(2) + log(3)),
    "tiny values of their own scale": (Product(tiny(5), (k, 1, 21)), "=", Product(tiny(5), (k, 1, 20))),
    "tiny values apart by a factor": (2 * exp(-120 * a), "=", exp(-120 * a)),
    "a float that is not 0": (Float("1e-400"), "=", 0),
    "floats that add up to more": (Float(0.1) + Float(0.2), "=", Float(0.3)),
    "an exponential that vanishes beside 1": (1 + exp(-(10**4)), "=", 1),
    "one that vanishes far below": (1 + exp(-(10**7)), "≤", 1),
    "what a vanishing exponential is subtracted from": (1 - exp(-(10**5)), "≥", 1),
    "one that vanishes beside pi": (pi + exp(-(10**6)), "=", pi),
    "a logarithm of 1 and next to nothing": (log(1 + exp(-(10**4))), "=", 0),
    "a positive number and next to nothing": (a + exp(-(10**4)), "≤", a),
    "its logarithm": (log(a + exp(-(10**5))), "≤", log(a)),
    "a factor beyond all digits": (x * (1 + exp(-(10**4))), "=", x),
    "a nested root and a little": (sqrt(5 + 2 * sqrt(6)) + tiny(400), "=", sqrt(2) + sqrt(3)),
    "nearly a whole number": (exp(pi * sqrt(163)), "=", 640320**3 + 744),
    "a rational for a sum of roots": (sqrt(2) + sqrt(3) + sqrt(5), "=", Rational(5382332347441763, 10**15)),
    "roots that are equal": (sqrt(2) + sqrt(3), "<", sqrt(5 + 2 * sqrt(6))),
    **{f"a quotient with a step of 1e-{d}": (quotient(exp, d), "=", exp(r)) for d in (10, 30, 45, 100)},
    "a quotient of a square": (quotient(lambda s: s**2, 1000), "=", 2 * r),
    "a term that no digits show": (r + exp(-5000), "=", r),
    "a term that no digits of a logarithm show": (log(u + exp(-2000)), "=", log(u)),
    "a term beyond all digits": (exp(r) + exp(-50000), "=", exp(r)),
    "a polynomial term with roots at 160 lengths": (
        Sum(f[t], (t, 1, m)),
        "=",
        Sum(f[t], (t, 1, m)) + Mul(*[m - c for c in range(1, 161)]),
    ),
    "a polynomial term": (Sum(f[t], (t, 1, m)), "=", Sum(f[t], (t, 1, m)) + Mul(*[m - c for c in range(1, 7)]) / 10**9),
    "a polynomial with seven roots": (Mul(*[r - c for c in range(1, 8)]), "=", 0),
    "a polynomial with roots at 70 sizes": (Mul(*[V - c for c in range(1, 71)]), "=", 0),
    "a fourth derivative, and a little": (Derivative(x**6, x, 4), "=", 360 * x**2 + tiny(30)),
    # bounds by a constant
    "a size": (V, "≤", 4),
    "a large size": (V, "≤", 1000),
    "a product of sizes": (m * V, "≤", 10**6),
    "a logarithm of a size": (log(V), "≤", 5),
    "a surprisal": (-log(u), "≤", 4),
    "a large surprisal": (-log(u), "≤", 50),
    "a probability from below": (u, ">", tiny(9)),
    "a positive number": (a, "≤", 10**6),
    "a real number from below": (r, "≥", -(10**6)),
    "an entropy": (-Sum(p[k] * log(p[k]), (k, 1, V)), "≤", 2),
    "a divergence": (Sum(p[k] * log(p[k] / q[k]), (k, 1, V)), "≤", 20),
    "a log-sum-exp": (log(Sum(exp(z[k]), (k, 1, V))), "≤", z[j] + 5),
    "a harmonic sum": (Sum(Integer(1) / k, (k, 1, m)), "≤", 4),
    "a factorial": (factorial(m), "≤", 10**6),
    "a saturated tanh": (tanh(r), "<", Rational(9999, 10000)),
    # bounds by a number that is written, however far out
    "a square below 10^40": (x**2, "≤", 10**40),
    "a logarithm of a huge size": (log(n), "≤", 30),
    "a logarithm of a huge number": (log(a), "≤", 1000),
    "a harmonic sum below 10": (Sum(Integer(1) / k, (k, 1, n)), "<", 10),
    "a sum of whole numbers": (Sum(k, (k, 1, n)), "≤", 10**7),
    "a probability next to 1": (u, "≤", 1 - tiny(40)),
    "a surprisal in the hundreds": (-log(u), "≤", 200),
    "a maximum with a far number": (Max(x, -(10**9)), "=", x),
    "a minimum with a far number": (Min(a, 10**15), "=", a),
    "an absolute value with a far zero": (Abs(x + 10**12), "=", x + 10**12),
    "a case that begins far out": (Piecewise((0, x < 12345), (1, True)), "=", 0),
    "a delta of a size and a number": (KroneckerDelta(n, 30), "=", 0),
    "a delta of a product of sizes": (KroneckerDelta(m * n, 77), "=", 0),
    "a delta of a sum of sizes": (KroneckerDelta(m + n, 123), "=", 0),
    "a delta of an index and a number": (KroneckerDelta(j, 45), "=", 0),
    "a sum that is empty for a thousand terms": (Sum(Sum(1, (t, 1, k - 1000)), (k, 1, n)), "=", 0),
    "a logit": (z[j], "≤", 10**40),
    # a constant that is wrong only where the sides nearly tie
    "Pinsker with a larger constant": (divergence, "≥", Rational(21, 10) * variation**2),
    "Pinsker with a slightly larger constant": (divergence, "≥", Rational(2005, 1000) * variation**2),
    "a binary divergence": (binary, "≥", Rational(201, 100) * (u - g) ** 2),
    "a binary divergence by a little": (binary, "≥", Rational(2001, 1000) * (u - g) ** 2),
    # strict where the sides meet
    "sizes that are 17 apart": ((n - m - 17) ** 2, ">", 0),
    "sizes that are 2000 apart": ((n - m - 2000) ** 2, ">", 0),
    "multiples of sizes": ((2 * n - 3 * m - 1) ** 2, ">", 0),
    "a square": (r**2, ">", 0),
    "a square that is 0 where no random number falls": ((2 * r - 3) ** 2, ">", 0),
    "a square that is 0 at a fraction": ((r - Rational(7, 3)) ** 2, ">", 0),
    "a square that is broken in a small region": ((r - Rational(12345, 10000)) ** 2, "≥", tiny(4)),
    "a difference that ties": ((x - y) ** 2, ">", 0),
    "means that meet": ((a + b) / 2, ">", sqrt(a * b)),
    "a distribution over one class": (p[j], "<", 1),
    "a softmax over one class": (exp(z[j]) / Sum(exp(z[k]), (k, 1, V)), "<", 1),
    "a divergence of equals": (Sum(p[k] * log(p[k] / q[k]), (k, 1, V)), ">", 0),
    # undefined on more than exceptional points
    "half of the line": (log(x**2), "=", 2 * log(x)),
    "a root of a square": (sqrt(x**2), "=", x),
    "a cube root": ((x**3) ** Rational(1, 3), "=", x),
    "a logarithm of a product of signs": (log(x * y), "=", log(x) + log(y)),
    "an index before the first": (Sum(z[k] - z[k - 1], (k, 1, V)), "=", z[V]),
    "an index after the last": (Sum(z[k + 1] - z[k], (k, 1, V)), "=", -z[1]),
    "0 to the power 0": (Integer(0) ** (m - 1), "=", 0),
    "a wrong quadratic limit": (Limit((-log(1 - r) - r) / r**2, r, 0), "=", Rational(1, 3)),
    "a binomial sum short of a term": (Sum(binomial(m, k), (k, 1, m)), "=", 2**m),
}  # fmt: skip

CONSTANTS: dict[str, Claim] = {
    "a vanishing exponential": (1 + exp(-(10**7)), ">", 1),
    "a nested root": (sqrt(5 + 2 * sqrt(6)), "=", sqrt(2) + sqrt(3)),
    "a denested root": (sqrt(3 + 2 * sqrt(2)), "=", 1 + sqrt(2)),
    "cube roots": ((2 + sqrt(5)) ** Rational(1, 3) - (sqrt(5) - 2) ** Rational(1, 3), "=", 1),
    "a bound that is met": (sqrt(2) + sqrt(3), "≤", sqrt(5 + 2 * sqrt(6))),
    "the golden ratio by its name": (GoldenRatio**2, "=", GoldenRatio + 1),
    "the golden ratio": ((1 + sqrt(5)) / 2, "=", 2 / (sqrt(5) - 1)),
    "logarithms": (log(6), "=", log(2) + log(3)),
    "an exponential": (exp(Rational(21, 10)), "<", Rational(82, 10)),
    "pi": (pi, ">", Rational(314159265358979, 10**14)),
    "a float": (Float(0.5), "=", Rational(1, 2)),
    "a reversed range": (Sum(k, (k, 5, 3)), "=", 0),
    "a reversed product": (Product(k, (k, 5, 3)), "=", 1),
}

NEVER_REFUTED: dict[str, Claim] = {
    "a softmax term above 0": (exp(z[j] / T) / Sum(exp(z[k] / T), (k, 1, V)), ">", 0),
    "a softmax term below 1": (exp(w[h] / T) / Sum(exp(w[k] / T), (k, 1, W)), "<", 1),
    "a softplus above 0": (log(1 + exp(100 * r)), ">", 0),
    "a sigmoid below 1": (1 / (1 + exp(-100 * r)), "<", 1),
    "a tanh below 1": (tanh(r), "<", 1),
    "an exponential that vanishes beside 1": (1 + exp(-1000 * a), ">", 1),
    "an infinite sum": (Sum(2**-k, (k, 1, oo)), "=", 1),
    "an infinite product": (Product(1 + 1 / k**2, (k, 1, oo)), "=", 2),
    "a long sum": (Sum(Integer(1) / k, (k, 1, 10**6)), "=", 14),
    "a softplus and its mirror image": (log(1 + exp(100 * r)) - 100 * r, "=", log(1 + exp(-100 * r))),
    "an exponential of next to nothing": (log(1 + exp(-1000 * a) - exp(-2000 * a)), "≤", exp(-1000 * a)),
    "equal indices below a fraction": ((i**2 - j**2) / (i - j), "=", i + j),
    "a size below a fraction": ((V**2 - 1) / (V - 1), "=", V + 1),
    "a logarithm of a size less 1": (log(m - 1) - log(m - 1) * Float(1), "=", 0),
    "a sinh to a fraction": (coth(x) * tanh(x), "=", 1),
}

UNDECIDED: dict[str, tuple[Claim, str]] = {
    "constants that no digits tell apart": ((exp(tiny(2000)), "=", 1 + tiny(2000)), "no proof"),
    "a root that no digits tell from 1": ((sqrt(1 + exp(-(10**5))), "≤", 1), "no proof"),
    "a square that is 0 at the root of a cubic": (((x**3 - x - 1) ** 2, ">", 0), "x = 1.325"),
    "a distribution's first entry": (((p[1] - 1 / pi) ** 2, ">", 0), "come together"),
    "a derivative by a size": ((Derivative(n**2, n), "=", 2 * n), "whole number"),
    "a derivative by an index": ((Derivative(j**2, j), "=", 2 * j), "whole number"),
    "a derivative by an entry's index": ((Derivative(z[j] ** 2, j), "=", 0), "whole number"),
    "a derivative by a sum's letter": (
        (Sum(Derivative(k**2, k), (k, 1, n)), "=", n * (n + 1)),
        "whole number",
    ),
    "an absolute value's kink": ((Derivative(Abs(x), x), "=", sign(x)), "at x = 0"),
    "a kink elsewhere": ((Derivative(Abs(x - 3), x), "=", sign(x - 3)), "at x = 3"),
    "a rectifier's kink": ((Derivative(Max(0, x), x), "=", Piecewise((1, x > 0), (0, True))), "a kink"),
    "a jump": ((Derivative(Piecewise((1, x > 0), (0, True)), x), "=", 0), "jumps"),
    "the jump of a sign": ((Derivative(sign(x - 7), x), "=", 0), "at x = 7"),
}

HOLD: dict[str, Claim] = {
    "a square where the logarithm is above 0": ((log(1 + a**-2) + 1) ** 2, "≥", Rational(1, 2)),
    "a smooth case distinction": (
        Derivative(Piecewise((x**2, x > 0), (0, True)), x),
        "=",
        Piecewise((2 * x, x > 0), (0, True)),
    ),
    "a smooth sign": (Derivative(x**3 * sign(x), x), "=", 3 * x**2 * sign(x)),
    "a smooth maximum": (Derivative(Max(x, 0) ** 2, x), "=", 2 * Max(x, 0)),
    "Pinsker for two outcomes": (binary, "≥", 2 * (u - g) ** 2),
    "strict towards the ends only": (log(1 - u) + u, "<", 0),
    "strict beside a minimum above": (sqrt(x**2 + 1), ">", x),
    "a quadratic limit": (Limit((-log(1 - r) - r) / r**2, r, 0), "=", Rational(1, 2)),
    "a limit to e": (Limit((1 + 1 / x) ** x, x, oo), "=", E),
    "hyperbolic functions": (cosh(x) ** 2 - sinh(x) ** 2, "=", 1),
    "a hyperbolic secant": (sech(x) ** 2, "=", 1 - tanh(x) ** 2),
    "a maximum": (Max(x, y), "=", (x + y + Abs(x - y)) / 2),
    "a case distinction": (Piecewise((1, And(x > 0, y > 0)), (0, True)), "≤", 1),
    "an absolute value of a product": (Abs(x * y), "=", Abs(x) * Abs(y)),
    "means": ((a + b) / 2, "≥", sqrt(a * b)),
    "a factorial from above": (factorial(m), "≤", m**m),
    "a fourth derivative": (Derivative(x**6, x, 4), "=", 360 * x**2),
    "a harmonic sum": (Sum(Integer(1) / k, (k, 1, m)), "≤", 1 + log(m)),
    "a smooth product with a kink": (Derivative(x * Abs(x), x), "=", 2 * Abs(x)),
}

EXCEPTIONAL: dict[str, tuple[Claim, str]] = {
    "a geometric sum": ((Sum(a**k, (k, 0, m - 1)), "=", (1 - a**m) / (1 - a)), "a ≠ 1"),
    "a cancelled factor": (((r**2 - 1) / (r - 1), "=", r + 1), "r ≠ 1"),
    "a factor that cancels as it is written": ((Mul(x, 1 / x, evaluate=False), "=", 1), "x ≠ 0"),
    "opposite fractions": ((1 / (a - b) + 1 / (b - a), "=", 0), "a ≠ b"),
}


@pytest.mark.parametrize("name", FALSE)
def test_it_is_refuted(name: str) -> None:
    left, relation, right = FALSE[name]
    verdict = relate(left, relation, right)
    assert verdict.status == "refuted", verdict
    assert verdict.counterexample is not None
    assert verdict.counterexample.lhs != verdict.counterexample.rhs or relation in ("<", ">")


@pytest.mark.parametrize("name", CONSTANTS)
def test_constants_are_proved(name: str) -> None:
    verdict = relate(*CONSTANTS[name])
    assert verdict.status == "proved", verdict


@pytest.mark.parametrize("name", CONSTANTS)
def test_constants_turned_round_are_refuted(name: str) -> None:
    left, relation, right = CONSTANTS[name]
    opposite = {"=": "<", "≤": ">", "<": "≥", ">": "≤"}[relation]
    assert relate(left, opposite, right).status == "refuted"


@pytest.mark.parametrize("name", NEVER_REFUTED)
def test_it_is_never_refuted(name: str) -> None:
    verdict = relate(*NEVER_REFUTED[name])
    assert verdict.status != "refuted", verdict


@pytest.mark.parametrize("name", UNDECIDED)
def test_it_is_undecided_and_the_reason_is_said(name: str) -> None:
    claim, reason = UNDECIDED[name]
    verdict = relate(*claim)
    assert verdict.status == "undecided", verdict
    assert reason in verdict.method


@pytest.mark.parametrize("name", HOLD)
def test_it_holds(name: str) -> None:
    verdict = relate(*HOLD[name])
    assert verdict.holds, verdict


@pytest.mark.parametrize("name", EXCEPTIONAL)
def test_exceptional_points_become_conditions_by_every_seed(name: str) -> None:
    (left, relation, right), condition = EXCEPTIONAL[name]
    verdicts = [relate(left, relation, right, seed=seed) for seed in range(4)]
    assert {v.status for v in verdicts} == {"proved"}, verdicts
    assert {v.conditions for v in verdicts} == {(condition,)}


@pytest.mark.parametrize("name", [*FALSE, *NEVER_REFUTED, *HOLD])
def test_the_seed_does_not_change_the_verdict(name: str) -> None:
    left, relation, right = {**FALSE, **NEVER_REFUTED, **HOLD}[name]
    assert len({relate(left, relation, right, seed=seed).status for seed in (1, 2)}) == 1


def test_an_approximation_between_constants_is_proved_by_intervals() -> None:
    close = relate(pi, "≈", Rational(355, 113), error=Rational(3, 10**7))
    assert close.status == "proved"
    assert "interval arithmetic" in close.method
    assert relate(pi, "≈", Rational(355, 113), error=Rational(2, 10**7)).status == "refuted"
    assert relate(Add(pi, tiny(6)), "≈", pi, error=tiny(6)).status != "refuted"


def test_a_counterexample_says_why_a_side_is_undefined() -> None:
    for claim, reason in (
        (FALSE["an index before the first"], "z[0] is outside 1 … "),
        (FALSE["half of the line"], "a logarithm of a number that is not positive"),
    ):
        found = relate(*claim).counterexample
        assert found is not None
        assert "undefined" in (found.lhs, found.rhs)
        assert reason in found.reason
        assert reason in str(found)


def test_values_that_agree_to_ten_digits_are_shown_with_more() -> None:
    found = relate(*FALSE["a tiny term"]).counterexample
    assert found is not None
    assert found.lhs != found.rhs
    beyond = relate(*FALSE["a term beyond all digits"]).counterexample
    assert beyond is not None
    assert "differ by" in beyond.rhs
    floats = relate(*FALSE["floats that add up to more"]).counterexample  # SymPy prints both sides alike
    assert floats is not None
    assert floats.lhs != floats.rhs


def test_the_limit_is_counted_in_work_and_not_in_time() -> None:
    slow = Sum(exp(z[k]) * Sum(exp(z[t] * k), (t, 1, V)), (k, 1, V))
    verdicts = {relate(slow, "=", slow * (1 + tiny(60)), seconds=limit).status for limit in (2.0, 20.0)}
    assert verdicts == {"refuted"}
    assert relate(slow, "=", slow + 1, seconds=1e-5).status == "undecided"
