"""Do the estimates from counts agree with slow, obvious ones, and do they maximise what they should?"""

from collections import Counter
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from solutions import SolutionsError
from solutions.estimation import additive_smoothing, bigram_counts, bigram_mle

V = 4
corpora = st.lists(st.lists(st.integers(0, V - 1), max_size=9), min_size=1, max_size=5)
rows = st.lists(st.integers(0, 12), min_size=1, max_size=6)


@settings(deadline=None)
@given(corpora)
def test_bigrams_agree_with_counted_pairs(corpus):
    pairs = Counter(pair for sentence in corpus for pair in pairwise(sentence))
    starts = Counter(a for sentence in corpus for a in sentence[:-1])
    counts, probs = bigram_counts(corpus, V), bigram_mle(corpus, V)
    for a in range(V):
        for b in range(V):
            assert counts[a, b] == pairs[a, b]
            expected = Fraction(pairs[a, b], starts[a]) if starts[a] else Fraction(1, V)
            assert probs[a, b] == pytest.approx(float(expected), rel=1e-15)


@settings(deadline=None)
@given(corpora, st.integers(0, 2**32 - 1))
def test_no_other_bigram_model_gives_the_corpus_a_larger_likelihood(corpus, seed):
    other = np.random.default_rng(seed).dirichlet(np.ones(V), size=V)

    def log_likelihood(model):
        return sum(np.log(model[a, b]) for sentence in corpus for a, b in pairwise(sentence))

    assert log_likelihood(other) <= log_likelihood(bigram_mle(corpus, V)) + 1e-9


@settings(deadline=None)
@given(rows, st.floats(0.01, 10))
def test_additive_smoothing_is_the_mean_of_a_dirichlet_posterior(counts, alpha):
    if len(counts) > 1:
        expected = stats.dirichlet(np.array(counts) + alpha).mean()
        np.testing.assert_allclose(additive_smoothing(counts, alpha), expected, rtol=1e-12)
    np.testing.assert_allclose(additive_smoothing([counts, counts], alpha).sum(axis=-1), 1, rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: bigram_counts([[0, 2]], 2), "0..1"),
        (lambda: bigram_mle([[-1, 0]], 2), "0..1"),
        (lambda: additive_smoothing([1, 2], -1), "both ≥ 0"),
        (lambda: additive_smoothing([1, -2], 0.5), "both ≥ 0"),
        (lambda: additive_smoothing([[0, 0], [1, 2]], 0), "alpha > 0"),
    ],
)
def test_what_makes_no_sense_is_refused(call, says):
    with pytest.raises(SolutionsError, match=says):
        call()
