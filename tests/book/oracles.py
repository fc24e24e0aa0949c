"""The numbers that chapters 1, 2 and 7 quote, computed a second time by the reference implementations."""

from collections import Counter
from typing import Any

import numpy as np

from solutions import information
from solutions.character_model import TEXT

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
