"""Derivatives, limits, log-sum-exp and the softmax."""

from sympy import Derivative, Expr, Integer, KroneckerDelta, Limit, Rational, S, Symbol, exp, log, sinh, tanh

from tests.hunt.draws import Draw
from tests.hunt.letters import T, V, W, a, b, c, g, h, i, j, k, l, m, p, q, r, s, u, v, x, y, z
from tests.hunt.shapes.registry import Sides, order, prod, shape, total

LSE = log(total(exp(z[k]), k, 1, V))


def softmax(at: Expr, low: Expr = S.One, high: Expr = V) -> Expr:
    """Return exp(z_at) / Σ exp(z)."""
    return exp(z[at]) / total(exp(z[l]), l, low, high)


@shape("derivative of a sum", 2)
def derivative_by_an_entry(d: Draw) -> Sides:
    """One term of the sum moves, if the entry is within the range; the letter may be the sum's own."""
    low, high = d.one(
        ((S.One, V), (S.One, V), (S.One, V - 1), (Integer(2), V), (S.One, j), (j, V), d.bounds())
    )
    letter = d.one((k, k, j, i))
    outside = d.one((S.One, x, v[letter], p[i], letter, KroneckerDelta(letter, y)))
    term, slope = d.one(
        (
            (z[letter] ** 2, 2 * z[j]),
            (exp(z[letter]), exp(z[j])),
            (z[letter], S.One),
            (x * z[letter], x),
            (z[letter] * z[i], z[i]),
            (exp(z[letter] / T), exp(z[j] / T) / T),
            (z[letter] ** 3, 3 * z[j] ** 2),
        )
    )
    right = slope * outside.xreplace({letter: j})
    return Derivative(total(term * outside, letter, low, high), z[j]), d.rng.choice("====≥"), right


@shape("derivative of a sum")
def derivative_under_its_letter(d: Draw) -> Sides:
    """∂/∂z_k under a sum over k."""
    low, high = d.one(((S.One, V), (S.One, V - 1), (Integer(2), V)))
    inner = d.one(
        (
            z[k] ** 2,
            total(z[l] ** 2, l, 1, V),
            total(exp(z[l]), l, 1, V),
            z[j] * z[k],
            total(z[k], k, 1, V),
            LSE,
        )
    )
    right = d.one(
        (
            2 * total(z[k], k, 1, V),
            V,
            total(exp(z[k]), k, low, high),
            S.One,
            Derivative(total(inner, k, low, high), z[k]),
        )
    )
    return total(Derivative(inner, z[k]), k, low, high), "=", right


@shape("derivative of a sum")
def derivative_through_a_letter(d: Draw) -> Sides:
    at = d.one((i, j, k))
    left = Derivative(total(d.one((z[at] ** 2, at * z[at], exp(z[at]))), at, 1, V), z[at if at != k else j])
    slope = d.one((2 * z[j], j, exp(z[j]), total(2 * z[k], k, 1, V), 2 * z[i], S.Zero, exp(z[i]), i))
    return left, "=", slope


@shape("derivative of a sum")
def derivative_by_a_scalar(d: Draw) -> Sides:
    low, high = d.bounds()
    term, slope = d.one(
        (
            (x**k, k * x ** (k - 1)),
            (x**2 * k, 2 * x * k),
            (exp(x * k), k * exp(x * k)),
            (x, S.One),
            (x * z[k], z[k]),
            (log(a * k), 1 / k),
        )
    )
    variable = a if term.has(a) else x
    if variable is a:
        slope = 1 / a
    right = d.one(
        (
            total(slope, k, low, high),
            total(slope, k, low + 1, high),
            slope.xreplace({k: high}),
            slope * (high - low + 1),
        )
    )
    return Derivative(total(term, k, low, high), variable), "=", right


@shape("derivative", 2)
def plain_derivatives(d: Draw) -> Sides:
    e = d.one((Integer(2), Integer(3), Integer(1), Integer(0), Integer(-1), Rational(1, 2), V, m, j, x))
    return d.lazily(
        lambda: (Derivative(x**e, x), "=", d.one((e * x ** (e - 1), x ** (e - 1), e * x**e))),
        lambda: (Derivative(a**e, a), "=", d.one((e * a ** (e - 1), a**e * log(a), e * a**e / a))),
        lambda: (Derivative(exp(x * b), x), "=", d.one((b * exp(x * b), x * exp(x * b), exp(x * b)))),
        lambda: (Derivative(log(x), x), d.rng.choice("=>"), d.one((1 / x, S.Zero, -1 / x))),
        lambda: (Derivative(log(a * u), u), "=", d.one((1 / u, a / u, 1 / (a * u)))),
        lambda: (
            Derivative(z[i], z[j]),
            "=",
            d.one((S.Zero, S.One, KroneckerDelta(i, j), KroneckerDelta(i, h))),
        ),
        lambda: (
            Derivative(z[i] * z[j], z[j]),
            "=",
            d.one((z[i], 2 * z[i], z[i] + z[j] * KroneckerDelta(i, j), z[j])),
        ),
        lambda: (Derivative(z[i] ** 2, z[i], 2), "=", d.one((Integer(2), z[i], 2 * z[i], Integer(1)))),
        lambda: (Derivative(x**3, x, 2), "=", d.one((6 * x, 3 * x**2, 6 * x**2))),
        lambda: (Derivative(tanh(x), x), "=", d.one((1 - tanh(x) ** 2, 1 + tanh(x) ** 2, 1 - tanh(x)))),
        lambda: (Derivative(sinh(x) / exp(x), x), "=", d.one((exp(-2 * x), exp(-x), -exp(-2 * x)))),
        lambda: (
            Derivative(x / (1 + x**2), x),
            d.rng.choice("=≤≥"),
            d.one(((1 - x**2) / (1 + x**2) ** 2, S.One, S.Zero)),
        ),
        lambda: (Derivative(b**2 * x, x, b), "=", d.one((2 * b, b**2, 2 * b * x))),
        lambda: (Derivative(z[j + 1], z[j]), "=", d.one((S.Zero, S.One))),
        lambda: (
            Derivative(prod(c[k], k, 1, V), c[j]),
            "=",
            prod(c[k], k, 1, V) / d.one((c[j], c[i], S.One)),
        ),
        lambda: (
            Derivative(prod(z[k], k, 1, V), z[j]),
            "=",
            prod(z[k], k, 1, V) / z[j] * d.one((S.One, -S.One)),
        ),
        lambda: (Derivative(a**x, x), "=", d.one((a**x * log(a), x * a ** (x - 1), a**x))),
        lambda: (
            Derivative(KroneckerDelta(i, j) * z[i], z[j]),
            "=",
            d.one((KroneckerDelta(i, j), S.One, S.Zero)),
        ),
    )


@shape("softmax", 2)
def log_sum_exp(d: Draw) -> Sides:
    low, high = d.one(((S.One, V), (S.One, V), (S.One, V - 1), (Integer(2), V), (S.One, j), (j, V)))
    lse = log(total(exp(z[k]), k, low, high))
    soft = softmax(j, low, high)
    return d.lazily(
        lambda: (Derivative(lse, z[j]), "=", d.one((soft, softmax(j), softmax(i), exp(z[j] - LSE)))),
        lambda: (
            Derivative(lse - z[y], z[j]),
            "=",
            soft - d.one((KroneckerDelta(j, y), KroneckerDelta(i, y), S.One)),
        ),
        lambda: (total(softmax(k, low, high), k, *d.one(((low, high), (S.One, V), (S.One, m)))), "=", S.One),
        lambda: (log(total(exp(z[k] + x), k, low, high)), "=", lse + d.one((x, V * x, log(x)))),
        lambda: (log(total(exp(z[k] * a), k, low, high)), "=", a * lse),
        lambda: (lse, d.rng.choice("≥≥>≤"), d.one((z[j], z[i], z[1], z[V], S.Zero, z[j] + log(2)))),
        lambda: (
            lse,
            d.rng.choice("≤<≥"),
            d.one((total(exp(z[k]), k, low, high) - 1, log(V) + z[j], total(z[k], k, 1, V) / V + log(V))),
        ),
        lambda: (
            total(softmax(k, low, high) * z[k], k, low, high),
            d.rng.choice("≤≥="),
            d.one((lse, lse - log(V), z[j])),
        ),
    )


@shape("softmax", 2)
def softmax_statements(d: Draw) -> Sides:
    one, other = d.one(((i, j), (j, i), (i, h), (j, j)))
    delta = KroneckerDelta(one, other)
    over = d.one((W, V, m))
    return d.lazily(
        lambda: (
            Derivative(softmax(one), z[other]),
            "=",
            softmax(one) * (d.one((delta, S.One, S.Zero)) - softmax(d.one((other, one)))),
        ),
        lambda: (softmax(one), d.rng.choice("<<≤>"), d.one((S.One, S.One, S.Zero, 1 / V, softmax(other)))),
        lambda: (softmax(one) + softmax(other), d.rng.choice("≤<"), S.One),
        lambda: (softmax(one) / softmax(other), "=", d.one((exp(z[one] - z[other]), exp(z[other] - z[one])))),
        lambda: (log(softmax(one)), d.rng.choice("=≤<"), d.one((z[one] - LSE, S.Zero, LSE - z[one]))),
        lambda: (
            Derivative(log(softmax(one)), z[other]),
            "=",
            d.one((delta, S.One)) - softmax(d.one((other, one))),
        ),
        lambda: (total(Derivative(softmax(k), z[other]), k, 1, d.one((V, over))), "=", S.Zero),
        lambda: (
            exp(z[g] / T) / total(exp(z[k] / T), k, 1, over),
            d.rng.choice("<≤>"),
            d.one((S.One, S.Zero)),
        ),
        lambda: (
            Derivative(LSE, z[one], z[other]),
            d.rng.choice("=≥≤"),
            d.one((softmax(one) * (delta - softmax(other)), S.Zero)),
        ),
        lambda: (
            -total(q[k] * log(softmax(k)), k, 1, V),
            d.rng.choice("≥=>"),
            d.one((-total(q[k] * log(q[k]), k, 1, V), S.Zero)),
        ),
        lambda: (
            Derivative(-total(q[k] * log(softmax(k)), k, 1, V), z[j]),
            "=",
            d.one((softmax(j) - q[j], q[j] - softmax(j), softmax(j) - p[j])),
        ),
        lambda: (exp(z[j] + x) / total(exp(z[k] + d.one((x, b))), k, 1, V), "=", softmax(j)),
    )


@shape("derivative of a likelihood")
def likelihood(d: Draw) -> Sides:
    low, high = d.one(((S.One, V), (S.One, V), (Integer(2), V), (S.One, V - 1)))
    return d.lazily(
        lambda: (Derivative(total(c[k] * log(p[k]), k, low, high), p[j]), "=", c[j] / p[d.one((j, j, i))]),
        lambda: (
            Derivative(total(log(r[k]), k, low, high), r[j]),
            d.rng.choice("=>"),
            d.one((1 / r[j], S.One, S.Zero)),
        ),
        lambda: (
            Derivative(total(p[k] * log(p[k] / q[k]), k, low, high), p[j]),
            "=",
            log(p[j] / q[j]) + d.one((S.One, S.Zero, S.One)),
        ),
        lambda: (
            Derivative(total(p[k] * log(q[k]), k, low, high), q[i]),
            "=",
            p[i] / q[i] * d.one((S.One, -S.One)),
        ),
        lambda: (Derivative(total(p[k], k, low, high), p[j]), "=", d.one((S.One, S.Zero))),
        lambda: (
            Derivative(total(p[k] * x, k, low, high), x),
            "=",
            d.one((S.One, S.Zero, total(p[k], k, 1, V))),
        ),
        lambda: (
            Derivative(total((z[k] - x) ** 2, k, low, high), x),
            "=",
            2 * d.one((V * x - total(z[k], k, 1, V), total(x - z[k], k, low, high))),
        ),
        lambda: (Derivative(m * log(u) + s * log(1 - u), u), "=", m / u - s / d.one((1 - u, u, u - 1))),
    )


@shape("limit")
def limits(d: Draw) -> Sides:
    w = Symbol("w", real=True)
    point = d.one((S.Zero, S.Zero, S.One, x))
    return d.lazily(
        lambda: (Limit((exp(w) - 1) / w, w, 0), "=", d.one((S.One, S.Zero, Integer(2)))),
        lambda: (Limit((-log(1 - w) - w) / w**2, w, 0), "=", d.one((Rational(1, 2), S.One, -Rational(1, 2)))),
        lambda: (Limit((w**2 - x**2) / (w - x), w, x), "=", d.one((2 * x, x, S.Zero, x + 1))),
        lambda: (Limit(total(exp(w * z[k]), k, 1, V), w, 0), "=", d.one((V, S.One, S.Zero))),
        lambda: (Limit(total(exp(w * z[k]), k, 2, V), w, 0), "=", d.one((V, V - 1))),
        lambda: (
            Limit(log(total(p[k] * exp(w * z[k]), k, 1, V)) / w, w, 0),
            "=",
            d.one((total(p[k] * z[k], k, 1, V), S.Zero)),
        ),
        lambda: (
            Limit((1 + w) ** 2 + w * b, w, point),
            "=",
            d.one((1 + b * point, (1 + point) ** 2 + point * b)),
        ),
        lambda: (Limit(((x + w) ** 3 - x**3) / w, w, 0), d.rng.choice("=≥"), d.one((3 * x**2, x**2))),
        lambda: (Limit((a**w - 1) / w, w, 0), "=", d.one((log(a), a, S.One))),
        lambda: (Limit(w * log(w), w, 0, "+"), d.rng.choice("=<"), S.Zero),
        lambda: (Limit(abs(w) / w, w, 0, d.rng.choice("+-")), "=", d.one((S.One, -S.One))),
    )


@shape("derivative of a sum")
def derivative_of_order(d: Draw) -> Sides:
    """The derivative of an inequality says nothing."""
    left, right = d.one(
        ((exp(x), 1 + x), (log(a), a - 1), (x**2, S.Zero), (total(z[k] ** 2, k, 1, V), S.Zero))
    )
    by = a if left.has(a) else (z[j] if left.has(z) else x)
    return Derivative(left, by), order(d.rng), Derivative(right, by) if right != 0 else S.Zero


@shape("limit", 2)
def limits_of_sums(d: Draw) -> Sides:
    """KL is locally quadratic; a limit passes into a sum, but not into its bounds, nor through a jump."""
    w = Symbol("w", real=True)
    low, high = d.one(((S.One, V), (S.One, V), (Integer(2), V), (S.One, V - 1), (S.One, j)))
    mean, square = total(p[k] * z[k], k, low, high), total(p[k] * z[k] ** 2, k, low, high)
    moments = total(p[k] * exp(w * z[k]), k, low, high)
    return d.lazily(
        lambda: (Limit((moments - 1) / w, w, 0), "=", d.one((mean, S.Zero))),
        lambda: (Limit((moments - 1 - w * mean) / w**2, w, 0), "=", square / d.one((2, 1))),
        lambda: (Limit(log(moments) / w, w, 0), d.rng.choice("=≤"), d.one((mean, square))),
        lambda: (Limit((log(moments) - w * mean) / w**2, w, 0), "=", (square - d.one((mean**2, S.Zero))) / 2),
        lambda: (Limit((x + w) * log(a + w), w, 0), "=", d.one((x * log(a), x, log(a)))),
        lambda: (Limit((u + w) * log((u + w) / u) / w, w, 0), "=", d.one((S.One, S.Zero, u))),
        lambda: (
            Limit(((u + w) * log((u + w) / u) - w) / w**2, w, 0),
            "=",
            d.one((1 / (2 * u), 1 / u, S.Zero)),
        ),
        lambda: (Limit(abs(w - x) / (w - x), w, x, d.rng.choice("+-")), "=", d.one((S.One, -S.One))),
        lambda: (Limit(a ** (1 / (w + 1)), w, 0), "=", d.one((a, S.One, a**2))),
        lambda: (
            Limit(exp(w) / total(exp(w * z[k]), k, low, high), w, 0),
            d.rng.choice("=≤"),
            d.one((1 / V, S.One)),
        ),
        lambda: (
            Limit(total(w**k, k, low, high), w, d.one((0, 1))),
            "=",
            d.one((S.Zero, S.One, V, high - low + 1)),
        ),
        lambda: (Limit(w**V, w, 0), d.rng.choice("=<"), d.one((S.Zero, S.One))),
        lambda: (Limit((w**j - 1) / (w - 1), w, 1), "=", d.one((j, S.One, j - 1))),
        lambda: (Limit((log(a + w) - log(a)) / w, w, 0), d.rng.choice("=≤"), d.one((1 / a, a, S.One))),
        lambda: (Limit(tanh(w) / w, w, 0), d.rng.choice("=<"), d.one((S.One, S.Zero))),
        lambda: (Limit(w * x / (w + b), w, 0), "=", d.one((S.Zero, x, x / b))),
        lambda: (Limit((x**2 + w) ** Rational(1, 2), w, 0, "+"), "=", d.one((x, -x, abs(x)))),
    )
