"""The running example of the book: four sentences, and a bigram model of them.

Every chapter computes its new quantity on them, so that the numbers can be compared from chapter to chapter. A sentence
is read behind a start symbol, which is given, and its words and an end symbol are predicted.

Source: chapters 1 to 9 of the book, in each the section on the running example.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from solutions import SolutionsError
from solutions.estimation import additive_smoothing, bigram_counts

Array = NDArray[np.float64]

SENTENCES = ("the cat sat", "the dog sat", "the cat ran", "a dog ran")
HELD_OUT = ("a cat sat", "the dog ran")  # no sentence of the corpus, made of its words
VOCABULARY = ("<s>", "the", "a", "cat", "dog", "sat", "ran", "</s>")
START, END = 0, len(VOCABULARY) - 1
# Nothing follows the end, and the start follows nothing.
CONTEXTS, FOLLOWERS = VOCABULARY[:-1], VOCABULARY[1:]
ALPHA = 0.1  # what the model adds to every count


def encode(sentence: str) -> list[int]:
    """Return a sentence's tokens, behind the start symbol and with the end symbol.

    Raises SolutionsError for a word that is none of the vocabulary's.

    >>> encode("a cat sat")
    [0, 2, 3, 5, 7]
    """
    words = sentence.split()
    if unknown := sorted(set(words) - set(VOCABULARY[1:-1])):
        raise SolutionsError(f"{unknown} not in the vocabulary; its words are {' '.join(VOCABULARY[1:-1])}")
    return [START, *map(VOCABULARY.index, words), END]


def pair_counts(sentences: Sequence[str] = SENTENCES) -> NDArray[np.int64]:
    """Return how often each token of FOLLOWERS comes after each of CONTEXTS, shape ``(7, 7)``.

    >>> int(pair_counts()[CONTEXTS.index("the"), FOLLOWERS.index("cat")])
    2
    """
    return bigram_counts([encode(sentence) for sentence in sentences], len(VOCABULARY))[:-1, 1:]


def bigram_table(alpha: float = ALPHA) -> Array:
    """Return the model of the corpus, shape ``(7, 7)``: row a is the distribution of the token after CONTEXTS[a].

    alpha: what is added to each count; 0 gives the maximum-likelihood estimate.

    Raises SolutionsError for a negative alpha. Source: {eq}`smoothing-total`.

    >>> bigram_table(0)[CONTEXTS.index("sat")]
    array([0., 0., 0., 0., 0., 0., 1.])
    """
    return additive_smoothing(pair_counts(), alpha)


def token_log_probs(sentence: str, alpha: float = ALPHA) -> Array:
    """Return the log-probabilities of a sentence's words and of its end, in nats; −inf for a pair that is impossible.

    Raises SolutionsError for an unknown word. Source: {eq}`sequence-log-likelihood`.

    >>> token_log_probs("the cat sat", alpha=0).round(3).tolist()
    [-0.288, -0.405, -0.693, 0.0]
    """
    tokens = np.array(encode(sentence))
    with np.errstate(divide="ignore"):
        return np.log(bigram_table(alpha)[tokens[:-1], tokens[1:] - 1])


def mean_nll(sentences: Sequence[str] = SENTENCES, alpha: float = ALPHA) -> float:
    """Return the mean NLL of at least one sentence, in nats per token, end symbols included.

    Source: {eq}`dataset-nll`.

    >>> round(mean_nll(alpha=0), 3)
    0.433
    """
    if not sentences:
        raise SolutionsError("no sentence, so no mean; give at least one")
    return float(-np.concatenate([token_log_probs(sentence, alpha) for sentence in sentences]).mean())
