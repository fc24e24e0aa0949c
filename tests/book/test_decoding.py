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


def test_a_row_that_is_about_the_next_token_costs_what_the_chapter_says(
    names: dict[str, Any], chapters: dict[str, Chapter]
) -> None:
    blocks = [default().block_probs(n).numpy() for n in range(1, 5)]  # of 1 to 4 tokens
    costs = []
    for now, longer in itertools.pairwise(blocks):
        nexts = longer / now[..., None]
        own = nexts.reshape(-1, 20, 20)[:, range(20), range(20)].reshape(
            now.shape
        )  # the last token once more
        costs.append(-(now * np.log(own)).sum())
    exact = (costs[0] + costs[1] + 30 * costs[2]) / 32
    glued = chapters["09_decoding"].glued
    assert glued["row-off"] == pytest.approx(exact, abs=0.05)
    assert glued["row-right"] == pytest.approx(default().entropy_per_token(32), abs=0.03)
    assert glued["row-uniform"] == pytest.approx(np.log(20))
    assert glued["row-right"] < glued["row-uniform"] < glued["row-off"]


def test_the_total_variation_of_texts_is_at_most_that_of_the_steps_and_pinskers_bound() -> None:
    rng = np.random.default_rng(4)
    for sharp in (0.05, 0.3, 1.0) * 20:
        p, q = (rng.dirichlet(np.full(27, sharp)).reshape(3, 3, 3) + 1e-12 for _ in range(2))
        p, q = p / p.sum(), q / q.sum()
        steps = []
        for beginnings in ((1, 2), (2,), ()):
            one, other = p.sum(axis=beginnings), q.sum(axis=beginnings)
            weight = one.sum(axis=-1)
            apart = abs(one / weight[..., None] - other / other.sum(axis=-1)[..., None]).sum(axis=-1) / 2
            steps.append((weight * apart).sum())
        whole = abs(p - q).sum() / 2
        assert whole <= sum(steps) + 1e-12
        assert whole <= np.sqrt((p * np.log(p / q)).sum() / 2) + 1e-12


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
