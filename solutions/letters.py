"""The letters of exercise set 08: a source of them that only the judge knows, and the text that students train on.

Contexts are lists of tokens 0..V−1, `a` is 0. Torch is imported when the source is first asked for.
"""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from solutions.lm.sources import MarkovSource

LETTERS = "abcdefghijklmnop"
V = len(LETTERS)
ORDER = 2
TRAINING_LETTERS = 100_000
_LINE = 100


@cache
def source() -> "MarkovSource":
    """Return the source: each letter depends on the two before it, in a way that a few hundred numbers describe.

    >>> print(f"{source().entropy_rate():.3f}")
    1.905
    """
    from solutions.lm.sources import MarkovSource  # it needs Torch

    return MarkovSource.log_bilinear(ORDER, V, seed=7, rank=8, weights=(1.5, 1.5))


def training_text() -> str:
    """Return `exercises/08_language_model/letters.txt`: 100,000 letters of the source, 100 a line.

    >>> training_text()[:12]
    'ncdmgdihkilm'
    """
    letters = "".join(LETTERS[token] for token in source().sample(1, TRAINING_LETTERS, 80)[0])
    return "".join(f"{letters[i : i + _LINE]}\n" for i in range(0, TRAINING_LETTERS, _LINE))


def conditionals(contexts: list[list[int]]) -> NDArray[np.float64]:
    """Return the source's distribution of the next letter after each of N contexts: shape ``(N, V)``.

    >>> conditionals([[], [0, 15]]).sum(axis=1).round(9)
    array([1., 1.])
    """
    import torch

    rows = np.empty((len(contexts), V))
    for seen in range(ORDER + 1):  # what lies further back than the order does not matter
        places = [i for i, context in enumerate(contexts) if min(len(context), ORDER) == seen]
        tails = [contexts[i][len(contexts[i]) - seen :] for i in places]
        if places:
            tokens = torch.tensor(tails, dtype=torch.int64).reshape(len(places), seen)
            rows[places] = source().next_probs(tokens)[:, -1].numpy()
    return rows


def bigram(contexts: list[list[int]]) -> NDArray[np.float64]:
    """Return the distributions of the best model that sees the last letter only: shape ``(N, V)``.

    >>> bool((bigram([[0, 1, 2]]) == conditionals([[2]])).all())
    True
    """
    return conditionals([context[-1:] for context in contexts])
