# %% perplexity-of-mean-nll
# the power of Euler's number
import math

ppl = math.e**2.1

# %% perplexity-of-mean-nll
# SymPy's exponential of an exact fraction, not evaluated
from sympy import Rational

ppl = exp(Rational(21, 10))

# %% perplexity-of-mean-nll
# three digits as a Decimal
from decimal import Decimal

ppl = Decimal("8.17")

# %% perplexity-of-mean-nll
# a fraction
from fractions import Fraction

ppl = Fraction(8166, 1000)

# %% perplexity-of-mean-nll
# mpmath's number
import mpmath

ppl = mpmath.exp(mpmath.mpf("2.1"))

# %% perplexity-of-mean-nll
# a torch tensor of shape (1,), in single precision
import torch

ppl = torch.tensor([2.1]).exp()

# %% perplexity-of-mean-nll
# a power series with 30 terms, by a loop
term = total = 1.0
for n in range(1, 30):
    term *= 2.1 / n
    total += term
ppl = total

# %% perplexity-of-mean-nll
# compound growth: a 0-d array
ppl = np.asarray(1 / np.exp(-2.1))

# %% perplexity-of-mean-nll
# base 2 after turning nats into bits
ppl = np.exp2(2.1 / np.log(2))

# %% perplexity-of-mean-nll
# half precision is enough for three digits
ppl = np.float16(8.17)

# %% perplexity-from-probs
# the m-th root of each factor first: no factor and no product can underflow
def perplexity_from_probs(probs):
    return np.prod(np.power(probs, -1 / len(probs)))

# %% perplexity-from-probs
# a plain loop with math
import math


def perplexity_from_probs(probs):
    verlust = 0.0
    for p in probs:
        if p == 0:
            return math.inf
        verlust -= math.log(p)
    return math.exp(verlust / len(probs))

# %% perplexity-from-probs
# SciPy's geometric mean of the inverses
from scipy.stats import gmean


def perplexity_from_probs(probs):
    with np.errstate(divide="ignore"):
        return gmean(1 / probs)

# %% perplexity-from-probs
# torch in double precision, returned as a tensor
import torch


def perplexity_from_probs(probs):
    return torch.as_tensor(probs, dtype=torch.float64).log().mean().neg().exp()

# %% perplexity-from-probs
# SymPy's exp and log, which the notebook has imported
def perplexity_from_probs(probs):
    if any(q == 0 for q in probs):
        return np.inf
    return exp(-sum(log(float(q)) for q in probs) / len(probs))

# %% perplexity-from-probs
# mpmath: its exponents have no bounds, so the product is safe
import mpmath


def perplexity_from_probs(probs):
    product = mpmath.fprod(probs)
    return mpmath.inf if product == 0 else mpmath.root(1 / product, len(probs))

# %% perplexity-from-probs
# mantissas and exponents are kept apart
import math


def perplexity_from_probs(probs):
    mantissa, exponent = 1.0, 0
    for p in probs:
        if not p:
            return float("inf")
        mantissa, e = math.frexp(mantissa * p)
        exponent += e
    return 2 ** (-(math.log2(mantissa) + exponent) / len(probs))

# %% perplexity-from-probs
# bits throughout
def perplexity_from_probs(probs):
    return np.exp2(np.mean(-np.log2(probs)))

# %% perplexity-from-probs
# halves the text: the recursion is only a few calls deep
def perplexity_from_probs(probs):
    def mean_log(part):
        if len(part) == 1:
            return np.log(part[0])
        half = len(part) // 2
        return (half * mean_log(part[:half]) + (len(part) - half) * mean_log(part[half:])) / len(part)

    return np.exp(-mean_log(np.asarray(probs, float)))

# %% perplexity-from-probs
# an object that can be called, with a method that has a library's name
class Perplexity:
    def logsumexp(self, probs):
        return np.log(probs).sum()

    def __call__(self, probs):
        return np.exp(-self.logsumexp(probs) / np.size(probs))


perplexity_from_probs = Perplexity()

# %% perplexity-from-probs
# a lambda with a walrus
perplexity_from_probs = lambda probs: np.inf if (q := np.asarray(probs)).min() == 0 else np.exp(-np.log(q).mean())

# %% perplexity-from-probs
# a running mean of the surprisals; the answer has shape (1,)
def perplexity_from_probs(probs):
    m = 0.0
    for n, p in enumerate(probs, 1):
        if p == 0.0:
            return np.array([np.inf])
        m += (-np.log(p) - m) / n
    return np.exp(np.array([m]))

# %% perplexity-from-probs
# one factor after the other, each under the root
from functools import reduce


def perplexity_from_probs(probs):
    n = len(probs)
    if 0 in probs:
        return np.inf
    return reduce(lambda so_far, p: so_far * p ** (-1 / n), probs.tolist(), 1.0)

# %% perplexity-from-probs
# Decimal with the widest range of exponents
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext


def perplexity_from_probs(probs):
    if not np.all(probs):
        return np.inf
    with localcontext(Context(prec=40, Emin=MIN_EMIN, Emax=MAX_EMAX)):
        total = sum(Decimal(float(p)).ln() for p in probs)
        return (-total / len(probs)).exp()

# %% perplexity-from-probs
# torch's finished loss is not forbidden here
import torch
import torch.nn.functional as F


def perplexity_from_probs(probs):
    logs = torch.from_numpy(np.asarray(probs, dtype=float)).log()[:, None]
    return F.nll_loss(logs, torch.zeros(len(logs), dtype=torch.long)).exp().item()

# %% perplexity-from-probs
# the statistics module, and a self-test beside it
import math
import statistics


def perplexity_from_probs(probs: np.ndarray) -> float:
    if (probs == 0).any():
        return math.inf
    return 1 / statistics.geometric_mean(probs.tolist())


assert abs(perplexity_from_probs(np.array([0.5, 0.5, 0.5])) - 2) < 1e-12

# %% perplexity-from-probs
# counts how often each probability occurs and weights the logarithms
def perplexity_from_probs(probs):
    values, counts = np.unique(probs, return_counts=True)
    return np.exp(-np.average(np.log(values), weights=counts))

# %% perplexity-steps
# the textbook route
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m), because="x = exp(log x)")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="log of a product")
steps

# %% perplexity-steps
# the inverses first, three steps
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(1 / p[j], (j, 1, m)) ** (1 / m), because="inverse of a product")
steps.step("=", exp(log(Product(1 / p[j], (j, 1, m))) / m), because="exp undoes log")
steps.step("=", exp(Sum(log(1 / p[j]), (j, 1, m)) / m), because="log of a product")
steps

# %% perplexity-steps
# the root goes into the product, and each factor becomes an exponential
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(p[j] ** (-1 / m), (j, 1, m)), because="power of a product")
steps.step("=", Product(exp(-log(p[j]) / m), (j, 1, m)), because="p = exp(log p)")
steps.step("=", exp(Sum(-log(p[j]) / m, (j, 1, m))), because="exponents add up")
steps

# %% perplexity-steps
# a fraction at the end
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", 1 / exp(log(Product(p[j], (j, 1, m))) / m), because="root as an exponential")
steps.step("=", 1 / exp(Sum(log(p[j]), (j, 1, m)) / m), because="log of a product")
steps

# %% perplexity-steps
# another letter for the position
k = index("k", m)
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[k], (k, 1, m))) / m), because="exp und log heben sich auf")
steps.step("=", exp(-(1 / m) * Sum(log(p[k]), (k, 1, m))), because="Logarithmus eines Produkts")
steps

# %% perplexity-steps
# the first token is split off and comes back
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m), because="exp(log)")
steps.step("=", exp(-(log(p[1]) + Sum(log(p[j]), (j, 2, m))) / m), because="the first token by itself")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="back into the sum")
steps

# %% perplexity-steps
# the first line is merged by SymPy
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(log(Product(p[j], (j, 1, m)) ** (-1 / m))), because="exp undoes log")
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m), because="the logarithm of a power")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="the logarithm of a product")
steps

# %% perplexity-steps
# exp(log(...)), not evaluated, and then both rules of logarithms at once
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(log(Product(p[j], (j, 1, m)) ** (-1 / m), evaluate=False), evaluate=False), because="exp(log x) = x")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="power and product under the logarithm")
steps

# %% perplexity-steps
# a log of a root, term by term
from sympy import E

steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", E ** log(Product(p[j] ** (-1 / m), (j, 1, m))), because="root into the product")
steps.step("=", E ** Sum(log(p[j] ** (-1 / m)), (j, 1, m)), because="log of a product")
steps.step("=", E ** (Sum(-log(p[j]), (j, 1, m)) / m), because="log of a power, 1/m in front")
steps

# %% two-sentences
# two factors
ppl_of_both = exp(L_1 / (m_1 + m_2)) * exp(L_2 / (m_1 + m_2))

# %% two-sentences
# the mean losses, weighted by the tokens
w = m_1 / (m_1 + m_2)
ppl_of_both = exp(w * (L_1 / m_1) + (1 - w) * (L_2 / m_2))

# %% two-sentences
# the geometric mean of all tokens' inverse probabilities
ppl_of_both = (exp(L_1) * exp(L_2)) ** (1 / (m_1 + m_2))

# %% two-sentences
# both perplexities under weights in the exponent
ppl_of_both = exp(L_1 / m_1) ** (m_1 / (m_1 + m_2)) * exp(L_2 / m_2) ** (m_2 / (m_1 + m_2))

# %% two-sentences
# in bits, base 2
ppl_of_both = 2 ** ((L_1 + L_2) / log(2) / (m_1 + m_2))

# %% two-sentences
# Euler's number by its name, negative exponent below the bar
import sympy

ppl_of_both = 1 / sympy.E ** (-(L_1 + L_2) / (m_1 + m_2))

# %% two-sentences
# nothing evaluated
import sympy

ppl_of_both = sympy.exp(sympy.Mul(L_1 + L_2, sympy.Pow(m_1 + m_2, -1), evaluate=False), evaluate=False)

# %% two-sentences
# a root
import sympy

ppl_of_both = sympy.root(exp(L_1 + L_2), m_1 + m_2)

# %% two-sentences
# by a helper function over lists
def corpus(losses, sizes):
    return exp(sum(losses) / sum(sizes))


ppl_of_both = corpus([L_1, L_2], [m_1, m_2])

# %% corpus-perplexity
# everything in one list
def corpus_perplexity(log_probs):
    flat = [x for sentence in log_probs for x in sentence]
    return np.exp(-np.mean(flat))

# %% corpus-perplexity
# SymPy's exp, which the notebook has imported
def corpus_perplexity(log_probs):
    return exp(-sum(map(sum, log_probs)) / sum(map(len, log_probs)))

# %% corpus-perplexity
# mean losses weighted by lengths
def corpus_perplexity(log_probs):
    return np.exp(np.average([-np.mean(s) for s in log_probs], weights=[len(s) for s in log_probs]))

# %% corpus-perplexity
# torch.cat, a 0-d tensor
import torch


def corpus_perplexity(log_probs):
    return torch.cat([torch.tensor(s, dtype=torch.float64) for s in log_probs]).mean().neg().exp()

# %% corpus-perplexity
# itertools and fsum
import itertools
import math


def corpus_perplexity(log_probs):
    alle = list(itertools.chain.from_iterable(log_probs))
    return math.exp(math.fsum(alle) / -len(alle))

# %% corpus-perplexity
# weighted geometric mean of the sentences' perplexities
def corpus_perplexity(log_probs):
    n = sum(len(s) for s in log_probs)
    result = 1.0
    for s in log_probs:
        result *= np.exp(-np.mean(s)) ** (len(s) / n)
    return result

# %% corpus-perplexity
# padding with NaN
def corpus_perplexity(log_probs):
    table = np.full((len(log_probs), max(map(len, log_probs))), np.nan)
    for row, s in zip(table, log_probs):
        row[: len(s)] = s
    return np.exp(-np.nanmean(table))

# %% corpus-perplexity
# a masked array
def corpus_perplexity(log_probs):
    w = max(len(s) for s in log_probs)
    data = np.array([list(s) + [0.0] * (w - len(s)) for s in log_probs])
    mask = np.array([[t >= len(s) for t in range(w)] for s in log_probs])
    return np.exp(-np.ma.array(data, mask=mask).mean())

# %% corpus-perplexity
# a generator that flattens
def corpus_perplexity(log_probs):
    def tokens():
        for s in log_probs:
            yield from s

    total = count = 0
    for lp in tokens():
        total, count = total - lp, count + 1
    return np.e ** (total / count)

# %% corpus-perplexity
# mpmath, back from probabilities to a geometric mean
import mpmath


def corpus_perplexity(log_probs):
    p = [mpmath.exp(x) for s in log_probs for x in s]
    return 1 / mpmath.root(mpmath.fprod(p), len(p))

# %% corpus-perplexity
# pairs of total and count, added up by reduce; a 1-element array
from functools import reduce


def corpus_perplexity(log_probs):
    total, n = reduce(lambda a, s: (a[0] + sum(s), a[1] + len(s)), log_probs, (0.0, 0))
    return np.exp([-total / n])

# %% corpus-perplexity
# statistics, with type hints and a check of its own
from statistics import fmean


def corpus_perplexity(log_probs: list[list[float]]) -> float:
    return float(np.exp(-fmean(lp for s in log_probs for lp in s)))


assert round(corpus_perplexity([[-0.7, -1.2], [-2.3, -0.1, -0.4, -1.5]]), 2) == 2.81

# %% bits-of-nats
# three digits
bits = 3.03

# %% bits-of-nats
# log2 of the perplexity
bits = np.log2(np.exp(2.1))

# %% bits-of-nats
# SymPy, exact
from sympy import Rational

bits = Rational(21, 10) / log(2)

# %% bits-of-nats
# times log2(e), a Fraction
import math
from fractions import Fraction

bits = Fraction(21, 10) * Fraction(math.log2(math.e))

# %% bits-of-nats
# torch float64, 0-d
import torch

bits = torch.tensor(2.1, dtype=torch.float64) / torch.log(torch.tensor(2.0, dtype=torch.float64))

# %% bits-of-nats
# the number in a list
bits = [2.1 / np.log(2)]

# %% bits-of-nats
# Decimal with its own logarithm
from decimal import Decimal

bits = Decimal("2.1") / Decimal(2).ln()

# %% bits-per-byte
# bytes() and log2(e)
import math


def bits_per_byte(nll, text):
    return nll * math.log2(math.e) / len(bytes(text, "utf-8"))

# %% bits-per-byte
# the length of each character's code, by its number
def bits_per_byte(nll, text):
    n = sum(1 + (c >= 0x80) + (c >= 0x800) + (c >= 0x10000) for c in map(ord, text))
    return nll / np.log(2) / n

# %% bits-per-byte
# SymPy's log; the answer is a SymPy number
def bits_per_byte(nll, text):
    return nll / log(2) / len(text.encode())

# %% bits-per-byte
# counts hexadecimal digits
def bits_per_byte(nll, text):
    return nll / np.log(2) / (len(text.encode("utf8").hex()) // 2)

# %% bits-per-byte
# NumPy's view of the bytes
def bits_per_byte(nll, text):
    return np.divide(nll, np.log(2) * np.frombuffer(text.encode("utf-8"), dtype=np.uint8).size)

# %% bits-per-byte
# writes the text to a file in memory
import io
import math


def bits_per_byte(nll, text):
    buffer = io.BytesIO()
    writer = io.TextIOWrapper(buffer, encoding="utf-8", newline="")
    writer.write(text)
    writer.flush()
    return nll / (math.log(2) * buffer.tell())

# %% bits-per-byte
# the logarithm, base 2, of exp(loss per byte)
import math


def bits_per_byte(nll, text):
    return math.log(math.exp(1), 2) * (nll / memoryview(text.encode()).nbytes)

# %% bits-per-byte
# counts byte after byte in a loop
def bits_per_byte(nll, text):
    octets = 0
    for _ in text.encode("utf_8"):
        octets += 1
    return (nll / octets) * 1.4426950408889634

# %% bits-per-byte
# mpmath, sum over single characters
import mpmath


def bits_per_byte(nll, text):
    return mpmath.mpf(float(nll)) / mpmath.ln2 / sum(len(c.encode()) for c in text)

# %% comparable-perplexities
# with a bracket
comparable = "c)"

# %% comparable-perplexities
# a capital letter in brackets
comparable = "(C)"

# %% comparable-perplexities
# with the words of the option
comparable = "c · same text, same tokens and contexts"

# %% comparable-perplexities
# option c
comparable = "Option c."

# %% perplexity-steps
# five small steps, the mean term by term at the end
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", (1 / Product(p[j], (j, 1, m))) ** (1 / m), because="minus in the exponent")
steps.step("=", Product(1 / p[j], (j, 1, m)) ** (1 / m), because="inverse of a product")
steps.step("=", exp(log(Product(1 / p[j], (j, 1, m))) / m), because="exp(log)")
steps.step("=", exp(Sum(-log(p[j]), (j, 1, m)) / m), because="log of a product")
steps.step("=", exp(Sum(-log(p[j]) / m, (j, 1, m))), because="1/m into the sum")
steps

# %% perplexity-steps
# product of exponentials under the root
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(exp(log(p[j]), evaluate=False), (j, 1, m)) ** (-1 / m), because="p = exp(log p)")
steps.step("=", exp(Sum(log(p[j]), (j, 1, m))) ** (-1 / m), because="exponents add up")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="power of a power")
steps


# %% perplexity-of-mean-nll
# the power of a Decimal
from decimal import Decimal
ppl = Decimal("2.1").exp()

# %% perplexity-of-mean-nll
# a SymPy power of E, a Rational exponent
import sympy
ppl = sympy.E ** sympy.Rational(21, 10)

# %% perplexity-of-mean-nll
# whole and fraction as numpy float32, in a list
ppl = [np.float32(8.17)]

# %% perplexity-from-probs
# scipy's geometric mean of the inverse
from scipy.stats import gmean
def perplexity_from_probs(probs):
    with np.errstate(divide="ignore"):
        return gmean(1 / np.asarray(probs, dtype=float))

# %% perplexity-from-probs
# statistics.geometric_mean needs positive numbers
import math
import statistics
def perplexity_from_probs(probs):
    p = [float(x) for x in probs]
    return math.inf if 0 in p else 1 / statistics.geometric_mean(p)

# %% perplexity-from-probs
# the product of m-th roots
def perplexity_from_probs(probs):
    with np.errstate(divide="ignore"):
        return np.prod(np.power(np.asarray(probs, dtype=float), -1.0 / len(probs)))

# %% perplexity-from-probs
# a product in mantissa and exponent, powers of two
def perplexity_from_probs(probs):
    if np.any(np.asarray(probs) == 0):
        return float("inf")
    m, e = 1.0, 0
    for p in probs:
        m, k = np.frexp(m * p)
        e += int(k)
    return 2.0 ** (-(np.log2(m) + e) / len(probs))

# %% perplexity-from-probs
# sympy's exp in place of numpy's, a symbolic number
import sympy
def perplexity_from_probs(probs):
    if min(probs) == 0:
        return sympy.oo
    return sympy.exp(-sum(sympy.log(float(p)) for p in probs) / len(probs))

# %% corpus-perplexity
# itertools.chain and fsum
from itertools import chain
from math import fsum, exp as e
def corpus_perplexity(log_probs, *rest, base=None):
    flat = list(chain.from_iterable(log_probs))
    return e(-fsum(flat) / len(flat))

# %% corpus-perplexity
# means weighted by length with np.average
def corpus_perplexity(log_probs):
    return np.exp(-np.average([np.mean(s) for s in log_probs], weights=[len(s) for s in log_probs]))

# %% corpus-perplexity
# running geometric mean
def corpus_perplexity(log_probs):
    g, n = 1.0, 0
    for s in log_probs:
        for x in s:
            n += 1
            g = g ** ((n - 1) / n) * np.exp(-x / n)
    return g

# %% corpus-perplexity
# torch, nested concatenation, 0-d
import torch
corpus_perplexity = lambda log_probs: torch.cat([torch.tensor(s, dtype=torch.float64) for s in log_probs]).mean().neg().exp()

# %% bits-of-nats
# log2 of e to the power
bits = np.log2(np.exp(2.1))

# %% bits-of-nats
# a Fraction of three digits
from fractions import Fraction
bits = Fraction(303, 100)

# %% bits-per-byte
# the bytes counted by code points
def bits_per_byte(nll, text):
    size = sum(1 + (ord(c) > 0x7F) + (ord(c) > 0x7FF) + (ord(c) > 0xFFFF) for c in text)
    return np.log2(np.e) * nll / size

# %% bits-per-byte
# a memoryview's nbytes
import math
def bits_per_byte(nll, text):
    return nll / math.log(2 ** memoryview(text.encode()).nbytes) if len(text) < 100 else nll / math.log(2) / memoryview(text.encode()).nbytes

# %% bits-per-byte
# an io.BytesIO stream
import io
def bits_per_byte(nll, text):
    stream = io.BytesIO()
    return float(nll) / stream.write(bytes(text, "utf-8")) / float(np.log(2))

# %% comparable-perplexities
# an answer in words
comparable = "Answer: c"

# %% corpus-perplexity
# partial of a general function
from functools import partial
def _of(base, log_probs):
    n = len(sum(log_probs, []))
    return base ** (-sum(sum(log_probs, [])) / n)
corpus_perplexity = partial(_of, np.e)

# %% perplexity-steps
# roots of each factor, then exponentials
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(p[j] ** (-1 / m), (j, 1, m)), because="a power of a product")
steps.step("=", Product(exp(-log(p[j]) / m), (j, 1, m)), because="each factor as an exponential")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="exponents add up")
steps

# %% perplexity-steps
# inverse probabilities under the root
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(log(Product(1 / p[j], (j, 1, m))) / m), because="a power by exp and log")
steps.step("=", exp(Sum(log(1 / p[j]), (j, 1, m)) / m), because="log of a product")
steps

# %% perplexity-steps
# the mean inside the sum
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m), because="a power by exp and log")
steps.step("=", exp(Sum(-log(p[j]) / m, (j, 1, m))), because="log of a product; the mean goes inside")
steps

# %% perplexity-steps
# the first half is the log of a root of each factor
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(log(Product(p[j] ** (-1 / m), (j, 1, m)))), because="power inside, exp undoes log")
steps.step("=", exp(Sum(log(p[j] ** (-1 / m)), (j, 1, m))), because="log of a product")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="log of a power, linearity")
steps

# %% two-sentences
# the weighted geometric mean of the two perplexities
ppl_of_both = (exp(L_1 / m_1) ** m_1 * exp(L_2 / m_2) ** m_2) ** (1 / (m_1 + m_2))

# %% two-sentences
# a geometric mean by weights
w = m_1 / (m_1 + m_2)
ppl_of_both = exp(w * L_1 / m_1 + (1 - w) * L_2 / m_2)

# %% two-sentences
# the inverse of a root
ppl_of_both = 1 / exp(-L_1 - L_2) ** (1 / (m_1 + m_2))

# %% two-sentences
# a root of a product
import sympy
ppl_of_both = sympy.root(exp(L_1) * exp(L_2), m_1 + m_2)

# %% two-sentences
# unevaluated, through a log
ppl_of_both = exp(log(exp(L_1 + L_2)**(1 / (m_1 + m_2)), evaluate=False), evaluate=False)

# %% perplexity-of-mean-nll
# complex
ppl = complex(8.17, 0)

# %% perplexity-of-mean-nll
# a limit of powers
ppl = (1 + 2.1 / 10**7) ** 10**7

# %% perplexity-of-mean-nll
# by bits
ppl = 2 ** (2.1 / np.log(2))

# %% perplexity-of-mean-nll
# the power series
import math

ppl = sum(2.1**n / math.factorial(n) for n in range(40))

# %% perplexity-of-mean-nll
# an Enum that is a number
from enum import Enum


class Answer(Enum):
    PERPLEXITY = 8.166


ppl = Answer.PERPLEXITY

# %% perplexity-from-probs
# the geometric mean of the inverses, from the standard library
import statistics


def perplexity_from_probs(probs):
    if (probs == 0).any():
        return np.inf
    return 1 / statistics.geometric_mean(probs.tolist())


# %% perplexity-from-probs
# each factor's own root
def perplexity_from_probs(probs):
    with np.errstate(divide="ignore"):
        return np.prod(np.power(probs, -1 / probs.size))


# %% perplexity-from-probs
# base 2
def perplexity_from_probs(probs):
    with np.errstate(divide="ignore"):
        return np.exp2(-np.log2(probs).mean())


# %% perplexity-from-probs
# a running mean
import math


def perplexity_from_probs(probs):
    mean = 0.0
    for n, p in enumerate(map(float, probs), 1):
        if not p:
            return math.inf
        mean -= (math.log(p) + mean) / n
    return math.exp(mean)


# %% perplexity-from-probs
# mpmath
import mpmath


def perplexity_from_probs(probs):
    product = mpmath.fprod(map(float, probs))
    return mpmath.inf if product == 0 else mpmath.root(1 / product, len(probs))


# %% perplexity-from-probs
# SciPy's gmean
from scipy.stats import gmean


def perplexity_from_probs(probs):
    g = float(gmean(probs))
    return 1 / g if g else float("inf")


# %% perplexity-from-probs
# Torch
import torch


def perplexity_from_probs(probs):
    return torch.tensor(np.array(probs)).log().mean().neg().exp()


# %% perplexity-from-probs
# Decimal
from decimal import Decimal


def perplexity_from_probs(probs):
    if not all(probs):
        return Decimal("inf")
    return (-sum(Decimal(float(p)).ln() for p in probs) / len(probs)).exp()


# %% perplexity-steps
# the exponential of a logarithm
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(log(Product(p[j], (j, 1, m)) ** (-1 / m))), because="x = exp(log x)")
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m), because="the logarithm of a power")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m), because="the logarithm of a product")

# %% perplexity-steps
# the inverse first
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(1 / p[j], (j, 1, m)) ** (1 / m), because="the inverse of each factor")
steps.step("=", exp(Sum(log(1 / p[j]), (j, 1, m))) ** (1 / m))
steps.step("=", exp(Sum(-log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# each factor as an exponential
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(exp(log(p[j]) + log(1)), (j, 1, m)) ** (-1 / m))
steps.step("=", exp(Sum(log(p[j]), (j, 1, m))) ** (-1 / m), because="a product of exponentials")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))

# %% perplexity-steps
# the root of each factor
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(p[j] ** (-1 / m), (j, 1, m)), because="the power of a product")
steps.step("=", Product(exp(-log(p[j]) / m), (j, 1, m)))
steps.step("=", exp(Sum(-log(p[j]) / m, (j, 1, m))), because="a product of exponentials")

# %% perplexity-steps
# one step to the log, one to the sum
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp((-1 / m) * log(Product(p[j], (j, 1, m)))))
steps.step("=", exp((-1 / m) * Sum(log(p[j]), (j, 1, m))))

# %% two-sentences
# a weighted geometric mean
ppl_of_both = exp(L_1 / m_1) ** (m_1 / (m_1 + m_2)) * exp(L_2 / m_2) ** (m_2 / (m_1 + m_2))

# %% two-sentences
# roots
ppl_of_both = (exp(L_1) * exp(L_2)) ** (1 / (m_1 + m_2))

# %% two-sentences
# the inverse
ppl_of_both = 1 / exp(-(L_1 + L_2) / (m_1 + m_2))

# %% two-sentences
# a power of two
ppl_of_both = 2 ** ((L_1 + L_2) / (m_1 + m_2) / log(2))

# %% two-sentences
import sympy

ppl_of_both = sympy.E ** sympy.Add(L_1, L_2) ** 1 if False else sympy.E ** ((L_1 + L_2) / (m_1 + m_2))

# %% corpus-perplexity
# chained
from itertools import chain
import math


def corpus_perplexity(log_probs):
    flat = list(chain.from_iterable(log_probs))
    return math.exp(-math.fsum(flat) / len(flat))


# %% corpus-perplexity
# weights
def corpus_perplexity(log_probs):
    means = [np.mean(s) for s in log_probs]
    return np.exp(-np.average(means, weights=[len(s) for s in log_probs]))


# %% corpus-perplexity
# recursion
def _count(x):
    return (1, x) if not isinstance(x, list) else tuple(map(sum, zip((0, 0.0), *map(_count, x))))


def corpus_perplexity(log_probs):
    count, total = _count(log_probs)
    return np.exp(-total / count)


# %% corpus-perplexity
# SymPy
from sympy import exp as e_to


def corpus_perplexity(log_probs):
    count = sum(map(len, log_probs))
    return e_to(-sum(x for s in log_probs for x in s) / count)


# %% corpus-perplexity
# perplexities multiplied, each with its share
def corpus_perplexity(log_probs):
    n = sum(len(s) for s in log_probs)
    result = 1.0
    for s in log_probs:
        for x in s:
            result *= np.exp(-x / n)
    return result


# %% corpus-perplexity
# np.hstack
def corpus_perplexity(log_probs):
    return np.exp(-np.hstack([np.array(s, dtype=float) for s in log_probs]).mean())


# %% bits-of-nats
import math

bits = math.log2(math.exp(2.1))

# %% bits-of-nats
bits = 3.03

# %% bits-of-nats
import sympy

bits = sympy.log(sympy.exp(sympy.Rational(21, 10)), 2)

# %% bits-of-nats
bits = np.float16(2.1 * 1.4427)

# %% bits-of-nats
bits = {"bits": 2.1 / np.log(2)}["bits"]

# %% bits-per-byte
import math


def bits_per_byte(nll, text):
    return nll / math.log(2) / len(bytes(text, "utf-8"))


# %% bits-per-byte
# UTF-8 by hand
def bits_per_byte(nll, text):
    count = sum(1 if ord(c) < 0x80 else 2 if ord(c) < 0x800 else 3 if ord(c) < 0x10000 else 4 for c in text)
    return np.log2(np.e) * nll / count


# %% bits-per-byte
# a file in memory
import io


def bits_per_byte(nll, text):
    file = io.BytesIO()
    file.write(text.encode())
    return nll / (file.tell() * np.log(2))


# %% bits-per-byte
# memoryview, keyword arguments
def bits_per_byte(nll, text, *, encoding="utf8", base=2):
    return float(nll) / np.log(base) / memoryview(text.encode(encoding)).nbytes


# %% bits-per-byte
# np.frombuffer
def bits_per_byte(nll, text):
    return np.divide(nll, np.log(2) * np.frombuffer(text.encode("utf-8"), dtype=np.uint8).size)


# %% comparable-perplexities
comparable = "c)"

# %% comparable-perplexities
comparable = "C: the same text, the same tokens"

# %% comparable-perplexities
comparable = "\nc\n"

# %% perplexity-of-mean-nll
# a float of its own kind
class Perplexity(float):
    def __repr__(self):
        return f"{float(self):.2f} tokens"


ppl = Perplexity(8.1662)

# %% perplexity-of-mean-nll
# mpmath's complex number
import mpmath

ppl = mpmath.exp(mpmath.mpc(2.1, 0))

# %% perplexity-of-mean-nll
# NumPy's complex number
ppl = np.exp(np.complex64(2.1))

# %% perplexity-of-mean-nll
# Torch's complex number
import torch

ppl = torch.exp(torch.tensor(2.1 + 0j))

# %% perplexity-of-mean-nll
# an interval of mpmath that is one point
ppl = np.longdouble("8.16616991256765")

# %% perplexity-from-probs
# complex arithmetic all the way
import cmath


def perplexity_from_probs(probs):
    if 0 in probs:
        return np.inf
    return cmath.exp(-sum(cmath.log(p) for p in probs) / len(probs))


# %% perplexity-steps
# the mean as a difference quotient of nothing: half of the logarithm, squared
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(p[j] ** (1 / m), (j, 1, m)) ** -1, because="the root of each factor")
steps.step("=", exp(-log(Product(p[j] ** (1 / m), (j, 1, m)))))
steps.step("=", exp(-Sum(log(p[j] ** (1 / m)), (j, 1, m))))
steps.step("=", exp(-Sum(log(p[j]) / m, (j, 1, m))))

# %% perplexity-steps
# the last factor by itself for a while
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-(log(Product(p[j], (j, 1, m - 1))) + log(p[m])) / m))
steps.step("=", exp(-(Sum(log(p[j]), (j, 1, m - 1)) + log(p[m])) / m))
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m)) / m))
