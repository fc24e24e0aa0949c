# %% [markdown]
# Right answers in odd forms to set 01, written from the prompts alone. A cell is one answer to the task in its head.

# %% total-log-likelihood
# one array of rows, summed over its last axis
log_likelihoods = np.array([[-1.8, -2.5, -1.2], [-1.5, -0.9, -1.2]]).sum(axis=-1)

# %% total-log-likelihood
# exact fractions in a tuple
from fractions import Fraction

log_likelihoods = (Fraction(-55, 10), Fraction(-36, 10))

# %% total-log-likelihood
# decimals from text, never rounded
from decimal import Decimal

log_likelihoods = [sum(map(Decimal, t.split())) for t in ("-1.8 -2.5 -1.2", "-1.5 -0.9 -1.2")]

# %% total-log-likelihood
# a namedtuple with SymPy's rationals
from collections import namedtuple
from sympy import Rational

Totals = namedtuple("Totals", "first cat")
log_likelihoods = Totals(first=Rational(-11, 2), cat=Rational(-18, 5))

# %% total-log-likelihood
# torch in float32: one decimal is enough
import torch

log_likelihoods = torch.tensor([[-1.8, -2.5, -1.2], [-1.5, -0.9, -1.2]]).sum(dim=1)

# %% total-log-likelihood
# a list of two tensors of shape (1,)
import torch

log_likelihoods = [torch.tensor([-5.5]), torch.tensor([-3.6], dtype=torch.float64)]

# %% total-log-likelihood
# log of the product of the probabilities, the long way round
log_likelihoods = [float(np.log(np.prod(np.exp(row)))) for row in ([-1.8, -2.5, -1.2], [-1.5, -0.9, -1.2])]

# %% total-log-likelihood
# mpmath's numbers
import mpmath

log_likelihoods = [mpmath.fsum(["-1.8", "-2.5", "-1.2"]), mpmath.fsum(["-1.5", "-0.9", "-1.2"])]

# %% total-log-likelihood
# the values of a dict, made a list; ключи на русском
суммы = {"первая": -1.8 - 2.5 - 1.2, "кошка": -1.5 - 0.9 - 1.2}
log_likelihoods = list(суммы.values())

# %% total-log-likelihood
# a list of 0-d arrays
log_likelihoods = [np.asarray(-5.5), np.array(-3.6)]

# %% sequence-nll
# grouped: how often each probability occurs
def sequence_nll(probs):
    values, counts = np.unique(probs, return_counts=True)
    return -(counts * np.log(values)).sum()

# %% sequence-nll
# a product of mantissas; the exponents are counted apart
import math

def sequence_nll(probs):
    mantissa, exponent = 1.0, 0
    for p in probs:
        if p == 0:
            return math.inf
        mantissa, e = math.frexp(mantissa * math.frexp(p)[0])
        exponent += e + math.frexp(p)[1]
    return -(math.log(mantissa) + exponent * math.log(2))

# %% sequence-nll
# Decimal knows ln(0) = -Infinity and hardly ever underflows
from decimal import Decimal, localcontext

def sequence_nll(probs):
    with localcontext() as ctx:
        ctx.prec = 30
        return -sum((Decimal(float(p)).ln() for p in probs), Decimal(0))

# %% sequence-nll
# mpmath: a product with unlimited exponents
import mpmath

def sequence_nll(probs):
    product = mpmath.mpf(1)
    for p in probs:
        product *= mpmath.mpf(float(p))
    return -mpmath.log(product)

# %% sequence-nll
# torch's nll_loss with one class per token
import torch
import torch.nn.functional as F

def sequence_nll(probs):
    log_p = torch.log(torch.as_tensor(probs, dtype=torch.float64))[:, None]
    return F.nll_loss(log_p, torch.zeros(len(log_p), dtype=torch.long), reduction="sum")

# %% sequence-nll
# by halves: a recursion that is never deep
def sequence_nll(probs):
    if len(probs) == 1:
        return -np.log(probs[0])
    middle = len(probs) // 2
    return sequence_nll(probs[:middle]) + sequence_nll(probs[middle:])

# %% sequence-nll
# a lambda, base 2, back to nats
sequence_nll = lambda probs: -np.log2(probs).sum() * np.log(2)

# %% sequence-nll
# an object that can be called
class NLL:
    def __init__(self, base=np.e):
        self.base = base

    def log(self, x):
        return np.log(x) / np.log(self.base)

    def __call__(self, probs):
        return float(np.negative(self.log(probs)).sum())

sequence_nll = NLL()

# %% sequence-nll
# a scalar product with ones
def sequence_nll(probs: np.ndarray) -> np.floating:
    return np.log(probs) @ np.full(len(probs), -1.0)

# %% sequence-nll
# fsum and an explicit infinity; self-test beside it
from math import fsum, inf, log as ln

def sequence_nll(probs):
    return inf if any(p == 0.0 for p in probs) else fsum(-ln(p) for p in probs)

assert abs(sequence_nll([0.5, 0.5]) - 2 * ln(2)) < 1e-12

# %% sequence-nll
# running sum, last entry, as an array of shape (1,)
def sequence_nll(probs):
    return -np.cumsum(np.log(probs))[-1:]

# %% sequence-nll
# complex logarithm, its real part
def sequence_nll(probs):
    return -np.log(np.asarray(probs, dtype=complex)).sum().real

# %% sequence-nll
# the mean times the length
import statistics

def sequence_nll(probs):
    with np.errstate(divide="ignore"):
        surprisals = [-float(np.log(q)) for q in probs]
    return statistics.fmean(surprisals) * len(surprisals)

# %% sequence-nll
# SciPy's xlogy
from scipy.special import xlogy

def sequence_nll(probs):
    return xlogy(-1.0, probs).sum()

# %% sequence-nll
# reduce with a walrus
from functools import reduce

def sequence_nll(probs):
    return reduce(lambda total, p: total + (np.inf if (q := float(p)) == 0 else -np.log(q)), probs, 0.0)

# %% sequence-nll
# a generator function, names in Greek
def sequence_nll(probs):
    def ℓ():
        for π in probs.tolist():
            yield -np.log(π)
    return sum(ℓ())

# %% sequence-nll
# extended precision
def sequence_nll(probs):
    return -np.log(np.asarray(probs, dtype=np.longdouble)).sum()

# %% sequence-steps
# the definition first, then logarithm of a product, then of a quotient
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(exp(s[j]) / Z[j], (j, 1, m))), because="the definition of p_j")
steps.step("=", -Sum(log(exp(s[j]) / Z[j]), (j, 1, m)), because="log of a product")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="log of a quotient")

# %% sequence-steps
# one product of the numerators, one of the denominators
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(exp(s[j]), (j, 1, m)) / Product(Z[j], (j, 1, m))), because="product of quotients")
steps.step("=", -log(Product(exp(s[j]), (j, 1, m))) + log(Product(Z[j], (j, 1, m))), because="log of a quotient")
steps.step("=", -Sum(s[j], (j, 1, m)) + Sum(log(Z[j]), (j, 1, m)), because="log of products")

# %% sequence-steps
# the product of exponentials is the exponential of a sum
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(exp(Sum(s[j], (j, 1, m))) / Product(Z[j], (j, 1, m))), because="exp(a)exp(b) = exp(a+b)")
steps.step("=", log(Product(Z[j], (j, 1, m))) - Sum(s[j], (j, 1, m)), because="log undoes exp")
steps.step("=", Sum(log(Z[j]), (j, 1, m)) - Sum(s[j], (j, 1, m)), because="log of a product")

# %% sequence-steps
# the minus sign goes inside as a reciprocal
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", log(Product(1 / p(j), (j, 1, m))), because="-log x = log 1/x")
steps.step("=", Sum(log(1 / p(j)), (j, 1, m)), because="log of a product")
steps.step("=", Sum(log(Z[j] * exp(-s[j])), (j, 1, m)), because="definition")
steps.step("=", Sum(log(Z[j]), (j, 1, m)) - Sum(s[j], (j, 1, m)), because="log of a product, linearity")

# %% sequence-steps
# another index letter from the second line on
i = index("i", m)
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(i)), (i, 1, m)), because="der Logarithmus eines Produkts")
steps.step("=", Sum(log(Z[i]) - s[i], (i, 1, m)), because="Definition von p")

# %% sequence-steps
# the last factor apart, then back into the sum
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(p(j), (j, 1, m - 1)) * p(m)), because="the last factor apart")
steps.step("=", -Sum(log(p(j)), (j, 1, m - 1)) - log(p(m)), because="log of a product")
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="back into the sum")
steps.step("=", -Sum(s[j] - log(Z[j]), (j, 1, m)), because="log of a quotient")

# %% sequence-steps
# counted from the end
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="log of a product")
steps.step("=", -Sum(log(p(m + 1 - j)), (j, 1, m)), because="the other way round")
steps.step("=", Sum(log(Z[m + 1 - j]) - s[m + 1 - j], (j, 1, m)), because="log of a quotient")

# %% sequence-steps
# the steps in a list, added by a loop
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
for line, why in [
    (-Sum(log(p(j)), (j, 1, m)), "log turns products into sums"),
    (-Sum(log(exp(s[j]) / Z[j]), (j, 1, m)), "definition"),
    (-(Sum(s[j], (j, 1, m)) - Sum(log(Z[j]), (j, 1, m))), "log of a quotient"),
]:
    steps.step("=", line, because=why)

# %% sequence-steps
# through bits and back
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(2) * Sum(log(p(j)) / log(2), (j, 1, m)), because="in bits, times nats per bit")
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="log 2 cancels")
steps.step("=", Sum(log(Z[j]), (j, 1, m)) - Sum(s[j], (j, 1, m)), because="log of a quotient, linearity")

# %% sequence-steps
# the sum stays one sum, with a plus() in the student's own order
from grader.algebra import plus, times

over_positions = lambda term: Sum(term, (j, 1, m))
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", times(-1, over_positions(log(p(j)))), because="log of a product")
steps.step("=", over_positions(plus(times(-1, s[j]), log(Z[j]))), because="log of a quotient")

# %% sequence-steps
# a product of m-th powers in the middle, true but odd
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -m * log(Product(p(j), (j, 1, m)) ** (1 / m)), because="log x = m log x^(1/m)")
steps.step("=", -m * Sum(log(p(j)) / m, (j, 1, m)), because="log of a power and of a product")
steps.step("=", -m * Sum((s[j] - log(Z[j])) / m, (j, 1, m)), because="log of a quotient")
steps.step("=", -Sum(s[j] - log(Z[j]), (j, 1, m)), because="m / m = 1")

# %% sequence-steps
# only the two ideas, and the sum split in two
derivation = Derivation("sequence-steps", strict=False)
derivation.start(-log(Product(p(j), (j, 1, m))))
derivation.step("=", -Sum(log(p(j)), (j, 1, m)), because="log Π = Σ log")
derivation.step("=", -Sum(s[j], (j, 1, m)) - Sum(-log(Z[j]), (j, 1, m)), because="log(a/b) = log a - log b")
steps = derivation

# %% one-unlikely-token
# one logarithm of everything
nll_with_one_unlikely = -log(prob**m / c)

# %% one-unlikely-token
# ordinary tokens and the odd one apart
nll_with_one_unlikely = -(m - 1) * log(prob) - log(prob / c)

# %% one-unlikely-token
# as a sum over the m - 1 ordinary tokens
nll_with_one_unlikely = Sum(-log(prob), (j, 1, m - 1)) + log(c / prob)

# %% one-unlikely-token
# a case for the odd token, which stands first
from sympy import Eq, Piecewise

nll_with_one_unlikely = -Sum(log(Piecewise((prob / c, Eq(j, 1)), (prob, True))), (j, 1, m))

# %% one-unlikely-token
# the product, literally, then the logarithm
nll_with_one_unlikely = -log(Product(prob, (j, 1, m - 1)) * prob / c)

# %% one-unlikely-token
# all reciprocals
nll_with_one_unlikely = m * log(1 / prob) - log(1 / c)

# %% one-unlikely-token
# a function of three numbers, called with the symbols
def nll(count, probability_of_one, factor):
    return log(factor) - log(probability_of_one**count)

nll_with_one_unlikely = nll(m, prob, c)

# %% one-unlikely-token
# factored: m (−log p + log(c) / m)
nll_with_one_unlikely = m * (-log(prob) + log(c) / m)

# %% one-unlikely-token
# m times as much for all, then a correction
nll_with_one_unlikely = -m * log(prob / c) - (m - 1) * log(c)

# %% batch-nll
# sum with where=
def batch_nll(log_probs, mask):
    return -np.sum(log_probs, axis=1, where=mask)

# %% batch-nll
# NaN for padding, then nansum: an impossible token still gives inf
def batch_nll(log_probs, mask):
    return np.nansum(np.where(mask, np.negative(log_probs), np.nan), axis=-1)

# %% batch-nll
# weights in a histogram of the row numbers
def batch_nll(log_probs, mask):
    rows, _ = np.nonzero(mask)
    return np.bincount(rows, weights=-log_probs[mask], minlength=len(mask))

# %% batch-nll
# compress, a list of floats
from itertools import compress

def batch_nll(log_probs, mask):
    return [-float(sum(compress(row, keep))) for row, keep in zip(log_probs, mask)]

# %% batch-nll
# a masked array, filled with 0 where all is masked
def batch_nll(log_probs, mask):
    return -np.ma.masked_array(log_probs, mask=~mask).sum(axis=1).filled(0.0)

# %% batch-nll
# torch's masked_fill in float64
import torch

def batch_nll(log_probs, mask):
    x = torch.tensor(np.asarray(log_probs, dtype=float))
    return x.masked_fill(~torch.tensor(np.asarray(mask)), 0.0).sum(-1).neg()

# %% batch-nll
# two plain loops
def batch_nll(log_probs, mask):
    B, T = log_probs.shape
    total = [0.0] * B
    for b in range(B):
        for t in range(T):
            if mask[b, t]:
                total[b] -= log_probs[b, t]
    return tuple(total)

# %% batch-nll
# unbuffered subtraction in place, on an array of its own
def batch_nll(log_probs, mask):
    nll = np.zeros(log_probs.shape[0])
    np.subtract.at(nll, np.nonzero(mask)[0], log_probs[mask])
    return nll

# %% batch-nll
# a copy with padding set to 0
def batch_nll(log_probs, mask):
    kept = log_probs.astype(float, copy=True)
    kept[np.logical_not(mask)] = 0
    return 0 - kept.sum(1)

# %% batch-nll
# index_add_ of torch
import torch

def batch_nll(log_probs, mask):
    lp, keep = torch.from_numpy(np.array(log_probs, dtype=float)), torch.from_numpy(np.array(mask))
    return torch.zeros(len(lp), dtype=lp.dtype).index_add(0, keep.nonzero()[:, 0], -lp[keep])

# %% batch-nll
# a helper per row and np.fromiter
def sequence_loss(row, keep):
    return -row[keep].sum()

def batch_nll(log_probs, mask):
    return np.fromiter((sequence_loss(r, k) for r, k in zip(log_probs, mask)), dtype=float, count=len(mask))

# %% batch-nll
# vectorize with a signature
batch_nll = np.vectorize(lambda row, keep: -np.sum(row[keep]), signature="(t),(t)->()", otypes=[float])

# %% batch-nll
# all tokens in one row, cut where the sequences end
def batch_nll(log_probs, mask):
    ends = np.cumsum(mask.sum(axis=1))
    running = np.concatenate([[0.0], ends])
    kept = -log_probs[mask]
    return np.array([kept[int(a):int(b)].sum() for a, b in zip(running[:-1], running[1:])])

# %% batch-nll
# np.select, an own method named log_softmax that isn't one
class Batch:
    def __init__(self, log_probs, mask):
        self.log_probs, self.mask = log_probs, mask

    def log_softmax(self):
        return np.select([self.mask], [self.log_probs], default=0.0)

    def nll(self):
        return -self.log_softmax().sum(axis=1)

def batch_nll(log_probs, mask):
    return Batch(log_probs, mask).nll()

# %% changed-conditionals
# a capital letter
changed = "B"

# %% changed-conditionals
# with its text
changed = "b · p3, p4 and p5"

# %% changed-conditionals
# in brackets
changed = " (b) "

# %% changed-conditionals
# with a full stop
changed = "b."

# %% changed-conditionals
# in words
changed = "Option B"

# %% underflow-length
# the loop
length, product = 0, 1.0
while product > 0:
    product /= 50_000
    length += 1

# %% underflow-length
# cumprod, the first place that is 0
length = int(np.argmax(np.cumprod(np.full(200, 1 / 50_000)) == 0)) + 1

# %% underflow-length
# itertools in a 0-d array
from itertools import accumulate, repeat
from operator import mul

length = np.array(next(n for n, x in enumerate(accumulate(repeat(1 / 50_000, 500), mul), start=1) if x == 0))

# %% underflow-length
# a float from a count of the places that aren't 0
length = float(np.count_nonzero(np.cumprod([2e-5] * 300)) + 1)

# %% underflow-length
# torch in float64, an int64 tensor
import torch

length = (torch.cumprod(torch.full((100,), 2e-5, dtype=torch.float64), 0) > 0).sum() + 1

# %% underflow-length
# a recursion, which is not deep
def tokens_until_zero(product=1.0):
    return 0 if product == 0.0 else 1 + tokens_until_zero(product * (1 / 50000))

length = tokens_until_zero()

# %% underflow-length
# SymPy's integer
from sympy import Integer

x, count = 1.0, Integer(0)
while x != 0.0:
    x, count = x * 2e-5, count + 1
length = count

# %% three-losses
# a NumPy array of three
def three_losses(log_probs):
    lengths = np.array([len(s) for s in log_probs])
    total = -np.concatenate([np.asarray(s, dtype=float) for s in log_probs]).sum()
    return np.array([total, total / lengths.sum(), total / lengths.size])

# %% three-losses
# a namedtuple
from typing import NamedTuple

class Losses(NamedTuple):
    total: float
    per_token: float
    per_sequence: float

def three_losses(log_probs):
    total = -sum(map(sum, log_probs))
    return Losses(per_sequence=total / len(log_probs), total=total, per_token=total / sum(map(len, log_probs)))

# %% three-losses
# one pass, one walrus
def three_losses(log_probs):
    return [nll := -sum(x for seq in log_probs for x in seq), nll / len([x for q in log_probs for x in q]), nll / len(log_probs)]

# %% three-losses
# torch, stacked
import torch

def three_losses(log_probs):
    flat = torch.cat([torch.tensor(s, dtype=torch.float64) for s in log_probs])
    return torch.stack([-flat.sum(), -flat.mean(), -flat.sum() / len(log_probs)])

# %% three-losses
# means weighted by their lengths
def three_losses(log_probs):
    means = [sum(s) / max(len(s), 1) for s in log_probs]
    sizes = [len(s) for s in log_probs]
    per_token = -float(np.dot(means, sizes)) / sum(sizes)
    return per_token * sum(sizes), per_token, per_token * sum(sizes) / len(sizes)

# %% three-losses
# a class with properties, a mixed list of number types
class Data:
    def __init__(self, sequences):
        self.sequences = sequences

    @property
    def total(self):
        return -np.float64(sum(sum(s) for s in self.sequences))

    @property
    def mean(self):
        return self.total / sum(len(s) for s in self.sequences)

def three_losses(log_probs):
    data = Data(log_probs)
    return [data.total, torch_free_mean(data), np.array(data.total / len(log_probs))]

def torch_free_mean(data):
    return data.mean

# %% three-losses
# itertools.chain, a generator made a tuple
from itertools import chain

def three_losses(log_probs):
    tokens = list(chain.from_iterable(log_probs))
    return tuple(-sum(tokens) / n for n in (1, len(tokens), len(log_probs)))

# %% three-losses
# a padded table with a mask
def three_losses(log_probs):
    T = max(map(len, log_probs))
    table = np.full((len(log_probs), T), np.nan)
    for row, seq in zip(table, log_probs):
        row[: len(seq)] = seq
    total = -np.nansum(table)
    return total, total / np.count_nonzero(~np.isnan(table)), total / len(table)

# %% sequence-steps
# an own kind of derivation with a short method for equalities
class Work(Derivation):
    def eq(self, line, why):
        self.step("=", line, because=why)
        return self

steps = Work("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.eq(-Sum(log(p(j)), (j, 1, m)), "log of a product").eq(Sum(log(Z[j]) - s[j], (j, 1, m)), "log of a quotient")

# %% changed-conditionals
# an enumeration of text
from enum import StrEnum

class Letter(StrEnum):
    A = "a"
    B = "b"

changed = Letter.B

# %% changed-conditionals
# NumPy's text
changed = np.array(["a", "b", "c", "d"])[1]


# %% total-log-likelihood
# a 1-D torch tensor in float64 that still requires a gradient
import torch
log_likelihoods = torch.tensor([-5.5, -3.6], dtype=torch.float64, requires_grad=True)

# %% total-log-likelihood
# a deque of Fractions
from collections import deque
from fractions import Fraction
log_likelihoods = deque([Fraction(-11, 2), Fraction(-18, 5)])

# %% total-log-likelihood
# SymPy's Tuple of Rationals
import sympy
log_likelihoods = sympy.Tuple(sympy.Rational(-11, 2), sympy.Rational(-18, 5))

# %% total-log-likelihood
# the sums of a zip, an array of dtype object that holds Decimals
from decimal import Decimal
log_likelihoods = np.array([sum(map(Decimal, ("-1.8", "-2.5", "-1.2"))), sum(map(Decimal, ("-1.5", "-0.9", "-1.2")))], dtype=object)

# %% total-log-likelihood
# array.array, the standard library's own
import array
log_likelihoods = array.array("d", [-5.5, -3.6])

# %% total-log-likelihood
# a list of two arrays of shape (1,)
log_likelihoods = [np.array([-5.5]), np.array([-3.6])]

# %% sequence-nll
# a callable class whose instance is the function
class _NLL:
    def __call__(self, probs):
        with np.errstate(divide="ignore"):
            return -np.add.reduce(np.log(probs))
sequence_nll = _NLL()

# %% sequence-nll
# functools.reduce over Python floats
from functools import reduce
from math import log, inf
def sequence_nll(probs):
    return reduce(lambda total, p: total - log(p) if p > 0 else inf, probs.tolist(), 0.0)

# %% sequence-nll
# products of halves by recursion of depth log2 m, in mantissa and exponent
def sequence_nll(probs):
    mantissa, exponent = np.frexp(np.asarray(probs, dtype=float))
    if (mantissa == 0).any():
        return np.inf
    def product(a):
        if len(a) == 1:
            return a[0], 0
        h = len(a) // 2
        x, i = product(a[:h])
        y, k = product(a[h:])
        m, e = np.frexp(x * y)
        return m, i + k + int(e)
    m, e = product(mantissa)
    return -(np.log(m) + (e + int(exponent.sum())) * np.log(2))

# %% sequence-nll
# an exact product of Fractions, its logarithm from bit lengths (math.log takes big whole numbers)
from fractions import Fraction
import math
def sequence_nll(probs):
    p = math.prod((Fraction(float(x)) for x in probs), start=Fraction(1))
    return math.inf if p == 0 else math.log(p.denominator) - math.log(p.numerator)

# %% sequence-nll
# the dot product of ones with base-2 logarithms
def sequence_nll(probs, *, unit=np.log(2)):
    with np.errstate(divide="ignore"):
        return float(-unit * np.sum(np.log2(probs)))

# %% sequence-nll
# one pass in Torch, returned as a 0-d tensor
import torch
sequence_nll = lambda probs: -torch.from_numpy(np.array(probs, dtype=float)).log().sum()

# %% batch-nll
# a matrix product with the mask, row by row, after the padding is emptied
def batch_nll(log_probs, mask):
    return np.array([-sum(row[keep].tolist()) for row, keep in zip(np.asarray(log_probs), np.asarray(mask))])

# %% batch-nll
# np.add.reduceat is not safe, so np.bincount over the row numbers of the tokens
def batch_nll(log_probs, mask):
    rows = np.nonzero(mask)[0]
    return np.bincount(rows, weights=-log_probs[mask], minlength=len(log_probs))

# %% batch-nll
# a masked array's sum, filled
def batch_nll(log_probs, mask):
    return (-np.ma.array(log_probs, mask=~mask).sum(axis=1)).filled(0.0) if True else None

# %% batch-nll
# a copy changed in place, subtract.reduce from nought
def batch_nll(log_probs, mask):
    table = np.array(log_probs, copy=True)
    table[np.logical_not(mask)] = 0
    return np.subtract.reduce(np.concatenate([np.zeros((len(table), 1)), table], axis=1), axis=1)

# %% batch-nll
# the ufunc's own where
def batch_nll(log_probs, mask):
    return np.negative(np.add.reduce(log_probs, axis=-1, where=mask, initial=0.0))

# %% batch-nll
# np.vectorize over rows with a signature
batch_nll = np.vectorize(lambda l, k: -np.where(k, l, 0.0).sum(), signature="(t),(t)->()", otypes=[float])

# %% changed-conditionals
# upper case with a bracket and blanks
changed = "  B) "

# %% changed-conditionals
# a numpy text
changed = np.str_("b")

# %% underflow-length
# found by a loop, as a numpy 64-bit number
x, length = np.float64(1), np.int64(0)
while x > 0:
    x, length = x / 50_000, length + 1

# %% underflow-length
# the index in a cumulative product, plus one, as an array of shape (1,)
length = np.flatnonzero(np.cumprod(np.full(200, 1 / 50_000)) == 0)[:1] + 1

# %% three-losses
# a generator's list
def three_losses(log_probs):
    total = -sum(map(sum, log_probs))
    return [total / n for n in (1, sum(map(len, log_probs)), len(log_probs))]

# %% three-losses
# a dict's values, in this order
def three_losses(log_probs):
    flat = np.concatenate([np.asarray(r, dtype=float) for r in log_probs])
    return tuple({"total": -flat.sum(), "token": -flat.mean(), "sequence": -flat.sum() / len(log_probs)}.values())

# %% three-losses
# a torch tensor with three entries, in float64
import torch
def three_losses(log_probs):
    rows = [torch.tensor(r, dtype=torch.float64) for r in log_probs]
    t = -torch.cat(rows).sum()
    return torch.stack([t, t / sum(map(len, rows)), t / len(rows)])

# %% three-losses
# recursion over sentences, an accumulator as default argument that is never changed
def three_losses(log_probs, start=(0.0, 0)):
    total, n = start
    for row in log_probs:
        for x in row:
            total, n = total - x, n + 1
    return total, total / n, total / len(log_probs)

# %% three-losses
# a structured record, unpacked by its names
from dataclasses import dataclass, astuple
@dataclass
class Losses:
    total: float
    token: float
    sequence: float
def three_losses(log_probs):
    t = -sum(sum(r) for r in log_probs)
    return astuple(Losses(t, t / sum(len(r) for r in log_probs), t / len(log_probs)))

# %% batch-nll
# nansum forgives 0 times inf at a padded place; a token's own -inf stays
def batch_nll(log_probs, mask):
    with np.errstate(invalid="ignore"):
        return -np.nansum(log_probs * mask, axis=1)

# %% sequence-nll
# np.seterr(all="raise") for the whole notebook, and no error is met
np.seterr(all="raise")
def sequence_nll(probs):
    total = 0.0
    for p in probs:
        if p == 0:
            return np.inf
        total -= np.log(p)
    return total

# %% sequence-nll
# a bound method, with a count of the calls in global state and prints
calls = []
class Loss:
    def of(self, probs):
        calls.append(len(probs))
        print("called", len(calls), "times")
        with np.errstate(divide="ignore"):
            return np.log(probs).sum().__neg__()
sequence_nll = Loss().of

# %% sequence-nll
# np.frompyfunc's ufunc reduced: a Python object comes back
import math
plus = np.frompyfunc(lambda a, b: a + b, 2, 1)
def sequence_nll(probs):
    return plus.reduce(np.array([math.inf if p == 0 else -math.log(p) for p in probs], dtype=object))

# %% sequence-nll
# a name that hides a builtin, and a staticmethod
sum = np.sum
@staticmethod
def sequence_nll(probs):
    with np.errstate(all="ignore"):
        return sum(np.log(1 / probs))

# %% sequence-steps
# the quotient of the products, turned upside down
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", log(Product(Z[j], (j, 1, m)) / Product(exp(s[j]), (j, 1, m))), because="minus the log is the log of the inverse")
steps.step("=", log(Product(Z[j], (j, 1, m))) - log(Product(exp(s[j]), (j, 1, m))), because="log of a quotient")
steps.step("=", Sum(log(Z[j]), (j, 1, m)) - Sum(s[j], (j, 1, m)), because="log of a product, twice")
steps

# %% sequence-steps
# each factor inverted under the product
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", log(Product(Z[j] * exp(-s[j]), (j, 1, m))), because="-log a = log 1/a, factor by factor")
steps.step("=", Sum(log(Z[j] * exp(-s[j])), (j, 1, m)), because="log of a product")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="log of a product again")
steps

# %% sequence-steps
# the product of exponentials becomes one exponential of a sum
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(exp(Sum(s[j], (j, 1, m))) / Product(Z[j], (j, 1, m))), because="a product of powers adds the exponents")
steps.step("=", -Sum(s[j], (j, 1, m)) + log(Product(Z[j], (j, 1, m))), because="log of a quotient")
steps.step("=", Sum(log(Z[j]), (j, 1, m)) - Sum(s[j], (j, 1, m)), because="log of a product")
steps

# %% sequence-steps
# p_j written as one exponential, exp(s_j - log Z_j)
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="log of a product")
steps.step("=", -Sum(log(exp(s[j])) - log(Z[j]), (j, 1, m)), because="log of a quotient")
steps.step("=", Sum(log(Z[j]), (j, 1, m)) - Sum(s[j], (j, 1, m)), because="linearity")
steps

# %% sequence-steps
# the last token is split off first, then joined again
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(exp(s[j]), (j, 1, m))) + log(Product(Z[j], (j, 1, m))), because="log of a quotient of products")
steps.step("=", -Sum(s[j], (j, 1, m)) + log(Product(Z[j], (j, 1, m))), because="log of a product of exponentials")
steps.step("=", Sum(-s[j], (j, 1, m)) + Sum(log(Z[j]), (j, 1, m)), because="log of the other product")
steps

# %% sequence-steps
# other letters for the two sums, of the student's own
steps = Derivation("sequence-steps", strict=False)
a, b = index("a", m), index("b", m)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(exp(s[a]) / Z[a]), (a, 1, m)), because="log of a product, by the position a")
steps.step("=", Sum(log(Z[b]), (b, 1, m)) - Sum(s[a], (a, 1, m)), because="log of a quotient, then two sums")
steps

# %% one-unlikely-token
# a sum over the m - 1 ordinary tokens

nll_with_one_unlikely = -(m - 1) * log(prob) - log(prob / c)

# %% one-unlikely-token
# the log of the inverse of the whole product
nll_with_one_unlikely = log(c * prob ** (-m))

# %% one-unlikely-token
# one logarithm to the power m
nll_with_one_unlikely = log(c) + m * log(1 / prob)

# %% one-unlikely-token
# unevaluated logarithm of a product
nll_with_one_unlikely = -log(prob ** (m - 1) * prob / c, evaluate=False)

# %% one-unlikely-token
# a sum of m equal terms with an own index
from grader.algebra import index
i = index("i", m)
nll_with_one_unlikely = Sum(-log(prob), (i, 1, m)) + log(c)

# %% one-unlikely-token
# minus the log of a product of m equal factors, over c
from grader.algebra import index
i = index("i", m)
nll_with_one_unlikely = -log(Product(prob, (i, 1, m)) / c)

# %% total-log-likelihood
# complex numbers without an imaginary part
log_likelihoods = [complex(-5.5, 0), complex(-3.6, 0)]

# %% total-log-likelihood
# an array of the standard library
from array import array

log_likelihoods = array("d", [-1.8 - 2.5 - 1.2, -1.5 - 0.9 - 1.2])

# %% total-log-likelihood
# a deque
from collections import deque

log_likelihoods = deque([-5.5, -3.6], maxlen=2)

# %% total-log-likelihood
# a row of a SymPy matrix
import sympy

log_likelihoods = sympy.Matrix([[-1.8, -2.5, -1.2], [-1.5, -0.9, -1.2]]) * sympy.ones(3, 1)

# %% total-log-likelihood
# Torch, a half-precision number with a gradient
import torch

scores = torch.tensor([[-1.8, -2.5, -1.2], [-1.5, -0.9, -1.2]], dtype=torch.float64, requires_grad=True)
log_likelihoods = scores.sum(dim=-1)

# %% total-log-likelihood
# by way of the probabilities
log_likelihoods = np.log(np.exp([[-1.8, -2.5, -1.2], [-1.5, -0.9, -1.2]]).prod(axis=1)).tolist()

# %% total-log-likelihood
# members of an Enum that are numbers
from enum import Enum


class Total(float, Enum):
    FIRST = -5.5
    SECOND = -3.6


log_likelihoods = list(Total)

# %% total-log-likelihood
# the values of a dictionary
totals = {"first": -5.5, "the cat sat": -3.6}
log_likelihoods = list(totals.values())

# %% sequence-nll
# mantissas and exponents apart, so that the product never gets too small
import math


def sequence_nll(probs):
    mantissa, exponent = 1.0, 0
    for p in probs:
        if p == 0:
            return math.inf
        m, e = math.frexp(p)
        mantissa, extra = math.frexp(mantissa * m)
        exponent += e + extra
    return -(math.log(mantissa) + exponent * math.log(2))


# %% sequence-nll
# whole numbers of any length: the logarithm of an exact fraction
import math
from fractions import Fraction


def sequence_nll(probs):
    top = bottom = 1
    for p in probs:
        fraction = Fraction(float(p))
        if not fraction:
            return float("inf")
        top *= fraction.numerator
        bottom *= fraction.denominator
    return math.log(bottom) - math.log(top)


# %% sequence-nll
# halves, halves of halves
def sequence_nll(probs):
    if len(probs) == 1:
        return -np.log(probs[0])
    middle = len(probs) // 2
    return sequence_nll(probs[:middle]) + sequence_nll(probs[middle:])


# %% sequence-nll
# the sum of the ufunc, with a silenced warning
def sequence_nll(probs, *, base=np.e):
    with np.errstate(divide="ignore"):
        return np.negative(np.add.reduce(np.log(probs))) / np.log(base)


# %% sequence-nll
# a ufunc that adds up in the logarithmic domain: log2 and back
def sequence_nll(probs):
    return -np.log2(np.asarray(probs, dtype=np.longdouble)).sum() * np.log(np.longdouble(2))


# %% sequence-nll
# Decimal's logarithm
from decimal import Decimal, getcontext

getcontext().prec = 30


def sequence_nll(probs):
    total = Decimal(0)
    for p in probs.tolist():
        if p == 0.0:
            return Decimal("Infinity")
        total -= Decimal(p).ln()
    return total


# %% sequence-nll
# an iterator that is used up
import itertools
import math


def sequence_nll(probs):
    terms = (math.inf if p <= 0 else -math.log(p) for p in probs)
    *_, last = itertools.accumulate(terms)
    return last


# %% sequence-nll
# an object with a state of its own for each call
class Loss:
    def __call__(self, probs):
        self.total = 0.0
        for p in probs:
            self.add(p)
        return self.total

    def add(self, p):
        self.total += np.inf if p == 0 else -np.log(p)


sequence_nll = Loss()

# %% sequence-nll
# Torch
import torch


def sequence_nll(probs):
    return torch.as_tensor(probs).log().sum().neg()


# %% sequence-nll
# an inverse before the logarithm, and an exact sum
import math


def sequence_nll(probs):
    if (probs == 0).any():
        return np.inf
    return math.fsum(np.log(probs) * -1)


# %% sequence-steps
# numerator and denominator have products of their own
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(exp(s[j]), (j, 1, m)) / Product(Z[j], (j, 1, m))), because="product of quotients")
steps.step("=", log(Product(Z[j], (j, 1, m))) - log(Product(exp(s[j]), (j, 1, m))), because="log of a quotient")
steps.step("=", Sum(log(Z[j]), (j, 1, m)) - log(exp(Sum(s[j], (j, 1, m)))), because="product to sum, twice")
steps.step("=", Sum(log(Z[j]), (j, 1, m)) - Sum(s[j], (j, 1, m)), because="log and exp cancel")

# %% sequence-steps
# the inverse of the product first
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", log(Product(Z[j] / exp(s[j]), (j, 1, m))), because="the minus inverts each factor")
steps.step("=", Sum(log(Z[j] / exp(s[j])), (j, 1, m)), because="log of a product")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="log of a quotient")

# %% sequence-steps
# another letter all along, and the minus inside the sum
i = index("i", m)
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", Sum(-log(p(i)), (i, 1, m)), because="log of a product")
steps.step("=", Sum(log(Z[i]), (i, 1, m)) + Sum(-s[i], (i, 1, m)), because="log of a quotient")

# %% sequence-steps
# counted from 0
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="the log makes a sum of a product")
steps.step("=", -Sum(log(exp(s[j])), (j, 1, m)) + Sum(log(Z[j]), (j, 1, m)), because="of a quotient a difference")
steps.step("=", -Sum(s[j], (j, 1, m)) + Sum(log(Z[j]), (j, 1, m)), because="log undoes exp")

# %% sequence-steps
# a short route with a long last step
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(exp(s[j]) / Z[j]), (j, 1, m)))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps
# the exponentials are collected first
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(exp(Sum(s[j], (j, 1, m))) / Product(Z[j], (j, 1, m))), because="e^a e^b = e^(a+b)")
steps.step("=", -Sum(s[j], (j, 1, m)) + log(Product(Z[j], (j, 1, m))), because="log of a quotient")
steps.step("=", -Sum(s[j], (j, 1, m)) + Sum(log(Z[j]), (j, 1, m)), because="log of a product")

# %% one-unlikely-token
# by the product
nll_with_one_unlikely = -log(prob ** (m - 1) * prob / c)

# %% one-unlikely-token
# a sum over all tokens but the odd one
from sympy import Symbol

t = Symbol("t", integer=True)
nll_with_one_unlikely = Sum(-log(prob), (t, 1, m - 1)) - log(prob / c)

# %% one-unlikely-token
# one logarithm, of the inverse
nll_with_one_unlikely = log(c * (1 / prob) ** m)

# %% one-unlikely-token
# logarithms of base 10, turned into nats
import sympy

nll_with_one_unlikely = (sympy.log(c, 10) - m * sympy.log(prob, 10)) * sympy.log(10)

# %% one-unlikely-token
# the definition, with a function
def nll(*factors):
    return -sum(log(factor) for factor in factors)


nll_with_one_unlikely = (m - 1) * nll(prob) + nll(prob, 1 / c)

# %% one-unlikely-token
# as the mean NLL times the number of tokens
nll_with_one_unlikely = m * (-log(prob) + log(c) / m)

# %% batch-nll
# the places of tokens, added up row by row
def batch_nll(log_probs, mask):
    rows, _ = np.nonzero(mask)
    return np.bincount(rows, weights=-log_probs[mask], minlength=len(mask))


# %% batch-nll
# a sum that looks at the tokens only
def batch_nll(log_probs, mask):
    return -np.sum(log_probs, axis=-1, where=mask)


# %% batch-nll
# a masked array, filled with 0
def batch_nll(log_probs, mask):
    return -np.ma.array(log_probs, mask=~mask).filled(0.0).sum(axis=1)


# %% batch-nll
# itertools
from itertools import compress


def batch_nll(log_probs, mask):
    return [sum(-x for x in compress(row, keep)) for row, keep in zip(log_probs.tolist(), mask.tolist())]


# %% batch-nll
# in place, on a copy
def batch_nll(log_probs, mask):
    table = log_probs.copy()
    table[~mask] = 0
    np.negative(table, out=table)
    return table.sum(1)


# %% batch-nll
# Torch
import torch


def batch_nll(log_probs, mask):
    scores = torch.from_numpy(np.array(log_probs))
    return scores.masked_fill(~torch.from_numpy(np.array(mask)), 0).sum(-1).neg().numpy()


# %% batch-nll
# one column after the other
def batch_nll(log_probs, mask):
    total = np.zeros(log_probs.shape[0])
    for t in range(log_probs.shape[1]):
        column, real = log_probs[:, t], mask[:, t]
        total[real] -= column[real]
    return total


# %% batch-nll
# np.add.at
def batch_nll(log_probs, mask):
    result = np.zeros(len(log_probs))
    where = np.argwhere(mask)
    np.add.at(result, where[:, 0], -log_probs[where[:, 0], where[:, 1]])
    return result


# %% changed-conditionals
# a letter from a list of options
options = dict(zip("abcd", ["p3", "p3 p4 p5", "p4 p5", "all"]))
changed = next(letter for letter, text in options.items() if text == "p3 p4 p5")

# %% changed-conditionals
# in bold
changed = "**b**"

# %% changed-conditionals
# in other brackets
changed = "{b}"

# %% changed-conditionals
# with a word in front
changed = "Answer: b)"

# %% changed-conditionals
# bytes, decoded
changed = b"b".decode()

# %% underflow-length
# the first index of a cumulative product at 0
length = int(np.argmax(np.cumprod(np.full(200, 1 / 50_000)) == 0)) + 1

# %% underflow-length
# repeated division
length, product = 0, 1.0
while product:
    product /= 50_000
    length += 1

# %% underflow-length
# itertools
from itertools import accumulate, repeat, takewhile
from operator import mul

length = sum(1 for _ in takewhile(bool, accumulate(repeat(2e-5), mul))) + 1

# %% underflow-length
# how many factors fit above half of the smallest number, as a float
import math

length = float(math.floor(1075 * math.log(2) / math.log(50_000)) + 1)

# %% underflow-length
# an element of an array
length = np.array([69])

# %% underflow-length
# a SymPy number
import sympy

length = sympy.ceiling(1075 * sympy.log(2) / sympy.log(50_000))

# %% three-losses
# a dictionary's values, in the order asked for
def three_losses(log_probs):
    nll = [-sum(s) for s in log_probs]
    result = {}
    result["total"] = sum(nll)
    result["token"] = sum(nll) / sum(map(len, log_probs))
    result["sequence"] = sum(nll) / len(nll)
    return tuple(result.values())


# %% three-losses
# NumPy, everything in one row
def three_losses(log_probs):
    flat = np.concatenate([np.asarray(s, dtype=float) for s in log_probs])
    return -flat.sum() / np.array([1, flat.size, len(log_probs)])


# %% three-losses
# a generator
def three_losses(log_probs):
    total = -sum(x for s in log_probs for x in s)
    for count in (1, sum(1 for s in log_probs for _ in s), len(log_probs)):
        yield total / count


_losses = three_losses


def three_losses(log_probs):
    return [*_losses(log_probs)]


# %% three-losses
# exact fractions of the floats
from fractions import Fraction


def three_losses(log_probs):
    total = -sum((Fraction(x) for s in log_probs for x in s), Fraction(0))
    return total, total / sum(len(s) for s in log_probs), total / len(log_probs)


# %% three-losses
# a data class, as a tuple
from dataclasses import astuple, dataclass


@dataclass
class Losses:
    total: float
    per_token: float
    per_sequence: float


def three_losses(log_probs):
    total, tokens = 0.0, 0
    for sequence in log_probs:
        for x in sequence:
            total, tokens = total - x, tokens + 1
    return astuple(Losses(total, total / tokens, total / len(log_probs)))


# %% three-losses
# a padded table
def three_losses(log_probs):
    longest = max(len(s) for s in log_probs)
    table = np.array([[*s] + [np.nan] * (longest - len(s)) for s in log_probs])
    return -np.nansum(table), -np.nanmean(table), -np.nansum(table, axis=1).mean()

# %% sequence-steps
# the mean and its number
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", log(1 / Product(p(j), (j, 1, m))), because="the minus")
steps.step("=", log(Product(1 / p(j), (j, 1, m))), because="each factor")
steps.step("=", Sum(log(1 / p(j)), (j, 1, m)), because="log of a product")
steps.step("=", Sum(log(Z[j] * exp(-s[j])), (j, 1, m)), because="definition")
steps.step("=", Sum(log(Z[j]), (j, 1, m)) - Sum(s[j], (j, 1, m)))

# %% sequence-steps
# the first token by itself
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(p(1)) - log(Product(p(j), (j, 2, m))))
steps.step("=", -log(p(1)) - Sum(log(p(j)), (j, 2, m)))
steps.step("=", log(Z[1]) - s[1] + Sum(log(Z[j]) - s[j], (j, 2, m)))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps
# factors as one exponential
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(exp(s[j] - log(Z[j])), (j, 1, m))), because="Z = exp(log Z)")
steps.step("=", -log(exp(Sum(s[j] - log(Z[j]), (j, 1, m)))), because="exponents add up")
steps.step("=", -Sum(s[j] - log(Z[j]), (j, 1, m)))

# %% sequence-steps
# a logarithm of an exponential, which SymPy undoes at once
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)))
steps.step("=", Sum(log(Z[j]) - log(exp(s[j])), (j, 1, m)))
