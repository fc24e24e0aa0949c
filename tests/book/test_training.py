"""What chapter 7 trains and measures, a second time in Torch and SciPy."""

import math
import random
import re

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from solutions import information
from solutions.character_model import TEXT, CharacterModel
from tests.book.executed import Chapter

torch = pytest.importorskip("torch")


def loss_of(parts: list, contexts, targets):
    """Return the mean NLL in nats per character, with the three matrices of the chapter's model."""
    embedding, hidden, output = parts
    ones = torch.ones(len(targets), 1, dtype=torch.float64)
    units = torch.tanh(torch.cat([embedding[contexts].flatten(1), ones], 1) @ hidden.T)
    return torch.nn.functional.cross_entropy(torch.cat([units, ones], 1) @ output.T, targets)


def test_torch_trains_the_character_model_to_the_loss_that_the_chapter_quotes(
    chapters: dict[str, Chapter],
) -> None:
    glued = chapters["07_autograd"].glued
    model = CharacterModel(TEXT, context=3, channels=4, hidden=16)
    examples = model.examples(TEXT)
    parts = [
        torch.tensor([[value.data for value in row] for row in rows], dtype=torch.float64, requires_grad=True)
        for rows in (model.embedding, model.hidden, model.output)
    ]
    contexts, targets = (torch.tensor(column) for column in zip(*examples, strict=True))
    assert glued["loss-start"] == pytest.approx(loss_of(parts, contexts, targets).item(), abs=1e-9)

    rng, descent = random.Random(0), torch.optim.SGD(parts, lr=1.0)
    for step in range(600):
        batch = rng.choices(range(len(examples)), k=8)
        descent.param_groups[0]["lr"] = 1 - 0.9 * step / 600
        descent.zero_grad()
        loss_of(parts, contexts[batch], targets[batch]).backward()
        descent.step()
    final = loss_of(parts, contexts, targets).item()
    assert glued["loss-final"] == pytest.approx(final, abs=1e-6)  # rounding grows in 600 steps
    assert glued["ppl-final"] == pytest.approx(information.perplexity(final), abs=1e-5)
    assert glued["ppl-start"] == pytest.approx(information.perplexity(glued["loss-start"]))


def test_the_trained_model_stands_where_the_chapter_says(chapters: dict[str, Chapter]) -> None:
    glued = chapters["07_autograd"].glued
    assert glued["loss-start"] == pytest.approx(glued["log-v"], abs=0.05)
    assert glued["floor-3"] < glued["loss-final"] < glued["floor-2"] < glued["floor-1"]
    assert glued["model-gap"] == pytest.approx(glued["loss-final"] - glued["floor-3"])


def test_the_graph_of_a_batch_has_as_many_edges_as_the_model_has_products(
    chapters: dict[str, Chapter],
) -> None:
    glued = chapters["07_autograd"].glued
    units, classes, inputs = 16, 12, 13
    # A character has two edges for each product, one into each tanh, one from each logit and one into the mean.
    edges = 8 * (2 * units * inputs + units + 2 * classes * (units + 1) + classes + 1)
    assert glued["batch-edges"] == edges
    assert glued["batch-forward"] == pytest.approx(edges * glued["model-parameters"] / 1e6)


def test_the_best_step_of_a_central_difference_is_what_an_optimiser_finds(
    chapters: dict[str, Chapter],
) -> None:
    best = minimize_scalar(
        lambda power: math.log(math.e * (10 ** (2 * power) / 6 + 2.0**-53 / 10**power)),
        bounds=(-9, -1),
        method="bounded",
    )
    glued = chapters["07_autograd"].glued
    assert glued["best-step"] == in_powers(10**best.x)
    assert glued["best-bound"] == in_powers(math.exp(best.fun))


def test_the_gradient_check_leaves_what_rounding_leaves(chapters: dict[str, Chapter]) -> None:
    digit, power = re.fullmatch(r"(\d)\s·\s10⁻(.+)", chapters["07_autograd"].glued["check-worst"]).groups()
    worst = float(digit) * 10.0 ** -int(power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")))
    assert 0 < worst < 1e-9


def in_powers(number: float) -> str:
    """Return 7e-06 as "7 · 10⁻⁶", with spaces that don't break."""
    power = int(np.floor(np.log10(number)))
    digits = str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{number / 10.0**power:.0f}\u00a0·\u00a010{digits}"
