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
from solutions.tasks._slips import quietly

# --- 1 · best-log-likelihood ---------------------------------------------------------------------------------------

COUNTS = np.array([6, 3, 1])
SHARES = COUNTS / COUNTS.sum()
BEST = float(COUNTS @ np.log(SHARES))

BEST_LOG_LIKELIHOOD = Value(
    "best-log-likelihood",
    points=1,
    answer=BEST,
    within=(-100, 100),
    rtol=0.0,
    atol=6e-3,
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
            "base-10",
            "Your logarithm has base 10. Nats need the natural logarithm, which NumPy calls `log`.",
            BEST / np.log(10),
        ),
        Mistake(
            "gives-the-likelihood",
            "This is the likelihood, a probability. What is asked is its logarithm.",
            float(np.exp(BEST)),
        ),
        Mistake(
            "counts-the-orders",
            "You added the logarithm of the number of orders. What is asked is the probability of the draws "
            "in the order in which they came.",
            BEST + float(np.log(840)),
        ),
    ),
)

# --- 2 · lagrangian-slope ------------------------------------------------------------------------------------------

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
                Form(
                    holds=("Derivative",),
                    apart=(("Derivative", "n", "lambda"),),
                    says="the slope of the log-likelihood and that of the constraint stand apart",
                ),
                Form(
                    holds=("Sum>Derivative",),
                    free_of=("Derivative>Sum",),
                    says="the derivative has gone into the sum",
                ),
                Form(
                    holds=("Derivative",),
                    free_of=("Derivative>Sum",),
                    says="only the terms with θ_j are left under the derivative",
                ),
                # the slope of the constraint is 1 by itself, and a sum over a delta is a line without a derivative
                Form(
                    product=("=lambda", "Derivative"),
                    apart=(("Derivative", "n", "lambda"),),
                    says="only the slope of the constraint is left to be found",
                    written=True,
                ),
                Form(
                    holds=("Derivative>lambda",),
                    free_of=("Derivative>n",),
                    says="only the slope of the constraint is left to be found",
                    written=True,
                ),
                Form(
                    holds=("Sum>KroneckerDelta",),
                    free_of=("Derivative",),
                    says="the sum is differentiated term by term",
                    written=True,
                ),
                Form(
                    holds=("Sum>Piecewise",),
                    free_of=("Derivative",),
                    says="the sum is differentiated term by term",
                    written=True,
                ),
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

# --- 3 · categorical-mle -------------------------------------------------------------------------------------------

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

# --- 4 · bigram-probs ----------------------------------------------------------------------------------------------


def draw_sentences(rng: np.random.Generator) -> list[Example]:
    """Return lists of sentences of tokens 0..V−1, and V."""

    def of(tokens: list[int], length: int) -> list[int]:
        return [int(token) for token in rng.choice(tokens, size=length)]

    def sentence(V: int, more: int) -> list[int]:
        # Every token has a successor, so that no row is empty.
        return [
            int(token) for token in [*rng.permutation(V), *rng.integers(0, V, size=more), rng.integers(0, V)]
        ]

    twice = sentence(3, 4)
    return [
        Example("one sentence", [sentence(3, 8)], 3),
        Example("one sentence", [sentence(4, 15)], 4),
        Example("one sentence", [[0, 1, 0, 0]], 2),
        Example("several sentences", [sentence(3, 5), sentence(3, 2), sentence(3, 9)], 3),
        Example("several sentences", [sentence(5, 30), sentence(5, 20), sentence(5, 10)], 5),
        Example("several sentences", [twice, sentence(3, 2), list(twice)], 3),
        Example("several sentences", [sentence(12, 40) for _ in range(4)], 12),  # tokens with two digits
        Example("a long sentence", [of([0, 0, 0, 1], 700)], 2),  # more than a byte counts
        Example("sentences of one token", [[2], sentence(3, 6), [0], sentence(3, 4), [1]], 3),
        Example(
            "a token that never occurs", [[0, 1, 3, 0, 3, 1, 1, 0], *(of([0, 1, 3], 7) for _ in range(3))], 4
        ),
        Example("a token that never occurs", [[1, 0, 1, 1, 2, 0, 2], of([0, 1, 2], 9)], 4),  # the last one
        Example("a token that is only last", [[0, 1]], 2),
        Example("a token that is only last", [[0, 1, 1, 0, 2], [*of([0, 1], 6), 2], [1, 0, 0, 2]], 3),
        Example("a token that is only last", [[3, 2, 0, 3, 1], [0, 2, 3, 0, *of([0, 2, 3], 5)]], 5),
    ]


def rows_of_last_only(sentences, V):
    """Return the tokens that occur, but at the end of sentences only."""
    return set(np.concatenate(sentences).tolist()) - {a for sentence in sentences for a in sentence[:-1]}


def rows_over_their_sums(counts):
    return counts / counts.sum(axis=-1, keepdims=True)


def over_all_occurrences(sentences, V):
    occurrences = np.bincount(np.concatenate(sentences).astype(int), minlength=V)[:, None]
    counts = bigram_counts(sentences, V)
    return np.where(occurrences > 0, counts / np.maximum(occurrences, 1), 1 / V)


def with_empty_rows(sentences, V):
    return rows_over_their_sums(bigram_counts(sentences, V))


def rows_left_at_zero(sentences, V):
    counts = bigram_counts(sentences, V)
    return counts / np.maximum(counts.sum(axis=-1, keepdims=True), 1)


def uniform_where_never_seen(sentences, V):
    counts = bigram_counts(sentences, V).astype(float)
    counts[np.bincount(np.concatenate(sentences).astype(int), minlength=V) == 0] = 1
    return rows_over_their_sums(counts)


def of_both_directions(sentences, V):
    counts = bigram_counts(sentences, V)
    return bigram_mle_of(counts + counts.T)


def wrapped_around(sentences, V):
    return bigram_mle([[*sentence, sentence[0]] for sentence in sentences], V)


def counted_once(within):
    """Return the shares of pairs that count once: in each sentence (`within`), or in all of them together."""

    def answer(sentences, V):
        counts = np.zeros((V, V))
        for sentence in sentences:
            pairs = np.array(sentence[:-1], int), np.array(sentence[1:], int)
            # A place that is named twice is set twice to the same number.
            counts[pairs] = counts[pairs] + 1 if within else 1
        return bigram_mle_of(counts)

    return answer


def without_context(sentences, V):
    counts = np.bincount(np.concatenate(sentences).astype(int), minlength=V)
    return np.tile(counts / counts.sum(), (V, 1))


def bigram_mle_of(counts):
    totals = counts.sum(axis=-1, keepdims=True)
    return np.where(totals > 0, counts / np.maximum(totals, 1), 1 / len(counts))


BIGRAM_PROBS = Function(
    "bigram-probs",
    points=3,
    reference=bigram_mle,
    atol=1e-9,  # probabilities have no unit
    accepts=("float32",),
    draw=draw_sentences,
    promises={
        "from a list of sentences": lambda sentences, V: len(sentences) > 1,
        "Pairs lie within a sentence": lambda sentences, V: len(sentences) > 1 and all(map(len, sentences)),
        "a sentence of one token has none": lambda sentences, V: 1 in map(len, sentences),
        "a token that is never followed by another one": lambda sentences, V: rows_of_last_only(sentences, V),
        "or does not occur at all": lambda sentences, V: (
            set(range(V)) - set(np.concatenate(sentences).tolist())
        ),
    },
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
            answers=(with_empty_rows, quietly(with_empty_rows)),
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
        Mistake(
            "uniform-if-never-seen",
            "A token that occurs at the end of sentences only gives 0/0, too. Ask whether its row has counts, not "
            "whether it occurs.",
            answers=(uniform_where_never_seen, quietly(uniform_where_never_seen)),
        ),
        Mistake(
            "adds-one",
            "You added 1 to all counts. That is smoothing, the next task; here the likelihood is to be largest.",
            lambda sentences, V: rows_over_their_sums(bigram_counts(sentences, V) + 1),
        ),
        Mistake(
            "repeats-count-once",
            "A pair that comes again in a sentence is not counted again. `counts[a, b] += 1` with lists of tokens "
            "adds 1 to a place once, however often it is named; `np.add.at` adds each time.",
            answers=(counted_once(True), counted_once(False)),
        ),
        Mistake(
            "equal-sentences-once",
            "Sentences that are equal count once with you. Each was said, so each counts.",
            lambda sentences, V: bigram_mle([list(s) for s in dict.fromkeys(map(tuple, sentences))], V),
        ),
        Mistake(
            "both-directions",
            "You counted each pair in both directions. A pair a→b counts in row a only.",
            of_both_directions,
        ),
        Mistake(
            "wraps-around",
            "You took the first token of a sentence for the successor of its last. The last token has no successor.",
            wrapped_around,
        ),
        Mistake(
            "without-context",
            "All your rows are alike: how often each token occurs. Row a counts only what comes directly after a.",
            without_context,
        ),
    ),
)


# --- 5 · smoothed --------------------------------------------------------------------------------------------------


def draw_counts(rng: np.random.Generator) -> list[Example]:
    """Return counts of shape (..., V) and α."""
    table = rng.integers(0, 9, size=(3, 4))
    table[:, 1] += 1
    without = rng.integers(1, 6, size=(3, 5))
    without[1] = 0
    unseen = rng.integers(0, 9, size=(2, 4))
    unseen[:, 1] += 1
    unseen[:, 2] = 0
    return [
        Example("one row", rng.integers(0, 20, size=5), 2.0),
        Example("one row", np.array([7, 0, 2]), float(rng.integers(3, 9))),
        Example("one row", np.array([3, 0, 1]), 2),
        Example("a table", table, 3.0),
        Example("a table", rng.integers(0, 9, size=(4, 4)), float(rng.integers(2, 5))),
        Example("several tables", rng.integers(0, 9, size=(2, 3, 4)), float(rng.integers(2, 5))),
        Example("several tables", rng.integers(0, 9, size=(3, 3, 3)), 2),
        Example("an alpha below 1", rng.integers(0, 30, size=(2, 6)), float(rng.uniform(0.1, 0.5))),
        Example("an alpha below 1", rng.integers(0, 30, size=6), 0.001),
        Example("an alpha of 0", rng.integers(1, 9, size=(2, 3)), 0.0),
        Example("an alpha of 0", np.array([3, 0, 1]), 0),
        Example("an alpha of 0", unseen, 0.0),
        Example("a row without counts", without, float(rng.uniform(0.5, 3))),
    ]


def smoothed_after_dividing(counts, alpha):
    shares = rows_over_their_sums(counts)
    return (shares + alpha) / (1 + alpha * np.shape(counts)[-1])


SMOOTHED = Function(
    "smoothed",
    points=2,
    reference=additive_smoothing,
    atol=1e-9,  # probabilities have no unit
    accepts=("float32",),
    draw=draw_counts,
    promises={
        "A word that never occurred": lambda counts, alpha: alpha == 0 and (counts == 0).any(),
        "counts of shape `(..., V)`": lambda counts, alpha: counts.ndim == 3,
        "over the **last axis**": lambda counts, alpha: (
            counts.ndim == 2 and counts.shape[0] == counts.shape[1]
        ),
        "`alpha` is 0": lambda counts, alpha: alpha == 0,
        "or larger": lambda counts, alpha: 0 < alpha < 0.01,
        "when it is 0, every row has counts": lambda counts, alpha: (
            alpha > 0 and (counts.sum(axis=-1) == 0).any()
        ),
    },
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
            answers=(
                lambda counts, alpha: (counts + alpha) / np.sum(counts + alpha, axis=0),
                lambda counts, alpha: (
                    (counts + alpha) / np.sum(counts + alpha, axis=-min(counts.ndim, 2), keepdims=True)
                ),
            ),
        ),
        Mistake(
            "other-number-of-outcomes",
            "You added α times another number than V to the total. V is the length of the last axis.",
            answers=(
                lambda counts, alpha: (
                    (counts + alpha) / (np.sum(counts, axis=-1, keepdims=True) + alpha * len(counts))
                ),
                lambda counts, alpha: (
                    (counts + alpha) / (np.sum(counts, axis=-1, keepdims=True) + alpha * counts.size)
                ),
            ),
        ),
        Mistake(
            "shares-alpha",
            "You shared α among the outcomes. Each outcome gets all of it.",
            lambda counts, alpha: additive_smoothing(counts, alpha / np.shape(counts)[-1]),
        ),
        Mistake(
            "smooths-what-is-unseen",
            "You added α only where the count is 0. Every outcome gets it.",
            lambda counts, alpha: rows_over_their_sums(np.where(counts == 0, alpha, counts)),
        ),
    ),
)

# --- 6 · page-without-typos ----------------------------------------------------------------------------------------

TYPOS = np.array([2, 0, 3, 1, 4])
RATE = float(TYPOS.mean())

PAGE_WITHOUT_TYPOS = Value(
    "page-without-typos",
    points=1,
    answer=float(np.exp(-RATE)),
    within=(0, 1),
    rtol=0.0,
    atol=6e-4,
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
        Mistake(
            "leaves-out-zeros",
            "You estimated the rate from the pages with typos. A page without typos is an observation, too: 0.",
            float(np.exp(-TYPOS[TYPOS > 0].mean())),
        ),
        Mistake(
            "missing-minus",
            "The minus is missing: this is larger than 1, and no probability is. Put x = 0 into the formula again.",
            float(np.exp(RATE)),
        ),
    ),
)

# --- 7 · standard-error --------------------------------------------------------------------------------------------

HEADS, TOSSES = 0.3, 500

STANDARD_ERROR = Value(
    "standard-error",
    points=1,
    answer=float(np.sqrt(HEADS * (1 - HEADS) / TOSSES)),
    within=(0, 1),
    rtol=0.0,
    atol=1.5e-5,
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
        Mistake(
            "count-for-share",
            "This is the spread of the number of heads. The estimate is their share: the number over the tosses.",
            float(np.sqrt(TOSSES * HEADS * (1 - HEADS))),
        ),
    ),
)

# --- 8 · moves-the-maximum -----------------------------------------------------------------------------------------

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

# --- 9 · why-products ----------------------------------------------------------------------------------------------

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
