"""Exercise set 01, sequences: the likelihood of a text, its logarithm, and batches of texts.

Losses are in nats. Positions are counted from 1 in formulas and from 0 in code.
"""

from itertools import permutations

import numpy as np
from sympy import Product, Sum, exp, log

from grader.algebra import define, index, positive, positives, probability, reals, size
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
from solutions.sequences import batch_nll, objectives, underflow_length
from solutions.tasks._slips import in_base, quietly, with_epsilons

# --- 1 · total-log-likelihood --------------------------------------------------------------------------------------

TWO_SEQUENCES = (np.array([-1.8, -2.5, -1.2]), np.array([-1.5, -0.9, -1.2]))


def of_both(function) -> np.ndarray:
    return np.array([function(log_probs) for log_probs in TWO_SEQUENCES])


TOTAL_LOG_LIKELIHOOD = Value(
    "total-log-likelihood",
    points=1,
    answer=of_both(np.sum),
    within=(-100, 100),
    rtol=0.0,
    atol=5e-3,
    unit="nats",
    mistakes=(
        Mistake(
            "gives-the-loss",
            "These are the losses. A log-likelihood is the logarithm of a probability, so it is never above 0.",
            of_both(lambda log_probs: -log_probs.sum()),
        ),
        Mistake(
            "multiplies-logs",
            "You multiplied the log-probabilities. Probabilities are multiplied; their logarithms add up.",
            of_both(np.prod),
        ),
        Mistake(
            "mean-for-sum",
            "You took the mean. The log-likelihood of a sequence is the total over its tokens.",
            of_both(np.mean),
        ),
        Mistake(
            "gives-the-likelihood",
            "This is the likelihood, a probability. What is asked is its logarithm, so no exp is needed.",
            of_both(lambda log_probs: np.exp(log_probs.sum())),
        ),
        Mistake(
            "log-of-sum",
            "You added the probabilities. The tokens occur one after the other, so their probabilities multiply.",
            of_both(lambda log_probs: np.log(np.exp(log_probs).sum())),
        ),
        Mistake(
            "swapped-order",
            "You have the two sequences the other way round. The first number belongs to the first sequence.",
            of_both(np.sum)[::-1],
        ),
    ),
)

# --- 2 · sequence-nll ----------------------------------------------------------------------------------------------


def draw_token_probs(rng: np.random.Generator) -> list[Example]:
    """Return the probabilities of a text's tokens, shape (m,)."""

    def text(m: int) -> np.ndarray:
        return rng.uniform(0.05, 0.9, size=m)

    def with_zeros(m: int, zeros: int) -> np.ndarray:
        return rng.permutation([*text(m - zeros), *np.zeros(zeros)])

    # Between 1e-9 and 0.1, so that no product of a hundred is a float, and the whole is too small for a longdouble.
    # Among them forty of 1e-37 in a row: ten of these are too many. All have few digits, since a case is sent around.
    long = np.array([float(f"{p:.3g}") for p in 10.0 ** rng.uniform(-9, -1, size=2500)])
    place = int(rng.integers(2400))
    long[place : place + 40] = 1e-37
    unlikely = text(6)
    unlikely[4] = 1e-9
    return [
        Example("a few tokens", text(5)),
        # Their product is 0 already, and float32 holds each of them.
        Example("a few tokens", np.full(9, 1e-37)),
        # Subnormal: not 0, but with one digit only, which is off by a tenth.
        Example("a few tokens", rng.permutation([*np.full(8, 1e-37), 1.3e-27])),
        Example("a few tokens", np.array([0.5, 0.5])),
        Example("a few tokens", rng.permutation([*text(6), 1.0])),
        Example("one token", rng.uniform(0.1, 0.5, size=1)),
        Example("one token", np.array([1e-6])),
        Example("a long text", long),
        Example("a token with probability 0", with_zeros(6, 1)),
        Example("a token with probability 0", with_zeros(9, 2)),
        Example("a token with probability 0", unlikely),  # so that whoever always returns inf is not right
    ]


def of_the_product(probs):
    return -np.log(np.prod(probs))


def of_the_product_unless(probs, refused):
    """Return the loss through the product, or from logarithms where the probabilities and the product are refused."""
    product = np.prod(probs)
    return information.nll(probs) if refused(probs, product) else -np.log(product)


def of_the_long_product(probs):
    return -np.log(np.prod(probs.astype(np.longdouble)))


SEQUENCE_NLL = Function(
    "sequence-nll",
    points=2,
    reference=information.nll,
    accepts=("float32",),
    draw=draw_token_probs,
    promises={
        "A text may have one token": lambda probs: len(probs) == 1,
        "or thousands": lambda probs: len(probs) > 2000,
        "numbers too small for a float": lambda probs: (
            np.prod(probs.astype(np.longdouble)) == 0 < probs.min()
        ),
        "Beware of numbers too small": lambda probs: len(probs) < 10 and np.prod(probs) == 0 < probs.min(),
        "too small for a float": lambda probs: 0 < np.prod(probs) < 1e-320,
        "If a token had probability 0": lambda probs: 0 in probs,
    },
    mistakes=(
        Mistake(
            "multiplies-first",
            "You multiply the probabilities first. Of a long text, or of unlikely tokens, the product is rounded to 0:"
            " add logarithms instead.",
            answers=(
                of_the_product,
                quietly(of_the_product),
                of_the_long_product,
                quietly(of_the_long_product),
            ),
        ),
        Mistake(
            "multiplies-when-short",
            "You multiply the probabilities of short texts. Nine unlikely tokens are enough for a product that no "
            "float holds: add logarithms whatever the length.",
            answers=tuple(
                quietly(lambda probs, long=long: of_the_product_unless(probs, lambda p, _: len(p) > long))
                for long in (9, 20, 200)
            ),
        ),
        Mistake(
            "multiplies-until-zero",
            "You take the product wherever it is not 0. Shortly before a float is 0 it has lost its digits: add "
            "logarithms always.",
            lambda probs: of_the_product_unless(probs, lambda _, product: product == 0),
        ),
        Mistake(
            "missing-minus",
            "The minus is missing. The logarithm of a probability is at most 0; a loss is at least 0.",
            lambda probs: -information.nll(probs),
        ),
        Mistake(
            "mean-for-sum",
            "You averaged over the tokens. The NLL of a text is the total.",
            lambda probs: information.nll(probs) / np.size(probs),
        ),
        Mistake(
            "base-2",
            "Your logarithm has base 2, so this is in bits. Nats need the natural logarithm.",
            in_base(2, information.nll),
        ),
        Mistake(
            "base-10",
            "Your logarithm has base 10. Nats need the natural logarithm, which NumPy calls `log`.",
            in_base(10, information.nll),
        ),
        Mistake(
            "log-of-sum",
            "You took the logarithm of the sum of the probabilities. Take the logarithm of each one, then add.",
            lambda probs: -np.log(np.sum(probs)),
        ),
        Mistake(
            "adds-epsilon",
            "You made the probabilities a little larger before the logarithm, so an impossible token has a finite "
            "loss, and an unlikely one too small a loss. Leave them as they are.",
            answers=with_epsilons(lambda change, probs: -np.log(change(probs)).sum()),
        ),
        Mistake(
            "leaves-out-zeros",
            "You left out the tokens with probability 0. A text that the model calls impossible has the loss inf.",
            lambda probs: information.nll(np.where(probs > 0, probs, 1.0)),
        ),
        Mistake(
            "hides-infinity",
            "`np.nan_to_num` turns inf into a huge number. Here inf is the right loss: leave it.",
            answers=(
                lambda probs: np.nan_to_num(information.nll(probs)),
                lambda probs: -np.nan_to_num(np.log(probs)).sum(),
            ),
        ),
    ),
)

# --- 3 · sequence-steps --------------------------------------------------------------------------------------------

m = size("m")
i, j, k = (index(name, m) for name in "ijk")
s = reals("s", m)
Z = positives("Z", m)
prob_of = define("p_{%s}", lambda j: exp(s[j]) / Z[j])

SEQUENCE_STEPS = DerivationTask(
    "sequence-steps",
    points=2,
    start=-log(Product(prob_of(j), (j, 1, m))),
    goal=Sum(log(Z[j]) - s[j], (j, 1, m)),
    milestones=(
        Milestone(
            "on-the-way",
            "the definition of p(j) is used, the logarithm of the product has become a sum of logarithms, or the "
            "product has been taken apart",
            forms=(
                Form(
                    holds=("Sum>log>s",),
                    free_of=("Product",),
                    says="the logarithm of the product has become a sum of logarithms",
                ),
                Form(
                    holds=("Product",),
                    apart=(("Product", "s", "Z"),),
                    says="the product of quotients has been taken apart",
                ),
                Form(
                    holds=("Product>inverse>s",),
                    free_of=("Product>Product",),
                    says="the inverse has gone into the product",
                ),
            ),
            opens="p_{%s}",
        ),
    ),
    symbols=(m, i, j, k, s, Z),
    mistakes=(
        Mistake(
            "flipped-sign",
            "All signs are turned round: this is the log-likelihood. Look again at the minus in front.",
            Sum(s[j] - log(Z[j]), (j, 1, m)),
        ),
        Mistake(
            "log-of-sum",
            "You took the logarithm of a sum. The logarithm of a product is the sum of the logarithms.",
            -log(Sum(prob_of(j), (j, 1, m))),
        ),
        Mistake(
            "plus-for-minus",
            "Score and normaliser are added here. The logarithm of a quotient is a difference.",
            Sum(log(Z[j]) + s[j], (j, 1, m)),
        ),
        Mistake(
            "one-normaliser",
            "You have one logarithm for all normalisers together. Each position has its own, and its own logarithm.",
            log(Sum(Z[j], (j, 1, m))) - Sum(s[j], (j, 1, m)),
        ),
        Mistake(
            "forgets-normaliser",
            "Only the scores are left. A score is not a log-probability yet: the normaliser is missing.",
            -Sum(s[j], (j, 1, m)),
        ),
    ),
    form=Form(
        holds=("Sum",),
        free_of=("Product", "exp", "log>s", "Derivative"),
        says="The last line must be a sum over positions: no product is left, and no score stands in a logarithm.",
    ),
)

# --- 4 · one-unlikely-token ----------------------------------------------------------------------------------------

p = probability("p")
c = positive("c")

ONE_UNLIKELY_TOKEN = Expression(
    "one-unlikely-token",
    points=1,
    answer=-m * log(p) + log(c),
    symbols=(m, p, c),
    names={"p": "prob"},
    mistakes=(
        Mistake(
            "cheaper-token",
            "Your loss falls when c grows. A less likely token has a larger loss.",
            -m * log(p) - log(c),
        ),
        Mistake(
            "every-token",
            "You made every token c times less likely. Only one of them is.",
            -m * log(p / c),
        ),
        Mistake(
            "one-token-more",
            "You counted one token too many: m tokens and the unlikely one. It is among the m.",
            -m * log(p) - log(p / c),
        ),
        Mistake(
            "missing-minus",
            "This is the log-likelihood. The NLL is its negative.",
            m * log(p) - log(c),
        ),
        Mistake(
            "mean-for-sum",
            "You divided by the number of tokens. The NLL is the total.",
            -log(p) + log(c) / m,
        ),
        Mistake(
            "factor-for-term",
            "You multiplied the loss of that token by c. A factor in a probability becomes a term in its logarithm.",
            -(m - 1) * log(p) - c * log(p),
        ),
    ),
)

# --- 5 · batch-nll -------------------------------------------------------------------------------------------------


def draw_padded_batches(rng: np.random.Generator) -> list[Example]:
    """Return log-probabilities (B, T) in nats and a mask (B, T) that is True at tokens."""

    def losses(*shape: int) -> np.ndarray:
        return -rng.uniform(0.1, 3.0, size=shape)

    def tokens_first(lengths: list[int], T: int) -> np.ndarray:
        return np.arange(T) < rng.permutation(lengths)[:, None]

    def tokens_last(lengths: list[int], T: int) -> np.ndarray:
        return tokens_first(lengths, T)[:, ::-1].copy()

    def padded_with(values: list[float], mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        padding = rng.permutation(np.resize(values, mask.size)).reshape(mask.shape)
        return np.where(mask, losses(*mask.shape), padding), mask

    both = tokens_first([1, 2, 4, 5], 6)
    both[::2] = both[::2, ::-1]
    impossible, some = losses(4, 5), tokens_first([2, 3, 4, 5], 5)
    impossible[rng.integers(4), 0] = -np.inf
    likely_too = np.where(some, losses(4, 5), -np.inf)
    likely_too[rng.integers(4), 0] = -np.inf
    return [
        Example("no padding", losses(2, 3), np.ones((2, 3), dtype=bool)),
        Example("no padding", losses(3, 3), np.ones((3, 3), dtype=bool)),
        Example("padding at the end", losses(3, 5), tokens_first([2, 4, 5], 5)),
        Example("padding at the end", losses(4, 6), tokens_first([1, 3, 4, 6], 6)),
        Example("padding at the end", np.array([[-1.0, -2.0, -7.0]]), np.array([[True, True, False]])),
        Example("padding in front", losses(2, 4), tokens_last([1, 3], 4)),
        Example("padding in front", losses(4, 6), both),
        Example("anything in the padding", *padded_with([-np.inf], tokens_first([2, 4, 5], 5))),
        Example("anything in the padding", *padded_with([np.nan], tokens_last([2, 4, 5], 5))),
        Example(
            "anything in the padding",
            *padded_with([-np.inf, np.nan, 1e6, 5.0, 0.0], tokens_first([1, 2, 4], 6)),
        ),
        Example("an impossible token", impossible, some),
        Example("an impossible token", likely_too, some),
    ]


def of_whole_rows(log_probs):
    return -np.sum(log_probs, axis=-1)


def through_a_product(log_probs, mask):
    return -(log_probs * mask).sum(axis=-1)


def never_infinite(most: float):
    """Return a loss that charges at most so much for a token."""
    return lambda log_probs, mask: np.where(mask, np.minimum(-np.nan_to_num(log_probs), most), 0.0).sum(
        axis=-1
    )


BATCH_NLL = Function(
    "batch-nll",
    points=2,
    reference=batch_nll,
    accepts=("float32",),
    draw=draw_padded_batches,
    promises={
        "`True` at a token, `False` at padding": lambda log_probs, mask: 0 < mask.mean() < 1,
        "`-np.inf`": lambda log_probs, mask: np.isneginf(log_probs[~mask]).any(),
        "`np.nan`": lambda log_probs, mask: np.isnan(log_probs[~mask]).any(),
        "`log_probs` may hold anything": lambda log_probs, mask: (log_probs[~mask] > 0).any(),
        "Padding may stand at the end": lambda log_probs, mask: not mask.all() and mask[:, 0].all(),
        "or in front": lambda log_probs, mask: not mask.all() and mask[:, -1].all(),
        "in one batch": lambda log_probs, mask: (
            ~mask[:, 0].all() and ~mask[:, -1].all() and mask.any(axis=-1).all()
        ),
        "A token may be impossible": lambda log_probs, mask: np.isneginf(log_probs[mask]).any(),
    },
    mistakes=(
        Mistake(
            "ignores-the-mask",
            "You counted the padding as well. Add up only where the mask is True.",
            lambda log_probs, mask: of_whole_rows(log_probs),
        ),
        Mistake(
            "mask-upside-down",
            "You added up the padding and left the tokens out. The mask is True at tokens.",
            lambda log_probs, mask: batch_nll(log_probs, ~mask),
        ),
        Mistake(
            "zero-times-infinity",
            "You multiply by the mask, and 0 · (−inf) is nan. Choose with the mask instead of multiplying by it.",
            answers=(through_a_product, quietly(through_a_product)),
        ),
        Mistake(
            "mean-over-tokens",
            "You averaged over the tokens of each sequence. The NLL of a sequence is its total.",
            lambda log_probs, mask: batch_nll(log_probs, mask) / mask.sum(axis=-1),
        ),
        Mistake(
            "whole-batch",
            "You added up the whole batch. What is asked is one loss per sequence, of shape (B,).",
            lambda log_probs, mask: batch_nll(log_probs, mask).sum(),
        ),
        Mistake(
            "first-axis",
            "You added up along the wrong axis: over the sequences of the batch. A sequence is a row of the table.",
            lambda log_probs, mask: batch_nll(log_probs.T, mask.T),
        ),
        Mistake(
            "missing-minus",
            "The minus is missing: these are log-likelihoods. Losses are at least 0.",
            lambda log_probs, mask: -batch_nll(log_probs, mask),
        ),
        Mistake(
            "finite-at-any-price",
            "An impossible token got a finite price, or none. If the log-probability of a token is −inf, the loss of "
            "its sequence is inf: only padding is left out.",
            answers=(
                lambda log_probs, mask: batch_nll(log_probs, mask & np.isfinite(log_probs)),
                lambda log_probs, mask: -(np.nan_to_num(log_probs) * mask).sum(axis=-1),
                *(
                    never_infinite(most)
                    for most in (20, 30, 50, 100, 500, 700, 1e3, 1e4, 1e5, 1e6, 1e8, 1e9, 1e10, 1e30)
                ),
            ),
        ),
    ),
)

# --- 6 · changed-conditionals --------------------------------------------------------------------------------------

CHANGED_CONDITIONALS = Choice(
    "changed-conditionals",
    points=1,
    options={
        "a": "only p_3",
        "b": "p_3, p_4 and p_5",
        "c": "p_4 and p_5",
        "d": "all five, p_1 to p_5",
    },
    answer="b",
    mistakes=(
        Mistake(
            "only-its-own",
            "The changed token also stands in the contexts of the tokens after it. Look right of the bar, too.",
            "a",
        ),
        Mistake(
            "only-contexts",
            "The tokens after it have a new context, yes. But the factor that predicts the changed token is "
            "about another token now.",
            "c",
        ),
        Mistake(
            "looks-ahead",
            "A factor is conditioned on the tokens before it only. What comes later can't change it.",
            "d",
        ),
    ),
)

# --- 7 · underflow-length ------------------------------------------------------------------------------------------

PROB = 1 / 50_000

UNDERFLOW_LENGTH = Value(
    "underflow-length",
    points=1,
    answer=underflow_length(PROB),
    within=(1, 1_000_000),
    rtol=0.0,
    atol=1e-6,
    unit="tokens",
    mistakes=(
        Mistake(
            "last-above-zero",
            "After so many tokens the product is still above 0, if only just. Count the factor that makes it 0.",
            underflow_length(PROB) - 1,
        ),
        Mistake(
            "smallest-normal",
            "Below about 2.2e-308 float64 loses digits but is not 0 yet: there are smaller, subnormal numbers.",
            int(np.ceil(np.log(np.finfo(np.float64).tiny) / np.log(PROB))),
        ),
        Mistake(
            "float32",
            "That is where float32 ends. The question is about float64, which Python and NumPy use.",
            underflow_length(PROB, np.float32),
        ),
        Mistake(
            "counts-bits",
            "So many factors of 1/2 make 0. A factor of 1/50,000 is worth more than 15 of them.",
            1075,
        ),
    ),
)

# --- 8 · three-losses ----------------------------------------------------------------------------------------------


def draw_data_sets(rng: np.random.Generator) -> list[Example]:
    """Return datasets: lists of sequences, each a list of the log-probabilities of its tokens, in nats."""

    def sequence(length: int) -> list[float]:
        return [float(-x) for x in rng.uniform(0.1, 3.0, size=length)]

    often = float(-rng.uniform(0.1, 3.0))
    return [
        Example("sequences of one length", [sequence(3), sequence(3)]),
        Example("sequences of one length", [sequence(4), sequence(4), sequence(4)]),
        Example("sequences of different lengths", [sequence(2), sequence(9)]),
        Example("sequences of different lengths", [[-1.0], [-2.0, -3.0]]),
        Example("sequences of different lengths", [sequence(int(n)) for n in rng.permutation([1, 4, 6, 11])]),
        Example("one sequence", [sequence(7)]),
        Example("equal tokens", [[often] * 4, [often, *sequence(2), often], [often] * 4]),
        Example("many sequences", [sequence(int(n)) for n in rng.integers(1, 30, size=40)]),
    ]


def with_sentence_means(log_probs):
    total, _, per_sequence = objectives(log_probs)
    return total, float(np.mean([-np.mean(sequence) for sequence in log_probs])), per_sequence


def over_the_padded_table(log_probs):
    total, _, per_sequence = objectives(log_probs)
    return total, total / (len(log_probs) * max(map(len, log_probs))), per_sequence


def with_equal_tokens_once(log_probs):
    total = -float(sum(sum(set(sequence)) for sequence in log_probs))
    return total, total / sum(map(len, log_probs)), total / len(log_probs)


def in_the_order(*order: int):
    return lambda log_probs: tuple(objectives(log_probs)[n] for n in order)


THREE_LOSSES = Function(
    "three-losses",
    points=2,
    reference=objectives,
    accepts=("float32",),
    draw=draw_data_sets,
    promises={
        "a list of sequences": lambda log_probs: len(log_probs) >= 40,
        "each a list of the log-probabilities of its tokens": lambda log_probs: (
            len(set(map(len, log_probs))) > 1
        ),
        "the number of all tokens": lambda log_probs: any(
            len(set(tokens)) < len(tokens) for tokens in log_probs
        ),
        "the number of sequences": lambda log_probs: len(log_probs) == 1,
    },
    mistakes=(
        Mistake(
            "averages-sequence-means",
            "Your second number averages the means of the sequences, so tokens of short ones count more. "
            "Divide the total by the number of tokens.",
            with_sentence_means,
        ),
        Mistake(
            "counts-padding",
            "Your second number divides by sequences times the longest length. Count the tokens that exist.",
            over_the_padded_table,
        ),
        Mistake(
            "swapped-order",
            "You have per sequence and per token the other way round. A sequence has at least one token, so "
            "its loss is the larger one.",
            lambda log_probs: tuple(objectives(log_probs)[n] for n in (0, 2, 1)),
        ),
        Mistake(
            "other-order",
            "These are the three losses, in another order. The total comes first, then the loss per token.",
            answers=[in_the_order(*order) for order in permutations(range(3)) if order[0] != 0],
        ),
        Mistake(
            "missing-minus",
            "The minus is missing. Log-probabilities are at most 0; losses are at least 0.",
            lambda log_probs: tuple(-x for x in objectives(log_probs)),
        ),
        Mistake(
            "base-2",
            "You divided by log 2, which turns nats into bits. The losses are asked for in nats.",
            lambda log_probs: tuple(x / np.log(2) for x in objectives(log_probs)),
        ),
        Mistake(
            "counts-equal-tokens-once",
            "You added each number once, however often it occurs. Every token counts, also if two have the same "
            "log-probability.",
            with_equal_tokens_once,
        ),
    ),
)

# --- 9 · why-the-log -----------------------------------------------------------------------------------------------

WHY_THE_LOG = FreeText(
    "why-the-log",
    points=2,
    scheme=(
        (1, "Says that the logarithm is increasing, so that the likelihood and its logarithm have their "
            "maximum at the same parameters."),
        (1, "Gives a reason for the sum: a product of many probabilities is rounded to 0 while its "
            "logarithm is an ordinary number, or: the gradient of a sum is the sum of the tokens' gradients."),
    ),
)  # fmt: skip

TASKS = (
    TOTAL_LOG_LIKELIHOOD,
    SEQUENCE_NLL,
    SEQUENCE_STEPS,
    ONE_UNLIKELY_TOKEN,
    BATCH_NLL,
    CHANGED_CONDITIONALS,
    UNDERFLOW_LENGTH,
    THREE_LOSSES,
    WHY_THE_LOG,
)
