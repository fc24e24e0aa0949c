"""Are the tasks' own references and draws what they claim to be?"""

import re
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from grader.cases import Function, rng_for
from solutions import SolutionsError, information
from solutions.tasks import (
    _autograd,
    autograd,
    cross_entropy,
    decoding,
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
    "07": autograd,
    "09": decoding,
}
each_set = pytest.mark.parametrize("tasks", [module.TASKS for module in SETS.values()], ids=SETS)


@each_set
def test_no_mistake_of_a_function_is_refused_by_the_reference_that_it_calls(tasks):
    """Else every input that the reference refuses would count as the same mistake."""
    for task in tasks:
        if isinstance(task, Function):
            for mistake in task.cases(rng_for(3, task.id, False), False)["mistakes"]:
                raised = {result["raised"]["type"] for result in mistake["results"] if "raised" in result}
                assert "SolutionsError" not in raised, (task.id, mistake["code"])


def test_autograd_and_the_formula_give_the_same_gradients_on_the_tasks_inputs():
    task = softmax_gradient.NLL_GRADIENT
    for example in task.draw(rng_for(1, task.id, False)):
        logits, targets, temperature = example.args
        expected = information.nll_gradient(logits / temperature, targets) / temperature
        np.testing.assert_allclose(task.reference(*example.args), expected, rtol=1e-12, atol=1e-14)


def test_without_torch_the_gradient_task_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(SolutionsError, match=r"install it as in requirements.txt"):
        softmax_gradient.NLL_GRADIENT.reference(np.zeros(2), 1, 2.0)


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


def test_the_verdict_on_every_drawn_score_is_what_exact_arithmetic_gives():
    def exactly(forecasts, scores):
        truths, paid = (
            [[Fraction(x) for x in row] for row in table.tolist()] for table in (forecasts, scores)
        )
        earned = [[sum(p * s for p, s in zip(truth, row, strict=True)) for row in paid] for truth in truths]
        loses = [row[t] - x for t, row in enumerate(earned) for i, x in enumerate(row) if i != t]
        assert all(abs(abs(lost) - Fraction(1, 10**9)) > Fraction(1, 10**10) for lost in loses)
        low = min(loses) * 10**9
        return "strictly proper" if low >= 1 else "proper" if low > -1 else "not proper"

    for seed in range(10):
        verdicts: dict[str, set[str]] = {}
        for forecasts, scores in (e.args for e in cross_entropy.draw_scores(rng_for(seed, "any", False))):
            assert len(np.unique(forecasts, axis=0)) == len(forecasts)
            assert cross_entropy.PROPERNESS.reference(forecasts, scores) == exactly(forecasts, scores)
        for example in cross_entropy.draw_scores(rng_for(seed, "any", False)):
            verdicts.setdefault(example.label, set()).add(cross_entropy.properness(*example.args))
        assert all(len(found) > 1 for found in verdicts.values())  # so that a constant text earns nothing


def test_the_scores_of_the_chapter_get_the_verdicts_that_theory_gives():
    expected = [*["strictly proper"] * 4, *["proper"] * 2, *["not proper"] * 2]
    for seed in range(10):
        examples = cross_entropy.draw_scores(rng_for(seed, "any", False))[: len(expected)]
        assert [cross_entropy.PROPERNESS.reference(*e.args) for e in examples] == expected


def test_the_backward_pass_adds_up_the_products_of_the_slopes_along_all_paths():
    """The sum over all paths is a power series of the matrix W of slopes: 1 + W + W² + … = (1 − W)⁻¹."""
    task = autograd.BACKWARD_PASS
    for example in task.draw(rng_for(3, task.id, False)):
        graph = example.args[0]
        slopes = np.zeros((len(graph), len(graph)))
        for number, edges in enumerate(graph):
            for before, slope in edges:
                slopes[number, before] += slope
        expected = np.linalg.solve((np.eye(len(graph)) - slopes).T, np.eye(len(graph))[-1])
        np.testing.assert_allclose(task.reference(*example.args), expected, rtol=1e-12, atol=1e-15)


def test_the_notebook_watches_its_values_as_the_tasks_do():
    text = (Path(__file__).parents[2] / "exercises/07_autograd/autograd.py").read_text()
    assert f"self.reads > {_autograd.MOST_READS:_}:" in text
    assert f"sys._getframe({_autograd.MOST_CALLS})" in text


def test_who_follows_every_path_is_stopped_before_the_paths_are_too_many():
    task = autograd.BACKWARD_PASS
    for example in task.draw(rng_for(4, task.id, True)):
        if example.label == "forty doublings":
            with pytest.raises(RuntimeError, match="once for each path|again and again"):
                _autograd.gradients_of(_autograd.along_every_path)(*example.args)


def test_the_deep_graph_is_too_deep_for_recursion():
    task = autograd.BACKWARD_PASS
    (deep,) = (e for e in task.draw(rng_for(4, task.id, True)) if len(e.args) > 1)
    with pytest.raises(RecursionError):
        autograd.gradients_of(autograd.by_recursion)(*deep.args)


def test_the_central_differences_are_derivatives_up_to_an_error_of_second_order():
    """Is what is left after one step of Richardson's extrapolation the derivative, which a complex step finds?"""
    task = autograd.NUMERICAL_GRADIENT
    for terms, x, h in (example.args for example in task.draw(rng_for(5, task.id, False))):
        steps = 1e-30j * np.eye(len(x))
        exact = [sum(c * np.prod((x + s) ** np.array(n)) for c, *n in terms).imag / 1e-30 for s in steps]
        wide, narrow = (np.array(task.reference(terms, x, width)) for width in (h, h / 2))
        np.testing.assert_allclose((4 * narrow - wide) / 3, exact, rtol=1e-8, atol=1e-10)


def test_the_table_of_the_gradient_check_is_what_the_differences_give():
    text = (Path(__file__).parents[2] / "exercises/07_autograd/autograd.py").read_text()
    rows = [re.search(rf"^# {head} +(.*)$", text, flags=re.M)[1] for head in ("step h", "they differ by")]
    steps, said = ([float(word) for word in row.split() if word != "..."] for row in rows)
    found = [
        abs(autograd.differences(lambda x: np.tanh(x[0]), [1.0], h)[0] - (1 - np.tanh(1) ** 2)) for h in steps
    ]
    np.testing.assert_allclose(found[:-1], said[:-1], rtol=0.05)
    assert 1e-8 < found[-1] < 1e-5 and 1e-8 < said[-1] < 1e-5  # rounding, which differs between machines


def test_two_letters_are_trained_as_logistic_regression_is():
    task = autograd.TRAIN_TWO_LETTERS
    for what, start, batches, rate in (e.args for e in task.draw(rng_for(6, task.id, False))):
        z, expected = np.array(start), []
        for before, after in (np.transpose(batch) for batch in batches):
            p = 1 / (1 + np.exp(-z[before]))
            expected.append(np.exp(-np.mean(np.log(np.where(after, p, 1 - p)))))
            z = z - rate * np.array([np.sum((p - after)[before == letter]) for letter in (0, 1)]) / len(after)
        given = task.reference(what, start, batches, rate)
        np.testing.assert_allclose(given, expected if what == "perplexities" else z, rtol=1e-12)
