# Plain Python: loops and the math module.

# %% perplexity-of-mean-nll
import math

ppl = math.e**2.1

# %% perplexity-from-probs
import math


def perplexity_from_probs(probs):
    total = 0.0
    for prob in probs:
        if prob == 0:
            return math.inf
        total -= math.log(prob)
    return math.exp(total / len(probs))


# %% perplexity-steps
# One small step at a time, and two that only rewrite.
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", (1 / Product(p[j], (j, 1, m))) ** (1 / m), because="a negative exponent is an inverse")
steps.step("=", exp(log(1 / Product(p[j], (j, 1, m))) / m), because="exp undoes log")
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m), because="the logarithm of an inverse")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="the logarithm of a product")
steps.step("=", exp(Sum(-log(p[j]), (j, 1, m)) / m), because="the minus goes inside")
steps.step("=", exp(Sum(-log(p[j]) / m, (j, 1, m))), because="so does 1/m")

# %% two-sentences
ppl_of_both = exp(L_1 / (m_1 + m_2)) * exp(L_2 / (m_1 + m_2))

# %% corpus-perplexity
import math


def corpus_perplexity(log_probs):
    total, tokens = 0.0, 0
    for sentence in log_probs:
        for log_prob in sentence:
            total -= log_prob
            tokens += 1
    return math.exp(total / tokens)


# %% bits-of-nats
import math

bits = 2.1 * math.log2(math.e)

# %% bits-per-byte
import math


def bits_per_byte(nll, text):
    size = 0
    for character in text:
        size += len(bytes(character, "utf8"))
    return nll / (size * math.log(2))


# %% comparable-perplexities
comparable = "(c)"
