"""Exercise set 08, a language model: inputs and targets, loss, training step, validation, and a model of one's own.

The model is trained on letters of a known source, `solutions.letters`, and marked by its KL to it.
"""

from typing import Any

import numpy as np

from grader.cases import Choice, Example, Function, Mistake, Model
from solutions import information, letters
from solutions.letters import V, conditionals
from solutions.logits import log_softmax, softmax

ENOUGH = 0.05
"""KL in nats per letter that earns all points; tests/exercises/test_language_model.py measures what models reach."""


def tensor(array: Any) -> Any:
    """Return the array as a Torch tensor, as students' functions get it."""
    import torch  # here, for the names and points of a set are read by who has no use for Torch

    return torch.from_numpy(np.ascontiguousarray(array))


# --- inputs and targets ----------------------------------------------------------------------------------


def draw_tokens(rng: np.random.Generator) -> list[Example]:
    """Return tokens, shape (B, T), and the start symbol."""

    def example(label: str, B: int, T: int, start: int) -> Example:
        return Example(label, tensor(rng.integers(start, size=(B, T))), start)

    return [
        example("several sequences", 4, 6, 16),
        example("several sequences", 3, 9, 5),
        example("one sequence", 1, 7, 10),
        example("sequences of one token", 5, 1, 4),
    ]


def with_start(tokens: Any, start: int) -> Any:
    tokens = np.asarray(tokens)
    return np.concatenate([np.full_like(tokens[:, :1], start), tokens], axis=1)


INPUTS_AND_TARGETS = Function(
    "inputs-and-targets",
    points=2,
    reference=lambda tokens, start: (with_start(tokens, start)[:, :-1], np.asarray(tokens)),
    draw=draw_tokens,
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
            lambda tokens, start: (tokens, with_start(tokens, start)[:, :-1]),
        ),
    ),
)

# --- the loss --------------------------------------------------------------------------------------------


def draw_logits(rng: np.random.Generator) -> list[Example]:
    """Return logits, shape (B, T, V) in float32, and targets, shape (B, T)."""

    def example(label: str, shape: tuple[int, int, int], scale: float = 1.5) -> Example:
        logits = (scale * rng.standard_normal(shape)).astype(np.float32)
        return Example(label, tensor(logits), tensor(rng.integers(shape[2], size=shape[:2])))

    return [
        example("a batch", (3, 5, 7)),
        example("a batch", (4, 4, 4)),  # so that no wrong axis is told by its size
        example("one token", (1, 1, 6)),
        example("large logits", (2, 6, 5), 400.0),
    ]


def mean_loss(logits: Any, targets: Any) -> Any:
    """Return the mean over all positions of −log ŷ[target], in nats per token."""
    return -picked(log_softmax(logits), targets).mean()


def picked(rows: Any, targets: Any) -> Any:
    return np.take_along_axis(np.asarray(rows), np.asarray(targets)[..., None], axis=-1)[..., 0]


def mean_loss_without_shift(logits: Any, targets: Any) -> Any:
    exponentials = np.exp(np.asarray(logits))
    with np.errstate(all="ignore"):
        return -np.log(picked(exponentials / exponentials.sum(axis=-1, keepdims=True), targets)).mean()


def mean_loss_over_time(logits: Any, targets: Any) -> Any:
    over_time = np.moveaxis(log_softmax(np.moveaxis(np.asarray(logits), 1, -1)), -1, 1)
    return -picked(over_time, targets).mean()


LOSS_OF_A_BATCH = Function(
    "loss-of-a-batch",
    points=2,
    reference=mean_loss,
    draw=draw_logits,
    rtol=1e-5,
    accepts=("float32",),
    forbidden=(".cross_entropy", ".nll_loss", ".CrossEntropyLoss", ".NLLLoss"),
    mistakes=(
        Mistake(
            "sum-for-mean",
            "You added the losses of the tokens. Divide by their number: a loss per token does not grow with the "
            "batch.",
            lambda logits, targets: mean_loss(logits, targets) * np.asarray(targets).size,
        ),
        Mistake(
            "missing-minus",
            "The minus is missing. Log-probabilities are never above 0, so the loss is never below.",
            lambda logits, targets: -mean_loss(logits, targets),
        ),
        Mistake(
            "all-classes",
            "You averaged over all classes. Only the log-probability of the target counts: gather it.",
            lambda logits, targets: -log_softmax(logits).mean(),
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
            mean_loss_without_shift,
        ),
    ),
)

# --- one step of training --------------------------------------------------------------------------------


def draw_steps(rng: np.random.Generator) -> list[Example]:
    """Return a table of logits (V, V), inputs (N,), targets (N,) and a learning rate."""

    def example(label: str, inputs: Any, classes: int, lr: float) -> Example:
        table = rng.standard_normal((classes, classes))
        targets = rng.integers(classes, size=len(inputs))
        return Example(label, tensor(table), tensor(np.asarray(inputs)), tensor(targets), lr)

    return [
        example("a batch", rng.permutation(5)[:4], 5, 0.5),
        example("a batch", rng.permutation(8)[:6], 8, 0.1),
        example("an input that comes more than once", [2, 0, 2, 2, 1], 4, 0.3),
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


SGD_STEP = Function(
    "sgd-step",
    points=2,
    reference=step_of,
    draw=draw_steps,
    accepts=("float32",),
    mistakes=(
        Mistake(
            "uphill",
            "The step goes uphill: the gradient is added. Subtract it, and the loss falls.",
            lambda table, inputs, targets, lr: step_of(table, inputs, targets, lr, -1.0),
        ),
        Mistake(
            "sum-for-mean",
            "The step is that of the summed loss: N times too long. Take the gradient of the mean.",
            lambda table, inputs, targets, lr: step_of(table, inputs, targets, lr, len(inputs)),
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
    ),
)

# --- validation ------------------------------------------------------------------------------------------


def draw_batches(rng: np.random.Generator) -> list[Example]:
    """Return batches, each a pair of losses (B, T) in nats and a mask (B, T) of the real tokens."""

    def batch(lengths: list[int], T: int) -> tuple[Any, Any]:
        real = np.arange(T) < np.array(lengths)[:, None]
        return tensor(rng.uniform(0.5, 4.0, size=real.shape)), tensor(real)

    return [
        Example("batches of different sizes", [batch([6] * 4, 6), batch([6], 6)]),
        Example("batches of different sizes", [batch([9] * 3, 9), batch([9] * 3, 9), batch([2], 2)]),
        Example("padding", [batch([5, 2, 7], 7)]),
        Example("padding", [batch([5, 1, 3], 5), batch([8, 4], 8)]),
        Example("a batch of padding only", [batch([4, 3], 4), batch([0, 0], 3)]),
        Example("one token", [batch([1], 1)]),
    ]


def losses_of(batches: Any) -> tuple[Any, Any]:
    """Return all losses, and which of them are of real tokens, as two flat arrays."""
    losses, real = zip(*batches, strict=True)
    return np.concatenate([np.ravel(b) for b in losses]), np.concatenate([np.ravel(b) for b in real])


def mean_of_real(batches: Any) -> float:
    """Return the mean loss over all real tokens of all batches, in nats per token."""
    losses, real = losses_of(batches)
    return float(losses[real].sum() / real.sum())


def mean_of_means(batches: Any) -> float:
    with np.errstate(invalid="ignore"):
        return float(np.mean([np.sum(np.where(m, b, 0)) / np.sum(np.asarray(m)) for b, m in batches]))


def mean_of_sequences(batches: Any) -> float:
    rows = [
        np.asarray(r)[np.asarray(m)] for b, mask in batches for r, m in zip(b, mask, strict=True) if m.any()
    ]
    return float(np.mean([row.mean() for row in rows]))


VALIDATION_NLL = Function(
    "validation-nll",
    points=2,
    reference=mean_of_real,
    draw=draw_batches,
    accepts=("float32",),
    mistakes=(
        Mistake(
            "mean-of-batches",
            "You averaged the means of the batches, so a small last batch counts as much as a full one. Every "
            "token counts the same.",
            mean_of_means,
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

# --- units -----------------------------------------------------------------------------------------------


def draw_totals(rng: np.random.Generator) -> list[Example]:
    """Return a total loss in nats, a number of tokens and one of characters."""

    def example(label: str, tokens: int, per_token: float) -> Example:
        return Example(
            label, float(tokens * rng.uniform(0.8, 1.2) * per_token), tokens, int(tokens * 3.7) + 1
        )

    return [
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
    accepts=("float32",),
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
    ),
)

# --- sampling --------------------------------------------------------------------------------------------


def draw_uniforms(rng: np.random.Generator) -> list[Example]:
    """Return logits (V,), a temperature, and numbers (n,) from 0 to 1."""

    def example(label: str, temperature: float, scale: float = 1.5, classes: int = 8) -> Example:
        logits = scale * rng.standard_normal(classes)
        return Example(label, tensor(logits), temperature, tensor(rng.random(200)))

    return [
        example("temperature 1", 1.0),
        example("temperature 1", 1.0, 0.5, 16),
        example("a low temperature", 0.5),
        example("a high temperature", 3.0),
        example("large logits", 400.0, 800.0),
    ]


def tokens_at(probs: Any, u: Any) -> Any:
    """Return for each number u the first token whose cumulative probability is above it."""
    return np.minimum(np.searchsorted(np.cumsum(probs), np.asarray(u), side="right"), len(probs) - 1)


def sampled(logits: Any, temperature: float, u: Any) -> Any:
    return tokens_at(softmax(logits, temperature), u)


SAMPLING = Function(
    "sampling-with-temperature",
    points=2,
    reference=sampled,
    draw=draw_uniforms,
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
            lambda logits, temperature, u: np.maximum(sampled(logits, temperature, u) - 1, 0),
        ),
        Mistake(
            "probabilities-divided",
            "You divided the probabilities by the temperature, so they no longer sum to 1. Divide the logits.",
            lambda logits, temperature, u: tokens_at(softmax(logits) / temperature, u),
        ),
    ),
)

# --- a loss that is too good -----------------------------------------------------------------------------

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

# --- the model -------------------------------------------------------------------------------------------


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
