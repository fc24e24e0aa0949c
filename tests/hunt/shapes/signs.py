"""Signs, orders and exact numbers."""

from typing import Any

from sympy import Abs, E, Integer, KroneckerDelta, Rational, S, cosh, exp, log, pi, sinh, sqrt, tanh

from tests.hunt.draws import Draw
from tests.hunt.letters import (
    M,
    P,
    T,
    V,
    W,
    Y,
    a,
    b,
    c,
    e,
    f,
    g,
    h,
    i,
    j,
    k,
    l,
    m,
    n,
    p,
    q,
    r,
    s,
    t,
    u,
    v,
    x,
    y,
    z,
)
from tests.hunt.shapes.registry import Sides, order, prod, shape, total


@shape("sign", 2)
def sign_of_a_form(d: Draw) -> Sides:
    one, other = d.quantity(), d.one((d.quantity(), d.positive()))
    form = d.one(
        (
            one**2,
            one * other,
            one / other,
            one + other,
            one**2 - one,
            Abs(one) - one,
            one**2 + other,
            -(one**2),
            other - one**2,
            exp(one) - 1,
            log(other),
            1 - other,
            other - 1,
            one**3,
            1 / one**2,
            Abs(one),
            Abs(one) * other,
            tanh(one),
            cosh(one) - 1,
            sqrt(other) - other,
            other**2 - other,
            log(1 + other),
            -log(other),
            x**4 - x**2,
            (x - b) ** 2,
            x**2 - 2 * x * b + b**2,
            x**2 + x + 1,
            V - m,
            V - 1,
            V - 2,
            j - 1,
            V - j,
            m - s,
            W - 2,
            g - 1,
            M - 5,
            W - g,
            i - j,
            V * m - V,
            V - s,
            j * V - 1,
        )
    )
    return form, order(d.rng), d.one((S.Zero, S.Zero, S.Zero, S.One))


@shape("sign")
def sign_of_a_product_of_signs(d: Draw) -> Sides:
    one, other, third = d.quantity(), d.positive(), d.probability()
    form = d.one(
        (
            one * other * third,
            one**2 * other - third,
            (1 - third) * one**2,
            (third - 1) * other,
            third * (1 - third),
            third - third**2,
            1 - 2 * third,
            Rational(1, 4) - third * (1 - third),
            -third * log(third),
            log(third) + 1 / third,
            third * log(third) + (1 - third) * log(1 - third),
            other - log(other),
            third - log(third),
            other * third - other,
            (1 - third) ** d.one((V, Integer(2), x)),
            third**V - third,
            1 - third**V,
            log(1 - third) + third,
        )
    )
    return form, order(d.rng), S.Zero


@shape("order", 2)
def probabilities_in_order(d: Draw) -> Sides:
    one, other = d.probability(), d.probability()
    left = d.one(
        (
            one,
            one + other,
            one * other,
            one**2,
            one**V,
            -log(one),
            one / other,
            one - other,
            log(one / other),
            1 / one,
        )
    )
    right = d.one(
        (
            S.One,
            one,
            other,
            S.Zero,
            1 - other,
            Integer(2),
            one + other,
            1 / other,
            -log(other),
            Integer(4),
            Integer(30),
        )
    )
    return left, order(d.rng), right


@shape("order", 2)
def tangents(d: Draw) -> Sides:
    """log t ≤ t − 1 and e^x ≥ 1 + x, with the slope, the place or the direction changed."""
    other, one = d.positive(), d.quantity()
    at = d.one((S.One, S.One, Integer(2), a, Rational(1, 2)))
    return d.lazily(
        lambda: (
            log(other),
            order(d.rng),
            d.one(
                (other / at - 1 + log(at), other - 1, other - at, other / at, 1 - 1 / other, (other - 1) / 2)
            ),
        ),
        lambda: (
            exp(one),
            order(d.rng),
            d.one((1 + one, exp(at) * (1 + one - at), 1 + one + one**2 / 2, one, E * one, 1 + 2 * one)),
        ),
        lambda: (
            other * log(other),
            order(d.rng),
            d.one((other - 1, S.Zero, -exp(-1), other**2 - other, 1 - other)),
        ),
        lambda: (2 * log(other), order(d.rng), d.one((other - 1 / other, other**2 - 1, other - 1))),
        lambda: (sqrt(other), order(d.rng), d.one(((1 + other) / 2, other, S.One, 1 + other))),
        lambda: (other + 1 / other, order(d.rng), d.one((Integer(2), S.One, other))),
        lambda: (
            log(1 + other),
            order(d.rng),
            d.one((other, log(2) + log(other) / 2, log(other), S.Zero, other / (1 + other))),
        ),
    )


@shape("order", 2)
def term_of_a_sum(d: Draw) -> Sides:
    """One term is at most the sum, if it is one of the sum's and the others are not negative."""
    low, high = d.one(
        ((S.One, V), (S.One, V), (Integer(2), V), (S.One, V - 1), (S.One, j), (j, V), (S.One, W), d.bounds())
    )
    term = d.one(
        (
            p[k],
            c[k],
            exp(z[k]),
            z[k] ** 2,
            r[k],
            p[k] * c[k],
            z[k],
            z[k] * p[k],
            a / k,
            p[k] * q[k],
            k,
            -p[k] * log(p[k]),
        )
    )
    at, other = d.one((i, j, y, Integer(1), V, Integer(2), s)), d.one((i, h, Integer(1), V))
    right = total(term, k, low, high)
    one, two = term.xreplace({k: at}), term.xreplace({k: other})
    left = d.one((one, one, one + two, 2 * one, one - two, one * two, one + a))
    return d.lazily(
        lambda: (left, order(d.rng), right),
        lambda: (left**2, "≤", right**2),
        lambda: (log(left), d.rng.choice("≤<"), log(right)),
        lambda: (1 / right, "≤", 1 / left),
    )


@shape("order")
def sums_of_distributions(d: Draw) -> Sides:
    low, high = d.one(((S.One, V), (S.One, V), (Integer(2), V), (S.One, V - 1), (S.One, j)))
    at = d.one((i, h, j))
    term, bound = d.one(
        (
            (p[k], S.One),
            (p[k] ** 2, S.One),
            (p[k] * q[k], S.One),
            (-p[k] * log(p[k]), log(V)),
            (p[k] * log(p[k] / q[k]), S.Zero),
            (p[k] * log(q[k] / p[k]), S.Zero),
            (p[k] ** 2, 1 / V),
            (p[k] * k, V),
            (p[k] * k, S.One),
            (p[k] * z[k] ** 2, S.Zero),
            (p[k] * (1 - p[k]), S.One),
            (sqrt(p[k] * q[k]), S.One),
            (p[k] ** 2 / q[k], S.One),
            (-p[k] * log(q[k]), S.Zero),
            (r[k] * log(r[k] / q[k]), S.Zero),
            (c[k] * log(c[k] / p[k]), S.Zero),
            (q[k] * log(p[k] / q[k]), S.Zero),
            (p[k] - q[k], S.Zero),
        )
    )
    return (
        total(term, k, low, high),
        order(d.rng),
        d.one((bound, bound, S.One, S.Zero, term.xreplace({k: at}), 1 - p[at])),
    )


@shape("order")
def gibbs(d: Draw) -> Sides:
    low, high = d.one(((S.One, V), (S.One, V), (S.One, V), (Integer(2), V), (S.One, V - 1), (S.One, m)))
    weight, model, other = d.one((p, p, q, r, c)), d.one((q, q, p, r, c)), d.one((p, p, q, c))
    return d.lazily(
        lambda: (
            -total(weight[k] * log(model[k]), k, low, high),
            order(d.rng),
            -total(weight[k] * log(other[k]), k, low, high),
        ),
        lambda: (
            total(weight[k] * z[k], k, low, high) ** 2,
            order(d.rng),
            total(weight[k] * z[k] ** 2, k, low, high),
        ),
        lambda: (
            total(weight[k] * log(c[k]), k, low, high),
            order(d.rng),
            log(total(weight[k] * c[k], k, low, high)),
        ),
        lambda: (
            exp(total(weight[k] * z[k], k, low, high)),
            order(d.rng),
            total(weight[k] * exp(z[k]), k, low, high),
        ),
        lambda: (total(log(c[k]), k, low, high) / V, order(d.rng), log(total(c[k], k, low, high) / V)),
        lambda: (
            total(weight[k] * (z[k] - x) ** 2, k, low, high),
            order(d.rng),
            d.one((S.Zero, x**2, (z[j] - x) ** 2)),
        ),
        lambda: (prod(r[k], k, low, high), order(d.rng), d.one((S.One, r[j], S.Zero))),
        lambda: (exp(-total(log(r[k]), k, low, high) / V), order(d.rng), d.one((S.One, V, S.Zero))),
    )


@shape("order")
def indices_in_order(d: Draw) -> Sides:
    one, other = (
        d.one((d.index(), d.size(), d.index() + 1, 2 * d.size())),
        d.one((d.index(), d.size(), d.literal(), V - 1, m + 1)),
    )
    positive = d.positive()
    return d.lazily(
        lambda: (one, order(d.rng), other),
        lambda: (positive * one, order(d.rng), positive * other),
        lambda: (one * other, order(d.rng), one),
        lambda: (1 / one, order(d.rng), 1 / other),
        lambda: (log(one), order(d.rng), log(other)),
        lambda: (u**one, order(d.rng), u**other),
    )


_NUMBERS = (
    log(2),
    log(3),
    sqrt(2),
    sqrt(3),
    E,
    pi,
    Rational(693147, 10**6),
    Rational(14142136, 10**7),
    Rational(1, 3),
    exp(-1),
    log(10) / log(2),
    Rational(99999999, 10**8),
    Rational(99999998, 99999999),
    sqrt(2) + sqrt(3),
    sqrt(5 + 2 * sqrt(6)),
    log(6) - log(3),
    2 ** Rational(1, 3),
    log(8) / log(2),
    exp(log(7)),
    Rational(22, 7),
    10 * log(2) / log(10),
    Rational(1, 10**30),
    exp(-69),
    log(1 + Rational(1, 10**13)),
)


@shape("numbers", 2)
def exact_numbers(d: Draw) -> Sides:
    one, other = d.one(_NUMBERS), d.one(_NUMBERS)
    tiny = Rational(d.rng.choice((0, 1, -1, 3)), 10 ** d.rng.choice((1, 9, 13, 15, 18, 22)))
    left = d.one((one, one * other, one + other, one / other, one**2, log(one**2 + 1), exp(one) - other))
    return (
        left,
        d.rng.choice("=≤<≥>"),
        d.one((left + tiny, left + tiny, other, one, left * (1 + tiny), left - tiny + 1 - 1)),
    )


@shape("numbers", 2)
def almost_equal(d: Draw) -> Sides:
    """A difference below any coarse tolerance, or one that vanishes at small sizes only."""
    one = d.one(
        (d.positive(), d.quantity(), d.probability(), total(d.body(k), k, 1, V), log(d.positive()), V, m)
    )
    tiny = Rational(1, 10 ** d.rng.choice((6, 12, 13, 14, 15, 20)))
    size = d.size()
    vanishing = S.One
    for step in range(1, d.rng.choice((2, 4, 5, 7)) + 1):
        vanishing = vanishing * (size - step)
    return d.lazily(
        lambda: (one + tiny, d.rng.choice("=≤<"), one),
        lambda: (one * (1 + tiny), "=", one),
        lambda: (one + tiny * vanishing, d.rng.choice("=≤≥"), one),
        lambda: (log(u + tiny), d.rng.choice("=≤"), log(u)),
        lambda: (vanishing, order(d.rng), S.Zero),
        lambda: (one, order(d.rng), one + tiny),
        lambda: (prod(Rational(1, 50257), k, 1, 21), "=", prod(Rational(1, 50257), k, 1, 20)),
        lambda: (exp(one + tiny), "=", exp(one)),
        lambda: (size, order(d.rng), Integer(d.rng.choice((4, 5, 9, 30)))),
        lambda: (sinh(x) + tiny, "=", sinh(x)),
        lambda: (-log(u), order(d.rng), Integer(4)),
        lambda: ((1 - tiny) ** V, order(d.rng), S.One),
        lambda: (tiny * one, "=", S.Zero),
        lambda: (one**2 + tiny, order(d.rng), tiny),
        lambda: (f[t] + tiny, "≤", f[t]),
    )


@shape("sign")
def sums_of_squares(d: Draw) -> Sides:
    low, high = d.bounds()
    term = d.one(
        (
            (z[k] - x) ** 2,
            x**2,
            k**2,
            (k - x) ** 2,
            a,
            Abs(k - x),
            exp(k * x),
            k**2 - k,
            k * (k + 1),
            1 / k,
            1 / k**2,
        )
    )
    weight = d.one((S.One, k, a, u, j, -k, V - k, k - 1))
    return total(term * weight, k, low, high), order(d.rng), d.one((S.Zero, S.Zero, S.Zero, x, S.One))


@shape("sign")
def nested_signs(d: Draw) -> Sides:
    (low, high), (first, last) = d.bounds(), d.bounds((k,))
    term = d.one(
        (a, u, k * l, x**2, P[s], Integer(2) ** l, k + l, T / (1 + k**2), l - k, k - l + 1, n, v[y] ** 2)
    )
    return total(total(term, l, first, last), k, low, high), order(d.rng), d.one((S.Zero, S.Zero, S.One))


def _whole(d: Draw, letters: tuple[Any, ...]) -> Any:
    """A polynomial in whole numbers: up to three terms of degree at most 2, and a number."""
    form = Integer(d.rng.randint(-4, 4))
    for _ in range(d.rng.choice((1, 2, 2, 3))):
        form = form + d.rng.choice((1, 1, -1, -1, 2, -2, 3)) * d.one(letters) * d.one(
            (S.One, S.One, S.One, *letters)
        )
    return form


@shape("whole numbers", 2)
def whole_numbers_in_order(d: Draw) -> Sides:
    """What sizes, indices and the letters of sums say about each other."""
    letters = (V, V, m, M, W, i, j, j, g, s, e, Y)
    some = tuple(d.one(letters) for _ in range(d.rng.choice((1, 2, 2, 3))))
    low, high = d.one(
        ((S.One, V), (S.One, j), (j, V), (j + 1, V), (S.One, V - j), (S.Zero, V), (Y, V), d.bounds())
    )
    first, last = d.one(((S.One, k), (k, V), (k + 1, V), (S.One, k - 1), (S.One, V - k)))
    return d.lazily(
        lambda: (_whole(d, some), order(d.rng), S.Zero),
        lambda: (_whole(d, some), order(d.rng), S.Zero),
        lambda: (Abs(_whole(d, some)), "=", d.one((1, -1)) * _whole(d, some)),
        lambda: (total(_whole(d, (k, *some)), k, low, high), order(d.rng), S.Zero),
        lambda: (total(a ** _whole(d, (k, *some)), k, low, high), order(d.rng), S.Zero),
        lambda: (
            total(Abs(form := _whole(d, (k, *some))), k, low, high),
            "=",
            d.one((1, 1, -1)) * total(form, k, low, high),
        ),
        lambda: (total(total(_whole(d, (k, l, V)), l, first, last), k, low, high), order(d.rng), S.Zero),
        lambda: (
            total(total(1, l, first, last), k, low, high),
            d.rng.choice("=≥≤"),
            total(last - first + 1, k, low, high),
        ),
        lambda: (
            total(total(Abs(form := _whole(d, (k, l))), l, first, last), k, low, high),
            "=",
            total(total(form, l, first, last), k, low, high),
        ),
        lambda: (KroneckerDelta(_whole(d, some), d.one(some)), d.rng.choice("=<"), d.one((S.Zero, S.One))),
        lambda: (prod(_whole(d, (k, *some)), k, low, high), order(d.rng), S.Zero),
    )
