"""Sums with a closed form: powers of the letter, geometric sums, the binomial theorem; and nested ranges that count."""

from sympy import Abs, Expr, Integer, Rational, S, binomial, exp, factorial, log

from tests.hunt.draws import Draw
from tests.hunt.letters import M, Q, T, V, W, Y, a, b, e, g, i, j, k, l, m, n, o, p, s, u, w, x, z
from tests.hunt.shapes.registry import Sides, order, prod, shape, total


def power_sum(degree: int, last: Expr) -> Expr:
    """Return 1^degree + … + last^degree for last ≥ 0, as a polynomial."""
    forms = (
        last,
        last * (last + 1) / 2,
        last * (last + 1) * (2 * last + 1) / 6,
        last**2 * (last + 1) ** 2 / 4,
    )
    return forms[degree]


@shape("closed form", 2)
def sums_of_powers(d: Draw) -> Sides:
    (low, high), degree = d.bounds(), d.rng.randrange(4)
    factor = d.one((S.One, x, a, j, z[i], -u))
    below = d.one((low - 1, low - 1, low))
    right = factor * (power_sum(degree, high) - power_sum(degree, below))
    return total(factor * k**degree, k, low, high), d.rng.choice("====≤≥"), right


@shape("closed form")
def polynomial_in_the_letter(d: Draw) -> Sides:
    low, high = d.bounds()
    term = (k - d.bound()) * d.one((k, k + 1, S.One, k - d.index(), V - k))
    right = (
        total(term.expand(), k, low, high)
        if d.chance(0.3)
        else term.xreplace({k: high}) * (high - low + 1) / 2
    )
    return total(term, k, low, high), d.rng.choice("=≤≥"), right


@shape("closed form", 2)
def geometric(d: Draw) -> Sides:
    low, high = d.one((d.bounds(), d.bounds(), (S.Zero, V - 1), (S.One, V), (S.Zero, j), (j, V)))
    ratio = d.one(
        (x, a, u, 1 - u, Integer(2), Rational(1, 2), exp(x), x * a, -a, 1 / a, x**2, z[j], S.One, x - 1, a**2)
    )
    first, after = ratio**low, ratio ** (high + d.one((1, 1, 1, 0)))
    side = d.one(((first - after) / (1 - ratio), (after - first) / (ratio - 1), (1 - after) / (1 - ratio)))
    return d.lazily(
        lambda: (total(ratio**k, k, low, high), "=", side),
        lambda: (total(b * ratio**k, k, low, high), "=", b * side),
        lambda: ((1 - ratio) * total(ratio**k, k, low, high), "=", first - after),
        lambda: (total(ratio ** (k - 1), k, low, high), "=", side / ratio),
        lambda: (total(ratio ** (2 * k), k, low, high), "=", (first**2 - after**2) / (1 - ratio**2)),
        lambda: (total(k * ratio**k, k, low, high), "=", ratio * side),
        lambda: (total(ratio**k, k, low, high), order(d.rng), 1 / (1 - ratio)),
        lambda: (total(ratio**k, k, low, high) * ratio, "=", total(ratio**k, k, low + 1, high + 1)),
        lambda: (total(ratio**k, k, low, high), "=", ratio**low * total(ratio**k, k, 0, high - low)),
    )


@shape("binomial theorem", 2)
def binomial_theorem(d: Draw) -> Sides:
    top = d.one((V, m, V - 1, j, V - 2, V + 1, Integer(3), V - j))
    one, other = (
        d.one((x, b, u, -a, z[j], S.One, -S.One, S.Zero)),
        d.one((a, 1 - u, b, S.One, 1 - x, z[i], S.Zero)),
    )
    low, high = d.one(
        (
            (S.Zero, top),
            (S.Zero, top),
            (S.Zero, top),
            (S.One, top),
            (S.Zero, top - 1),
            (S.Zero, V),
            d.bounds(),
        )
    )
    by = d.one((0, 0, 0, 1, -1))
    term = binomial(top, k + by) * one ** (k + d.one((0, 0, by))) * other ** (top - k)
    return (
        total(term, k, low, high),
        d.rng.choice("====≤"),
        d.one(((one + other) ** top, (one + other) ** top, (one + other) ** (top - 1))),
    )


@shape("binomial theorem")
def sums_of_coefficients(d: Draw) -> Sides:
    top, below = d.one((V, m, V - 1, V + m, j)), d.one((k, k + 1, k - 1, V - k, m - k))
    low, high = d.one(
        ((S.Zero, top), (S.One, top), (S.Zero, V), (S.Zero, top - 1), (Integer(-2), top + 2), d.bounds())
    )
    return d.lazily(
        lambda: (total(binomial(top, below), k, low, high), "=", d.one((2**top, 2**top - 1, 2 ** (top - 1)))),
        lambda: (total((-1) ** k * binomial(top, below), k, low, high), "=", d.one((S.Zero, S.One))),
        lambda: (total(binomial(top, k) ** 2, k, low, high), "=", binomial(2 * top, top)),
        lambda: (total(binomial(V, k) * binomial(m, j - k), k, 0, d.one((j, V))), "=", binomial(V + m, j)),
        lambda: (total(k * binomial(top, k) * u**k * (1 - u) ** (top - k), k, low, high), "=", top * u),
        lambda: (total(binomial(top, k), k, low, high), order(d.rng), d.one((S.One, 2**top, top))),
        lambda: (k * binomial(top, k), "=", top * binomial(top - 1, k - d.one((1, 0)))),
        lambda: (
            binomial(top, j) * factorial(j),
            d.rng.choice("=≤"),
            d.one((prod(top - k, k, 0, j - 1), prod(top - k, k, 0, j), factorial(top))),
        ),
    )


@shape("factorial")
def quotients_of_factorials(d: Draw) -> Sides:
    top, below = d.one((V, m, V + 1, V - 1, 2 * V, V + m)), d.one((V, j, V - 1, V - 2, m, j - 1))
    low = d.one((S.One, S.One, S.Zero, Integer(2)))
    return d.lazily(
        lambda: (
            factorial(top) / factorial(below),
            "=",
            d.one((prod(k, k, below + 1, top), prod(k, k, below, top), top)),
        ),
        lambda: (log(factorial(top)) - log(factorial(below)), "=", total(log(k), k, below + 1, top)),
        lambda: (total(log(k), k, low, top), d.rng.choice("==≤≥"), log(factorial(top))),
        lambda: (
            total(log(k), k, low, top),
            order(d.rng),
            d.one((top * log(top), S.Zero, total(log(top), k, 1, top))),
        ),
        lambda: (prod(k, k, low, top), "=", factorial(top)),
        lambda: (prod(k + below, k, 1, top), "=", factorial(top + below) / factorial(below)),
        lambda: (prod(2 * k, k, low, top), "=", 2**top * factorial(top)),
        lambda: (prod(top - k, k, 0, d.one((top - 1, top, top - 2))), "=", factorial(top)),
        lambda: (total(k * factorial(k), k, low, top), "=", factorial(top + 1) - 1),
        lambda: (total(1 / factorial(k), k, low, top), order(d.rng), d.one((exp(1), S.One, Integer(3)))),
        lambda: (factorial(top), order(d.rng), factorial(below)),
        lambda: (factorial(below), "=", below * factorial(below - 1)),
    )


@shape("nested", 2)
def counts_of_nested_ranges(d: Draw) -> Sides:
    """The inner range may be empty for some values of the outer letter; then its count is 0 there, never below."""
    last = d.size()
    low, high = d.one(
        (
            (S.One, k),
            (k, last),
            (k + 1, last),
            (S.One, k - 1),
            (S.One, k - 2),
            (k, V),
            (S.One, V - k),
            d.bounds((k,)),
        )
    )
    begin, end = d.one(((S.One, last), (S.Zero, last), (Integer(2), last), (S.One, last - 1), d.bounds()))
    term = d.one((S.One, x, a, l, k, x * l))
    inner = total(term, l, low, high)
    counted = {
        S.One: high - low + 1,
        x: x * (high - low + 1),
        a: a * (high - low + 1),
        k: k * (high - low + 1),
    }
    form = counted.get(
        term,
        power_sum(1, high) - power_sum(1, low - 1)
        if term == l
        else x * (power_sum(1, high) - power_sum(1, low - 1)),
    )
    return (
        total(inner, k, begin, end),
        d.rng.choice("===≤≥"),
        d.one((total(form, k, begin, end), last * (last + 1) / 2, last * (last - 1) / 2)),
    )


@shape("nested")
def signs_under_nested_ranges(d: Draw) -> Sides:
    low, high = d.one(((S.One, k), (k, V), (k + 1, V), (S.One, k - 1), (k - 1, V), d.bounds((k,))))
    begin, end = d.one(((S.One, V), (Integer(2), V), (S.One, V - 1), (S.Zero, V), (S.One, j)))
    term = d.one(
        (
            a,
            u,
            k - l,
            l - k,
            k * l,
            l,
            k - 1,
            V - k,
            Abs(l),
            S.One,
            k - l + 1,
            log(k),
            log(l),
            p[k],
            (l - k) * a,
            1 / k,
        )
    )
    relation, bound = order(d.rng), d.one((S.Zero, S.Zero, S.One, a))
    return d.lazily(
        lambda: (total(total(term, l, low, high), k, begin, end), relation, bound),
        lambda: (prod(total(term, l, low, high), k, begin, end), relation, bound),
        lambda: (total(1 / total(term, l, low, high), k, begin, end), relation, bound),
        lambda: (
            log(total(total(term, l, low, high), k, begin, end)),
            d.rng.choice("=≤"),
            log(total(term, k, begin, end)),
        ),
        lambda: (total(prod(term, l, low, high), k, begin, end), relation, bound),
        lambda: (
            total(Abs(total(term, l, low, high)), k, begin, end),
            "=",
            total(total(term, l, low, high), k, begin, end),
        ),
    )


@shape("nested")
def powers_of_sums(d: Draw) -> Sides:
    """The square of a sum is a sum over two letters, also of a sum that holds others."""
    (low, high), (first, last) = d.bounds(), d.bounds((k,))
    one, other = d.body(k), d.body(l)
    inner = total(other, l, first, last)
    return d.lazily(
        lambda: (
            total(one, k, low, high) ** 2,
            d.rng.choice("=≤≥"),
            d.one(
                (
                    total(total(one * one.xreplace({k: l}), l, low, high), k, low, high),
                    total(one**2, k, low, high),
                )
            ),
        ),
        lambda: (
            total(inner**2, k, low, high),
            d.rng.choice("=≥"),
            d.one((total(total(other**2, l, first, last), k, low, high), total(inner, k, low, high) ** 2)),
        ),
        lambda: (
            total(one, k, low, high) * total(other, l, low, high),
            "=",
            total(total(one * other, l, low, d.one((high, k))), k, low, high),
        ),
        lambda: (
            total(one * inner, k, low, high),
            "=",
            total(total(one * other, l, first, last), k, low, high),
        ),
        lambda: (
            total(one * inner, k, low, high),
            "=",
            total(one, k, low, high) * inner.xreplace({k: d.one((high, low, V))}),
        ),
        lambda: (
            total(total(one + other, l, first, last), k, low, high),
            "=",
            total(one, k, low, high) + total(inner, k, low, high),
        ),
    )


@shape("families")
def shorter_families(d: Draw) -> Sides:
    """Families over 1 … V − 1 and indices that end elsewhere, a range or two of which may be empty."""
    at = d.letter()
    low, high = d.one(
        (
            (S.One, V - 1),
            (S.One, V - 1),
            (S.One, V),
            (S.One, V - 2),
            (Integer(2), V),
            (S.One, Y),
            (Y, V),
            (Y + 1, V),
        )
    )
    term = d.one((w[at], Q[at], Q[at] * x, x, w[at] ** 2, at, Q[at] * log(Q[at])))
    return d.lazily(
        lambda: (
            total(term, at, low, high),
            d.rng.choice("==≤≥<"),
            d.one((S.One, S.Zero, x, V - 1, x * V, total(term, at, 1, V))),
        ),
        lambda: (
            total(term, at, 1, V - 1),
            d.rng.choice("=≤≥"),
            d.one(
                (
                    total(term, at, 1, V - 2) + term.xreplace({at: V - 1}),
                    total(term, at, 2, V - 1) + term.xreplace({at: S.One}),
                )
            ),
        ),
        lambda: (Y, order(d.rng), d.one((V, V - 1, V - 2, S.One, i, m))),
        lambda: (e, order(d.rng), d.one((Integer(3), Integer(2), S.One, V, M - 1, W, g))),
        lambda: (
            total(x, k, e, d.one((3, 2, 4, V))),
            d.rng.choice("=≤"),
            x * d.one((4 - e, 3 - e, 5 - e, V - e + 1)),
        ),
        lambda: (total(x, k, Y, V), d.rng.choice("=≥"), x * d.one((V - Y + 1, V - Y, 2))),
        lambda: (
            Q[Y],
            d.rng.choice("≤<="),
            d.one((S.One, total(Q[k], k, 1, V - 1), total(Q[k], k, 1, Y), p[Y])),
        ),
        lambda: (prod(T, o, 1, V - d.rng.choice((1, 2))), "=", T ** (V - d.rng.choice((1, 2)))),
        lambda: (total(total(n, l, 1, s), k, 1, V - d.one((1, 2))), "=", n * s * (V - d.one((1, 2)))),
        lambda: (e * (e - 1) * (e - 2) * (e - 3), d.rng.choice("=≤≥<"), S.Zero),
    )
