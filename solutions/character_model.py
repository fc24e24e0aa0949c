"""A small model of the next character, trained by scalar autograd: embedding, a hidden layer of tanh, logits.

Every number in it is a `Value`, so it is slow and it can be read. Losses are in nats per character. Classes are the
characters of the text, counted from 0; class V is the start symbol, which stands in a context and is never predicted.

Source: chapter 7 of the book; Bengio et al. (2003) for the form of the model.
"""

import random
from collections.abc import Sequence

from solutions import SolutionsError
from solutions.autograd import Value, dot, mean, nll_from_logits

TEXT = """a seal sees the sea
the sea is still
a ship sails past the hills
the seal sees the ship
the ship sees the seal
a tail splashes
the seal is there, the ship is there
the tail is still
the ship sails past the seal
the sea is still there
"""

Example = tuple[tuple[int, ...], int]  # the classes of the context, the class that came next


class CharacterModel:
    """Logits of the next character from the `context` characters before it.

    Args:
        text: at least one character; its distinct characters, sorted, are the V classes.
        context: how many characters the model sees, ≥ 1.
        channels: C, the length of a character's embedding.
        hidden: H, the number of hidden units.
        seed: of the random start.

    >>> model = CharacterModel("abba", context=1, channels=2, hidden=3)
    >>> model.characters, model.start, len(model.logits([model.start]))
    (['a', 'b'], 2, 2)
    """

    def __init__(
        self, text: str, context: int = 3, channels: int = 4, hidden: int = 16, seed: int = 0
    ) -> None:
        if not text or min(context, channels, hidden) < 1:
            raise SolutionsError(
                "the text is empty or a size is below 1; give a text, and sizes of at least 1"
            )
        self.characters, self.context = sorted(set(text)), context
        self.start = len(self.characters)  # V
        rng = random.Random(seed)

        def matrix(rows: int, columns: int, scale: float) -> list[list[Value]]:
            return [[Value(rng.gauss(0.0, scale)) for _ in range(columns)] for _ in range(rows)]

        inputs = context * channels + 1  # the last input is always 1, and its weight is the bias
        self.embedding = matrix(self.start + 1, channels, 1.0)  # (V + 1, C)
        self.hidden = matrix(hidden, inputs, inputs**-0.5)  # (H, context · C + 1)
        self.output = matrix(
            self.start, hidden + 1, 0.1 * hidden**-0.5
        )  # (V, H + 1): small, so the start is uniform

    def parameters(self) -> list[Value]:
        return [value for part in (self.embedding, self.hidden, self.output) for row in part for value in row]

    def logits(self, context: Sequence[int]) -> list[Value]:
        """Return the V logits of the next character."""
        one = Value(1.0)
        inputs = [value for character in context for value in self.embedding[character]] + [one]
        units = [dot(weights, inputs).tanh() for weights in self.hidden] + [one]
        return [dot(weights, units) for weights in self.output]

    def examples(self, text: str) -> list[Example]:
        """Return one example for each character of a text, the contexts of the first ones filled up with the start."""
        if unseen := sorted(set(text) - set(self.characters)):
            raise SolutionsError(
                f"the characters {unseen} are not among the model's; train it on a text with them"
            )
        classes = [self.start] * self.context + [self.characters.index(character) for character in text]
        return [(tuple(classes[j : j + self.context]), classes[j + self.context]) for j in range(len(text))]

    def loss(self, examples: Sequence[Example]) -> Value:
        """Return the mean NLL of the examples in nats per character."""
        return mean([nll_from_logits(self.logits(context), target) for context, target in examples])


def train(
    model: CharacterModel,
    examples: Sequence[Example],
    steps: int = 600,
    batch: int = 8,
    rate: float = 1.0,
    seed: int = 0,
) -> list[float]:
    """Train in place by gradient descent on random batches; the rate falls in a straight line to a tenth.

    Returns:
        The mean NLL of each step's batch before that step, in nats per character.

    >>> model = CharacterModel("abba" * 9, context=2, channels=2, hidden=4)
    >>> losses = train(model, model.examples("abba" * 9), steps=60, batch=8)
    >>> losses[0] > 0.6 > 0.3 > losses[-1]
    True
    """
    rng, parameters, losses = random.Random(seed), model.parameters(), []
    for step in range(steps):
        loss = model.loss(rng.choices(examples, k=batch))
        for parameter in parameters:
            parameter.grad = 0.0
        loss.backward()
        current = rate * (1 - 0.9 * step / steps)
        for parameter in parameters:
            parameter.data -= current * parameter.grad
        losses.append(loss.data)
    return losses
