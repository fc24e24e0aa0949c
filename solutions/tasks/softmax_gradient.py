"""Exercise set 05, softmax_gradient: from logits to the loss, its gradient and its Hessian.

Classes are counted from 0 in code and from 1 in formulas; losses are in nats.
"""

from functools import partial

import numpy as np
from sympy import Derivative, KroneckerDelta, Sum, exp, log

from grader.algebra import define, index, reals, size
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
from solutions import SolutionsError
from solutions.information import log_softmax, log_sum_exp, nll_from_logits, softmax
from solutions.tasks._slips import in_base, made_at, quietly, with_epsilons

LOGITS = np.array([2.0, 1.0, 3.0])  # of the tasks 1 and 4; no public case of a function may have them
CLASS = 2

COUNTS_FROM_ONE = (
    "You took the class one place too early. Classes are counted from 0 here, as an array is indexed: "
    "class 2 is the third entry."
)
NO_SHIFT = (
    "Your exponentials overflow or vanish: exp(800) is inf and exp(-800) is 0 in float64. Take the "
    "largest logit of each row out first."
)

# --- 1 · loss-of-three-logits ----------------------------------------------------------------------------------------

LOSS_OF_THREE_LOGITS = Value(
    "loss-of-three-logits",
    points=1,
    answer=float(nll_from_logits(LOGITS, CLASS)),
    within=(0, 20),
    rtol=0.0,
    atol=1e-3,
    mistakes=(
        Mistake("counts-from-one", COUNTS_FROM_ONE, float(nll_from_logits(LOGITS, CLASS - 1))),
        Mistake(
            "gives-the-probability",
            "This is the probability of the class. The loss is minus its logarithm.",
            float(softmax(LOGITS)[CLASS]),
        ),
        Mistake(
            "missing-minus",
            "This is the log-likelihood, which is never above 0. A loss is its negative.",
            -float(nll_from_logits(LOGITS, CLASS)),
        ),
        Mistake(
            "base-2",
            "This is in bits: your logarithm has base 2. The question asks for nats.",
            float(nll_from_logits(LOGITS, CLASS) / np.log(2)),
        ),
        Mistake(
            "base-10",
            "Your logarithm has base 10. Nats need the natural logarithm, which NumPy calls `log`.",
            float(nll_from_logits(LOGITS, CLASS) / np.log(10)),
        ),
        Mistake(
            "gives-the-perplexity",
            "This is the inverse of the probability, a perplexity. The loss is its logarithm.",
            float(1 / softmax(LOGITS)[CLASS]),
        ),
        Mistake(
            "forgets-the-logit",
            "This is the log-sum-exp alone. The logit of the class that occurred still has to be subtracted.",
            float(log_sum_exp(LOGITS)),
        ),
    ),
)

# --- temperatures, of the tasks 2, 3 and 7 ---------------------------------------------------------------------------


def with_temperatures(rng: np.random.Generator, examples: list[Example]) -> list[Example]:
    """Return examples of z / T as examples of z, with T as their last argument; drawn, where they have none.

    None is 1, for then a library's function alone would be the answer. All are powers of 2, by which float32 divides
    exactly, too.
    """
    found = []
    for example in examples:
        scaled, *rest = example.args
        if not (rest and isinstance(rest[-1], float)):
            rest.append(float(rng.choice([0.5, 2.0, 4.0])))
        found.append(Example(example.label, scaled * rest[-1], *rest))
    return found


def at_temperature(function):
    """Return a function of logits (and targets) as one of these and a temperature, which divides the logits."""

    def scaled(logits, *rest):
        *targets, temperature = rest
        return function(logits / temperature, *targets)

    return scaled


def over_temperature(gradient):
    """Return a gradient of the loss by z / T as one by z."""

    def chained(logits, targets, temperature):
        return gradient(logits / temperature, targets) / temperature

    return chained


def of_scaled(promises):
    """Return promises about z / T as promises about the arguments."""
    return {words: at_temperature(holds) for words, holds in promises.items()}


def forgets_the_temperature(function):
    return Mistake(
        "forgets-the-temperature",
        "The temperature makes no difference to your result. Divide the logits by it first.",
        lambda *args: function(*args[:-1]),
    )


def multiplies_by_the_temperature(function):
    return Mistake(
        "multiplies-by-the-temperature",
        "You multiplied the logits by the temperature. It divides them: the higher it is, the more alike they are.",
        lambda logits, *rest: function(logits * rest[-1], *rest[:-1]),
    )


# --- 2 · log-sum-exp -------------------------------------------------------------------------------------------------


def draw_logits(rng: np.random.Generator) -> list[Example]:
    """Return logits of shape (..., V), ordinary, in batches, far from 0, and masked, and a temperature."""

    def masked(*shape: int, around: float = 0.0) -> np.ndarray:
        """Return logits some of which are masked, but not all of a row; the first of the first row is."""
        logits = in_single_precision(around + rng.normal(size=shape))
        hidden = rng.random(shape) < 0.4
        hidden[..., 0], hidden[..., 1] = True, False
        return np.where(hidden, -np.inf, logits)

    with_empty_row = masked(3, 4)
    with_empty_row[rng.integers(3)] = -np.inf
    with_empty_rows = rng.normal(size=(2, 2, 3))
    with_empty_rows[0, 1] = with_empty_rows[1, 0] = -np.inf
    far_apart = np.array([[-1e4, 1e4, 0.0], [-1e4, -1e4, -1e4], [0.0, 800.0, -800.0]])
    examples = [
        Example("a few logits", np.array([0.0, 1.0]), 2.0),
        Example("a few logits", 2 * rng.normal(size=5)),
        Example("a few logits", np.array([2.5, 1.0, 3.0]) + rng.normal()),
        Example("a few logits", rng.normal(size=1)),
        Example("a batch", rng.normal(size=(3, 4))),
        Example("a batch", rng.normal(size=(3, 3))),
        Example("a batch", rng.normal(size=(2, 3, 3))),
        Example("large logits", in_single_precision(1e4 + rng.normal(size=4))),
        Example("large logits", in_single_precision(1e4 + rng.normal(size=(2, 3)))),
        Example("very negative logits", in_single_precision(-1e4 + rng.normal(size=4))),
        Example("very negative logits", in_single_precision(-1e4 + rng.normal(size=(2, 3)))),
        Example("rows that lie far apart", in_single_precision(far_apart + rng.normal(size=(3, 3)))),
        Example(
            "rows that lie far apart",
            in_single_precision(rng.permutation(far_apart) + rng.normal(size=(3, 3))),
        ),
        Example("masked classes", masked(5)),
        Example("masked classes", masked(3, 5)),
        Example("masked classes", masked(2, 4, around=-1e4)),
        Example("masked classes", masked(2, 2, 4, around=1e4)),
        Example("a row with every class masked", with_empty_row),
        Example("a row with every class masked", with_empty_rows),
        Example("a row with every class masked", np.full(3, -np.inf)),
    ]
    return with_temperatures(rng, examples)


def in_single_precision(logits: np.ndarray) -> np.ndarray:
    """Return the logits as float32 holds them, so that who computes in float32 starts from the same numbers."""
    return logits.astype(np.float32).astype(np.float64)


def lse_without_shift(logits):
    return np.log(np.exp(logits).sum(axis=-1))


def lse_without_the_way_back(logits):
    top = np.max(logits, axis=-1)
    return log_sum_exp(logits) - np.where(np.isneginf(top), 0.0, top)


def lse_shifted_by_the_batch_maximum(logits):
    top = np.max(logits)
    return np.log(np.exp(logits - top).sum(axis=-1)) + top


def lse_shifted_by_minus_infinity(logits):
    top = np.max(logits, axis=-1, keepdims=True)
    return np.log(np.exp(logits - top).sum(axis=-1)) + top[..., 0]


def with_and_without_empty_rows(slip):
    """Return a slip in a log-sum-exp twice: right where every class is masked, and with NaN there as well."""
    return slip(log_sum_exp), slip(lse_shifted_by_minus_infinity)


def kept_within(most: float):
    """Return the log-sum-exp of logits that are cut off at ±most."""
    return lambda logits: np.log(np.exp(np.clip(logits, -most, most)).sum(axis=-1))


def with_finite_masks(mask: float):
    return lambda logits: log_sum_exp(np.where(np.isneginf(logits), mask, logits))


def in_a_batch(logits):
    return logits.ndim > 1 and not np.isneginf(logits).any()


LOG_SUM_EXP = Function(
    "log-sum-exp",
    points=2,
    reference=at_temperature(log_sum_exp),
    draw=draw_logits,
    promises=of_scaled(
        {
            "over the **last axis**": lambda logits: logits.ndim == 2 and logits.shape[0] == logits.shape[1],
            "(V,) one number": lambda logits: logits.ndim == 1,
            "(A, B, V)": lambda logits: logits.ndim == 3,
            "as large as 10,000": lambda logits: logits.max() > 9_990,
            "as small as −10,000": lambda logits: logits.max() < -9_990 and np.isfinite(logits).all(),
            "rows of a batch may lie far apart": lambda logits: (
                in_a_batch(logits) and np.ptp(logits.max(axis=-1)) > 1e4
            ),
            "it adds nothing to the sum": lambda logits: (
                np.isneginf(logits).any() and -1.1e4 < logits.max() < -9e3
            ),
            "nothing but masked classes": lambda logits: 0 < np.isneginf(logits).all(axis=-1).mean() < 1,
        }
    )
    | {
        "one number for all rows, above": lambda logits, temperature: logits.ndim > 1 and temperature > 1,
        "or below 1": lambda logits, temperature: logits.ndim > 1 and temperature < 1,
        "`log_sum_exp(np.array([0.0, 2.0]), 2.0)`": lambda logits, temperature: (
            logits.tolist() == [0.0, 2.0] and temperature == 2
        ),
    },
    mistakes=made_at(
        at_temperature,
        Mistake("no-max-shift", NO_SHIFT, answers=(lse_without_shift, quietly(lse_without_shift))),
        Mistake(
            "maximum-not-added-back",
            "You took the maximum out and did not add it back. Try one class only: LSE of a single logit"
            " is that logit.",
            lse_without_the_way_back,
        ),
        Mistake(
            "batch-maximum",
            "You shift every row by the maximum of the whole batch. A row far below it then sums to 0: "
            "shift each row by its own maximum.",
            answers=(lse_shifted_by_the_batch_maximum, quietly(lse_shifted_by_the_batch_maximum)),
        ),
        Mistake(
            "whole-batch",
            "You sum over the whole batch. Each row is a distribution of its own: sum over the last axis"
            " only.",
            answers=with_and_without_empty_rows(lambda lse: lambda logits: lse(np.ravel(logits))),
        ),
        Mistake(
            "first-axis",
            "You sum over the first axis, down the batch. The classes are on the last axis.",
            answers=with_and_without_empty_rows(lambda lse: lambda logits: lse(np.moveaxis(logits, 0, -1))),
        ),
        Mistake(
            "minus-infinity-shift",
            "Where every class of a row is masked, you compute -inf - (-inf), which is nan. Shift such a"
            " row by 0.",
            answers=(lse_shifted_by_minus_infinity, quietly(lse_shifted_by_minus_infinity)),
        ),
        Mistake(
            "base-2",
            "Your logarithm has base 2, so this is in bits. Losses are in nats here: take the natural "
            "logarithm.",
            answers=with_and_without_empty_rows(partial(in_base, 2)),
        ),
        Mistake(
            "base-10",
            "Your logarithm has base 10. Nats need the natural logarithm, which NumPy calls `log`.",
            answers=with_and_without_empty_rows(partial(in_base, 10)),
        ),
        Mistake(
            "mean-for-sum",
            "You took the mean of the exponentials. What is asked is the logarithm of their sum.",
            answers=with_and_without_empty_rows(
                lambda lse: lambda logits: lse(logits) - np.log(np.shape(logits)[-1])
            ),
        ),
        Mistake(
            "gives-the-maximum",
            "This is the largest logit of each row. The log-sum-exp is near it, but above: the others count as well.",
            lambda logits: np.max(logits, axis=-1),
        ),
        Mistake(
            "keeps-the-axis",
            "Your result still has the last axis, with one entry. (V,) gives one number, and (B, V) gives (B,).",
            answers=with_and_without_empty_rows(lambda lse: lambda logits: lse(logits)[..., None]),
        ),
        Mistake(
            "cuts-off",
            "You cut large and small logits off. Take the largest of each row out instead, and nothing overflows.",
            answers=tuple(map(kept_within, (10.0, 20.0, 50.0, 88.0, 100.0, 500.0, 700.0, 709.0))),
        ),
        Mistake(
            "finite-masks",
            "You put a finite number in place of −inf. A masked class then adds to the sum, or a row of masked classes "
            "gets a finite result.",
            answers=tuple(
                map(with_finite_masks, (0.0, -1e2, -1e3, -1e4, -1e5, -1e6, -1e9, -1e10, -1e20, -1e30))
            ),
        ),
    )
    + (forgets_the_temperature(log_sum_exp), multiplies_by_the_temperature(log_sum_exp)),
    accepts=("float32",),
    forbidden=("logsumexp", "log_softmax"),
)

# --- 3 · nll-from-logits ---------------------------------------------------------------------------------------------


def draw_logits_and_targets(rng: np.random.Generator) -> list[Example]:
    """Return logits of shape (..., V), unmasked targets of shape (...), and a temperature."""
    far_apart = np.array([[1e4, 0.0, -1e4], [0.0, -800.0, 1.0], [-1e4, -9e3, -1e4]])
    masked = rng.normal(size=(4, 5))
    masked[:, 1] = masked[2, 3] = masked[3, 0] = -np.inf
    masked_below = in_single_precision(-1e4 + rng.normal(size=(2, 3)))
    masked_below[0, 2] = masked_below[1, 0] = -np.inf
    ends = rng.permutation([1e4, *rng.normal(size=3), -1e4])
    cold = 2.0**-10
    examples = [
        Example("one row", np.array([0.0, 1.0]), 1, 2.0),
        Example("one row", np.array([0.0, 0.0]), 1, 2.0),
        Example("one row", 2 * rng.normal(size=4), int(rng.integers(1, 4))),
        Example("one row", 2 * rng.normal(size=4), 0),
        Example("one row", np.array([2.5, 1.0, 3.0]), 2),
        Example("a batch", rng.normal(size=(4, 3)), rng.permutation([0, 1, 2, 1])),
        Example("a batch", rng.normal(size=(3, 3)), rng.permutation([0, 1, 1])),
        Example(
            "a batch with two axes",
            rng.normal(size=(2, 3, 4)),
            rng.permutation([0, 1, 2, 3, 1, 2]).reshape(2, 3),
        ),
        Example("a batch with two axes", rng.normal(size=(2, 2, 2)), np.array([[0, 1], [1, 1]])),
        Example("a low temperature", rng.normal(size=4), int(rng.integers(1, 4)), cold),
        Example("a low temperature", rng.normal(size=(3, 4)), rng.permutation([0, 1, 3]), cold),
        Example("large logits", in_single_precision(1e4 + rng.normal(size=(2, 3))), np.array([1, 2])),
        Example(
            "very negative logits", in_single_precision(-1e4 + rng.normal(size=(2, 3))), np.array([0, 2])
        ),
        Example(
            "logits far apart", in_single_precision(far_apart + rng.normal(size=(3, 3))), np.array([1, 1, 0])
        ),
        Example("logits far apart", in_single_precision(ends), int(np.argmin(ends))),
        Example("masked classes", masked, rng.choice([2, 4], size=4)),
        Example("masked classes", masked_below, np.array([1, 2])),
        Example("masked classes", np.array([-np.inf, *rng.normal(size=3)]), int(rng.integers(1, 4))),
    ]
    return with_temperatures(rng, examples)


def loss_without_shift(logits, targets):
    y_hat = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    return -np.log(pick(y_hat, targets))


def loss_by_log_of_softmax(logits, targets):
    return -np.log(pick(softmax(logits), targets))


def loss_by_log_of_long_softmax(logits, targets):
    powers = np.exp(np.asarray(logits, np.longdouble) - np.max(logits, axis=-1, keepdims=True))
    return -np.log(pick(powers / powers.sum(axis=-1, keepdims=True), targets)).astype(np.float64)


def pick(values, targets):
    """Return the entry of each row at its target."""
    return np.take_along_axis(np.asarray(values), np.asarray(targets)[..., None], axis=-1)[..., 0]


def loss_shifted_by_the_batch_maximum(logits, targets):
    return lse_shifted_by_the_batch_maximum(logits) - pick(logits, targets)


def loss_with_changed(change, logits, targets):
    return -np.log(change(pick(softmax(logits), targets)))


def down_the_batch(logits):
    """Return the softmax over the first axis."""
    turned = np.moveaxis(np.asarray(logits), 0, -1)
    powers = np.exp(turned - turned.max(axis=-1, keepdims=True))
    return np.moveaxis(powers / powers.sum(axis=-1, keepdims=True), -1, 0)


def loss_by_one_hot(logits, targets):
    return log_sum_exp(logits) - (one_hot(logits, targets) * np.asarray(logits)).sum(axis=-1)


def of_the_ends(logits, targets):
    """Whether one row goes from −10,000 to 10,000, and the class that occurred is at the lower end."""
    return np.ndim(logits) == 1 and np.ptp(logits[np.isfinite(logits)]) > 19_990 and logits[targets] < -9_990


NLL_FROM_LOGITS = Function(
    "nll-from-logits",
    points=2,
    reference=at_temperature(nll_from_logits),
    draw=draw_logits_and_targets,
    promises=of_scaled(
        {
            "`logits` has shape `(..., V)`": lambda logits, targets: np.ndim(logits) == 3,
            "`targets` has shape `(...)`": lambda logits, targets: np.ndim(targets) == 0,
            "counted from 0": lambda logits, targets: np.size(targets) == 1 and targets == 0,
            "One loss per row": lambda logits, targets: np.shape(logits) == (3, 3),
            "from −10,000 to 10,000": of_the_ends,
            "a logit of `-np.inf`": lambda logits, targets: np.isneginf(logits).any(),
            "a probability of $e^{-800}$": lambda logits, targets: (
                nll_from_logits(logits, targets) > 790
            ).any(),
        }
    )
    | {
        "The temperature $T$ divides the logits": lambda logits, targets, temperature: temperature != 1,
        "`nll_from_logits(np.array([0.0, 2.0]), 1, 2.0)`": lambda logits, targets, temperature: (
            logits.tolist() == [0, 2] and temperature == 2
        ),
    },
    mistakes=made_at(
        at_temperature,
        Mistake("no-max-shift", NO_SHIFT, answers=(loss_without_shift, quietly(loss_without_shift))),
        Mistake(
            "log-of-softmax",
            "You take the logarithm of a probability that has been rounded to 0. Subtract in log space "
            "instead: the difference of a logit and a log-sum-exp is an ordinary number.",
            answers=(loss_by_log_of_softmax, quietly(loss_by_log_of_softmax), loss_by_log_of_long_softmax),
        ),
        Mistake(
            "adds-epsilon",
            "You made the probabilities a little larger before the logarithm, so that a large loss is cut off. "
            "Subtract in log space instead: logit and log-sum-exp are ordinary numbers.",
            answers=with_epsilons(loss_with_changed),
        ),
        Mistake(
            "missing-minus",
            "This is the log-likelihood, which is never above 0. A loss is its negative.",
            lambda logits, targets: -nll_from_logits(logits, targets),
        ),
        Mistake(
            "mean-over-the-batch",
            "You averaged over the batch. What is asked is one loss per row, in the shape of `targets`.",
            lambda logits, targets: nll_from_logits(logits, targets).mean(),
        ),
        Mistake(
            "counts-from-one",
            COUNTS_FROM_ONE,
            lambda logits, targets: -pick(log_softmax(logits), np.asarray(targets) - 1),
        ),
        Mistake(
            "second-softmax",
            "You applied the softmax twice. What comes in are logits; the loss of the probabilities as "
            "if they were logits can never come near 0.",
            lambda logits, targets: nll_from_logits(softmax(logits), targets),
        ),
        Mistake(
            "base-2",
            "Your logarithm has base 2, so this is in bits. Losses are in nats here: take the natural "
            "logarithm.",
            in_base(2, nll_from_logits),
        ),
        Mistake(
            "base-10",
            "Your logarithm has base 10. Nats need the natural logarithm, which NumPy calls `log`.",
            in_base(10, nll_from_logits),
        ),
        Mistake(
            "sum-over-the-batch",
            "You added up the batch. What is asked is one loss per row, in the shape of `targets`.",
            lambda logits, targets: nll_from_logits(logits, targets).sum(),
        ),
        Mistake(
            "batch-maximum",
            "You shift every row by the maximum of the whole batch. A row far below it then sums to 0: "
            "shift each row by its own maximum.",
            answers=(loss_shifted_by_the_batch_maximum, quietly(loss_shifted_by_the_batch_maximum)),
        ),
        Mistake(
            "first-axis",
            "Your softmax runs down the batch. Each row must sum to 1 by itself: normalise over the last axis.",
            lambda logits, targets: -np.log(pick(down_the_batch(logits), targets)),
        ),
        Mistake(
            "zero-times-infinity",
            "You multiply the logits by the target, and for a masked class 0 · (−inf) is nan. Pick the target's entry "
            "instead.",
            answers=(loss_by_one_hot, quietly(loss_by_one_hot)),
        ),
        Mistake(
            "margin",
            "This is the distance to the largest logit. All classes are in the sum of the softmax: subtract from the "
            "log-sum-exp, not from the maximum.",
            lambda logits, targets: np.max(logits, axis=-1) - pick(logits, targets),
        ),
        Mistake(
            "forgets-the-logit",
            "This is the log-sum-exp of each row. The logit of the class that occurred still has to be subtracted.",
            lambda logits, targets: log_sum_exp(logits),
        ),
        Mistake(
            "gives-the-probability",
            "This is the probability of the class. The loss is minus its logarithm.",
            lambda logits, targets: pick(softmax(logits), targets),
        ),
        Mistake(
            "keeps-the-axis",
            "Your result has one axis too many, with one entry. It should have the shape of `targets`.",
            lambda logits, targets: nll_from_logits(logits, targets)[..., None],
        ),
    )
    + (forgets_the_temperature(nll_from_logits), multiplies_by_the_temperature(nll_from_logits)),
    accepts=("float32",),
    forbidden=("logsumexp", "log_softmax", "cross_entropy"),
)

# --- 4 · gradient-of-three-logits ------------------------------------------------------------------------------------

ONE_HOT = np.eye(3)

GRADIENT_OF_THREE_LOGITS = Value(
    "gradient-of-three-logits",
    points=1,
    answer=softmax(LOGITS) - ONE_HOT[CLASS],
    within=(-10, 10),
    rtol=0.0,
    atol=1e-3,
    unit="nats per unit of logit",
    mistakes=(
        Mistake(
            "forgets-one-hot",
            "This is the prediction alone. The target is still missing: the entries of the gradient sum "
            "to 0, yours to 1.",
            softmax(LOGITS),
        ),
        Mistake(
            "flipped-sign",
            "This is target minus prediction. The entry of the class that occurred must be negative, so "
            "that descent raises its logit.",
            ONE_HOT[CLASS] - softmax(LOGITS),
        ),
        Mistake("counts-from-one", COUNTS_FROM_ONE, softmax(LOGITS) - ONE_HOT[CLASS - 1]),
        Mistake(
            "logits-for-probabilities",
            "You subtracted the target from the logits. Prediction means probabilities: take the softmax"
            " first.",
            LOGITS - ONE_HOT[CLASS],
        ),
        Mistake(
            "target-only",
            "Only the class that occurred has a derivative here. All logits are in the sum of the softmax, so the loss "
            "depends on each.",
            ONE_HOT[CLASS] * (softmax(LOGITS) - 1),
        ),
        Mistake(
            "by-the-probability",
            "This is the derivative by the probability of the class. What is asked are those by the logits.",
            -ONE_HOT[CLASS] / softmax(LOGITS),
        ),
        Mistake(
            "sigmoid-for-softmax",
            "ŷ (1 − ŷ) is the derivative of one probability by its own logit, or of a sigmoid. Here the loss is "
            "differentiated, by all three.",
            softmax(LOGITS) * (1 - softmax(LOGITS)),
        ),
        Mistake(
            "swapped-order",
            "You have the three numbers in the reverse order. The first belongs to class 0.",
            (softmax(LOGITS) - ONE_HOT[CLASS])[::-1],
        ),
    ),
)


# --- 5 · nll-gradient-steps ------------------------------------------------------------------------------------------

V = size("V")
i, j, k, y = (index(name, V) for name in "ijky")
z = reals("z", V)
y_hat = define(r"\hat y_{%s}", lambda j: exp(z[j]) / Sum(exp(z[k]), (k, 1, V)))
SYMBOLS = (V, i, j, k, y, z)

NLL_GRADIENT_STEPS = DerivationTask(
    "nll-gradient-steps",
    points=3,
    start=Derivative(-log(y_hat(y)), z[j]),
    goal=y_hat(j) - KroneckerDelta(j, y),
    milestones=(
        Milestone(
            "logarithm-apart",
            "the logarithm of the quotient is taken apart, or the chain rule is used, and the result is not there yet",
            forms=(
                Form(
                    holds=("Derivative",),
                    # y, or the letter of a sum in its place
                    free_of=("Derivative>log>y", "Derivative>log>inverse"),
                    says="no logarithm of a quotient is left under the derivative",
                ),
                Form(
                    holds=("Sum>KroneckerDelta",),
                    product=("=KroneckerDelta", "exp"),  # a sum of deltas alone is a factor 1
                    free_of=("Derivative",),
                    apart=(("Sum", "KroneckerDelta>y", "KroneckerDelta>j"),),  # the answer, picked by a delta
                    says="the sum is differentiated term by term",
                    written=True,
                ),
                Form(
                    holds=("Sum>KroneckerDelta>y", "Sum>KroneckerDelta>j", "Sum>exp>j"),
                    product=("=KroneckerDelta", "exp>j"),
                    free_of=("Derivative",),
                    says="the chain rule is used, with the derivative of the softmax",
                    written=True,
                ),
                Form(
                    holds=("Sum>Piecewise>exp",),
                    free_of=("Derivative",),
                    says="the sum is differentiated term by term",
                    written=True,
                ),
                # the Jacobian of the softmax, where SymPy cancels the probability of y at once
                Form(
                    product=("exp>y", "KroneckerDelta"),
                    free_of=("Derivative",),
                    says="the chain rule is used, with the derivative of the softmax",
                    written=True,
                ),
            ),
        ),
    ),
    symbols=SYMBOLS,
    mistakes=(
        Mistake(
            "forgets-one-hot",
            "The term with the observed logit is gone. Its derivative is 1 if j is the observed class "
            "and 0 otherwise.",
            y_hat(j),
        ),
        Mistake(
            "flipped-sign",
            "All signs of this line are turned round. Look again at the minus in front of the logarithm.",
            KroneckerDelta(j, y) - y_hat(j),
        ),
        Mistake(
            "plus-for-minus",
            "Prediction and target are added here. The logarithm of a quotient is a difference.",
            y_hat(j) + KroneckerDelta(j, y),
        ),
        Mistake(
            "no-chain-rule",
            "The derivative of log u is u'/u: you have 1/u and left out the inner derivative.",
            1 / Sum(exp(z[k]), (k, 1, V)) - KroneckerDelta(j, y),
        ),
        Mistake(
            "swapped-index",
            "You have the probability of the observed class where that of class j belongs. You "
            "differentiate by z_j.",
            y_hat(y) - KroneckerDelta(j, y),
        ),
    ),
)

# --- 6 · hessian-entry -----------------------------------------------------------------------------------------------

HESSIAN_ENTRY = Expression(
    "hessian-entry",
    points=2,
    answer=y_hat(j) * (KroneckerDelta(i, j) - y_hat(i)),
    symbols=SYMBOLS,
    mistakes=(
        Mistake(
            "off-diagonal-only",
            "This is right for i ≠ j only. A probability also rises with its own logit: check i = j, "
            "which must not be negative.",
            -y_hat(i) * y_hat(j),
        ),
        Mistake(
            "diagonal-only",
            "This is 0 for i ≠ j. Yet every probability depends on every logit, through the sum in the "
            "denominator.",
            KroneckerDelta(i, j) * y_hat(j),
        ),
        Mistake(
            "flipped-sign",
            "The sign is turned round: on the diagonal this is negative, and the loss would not be convex.",
            y_hat(j) * (y_hat(i) - KroneckerDelta(i, j)),
        ),
        Mistake(
            "target-in-the-hessian",
            "You still have the observed class y in it. The target does not depend on the logits, so it "
            "drops out.",
            y_hat(j) * (KroneckerDelta(y, j) - y_hat(i)),
        ),
        Mistake(
            "always-the-diagonal",
            "This is right for i = j only. For two different classes there is no 1: use a Kronecker delta.",
            y_hat(j) * (1 - y_hat(i)),
        ),
    ),
)

# --- 7 · nll-gradient ------------------------------------------------------------------------------------------------


def gradient_by_autograd(logits, targets, temperature):
    """Return the gradient of each row's NLL as Torch's autograd finds it, which knows nothing of the formula."""
    try:
        import torch  # here, because every other task does without Torch
    except ImportError as error:
        raise SolutionsError(
            "the task nll-gradient is marked against Torch's autograd, and Torch is not installed here; "
            "install it as in requirements.txt, or with the extra [lm]"
        ) from error
    from solutions import torch_information

    z = torch.tensor(logits, requires_grad=True)
    losses = torch_information.nll_from_logits(z / temperature, torch.as_tensor(targets))
    return torch.autograd.grad(losses.sum(), z)[0].numpy()


def one_hot(logits, targets):
    return np.arange(np.shape(logits)[-1]) == np.asarray(targets)[..., None]


def gradient_without_shift(logits, targets):
    powers = np.exp(logits)
    return powers / powers.sum(axis=-1, keepdims=True) - one_hot(logits, targets)


def gradient_of_the_mean(logits, targets):
    return (softmax(logits) - one_hot(logits, targets)) / max(np.size(targets), 1)


def gradient_down_the_batch(logits, targets):
    return down_the_batch(logits) - one_hot(logits, targets)


def gradient_shifted_by_the_batch_maximum(logits, targets):
    return gradient_without_shift(logits - np.max(logits), targets)


def gradient_by_probability(logits, targets):
    return -1.0 * one_hot(logits, targets) / softmax(logits)


NLL_GRADIENT = Function(
    "nll-gradient",
    points=2,
    reference=gradient_by_autograd,
    draw=draw_logits_and_targets,
    promises=of_scaled(
        {
            "shapes `(..., V)` and `(...)` give `(..., V)`": lambda logits, targets: np.ndim(logits) == 3,
            "Each row has a loss of its own": lambda logits, targets: np.shape(logits) == (3, 3),
            "The inputs are as in task 3": of_the_ends,
            "as in task 3": lambda logits, targets: np.isneginf(logits).any(),
            "counted from 0 again": lambda logits, targets: np.size(targets) == 1 and targets == 0,
        }
    )
    | {
        "as low as $2^{-10}$": lambda logits, targets, temperature: temperature == 2**-10,
        "`nll_gradient(np.array([0.0, 0.0]), 1, 2.0)`": lambda logits, targets, temperature: (
            logits.tolist() == [0, 0] and temperature == 2
        ),
    },
    mistakes=made_at(
        over_temperature,
        Mistake(
            "forgets-one-hot",
            "This is the prediction alone. Subtract 1 at the target: each row of the gradient sums to 0.",
            lambda logits, targets: softmax(logits),
        ),
        Mistake(
            "one-everywhere",
            "You subtracted 1 from every entry. The target is 1 at the class that occurred and 0 elsewhere, so each "
            "row of the gradient sums to 0.",
            lambda logits, targets: softmax(logits) - 1,
        ),
        Mistake(
            "flipped-sign",
            "This is target minus prediction, the gradient of the log-likelihood. Descent along it would"
            " raise the loss.",
            lambda logits, targets: one_hot(logits, targets) - softmax(logits),
        ),
        Mistake("no-max-shift", NO_SHIFT, answers=(gradient_without_shift, quietly(gradient_without_shift))),
        Mistake(
            "divides-by-the-batch",
            "You divided by the number of rows: that is the gradient of the mean loss. Here each row has"
            " its own loss.",
            gradient_of_the_mean,
        ),
        Mistake(
            "first-axis",
            "Your softmax runs down the batch. Each row must sum to 1 by itself: normalise over the last"
            " axis.",
            gradient_down_the_batch,
        ),
        Mistake(
            "counts-from-one",
            COUNTS_FROM_ONE,
            answers=(
                lambda logits, targets: softmax(logits) - one_hot(logits, np.asarray(targets) - 1),
                lambda logits, targets: (
                    softmax(logits) - one_hot(logits, (targets - 1) % np.shape(logits)[-1])
                ),
            ),
        ),
        Mistake(
            "batch-maximum",
            "You shift every row by the maximum of the whole batch. A row far below it then sums to 0: "
            "shift each row by its own maximum.",
            answers=(gradient_shifted_by_the_batch_maximum, quietly(gradient_shifted_by_the_batch_maximum)),
        ),
        Mistake(
            "target-only",
            "Only the class that occurred has a derivative here. All logits are in the sum of the softmax, so the loss "
            "depends on each.",
            lambda logits, targets: one_hot(logits, targets) * (softmax(logits) - 1),
        ),
        Mistake(
            "sigmoid-for-softmax",
            "ŷ (1 − ŷ) is the derivative of one probability by its own logit, or of a sigmoid. Here the loss is "
            "differentiated, by every logit.",
            lambda logits, targets: softmax(logits) * (1 - softmax(logits)),
        ),
    )
    + made_at(
        at_temperature,
        Mistake(
            "by-the-probability",
            "This is the derivative by the probability of the class. What is asked are those by the logits.",
            gradient_by_probability,
        ),
        Mistake(
            "logits-for-probabilities",
            "You subtracted the target from the logits. Prediction means probabilities: take the softmax first.",
            lambda logits, targets: logits - one_hot(logits, targets),
        ),
        Mistake(
            "forgets-the-inner-derivative",
            "This is the gradient by z / T. By the chain rule a factor comes in when you differentiate by z.",
            lambda logits, targets: softmax(logits) - one_hot(logits, targets),
        ),
    )
    + (
        forgets_the_temperature(lambda logits, targets: softmax(logits) - one_hot(logits, targets)),
        multiplies_by_the_temperature(lambda logits, targets: softmax(logits) - one_hot(logits, targets)),
        Mistake(
            "multiplies-by-the-inner-derivative",
            "You multiplied by the temperature at the end. The derivative of z / T by z is no T: which way does a "
            "low temperature change the slope?",
            lambda logits, targets, temperature: (
                temperature * (softmax(logits / temperature) - one_hot(logits, targets))
            ),
        ),
    ),
    # What tells the formula from differences of losses: where T is 2**-10, entries are as large as 1,000, and the best
    # step of a central difference is off by some 1e-8. What float64 rounds, at logits of 10,000, is about 1e-11.
    atol=1e-10,
    forbidden=("autograd",),
)

# --- 8 · temperature-limit -------------------------------------------------------------------------------------------

TEMPERATURE_LIMIT = Choice(
    "temperature-limit",
    points=1,
    options={
        "a": "(0, 0, 1, 0): the first of the largest logits takes everything",
        "b": "(0, 0, 1/2, 1/2): the largest logits share everything",
        "c": "(1/4, 1/4, 1/4, 1/4): every class gets the same",
        "d": "(0.15, 0.05, 0.40, 0.40): as at T = 1, since dividing all logits changes no probability",
    },
    answer="b",
    mistakes=(
        Mistake(
            "breaks-the-tie",
            "The softmax treats equal logits alike at every temperature, so it can't prefer one of two: "
            "arg max does that.",
            "a",
        ),
        Mistake("hot-limit", "That is the other end, T → ∞, where all differences of z/T vanish.", "c"),
        Mistake(
            "shift-for-scale",
            "Adding a constant to all logits changes nothing; dividing them scales their differences, "
            "and these count.",
            "d",
        ),
    ),
)

# --- 9 · error-signal ------------------------------------------------------------------------------------------------

ERROR_SIGNAL = FreeText(
    "error-signal",
    points=2,
    scheme=(
        (1, "Names what the gradient ŷ − δ does well: bounded, sums to zero, vanishes only where the "
            "model is certain and right, or is largest where the model is confidently wrong. One of "
            "these, with its reason, is enough."),
        (1, "Says that the squared error of the probabilities has a further factor ŷ_y (or ŷ_y (1 − "
            "ŷ_y)) from the softmax, so that its gradient almost vanishes where the model is confidently"
            " wrong."),
    ),
)  # fmt: skip

TASKS = (
    LOSS_OF_THREE_LOGITS,
    LOG_SUM_EXP,
    NLL_FROM_LOGITS,
    GRADIENT_OF_THREE_LOGITS,
    NLL_GRADIENT_STEPS,
    HESSIAN_ENTRY,
    NLL_GRADIENT,
    TEMPERATURE_LIMIT,
    ERROR_SIGNAL,
)
