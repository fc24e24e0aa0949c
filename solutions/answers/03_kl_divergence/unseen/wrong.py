# %% [markdown]
# Wrong answers to set 03, written from the prompts alone. A cell is one answer to the task in its head.

# %% kl-both-ways
# turned round
divergences = [0.0823, 0.0872]

# %% kl-both-ways
# one direction, twice
divergences = [0.0872, 0.0872]

# %% kl-both-ways most=0
# bits
divergences = [0.0872 / np.log(2), 0.0823 / np.log(2)]

# %% kl-both-ways most=0
# signs
divergences = [-0.0872, -0.0823]

# %% kl-both-ways most=0
# cross-entropies
divergences = [-0.5 * np.log(0.7) - 0.5 * np.log(0.3), np.log(2)]

# %% kl-both-ways most=0
# means over the outcomes
divergences = [0.0872 / 2, 0.0823 / 2]

# %% kl-both-ways most=0
# the logarithms without weights
divergences = [np.log(0.5 / 0.7) + np.log(0.5 / 0.3), np.log(0.7 / 0.5) + np.log(0.3 / 0.5)]

# %% kl-both-ways most=0
# two decimals
divergences = [0.09, 0.08]

# %% kl-both-ways most=0
# total variation
divergences = [0.2, 0.2]

# %% kl-both-ways most=0
# the sum of both
divergences = [0.1695, 0.1695]

# %% kl-divergence
# nothing for zeros: 0 · log 0 is NaN
def of_probs(p, q):
    return (p * np.log(p / q)).sum(axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# an epsilon under the logarithms
def of_probs(p, q):
    return (p * np.log((p + 1e-12) / (q + 1e-12))).sum(axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# only where both are positive: never infinite
def of_probs(p, q):
    ok = (p > 0) & (q > 0)
    return np.where(ok, p * np.log(np.where(ok, p, 1) / np.where(ok, q, 1)), 0).sum(axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# every zero of q is infinite, also where p is 0
def of_probs(p, q):
    with np.errstate(all="ignore"):
        terms = np.where(q == 0, np.inf, np.where(p == 0, 0, p * np.log(p / q)))
    return terms.sum(axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# one infinite row makes the batch infinite
def of_probs(p, q):
    if np.any((p > 0) & (q == 0)):
        return np.full(p.shape[:-1], np.inf)
    with np.errstate(all="ignore"):
        return np.nansum(p * np.log(p / q), axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# one number for a batch
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.where(p > 0, p * np.log(p / q), 0.0).sum()


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# the axis
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.where(p > 0, p * np.log(p / q), 0.0).sum(axis=0)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# turned round
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.where(q > 0, q * np.log(q / p), 0.0).sum(axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# the sign
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.where(p > 0, p * np.log(q / p), 0.0).sum(axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# bits
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.where(p > 0, p * np.log2(p / q), 0.0).sum(axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# the mean over the outcomes
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.where(p > 0, p * np.log(p / q), 0.0).mean(axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# the last axis is kept
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.where(p > 0, p * np.log(p / q), 0.0).sum(axis=-1, keepdims=True)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# nan_to_num: infinity becomes a large number
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.nan_to_num(p * np.log(p / q)).sum(axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# posinf set to 0
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.nan_to_num(p * np.log(p / q), posinf=0.0).sum(axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# SciPy's entropy
from scipy.stats import entropy

def of_probs(p, q):
    return entropy(p, q, axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# rel_entr under another name
from scipy.special import rel_entr as pointwise

def of_probs(p, q):
    return pointwise(p, q).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# SciPy's kl_div by getattr
import scipy.special

def of_probs(p, q):
    return getattr(scipy.special, "kl" + "_div")(p, q).sum(axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# importlib, and a dictionary of the module
import importlib

def of_probs(p, q):
    return vars(importlib.import_module("scipy.special"))["rel_entr"](p, q).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# PyTorch's kl_div with its arguments in the right order
import torch
import torch.nn.functional as F

def of_probs(p, q):
    p, q = torch.as_tensor(p, dtype=torch.float64), torch.as_tensor(q, dtype=torch.float64)
    return F.kl_div(q.log(), p, reduction="none").sum(-1).numpy()


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# PyTorch's KLDivLoss as an object
import torch

loss = torch.nn.KLDivLoss(reduction="none")

def of_probs(p, q):
    return loss(torch.as_tensor(q).log(), torch.as_tensor(p)).sum(-1).numpy()


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# PyTorch's distributions
import torch
from torch.distributions import Categorical
from torch.distributions.kl import kl_divergence as library

def kl_divergence(p, log_q):
    q = np.exp(log_q)
    a = Categorical(probs=torch.as_tensor(np.array(p, float)), validate_args=False)
    b = Categorical(probs=torch.as_tensor(np.array(q, float)), validate_args=False)
    return library(a, b).numpy()

# %% kl-divergence
# for one row only
def of_probs(p, q):
    total = 0.0
    for a, b in zip(p, q):
        if a > 0:
            total += np.inf if b == 0 else a * np.log(a / b)
    return total


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# the ratio clipped at 1e-10: a large number for infinity
def of_probs(p, q):
    q = np.clip(q, 1e-10, 1)
    return np.where(p > 0, p * np.log(np.where(p > 0, p, 1) / q), 0).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# absolute values of the terms
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.abs(np.where(p > 0, p * np.log(p / q), 0.0)).sum(axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# the cross-entropy
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return -np.where(p > 0, p * np.log(q), 0.0).sum(axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# Jensen–Shannon: symmetric and finite
def of_probs(p, q):
    m = (p + q) / 2
    with np.errstate(all="ignore"):
        a = np.where(p > 0, p * np.log(p / m), 0.0).sum(-1)
        b = np.where(q > 0, q * np.log(q / m), 0.0).sum(-1)
    return (a + b) / 2


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# float16: three digits
def of_probs(p, q):
    with np.errstate(all="ignore"):
        p, q = p.astype(np.float16), q.astype(np.float16)
        return np.where(p > 0, p * np.log(p / q), np.float16(0)).sum(axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# 0/0 is left as NaN: p = 0 is treated, but only where q > 0
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.where((p == 0) & (q > 0), 0.0, p * np.log(p / q)).sum(axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# infinity only if the last entry asks for it
def of_probs(p, q):
    ok = (p > 0) & (q > 0)
    finite = np.where(ok, p * np.log(np.where(ok, p, 1) / np.where(ok, q, 1)), 0).sum(-1)
    return np.where((p[..., -1] > 0) & (q[..., -1] == 0), np.inf, finite)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence most=0
# always the example
def of_probs(p, q):
    return np.log(2)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# q normalised again over what p allows
def of_probs(p, q):
    with np.errstate(all="ignore"):
        q = np.where(p > 0, q, 0)
        q = q / q.sum(-1, keepdims=True)
        return np.where(p > 0, p * np.log(p / q), 0.0).sum(axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% gibbs most=0.34
# the theorem in one line
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", 0, because="Gibbs")

# %% gibbs most=0.34
# halved: true because of the theorem only
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * log(q[k] / p[k]), (k, 1, V)) / 2, because="a negative number grows when halved")
steps.step("≤", 0, because="negative")

# %% gibbs most=0.34
# another letter
from grader.algebra import index

i = index("i", V)
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[i] * log(q[i] / p[i]), (i, 1, V)), because="rename")
steps.step("≤", 0, because="KL is never negative")

# %% gibbs most=0.34
# rewritten with a minus, then the theorem
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(p[k] / q[k]), (k, 1, V)), because="log 1/t")
steps.step("≤", 0, because="a divergence is never negative")

# %% gibbs most=0.34
# times the sum of p, which is 1, then the theorem
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[k], (k, 1, V)) * Sum(p[k] * log(q[k] / p[k]), (k, 1, V)), because="p sums to 1")
steps.step("≤", 0, because="so it is negative")

# %% gibbs most=0.34
# times a number below 1
from sympy import Rational

S = Sum(p[k] * log(q[k] / p[k]), (k, 1, V))
steps = Derivation("gibbs", strict=False)
steps.start(S)
steps.step("≤", Rational(1, 3) * S, because="smaller in size")
steps.step("≤", Rational(1, 9) * S, because="again")
steps.step("≤", 0, because="in the limit")

# %% gibbs most=0.34
# split only, then the theorem
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * log(q[k]), (k, 1, V)) - Sum(p[k] * log(p[k]), (k, 1, V)), because="log of a quotient")
steps.step("≤", 0, because="cross-entropy is at least entropy")

# %% gibbs most=0.34
# plus the other divergence: true by the theorem
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * log(q[k] / p[k]), (k, 1, V)) + Sum(q[k] * log(q[k] / p[k]), (k, 1, V)), because="plus something positive")
steps.step("≤", Sum(q[k] * log(q[k] / p[k]), (k, 1, V)) - Sum(q[k] * log(q[k] / p[k]), (k, 1, V)), because="minus the same")

# %% gibbs
# towards the mixture: the theorem again, for p and (p + q)/2
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * log((p[k] + q[k]) / (2 * p[k])), (k, 1, V)), because="closer to p")
steps.step("≤", 0, because="as close as can be")

# %% gibbs
# unfinished: 0 is not reached
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * (q[k] / p[k] - 1), (k, 1, V)), because="log t ≤ t − 1")
steps.step("=", Sum(q[k], (k, 1, V)) - Sum(p[k], (k, 1, V)), because="linear")

# %% gibbs
# ends at 1
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * (q[k] / p[k]), (k, 1, V)), because="log t ≤ t")
steps.step("=", 1, because="q sums to 1")

# %% gibbs
# the −1 is lost on the way, and 0 is claimed
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * (q[k] / p[k]), (k, 1, V)), because="log t ≤ t")
steps.step("=", 0, because="sum")

# %% gibbs
# an equality where there is none
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * (q[k] / p[k] - 1), (k, 1, V)), because="log t = t − 1")
steps.step("=", 0, because="both sum to 1")

# %% gibbs
# strict: false for p = q
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("<", Sum(p[k] * (q[k] / p[k] - 1), (k, 1, V)), because="log t < t − 1")
steps.step("=", 0, because="both sum to 1")

# %% gibbs
# the sign turned round
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≥", Sum(p[k] * (q[k] / p[k] - 1), (k, 1, V)), because="log t ≥ t − 1")
steps.step("=", 0, because="both sum to 1")

# %% gibbs
# the sum of products as a product of sums
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[k], (k, 1, V)) * Sum(log(q[k] / p[k]), (k, 1, V)), because="the sum of a product")
steps.step("≤", 0, because="log")

# %% gibbs
# every logarithm is taken for negative
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(log(q[k] / p[k]), (k, 1, V)), because="p ≤ 1")
steps.step("≤", 0, because="logs of fractions are negative")

# %% gibbs
# t is q, not q / p
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * (q[k] - 1), (k, 1, V)), because="log t ≤ t − 1")
steps.step("≤", 0, because="q ≤ 1")

# %% gibbs
# the weights p are dropped
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(q[k] / p[k] - 1, (k, 1, V)), because="log t ≤ t − 1")
steps.step("=", 0, because="sums to 1")

# %% gibbs
# counted from 0
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(q[k] - p[k], (k, 0, V - 1)), because="log t ≤ t − 1")
steps.step("=", 0, because="both sum to 1")

# %% gibbs
# the first line is not the one to start from
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * (q[k] / p[k] - 1), (k, 1, V)))
steps.step("=", Sum(q[k], (k, 1, V)) - Sum(p[k], (k, 1, V)), because="linear")
steps.step("=", 0, because="both sum to 1")

# %% gibbs most=0.34
# nothing but zeros
steps = Derivation("gibbs", strict=False)
steps.start(0)
steps.step("=", Sum(p[k], (k, 1, V)) - Sum(q[k], (k, 1, V)), because="1 − 1")
steps.step("=", 0, because="both sum to 1")

# %% gibbs most=0
# the start only
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))

# %% gibbs
# for two outcomes only
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", q[1] - p[1] + q[2] - p[2], because="log t ≤ t − 1")
steps.step("=", 0, because="both sum to 1")

# %% kl-to-uniform most=0
# the entropy is added, not subtracted
kl_to_uniform = log(V) - Sum(p[k] * log(p[k]), (k, 1, V))

# %% kl-to-uniform most=0
# the other direction
kl_to_uniform = Sum(log(1 / (V * p[k])), (k, 1, V)) / V

# %% kl-to-uniform most=0
# the sign of all
kl_to_uniform = -log(V) - Sum(p[k] * log(p[k]), (k, 1, V))

# %% kl-to-uniform most=0
# log V in every term
kl_to_uniform = Sum(p[k] * log(p[k]) + log(V), (k, 1, V))

# %% kl-to-uniform most=0
# minus the entropy only
kl_to_uniform = Sum(p[k] * log(p[k]), (k, 1, V))

# %% kl-to-uniform most=0
# divided by V instead of 1/V
kl_to_uniform = Sum(p[k] * log(p[k] / V), (k, 1, V))

# %% kl-to-uniform most=0
# counted from 0
kl_to_uniform = log(V) + Sum(p[k] * log(p[k]), (k, 0, V - 1))

# %% kl-to-uniform most=0
# bits
kl_to_uniform = (log(V) + Sum(p[k] * log(p[k]), (k, 1, V))) / log(2)

# %% kl-to-uniform most=0
# a term without its sum
kl_to_uniform = p[k] * log(V * p[k])

# %% kl-to-uniform most=0
# q is not uniform
kl_to_uniform = Sum(p[k] * log(p[k] / q[k]), (k, 1, V))

# %% kl-to-uniform most=0
# the sum of p is put inside the logarithm
kl_to_uniform = log(V * Sum(p[k] ** 2, (k, 1, V)))

# %% kl-to-uniform most=0
# unweighted
kl_to_uniform = Sum(log(V * p[k]), (k, 1, V))

# %% kl-to-uniform most=0
# the largest value it can have
kl_to_uniform = log(V)

# %% kl-to-uniform most=0
# the last outcome is missing
kl_to_uniform = log(V) + Sum(p[k] * log(p[k]), (k, 1, V - 1))

# %% wasted-bits most=0
# nats
wasted = 100

# %% wasted-bits most=0
# times log 2
wasted = 100 * np.log(2)

# %% wasted-bits most=0
# per token
wasted = 0.1 / np.log(2)

# %% wasted-bits most=0
# bytes
wasted = 100 / np.log(2) / 8

# %% wasted-bits most=0
# the exponential
wasted = 1000 * np.exp(0.1)

# %% wasted-bits most=0
# 1024 tokens
wasted = 102.4 / np.log(2)

# %% wasted-bits most=0
# two digits
wasted = 140

# %% wasted-bits most=0
# shorter, not longer
wasted = -100 / np.log(2)

# %% wasted-bits most=0
# hartleys
wasted = 100 / np.log(10)

# %% kl-from-samples
# never negative: but it may be
def kl_from_samples(log_p, log_q):
    return max(0.0, np.mean(log_p - log_q))

# %% kl-from-samples
# the absolute value
def kl_from_samples(log_p, log_q):
    return abs(np.mean(log_p - log_q))

# %% kl-from-samples
# weighted by p once more
def kl_from_samples(log_p, log_q):
    return np.sum(np.exp(log_p) * (log_p - log_q))

# %% kl-from-samples
# weighted by p and normalised
def kl_from_samples(log_p, log_q):
    return np.average(log_p - log_q, weights=np.exp(log_p))

# %% kl-from-samples
# the sum
def kl_from_samples(log_p, log_q):
    return np.sum(log_p - log_q)

# %% kl-from-samples
# turned round
def kl_from_samples(log_p, log_q):
    return np.mean(log_q - log_p)

# %% kl-from-samples
# the logarithms taken once more
def kl_from_samples(log_p, log_q):
    return np.mean(np.log(log_p / log_q))

# %% kl-from-samples
# the logarithm of the mean ratio
def kl_from_samples(log_p, log_q):
    return np.log(np.mean(np.exp(log_p - log_q)))

# %% kl-from-samples
# the estimate with less variance, which is another number
def kl_from_samples(log_p, log_q):
    r = np.exp(log_q - log_p)
    return np.mean(r - 1 - np.log(r))

# %% kl-from-samples
# half of the squares
def kl_from_samples(log_p, log_q):
    return np.mean((log_p - log_q) ** 2) / 2

# %% kl-from-samples
# n − 1
def kl_from_samples(log_p, log_q):
    return np.sum(log_p - log_q) / max(len(log_p) - 1, 1)

# %% kl-from-samples
# the median, which is the mean of two
def kl_from_samples(log_p, log_q):
    return np.median(log_p - log_q)

# %% kl-from-samples
# bits
def kl_from_samples(log_p, log_q):
    return np.mean(log_p - log_q) / np.log(2)

# %% kl-from-samples
# the mean of absolute differences
def kl_from_samples(log_p, log_q):
    return np.mean(np.abs(log_p - log_q))

# %% kl-from-samples
# the cross-entropy
def kl_from_samples(log_p, log_q):
    return -np.mean(log_q)

# %% kl-from-samples
# one value per sample
def kl_from_samples(log_p, log_q):
    return log_p - log_q

# %% kl-from-samples
# negative samples count 0
def kl_from_samples(log_p, log_q):
    return np.mean(np.maximum(log_p - log_q, 0))

# %% kl-from-samples
# the first two samples
def kl_from_samples(log_p, log_q):
    return np.mean((log_p - log_q)[:2])

# %% kl-from-samples most=0
# the example
def kl_from_samples(log_p, log_q):
    return 0.5

# %% best-gaussian
# the spread of the means is forgotten
def best_gaussian(weights, means, stds):
    return weights @ means, np.sqrt(weights @ stds**2)

# %% best-gaussian
# only the spread of the means
def best_gaussian(weights, means, stds):
    m = weights @ means
    return m, np.sqrt(weights @ (means - m) ** 2)

# %% best-gaussian
# the variance
def best_gaussian(weights, means, stds):
    m = weights @ means
    return m, weights @ (stds**2 + (means - m) ** 2)

# %% best-gaussian
# the weighted mean of the deviations
def best_gaussian(weights, means, stds):
    return weights @ means, weights @ stds

# %% best-gaussian
# weights are ignored
def best_gaussian(weights, means, stds):
    m = means.mean()
    return m, np.sqrt((stds**2 + (means - m) ** 2).mean())

# %% best-gaussian
# the sum of Gaussian variables: squared weights
def best_gaussian(weights, means, stds):
    return weights @ means, np.sqrt(weights**2 @ stds**2)

# %% best-gaussian
# the square of the mean is not subtracted
def best_gaussian(weights, means, stds):
    return weights @ means, np.sqrt(weights @ (stds**2 + means**2))

# %% best-gaussian
# stds are taken for variances
def best_gaussian(weights, means, stds):
    m = weights @ means
    return m, np.sqrt(weights @ (stds + (means - m) ** 2))

# %% best-gaussian
# turned round
def best_gaussian(weights, means, stds):
    m = weights @ means
    return np.sqrt(weights @ (stds**2 + (means - m) ** 2)), m

# %% best-gaussian
# the heaviest component: the other direction of KL
def best_gaussian(weights, means, stds):
    top = np.argmax(weights)
    return means[top], stds[top]

# %% best-gaussian
# the mean is taken for 0, as in the example
def best_gaussian(weights, means, stds):
    return 0.0, np.sqrt(weights @ (stds**2 + means**2))

# %% best-gaussian
# two components only
def best_gaussian(weights, means, stds):
    m = weights[0] * means[0] + weights[1] * means[1]
    v = weights[0] * (stds[0] ** 2 + means[0] ** 2) + weights[1] * (stds[1] ** 2 + means[1] ** 2) - m**2
    return m, np.sqrt(v)

# %% best-gaussian
# weights unused in the spread
def best_gaussian(weights, means, stds):
    m = weights @ means
    return m, np.sqrt(weights @ stds**2 + means.var())

# %% best-gaussian
# means and weights multiplied, divided by n
def best_gaussian(weights, means, stds):
    m = np.mean(weights * means)
    return m, np.sqrt(np.mean(weights * (stds**2 + (means - m) ** 2)))

# %% best-gaussian
# deviations added, not their squares
def best_gaussian(weights, means, stds):
    m = weights @ means
    return m, weights @ stds + np.sqrt(weights @ (means - m) ** 2)

# %% best-gaussian
# only the mean
def best_gaussian(weights, means, stds):
    return weights @ means

# %% best-gaussian most=0
# the example
def best_gaussian(weights, means, stds):
    return [0.0, 5.0]

# %% two-peaks-one-model most=0
# the directions exchanged
fits = "a"

# %% two-peaks-one-model most=0
# both broad
fits = "c"

# %% two-peaks-one-model most=0
# a letter that is not offered
fits = "e"

# %% two-peaks-one-model most=0
# two letters
fits = "b, d"

# %% kl-divergence
# a library's function by __import__
def of_probs(p, q):
    return __import__("scipy.special", fromlist=["special"]).rel_entr(p, q).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# by eval of a text in pieces
def of_probs(p, q):
    import scipy.stats
    return eval("scipy.stats.ent" + "ropy")(p, q, axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# by an attrgetter
from operator import attrgetter
import scipy.special

library = attrgetter("rel_" + "entr")(scipy.special)

def of_probs(p, q):
    return np.sum(library(p, q), axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# a partial of SciPy's entropy: nothing is written
from functools import partial
from scipy.stats import entropy

of_probs = partial(entropy, axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# by the module's dictionary in sys.modules
import sys
import scipy.special

def of_probs(p, q):
    return sys.modules["scipy.special"].__dict__["rel" + "_entr"](p, q).sum(axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% gibbs most=0.34
# less than the larger of itself and 0
from sympy import Max

S = Sum(p[k] * log(q[k] / p[k]), (k, 1, V))
steps = Derivation("gibbs", strict=False)
steps.start(S)
steps.step("≤", Max(S, 0), because="the maximum")
steps.step("=", 0, because="S is never above 0")

# %% gibbs most=0.34
# times p_1, which is at most 1: true by the theorem
S = Sum(p[k] * log(q[k] / p[k]), (k, 1, V))
steps = Derivation("gibbs", strict=False)
steps.start(S)
steps.step("≤", S * p[1], because="p_1 ≤ 1")
steps.step("≤", 0, because="negative")

# %% gibbs
# log t ≤ t − 1 for the whole: nothing is won, since exp(S) ≤ 1 is the theorem
from sympy import exp

S = Sum(p[k] * log(q[k] / p[k]), (k, 1, V))
steps = Derivation("gibbs", strict=False)
steps.start(S)
steps.step("≤", exp(S) - 1, because="S ≤ exp(S) − 1")
steps.step("≤", 0, because="exp(S) ≤ 1")

# %% gibbs
# S under the name 0
from grader.algebra import define

zero = define("0", lambda: Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * (q[k] / p[k] - 1), (k, 1, V)) - Sum(q[k], (k, 1, V)) + 1, because="log t ≤ t − 1")
steps.step("≤", zero(), because="0")

# %% gibbs
# a false bound with a sum of squares in the middle, the right end
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", -Sum((p[k] - q[k]) ** 2 / q[k], (k, 1, V)), because="chi-square")
steps.step("≤", 0, because="squares")


# %% kl-both-ways
# the other way round
divergences = [0.082, 0.087]

# %% kl-both-ways
# bits
divergences = [0.12576, 0.11870]

# %% kl-both-ways
# twice the same, as if it were symmetric
divergences = [0.087, 0.087]

# %% kl-both-ways
# cross-entropies
divergences = [0.780324, 0.693147]

# %% kl-both-ways
# negative
divergences = [-0.0872, -0.0823]

# %% kl-divergence
# 0 log 0 is NaN, and nan_to_num makes inf a large number
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.nan_to_num(p * np.log(p / q)).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# nansum is fine for 0/0, but p = 0 with q = 0 aside it clips q
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.nansum(p * np.log(p / np.clip(q, 1e-300, None)), axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# looks only where both are positive
def of_probs(p, q):
    both = (p > 0) & (q > 0)
    with np.errstate(all="ignore"):
        return np.where(both, p * np.log(np.where(both, p, 1) / np.where(both, q, 1)), 0).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# any zero of q is fatal, even where p is 0
def of_probs(p, q):
    with np.errstate(all="ignore"):
        t = np.where(p > 0, p * np.log(np.where(p > 0, p, 1) / q), 0).sum(-1)
    return np.where((q == 0).any(-1), np.inf, t)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# epsilon
def of_probs(p, q):
    return (p * np.log((p + 1e-9) / (q + 1e-9))).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# reversed
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.where(q > 0, q * np.log(np.where(q > 0, q, 1) / p), 0).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# renormalises q where p is positive
def of_probs(p, q):
    q = np.where(p > 0, q, 0)
    with np.errstate(all="ignore"):
        q = q / q.sum(-1, keepdims=True)
        return np.where(p > 0, p * np.log(np.where(p > 0, p, 1) / q), 0).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# a library's rel_entr, fetched by attrgetter
from operator import attrgetter
import scipy.special
def of_probs(p, q):
    return attrgetter("rel_" + "entr")(scipy.special)(p, q).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# torch.distributions does it
import torch
def kl_divergence(p, log_q):
    q = np.exp(log_q)
    from torch.distributions import Categorical, kl
    return kl.kl_divergence(Categorical(torch.tensor(p)), Categorical(torch.tensor(q)))

# %% kl-divergence
# a module opened by importlib, its function found by a list of names
import importlib
def of_probs(p, q):
    module = importlib.import_module("scipy." + "stats")
    return vars(module)["ent" + "ropy"](p, q, axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# the absolute value of each term
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.where(p > 0, np.abs(p * np.log(np.where(p > 0, p, 1) / q)), 0).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# half precision
def of_probs(p, q):
    with np.errstate(all="ignore"):
        p, q = p.astype(np.float16), q.astype(np.float16)
        return np.where(p > 0, p * np.log(np.where(p > 0, p, np.float16(1)) / q), np.float16(0)).sum(-1, dtype=np.float16)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% wasted-bits
# nats
wasted = 100

# %% wasted-bits
# times log 2
wasted = 69.3

# %% wasted-bits
# per token
wasted = 0.144

# %% wasted-bits
# a text with a unit
wasted = "144 bits"

# %% kl-from-samples
# clipped at 0
def kl_from_samples(log_p, log_q):
    return max(float(np.mean(log_p - log_q)), 0)

# %% kl-from-samples
# weighted by p once more
def kl_from_samples(log_p, log_q):
    return np.sum(np.exp(log_p) * (log_p - log_q))

# %% kl-from-samples
# n - 1
def kl_from_samples(log_p, log_q):
    return np.sum(log_p - log_q) / max(len(log_p) - 1, 1)

# %% kl-from-samples
# the median, which the example does not tell from the mean
def kl_from_samples(log_p, log_q):
    return np.median(log_p - log_q)

# %% kl-from-samples
# the mean of the extremes, right for two samples
def kl_from_samples(log_p, log_q):
    d = log_p - log_q
    return (d.min() + d.max()) / 2

# %% kl-from-samples
# the estimator with r - 1 - log r
def kl_from_samples(log_p, log_q):
    r = np.exp(log_q - log_p)
    return np.mean(r - 1 - np.log(r))

# %% kl-from-samples
# absolute differences
def kl_from_samples(log_p, log_q):
    return np.abs(log_p - log_q).mean()

# %% kl-from-samples
# outliers are trimmed
def kl_from_samples(log_p, log_q):
    d = np.sort(log_p - log_q)
    n = len(d) // 10
    return d[n:len(d) - n].mean() if n else d[:-1].mean() if len(d) > 2 else d.mean()

# %% best-gaussian
# the variance
def best_gaussian(weights, means, stds):
    m = weights @ means
    return m, weights @ (stds**2 + means**2) - m**2

# %% best-gaussian
# the mean std
def best_gaussian(weights, means, stds):
    return weights @ means, weights @ stds

# %% best-gaussian
# between the means only
def best_gaussian(weights, means, stds):
    m = weights @ means
    return m, np.sqrt(weights @ (means - m)**2)

# %% best-gaussian
# weights left out of the mean
def best_gaussian(weights, means, stds):
    m = means.mean()
    return m, np.sqrt(weights @ (stds**2 + (means - m)**2))

# %% best-gaussian
# means are taken to be centred on 0, as in the example
def best_gaussian(weights, means, stds):
    return weights @ means, np.sqrt(weights @ (stds**2 + means**2))

# %% best-gaussian
# the first std for all
def best_gaussian(weights, means, stds):
    m = weights @ means
    return m, np.sqrt(stds[0]**2 + weights @ (means - m)**2)

# %% best-gaussian
# the narrow one on the largest peak
def best_gaussian(weights, means, stds):
    i = weights.argmax()
    return means[i], stds[i]

# %% two-peaks-one-model
# swapped
fits = "a"

# %% two-peaks-one-model
# not a letter
fits = 1

# %% kl-divergence
# p below 1e-10 is taken for 0
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.where(p > 1e-10, p * np.log(np.where(p > 1e-10, p, 1) / q), 0).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# q below 1e-12 is taken for 0
def of_probs(p, q):
    with np.errstate(all="ignore"):
        q = np.where(q < 1e-12, 0, q)
        return np.where(p > 0, p * np.log(np.where(p > 0, p, 1) / q), 0).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% best-gaussian
# two components only
def best_gaussian(weights, means, stds):
    w, v = weights[0], weights[1]
    return w * means[0] + v * means[1], np.sqrt(w * stds[0]**2 + v * stds[1]**2 + w * v * (means[0] - means[1])**2)

# %% gibbs most=0.34
# the claim alone
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", 0, because="Gibbs")
steps

# %% gibbs most=0.34
# a third of it is larger, since it is negative
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * log(q[k] / p[k]), (k, 1, V)) / 3, because="a third of a negative number is larger")
steps.step("≤", 0, because="negative")
steps

# %% gibbs most=0.34
# the maximum of it and 0
from sympy import Max
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Max(0, Sum(p[k] * log(q[k] / p[k]), (k, 1, V))), because="a maximum is larger")
steps.step("=", 0, because="it is negative")
steps

# %% gibbs most=0.34
# log of a quotient, then the claim
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(p[k] / q[k]), (k, 1, V)), because="that is minus KL")
steps.step("≤", 0, because="KL is not negative")
steps

# %% gibbs
# equality in place of the inequality
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * (q[k] / p[k] - 1), (k, 1, V)), because="log t = t − 1")
steps.step("=", 0, because="both sum to 1")
steps

# %% gibbs
# the weight is lost
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(q[k] / p[k] - 1, (k, 1, V)), because="log t ≤ t − 1")
steps.step("≤", 0, because="so")
steps

# %% gibbs most=0.34
# a smaller claim in other clothes: exp of it is at most 1, minus 1
from sympy import exp
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", exp(Sum(p[k] * log(q[k] / p[k]), (k, 1, V))) - 1, because="x ≤ e^x − 1")
steps.step("≤", 0, because="e to the negative is less than 1")
steps

# %% gibbs
# swaps p and q in the middle and comes to 0
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(q[k] * log(q[k] / p[k]), (k, 1, V)), because="Gibbs, both ways")
steps.step("≤", 0, because="so")
steps

# %% gibbs
# never arrives at 0
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * (q[k] / p[k] - 1), (k, 1, V)), because="log t ≤ t − 1")
steps.step("≤", 1, because="roughly")
steps

# %% kl-to-uniform
# the other direction
kl_to_uniform = -log(V) - Sum(log(p[k]), (k, 1, V)) / V

# %% kl-to-uniform
# sign of the entropy
kl_to_uniform = log(V) - Sum(p[k] * log(p[k]), (k, 1, V))

# %% kl-to-uniform
# V in the denominator
kl_to_uniform = Sum(p[k] * log(p[k] / V), (k, 1, V))

# %% kl-to-uniform
# log V once per term
kl_to_uniform = Sum(p[k] * log(p[k]) + log(V), (k, 1, V))

# %% kl-to-uniform
# the entropy
kl_to_uniform = -Sum(p[k] * log(p[k]), (k, 1, V))

# %% kl-to-uniform
# bits
kl_to_uniform = Sum(p[k] * log(V * p[k], 2), (k, 1, V))

# %% gibbs most=0.67
# squares are added, then a theorem stronger than the one to be shown
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * log(q[k] / p[k]) + (p[k] - q[k])**2 / 4, (k, 1, V)), because="squares are not negative")
steps.step("≤", 0, because="Pinsker")
steps

# %% gibbs most=0.34
# the sum of equal shares, then the claim
i = index("i", V)
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)) * p[i], (i, 1, V)), because="p sums to 1")
steps.step("≤", 0, because="Gibbs")
steps

# %% gibbs most=0.67
# each term is at most its absolute value, then the claim
from sympy import Abs
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(Abs(p[k] * log(q[k] / p[k])), (k, 1, V)), because="x ≤ |x|")
steps.step("≤", 0, because="so")
steps

# %% gibbs most=0.34
# swaps the roles in the start by name, then the claim
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * log(q[k] / p[k]) + q[k] - p[k], (k, 1, V)), because="both sum to 1")
steps.step("=", Sum(p[k] * log(q[k] / p[k]), (k, 1, V)), because="both sum to 1")
steps.step("≤", 0, because="Gibbs")
steps

# %% gibbs most=0.34
# V equal shares, then the claim
i = index("i", V)
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)) / V, (i, 1, V)), because="V equal shares")
steps.step("≤", 0, because="Gibbs")
steps

# %% gibbs most=0.34
# weights q over another letter, as a double sum, then the claim
i = index("i", V)
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(q[i] * p[k] * log(q[k] / p[k]), (k, 1, V), (i, 1, V)), because="q sums to 1")
steps.step("≤", 0, because="each is negative")
steps

# %% gibbs most=0.34
# a factor that is 1, then the claim
i = index("i", V)
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * log(q[k] / p[k]), (k, 1, V)) * Sum(p[i], (i, 1, V)), because="p sums to 1")
steps.step("≤", 0, because="Gibbs")
steps

# %% gibbs most=0.34
# the sum under the sum with the same letter, then the claim
i = index("i", V)
S = Sum(p[i] * log(q[i] / p[i]), (i, 1, V))
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * S, (k, 1, V)), because="the mean of a constant")
steps.step("≤", Sum(p[k] * S / 2, (k, 1, V)), because="half of a negative number is larger, term by term")
steps.step("≤", 0, because="each term is negative")
steps

# %% kl-both-ways most=0
divergences = [0.082, 0.087]

# %% kl-both-ways most=0
# in bits
divergences = [0.1258, 0.1187]

# %% kl-both-ways most=0.5
# the first way twice
divergences = [0.0872, 0.0872]

# %% kl-both-ways most=0
# signs
divergences = [-0.0872, -0.0823]

# %% kl-both-ways most=0
# the cross-entropies
divergences = [-0.5 * np.log(0.7) - 0.5 * np.log(0.3), -0.7 * np.log(0.5) - 0.3 * np.log(0.5)]

# %% kl-both-ways most=0
# two decimals only
divergences = [0.09, 0.08]

# %% kl-both-ways most=0
# the terms of one sum
divergences = [0.5 * np.log(0.5 / 0.7), 0.5 * np.log(0.5 / 0.3)]

# %% kl-both-ways most=0
# the symmetric one
divergences = [0.08475, 0.08475]

# %% kl-divergence
# SciPy's by another door
import scipy.special as special


def of_probs(p, q):
    name = "rel" + "_entr"
    return getattr(special, name)(p, q).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# Torch's distributions
import torch
from torch.distributions import Categorical, kl_divergence as library


def kl_divergence(p, log_q):
    q = np.exp(log_q)
    return library(Categorical(probs=torch.tensor(p)), Categorical(probs=torch.tensor(q)))


# %% kl-divergence
# SciPy's entropy, imported inside
def of_probs(p, q):
    from scipy import stats

    return stats.entropy(p, q, axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# a ufunc taken from its module's dictionary
import scipy.special


def of_probs(p, q):
    return np.sum(vars(scipy.special)["kl_div"](p, q), axis=-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# a little added everywhere
def of_probs(p, q):
    e = 1e-300
    return (p * np.log((p + e) / (q + e))).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# impossible outcomes are skipped
def of_probs(p, q):
    some = (p > 0) & (q > 0)
    ratio = np.divide(p, q, out=np.ones_like(p), where=some)
    return (p * np.log(ratio)).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# nansum also swallows inf - inf
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.nansum(p * np.log(p) - p * np.log(q), axis=-1) if (q > 0).all() else np.full(p.shape[:-1], np.inf)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# one zero makes the whole batch infinite
def of_probs(p, q):
    if ((p > 0) & (q == 0)).any():
        return np.full(p.shape[:-1], np.inf)
    with np.errstate(all="ignore"):
        return np.where(p > 0, p * np.log(p / q), 0).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# the other way round
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.where(q > 0, q * np.log(q / p), 0).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# renormalised: right up to rounding, except for the zero rows
def of_probs(p, q):
    q = np.where(q == 0, 1e-12, q)
    q = q / q.sum(-1, keepdims=True)
    return np.where(p > 0, p * np.log(np.where(p > 0, p, 1) / q), 0).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# first axis
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.where(p > 0, p * np.log(p / q), 0).sum(0)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# two axes at most
def of_probs(p, q):
    with np.errstate(all="ignore"):
        terms = np.where(p > 0, p * np.log(p / q), 0)
    return terms.sum() if terms.ndim == 1 else terms.sum(1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# the absolute value
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.abs(np.where(p > 0, p * np.log(p / q), 0)).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# bits
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.where(p > 0, p * np.log2(p / q), 0).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# where q is 0, p is forgotten: 0/0 is infinite
def of_probs(p, q):
    with np.errstate(all="ignore"):
        result = np.where(p > 0, p * np.log(p / q), 0).sum(-1)
    return np.where((q == 0).any(-1), np.inf, result)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# infinity as a large number
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.nan_to_num(np.where(p > 0, p * np.log(p / q), 0).sum(-1))


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# the mean
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.where(p > 0, p * np.log(p / q), 0).mean(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% kl-divergence
# small probabilities count for zeros
def of_probs(p, q):
    with np.errstate(all="ignore"):
        return np.where(p > 1e-3, p * np.log(p / q), 0).sum(-1)


def kl_divergence(p, log_q):
    return of_probs(p, np.exp(log_q))


# %% gibbs most=0.34
# the theorem alone
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", 0)

# %% gibbs most=0.34
# the theorem, times a share of itself
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * log(q[k] / p[k]), (k, 1, V)) / 1000)
steps.step("≤", 0)

# %% gibbs most=0.34
# the theorem between two distributions of its own, halfway
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * log((p[k] + q[k]) / (2 * p[k])), (k, 1, V)))
steps.step("≤", 0)

# %% gibbs most=0.34
# a square with the theorem in it
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * log(q[k] / p[k]), (k, 1, V)) + Sum(p[k] * log(q[k] / p[k]), (k, 1, V)) ** 2)
steps.step("≤", 0)

# %% gibbs most=0.34
# the exponential of the theorem
from sympy import exp

steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", exp(Sum(p[k] * log(q[k] / p[k]), (k, 1, V))) - 1)
steps.step("≤", 0)

# %% gibbs most=0.34
# the theorem inside a Max
from sympy import Max

steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Max(0, Sum(p[k] * log(q[k] / p[k]), (k, 1, V))))
steps.step("=", 0)

# %% gibbs most=0.34
# the other divergence
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(q[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≥", 0)

# %% gibbs most=0.67
# the bound is wrong: t instead of t − 1
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * (q[k] / p[k]), (k, 1, V)), because="log t ≤ t")
steps.step("=", Sum(q[k], (k, 1, V)))
steps.step("=", 0)

# %% gibbs most=0.67
# stops before the end
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * (q[k] / p[k] - 1), (k, 1, V)))
steps.step("=", Sum(q[k] - p[k], (k, 1, V)))

# %% gibbs most=0.34
# the theorem for the products of V terms
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * log(q[k]), (k, 1, V)) - Sum(p[k] * log(p[k]), (k, 1, V)))
steps.step("≤", 0)

# %% gibbs most=0.34
# Jensen asserted for the wrong function, with the theorem hidden in the logarithm
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", log(exp(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))) if False else Sum(p[k] * log(q[k] / p[k]), (k, 1, V)) * Sum(p[k], (k, 1, V)))
steps.step("≤", 0)

# %% kl-to-uniform most=0
kl_to_uniform = log(V) - Sum(p[k] * log(p[k]), (k, 1, V))

# %% kl-to-uniform most=0
# the other way round
kl_to_uniform = Sum(log(1 / (V * p[k])), (k, 1, V)) / V

# %% kl-to-uniform most=0
# the entropy
kl_to_uniform = -Sum(p[k] * log(p[k]), (k, 1, V))

# %% kl-to-uniform most=0
# the cross-entropy
kl_to_uniform = log(V)

# %% kl-to-uniform most=0
# log V for each outcome
kl_to_uniform = Sum(p[k] * log(p[k]) + log(V), (k, 1, V))

# %% kl-to-uniform most=0
# bits
kl_to_uniform = Sum(p[k] * log(p[k] * V, 2), (k, 1, V))

# %% kl-to-uniform most=0
# three outcomes
kl_to_uniform = log(3) + Sum(p[k] * log(p[k]), (k, 1, 3))

# %% kl-to-uniform most=0
# 0 to V − 1
kl_to_uniform = log(V) + Sum(p[k] * log(p[k]), (k, 0, V - 1))

# %% kl-to-uniform most=0
# weights forgotten
kl_to_uniform = Sum(log(V * p[k]), (k, 1, V))

# %% kl-to-uniform most=0
# an approximation for distributions that are nearly uniform
kl_to_uniform = V / 2 * Sum((p[k] - 1 / V) ** 2, (k, 1, V))

# %% wasted-bits most=0
wasted = 100

# %% wasted-bits most=0
wasted = 100 * np.log(2)

# %% wasted-bits most=0
wasted = 0.144

# %% wasted-bits most=0
# in bytes
wasted = 18

# %% wasted-bits most=0
wasted = 145

# %% wasted-bits most=0
wasted = 1000 * 2**0.1

# %% wasted-bits most=0
wasted = "144 bits"

# %% wasted-bits most=0
wasted = -144.27

# %% kl-from-samples
# weighted by p once more
def kl_from_samples(log_p, log_q):
    w = np.exp(log_p)
    return (w * (log_p - log_q)).sum() / w.sum()


# %% kl-from-samples
# summed
def kl_from_samples(log_p, log_q):
    return np.sum(log_p - log_q)


# %% kl-from-samples
# never negative
def kl_from_samples(log_p, log_q):
    return max(np.mean(log_p - log_q), 0)


# %% kl-from-samples
# the estimate with less variance, unbiased only in the limit
def kl_from_samples(log_p, log_q):
    r = log_q - log_p
    return np.mean(np.exp(r) - 1 - r)


# %% kl-from-samples
# unbiased division
def kl_from_samples(log_p, log_q):
    return np.sum(log_p - log_q) / max(len(log_p) - 1, 1)


# %% kl-from-samples
# the median
def kl_from_samples(log_p, log_q):
    return np.median(log_p - log_q)


# %% kl-from-samples
# q from p
def kl_from_samples(log_p, log_q):
    return np.mean(log_q - log_p)


# %% kl-from-samples
# log of the mean ratio
def kl_from_samples(log_p, log_q):
    return np.log(np.mean(np.exp(log_p - log_q)))


# %% kl-from-samples
# two samples
def kl_from_samples(log_p, log_q):
    return ((log_p[0] - log_q[0]) + (log_p[-1] - log_q[-1])) / 2


# %% kl-from-samples
# ratio before the logarithm: exp underflows
def kl_from_samples(log_p, log_q):
    return np.mean(np.log(np.exp(log_p) / np.exp(log_q)))


# %% kl-from-samples
# equal samples once
def kl_from_samples(log_p, log_q):
    return np.mean(np.unique(log_p - log_q))


# %% best-gaussian
# variance instead of standard deviation
def best_gaussian(weights, means, stds):
    mean = weights @ means
    return mean, weights @ (stds**2 + means**2) - mean**2


# %% best-gaussian
# weights are forgotten
def best_gaussian(weights, means, stds):
    mean = means.mean()
    return mean, np.sqrt((stds**2 + (means - mean) ** 2).mean())


# %% best-gaussian
# the largest component
def best_gaussian(weights, means, stds):
    k = weights.argmax()
    return means[k], stds[k]


# %% best-gaussian
# the spread of the means forgotten
def best_gaussian(weights, means, stds):
    return weights @ means, np.sqrt(weights @ stds**2)


# %% best-gaussian
# the spread of the means only
def best_gaussian(weights, means, stds):
    mean = weights @ means
    return mean, np.sqrt(weights @ (means - mean) ** 2)


# %% best-gaussian
# standard deviations averaged
def best_gaussian(weights, means, stds):
    mean = weights @ means
    return mean, np.sqrt((weights @ stds) ** 2 + weights @ (means - mean) ** 2)


# %% best-gaussian
# swapped
def best_gaussian(weights, means, stds):
    mean = weights @ means
    return np.sqrt(weights @ (stds**2 + means**2) - mean**2), mean


# %% best-gaussian
# a mean of 0 is taken for granted
def best_gaussian(weights, means, stds):
    return weights @ means, np.sqrt(weights @ (stds**2 + means**2))


# %% best-gaussian
# two components
def best_gaussian(weights, means, stds):
    w, (m, n), (s, t) = weights[0], means[:2], stds[:2]
    mean = w * m + (1 - w) * n
    return mean, np.sqrt(w * s**2 + (1 - w) * t**2 + w * (1 - w) * (m - n) ** 2)


# %% best-gaussian
# the weights of the second moment squared
def best_gaussian(weights, means, stds):
    mean = weights @ means
    return mean, np.sqrt(weights**2 @ stds**2 + weights @ (means - mean) ** 2)


# %% two-peaks-one-model most=0
fits = "a"

# %% two-peaks-one-model most=0
fits = "a and b"

# %% two-peaks-one-model most=0
fits = "the broad one"

# %% two-peaks-one-model most=0
fits = b"b or c"

# %% gibbs most=0.34
# a square is added to each term: true, and no nearer to 0
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * log(q[k] / p[k]) + (p[k] - q[k]) ** 2 / 2, (k, 1, V)), because="a square is not negative")
steps.step("≤", 0)

# %% gibbs most=0.34
# a share of each term taken away, where it is not known to be negative
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * log(q[k] / p[k]) / 2, (k, 1, V)), because="half of it")
steps.step("≤", 0)

# %% gibbs most=0.34
# from 0 to 0
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", 0)
steps.step("=", Sum(q[k] - p[k], (k, 1, V)))
steps.step("=", 0)

# %% gibbs most=0.34
# the sums first, with the theorem between them
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * log(q[k] / p[k]), (k, 1, V)) + Sum(q[k] - p[k], (k, 1, V)))
steps.step("≤", Sum(q[k], (k, 1, V)) - Sum(p[k], (k, 1, V)))
steps.step("=", 0)

# %% gibbs most=0.34
# the theorem for the logarithm of a product
from sympy import Product

steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", log(Product((q[k] / p[k]) ** p[k], (k, 1, V))))
steps.step("≤", log(1))
