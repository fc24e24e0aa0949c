"""A small model task: a source over four tokens in which each depends on the two before it."""

import numpy as np

from grader.cases import Example, Mistake, Model

V = 4
TABLE = np.random.default_rng(5).dirichlet(np.full(V, 0.8), size=(V, V)) * 0.9 + 0.1 / V
PAIRS = np.full(V * V, 1 / V**2)
for _ in range(500):  # the stationary distribution of the last two tokens, by iterating
    PAIRS = np.einsum("ab,abc->bc", PAIRS.reshape(V, V), TABLE).reshape(-1)
JOINT = PAIRS.reshape(V, V)
BIGRAM = JOINT / JOINT.sum(axis=1, keepdims=True)
UNIGRAM = JOINT.sum(axis=1)


def conditionals(contexts):
    return np.array(
        [TABLE[c[-2], c[-1]] if len(c) > 1 else BIGRAM[c[-1]] if c else UNIGRAM for c in contexts]
    )


def bigram(contexts):
    return conditionals([c[-1:] for c in contexts])


def text(rng, length):
    tokens: list[int] = []
    while len(tokens) < length:
        tokens.append(int(rng.choice(V, p=conditionals([tokens])[0])))
    return tokens


def draw(rng):
    return [
        Example("no token", [[], [], []]),
        Example("a few tokens", [text(rng, int(n)) for n in rng.integers(1, 6, size=200)]),
        Example("many tokens", [text(rng, int(n)) for n in rng.integers(20, 40, size=120)]),
    ]


LETTERS = Model(
    "letters",
    6,
    vocabulary=V,
    source=conditionals,
    baseline=bigram,
    draw=draw,
    enough=0.02,
    mistakes=[
        Mistake("last-token-only", "It looks at the last token only.", bigram),
        Mistake(
            "one-late",
            "It predicts the last token.",
            lambda contexts: conditionals([c[:-1] for c in contexts]),
        ),
    ],
    seconds=5.0,
)
