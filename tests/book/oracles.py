"""The numbers that chapters 1, 2, 7, 8, 9, 10 and 11 quote, computed a second time by the reference implementations."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy import integrate, special, stats

from solutions import information
from solutions.character_model import TEXT
from solutions.lm.sources import default

ODD_ONE = [0.5] * 9 + [1e-6]
BAG = np.repeat([0, 1, 2], [5, 3, 2])  # the ten words, by number
SHARES, UNIFORM, SHARPER = np.array([[0.5, 0.3, 0.2], [1 / 3] * 3, [0.8, 0.1, 0.1]])
DATA, MODEL = [0.5, 0.3, 0.2], [0.3, 0.3, 0.4]
SPREAD = np.std(np.repeat(information.surprisal(MODEL), [5, 3, 2]))  # of one example's NLL, in nats

SEQUENCES: dict[str, Any] = {
    "first-probability": 1 / information.perplexity(5.5),
    "first-product": 1 / information.perplexity(5.5),
    "first-mean": 5.5 / 3,
    "cat-probability": 1 / information.perplexity(3.6),
    "cat-mean": 3.6 / 3,
    "cat-gap": 5.5 - 3.6,
    "cat-ratio": information.perplexity(1.9),
    "minimum-token": 6 / 10,
    "minimum-means": (6 / 8 + 0 / 2) / 2,
    "unlikely-nats": information.surprisal(1e-6),
    "others-nats": information.nll([0.5] * 9),
    "unlikely-percent": 100 * information.surprisal(1e-6) / information.nll(ODD_ONE),
    "mean-with": np.log(information.perplexity(information.nll(ODD_ONE), 10)),
    "mean-without": information.surprisal(0.5),
    "bigram-third": 2,  # its own conditional and the next
    "full-third": 6,  # positions 3 to 8
    "batch-sum": 3.6 + 7.0,
    "batch-tokens": 3 + 5,
    "batch-mean": 10.6 / 8,
    "batch-diluted": 10.6 / 10,
    "batch-unmasked": (10.6 + 0.1 + 0.1) / 10,
}

MAXIMUM_LIKELIHOOD: dict[str, Any] = {
    "bag-best": information.nll(SHARES[BAG]),
    "bag-uniform": information.nll(UNIFORM[BAG]),
    "bag-sharper": information.nll(SHARPER[BAG]),
    "bag-best-mean": information.entropy(SHARES),
    "bag-ratio": SHARES[BAG].prod() / UNIFORM[BAG].prod(),
    "bigram-seen": information.nll([3 / 4, 2 / 3, 1 / 2, 1]),
    "bigram-new": information.nll([3 / 4, 1 / 3, 1 / 2, 1]),
    "log-seven": information.entropy([1 / 7] * 7),
    "expected-nll": information.cross_entropy(DATA, MODEL),
    "error-100": SPREAD / 100**0.5,
    "error-10000": SPREAD / 10_000**0.5,
    "error-difference": (2 * SPREAD**2 / 100) ** 0.5,  # of two independent means of 100
}


def conditional_entropy(text: str, seen: int) -> float:
    """Return the mean entropy of the next character given the last `seen`, by the counts of the text, in nats.

    "^" stands for the characters before the text.
    """
    rows: dict[str, Counter[str]] = {}
    padded = "^" * seen + text
    for place, character in enumerate(text):
        rows.setdefault(padded[place : place + seen], Counter())[character] += 1
    counts = [np.array(list(row.values())) for row in rows.values()]
    return float(sum(row.sum() * information.entropy(row / row.sum()) for row in counts)) / len(text)


FLOORS = [conditional_entropy(TEXT, seen) for seen in range(4)]

AUTOGRAD: dict[str, Any] = {
    "graph-x": 2, "graph-y": 3, "graph-a": 5, "graph-b": 10, "graph-f": 50,
    "graph-f-grad": 1,
    "graph-b-grad": 5,  # a
    "graph-a-grad": 2 * 2 * 5,  # of x a² with x held fixed
    "graph-x-grad": 3 * 2**2 + 4 * 2 * 3 + 3**2,  # of x (x + y)²
    "graph-y-grad": 2 * 2 * (2 + 3),
    "graph-overwritten": 5 * 2,  # only the way through a and b
    "graph-too-early-x": 10 + 25,  # without the way through a and b
    "graph-too-early-y": 10,
    "node-nll": information.nll_from_logits([2.0, 1.0, 3.0], 2),
    "model-classes": len(set(TEXT)),
    "model-characters": len(TEXT),
    "model-parameters": 13 * 4 + 16 * (3 * 4 + 1) + 12 * (16 + 1),
    "log-v": information.entropy([1 / 12] * 12),
    **{f"floor-{seen}": floor for seen, floor in enumerate(FLOORS)},
    **{f"floor-ppl-{seen}": information.perplexity(floor) for seen, floor in enumerate(FLOORS)},
}  # fmt: skip


def _markov_oracle() -> dict[str, float]:
    """Return the entropies of chapter 8's Markov source, from its conditionals and a power iteration of our own."""
    contexts = np.indices((20, 20, 20)).reshape(3, -1).T
    rows = default().next_probs(torch.from_numpy(contexts))[:, 3].numpy()
    pi = np.full((20, 20, 20), 1 / 8000)
    for _ in range(500):
        pi = np.einsum("abc,abcx->bcx", pi, rows.reshape(20, 20, 20, 20))
    first = information.entropy(pi.sum(axis=(0, 1)))
    second = information.entropy(pi.sum(axis=0).ravel()) - first
    third = information.entropy(pi.ravel()) - first - second
    rate = float(pi.ravel() @ information.entropy(rows))
    floor = (first + second + third + 29 * rate) / 32
    return {"rate": rate, "floor": floor, "bigram": (first + 31 * second) / 32, "price": second - rate}


MARKOV = _markov_oracle()
OFTEN = information.entropy([0.9, 0.1])
COINS_RATE = 5 / 6 * OFTEN + information.entropy([0.5, 0.5]) / 6
COINS_ALONE = information.entropy([5 / 6, 1 / 6])
RECORDED = json.loads((Path(__file__).parents[2] / "book/recorded/tiny_shakespeare.json").read_text("utf-8"))
FILE_CHARACTERS = 1_115_394

LANGUAGE_MODEL: dict[str, Any] = {
    "coins-rate": COINS_RATE,
    "coins-alone": COINS_ALONE,
    "coins-memory": COINS_ALONE - COINS_RATE,
    "coins-per-token": (COINS_ALONE + 31 * COINS_RATE) / 32,
    "markov-rate": MARKOV["rate"],
    "markov-bigram": MARKOV["price"],
    "lm-parameters": 21 * 96 + 96 + 2 * (3 + 1 + 4 + 4) * 96**2,  # table, gain; qkv, mix, widen, narrow of two blocks
    "first-loss": information.entropy([1 / 20] * 20),
    "run-floor": MARKOV["floor"],
    "run-rate": MARKOV["rate"],
    "run-best-ppl": information.perplexity(MARKOV["floor"]),
    "run-rate-ppl": information.perplexity(MARKOV["rate"]),
    "run-uniform": information.surprisal(1 / 20),
    "run-uniform-kl": information.surprisal(1 / 20) - MARKOV["floor"],
    "run-bigram": MARKOV["bigram"],
    "run-bigram-kl": MARKOV["bigram"] - MARKOV["floor"],
    "run-bigram-ppl": information.perplexity(MARKOV["bigram"]),
    "run-tokens": 300 * 48 * 32,
    "text-loss": RECORDED["evaluation"]["nll"],
    "text-ppl": information.perplexity(RECORDED["evaluation"]["nll"]),
    "text-bits": information.bits_from_nats(RECORDED["evaluation"]["nll"]),
    "text-scored": FILE_CHARACTERS - FILE_CHARACTERS * 9 // 10 - 1,  # all of the last tenth but its first
    "text-start": information.surprisal(1 / 65),
    "text-tokens": 1500 * 24 * 65 / 1e6,
    "nanogpt-loss": 1.88,
    "nanogpt-tokens": 1.536,
}  # fmt: skip


def bigram_share(count: int, followed: int) -> float:
    """Return a row's share after 0.1 was added to each of the seven counts."""
    return (count + 0.1) / (followed + 0.7)


ENTROPIES = [default().conditional_entropy(seen) for seen in range(4)]

DECODING: dict[str, Any] = {
    "worked-prob": bigram_share(2, 3) * bigram_share(1, 2) * bigram_share(2, 2),
    "tree-greedy": 0.6 * 0.4,
    "tree-best": 0.4 * 0.9,
    "tree-loss": np.log(3 / 2),
    "double-floor": information.entropy([1 / 50_000] * 50_000) - 1,
    # the bigram's loss minus the source's, in closed form: the first two tokens cost both the same
    "kl-source-prefixes": (ENTROPIES[1] - ENTROPIES[2] + 29 * (ENTROPIES[1] - ENTROPIES[3])) / 32,
}


def mixture(x: Any) -> Any:
    """Return the density of chapter 10's data."""
    return 0.4 * stats.norm.pdf(x, -2, 0.4) + 0.6 * stats.norm.pdf(x, 1.5, 0.8)


def blurred_circle(radius: float, width: float) -> float:
    """Return the NLL of a point at this radius under the unit circle, blurred: by the Bessel function I_0."""
    distance = (radius - 1) ** 2 / (2 * width**2)
    return float(np.log(2 * np.pi * width**2) + distance - np.log(special.ive(0, radius / width**2)))


TABLE = np.array([[0.5, 0.3, 0.2], [0.1, 0.6, 0.3], [0.2, 0.5, 0.3]])  # prior, likelihood, encoder
LINEAR = np.linspace(1e-4, 0.02, 1000)  # the schedule of Ho et al.

BEYOND: dict[str, Any] = {
    "flow-nll": -stats.norm.logpdf(4, 1, 2),
    "flow-shift": stats.norm.logpdf(0.04, 0.01, 0.02) - stats.norm.logpdf(4, 1, 2),
    "bpd": information.bits_from_nats(-30_000 / 12_288) + 8,
    "table-gap": information.kl_divergence(TABLE[2], TABLE[0] * TABLE[1] / (TABLE[0] @ TABLE[1])),
    "weight-ratio": (LINEAR[1] / (1 - LINEAR[1]) / LINEAR[0])
    / (LINEAR[-1] / (1 - LINEAR[-1]) / (1 - np.prod(1 - LINEAR[:-1]))),
    "order-nll": information.surprisal(0.4),
    "order-pseudo": 2 * information.surprisal(0.8),
    "h": integrate.quad(lambda x: -mixture(x) * np.log(mixture(x)), -6, 7, points=[-2, 1.5])[0],
    "kernel-wide": blurred_circle(1.0, 1.0),
    "kernel-beside": blurred_circle(1.05, 0.003),
}


def stationary(table: np.ndarray) -> np.ndarray:
    """Return the distribution that a table of next-token probabilities leaves as it is, by solving for it."""
    size = len(table)
    equations = np.vstack([table.T - np.eye(size), np.ones(size)])
    return np.linalg.lstsq(equations, np.append(np.zeros(size), 1), rcond=None)[0]


EXAM_ROWS = np.array([[1, 7, 1, 1], [1, 1, 7, 1], [2, 2, 2, 4], [6, 2, 1, 1]]) / 10
EXAM_OFTEN = stationary(EXAM_ROWS)

EXAM: dict[str, Any] = {
    "worked-wrong": information.perplexity(information.nats_from_bits(1.8)),
    "worked-ppl": information.perplexity(1.8),
    "worked-bits": information.bits_from_nats(1.8),
    "worked-upside": information.nats_from_bits(1.8),
    "numbers-first": information.softmax([1.0, 0.0])[0],
    "numbers-cold": information.softmax([2.0, 0.0])[0],
    "numbers-warm": information.softmax([0.5, 0.0])[0],
    "source-rate": EXAM_OFTEN @ information.entropy(EXAM_ROWS),
    "source-flat": information.entropy(EXAM_OFTEN),
    "dice-floor": information.entropy([1 / 8] * 8),
    "dice-rest": information.entropy([1 / 8] * 8) / 16,
    "case-5-right": information.kl_divergence([0.5, 0.3, 0.2], [0.6, 0.3, 0.1]),
    "case-6-ceiling": information.surprisal(1e-8),
    "case-6-a": information.surprisal(0.2),
    "case-6-b": 0.05 * information.surprisal(1e-30) + 0.95 * information.surprisal(0.5),
    "case-7-floor": information.entropy([0.902] + [0.002] * 49),
    "case-7-right": information.nll_from_logits([10.0] + [0.0] * 49, 0),
    "case-9-wrong": information.entropy([1 / 3] * 3),
    "case-9-floor": information.entropy([0.6, 0.3, 0.1]),
    "case-10-right": 1545 / 810,
    "case-10-wrong": (720 / 400 + 700 / 380 + 80 / 20 + 45 / 10) / 4,
}
