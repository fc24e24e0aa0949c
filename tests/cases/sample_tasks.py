"""Small tasks that the tests of this folder share."""

import math

import numpy as np

from grader.cases import Choice, Example, FreeText, Function, Mistake, Value

PPL = Value(
    "ppl",
    2,
    math.exp(2.1),
    [
        Mistake("base-2", "That is 2 to the power: the loss is in nats.", 2**2.1),
        Mistake("the-loss", "That is the loss itself.", 2.1),
        Mistake("missing-minus", "The sign of the exponent is wrong.", math.exp(-2.1)),
    ],
    within=(1, 1000),
    unit="",
)
GRADIENT = Value(
    "gradient",
    1,
    [0.5, -0.5],
    [Mistake("flipped-sign", "Target minus prediction.", [-0.5, 0.5])],
    within=(-1, 1),
)
BASE = Choice("base", 1, {"a": "2", "b": "e", "c": "10"}, "b", [Mistake("bits", "That is for bits.", "a")])
WHY = FreeText("why", 2, [(1, "names the mean"), (1, "gives an example")])


def mean_nll(probs):
    return -np.log(probs).mean()


def draw_probs(rng):
    return [
        Example("one token", rng.uniform(0.1, 0.9, 1)),
        Example("several tokens", rng.uniform(0.1, 0.9, 4)),
        Example("several tokens", rng.uniform(0.1, 0.9, 7)),
        Example("tiny probabilities", rng.uniform(1e-300, 1e-290, 5)),
    ]


def by_product(probs):
    return -np.log(np.prod(probs)) / len(probs)


NLL = Function(
    "mean-nll",
    3,
    mean_nll,
    draw_probs,
    [
        Mistake("sum-for-mean", "You summed.", lambda probs: -np.log(probs).sum()),
        Mistake("by-product", "The product underflows.", by_product),
        Mistake("missing-minus", "It is never below 0.", lambda probs: np.log(probs).mean()),
        Mistake("base-2", "That is in bits.", lambda probs: -np.log2(probs).mean()),
    ],
    forbidden=(".cross_entropy",),
)
TASKS = (PPL, GRADIENT, BASE, WHY, NLL)
