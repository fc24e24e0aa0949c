"""The running example: every chapter's number on the four sentences fits those of the other chapters."""

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from solutions import information
from solutions.corpus import ALPHA, CONTEXTS, FOLLOWERS, HELD_OUT, SENTENCES, mean_nll, pair_counts
from tests.book.executed import Chapter

Glued = Callable[[str, str], float]


@pytest.fixture
def glued(chapters: dict[str, Chapter]) -> Glued:
    """Return a function of a chapter's number and a key that gives the number that the chapter quotes."""

    def of(number: str, key: str) -> float:
        chapter = next(chapter for name, chapter in chapters.items() if name.startswith(number))
        value: Any = chapter.glued[f"example-{key}"]
        return float(value.replace("−", "-")) if isinstance(value, str) else float(value)

    return of


def test_every_chapter_up_to_the_ninth_has_it(chapters: dict[str, Chapter]) -> None:
    for name, chapter in chapters.items():
        assert ("## The running example" in chapter.text) == (int(name[:2]) <= 9), name
        if int(name[:2]) <= 9:
            section = re.split(r"^\(", chapter.text.split("## The running example")[1], flags=re.MULTILINE)[0]
            assert section.count("{glue:text}") >= 2, name
            assert 40 <= len(section.split()) <= 160, f"{name}: {len(section.split())} words"


def test_the_mean_loss_is_one_number_from_chapter_to_chapter(glued: Glued) -> None:
    loss = glued("01", "mean")
    assert loss == pytest.approx(glued("01", "total") / glued("01", "tokens"), rel=1e-12)
    for number, key in (("02", "mean"), ("04", "loss"), ("06", "loss"), ("08", "loss")):
        assert glued(number, key) == pytest.approx(loss, rel=1e-9), (number, key)
    assert loss == pytest.approx(mean_nll(), rel=1e-12)


def test_the_least_loss_is_the_entropy_and_the_entropy_rate(glued: Glued) -> None:
    least = glued("02", "least")
    for number, key in (("04", "entropy"), ("07", "least"), ("08", "rate")):
        assert glued(number, key) == pytest.approx(least, rel=1e-9), (number, key)
    rows = pair_counts()
    entropies = [information.entropy(row / row.sum()) for row in rows]
    assert least == pytest.approx(np.average(entropies, weights=rows.sum(axis=1)), rel=1e-12)


def test_the_kl_is_the_difference_of_the_two(glued: Glued) -> None:
    kl = glued("01", "mean") - glued("02", "least")
    for number, key in (("03", "kl"), ("04", "kl"), ("08", "kl")):
        assert glued(number, key) == pytest.approx(kl, rel=1e-9), (number, key)


def test_the_perplexities_are_exponentials_of_the_losses(glued: Glued) -> None:
    assert glued("06", "ppl") == pytest.approx(math.exp(glued("01", "mean")), rel=1e-12)
    assert glued("06", "best-ppl") == pytest.approx(math.exp(glued("02", "least")), rel=1e-12)
    assert glued("06", "held-out-ppl") == pytest.approx(math.exp(glued("02", "held-out")), rel=1e-12)
    assert glued("06", "wrong-ppl") == pytest.approx(2 ** glued("01", "mean"), rel=1e-12)
    assert glued("02", "held-out") == pytest.approx(mean_nll(HELD_OUT), rel=1e-12)


def test_the_bits_are_those_of_all_tokens(glued: Glued) -> None:
    assert glued("04", "bits") == pytest.approx(glued("01", "total") / math.log(2), rel=1e-12)
    assert glued("04", "least-bits") == pytest.approx(16 * glued("02", "least") / math.log(2), rel=1e-12)


def test_the_gradient_is_that_of_finite_differences(glued: Glued) -> None:
    row = pair_counts()[CONTEXTS.index("the")]
    logits, h = np.log(row + ALPHA), 1e-6

    def loss(at: np.ndarray) -> float:
        return float(row.sum() * information.log_sum_exp(at) - row @ at)

    for key, word in (("pull", "cat"), ("push", "sat")):
        step = h * np.eye(7)[FOLLOWERS.index(word)]
        slope = (loss(logits + step) - loss(logits - step)) / (2 * h)
        assert glued("05", key) == pytest.approx(slope, abs=1e-3 if key == "pull" else 1e-8), word
    assert glued("05", "cat") == pytest.approx(information.surprisal(2.1 / 3.7), rel=1e-12)


def test_descent_starts_at_the_uniform_model_and_stays_above_the_floor(glued: Glued) -> None:
    assert glued("07", "start") == pytest.approx(math.log(7), rel=1e-12)
    assert glued("07", "least") < glued("07", "end") < glued("07", "least") + 0.01


def test_the_score_of_the_first_sentence_is_its_log_likelihood(
    glued: Glued, chapters: dict[str, Chapter]
) -> None:
    assert glued("09", "whole") == glued("01", "first")
    assert chapters["09_decoding"].glued["worked-whole"] == chapters["01_sequences"].glued["example-first"]


def test_the_four_sentences_have_a_third_of_the_probability(glued: Glued) -> None:
    rows, total = pair_counts() + ALPHA, 0.0
    for sentence in SENTENCES:
        words = ["<s>", *sentence.split(), "</s>"]
        places = [(CONTEXTS.index(a), FOLLOWERS.index(b)) for a, b in zip(words, words[1:], strict=False)]
        total += math.prod(rows[place] / rows[place[0]].sum() for place in places)
    assert glued("09", "percent") == pytest.approx(100 * total, rel=1e-9)
