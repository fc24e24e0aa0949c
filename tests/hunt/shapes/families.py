"""Families that sum to 1 or don't, entries beside each other, and names that `define` gives."""

from sympy import Expr, Integer, KroneckerDelta, Rational, S, exp, log

from grader.algebra import define
from tests.hunt.draws import Draw
from tests.hunt.letters import P, T, V, W, a, c, f, h, i, j, k, l, m, o, p, q, r, s, t, u, v, x, y, z
from tests.hunt.shapes.registry import Sides, order, prod, shape, total


@shape("simplex", 3)
def simplex_total(d: Draw) -> Sides:
    family = d.one((p, q, P, r, c, p))
    low, high = d.one(
        (
            (S.One, V),
            (S.One, V),
            (S.One, m),
            (S.Zero, V),
            (Integer(2), V),
            (S.One, V - 1),
            (S.One, j),
            (S.One, W),
            d.bounds(),
        )
    )
    at = d.letter()
    inner = d.one(
        (
            family[at],
            family[at],
            family[at] * d.constant(),
            family[at + 1],
            family[V + 1 - at],
            family[at] ** 2,
        )
    )
    value = inner.xreplace({family[at]: S.One, family[at + 1]: S.One, family[V + 1 - at]: S.One})
    return (
        total(inner, at, low, high),
        d.rng.choice("===≤≥<"),
        d.one((value, S.One, value - family[1], 1 - family[V])),
    )


@shape("simplex")
def mean_under_a_distribution(d: Draw) -> Sides:
    family, low, high = (
        d.one((p, p, q, r)),
        *d.one(((S.One, V), (S.One, V), (Integer(2), V), (S.One, V - 1), (S.One, m))),
    )
    term, constant = d.entry(k), d.constant()
    return d.lazily(
        lambda: (
            total(family[k] * (term + constant), k, low, high),
            "=",
            total(family[k] * term, k, low, high) + constant,
        ),
        lambda: (total(family[k] * constant, k, low, high), "=", d.one((constant, V * constant))),
        lambda: (
            total(total(family[k] * q[l], k, low, high), l, 1, V),
            d.rng.choice("=≤"),
            d.one((S.One, V)),
        ),
        lambda: (
            total(family[k] * q[k], k, low, high),
            "=",
            d.one((S.One, total(family[k], k, low, high) * total(q[k], k, low, high))),
        ),
        lambda: (total((z[k] - total(family[l] * z[l], l, 1, V)) * family[k], k, low, high), "=", S.Zero),
        lambda: (
            total(family[k] * (z[k] - x) ** 2, k, low, high),
            "=",
            total(family[k] * z[k] ** 2, k, low, high) - d.one((x**2, 2 * x - x**2, S.Zero)),
        ),
        lambda: (
            total(family[k] * log(a * c[k]), k, low, high),
            "=",
            log(a) + total(family[k] * log(c[k]), k, low, high),
        ),
        lambda: (total(1 - family[k], k, low, high), "=", d.one((V - 1, V, S.Zero))),
        lambda: (
            1 - family[j],
            d.rng.choice("=≥"),
            d.one(
                (
                    total((1 - KroneckerDelta(k, j)) * family[k], k, low, high),
                    S.Zero,
                    total(family[k], k, 2, V),
                )
            ),
        ),
        lambda: (prod(family[k], k, low, high), order(d.rng), d.one((S.One, family[j], S.Zero))),
    )


@shape("families")
def entries_of_families(d: Draw) -> Sides:
    one, other = d.one(((i, j), (j, h), (s, t), (j, Integer(1)), (V, j), (j, j + 1), (i, i)))
    family, second = d.one((z, v, p, c, r)), d.one((z, v, q, c, f))
    return d.lazily(
        lambda: (family[one], d.rng.choice("=≤"), d.one((family[other], second[one], second[other]))),
        lambda: (family[one] * second[other], "=", family[other] * second[one]),
        lambda: (
            family[one] ** 2 - family[other] ** 2,
            "=",
            (family[one] - second[other]) * (family[one] + family[other]),
        ),
        lambda: (
            total(family[k] * second[k], k, 1, V),
            "=",
            d.one(
                (
                    total(second[l] * family[l], l, 1, V),
                    total(family[l] * second[k], l, 1, V).xreplace({k: one}),
                )
            ),
        ),
        lambda: (
            total(total(family[k] * second[l], k, 1, V), l, 1, d.one((V, V, m))),
            "=",
            total(family[k], k, 1, V) * total(second[k], k, 1, V),
        ),
        lambda: (
            total(family[k], k, 1, V) * total(family[k], k, 1, V),
            "=",
            d.one((total(family[k] ** 2, k, 1, V), total(total(family[k] * family[o], k, 1, V), o, 1, V))),
        ),
        lambda: (
            total(family[k] - second[k], k, 1, V),
            "=",
            total(family[k], k, 1, V) - total(second[k], k, 1, d.one((V, V, m, V - 1))),
        ),
        lambda: (total(family[V + 1 - k], k, 1, V), "=", total(family[k], k, 1, d.one((V, V - 1)))),
        lambda: (total(family[k], k, one, one), "=", d.one((family[one], family[other]))),
    )


def _softmax(at: Expr) -> Expr:
    return exp(z[at]) / total(exp(z[k]), k, 1, V)


y_hat = define(r"\hat y_{%s}", _softmax)
up_to = define("S_{%s}", lambda at: total(k, k, 1, at))
tail = define("R_{%s}", lambda at: total(p[k], k, at, V))
loss = define(r"\ell_{%s}", lambda at: -z[at] + log(total(exp(z[k]), k, 1, V)))
mixed = define("M(%s, %s)", lambda one, other: u * one + (1 - u) * other)
share = define("w_{%s}", lambda at: c[at] / total(c[j], j, 1, V))


@shape("defined", 2)
def named(d: Draw) -> Sides:
    """A name's own sum has the letter k, which may also be the letter that the name is used with."""
    one, other = d.one(((i, j), (j, i), (j, y), (h, h)))
    low, high = d.one(((S.One, V), (S.One, V), (S.One, V - 1), (S.One, m)))
    return d.lazily(
        lambda: (total(y_hat(k), k, low, high), d.rng.choice("=≤<"), S.One),
        lambda: (y_hat(one), d.rng.choice("≤<=>"), d.one((S.One, y_hat(other), S.Zero))),
        lambda: (loss(one), d.rng.choice("=≥>"), d.one((-log(y_hat(one)), -log(y_hat(other)), S.Zero))),
        lambda: (
            total(up_to(k), k, low, high),
            "=",
            d.one((total((high - k + 1) * k, k, low, high), up_to(high), V * up_to(V))),
        ),
        lambda: (
            up_to(d.one((j, V, V - 1, m))),
            d.rng.choice("=≥>"),
            d.one((S.One, S.Zero, V * (V + 1) / 2, j * (j + 1) / 2)),
        ),
        lambda: (up_to(d.bound()), d.rng.choice("=≥"), d.one((S.Zero, S.One, j * (j - 1) / 2 + j))),
        lambda: (tail(1), d.rng.choice("=≤"), S.One),
        lambda: (
            tail(d.one((j, j + 1, Integer(2), V, V + 1))),
            d.rng.choice("<≤>="),
            d.one((S.One, S.Zero, p[j], p[V])),
        ),
        lambda: (tail(one), "=", p[one] + tail(one + d.one((1, 0)))),
        lambda: (total(tail(k), k, low, high), "=", total(k * p[k], k, low, high)),
        lambda: (mixed(x, x), "=", d.one((x, u * x))),
        lambda: (mixed(p[one], q[one]), d.rng.choice("<≤≥"), d.one((S.One, p[one], S.Zero))),
        lambda: (mixed(one, other), "=", mixed(other, one)),
        lambda: (total(share(k), k, low, high), "=", S.One),
        lambda: (
            total(share(j) * k, k, 1, V),
            "=",
            d.one((share(j) * V * (V + 1) / 2, total(share(k) * k, k, 1, V))),
        ),
        lambda: (total(share(j), j, low, high), d.rng.choice("=<"), d.one((S.One, share(j), V * share(i)))),
        lambda: (
            total(y_hat(k) * z[k], k, low, high) - z[j],
            "=",
            total(y_hat(k) * (z[k] - z[j]), k, low, high),
        ),
        lambda: (log(y_hat(one) / y_hat(other)), "=", z[one] - z[d.one((other, one))]),
    )


@shape("simplex")
def smoothed(d: Draw) -> Sides:
    """Label smoothing, mixtures and temperature."""
    low, high = d.one(((S.One, V), (S.One, V), (Integer(2), V), (S.One, m)))
    mixture = d.one(
        (
            (1 - u) * p[k] + u / V,
            (1 - u) * KroneckerDelta(k, j) + u / V,
            (1 - u) * p[k] + u * q[k],
            u * p[k] + u * q[k],
            a * p[k] + (1 - a) * q[k],
        )
    )
    return d.lazily(
        lambda: (total(mixture, k, low, high), d.rng.choice("==≤<"), d.one((S.One, u))),
        lambda: (mixture.xreplace({k: i}), order(d.rng), d.one((S.One, S.Zero, u / V, p[i]))),
        lambda: (
            total(exp(z[k] / T), k, low, high),
            order(d.rng),
            d.one((S.Zero, S.One, V, exp(z[j] / T), exp(z[j]))),
        ),
        lambda: (
            -total(mixture * log(q[k]), k, low, high),
            order(d.rng),
            d.one((S.Zero, -total(p[k] * log(q[k]), k, 1, V))),
        ),
        lambda: (c[j] / total(c[k], k, low, high), d.rng.choice("≤<≥"), d.one((S.One, S.Zero))),
        lambda: (
            (c[j] + a) / (total(c[k], k, low, high) + a * d.one((V, V, m))),
            d.rng.choice("≤<≥"),
            d.one((S.One, S.Zero, a / (1 + a))),
        ),
        lambda: (
            total((c[k] + a) / (total(c[l], l, 1, V) + a * d.one((V, V, S.One))), k, low, high),
            "=",
            S.One,
        ),
        lambda: (p[i] + p[j], d.rng.choice("≤<"), d.one((S.One, 1 + p[h], Integer(2)))),
        lambda: (p[1] + p[2], "≤", d.one((S.One, p[1]))),
        lambda: (p[j], d.rng.choice("≤<="), d.one((S.One, 1 - p[i], 1 - p[j], S.One - Rational(1, 10**9)))),
    )
