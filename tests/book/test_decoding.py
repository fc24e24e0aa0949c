"""Does chapter 9 show what it claims: the mode, worse wider beams, exact divergences, and a wrong limit of training?"""

import itertools
from typing import Any

import numpy as np
import pytest
import torch
from scipy.special import logsumexp

from solutions.decoding import beam_search
from solutions.lm.sources import default
from tests.book.executed import Chapter


@pytest.fixture(scope="module")
def names(chapters: dict[str, Chapter]) -> dict[str, Any]:
    return chapters["09_decoding"].namespace


def log_prob(tokens: Any) -> float:
    text = torch.tensor(tokens)[None]
    return float(default().next_probs(text)[0, :-1].gather(-1, text[0][:, None]).log().sum())


def test_the_mode_has_its_probability_and_no_beam_beats_it(names: dict[str, Any]) -> None:
    mode = names["mode"]
    assert len(mode.tokens) == 32
    assert log_prob(mode.tokens) == pytest.approx(mode.log_prob, abs=1e-9)
    widest = beam_search(names["source_model"], 400, 32)[0]
    assert widest.log_prob == pytest.approx(mode.log_prob, abs=1e-9)
    for place, token in itertools.product(range(32), range(20)):
        changed = [*mode.tokens[:place], token, *mode.tokens[place + 1 :]]
        assert log_prob(changed) <= mode.log_prob + 1e-9


def test_the_searches_and_samples_have_the_scores_that_the_picture_shows(names: dict[str, Any]) -> None:
    by_width = names["by_width"]
    shown = [by_width[1], by_width[2], by_width[3], by_width[4], by_width[64], names["mode"].log_prob]
    assert [f"{score:.2f}" for score in shown] == ["-30.90", "-29.45", "-31.01", "-30.16", "-28.72", "-28.72"]
    assert names["sampled"].mean() == pytest.approx(-32 * default().entropy_per_token(32), abs=0.6)


def test_the_divergence_on_own_prefixes_is_what_drawn_texts_give(names: dict[str, Any]) -> None:
    bigram, source = default().bigram(), default()
    generator = torch.Generator().manual_seed(0)
    texts = source.sample(4000, 1, 1)
    for _ in range(31):
        texts = torch.cat([texts, torch.multinomial(bigram[texts[:, -1]], 1, generator=generator)], dim=1)
    p = source.next_probs(texts)[:, 1:-1]
    q = bigram[texts[:, :-1]]
    drawn = (p * (p / q).log()).sum(dim=-1).sum(dim=1) / 32
    error = float(drawn.std()) / len(drawn) ** 0.5
    assert float(drawn.mean()) == pytest.approx(np.mean(names["on_own"]), abs=4 * error)


def test_drafts_of_the_bigram_are_kept_as_often_as_said(names: dict[str, Any]) -> None:
    rng = np.random.default_rng(0)
    texts = default().sample(20_000, 4, 5).numpy()
    p = default().next_probs(torch.from_numpy(texts[:, :3].copy()))[:, -1].numpy()
    q = default().bigram().numpy()[texts[:, 2]]
    drafts = (q.cumsum(axis=1) > rng.random((len(q), 1))).argmax(axis=1)
    rows = np.arange(len(q))
    kept = rng.random(len(q)) < p[rows, drafts] / q[rows, drafts]
    assert kept.mean() == pytest.approx(names["accepted"], abs=0.015)


def test_scheduled_sampling_is_least_where_the_chapter_says() -> None:
    rng = np.random.default_rng(2)
    joint = rng.dirichlet(np.ones(9)).reshape(3, 3)
    eps, drawn = 0.4, rng.dirichlet(np.ones(3))
    first, second = joint.sum(axis=1), joint.sum(axis=0)
    said = (eps * joint + (1 - eps) * np.outer(drawn, second)) / (eps * first + (1 - eps) * drawn)[:, None]

    def loss(log_probs: np.ndarray) -> float:
        fed_true = -(joint * log_probs).sum()
        fed_own = -(
            np.outer(drawn, second) * log_probs
        ).sum()  # the target has nothing to do with what was fed
        return float(eps * fed_true + (1 - eps) * fed_own)

    least = loss(np.log(said))
    for _ in range(200):
        other = np.log(said) + rng.normal(scale=0.3, size=(3, 3))
        assert loss(other - logsumexp(other, axis=1, keepdims=True)) >= least
    assert abs(said - joint / first[:, None]).max() > 0.05
