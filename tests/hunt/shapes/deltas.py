"""Kronecker deltas inside, at the border of and outside their range, and products, whose factors may be 0 or absent."""

from sympy import Abs, Integer, KroneckerDelta, Rational, S, exp, log

from tests.hunt.draws import Draw
from tests.hunt.letters import T, V, W, a, b, c, h, i, j, k, l, m, p, r, s, u, x, y, z
from tests.hunt.shapes.registry import Sides, order, prod, shape, total


@shape("delta", 3)
def collapse(d: Draw) -> Sides:
    low, high = d.one(((S.One, V), (S.One, V), (S.One, W), (S.One, V - 1), (Integer(2), V), d.bounds()))
    at = d.one(
        (d.index(), d.index(), d.index(), d.index() + 1, d.index() - 1, d.literal(), d.size(), 1 - V, V + 1)
    )
    term = d.body(k)
    return total(KroneckerDelta(k, at) * term, k, low, high), d.rng.choice("====≤≥"), term.xreplace({k: at})


@shape("delta")
def collapse_beside(d: Draw) -> Sides:
    (low, high), at = (
        d.one(((S.One, V), (S.One, m), d.bounds())),
        d.one((d.index(), d.index(), d.literal(), V)),
    )
    term, beside = d.body(k), d.constant()
    inner = (beside + KroneckerDelta(k, at)) * term
    return total(inner, k, low, high), "=", beside * total(term, k, low, high) + term.xreplace({k: at})


@shape("delta")
def miss_one(d: Draw) -> Sides:
    (low, high), at = d.one(((S.One, V), (S.One, W), d.bounds())), d.one((d.index(), d.index(), d.literal()))
    term = d.body(k)
    left = total((1 - KroneckerDelta(k, at)) * term, k, low, high)
    return (
        left,
        d.rng.choice("==<≤"),
        total(term, k, low, high) - d.one((term.xreplace({k: at}), S.One, S.Zero)),
    )


@shape("delta")
def one_hot(d: Draw) -> Sides:
    low, high = d.one(((S.One, V), d.bounds()))
    at = d.one((d.index(), d.index(), d.literal(), d.size()))
    return total(KroneckerDelta(k, at), k, low, high), d.rng.choice("==≤≥<>"), d.one((S.One, S.One, S.Zero))


@shape("two deltas", 2)
def two_deltas(d: Draw) -> Sides:
    low, high = d.one(((S.One, V), (S.One, V), (S.One, m), d.bounds()))
    one, other = d.index(), d.one((d.index(), d.index(), d.literal()))
    term = d.one((S.One, S.One, d.body(k)))
    left = total(KroneckerDelta(k, one) * KroneckerDelta(k, other) * term, k, low, high)
    right = KroneckerDelta(one, other) * term.xreplace({k: one})
    return left, "=", d.one((right, right, S.Zero, term.xreplace({k: one})))


@shape("two deltas")
def sum_of_deltas(d: Draw) -> Sides:
    one, other = d.one(((i, j), (i, y), (s, j), (Integer(1), j), (j, j + 1)))
    term = d.body(k, entries=True)
    left = total(
        (KroneckerDelta(k, one) + KroneckerDelta(k, other)) ** d.rng.choice((1, 1, 2)) * term, k, 1, V
    )
    return left, d.rng.choice("==≤≥"), term.xreplace({k: one}) + term.xreplace({k: other})


@shape("two deltas")
def nested_deltas(d: Draw) -> Sides:
    (low, high), (first, last) = d.one(((S.One, V), d.bounds())), d.one(((S.One, V), d.bounds((k,))))
    term = d.body(l)
    left = total(total(KroneckerDelta(k, l) * term, l, first, last), k, low, high)
    return left, "=", total(term.xreplace({l: k}), k, *d.one(((low, high), (first, last))))


@shape("delta algebra")
def delta_as_a_number(d: Draw) -> Sides:
    one, other = d.one(((i, j), (i, j), (j, y), (s, j), (j, Integer(1)), (j, V), (j + 1, i)))
    delta = KroneckerDelta(one, other)
    term = d.body(one) if one.is_Symbol else x
    moved = term.xreplace({one: other})
    return d.lazily(
        lambda: (delta * term, "=", delta * moved),
        lambda: (delta**2, "=", delta),
        lambda: (delta * term, "=", moved),
        lambda: (x**delta, "=", 1 + delta * (x - 1)),
        lambda: (1 - delta, ">", S.Zero),
        lambda: (delta, order(d.rng), S.One),
        lambda: (exp(delta * x), "=", 1 + delta * (exp(x) - 1)),
        lambda: ((1 - delta) * (moved - term), "=", moved - term),
        lambda: (log(1 + delta), "=", delta * log(2)),
        lambda: (Abs(delta - u), "=", delta + u),
        lambda: (delta * term, "≤", term),
    )


@shape("delta algebra")
def deltas_of_three(d: Draw) -> Sides:
    left = KroneckerDelta(i, j) * KroneckerDelta(j, h)
    right = d.one((KroneckerDelta(i, h), KroneckerDelta(i, j) * KroneckerDelta(i, h), KroneckerDelta(i, j)))
    term = d.one((S.One, x, z[i], p[h]))
    return left * term, d.rng.choice("=≤≥"), right * term


@shape("product", 2)
def constant_product(d: Draw) -> Sides:
    (low, high), factor = (
        d.bounds(),
        d.one((d.constant(), d.constant(), S.Zero, Integer(-1), Integer(2), Rational(1, 7))),
    )
    return (
        prod(factor, k, low, high),
        d.rng.choice("===≤≥<"),
        factor ** (high - low + d.rng.choice((0, 1, 1, 1))),
    )


@shape("product")
def split_product(d: Draw) -> Sides:
    (low, high), middle, factor = d.bounds(), d.bound(), d.body(k)
    which = d.rng.randrange(4)
    whole = prod(factor, k, low, high)
    if which == 0:
        return whole, "=", prod(factor, k, low, middle) * prod(factor, k, middle + 1, high)
    if which == 1:
        return whole, "=", prod(factor, k, low, high - 1) * factor.xreplace({k: high})
    if which == 2:
        return whole, "=", 1 / prod(factor, k, high + 1, low - 1)
    return whole / prod(factor, k, low, middle), "=", prod(factor, k, middle + 1, high)


@shape("product")
def ratio_product(d: Draw) -> Sides:
    (low, high), factor = d.bounds(), d.one((k, c[k], p[k], a + k, k + 1, exp(z[k]), k**2, z[k]))
    ratio = factor.xreplace({k: k + 1}) / factor
    return prod(ratio, k, low, high), "=", factor.xreplace({k: high + 1}) / factor.xreplace({k: low})


@shape("product")
def log_of_product(d: Draw) -> Sides:
    (low, high), factor = (
        d.bounds(),
        d.one((d.body(k), c[k], p[k] * z[k], -c[k], z[k] ** 2, x**2, Abs(k), k, x)),
    )
    return log(prod(factor, k, low, high)), "=", total(log(factor), k, low, high)


@shape("product")
def product_of_powers(d: Draw) -> Sides:
    (low, high), factor = d.bounds(), d.body(k)
    power = d.one((Integer(2), Integer(-1), Rational(1, 2), x, KroneckerDelta(k, j), j))
    left = prod(factor**power, k, low, high)
    hit = factor.xreplace({k: j})
    return left, "=", hit if power.has(KroneckerDelta) else prod(factor, k, low, high) ** power


@shape("product")
def product_with_deltas(d: Draw) -> Sides:
    (low, high), at = d.one(((S.One, V), d.bounds())), d.one((j, y, d.literal(), s))
    factor = d.one((p[k], c[k], a, u, exp(z[k]), r[k], k, z[k]))
    inner = d.one((factor ** KroneckerDelta(k, at), 1 + KroneckerDelta(k, at) * (factor - 1)))
    return prod(inner, k, low, high), d.rng.choice("==≤≥"), factor.xreplace({k: at})


@shape("product")
def sign_of_a_product(d: Draw) -> Sides:
    (low, high), factor = (
        d.bounds(),
        d.one((d.body(k), d.constant(), S.Zero, -a, k, k - 1, r[k], u, z[k] ** 2, 1 - u)),
    )
    return prod(factor, k, low, high), order(d.rng), d.one((S.Zero, S.Zero, S.One))


@shape("product")
def product_and_sum(d: Draw) -> Sides:
    (low, high), factor, other = d.bounds(), d.body(k), d.body(k)
    return d.lazily(
        lambda: (
            prod(factor * other, k, low, high),
            "=",
            prod(factor, k, low, high) * prod(other, k, low, high),
        ),
        lambda: (prod(factor + 1, k, low, high), d.rng.choice("=≥"), 1 + total(factor, k, low, high)),
        lambda: (prod(exp(factor), k, low, high), "=", exp(total(factor, k, low, high))),
        lambda: (prod(-factor, k, low, high), "=", (-1) ** (high - low + 1) * prod(factor, k, low, high)),
        lambda: (prod(-factor, k, low, high), "=", d.one((1, -1)) * prod(factor, k, low, high)),
        lambda: (
            prod(a * factor, k, low, high),
            "=",
            d.one((a, a**V, a ** (high - low + 1))) * prod(factor, k, low, high),
        ),
        lambda: (prod(Abs(factor), k, low, high), d.rng.choice("=≥"), prod(factor, k, low, high)),
        lambda: (prod(factor, k, low, high), d.rng.choice("=≤"), total(factor, k, low, high)),
        lambda: (prod(prod(b, l, low, high), k, 1, V), "=", b ** (V * (high - low + 1))),
        lambda: (prod(T**k, k, low, high), "=", T ** total(k, k, low, high)),
    )
