"""Exercise set 04, cross_entropy: entropy plus divergence, one-hot targets, codes, scores, label smoothing.

Losses are in nats, unless a task says bits. Classes are counted from 0 in code and from 1 in formulas.
"""

import numpy as np
from sympy import Sum, log

from grader.algebra import index, positives, probability, simplex, size
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
from solutions.scoring import TIES, properness
from solutions.tasks._properness import (
    against_the_mean,
    compared_along_truths,
    draw_scores,
    in_share,
    of_pairs,
    pairs_that_gain,
    with_a_tie_for_every_truth,
    with_any_tie_as_proper,
    with_itself_among_the_others,
    with_the_first_of_the_best,
    with_the_first_tie_as_verdict,
    with_ties_as_wins,
    with_ties_everywhere,
    with_ties_refused,
)
from solutions.tasks._slips import in_base, quietly, with_epsilons

# --- 1 · cross-entropy-by-hand -------------------------------------------------------------------------------------

DATA, MODEL = np.array([0.6, 0.3, 0.1]), np.array([0.5, 0.25, 0.25])

CROSS_ENTROPY_BY_HAND = Value(
    "cross-entropy-by-hand",
    points=1,
    answer=float(information.cross_entropy(DATA, MODEL)),
    within=(-20, 20),
    rtol=0.0,
    atol=6e-4,
    unit="nats",
    mistakes=(
        Mistake(
            "swapped",
            "You weighted the surprisals of the data by the model. The data decide how often, the model how surprised.",
            float(information.cross_entropy(MODEL, DATA)),
        ),
        Mistake(
            "gives-the-entropy",
            "This is the entropy of the data. The logarithms must be those of the model's probabilities.",
            float(information.entropy(DATA)),
        ),
        Mistake(
            "gives-the-divergence",
            "This is the divergence, only the part that the model adds. The cross-entropy holds the entropy as well.",
            float(information.kl_divergence(DATA, MODEL)),
        ),
        Mistake(
            "base-2",
            "This is in bits: your logarithm has base 2. The question asks for nats.",
            float(information.bits_from_nats(information.cross_entropy(DATA, MODEL))),
        ),
        Mistake(
            "base-10",
            "Your logarithm has base 10. Nats need the natural logarithm, which NumPy calls `log`.",
            float(in_base(10, information.cross_entropy)(DATA, MODEL)),
        ),
        Mistake(
            "mean-for-sum",
            "You averaged over the outcomes. Their probabilities are the weights already: add up.",
            float(information.cross_entropy(DATA, MODEL)) / 3,
        ),
        Mistake(
            "gives-the-perplexity",
            "This is e to the power of the cross-entropy. The cross-entropy itself is asked for.",
            float(np.exp(information.cross_entropy(DATA, MODEL))),
        ),
        Mistake(
            "missing-minus",
            "The minus is missing. Logarithms of probabilities are at most 0; a cross-entropy is at least 0.",
            -float(information.cross_entropy(DATA, MODEL)),
        ),
        Mistake(
            "forgets-the-weights",
            "You added the surprisals without weights. Each counts as often as its outcome occurs.",
            float(-np.log(MODEL).sum()),
        ),
    ),
)

# --- 2 · entropy-plus-kl -------------------------------------------------------------------------------------------

V = size("V", at_least=2)
i, j, k, y = (index(name, V) for name in "ijky")
p, q = simplex("p", V), simplex("q", V)
ENTROPY = -Sum(p[k] * log(p[k]), (k, 1, V))
DIVERGENCE = Sum(p[k] * log(p[k] / q[k]), (k, 1, V))
CROSS_ENTROPY = -Sum(p[k] * log(q[k]), (k, 1, V))

ENTROPY_PLUS_KL = DerivationTask(
    "entropy-plus-kl",
    points=2,
    start=ENTROPY + DIVERGENCE,
    goal=CROSS_ENTROPY,
    milestones=(
        Milestone(
            "logarithms-apart",
            "log p and log q stand apart, or both sums have become one",
            forms=(
                Form(
                    holds=("Sum>log>p", "Sum>log>q"),
                    free_of=("fraction", "log>Sum"),
                    says="log p and log q stand apart",
                ),
                # log p stands there twice with opposite signs, which SymPy cancels at once
                Form(
                    holds=("Sum>log>p", "Sum>log>q"),
                    free_of=("log>Sum",),
                    apart=(("log", "p", "q"),),
                    says="log p and log q stand apart",
                    written=True,
                ),
                Form(holds=("log>p", "log>q"), once=("Sum",), says="both sums have become one"),
                # one logarithm of a product of powers, with p in the base and in its exponent
                Form(
                    holds=("log>Product>Pow>fraction>p",),
                    free_of=("Sum",),
                    once=("log",),
                    says="both sums have become one logarithm",
                    written=True,
                ),
                Form(
                    holds=("log>fraction>q",),
                    free_of=("log>p",),
                    once=("Sum",),
                    says="p has left the logarithm, and the fraction is still to go",
                ),
            ),
        ),
    ),
    symbols=(V, i, j, k, y, p, q),
    mistakes=(
        Mistake(
            "flipped-sign",
            "The sign is turned round. Of the two logarithms in the divergence, that of q comes with a minus.",
            -CROSS_ENTROPY,
        ),
        Mistake(
            "swapped",
            "p and q have changed places. The terms are weighted by p all the way through.",
            -Sum(q[k] * log(p[k]), (k, 1, V)),
        ),
        Mistake(
            "drops-the-divergence",
            "Only the entropy is left. The divergence is 0 for q = p only.",
            ENTROPY,
        ),
        Mistake(
            "doubles-the-entropy",
            "The terms with log p should cancel, and yours add up. Look at the minus in front of the first sum.",
            2 * ENTROPY + CROSS_ENTROPY,
        ),
        Mistake(
            "drops-the-weights",
            "The weights p_k are gone. They stand before both logarithms.",
            -Sum(log(q[k]), (k, 1, V)),
        ),
    ),
    form=Form(
        free_of=("Pow", "exp", "log>p", "Derivative"),
        says="The last line must hold no fraction and no logarithm of p: those terms cancel.",
    ),
)

# --- 3 · one-hot-cross-entropy -------------------------------------------------------------------------------------


def draw_probs_and_targets(rng: np.random.Generator) -> list[Example]:
    """Return predicted distributions of shape (..., V) and targets of shape (...)."""

    def rows(*shape: int) -> np.ndarray:
        weights = rng.integers(1, 30, size=shape).astype(float)
        return weights / weights.sum(axis=-1, keepdims=True)

    elsewhere, at_the_target = rows(3, 4), rows(3, 3)
    elsewhere[:, 2] = 0.0
    elsewhere /= elsewhere.sum(axis=-1, keepdims=True)
    at_the_target[1] = np.insert(rows(2), 1, 0.0)
    return [
        Example("one row", rows(4), int(rng.integers(1, 4))),
        Example("one row", rows(5), 4),
        Example("one row", rows(3), 0),
        Example("one row", np.array([0.25, 0.75]), 1),
        Example("a batch", rows(4, 3), rng.permutation([0, 1, 2, 1])),
        Example("a batch", rows(3, 3), rng.permutation([0, 2, 2])),
        Example("a batch with two axes", rows(2, 3, 4), rng.integers(0, 4, size=(2, 3))),
        Example("a batch with two axes", rows(3, 3, 3), rng.integers(0, 3, size=(3, 3))),
        Example("a batch with three axes", rows(2, 3, 2, 4), rng.integers(0, 4, size=(2, 3, 2))),
        Example("a batch with three axes", rows(2, 2, 2, 2), rng.integers(0, 2, size=(2, 2, 2))),
        Example("a probability of 0 elsewhere", elsewhere, rng.choice([0, 1, 3], size=3)),
        Example("a probability of 0 elsewhere", np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0, 1])),
        Example("a probability of 0 elsewhere", np.array([0.3, 0.0, 0.7]), 2),
        Example("a probability of 0 at the target", at_the_target, np.array([0, 1, 2])),
        Example("a probability of 0 at the target", np.array([0.4, 0.0, 0.6]), 1),
        # so that not everything here is inf
        Example(
            "a probability of 0 at the target", np.array([[1e-9, 1 - 1e-9], [1e-30, 1.0]]), np.array([0, 0])
        ),
    ]


def one_hot(q, targets):
    return np.arange(np.shape(q)[-1]) == np.asarray(targets)[..., None]


def one_hot_cross_entropy(q, targets):
    """Return the cross-entropy of one-hot targets and q, in bits: shapes (..., V) and (...) -> (...)."""
    return information.bits_from_nats(information.cross_entropy(one_hot(q, targets).astype(float), q))


def at_the_target(values, targets):
    return np.take_along_axis(np.asarray(values), np.asarray(targets)[..., None], axis=-1)[..., 0]


def of_both_answers(q, targets):
    hot = one_hot(q, targets)
    return -np.where(hot, np.log2(q), np.log2(1 - np.asarray(q))).sum(axis=-1)


def through_a_product(q, targets):
    return -(one_hot(q, targets) * np.log2(q)).sum(axis=-1)


ONE_HOT_CROSS_ENTROPY = Function(
    "one-hot-cross-entropy",
    points=2,
    reference=one_hot_cross_entropy,
    accepts=("float32",),
    draw=draw_probs_and_targets,
    # Whoever forgets that libraries count in nats has their value, and no answer: a finished loss alone is none.
    promises={
        "`q` has shape `(..., V)`": lambda q, targets: q.ndim == 3,
        "`targets` has shape `(...)`": lambda q, targets: np.ndim(targets) == 0,
        "counted from 0": lambda q, targets: np.ndim(targets) == 0 and targets == 0,
        "the result has the shape of `targets`": lambda q, targets: q.ndim == 3 and len(set(q.shape)) == 1,
        "a `q` of 0 at another class": lambda q, targets: (
            (q == 0).any() and (at_the_target(q, targets) > 0).all()
        ),
        "A `q` of 0 at the target": lambda q, targets: (at_the_target(q, targets) == 0).any(),
    },
    mistakes=(
        Mistake(
            "zero-times-infinity",
            "You multiply log q by the target, and 0 · (−inf) is nan. Pick the target's entry instead.",
            answers=(through_a_product, quietly(through_a_product)),
        ),
        Mistake(
            "adds-epsilon",
            "You made q a little larger before the logarithm. A model that calls impossible what happens has "
            "an infinite loss: leave q as it is.",
            answers=with_epsilons(lambda change, q, targets: -np.log2(change(at_the_target(q, targets)))),
        ),
        Mistake(
            "leaves-out-zeros",
            "A q of 0 at the target costs nothing with you. A model that calls impossible what happens has an "
            "infinite loss.",
            lambda q, targets: 0.0 - np.log2(at_the_target(np.where(np.asarray(q) > 0, q, 1.0), targets)),
        ),
        Mistake(
            "hides-infinity",
            "`np.nan_to_num` turns inf into a huge number. Where q is 0 at the target the loss is inf: leave it.",
            lambda q, targets: np.nan_to_num(one_hot_cross_entropy(q, targets)),
        ),
        Mistake(
            "missing-minus",
            "The minus is missing. The logarithm of a probability is at most 0; a loss is at least 0.",
            lambda q, targets: np.log2(at_the_target(q, targets)),
        ),
        Mistake(
            "counts-from-one",
            "You took the class one place too early. Classes are counted from 0 here, as an array is indexed.",
            lambda q, targets: -np.log2(at_the_target(q, np.asarray(targets) - 1)),
        ),
        Mistake(
            "mean-over-the-batch",
            "You averaged over the batch. What is asked is one loss per row, in the shape of `targets`.",
            lambda q, targets: np.mean(one_hot_cross_entropy(q, targets)),
        ),
        Mistake(
            "log-of-mean",
            "You averaged probabilities before the logarithm. Each row has a loss of its own: take the "
            "logarithm of each.",
            answers=(
                lambda q, targets: -np.log2(np.mean(at_the_target(q, targets))),
                lambda q, targets: -np.log2(np.mean(q, axis=-1)),
            ),
        ),
        Mistake(
            "likeliest-class",
            "This is the loss of the class that q puts first. What happened is the target, likely or not.",
            lambda q, targets: -np.log2(np.max(q, axis=-1)),
        ),
        Mistake(
            "sum-over-the-batch",
            "You added up the batch. What is asked is one loss per row, in the shape of `targets`.",
            lambda q, targets: np.sum(one_hot_cross_entropy(q, targets)),
        ),
        Mistake(
            "scores-the-others",
            "You added −log(1 − q) for the other classes. That is for yes-or-no questions; here the target "
            "alone counts.",
            of_both_answers,
        ),
        Mistake(
            "sums-all-classes",
            "You added up the surprisals of all classes. A one-hot target is 0 at all but one of them.",
            lambda q, targets: -np.log2(q).sum(axis=-1),
        ),
        Mistake(
            "in-nats",
            "This is in nats: your logarithm is the natural one. The question asks for bits.",
            lambda q, targets: one_hot_cross_entropy(q, targets) * np.log(2),
        ),
        Mistake(
            "base-10",
            "Your logarithm has base 10. Bits need base 2.",
            lambda q, targets: one_hot_cross_entropy(q, targets) * np.log10(2),
        ),
    ),
    forbidden=("cross_entropy",),
)

# --- 4 · nll-as-cross-entropy --------------------------------------------------------------------------------------

n = positives("n", V)
N = Sum(n[k], (k, 1, V))

NLL_AS_CROSS_ENTROPY = Expression(
    "nll-as-cross-entropy",
    points=1,
    answer=-Sum(n[k] * log(q[k]), (k, 1, V)) / N,
    symbols=(V, i, j, k, y, n, q),
    mistakes=(
        Mistake(
            "sum-for-mean",
            "This is the loss of the whole text. Divide by its number of tokens.",
            -Sum(n[k] * log(q[k]), (k, 1, V)),
        ),
        Mistake(
            "divides-by-classes",
            "You divided by the size of the vocabulary. The mean is over the tokens of the text.",
            -Sum(n[k] * log(q[k]), (k, 1, V)) / V,
        ),
        Mistake(
            "forgets-the-counts",
            "Every word of the vocabulary counts once here. It counts as often as it occurs.",
            -Sum(log(q[k]), (k, 1, V)) / V,
        ),
        Mistake(
            "missing-minus",
            "This is the mean log-likelihood. A loss is its negative.",
            Sum(n[k] * log(q[k]), (k, 1, V)) / N,
        ),
        Mistake(
            "gives-the-entropy",
            "This is the entropy of the shares, the loss of the best model. The loss of q holds log q.",
            -Sum(n[k] * log(n[k] / Sum(n[j], (j, 1, V))), (k, 1, V)) / N,
        ),
        Mistake(
            "swapped",
            "You weighted the surprisals of the shares by the model. The text decides how often, the model how "
            "surprised.",
            -Sum(q[k] * log(n[k] / Sum(n[j], (j, 1, V))), (k, 1, V)),
        ),
    ),
)

# --- 5 · code-lengths ----------------------------------------------------------------------------------------------

SYMBOLS = np.array([1 / 2, 1 / 4, 1 / 8, 1 / 8])
LENGTHS = np.array([3, 1, 2, 3])
MEAN_LENGTH = float(SYMBOLS @ LENGTHS)
FLOOR = float(information.bits_from_nats(information.entropy(SYMBOLS)))

CODE_LENGTHS = Value(
    "code-lengths",
    points=2,
    answer=np.array([MEAN_LENGTH, MEAN_LENGTH - FLOOR]),
    within=(-20, 20),
    rtol=0.0,
    atol=3e-3,
    unit="bits",
    mistakes=(
        Mistake(
            "forgets-the-weights",
            "You averaged the lengths of the codewords as if all symbols were equally frequent.",
            np.array([LENGTHS.mean(), LENGTHS.mean() - FLOOR]),
        ),
        Mistake(
            "best-code",
            "This is the mean length of the best code for A to D. The code in the table is another one.",
            np.array([FLOOR, 0.0]),
        ),
        Mistake(
            "in-nats",
            "These are in nats. A binary digit is a bit, so lengths come out in bits by themselves.",
            np.array([MEAN_LENGTH, MEAN_LENGTH - FLOOR]) * np.log(2),
        ),
        Mistake(
            "gives-the-floor",
            "Your second number is the mean length of the best code. The price is how much longer yours is.",
            np.array([MEAN_LENGTH, FLOOR]),
        ),
        Mistake(
            "quotient-for-difference",
            "Your second number is a quotient. The price is in bits per symbol: a difference.",
            np.array([MEAN_LENGTH, MEAN_LENGTH / FLOOR]),
        ),
        Mistake(
            "price-below-zero",
            "Your second number has the wrong sign. No code is shorter on average than the best one.",
            np.array([MEAN_LENGTH, FLOOR - MEAN_LENGTH]),
        ),
        Mistake(
            "swapped-order",
            "You have the two numbers the other way round. The mean length comes first.",
            np.array([MEAN_LENGTH - FLOOR, MEAN_LENGTH]),
        ),
    ),
)

# --- 6 · strictly-proper -------------------------------------------------------------------------------------------

STRICTLY_PROPER = Choice(
    "strictly-proper",
    points=1,
    options={
        "a": "1 if q puts the outcome first, otherwise 0",
        "b": "q_k, the probability that q gave to it",
        "c": "log q_k",
        "d": "log q_k, but never less than −1",
    },
    answer="c",
    mistakes=(
        Mistake(
            "accuracy",
            "Honesty earns as much as any forecast here, but so does every other one with the same first choice.",
            "a",
        ),
        Mistake(
            "linear",
            "Try p = (0.7, 0.3): compare what q = (0.7, 0.3) and q = (1, 0) earn on average.",
            "b",
        ),
        Mistake(
            "clipped",
            "Below e to the −1 nothing gets worse, so rare outcomes may as well get 0, and the others more. "
            "Try p = (0.8, 0.2).",
            "d",
        ),
    ),
)

# --- 7 · properness ------------------------------------------------------------------------------------------------

PROPERNESS = Function(
    "properness",
    points=3,
    reference=properness,
    draw=draw_scores,
    promises={
        "a list of $n$ different distributions": lambda q, s: (
            len(q) > 6 and len(np.unique(q, axis=0)) == len(q)
        ),
        "Each may be the truth": lambda q, s: pairs_that_gain(q, s, TIES, 1) == [(0, len(q) - 1)],
        "each may be forecast": lambda q, s: pairs_that_gain(q, s, TIES, 1) == [(len(q) - 1, 0)],
        "whichever is the truth": lambda q, s: (
            [abs(t - i) > 1 for t, i in pairs_that_gain(q, s, TIES, 1) if t] == [True]
        ),
        "the honest forecast earns more on average than every other one": lambda q, s: (
            not pairs_that_gain(q, s, -TIES, 1)
        ),
        "no other forecast earns more, but one or another earns as much": lambda q, s: (
            len(pairs_that_gain(q, s, -TIES, TIES)) == 1 and not pairs_that_gain(q, s, TIES, 1)
        ),
        "for some truth a dishonest forecast earns more": lambda q, s: (
            pairs_that_gain(q, s, TIES, 1) and pairs_that_gain(q, s, -TIES, TIES)
        ),
        "averages that differ by less than 1e-9": lambda q, s: pairs_that_gain(q, s, 1e-10, TIES),
        "Take averages": lambda q, s: pairs_that_gain(q, s, TIES, 1e-8),
    },
    mistakes=(
        Mistake(
            "compares-truths",
            "You compare truths for one forecast. Hold the truth and let the forecasts compete.",
            compared_along_truths,
        ),
        Mistake(
            "ties-are-wins",
            "You call it strict although another forecast earns as much as the honest one.",
            with_ties_as_wins,
        ),
        Mistake(
            "first-of-the-best",
            "You ask which forecast earns most, and of several that tie you get the first. Ask whether another one "
            "earns as much as the honest one.",
            with_the_first_of_the_best,
        ),
        Mistake(
            "ties-are-losses",
            "A tie is allowed: it makes the score proper, though not strictly.",
            with_ties_refused,
        ),
        Mistake(
            "tie-ends-the-search",
            "You stop at the first pair that ties. A later one may earn more: look at all pairs before you decide.",
            with_the_first_tie_as_verdict,
        ),
        Mistake(
            "any-tie-is-proper",
            "One tie is enough for you to say proper, although elsewhere a dishonest forecast earns more. "
            "Ask that first.",
            with_any_tie_as_proper,
        ),
        Mistake(
            "against-the-mean",
            "You compare the honest forecast with the mean of the others. It has to earn more than each of them.",
            against_the_mean,
        ),
        Mistake(
            "ties-for-every-truth",
            "You ask for a tie under every truth, or with every forecast. One tie is enough to make a score proper, "
            "but not strictly.",
            answers=(with_a_tie_for_every_truth, with_ties_everywhere),
        ),
        Mistake(
            "takes-scores-for-losses",
            "You look for the smallest score. A score pays: more is better.",
            lambda forecasts, scores: properness(forecasts, -np.asarray(scores)),
        ),
        Mistake(
            "one-truth-only",
            "You tried one truth only. Honesty has to be the best policy whatever the truth is.",
            answers=(of_pairs(lambda t, i, n: t == 0), of_pairs(lambda t, i, n: t == n - 1)),
        ),
        Mistake(
            "some-pairs-only",
            "You did not compare all pairs. Under each truth every other forecast competes with the honest one, "
            "before it in the list and after it.",
            answers=(
                of_pairs(lambda t, i, n: i > t),
                of_pairs(lambda t, i, n: i < t),
                of_pairs(lambda t, i, n: abs(t - i) == 1),
                of_pairs(lambda t, i, n: (i - t) % n == 1),
                of_pairs(lambda t, i, n: i == t + 1),
                of_pairs(lambda t, i, n: i == t - 1),
            ),
        ),
        Mistake(
            "competes-with-itself",
            "You count the honest forecast among the others. It always ties with itself.",
            with_itself_among_the_others,
        ),
        Mistake(
            "no-tolerance",
            "Averages that differ by less than 1e-9 are different for you. Compare their difference with 1e-9: `==` is "
            "too strict, also after rounding.",
            answers=tuple(
                of_pairs(lambda t, i, n: True, ties) for ties in (0.0, 1e-16, 1e-15, 1e-14, 1e-12, 1e-10)
            ),
        ),
        Mistake(
            "wide-tolerance",
            "You take averages for equal that differ by more than 1e-9. `np.isclose` allows 1e-5 of the number unless "
            "you set `rtol=0`; rounding joins what lies apart, too.",
            answers=(
                *(in_share(1e-5, atol) for atol in (0.0, 1e-9, 1e-8)),
                *(in_share(0.0, 10.0**-n) for n in range(1, 9)),
            ),
        ),
    ),
)

# --- 8 · label-smoothing -------------------------------------------------------------------------------------------

eps = probability("varepsilon")
SURPRISALS = -Sum(log(q[k]), (k, 1, V))

LABEL_SMOOTHING = Expression(
    "label-smoothing",
    points=2,
    answer=-(1 - eps) * log(q[y]) + eps / V * SURPRISALS,
    symbols=(V, i, j, k, y, eps, q),
    names={"varepsilon": "epsilon"},
    mistakes=(
        Mistake(
            "keeps-the-whole-label",
            "The label still has its full weight, so the target sums to more than 1.",
            -log(q[y]) + eps / V * SURPRISALS,
        ),
        Mistake(
            "everyone-gets-epsilon",
            "Each class gets all of ε. It is shared: each of the V classes gets its part.",
            -(1 - eps) * log(q[y]) + eps * SURPRISALS,
        ),
        Mistake(
            "shares-among-the-others",
            "You shared ε among the other classes. In this definition the label gets a share as well.",
            -(1 - eps) * log(q[y]) + eps / (V - 1) * (SURPRISALS + log(q[y])),
        ),
        Mistake(
            "smooths-the-model",
            "You smoothed the model and then took the logarithm. The target is smoothed: it is what weights "
            "the logarithms.",
            -log((1 - eps) * q[y] + eps / V),
        ),
        Mistake(
            "missing-minus",
            "The minus is missing. Logarithms of probabilities are at most 0; a loss is at least 0.",
            (1 - eps) * log(q[y]) - eps / V * SURPRISALS,
        ),
        Mistake(
            "not-smoothed",
            "This is the loss of the label itself. Nothing in it depends on ε.",
            -log(q[y]),
        ),
    ),
)

# --- 9 · why-not-zero ----------------------------------------------------------------------------------------------

WHY_NOT_ZERO = FreeText(
    "why-not-zero",
    points=2,
    scheme=(
        (1, "Says that the cross-entropy is H(p) + KL(p‖q) and cannot fall below the entropy of the text, which is "
            "above 0 because a context does not determine the next token."),
        (1, "Says what to do with the number: compare with other models on the same text and tokens, or with a "
            "known entropy; or: a training loss near 0 means that the text was learnt by heart."),
    ),
)  # fmt: skip

TASKS = (
    CROSS_ENTROPY_BY_HAND,
    ENTROPY_PLUS_KL,
    ONE_HOT_CROSS_ENTROPY,
    NLL_AS_CROSS_ENTROPY,
    CODE_LENGTHS,
    STRICTLY_PROPER,
    PROPERNESS,
    LABEL_SMOOTHING,
    WHY_NOT_ZERO,
)
