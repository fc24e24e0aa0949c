"""What chapter 8 trains and measures, a second time in NumPy, and whether its recorded run is one run."""

import json
import math
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from solutions import information
from solutions.lm.__main__ import parser
from solutions.lm.metrics import read_metrics
from solutions.lm.sources import default, hidden
from tests.book.executed import Chapter

RECORDED = "book/recorded/tiny_shakespeare"


@pytest.fixture(scope="module")
def lm(chapters: dict[str, Chapter]) -> Chapter:
    return chapters["08_language_model"]


@pytest.fixture(scope="module")
def judged(lm: Chapter) -> dict[str, np.ndarray]:
    """Log-probabilities of source and model at each position of the chapter's held-out sequences."""
    tokens, model = lm.namespace["held_out"], lm.namespace["model"]
    inputs = np.concatenate([np.full((len(tokens), 1), 20), tokens[:, :-1]], axis=1)
    with torch.no_grad():
        z = model(torch.from_numpy(inputs)).double().numpy()
    return {
        "tokens": tokens.numpy(),
        "p": default().next_probs(tokens)[:, :-1].numpy(),
        "log_q": z - information.log_sum_exp(z)[..., None],
    }


@pytest.fixture
def recorded(root: Path) -> dict[str, Any]:
    return json.loads((root / f"{RECORDED}.json").read_text("utf-8"))


def came(table: np.ndarray, tokens: np.ndarray) -> np.ndarray:
    return np.take_along_axis(table, tokens[..., None], axis=-1)[..., 0]


def test_the_loss_that_the_chapter_quotes_is_the_mean_over_its_tokens(lm: Chapter, judged: dict) -> None:
    losses = -came(judged["log_q"], judged["tokens"])
    assert lm.glued["run-loss"] == pytest.approx(losses.mean(), abs=1e-5)
    error = losses.mean(axis=1).std(ddof=1) / math.sqrt(len(losses))
    assert lm.glued["run-error"] == pytest.approx(error, rel=1e-4)
    assert lm.glued["run-ppl"] == pytest.approx(information.perplexity(losses.mean()), abs=1e-4)
    of_source = -np.log(came(judged["p"], judged["tokens"]))
    assert lm.glued["run-source-loss"] == pytest.approx(of_source.mean(), abs=1e-9)


def test_the_kl_that_the_chapter_quotes_is_the_sum_over_all_next_tokens(lm: Chapter, judged: dict) -> None:
    kl = information.kl_divergence(judged["p"], np.exp(judged["log_q"]))
    assert kl.shape == judged["tokens"].shape
    assert lm.glued["run-kl"] == pytest.approx(kl.mean(), abs=1e-6)
    error = kl.mean(axis=1).std(ddof=1) / math.sqrt(len(kl))
    assert lm.glued["run-kl-error"] == pytest.approx(error, rel=1e-3)
    assert lm.glued["run-percent"] == pytest.approx(100 * (information.perplexity(kl.mean()) - 1), abs=1e-3)
    assert lm.glued["run-share"] == pytest.approx(
        100 - 100 * kl.mean() / lm.glued["run-uniform-kl"], abs=1e-3
    )


def test_three_ways_to_the_kl_have_the_errors_that_the_chapter_ranks(lm: Chapter, judged: dict) -> None:
    extra = came(np.log(judged["p"]) - judged["log_q"], judged["tokens"]).mean(axis=1)
    assert lm.glued["run-difference"] == pytest.approx(extra.mean(), abs=1e-5)
    assert lm.glued["run-difference-error"] == pytest.approx(
        extra.std(ddof=1) / math.sqrt(len(extra)), rel=1e-3
    )
    glued = lm.glued
    assert 3 * glued["run-kl-error"] < glued["run-difference-error"] < glued["run-error"] / 3
    assert glued["run-error"] > glued["run-kl"] / 3  # "about as large as what we want to measure, or larger"


def test_the_trained_model_stands_where_the_chapter_says(lm: Chapter) -> None:
    glued = lm.glued
    assert 0.002 < glued["run-kl"] < 0.02 < glued["run-bigram-kl"] / 10
    assert (
        glued["run-floor"]
        < glued["run-loss"] + 3 * glued["run-error"]
        < glued["run-bigram"]
        < glued["run-uniform"]
    )
    assert glued["run-floor"] - glued["run-rate"] > glued["run-kl"]  # "wrong by more than the KL"


def test_the_validation_loss_starts_at_log_v_and_the_kl_falls(lm: Chapter) -> None:
    validated = [line for line in lm.namespace["lines"] if "kl_to_source" in line]
    assert validated[0]["validation_nll"] == pytest.approx(math.log(20), abs=1e-5)
    divergences = [line["kl_to_source"] for line in validated]
    assert divergences[0] == pytest.approx(lm.glued["run-uniform-kl"], abs=0.03)
    assert all(late < early for early, late in zip(divergences[::3], divergences[3::3], strict=False))


def test_the_hidden_source_needs_a_long_window_as_the_chapter_says(lm: Chapter) -> None:
    topics, glued = hidden(), lm.glued
    tokens = topics.sample(20_000, 64, 7)
    entropies = torch.special.entr(topics.next_probs(tokens)).sum(dim=-1).mean(dim=0).numpy()
    noise = 5 * glued["hidden-error"]
    assert entropies[32:].mean() == pytest.approx(glued["hidden-rate"], abs=noise)
    assert entropies[3] - entropies[32:].mean() == pytest.approx(glued["hidden-three"], abs=2 * noise)
    assert glued["hidden-low"] < glued["hidden-rate"] < glued["hidden-high"]
    # "It takes a window of eight tokens to come within a hundredth of a nat."
    seven = topics.entropy_estimate(B=4096, T=8, burn_in=7).nats - glued["hidden-rate"]
    assert seven > 0.01 > glued["hidden-eight"]
    assert entropies[8] - entropies[32:].mean() == pytest.approx(glued["hidden-eight"], abs=1.5e-3)
    assert 20**8 == 25_600_000_000


def test_the_dials_do_what_the_chapter_says(lm: Chapter) -> None:
    results, floor = lm.namespace["results"], lm.glued["run-floor"]
    assert results["greedy"][0] == 0
    assert results["temperature 1"] == pytest.approx((floor, floor), abs=0.1)
    assert results["temperature 0.5"][1] < floor < results["temperature 1.5"][1]
    # A loss of the source on a text is its entropy and a divergence more, never less.
    assert all(drawn < told + 0.1 for drawn, told in results.values())


def test_the_recorded_run_is_the_one_that_its_command_makes(root: Path, recorded: dict, lm: Chapter) -> None:
    given = parser().parse_args(shlex.split(recorded["command"])[3:])
    lines = read_metrics(root / f"{RECORDED}.jsonl")
    validated = [line for line in lines if "validation_nll" in line]
    assert [line["step"] for line in validated] == list(range(0, given.steps + 1, given.evaluate_every))
    assert {line["tokens"] / line["step"] for line in lines[1:]} == {given.batch * given.context}
    shown = [cell for cell in lm.prose if "python -m solutions.lm train" in cell]
    assert any(recorded["command"] in cell.replace("\\\n    ", "") for cell in shown)


def test_the_recorded_evaluation_agrees_with_the_recorded_metrics(
    root: Path, recorded: dict, lm: Chapter
) -> None:
    report, lines = recorded["evaluation"], read_metrics(root / f"{RECORDED}.jsonl")
    assert report["nll"] == pytest.approx(lines[-1]["validation_nll"], abs=1e-9)
    assert (
        report["bits_per_character"] == report["bits_per_byte"] == pytest.approx(report["nll"] / math.log(2))
    )
    table = report["calibration"]
    gaps = np.abs(np.subtract(table["accuracy"], table["confidence"])) * table["counts"]
    assert lm.glued["text-ece"] == pytest.approx(100 * gaps.sum() / sum(table["counts"]))
    assert np.all(np.less(table["accuracy"], table["confidence"]))  # "surer than it should be"
    training = [line["loss"] for line in lines if "loss" in line]
    assert lm.glued["text-training"] == pytest.approx(np.mean(training[-20:]))
    assert (
        lm.glued["text-gap"] == pytest.approx(report["nll"] - np.mean(training[-20:]))
        and lm.glued["text-gap"] > 0.1
    )
    first_below = next(line for line in lines if line.get("validation_nll", 9) <= 1.88)
    assert lm.glued["text-passed"] == first_below["tokens"]


def test_the_recorded_samples_are_what_the_model_wrote_and_no_copy_of_the_text(
    root: Path, recorded: dict, record_property: Callable[[str, object], None]
) -> None:
    for sample in recorded["samples"]:
        assert sample["text"].startswith("ROMEO:\n") and sample["text"].isascii()
        assert len(sample["text"]) <= len("ROMEO:\n") + 400
    sizes = [path.stat().st_size for path in (root / "book/recorded").iterdir()]
    record_property("figure", f"recorded runs: {sum(sizes)} bytes")
    assert sum(sizes) < 50_000  # a text of the size that trains a model is not among them
