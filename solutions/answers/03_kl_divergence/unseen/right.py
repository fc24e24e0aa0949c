# %% [markdown]
# Right answers in odd forms to set 03, written from the prompts alone. A cell is one answer to the task in its head.

# %% kl-both-ways
# a lambda, both ways
d = lambda a, b: sum(x * np.log(x / y) for x, y in zip(a, b))
divergences = [d((0.5, 0.5), (0.7, 0.3)), d((0.7, 0.3), (0.5, 0.5))]

# %% kl-both-ways
# three decimals in a tuple
divergences = (0.087, 0.082)

# %% kl-both-ways
# PyTorch's distributions in float32 (libraries are forbidden in task 2 only)
import torch
from torch.distributions import Categorical, kl_divergence as divergence

P, Q = Categorical(torch.tensor([0.5, 0.5])), Categorical(torch.tensor([0.7, 0.3]))
divergences = torch.stack([divergence(P, Q), divergence(Q, P)])

# %% kl-both-ways
# SciPy's rel_entr, summed
from scipy.special import rel_entr

p, q = np.array([0.5, 0.5]), np.array([0.7, 0.3])
divergences = np.stack([rel_entr(p, q), rel_entr(q, p)]).sum(axis=1)

# %% kl-both-ways
# exact, SymPy
from sympy import Rational as R, log

divergences = [-log(R(21, 25)) / 2, R(7, 10) * log(R(7, 5)) + R(3, 10) * log(R(3, 5))]

# %% kl-both-ways
# mpmath numbers and a namedtuple
from collections import namedtuple
import mpmath as mp

Both = namedtuple("Both", ["forward", "reverse"])
divergences = Both(forward=-mp.log(mp.mpf("0.84")) / 2, reverse=mp.log(2) + mp.mpf("0.7") * mp.log("0.7") + mp.mpf("0.3") * mp.log("0.3"))

# %% kl-both-ways
# decimals
from decimal import Decimal as D

def kl(a, b):
    return sum(D(x) * (D(x) / D(y)).ln() for x, y in zip(a, b))

divergences = [kl(["0.5", "0.5"], ["0.7", "0.3"]), kl(["0.7", "0.3"], ["0.5", "0.5"])]

# %% kl-both-ways
# a broadcast table of all pairs; the two off its diagonal
M = np.array([[0.5, 0.5], [0.7, 0.3]])
table = (M[:, None] * np.log(M[:, None] / M[None])).sum(-1)
divergences = table[[0, 1], [1, 0]].tolist()

# %% kl-divergence
# log p − log q where p > 0
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.where(p > 0, p * (np.log(p) - np.log(q)), 0.0).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# nansum: 0·log 0 is the only NaN
def of_probs(p, q):
    return np.nansum(p * (np.log(p) - np.log(q)), axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# a sum with where=
def of_probs(p, q):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sum(p * np.log(p) - p * np.log(q), axis=-1, where=p != 0)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# loops and plain floats, nested lists for more axes
from math import inf, log as ln

def of_probs(p, q):
    if np.ndim(p) > 1:
        return np.array([of_probs(a, b) for a, b in zip(p, q)])
    total = 0.0
    for a, b in zip(map(float, p), map(float, q)):
        if a == 0:
            continue
        total += inf if b == 0 else a * (ln(a) - ln(b))
    return total


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# the logarithm taken only where it is asked for; own method named entropy
class Divergence:
    def term(self, p, q):
        out = np.zeros(np.shape(p))
        both = (p > 0) & (q > 0)
        out[both] = p[both] * np.log(p[both] / q[both])
        out[(p > 0) & (q == 0)] = np.inf
        return out

    def entropy(self, p, q):
        return self.term(np.asarray(p, float), np.asarray(q, float)).sum(axis=-1)

of_probs = Divergence().entropy


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# torch.where in float64
import torch

def of_probs(p, q):
    p, q = torch.as_tensor(p, dtype=torch.float64), torch.as_tensor(q, dtype=torch.float64)
    terms = torch.where(p > 0, p * (p.log() - q.log()), torch.zeros_like(p))
    return terms.sum(dim=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# xlogy knows 0 · log 0
from scipy.special import xlogy

def of_probs(p, q):
    return np.add.reduce(xlogy(p, p) - xlogy(p, q), axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# vectorize over rows, compress within
def row_kl(p, q):
    keep = p > 0
    with np.errstate(divide="ignore"):
        return -(p[keep] * np.log(q[keep])).sum() + (p[keep] * np.log(p[keep])).sum()

of_probs = np.vectorize(row_kl, signature="(v),(v)->()", otypes=[float])


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# ones in place of zeros of p, in both arguments
def of_probs(p, q):
    zero = p == 0
    safe_p, safe_q = np.where(zero, 1.0, p), np.where(zero, 1.0, q)
    with np.errstate(divide="ignore"):
        return np.einsum("...k,...k->...", np.where(zero, 0.0, p), np.where(safe_q > 0, np.log(safe_p) - np.log(safe_q), 0.0)) + np.where((safe_q == 0).any(-1), np.inf, 0.0)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# a masked array; the infinite rows afterwards
def of_probs(p, q):
    p, q = np.asarray(p, float), np.asarray(q, float)
    ok = (p > 0) & (q > 0)
    ratio = np.ma.masked_array(np.where(ok, p, 1) / np.where(ok, q, 1), mask=~ok)
    finite = np.ma.filled(np.ma.log(ratio) * p, 0.0).sum(axis=-1)
    return np.where(np.any((p > 0) & (q == 0), axis=-1), np.inf, finite)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# np.select, names in Chinese, a self-test against SciPy after the function
def of_probs(p, q):
    分布, 模型 = np.asarray(p), np.asarray(q)
    with np.errstate(all="ignore"):
        项 = np.select([分布 == 0, 模型 == 0], [0.0, np.inf], default=分布 * np.log(分布 / 模型))
    return 项.sum(axis=-1)

assert abs(of_probs(np.array([0.5, 0.5]), np.array([0.7, 0.3])) - 0.0871766935723) < 1e-10


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# np.ndindex over all leading axes
def of_probs(p, q):
    out = np.empty(p.shape[:-1])
    for at in np.ndindex(out.shape):
        out[at] = sum(0.0 if a == 0 else np.inf if b == 0 else a * np.log(a / b) for a, b in zip(p[at], q[at]))
    return out


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# logarithms with out= and where=
def of_probs(p, q):
    log_p = np.log(p, out=np.zeros_like(p, dtype=float), where=p > 0)
    log_q = np.log(q, out=np.full_like(q, -np.inf, dtype=float), where=q > 0)
    log_q = np.where(p > 0, log_q, 0.0)
    return (p * (log_p - log_q)).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% gibbs
# three lines, the classical ones
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * (q[k] / p[k] - 1), (k, 1, V)), because="log t ≤ t − 1")
steps.step("=", Sum(q[k], (k, 1, V)) - Sum(p[k], (k, 1, V)), because="p cancels")
steps.step("=", 0, because="both sum to 1")

# %% gibbs
# the shortest: two steps
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(q[k] - p[k], (k, 1, V)), because="log t ≤ t − 1 with t = q/p, times p")
steps.step("=", 0, because="1 − 1")

# %% gibbs
# Jensen's inequality
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", log(Sum(p[k] * (q[k] / p[k]), (k, 1, V))), because="Jensen: log is concave")
steps.step("=", log(1), because="q sums to 1")

# %% gibbs
# one sum after the other becomes 1
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(q[k] - p[k], (k, 1, V)), because="log t ≤ t − 1")
steps.step("=", Sum(q[k], (k, 1, V)) - Sum(p[k], (k, 1, V)), because="linearity")
steps.step("=", 1 - Sum(p[k], (k, 1, V)), because="q sums to 1")
steps.step("=", 0, because="p sums to 1")

# %% gibbs
# square roots: 2 log √t ≤ 2 (√t − 1), then the means
from sympy import sqrt

steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", 2 * Sum(p[k] * log(sqrt(q[k] / p[k])), (k, 1, V)), because="log t = 2 log √t")
steps.step("≤", 2 * Sum(p[k] * (sqrt(q[k] / p[k]) - 1), (k, 1, V)), because="log t ≤ t − 1")
steps.step("=", 2 * Sum(sqrt(p[k] * q[k]), (k, 1, V)) - 2, because="p sums to 1")
steps.step("≤", Sum(p[k] + q[k], (k, 1, V)) - 2, because="2√(ab) ≤ a + b")
steps.step("=", 0, because="both sum to 1")

# %% gibbs
# another index from the second line on
i = index("i", V)
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[i] * (q[i] / p[i] - 1), (i, 1, V)), because="log t ≤ t − 1")
steps.step("=", Sum(q[i] - p[i], (i, 1, V)), because="ausmultipliziert")
steps.step("=", 0, because="beide Summen sind 1")

# %% gibbs
# turned round first: log t ≥ 1 − 1/t
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(p[k] / q[k]), (k, 1, V)), because="log 1/t = −log t")
steps.step("≤", -Sum(p[k] * (1 - q[k] / p[k]), (k, 1, V)), because="log t ≥ 1 − 1/t")
steps.step("=", Sum(q[k], (k, 1, V)) - 1, because="p sums to 1")
steps.step("=", 0, because="q sums to 1")

# %% gibbs
# the logarithm split and merged
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * log(q[k]), (k, 1, V)) - Sum(p[k] * log(p[k]), (k, 1, V)), because="log of a quotient")
steps.step("=", Sum(p[k] * (log(q[k]) - log(p[k])), (k, 1, V)), because="one sum")
steps.step("≤", Sum(p[k] * (q[k] / p[k] - 1), (k, 1, V)), because="log t ≤ t − 1")
steps.step("=", 0, because="both sum to 1")

# %% gibbs
# the added zero first: S = S − Σ(q − p), termwise ≤ 0
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * (log(q[k] / p[k]) - q[k] / p[k] + 1), (k, 1, V)), because="Σ(p − q) = 0")
steps.step("≤", 0, because="log t − t + 1 ≤ 0 in each term")

# %% gibbs
# lines from a list
S = lambda f: Sum(f, (k, 1, V))
t = q[k] / p[k]
steps = Derivation("gibbs", strict=False)
steps.start(S(p[k] * log(t)))
for sign, line, why in (("≤", S(p[k] * (t - 1)), "log t ≤ t − 1"), ("=", S(q[k]) - S(p[k]), "linear"), ("=", 1 - 1, "sums")):
    steps.step(sign, line, because=why)

# %% gibbs
# other order: V·(mean) in the middle
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", V * Sum((q[k] - p[k]) / V, (k, 1, V)), because="log t ≤ t − 1; the mean times V")
steps.step("=", Sum(q[k], (k, 1, V)) - Sum(p[k], (k, 1, V)), because="V cancels")
steps.step("=", 0, because="sums")

# %% kl-to-uniform
# the definition, literally
from grader.algebra import over

kl_to_uniform = Sum(p[k] * log(over(p[k], over(1, V))), (k, 1, V))

# %% kl-to-uniform
# log V minus an entropy
H = Sum(-p[k] * log(p[k]), (k, 1, V))
kl_to_uniform = log(V) - H

# %% kl-to-uniform
# all in one logarithm
kl_to_uniform = Sum(p[k] * log(V * p[k]), (k, 1, V))

# %% kl-to-uniform
# another letter
from grader.algebra import index

i = index("i", V)
kl_to_uniform = -Sum(p[i] * log(1 / (V * p[i])), (i, 1, V))

# %% kl-to-uniform
# the logarithm of a product of powers
from sympy import Product

kl_to_uniform = log(V * Product(p[k] ** p[k], (k, 1, V)))

# %% kl-to-uniform
# a function of two distributions, called with the uniform one
def KL(a, b):
    return Sum(a(k) * (log(a(k)) - log(b(k))), (k, 1, V))

kl_to_uniform = KL(lambda x: p[x], lambda x: 1 / V)

# %% kl-to-uniform
# log V weighted with the sum of p
kl_to_uniform = Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k], (k, 1, V)) * log(V)

# %% kl-to-uniform
# the mean over k of the log is not simplified
kl_to_uniform = V * Sum(p[k] / V * log(p[k]), (k, 1, V)) - log(1 / V)

# %% wasted-bits
# math.log2 of e
import math

wasted = 1_000 * 0.1 * math.log2(math.e)

# %% wasted-bits
# exact, SymPy
from sympy import log, Integer

wasted = Integer(100) / log(2)

# %% wasted-bits
# three digits, whole number
wasted = 144

# %% wasted-bits
# float32 tensor of shape (1,)
import torch

wasted = torch.full((1,), 0.1) * 1000 / torch.log(torch.tensor(2.0))

# %% wasted-bits
# decimals in a list
from decimal import Decimal

wasted = [Decimal(100) / Decimal(2).ln()]

# %% wasted-bits
# mpmath
import mpmath

wasted = mpmath.mpf(100) / mpmath.ln2

# %% kl-from-samples
# fmean of differences
from statistics import fmean

def kl_from_samples(log_p, log_q):
    return fmean(float(a) - float(b) for a, b in zip(log_p, log_q))

# %% kl-from-samples
# a scalar product with weights 1/n
def kl_from_samples(log_p, log_q):
    n = len(log_p)
    return (log_p - log_q) @ np.full(n, 1 / n)

# %% kl-from-samples
# a running mean
def kl_from_samples(log_p, log_q):
    mean = 0.0
    for n, (a, b) in enumerate(zip(log_p, log_q), start=1):
        mean += ((a - b) - mean) / n
    return mean

# %% kl-from-samples
# torch in float64, shape (1,)
import torch

def kl_from_samples(log_p, log_q):
    return torch.from_numpy(np.asarray(log_p - log_q, dtype=float)).mean(dim=0, keepdim=True)

# %% kl-from-samples
# means apart, subtracted last
def kl_from_samples(log_p: np.ndarray, log_q: np.ndarray) -> float:
    return -np.mean(log_q) - -np.mean(log_p)

# %% kl-from-samples
# exact fractions of the floats
from fractions import Fraction

def kl_from_samples(log_p, log_q):
    return float(sum(Fraction(float(a)) - Fraction(float(b)) for a, b in zip(log_p, log_q)) / len(log_p))

# %% kl-from-samples
# np.average of a difference along an axis of a stack
kl_from_samples = lambda log_p, log_q: np.average(-np.diff(np.stack([log_p, log_q]), axis=0))

# %% kl-from-samples
# the mean of logs of ratios of probabilities taken by logs again, in extended precision
def kl_from_samples(log_p, log_q):
    ratio = np.subtract(log_p, log_q, dtype=np.longdouble)
    return ratio.sum() / ratio.size

# %% best-gaussian
# law of total variance
def best_gaussian(weights, means, stds):
    μ = weights @ means
    within = weights @ stds**2
    between = weights @ (means - μ) ** 2
    return μ, np.sqrt(within + between)

# %% best-gaussian
# second moment minus the square
def best_gaussian(weights, means, stds):
    first = np.sum(weights * means)
    second = np.sum(weights * (means**2 + stds**2))
    return np.array([first, (second - first**2) ** 0.5])

# %% best-gaussian
# hypot and loops; a namedtuple
from collections import namedtuple
from math import fsum, hypot, sqrt

Gaussian = namedtuple("Gaussian", "mean std")

def best_gaussian(weights, means, stds):
    m = fsum(w * x for w, x in zip(weights, means))
    return Gaussian(std=hypot(*(sqrt(w) * hypot(s, x - m) for w, x, s in zip(weights, means, stds))), mean=m)

# %% best-gaussian
# np.average, np.cov's sort of weights, and a list of 0-d arrays
def best_gaussian(weights, means, stds):
    centre = np.average(means, weights=weights)
    return [np.array(centre), np.array(np.sqrt(np.average(stds**2 + (means - centre) ** 2, weights=weights)))]

# %% best-gaussian
# torch, stacked
import torch

def best_gaussian(weights, means, stds):
    w, m, s = (torch.as_tensor(x, dtype=torch.float64) for x in (weights, means, stds))
    mu = torch.dot(w, m)
    return torch.stack([mu, torch.sqrt(torch.dot(w, s.square() + (m - mu).square()))])

# %% best-gaussian
# pairs of components: the variance without the mean
def best_gaussian(weights, means, stds):
    pairs = weights[:, None] * weights[None] * (means[:, None] - means[None]) ** 2
    return float(np.dot(weights, means)), float(np.sqrt(np.dot(weights, stds**2) + pairs.sum() / 2))

# %% best-gaussian
# components merged two at a time
from functools import reduce

def best_gaussian(weights, means, stds):
    def merge(a, b):
        (w, m, v), (u, n, s) = a, b
        total = w + u
        if total == 0:
            return (0.0, m, v)
        mean = (w * m + u * n) / total
        return (total, mean, (w * (v + (m - mean) ** 2) + u * (s + (n - mean) ** 2)) / total)

    _, mean, variance = reduce(merge, zip(weights, means, stds**2))
    return mean, variance**0.5

# %% two-peaks-one-model
# with its text
fits = "b · KL(p‖q): a broad q over both peaks. KL(q‖p): a narrow q on one."

# %% two-peaks-one-model
# capital with a colon
fits = "B:"

# %% two-peaks-one-model
# picked from a tuple
fits = ("a", "b", "c", "d")[1]

# %% two-peaks-one-model
# in words
fits = "Answer (b)"

# %% kl-divergence
# own helpers under a library's names; scipy.special.rel_entr is not used
def rel_entr(a, b):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(a > 0, a * (np.log(a) - np.log(b)), 0.0)

def kl_div(a, b):
    """Not scipy.special.kl_div."""
    return rel_entr(a, b).sum(axis=-1)

def of_probs(p, q):
    return kl_div(p, q)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# compared with SciPy's after the function
def of_probs(p, q):
    out = np.zeros(np.shape(p)[:-1])
    for k in range(np.shape(p)[-1]):
        a, b = p[..., k], q[..., k]
        with np.errstate(all="ignore"):
            out = out + np.where(a == 0, 0.0, a * (np.log(a) - np.log(b)))
    return out

from scipy.stats import entropy

example = np.array([[0.2, 0.8], [0.5, 0.5]]), np.array([[0.3, 0.7], [0.4, 0.6]])
print(np.abs(of_probs(*example) - entropy(*example, axis=-1)).max() < 1e-12)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# cross-entropy minus entropy, both as local variables
def of_probs(p, q):
    with np.errstate(all="ignore"):
        entropy = -np.where(p > 0, p * np.log(p), 0.0).sum(axis=-1)
        cross_entropy = -np.where(p > 0, p * np.log(q), 0.0).sum(axis=-1)
    return cross_entropy - entropy


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% gibbs
# the affinity: Jensen with square roots, then log t ≤ t − 1, then the means
from sympy import sqrt

steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", 2 * log(Sum(sqrt(p[k] * q[k]), (k, 1, V))), because="Jensen, log t = 2 log √t")
steps.step("≤", 2 * Sum(sqrt(p[k] * q[k]), (k, 1, V)) - 2, because="log t ≤ t − 1")
steps.step("≤", Sum(p[k] + q[k], (k, 1, V)) - 2, because="2√(ab) ≤ a + b")
steps.step("=", 0, because="both sum to 1")

# %% gibbs
# an own kind of derivation
class Proof(Derivation):
    def at_most(self, line, why):
        self.step("≤", line, because=why)

steps = Proof("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.at_most(Sum(p[k] * (q[k] / p[k] - 1), (k, 1, V)), "log t ≤ t − 1")
steps.at_most(0, "Σq − Σp = 0")

# %% two-peaks-one-model
# NumPy's text
fits = np.str_("b")


# %% kl-both-ways
# a row vector, shape (1, 2), of long double
divergences = np.array([[0.5 * np.log(0.25 / 0.21), 0.7 * np.log(1.4) + 0.3 * np.log(0.6)]], dtype=np.longdouble)

# %% kl-both-ways
# mpmath numbers in a tuple
from mpmath import mp
divergences = (mp.log(mp.mpf("0.25") / mp.mpf("0.21")) / 2, mp.mpf("0.7") * mp.log("1.4") + mp.mpf("0.3") * mp.log("0.6"))

# %% kl-both-ways
# a map turned into a list, three decimals
divergences = list(map(float, "0.087 0.082".split()))

# %% kl-both-ways
# SymPy's column vector
import sympy
a, b = sympy.Rational(7, 10), sympy.Rational(3, 10)
divergences = sympy.Matrix([-sympy.log(4 * a * b) / 2, a * sympy.log(2 * a) + b * sympy.log(2 * b)])

# %% kl-divergence
# x log x by hand, log 1 at the places that cost nothing
def of_probs(p, q):
    p, q = np.broadcast_arrays(np.asarray(p, float), np.asarray(q, float))
    on = p > 0
    with np.errstate(all="ignore"):
        return (p * (np.log(np.where(on, p, 1)) - np.log(np.where(on, q, 1)))).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# cross-entropy minus entropy by a generic helper with an own name "entropy"
def of_probs(p, q):
    def entropy(a, b):
        with np.errstate(divide="ignore", invalid="ignore"):
            return -np.sum(np.where(a > 0, a * np.log(b), 0), axis=-1)
    return entropy(p, q) - entropy(p, p)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# torch.xlogy, with the NaN of 0 * log 0 that xlogy takes for 0
import torch
def of_probs(p, q):
    p, q = torch.as_tensor(np.array(p)), torch.as_tensor(np.array(q))
    return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# recursion over the leading axes down to plain floats
import math
def of_probs(p, q):
    if np.ndim(p) > 1:
        return np.array([of_probs(a, b) for a, b in zip(p, q)])
    return math.fsum(0.0 if a == 0 else math.inf if b == 0 else a * math.log(a / b) for a, b in zip(map(float, p), map(float, q)))


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# the logarithm of a weighted geometric mean: log of prod (p/q)^p
def of_probs(p, q):
    with np.errstate(all="ignore"):
        r = np.where(p > 0, p / q, 1.0)
        return np.log(np.prod(r ** p, axis=-1))


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# np.divide with out and where
def of_probs(p, q):
    with np.errstate(all="ignore"):
        ratio = np.divide(p, q, out=np.ones(np.shape(p)), where=(p > 0))
    return np.einsum("...v,...v->...", p, np.log(ratio)) if np.isfinite(ratio).all() else (np.where(p > 0, p, 0) * np.log(ratio)).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# vectorize a lambda kept in a dict
ops = {"kl": np.vectorize(lambda p, q: sum(a * np.log(a / b) if b else np.inf for a, b in zip(p, q) if a), signature="(v),(v)->()", otypes=[float])}
of_probs = ops["kl"]


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% wasted-bits
# log2 of e
wasted = 100 * np.log2(np.e)

# %% wasted-bits
# a 0-d half precision number is exact to three digits
wasted = np.array(144.25, dtype=np.float16)

# %% kl-from-samples
# statistics.fmean of a generator
from statistics import fmean
def kl_from_samples(log_p, log_q):
    return fmean(float(a) - float(b) for a, b in zip(log_p, log_q))

# %% kl-from-samples
# a running mean (Welford), a closure with nonlocal state that is reset
def kl_from_samples(log_p, log_q):
    mean = 0.0
    for n, d in enumerate(np.subtract(log_p, log_q), 1):
        mean += (d - mean) / n
    return mean

# %% kl-from-samples
# inner product with 1/n, shape (1,)
def kl_from_samples(log_p, log_q):
    n = len(log_p)
    return np.full((1, n), 1 / n) @ (log_p - log_q)

# %% best-gaussian
# variance as weighted squared distance from the mean plus mean variance, np.average
def best_gaussian(weights, means, stds):
    m = np.average(means, weights=weights)
    return m, np.sqrt(np.average((means - m) ** 2 + stds ** 2, weights=weights))

# %% best-gaussian
# over pairs i < j: the variance between is the sum of w_i w_j (mu_i - mu_j)^2
from itertools import combinations
def best_gaussian(weights, means, stds):
    w, m, s = (list(map(float, a)) for a in (weights, means, stds))
    between = sum(w[i] * w[j] * (m[i] - m[j]) ** 2 for i, j in combinations(range(len(w)), 2))
    return [sum(a * b for a, b in zip(w, m)), (between + sum(a * c * c for a, c in zip(w, s))) ** 0.5]

# %% best-gaussian
# hypot of the two parts, in an array of object
import math
def best_gaussian(weights, means, stds):
    m = float(weights @ means)
    return np.array([m, math.hypot(float(weights @ stds**2) ** 0.5, float(weights @ (means - m)**2) ** 0.5)], dtype=object)

# %% two-peaks-one-model
# with the dot of the list
fits = "**b** ·"

# %% kl-divergence
# a name that hides a builtin: max, and an own function rel_entr
max = None
def rel_entr(a, b):
    return 0.0 if a == 0 else (np.inf if b == 0 else a * (np.log(a) - np.log(b)))
def of_probs(p, q):
    return np.vectorize(rel_entr, otypes=[float])(p, q).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% gibbs
# Hellinger: log t = 2 log sqrt t, and a square is never negative
from sympy import sqrt
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(2 * p[k] * (sqrt(q[k] / p[k]) - 1), (k, 1, V)), because="log t = 2 log sqrt t ≤ 2 (sqrt t − 1)")
steps.step("=", -Sum((sqrt(p[k]) - sqrt(q[k]))**2, (k, 1, V)), because="p and q sum to 1, so 2 = sum of p + q")
steps.step("≤", 0, because="squares are not negative")
steps

# %% gibbs
# the two sums are put in first, then each term is at most 0
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * (log(q[k] / p[k]) - (q[k] / p[k] - 1)), (k, 1, V)), because="sum of q − p is 0")
steps.step("≤", 0, because="log t ≤ t − 1 in each term")
steps

# %% gibbs
# Jensen first
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", log(Sum(p[k] * (q[k] / p[k]), (k, 1, V))), because="Jensen: log is concave")
steps.step("=", log(1), because="p cancels, q sums to 1")
steps

# %% gibbs
# differences of logs, then the fact about q_k and p_k at once
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * log(q[k]), (k, 1, V)) - Sum(p[k] * log(p[k]), (k, 1, V)), because="log of a quotient")
steps.step("≤", Sum(q[k], (k, 1, V)) - Sum(p[k], (k, 1, V)), because="p log(q/p) ≤ q − p")
steps.step("=", 0, because="both sum to 1")
steps

# %% gibbs
# the bound turned over: log u ≥ 1 − 1/u
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(p[k] / q[k]), (k, 1, V)), because="log of the inverse")
steps.step("≤", -Sum(p[k] * (1 - q[k] / p[k]), (k, 1, V)), because="log u ≥ 1 − 1/u")
steps.step("=", Sum(q[k], (k, 1, V)) - 1, because="p sums to 1")
steps.step("=", 0, because="q sums to 1")
steps

# %% gibbs
# the fourth root: log t ≤ 4 (t^(1/4) − 1) ≤ t − 1
from sympy import Rational
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(4 * p[k] * ((q[k] / p[k])**Rational(1, 4) - 1), (k, 1, V)), because="log t = 4 log t^(1/4)")
steps.step("≤", Sum(q[k] - p[k], (k, 1, V)), because="4 (t^(1/4) − 1) ≤ t − 1")
steps.step("=", 0, because="both sum to 1")
steps

# %% kl-to-uniform
# one logarithm of a product of powers
from sympy import Product
kl_to_uniform = log(Product((V * p[k])**p[k], (k, 1, V)))

# %% kl-to-uniform
# sum of p log p minus the uniform's, with log V spread over p
kl_to_uniform = Sum(p[k] * (log(p[k]) + log(V)), (k, 1, V))

# %% kl-to-uniform
# minus the log of the inverse
kl_to_uniform = -Sum(p[k] * log(1 / (p[k] * V)), (k, 1, V))

# %% kl-to-uniform
# the constant under a sum of V equal terms
kl_to_uniform = Sum(p[k] * log(p[k]) + log(V) / V, (k, 1, V))

# %% kl-to-uniform
# counted backwards, own letter
i = index("i", V)
kl_to_uniform = log(V) + Sum(p[V + 1 - i] * log(p[V + 1 - i]), (i, 1, V))

# %% gibbs
# the logarithm is concave at the middle: log t ≤ 2 log((1 + t)/2), then the tangent
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(2 * p[k] * log((1 + q[k] / p[k]) / 2), (k, 1, V)), because="t ≤ ((1+t)/2)²")
steps.step("≤", Sum(2 * p[k] * ((1 + q[k] / p[k]) / 2 - 1), (k, 1, V)), because="log t ≤ t − 1")
steps.step("=", Sum(q[k] - p[k], (k, 1, V)), because="simplify")
steps.step("=", 0, because="both sum to 1")
steps

# %% gibbs
# Jensen with the square root, then the mean of p and q
from sympy import sqrt
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", 2 * Sum(p[k] * log(sqrt(q[k] / p[k])), (k, 1, V)), because="half the log is the log of the root")
steps.step("≤", 2 * log(Sum(p[k] * sqrt(q[k] / p[k]), (k, 1, V))), because="Jensen")
steps.step("≤", 2 * log(Sum(p[k] * (1 + q[k] / p[k]) / 2, (k, 1, V))), because="sqrt t ≤ (1 + t)/2 in each term")
steps.step("=", 0, because="both sum to 1, log 1 = 0")
steps

# %% kl-to-uniform
# cross-entropy to uniform by an own sum of V equal terms
u = index("u", V)
kl_to_uniform = Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(log(V) / V, (u, 1, V))

# %% gibbs
# the log sum inequality
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k], (k, 1, V)) * log(Sum(q[k], (k, 1, V)) / Sum(p[k], (k, 1, V))), because="the log sum inequality (Jensen)")
steps.step("=", 0, because="1 times log 1")
steps

# %% gibbs
# Jensen, twice the log of a root
from sympy import sqrt
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", 2 * log(Sum(p[k] * sqrt(q[k] / p[k]), (k, 1, V))), because="log t = 2 log sqrt t; Jensen")
steps.step("≤", 2 * (Sum(p[k] * sqrt(q[k] / p[k]), (k, 1, V)) - 1), because="log t ≤ t − 1")
steps.step("≤", Sum(p[k] * (1 + q[k] / p[k]), (k, 1, V)) - 2, because="2 sqrt t ≤ 1 + t in each term")
steps.step("=", 0, because="both sum to 1")
steps

# %% gibbs
# Jensen's line with both sums named
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(p[k] / q[k]), (k, 1, V)), because="log of the inverse")
steps.step("≤", log(Sum(q[k], (k, 1, V))), because="Jensen")
steps.step("≤", Sum(q[k], (k, 1, V)) - 1, because="log t ≤ t - 1")
steps.step("=", 0, because="q sums to 1")
steps

# %% gibbs
# three sums that together hold a term that is never positive
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * log(q[k] / p[k]) + p[k], (k, 1, V)) - Sum(q[k], (k, 1, V)), because="p and q sum to 1 both, so plus 1 minus 1")
steps.step("≤", Sum(q[k], (k, 1, V)) - Sum(q[k], (k, 1, V)), because="p log(q/p) + p ≤ q in each term")
steps

# %% gibbs
# Jensen with roots, and their means
from sympy import sqrt
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", 2 * log(Sum(sqrt(p[k] * q[k]), (k, 1, V))), because="twice the log of the root; Jensen")
steps.step("≤", 2 * log(Sum((p[k] + q[k]) / 2, (k, 1, V))), because="geometric ≤ arithmetic mean in each term")
steps.step("=", 0, because="log 1")
steps

# %% kl-both-ways
# one function, both ways
def _kl(a, b):
    return sum(x * np.log(x / y) for x, y in zip(a, b, strict=True))


_p, _q = (0.5, 0.5), (0.7, 0.3)
divergences = [_kl(_p, _q), _kl(_q, _p)]

# %% kl-both-ways
# three decimals
divergences = [0.087, 0.082]

# %% kl-both-ways
# exact logarithms
import sympy

divergences = sympy.Tuple(sympy.log(25 / sympy.Integer(21)) / 2, sympy.log(sympy.Rational(7, 5)) * sympy.Rational(7, 10) + sympy.log(sympy.Rational(3, 5)) * sympy.Rational(3, 10))

# %% kl-both-ways
# Torch's kl_div, which the task does not forbid
import torch
import torch.nn.functional as F

a, b = torch.tensor([0.5, 0.5]), torch.tensor([0.7, 0.3])
divergences = [F.kl_div(b.log(), a, reduction="sum"), F.kl_div(a.log(), b, reduction="sum")]

# %% kl-both-ways
# mpmath
from mpmath import log as ln, mpf

divergences = (ln(mpf(1) / (4 * mpf("0.21"))) / 2, mpf("0.7") * ln(mpf("1.4")) + mpf("0.3") * ln(mpf("0.6")))

# %% kl-both-ways
# complex logarithms without an imaginary part
import cmath

divergences = [
    0.5 * cmath.log(0.5 / 0.7) + 0.5 * cmath.log(0.5 / 0.3),
    0.7 * cmath.log(0.7 / 0.5) + 0.3 * cmath.log(0.3 / 0.5),
]

# %% kl-divergence
# scipy.special.xlogy twice: neither of the three that are forbidden
from scipy.special import xlogy


def of_probs(p, q):
    with np.errstate(all="ignore"):
        return (xlogy(p, p) - xlogy(p, q)).sum(axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# a ufunc of Python numbers
import math


def _term(a, b):
    if a == 0:
        return 0.0
    return math.inf if b == 0 else a * (math.log(a) - math.log(b))


_terms = np.frompyfunc(_term, 2, 1)


def of_probs(p, q):
    return np.sum(_terms(p, q), axis=-1).astype(float) if np.ndim(p) > 1 else float(np.sum(_terms(p, q)))


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# np.where with safe arguments
def of_probs(p, q):
    p, q = np.broadcast_arrays(p, q)
    some = p > 0
    ratio = np.where(some, p, 1.0) / np.where(some, np.where(q > 0, q, 1.0), 1.0)
    result = np.where(some, p * np.log(ratio), 0.0).sum(-1)
    return np.where((some & (q == 0)).any(-1), np.inf, result)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# recursion over the leading axes
def of_probs(p, q):
    if p.ndim == 1:
        keep = p != 0
        with np.errstate(divide="ignore"):
            return float(p[keep] @ (np.log(p[keep]) - np.log(q[keep])))
    return np.array([of_probs(a, b) for a, b in zip(p, q)])


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# Torch, with masked entries
import torch


def of_probs(p, q):
    p, q = torch.tensor(p), torch.tensor(q)
    terms = p * (p.log() - q.log())
    return torch.where(p > 0, terms, torch.zeros_like(p)).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# cross-entropy minus entropy
class Divergence:
    def entropy(self, p, q):
        safe = np.where(p > 0, q, 1.0)
        with np.errstate(divide="ignore"):
            return -(p * np.log(safe)).sum(-1)

    def __call__(self, p, q):
        return self.entropy(p, q) - self.entropy(p, p)


of_probs = Divergence()


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# the loop over the last axis only
def of_probs(p, q):
    total = np.zeros(p.shape[:-1])
    with np.errstate(divide="ignore", invalid="ignore"):
        for k in range(p.shape[-1]):
            a, b = p[..., k], q[..., k]
            total = total + np.where(a > 0, a * np.log(a / b), 0)
    return total


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# the where argument of ufuncs
def of_probs(p, q):
    happens = p > 0
    logs = np.zeros_like(p, dtype=float)
    with np.errstate(divide="ignore"):
        np.log(np.divide(p, q, out=np.ones_like(p), where=happens), out=logs, where=happens)
        return np.einsum("...k,...k->...", p, logs) if np.isfinite(logs).all() else np.multiply(p, logs, where=happens, out=np.zeros_like(p)).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% gibbs
# the classical proof
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * (q[k] / p[k] - 1), (k, 1, V)), because="log t ≤ t − 1")
steps.step("=", Sum(q[k] - p[k], (k, 1, V)), because="p cancels")
steps.step("=", Sum(q[k], (k, 1, V)) - Sum(p[k], (k, 1, V)), because="apart")
steps.step("=", 0, because="both sum to 1")

# %% gibbs
# Jensen's inequality
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", log(Sum(p[k] * (q[k] / p[k]), (k, 1, V))), because="Jensen")
steps.step("=", log(Sum(q[k], (k, 1, V))), because="p cancels")
steps.step("=", 0, because="q sums to 1")

# %% gibbs
# logs apart first
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(p[k] / q[k]), (k, 1, V)), because="the inverse")
steps.step("≤", -Sum(p[k] * (1 - q[k] / p[k]), (k, 1, V)), because="log t ≥ 1 − 1/t")
steps.step("=", 1 - 1, because="both sum to 1")

# %% gibbs
# square roots: log t = 2 log √t ≤ 2(√t − 1), then Hellinger
from sympy import sqrt

steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(2 * p[k] * (sqrt(q[k] / p[k]) - 1), (k, 1, V)), because="log √t ≤ √t − 1")
steps.step("=", Sum(2 * sqrt(p[k] * q[k]) - 2 * p[k], (k, 1, V)))
steps.step("=", Sum(2 * sqrt(p[k] * q[k]) - p[k] - q[k], (k, 1, V)), because="Σ p = Σ q")
steps.step("=", -Sum((sqrt(p[k]) - sqrt(q[k])) ** 2, (k, 1, V)), because="a square")
steps.step("≤", 0, because="squares are not negative")

# %% gibbs
# halves: a weaker bound term by term, with the sign inside
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(q[k] - p[k], (k, 1, V)), because="log t ≤ t − 1 in each term")
steps.step("=", 0, because="both sum to 1")

# %% kl-to-uniform
# the logarithm of V apart
kl_to_uniform = log(V) + Sum(p[k] * log(p[k]), (k, 1, V))

# %% kl-to-uniform
# the definition
kl_to_uniform = Sum(p[k] * log(p[k] / (1 / V)), (k, 1, V))

# %% kl-to-uniform
# the logarithm of a product
from sympy import Product

kl_to_uniform = log(V * Product(p[k] ** p[k], (k, 1, V)))

# %% kl-to-uniform
# minus the entropy, another letter
i = index("i", V)
entropy = -Sum(p[i] * log(p[i]), (i, 1, V))
kl_to_uniform = log(V) - entropy

# %% kl-to-uniform
# an average over the uniform distribution
kl_to_uniform = Sum(V * p[k] * log(V * p[k]), (k, 1, V)) / V

# %% kl-to-uniform
# with the sum of p written out
kl_to_uniform = Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k], (k, 1, V)) * log(V)

# %% wasted-bits
# by the powers of 2
wasted = 1000 * np.log2(np.exp(0.1))

# %% wasted-bits
# exact
import sympy

wasted = 100 / sympy.log(2)

# %% wasted-bits
# three digits
wasted = 144

# %% wasted-bits
# a Decimal
from decimal import Decimal

wasted = Decimal(100) / Decimal(2).ln()

# %% wasted-bits
# log2 of e
import math

wasted = sum([0.1 * math.log2(math.e)] * 1000)

# %% kl-from-samples
# by indices
def kl_from_samples(log_p, log_q):
    return sum(log_p[i] - log_q[i] for i in range(len(log_p))) / len(log_p)


# %% kl-from-samples
# numpy's average
def kl_from_samples(log_p, log_q):
    return np.average(np.subtract(log_p, log_q))


# %% kl-from-samples
# a running mean
def kl_from_samples(log_p, log_q):
    mean = 0.0
    for n, (a, b) in enumerate(zip(log_p, log_q), start=1):
        mean += (a - b - mean) / n
    return mean


# %% kl-from-samples
# a dot product
def kl_from_samples(log_p, log_q):
    n = log_p.size
    return np.array([1 / n, -1 / n]) @ np.stack([log_p, log_q]).sum(axis=1)


# %% kl-from-samples
# statistics
import statistics


def kl_from_samples(log_p, log_q):
    return statistics.fmean(map(lambda a, b: float(a) - float(b), log_p, log_q))


# %% kl-from-samples
# keyword arguments with defaults
def kl_from_samples(log_p, log_q, axis=0, dtype=np.longdouble):
    return np.mean(log_p - log_q, axis=axis, dtype=dtype)


# %% best-gaussian
# law of total variance
def best_gaussian(weights, means, stds):
    mean = np.dot(weights, means)
    within, between = weights @ stds**2, weights @ (means - mean) ** 2
    return mean, np.sqrt(within + between)


# %% best-gaussian
# moments in a loop
def best_gaussian(weights, means, stds):
    first = second = 0.0
    for w, m, s in zip(weights, means, stds):
        first += w * m
        second += w * (s * s + m * m)
    return [first, (second - first**2) ** 0.5]


# %% best-gaussian
# hypot
import math


def best_gaussian(weights, means, stds):
    mean = np.average(means, weights=weights)
    deviations = np.hypot(stds, means - mean)
    return mean, math.hypot(*(np.sqrt(weights) * deviations))


# %% best-gaussian
# an array of two
def best_gaussian(weights, means, stds):
    mu = (weights * means).sum()
    var = (weights * (stds**2 + (means - mu) ** 2)).sum()
    return np.array([mu, var**0.5])


# %% best-gaussian
# components joined pair by pair
from functools import reduce


def _join(a, b):
    w, m, v = a
    u, n, z = b
    s = w + u
    if s == 0:
        return (0.0, 0.0, 0.0)
    mean = (w * m + u * n) / s
    return (s, mean, (w * (v + (m - mean) ** 2) + u * (z + (n - mean) ** 2)) / s)


def best_gaussian(weights, means, stds):
    _, mean, variance = reduce(_join, zip(weights, means, stds**2))
    return mean, np.sqrt(variance)


# %% two-peaks-one-model
fits = "(B)"

# %% two-peaks-one-model
fits = "b - the broad one first"

# %% two-peaks-one-model
fits = "Option B"

# %% gibbs
# the tangent's gap, which is never negative, collected in each term
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * (log(q[k] / p[k]) - q[k] / p[k] + 1), (k, 1, V)), because="Σ(q − p) = 0")
steps.step("≤", 0, because="each term is at most 0, since log t ≤ t − 1")

# %% gibbs
# Jensen with square roots, then the means
from sympy import sqrt

steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", log(Sum(p[k] * q[k] / p[k], (k, 1, V))), because="Jensen: the log is concave")
steps.step("≤", Sum(p[k] * q[k] / p[k], (k, 1, V)) - 1, because="log t ≤ t − 1")
steps.step("=", Sum(q[k], (k, 1, V)) - 1)
steps.step("=", 0)

# %% gibbs
# the terms with the minus in front
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * log(q[k]) - p[k] * log(p[k]), (k, 1, V)), because="log of a quotient")
steps.step("≤", Sum(q[k], (k, 1, V)) - Sum(p[k], (k, 1, V)), because="p (log q − log p) ≤ q − p")
steps.step("=", 1 - Sum(p[k], (k, 1, V)))
steps.step("=", 0)
