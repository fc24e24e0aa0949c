"""Exercise set 08, a language model: inputs and targets, loss, training step, validation, and a model of one's own.

The model is trained on letters of a known source, `solutions.letters`, and marked by its KL to it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from grader.cases import Choice, Example, Function, Mistake, Model
from solutions import information, letters
from solutions.letters import V, conditionals
from solutions.logits import log_softmax, softmax
from solutions.tasks._slips import quietly

ENOUGH = 0.05
"""KL in nats per letter that earns all points; tests/exercises/test_language_model.py measures what models reach."""


def tensor(array: Any) -> Any:
    """Return the array as a Torch tensor, as students' functions get it."""
    import torch  # here, for the names and points of a set are read by who has no use for Torch

    return torch.from_numpy(np.ascontiguousarray(array))


# --- 1 · inputs-and-targets ------------------------------------------------------------------------------------------


def draw_tokens(rng: np.random.Generator) -> list[Example]:
    """Return tokens, shape (B, T), and the start symbol."""

    def example(label: str, B: int, T: int, start: int) -> Example:
        return Example(label, tensor(rng.integers(start, size=(B, T))), start)

    return [
        example("several sequences", 4, 6, 16),
        example("several sequences", 3, 9, 5),
        example("several sequences", 5, 5, 8),  # so that no wrong axis is told by its size
        Example("several sequences", tensor(1 + rng.integers(7, size=(3, 6))), 0),
        Example("one sequence", tensor(np.array([[3, 1, 2]])), 4),
        example("one sequence", 1, 7, 10),
        example("sequences of one token", 5, 1, 4),
    ]


def with_start(tokens: Any, start: int) -> Any:
    tokens = np.asarray(tokens)
    return np.concatenate([np.full_like(tokens[:, :1], start), tokens], axis=1)


def moved_right(tokens: Any, start: int) -> Any:
    return with_start(tokens, start)[:, :-1]


def moved_left(tokens: Any, start: int) -> tuple[Any, Any]:
    tokens = np.asarray(tokens)
    return tokens, np.concatenate([tokens[:, 1:], np.full_like(tokens[:, :1], start)], axis=1)


def inputs_moved_left(tokens: Any, start: int) -> tuple[Any, Any]:
    return moved_left(tokens, start)[::-1]


def first_replaced(tokens: Any, start: int) -> tuple[Any, Any]:
    return np.concatenate([with_start(tokens, start)[:, :1], np.asarray(tokens)[:, 1:]], axis=1), tokens


def moved_through_the_batch(tokens: Any, start: int) -> tuple[Any, Any]:
    """Return what one gets who moves all tokens on by one as if the batch were one sequence."""
    tokens = np.asarray(tokens)
    moved = np.roll(tokens, 1)
    moved[0, 0] = start
    return moved, tokens


def moved_along_the_batch(tokens: Any, start: int) -> tuple[Any, Any]:
    tokens = np.asarray(tokens)
    return moved_right(tokens.T, start).T, tokens


def overwritten(tokens: Any, start: int) -> tuple[Any, Any]:
    inputs = moved_right(tokens, start)
    return inputs, inputs


INPUTS_AND_TARGETS = Function(
    "inputs-and-targets",
    points=2,
    reference=lambda tokens, start: (moved_right(tokens, start), np.asarray(tokens)),
    draw=draw_tokens,
    promises={
        "both of shape `(B, T)`": lambda tokens, start: tokens.shape[0] == tokens.shape[1],
        "the number `start` of the start symbol": lambda tokens, start: start == 0,
        "at every position at once": lambda tokens, start: tokens.shape[1] == 1,
        "`inputs_and_targets(torch.tensor([[3, 1, 2]]), 4)": lambda tokens, start: (
            tokens.tolist() == [[3, 1, 2]]
        ),
    },
    mistakes=(
        Mistake(
            "not-shifted",
            "Inputs and targets are the same, so the model reads the very token that it is to predict.",
            lambda tokens, start: (tokens, tokens),
        ),
        Mistake(
            "no-start",
            "The first token is never a target. Put the start symbol before it, and its probability counts, too.",
            lambda tokens, start: (tokens[:, :-1], tokens[:, 1:]),
        ),
        Mistake(
            "wraps-around",
            "The last token stands at the beginning of the inputs: rolling moves it there. The start symbol "
            "belongs there.",
            lambda tokens, start: (np.roll(np.asarray(tokens), 1, axis=1), tokens),
        ),
        Mistake(
            "one-too-many",
            "There is one input more than there are targets. After the last token nothing is predicted, so it "
            "is no input.",
            lambda tokens, start: (with_start(tokens, start), tokens),
        ),
        Mistake(
            "swapped",
            "Inputs and targets are swapped: the model would read the next token and predict the one before it.",
            lambda tokens, start: (tokens, moved_right(tokens, start)),
        ),
        Mistake(
            "other-start-symbol",
            "The inputs begin with another number. The start symbol is the argument `start`.",
            answers=(
                lambda tokens, start: (moved_right(tokens, 0), tokens),
                lambda tokens, start: (moved_right(tokens, -1), tokens),
                lambda tokens, start: (moved_right(tokens, start - 1), tokens),
                lambda tokens, start: (moved_right(tokens, start + 1), tokens),
                lambda tokens, start: (moved_right(tokens, int(np.max(tokens)) + 1), tokens),
            ),
        ),
        Mistake(
            "moved-left",
            "The targets are moved to the left, with the start symbol at their end. It stands in front of the inputs.",
            moved_left,
        ),
        Mistake(
            "inputs-moved-left",
            "The inputs are moved to the left, so the model reads the token that comes after the one that it is to "
            "predict. An input comes before its target.",
            inputs_moved_left,
        ),
        Mistake(
            "first-replaced",
            "You replaced the first token by the start symbol, and the others stand where they stood: the model reads "
            "the very token that it is to predict. Move them on by one.",
            first_replaced,
        ),
        Mistake(
            "through-the-batch",
            "Your rows hang together: one begins with the last token of the row before it. Each sequence begins with "
            "the start symbol.",
            moved_through_the_batch,
        ),
        Mistake(
            "along-the-batch",
            "You moved the sequences and not the tokens in them. Time is the second axis.",
            moved_along_the_batch,
        ),
        Mistake(
            "targets-overwritten",
            "Targets and inputs are the same, moved ones: the targets were overwritten in place. Work on a copy.",
            overwritten,
        ),
    ),
)

# --- 2 · loss-of-a-batch ---------------------------------------------------------------------------------------------


def draw_logits(rng: np.random.Generator) -> list[Example]:
    """Return logits, shape (B, T, V) in float32, and targets, shape (B, T)."""

    def example(label: str, shape: tuple[int, int, int], scale: float = 1.5) -> Example:
        logits = (scale * rng.standard_normal(shape)).astype(np.float32)
        return Example(label, tensor(logits), tensor(rng.integers(shape[2], size=shape[:2])))

    def large(shape: tuple[int, int, int]) -> Example:
        """Return an example where the exponential of one logit of each row is too large for a float."""
        found = example("large logits", shape, 400.0)
        found.args[0][..., int(rng.integers(shape[2]))] = 1200.0
        return found

    return [
        Example("a batch", tensor(np.zeros((2, 3, 16), np.float32)), tensor(np.zeros((2, 3), np.int64))),
        example("a batch", (3, 5, 7)),
        example("a batch", (4, 4, 4)),  # so that no wrong axis is told by its size
        example("one token", (1, 1, 6)),
        large((2, 6, 5)),
        large((3, 3, 3)),
    ]


def mean_loss(logits: Any, targets: Any) -> Any:
    """Return the mean over all positions of −log ŷ[target], in nats per token."""
    return -picked(log_softmax(logits), targets).mean()


def mean_bits(logits: Any, targets: Any) -> Any:
    """Return the mean over all positions of −log₂ ŷ[target], in bits per token."""
    return information.bits_from_nats(mean_loss(logits, targets))


def picked(rows: Any, targets: Any) -> Any:
    return np.take_along_axis(np.asarray(rows), np.asarray(targets)[..., None], axis=-1)[..., 0]


def mean_loss_without_shift(logits: Any, targets: Any) -> Any:
    exponentials = np.exp(np.asarray(logits))
    return -np.log2(picked(exponentials / exponentials.sum(axis=-1, keepdims=True), targets)).mean()


def perplexity_of_batch(precision: type) -> Callable[[Any, Any], Any]:
    return quietly(lambda logits, targets: np.exp2(precision(mean_bits(logits, targets))))


def log_of_mean(precision: type) -> Callable[[Any, Any], Any]:
    """Return −log₂ of the mean probability of the targets, where the softmax is computed in that precision."""
    return lambda logits, targets: -np.log2(picked(softmax(logits).astype(precision), targets).mean())


def mean_loss_over_time(logits: Any, targets: Any) -> Any:
    over_time = np.moveaxis(log_softmax(np.moveaxis(np.asarray(logits), 1, -1)), -1, 1)
    return -picked(over_time, targets).mean() / np.log(2)


LOSS_OF_A_BATCH = Function(
    "loss-of-a-batch",
    points=2,
    reference=mean_bits,
    draw=draw_logits,
    rtol=1e-5,  # the logits are in float32: who adds up its roundings in Python's floats has them, too
    atol=2e-5,
    accepts=("float32",),
    forbidden=("finished_loss",),  # and none is the answer: they count in nats
    promises={
        "`logits`, shape `(B, T, V)`": lambda logits, targets: logits.shape == (4, 4, 4),
        "Logits can be large": lambda logits, targets: logits.max() > 710,
        "a model that knows nothing": lambda logits, targets: logits.shape == (2, 3, 16) and not logits.any(),
    },
    mistakes=(
        Mistake(
            "sum-for-mean",
            "You added the losses of the tokens. Divide by their number: a loss per token does not grow with the "
            "batch.",
            lambda logits, targets: mean_bits(logits, targets) * np.asarray(targets).size,
        ),
        Mistake(
            "divides-by-one-axis",
            "You divided the total by the number of sequences, or by their length. The mean is over all tokens, so "
            "divide by both.",
            answers=(
                lambda logits, targets: mean_bits(logits, targets) * np.shape(targets)[1],
                lambda logits, targets: mean_bits(logits, targets) * np.shape(targets)[0],
            ),
        ),
        Mistake(
            "log-of-mean",
            "You averaged the probabilities, and then took the logarithm. Each token has its own loss: take the mean "
            "of the logarithms.",
            answers=(log_of_mean(np.float64), log_of_mean(np.float32)),
        ),
        Mistake(
            "clipped-logits",
            "You cut off large logits, and with them large losses. No logit is too large for log_softmax.",
            answers=tuple(
                lambda logits, targets, most=most: mean_bits(
                    np.clip(np.asarray(logits), -most, most), targets
                )
                for most in (10.0, 20.0, 30.0, 50.0, 80.0, 88.0, 100.0, 500.0, 700.0)
            ),
        ),
        Mistake(
            "missing-minus",
            "The minus is missing. Log-probabilities are never above 0, so the loss is never below.",
            lambda logits, targets: -mean_bits(logits, targets),
        ),
        Mistake(
            "all-classes",
            "You averaged over all classes. Only the log-probability of the target counts: gather it.",
            lambda logits, targets: -log_softmax(logits).mean() / np.log(2),
        ),
        Mistake(
            "wrong-axis",
            "The softmax runs over time. Probabilities sum to 1 over the vocabulary, the last axis.",
            mean_loss_over_time,
        ),
        Mistake(
            "no-log",
            "This is minus the mean probability of the targets. The logarithm is missing.",
            lambda logits, targets: -picked(softmax(logits), targets).mean(),
        ),
        Mistake(
            "no-shift",
            "The exponential of a large logit overflows. Take a function that subtracts the largest logit first, "
            "such as log_softmax.",
            answers=(mean_loss_without_shift, quietly(mean_loss_without_shift)),
        ),
        Mistake(
            "in-nats",
            "This is in nats, as libraries count. The loss is asked for in bits.",
            lambda logits, targets: mean_bits(logits, targets) * np.log(2),
        ),
        Mistake(
            "gives-the-perplexity",
            "This is a perplexity. The loss itself is asked for, the mean of the logarithms.",
            answers=(perplexity_of_batch(np.float64), perplexity_of_batch(np.float32)),
        ),
        Mistake(
            "forgets-the-logit",
            "This is the mean of the log-sum-exp alone. The logit of each target still has to be subtracted.",
            lambda logits, targets: mean_bits(logits, targets) + picked(logits, targets).mean() / np.log(2),
        ),
    ),
)

# --- 3 · sgd-step ----------------------------------------------------------------------------------------------------


def draw_steps(rng: np.random.Generator) -> list[Example]:
    """Return a table of logits (V, V), inputs (N,), targets (N,) and a learning rate."""

    def example(label: str, inputs: Any, classes: int, lr: float) -> Example:
        table = rng.standard_normal((classes, classes))
        targets = rng.integers(classes, size=len(inputs))
        return Example(label, tensor(table), tensor(np.asarray(inputs)), tensor(targets), lr)

    def twice(classes: int) -> tuple[Any, Any, Any]:
        """Return a table, inputs and targets, where the first pair comes three times, among others with its input."""
        inputs, targets = np.array([1, 0, 1, 2, 1, 1]), np.array([2, 1, 2, 0, 2, 0])
        order = rng.permutation(6)
        return tensor(rng.standard_normal((classes, classes))), tensor(inputs[order]), tensor(targets[order])

    no_table, one = np.zeros((2, 2), np.float32), np.ones(1, np.int64)
    return [
        Example("a batch", tensor(no_table), tensor(0 * one), tensor(one), 1.0),
        example("a batch", rng.permutation(5)[:4], 5, 0.5),
        example("a batch", rng.permutation(8)[:6], 8, 0.1),
        example("an input that comes more than once", [2, 0, 2, 2, 1], 4, 0.3),
        example("an input that comes more than once", [1, 1, 1], 3, 0.7),
        Example("a pair that comes more than once", *twice(4), 0.3),
        Example("a pair that comes more than once", *twice(6), 0.5),
        example("one pair", [1], 3, 1.0),
        example("a large learning rate", rng.permutation(6)[:5], 6, 20.0),
    ]


def step_of(table: Any, inputs: Any, targets: Any, lr: float, scale: float = 1.0) -> tuple[Any, Any]:
    """Return the mean loss before the step, and the table minus scale · lr · its gradient."""
    table, inputs, targets = (np.asarray(x) for x in (table, inputs, targets))
    loss = mean_loss(table[inputs], targets)
    gradient = np.zeros_like(table)
    # ∂NLL/∂z = ŷ − one-hot, and a row of the table is the z of every input that names it
    np.add.at(gradient, inputs, (softmax(table[inputs]) - np.eye(len(table))[targets]) / len(inputs))
    return loss, table - scale * lr * gradient


def step_of_the_last(table: Any, inputs: Any, targets: Any, lr: float) -> tuple[Any, Any]:
    table, inputs, targets = (np.asarray(x) for x in (table, inputs, targets))
    new = table.copy()
    new[inputs] -= lr * (softmax(table[inputs]) - np.eye(len(table))[targets]) / len(inputs)
    return mean_loss(table[inputs], targets), new


def step_with_the_loss_after(table: Any, inputs: Any, targets: Any, lr: float) -> tuple[Any, Any]:
    _, new = step_of(table, inputs, targets, lr)
    return mean_loss(new[np.asarray(inputs)], targets), new


def instead_of_the_table(times: Callable[[float], float]) -> Callable[..., tuple[Any, Any]]:
    """Return the loss and a multiple of the gradient."""

    def step(table: Any, inputs: Any, targets: Any, lr: float) -> tuple[Any, Any]:
        loss, new = step_of(table, inputs, targets, 1.0)
        return loss, times(lr) * (np.asarray(table) - new)

    return step


def step_by_rows(table: Any, inputs: Any, targets: Any, lr: float) -> tuple[Any, Any]:
    """Return the step where each row follows the mean gradient of its own pairs only."""
    loss, new = step_of(table, inputs, targets, lr, len(inputs))
    many = np.bincount(np.asarray(inputs), minlength=len(table))[:, None]
    return loss, table + (new - np.asarray(table)) / np.maximum(many, 1)


def step_with_pairs_once(loss_too: bool) -> Callable[..., tuple[Any, Any]]:
    """Return the step along the mean over different pairs; whether the loss is their mean, too."""

    def step(table: Any, inputs: Any, targets: Any, lr: float) -> tuple[Any, Any]:
        pairs = np.unique(np.stack([np.asarray(inputs), np.asarray(targets)]), axis=1)
        loss, new = step_of(table, *pairs, lr)
        return loss if loss_too else step_of(table, inputs, targets, lr)[0], new

    return step


def with_total_loss(scale: Callable[[int], float]) -> Callable[..., tuple[Any, Any]]:
    """Return the summed loss, and a step that is that many times too long."""

    def step(table: Any, inputs: Any, targets: Any, lr: float) -> tuple[Any, Any]:
        loss, new = step_of(table, inputs, targets, lr, scale(len(inputs)))
        return loss * len(inputs), new

    return step


SGD_STEP = Function(
    "sgd-step",
    points=2,
    reference=step_of,
    draw=draw_steps,
    accepts=("float32",),
    promises={
        "`table`, shape `(V, V)`": lambda table, inputs, targets, lr: len(table) > len(inputs) > 1,
        "over the `N` pairs": lambda table, inputs, targets, lr: len(inputs) == 1,
        "with learning rate `lr`": lambda table, inputs, targets, lr: lr > 10,
        "An input may come several times": lambda table, inputs, targets, lr: (
            len(set(inputs.tolist())) < len(inputs)
        ),
        "come several times": lambda table, inputs, targets, lr: (
            len(set(zip(inputs.tolist(), targets.tolist(), strict=True))) < len(set(inputs.tolist())) + 2
            and len(inputs) > 5 > len(set(inputs.tolist()))
        ),
        "sgd_step(torch.zeros(2, 2), torch.tensor([0]), torch.tensor([1]), 1.0)": lambda table, *args: (
            not table.any() and table.shape == (2, 2)
        ),
    },
    mistakes=(
        Mistake(
            "uphill",
            "The step goes uphill: the gradient is added. Subtract it, and the loss falls.",
            lambda table, inputs, targets, lr: step_of(table, inputs, targets, lr, -1.0),
        ),
        Mistake(
            "sum-for-mean",
            "You took the sum over the pairs, for the step, for the loss or for both. Take the mean.",
            answers=(
                lambda table, inputs, targets, lr: step_of(table, inputs, targets, lr, len(inputs)),
                with_total_loss(lambda N: 1.0),
                with_total_loss(float),
            ),
        ),
        Mistake(
            "loss-after",
            "This is the loss after the step. A training log shows the loss of the forward pass that gave the "
            "gradient.",
            step_with_the_loss_after,
        ),
        Mistake(
            "no-learning-rate",
            "The learning rate is missing: the whole gradient was subtracted.",
            lambda table, inputs, targets, lr: step_of(table, inputs, targets, lr, 1 / lr),
        ),
        Mistake(
            "no-step",
            "The table has not changed. The gradient alone moves nothing: subtract it, and return the new table.",
            lambda table, inputs, targets, lr: step_of(table, inputs, targets, lr, 0.0),
        ),
        Mistake(
            "last-one-wins",
            "When an input comes more than once, only its last gradient counts. The gradients of one row add up.",
            step_of_the_last,
        ),
        Mistake(
            "pairs-count-once",
            "A pair that comes several times counts once only. The mean is over all N pairs, equal ones as well.",
            answers=(step_with_pairs_once(False), step_with_pairs_once(True)),
        ),
        Mistake(
            "mean-over-rows",
            "You averaged the gradients of each row by itself. The mean is over all N pairs.",
            step_by_rows,
        ),
        Mistake(
            "swapped-results",
            "You return the table first. The loss comes first, then the table.",
            lambda table, inputs, targets, lr: step_of(table, inputs, targets, lr)[::-1],
        ),
        Mistake(
            "gives-the-gradient",
            "The second result is the gradient, or the step. Subtract it from the table, and return the table.",
            answers=tuple(map(instead_of_the_table, (lambda lr: 1.0, lambda lr: lr, lambda lr: -lr))),
        ),
    ),
)

# --- 4 · validation-nll ----------------------------------------------------------------------------------------------


def draw_batches(rng: np.random.Generator) -> list[Example]:
    """Return batches, each a pair of losses (B, T) in nats and a mask (B, T) of the real tokens."""

    def masked(real: Any) -> tuple[Any, Any]:
        return tensor(rng.uniform(0.5, 4.0, size=real.shape) + 5.0 * ~real), tensor(real)

    def batch(lengths: list[int], T: int) -> tuple[Any, Any]:
        return masked(np.arange(T) < np.array(lengths)[:, None])

    def in_front(lengths: list[int], T: int) -> tuple[Any, Any]:
        return masked(np.arange(T)[::-1] < np.array(lengths)[:, None])

    def certain(lengths: list[int], T: int) -> tuple[Any, Any]:
        """Return a batch where some real tokens cost nothing, and others almost nothing."""
        losses, real = batch(lengths, T)
        losses[:, 0], losses[0, 1], losses[1, 1] = 0.0, 1e-9, 0.05
        return losses, real

    full, empty = batch([4, 3], 4), batch([0, 0], 3)
    printed = np.array([[1.0, 3.0], [1.0, 9.0]]), np.array([[True, True], [True, False]])
    return [
        Example("batches of different sizes", [batch([6] * 4, 6), batch([6], 6)]),
        Example("batches of different sizes", [batch([9] * 3, 9), batch([9] * 3, 9), batch([2], 2)]),
        Example("padding", [(tensor(printed[0]), tensor(printed[1]))]),
        Example("padding", [batch([5, 2, 7], 7)]),
        Example("padding", [batch([5, 1, 3], 5), batch([8, 4], 8)]),
        Example("padding", [in_front([5, 1, 3], 5), batch([4, 2, 2, 4], 4), in_front([6, 2], 6)]),
        Example("a batch of padding only", [full, empty]),
        Example("a batch of padding only", [full, empty, batch([5, 2], 5)]),
        Example("a batch of padding only", [empty, full]),
        Example("losses near 0", [certain([6, 2, 5], 6), certain([3, 6], 6)]),
        Example("losses near 0", [certain([4, 4], 4)]),
        Example("one token", [batch([1], 1)]),
        Example("one token", [batch([1, 0], 2)]),
    ]


def losses_of(batches: Any) -> tuple[Any, Any]:
    """Return all losses, and which of them are of real tokens, as two flat arrays."""
    losses, real = zip(*batches, strict=True)
    return np.concatenate([np.ravel(b) for b in losses]), np.concatenate([np.ravel(b) for b in real])


def mean_of_real(batches: Any) -> float:
    """Return the mean loss over all real tokens of all batches, in nats per token."""
    losses, real = losses_of(batches)
    return float(losses[real].sum() / real.sum())


def mean_of_losses_above(batches: Any, least: float) -> float:
    """Return the mean loss over the real tokens that cost more than that."""
    losses, real = losses_of(batches)
    return float(losses[real & (losses > least)].mean())


def means(batches: Any) -> Any:
    """Return the mean loss of each batch, NaN for one of padding only."""
    with np.errstate(invalid="ignore"):
        return np.array([np.sum(np.where(m, b, 0)) / np.sum(np.asarray(m)) for b, m in batches])


def mean_of_full_batches(batches: Any) -> float:
    return float(np.nanmean(means(batches)))


def until_padding(batches: Any) -> float:
    """Return the mean of what comes before the first batch of padding; 0 when that is nothing."""
    empty = [not np.any(np.asarray(real)) for _, real in batches]
    before = batches[: empty.index(True)] if True in empty else batches
    return mean_of_real(before) if before else 0.0


def mean_of_sequences(batches: Any) -> float:
    rows = [
        np.asarray(r)[np.asarray(m)] for b, mask in batches for r, m in zip(b, mask, strict=True) if m.any()
    ]
    return float(np.mean([row.mean() for row in rows]))


def padding_only(batches: Any) -> list[bool]:
    return [not real.any() for _, real in batches]


VALIDATION_NLL = Function(
    "validation-nll",
    points=2,
    reference=mean_of_real,
    draw=draw_batches,
    accepts=("float32",),
    promises={
        "the last one is smaller": lambda batches: (
            len(batches) > 1 and batches[-1][0].shape < batches[0][0].shape
        ),
        "short sequences are filled up with padding": lambda batches: not batches[0][1].all(),
        "which positions hold a real token": lambda batches: not batches[0][1][:, 0].all(),
        "5 nats over 3 real tokens": lambda batches: batches[0][0].tolist() == [[1, 3], [1, 9]],
        "A batch may hold nothing but padding": lambda batches: padding_only(batches) == [False, True, False],
        "A batch may hold nothing": lambda batches: padding_only(batches) == [True, False],
        "nothing but padding": lambda batches: padding_only(batches) == [False, True],
        "per real token": lambda batches: 0.0 in losses_of(batches)[0][losses_of(batches)[1]],
    },
    mistakes=(
        Mistake(
            "mean-of-batches",
            "You averaged the means of the batches, so a small last batch counts as much as a full one. Every "
            "token counts the same.",
            answers=(lambda batches: float(np.mean(means(batches))), mean_of_full_batches),
        ),
        Mistake(
            "one-batch-only",
            "Only one of the batches counts. Add up over all of them, and divide once, at the end.",
            answers=(lambda batches: mean_of_real(batches[:1]), lambda batches: mean_of_real(batches[-1:])),
        ),
        Mistake(
            "stops-at-padding",
            "You stop at a batch of padding. It holds no token, but those after it do.",
            until_padding,
        ),
        Mistake(
            "mean-of-sequences",
            "You averaged the means of the sequences, so a token of a short one counts more. Every token counts "
            "the same.",
            mean_of_sequences,
        ),
        Mistake(
            "counts-padding",
            "Padding is counted as if it were text. Leave out the positions where the mask is False.",
            lambda batches: float(losses_of(batches)[0].mean()),
        ),
        Mistake(
            "leaves-out-small-losses",
            "You took losses of 0, or near 0, for padding. A token of which the model is sure counts, too; the mask "
            "alone says what is padding.",
            answers=tuple(
                lambda batches, most=most: mean_of_losses_above(batches, most) for most in (0.0, 1e-6, 0.1)
            ),
        ),
        Mistake(
            "divides-by-positions",
            "You left padding out of the sum and divided by all positions. Divide by the number of real tokens.",
            lambda batches: float(
                losses_of(batches)[0][losses_of(batches)[1]].sum() / losses_of(batches)[0].size
            ),
        ),
        Mistake(
            "sum-for-mean",
            "This is the total loss. Divide by the number of real tokens.",
            lambda batches: float(losses_of(batches)[0][losses_of(batches)[1]].sum()),
        ),
    ),
)

# --- 5 · perplexity-and-bits -----------------------------------------------------------------------------------------


def draw_totals(rng: np.random.Generator) -> list[Example]:
    """Return a total loss in nats, a number of tokens and one of characters."""

    def example(label: str, tokens: int, per_token: float) -> Example:
        return Example(
            label, float(tokens * rng.uniform(0.8, 1.2) * per_token), tokens, int(tokens * 3.7) + 1
        )

    return [
        Example("a text", 200.0, 100, 400),
        example("a text", 120, 2.0),
        example("a text", 45, 3.5),
        example("a long text", 50_000, 2.5),
        example("one token", 1, 4.0),
    ]


def both_units(nll: float, tokens: int, characters: int) -> list[float]:
    """Return the perplexity per token and the bits per character."""
    return [float(information.perplexity(nll, tokens)), nll / float(np.log(2)) / characters]


def overflowing_perplexity(nll: float) -> float:
    with np.errstate(over="ignore"):
        return float(np.exp(nll))


PERPLEXITY_AND_BITS = Function(
    "perplexity-and-bits",
    points=1,
    reference=both_units,
    draw=draw_totals,
    rtol=1e-6,  # a perplexity grows with its rounding errors
    accepts=("float32",),
    promises={
        "`tokens` tokens": lambda nll, tokens, characters: tokens == 1,
        "a total loss of `nll` nats": lambda nll, tokens, characters: nll > 1000,  # exp of it is infinite
        "perplexity_and_bits(200.0, 100, 400)": lambda *args: args == (200.0, 100, 400),
    },
    mistakes=(
        Mistake(
            "sum-for-mean",
            "You took exp of the total loss. A perplexity is per token: divide first.",
            lambda nll, tokens, characters: [
                overflowing_perplexity(nll),
                both_units(nll, tokens, characters)[1],
            ],
        ),
        Mistake(
            "base-2",
            "You raised 2 to a loss in nats. The base for nats is e.",
            lambda nll, tokens, characters: [2 ** (nll / tokens), both_units(nll, tokens, characters)[1]],
        ),
        Mistake(
            "per-token",
            "The bits are per token. Divide them by the number of characters.",
            lambda nll, tokens, characters: [
                both_units(nll, tokens, characters)[0],
                nll / np.log(2) / tokens,
            ],
        ),
        Mistake(
            "still-nats",
            "The second number is in nats per character. One nat is 1 / log 2 bits.",
            lambda nll, tokens, characters: [both_units(nll, tokens, characters)[0], nll / characters],
        ),
        Mistake(
            "multiplies-by-log-2",
            "You multiplied by log 2. A bit is the smaller unit, so there are more bits than nats.",
            lambda nll, tokens, characters: [
                both_units(nll, tokens, characters)[0],
                nll * np.log(2) / characters,
            ],
        ),
        Mistake(
            "swapped-results",
            "You return the bits first. The perplexity comes first, then the bits.",
            lambda nll, tokens, characters: both_units(nll, tokens, characters)[::-1],
        ),
        Mistake(
            "gives-the-loss",
            "The first number is the loss per token. A perplexity is exp of it.",
            lambda nll, tokens, characters: [nll / tokens, both_units(nll, tokens, characters)[1]],
        ),
        Mistake(
            "perplexity-per-character",
            "The perplexity is per character. Divide the loss by the number of tokens before you take exp.",
            lambda nll, tokens, characters: [
                float(information.perplexity(nll, characters)),
                both_units(nll, tokens, characters)[1],
            ],
        ),
    ),
)

# --- 6 · sampling-with-temperature -----------------------------------------------------------------------------------


def draw_uniforms(rng: np.random.Generator) -> list[Example]:
    """Return logits (V,), a temperature, and numbers (n,) from 0 to 1."""

    def example(label: str, temperature: float, scale: float = 1.5, classes: int = 8) -> Example:
        logits = scale * rng.standard_normal(classes)
        return Example(label, tensor(logits), temperature, tensor(rng.random(200)))

    printed = (
        tensor(np.array([0.5, 0.2, 0.3], np.float32)).log(),
        tensor(np.array([0.1, 0.6, 0.9], np.float32)),
    )
    one = tensor(1.5 * rng.standard_normal(6)), 1.5, tensor(rng.random(1))
    # Two that share all, so that infinity over infinity is told from a logit that takes all.
    two_large = tensor(rng.permutation([900.0, 899.9, 3.0, -20.0])), tensor(rng.random(50))
    near_one = tensor(rng.uniform(0.99999, 1 - 1e-9, size=20))
    return [
        Example("temperature 1", printed[0], 1.0, printed[1]),
        example("temperature 1", 1.0),
        example("temperature 1", 1.0, 0.5, 16),
        example("a low temperature", 0.5),
        example("a high temperature", 3.0),
        Example("a high temperature", *one),
        example("large logits", 400.0, 800.0),
        Example("large logits", two_large[0], 0.5, two_large[1]),
        Example("u near 1", printed[0], 1.0, near_one),
        # These probabilities add up to 4e-16 less than 1 in float64, and the last float below 1 is nearer to it.
        Example("u near 1", tensor(-0.024 * np.arange(33)), 1.0, tensor(np.append(near_one, 1 - 2.0**-53))),
        Example("u near 1", tensor(np.append(rng.standard_normal(15), 1.0)), 0.7, near_one),
    ]


def tokens_at(probs: Any, u: Any) -> Any:
    """Return for each number u the first token whose cumulative probability is above it."""
    return np.minimum(np.searchsorted(np.cumsum(probs), np.asarray(u), side="right"), len(probs) - 1)


def sampled(logits: Any, temperature: float, u: Any) -> Any:
    return tokens_at(softmax(logits, temperature), u)


def sampled_without_shift(otherwise: Callable[[Any], int]) -> Callable[..., Any]:
    """Return the sampling by plain exponentials.

    otherwise: the token where none has a cumulative probability above u, since it is NaN; made from these.
    """

    def sample(logits: Any, temperature: float, u: Any) -> Any:
        with np.errstate(all="ignore"):
            powers = np.exp(np.asarray(logits, np.float64) / temperature)
            sums = np.cumsum(powers) / powers.sum()
        above = sums > np.asarray(u)[:, None]
        return np.where(above.any(axis=1), above.argmax(axis=1), otherwise(sums))

    return sample


def beyond_the_last(precision: type) -> Callable[..., Any]:
    """Return the sampling by sums in that precision, which gives V to a u that is not below the last of them."""

    def sample(logits: Any, temperature: float, u: Any) -> Any:
        sums = np.cumsum(softmax(logits, temperature).astype(precision))
        return np.searchsorted(sums, np.asarray(u).astype(precision), side="right")

    return sample


def laid_down(direction: int, which: int) -> Callable[..., Any]:
    """Return what one gets who sorts first, the likeliest first (-1) or last (1): places in that order, or tokens."""

    def sample(logits: Any, temperature: float, u: Any) -> Any:
        order = np.argsort(direction * np.asarray(logits))
        places = tokens_at(softmax(np.asarray(logits)[order], temperature), u)
        return (places, order[places])[which]

    return sample


def first_above(logits: Any, temperature: float, u: Any) -> Any:
    """Return the first token whose own probability is above u, 0 when there is none."""
    return (softmax(logits, temperature) > np.asarray(u)[:, None]).argmax(axis=1)


SAMPLING = Function(
    "sampling-with-temperature",
    points=2,
    reference=sampled,
    draw=draw_uniforms,
    promises={
        "drawn evenly from 0 to 1": lambda logits, temperature, u: len(u) > 100,
        "the softmax of `logits / temperature`": lambda logits, temperature, u: temperature < 1,
        "in the order of the tokens": lambda logits, temperature, u: temperature > 1,
        "what is left up to 1 belongs to the last token": lambda logits, temperature, u: (
            u.max() == 1 - 2.0**-53
        ),
        "shape `(n,)`": lambda logits, temperature, u: len(u) == 1,
        "`sample(torch.log(torch.tensor([0.5, 0.2, 0.3])), 1.0": lambda logits, temperature, u: (
            np.allclose(logits.exp(), [0.5, 0.2, 0.3]) and len(u) == 3
        ),
    },
    mistakes=(
        Mistake(
            "multiplies",
            "The logits are multiplied by the temperature. A high temperature should flatten the distribution: "
            "divide.",
            lambda logits, temperature, u: sampled(logits, 1 / temperature, u),
        ),
        Mistake(
            "no-temperature",
            "The temperature has no effect. Divide the logits by it before the softmax.",
            lambda logits, temperature, u: sampled(logits, 1.0, u),
        ),
        Mistake(
            "greedy",
            "Every number gets the likeliest token. Sampling gives each token as often as its probability says.",
            lambda logits, temperature, u: np.full(len(u), int(np.argmax(np.asarray(logits)))),
        ),
        Mistake(
            "one-before",
            "You return the last token whose cumulative probability is not above u; the first one above it is "
            "the next.",
            answers=(
                lambda logits, temperature, u: np.maximum(sampled(logits, temperature, u) - 1, 0),
                lambda logits, temperature, u: np.maximum(
                    beyond_the_last(np.float64)(logits, temperature, u) - 1, 0
                ),
            ),
        ),
        Mistake(
            "probabilities-divided",
            "You divided the probabilities by the temperature, so they no longer sum to 1. Divide the logits.",
            lambda logits, temperature, u: tokens_at(softmax(logits) / temperature, u),
        ),
        Mistake(
            "from-the-other-end",
            "You laid the probabilities down from the other end. Token 0 comes first, at u = 0.",
            lambda logits, temperature, u: sampled(logits, temperature, 1 - np.asarray(u)),
        ),
        Mistake(
            "sorts-first",
            "You sorted the probabilities first. They lie side by side in the order of the tokens.",
            answers=(laid_down(-1, 0), laid_down(-1, 1), laid_down(1, 0), laid_down(1, 1)),
        ),
        Mistake(
            "no-shift",
            "The exponential of a large logit overflows, and infinity over infinity is no probability. Take a softmax "
            "that subtracts the largest logit first.",
            answers=(
                sampled_without_shift(lambda sums: len(sums) - 1),
                sampled_without_shift(lambda sums: 0),
                sampled_without_shift(lambda sums: int(np.isnan(sums).argmax())),
                sampled_without_shift(len),
            ),
        ),
        Mistake(
            "beyond-the-last",
            "For a u near 1 you return V, and there is no such token: rounding leaves the sum of the probabilities a "
            "little below 1. What is left belongs to the last token.",
            answers=(beyond_the_last(np.float32), beyond_the_last(np.float64)),
        ),
        Mistake(
            "not-cumulative",
            "You compared u with each probability by itself. Add them up from the left, and compare with these sums.",
            first_above,
        ),
    ),
)

# --- 7 · below-the-entropy -------------------------------------------------------------------------------------------

BELOW_THE_ENTROPY = Choice(
    "below-the-entropy",
    points=1,
    options={
        "a": "a larger model",
        "b": "the target among the inputs",
        "c": "a smaller learning rate",
        "d": "more training text",
    },
    answer="b",
    mistakes=(
        Mistake(
            "size",
            "No model is large enough for that: the loss of the source itself is the entropy, and KL is never "
            "below 0.",
            "a",
        ),
        Mistake(
            "learning-rate",
            "Better training brings the loss down to the entropy. What could bring it below?",
            "c",
        ),
        Mistake(
            "data",
            "With more text a model comes nearer to the source, and the loss of the source is the entropy. What "
            "could bring it below?",
            "d",
        ),
    ),
)

# --- 8 · letter-model ------------------------------------------------------------------------------------------------


def draw_contexts(rng: np.random.Generator) -> list[Example]:
    """Return contexts of every length, each the beginning of a text of its own, and such as end in a rare pair."""

    def drawn(label: str, many: int, shortest: int, longest: int) -> Example:
        lengths = rng.integers(shortest, longest, size=many, endpoint=True)
        texts = letters.source().sample(many, longest, int(rng.integers(2**31))).tolist()
        return Example(label, [text[:length] for text, length in zip(texts, lengths, strict=True)])

    pairs = letters.source().block_probs(2).reshape(-1).numpy()
    rarest = np.argsort(pairs)[: len(pairs) // 4]
    rare = drawn("a rare pair at the end", 100, 2, 20)
    for context in rare.args[0]:
        context[-2:] = divmod(int(rng.choice(rarest)), V)
    return [
        drawn("no letter", 8, 0, 0),
        drawn("one letter", 16, 1, 1),
        drawn("a few letters", 400, 2, 8),
        drawn("some dozens of letters", 300, 16, 64),
        drawn("hundreds of letters", 100, 100, 250),
        rare,
    ]


LETTER_MODEL = Model(
    "letter-model",
    points=6,
    vocabulary=V,
    source=conditionals,
    baseline=letters.bigram,
    draw=draw_contexts,
    enough=ENOUGH,
    mistakes=(
        Mistake(
            "last-letter-only",
            "This is the bigram: it looks at the last letter only. The letters before it tell more.",
            letters.bigram,
        ),
        Mistake(
            "one-position-late",
            "You predict the last letter of the context, not the one after it. Look at the shift, or at which "
            "position's row you return.",
            lambda contexts: conditionals([context[:-1] for context in contexts]),
        ),
        Mistake(
            "backwards",
            "You read the contexts from back to front. The letter that is followed stands last.",
            lambda contexts: conditionals([context[::-1] for context in contexts]),
        ),
        Mistake(
            "reads-the-beginning",
            "Your prediction follows the first letters of the context. What matters stands at its end: cut long "
            "contexts at the front.",
            lambda contexts: conditionals([context[: letters.ORDER] for context in contexts]),
        ),
    ),
)

TASKS = (
    INPUTS_AND_TARGETS,
    LOSS_OF_A_BATCH,
    SGD_STEP,
    VALIDATION_NLL,
    PERPLEXITY_AND_BITS,
    SAMPLING,
    BELOW_THE_ENTROPY,
    LETTER_MODEL,
)
