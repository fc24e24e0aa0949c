"""Sources of tokens whose distribution is known, so that KL(p‖q) of a model is measured and not guessed.

`MarkovSource` looks k tokens back and has its entropy rate in closed form. `HiddenMarkovSource` has a memory
without end; the forward algorithm gives its exact conditionals. `default()` is the source that the course trains on.

Every sequence starts from the stationary distribution, so any position of a sequence has the same marginal.
Tokens are int64 in 0..V−1; probabilities are float64; entropies are in nats.
"""

import functools

import numpy as np

from solutions.lm.hidden_markov import EntropyEstimate, HiddenMarkovSource
from solutions.lm.markov import MarkovSource
from solutions.lm.source import Source

__all__ = ["SOURCES", "EntropyEstimate", "HiddenMarkovSource", "MarkovSource", "Source", "default", "hidden"]


@functools.cache
def default() -> MarkovSource:
    """Return the source that the command, the book and the benchmark share: order 3, 20 tokens, log-bilinear.

    Its table has 8,000 rows, too many to learn one by one from a million tokens, but only 352 numbers stand
    behind it. So counting n-grams stays clear of the entropy rate, and a model that finds the structure does not.

    >>> source = default()
    >>> round(source.entropy_rate(), 3)
    2.005
    """
    return MarkovSource.log_bilinear(3, 20, seed=1, rank=8, weights=(1.5, 1.2, 0.9))


@functools.cache
def hidden() -> HiddenMarkovSource:
    """Return the course's source with a long memory: 6 hidden topics, each kept for 25 tokens on average.

    A topic prefers some of the 20 tokens, and no token belongs to one topic alone. So the evidence of several tokens
    must be added up: the best model that sees three stands 0.08 nats above the rate, and eight are needed for 0.01.
    """
    topics, stay = 6, 24 / 25
    moves = np.full((topics, topics), (1 - stay) / (topics - 1))
    np.fill_diagonal(moves, stay)
    shows = np.random.default_rng(1).dirichlet(np.full(20, 0.5), size=topics)
    return HiddenMarkovSource(moves, 0.9 * shows + 0.1 / 20)


SOURCES = {"markov": default, "hidden": hidden}
