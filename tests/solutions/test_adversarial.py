"""Is the best discriminator the best, its value what it says, and are the distances those of other programs?"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import jensenshannon

from solutions import SolutionsError
from solutions.adversarial import (
    best_discriminator,
    best_value,
    discriminator_value,
    jensen_shannon,
    wasserstein,
)

pairs = st.integers(1, 5).flatmap(
    lambda n: st.tuples(*(st.lists(st.integers(0, 9), min_size=n, max_size=n).filter(any) for _ in range(2)))
)


def distributions(pair) -> tuple[np.ndarray, np.ndarray]:
    p, g = (np.array(counts, dtype=float) for counts in pair)
    return p / p.sum(), g / g.sum()


@given(pairs, st.integers(0, 1000))
def test_no_other_discriminator_has_a_larger_value(pair, seed):
    p, g = distributions(pair)
    best = discriminator_value(p, g, best_discriminator(p, g))
    other = np.random.default_rng(seed).random(len(p))
    assert discriminator_value(p, g, other) <= best + 1e-12
    assert best == pytest.approx(best_value(p, g), abs=1e-12)
    assert -math.log(4) - 1e-12 <= best <= 1e-12


@given(pairs)
def test_the_divergence_is_scipys_and_at_most_log_2(pair):
    p, g = distributions(pair)
    assert jensen_shannon(p, g) == pytest.approx(jensenshannon(p, g) ** 2, abs=1e-9)
    assert jensen_shannon(p, g) == pytest.approx(jensen_shannon(g, p), abs=1e-15)
    assert -1e-15 <= jensen_shannon(p, g) <= math.log(2) + 1e-15


@given(pairs)
def test_the_wasserstein_distance_is_scipys(pair):
    p, g = distributions(pair)
    places = np.cumsum(np.arange(1.0, len(p) + 1))
    assert wasserstein(p, g, places) == pytest.approx(stats.wasserstein_distance(places, places, p, g))


def test_a_discriminator_that_is_surely_wrong_has_no_value():
    assert discriminator_value([0.5, 0.5], [0.5, 0.5], [0.0, 0.5]) == -math.inf
    assert discriminator_value([0.5, 0.5], [0.5, 0.5], [1.0, 0.5]) == -math.inf


def test_where_nothing_comes_from_the_discriminator_has_no_value():
    d = best_discriminator([0.5, 0.5, 0.0], [1.0, 0.0, 0.0])
    assert np.isnan(d[2])
    assert discriminator_value([0.5, 0.5, 0.0], [1.0, 0.0, 0.0], d) == pytest.approx(
        best_value([0.5, 0.5, 0.0], [1.0, 0.0, 0.0])
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda: best_discriminator([0.5], [0.5, 0.5]),
        lambda: best_discriminator([-0.5], [0.5]),
        lambda: discriminator_value([1.0], [1.0], [1.5]),
        lambda: discriminator_value([0.9], [1.0], [0.5]),
        lambda: jensen_shannon([0.5, 0.5], [1.0]),
        lambda: wasserstein([0.5, 0.5], [0.5, 0.5], [1.0, 1.0]),
    ],
)
def test_what_is_no_distribution_is_refused(call):
    with pytest.raises(SolutionsError, match="give"):
        call()
