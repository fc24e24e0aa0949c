"""Do the NumPy references for entropies and perplexity agree with SciPy, and do their theorems hold?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special, stats

from solutions import SolutionsError
from solutions.information import (
    bits_from_nats,
    bits_per_byte,
    bits_per_character,
    corpus_perplexity,
    cross_entropy,
    entropy,
    kl_divergence,
    nats_from_bits,
    nll,
    perplexity,
    softmax,
    surprisal,
)

RTOL, ATOL = 1e-12, 1e-12

logits = arrays(np.float64, (2, 5), elements=st.floats(-20, 20))
weights = arrays(np.int64, (3, 4), elements=st.integers(0, 5)).map(
    lambda w: w + (w.sum(-1, keepdims=True) == 0)
)
losses = st.lists(st.tuples(st.floats(0, 10), st.integers(1, 30)), min_size=1, max_size=6)


def with_zeros(w: np.ndarray) -> np.ndarray:
    return w / w.sum(axis=-1, keepdims=True)


@settings(deadline=None)
@given(weights, weights)
def test_entropies_agree_with_scipy_where_probabilities_are_zero(v, w):
    p, q = with_zeros(v), with_zeros(w)
    np.testing.assert_allclose(entropy(p), stats.entropy(p, axis=-1), RTOL, ATOL)
    np.testing.assert_allclose(kl_divergence(p, q), special.rel_entr(p, q).sum(axis=-1), RTOL, ATOL)
    np.testing.assert_allclose(cross_entropy(p, q), -special.xlogy(p, q).sum(axis=-1), RTOL, ATOL)


@settings(deadline=None)
@given(logits, logits)
def test_cross_entropy_is_entropy_plus_kl_and_kl_is_zero_only_for_equals(a, b):
    p, q = softmax(a), softmax(b)
    np.testing.assert_allclose(cross_entropy(p, q), entropy(p) + kl_divergence(p, q), rtol=1e-12, atol=1e-13)
    assert (kl_divergence(p, q) >= 0).all()
    assert (kl_divergence(p, p) == 0).all()
    assert (entropy(p) <= np.log(5) + 1e-12).all()


@settings(deadline=None)
@given(logits, st.integers(0, 4))
def test_cross_entropy_with_a_one_hot_target_is_the_surprisal_of_the_target(a, y):
    q = softmax(a)
    np.testing.assert_allclose(cross_entropy(np.eye(5)[y], q), surprisal(q[:, y]), RTOL, ATOL)


@settings(deadline=None)
@given(st.lists(st.floats(1e-6, 1), min_size=1, max_size=12))
def test_perplexity_is_the_geometric_mean_of_the_inverse_probabilities(p):
    expected = stats.gmean(1 / np.array(p))
    np.testing.assert_allclose(perplexity(nll(p), len(p)), expected, rtol=1e-10)


@settings(deadline=None)
@given(st.integers(1, 10**6), st.integers(1, 50))
def test_the_uniform_models_perplexity_is_the_size_of_its_vocabulary(V, m):
    np.testing.assert_allclose(perplexity(nll(np.full(m, 1 / V)), m), V, rtol=1e-9)


@settings(deadline=None)
@given(losses)
def test_a_corpus_is_one_long_text_and_never_above_its_worst_sentence(corpus):
    nlls, lengths = np.array([nll for nll, _ in corpus]), np.array([length for _, length in corpus])
    value = corpus_perplexity(nlls, lengths)
    np.testing.assert_allclose(value, perplexity(sum(nlls), sum(lengths)), RTOL)
    each = perplexity(nlls, lengths)
    assert each.min() * (1 - 1e-12) <= value <= each.max() * (1 + 1e-12)


@settings(deadline=None)
@given(st.floats(0, 700))
def test_two_to_the_bits_is_e_to_the_nats(nats):
    np.testing.assert_allclose(2.0 ** bits_from_nats(nats), np.exp(nats), rtol=1e-10)
    np.testing.assert_allclose(nats_from_bits(bits_from_nats(nats)), nats, RTOL)


@pytest.mark.parametrize(("mean_nll", "expected"), [(2.1, 8.17), (1.5, 4.48), (2.3, 9.97)])
def test_the_books_perplexities(mean_nll, expected):
    assert perplexity(mean_nll) == pytest.approx(expected, abs=0.005)


def test_the_books_kl_divergence_in_nats_and_bits_differs_from_its_reverse():
    forward, reverse = kl_divergence([0.5, 0.5], [0.7, 0.3]), kl_divergence([0.7, 0.3], [0.5, 0.5])
    assert forward == pytest.approx(0.0872, abs=5e-5)
    assert bits_from_nats(forward) == pytest.approx(0.1258, abs=5e-5)
    assert reverse == pytest.approx(0.0823, abs=5e-5)


def test_characters_are_code_points_and_bytes_are_utf8():
    text = "naïve 😀"  # 7 code points; ï takes 2 bytes and the face 4
    assert bits_per_character(7 * np.log(2), text) == pytest.approx(1.0, rel=1e-12)
    assert bits_per_byte(11 * np.log(2), text) == pytest.approx(1.0, rel=1e-12)


def test_zero_probability_for_what_happens_is_infinite_and_for_what_never_happens_is_free():
    assert nll([0.5, 0.0]) == np.inf
    assert perplexity(np.inf, 2) == np.inf
    assert kl_divergence([0.5, 0.5], [1.0, 0.0]) == np.inf
    assert kl_divergence([1.0, 0.0], [0.5, 0.5]) == pytest.approx(np.log(2))
    assert entropy([1.0, 0.0]) == 0 and not np.signbit(entropy([1.0, 0.0]))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: surprisal([1.5]), "between 0 and 1"),
        (lambda: nll(0.5), "at least one token"),
        (lambda: nll([]), "at least one token"),
        (lambda: nll(["0.5"]), "real numbers"),
        (lambda: perplexity(-2.1), "minus missing"),
        (lambda: perplexity(2.1, 0), "at least 1"),
        (lambda: corpus_perplexity([1.0], [1, 2]), "both per sentence"),
        (lambda: corpus_perplexity([], []), "both per sentence"),
        (lambda: corpus_perplexity([1.0], [0]), "lengths ≥ 1"),
        (lambda: entropy([2.0, 1.0, 3.0]), "logits"),
        (lambda: entropy(1.0), "V ≥ 1"),
        (lambda: cross_entropy([1.5, -0.5], [0.5, 0.5]), "p is no distribution"),
        (lambda: kl_divergence([0.5, 0.5], [1.0]), "both the same number"),
        (lambda: kl_divergence(np.full((2, 2), 0.5), np.full((3, 2), 0.5)), "do not broadcast"),
        (lambda: bits_per_byte(1.0, ""), "give an NLL ≥ 0"),
        (lambda: bits_from_nats(np.nan), "real numbers"),
    ],
)
def test_what_is_outside_the_domain_is_refused_with_its_reason(call, says):
    with pytest.raises(SolutionsError, match=says):
        call()
