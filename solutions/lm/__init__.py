"""The reference language model: sources with known distributions, a small Transformer, its training and its scores.

Importing the package imports nothing else. Torch comes with `solutions.lm.model`, `solutions.lm.sources` and the
other modules. Tokens are int64, classes 0..V−1; information is in nats per token unless a name says otherwise.
"""

from solutions import SolutionsError


class LMError(SolutionsError):
    """What the language model and its sources raise.

    The message says what was given, what was expected and what to do next.
    """
