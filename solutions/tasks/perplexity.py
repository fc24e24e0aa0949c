"""Exercise set 06, perplexity: from token probabilities to one number for a text, and its units.

The perplexity of m tokens with total loss NLL in nats is exp(NLL / m).
"""

import numpy as np
from sympy import Product, Sum, exp, log

from grader.algebra import index, positive, probabilities, size
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

MEAN_NLL = 2.1

PERPLEXITY_OF_MEAN_NLL = Value(
    "perplexity-of-mean-nll",
    points=1,
    answer=float(information.perplexity(MEAN_NLL)),
    within=(1, 100),
    unit="",
    mistakes=(
        Mistake(
            "base-2",
            "You raised 2 to a loss in nats. Two is the base for bits; the base for nats is e.",
            2.0**MEAN_NLL,
        ),
        Mistake(
            "flipped-sign",
            "A perplexity is at least 1, yours is below. The loss is already minus the log-likelihood: "
            "no second minus.",
            float(np.exp(-MEAN_NLL)),
        ),
        Mistake("base-10", "You raised 10 to the loss. Natural logarithms are undone by e.", 10.0**MEAN_NLL),
        Mistake(
            "gives-the-loss",
            "This is the loss itself. A perplexity is a number of equally likely choices, so the "
            "logarithm must be undone.",
            MEAN_NLL,
        ),
    ),
)

# --- one text --------------------------------------------------------------------------------------------


def draw_probs(rng: np.random.Generator) -> list[Example]:
    """Return the probabilities of a text's tokens, shape (m,)."""
    impossible = rng.uniform(0.05, 0.9, size=5)
    impossible[3] = 0.0
    unlikely = rng.uniform(0.05, 0.9, size=5)
    unlikely[1] = 1e-9
    return [
        Example("a few tokens", rng.uniform(0.05, 0.9, size=4)),
        Example("a few tokens", rng.uniform(0.01, 0.5, size=7)),
        Example("a few tokens", rng.uniform(0.05, 0.9, size=1)),
        Example("a few tokens", np.ones(6)),  # the model knows the text by heart
        Example("a long text", rng.uniform(0.001, 0.2, size=1500)),
        Example("a token with probability 0", impossible),
        Example("a token with probability 0", unlikely),  # so that whoever always returns inf is not right
    ]


def perplexity_of_probs(probs):
    """Return exp of the mean of −log p over the tokens, shape (m,) -> ()."""
    return information.perplexity(information.nll(probs), np.size(probs))


def perplexity_through_the_product(probs):
    return np.prod(probs) ** (-1 / np.size(probs))


PERPLEXITY_FROM_PROBS = Function(
    "perplexity-from-probs",
    points=2,
    reference=perplexity_of_probs,
    accepts=("float32",),
    draw=draw_probs,
    mistakes=(
        Mistake(
            "multiplies-first",
            "You multiply the probabilities first. A product of some hundred of them is rounded to 0 in "
            "float64: add their logarithms instead.",
            perplexity_through_the_product,
        ),
        Mistake(
            "sum-for-mean",
            "You took exp of the total loss. Divide by the number of tokens first: a perplexity is per "
            "token.",
            lambda probs: np.exp(information.nll(probs)),
        ),
        Mistake(
            "missing-minus",
            "The minus is missing. Your value lies below 1; a perplexity is at least 1.",
            lambda probs: np.exp(-information.nll(probs) / np.size(probs)),
        ),
        Mistake(
            "base-2",
            "You mixed two bases: natural logarithms and a power of 2. Use e with log, or 2 with log2.",
            lambda probs: 2.0 ** (information.nll(probs) / np.size(probs)),
        ),
        Mistake(
            "mean-of-inverses",
            "You averaged the inverse probabilities. The average belongs inside, over the logarithms: "
            "their mean is geometric, not arithmetic.",
            lambda probs: np.mean(1 / np.asarray(probs)),
        ),
        Mistake(
            "inverse-of-mean",
            "You averaged the probabilities and took the inverse. The average is over the losses of the "
            "tokens.",
            lambda probs: 1 / np.mean(probs),
        ),
    ),
)

m = size("m")
i, j, k = (index(name, m) for name in "ijk")
p = probabilities("p", m)
LIKELIHOOD = Product(p[j], (j, 1, m))
LOG_LIKELIHOOD = Sum(log(p[j]), (j, 1, m))

PERPLEXITY_STEPS = DerivationTask(
    "perplexity-steps",
    points=2,
    start=LIKELIHOOD ** (-1 / m),
    goal=exp(-LOG_LIKELIHOOD / m),
    milestones=(
        Milestone(
            "exp-of-log",
            "the logarithm of the product is taken, or the root and the inverse have gone into the product",
            forms=(
                Form(holds=("log>Product",)),
                Form(holds=("Product>Pow",)),
                Form(holds=("Product>exp",)),
                Form(holds=("Product>log",)),
                # SymPy draws the root into the exponent at once
                Form(holds=("Pow>exp>Sum>log",), free_of=("Product",), written=True),
            ),
        ),
    ),
    symbols=(m, i, j, k, p),
    mistakes=(
        Mistake(
            "missing-minus",
            "The minus of the exponent is gone. Probabilities lie below 1, so this line does too, and a "
            "perplexity does not.",
            exp(LOG_LIKELIHOOD / m),
        ),
        Mistake(
            "missing-mean",
            "The root is gone: without 1/m this grows with every further token.",
            exp(-LOG_LIKELIHOOD),
        ),
        Mistake(
            "log-of-sum",
            "You took the logarithm of a sum. The logarithm of a product is the sum of the logarithms.",
            exp(-log(Sum(p[j], (j, 1, m))) / m),
        ),
        Mistake(
            "forgets-the-exponential",
            "This is the mean loss in nats, the logarithm of the line above. To stay equal, it needs its"
            " exp.",
            -LOG_LIKELIHOOD / m,
        ),
    ),
    form=Form(
        free_of=("Product", "log>exp", "Derivative"),
        says="The last line must be an exponential of a mean of logarithms, with no product in it.",
    ),
)

# --- a corpus --------------------------------------------------------------------------------------------


def draw_corpus(rng: np.random.Generator) -> list[Example]:
    """Return corpora: lists of sentences, each a list of the log-probabilities of its tokens, in nats."""

    def sentence(length: int, hard: float) -> list[float]:
        return [float(-hard * x) for x in rng.uniform(0.2, 2.0, size=length)]

    return [
        Example("sentences of one length", [sentence(5, 1.0)]),
        Example("sentences of one length", [sentence(4, 0.5), sentence(4, 2.0), sentence(4, 1.0)]),
        Example("sentences of different lengths", [sentence(2, 3.0), sentence(20, 0.5)]),
        Example(
            "sentences of different lengths", [sentence(int(n), 1.5) for n in rng.permutation([1, 3, 9, 27])]
        ),
        Example("a long corpus", [sentence(int(n), 2.0) for n in rng.integers(20, 60, size=30)]),
    ]


def corpus_perplexity(log_probs):
    """Return exp of the mean loss over all tokens of all sentences."""
    nlls = [-sum(sentence) for sentence in log_probs]
    return information.corpus_perplexity(nlls, [len(sentence) for sentence in log_probs])


def mean_losses(log_probs):
    return np.array([-np.mean(sentence) for sentence in log_probs])


CORPUS_PERPLEXITY = Function(
    "corpus-perplexity",
    points=2,
    reference=corpus_perplexity,
    accepts=("float32",),
    draw=draw_corpus,
    mistakes=(
        Mistake(
            "averages-perplexities",
            "You averaged the sentences' perplexities. Average losses, then take exp once, at the very end.",
            lambda log_probs: np.exp(mean_losses(log_probs)).mean(),
        ),
        Mistake(
            "averages-sentence-means",
            "You averaged the mean losses of the sentences, so a token of a short sentence counts more "
            "than one of a long sentence. Every token counts the same.",
            lambda log_probs: np.exp(mean_losses(log_probs).mean()),
        ),
        Mistake(
            "divides-by-sentences",
            "You divided the total loss by the number of sentences. A perplexity is per token: count the"
            " tokens.",
            lambda log_probs: np.exp(-sum(map(sum, log_probs)) / len(log_probs)),
        ),
        Mistake(
            "missing-minus",
            "The minus is missing. Log-probabilities are negative, losses are not; your value lies below 1.",
            lambda log_probs: 1 / corpus_perplexity(log_probs),
        ),
        Mistake(
            "base-2",
            "You raised 2 to a loss in nats. Two is the base for bits; the base for nats is e.",
            lambda log_probs: 2 ** np.log(corpus_perplexity(log_probs)),
        ),
    ),
)

L_1, L_2 = positive("L_1"), positive("L_2")
m_1, m_2 = size("m_1"), size("m_2")

TWO_SENTENCES = Expression(
    "two-sentences",
    points=1,
    answer=exp((L_1 + L_2) / (m_1 + m_2)),
    symbols=(L_1, L_2, m_1, m_2),
    mistakes=(
        Mistake(
            "averages-perplexities",
            "This is the average of the two perplexities. Pool the losses and the tokens, then take exp "
            "once.",
            (exp(L_1 / m_1) + exp(L_2 / m_2)) / 2,
        ),
        Mistake(
            "averages-sentence-means",
            "You averaged the two mean losses, so both sentences count the same, however long they are. "
            "Tokens should.",
            exp((L_1 / m_1 + L_2 / m_2) / 2),
        ),
        Mistake(
            "adds-the-means",
            "You added the two mean losses. That is the product of the perplexities, and it grows with "
            "every sentence.",
            exp(L_1 / m_1 + L_2 / m_2),
        ),
        Mistake(
            "flipped-sign",
            "The losses are minus the log-likelihoods already. With a second minus the value lies below 1.",
            exp(-(L_1 + L_2) / (m_1 + m_2)),
        ),
        Mistake(
            "base-2",
            "You raised 2 to a loss in nats. Two is the base for bits; the base for nats is e.",
            2 ** ((L_1 + L_2) / (m_1 + m_2)),
        ),
    ),
)

# --- units -----------------------------------------------------------------------------------------------

BITS_OF_NATS = Value(
    "bits-of-nats",
    points=1,
    answer=float(information.bits_from_nats(MEAN_NLL)),
    within=(0, 20),
    unit="bits",
    atol=1e-3,
    mistakes=(
        Mistake(
            "wrong-way",
            "You multiplied by log 2: that turns bits into nats. A bit is the smaller unit, so there "
            "must be more of them.",
            float(information.nats_from_bits(MEAN_NLL)),
        ),
        Mistake(
            "log-of-the-loss",
            "You took the logarithm of the loss. The loss is a logarithm already: changing its base is a"
            " division.",
            float(np.log2(MEAN_NLL)),
        ),
        Mistake(
            "gives-the-perplexity",
            "This is the perplexity, which has no unit. What is asked is the same loss in another unit.",
            float(np.exp(MEAN_NLL)),
        ),
        Mistake("base-10", "You divided by log 10. A bit has base 2.", float(MEAN_NLL / np.log(10))),
    ),
)


def draw_texts(rng: np.random.Generator) -> list[Example]:
    """Return the NLL of a text in nats, and the text."""

    def text_with(words: list[str]) -> tuple[float, str]:
        text = " ".join(rng.choice(words, size=6))
        return float(len(text) * rng.uniform(0.5, 2.0)), text

    return [
        Example("plain English", *text_with(["the", "cat", "sat", "on", "a", "mat", "again"])),
        Example("letters with accents", *text_with(["naïve", "café", "señor", "über", "garçon"])),
        Example("a script of its own", *text_with(["猫", "坐", "在", "垫子", "上"])),
        Example("pictures", *text_with(["😀", "🐈", "ok", "👍"])),
    ]


BITS_PER_BYTE = Function(
    "bits-per-byte",
    points=2,
    reference=information.bits_per_byte,
    accepts=("float32",),
    draw=draw_texts,
    mistakes=(
        Mistake(
            "per-character",
            "You divided by the number of characters. In UTF-8 an é takes 2 bytes and a 😀 takes 4: "
            "encode the text first.",
            information.bits_per_character,
        ),
        Mistake(
            "nats-per-byte",
            "This is in nats per byte. The last step is missing: the change from nats to bits.",
            lambda nll, text: nll / len(text.encode()),
        ),
        Mistake(
            "wrong-way",
            "You multiplied by log 2: that turns bits into nats. A bit is the smaller unit, so there "
            "must be more of them.",
            lambda nll, text: nll * np.log(2) / len(text.encode()),
        ),
        Mistake(
            "per-word",
            "You divided by the number of words. The unit asked for is bits per byte.",
            lambda nll, text: nll / np.log(2) / len(text.split()),
        ),
        Mistake(
            "total-bits",
            "This is the whole text in bits. Divide by its number of bytes.",
            lambda nll, text: nll / np.log(2),
        ),
    ),
)

# --- words -----------------------------------------------------------------------------------------------

COMPARABLE_PERPLEXITIES = Choice(
    "comparable-perplexities",
    points=1,
    options={
        "a": "Model A: 21 per token, with a vocabulary of 32,000 tokens. "
        "Model B: 24 per token on the same text, with one of 50,000.",
        "b": "Model A: 21 per token on news. Model B: 24 per token on novels. Both use the same tokens.",
        "c": "Model A: 21 per token on the test text. "
        "Model B: 24 per token on the same text, the same tokens and contexts.",
        "d": "Model A: 21, which is 2 to the power of its mean loss in nats. Model B: 24, which is e to that "
        "power.",
    },
    answer="c",
    mistakes=(
        Mistake(
            "other-tokens",
            "With another vocabulary the same text has another number of tokens, so the losses are "
            "divided by different counts. Bits per byte would do.",
            "a",
        ),
        Mistake("other-text", "The two numbers may say more about the texts than about the models.", "b"),
        Mistake(
            "other-base",
            "The base must fit the unit of the loss. Turn the first number back into a loss and compute "
            "both alike.",
            "d",
        ),
    ),
)

WHY_NOT_AVERAGE = FreeText(
    "why-not-average",
    points=2,
    scheme=(
        (1, "Gives the right number, exp((2·3 + 8·1) / 10) = exp(1.4) ≈ 4.06, or the right recipe: pool "
            "the losses and the tokens, divide, then take exp."),
        (1, "Says why the average of perplexities differs: exp is convex, so a hard sentence weighs too "
            "much (Jensen), or: each sentence counts the same, however many tokens it has."),
    ),
)  # fmt: skip

TASKS = (
    PERPLEXITY_OF_MEAN_NLL,
    PERPLEXITY_FROM_PROBS,
    PERPLEXITY_STEPS,
    TWO_SENTENCES,
    CORPUS_PERPLEXITY,
    WHY_NOT_AVERAGE,
    BITS_OF_NATS,
    BITS_PER_BYTE,
    COMPARABLE_PERPLEXITIES,
)
