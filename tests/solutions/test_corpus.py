"""The running example against counts by hand, in exact fractions."""

import math
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from solutions import SolutionsError
from solutions.corpus import (
    ALPHA,
    CONTEXTS,
    FOLLOWERS,
    HELD_OUT,
    SENTENCES,
    bigram_table,
    encode,
    mean_nll,
    pair_counts,
    token_log_probs,
)


def exact(sentence: str, alpha: Fraction) -> list[Fraction]:
    """The probabilities of a sentence's tokens, from pairs that are counted word by word."""
    pairs: Counter[tuple[str, str]] = Counter()
    for known in SENTENCES:
        words = ["<s>", *known.split(), "</s>"]
        pairs.update(zip(words, words[1:], strict=False))
    totals: Counter[str] = Counter()
    for (before, _), count in pairs.items():
        totals[before] += count
    words = ["<s>", *sentence.split(), "</s>"]
    return [
        (pairs[before, word] + alpha) / (totals[before] + 7 * alpha)
        for before, word in zip(words, words[1:], strict=False)
    ]


@pytest.mark.parametrize("sentence", [*SENTENCES, *HELD_OUT])
def test_a_sentence_has_the_probabilities_that_counting_by_hand_gives(sentence: str) -> None:
    expected = [math.log(prob) for prob in exact(sentence, Fraction(1, 10))]
    np.testing.assert_allclose(token_log_probs(sentence), expected, rtol=1e-12)


def test_without_smoothing_the_first_sentence_has_probability_one_quarter_and_a_new_pair_none() -> None:
    assert math.prod(exact("the cat sat", Fraction(0))) == Fraction(1, 4)
    assert np.exp(token_log_probs("the cat sat", alpha=0).sum()) == pytest.approx(0.25, rel=1e-12)
    assert token_log_probs("a cat sat", alpha=0)[1] == -np.inf


def test_rows_are_distributions_and_16_tokens_are_counted() -> None:
    for alpha in (0.0, ALPHA, 3.0):
        np.testing.assert_allclose(bigram_table(alpha).sum(axis=1), 1, rtol=1e-12)
    assert pair_counts().sum() == sum(len(encode(sentence)) - 1 for sentence in SENTENCES) == 16
    assert (len(CONTEXTS), len(FOLLOWERS)) == pair_counts().shape


def test_the_mean_is_over_tokens_and_no_table_has_a_smaller_one_than_the_counts() -> None:
    total = -sum(math.log(prob) for s in SENTENCES for prob in exact(s, Fraction(1, 10)))
    assert mean_nll() == pytest.approx(total / 16, rel=1e-12)
    assert all(mean_nll(alpha=0) < mean_nll(alpha=alpha) for alpha in (1e-3, 0.1, 1.0))
    assert mean_nll(HELD_OUT, 0) == np.inf > mean_nll(HELD_OUT)


def test_what_is_no_sentence_of_the_vocabulary_is_refused() -> None:
    with pytest.raises(SolutionsError, match=r"bird.*not in the vocabulary"):
        encode("the bird sat")
    with pytest.raises(SolutionsError, match="not in the vocabulary"):
        encode("<s> the cat")
    with pytest.raises(SolutionsError, match="no sentence"):
        mean_nll([])
