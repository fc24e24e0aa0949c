"""What must come out proved for symbolic sizes, and refuted when it is made wrong."""

import pytest
from sympy import Derivative, Expr, KroneckerDelta, Limit, Product, Sum, exp, log, oo

from grader.algebra import relate
from tests.algebra.vocabulary import (
    LSE,
    NLL,
    T,
    V,
    c,
    i,
    j,
    k,
    m,
    nats,
    over_classes,
    p,
    q,
    r,
    softmax,
    t,
    y,
    z,
)

H_p = -over_classes(p[k] * log(p[k]))
CE_pq = -over_classes(p[k] * log(q[k]))
KL_pq = over_classes(p[k] * log(p[k] / q[k]))
mean_nll = -Sum(log(r[t]), (t, 1, m)) / m

# name → (left, right, wrong right sides by what is wrong with them)
THEOREMS: dict[str, tuple[Expr, Expr, dict[str, Expr]]] = {
    "gradient of the NLL": (
        Derivative(NLL, z[j]),
        softmax(j) - KroneckerDelta(j, y),
        {
            "flipped sign": softmax(j) + KroneckerDelta(j, y),
            "dropped term": softmax(j),
            "swapped index": softmax(y) - KroneckerDelta(j, y),
            "ŷ and δ swapped": KroneckerDelta(j, y) - softmax(j),
        },
    ),
    "Hessian": (
        Derivative(NLL, z[j], z[i]),
        softmax(j) * KroneckerDelta(i, j) - softmax(j) * softmax(i),
        {
            "flipped sign": softmax(j) * KroneckerDelta(i, j) + softmax(j) * softmax(i),
            "dropped term": -softmax(j) * softmax(i),
            "swapped index": softmax(j) * KroneckerDelta(i, j) - softmax(j) * softmax(y),
            "y for i in the delta": softmax(j) * KroneckerDelta(y, j) - softmax(j) * softmax(i),
        },
    ),
    "shift of LSE": (
        log(over_classes(exp(z[k] + c))),
        c + LSE,
        {"flipped sign": -c + LSE, "dropped term": LSE, "factor V": V * c + LSE},
    ),
    "shift of the softmax": (
        exp(z[j] + c) / over_classes(exp(z[k] + c)),
        softmax(j),
        {"flipped sign": -softmax(j), "dropped term": exp(c) * softmax(j), "swapped index": softmax(i)},
    ),
    "log of a product": (
        log(Product(r[t], (t, 1, m))),
        Sum(log(r[t]), (t, 1, m)),
        {
            "flipped sign": -Sum(log(r[t]), (t, 1, m)),
            "dropped term": Sum(log(r[t]), (t, 1, m - 1)),
            "log of a sum": log(Sum(r[t], (t, 1, m))),
        },
    ),
    "H(p, q) = H(p) + KL(p‖q)": (
        CE_pq,
        H_p + KL_pq,
        {
            "flipped sign": H_p - KL_pq,
            "dropped term": KL_pq,
            "p and q swapped": H_p + over_classes(q[k] * log(q[k] / p[k])),
            "p and q swapped everywhere": -over_classes(q[k] * log(p[k])),
        },
    ),
    "one-hot cross-entropy": (
        -over_classes(KroneckerDelta(k, y) * log(q[k])),
        -log(q[y]),
        {"flipped sign": log(q[y]), "dropped factor": -over_classes(log(q[k])), "swapped index": -log(q[j])},
    ),
    "geometric mean": (
        exp(mean_nll),
        Product(1 / r[t], (t, 1, m)) ** (1 / m),
        {
            "flipped sign": Product(r[t], (t, 1, m)) ** (1 / m),
            "dropped root": Product(1 / r[t], (t, 1, m)),
            "arithmetic mean": Sum(1 / r[t], (t, 1, m)) / m,
        },
    ),
    "bits and nats": (
        2 ** (nats / log(2)),
        exp(nats),
        {"no conversion": 2**nats, "wrong way": exp(nats * log(2)), "flipped sign": exp(-nats)},
    ),
    "hot limit": (
        Limit(exp(z[j] / T) / over_classes(exp(z[k] / T)), T, oo),
        1 / V,
        {"flipped sign": -1 / V, "V itself": V * 1, "cold answer": 1 / (V + 1)},
    ),
    "product of a one-hot": (
        Product(q[k] ** KroneckerDelta(k, y), (k, 1, V)),
        q[y],
        {"swapped index": q[j], "whole product": Product(q[k], (k, 1, V)), "flipped": 1 / q[y]},
    ),
}


@pytest.mark.parametrize("name", THEOREMS)
def test_it_is_proved_for_symbolic_sizes(name: str) -> None:
    left, right, _ = THEOREMS[name]
    verdict = relate(left, "=", right)
    assert verdict.status == "proved", verdict
    assert verdict.conditions == ()
    assert verdict.points >= 20


@pytest.mark.parametrize(("name", "what"), [(n, w) for n, (_, _, wrong) in THEOREMS.items() for w in wrong])
def test_it_is_refuted_with_a_counterexample_when_made_wrong(name: str, what: str) -> None:
    left, _, wrong = THEOREMS[name]
    verdict = relate(left, "=", wrong[what])
    assert verdict.status == "refuted", (name, what, verdict)
    assert verdict.counterexample is not None
    assert verdict.counterexample.lhs != verdict.counterexample.rhs


def test_every_theorem_is_made_wrong_in_three_ways() -> None:
    assert min(len(wrong) for _, _, wrong in THEOREMS.values()) >= 3
