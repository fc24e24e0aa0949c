"""Do scores of answers and candidates say what a sum written out by hand says?"""

import math

import numpy as np
import pytest
from scipy.special import logsumexp, softmax

from solutions import SolutionsError
from solutions.ranking import RULES, answer_log_prob, posterior, rank


def test_an_answers_score_is_the_sum_over_its_own_tokens_each_from_the_row_before():
    rng = np.random.default_rng(0)
    logits, tokens = rng.normal(size=(6, 4)) * 30, rng.integers(4, size=6)
    for prompt in range(1, 7):
        by_hand = sum(logits[t - 1, tokens[t]] - logsumexp(logits[t - 1]) for t in range(prompt, 6))
        assert answer_log_prob(logits, tokens, prompt) == pytest.approx(by_hand, rel=1e-12, abs=1e-12)


def test_an_answers_score_is_that_of_the_whole_minus_that_of_the_prompt():
    rng = np.random.default_rng(1)
    logits, tokens = rng.normal(size=(7, 5)), rng.integers(5, size=7)
    whole = answer_log_prob(logits, tokens, 1)
    prompt = answer_log_prob(logits[:4], tokens[:4], 1)
    assert answer_log_prob(logits, tokens, 4) == pytest.approx(whole - prompt, rel=1e-12)


@pytest.mark.parametrize("prompt", [0, 4])
def test_an_answer_without_a_prompt_is_refused(prompt):
    with pytest.raises(SolutionsError, match="1 to m"):
        answer_log_prob(np.zeros((3, 2)), [0, 1, 1], prompt)


def test_sum_and_means_divide_by_what_they_say():
    log_probs, text = [-1.0, -2.0, -0.5], "où?"
    assert {name: rule(log_probs, text) for name, rule in RULES.items()} == {
        "sum": -3.5, "token": -3.5 / 3, "byte": -3.5 / 4,
    }  # fmt: skip
    assert [RULES["token"]([], ""), RULES["byte"]([], "")] == [-math.inf, -math.inf]


def test_equal_scores_keep_their_order_and_candidates_share_one():
    assert rank([-2.0, -1.0, -2.0, -0.5]) == [3, 1, 0, 2]
    np.testing.assert_allclose(posterior([-1000.0, -1001.0]), softmax([0.0, -1.0]), rtol=1e-12)
