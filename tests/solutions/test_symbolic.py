"""Do the SymPy references agree with the NumPy ones for a numeric V and m?"""

import numpy as np
import pytest
from sympy import IndexedBase, Rational, Symbol, diff

from solutions import information as numpy_side
from solutions import symbolic

RTOL = 1e-12
p, q, z = IndexedBase("p"), IndexedBase("q"), IndexedBase("z")


def at(expr, **families) -> float:
    """The value of an expression with numbers for its families, counted from 1."""
    expr = expr.doit()
    values = {IndexedBase(name)[i + 1]: x for name, xs in families.items() for i, x in enumerate(xs)}
    return float(expr.subs(values).evalf())


@pytest.fixture(params=range(3))
def point(request):
    rng = np.random.default_rng(request.param)
    V = int(rng.integers(1, 6))
    return V, rng.normal(size=V) * 3, rng.dirichlet(np.ones(V)), rng.dirichlet(np.ones(V))


def test_symbolic_softmax_losses_and_derivatives_agree_with_numpy(point):
    V, logits, _, _ = point
    assert at(symbolic.log_sum_exp(z, V), z=logits) == pytest.approx(numpy_side.log_sum_exp(logits), rel=RTOL)
    for j in range(V):
        for name in ("softmax", "log_softmax"):
            ours = at(getattr(symbolic, name)(z, j + 1, V), z=logits)
            assert ours == pytest.approx(getattr(numpy_side, name)(logits)[j], rel=RTOL, abs=1e-14)
        warm = at(symbolic.softmax(z, j + 1, V, Rational(1, 2)), z=logits)
        assert warm == pytest.approx(numpy_side.softmax(logits, 0.5)[j], rel=RTOL)
        loss = at(symbolic.nll_from_logits(z, j + 1, V), z=logits)
        assert loss == pytest.approx(numpy_side.nll_from_logits(logits, j), rel=RTOL, abs=1e-14)
        for k in range(V):
            slope = at(symbolic.nll_gradient(z, k + 1, j + 1, V), z=logits)
            assert slope == pytest.approx(numpy_side.nll_gradient(logits, j)[k], rel=1e-11, abs=1e-14)
            bend = at(symbolic.nll_hessian(z, j + 1, k + 1, V), z=logits)
            assert bend == pytest.approx(numpy_side.nll_hessian(logits)[j, k], rel=1e-11, abs=1e-14)


def test_symbolic_gradient_and_hessian_are_the_derivatives_of_the_loss(point):
    V, logits, _, _ = point
    for y in range(1, V + 1):
        loss = symbolic.nll_from_logits(z, y, V).doit()
        for j in range(1, V + 1):
            slope = symbolic.nll_gradient(z, j, y, V)
            assert at(diff(loss, z[j]), z=logits) == pytest.approx(at(slope, z=logits), rel=1e-11, abs=1e-14)
            for k in range(1, V + 1):
                bend = at(diff(loss, z[j], z[k]), z=logits)
                assert bend == pytest.approx(
                    at(symbolic.nll_hessian(z, j, k, V), z=logits), rel=1e-10, abs=1e-13
                )


def test_symbolic_entropies_agree_with_numpy(point):
    V, _, data, model = point
    both = {"p": data, "q": model}
    assert at(symbolic.entropy(p, V), **both) == pytest.approx(numpy_side.entropy(data), rel=1e-11, abs=1e-14)
    for name in ("cross_entropy", "kl_divergence"):
        ours = at(getattr(symbolic, name)(p, q, V), **both)
        assert ours == pytest.approx(getattr(numpy_side, name)(data, model), rel=1e-11, abs=1e-14)


def test_symbolic_nll_perplexity_and_units_agree_with_numpy(point):
    m, _, probs, _ = point
    total = symbolic.nll(p, m)
    assert at(total, p=probs) == pytest.approx(numpy_side.nll(probs), rel=RTOL, abs=1e-14)
    expected = numpy_side.perplexity(numpy_side.nll(probs), m)
    assert at(symbolic.perplexity(total, m), p=probs) == pytest.approx(expected, rel=RTOL)
    bits = symbolic.bits_from_nats(total)
    assert at(bits, p=probs) == pytest.approx(
        numpy_side.bits_from_nats(numpy_side.nll(probs)), rel=RTOL, abs=1e-14
    )
    assert at(symbolic.nats_from_bits(bits), p=probs) == pytest.approx(
        numpy_side.nll(probs), rel=RTOL, abs=1e-14
    )


def test_an_index_that_is_called_like_the_bound_one_is_not_captured():
    i = Symbol("i", integer=True, positive=True)
    loss = symbolic.nll_from_logits(z, i, 3)
    assert at(loss.subs(i, 2), z=[2.0, 1.0, 3.0]) == pytest.approx(2.407606, abs=1e-6)
