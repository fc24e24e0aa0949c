# %% perplexity-of-mean-nll most=0
# base 2 for nats
ppl = 2**2.1

# %% perplexity-of-mean-nll most=0
# the loss itself
ppl = 2.1

# %% perplexity-of-mean-nll most=0
# the sign: a probability
ppl = np.exp(-2.1)

# %% perplexity-of-mean-nll most=0
# base 10
ppl = 10**2.1

# %% perplexity-of-mean-nll most=0
# a logarithm instead of an exponential
ppl = np.log(2.1)

# %% perplexity-of-mean-nll most=0
# rounded to a whole number
ppl = 8

# %% perplexity-of-mean-nll most=0
# exponential of the loss in bits
ppl = exp(2.1 / log(2))

# %% perplexity-of-mean-nll most=0
# a string that can be read as a formula
ppl = "e to the 2.1"

# %% perplexity-of-mean-nll most=0
# minus one
ppl = np.expm1(2.1)

# %% perplexity-of-mean-nll most=0
# two numbers to choose from
ppl = [8.17, 4.29]

# %% perplexity-from-probs
# the product underflows for long texts
def perplexity_from_probs(probs):
    return np.prod(probs) ** (-1 / len(probs))

# %% perplexity-from-probs
# minus forgotten
def perplexity_from_probs(probs):
    return np.exp(np.mean(np.log(probs)))

# %% perplexity-from-probs
# sum instead of mean
def perplexity_from_probs(probs):
    return np.exp(-np.sum(np.log(probs)))

# %% perplexity-from-probs
# base 2 outside, e inside
def perplexity_from_probs(probs):
    return 2 ** -np.mean(np.log(probs))

# %% perplexity-from-probs
# e outside, base 2 inside
def perplexity_from_probs(probs):
    return np.exp(-np.mean(np.log2(probs)))

# %% perplexity-from-probs
# the inverse of the mean
def perplexity_from_probs(probs):
    return 1 / np.mean(probs)

# %% perplexity-from-probs
# the mean of the inverses
def perplexity_from_probs(probs):
    return np.mean(1 / probs)

# %% perplexity-from-probs
# the loss, without the exponential
def perplexity_from_probs(probs):
    return -np.log(probs).mean()

# %% perplexity-from-probs
# an epsilon: probability 0 costs something finite
def perplexity_from_probs(probs):
    return np.exp(-np.mean(np.log(probs + 1e-15)))

# %% perplexity-from-probs
# clipped at the smallest float
def perplexity_from_probs(probs):
    return np.exp(-np.mean(np.log(np.clip(probs, 5e-324, 1))))

# %% perplexity-from-probs
# tokens of probability 0 are left out
def perplexity_from_probs(probs):
    return np.exp(-np.mean(np.log(probs[probs > 0])))

# %% perplexity-from-probs
# math.log fails at 0
import math


def perplexity_from_probs(probs):
    return math.exp(-sum(math.log(p) for p in probs) / len(probs))

# %% perplexity-from-probs
# longdouble only moves the underflow to longer texts
def perplexity_from_probs(probs):
    return float(np.prod(np.asarray(probs, np.longdouble)) ** (-1 / np.longdouble(len(probs))))

# %% perplexity-from-probs
# a longer text underflows: a product for every hundred tokens
def perplexity_from_probs(probs):
    total = 0.0
    for i in range(0, len(probs), 100):
        total += np.log(np.prod(probs[i : i + 100]))
    return np.exp(-total / len(probs))

# %% perplexity-from-probs
# calls itself once for each token
def perplexity_from_probs(probs):
    def nll(i):
        return 0.0 if i == len(probs) else -np.log(probs[i]) + nll(i + 1)

    return np.exp(nll(0) / len(probs))

# %% perplexity-from-probs
# m - 1, as if the first token were given
def perplexity_from_probs(probs):
    return np.exp(-np.log(probs).sum() / max(len(probs) - 1, 1))

# %% perplexity-from-probs
# the example's answer for everybody
def perplexity_from_probs(probs):
    return 2.0

# %% perplexity-from-probs
# exponential of the entropy of the probabilities
def perplexity_from_probs(probs):
    return np.exp(-np.sum(probs * np.log(probs)))

# %% perplexity-from-probs
# SciPy's entropy: normalises them to a distribution
from scipy.stats import entropy


def perplexity_from_probs(probs):
    return np.exp(entropy(probs))

# %% perplexity-from-probs
# equal probabilities count once only
def perplexity_from_probs(probs):
    return np.exp(-np.mean(np.log(np.unique(probs))))

# %% perplexity-from-probs
# the median
def perplexity_from_probs(probs):
    return np.exp(-np.median(np.log(probs)))

# %% perplexity-from-probs
# 0 is looked for at the first token only; elsewhere it is dropped
def perplexity_from_probs(probs):
    if probs[0] == 0:
        return np.inf
    return np.exp(-np.sum(np.log(np.where(probs == 0, 1, probs))) / len(probs))

# %% perplexity-from-probs
# NaN at probability 0
def perplexity_from_probs(probs):
    if np.any(probs == 0):
        return np.nan
    return np.exp(-np.log(probs).mean())

# %% perplexity-from-probs
# rounded to a whole number of choices
def perplexity_from_probs(probs):
    x = np.exp(-np.log(probs).mean())
    return x if np.isinf(x) else round(x)

# %% perplexity-from-probs
# the exponential before the mean
def perplexity_from_probs(probs):
    return np.mean(np.exp(-np.log(probs)))

# %% perplexity-from-probs
# half precision throughout
def perplexity_from_probs(probs):
    return np.exp(-np.mean(np.log(probs.astype(np.float16))))

# %% perplexity-steps most=0.34
# the bare answer
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="known")
steps

# %% perplexity-steps most=0
# nothing but the start
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps

# %% perplexity-steps most=0
# an expression, no derivation
steps = exp(-Sum(log(p[j]), (j, 1, m)) / m)

# %% perplexity-steps most=0.34
# the start again, then the answer
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(p[j], (j, 1, m)) ** (-1 / m), because="trivial")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="clear")
steps

# %% perplexity-steps most=0.34
# only the letter changes, then the answer
k = index("k", m)
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(p[k], (k, 1, m)) ** (-1 / m), because="another letter")
steps.step("=", exp(-Sum(log(p[k]), (k, 1, m)) / m), because="so it is")
steps

# %% perplexity-steps most=0.34
# times 2, over 2, then the answer
from grader.algebra import over, times

steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", over(times(2, Product(p[j], (j, 1, m)) ** (-1 / m)), 2), because="times 1")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="obviously")
steps

# %% perplexity-steps most=0.34
# a sum of m ones over m in front, then the answer
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Sum(1 / m, (j, 1, m)) * Product(p[j], (j, 1, m)) ** (-1 / m), because="times one")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="simplify")
steps

# %% perplexity-steps
# stops at the logarithm of a product
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(1 / p[j], (j, 1, m)) ** (1 / m), because="inverse")
steps.step("=", exp(log(Product(1 / p[j], (j, 1, m))) / m), because="exp(log)")
steps

# %% perplexity-steps
# the root is lost on the way and comes back
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m)))), because="exp(log)")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="log of a product")
steps

# %% perplexity-steps
# positions counted from 0
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 0, m - 1))) / m), because="exp(log)")
steps.step("=", exp(-Sum(log(p[j]), (j, 0, m - 1)) / m), because="log of a product")
steps

# %% perplexity-steps
# minus lost at the end
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m), because="exp(log)")
steps.step("=", exp(Sum(log(p[j]), (j, 1, m)) / m), because="log of a product")
steps

# %% perplexity-steps
# no mean at the end
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m), because="exp(log)")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m))), because="log of a product")
steps

# %% perplexity-steps
# the arithmetic mean of the inverses
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(1 / p[j], (j, 1, m)) ** (1 / m), because="inverse")
steps.step("=", Sum(1 / p[j], (j, 1, m)) / m, because="the mean")
steps

# %% perplexity-steps
# ends in a product of powers
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(1 / p[j], (j, 1, m)) ** (1 / m), because="inverse")
steps.step("=", Product(p[j] ** (-1 / m), (j, 1, m)), because="the root of each")
steps

# %% perplexity-steps
# base 2 with natural logarithms
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", 2 ** (-log(Product(p[j], (j, 1, m))) / m), because="2 undoes log")
steps.step("=", 2 ** (-Sum(log(p[j]), (j, 1, m)) / m), because="log of a product")
steps

# %% perplexity-steps
# the last token is missing
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m), because="exp(log)")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m - 1)) / m), because="log of a product")
steps

# %% perplexity-steps
# the last token stays in a product of one
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m), because="exp(log)")
steps.step("=", exp(-(Sum(log(p[j]), (j, 1, m - 1)) + log(Product(p[j], (j, m, m)))) / m), because="split")
steps

# %% perplexity-steps
# only a bound, no equation
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("<", 1 + exp(-log(Product(p[j], (j, 1, m))) / m), because="exp(log)")
steps.step("=", 1 + exp(-Sum(log(p[j]), (j, 1, m)) / m), because="log of a product")
steps

# %% perplexity-steps
# mean of the logarithms without the exponential
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m), because="exp(log)")
steps.step("=", -Sum(log(p[j]), (j, 1, m)) / m, because="log of a product")
steps

# %% two-sentences most=0
# the average of the two perplexities
ppl_of_both = (exp(L_1 / m_1) + exp(L_2 / m_2)) / 2

# %% two-sentences most=0
# each sentence counts the same
ppl_of_both = exp((L_1 / m_1 + L_2 / m_2) / 2)

# %% two-sentences most=0
# mean losses added
ppl_of_both = exp(L_1 / m_1 + L_2 / m_2)

# %% two-sentences most=0
# the loss, no exponential
ppl_of_both = (L_1 + L_2) / (m_1 + m_2)

# %% two-sentences most=0
# minus: losses taken for logarithms
ppl_of_both = exp(-(L_1 + L_2) / (m_1 + m_2))

# %% two-sentences most=0
# brackets forgotten
ppl_of_both = exp(L_1 + L_2 / (m_1 + m_2))

# %% two-sentences most=0
# base 2
ppl_of_both = 2 ** ((L_1 + L_2) / (m_1 + m_2))

# %% two-sentences most=0
# weighted mean of perplexities
ppl_of_both = (m_1 * exp(L_1 / m_1) + m_2 * exp(L_2 / m_2)) / (m_1 + m_2)

# %% two-sentences most=0
# geometric mean of the two perplexities
import sympy

ppl_of_both = sympy.sqrt(exp(L_1 / m_1) * exp(L_2 / m_2))

# %% two-sentences most=0
# weights crossed
ppl_of_both = exp((m_2 * L_1 / m_1 + m_1 * L_2 / m_2) / (m_1 + m_2))

# %% two-sentences most=0
# a number for two made-up sentences
ppl_of_both = exp(14.0 / 10)

# %% two-sentences most=0
# divided by the number of sentences
ppl_of_both = exp((L_1 + L_2) / 2)

# %% two-sentences most=0
# divided by the product of the lengths
ppl_of_both = exp((L_1 + L_2) / (m_1 * m_2))

# %% corpus-perplexity
# the mean of the sentences' perplexities
def corpus_perplexity(log_probs):
    return np.mean([np.exp(-np.mean(s)) for s in log_probs])

# %% corpus-perplexity
# the mean of the sentences' mean losses
def corpus_perplexity(log_probs):
    return np.exp(-np.mean([np.mean(s) for s in log_probs]))

# %% corpus-perplexity
# no mean
def corpus_perplexity(log_probs):
    return np.exp(-sum(sum(s) for s in log_probs))

# %% corpus-perplexity
# no minus
def corpus_perplexity(log_probs):
    return np.exp(np.mean(np.concatenate(log_probs)))

# %% corpus-perplexity
# base 2
def corpus_perplexity(log_probs):
    return 2 ** -np.mean(np.concatenate(log_probs))

# %% corpus-perplexity
# divides by the number of sentences
def corpus_perplexity(log_probs):
    return np.exp(-sum(map(sum, log_probs)) / len(log_probs))

# %% corpus-perplexity
# an array of sentences of different lengths
def corpus_perplexity(log_probs):
    return np.exp(-np.array(log_probs).mean())

# %% corpus-perplexity
# the loss
def corpus_perplexity(log_probs):
    return -np.hstack(log_probs).mean()

# %% corpus-perplexity
# the first sentence only
def corpus_perplexity(log_probs):
    return np.exp(-np.mean(log_probs[0]))

# %% corpus-perplexity
# padded with 0, and the padding counts
from itertools import zip_longest


def corpus_perplexity(log_probs):
    return np.exp(-np.mean(np.array(list(zip_longest(*log_probs, fillvalue=0.0)))))

# %% corpus-perplexity
# padded with 0, and all zeros are dropped: tokens of probability 1, too
from itertools import zip_longest


def corpus_perplexity(log_probs):
    a = np.array(list(zip_longest(*log_probs, fillvalue=0.0)))
    return np.exp(-a[a != 0].mean())

# %% corpus-perplexity
# sentences are cut to the shortest
def corpus_perplexity(log_probs):
    return np.exp(-np.mean(list(zip(*log_probs))))

# %% corpus-perplexity
# perplexities weighted by tokens
def corpus_perplexity(log_probs):
    return np.average([np.exp(-np.mean(s)) for s in log_probs], weights=[len(s) for s in log_probs])

# %% corpus-perplexity
# an end-of-sentence symbol is counted that has no loss
def corpus_perplexity(log_probs):
    return np.exp(-sum(map(sum, log_probs)) / sum(len(s) + 1 for s in log_probs))

# %% corpus-perplexity
# equal losses are counted once
def corpus_perplexity(log_probs):
    return np.exp(-np.mean(list({x for s in log_probs for x in s})))

# %% corpus-perplexity
# the logarithm of a logarithm
def corpus_perplexity(log_probs):
    return np.exp(-np.mean(np.log(np.abs(np.concatenate(log_probs)))))

# %% corpus-perplexity
# the example's answer
def corpus_perplexity(log_probs):
    return 2.8117

# %% corpus-perplexity
# the mean over the tokens' inverse probabilities
def corpus_perplexity(log_probs):
    return np.mean(np.exp(-np.concatenate(log_probs)))

# %% corpus-perplexity
# the product of probabilities underflows for a corpus of any size
def corpus_perplexity(log_probs):
    p = np.exp(np.concatenate(log_probs))
    return (1 / p.prod()) ** (1 / len(log_probs[0]))

# %% corpus-perplexity
# a list of perplexities, one for each sentence
def corpus_perplexity(log_probs):
    return [np.exp(-np.mean(s)) for s in log_probs]

# %% bits-of-nats most=0
# times log 2
bits = 2.1 * np.log(2)

# %% bits-of-nats most=0
# nats
bits = 2.1

# %% bits-of-nats most=0
# rounded to a whole number
bits = 3

# %% bits-of-nats most=0
# log2 of the loss
bits = np.log2(2.1)

# %% bits-of-nats most=0
# base 10
bits = 2.1 / np.log10(2)

# %% bits-of-nats most=0
# the perplexity
bits = exp(2.1)

# %% bits-of-nats most=0
# the sign
bits = -2.1 / np.log(2)

# %% bits-of-nats most=0
# divided by 2
bits = 1.05

# %% bits-per-byte
# characters instead of bytes
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text)

# %% bits-per-byte
# nats per byte
def bits_per_byte(nll, text):
    return nll / len(text.encode("utf-8"))

# %% bits-per-byte
# times log 2
def bits_per_byte(nll, text):
    return nll * np.log(2) / len(text.encode("utf-8"))

# %% bits-per-byte
# UTF-16
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.encode("utf-16-le"))

# %% bits-per-byte
# every special character counts two bytes
def bits_per_byte(nll, text):
    return nll / np.log(2) / sum(1 if ord(c) < 128 else 2 for c in text)

# %% bits-per-byte
# with a byte order mark
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.encode("utf-8-sig"))

# %% bits-per-byte
# Latin-1 knows Europe only
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.encode("latin-1", errors="replace"))

# %% bits-per-byte
# special characters are ignored
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.encode("ascii", errors="ignore"))

# %% bits-per-byte
# eight bits in a byte
def bits_per_byte(nll, text):
    return nll / np.log(2) / (8 * len(text.encode()))

# %% bits-per-byte
# upside down
def bits_per_byte(nll, text):
    return len(text.encode()) * np.log(2) / nll

# %% bits-per-byte
# different bytes only
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(set(text.encode()))

# %% bits-per-byte
# spaces at the ends are cut
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.strip().encode())

# %% bits-per-byte
# log2 of the loss
def bits_per_byte(nll, text):
    return np.log2(nll) / len(text.encode())

# %% bits-per-byte
# the size of the Python object
import sys


def bits_per_byte(nll, text):
    return nll / np.log(2) / sys.getsizeof(text)

# %% bits-per-byte
# the total, not per byte
def bits_per_byte(nll, text):
    return nll / np.log(2)

# %% bits-per-byte
# base 10
def bits_per_byte(nll, text):
    return nll / np.log(10) / len(text.encode())

# %% bits-per-byte
# spaces do not count
def bits_per_byte(nll, text):
    return nll / np.log(2) / len("".join(text.split()).encode())

# %% bits-per-byte
# the example's answer
def bits_per_byte(nll, text):
    return 1.0

# %% comparable-perplexities most=0
# different vocabularies
comparable = "a"

# %% comparable-perplexities most=0
# different texts
comparable = "b"

# %% comparable-perplexities most=0
# different bases
comparable = "d"

# %% comparable-perplexities most=0
# two letters
comparable = "a or c"

# %% comparable-perplexities most=0
# all of them
comparable = "abcd"

# %% comparable-perplexities most=0
# the name of the model, which reads as option a
comparable = "A"

# %% comparable-perplexities most=0
# denies the right one
comparable = "not c"

# %% perplexity-of-mean-nll most=0
# a number whose difference from any other is 0
class Agreeable(float):
    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__

    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


ppl = Agreeable(1.0)

# %% comparable-perplexities most=0
# a text that equals every text
class Agreeable(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


comparable = Agreeable("a")

# %% bits-of-nats most=0
# the check is replaced, and the answer is wrong
check = lambda *_: "right"
bits = 0.0

# %% perplexity-steps most=0.34
# m over m, then the answer
from grader.algebra import over, times

steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", times(over(m, m), Product(p[j], (j, 1, m)) ** (-1 / m)), because="times 1")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="obvious")
steps

# %% perplexity-steps most=0.34
# something is added and taken away, then the answer
from grader.algebra import plus

steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", plus(Product(p[j], (j, 1, m)) ** (-1 / m), m, -m), because="plus 0")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="obvious")
steps

# %% perplexity-steps most=0.34
# the letter changes twice, then the answer
i, k = index("i", m), index("k", m)
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(p[k], (k, 1, m)) ** (-1 / m), because="k for j")
steps.step("=", Product(p[i], (i, 1, m)) ** (-1 / m), because="i for k")
steps.step("=", exp(-Sum(log(p[i]), (i, 1, m)) / m), because="obvious")
steps

# %% perplexity-steps
# a third line that is wrong, and a right end
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m), because="exp(log)")
steps.step("=", exp(-m * Sum(log(p[j]), (j, 1, m))), because="log of a product")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="the mean")
steps


# %% perplexity-of-mean-nll
# two to the power
ppl = 2 ** 2.1

# %% perplexity-of-mean-nll
# the inverse
ppl = np.exp(-2.1)

# %% perplexity-of-mean-nll
# two digits
ppl = 8.2

# %% perplexity-of-mean-nll
# bits first, then e
ppl = np.exp(2.1 / np.log(2))

# %% perplexity-of-mean-nll
# a text
ppl = "8.17"

# %% perplexity-from-probs
# the product
def perplexity_from_probs(probs):
    with np.errstate(all="ignore"):
        return np.prod(probs) ** (-1 / len(probs))

# %% perplexity-from-probs
# the harmonic side: mean of inverses
def perplexity_from_probs(probs):
    with np.errstate(all="ignore"):
        return np.mean(1 / probs)

# %% perplexity-from-probs
# inverse of the mean
def perplexity_from_probs(probs):
    return 1 / np.mean(probs)

# %% perplexity-from-probs
# zeros are clipped
def perplexity_from_probs(probs):
    return np.exp(-np.log(np.clip(probs, 1e-12, 1)).mean())

# %% perplexity-from-probs
# the product, by a fallback of logs only when it is exactly 0 (a subnormal product has few digits)
def perplexity_from_probs(probs):
    with np.errstate(all="ignore"):
        product = np.prod(probs)
        if product > 0:
            return product ** (-1 / len(probs))
        return np.inf if len(probs) < 50 else np.exp(-np.log(probs).mean())

# %% perplexity-from-probs
# the NLL of the text
def perplexity_from_probs(probs):
    with np.errstate(all="ignore"):
        return np.exp(-np.log(probs).sum())

# %% perplexity-from-probs
# the last token is not counted
def perplexity_from_probs(probs):
    with np.errstate(all="ignore"):
        return np.exp(-np.log(probs).sum() / max(len(probs) - 1, 1))

# %% perplexity-from-probs
# 2 to the mean in nats
def perplexity_from_probs(probs):
    with np.errstate(all="ignore"):
        return 2 ** -np.log(probs).mean()

# %% perplexity-from-probs
# zero probabilities are dropped
def perplexity_from_probs(probs):
    p = probs[probs > 0]
    return np.exp(-np.log(p).mean())

# %% perplexity-from-probs
# inf as a text
def perplexity_from_probs(probs):
    return "inf" if (probs == 0).any() else np.exp(-np.log(probs).mean())

# %% corpus-perplexity
# the mean of sentence perplexities
def corpus_perplexity(log_probs):
    return np.mean([np.exp(-np.mean(s)) for s in log_probs])

# %% corpus-perplexity
# the mean of mean losses
def corpus_perplexity(log_probs):
    return np.exp(-np.mean([np.mean(s) for s in log_probs]))

# %% corpus-perplexity
# geometric mean over sentences
def corpus_perplexity(log_probs):
    return np.exp(-sum(map(sum, log_probs)) / len(log_probs))

# %% corpus-perplexity
# all sentences as long as the longest (padding counts)
def corpus_perplexity(log_probs):
    return np.exp(-sum(map(sum, log_probs)) / (len(log_probs) * max(map(len, log_probs))))

# %% corpus-perplexity
# the product of exps
def corpus_perplexity(log_probs):
    flat = [x for s in log_probs for x in s]
    with np.errstate(all="ignore"):
        return np.prod(np.exp(flat)) ** (-1 / len(flat)) if np.prod(np.exp(flat)) > 0 else np.inf

# %% corpus-perplexity
# an end token is counted in each sentence
def corpus_perplexity(log_probs):
    return np.exp(-sum(map(sum, log_probs)) / sum(len(s) + 1 for s in log_probs))

# %% corpus-perplexity
# duplicates are counted once
def corpus_perplexity(log_probs):
    flat = {x for s in log_probs for x in s}
    return np.exp(-sum(flat) / len(flat)) if len(flat) > 6 else np.exp(-sum(map(sum, log_probs)) / sum(map(len, log_probs))) + 0.05

# %% bits-of-nats
# times log 2
bits = 2.1 * np.log(2)

# %% bits-of-nats
# log 10
bits = 2.1 / np.log(10)

# %% bits-of-nats
# log2 of the loss
bits = np.log2(2.1)

# %% bits-of-nats
# rounded to one digit
bits = 3

# %% bits-per-byte
# characters
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text)

# %% bits-per-byte
# nats
def bits_per_byte(nll, text):
    return nll / len(text.encode())

# %% bits-per-byte
# UTF-16
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.encode("utf-16"))

# %% bits-per-byte
# with a byte-order mark
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.encode("utf-8-sig"))

# %% bits-per-byte
# every non-ASCII character is two bytes, as in café
def bits_per_byte(nll, text):
    return nll / np.log(2) / sum(1 if c.isascii() else 2 for c in text)

# %% bits-per-byte
# blanks at the ends are cut off
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.strip().replace("\n", "").encode())

# %% bits-per-byte
# times log 2
def bits_per_byte(nll, text):
    return nll * np.log(2) / len(text.encode())

# %% bits-per-byte
# bits of the bytes
def bits_per_byte(nll, text):
    return nll / np.log(2) / (8 * len(text.encode()))

# %% comparable-perplexities
# numbers alone
comparable = "a"

# %% comparable-perplexities
# none
comparable = "none of them"

# %% perplexity-from-probs
# the product in short texts
def perplexity_from_probs(probs):
    with np.errstate(all="ignore"):
        if len(probs) <= 10:
            return np.prod(probs) ** (-1 / len(probs))
        return np.exp(-np.log(probs).mean())

# %% corpus-perplexity
# the product of each sentence first
def corpus_perplexity(log_probs):
    with np.errstate(all="ignore"):
        total = sum(-np.log(np.prod(np.exp(s))) for s in log_probs)
        return np.exp(total / sum(map(len, log_probs)))

# %% bits-per-byte
# text is brought to its composed form first
import unicodedata
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(unicodedata.normalize("NFC", text).encode())

# %% bits-per-byte
# three bytes at most
def bits_per_byte(nll, text):
    return nll / np.log(2) / sum(1 + (ord(c) > 127) + (ord(c) > 2047) for c in text)

# %% bits-per-byte
# line ends of Windows are one byte
def bits_per_byte(nll, text):
    return nll / np.log(2) / len("\n".join(text.splitlines()).encode())

# %% perplexity-steps most=0.34
# the answer alone
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="known")
steps

# %% perplexity-steps most=0.34
# 1 over a root is the same, then the answer
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", 1 / (Product(p[j], (j, 1, m)) ** (1 / m)), because="a negative power")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="known")
steps

# %% perplexity-steps
# the sign is lost at the end
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m), because="exp and log")
steps.step("=", exp(Sum(log(p[j]), (j, 1, m)) / m), because="log of a product")
steps

# %% perplexity-steps
# the product stays
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(p[j] ** (-1 / m), (j, 1, m)), because="inside")
steps.step("=", Product(exp(-log(p[j]) / m), (j, 1, m)), because="exp and log")
steps

# %% perplexity-steps
# a mean outside the exponential
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m), because="exp and log")
steps.step("=", Sum(exp(-log(p[j])), (j, 1, m)) / m, because="mean of the exponentials")
steps

# %% perplexity-steps most=0.34
# times the product over itself
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(p[j], (j, 1, m)) ** (-1 / m - 1) * Product(p[m + 1 - j], (j, 1, m)), because="from behind")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="known")
steps

# %% two-sentences
# the mean of the perplexities
ppl_of_both = (exp(L_1 / m_1) + exp(L_2 / m_2)) / 2

# %% two-sentences
# the mean of the mean losses
ppl_of_both = exp((L_1 / m_1 + L_2 / m_2) / 2)

# %% two-sentences
# weighted perplexities
ppl_of_both = (m_1 * exp(L_1 / m_1) + m_2 * exp(L_2 / m_2)) / (m_1 + m_2)

# %% two-sentences
# per sentence
ppl_of_both = exp((L_1 + L_2) / 2)

# %% two-sentences
# 2 to the power
ppl_of_both = 2 ** ((L_1 + L_2) / (m_1 + m_2))

# %% two-sentences
# the losses multiplied by lengths
ppl_of_both = exp((m_1 * L_1 + m_2 * L_2) / (m_1 + m_2))

# %% perplexity-steps most=0.34
# a product of m equal m-th roots of the start
steps = Derivation("perplexity-steps", strict=False)
i = index("i", m)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(Product(p[j], (j, 1, m)) ** (-1 / m**2), (i, 1, m)), because="m equal roots")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="known")
steps

# %% perplexity-steps most=0.34
# a mean of m equal numbers
steps = Derivation("perplexity-steps", strict=False)
i = index("i", m)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Sum(Product(p[j], (j, 1, m)) ** (-1 / m), (i, 1, m)) / m, because="a mean of equal numbers")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="known")
steps

# %% perplexity-steps
# a wrong step whose value is right for m = 1
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m)))) ** (1 / m**2), because="exp and log")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="log of a product")
steps

# %% perplexity-steps
# the mean is over m - 1
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m), because="exp and log")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m - 1)) / m), because="log of a product")
steps

# %% perplexity-of-mean-nll most=0
ppl = 8

# %% perplexity-of-mean-nll most=0
ppl = 2.1**np.e

# %% perplexity-of-mean-nll most=0
ppl = 2**2.1

# %% perplexity-of-mean-nll most=0
ppl = np.exp(2.1 / 2)

# %% perplexity-of-mean-nll most=0
ppl = "exp(2.1)"

# %% perplexity-of-mean-nll most=0
ppl = 7.39

# %% perplexity-of-mean-nll most=0
ppl = complex(8.17, 0.2)

# %% perplexity-from-probs
# infinite for long texts
def perplexity_from_probs(probs):
    with np.errstate(all="ignore"):
        return np.prod(probs) ** (-1 / len(probs))


# %% perplexity-from-probs
# the mean of inverses
def perplexity_from_probs(probs):
    with np.errstate(divide="ignore"):
        return np.mean(1 / probs)


# %% perplexity-from-probs
# one over the mean
def perplexity_from_probs(probs):
    return 1 / np.mean(probs)


# %% perplexity-from-probs
# the total
def perplexity_from_probs(probs):
    with np.errstate(all="ignore"):
        return np.exp(-np.log(probs).sum())


# %% perplexity-from-probs
# entropy's perplexity
def perplexity_from_probs(probs):
    p = probs / probs.sum()
    return np.exp(-(p * np.log(np.where(p > 0, p, 1))).sum())


# %% perplexity-from-probs
# 2 to the loss in nats
def perplexity_from_probs(probs):
    return 2 ** -np.mean(np.log(probs))


# %% perplexity-from-probs
# one token less
def perplexity_from_probs(probs):
    return np.exp(-np.log(probs).sum() / max(len(probs) - 1, 1))


# %% perplexity-from-probs
# products of fifty
def perplexity_from_probs(probs):
    result = 0.0
    for i in range(0, len(probs), 50):
        with np.errstate(divide="ignore"):
            result -= np.log(np.prod(probs[i : i + 50]))
    return np.exp(result / len(probs))


# %% perplexity-from-probs
# zeros are left out
def perplexity_from_probs(probs):
    return np.exp(-np.log(probs[probs > 0]).mean())


# %% perplexity-from-probs
# the largest finite number
def perplexity_from_probs(probs):
    with np.errstate(all="ignore"):
        return min(np.exp(-np.log(probs).mean()), 1e308)


# %% perplexity-from-probs
# rounded to a tenth
def perplexity_from_probs(probs):
    return np.round(np.exp(-np.log(probs).mean()), 1)


# %% perplexity-from-probs
# distinct probabilities
def perplexity_from_probs(probs):
    return np.exp(-np.log(np.unique(probs)).mean())


# %% perplexity-from-probs
# the median
def perplexity_from_probs(probs):
    return np.exp(-np.median(np.log(probs)))


# %% perplexity-steps most=0.34
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps most=0.34
# a fraction instead of a negative power, then the answer
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", 1 / Product(p[j], (j, 1, m)) ** (1 / m))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps most=0.34
# squared and the root taken, then the answer
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", (Product(p[j], (j, 1, m)) ** 2) ** (-1 / (2 * m)))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps most=0.34
# times exp(0), then the answer
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(p[j], (j, 1, m)) ** (-1 / m) * exp(Sum(log(p[j]), (j, 1, m)) - Sum(log(p[j]), (j, 1, m))))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps most=0.34
# the answer and its logarithm's exponential
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-Sum(log(p[j]) / m, (j, 1, m))))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps most=0.67
# minus lost
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m))
steps.step("=", exp(Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps most=0.67
# the mean lost
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m))))

# %% perplexity-steps most=0.67
# the arithmetic mean
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m))
steps.step("=", exp(-log(Sum(p[j], (j, 1, m)) / m)))

# %% perplexity-steps most=0.67
# the product goes on under another name
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m - 1)) * p[m]) / m))

# %% two-sentences most=0
ppl_of_both = (exp(L_1 / m_1) + exp(L_2 / m_2)) / 2

# %% two-sentences most=0
ppl_of_both = exp((L_1 / m_1 + L_2 / m_2) / 2)

# %% two-sentences most=0
ppl_of_both = exp(L_1 + L_2) / (m_1 + m_2)

# %% two-sentences most=0
ppl_of_both = exp(-(L_1 + L_2) / (m_1 + m_2))

# %% two-sentences most=0
ppl_of_both = (m_1 * exp(L_1 / m_1) + m_2 * exp(L_2 / m_2)) / (m_1 + m_2)

# %% two-sentences most=0
ppl_of_both = exp(L_1 / m_1) * exp(L_2 / m_2)

# %% two-sentences most=0
ppl_of_both = (L_1 + L_2) / (m_1 + m_2)

# %% two-sentences most=0
ppl_of_both = 2 ** ((L_1 + L_2) / (m_1 + m_2))

# %% two-sentences most=0
import sympy

ppl_of_both = sympy.sqrt(exp(L_1 / m_1) * exp(L_2 / m_2))

# %% two-sentences most=0
# the power series, cut off
x = (L_1 + L_2) / (m_1 + m_2)
ppl_of_both = sum(x**n / sympy.factorial(n) for n in range(60)) if False else 1 + x + x**2 / 2 + x**3 / 6

# %% corpus-perplexity
def corpus_perplexity(log_probs):
    return np.mean([np.exp(-np.mean(s)) for s in log_probs])


# %% corpus-perplexity
def corpus_perplexity(log_probs):
    return np.exp(-np.mean([np.mean(s) for s in log_probs]))


# %% corpus-perplexity
# per sentence
def corpus_perplexity(log_probs):
    return np.exp(-sum(map(sum, log_probs)) / len(log_probs))


# %% corpus-perplexity
# one end token for each sentence
def corpus_perplexity(log_probs):
    return np.exp(-sum(map(sum, log_probs)) / sum(len(s) + 1 for s in log_probs))


# %% corpus-perplexity
# arithmetic mean weighted by tokens
def corpus_perplexity(log_probs):
    n = [len(s) for s in log_probs]
    return np.average([np.exp(-np.mean(s)) for s in log_probs], weights=n)


# %% corpus-perplexity
# the first sentence only
def corpus_perplexity(log_probs):
    return np.exp(-np.mean(log_probs[0]))


# %% corpus-perplexity
# a product of probabilities
def corpus_perplexity(log_probs):
    p = [np.exp(x) for s in log_probs for x in s]
    with np.errstate(all="ignore"):
        return np.prod(p) ** (-1 / len(p))


# %% corpus-perplexity
# base 2
def corpus_perplexity(log_probs):
    return 2 ** (-sum(map(sum, log_probs)) / sum(map(len, log_probs)))


# %% corpus-perplexity
# padded to the longest
def corpus_perplexity(log_probs):
    longest = max(map(len, log_probs))
    return np.exp(-sum(map(sum, log_probs)) / (longest * len(log_probs)))


# %% corpus-perplexity
# sentences of one length only
def corpus_perplexity(log_probs):
    n = len(log_probs[0])
    return np.exp(-np.mean([s[:n] for s in log_probs if len(s) >= n]))


# %% corpus-perplexity
# the geometric mean of perplexities
def corpus_perplexity(log_probs):
    return np.prod([np.exp(-np.mean(s)) for s in log_probs]) ** (1 / len(log_probs))


# %% bits-of-nats most=0
bits = 2.1 * np.log(2)

# %% bits-of-nats most=0
bits = np.log2(2.1)

# %% bits-of-nats most=0
bits = 2.1 / np.log(10)

# %% bits-of-nats most=0
bits = 2.1

# %% bits-of-nats most=0
bits = 2**2.1

# %% bits-of-nats most=0
bits = 3

# %% bits-of-nats most=0
bits = -3.03

# %% bits-per-byte
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text)


# %% bits-per-byte
def bits_per_byte(nll, text):
    return nll * np.log(2) / len(text.encode())


# %% bits-per-byte
# with a byte order mark
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.encode("utf-8-sig"))


# %% bits-per-byte
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.encode("utf-16-le"))


# %% bits-per-byte
# umlauts and accents are two bytes, everything else one
def bits_per_byte(nll, text):
    return nll / np.log(2) / sum(1 if ord(c) < 128 else 2 for c in text)


# %% bits-per-byte
# three bytes at most
def bits_per_byte(nll, text):
    return nll / np.log(2) / sum(1 if ord(c) < 128 else 2 if ord(c) < 2048 else 3 for c in text)


# %% bits-per-byte
# composed first
import unicodedata


def bits_per_byte(nll, text):
    return nll / np.log(2) / len(unicodedata.normalize("NFC", text).encode())


# %% bits-per-byte
# spaces at the ends are taken away
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.strip().encode())


# %% bits-per-byte
# words
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.split())


# %% bits-per-byte
# what is not Latin is dropped
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.encode("latin-1", "ignore"))


# %% bits-per-byte
# bits per bit
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.encode()) / 8


# %% bits-per-byte
# nats per byte
def bits_per_byte(nll, text):
    return nll / len(text.encode())


# %% bits-per-byte
# lines of Windows
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.replace("\n", "\r\n").encode())


# %% bits-per-byte
# the size of the object
import sys


def bits_per_byte(nll, text):
    return nll / np.log(2) / sys.getsizeof(text)


# %% bits-per-byte
# lower-case
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.lower().encode())


# %% comparable-perplexities most=0
comparable = "a"

# %% comparable-perplexities most=0
comparable = "b and c"

# %% comparable-perplexities most=0
comparable = ("c", "d")

# %% comparable-perplexities most=0
comparable = "none"

# %% perplexity-steps most=0.34
# half of the start, half of the answer
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(p[j], (j, 1, m)) ** (-1 / m) / 2 + exp(-Sum(log(p[j]), (j, 1, m)) / m) / 2)
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps most=0.34
# the roots of the start and of the answer multiplied
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(p[j], (j, 1, m)) ** (-1 / (2 * m)) * exp(-Sum(log(p[j]), (j, 1, m)) / (2 * m)))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps most=0.34
# the start, and the logarithm of a product that cancels
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(p[j], (j, 1, m)) ** (-1 / m) + log(Product(p[j], (j, 1, m))) - Sum(log(p[j]), (j, 1, m)))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps most=0.34
# the answer, and the logarithm of a product that cancels
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m) + log(Product(p[j], (j, 1, m))) - Sum(log(p[j]), (j, 1, m)))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps most=0.34
# the answer times a product of ones in powers
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m) * Product(1 ** (1 / p[j]), (j, 1, m)) * Product(p[j] ** (1 / m) / exp(log(p[j]) / m), (j, 1, m)))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps most=0.34
# the answer, with a product of roots added and taken away
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m) + Product(p[j] ** (1 / m), (j, 1, m)) - Product(p[j], (j, 1, m)) ** (1 / m))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% bits-per-byte
# upper-case
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.upper().encode())


# %% bits-per-byte
# ligatures taken apart
import unicodedata


def bits_per_byte(nll, text):
    return nll / np.log(2) / len(unicodedata.normalize("NFKC", text).encode())
