"""Do the scores pay what their formulas say, and is honesty the best policy where theory says so?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solutions import SolutionsError, information
from solutions.scoring import accuracy_score, linear_score, log_score, properness, quadratic_score

seeds = st.integers(0, 2**32 - 1)


def forecasts(seed: int, n: int = 30, V: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.ones(V), size=n)


def test_the_quadratic_score_is_minus_the_squared_distance_from_the_one_hot_outcome():
    q = forecasts(0, n=4, V=5)
    expected = [[-np.sum((row - np.eye(5)[k]) ** 2) for k in range(5)] for row in q]
    np.testing.assert_allclose(quadratic_score(q), expected, rtol=1e-12)


@settings(deadline=None)
@given(seeds)
def test_the_log_and_the_quadratic_score_are_strictly_proper_and_accuracy_is_proper_only(seed):
    q = forecasts(seed)
    assert properness(q, log_score(q)) == "strictly proper"
    assert properness(q, quadratic_score(q)) == "strictly proper"
    assert properness(q, accuracy_score(q)) == "proper"  # 30 forecasts of 3 outcomes share first places


@settings(deadline=None)
@given(seeds)
def test_what_pays_for_boasting_or_ignores_the_truth_is_not_proper(seed):
    q = forecasts(seed)
    assert properness(q, linear_score(q)) == "not proper"
    assert properness(q, -log_score(q)) == "not proper"
    assert properness(q, np.maximum(log_score(q), -1)) == "not proper"
    assert properness(q, np.zeros_like(q)) == "proper"


@settings(deadline=None)
@given(seeds)
def test_a_dishonest_forecast_loses_its_divergence_from_the_truth_under_the_log_score(seed):
    p, q = forecasts(seed, n=2)
    np.testing.assert_allclose(
        p @ (log_score(p) - log_score(q)), information.kl_divergence(p, q), rtol=1e-9, atol=1e-12
    )


def test_the_first_of_several_first_places_counts_for_accuracy():
    assert accuracy_score([0.4, 0.4, 0.2]).tolist() == [1, 0, 0]


@pytest.mark.parametrize("scores", [np.zeros((2, 3)), np.zeros(2), np.zeros((3, 2))])
def test_scores_of_another_shape_are_refused(scores):
    with pytest.raises(SolutionsError, match="give both as"):
        properness([[0.5, 0.5], [0.1, 0.9]], scores)
