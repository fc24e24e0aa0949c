"""The numbers that chapters 1 and 2 quote, computed a second time by the reference implementations."""

from typing import Any

import numpy as np

from solutions import information

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
