"""Exercise set 11, a mock exam over the whole course; its numbers are drawn from the exam's seed.

Each question is a function of its numbers: answer and mistakes follow from them. Losses are in nats unless a name says
bits; code counts from 0.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from sympy import Derivative, Sum, exp, log

from grader.algebra import define, index, reals, simplex, size
from grader.cases import (
    CaseError,
    Choice,
    DerivationTask,
    Drawn,
    Example,
    Form,
    FreeText,
    Function,
    Milestone,
    Mistake,
    Task,
    Value,
    verify_alone,
)
from solutions import information, logits
from solutions.tasks._slips import in_base, quietly, with_epsilons

CLOSE = 2e-3  # three decimals are enough, and a little more
MOST_TRIES = 200


def drawn(task_id: str, propose: Callable[[np.random.Generator], dict[str, Any]], make: Callable[..., Task]):
    """Return the task whose numbers are proposed until they are good to ask.

    Good are numbers by which the answer is in its range and every mistake is told from the answer and from the others.
    """

    def draw(rng: np.random.Generator) -> Mapping[str, Any]:
        numbers: dict[str, Any] = {}
        for _ in range(MOST_TRIES):
            numbers = propose(rng)
            try:
                verify_alone(make(**numbers))
            except CaseError:
                continue
            break
        return numbers  # bad ones, if there are no others: the build says what is wrong with them

    return Drawn(task_id, draw, make)


def shares(rng: np.random.Generator, least: int = 5) -> list[float]:
    """Return three probabilities in hundredths, each at least `least` of them."""
    rest = 100 - 3 * least
    first, second = np.sort(rng.choice(np.arange(1, rest + 3), size=2, replace=False)).tolist()
    parts = (first - 1, second - first - 1, rest + 2 - second)
    return [(part + least) / 100 for part in parts]


def steps_of(rng: np.random.Generator, low: float, high: float, step: float, decimals: int) -> float:
    """Return a number between low and high in steps, ends included."""
    return round(low + step * int(rng.integers(round((high - low) / step) + 1)), decimals)


# --- 1 · exam-text ---------------------------------------------------------------------------------------------------


def propose_text(rng: np.random.Generator) -> dict[str, Any]:
    words = rng.permutation([1, 2, *rng.integers(1, 3, size=2)]).tolist()
    return {"follows": [shares(rng, least=8) for _ in range(3)], "text": [0, *words, 0]}


def text_question(follows: list[list[float]], text: list[int]) -> Value:
    """Return the question of a text's log-probability and mean NLL, by a table of shape (3, 3)."""
    table = np.array(follows)
    probs = table[text[:-1], text[1:]]
    logs = np.log(probs)
    total, m = logs.sum(), len(logs)

    def both(total: float, m: float) -> list[float]:
        return [float(total), float(-total / m)]

    turned_round = np.log(table[text[1:], text[:-1]])
    after_start = np.log(table[0])
    with_start = total + after_start[0]
    of_words = np.log(table[0, text[1:]])  # whatever stands before
    right = both(total, m)
    return Value(
        "exam-text",
        points=2,
        answer=right,
        within=(-40, 20),
        rtol=0.0,
        atol=CLOSE,
        unit="nats",
        mistakes=(
            Mistake(
                "counts-the-start",
                "You divided by one token too many. The token at the beginning is given, not predicted.",
                [right[0], -total / (m + 1)],
            ),
            Mistake(
                "scores-the-start",
                "You scored the token at the beginning as well. It is given, so it costs nothing.",
                answers=(both(with_start, m + 1), both(with_start, m)),
            ),
            Mistake(
                "forgets-the-end",
                "The end of the text is missing. It is predicted like a word, and counts like one.",
                answers=(both(total - logs[-1], m - 1), both(total - logs[-1], m)),
            ),
            Mistake(
                "words-only",
                "You divided by the number of words. The end is a predicted token, too.",
                [right[0], -total / (m - 1)],
            ),
            Mistake(
                "rows-for-columns",
                "You read the table with row and column swapped. The row is the token before.",
                both(turned_round.sum(), m),
            ),
            Mistake(
                "first-row-only",
                "You read every probability from row 0. Each token's row is that of the token before it.",
                both(of_words.sum(), m),
            ),
            Mistake(
                "flipped-sign",
                "A sign is turned round. A log-probability is never above 0, a loss never below it.",
                answers=([-right[0], right[1]], [right[0], -right[1]], [-right[0], -right[1]]),
            ),
            Mistake(
                "base-2",
                "Your logarithms have base 2. In nats they are natural.",
                both(total / np.log(2), m),
            ),
            Mistake(
                "gives-the-perplexity",
                "Your second number is a perplexity. The mean NLL is its logarithm.",
                [right[0], float(np.exp(right[1]))],
            ),
            Mistake(
                "gives-the-probability",
                "Your first number is the probability of the text. Its logarithm is asked.",
                [float(np.exp(total)), right[1]],
            ),
            Mistake(
                "log-of-the-mean",
                "You took the logarithm of a mean of probabilities. The NLL is a mean of logarithms.",
                [right[0], float(-np.log(probs.mean()))],
            ),
            Mistake(
                "swapped-order",
                "These are the two numbers in the other order. First the log-probability, then the mean NLL.",
                right[::-1],
            ),
        ),
    )


TEXT = drawn("exam-text", propose_text, text_question)

# --- 2 · exam-units --------------------------------------------------------------------------------------------------


def propose_units(rng: np.random.Generator) -> dict[str, Any]:
    tokens = int(rng.integers(8, 25)) * 10
    per_token = rng.uniform(1.2, 3.6)
    return {
        "total_nll": round(per_token * tokens),
        "tokens_read": tokens,
        "bytes_read": int(round(tokens * rng.uniform(2.6, 4.8), -1)),
    }


def units_question(total_nll: int, tokens_read: int, bytes_read: int) -> Value:
    """Return the question of perplexity, bits per token and bits per byte."""
    loss = total_nll / tokens_read
    bits = loss / np.log(2)
    ratio = tokens_read / bytes_read
    right = [float(np.exp(loss)), float(bits), float(bits * ratio)]
    return Value(
        "exam-units",
        points=2,
        answer=right,
        within=(0, 1000),
        rtol=1e-3,
        atol=CLOSE,
        unit="",
        mistakes=(
            Mistake(
                "base-2",
                "You raised 2 to a loss in nats. Two is the base for bits.",
                answers=(
                    [float(2**loss), right[1], right[2]],
                    [float(2**loss), loss, loss * ratio],
                ),
            ),
            Mistake(
                "in-nats",
                "Your losses are in nats still. A bit is log 2 nats.",
                answers=([right[0], loss, loss * ratio], [right[0], right[1], loss * ratio]),
            ),
            Mistake(
                "turned-round",
                "You multiplied by log 2 where you divide: a loss is a larger number in bits than in nats.",
                [right[0], loss * np.log(2), loss * np.log(2) * ratio],
            ),
            Mistake(
                "bytes-per-token",
                "The loss per byte is larger than that per token here. A token has several bytes, and they share it.",
                [right[0], right[1], float(bits / ratio)],
            ),
            Mistake(
                "eight-bits",
                "You divided by 8. A byte of the text is counted, not its eight bits.",
                answers=([right[0], right[1], right[1] / 8], [right[0], right[1], right[2] / 8]),
            ),
            Mistake(
                "perplexity-per-byte",
                "Your perplexity is per byte. Here it is asked per token.",
                [float(np.exp(total_nll / bytes_read)), right[1], right[2]],
            ),
            Mistake(
                "gives-the-loss",
                "Your first number is the mean loss. The perplexity is exp of it.",
                [loss, right[1], right[2]],
            ),
            Mistake(
                "bits-of-the-perplexity",
                "You divided the perplexity by log 2. The loss is what is in nats or bits; a perplexity has no unit.",
                [right[0] / np.log(2), right[1], right[2]],
            ),
            Mistake(
                "base-10",
                "Your logarithm of 2 has base 10.",
                [right[0], float(loss / np.log10(2)), float(loss / np.log10(2) * ratio)],
            ),
            Mistake(
                "swapped-order",
                "These are the right kinds of numbers in another order. First the perplexity, then bits per token and "
                "per byte.",
                answers=([right[0], right[2], right[1]], right[::-1], [right[1], right[2], right[0]]),
            ),
        ),
    )


UNITS = drawn("exam-units", propose_units, units_question)

# --- 3 · exam-kl -----------------------------------------------------------------------------------------------------


def propose_pair(rng: np.random.Generator) -> dict[str, Any]:
    return {"p_true": shares(rng), "q_model": shares(rng)}


def kl_question(p_true: list[float], q_model: list[float]) -> Value:
    """Return the question of the two KL divergences."""
    p, q = np.array(p_true), np.array(q_model)
    kl, entropy, cross = information.kl_divergence, information.entropy, information.cross_entropy
    right = [float(kl(p, q)), float(kl(q, p))]
    mean = sum(right) / 2
    return Value(
        "exam-kl",
        points=2,
        answer=right,
        within=(-20, 30),
        rtol=0.0,
        atol=CLOSE,
        unit="nats",
        mistakes=(
            Mistake(
                "swapped-order",
                "You have the two divergences in the other order. In D(p‖q) the first, p, is what is averaged over.",
                right[::-1],
            ),
            Mistake(
                "one-for-both",
                "You gave one number twice. The divergence changes when its arguments are swapped.",
                answers=([right[0]] * 2, [right[1]] * 2, [mean, mean]),
            ),
            Mistake(
                "gives-the-cross-entropy",
                "These are cross-entropies. The entropy of the first distribution is still to be subtracted.",
                [float(cross(p, q)), float(cross(q, p))],
            ),
            Mistake(
                "difference-of-entropies",
                "You subtracted entropies. Both terms of a divergence are averages over the same distribution.",
                answers=(
                    [float(entropy(q) - entropy(p)), float(entropy(p) - entropy(q))],
                    [float(entropy(p) - entropy(q)), float(entropy(q) - entropy(p))],
                ),
            ),
            Mistake(
                "flipped-sign",
                "A divergence is never below 0. Look which of the two probabilities stands in the numerator.",
                [-right[0], -right[1]],
            ),
            Mistake(
                "wrong-entropy",
                "You subtracted the entropy of the other distribution.",
                [float(cross(p, q) - entropy(q)), float(cross(q, p) - entropy(p))],
            ),
            Mistake(
                "without-weights",
                "The logarithms of the ratios are summed here without their weights, the probabilities of the first.",
                answers=(
                    [float(np.log(p / q).sum()), float(np.log(q / p).sum())],
                    [float(np.log(p / q).mean()), float(np.log(q / p).mean())],
                ),
            ),
            Mistake(
                "mean-for-sum",
                "You divided by the number of outcomes. The weights are in the sum already.",
                [right[0] / 3, right[1] / 3],
            ),
            Mistake(
                "absolute-values",
                "You dropped the signs of the terms. Some are negative, and belong to the sum as they are.",
                [float((p * abs(np.log(p / q))).sum()), float((q * abs(np.log(q / p))).sum())],
            ),
            Mistake(
                "base-2",
                "Your logarithms have base 2. In nats they are natural.",
                [right[0] / np.log(2), right[1] / np.log(2)],
            ),
        ),
    )


KL = drawn("exam-kl", propose_pair, kl_question)

# --- 4 · exam-gap ----------------------------------------------------------------------------------------------------


def propose_gap(rng: np.random.Generator) -> dict[str, Any]:
    entropy = steps_of(rng, 0.8, 2.4, 0.05, 2)
    kl = rng.uniform(0.1, 0.9)
    return {"entropy_rate": entropy, "loss_in_bits": round(float((entropy + kl) / np.log(2)), 2)}


def gap_question(entropy_rate: float, loss_in_bits: float) -> Value:
    """Return the question of the divergence from a source, and of the perplexities' ratio."""
    loss = float(information.nats_from_bits(loss_in_bits))
    kl = loss - entropy_rate

    def with_factor(kl: float) -> list[float]:
        return [float(kl), float(np.exp(kl))]

    right = with_factor(kl)
    return Value(
        "exam-gap",
        points=2,
        answer=right,
        within=(-60, 500),
        rtol=1e-3,
        atol=CLOSE,
        unit="",
        mistakes=(
            Mistake(
                "mixes-units",
                "You subtracted nats from bits. Bring both losses to nats first.",
                with_factor(loss_in_bits - entropy_rate),
            ),
            Mistake(
                "turned-round",
                "You divided the bits by log 2. A bit is less than a nat, so the loss is a smaller number in nats.",
                with_factor(loss_in_bits / np.log(2) - entropy_rate),
            ),
            Mistake(
                "both-in-bits",
                "You took the entropy rate for bits. It is in nats already.",
                with_factor((loss_in_bits - entropy_rate) * np.log(2)),
            ),
            Mistake(
                "divergence-in-bits",
                "Your divergence is in bits. It is asked in nats.",
                [kl / np.log(2), right[1]],
            ),
            Mistake(
                "flipped-sign",
                "You subtracted the loss from the entropy. No model is better than its source.",
                answers=(with_factor(-kl), [-kl, right[1]], [kl, float(np.exp(-kl))]),
            ),
            Mistake(
                "sum-for-difference",
                "You added entropy and loss. The loss is entropy plus divergence.",
                with_factor(loss + entropy_rate),
            ),
            Mistake(
                "ratio-of-losses",
                "Your second number is a ratio of losses. Of perplexities it is exp of their difference.",
                answers=([kl, loss / entropy_rate], [kl, loss_in_bits / entropy_rate]),
            ),
            Mistake(
                "base-2",
                "You raised 2 to a divergence in nats. Two is the base for bits.",
                [kl, float(2**kl)],
            ),
            Mistake(
                "difference-of-perplexities",
                "Your second number is a difference of perplexities. The factor between them is asked.",
                [kl, float(np.exp(loss) - np.exp(entropy_rate))],
            ),
            Mistake(
                "gives-the-perplexity",
                "Your second number is a perplexity. Its factor above the lowest one is asked.",
                answers=([kl, float(np.exp(loss))], [kl, float(np.exp(entropy_rate))]),
            ),
            Mistake(
                "gives-the-loss",
                "Your first number is the model's loss in nats. The source's entropy is still in it.",
                answers=([loss, right[1]], with_factor(loss)),
            ),
            Mistake(
                "swapped-order",
                "These are the two numbers in the other order. First the divergence, then the factor.",
                right[::-1],
            ),
        ),
    )


GAP = drawn("exam-gap", propose_gap, gap_question)

# --- 5 · exam-gradient -----------------------------------------------------------------------------------------------


def propose_logits(rng: np.random.Generator) -> dict[str, Any]:
    three = (rng.choice(np.arange(-4, 7), size=3, replace=False) / 2).tolist()
    return {"three_logits": three, "observed": int(rng.integers(3))}


def gradient_question(three_logits: list[float], observed: int) -> Value:
    """Return the question of the gradient of an NLL with respect to three logits."""
    z = np.array(three_logits)
    y_hat, one_hot = logits.softmax(z), np.eye(3)
    right = y_hat - one_hot[observed]
    return Value(
        "exam-gradient",
        points=3,
        answer=right.tolist(),
        within=(-30, 20),
        rtol=0.0,
        atol=CLOSE,
        unit="",
        mistakes=(
            Mistake(
                "forgets-one-hot",
                "This is the prediction alone. The target is still missing: the entries of a gradient sum to 0.",
                y_hat,
            ),
            Mistake(
                "flipped-sign",
                "This is target minus prediction. Descent must raise the logit of the class that occurred.",
                -right,
            ),
            Mistake(
                "counts-from-one",
                "You took the class one place too early. Classes are counted from 0 here.",
                y_hat - one_hot[observed - 1],
            ),
            Mistake(
                "one-class-late",
                "You took the class one place too late.",
                y_hat - one_hot[(observed + 1) % 3],
            ),
            Mistake(
                "logits-for-probabilities",
                "You subtracted the target from the logits. Take the softmax first.",
                z - one_hot[observed],
            ),
            Mistake(
                "target-only",
                "Only the class that occurred has a derivative here. All logits are in the sum of the softmax.",
                one_hot[observed] * right,
            ),
            Mistake(
                "by-the-probability",
                "This is the derivative by the probability of the class. Asked are those by the logits.",
                -one_hot[observed] / y_hat,
            ),
            Mistake(
                "sigmoid-for-softmax",
                "ŷ (1 − ŷ) is the derivative of a probability by its own logit. Here the loss is differentiated.",
                y_hat * (1 - y_hat),
            ),
            Mistake(
                "softmax-of-base-2",
                "Your softmax has powers of 2. Its base is e.",
                2**z / (2**z).sum() - one_hot[observed],
            ),
            Mistake(
                "swapped-order",
                "You have the three numbers in the reverse order. The first belongs to class 0.",
                right[::-1],
            ),
        ),
    )


GRADIENT = drawn("exam-gradient", propose_logits, gradient_question)

# --- 6 · exam-steps --------------------------------------------------------------------------------------------------

V = size("V")
i, j, k = (index(name, V) for name in "ijk")
z, p = reals("z", V), simplex("p", V)
y_hat = define(r"\hat y_{%s}", lambda j: exp(z[j]) / Sum(exp(z[k]), (k, 1, V)))

STEPS = DerivationTask(
    "exam-steps",
    points=3,
    start=Derivative(Sum(p[k] * log(p[k] / y_hat(k)), (k, 1, V)), z[j]),
    goal=y_hat(j) - p[j],
    milestones=(
        Milestone(
            "logarithm-apart",
            "the logarithm of the softmax is taken apart, or the chain rule is used, and the result is not there yet",
            forms=(
                Form(
                    holds=("Derivative",),
                    free_of=("Derivative>log>inverse",),
                    says="no logarithm of a quotient is left under the derivative",
                ),
                Form(
                    # a delta alone only picks p_j, which is another dress of the answer
                    holds=("Sum>KroneckerDelta",),
                    product=("p", "Add>KroneckerDelta"),
                    free_of=("Derivative", "log"),
                    says="the chain rule is used, with the derivative of the softmax",
                    written=True,
                ),
            ),
        ),
    ),
    symbols=(V, i, j, k, z, p),
    mistakes=(
        Mistake(
            "forgets-the-softmax",
            "Only the target is left. All logits are in the sum of the softmax: its logarithm has a derivative, too.",
            -p[j],
        ),
        Mistake(
            "forgets-the-target",
            "Only the prediction is left. The logit itself stands in the sum, with the weight of its class.",
            y_hat(j),
        ),
        Mistake(
            "flipped-sign",
            "All signs of this line are turned round. The softmax stands in the denominator.",
            p[j] - y_hat(j),
        ),
        Mistake(
            "plus-for-minus",
            "Prediction and target are added here. The logarithm of a quotient is a difference.",
            y_hat(j) + p[j],
        ),
        Mistake(
            "by-the-probability",
            "The derivative of log u is u'/u. A target over a probability is a derivative by that probability.",
            -p[j] / y_hat(j),
        ),
        Mistake(
            "weighted-prediction",
            "The prediction still has the weight of its class. The weights of all terms are in it, and they sum to 1.",
            p[j] * (y_hat(j) - 1),
        ),
    ),
    form=Form(
        free_of=("Derivative", "log"),
        says="The last line must hold no derivative and no logarithm.",
    ),
)

# --- 7 · exam-batch-loss ---------------------------------------------------------------------------------------------

IGNORED = -100


def batch_loss(scores, labels):
    """Return the mean NLL in nats of the labels that count, shapes (B, T, V) and (B, T) -> one number."""
    counts = labels != IGNORED
    return float(np.mean(logits.nll_from_logits(scores[counts], labels[counts])))


def draw_batches(rng: np.random.Generator) -> list[Example]:
    """Return logits of shape (B, T, V) and labels of shape (B, T), at least one of which counts."""

    def scores(B: int, T: int, V: int, scale: float = 2.0) -> np.ndarray:
        return rng.normal(size=(B, T, V)) * scale + rng.normal(size=(B, T, 1))

    def labels(B: int, T: int, V: int, lengths: list[int]) -> np.ndarray:
        found = rng.integers(V, size=(B, T))
        found[:, 0] = np.arange(B) % V  # class 0 is among them
        for row, length in enumerate(lengths):
            found[row, length:] = IGNORED
        return found

    def many(B: int, T: int, V: int, lengths: list[int]) -> np.ndarray:
        found = labels(B, T, V, lengths)
        found[0, 1] = V - 1  # a class beyond 99, which is not to be taken for −100
        return found

    def far(sign: float) -> np.ndarray:
        return sign * rng.uniform(8500, 10_000, size=(2, 4, 5))

    def impossible(as_label: bool) -> tuple[np.ndarray, np.ndarray]:
        z, y = scores(2, 3, 4), labels(2, 3, 4, [3, 2])
        other = np.where(y < 0, 0, (y + 1) % 4)
        np.put_along_axis(z, other[..., None], -np.inf, axis=2)
        if as_label:
            z[0, 1, y[0, 1]] = -np.inf
        return z, y

    holes = labels(3, 5, 6, [5, 5, 5])
    holes[0, 0] = holes[0, 3] = holes[1, 0] = holes[2, 2] = IGNORED
    square = labels(4, 4, 4, [4, 1, 2, 3])
    apart = np.zeros((1, 3, 4))
    apart[0, np.arange(3), [1, 2, 0]] = rng.uniform(800, 900, size=3)
    shifted = scores(2, 3, 4) + np.array([9000.0, -9000.0])[:, None, None]
    return [
        Example("every label counts", np.zeros((2, 1, 2)), np.array([[0], [1]])),
        Example("every label counts", scores(3, 4, 5), labels(3, 4, 5, [4, 4, 4])),
        Example("one label counts", np.zeros((1, 2, 4)), np.array([[3, IGNORED]])),
        Example("one label counts", scores(2, 3, 5), labels(2, 3, 5, [1, 0])),
        Example("rows of different lengths", scores(3, 6, 5), labels(3, 6, 5, [6, 1, 3])),
        Example("rows of different lengths", scores(4, 4, 4), square),
        Example("rows of different lengths", scores(3, 5, 4), labels(3, 5, 4, [5, 0, 2])),
        Example("rows of different lengths", scores(3, 5, 6), holes),
        Example("more than a hundred classes", scores(2, 4, 130), many(2, 4, 130, [4, 2])),
        Example("more than a hundred classes", scores(1, 5, 101), many(1, 5, 101, [3])),
        Example("large logits", far(1.0), labels(2, 4, 5, [4, 2])),
        Example("very negative logits", far(-1.0), labels(2, 4, 5, [3, 4])),
        Example("logits far apart", np.array([[[0.0, 1000.0]]]), np.array([[0]])),
        Example("logits far apart", shifted, labels(2, 3, 4, [2, 3])),
        Example("logits far apart", apart, np.array([[0, 1, IGNORED]])),
        Example("impossible classes", *impossible(False)),
        Example("impossible classes", *impossible(True)),
    ]


def with_losses(losses, labels):
    """Return the mean of losses of shape (B, T) over the labels that count."""
    return float(losses[labels != IGNORED].mean())


def picked(log_probs, labels):
    """Return minus the entries of the labels, shape (B, T, V) -> (B, T); class 0's where none counts."""
    return -np.take_along_axis(log_probs, np.where(labels < 0, 0, labels)[..., None], axis=2)[..., 0]


def losses_of(scores, labels):
    return picked(logits.log_softmax(scores), labels)


def counting_the_ignored(scores, labels):
    return float(losses_of(scores, labels)[labels != IGNORED].sum() / labels.size)


def sum_of_losses(scores, labels):
    return float(losses_of(scores, labels)[labels != IGNORED].sum())


def mean_of_rows(scores, labels):
    counts, losses = labels != IGNORED, losses_of(scores, labels)
    rows = [losses[row][counts[row]].mean() for row in range(len(labels)) if counts[row].any()]
    return float(np.mean(rows))


def mean_of_rows_by_all(scores, labels):
    counts = labels != IGNORED
    totals = np.where(counts, losses_of(scores, labels), 0.0).sum(axis=1)
    return float(np.mean(totals / np.maximum(counts.sum(axis=1), 1)))


def mean_of_rows_with_nan(scores, labels):
    counts = labels != IGNORED
    totals = np.where(counts, losses_of(scores, labels), 0.0).sum(axis=1)
    return float(np.mean(totals / counts.sum(axis=1)))


def scoring_the_ignored(scores, labels):
    return float(losses_of(scores, labels).mean())


def indexing_with_all(scores, labels):
    table = logits.log_softmax(scores)
    return float(-np.take_along_axis(table, labels[..., None], axis=2).mean())


def without_class_zero(scores, labels):
    return float(losses_of(scores, labels)[labels > 0].mean())


def by_raw_exponentials(scores, labels):
    powers = np.exp(scores)
    return with_losses(picked(np.log(powers / powers.sum(axis=-1, keepdims=True)), labels), labels)


def by_the_raw_sum(scores, labels):
    return with_losses(picked(scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True)), labels), labels)


def by_the_batchs_maximum(scores, labels):
    moved = scores - scores.max()
    return with_losses(picked(moved - np.log(np.exp(moved).sum(axis=-1, keepdims=True)), labels), labels)


def through_probabilities(scores, labels):
    return with_losses(picked(np.log(logits.softmax(scores)), labels), labels)


def with_an_epsilon(change, scores, labels):
    return with_losses(picked(np.log(change(logits.softmax(scores))), labels), labels)


def along_axis(axis: int, scores, labels):
    top = scores.max(axis=axis, keepdims=True)
    total = top + np.log(np.exp(scores - top).sum(axis=axis, keepdims=True))
    return with_losses(picked(scores - total, labels), labels)


def softmax_twice(scores, labels):
    return with_losses(losses_of(logits.softmax(scores), labels), labels)


def of_raw_logits(scores, labels):
    return with_losses(picked(scores, labels), labels)


def one_minus(scores, labels):
    return with_losses(1 + picked(logits.softmax(scores), labels), labels)


BATCH_LOSS = Function(
    "exam-batch-loss",
    points=3,
    reference=batch_loss,
    accepts=("float32",),
    draw=draw_batches,
    promises={
        "At least one label of the batch counts": lambda z, y: (y != IGNORED).sum() == 1,
        "Rows may have different numbers of them": lambda z, y: (
            len({*(y != IGNORED).sum(axis=1).tolist()} - {0}) > 1
        ),
        "a row may have none": lambda z, y: (y == IGNORED).all(axis=1).any(),
        "as large as 10,000": lambda z, y: z.max() > 8000,
        "as small as −10,000": lambda z, y: z.min() < -8000 and np.isfinite(z).all(),
        "They are not normalised: each place has a shift of its own": lambda z, y: (
            np.ptp(logits.log_sum_exp(z)) > 10_000
        ),
        "A label that counts is a class, from 0 to V − 1": lambda z, y: 0 in y and z.shape[2] - 1 in y,
        "There may be more than a hundred classes": lambda z, y: y.max() >= 100 and (y == IGNORED).any(),
        "A class may be impossible": lambda z, y: np.isneginf(z).any() and np.isfinite(batch_loss(z, y)),
        "as a label it has an infinite loss": lambda z, y: np.isposinf(batch_loss(z, y)),
        "`batch_loss(np.zeros((1, 2, 4)), np.array([[3, -100]]))`": lambda z, y: (
            z.shape == (1, 2, 4) and not z.any()
        ),
    },
    mistakes=(
        Mistake(
            "counts-the-ignored",
            "You divided by the number of all labels. Those of −100 don't count.",
            counting_the_ignored,
        ),
        Mistake("sum-for-mean", "This is the sum of the losses. The mean is asked.", sum_of_losses),
        Mistake(
            "mean-of-rows",
            "You averaged the means of the rows. Each label counts the same, in whatever row it stands.",
            answers=(
                mean_of_rows,
                mean_of_rows_by_all,
                mean_of_rows_with_nan,
                quietly(mean_of_rows_with_nan),
            ),
        ),
        Mistake(
            "scores-the-ignored",
            "Labels of −100 are in your mean, as if they were classes.",
            answers=(scoring_the_ignored, indexing_with_all),
        ),
        Mistake(
            "without-class-zero",
            "Labels of class 0 are missing in your mean. Only −100 does not count.",
            answers=(without_class_zero, quietly(without_class_zero)),
        ),
        Mistake(
            "overflows",
            "The exponential of a large logit is infinite, that of a very negative one 0. Take out each row's maximum.",
            answers=(
                by_raw_exponentials,
                quietly(by_raw_exponentials),
                by_the_raw_sum,
                quietly(by_the_raw_sum),
                by_the_batchs_maximum,
                quietly(by_the_batchs_maximum),
            ),
        ),
        Mistake(
            "through-probabilities",
            "A small probability is rounded to 0, and its logarithm is infinite. Subtract the log-sum-exp from the "
            "logits instead.",
            answers=(through_probabilities, quietly(through_probabilities)),
        ),
        Mistake(
            "epsilon-in-the-log",
            "A small number in the logarithm keeps the loss finite and makes it wrong. Subtract the log-sum-exp from "
            "the logits instead.",
            answers=with_epsilons(with_an_epsilon),
        ),
        Mistake(
            "wrong-axis",
            "Your softmax runs over the texts or their places. It belongs over the classes, the last axis.",
            answers=tuple(
                made
                for axis in (0, 1)
                for made in (partial(along_axis, axis), quietly(partial(along_axis, axis)))
            ),
        ),
        Mistake("softmax-twice", "You took a softmax of probabilities. One is enough.", softmax_twice),
        Mistake(
            "raw-logits",
            "You averaged logits. They are no log-probabilities: the log-sum-exp is missing.",
            of_raw_logits,
        ),
        Mistake(
            "flipped-sign",
            "A loss is never below 0. The minus in front is missing.",
            lambda z, y: -batch_loss(z, y),
        ),
        Mistake("in-bits", "Your logarithm has base 2. In nats it is natural.", in_base(2, batch_loss)),
        Mistake(
            "no-logarithm",
            "You averaged 1 minus the probabilities. The loss is minus the logarithm of each.",
            one_minus,
        ),
    ),
)

# --- 8 · exam-log ----------------------------------------------------------------------------------------------------


def propose_log(rng: np.random.Generator) -> dict[str, Any]:
    loss = steps_of(rng, 1.5, 3.5, 0.05, 2)
    return {"logged_loss": loss, "logged_perplexity": round(2**loss, 2)}


def log_question(logged_loss: float, logged_perplexity: float) -> Choice:
    """Return the question of what is wrong with a perplexity: it is 2 to the power of a loss in nats."""
    if abs(2**logged_loss - logged_perplexity) > 0.01:
        raise CaseError(f"2 to the power of {logged_loss} is not {logged_perplexity}")
    return Choice(
        "exam-log",
        points=1,
        options={
            "a": "it is the mean of the texts' perplexities",
            "b": "the start symbol of each text was counted as a token, so the sum was divided by 501",
            "c": "it is 2 to the power of the loss",
            "d": "it is exp of the loss of a whole text",
        },
        answer="c",
        mistakes=(
            Mistake(
                "mean-of-perplexities",
                "A mean of perplexities is never below exp of the mean loss: exp is convex. Compare with the log.",
                "a",
            ),
            Mistake(
                "counted-the-start",
                "That changes the loss by one part in 501, and the perplexity hardly. Compare with exp of the loss.",
                "b",
            ),
            Mistake(
                "of-the-whole-text",
                "The loss of a whole text is 500 times as large. Its exp would have hundreds of digits.",
                "d",
            ),
        ),
    )


LOG = drawn("exam-log", propose_log, log_question)

# --- 9 · exam-paradigms ----------------------------------------------------------------------------------------------

PARADIGMS = FreeText(
    "exam-paradigms",
    points=2,
    scheme=(
        (0.5, "B against A: the negative ELBO is never below the NLL, so B's NLL is at most 3.05, below A's 3.20: B "
            "has the higher likelihood."),
        (0.5, "Says why: log p = ELBO + KL(q(z) ‖ p(z | x)), and a KL divergence is never negative (or Jensen)."),
        (0.5, "C: a GAN gives no likelihood (no density in closed form, or none at all from fewer dimensions); how its "
            "pictures look says nothing of it. No statement on C."),
        (0.5, "With 3.30 nothing follows for A and B: B's NLL is somewhere at or below 3.30, on either side of 3.20."),
    ),
)  # fmt: skip

TASKS = (TEXT, UNITS, KL, GAP, GRADIENT, STEPS, BATCH_LOSS, LOG, PARADIGMS)
