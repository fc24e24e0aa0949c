"""Powers, roots, logarithms, divisions that cancel, factorials and binomials."""

from sympy import Abs, Integer, Rational, S, binomial, exp, factorial, log, sqrt

from grader.algebra import over, plus, times
from tests.hunt.draws import Draw
from tests.hunt.letters import M, T, V, a, b, c, i, j, k, l, m, n, o, p, r, s, u, x, z
from tests.hunt.shapes.registry import Sides, order, prod, shape, total

EXPONENTS = (
    Integer(2),
    Integer(3),
    Integer(-1),
    Integer(-2),
    Rational(1, 2),
    Rational(-1, 2),
    Rational(1, 3),
    Rational(2, 3),
    Rational(3, 2),
    Integer(0),
    x,
    a,
    V,
    j,
    2 * V,
    1 - V,
    1 / a,
    b,
    u,
)


@shape("power", 3)
def laws_of_powers(d: Draw) -> Sides:
    one, other = d.one((d.quantity(), d.quantity(), d.positive())), d.one((d.quantity(), d.positive()))
    e, w = d.one(EXPONENTS), d.one(EXPONENTS)
    return d.lazily(
        lambda: ((one**e) ** w, "=", one ** (e * w)),
        lambda: ((one * other) ** e, "=", one**e * other**e),
        lambda: (one**e * one**w, "=", one ** (e + w)),
        lambda: ((one / other) ** e, "=", one**e / other**e),
        lambda: (sqrt(one**2), "=", d.one((one, -one, Abs(one)))),
        lambda: ((one**2) ** e, "=", one ** (2 * e)),
        lambda: ((one + other) ** e, d.rng.choice("=≤≥"), one**e + other**e),
        lambda: ((-one) ** e, "=", d.one((one**e, -(one**e)))),
        lambda: (Abs(one) ** e, "=", one**e),
        lambda: (Abs(one * other), "=", d.one((one * Abs(other), Abs(one) * Abs(other), one * other))),
        lambda: (Abs(one + other), d.rng.choice("=≤≥<"), Abs(one) + Abs(other)),
        lambda: (one**e, order(d.rng), d.one((S.Zero, S.Zero, S.One))),
        lambda: (one**w, order(d.rng), one**e),
        lambda: (exp(one) ** e, "=", exp(one * e)),
        lambda: (exp(one * other), "=", d.one((exp(one) ** other, exp(one) + exp(other)))),
        lambda: (exp(one + other), d.rng.choice("=≤"), d.one((exp(one) * exp(other), exp(one) + exp(other)))),
        lambda: (one**0, "=", d.one((S.Zero, S.One))),
        lambda: (sqrt(one) * sqrt(other), "=", sqrt(one * other)),
        lambda: (sqrt(one) / sqrt(other), "=", sqrt(one / other)),
        lambda: (1 / one**e, "=", one ** (-e)),
        lambda: (sqrt(one**2 * other), "=", one * sqrt(other)),
        lambda: (sqrt(one**2 + 2 * one * other + other**2), "=", d.one((one + other, Abs(one + other)))),
        lambda: ((one**6) ** Rational(1, 3), "=", one**2),
        lambda: (sqrt(one**4), "=", d.one((one**2, one))),
        lambda: ((one**3) ** Rational(1, 3), "=", one),
    )


@shape("power")
def powers_of_minus_one(d: Draw) -> Sides:
    at = d.one((V, j, V - j, j + s, 2 * V, V - m, 2 * j + 1))
    base = d.one((Integer(-1), Integer(-1), Integer(-2), -a, 2 - V, j - 2))
    return d.lazily(
        lambda: (
            base**at,
            d.rng.choice("=≤≥<"),
            d.one((S.One, -S.One, -((base * -1) ** at), base ** (at + 2), S.Zero)),
        ),
        lambda: (base ** (2 * at), "=", d.one((S.One, (base**2) ** at))),
        lambda: (base**at * base**at, "=", d.one((S.One, base ** (2 * at), -S.One))),
        lambda: (total(base**k, k, 1, at), d.rng.choice("=≤"), d.one((S.Zero, -S.One))),
        lambda: (base ** (at + 1), "=", d.one((base * base**at, -(base**at)))),
        lambda: (Abs(base**at), "=", d.one((S.One, (-base) ** at, base**at))),
    )


@shape("logarithm", 3)
def laws_of_logarithms(d: Draw) -> Sides:
    one, other = d.one((d.quantity(), d.quantity(), d.positive())), d.one((d.quantity(), d.positive()))
    e = d.one(EXPONENTS)
    return d.lazily(
        lambda: (log(one * other), "=", log(one) + log(other)),
        lambda: (log(one / other), "=", log(one) - log(other)),
        lambda: (log(one**e), "=", e * log(one)),
        lambda: (log(one + other), "=", log(one) + log(other)),
        lambda: (log(one**2), "=", 2 * d.one((log(one), log(Abs(one)), log(-one)))),
        lambda: (log(1 / one), "=", -log(one)),
        lambda: (exp(log(one)), "=", one),
        lambda: (log(exp(one)), "=", one),
        lambda: (log(one) / log(other), "=", log(one / other)),
        lambda: (exp(e * log(one)), "=", one**e),
        lambda: (log(one * other), "=", log(one) * log(other)),
        lambda: (log(sqrt(one)), "=", log(one) / 2),
        lambda: (log(one**2 * other), "=", 2 * log(one) + log(other)),
        lambda: (exp(log(one) + log(other)), "=", one * other),
        lambda: (log(-one), "=", -log(one)),
        lambda: (log(one**2 * other**2), "=", 2 * log(one * other)),
        lambda: (log(one, 2), "=", d.one((log(one) / log(2), log(2) / log(one), log(one)))),
        lambda: (log(one), order(d.rng), d.one((log(other), one, S.Zero, one - 1, log(one + 1)))),
        lambda: (log(Abs(one)), "=", d.one((log(one), log(one**2) / 2))),
        lambda: (exp(one * log(other)), "=", d.one((other**one, one**other, other * exp(one)))),
        lambda: (log(one**3), "=", 3 * log(one)),
    )


@shape("logarithm")
def logs_of_sums(d: Draw) -> Sides:
    low, high = d.bounds()
    factor = d.one((d.positive(), d.quantity(), a, -a, k))
    term = d.one((d.body(k), c[k], a, k**2, k))
    whole = total(term, k, low, high)
    return d.lazily(
        lambda: (log(total(factor * term, k, low, high)), "=", log(factor) + log(whole)),
        lambda: (total(log(term), k, low, high), "=", log(whole)),
        lambda: (log(whole), d.rng.choice("=≥≤"), total(log(term), k, low, high)),
        lambda: (total(log(term**2), k, low, high), "=", 2 * total(log(term), k, low, high)),
        lambda: (exp(total(log(term), k, low, high)), "=", prod(term, k, low, high)),
        lambda: (log(total(a, k, low, high)), "=", log(a) + log(high - low + 1)),
        lambda: (total(log(a), k, low, high), "=", log(a ** (high - low + 1))),
        lambda: (log(exp(whole)), "=", whole),
    )


@shape("condition", 2)
def cancelled(d: Draw) -> Sides:
    """What cancels may be 0 where the statement has no value, or another one."""
    one, other, beside = d.quantity(), d.quantity(), d.one((d.quantity(), d.constant()))
    sum_of = total(d.one((z[k], k, k - 1, x, a)), k, *d.bounds())
    return d.lazily(
        lambda: (over(times(one, other), one), "=", d.one((other, one, S.One))),
        lambda: (over(one**2 - beside**2, plus(one, -beside)), "=", d.one((one + beside, one - beside))),
        lambda: (times(one, over(S.One, one)), d.rng.choice("=≤"), d.one((S.One, S.Zero))),
        lambda: (over(S.Zero, one), "=", d.one((S.Zero, S.One))),
        lambda: (over(times(sum_of, other), sum_of), "=", d.one((other, S.One))),
        lambda: (over(one, other), "=", d.one((over(other, one), over(-one, -other), over(-one, other)))),
        lambda: (over(plus(one, other), other), "=", d.one((one / other + 1, one, one + 1))),
        lambda: (
            plus(over(one, other), over(beside, other)),
            "=",
            d.one((over(one + beside, other), over(one + beside, 2 * other))),
        ),
        lambda: (
            over(S.One, plus(one, other)),
            "=",
            d.one((1 / one + 1 / other, over(S.One, plus(other, one)))),
        ),
        lambda: (times(0, log(one)), "=", d.one((S.Zero, log(one)))),
        lambda: (over(one**2, Abs(one)), "=", d.one((Abs(one), one))),
        lambda: (over(Abs(one), one), d.rng.choice("=≤"), d.one((S.One, -S.One))),
        lambda: (over(x**2 - 3 * x + 2, x - 1), "=", d.one((x - 2, x + 2))),
        lambda: (total(over(k, k), k, *d.bounds()), "=", d.size()),
        lambda: (one**0, "=", over(one, one)),
        lambda: (times(log(one), 0), "≤", d.one((S.Zero, -a))),
        lambda: (over(log(one**2), log(one)), "=", Integer(2)),
        lambda: (one / (1 - one) + 1, "=", d.one((1 / (1 - one), 1 / one))),
    )


@shape("factorial", 2)
def factorials(d: Draw) -> Sides:
    top, below = (
        d.one((V, m, V - 1, m + 1, M, V + m, j, V - j)),
        d.one((V, j, s, Integer(1), Integer(2), S.Zero, V - 1, m)),
    )
    low = d.one((S.One, S.One, S.Zero, Integer(2), Integer(3)))
    return d.lazily(
        lambda: (
            factorial(top),
            "=",
            d.one(
                (
                    prod(k, k, low, top),
                    top * factorial(top - 1),
                    (top - 1) * factorial(top - 1),
                    factorial(top + 1) / top,
                )
            ),
        ),
        lambda: (
            log(factorial(top)),
            "=",
            d.one((total(log(k), k, low, top), top * log(top) - top, log(top) + log(factorial(top - 1)))),
        ),
        lambda: (
            binomial(top, below),
            "=",
            d.one(
                (
                    binomial(top, top - below),
                    binomial(top, below + 1),
                    factorial(top) / factorial(below) / factorial(top - below),
                )
            ),
        ),
        lambda: (
            binomial(top + 1, below),
            "=",
            binomial(top, below)
            + d.one((binomial(top, below - 1), binomial(top, below + 1), binomial(top - 1, below))),
        ),
        lambda: (
            total(binomial(top, k), k, low, d.one((top, top, top - 1, below))),
            "=",
            d.one((2**top, 2**top - 1, 2 ** (top - 1))),
        ),
        lambda: (
            total(binomial(top, k) * u**k * (1 - u) ** (top - k), k, low, top),
            d.rng.choice("=≤<"),
            S.One,
        ),
        lambda: (total(k * binomial(top, k), k, low, top), "=", d.one((top * 2 ** (top - 1), top * 2**top))),
        lambda: (total((-1) ** k * binomial(top, k), k, low, top), "=", d.one((S.Zero, S.One, -S.One))),
        lambda: (total(binomial(k, below), k, below, top), "=", binomial(top + 1, below + d.one((1, 0)))),
        lambda: (factorial(top), order(d.rng), d.one((S.One, top, 2**top, top**2, S.Zero, factorial(below)))),
        lambda: (binomial(top, below), order(d.rng), d.one((S.One, S.Zero, top, 2**top))),
        lambda: (binomial(top, 2), "=", d.one((top * (top - 1) / 2, top * (top + 1) / 2))),
        lambda: (factorial(top + below), d.rng.choice("=≥"), factorial(top) * factorial(below)),
        lambda: (factorial(2 * top), "=", 2 * factorial(top)),
        lambda: (
            factorial(n) / prod(factorial(k), k, low, V),
            "=",
            exp(log(factorial(n)) - total(log(factorial(k)), k, d.one((low, S.One)), V)),
        ),
        lambda: (binomial(top, 1), "=", d.one((top, S.One))),
        lambda: (binomial(top, 0) + binomial(top, top), d.rng.choice("=≤"), d.one((Integer(2), S.One))),
    )


@shape("power")
def powers_under_sums(d: Draw) -> Sides:
    low, high = d.bounds()
    base = d.one((k, k - 1, 2 - k, a, x, Abs(k), z[j], -k, k + x))
    e = d.one(EXPONENTS)
    outer = d.one((Integer(2), Rational(1, 2), Integer(-1)))
    return d.lazily(
        lambda: (total((base**e) ** outer, k, low, high), "=", total(base ** (e * outer), k, low, high)),
        lambda: (total(sqrt(base**2), k, low, high), d.rng.choice("=≥"), total(base, k, low, high)),
        lambda: (
            total(base**e, k, low, high) ** outer,
            d.rng.choice("=≥≤"),
            total(base ** (e * outer), k, low, high),
        ),
        lambda: (total(base**e, k, low, high), order(d.rng), S.Zero),
        lambda: (total(base**2, k, low, high), order(d.rng), total(base, k, low, high)),
        lambda: (total(T**k, k, low, high), order(d.rng), d.one((S.Zero, S.One))),
        lambda: (total(log(base**2), k, low, high), "=", 2 * total(log(base), k, low, high)),
        lambda: (total(exp(log(base)), k, low, high), "=", total(base, k, low, high)),
        lambda: (total(p[i] ** k, k, low, high), order(d.rng), d.one((S.One, S.Zero, p[i]))),
        lambda: (total(r[k] ** 2, k, low, high), order(d.rng), total(r[k], k, low, high)),
        lambda: (prod(base**e, k, low, high), "=", prod(base, k, low, high) ** e),
        lambda: (total(u**k, k, low, high), order(d.rng), d.one((u / (1 - u), 1 / (1 - u), S.One))),
        lambda: (total(z[j] ** s, k, low, high), "=", z[j] ** s * (high - low + 1)),
        lambda: (total(b**2, k, low, high), "=", b**2 * n),
    )


@shape("condition")
def conditions_side_by_side(d: Draw) -> Sides:
    """Sums that are defined for some values only, over the same or other ranges; the right side names other letters."""
    terms = []
    for _ in range(d.rng.choice((2, 2, 3))):
        low, high = d.one(((S.One, V), (S.One, V), (S.One, V - 1), (Integer(2), V), (S.One, j), (S.One, m)))
        term = d.one(
            (
                log(z[k]),
                1 / z[k],
                sqrt(z[k]),
                1 / (x + k),
                log(x + k),
                1 / (z[k] - x),
                log(x),
                1 / (1 - x),
                log(z[j]),
            )
        )
        terms.append((term, low, high) if term.has(k) else (term, None, None))
    sides = []
    for letters in ((k, k, k), d.one(((k, k, k), (l, k, o), (k, l, l)))):
        parts = [part if low is None else total(part.xreplace({k: at}), at, low, high)
                 for (part, low, high), at in zip(terms, letters, strict=False)]  # fmt: skip
        sides.append(plus(*parts, x))
    return sides[0], d.rng.choice("=≤≥"), sides[1] + d.one((0, 0, x, -a))
