"""Are the tasks' own references and draws what they claim to be?"""

import sys

import numpy as np
import pytest

from grader.cases import rng_for, verify_all
from solutions import SolutionsError, information
from solutions.tasks import (
    cross_entropy,
    kl_divergence,
    maximum_likelihood,
    perplexity,
    sequences,
    softmax_gradient,
)

SETS = {
    "01": sequences,
    "02": maximum_likelihood,
    "03": kl_divergence,
    "04": cross_entropy,
    "05": softmax_gradient,
    "06": perplexity,
}
each_set = pytest.mark.parametrize("tasks", [module.TASKS for module in SETS.values()], ids=SETS)


@each_set
def test_every_task_can_be_marked_and_tells_its_mistakes_apart(tasks):
    verify_all(tasks, seed=7)


def test_autograd_and_the_formula_give_the_same_gradients_on_the_tasks_inputs():
    task = softmax_gradient.NLL_GRADIENT
    for example in task.draw(rng_for(1, task.id, False)):
        expected = information.nll_gradient(*example.args)
        np.testing.assert_allclose(task.reference(*example.args), expected, rtol=1e-12, atol=1e-14)


def test_without_torch_the_gradient_task_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(SolutionsError, match=r"install it as in requirements.txt"):
        softmax_gradient.NLL_GRADIENT.reference(np.zeros(2), 1)


def test_logits_far_from_zero_are_the_same_numbers_in_single_precision():
    for example in softmax_gradient.draw_logits(rng_for(2, "any", True)):
        if "large" in example.label or "negative" in example.label or "apart" in example.label:
            assert (np.float32(example.args[0]) == example.args[0]).all()


def test_the_long_text_is_long_enough_for_its_product_to_underflow():
    for seed in range(5):
        examples = perplexity.draw_probs(rng_for(seed, "any", False))
        (probs,) = next(e.args for e in examples if e.label == "a long text")
        assert np.prod(probs) == 0
        assert np.isfinite(perplexity.perplexity_of_probs(probs))


def test_the_long_text_of_the_nll_task_underflows_as_a_product_and_has_a_finite_loss():
    for seed in range(5):
        examples = sequences.draw_token_probs(rng_for(seed, "any", False))
        (probs,) = next(e.args for e in examples if e.label == "a long text")
        assert np.prod(probs) == 0
        assert np.isfinite(information.nll(probs))


def test_each_score_of_the_properness_task_gets_the_verdict_that_theory_gives():
    expected = {
        "the log score": "strictly proper",
        "the quadratic score": "strictly proper",
        "accuracy": "proper",
        "the linear score": "not proper",
        "a score that ignores the forecast": "proper",
        "a score with a favourite": "not proper",
    }
    for seed in range(20):
        for example in cross_entropy.draw_scores(rng_for(seed, "any", False)):
            assert len(np.unique(example.args[0], axis=0)) == len(example.args[0])
            assert cross_entropy.PROPERNESS.reference(*example.args) == expected[example.label]
