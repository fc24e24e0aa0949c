"""Exercise set 02, maximum_likelihood: estimates from counts, by a multiplier, by counting, by smoothing.

Log-likelihoods are in nats. Classes are counted from 0 in code and from 1 in formulas.
"""

import numpy as np
from sympy import Derivative, Sum, exp, log

from grader.algebra import index, positive, positives, probabilities, size
from grader.cases import (
    Choice,
    DerivationTask,
    Example,
    Expression,
    Form,
    FreeText,
    Function,
    Milestone,
    Mistake,
    Value,
)
from solutions.estimation import additive_smoothing, bigram_counts, bigram_mle

# --- one distribution ------------------------------------------------------------------------------------

COUNTS = np.array([6, 3, 1])
SHARES = COUNTS / COUNTS.sum()
BEST = float(COUNTS @ np.log(SHARES))

BEST_LOG_LIKELIHOOD = Value(
    "best-log-likelihood",
    points=1,
    answer=BEST,
    within=(-100, 100),
    unit="nats",
    mistakes=(
        Mistake(
            "uniform-model",
            "This is the log-likelihood of the uniform distribution. A distribution that fits the counts does better.",
            float(COUNTS.sum() * np.log(1 / 3)),
        ),
        Mistake(
            "forgets-the-counts",
            "You took each outcome once. An outcome that occurred six times gives six factors.",
            float(np.log(SHARES).sum()),
        ),
        Mistake(
            "mean-for-sum",
            "This is the mean per draw. What is asked is the total over all draws.",
            BEST / COUNTS.sum(),
        ),
        Mistake(
            "gives-the-loss",
            "This is the loss. A log-likelihood is the logarithm of a probability, so it is never above 0.",
            -BEST,
        ),
        Mistake(
            "base-2",
            "This is in bits: your logarithm has base 2. The question asks for nats.",
            BEST / np.log(2),
        ),
        Mistake(
            "counts-the-orders",
            "You added the logarithm of the number of orders. What is asked is the probability of the draws "
            "in the order in which they came.",
            BEST + float(np.log(840)),
        ),
    ),
)

V = size("V")
i, j, k = (index(name, V) for name in "ijk")
n = positives("n", V)
theta = probabilities("theta", V)
lam = positive("lambda")

LAGRANGIAN_SLOPE = DerivationTask(
    "lagrangian-slope",
    points=2,
    start=Derivative(Sum(n[k] * log(theta[k]), (k, 1, V)) - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]),
    goal=n[j] / theta[j] - lam,
    milestones=(
        Milestone(
            "terms-apart",
            "the slope of the log-likelihood and that of the constraint stand apart, or the slope of a single term is "
            "still to be found",
            forms=(
                Form(holds=("Derivative",), apart=(("Derivative", "n", "lambda"),)),
                Form(holds=("Derivative",), free_of=("Derivative>Sum",)),
                Form(holds=("Sum>Derivative",)),
                # the slope of the constraint is 1 by itself, and a sum over a delta is a line without a derivative
                Form(product=("lambda", "Derivative"), apart=(("Derivative", "n", "lambda"),), written=True),
                Form(holds=("Sum>KroneckerDelta",), free_of=("Derivative",), written=True),
                Form(holds=("Sum>Piecewise",), free_of=("Derivative",), written=True),
            ),
        ),
    ),
    symbols=(V, i, j, k, n, theta, lam),
    names={"lambda": "lam"},
    mistakes=(
        Mistake(
            "forgets-the-constraint",
            "The constraint is gone. Its sum holds θ_j as well, so it has a slope of its own.",
            n[j] / theta[j],
        ),
        Mistake(
            "plus-for-minus",
            "The multiplier has the wrong sign. The constraint is subtracted in the first line.",
            n[j] / theta[j] + lam,
        ),
        Mistake(
            "flipped-sign",
            "All signs are turned round. The log-likelihood has no minus in front, unlike the loss.",
            lam - n[j] / theta[j],
        ),
        Mistake(
            "keeps-the-sum",
            "You differentiated every term. Only one term of each sum holds θ_j; the others are constants.",
            Sum(n[k] / theta[k], (k, 1, V)) - V * lam,
        ),
        Mistake(
            "keeps-the-logarithm",
            "The logarithm is still there. The derivative of log θ is 1/θ.",
            n[j] * log(theta[j]) - lam,
        ),
    ),
)

CATEGORICAL_MLE = Expression(
    "categorical-mle",
    points=2,
    answer=n[j] / Sum(n[k], (k, 1, V)),
    symbols=(V, i, j, k, n),
    mistakes=(
        Mistake(
            "not-normalised",
            "This is what λ = 1 gives. The estimates must sum to 1 over j: that fixes λ.",
            n[j],
        ),
        Mistake(
            "divides-by-classes",
            "You divided by the number of classes. The estimates must sum to 1 over j, and these do not.",
            n[j] / V,
        ),
        Mistake(
            "uniform",
            "This does not depend on the counts. What was seen often should get more.",
            1 / V,
        ),
        Mistake(
            "softmax-of-counts",
            "This sums to 1, but it is a softmax. Solve n_j/θ_j = λ for θ_j: there is no exponential.",
            exp(n[j]) / Sum(exp(n[k]), (k, 1, V)),
        ),
        Mistake(
            "upside-down",
            "This falls as n_j grows. Solve n_j/θ_j = λ for θ_j once more.",
            Sum(n[k], (k, 1, V)) / n[j],
        ),
    ),
)

# --- counts as code --------------------------------------------------------------------------------------


def draw_sentences(rng: np.random.Generator) -> list[Example]:
    """Return lists of sentences of tokens 0..V−1, and V."""

    def sentence(V: int, more: int) -> list[int]:
        # Every token has a successor, so that no row is empty.
        tokens = [*rng.permutation(V), *rng.integers(0, V, size=more), rng.integers(0, V)]
        return [int(token) for token in tokens]

    unseen = [[int(token) for token in rng.choice([0, 1, 3], size=7)] for _ in range(3)]
    return [
        Example("one sentence", [sentence(3, 8)], 3),
        Example("one sentence", [sentence(4, 15)], 4),
        Example("several sentences", [sentence(3, 5), sentence(3, 2), sentence(3, 9)], 3),
        Example("several sentences", [sentence(5, 30), sentence(5, 20), sentence(5, 10)], 5),
        Example("a token without a successor", [[0, 1, 3, 0, 3, 1, 1, 0], *unseen], 4),
    ]


def rows_over_their_sums(counts):
    return counts / counts.sum(axis=-1, keepdims=True)


def over_all_occurrences(sentences, V):
    occurrences = np.bincount(np.concatenate(sentences).astype(int), minlength=V)[:, None]
    counts = bigram_counts(sentences, V)
    return np.where(occurrences > 0, counts / np.maximum(occurrences, 1), 1 / V)


def rows_left_at_zero(sentences, V):
    counts = bigram_counts(sentences, V)
    return counts / np.maximum(counts.sum(axis=-1, keepdims=True), 1)


BIGRAM_PROBS = Function(
    "bigram-probs",
    points=3,
    reference=bigram_mle,
    accepts=("float32",),
    draw=draw_sentences,
    mistakes=(
        Mistake(
            "crosses-sentences",
            "You count the last token of a sentence and the first of the next as a pair. Count within each "
            "sentence.",
            lambda sentences, V: bigram_mle([np.concatenate(sentences)], V),
        ),
        Mistake(
            "joint-probabilities",
            "You divided by the number of all pairs. Each row is a distribution of its own and sums to 1.",
            lambda sentences, V: bigram_counts(sentences, V) / bigram_counts(sentences, V).sum(),
        ),
        Mistake(
            "turned-round",
            "Your rows tell what came before a token. Row a is about the token that comes after a.",
            lambda sentences, V: bigram_mle([sentence[::-1] for sentence in sentences], V),
        ),
        Mistake(
            "all-occurrences",
            "You divided by how often a token occurs. At the end of a sentence it has no successor: count "
            "the pairs that it begins.",
            over_all_occurrences,
        ),
        Mistake(
            "zero-over-zero",
            "A token that is never followed by another gives 0/0. Set its row to the uniform distribution.",
            lambda sentences, V: rows_over_their_sums(bigram_counts(sentences, V)),
        ),
        Mistake(
            "empty-rows",
            "A row is 0 throughout, which is no distribution. Without data, use the uniform one.",
            rows_left_at_zero,
        ),
        Mistake(
            "gives-the-counts",
            "These are the counts. Divide each row by its sum.",
            bigram_counts,
        ),
    ),
)


def draw_counts(rng: np.random.Generator) -> list[Example]:
    """Return counts of shape (..., V) and α."""
    table = rng.integers(0, 9, size=(3, 4))
    table[:, 1] += 1
    without = rng.integers(1, 6, size=(3, 5))
    without[1] = 0
    return [
        Example("one row", rng.integers(0, 20, size=5), 2.0),
        Example("one row", np.array([7, 0, 2]), float(rng.integers(3, 9))),
        Example("a table", table, 3.0),
        Example("an alpha below 1", rng.integers(0, 30, size=(2, 6)), float(rng.uniform(0.1, 0.5))),
        Example("an alpha of 0", rng.integers(1, 9, size=(2, 3)), 0.0),
        Example("a row without counts", without, float(rng.uniform(0.5, 3))),
    ]


def smoothed_after_dividing(counts, alpha):
    shares = rows_over_their_sums(counts)
    return (shares + alpha) / (1 + alpha * np.shape(counts)[-1])


SMOOTHED = Function(
    "smoothed",
    points=2,
    reference=additive_smoothing,
    accepts=("float32",),
    draw=draw_counts,
    mistakes=(
        Mistake(
            "forgets-the-classes",
            "Your rows sum to more than 1. α is added once for each outcome, so the total grows by α times V.",
            lambda counts, alpha: (counts + alpha) / (np.sum(counts, axis=-1, keepdims=True) + alpha),
        ),
        Mistake(
            "total-of-the-raw-counts",
            "You divided by the raw total, so the rows sum to more than 1. Divide by the sum of what you have after "
            "adding.",
            lambda counts, alpha: (counts + alpha) / np.sum(counts, axis=-1, keepdims=True),
        ),
        Mistake(
            "smooths-probabilities",
            "You divided first and added α to probabilities. Add it to the counts, then divide.",
            smoothed_after_dividing,
        ),
        Mistake(
            "ignores-alpha",
            "α is not used, so what was never seen still has probability 0.",
            lambda counts, alpha: rows_over_their_sums(counts),
        ),
        Mistake(
            "always-one",
            "You added 1, whatever α is.",
            lambda counts, alpha: additive_smoothing(counts, 1),
        ),
        Mistake(
            "whole-table",
            "You divided by the total of the whole table. Each row sums to 1 by itself.",
            lambda counts, alpha: (counts + alpha) / np.sum(counts + alpha),
        ),
        Mistake(
            "first-axis",
            "You divided each column by its sum. The outcomes are on the last axis.",
            lambda counts, alpha: (counts + alpha) / np.sum(counts + alpha, axis=0),
        ),
    ),
)

# --- properties of the estimate --------------------------------------------------------------------------

TYPOS = np.array([2, 0, 3, 1, 4])
RATE = float(TYPOS.mean())

PAGE_WITHOUT_TYPOS = Value(
    "page-without-typos",
    points=1,
    answer=float(np.exp(-RATE)),
    within=(0, 1),
    atol=5e-4,
    unit="",
    mistakes=(
        Mistake(
            "share-of-zeros",
            "This is the share of pages without typos. The model uses all the counts, through its rate.",
            float(np.mean(TYPOS == 0)),
        ),
        Mistake(
            "averages-the-function",
            "You averaged exp(−x) over the pages. Estimate the rate first, then put it in once.",
            float(np.exp(-TYPOS).mean()),
        ),
        Mistake(
            "gives-the-rate",
            "This is the estimate of the rate. The question is about a probability that depends on it.",
            RATE,
        ),
        Mistake(
            "sum-for-mean",
            "Your rate is the number of typos on all pages. The rate is per page.",
            float(np.exp(-TYPOS.sum())),
        ),
        Mistake(
            "at-least-one",
            "This is the probability of at least one typo. The question is about none.",
            float(1 - np.exp(-RATE)),
        ),
    ),
)

HEADS, TOSSES = 0.3, 500

STANDARD_ERROR = Value(
    "standard-error",
    points=1,
    answer=float(np.sqrt(HEADS * (1 - HEADS) / TOSSES)),
    within=(0, 1),
    atol=1e-5,
    unit="",
    mistakes=(
        Mistake(
            "gives-the-variance",
            "This is the variance of the estimate. The standard error is its square root.",
            HEADS * (1 - HEADS) / TOSSES,
        ),
        Mistake(
            "one-toss",
            "This is the spread of a single toss. The information adds up over all the tosses.",
            float(np.sqrt(HEADS * (1 - HEADS))),
        ),
        Mistake(
            "gives-the-information",
            "This is the Fisher information of all tosses. The variance is its inverse.",
            TOSSES / (HEADS * (1 - HEADS)),
        ),
        Mistake(
            "forgets-the-tails",
            "You used θ alone. The information of a toss, 1/(θ(1 − θ)), also holds the probability of tails.",
            float(np.sqrt(HEADS / TOSSES)),
        ),
        Mistake(
            "no-root-of-n",
            "You divided by the number of tosses outside the root. The error falls with its square root only.",
            float(np.sqrt(HEADS * (1 - HEADS)) / TOSSES),
        ),
    ),
)

# --- words -----------------------------------------------------------------------------------------------

MOVES_THE_MAXIMUM = Choice(
    "moves-the-maximum",
    points=1,
    options={
        "a": "taking the logarithm of the likelihood",
        "b": "dividing the log-likelihood by the number of tokens in the dataset",
        "c": "multiplying the likelihood by 10",
        "d": "dividing the log-likelihood of each sequence by its own length before adding them up",
    },
    answer="d",
    mistakes=(
        Mistake(
            "distrusts-the-log",
            "The logarithm is increasing: what is larger before is larger after, so the maximum stays where it is.",
            "a",
        ),
        Mistake(
            "distrusts-the-mean",
            "That is one number for the whole dataset. Dividing a function by a positive constant lowers it "
            "everywhere alike.",
            "b",
        ),
        Mistake(
            "distrusts-a-factor",
            "A positive factor changes how high the maximum is, not where it is.",
            "c",
        ),
    ),
)

WHY_PRODUCTS = FreeText(
    "why-products",
    points=2,
    scheme=(
        (1, "Says that the product is the assumption of independence (and of one common distribution): the "
            "joint probability of independent examples is the product of theirs."),
        (1, "Says what the repetition does: the same evidence is counted ten times (the review weighs ten "
            "times as much, the estimate looks more certain than it is), or names the remedy: remove duplicates."),
    ),
)  # fmt: skip

TASKS = (
    BEST_LOG_LIKELIHOOD,
    LAGRANGIAN_SLOPE,
    CATEGORICAL_MLE,
    BIGRAM_PROBS,
    SMOOTHED,
    PAGE_WITHOUT_TYPOS,
    STANDARD_ERROR,
    MOVES_THE_MAXIMUM,
    WHY_PRODUCTS,
)
