"""True statements, one for each rule of the prover, which it proves alone, with just the conditions that they need."""

import pytest
from sympy import (
    Abs,
    Derivative,
    E,
    Expr,
    Float,
    KroneckerDelta,
    Limit,
    Mul,
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
    sinh,
    sqrt,
    sympify,
    tanh,
)

from grader.algebra import index, positives, probabilities, real, reals, size
from grader.algebra.proof import difference, prove
from grader.algebra.restored import as_closed_number, as_polynomial
from tests.algebra.vocabulary import LSE, T, V, a, b, c, i, j, m, p, q, rho, softmax, t, x, y, z

k, h = Symbol("k", integer=True), Symbol("h", integer=True)
n, M, W = size("n"), size("M", at_least=4), size("W", at_least=2)
g, e = index("g", n), index("e", W)
w, eps = real("w"), real("eps")
f, s, u, r = reals("f", V), positives("s", V), reals("u", W), probabilities("r", m)
P = positives("P", m + 1)

RANGES = {
    "terms are counted where there are as many": (Sum(c, (k, 3, M)), "=", c * (M - 2)),
    "an empty range counts as 0 terms": (Sum(c, (k, 3, W)), "=", c * (W - 2)),
    "a range that is empty for certain": (Sum(z[k], (k, V + 1, V)), "=", 0),
    "reversed numbers": (Sum(x**k, (k, 5, 3)), "=", 0),
    "a product without factors": (Product(x, (k, 5, 3)), "=", 1),
    "factors pass an empty sum": (Sum(x * a**k, (k, V, n)), "=", x * Sum(a**k, (k, V, n))),
    "from an index": (Sum(c, (k, j, V)), "=", c * (V - j + 1)),
    "after an index": (Sum(c, (k, j + 1, V)), "=", c * (V - j)),
    "below 1": (Sum(1, (k, 1 - V, V)), "=", 2 * V),
    "split at an index": (Sum(f[k], (k, 1, V)), "=", Sum(f[k], (k, 1, j)) + Sum(f[k], (k, j + 1, V))),
    "split before a size": (Sum(a**k, (k, 1, m + n)), "=", Sum(a**k, (k, 1, m)) + Sum(a**k, (k, m + 1, m + n))),
    "shifted": (Sum(f[k + 1], (k, 1, V - 1)), "=", Sum(f[k], (k, 2, V))),
    "a shifted logarithm": (Sum(log(k + 1), (k, 1, m)), "=", Sum(log(k), (k, 2, m + 1))),
    "the last term": (Sum(f[k], (k, 1, V)), "=", Sum(f[k], (k, 1, V - 1)) + f[V]),
    "the 0th term": (Sum(a**k, (k, 0, m)), "=", 1 + Sum(a**k, (k, 1, m))),
    "telescoping": (Sum(log(P[k + 1]) - log(P[k]), (k, 1, m)), "=", log(P[m + 1]) - log(P[1])),
    "reversed": (Sum(f[V + 1 - k], (k, 1, V)), "=", Sum(f[k], (k, 1, V))),
    "reversed from an index": (Sum(f[V + 1 - k], (k, j, V)), "=", Sum(f[k], (k, 1, V + 1 - j))),
    "quotients that telescope": (Product((k + 1) / k, (k, 1, m)), "=", m + 1),
    "neighbours in a denominator": (Sum(x / (k * (k + 1)), (k, 1, m)), "=", x * Sum(1 / (k * (k + 1)), (k, 1, m))),
    "a distribution": (Sum(p[k], (k, 1, V)), "=", 1),
    "all but one outcome": (Sum(p[k], (k, 2, V)), "=", 1 - p[1]),
    "a triangle": (Sum(1, (h, 1, k), (k, 1, V)), "=", V * (V + 1) / 2),
    "a nested sum of which the outer letter is shadowed": (
        Sum(Sum(k, (k, 1, k)), (k, 1, V)), "=", Sum(k * (k + 1) / 2, (k, 1, V)),
    ),
    "order of summation": (Sum(f[k] * r[h], (k, 1, V), (h, 1, m)), "=", Sum(f[k] * r[h], (h, 1, m), (k, 1, V))),
    "a letter that is positive": (Sum(Abs(k), (k, 1, m)), "=", Sum(k, (k, 1, m))),
    "a letter at most its end": (Sum(Abs(k - V), (k, 1, V)), "=", Sum(V - k, (k, 1, V))),
    "a letter that is not negative": (Sum(k, (k, 0, m)), "≥", 0),
    "powers": (Sum(k**2, (k, 1, m)), "=", m * (m + 1) * (2 * m + 1) / 6),
    "cubes": (Sum(k**3, (k, 1, m)), "=", Sum(k, (k, 1, m)) ** 2),
    "powers from below 0": (Sum(k, (k, -V, V)), "=", 0),
    "a long range of numbers": (Sum(k, (k, 1, 1000)), "=", 500500),
    "a positive product": (Product(r[k], (k, 1, m)), "=", exp(Sum(log(r[k]), (k, 1, m)))),
    "factors of unknown sign": (Product(2 * x, (k, 1, m)), "=", 2**m * Product(x, (k, 1, m))),
}  # fmt: skip

OTHERS = {
    "one-hot": (Sum(KroneckerDelta(k, y) * f[k], (k, 1, V)), "=", f[y]),
    "a delta outside": (Sum(KroneckerDelta(k, V + 1) * f[k], (k, 1, V)), "=", 0),
    "a delta at a shifted letter": (Sum(KroneckerDelta(k + 1, y) * k, (k, 0, V - 1)), "=", y - 1),
    "two deltas": (Sum(KroneckerDelta(k, i) * KroneckerDelta(k, j), (k, 1, V)), "=", KroneckerDelta(i, j)),
    "a delta in an exponent": (Product(q[k] ** KroneckerDelta(k, y), (k, 1, V)), "=", q[y]),
    "a delta under both sums": (
        Sum(KroneckerDelta(k, h) * f[k] * f[h], (k, 1, V), (h, 1, V)), "=", Sum(f[k] ** 2, (k, 1, V)),
    ),
    "a delta squared": (KroneckerDelta(i, j) ** 2, "=", KroneckerDelta(i, j)),
    "the derivative of a sum": (Derivative(Sum(f[k] ** 2, (k, 1, V)), f[j]), "=", 2 * f[j]),
    "the gradient of the log-sum-exp": (Derivative(LSE, z[j]), "=", softmax(j)),
    "the derivative of a product": (Derivative(Product(r[k], (k, 1, m)), r[t]), "=", Product(r[k], (k, 1, m)) / r[t]),
    "the derivative of an empty sum": (Derivative(Sum(x, (k, 3, V)), x), "=", Sum(1, (k, 3, V))),
    "a power of a sum of exponents": (x ** (m + n), "=", x**m * x**n),
    "a power of a product": (a**x * b**x, "=", (a * b) ** x),
    "a negative base": ((-2) ** m, "=", (-1) ** m * 2**m),
    "an even power": ((-1) ** (2 * m), "=", 1),
    "0 to a size": ((x - x * 1) ** m, "=", 0),
    "the root of a square": (sqrt(a**2), "=", a),
    "the logarithm of a positive square": (log(a**2), "=", 2 * log(a)),
    "hyperbolic functions": (tanh(x) ** 2 + sech(x) ** 2, "=", 1),
    "their quotient": (tanh(x), "=", sinh(x) / cosh(x)),
    "cosh and sinh": (cosh(x) ** 2 - sinh(x) ** 2, "=", 1),
    "the derivative of sech": (Derivative(sech(x), x), "=", -sech(x) * tanh(x)),
    "a float is a fraction": (Float(0.5) * x, "=", x / 2),
    "a size is a whole number": (M, "≥", 4),
    "an index is at most its size": (V - j, "≥", 0),
    "products of sizes": (V * n, "≥", V),
    "an entry of a distribution": (p[j], "≤", 1),
    "a softmax of two or more": (exp(u[e] / T) / Sum(exp(u[k] / T), (k, 1, W)), "<", 1),
    "a softmax is positive": (exp(z[j] / T) / Sum(exp(z[k] / T), (k, 1, V)), ">", 0),
    "a softplus is positive": (log(1 + exp(100 * x)), ">", 0),
    "a term of a sum": (Sum(s[k], (k, 1, V)), "≥", s[j]),
}  # fmt: skip

CLOSED = {
    "a factorial is a product": (factorial(m), "=", Product(k, (k, 1, m))),
    "its logarithm is a sum": (log(factorial(m)), "=", Sum(log(k), (k, 1, m))),
    "the next factorial": (factorial(m + 1) / factorial(m), "=", m + 1),
    "a number's factorial": (factorial(5), "=", 120),
    "0 factorial": (factorial(0), "=", 1),
    "symmetry": (binomial(n, k).subs(k, m), "=", binomial(n, n - m)),
    "Pascal": (binomial(n + 1, m), "=", binomial(n, m) + binomial(n, m - 1)),
    "Pascal inside": (binomial(n, g), "=", binomial(n - 1, g) + binomial(n - 1, g - 1)),
    "absorption": (g * binomial(n, g), "=", n * binomial(n - 1, g - 1)),
    "by factorials": (binomial(n, g), "=", factorial(n) / (factorial(g) * factorial(n - g))),
    "two of n": (binomial(n, 2), "=", n * (n - 1) / 2),
    "all subsets": (Sum(binomial(m, k), (k, 0, m)), "=", 2**m),
    "all but the empty one": (Sum(binomial(m, k), (k, 1, m)), "=", 2**m - 1),
    "a range longer than needed": (Sum(binomial(m, k), (k, 0, m + 3)), "=", 2**m),
    "the binomial theorem": (Sum(binomial(m, k) * a**k * b ** (m - k), (k, 0, m)), "=", (a + b) ** m),
    "for any reals": (Sum(binomial(m, k) * x**k * w ** (m - k), (k, 0, m)), "=", (x + w) ** m),
    "a binomial distribution": (Sum(binomial(m, k) * rho**k * (1 - rho) ** (m - k), (k, 0, m)), "=", 1),
    "a binomial's mean": (Sum(k * binomial(m, k) * rho**k * (1 - rho) ** (m - k), (k, 0, m)), "=", m * rho),
    "its second moment": (
        Sum(k**2 * binomial(W, k) * rho**k * (1 - rho) ** (W - k), (k, 0, W)),
        "=",
        W * (W - 1) * rho**2 + W * rho,
    ),
    "the score of a binomial": (
        Derivative(log(binomial(n, g) * rho**g * (1 - rho) ** (n - g)), rho),
        "=",
        g / rho - (n - g) / (1 - rho),
    ),
    "alternating": (Sum(binomial(m, k) * (-1) ** k, (k, 0, m)), "=", 0),
    "a geometric sum of a probability": (Sum(rho**k, (k, 0, m)), "=", (1 - rho ** (m + 1)) / (1 - rho)),
    "halves": (Sum(Rational(1, 2) ** k, (k, 1, m)), "=", 1 - Rational(1, 2) ** m),
}

LIMITS = {
    "second order": (Limit((-log(1 - x) - x) / x**2, x, 0), "=", Rational(1, 2)),
    "a KL is locally quadratic": (
        Limit(Sum(p[k] * (eps * f[k] - log(1 + eps * f[k])), (k, 1, V)) / eps**2, eps, 0),
        "=",
        Sum(p[k] * f[k] ** 2, (k, 1, V)) / 2,
    ),
    "a derivative": (Limit((a**x - 1) / x, x, 0), "=", log(a)),
    "an entropy": (
        Limit((Sum(p[k] ** (1 + x), (k, 1, V)) - 1) / x, x, 0),
        "=",
        Sum(p[k] * log(p[k]), (k, 1, V)),
    ),
    "from above": (Limit(Abs(x) / x, x, 0, "+"), "=", 1),
    "from below": (Limit(Abs(x) / x, x, 0, "-"), "=", -1),
    "at infinity": (Limit((1 + 1 / m) ** m, m, oo), "=", E),
    "hot": (
        Limit(softmax(j).xreplace({z[j]: z[j] / T}), T, oo),
        "=",
        exp(0 * z[j]) / Sum(exp(z[k]), (k, 1, V)),
    ),
    "a power of a probability": (Limit((1 - rho) ** m, m, oo), "=", 0),
    "zero log zero": (Limit(x * log(x / q[j]), x, 0, "+"), "=", 0),
    "by continuity": (Limit(Sum(exp(x * f[k]), (k, 1, V)), x, 0), "=", V),
}
EVERYTHING = RANGES | OTHERS | CLOSED | LIMITS


@pytest.mark.parametrize("name", EVERYTHING)
def test_the_rule_proves_it_without_conditions(name: str) -> None:
    left, relation, right = EVERYTHING[name]
    proof = prove(sympify(left), relation, sympify(right))
    assert proof is not None
    assert proof.conditions == ()


WITH_CONDITIONS: dict[str, tuple[Expr, str, Expr, tuple[str, ...]]] = {
    "a denominator that cancels": ((x**2 - 1) / (x - 1), "=", x + 1, ("x ≠ 1",)),
    "a geometric sum": (Sum(a**k, (k, 0, m - 1)), "=", (1 - a**m) / (1 - a), ("a ≠ 1",)),
    "of any real": (Sum(x**k, (k, 0, m - 1)), "=", (1 - x**m) / (1 - x), ("x ≠ 1",)),
    "from 1": (Sum(x**k, (k, 1, m)), "=", x * (1 - x**m) / (1 - x), ("x ≠ 1",)),
    "with numbers for bounds": (Sum(x**k, (k, 0, 5)), "=", (1 - x**6) / (1 - x), ("x ≠ 1",)),
    "a long one": (Sum(x**k, (k, 0, 100)), "=", (1 - x**101) / (1 - x), ("x ≠ 1",)),
    "two variables": (1 / (x - w) - 1 / (x - w), "=", 0 * x, ()),
    "a difference": ((x**2 - w**2) / (x - w), "=", x + w, ("w ≠ x",)),
    "a logarithm": (exp(log(x)), "=", x, ()),
    "a logarithm that stays": (exp(log(x, evaluate=False), evaluate=False), "=", x, ("x > 0",)),
    "the slope of a logarithm": (Derivative(log(x), x), "=", 1 / x, ("x > 0",)),
    "a factor 0 beside it": (Mul(0, log(x), evaluate=False), "=", 0 * x, ("x > 0",)),
    "a square of it": (log(x) ** 2, "≥", 0 * x, ("x > 0",)),
    "a one-hot sum of logarithms": (
        Sum(KroneckerDelta(k, y) * log(f[k]), (k, 1, V)), "=", log(f[y]), ("f[k] > 0 for every k from 1 to V",),
    ),
    "entries that must be there": (Sum(f[k], (k, 1, 3)), "=", f[1] + f[2] + f[3], ("V ≥ 3",)),
    "choices out of range": (m * binomial(n, m), "=", n * binomial(n - 1, m - 1), ("n ≥ m",)),
    "the last term of quotients": (
        Sum(1 / f[k], (k, 1, V - 1)) + 1 / f[V], "=", Sum(1 / f[k], (k, 1, V)), ("f[k] ≠ 0 for every k from 1 to V",),
    ),
    "quotients under a logarithm": (log(1 / (x - w)), "=", -log(x - w), ("x > w",)),
    "a square under a logarithm": (log(a * x**2), "=", log(a) + log(x**2), ("x ≠ 0",)),
    "a nested geometric sum": (
        Sum(Sum(a**h, (h, 1, k)), (k, 1, 3)), "=", (3 * a - a**2 - a**3 - a**4) / (1 - a), ("a ≠ 1",),
    ),
    "a geometric sum that is closed in one term of another": (
        Sum(Sum(a**h, (h, 1, k - 2)), (k, 1, M + 1)) - Sum(Sum(a**h, (h, 1, k - 2)), (k, 1, M)),
        "=", (a - a**M) / (1 - a), ("a ≠ 1",),
    ),
    "the logarithm of a choice": (
        Derivative(log(binomial(n, m) * rho**m), rho), "=", m / rho, ("n ≥ m",),
    ),
    "coth at 0": (coth(x) * tanh(x), "=", 1, ("x ≠ 0",)),
    "csch at 0": (csch(x) * sinh(x), "=", 1, ("x ≠ 0",)),
    "a constant beside a limit": (Limit(x * log(c), x, 0), "=", 0, ("c > 0",)),
}  # fmt: skip


@pytest.mark.parametrize("name", WITH_CONDITIONS)
def test_the_rule_states_what_it_takes_for_granted(name: str) -> None:
    left, relation, right, conditions = WITH_CONDITIONS[name]
    proof = prove(sympify(left), relation, sympify(right))
    assert proof is not None
    assert tuple(map(str, proof.conditions)) == conditions


WRONG_LIMITS: dict[str, tuple[Expr, Expr | int]] = {
    "a pole": (Limit(1 / x, x, 0, "+-"), 0),
    "two sides": (Limit(Abs(x) / x, x, 0, "+-"), 1),
    "two sides of an exponential": (Limit(exp(-1 / x), x, 0, "+-"), 0),
    "the other side of it": (Limit(exp(-1 / x), x, 0, "-"), 0),
    "an unknown sign": (Limit(exp(z[j] / T), T, 0, "+"), 0),
    "an unknown decay": (Limit(exp(-x * T), T, oo), 0),
    "an unknown ratio": (Limit(x**m, m, oo), 0),
    "a growing power": (Limit((1 + rho) ** m, m, oo), 0),
    "an alternating power": (Limit((-1) ** m, m, oo), 1),
    "a root that is not real": (Limit(sqrt(x), x, 0, "-"), 0),
    "a logarithm that is not real": (Limit(x * log(x), x, 0, "-"), 0),
    "the logarithm itself": (Limit(log(x), x, 0, "+"), 0),
    "a factor forgotten": (Limit((-log(1 - x) - x) / x**2, x, 0), 1),
    "an order forgotten": (Limit((-log(1 - x) - x) / x, x, 0), Rational(1, 2)),
    "an order too many": (Limit((-log(1 - x) - x) / x**3, x, 0), Rational(1, 2)),
    "the base for its logarithm": (Limit((a**x - 1) / x, x, 0), a),
    "the other end": (Limit(tanh(x), x, oo), -1),
    "a range that grows": (Limit(Sum(1 / k, (k, 1, m)), m, oo), 1),
    "an entry that moves": (Limit(f[V], V, oo), f[1]),
    "a quotient of parameters": (Limit((x * w + c) / (x + c), x, oo), c),
}


@pytest.mark.parametrize("name", WRONG_LIMITS)
def test_a_wrong_limit_is_not_proved(name: str) -> None:
    left, right = WRONG_LIMITS[name]
    assert prove(left, "=", sympify(right)) is None


def test_a_difference_is_a_number_a_polynomial_or_neither() -> None:
    number, conditions = difference(x + Rational(1, 10**14), x) or (None, ())
    assert number is not None
    assert number.constant() == Rational(1, 10**14)
    assert conditions == ()
    constant = difference(log(6) + sqrt(2), log(3))
    assert constant is not None
    closed = as_closed_number(constant[0])
    assert closed is not None
    assert abs(float(closed) - 2.1073607429330404) < 1e-15
    cubic = difference((m - 1) * (m - 2) * (m - 3) + x, x)
    assert cubic is not None
    polynomial = as_polynomial(cubic[0])
    assert polynomial is not None
    assert polynomial.degree() == 3
    assert as_closed_number(cubic[0]) is None
    other = difference(log(x), x)
    assert other is not None
    assert as_polynomial(other[0]) is None


def test_an_index_with_finitely_many_values_makes_no_polynomial() -> None:
    three = index("d", 3)
    zero_there = difference((three - 1) * (three - 2) * (three - 3), Rational(0))
    assert zero_there is not None
    assert as_polynomial(zero_there[0]) is None
