# %% cross-entropy-by-hand
# a float16-free torch scalar in float32, shape (1,)
import torch

cross_entropy = -(torch.tensor([[0.6, 0.3, 0.1]]) * torch.log(torch.tensor([[0.5, 0.25, 0.25]]))).sum(dim=1)

# %% cross-entropy-by-hand
# SymPy, exact: 7/5 log 2
from sympy import Rational, log as ln

cross_entropy = Rational(7, 5) * ln(2)

# %% cross-entropy-by-hand
# Decimal, rounded to three places
from decimal import Decimal

cross_entropy = Decimal("0.970")

# %% cross-entropy-by-hand
# a zip loop, with the entropy and the KL divergence added up
import math

H = KL = 0
for a, b in zip((0.6, 0.3, 0.1), (0.5, 0.25, 0.25)):
    H -= a * math.log(a)
    KL += a * math.log(a / b)
cross_entropy = H + KL

# %% cross-entropy-by-hand
# in bits first, times log 2
cross_entropy = sum(w * c for w, c in zip([0.6, 0.3, 0.1], [1, 2, 2])) * np.log(2)

# %% cross-entropy-by-hand
# a matrix product, shape (1, 1)
cross_entropy = -np.array([[0.6, 0.3, 0.1]]) @ np.log([[0.5], [0.25], [0.25]])

# %% cross-entropy-by-hand
# a product of powers, then one logarithm, in mpmath
import mpmath as mp

cross_entropy = -mp.log(mp.mpf("0.5") ** mp.mpf("0.6") * mp.mpf("0.25") ** mp.mpf("0.4"))

# %% cross-entropy-by-hand
# a Fraction
from fractions import Fraction

cross_entropy = Fraction(970, 1000)

# %% cross-entropy-by-hand
# PyTorch's soft targets: F.cross_entropy with log q as logits (no task forbids it here)
import torch
import torch.nn.functional as F

cross_entropy = F.cross_entropy(torch.tensor([0.5, 0.25, 0.25]).log(), torch.tensor([0.6, 0.3, 0.1]))

# %% entropy-plus-kl
# the shortest: quotient, then cancel
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * (log(p[k]) - log(q[k])), (k, 1, V)),
    because="log of a quotient",
)
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="the entropies cancel")

# %% entropy-plus-kl
# one sum first, quotient rule second
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", Sum(-p[k] * log(p[k]) + p[k] * log(p[k] / q[k]), (k, 1, V)), because="one sum")
steps.step("=", Sum(-p[k] * (log(p[k]) - log(p[k] / q[k])), (k, 1, V)), because="factor p")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="log p - log(p/q) = log q")

# %% entropy-plus-kl
# three sums, other index letters, the answer with j
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
H = Sum(p[j] * log(p[j]), (j, 1, V))
steps.step(
    "=",
    -H + Sum(p[j] * log(p[j]), (j, 1, V)) - Sum(p[j] * log(q[j]), (j, 1, V)),
    because="Logarithmus des Quotienten; Summe geteilt",
)
steps.step("=", -Sum(p[j] * log(q[j]), (j, 1, V)), because="hebt sich auf")

# %% entropy-plus-kl
# logarithms merged: p log(p/q) - p log p = p log(1/q), then turned over
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    Sum(p[k] * log((p[k] / q[k]) / p[k]), (k, 1, V)),
    because="difference of logs is the log of the quotient",
)
steps.step("=", Sum(p[k] * (-log(q[k])), (k, 1, V)), because="log(1/q) = -log q")

# %% entropy-plus-kl
# 1/q with a power, goal with the minus inside the logarithm's factor
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k]) + p[k] * log(q[k] ** -1), (k, 1, V)),
    because="log of a product p * 1/q",
)
steps.step("=", Sum(p[k] * log(q[k] ** -1), (k, 1, V)), because="sum split, entropy cancels")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="log of an inverse")

# %% entropy-plus-kl
# minus pulled out of everything
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=", -(Sum(p[k] * log(p[k]), (k, 1, V)) - Sum(p[k] * log(p[k] / q[k]), (k, 1, V))), because="minus out"
)
steps.step("=", -Sum(p[k] * (log(p[k]) - log(p[k] / q[k])), (k, 1, V)), because="one sum")
steps.step("=", -Sum(p[k] * (log(p[k]) - log(p[k]) + log(q[k])), (k, 1, V)), because="log of a quotient")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="done")

# %% entropy-plus-kl
# the last sum in a power inside the logarithm: log(q^p) holds a Pow but no fraction in between
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    Sum(log((p[k] / q[k]) ** p[k]), (k, 1, V)) - Sum(log(p[k] ** p[k]), (k, 1, V)),
    because="a log b = log b^a",
)
steps.step("=", -Sum(log(q[k] ** p[k]), (k, 1, V)), because="quotients of powers")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="the exponent comes down")

# %% entropy-plus-kl
# two different letters in two sums, merged afterwards
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[j] * log(p[j]), (j, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)), because="rename")
steps.step(
    "=",
    -Sum(p[j] * log(p[j]), (j, 1, V)) + Sum(p[k] * log(p[k]), (k, 1, V)) - Sum(p[k] * log(q[k]), (k, 1, V)),
    because="quotient",
)
steps.step("=", -Sum(p[y] * log(q[y]), (y, 1, V)), because="first two are one and the same sum")

# %% entropy-plus-kl
# a loop adds the lines from a list of pairs
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
for expr, why in [
    (Sum(p[k] * (log(p[k] / q[k]) - log(p[k])), (k, 1, V)), "one sum, p factored out"),
    (Sum(p[k] * (log(p[k]) - log(q[k]) - log(p[k])), (k, 1, V)), "quotient"),
    (Sum(p[k] * (-1) * log(q[k]), (k, 1, V)), "cancel"),
    (-Sum(p[k] * log(q[k]), (k, 1, V)), "constant"),
]:
    steps.step("=", expr, why)


# %% entropy-plus-kl
# own helper functions for H, KL and cross-entropy
def H(a, b):
    return -Sum(a[k] * log(b[k]), (k, 1, V))


steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", H(p, p) + Sum(p[k] * (log(p[k]) - log(q[k])), (k, 1, V)), because="quotient")
steps.step("=", H(p, p) - H(p, p) + H(p, q), because="sum split")
steps.step("=", H(p, q), because="entropy cancels")

# %% entropy-plus-kl
# multiply by 1 = sum of p on the way (true, if a detour)
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    Sum(p[j], (j, 1, V))
    * (-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * (log(p[k]) - log(q[k])), (k, 1, V))),
    because="p sums to 1, and the quotient's log",
)
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="cancels, sum is 1")


# %% one-hot-cross-entropy
# take_along_axis, minus log
def in_nats(q, targets):
    t = np.asarray(targets)[..., None]
    with np.errstate(divide="ignore"):
        return -np.log(np.take_along_axis(np.asarray(q, float), t, axis=-1))[..., 0]


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# a real one-hot with xlogy
from scipy.special import xlogy


def in_nats(q, targets):
    q = np.asarray(q, dtype=float)
    one_hot = np.eye(q.shape[-1])[np.asarray(targets)]
    return -xlogy(one_hot, q).sum(-1)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# where first picks, then logs
def in_nats(q, targets):
    klassen = np.arange(np.shape(q)[-1])
    hit = klassen == np.expand_dims(targets, -1)
    p_y = np.where(hit, q, 0).sum(axis=-1)
    return -np.log(p_y)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# recursion over leading axes; own name like a library's
from math import log as ln, inf


def cross_entropy(q, t):
    if np.ndim(q) == 1:
        return -ln(q[int(t)]) if q[int(t)] > 0 else inf
    return np.array([cross_entropy(a, b) for a, b in zip(q, t)]).reshape(np.shape(t))


def in_nats(q, targets):
    return cross_entropy(q, targets)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# torch gather in float64
import torch


def in_nats(q, targets):
    qt = torch.as_tensor(np.asarray(q), dtype=torch.float64)
    t = torch.as_tensor(np.asarray(targets)).long()
    return -qt.gather(-1, t.unsqueeze(-1)).squeeze(-1).log()


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# ndindex loop, result filled
def in_nats(q, targets):
    q, targets = np.asarray(q), np.asarray(targets)
    out = np.empty(targets.shape)
    for ix in np.ndindex(targets.shape):
        out[ix] = np.inf if q[ix][targets[ix]] == 0 else np.log(1 / q[ix][targets[ix]])
    return out


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# a callable object with a method named nll_loss of its own
class Loss:
    def nll_loss(self, picked):
        return np.where(picked == 0, np.inf, -np.log(np.where(picked == 0, 1.0, picked)))

    def __call__(self, q, targets):
        q = np.asarray(q, float)
        flat = q.reshape(-1, q.shape[-1])
        picked = flat[np.arange(len(flat)), np.ravel(targets)]
        return self.nll_loss(picked).reshape(np.shape(targets))


in_nats = Loss()


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# a lambda with log2 and a self-test against torch's nll_loss beside the answer
import torch

in_nats = lambda q, targets: (
    -np.log(2) * np.log2(np.take_along_axis(q, np.asarray(targets)[..., np.newaxis], -1).squeeze(-1))
)
_q = np.array([[0.2, 0.8], [0.5, 0.5]])
assert np.allclose(
    in_nats(_q, np.array([1, 0])),
    torch.nn.functional.nll_loss(torch.tensor(_q).log(), torch.tensor([1, 0]), reduction="none"),
)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# einsum of one-hot and q, then the logarithm
def in_nats(q: np.ndarray, targets: np.ndarray) -> np.ndarray:
    V = q.shape[-1]
    return -np.log(np.einsum("...v,...v->...", np.identity(V)[targets], q))


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% nll-as-cross-entropy
# N as its own sum with another letter
N = Sum(n[j], (j, 1, V))
mean_nll = -Sum(n[k] / N * log(q[k]), (k, 1, V))

# %% nll-as-cross-entropy
# logs of inverses, both sums over k
mean_nll = Sum(n[k] * log(1 / q[k]), (k, 1, V)) / Sum(n[k], (k, 1, V))


# %% nll-as-cross-entropy
# relative frequencies by an own function
def p_hat(a):
    return n[a] / Sum(n[k], (k, 1, V))


mean_nll = Sum(-p_hat(j) * log(q[j]), (j, 1, V))

# %% nll-as-cross-entropy
# one logarithm of a product
from sympy import Product

mean_nll = -log(Product(q[k] ** n[k], (k, 1, V))) / Sum(n[k], (k, 1, V))

# %% nll-as-cross-entropy
# the sum of powers' logs, sum on both sides multiplied by 2
mean_nll = -2 * Sum(log(q[y] ** n[y]), (y, 1, V)) / (2 * Sum(n[y], (y, 1, V)))

# %% nll-as-cross-entropy
# entropy of the counts plus their KL divergence from q
N = Sum(n[j], (j, 1, V))
f = n[k] / N
mean_nll = -Sum(f * log(f), (k, 1, V)) + Sum(f * log(f / q[k]), (k, 1, V))

# %% nll-as-cross-entropy
# perplexity's logarithm
from sympy import Product

mean_nll = log(Product(q[k] ** (-n[k] / Sum(n[j], (j, 1, V))), (k, 1, V)))

# %% nll-as-cross-entropy
# the denominator as a power of minus one
mean_nll = -Sum(n[k] * log(q[k]), (k, 1, V)) * Sum(n[k], (k, 1, V)) ** (-1)

# %% code-lengths
# a tuple of Fractions
from fractions import Fraction as F

length_and_price = (F(19, 8), F(5, 8))

# %% code-lengths
# computed, array of longdouble
P = np.array([1 / 2, 1 / 4, 1 / 8, 1 / 8], dtype=np.longdouble)
L = np.array([len(w) for w in "110 0 10 111".split()])
length_and_price = np.array([P @ L, P @ L + P @ np.log2(P)])

# %% code-lengths
# namedtuple with SymPy numbers
from collections import namedtuple
from sympy import Rational as R

Answer = namedtuple("Answer", "length price")
length_and_price = Answer(R(19, 8), R(19, 8) - R(7, 4))

# %% code-lengths
# a torch column in float16 (exact here)
import torch

length_and_price = torch.tensor([[2.375], [0.625]], dtype=torch.float16).flatten()

# %% code-lengths
# dict of codewords, Huffman-like best lengths 1, 2, 3, 3
code = {"A": "110", "B": "0", "C": "10", "D": "111"}
prob = {"A": 0.5, "B": 0.25, "C": 0.125, "D": 0.125}
best = {"A": 1, "B": 2, "C": 3, "D": 3}
mean = lambda ell: sum(prob[s] * ell(s) for s in "ABCD")
length_and_price = [m := mean(lambda s: len(code[s])), m - mean(best.get)]

# %% code-lengths
# KL divergence from q = 2^-length; its Kraft sum is 1
p_ = np.array([4, 2, 1, 1]) / 8
q_ = 2.0 ** -np.array([3, 1, 2, 3])
assert q_.sum() == 1
length_and_price = [-(p_ * np.log2(q_)).sum(), (p_ * np.log2(p_ / q_)).sum()]

# %% code-lengths
# Decimals in a list
from decimal import Decimal

length_and_price = [Decimal("2.375"), Decimal("0.625")]

# %% strictly-proper
# capital with parenthesis
score = "C)"

# %% strictly-proper
# the whole option
score = "c · log q_k"

# %% strictly-proper
# words around
score = "Option c."

# %% strictly-proper
# a letter picked by code
score = "abcd"[2]


# %% properness
# matrix of averages
def properness(forecasts, scores):
    A = np.asarray(forecasts) @ np.asarray(scores).T
    gap = np.diag(A)[:, None] - A
    off = ~np.eye(len(A), dtype=bool)
    if (gap[off] < 0).any() and (gap[off] <= -1e-9).any():
        return "not proper"
    return "proper" if (np.abs(gap[off]) < 1e-9).any() else "strictly proper"


# %% properness
# two loops with an early return, in Python floats
def properness(forecasts, scores):
    tie = False
    for t, truth in enumerate(forecasts):
        earn = [sum(float(a) * float(b) for a, b in zip(truth, s)) for s in scores]
        for i, e in enumerate(earn):
            if i == t:
                continue
            if e > earn[t] and abs(e - earn[t]) >= 1e-9:
                return "not proper"
            tie |= abs(e - earn[t]) < 1e-9
    return "proper" if tie else "strictly proper"


# %% properness
# min of the loss of dishonesty, three cases by sorted bounds
def properness(forecasts, scores):
    E = np.einsum("tk,ik->ti", forecasts, scores)
    n = E.shape[0]
    margins = [E[t, t] - E[t, i] for t in range(n) for i in range(n) if i != t]
    worst = min(margins, default=1.0)
    return ["not proper", "proper", "strictly proper"][int(worst > -1e-9) + int(worst >= 1e-9)]


# %% properness
# torch in double, fill_diagonal_
import torch


def properness(forecasts, scores):
    E = torch.as_tensor(forecasts, dtype=torch.float64) @ torch.as_tensor(scores, dtype=torch.float64).T
    regret = E.diagonal()[:, None] - E
    regret.fill_diagonal_(float("inf"))
    m = regret.min().item()
    return "strictly proper" if m >= 1e-9 else "proper" if m > -1e-9 else "not proper"


# %% properness
# a str subclass Enum
from enum import StrEnum


class Kind(StrEnum):
    STRICT = "strictly proper"
    WEAK = "proper"
    NOT = "not proper"


def properness(forecasts, scores):
    E = np.inner(forecasts, scores)
    d = E - E.diagonal().reshape(-1, 1)
    np.fill_diagonal(d, -np.inf)
    return Kind.NOT if (top := d.max()) >= 1e-9 else Kind.WEAK if top > -1e-9 else Kind.STRICT


# %% properness
# sets of the best forecasts per truth
def properness(forecasts, scores):
    verdicts = set()
    for t in range(len(forecasts)):
        e = (scores * forecasts[t]).sum(1)
        best = {i for i in range(len(e)) if e.max() - e[i] < 1e-9}
        verdicts.add("not" if t not in best else "one" if best == {t} else "tie")
    return "not proper" if "not" in verdicts else "proper" if "tie" in verdicts else "strictly proper"


# %% properness
# a NumPy text scalar from np.select
def properness(forecasts, scores):
    E = np.tensordot(forecasts, scores, axes=(1, 1))
    honest = E.diagonal()[:, None]
    other = np.where(np.eye(len(E), dtype=bool), -np.inf, E)
    d = (other - honest).max()
    return np.select([d >= 1e-9, d > -1e-9], ["not proper", "proper"], default="strictly proper")[()]


# %% label-smoothing
# the definition, straight, with the target as a lambda
s = lambda a: (1 - epsilon) * KroneckerDelta(a, y) + epsilon / V
smoothed_loss = -Sum(s(k) * log(q[k]), (k, 1, V))

# %% label-smoothing
# two terms
smoothed_loss = -(1 - epsilon) * log(q[y]) - epsilon / V * Sum(log(q[k]), (k, 1, V))

# %% label-smoothing
# a product's logarithm
from sympy import Product

smoothed_loss = (epsilon - 1) * log(q[y]) - epsilon * log(Product(q[j], (j, 1, V))) / V

# %% label-smoothing
# everything over V
smoothed_loss = (V * (1 - epsilon) * log(1 / q[y]) + epsilon * Sum(log(1 / q[k]), (k, 1, V))) / V

# %% label-smoothing
# loss at the label plus epsilon times what smoothing adds
smoothed_loss = -log(q[y]) + epsilon * (log(q[y]) - Sum(log(q[j]), (j, 1, V)) / V)

# %% label-smoothing
# a Piecewise target
from sympy import Eq, Piecewise

smoothed_loss = Sum(
    -Piecewise((1 - epsilon + epsilon / V, Eq(k, y)), (epsilon / V, True)) * log(q[k]), (k, 1, V)
)

# %% label-smoothing
# the class y apart: the rest is the whole sum less its term
rest = Sum(log(q[k]), (k, 1, V)) - log(q[y])
smoothed_loss = -(1 - epsilon + epsilon / V) * log(q[y]) - epsilon / V * rest

# %% label-smoothing
# relative to q_y: the mean of log-ratios
smoothed_loss = -log(q[y]) - epsilon / V * Sum(log(q[k] / q[y]), (k, 1, V))

# %% label-smoothing
# entropy-like form: logs with powers, one sum only
smoothed_loss = -Sum(log(q[k] ** ((1 - epsilon) * KroneckerDelta(y, k) + epsilon / V)), (k, 1, V))

# %% label-smoothing
# uniform u and a mixture of two cross-entropies
u = Sum(1 / V * log(q[k]), (k, 1, V))
onehot = Sum(KroneckerDelta(k, y) * log(q[k]), (k, 1, V))
smoothed_loss = -((1 - epsilon) * onehot + epsilon * u)

# %% entropy-plus-kl
# the first term of each sum apart, put back at the end
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 1, V))
    + p[1] * (log(p[1]) - log(q[1]))
    + Sum(p[k] * (log(p[k]) - log(q[k])), (k, 2, V)),
    because="quotients, first term apart",
)
steps.step("=", -p[1] * log(q[1]) - Sum(p[k] * log(q[k]), (k, 2, V)), because="the entropies cancel")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="back into one sum")

# %% entropy-plus-kl
# the goal as a product over p, no minus in front
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    Sum(p[k] * (log(p[k]) - log(q[k])) - p[k] * log(p[k]), (k, 1, V)),
    because="one sum, log of a quotient",
)
steps.step(
    "=", Sum(p[k] * log(p[k]) - p[k] * log(q[k]) - p[k] * log(p[k]), (k, 1, V)), because="multiply out"
)
steps.step("=", Sum(-p[k] * log(q[k]), (k, 1, V)), because="p log p cancels")


# %% one-hot-cross-entropy
# np.vectorize with a signature, memory in a generator
@np.vectorize
def _minus_log(x):
    return float("inf") if x == 0 else -np.log(x)


def in_nats(q, targets):
    one_hot = np.arange(np.shape(q)[-1]) == np.asarray(targets)[..., None]
    return _minus_log(np.max(np.where(one_hot, q, 0.0), axis=-1))


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# the product of q to the power of the one-hot: 0**0 is 1
def in_nats(q, targets):
    one_hot = np.eye(np.shape(q)[-1])[np.asarray(targets)]
    return -np.log(np.prod(np.asarray(q) ** one_hot, axis=-1))


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% nll-as-cross-entropy
# the first token apart from the others
mean_nll = -(n[1] * log(q[1]) + Sum(n[k] * log(q[k]), (k, 2, V))) / (n[1] + Sum(n[k], (k, 2, V)))

# %% nll-as-cross-entropy
# base 2, turned back into nats
mean_nll = -log(2) * Sum(n[k] * log(q[k], 2), (k, 1, V)) / Sum(n[k], (k, 1, V))

# %% properness
# exact rational arithmetic
from fractions import Fraction as Fr


def properness(forecasts, scores):
    F = [[Fr(float(x)) for x in row] for row in forecasts]
    S = [[Fr(float(x)) for x in row] for row in scores]
    eps, out = Fr(1, 10**9), "strictly proper"
    for t, f in enumerate(F):
        pay = [sum(a * b for a, b in zip(f, s)) for s in S]
        for i, x in enumerate(pay):
            if i != t and x - pay[t] >= eps:
                return "not proper"
            if i != t and x - pay[t] > -eps:
                out = "proper"
    return out


# %% label-smoothing
# the classes before y, y itself, the classes after y
before, after = Sum(log(q[k]), (k, 1, y - 1)), Sum(log(q[k]), (k, y + 1, V))
smoothed_loss = -(1 - epsilon + epsilon / V) * log(q[y]) - epsilon / V * (before + after)

# %% label-smoothing
# delta squared, and the uniform part as a sum over another letter
smoothed_loss = -(1 - epsilon) * Sum(KroneckerDelta(j, y) ** 2 * log(q[j]), (j, 1, V)) - epsilon * Sum(
    log(q[k]), (k, 1, V)
) / Sum(1, (k, 1, V))

# %% entropy-plus-kl
# a programmer's sums from 0 to V - 1, with k + 1 inside
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    Sum(-p[k + 1] * log(p[k + 1]) + p[k + 1] * (log(p[k + 1]) - log(q[k + 1])), (k, 0, V - 1)),
    because="shift the index; log of a quotient",
)
steps.step("=", -Sum(p[k + 1] * log(q[k + 1]), (k, 0, V - 1)), because="p log p cancels")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="shift back")

# %% entropy-plus-kl
# turned-over quotient: KL = -sum p log(q/p)
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 1, V)) - Sum(p[k] * log(q[k] / p[k]), (k, 1, V)),
    because="log(a/b) = -log(b/a)",
)
steps.step("=", -Sum(p[k] * (log(p[k]) + log(q[k] / p[k])), (k, 1, V)), because="one sum")
steps.step("=", -Sum(p[k] * log(p[k] * (q[k] / p[k])), (k, 1, V)), because="log a + log b = log ab")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="p cancels")

# %% nll-as-cross-entropy
# indices shifted: k from 0 to V - 1, with k + 1 inside
mean_nll = -Sum(n[k + 1] * log(q[k + 1]), (k, 0, V - 1)) / Sum(n[k + 1], (k, 0, V - 1))

# %% nll-as-cross-entropy
# read backwards: from the last token to the first
mean_nll = -Sum(n[V + 1 - k] * log(q[V + 1 - k]), (k, 1, V)) / Sum(n[k], (k, 1, V))

# %% label-smoothing
# indices shifted: j from 0, j + 1 inside
smoothed_loss = -(1 - epsilon) * log(q[y]) - epsilon / V * Sum(log(q[j + 1]), (j, 0, V - 1))


# %% cross-entropy-by-hand
# log 2 times 1.4, in a SymPy product that nobody evaluated
import sympy
cross_entropy = sympy.Rational(7, 5) * sympy.log(2)

# %% cross-entropy-by-hand
# a pure Python float in a list in a tuple
cross_entropy = ([0.9704],)

# %% cross-entropy-by-hand
# torch bfloat16 would be too coarse, float32 with shape (1, 1) is not
import torch
cross_entropy = torch.tensor([[0.970406]])

# %% cross-entropy-by-hand
# a Fraction
from fractions import Fraction
cross_entropy = Fraction(97041, 100000)

# %% one-hot-cross-entropy
# a flat index
def in_nats(q, targets):
    q, t = np.asarray(q), np.asarray(targets)
    flat = np.arange(t.size) * q.shape[-1] + t.ravel()
    with np.errstate(divide="ignore"):
        return -np.log(q.ravel()[flat]).reshape(t.shape)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# a truth-valued one-hot table, the sum of what is left by where=
def in_nats(q, targets):
    hot = np.arange(np.shape(q)[-1]) == np.expand_dims(targets, -1)
    with np.errstate(divide="ignore"):
        return -np.sum(np.log(q), axis=-1, where=hot)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# torch.gather
import torch
def in_nats(q, targets):
    q, t = torch.tensor(np.array(q)), torch.tensor(np.array(targets), dtype=torch.long)
    return -q.log().gather(-1, t.unsqueeze(-1)).squeeze(-1)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# log base 2 of the inverse, back to nats
def in_nats(q, targets):
    with np.errstate(divide="ignore"):
        return np.log2(1 / np.take_along_axis(np.asarray(q, float), np.asarray(targets)[..., None], -1)[..., 0]) * np.log(2)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# ndindex over a result filled in place
def in_nats(q, targets):
    t = np.asarray(targets)
    out = np.empty(t.shape)
    for i in np.ndindex(*t.shape):
        x = float(q[i][t[i]])
        out[i] = -np.log(x) if x else np.inf
    return out


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# np.choose over the classes moved to the front
def in_nats(q, targets):
    with np.errstate(divide="ignore"):
        return np.negative(np.log(np.choose(np.asarray(targets), list(np.moveaxis(np.asarray(q), -1, 0)))))


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% code-lengths
# Fractions in an object array
from fractions import Fraction as F
length_and_price = np.array([F(19, 8), F(5, 8)])

# %% code-lengths
# computed from the words
words, probs = ["110", "0", "10", "111"], [0.5, 0.25, 0.125, 0.125]
mean = sum(len(w) * x for w, x in zip(words, probs))
length_and_price = mean, mean + sum(x * np.log2(x) for x in probs)

# %% strictly-proper
# a heading's case and a full stop
score = "C."

# %% properness
# with plain loops and a set of verdicts
def properness(forecasts, scores):
    F, S = np.asarray(forecasts, float).tolist(), np.asarray(scores, float).tolist()
    verdict = "strictly proper"
    for t, truth in enumerate(F):
        earned = [sum(a * b for a, b in zip(truth, row)) for row in S]
        for i, e in enumerate(earned):
            if i == t:
                continue
            if e - earned[t] >= 1e-9:
                return "not proper"
            if abs(e - earned[t]) < 1e-9:
                verdict = "proper"
    return verdict

# %% properness
# the gain matrix, its diagonal removed, one maximum
def properness(forecasts, scores):
    E = np.einsum("tk,ik->ti", forecasts, scores)
    n = len(E)
    gain = (E - np.diagonal(E)[:, None])[~np.eye(n, dtype=bool)]
    best = gain.max(initial=-np.inf)
    return ("strictly proper", "proper", "not proper")[int(best > -1e-9) + int(best >= 1e-9)]

# %% properness
# torch
import torch
def properness(forecasts, scores):
    e = torch.tensor(np.array(forecasts), dtype=torch.float64) @ torch.tensor(np.array(scores), dtype=torch.float64).T
    d = e - e.diagonal().unsqueeze(1)
    d.fill_diagonal_(-1.0)
    return "not proper" if bool((d >= 1e-9).any()) else "proper" if bool((d > -1e-9).any()) else "strictly proper"

# %% one-hot-cross-entropy
# a dict of rows by index, an np.matrix never comes near
def in_nats(q, targets, *args, **kwargs):
    if np.ndim(q) == 1:
        x = q[int(targets)]
        return float("inf") if x == 0 else -float(np.log(x))
    return np.array([in_nats(a, b) for a, b in zip(q, targets)])


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% properness
# a StrEnum's member is a text
from enum import StrEnum
class Verdict(StrEnum):
    A = "strictly proper"
    B = "proper"
    C = "not proper"
def properness(forecasts, scores):
    E = np.tensordot(forecasts, scores, axes=(1, 1))
    d = [E[t, i] - E[t, t] for t in range(len(E)) for i in range(len(E)) if i != t]
    return Verdict.C if any(x >= 1e-9 for x in d) else Verdict.B if any(x > -1e-9 for x in d) else Verdict.A

# %% entropy-plus-kl
# one sum first, the difference of logs is a log of 1/q, then out
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * (log(p[k] / q[k]) - log(p[k])), (k, 1, V)), because="one sum")
steps.step("=", Sum(p[k] * log(1 / q[k]), (k, 1, V)), because="the difference of logs is the log of the quotient")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="log of an inverse")
steps

# %% entropy-plus-kl
# the divergence turned over
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * (log(p[k]) + log(q[k] / p[k])), (k, 1, V)), because="log of the inverse; one sum")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="the two logs are the log of the product")
steps

# %% entropy-plus-kl
# the logarithm of products of powers
from sympy import Product
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * (log(p[k]) - log(q[k])), (k, 1, V)), because="log of a quotient")
steps.step("=", Sum(p[k] * (-log(q[k])), (k, 1, V)), because="the entropy cancels")
steps

# %% entropy-plus-kl
# the sum over j for the entropy, k for the rest, until they meet
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[j] * log(p[j]), (j, 1, V)) + Sum(p[k] * log(p[k]), (k, 1, V)) - Sum(p[k] * log(q[k]), (k, 1, V)), because="log of a quotient, linearity")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="the first two are the same sum")
steps

# %% nll-as-cross-entropy
# relative frequencies inside
mean_nll = Sum(n[k] / Sum(n[k], (k, 1, V)) * -log(q[k]), (k, 1, V))

# %% nll-as-cross-entropy
# minus the log of the geometric mean of the whole text
from sympy import Product
mean_nll = -log(Product(q[k]**n[k], (k, 1, V))) / Sum(n[k], (k, 1, V))

# %% nll-as-cross-entropy
# own letters, the inverse under the log
a, b = index("a", V), index("b", V)
mean_nll = Sum(n[a] * log(1 / q[a]), (a, 1, V)) / Sum(n[b], (b, 1, V))

# %% nll-as-cross-entropy
# as the log of a root
from sympy import Product
mean_nll = log(Product(q[k]**(-n[k]), (k, 1, V))**(1 / Sum(n[k], (k, 1, V))))

# %% label-smoothing
# the smoothed target under the sum
smoothed_loss = -Sum(((1 - epsilon) * KroneckerDelta(k, y) + epsilon / V) * log(q[k]), (k, 1, V))

# %% label-smoothing
# the honest loss plus the mean advantage over the others
smoothed_loss = -log(q[y]) + epsilon * Sum(log(q[y] / q[k]), (k, 1, V)) / V

# %% label-smoothing
# Piecewise in place of the delta
from sympy import Eq, Piecewise
smoothed_loss = Sum(Piecewise((1 - epsilon + epsilon / V, Eq(k, y)), (epsilon / V, True)) * log(1 / q[k]), (k, 1, V))

# %% label-smoothing
# the log of a product of powers
from sympy import Product
smoothed_loss = -(1 - epsilon) * log(q[y]) - epsilon / V * log(Product(q[k], (k, 1, V)))

# %% label-smoothing
# the sum over the others only, by the delta
smoothed_loss = -(1 - epsilon + epsilon / V) * log(q[y]) - epsilon / V * Sum((1 - KroneckerDelta(j, y)) * log(q[j]), (j, 1, V))

# %% label-smoothing
# the sum in two parts around y
smoothed_loss = -(1 - epsilon) * log(q[y]) - epsilon / V * (Sum(log(q[k]), (k, 1, y)) + Sum(log(q[k]), (k, y + 1, V)))

# %% label-smoothing
# indices moved by one
smoothed_loss = -(1 - epsilon) * log(q[y]) - epsilon / V * Sum(log(q[k + 1]), (k, 0, V - 1))

# %% label-smoothing
# other letters of the student's own
a, b = index("a", V), index("b", V)
smoothed_loss = Sum((epsilon - 1) * KroneckerDelta(a, y) * log(q[a]), (a, 1, V)) + Sum(log(1 / q[b]) * epsilon / V, (b, 1, V))

# %% cross-entropy-by-hand
# Python's own arithmetic
import math

cross_entropy = -math.fsum(a * math.log(b) for a, b in {0.6: 0.5, 0.3: 0.25, 0.1: 0.25}.items())

# %% cross-entropy-by-hand
# powers of two
cross_entropy = (0.6 * 1 + 0.4 * 2) * np.log(2)

# %% cross-entropy-by-hand
# entropy plus divergence
p, q = np.array([0.6, 0.3, 0.1]), np.array([0.5, 0.25, 0.25])
cross_entropy = -(p @ np.log(p)) + p @ np.log(p / q)

# %% cross-entropy-by-hand
# exact
import sympy

cross_entropy = sympy.Rational(7, 5) * sympy.log(2)

# %% cross-entropy-by-hand
# Torch, with soft targets: this task forbids nothing
import torch
import torch.nn.functional as F

cross_entropy = F.cross_entropy(torch.tensor([[0.5, 0.25, 0.25]]).log(), torch.tensor([[0.6, 0.3, 0.1]]))

# %% cross-entropy-by-hand
# complex
cross_entropy = complex(0.970, 0)

# %% entropy-plus-kl
# the divergence taken apart
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * (log(p[k]) - log(q[k])), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# one sum, then brackets
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * (log(p[k] / q[k]) - log(p[k])), (k, 1, V)), because="one sum")
steps.step("=", Sum(p[k] * log((p[k] / q[k]) / p[k]), (k, 1, V)), because="difference of logs")
steps.step("=", Sum(-p[k] * log(q[k]), (k, 1, V)), because="p cancels")

# %% entropy-plus-kl
# three sums
i = index("i", V)
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[i] * log(p[i]), (i, 1, V)) - Sum(p[i] * log(q[i]), (i, 1, V)))
steps.step("=", -Sum(p[i] * log(q[i]), (i, 1, V)))

# %% entropy-plus-kl
# the inverse: log(p/q) = −log(q/p)
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(p[k]) + p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(p[k]) + p[k] * log(q[k]) - p[k] * log(p[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# powers: a log of p^p
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * log(p[k] / q[k]) - p[k] * log(p[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% one-hot-cross-entropy
# choose by comparison
def in_nats(q, targets):
    classes = np.arange(q.shape[-1])
    chosen = np.where(classes == np.asarray(targets)[..., None], q, 1.0)
    with np.errstate(divide="ignore"):
        return -np.log(chosen).sum(-1)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# np.choose on classes first
def in_nats(q, targets):
    with np.errstate(divide="ignore"):
        return -np.log(np.take_along_axis(q, np.expand_dims(np.asarray(targets), -1), -1)[..., 0])


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# flattened
def in_nats(q, targets):
    targets = np.asarray(targets)
    rows = np.reshape(q, (-1, q.shape[-1]))
    flat = rows[np.arange(len(rows)), targets.ravel()]
    return np.array([np.inf if x == 0 else -np.log(x) for x in flat]).reshape(targets.shape)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# recursion
import math


def in_nats(q, targets):
    if np.ndim(targets) == 0:
        x = q[int(targets)]
        return math.inf if x == 0 else -math.log(x)
    return [in_nats(a, b) for a, b in zip(q, targets)]


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# Torch's gather
import torch


def in_nats(q, targets):
    index = torch.as_tensor(np.asarray(targets)).long().unsqueeze(-1)
    return torch.as_tensor(np.array(q)).gather(-1, index).squeeze(-1).log().neg()


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# fancy indices of every axis
def in_nats(q, targets):
    places = np.indices(np.shape(targets))
    with np.errstate(divide="ignore"):
        return np.log(1 / q[(*places, targets)])


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# a matrix of ones and zeros
def in_nats(q, targets):
    hot = np.eye(q.shape[-1])[targets]
    with np.errstate(divide="ignore"):
        return -np.log(np.einsum("...k,...k->...", hot, q))


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% nll-as-cross-entropy
# shares first
nll_share = n[k] / Sum(n[k], (k, 1, V))
mean_nll = -Sum(n[k] * log(q[k]), (k, 1, V)) / Sum(n[k], (k, 1, V))

# %% nll-as-cross-entropy
# the likelihood's root
from sympy import Product

mean_nll = log(Product(q[k] ** n[k], (k, 1, V)) ** (-1 / Sum(n[k], (k, 1, V))))

# %% nll-as-cross-entropy
# two letters
i = index("i", V)
mean_nll = Sum(n[k] / Sum(n[i], (i, 1, V)) * log(1 / q[k]), (k, 1, V))

# %% nll-as-cross-entropy
# a function
def H(a, b):
    return -Sum(a(k) * log(b(k)), (k, 1, V))


i = index("i", V)
mean_nll = H(lambda k: n[k] / Sum(n[i], (i, 1, V)), lambda k: q[k])

# %% nll-as-cross-entropy
# the logarithm of the likelihood, times minus one over the length
from sympy import Product

mean_nll = -log(Product(q[k] ** n[k], (k, 1, V))) / Sum(n[k], (k, 1, V))

# %% code-lengths
# computed
probs = np.array([1 / 2, 1 / 4, 1 / 8, 1 / 8])
lengths = np.array([len(word) for word in ("110", "0", "10", "111")])
length_and_price = [probs @ lengths, probs @ (lengths + np.log2(probs))]

# %% code-lengths
# fractions
from fractions import Fraction as Fr

words = {"A": ("110", Fr(1, 2)), "B": ("0", Fr(1, 4)), "C": ("10", Fr(1, 8)), "D": ("111", Fr(1, 8))}
mean = sum(len(word) * p for word, p in words.values())
length_and_price = mean, mean - Fr(7, 4)

# %% code-lengths
# rounded to four digits
length_and_price = np.array([2.375, 0.625], dtype=np.float32)

# %% code-lengths
# a Huffman code
import heapq

heap = [(0.5, 1), (0.25, 2), (0.125, 3), (0.125, 4)]
heapq.heapify(heap)
best = 0
while len(heap) > 1:
    (a, _), (b, i) = heapq.heappop(heap), heapq.heappop(heap)
    best += a + b
    heapq.heappush(heap, (a + b, i))
sent = 3 / 2 + 1 / 4 + 2 / 8 + 3 / 8
length_and_price = (sent, sent - best)

# %% strictly-proper
score = "c · log q_k"

# %% strictly-proper
score = 'C'

# %% strictly-proper
score = ["c"]

# %% properness
# all truths at once
def properness(forecasts, scores):
    earned = scores @ forecasts.T  # [i, t]
    gap = np.diag(earned)[None, :] - earned
    others = gap[~np.eye(len(gap), dtype=bool)]
    if (others <= -1e-9).any():
        return "not proper"
    return "strictly proper" if (others >= 1e-9).all() else "proper"


# %% properness
# generators
from itertools import permutations


def properness(forecasts, scores):
    def earns(i, t):
        return sum(float(s) * float(f) for s, f in zip(scores[i], forecasts[t]))

    gaps = [earns(t, t) - earns(i, t) for i, t in permutations(range(len(forecasts)), 2)]
    if any(gap < -1e-9 for gap in gaps):
        return "not proper"
    return ("" if any(gap < 1e-9 for gap in gaps) else "strictly ") + "proper"


# %% properness
# exact fractions
from fractions import Fraction


def properness(forecasts, scores):
    tiny = Fraction(1, 10**9)
    rows = [[Fraction(float(x)) for x in row] for row in forecasts]
    pay = [[Fraction(float(x)) for x in row] for row in scores]
    verdict = "strictly proper"
    for t, truth in enumerate(rows):
        earned = [sum(a * b for a, b in zip(truth, row)) for row in pay]
        for i, e in enumerate(earned):
            if i == t:
                continue
            if e - earned[t] >= tiny:
                return "not proper"
            if abs(e - earned[t]) < tiny:
                verdict = "proper"
    return verdict


# %% properness
# a StrEnum
from enum import StrEnum


class Verdict(StrEnum):
    STRICT = "strictly proper"
    WEAK = "proper"
    NOT = "not proper"


def properness(forecasts, scores):
    earned = np.einsum("ik,tk->ti", scores, forecasts)
    np.fill_diagonal(lost := np.diagonal(earned)[:, None] - earned, np.inf)
    worst = lost.min()
    return Verdict.NOT if worst < -1e-9 else Verdict.WEAK if worst < 1e-9 else Verdict.STRICT


# %% properness
# Torch
import torch


def properness(forecasts, scores):
    f, s = torch.tensor(forecasts, dtype=torch.float64), torch.tensor(scores, dtype=torch.float64)
    earned = f @ s.T
    gain = earned - earned.diagonal().unsqueeze(1)
    gain.fill_diagonal_(-torch.inf)
    top = gain.max().item()
    return {True: "not proper"}.get(top > 1e-9, "proper" if top > -1e-9 else "strictly proper")


# %% label-smoothing
# a sum over the smoothed target
smoothed_loss = -Sum(((1 - epsilon) * KroneckerDelta(k, y) + epsilon / V) * log(q[k]), (k, 1, V))

# %% label-smoothing
# two cross-entropies
smoothed_loss = (1 - epsilon) * (-log(q[y])) + epsilon * Sum(-log(q[k]), (k, 1, V)) / V

# %% label-smoothing
# with Piecewise
from sympy import Eq, Piecewise

s = Piecewise((1 - epsilon + epsilon / V, Eq(k, y)), (epsilon / V, True))
smoothed_loss = -Sum(s * log(q[k]), (k, 1, V))

# %% label-smoothing
# the geometric mean
from sympy import Product

smoothed_loss = -(1 - epsilon) * log(q[y]) - epsilon * log(Product(q[k], (k, 1, V)) ** (1 / V))

# %% label-smoothing
# the class itself and the rest
smoothed_loss = -log(q[y]) + epsilon * (log(q[y]) - Sum(log(q[j]), (j, 1, V)) / V)

# %% label-smoothing
# logarithm of ratios
smoothed_loss = -log(q[y]) - epsilon / V * Sum(log(q[k] / q[y]), (k, 1, V))

# %% entropy-plus-kl
# products of powers
from sympy import Product

steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", log(Product((p[k] / q[k]) ** p[k], (k, 1, V))) - log(Product(p[k] ** p[k], (k, 1, V))))
steps.step("=", log(Product(((p[k] / q[k]) / p[k]) ** p[k], (k, 1, V))))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl
# the first outcome by itself for a while
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k]), (k, 1, V)) * 0 + Sum(p[k] * (log(p[k]) - log(q[k])), (k, 1, V)))
steps.step("=", -p[1] * log(q[1]) - Sum(p[k] * log(q[k]), (k, 2, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% strictly-proper
# the option's own words
score = "log q_k"
