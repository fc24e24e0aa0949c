"""What chapters 1 and 2 count, search and simulate, found in another way."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import nbinom

from solutions import information
from tests.book.executed import Chapter

THETA, REPEATS = 0.2, 20_000  # of chapter 2's simulation


@pytest.mark.parametrize("chance", [0.5, 0.1])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_product_is_zero_after_as_many_tokens_as_the_chapter_says(
    dtype: type[np.floating], chance: float, chapters: dict[str, Chapter]
) -> None:
    product, tokens = dtype(1), 0
    while product > 0:
        product, tokens = dtype(product * dtype(chance)), tokens + 1
    assert chapters["01_sequences"].glued[f"zero-{dtype.__name__}-{chance}"] == tokens


def test_a_product_of_0_9_stands_still_where_the_chapter_says(chapters: dict[str, Chapter]) -> None:
    product, tokens, before = np.float32(1), 0, np.float32(2)
    while product < before:
        product, before, tokens = np.float32(product * np.float32(0.9)), product, tokens + 1
    assert product > 0
    assert chapters["01_sequences"].glued["stuck-tokens"] == tokens - 1  # the last step moved nothing


def test_the_log_likelihoods_are_the_published_ones(chapters: dict[str, Chapter]) -> None:
    glued = chapters["01_sequences"].glued
    assert [glued[f"{text}-total"] for text in ("first", "cat")] == ["−5.5", "−3.6"]
    assert [glued[f"{text}-{end}"] for text in ("short", "long") for end in ("with",)] == ["−6.4", "−3.9"]
    assert glued["short-without"] == "−2.4"
    assert glued["million-tokens"] == f"−{information.surprisal(0.1):.1f}"


def held_out_nll(alpha: float) -> tuple[float, float]:
    """Return the NLL of "a cat sat" and of "the dog ran", from the counts of each row and its total."""
    seen_none, seen_once, seen_twice, seen_thrice = (n + alpha for n in range(4))
    one, two, three, four = (n + 7 * alpha for n in range(1, 5))
    cat = [seen_once / four, seen_none / one, seen_once / two, seen_twice / two]
    dog = [seen_thrice / four, seen_once / three, seen_once / two, seen_twice / two]
    return float(information.nll(cat)), float(information.nll(dog))


def test_the_best_smoothing_is_what_an_optimiser_finds(chapters: dict[str, Chapter]) -> None:
    glued = chapters["02_maximum_likelihood"].glued
    best = minimize_scalar(lambda alpha: sum(held_out_nll(alpha)) / 8, bounds=(1e-4, 1), method="bounded")
    assert glued["best-alpha"] == pytest.approx(best.x, rel=0.03)  # the chapter's grid is that coarse
    assert glued["held-out-best"] == pytest.approx(best.fun, abs=1e-3)
    assert glued["unseen-smoothed"] == pytest.approx(held_out_nll(glued["best-alpha"])[0])


def exact(texts: int) -> tuple[float, float]:
    """Return the mean of n / N and its variance in units of the Cramér–Rao bound, summed over all N."""
    went_on = np.arange(60 * texts)
    weights, estimates = nbinom.pmf(went_on, texts, THETA), texts / (texts + went_on)
    mean = (weights * estimates).sum()
    return mean, (weights * (estimates - mean) ** 2).sum() * texts / (THETA**2 * (1 - THETA))


@pytest.mark.parametrize("texts", [10, 1000])
def test_the_simulated_estimates_scatter_as_their_distribution_says(
    texts: int, chapters: dict[str, Chapter]
) -> None:
    glued = chapters["02_maximum_likelihood"].glued
    mean, ratio = exact(texts)
    assert glued["ratio-error"] == pytest.approx((2 / REPEATS) ** 0.5)
    assert glued[f"mle-ratio-{texts}"] == pytest.approx(ratio, rel=5 * glued["ratio-error"])
    error_of_mean = (ratio * THETA**2 * (1 - THETA) / texts / REPEATS) ** 0.5
    assert glued[f"mle-mean-{texts}"] == pytest.approx(mean, abs=4 * error_of_mean)
    assert mean > THETA  # biased, as the chapter says
    assert glued["rival-ratio-1000"] == pytest.approx(1 / THETA, rel=5 * glued["ratio-error"])
