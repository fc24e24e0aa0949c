"""Is what only wraps a line taken off, and nothing else?"""

import random

import pytest
from sympy import Derivative, Eq, KroneckerDelta, Max, Piecewise, Product, Sum, exp, log

from grader.algebra import decode, encode, evaluate, positive, sample
from grader.cases.mark.collapse import collapsed, replaced
from grader.cases.mark.trees import canonical
from tests.cases.symbolic_tasks import V, i, j, k, p, q, x, y, z

RANGES = dict.fromkeys(("j", "k", "y"), (1, "V"))
S = Sum(p[k] * log(q[k]), (k, 1, V))
c = positive("c")


@pytest.mark.parametrize(
    ("wrapped", "plain"),
    [
        (Sum(S / V, (j, 1, V)), S),
        (Sum(z[j] * S, (j, 1, V)) / Sum(z[j], (j, 1, V)), S),
        (Sum(KroneckerDelta(j, y) * z[j] * S, (j, 1, V)), z[y] * S),
        (Sum(Piecewise((log(p[j]), Eq(j, y)), (0, True)), (j, 1, V)), log(p[y])),
        (
            Sum(KroneckerDelta(j, y) * Sum(z[y] * z[j] * p[k], (k, 1, V)), (j, 1, V)),
            z[y] ** 2 * Sum(p[k], (k, 1, V)),
        ),
        (
            Sum(KroneckerDelta(j, y) * Derivative(S + z[j] ** 2, z[j]), (j, 1, V)),
            Derivative(S + z[y] ** 2, z[y]),
        ),
        (Sum(S + c, (j, y, y)), S + c),
        (Sum(p[j], (j, y, y)), p[y]),
        (Sum(Sum(S / V**2, (j, 1, V)), (y, 1, V)), S),
        (Sum(p[j] * (S / V), (y, 1, V), (j, 1, V)), S * Sum(p[j], (j, 1, V))),
        (Product(exp(S / V), (j, 1, V)), exp(S)),
        (Product(c ** (1 / V), (j, 1, V)), c),
        (Product(p[j] ** KroneckerDelta(j, y), (j, 1, V)), p[y]),
        (Derivative(c * x**2, x), c * Derivative(x**2, x)),
        (Max(S, Sum(p[j] * log(q[j]), (j, 1, V))), S),
    ],
)
def test_what_only_wraps_is_taken_off(wrapped, plain):
    tree = encode(wrapped)
    assert canonical(collapsed(tree, RANGES)) == canonical(encode(plain))
    assert canonical(tree) != canonical(encode(plain))


@pytest.mark.parametrize(
    "line",
    [
        S,
        Sum(p[k] * log(q[k]) - p[k] * log(p[k]), (k, 1, V)),
        Sum(p[j] * KroneckerDelta(j, y), (j, 1, V - 1)),  # y may be V
        Sum(p[j] * KroneckerDelta(j, i), (j, 1, V)),  # i runs over another range
        Product(p[k] ** (1 / V), (k, 1, V)),
        Derivative(log(x), x),
    ],
)
def test_what_says_something_stays(line):
    assert canonical(collapsed(encode(line), RANGES)) == canonical(encode(line))


def test_the_value_stays():
    symbols = (V, j, k, y, p, q, z)
    known = {"V": V, "j": j, "k": k, "y": y, "p": p, "q": q, "z": z}
    lines = [
        Sum(p[j] * q[k] + z[k] - S, (j, 1, V), (k, 2, V)),
        Sum(KroneckerDelta(j, y) * z[j] + p[j] * z[y], (j, 1, V)),
        Product(z[y] ** 2 * exp(z[k]), (k, 2, V)),
    ]
    for line in lines:
        made = decode(collapsed(encode(line), RANGES), known)
        for seed in range(10):
            point = sample(symbols, random.Random(seed))
            assert evaluate(made, point) == pytest.approx(evaluate(line, point))


def test_bound_letters_make_way():
    made = replaced(encode(Sum(p[k] * p[j], (k, 1, V))), "j", "k")
    assert canonical(made) == canonical(
        ["Sum", ["Mul", ["Item", "p", "m"], ["Item", "p", "k"]], ["m", 1, "V"]]
    )
