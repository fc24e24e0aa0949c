"""Exercise set 06, perplexity: from token probabilities to one number for a text, and its units.

The perplexity of m tokens with total loss NLL in nats is exp(NLL / m).
"""

import math

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
from solutions.tasks._slips import quietly, with_epsilons

MEAN_NLL = 2.1  # nats per token, in the tasks 1 and 7

# --- 1 · perplexity-of-mean-nll --------------------------------------------------------------------------------------

PERPLEXITY_OF_MEAN_NLL = Value(
    "perplexity-of-mean-nll",
    points=1,
    answer=float(information.perplexity(MEAN_NLL)),
    within=(1, 100),
    rtol=0.0,
    atol=1e-2,
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

# --- 2 · perplexity-from-probs ---------------------------------------------------------------------------------------


def draw_probs(rng: np.random.Generator) -> list[Example]:
    """Return the probabilities of a text's tokens, shape (m,)."""

    def text(m: int) -> np.ndarray:
        return rng.uniform(0.05, 0.9, size=m)

    def with_zeros(m: int, zeros: int) -> np.ndarray:
        return rng.permutation([*text(m - zeros), *np.zeros(zeros)])

    # Forty of 1e-37 in a row, so that no product of ten is a float; few digits, since a case is sent around.
    long = np.array([float(f"{p:.3g}") for p in 10.0 ** rng.uniform(-5, -0.2, size=2500)])
    place = int(rng.integers(2400))
    long[place : place + 40] = 1e-37
    repeated = rng.permutation([*np.repeat(text(1), 5), *text(2)])
    unlikely = text(6)
    unlikely[4] = 1e-9
    return [
        Example("a few tokens", np.array([0.5, 0.5, 0.5])),
        # Their product is 0 already, and float32 holds each of them.
        Example("a few tokens", np.full(9, 1e-37)),
        # Subnormal: not 0, but with one digit only, which is off by a tenth.
        Example("a few tokens", rng.permutation([*np.full(8, 1e-37), 1.3e-27])),
        Example("a few tokens", text(4)),
        Example("a few tokens", repeated),
        Example("a few tokens", np.ones(6)),  # the model knows the text by heart
        Example("one token", rng.uniform(0.1, 0.5, size=1)),
        Example("one token", np.array([1e-6])),
        Example("a long text", long),
        Example("a token with probability 0", with_zeros(6, 1)),
        Example("a token with probability 0", with_zeros(9, 2)),
        Example("a token with probability 0", np.zeros(1)),
        Example("a token with probability 0", unlikely),  # so that whoever always returns inf is not right
    ]


def perplexity_of_probs(probs):
    """Return exp of the mean of −log p over the tokens, shape (m,) -> ()."""
    return information.perplexity(information.nll(probs), np.size(probs))


def mean_nll(probs):
    return information.nll(probs) / np.size(probs)


def through_the_product(dtype):
    """Return the perplexity by a product in this precision."""
    return lambda probs: np.prod(probs.astype(dtype)) ** (-1 / np.size(probs))


def through_the_inverse(probs):
    """Return the perplexity by the inverse of a product, which is infinite before the product is 0.

    Only the division by 0 speaks for it: to an overflow lead other roads, too.
    """
    with np.errstate(over="ignore"):
        return (1 / np.prod(probs)) ** (1 / np.size(probs))


def through_the_product_unless(refused):
    """Return the perplexity by a product, but from logarithms where the probabilities and their product are refused."""

    def answer(probs):
        product = np.prod(probs)
        return perplexity_of_probs(probs) if refused(probs, product) else product ** (-1 / np.size(probs))

    return quietly(answer)


def mixed_bases(loss):
    """Return the perplexities by a power of one base and a logarithm of another, of a mean loss in nats."""
    return (
        lambda *args: 2 ** loss(*args),
        lambda *args: 10 ** loss(*args),
        lambda *args: np.exp(loss(*args) / np.log(2)),
        lambda *args: np.exp(loss(*args) / np.log(10)),
        lambda *args: 2 ** (loss(*args) / np.log(10)),
        lambda *args: 10 ** (loss(*args) / np.log(2)),
    )


def with_one_token_less(probs):
    return np.exp(information.nll(probs) / (np.size(probs) - 1))


def of_the_possible_tokens(probs):
    probs = probs[probs > 0]
    return np.exp(-np.mean(np.log(probs)))


PERPLEXITY_FROM_PROBS = Function(
    "perplexity-from-probs",
    points=2,
    reference=perplexity_of_probs,
    rtol=1e-6,  # a perplexity grows with its rounding errors
    accepts=("float32",),
    draw=draw_probs,
    promises={
        "A text may have one token": lambda probs: len(probs) == 1,
        "or thousands": lambda probs: len(probs) > 2000,
        "numbers too small for a float": lambda probs: (
            np.prod(probs.astype(np.longdouble)) == 0 < probs.min()
        ),
        "Beware of numbers too small": lambda probs: len(probs) < 10 and np.prod(probs) == 0 < probs.min(),
        "too small for a float": lambda probs: 0 < np.prod(probs) < 1e-320,
        "If a token had probability 0": lambda probs: 0 in probs,
        "`perplexity_from_probs(np.array([0.5, 0.5, 0.5]))`": lambda probs: probs.tolist() == [0.5, 0.5, 0.5],
    },
    mistakes=(
        Mistake(
            "multiplies-first",
            "You multiply the probabilities first. Of a long text, or of unlikely tokens, the product is rounded to 0: "
            "add logarithms instead.",
            answers=(
                through_the_product(np.float64),
                quietly(through_the_product(np.float64)),
                through_the_product(np.longdouble),
                through_the_inverse,
                lambda probs: math.prod(probs.tolist()) ** (-1 / len(probs)),  # raises where the product is 0
            ),
        ),
        Mistake(
            "multiplies-when-short",
            "You multiply the probabilities of short texts. Nine unlikely tokens are enough for a product that no "
            "float holds: add logarithms whatever the length.",
            answers=tuple(
                through_the_product_unless(lambda probs, _, long=long: len(probs) > long)
                for long in (9, 10, 20, 200)
            ),
        ),
        Mistake(
            "multiplies-until-zero",
            "You take the product wherever it is not 0. Shortly before a float is 0 it has lost its digits: add "
            "logarithms always.",
            through_the_product_unless(lambda _, product: product == 0),
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
            lambda probs: np.exp(-mean_nll(probs)),
        ),
        Mistake(
            "mixes-bases",
            "You mixed two bases. A power undoes the logarithm of its own base: e with log, or 2 with log2.",
            answers=mixed_bases(mean_nll),
        ),
        Mistake(
            "gives-the-loss",
            "This is the mean loss in nats. A perplexity is a number of equally likely tokens: undo the logarithm.",
            mean_nll,
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
        Mistake(
            "one-token-less",
            "You divided by m − 1. The mean is over all m tokens.",
            answers=(
                with_one_token_less,
                lambda probs: np.exp(information.nll(probs) / max(np.size(probs) - 1, 1)),
            ),
        ),
        Mistake(
            "leaves-out-zeros",
            "You left out the tokens with probability 0. An impossible text has the perplexity inf.",
            of_the_possible_tokens,
        ),
        Mistake(
            "adds-epsilon",
            "You made the probabilities a little larger before the logarithm, so an impossible token has a finite "
            "loss, and an unlikely one too small a loss. Leave them as they are.",
            answers=with_epsilons(lambda change, probs: np.exp(-np.log(change(probs)).mean())),
        ),
        Mistake(
            "counts-each-value-once",
            "Probabilities that are equal count once only. Each token counts, whether another has the same or not.",
            lambda probs: perplexity_of_probs(np.unique(probs)),
        ),
    ),
)

# --- 3 · perplexity-steps --------------------------------------------------------------------------------------------

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
                Form(holds=("log>Product",), says="the logarithm of the product is taken"),
                Form(
                    holds=("Product>Pow>m",),
                    free_of=("Product>Product",),
                    says="the exponent has gone into the product",
                ),
                Form(
                    holds=("Product>inverse",),
                    free_of=("Product>Product",),
                    says="the inverse has gone into the product",
                ),
                Form(holds=("Product>exp",), says="every factor is an exponential"),
                Form(holds=("Product>log",), says="every factor has a logarithm in it"),
                # SymPy draws the root into the exponent at once, and another base is another way to write it
                Form(
                    holds=("Pow>Sum>log",),
                    free_of=("Product",),
                    says="the product has become a power with a sum of logarithms in it",
                    written=True,
                ),
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

# --- 4 · two-sentences -----------------------------------------------------------------------------------------------

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
            "weights-perplexities",
            "You averaged the two perplexities, weighted by their tokens. Pool the losses and the tokens, then take "
            "exp once.",
            (m_1 * exp(L_1 / m_1) + m_2 * exp(L_2 / m_2)) / (m_1 + m_2),
        ),
        Mistake(
            "divides-by-sentences",
            "You divided the total loss by the number of sentences. A perplexity is per token.",
            exp((L_1 + L_2) / 2),
        ),
        Mistake(
            "gives-the-loss",
            "This is the mean loss in nats. A perplexity is a number of equally likely tokens: undo the logarithm.",
            (L_1 + L_2) / (m_1 + m_2),
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

# --- 5 · corpus-perplexity -------------------------------------------------------------------------------------------


def draw_corpus(rng: np.random.Generator) -> list[Example]:
    """Return corpora: lists of sentences, each a list of the log-probabilities of its tokens, in nats."""

    def sentence(length: int, hard: float) -> list[float]:
        return [float(-hard * x) for x in rng.uniform(0.2, 2.0, size=length)]

    word = sentence(1, 1.0)
    return [
        Example("sentences of one length", [sentence(5, 1.0)]),
        Example("sentences of one length", [sentence(4, 0.5), sentence(4, 2.0), sentence(4, 1.0)]),
        Example("sentences of different lengths", [[-0.7, -1.2], [-2.3, -0.1, -0.4, -1.5]]),
        Example("sentences of different lengths", [sentence(2, 3.0), sentence(20, 0.5)]),
        Example(
            "sentences of different lengths", [sentence(int(n), 1.5) for n in rng.permutation([1, 3, 9, 27])]
        ),
        Example(
            "tokens that the model is sure of", [[0.0, *sentence(3, 1.0)], [*sentence(2, 2.0), 0.0, 0.0]]
        ),
        Example("tokens that the model is sure of", [[0.0], sentence(5, 1.0)]),
        Example("tokens that are equally likely", [2 * word + sentence(1, 2.0), sentence(1, 0.5) + 3 * word]),
        Example("a long corpus", [sentence(int(n), 2.0) for n in rng.integers(20, 60, size=30)]),
        Example("a long corpus", [sentence(int(n), 9.0) for n in rng.integers(100, 140, size=3)]),
    ]


def corpus_perplexity(log_probs):
    """Return exp of the mean loss over all tokens of all sentences."""
    nlls = [-sum(sentence) for sentence in log_probs]
    return information.corpus_perplexity(nlls, [len(sentence) for sentence in log_probs])


def mean_loss(log_probs):
    return np.log(corpus_perplexity(log_probs))


def mean_losses(log_probs):
    return np.array([-np.mean(sentence) for sentence in log_probs])


def tokens_of(log_probs):
    return np.concatenate([np.asarray(sentence) for sentence in log_probs])


def of_likely(log_probs):
    tokens = tokens_of(log_probs)
    return np.exp(-tokens[tokens != 0].mean())


def padded_with_zeros(log_probs):
    longest = max(map(len, log_probs))
    return np.exp(-tokens_of(log_probs).sum() / (len(log_probs) * longest))


CORPUS_PERPLEXITY = Function(
    "corpus-perplexity",
    points=2,
    reference=corpus_perplexity,
    rtol=1e-6,
    accepts=("float32",),
    draw=draw_corpus,
    promises={
        "sentences have different lengths": lambda log_probs: (
            len({len(s) for s in log_probs}) == len(log_probs) > 1
        ),
        "natural log-probabilities": lambda log_probs: 0.0 in tokens_of(log_probs),  # of a probability 1
        "Each sentence is a list": lambda log_probs: 1 in map(len, log_probs),
        "`corpus_perplexity(log_probs)`": lambda log_probs: (
            log_probs == [[-0.7, -1.2], [-2.3, -0.1, -0.4, -1.5]]
        ),
    },
    mistakes=(
        Mistake(
            "averages-perplexities",
            "You averaged the sentences' perplexities. Average losses, then take exp once, at the very end.",
            lambda log_probs: np.exp(mean_losses(log_probs)).mean(),
        ),
        Mistake(
            "weights-perplexities",
            "You averaged the sentences' perplexities, weighted by their tokens. Add up losses, and take exp once.",
            lambda log_probs: np.average(np.exp(mean_losses(log_probs)), weights=[len(s) for s in log_probs]),
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
            "mixes-bases",
            "The log-probabilities are natural logarithms, and you undid logarithms of another base. The base is e.",
            answers=mixed_bases(mean_loss),
        ),
        Mistake(
            "gives-the-loss",
            "This is the mean loss in nats. A perplexity is a number of equally likely tokens: undo the logarithm.",
            mean_loss,
        ),
        Mistake(
            "sum-for-mean",
            "You took exp of the total loss. Divide by the number of tokens first: a perplexity is per token.",
            lambda log_probs: np.exp(-tokens_of(log_probs).sum()),
        ),
        Mistake(
            "one-token-less",
            "You counted the tokens wrongly: one too few, in all or in each sentence. The mean is over all of them.",
            answers=(
                lambda log_probs: np.exp(-tokens_of(log_probs).sum() / (tokens_of(log_probs).size - 1)),
                lambda log_probs: np.exp(-sum(map(sum, log_probs)) / sum(len(s) - 1 for s in log_probs)),
            ),
        ),
        Mistake(
            "counts-padding",
            "You filled up short sentences with zeros and counted these as well. Count the tokens that are there.",
            padded_with_zeros,
        ),
        Mistake(
            "leaves-out-zeros",
            "You left out the log-probabilities that are 0. A token with probability 1 costs nothing, but it counts.",
            of_likely,
        ),
        Mistake(
            "counts-each-value-once",
            "Log-probabilities that are equal count once only. Each token counts, whether another has the same or not.",
            answers=(
                lambda log_probs: np.exp(-np.unique(tokens_of(log_probs)).mean()),
                lambda log_probs: corpus_perplexity([sorted(set(s)) for s in log_probs]),
            ),
        ),
    ),
)

# --- 6 · why-not-average ---------------------------------------------------------------------------------------------

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

# --- 7 · bits-of-nats ------------------------------------------------------------------------------------------------

BITS_OF_NATS = Value(
    "bits-of-nats",
    points=1,
    answer=float(information.bits_from_nats(MEAN_NLL)),
    within=(0, 20),
    rtol=0.0,
    atol=1e-2,
    unit="bits",
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


# --- 8 · bits-per-byte -----------------------------------------------------------------------------------------------


def draw_texts(rng: np.random.Generator) -> list[Example]:
    """Return the NLL of a text in nats, and the text."""

    def loss_of(text: str) -> tuple[float, str]:
        return float(len(text) * rng.uniform(0.5, 2.0)), text

    def text_with(words: list[str]) -> tuple[float, str]:
        return loss_of(" ".join(rng.choice(words, size=6)))

    words = ["the", "cat", "sat", "on", "a", "mat", "again"]
    return [
        Example("plain English", *text_with(words)),
        Example("plain English", *loss_of("a")),
        Example("letters with accents", 5 * float(np.log(2)), "café"),
        Example("letters with accents", *text_with(["naïve", "café", "señor", "über", "garçon"])),
        Example("letters with accents", *loss_of(f"İzmir, ﬁne Straße, {rng.choice(words)}")),
        Example("a script of its own", *text_with(["猫", "坐", "在", "垫子", "上"])),
        Example("pictures", *text_with(["😀", "🐈", "ok", "👍"])),
        Example("spaces and lines", *loss_of(f"  a {rng.choice(words)} \n\n sat\t there \r\n ")),
        Example(
            "an accent as a character of its own", *text_with(["cafe\u0301", "ole\u0301", "sen\u0303or"])
        ),
    ]


def bits_per_unit(size):
    """Return the bits of a text for each of its units, of which `size` says how many a text has."""
    return lambda nll, text: nll / np.log(2) / size(text)


def bytes_in(*encodings: str):
    """Return for each encoding the function from a text to its number of bytes."""
    return tuple(lambda text, name=name: len(text.encode(name)) for name in encodings)


BITS_PER_BYTE = Function(
    "bits-per-byte",
    points=2,
    reference=information.bits_per_byte,
    accepts=("float32",),
    draw=draw_texts,
    promises={
        "those of its UTF-8 encoding": lambda nll, text: len(text.encode()) > 2 * len(text),
        "the text itself, a `str`": lambda nll, text: text != text.strip(),
        "and the text itself": lambda nll, text: len(text.encode()) != len(text.lower().encode()),
        '`bits_per_byte(5 * np.log(2), "café")`': lambda nll, text: text == "café",
    },
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
        Mistake(
            "other-encoding",
            "You counted the bytes of another encoding. UTF-8 takes 1 to 4 bytes for a character.",
            answers=tuple(map(bits_per_unit, bytes_in("utf-16", "utf-16-le", "utf-32", "utf-32-le"))),
        ),
        Mistake(
            "byte-order-mark",
            "You counted three bytes too many: a byte order mark, which the encoding utf-8-sig writes in front.",
            answers=tuple(map(bits_per_unit, bytes_in("utf-8-sig"))),
        ),
        Mistake(
            "divides-by-8",
            "You divided by 8 as well. A byte has 8 bits, but what is counted here are the bits of the loss.",
            lambda nll, text: nll / np.log(2) / len(text.encode()) / 8,
        ),
        Mistake(
            "strips-the-text",
            "You left out spaces or line ends. All characters of the text count.",
            answers=tuple(
                bits_per_unit(lambda text, change=change: len(change(text).encode()))
                for change in (
                    str.strip,
                    lambda text: "".join(text.split()),
                    lambda text: " ".join(text.split()),
                )
            ),
        ),
        Mistake(
            "base-10",
            "You divided by log 10. A bit has base 2.",
            lambda nll, text: nll / np.log(10) / len(text.encode()),
        ),
    ),
)

# --- 9 · comparable-perplexities -------------------------------------------------------------------------------------

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
