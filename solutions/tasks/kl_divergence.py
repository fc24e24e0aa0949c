"""Exercise set 03, kl_divergence: what a wrong distribution costs, in both directions.

Divergences are in nats, unless a task says bits.
"""

import numpy as np
from sympy import Integer, Sum, log

from grader.algebra import index, simplex, size
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
from solutions import information
from solutions.gaussians import moment_match
from solutions.tasks._slips import in_base, made_at, quietly, with_epsilons

# --- 1 · kl-both-ways ----------------------------------------------------------------------------------------------

DATA, MODEL = np.array([0.5, 0.5]), np.array([0.7, 0.3])


def both_ways(function) -> np.ndarray:
    return np.array([float(function(DATA, MODEL)), float(function(MODEL, DATA))])


KL_BOTH_WAYS = Value(
    "kl-both-ways",
    points=2,
    answer=both_ways(information.kl_divergence),
    within=(-10, 10),
    rtol=0.0,
    atol=5e-4,
    unit="nats",
    mistakes=(
        Mistake(
            "swapped",
            "You have the two directions the other way round. The distribution that weights the terms "
            "stands first.",
            both_ways(lambda p, q: information.kl_divergence(q, p)),
        ),
        Mistake(
            "base-2",
            "These are in bits: your logarithm has base 2. The question asks for nats.",
            both_ways(in_base(2, information.kl_divergence)),
        ),
        Mistake(
            "base-10",
            "Your logarithm has base 10. Nats need the natural logarithm, which NumPy calls `log`.",
            both_ways(in_base(10, information.kl_divergence)),
        ),
        Mistake(
            "flipped-sign",
            "A divergence is never negative. The distribution that weights the terms stands above the line in "
            "the logarithm, too.",
            both_ways(lambda p, q: -information.kl_divergence(p, q)),
        ),
        Mistake(
            "gives-the-cross-entropy",
            "These are cross-entropies. The entropy of the first distribution still has to be subtracted.",
            both_ways(information.cross_entropy),
        ),
        Mistake(
            "forgets-the-weights",
            "You added the logarithms without weights. Each term counts as often as its outcome occurs.",
            both_ways(lambda p, q: np.log(p / q).sum()),
        ),
        Mistake(
            "takes-it-for-symmetric",
            "You gave one number twice. The two directions weight the same logarithms differently.",
            both_ways(lambda p, q: information.kl_divergence(DATA, MODEL)),
        ),
    ),
)

# --- 2 · kl-divergence ---------------------------------------------------------------------------------------------


def draw_pairs(rng: np.random.Generator) -> list[Example]:
    """Return distributions p and the logarithms of distributions q, both of shape (..., V)."""

    def rows(*shape: int) -> np.ndarray:
        weights = rng.integers(1, 20, size=shape).astype(float)
        return weights / weights.sum(axis=-1, keepdims=True)

    def with_zero(V: int, place: int) -> np.ndarray:
        return np.insert(rows(V - 1), place, 0.0)

    some_zeros, one_infinite, two_axes = rows(3, 4), rows(4, 3), rows(2, 2, 3)
    some_zeros[1] = with_zero(4, 2)
    one_infinite[rng.integers(4)] = with_zero(3, 1)
    two_axes[rng.integers(2), rng.integers(2)] = with_zero(3, 2)
    same, long = rows(4), rows(300)
    examples = [
        Example("two outcomes", rows(2), rows(2)),
        Example("two outcomes", np.array([0.9, 0.1]), rows(2)),
        Example("many outcomes", rows(300), rows(300)),
        Example("many outcomes", long, np.roll(long, 1)),
        Example("a batch", rows(3, 4), rows(3, 4)),
        Example("a batch", rows(3, 3), rows(3, 3)),
        Example("a batch", rows(2, 2, 3), rows(2, 2, 3)),
        Example("a zero in p", with_zero(4, 1), rows(4)),
        Example("a zero in p", some_zeros, rows(3, 4)),
        Example("a zero in p", np.array([1.0, 0.0]), np.array([0.5, 0.5])),
        Example("a zero in p", np.array([0.0, 0.6, 0.4]), np.array([1e-30, 0.5, 0.5])),
        Example("a zero in q", rows(3), with_zero(3, 0)),
        Example("a zero in q", np.array([0.5, 0.5]), np.array([1.0, 0.0])),
        Example("a zero in q", rows(2), np.array([1e-9, 1 - 1e-9])),  # so that not everything here is inf
        Example("a zero in q", np.array([0.3, 0.7]), np.array([1e-30, 1.0])),
        Example(
            "a zero in q", np.array([1e-12, 1 - 1e-12]), np.array([0.0, 1.0])
        ),  # rare, but it does happen
        Example("a zero in q", np.array([0.4, 1e-30, 0.6]), np.array([0.7, 0.0, 0.3])),
        Example("a zero in q, in one row of a batch", rows(4, 3), one_infinite),
        Example("a zero in q, in one row of a batch", rows(2, 2, 3), two_axes),
        Example("a zero in both", with_zero(5, 3), with_zero(5, 3)),
        Example(
            "a zero in both",
            np.stack([with_zero(4, 0), rows(4)]),
            np.stack([with_zero(4, 0), with_zero(4, 2)]),
        ),
        Example("equal distributions", same, same.copy()),
        # so that not all is 0
        Example("equal distributions", np.stack([same, rows(4)]), np.stack([same, rows(4)])),
    ]
    with np.errstate(divide="ignore"):
        return [Example(e.label, e.args[0], np.log(e.args[1])) for e in examples]


def of_probs(function):
    """Return a function of p and q as one of p and log q: no library has that with its zeros."""
    return lambda p, log_q: function(p, np.exp(log_q))


def costs_infinity(p, q):
    return ((p > 0) & (q == 0)).any(axis=-1)


def kl_naively(p, q):
    return np.sum(p * np.log(p / q), axis=-1)


def kl_of_changed(change, p, q):
    return np.sum(p * np.log(change(p) / change(q)), axis=-1)


def kl_without_zeros(p, q):
    keep = (p > 0) & (q > 0)
    ratio = np.where(keep, p, 1.0) / np.where(keep, q, 1.0)
    return np.sum(np.where(keep, p, 0.0) * np.log(ratio), axis=-1)


def infinite_if_one_is(p, q):
    divergences = information.kl_divergence(p, q)
    return np.full_like(divergences, np.inf) if np.isinf(divergences).any() else divergences


def kl_terms(p, q):
    return p * np.log(np.where(p > 0, p, 1.0) / np.where(p > 0, q, 1.0))


def kl_of_what_is_above(least):
    """Return the divergence where a probability of p that is not above `least` is taken for 0."""
    return lambda p, q: information.kl_divergence(np.where(p > least, p, 0.0), q)


KL_DIVERGENCE = Function(
    "kl-divergence",
    points=3,
    reference=of_probs(information.kl_divergence),
    accepts=("float32",),
    draw=draw_pairs,
    promises={
        words: of_probs(holds)
        for words, holds in {
            "over the **last axis**": lambda p, q: p.ndim == 2 and p.shape[0] == p.shape[1],
            "two arrays of shape `(..., V)` give `(...)`": lambda p, q: p.ndim == 3,
            "$p_k = 0$, whatever $q_k$ is": lambda p, q: (
                ((p == 0) & (q == 0)).any() and not costs_infinity(p, q).any()
            ),
            "what never happens costs nothing": lambda p, q: (
                ((p == 0) & (q > 0)).any() and not costs_infinity(p, q).any()
            ),
            "$p_k > 0$ and $q_k = 0$": lambda p, q: p.ndim == 1 and costs_infinity(p, q),
            "the model calls impossible what does happen": lambda p, q: 0 < costs_infinity(p, q).mean() < 1,
            "Example": lambda p, q: p.tolist() == [1, 0],
            "The other way round it gives `inf`": lambda p, q: q.tolist() == [1, 0],
        }.items()
    },
    mistakes=made_at(
        of_probs,
        Mistake(
            "swapped",
            "This is KL(q‖p). The terms are weighted by p, which is also above the line in the logarithm.",
            lambda p, q: information.kl_divergence(q, p),
        ),
        Mistake(
            "zero-times-infinity",
            "Where p is 0 you compute 0 · log 0, which is nan. Such a term is 0: leave it out.",
            answers=(kl_naively, quietly(kl_naively)),
        ),
        Mistake(
            "adds-epsilon",
            "You added a little to the probabilities, or took a small p for 0, and what is infinite became finite. "
            "Where q = 0 and p > 0, however small, the KL is inf. Leave out the terms with p = 0 only.",
            # Some of these differ by less than the tolerance, so they are one slip.
            answers=(
                *with_epsilons(kl_of_changed),
                *map(kl_of_what_is_above, (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-6)),
            ),
        ),
        Mistake(
            "leaves-out-zeros-of-q",
            "You left out the outcomes with q = 0. Leave out those with p = 0 only: where p > 0 and q = 0, "
            "the term is inf.",
            kl_without_zeros,
        ),
        Mistake(
            "flipped-sign",
            "This is never above 0, and a divergence is never below. Turn the quotient in the logarithm round.",
            lambda p, q: -information.kl_divergence(p, q),
        ),
        Mistake(
            "base-2",
            "Your logarithm has base 2, so this is in bits. Nats need the natural logarithm.",
            in_base(2, information.kl_divergence),
        ),
        Mistake(
            "base-10",
            "Your logarithm has base 10. Nats need the natural logarithm, which NumPy calls `log`.",
            in_base(10, information.kl_divergence),
        ),
        Mistake(
            "gives-the-cross-entropy",
            "This is the cross-entropy. It is not 0 for two equal distributions; a divergence is.",
            information.cross_entropy,
        ),
        Mistake(
            "mean-for-sum",
            "You averaged over the outcomes. Their probabilities are the weights already: add up.",
            lambda p, q: information.kl_divergence(p, q) / np.shape(p)[-1],
        ),
        Mistake(
            "whole-batch",
            "You added up the whole batch. Each row is a distribution of its own: sum over the last axis.",
            lambda p, q: information.kl_divergence(p, q).sum(),
        ),
        Mistake(
            "one-for-all",
            "One row with an infinite divergence made all of them infinite. Each row is a divergence of its own.",
            infinite_if_one_is,
        ),
        Mistake(
            "hides-infinity",
            "`np.nan_to_num` turns inf into a huge number. Where p > 0 and q = 0 the term is inf: leave it.",
            answers=(
                lambda p, q: np.nan_to_num(p * np.log(p / q)).sum(axis=-1),
                lambda p, q: np.nan_to_num(information.kl_divergence(p, q)),
            ),
        ),
        Mistake(
            "inf-for-any-zero",
            "A zero of q made the divergence infinite although p is 0 there, too. What never happens costs nothing.",
            lambda p, q: np.where((q == 0).any(axis=-1), np.inf, information.kl_divergence(p, q)),
        ),
        Mistake(
            "both-directions",
            "You put the two directions together. KL(p‖q) is one of them: all its terms are weighted by p.",
            answers=(
                lambda p, q: information.kl_divergence(p, q) + information.kl_divergence(q, p),
                lambda p, q: (information.kl_divergence(p, q) + information.kl_divergence(q, p)) / 2,
            ),
        ),
        Mistake(
            "first-axis",
            "You added up along the wrong axis. A distribution lies along the last one: `axis=-1`.",
            lambda p, q: kl_terms(p, q).sum(axis=0),
        ),
        Mistake(
            "absolute-terms",
            "You took the size of each term. Terms with p < q are negative, and their minus counts.",
            lambda p, q: np.abs(kl_terms(p, q)).sum(axis=-1),
        ),
    ),
    forbidden=("kl_divergence",),
)

# --- 3 · gibbs -----------------------------------------------------------------------------------------------------

V = size("V")
i, j, k = (index(name, V) for name in "ijk")
p, q = simplex("p", V), simplex("q", V)

GIBBS = DerivationTask(
    "gibbs",
    points=3,
    start=Sum(p[k] * log(q[k] / p[k]), (k, 1, V)),
    goal=Integer(0),
    milestones=(
        Milestone(
            "term-by-term",
            "an inequality is put into each term of the sum (or Jensen's inequality into the whole)",
            termwise="p",
        ),
    ),
    form=Form(
        free_of=("Sum", "log", "Derivative"), says="The last line has to be the number 0, with no sum left."
    ),
    relation="≤",
    symbols=(V, i, j, k, p, q),
    mistakes=(
        Mistake(
            "forgets-the-one",
            "You used log t ≤ t. That is true but too weak: at t = 1 the logarithm is 0, and so should the bound be.",
            Sum(q[k], (k, 1, V)),
        ),
        Mistake(
            "plus-for-minus",
            "You used log t ≤ t + 1. That is true but too weak: the line t − 1 touches the logarithm at t = 1.",
            Sum(p[k] * (q[k] / p[k] + 1), (k, 1, V)),
        ),
        Mistake(
            "flipped-sign",
            "The quotient is turned round, so this is the divergence itself. The first line is minus that.",
            Sum(p[k] * log(p[k] / q[k]), (k, 1, V)),
        ),
        Mistake(
            "drops-the-weights",
            "The weights p_k are gone. The inequality goes into each term; its weight stays in front.",
            Sum(q[k] / p[k] - 1, (k, 1, V)),
        ),
        Mistake(
            "swapped",
            "p and q have changed places. The first line is weighted by p.",
            Sum(q[k] * log(p[k] / q[k]), (k, 1, V)),
        ),
    ),
)

# --- 4 · kl-to-uniform ---------------------------------------------------------------------------------------------

KL_TO_UNIFORM = Expression(
    "kl-to-uniform",
    points=1,
    answer=log(V) + Sum(p[k] * log(p[k]), (k, 1, V)),
    symbols=(V, i, j, k, p),
    mistakes=(
        Mistake(
            "flipped-sign",
            "The signs are turned round: this is never above 0. A divergence is never below.",
            -log(V) - Sum(p[k] * log(p[k]), (k, 1, V)),
        ),
        Mistake(
            "adds-the-entropy",
            "You added the entropy. The more random p is, the nearer it is to the uniform distribution: subtract.",
            log(V) - Sum(p[k] * log(p[k]), (k, 1, V)),
        ),
        Mistake(
            "forgets-the-entropy",
            "This is the cross-entropy, the same for every p. The divergence is 0 if p is uniform.",
            log(V),
        ),
        Mistake(
            "forgets-the-uniform",
            "Only the term of p is left. The logarithm of 1/V is the same number in every term, but it is not 0.",
            Sum(p[k] * log(p[k]), (k, 1, V)),
        ),
        Mistake(
            "other-direction",
            "This is KL(u‖p), the other direction. The terms of KL(p‖u) are weighted by p.",
            -log(V) - Sum(log(p[k]), (k, 1, V)) / V,
        ),
    ),
)

# --- 5 · wasted-bits -----------------------------------------------------------------------------------------------

WASTE, TOKENS = 0.1, 1000

WASTED_BITS = Value(
    "wasted-bits",
    points=1,
    answer=float(information.bits_from_nats(WASTE * TOKENS)),
    within=(0, 100_000),
    rtol=0.0,
    atol=0.5,
    unit="bits",
    mistakes=(
        Mistake(
            "in-nats",
            "This is in nats. The last step is missing: the change to bits.",
            WASTE * TOKENS,
        ),
        Mistake(
            "wrong-way",
            "You multiplied by log 2: that turns bits into nats. A bit is the smaller unit, so there must "
            "be more of them.",
            float(information.nats_from_bits(WASTE * TOKENS)),
        ),
        Mistake(
            "one-token",
            "This is the price of one token. The question is about the whole text.",
            float(information.bits_from_nats(WASTE)),
        ),
        Mistake(
            "base-10",
            "You divided by log 10, which gives decimal digits. A bit is worth log 2 nats.",
            float(WASTE * TOKENS / np.log(10)),
        ),
        Mistake(
            "in-bytes",
            "You divided by 8, so this is in bytes. The question asks for bits.",
            float(information.bits_from_nats(WASTE * TOKENS) / 8),
        ),
    ),
)

# --- 6 · kl-from-samples -------------------------------------------------------------------------------------------


def draw_log_probs_of_samples(rng: np.random.Generator) -> list[Example]:
    """Return log p and log q of samples from p, in nats, each of shape (n,)."""

    def sampled(n: int, V: int) -> tuple[np.ndarray, np.ndarray]:
        p, q = rng.dirichlet(np.full(V, 3.0)), rng.dirichlet(np.full(V, 3.0))
        drawn = rng.choice(V, size=n, p=p)
        return np.log(p[drawn]), np.log(q[drawn])

    def by_bad_luck(n: int) -> tuple[np.ndarray, np.ndarray]:
        """Most samples are likelier under q, so the estimate is negative; one is not."""
        p, q = np.array([0.3, 0.7]), np.array([0.6, 0.4])
        drawn = rng.permutation([1] + [0] * (n - 1))
        return np.log(p[drawn]) + rng.uniform(-0.05, 0.05, size=n), np.log(q[drawn])

    log_p = -rng.uniform(800, 1200, size=20)
    return [
        Example("a few samples", *sampled(6, 3)),
        Example("a few samples", *sampled(9, 4)),
        Example("a few samples", np.array([-1.0, -2.0]), np.array([-1.25, -2.75])),
        Example("one sample", np.array([-1.5]), np.array([float(-rng.uniform(2, 3))])),
        Example("a negative estimate", *by_bad_luck(5)),
        Example("a negative estimate", np.array([-2.0]), np.array([float(-rng.uniform(0.5, 1))])),
        Example("many samples", *sampled(2000, 10)),
        Example("long texts", log_p, log_p - rng.normal(30, 40, size=20)),
    ]


def kl_of_samples(log_p, log_q):
    """Return the mean of log p − log q over the samples, in nats: shapes (n,) and (n,) -> ()."""
    return np.mean(np.asarray(log_p) - np.asarray(log_q))


KL_FROM_SAMPLES = Function(
    "kl-from-samples",
    points=2,
    reference=kl_of_samples,
    accepts=("float32",),
    draw=draw_log_probs_of_samples,
    promises={
        "there are far too many texts": lambda log_p, log_q: np.exp(log_p).max() == 0,
        "two arrays of shape `(n,)`": lambda log_p, log_q: len(log_p) > 1000,
        "samples from $p$ are enough": lambda log_p, log_q: len(log_p) == 1,
        "it may come out negative": lambda log_p, log_q: np.mean(log_p - log_q) < -0.1,
    },
    mistakes=(
        Mistake(
            "flipped-sign",
            "Your difference is turned round. The samples come from p, so log p is the one to subtract from.",
            lambda log_p, log_q: -kl_of_samples(log_p, log_q),
        ),
        Mistake(
            "sum-for-mean",
            "You added up the samples. An expectation is estimated by their mean.",
            lambda log_p, log_q: np.sum(log_p - log_q),
        ),
        Mistake(
            "weights-twice",
            "You weighted by p. The samples come from p already: what is likely is among them more often.",
            lambda log_p, log_q: np.sum(np.exp(log_p) * (log_p - log_q)),
        ),
        Mistake(
            "log-of-the-mean",
            "You averaged the quotients p/q and took the logarithm afterwards. Average the logarithms.",
            lambda log_p, log_q: np.log(np.mean(np.exp(log_p - log_q))),
        ),
        Mistake(
            "gives-the-cross-entropy",
            "This is the mean loss of q. The mean loss of p itself still has to be subtracted.",
            lambda log_p, log_q: -np.mean(log_q),
        ),
        Mistake(
            "absolute-differences",
            "You took the size of each difference. Some samples are likelier under q, and their minus counts.",
            lambda log_p, log_q: np.mean(np.abs(log_p - log_q)),
        ),
        Mistake(
            "base-2",
            "You divided by log 2, so this is in bits. The estimate is asked for in nats.",
            in_base(2, kl_of_samples),
        ),
        Mistake(
            "median-for-mean",
            "You took the median. An expectation is estimated by the mean.",
            lambda log_p, log_q: np.median(log_p - log_q),
        ),
        Mistake(
            "n-minus-one",
            "You divided by n − 1, as for a variance. A mean divides by the number of samples.",
            lambda log_p, log_q: np.sum(log_p - log_q) / (np.float64(len(log_p)) - 1),
        ),
        Mistake(
            "never-negative",
            "You made a negative estimate positive, or 0. With few samples it may be negative: leave it.",
            answers=(
                lambda log_p, log_q: np.maximum(kl_of_samples(log_p, log_q), 0.0),
                lambda log_p, log_q: np.abs(kl_of_samples(log_p, log_q)),
            ),
        ),
    ),
)

# --- 7 · best-gaussian ---------------------------------------------------------------------------------------------


def draw_mixtures(rng: np.random.Generator) -> list[Example]:
    """Return weights, means and standard deviations of mixtures of Gaussians, each of shape (n,)."""

    def mixture(n: int, center: float, spread: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        weights = rng.permutation(np.arange(1.0, n + 1) ** 2)
        return weights / weights.sum(), rng.normal(center, spread, size=n), rng.uniform(0.3, 2.0, size=n)

    return [
        Example(
            "two equal peaks", np.array([0.5, 0.5]), rng.normal(1, 3, size=2), rng.uniform(0.3, 2, size=2)
        ),
        Example("two equal peaks", np.array([0.5, 0.5]), np.array([-4.0, 4.0]), np.array([3.0, 3.0])),
        Example("two unequal peaks", *mixture(2, 1.0, 3.0)),
        Example("two unequal peaks", *mixture(2, 1.0, 0.5)),
        Example("a mean below 0", *mixture(2, -9.0, 1.0)),
        Example("a mean below 0", *mixture(3, -20.0, 3.0)),
        Example("one peak", *mixture(1, 1.0, 3.0)),
        Example("many peaks", *mixture(5, 1.0, 2.0)),
        Example("many peaks", *mixture(60, 1.0, 2.0)),
    ]


def of_the_largest_peak(weights, means, stds):
    top = int(np.argmax(weights))
    return float(means[top]), float(stds[top])


BEST_GAUSSIAN = Function(
    "best-gaussian",
    points=2,
    reference=moment_match,
    accepts=("float32",),
    draw=draw_mixtures,
    promises={
        "a mixture of Gaussians": lambda weights, means, stds: len(weights) > 10,
        "The model $q$ is a single Gaussian": lambda weights, means, stds: len(weights) == 1,
        "its **mean**": lambda weights, means, stds: weights @ means < -1,
        "the weights sum to 1": lambda weights, means, stds: len(set(weights)) > 2,
    },
    mistakes=(
        Mistake(
            "forgets-the-distances",
            "You averaged the variances within the peaks. That the peaks lie apart spreads the mixture, too.",
            lambda weights, means, stds: (weights @ means, np.sqrt(weights @ stds**2)),
        ),
        Mistake(
            "averages-the-spreads",
            "You averaged the standard deviations. Variances can be averaged, and the distances of the "
            "peaks come on top.",
            lambda weights, means, stds: (weights @ means, weights @ stds),
        ),
        Mistake(
            "gives-the-variance",
            "Your second number is the variance. The standard deviation is its square root.",
            lambda weights, means, stds: (weights @ means, moment_match(weights, means, stds)[1] ** 2),
        ),
        Mistake(
            "ignores-the-weights",
            "You treated all peaks alike. A peak counts as much as its weight says.",
            lambda weights, means, stds: moment_match(np.full(len(means), 1 / len(means)), means, stds),
        ),
        Mistake(
            "one-peak",
            "You took one peak. The reverse divergence does something like that; the forward one has to cover "
            "all that occurs.",
            of_the_largest_peak,
        ),
        Mistake(
            "keeps-the-mean",
            "You forgot to subtract the square of the mean. A variance is about the mean, not about 0.",
            lambda weights, means, stds: (weights @ means, np.sqrt(weights @ (stds**2 + means**2))),
        ),
        Mistake(
            "swapped-order",
            "You have mean and standard deviation the other way round. The mean comes first.",
            lambda weights, means, stds: moment_match(weights, means, stds)[::-1],
        ),
        Mistake(
            "sum-of-variables",
            "You squared the weights, as for a sum of random variables. A mixture draws one of its peaks; a weight is "
            "how often.",
            lambda weights, means, stds: (weights @ means, np.sqrt(weights**2 @ stds**2)),
        ),
    ),
)

# --- 8 · two-peaks-one-model ---------------------------------------------------------------------------------------

TWO_PEAKS_ONE_MODEL = Choice(
    "two-peaks-one-model",
    points=1,
    options={
        "a": "KL(p‖q): a narrow q on one peak. KL(q‖p): a broad q over both.",
        "b": "KL(p‖q): a broad q over both peaks. KL(q‖p): a narrow q on one.",
        "c": "Both give the broad q, since both are 0 for q = p only.",
        "d": "Both give a narrow q on one peak, since no q with one peak can fit two.",
    },
    answer="b",
    mistakes=(
        Mistake(
            "directions-swapped",
            "Ask where each one is expensive: KL(p‖q) where p has mass and q has almost none. A narrow q "
            "leaves a whole peak out.",
            "a",
        ),
        Mistake(
            "one-for-both",
            "They agree where q = p is possible. Here it is not, and then each direction makes its own compromise.",
            "c",
        ),
        Mistake(
            "always-narrow",
            "Under KL(p‖q) such a q would give almost no probability to half of what occurs. That costs a "
            "lot on average.",
            "d",
        ),
    ),
)

# --- 9 · why-fluent ------------------------------------------------------------------------------------------------

WHY_FLUENT = FreeText(
    "why-fluent",
    points=2,
    scheme=(
        (1, "Says that maximising the likelihood is minimising KL(p_data‖q), or the cross-entropy, because the "
            "entropy of the data does not depend on the model; the minimum is q = p_data."),
        (1, "Says what this means for writing: the text is sampled from q, so the closer q is to p_data, the "
            "more it reads like the text people wrote; fluency comes from the data (truth is not promised)."),
    ),
)  # fmt: skip

TASKS = (
    KL_BOTH_WAYS,
    KL_DIVERGENCE,
    GIBBS,
    KL_TO_UNIFORM,
    WASTED_BITS,
    KL_FROM_SAMPLES,
    BEST_GAUSSIAN,
    TWO_PEAKS_ONE_MODEL,
    WHY_FLUENT,
)
