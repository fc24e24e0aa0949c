"""False statements, by kind, that the prover alone may not prove; plain Python says where each is false."""

import random
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from sympy import (
    Abs,
    Derivative,
    Expr,
    Float,
    Integer,
    KroneckerDelta,
    Product,
    Rational,
    Sum,
    Symbol,
    binomial,
    exp,
    factorial,
    log,
    sqrt,
    sympify,
)

from grader.algebra import index, positives, real, reals, size
from grader.algebra.budget import OutOfBudget, limited
from grader.algebra.conditions import Condition
from grader.algebra.domains import symbols_of
from grader.algebra.proof import prove
from tests.algebra.plain import NoValue, breaks, point, value
from tests.algebra.vocabulary import V, a, b, c, i, j, m, p, rho, x, y, z

k, h = Symbol("k", integer=True), Symbol("h", integer=True)
n, M, W = size("n"), size("M", at_least=4), size("W", at_least=2)
g = index("g", n)
w = real("w")
f, pos = reals("f", V), positives("s", V)

Statement = tuple[Expr, str, Expr]

# Ranges that may be empty, or begin at 0 or below, by some sizes
LOOSE: list[tuple[Any, Any]] = [
    (3, V), (V, 4), (n, M), (j, 4), (4 - V, V), (V, n), (j + 1, V - 1), (1, V - 2), (5, m), (m + 1, -1), (j, g),
    (V - 1, 4), (W + 2, 3), (2 - m, -1), (n - m, 0), (j + 2, V), (V * m, 5), (2, m - 1), (-2, V - 4), (m**2, 3),
]  # fmt: skip


def counting() -> Iterator[Statement]:
    for (low, high), body in product(LOOSE, (Integer(1), c, log(a))):
        yield Sum(body, (k, low, high)), "=", body * (high - low + 1)
    for low, high in LOOSE:
        yield Product(2, (k, low, high)), "=", 2 ** (high - low + 1)
        yield Sum(k, (k, low, high)), "=", (high - low + 1) * (high + low) / Integer(2)


def reversing() -> Iterator[Statement]:
    for (low, high), body in product(LOOSE, (x, a**k)):
        yield Sum(body, (k, low, high)), "=", -Sum(body, (k, high + 1, low - 1))
    for low, high in LOOSE:
        yield Product(a, (k, low, high)), "=", 1 / Product(a, (k, high + 1, low - 1))


def splitting() -> Iterator[Statement]:
    for high, cut in product((V, j, m, n - 1, V - j), (2, 3, g, n)):
        for body in (x, a**k):
            parts = Sum(body, (k, 1, cut)) + Sum(body, (k, cut + 1, high))
            yield Sum(body, (k, 1, high)), "=", parts
        yield (
            Product(a * k, (k, 1, high)),
            "=",
            Product(a * k, (k, 1, cut)) * Product(a * k, (k, cut + 1, high)),
        )


def shifting() -> Iterator[Statement]:
    for low, high in ((1, m), (2, m), (0, n), (1, V), (j, V), (3 - V, V), (V, n)):
        yield Sum(a**k, (k, low, high)), "=", Sum(a ** (k + 1), (k, low, high))
        yield Sum(a**k, (k, low, high)), "=", Sum(a**k, (k, low + 1, high)) + a**low
        yield Sum(a**k, (k, low, high)), "=", Sum(a**k, (k, low, high - 1)) + a**low
        yield Sum(a ** (k + 1) - a**k, (k, low, high)), "=", a ** (high + 1) - a ** (low + 1)
        yield Sum(log(a * Abs(k) + 1), (k, low, high)), "=", Sum(log(a * Abs(k) + 1), (k, low, high + 1))


def letters() -> Iterator[Statement]:
    """The letter of a sum is not positive, nor at most something, unless its range says so."""
    for low, high in ((-1, V), (0, m), (4 - V, V), (-V, V), (2 - n, m), (V - n, V), (-3, 3), (-m, -1)):
        yield Sum(k, (k, low, high)), ">", 0
        yield Product(k, (k, low, high)), ">", 0
    for low, high in ((-1, V), (4 - V, V), (-V, V), (2 - n, m), (V - n, V), (-3, 3), (-m, -1)):
        yield Sum(Abs(k), (k, low, high)), "=", Sum(k, (k, low, high))
        yield Sum(sqrt(k**2), (k, low, high)), "=", Sum(k, (k, low, high))
        yield Sum(k**3, (k, low, high)), "≥", 0
        yield Sum(Abs(k - 1), (k, low, high)), "=", Sum(k - 1, (k, low, high))
        yield Sum(Abs(k - V), (k, low, high + 1)), "=", Sum(V - k, (k, low, high + 1))


def deltas() -> Iterator[Statement]:
    for low, high in ((2, V), (1, V - 1), (1, n), (j, V), (3, V + 1), (1, j), (0, V - 2), (V, m)):
        yield Sum(KroneckerDelta(k, y) * c, (k, low, high)), "=", c
        yield Sum(KroneckerDelta(k, y), (k, low, high)), "=", 0
        yield Sum(KroneckerDelta(k, y) * k + 1, (k, low, high)), "=", y + high - low + 1
        yield Product(a ** KroneckerDelta(k, y), (k, low, high)), "=", a
    for at in (y + 1, V - y, y - 1, n, 2 * y, g):
        yield Sum(KroneckerDelta(k, at) * k, (k, 1, V)), "=", at
    yield Sum(KroneckerDelta(i, k) * KroneckerDelta(k, j), (k, 1, V)), "=", 1
    yield Sum(KroneckerDelta(k, h), (k, 1, V), (h, 1, n)), "=", V
    yield Sum(KroneckerDelta(k, h) * x, (h, 1, k), (k, 1, V)), "=", x
    yield Sum(KroneckerDelta(k + 1, y), (k, 1, V)), "=", 1
    yield Sum(KroneckerDelta(k, 1), (k, 1, V - 1)), "=", 1
    yield Sum(KroneckerDelta(k, V), (k, 1, V - 1)), "=", 1
    yield Sum(KroneckerDelta(k, 3), (k, 1, V)), "=", 1
    yield KroneckerDelta(V, n), "=", 0
    yield KroneckerDelta(i, j) * z[i], "=", z[j]
    yield KroneckerDelta(i, j + 1) * i, "=", KroneckerDelta(i, j + 1) * j


def nested() -> Iterator[Statement]:
    yield Sum(1, (h, 1, k), (k, 1, V)), "=", V**2
    yield Sum(x, (h, k, V), (k, 1, V)), "=", x * V**2
    yield Sum(x, (h, k + 1, V), (k, 1, V)), "=", x * V * (V + 1) / 2
    yield Sum(1, (h, k, 3), (k, 1, V)), "=", Sum(4 - k, (k, 1, V))
    yield Sum(1, (h, k + 2, V), (k, 1, V)), "=", Sum(V - k - 1, (k, 1, V))
    yield Sum(Sum(k, (k, 1, k)), (k, 1, V)), "=", Sum(k**2, (k, 1, V))
    yield Sum(k * Sum(k, (k, 1, V)), (k, 1, V)), "=", V * Sum(k**2, (k, 1, V))
    yield Sum(Sum(a ** (k * h), (h, 1, k)), (k, 1, V)), "=", Sum(Sum(a ** (k * h), (h, 1, V)), (k, 1, V))
    yield (
        Sum(Sum(a ** (k + 2 * h), (h, 1, V)), (k, 1, n)),
        "=",
        Sum(Sum(a ** (k + 2 * h), (k, 1, V)), (h, 1, n)),
    )
    yield Sum(a**k, (k, 1, V)) ** 2, "=", Sum(a ** (2 * k), (k, 1, V))
    yield Product(Sum(1, (h, 1, k)), (k, 1, V)), "=", V**V
    yield Product(Sum(1, (h, 3, k)), (k, 1, V)), "=", Product(k - 2, (k, 1, V))
    yield Product(Product(a, (h, 1, k)), (k, 1, V)), "=", a ** (V**2)
    yield Product(Product(a, (h, k, 2)), (k, 1, V)), "=", Product(a ** (3 - k), (k, 1, V))
    yield Sum(Product(0, (h, k, 2)), (k, 1, V)), "=", 0
    yield Sum(Product(x, (h, k, 2)), (k, 1, V)), "=", Sum(x ** (3 - k), (k, 1, V))


def products() -> Iterator[Statement]:
    for low, high in LOOSE:
        yield Product(0, (k, low, high)), "≤", 0
        yield Product(-1, (k, low, high)), "<", 0
        yield Product(a, (k, low, high)), "=", a ** (high - low + 1)
    for low, high in ((1, V), (2, V), (0, m), (1, V - 1)):
        yield Product(x, (k, low, high)), "≥", 0
        yield Product(rho, (k, low, high)), "<", rho
        yield Product(k + x, (k, low, high)), "=", Product(k, (k, low, high)) + x
        yield Product(a * k, (k, low, high)), "=", a * Product(k, (k, low, high))
    yield Product(-k, (k, 1, V)), "=", -Product(k, (k, 1, V))
    yield Product(-2, (k, 1, V)), "=", 2**V
    yield Product(x, (k, 1, V)), "=", Abs(x) ** V
    yield log(Product(x**2, (k, 1, V))), "=", 2 * V * log(x)


def derivatives() -> Iterator[Statement]:
    for low, high in ((3, V), (V, 4), (n, M), (1, V - 2), (2, m - 1)):
        yield Derivative(Sum(log(a * k), (k, low, high)), a), "=", (high - low + 1) / a
        yield Derivative(Product(a, (k, low, high)), a), "=", (high - low + 1) * a ** (high - low)
        yield Derivative(Sum(x**2, (k, low, high)), x), "=", 2 * x * (high - low + 1)
    for low, high in ((2, V), (1, V - 1), (1, j)):
        yield Derivative(Sum(f[k], (k, low, high)), f[y]), "=", 1
        yield Derivative(Sum(f[k] ** 2, (k, low, high)), f[y]), "=", 2 * f[y]
    yield Derivative(Sum(f[k], (k, 1, V)), f[y]), "=", V
    yield Derivative(Sum(f[k] * f[i], (k, 1, V)), f[i]), "=", Sum(f[k], (k, 1, V))
    yield Derivative(f[i] * f[j], f[i]), "=", f[j]
    yield Derivative(f[i] ** 2, f[j]), "=", 2 * f[j]
    yield Derivative(log(x**2), x), "=", 1 / x
    yield Derivative(x**2 * a, a), "=", 2 * x


def powers() -> Iterator[Statement]:
    yield sqrt(x**2), "=", x
    yield exp(log(x**2) / 2), "=", x
    yield (x**2) ** Rational(3, 2), "=", x**3
    yield (x**4) ** Rational(1, 4), "=", x
    yield (x**2 * w**2) ** Rational(1, 2), "=", x * w
    yield (x**2 + 2 * x + 1) ** Rational(1, 2), "=", x + 1
    yield exp(log((x - w) ** 2) / 2), "=", x - w
    yield log(x**2), "=", 2 * log(Abs(x)) + 1
    yield (x * w) ** m, "=", x**m + w**m
    yield (-1) ** m, "=", 1
    yield (-2) ** m, "=", 2**m
    yield (-a) ** m, "=", -(a**m)
    yield x ** (2 * m), "=", x**m
    yield x ** (m + n), "=", x**m + x**n
    yield (x + w) ** m, "=", x**m + w**m
    yield (-1) ** (2 * m + 1), "=", 1
    yield Abs(x + w), "=", Abs(x) + Abs(w)
    yield Abs(x - w), "=", x - w
    yield Abs(x) * Abs(w), "=", x * w
    yield log(a * b), "=", log(a) * log(b)
    yield log(a + b), "=", log(a) + log(b)
    yield exp(x + w), "=", exp(x) + exp(w)
    yield a ** (x * w), "=", a**x * a**w
    yield log(x**4), "=", 4 * log(Abs(x)) + log(2)
    yield Float("1e-400"), "=", 0
    yield Integer(10) ** 30 + x, "=", x
    yield Rational(99999999, 10**8), "=", Rational(99999998, 99999999)
    yield 0**m + x, "=", x + 1
    yield x ** (V / 2), "=", sqrt(x**V)
    yield exp(log(x**2) / 2, evaluate=False), "=", x
    yield exp(log(x**4) / 4, evaluate=False), "=", x
    yield exp(m * log(x**2) / 2, evaluate=False), "=", x**m


def closed_forms() -> Iterator[Statement]:
    for high, base in product((m, m - 1, V, n + 1), (a, x, rho)):
        yield Sum(base**k, (k, 0, high)), "=", (1 - base**high) / (1 - base)
        yield Sum(base**k, (k, 1, high)), "=", (1 - base ** (high + 1)) / (1 - base)
    for high in (V - 3, j - 2, n - 2, V - m):
        yield Sum(a**k, (k, 0, high)), "=", (1 - a ** (high + 1)) / (1 - a)
    yield Sum(a**k, (k, V, n)), "=", (a**V - a ** (n + 1)) / (1 - a)
    yield Sum(k, (k, 1, V - 3)), "=", (V - 3) * (V - 2) / 2
    yield Sum(k**2, (k, n, V)), "=", (V * (V + 1) * (2 * V + 1) - (n - 1) * n * (2 * n - 1)) / 6
    yield Sum(binomial(m, k), (k, 1, m)), "=", 2**m
    yield Sum(binomial(m, k), (k, 0, m - 1)), "=", 2**m
    yield Sum(binomial(m, k), (k, 0, n)), "=", 2**m
    yield Sum(binomial(m + 1, k), (k, 0, m)), "=", 2 ** (m + 1)
    yield Sum(binomial(m, k) * a**k, (k, 0, m)), "=", a**m + 1
    yield Sum(binomial(m, k) * x**k * w ** (m - k), (k, 0, m)), "=", (x - w) ** m
    yield Sum(binomial(m, k) * x**k, (k, 1, m + 1)), "=", (1 + x) ** m
    yield Sum(binomial(m, k) * (-1) ** k, (k, 0, m)), "=", 1
    yield Sum(binomial(m - 1, k) * (-1) ** k, (k, 0, m - 1)), "=", 0
    yield Sum(k * binomial(m, k), (k, 0, m)), "=", 2**m


def factorials() -> Iterator[Statement]:
    yield factorial(m + 1), "=", m * factorial(m)
    yield factorial(m + n), "=", factorial(m) * factorial(n)
    yield factorial(2 * m), "=", 2 * factorial(m)
    yield factorial(m), "=", Product(k, (k, 1, m - 1))
    yield factorial(m), "=", Product(k, (k, 0, m))
    yield log(factorial(m)), "=", Sum(log(k), (k, 1, m + 1))
    yield binomial(n, m), "=", binomial(m, n)
    yield binomial(n, m), "=", binomial(n, m + 1)
    yield binomial(n + 1, m), "=", binomial(n, m) + binomial(n, m + 1)
    yield binomial(n, m), ">", 0
    yield binomial(n, 2), "=", n * (n + 1) / 2
    yield binomial(n, n - 1), "=", n - 1
    yield binomial(n, m) * m, "=", n * binomial(n, m - 1)
    yield binomial(2 * m, m), "=", 2 ** (2 * m)
    yield binomial(n, m), "≥", 1
    yield factorial(m), ">", m
    yield binomial(n, g), ">", 1
    yield Sum(binomial(k, 2), (k, 1, m)), "=", binomial(m, 3)


def orders() -> Iterator[Statement]:
    softmax = exp(f[j]) / Sum(exp(f[k]), (k, 1, V))
    yield softmax, "<", 1
    yield p[j], "<", 1
    yield Sum(p[k] * log(p[k]), (k, 1, V)), "<", 0
    yield p[i] + p[j], "≤", 1
    yield Sum(pos[k], (k, 1, V)), ">", pos[j]
    yield Sum(pos[k], (k, 2, V)), "≥", pos[j]
    yield Sum(pos[k], (k, 1, V)), "≥", pos[i] + pos[j]
    yield Sum(pos[k], (k, 1, V - 1)), ">", 0
    yield Sum(pos[k], (k, j, V)), "≥", pos[i]
    yield Sum(pos[k], (k, 1, V)) + KroneckerDelta(i, j), ">", pos[i] + pos[j]
    yield Sum(pos[k], (k, 1, V)), "≥", (pos[i] + pos[j]) * (1 - KroneckerDelta(i, j + 1))
    yield log(V), ">", 0
    yield log(W - 1), ">", 0
    yield V - 2, "≥", 0
    yield V - n, "≥", 0
    yield V - g, "≥", 0
    yield V, "≤", 40
    yield j * g, "≤", V
    yield V * n - j * g, ">", 0
    yield x**3, "≥", 0
    yield exp(x), "≥", 2 * x + 1
    yield log(a), "≤", a - 2
    yield rho**2, "≥", rho
    yield x * w, "≥", 0
    yield x**2 + w**2, ">", 0
    yield Product(pos[k], (k, 1, V)), "≤", pos[j]
    yield Sum(k, (k, n, V)), ">", 0
    yield Sum(log(k), (k, 1, V)), ">", 0
    yield Sum(z[k] ** 2, (k, 1, V)), ">", 0
    yield log(rho * V), "<", 0
    yield Integer(10) ** 40 * log(2) - 6931471805599453094172321214581765680755, ">", 1


KINDS = (
    counting, reversing, splitting, shifting, letters, deltas, nested, products, derivatives, powers, closed_forms,
    factorials, orders,
)  # fmt: skip
LEAST_FALSE = {
    counting: 90, reversing: 60, splitting: 60, shifting: 30, letters: 45, deltas: 46, nested: 16, products: 76,
    derivatives: 27, powers: 32, closed_forms: 39, factorials: 18, orders: 31,
}  # fmt: skip


def holds(condition: Condition, env: dict[Any, Any]) -> bool:
    """Whether a point satisfies a condition, for each value of its letters."""

    def for_all(over: tuple[Any, ...], inner: dict[Any, Any]) -> bool:
        if not over:
            number = value(condition.expr, inner)
            return {"≠ 0": number != 0, "> 0": number > 0, "≥ 0": number >= 0}[condition.relation]
        (letter, low, high), *rest = over
        values = range(int(value(low, inner)), int(value(high, inner)) + 1)
        return all(for_all(tuple(rest), {**inner, letter: number}) for number in values)

    try:
        return for_all(condition.over, env)
    except NoValue:
        return False


def slope(expr: Derivative, env: dict[Any, Any]) -> float:
    """A central difference over fractions, exact up to 1e-12 for what stands here."""
    ((variable, _),) = expr.variable_count
    step = Rational(1, 10**6)
    ends = []
    for by in (step, -step):
        moved = dict(env)
        if variable in env:
            moved[variable] = env[variable] + value(by, {})
        else:
            entries = list(env[variable.base.label])
            entries[int(value(variable.indices[0], env)) - 1] += value(by, {})
            moved[variable.base.label] = entries
        ends.append(value(expr.expr, moved))
    return float(ends[0] - ends[1]) / (2 * float(step))


def side(expr: Expr, env: dict[Any, Any]) -> Any:
    return slope(expr, env) if isinstance(expr, Derivative) else value(expr, env)


def false_points(left: Expr, relation: str, right: Expr) -> list[dict[Any, Any]]:
    """The points, of 150 random ones, at which both sides have values that break the relation."""
    rng, found = random.Random(5), []
    symbols = symbols_of(left, right)
    for _ in range(150 if symbols else 1):
        env = point(symbols, rng)
        try:
            one, other = side(left, env), side(right, env)
        except (NoValue, OverflowError):
            continue
        tolerant = isinstance(left, Derivative) and abs(one - other) < 1e-4 * max(1, abs(other))
        if breaks(one, relation, other) and not tolerant:
            found.append(env)
    return found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_false_statement_of_the_kind_is_proved(kind: Callable[[], Iterator[Statement]]) -> None:
    """Neither without conditions, nor with conditions that a point satisfies at which it is false.

    A few of the statements that a pattern gives are true; they say nothing here.
    """
    statements = [(sympify(left), relation, sympify(right)) for left, relation, right in kind()]
    false = 0
    for statement in statements:
        broken = false_points(*statement)
        false += bool(broken)
        try:
            with limited(3.0):
                proof = prove(*statement)
        except OutOfBudget:
            continue
        if proof is not None:
            wrong = [env for env in broken if all(holds(condition, env) for condition in proof.conditions)]
            assert not wrong, (statement, proof, wrong[0])
    assert false >= LEAST_FALSE[kind]
