# %% loss-of-three-logits
# F.cross_entropy, one number of shape (1,) in float32 (no task forbids it here)
import torch
import torch.nn.functional as F

loss = F.cross_entropy(torch.tensor([[2.0, 1.0, 3.0]]), torch.tensor([2]), reduction="none")

# %% loss-of-three-logits
# mpmath
from mpmath import mpf, mp, exp as mexp, log as mlog

loss = mlog(1 + mexp(mpf(-1)) + mexp(mpf(-2)))

# %% loss-of-three-logits
# SymPy, unevaluated number
from sympy import E, log as ln

loss = ln(E**2 + E + E**3) - 3

# %% loss-of-three-logits
# rounded Decimal
from decimal import Decimal

loss = Decimal("0.408")

# %% loss-of-three-logits
# softplus of what the others hold together, with walrus
import math

loss = math.log1p((rest := math.exp(2) + math.exp(1)) / math.exp(3))

# %% loss-of-three-logits
# scipy's cross_entropy-free route: entropy of one-hot against softmax, 0-d array
from scipy.special import rel_entr, softmax

loss = np.array(rel_entr([0, 0, 1], softmax([2, 1, 3])).sum())

# %% loss-of-three-logits
# a list with one number, in float16
loss = [np.float16(0.4076)]

# %% loss-of-three-logits
# Decimal arithmetic with 28 places
from decimal import Decimal as D

z_ = [D(2), D(1), D(3)]
loss = sum(a.exp() for a in z_).ln() - z_[2]


# %% log-sum-exp
# the classic with a safe maximum
def at_one(logits):
    z = np.asarray(logits, dtype=float)
    m = z.max(axis=-1, keepdims=True)
    m = np.where(np.isfinite(m), m, 0)
    with np.errstate(divide="ignore"):
        return (m + np.log(np.exp(z - m).sum(axis=-1, keepdims=True)))[..., 0]


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# recursion over the axes, plain floats at the bottom
import math


def at_one(logits):
    if np.ndim(logits) > 1:
        return np.array([at_one(row) for row in logits])
    m = max(logits)
    return float("-inf") if m == float("-inf") else m + math.log(math.fsum(math.exp(x - m) for x in logits))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# torch in float64, amax, returns a tensor
import torch


def at_one(logits):
    z = torch.as_tensor(logits, dtype=torch.float64)
    m = z.amax(-1, keepdim=True)
    m = torch.where(torch.isneginf(m), torch.zeros_like(m), m)
    return (m + (z - m).exp().sum(-1, keepdim=True).log()).squeeze(-1)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# a scan along the last axis: streaming maximum and sum
def at_one(logits):
    z = np.moveaxis(np.asarray(logits, float), -1, 0)
    m, s = np.full(z.shape[1:], -np.inf), np.zeros(z.shape[1:])
    for x in z:
        new = np.maximum(m, x)
        safe = np.where(np.isneginf(new), 0.0, new)
        s = s * np.exp(m - safe) + np.exp(x - safe)
        m = new
    with np.errstate(divide="ignore"):
        return np.where(np.isneginf(m), -np.inf, np.where(np.isneginf(m), 0, m) + np.log(s))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# pairwise: a ⊕ b = max + log1p(exp(-|a-b|)), by functools.reduce
from functools import reduce


def _add(a, b):
    hi, lo = np.maximum(a, b), np.minimum(a, b)
    d = np.where(np.isneginf(lo), -np.inf, lo - np.where(np.isneginf(hi), 0, hi))
    return hi + np.log1p(np.exp(d))


def at_one(logits):
    z = np.asarray(logits, float)
    return reduce(_add, (z[..., v] for v in range(z.shape[-1])))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# a class with a method logsumexp of its own, and __call__
class LSE:
    def logsumexp(self, x):
        top = np.max(x)
        return top if np.isneginf(top) else top + np.log(np.sum(np.exp(x - top)))

    def __call__(self, logits):
        return np.apply_along_axis(self.logsumexp, -1, np.asarray(logits, float))


at_one = LSE()


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# own helper named logsumexp, self-test against SciPy's below
def logsumexp(a):
    m = np.nan_to_num(a.max(-1), neginf=0.0)
    with np.errstate(divide="ignore"):
        return m + np.log(np.exp(a - m[..., None]).sum(-1))


def at_one(logits):
    return logsumexp(np.array(logits, dtype=float))


import scipy.special

assert np.isclose(at_one([1.0, 2.0]), scipy.special.logsumexp([1.0, 2.0]))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# without max: sorted, the largest is the last; log1p of the others
def at_one(logits):
    z = np.sort(np.asarray(logits, float), axis=-1)
    größter, übrige = z[..., -1:], z[..., :-1]
    anker = np.where(np.isneginf(größter), 0, größter)
    r = größter[..., 0] + np.log1p(np.exp(übrige - anker).sum(-1))
    return r


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# base 2: exp2 and log2, then scaled
def at_one(logits):
    z = np.asarray(logits, float)
    m = z.max(-1)
    m = np.where(m == -np.inf, 0, m)
    s = np.exp2((z - m[..., None]) / np.log(2)).sum(-1)
    with np.errstate(divide="ignore"):
        return m + np.log(2) * np.log2(s)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# empty sum returned at once, only the finite entries summed
def at_one(logits):
    a = np.asarray(logits, float)
    flat = a.reshape(-1, a.shape[-1])
    out = []
    for row in flat:
        live = row[row > -np.inf]
        out.append(live.max() + np.log(np.exp(live - live.max()).sum()) if live.size else -np.inf)
    return np.array(out).reshape(a.shape[:-1])


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% nll-from-logits
# log of the sum of exponentials of the differences to the target, shifted by its maximum
def at_one(logits, targets):
    z = np.asarray(logits, float)
    d = z - np.take_along_axis(z, np.asarray(targets)[..., None], -1)
    m = d.max(-1)
    return m + np.log(np.exp(d - m[..., None]).sum(-1))


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# torch float64 with gather
import torch


def at_one(logits, targets):
    z = torch.as_tensor(logits, dtype=torch.double)
    t = torch.as_tensor(targets, dtype=torch.long)
    z = z - z.max(dim=-1, keepdim=True).values
    return (z.exp().sum(-1).log() - z.gather(-1, t.unsqueeze(-1)).squeeze(-1)).numpy()


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# an object with forward and backward of its own
class CrossEntropy:
    def forward(self, z, t):
        m = z.max(-1, keepdims=True)
        self.log_probs = z - m - np.log(np.exp(z - m).sum(-1, keepdims=True))
        return -np.take_along_axis(self.log_probs, t[..., None], -1)[..., 0]

    def backward(self):
        self.grad = np.exp(self.log_probs)
        return self.grad


def at_one(logits, targets):
    return CrossEntropy().forward(np.asarray(logits, float), np.asarray(targets))


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# own log_softmax, own nll_loss
def log_softmax(z):
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def nll_loss(logp, y):
    return -np.where(np.arange(logp.shape[-1]) == y[..., None], logp, 0).sum(-1)


def at_one(logits, targets):
    return nll_loss(log_softmax(np.asarray(logits, dtype=np.float64)), np.asarray(targets))


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# row by row with math
import math


def at_one(logits, targets):
    z, t = np.asarray(logits, float), np.asarray(targets)
    res = np.zeros(t.shape)
    for i in np.ndindex(t.shape):
        row, hit = z[i].tolist(), z[i][t[i]]
        top = max(row)
        res[i] = (top - hit) + math.log(sum(math.exp(x - top) for x in row))
    return res


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# two cases: the target is the largest (log1p), or it is not
def at_one(logits, targets):
    z = np.asarray(logits, float)
    t = np.asarray(targets)
    zy = np.take_along_axis(z, t[..., None], -1)
    top = z.max(-1, keepdims=True)
    first = z.argmax(-1)
    e = np.exp(z - top)
    np.put_along_axis(e, first[..., None], 0.0, -1)
    return (top - zy)[..., 0] + np.log1p(e.sum(-1))


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# flattened rows and fancy indexing, the name imported before and redefined
from torch.nn.functional import cross_entropy


def cross_entropy(z, y):
    m = z.max(1)
    return m + np.log(np.exp(z - m[:, None]).sum(1)) - z[np.arange(len(y)), y]


at_one = lambda logits, targets: cross_entropy(
    np.reshape(logits, (-1, np.shape(logits)[-1])), np.ravel(targets)
).reshape(np.shape(targets))


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% gradient-of-three-logits
# shape (1, 3) from torch autograd (not forbidden here), float32
import torch

zz = torch.tensor([[2.0, 1.0, 3.0]], requires_grad=True)
torch.nn.functional.cross_entropy(zz, torch.tensor([2])).backward()
gradient = zz.grad

# %% gradient-of-three-logits
# SymPy expressions in E
from sympy import E

Zs = E**2 + E + E**3
gradient = [E**2 / Zs, E / Zs, E**3 / Zs - 1]

# %% gradient-of-three-logits
# rounded, in a tuple
gradient = (0.245, 0.090, -0.335)

# %% gradient-of-three-logits
# differentiated by SymPy
import sympy as sp

a_, b_, c_ = sp.symbols("a b c")
L = sp.log(sp.exp(a_) + sp.exp(b_) + sp.exp(c_)) - c_
gradient = [sp.diff(L, v).subs({a_: 2, b_: 1, c_: 3}).evalf() for v in (a_, b_, c_)]

# %% gradient-of-three-logits
# namedtuple with mpf
from collections import namedtuple
import mpmath

e = [mpmath.exp(x) for x in (2, 1, 3)]
S = mpmath.fsum(e)
gradient = namedtuple("Grad", "a b c")(e[0] / S, e[1] / S, -(e[0] + e[1]) / S)

# %% gradient-of-three-logits
# complex-step derivative
f = lambda x: np.log(np.exp(x).sum()) - x[2]
gradient = [f(np.array([2, 1, 3]) + 1e-30j * np.eye(3)[a]).imag / 1e-30 for a in range(3)]

# %% nll-gradient-steps
# the standard: LSE minus z_y
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))) - z[y], z[j]), because="log of the quotient")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="each term by itself")

# %% nll-gradient-steps
# chain rule, then the quotient rule
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", -Derivative(y_hat(y), z[j]) / y_hat(y), because="chain rule")
steps.step("=", -(KroneckerDelta(j, y) * y_hat(y) - y_hat(y) * y_hat(j)) / y_hat(y), because="quotient rule")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="cancel")

# %% nll-gradient-steps
# derivative of ŷ_y stays factored, so that SymPy merges two of the lines
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", -(1 / y_hat(y)) * Derivative(y_hat(y), z[j]), because="Kettenregel")
steps.step(
    "=", -(1 / y_hat(y)) * y_hat(y) * (KroneckerDelta(j, y) - y_hat(j)), because="Ableitung des Softmax"
)
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="kürzen")

# %% nll-gradient-steps
# everything into the logarithm: log of the sum of e^(z_k - z_y)
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k] - z[y]), (k, 1, V))), z[j]), because="turn the fraction over")
steps.step(
    "=",
    Sum((KroneckerDelta(k, j) - KroneckerDelta(y, j)) * exp(z[k] - z[y]), (k, 1, V))
    / Sum(exp(z[k] - z[y]), (k, 1, V)),
    because="chain rule",
)
steps.step(
    "=",
    Sum((KroneckerDelta(k, j) - KroneckerDelta(y, j)) * y_hat(k), (k, 1, V)),
    because="divide above and below by the sum",
)
steps.step("=", y_hat(j) - KroneckerDelta(y, j), because="only k = j is left; the y_hat sum to 1")

# %% nll-gradient-steps
# the logarithm split into two, each derivative on its own line, other letter
S = Sum(exp(z[i]), (i, 1, V))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step(
    "=", -Derivative(log(exp(z[y])), z[j]) + Derivative(log(S), z[j]), because="log of a quotient, linearity"
)
steps.step("=", -Derivative(z[y], z[j]) + Derivative(S, z[j]) / S, because="log exp, chain rule")
steps.step("=", -KroneckerDelta(y, j) + exp(z[j]) / S, because="only one term depends on z_j")
steps.step("=", -KroneckerDelta(y, j) + y_hat(j), because="definition of softmax")

# %% nll-gradient-steps
# derivative of a sum as a sum of derivatives
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(-z[y] + log(Sum(exp(z[k]), (k, 1, V))), z[j]), because="logs")
steps.step(
    "=",
    -KroneckerDelta(j, y) + Sum(Derivative(exp(z[k]), z[j]), (k, 1, V)) / Sum(exp(z[k]), (k, 1, V)),
    because="termwise",
)
steps.step(
    "=",
    -KroneckerDelta(j, y) + Sum(KroneckerDelta(j, k) * exp(z[k]), (k, 1, V)) / Sum(exp(z[k]), (k, 1, V)),
    because="d e^z",
)
steps.step("=", exp(z[j]) / Sum(exp(z[k]), (k, 1, V)) - KroneckerDelta(j, y), because="the delta picks k = j")

# %% nll-gradient-steps
# ends in a Piecewise
from sympy import Eq, Piecewise

steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", -Derivative(z[y], z[j]) + Derivative(log(Sum(exp(z[k]), (k, 1, V))), z[j]), because="log")
steps.step("=", Piecewise((y_hat(j) - 1, Eq(j, y)), (y_hat(j), True)), because="z_y counts only if j = y")

# %% nll-gradient-steps
# the one-hot sum: -sum of delta log ŷ
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step(
    "=", Derivative(-Sum(KroneckerDelta(k, y) * log(y_hat(k)), (k, 1, V)), z[j]), because="one-hot target"
)
steps.step("=", -Sum(KroneckerDelta(k, y) * Derivative(log(y_hat(k)), z[j]), (k, 1, V)), because="linear")
steps.step(
    "=",
    -Sum(KroneckerDelta(k, y) * (KroneckerDelta(k, j) - y_hat(j)), (k, 1, V)),
    because="log-softmax derivative",
)
steps.step("=", -(KroneckerDelta(y, j) - y_hat(j)), because="pick k = y")

# %% nll-gradient-steps
# SymPy does the differentiation: .doit()
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
inner = log(Sum(exp(z[k]), (k, 1, V))) - z[y]
steps.step("=", Derivative(inner, z[j]), because="log of a quotient")
steps.step("=", Derivative(inner, z[j]).doit(), because="chain rule by doit")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="the delta picks one term")

# %% nll-gradient-steps
# quotient rule with S squared
S = Sum(exp(z[k]), (k, 1, V))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", -S / exp(z[y]) * Derivative(exp(z[y]) / S, z[j]), because="chain rule")
steps.step(
    "=",
    -S / exp(z[y]) * (exp(z[y]) * KroneckerDelta(y, j) * S - exp(z[y]) * exp(z[j])) / S**2,
    because="quotient rule",
)
steps.step("=", -(KroneckerDelta(y, j) * S - exp(z[j])) / S, because="cancel")
steps.step("=", y_hat(j) - KroneckerDelta(y, j), because="split the fraction")

# %% nll-gradient-steps
# log of the inverse
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(1 / y_hat(y)), z[j]), because="minus into the log")
steps.step("=", y_hat(y) * Derivative(1 / y_hat(y), z[j]), because="chain rule")
steps.step(
    "=", y_hat(y) * Derivative(Sum(exp(z[k] - z[y]), (k, 1, V)), z[j]), because="the inverse, divided out"
)
steps.step(
    "=",
    y_hat(y) * (exp(z[j] - z[y]) - KroneckerDelta(j, y) * Sum(exp(z[k] - z[y]), (k, 1, V))),
    because="termwise",
)
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="multiply out: y_hat(y) e^(z_j - z_y) = y_hat(j)")


# %% nll-gradient-steps
# an own function for the softmax's Jacobian
def J(a, b):
    return y_hat(a) * (KroneckerDelta(a, b) - y_hat(b))


steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", -Derivative(log(exp(z[y]) / Sum(exp(z[k]), (k, 1, V))), z[j]), because="definition")
steps.step("=", -J(y, j) / y_hat(y), because="chain rule with the Jacobian")
steps.step("=", -KroneckerDelta(y, j) + y_hat(j), because="cancel")

# %% nll-gradient-steps
# a shift by z_j inside log-sum-exp
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(z[j] + log(Sum(exp(z[k] - z[j]), (k, 1, V))) - z[y], z[j]), because="LSE shifts")
steps.step(
    "=",
    Derivative(log(Sum(exp(z[k]), (k, 1, V))), z[j]) - KroneckerDelta(j, y),
    because="shift back, differentiate z_y",
)
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="the gradient of LSE is the softmax")

# %% nll-gradient-steps
# the last line keeps a sum with a delta: no derivative any more
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step(
    "=",
    Derivative(log(Sum(exp(z[k]), (k, 1, V))), z[j]) - Derivative(z[y], z[j]),
    because="log of a quotient",
)
steps.step(
    "=",
    Sum(KroneckerDelta(j, k) * exp(z[k]), (k, 1, V)) / Sum(exp(z[k]), (k, 1, V)) - KroneckerDelta(j, y),
    because="chain rule, termwise",
)

# %% nll-gradient-steps
# error with respect to the sum of all logits: mean of derivatives weighted by probabilities
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step(
    "=",
    Sum(y_hat(k) * Derivative(z[k] - z[y], z[j]), (k, 1, V)),
    because="the derivative of LSE is an expectation",
)
steps.step(
    "=",
    Sum(y_hat(k) * (KroneckerDelta(k, j) - KroneckerDelta(y, j)), (k, 1, V)),
    because="differentiate the logits",
)
steps.step("=", y_hat(j) - KroneckerDelta(y, j) * Sum(y_hat(k), (k, 1, V)), because="split")
steps.step("=", y_hat(j) - KroneckerDelta(y, j), because="probabilities sum to 1")

# %% hessian-entry
# product rule form
hessian_entry = y_hat(i) * (KroneckerDelta(i, j) - y_hat(j))

# %% hessian-entry
# factored the other way, delta turned
hessian_entry = -y_hat(j) * (y_hat(i) - KroneckerDelta(j, i))

# %% hessian-entry
# the Piecewise with < and >
from sympy import Piecewise

hessian_entry = Piecewise(
    (-y_hat(i) * y_hat(j), i < j), (-y_hat(i) * y_hat(j), i > j), (y_hat(i) - y_hat(i) ** 2, True)
)

# %% hessian-entry
# symmetric: half and half
hessian_entry = KroneckerDelta(i, j) * (y_hat(i) + y_hat(j)) / 2 - y_hat(i) * y_hat(j)

# %% hessian-entry
# two cases mixed by delta
d = KroneckerDelta(i, j)
hessian_entry = d * y_hat(i) * (1 - y_hat(i)) + (1 - d) * (-y_hat(i) * y_hat(j))

# %% hessian-entry
# a covariance: E[ab] - E[a]E[b] of the one-hot indicator
hessian_entry = Sum(y_hat(k) * KroneckerDelta(i, k) * KroneckerDelta(j, k), (k, 1, V)) - y_hat(i) * y_hat(j)

# %% hessian-entry
# centred covariance
hessian_entry = Sum(
    y_hat(k) * (KroneckerDelta(i, k) - y_hat(i)) * (KroneckerDelta(j, k) - y_hat(j)), (k, 1, V)
)

# %% hessian-entry
# Ne / Eq
from sympy import Eq, Ne, Piecewise

hessian_entry = Piecewise((-y_hat(i) * y_hat(j), Ne(i, j)), (y_hat(j) * (1 - y_hat(j)), Eq(i, j)))

# %% hessian-entry
# square root of the product on the diagonal
from sympy import sqrt

hessian_entry = KroneckerDelta(i, j) * sqrt(y_hat(i) * y_hat(j)) - y_hat(i) * y_hat(j)

# %% hessian-entry
# divided by and multiplied with, delta squared
hessian_entry = y_hat(i) * y_hat(j) * (KroneckerDelta(i, j) ** 2 / y_hat(i) - 1)


# %% nll-gradient
# softmax minus one-hot
def at_one(logits, targets):
    z = np.asarray(logits, float)
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True) - np.eye(z.shape[-1])[np.asarray(targets)]


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# torch.softmax and scatter_add_, double, returns a tensor
import torch


def at_one(logits, targets):
    z = torch.tensor(np.asarray(logits), dtype=torch.float64)
    t = torch.as_tensor(targets).long().unsqueeze(-1)
    p = torch.softmax(z, -1)
    return p.scatter_add_(-1, t, -torch.ones(t.shape, dtype=p.dtype))


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# a layer with forward and backward and self.grad
class SoftmaxNLL:
    def forward(self, z, t):
        self.t = t
        z = z - np.max(z, axis=-1, keepdims=True)
        self.p = np.exp(z) / np.sum(np.exp(z), axis=-1, keepdims=True)

    def backward(self):
        self.grad = self.p.copy()
        idx = np.expand_dims(self.t, -1)
        np.put_along_axis(self.grad, idx, np.take_along_axis(self.p, idx, -1) - 1, -1)
        return self.grad


def at_one(logits, targets):
    layer = SoftmaxNLL()
    layer.forward(np.asarray(logits, float), np.asarray(targets))
    return layer.backward()


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# softmax as the inverse of a sum of exponentials of differences (V x V), overflow to inf wanted
def at_one(logits, targets):
    z = np.asarray(logits, float)
    masked = np.isneginf(z)
    with np.errstate(over="ignore", invalid="ignore"):
        d = z[..., None, :] - z[..., :, None]
        d = np.where(masked[..., None, :], -np.inf, d)
        p = np.where(masked, 0, 1 / np.exp(d).sum(-1))
    hit = np.arange(z.shape[-1]) == np.asarray(targets)[..., None]
    return p - hit


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# nested loops with Python floats
import math


def at_one(logits, targets):
    z = np.asarray(logits, float)
    g = np.empty(z.shape)
    for ix in np.ndindex(z.shape[:-1]):
        m = max(z[ix])
        w = [math.exp(x - m) for x in z[ix]]
        y = int(np.asarray(targets)[ix])
        for c in range(len(w)):
            g[ix + (c,)] = w[c] / sum(w) - (c == y)
    return g


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# the Jacobian of log-softmax times the one-hot: δ - 1 p^T
def softmax(z):
    w = np.exp(z - z.max())
    return w / w.sum()


def at_one(logits, targets):
    z = np.asarray(logits, float)
    if z.ndim == 1:
        V = len(z)
        J = np.eye(V) - np.outer(np.ones(V), softmax(z))
        return -np.eye(V)[int(targets)] @ J
    return np.stack([at_one(a, b) for a, b in zip(z, targets)])


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# scipy's softmax and ufunc.at
from scipy.special import softmax


def at_one(logits, targets):
    p = softmax(np.asarray(logits, float), axis=-1)
    flat = p.reshape(-1, p.shape[-1])
    np.subtract.at(flat, (np.arange(len(flat)), np.ravel(targets)), 1)
    return flat.reshape(p.shape)


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# the softmax from own log-sum-exp: exp(z - LSE), method named grad
def lse(z):
    m = z.max(-1, keepdims=True)
    return m + np.log(np.exp(z - m).sum(-1, keepdims=True))


class NLL:
    @staticmethod
    def grad(z, t):
        return np.exp(z - lse(z)) - np.equal.outer(t, np.arange(z.shape[-1])).astype(float)


def at_one(logits, targets):
    return NLL.grad(np.array(logits, dtype=float), np.array(targets))


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% temperature-limit
# letter and words
limit = "b · the largest logits share everything"

# %% temperature-limit
# "(B)"
limit = "(B)"

# %% temperature-limit
# computed
limit = "abcd"[[i_ for i_, w in enumerate([(0, 0, 1, 0), (0, 0, 0.5, 0.5)]) if sum(w) == 1][-1]]

# %% temperature-limit
# a sentence
limit = "answer: b"

# %% log-sum-exp
# np.vectorize with a signature, walrus
from functools import partial


@partial(np.vectorize, signature="(v)->()", otypes=[float])
def at_one(logits):
    return m if (m := logits.max()) == -np.inf else m + np.log(np.exp(logits - m).sum())


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# halves, recursively: the two results are joined like two logits
def at_one(logits):
    z = np.asarray(logits, float)
    if z.shape[-1] == 1:
        return z[..., 0]
    h = z.shape[-1] // 2
    a, b = at_one(z[..., :h]), at_one(z[..., h:])
    m = np.maximum(a, b)
    s = np.where(m == -np.inf, 0, m)
    with np.errstate(divide="ignore"):
        return s + np.log(np.exp(a - s) + np.exp(b - s))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% nll-from-logits
# Decimal has exponents to spare: no trick needed
from decimal import Decimal


def at_one(logits, targets):
    z, t = np.asarray(logits, float), np.asarray(targets)
    out = np.empty(t.shape)
    for ix in np.ndindex(t.shape):
        w = [Decimal(x).exp() for x in z[ix].tolist()]
        out[ix] = float(sum(w).ln() - Decimal(z[ix][t[ix]].item()))
    return out


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# masks set to -1e9 (a target is never masked): their exponential is exactly 0
def at_one(logits, targets):
    z = np.where(np.isneginf(logits), -1e9, logits)
    top = z.max(-1)
    total = np.exp(z - top[..., None]).sum(-1)
    hit = np.arange(z.shape[-1]) == np.asarray(targets)[..., None]
    return (top - np.where(hit, z, 0).sum(-1)) + np.log(total)


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-gradient
# complex step: no subtraction, exact to double precision
def at_one(logits, targets):
    z, t = np.asarray(logits, complex), np.asarray(targets)[..., None]
    m = z.real.max(-1, keepdims=True)
    cols = []
    for e in np.eye(z.shape[-1]):
        x = z - m + 1e-100j * e
        loss = np.log(np.exp(x).sum(-1)) - np.take_along_axis(x, t, -1)[..., 0]
        cols.append(loss.imag / 1e-100)
    return np.stack(cols, -1)


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient-steps
# the term k = j apart
R = Sum((1 - KroneckerDelta(k, j)) * exp(z[k]), (k, 1, V))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(exp(z[j]) + R) - z[y], z[j]), because="log of a quotient, the j-th term apart")
steps.step("=", exp(z[j]) / (exp(z[j]) + R) - KroneckerDelta(j, y), because="R does not depend on z_j")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="definition of the softmax")

# %% nll-gradient-steps
# two cases from the first line on
from sympy import Eq, Piecewise

L = log(Sum(exp(z[k]), (k, 1, V)))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step(
    "=",
    Piecewise((Derivative(L - z[j], z[j]), Eq(j, y)), (Derivative(L, z[j]), True)),
    because="z_y is a constant unless j = y",
)
steps.step(
    "=",
    Piecewise((Derivative(L, z[j]) - 1, Eq(j, y)), (Derivative(L, z[j]), True)),
    because="d z_j / d z_j = 1",
)
steps.step("=", Derivative(L, z[j]) - KroneckerDelta(j, y), because="both cases in one")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="LSE's gradient is the softmax")

# %% nll-gradient-steps
# one quotient at the end: over a common denominator, then split
S = Sum(exp(z[k]), (k, 1, V))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(S), z[j]) - Derivative(log(exp(z[y])), z[j]), because="log of a quotient")
steps.step("=", (exp(z[j]) - KroneckerDelta(j, y) * S) / S, because="chain rule; common denominator")
steps.step("=", exp(z[j]) / S - KroneckerDelta(j, y), because="split")

# %% hessian-entry
# all pairs: half the sum of squared-difference-like products
pair = (KroneckerDelta(i, k) - KroneckerDelta(i, y)) * (KroneckerDelta(j, k) - KroneckerDelta(j, y))
hessian_entry = Sum(Sum(y_hat(k) * y_hat(y) * pair, (k, 1, V)), (y, 1, V)) / 2

# %% hessian-entry
# written with the probability of all other classes
hessian_entry = y_hat(i) * Sum(y_hat(k) * (KroneckerDelta(i, j) - KroneckerDelta(k, j)), (k, 1, V))

# %% hessian-entry
# the cubic form that collapses since delta picks i = j
hessian_entry = KroneckerDelta(i, j) * y_hat(j) ** 2 / y_hat(i) - y_hat(j) * y_hat(i)

# %% nll-gradient-steps
# the multivariate chain rule through all probabilities
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step(
    "=",
    Sum(-KroneckerDelta(k, y) / y_hat(k) * Derivative(y_hat(k), z[j]), (k, 1, V)),
    because="chain rule through every y_hat(k)",
)
steps.step(
    "=",
    Sum(-KroneckerDelta(k, y) * (KroneckerDelta(k, j) - y_hat(j)), (k, 1, V)),
    because="the softmax's Jacobian",
)
steps.step(
    "=",
    Sum(y_hat(k) * KroneckerDelta(k, j), (k, 1, V)) - KroneckerDelta(j, y),
    because="pick k = y; y_hat(j) as a sum",
)

# %% nll-gradient-steps
# ends with e^(z_j - LSE)
L = log(Sum(exp(z[k]), (k, 1, V)))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(L, z[j]) - Derivative(z[y], z[j]), because="the log of the softmax is z - LSE")
steps.step("=", exp(z[j] - L) - KroneckerDelta(j, y), because="d LSE = softmax, as an exponential")

# %% nll-gradient-steps
# logits relative to the target's, to the end
D = Sum(exp(z[k] - z[y]), (k, 1, V))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(D), z[j]), because="divide by e^(z_y)")
steps.step("=", Derivative(D, z[j]) / D, because="chain rule")
steps.step("=", exp(z[j] - z[y]) / D - KroneckerDelta(j, y), because="every term loses delta, one gains")

# %% nll-gradient-steps
# a programmer's sum from 0 with k + 1 inside
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step(
    "=",
    Derivative(log(Sum(exp(z[k + 1]), (k, 0, V - 1))), z[j]) - KroneckerDelta(j, y),
    because="log of a quotient; d z_y",
)
steps.step("=", exp(z[j]) / Sum(exp(z[k + 1]), (k, 0, V - 1)) - KroneckerDelta(j, y), because="chain rule")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="definition of the softmax")

# %% hessian-entry
# a covariance with the index from 0, k + 1 inside
hessian_entry = Sum(
    y_hat(k + 1) * KroneckerDelta(i, k + 1) * KroneckerDelta(j, k + 1), (k, 0, V - 1)
) - y_hat(i) * y_hat(j)


# %% loss-of-three-logits
# softplus twice: log(1 + e^-1 + e^-2) as an mpf
from mpmath import mp
loss = mp.log1p(mp.e**-1 + mp.e**-2)

# %% loss-of-three-logits
# SymPy, not evaluated
import sympy
loss = sympy.log(sympy.exp(2) + sympy.E + sympy.exp(3)) - 3

# %% loss-of-three-logits
# logaddexp of a masked array's three numbers, a masked 0-d result
loss = np.ma.array(np.logaddexp.reduce([2.0, 1.0, 3.0]) - 3)

# %% log-sum-exp
# logaddexp, a ufunc that adds two at a time
def at_one(logits):
    return np.logaddexp.reduce(np.asarray(logits, dtype=float), axis=-1)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# math.fsum on Python floats, recursion over axes
import math
def at_one(logits):
    if np.ndim(logits) > 1:
        return np.stack([at_one(row) for row in logits])
    row = sorted(map(float, logits))
    if row[-1] == -math.inf:
        return row[-1]
    return row[-1] + math.log1p(math.fsum(math.exp(x - row[-1]) for x in row[:-1]))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# torch amax, where(), base 2
import torch
def at_one(logits):
    z = torch.as_tensor(np.array(logits, dtype=np.float64)) / math.log(2)
    top = z.amax(-1, keepdim=True)
    safe = torch.where(torch.isinf(top), torch.zeros_like(top), top)
    return ((z - safe).exp2().sum(-1).log2() + safe[..., 0]) * math.log(2)
import math


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# a running maximum and a running sum, one class at a time (online)
def at_one(logits):
    z = np.moveaxis(np.asarray(logits, dtype=float), -1, 0)
    top, total = np.full(z.shape[1:], -np.inf), np.zeros(z.shape[1:])
    for c in z:
        new = np.maximum(top, c)
        with np.errstate(all="ignore"):
            total = np.where(np.isinf(new), 0, total * np.exp(np.where(np.isinf(new), 0, top - new)) + np.exp(np.where(np.isinf(new), 0, c - new)))
        top = new
    with np.errstate(divide="ignore"):
        return np.where(np.isinf(top), -np.inf, np.log(total) + np.where(np.isinf(top), 0, top))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# Decimal with a huge exponent range needs no maximum
from decimal import Decimal, getcontext
def at_one(logits):
    def row(z):
        total = sum((Decimal(float(x)).exp() for x in z if x > -np.inf), Decimal(0))
        return float(total.ln()) if total else -np.inf
    return np.apply_along_axis(row, -1, np.asarray(logits, dtype=float))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% nll-from-logits
# the log of the sum of exp of differences to the target, by logaddexp
def at_one(logits, targets):
    z, t = np.asarray(logits, float), np.asarray(targets)
    return np.logaddexp.reduce(z - np.take_along_axis(z, t[..., None], -1), axis=-1)


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# a class with a method of its own called logsumexp
class Loss:
    def logsumexp(self, z):
        top = z.max(-1, keepdims=True)
        return top[..., 0] + np.log(np.exp(z - top).sum(-1))
    def __call__(self, logits, targets):
        hot = np.arange(logits.shape[-1]) == np.asarray(targets)[..., None]
        return self.logsumexp(logits) - np.where(hot, logits, 0).sum(-1)
at_one = Loss()


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# the others against the target: log1p of their sum, when the target wins
import math
def at_one(logits, targets):
    z, t = np.asarray(logits, float), np.asarray(targets)
    out = np.zeros(t.shape)
    for i in np.ndindex(t.shape):
        d = [float(x - z[i][t[i]]) for k, x in enumerate(z[i]) if k != t[i]]
        top = max(d + [0.0])
        out[i] = top + math.log(math.exp(-top) + math.fsum(math.exp(x - top) for x in d))
    return out


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# torch in float64, index by gather, max by sort
import torch
def at_one(logits, targets):
    z = torch.tensor(np.array(logits), dtype=torch.float64)
    t = torch.tensor(np.array(targets)).long()
    s = z.sort(dim=-1, descending=True).values
    s = s - z.gather(-1, t[..., None])
    return s[..., 0] + (s - s[..., :1]).exp().sum(-1).log()


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% gradient-of-three-logits
# a column of shape (3, 1)
e = np.exp([[2.0], [1.0], [3.0]])
gradient = e / e.sum() - [[0], [0], [1]]

# %% gradient-of-three-logits
# a tuple of Decimals that sum to nought
from decimal import Decimal as D
gradient = D("0.2447"), D("0.0900"), D("-0.3347")

# %% nll-gradient
# outer comparison, softmax by logaddexp
def at_one(logits, targets):
    z = np.asarray(logits, float)
    y = np.exp(z - np.logaddexp.reduce(z, axis=-1)[..., None])
    return y - (np.arange(z.shape[-1]) == np.asarray(targets)[..., None])


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# torch.softmax, a subtraction in place on a copy
import torch
def at_one(logits, targets):
    y = torch.softmax(torch.tensor(np.array(logits), dtype=torch.float64), -1)
    t = torch.tensor(np.array(targets)).long().unsqueeze(-1)
    return y.scatter_add(-1, t, -torch.ones_like(t, dtype=y.dtype))


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# a product of the softmax's Jacobian with -1/y is 0/0, so the target's entry is minus the sum of the others
def at_one(logits, targets):
    z, t = np.array(logits, float), np.asarray(targets)[..., None]
    e = np.exp(z - z.max(-1, keepdims=True))
    y = e / e.sum(-1, keepdims=True)
    np.put_along_axis(y, t, 0, -1)
    np.put_along_axis(y, t, -y.sum(-1, keepdims=True), -1)
    return y


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# a class with own methods forward and backward
class Softmax:
    def forward(self, z):
        e = np.exp(z - z.max(-1, keepdims=True))
        self.y = e / e.sum(-1, keepdims=True)
        return self
    def backward(self, t):
        return self.y - np.eye(self.y.shape[-1])[np.asarray(t)]
def at_one(logits, targets):
    return Softmax().forward(np.asarray(logits, float)).backward(targets)


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% temperature-limit
# a letter in a line
limit = "b\n"

# %% log-sum-exp
# long double holds e^10000 and e^-10000, no shift
def at_one(logits):
    with np.errstate(divide="ignore"):
        return np.log(np.exp(np.asarray(logits, dtype=np.longdouble)).sum(-1)).astype(float)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% nll-from-logits
# the long double without shift
def at_one(logits, targets):
    z, t = np.asarray(logits, dtype=np.longdouble), np.asarray(targets)
    return (np.log(np.exp(z).sum(-1)) - np.take_along_axis(z, t[..., None], -1)[..., 0]).astype(float)


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-gradient-steps
# logits shifted by the target's
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k] - z[y]), (k, 1, V))), z[j]), because="divide by exp(z_y); minus log is the log of the inverse")
steps.step("=", Sum(exp(z[k] - z[y]) * (KroneckerDelta(j, k) - KroneckerDelta(j, y)), (k, 1, V)) / Sum(exp(z[k] - z[y]), (k, 1, V)), because="chain rule, term by term")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="the delta picks k = j; multiply by exp(z_y) above and below")
steps

# %% nll-gradient-steps
# Iverson brackets by Piecewise at the end
from sympy import Eq, Piecewise
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))), z[j]) - Derivative(z[y], z[j]), because="log of a quotient")
steps.step("=", y_hat(j) - Derivative(z[y], z[j]), because="chain rule: exp(z_j) over the sum")
steps.step("=", Piecewise((y_hat(j) - 1, Eq(j, y)), (y_hat(j), True)), because="z_y has slope 1 for j = y only")
steps

# %% nll-gradient-steps
# the inverse's chain rule
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", y_hat(y) * Derivative(1 / y_hat(y), z[j]), because="-log u = log(1/u), chain rule")
steps.step("=", y_hat(y) * Sum(exp(z[k] - z[y]) * (KroneckerDelta(j, k) - KroneckerDelta(j, y)), (k, 1, V)), because="1/ŷ_y is a sum of exponentials of differences")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="the first delta picks k = j, the second leaves the whole sum")
steps

# %% nll-gradient-steps
# a name of the student's own for the total
total = Sum(exp(z[i]), (i, 1, V))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", -Derivative(z[y], z[j]) + Derivative(total, z[j]) / total, because="log of a quotient, chain rule for the log")
steps.step("=", -KroneckerDelta(y, j) + Sum(exp(z[i]) * KroneckerDelta(i, j), (i, 1, V)) / total, because="slopes of z_y and of each term")
steps.step("=", exp(z[j]) / total - KroneckerDelta(y, j), because="one term is left")
steps

# %% nll-gradient-steps
# the quotient rule with the sum squared
S = Sum(exp(z[k]), (k, 1, V))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", -Derivative(y_hat(y), z[j]) / y_hat(y), because="chain rule")
steps.step("=", -(KroneckerDelta(j, y) * exp(z[y]) * S - exp(z[y]) * exp(z[j])) / S**2 / y_hat(y), because="quotient rule")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="exp(z_y) and one S cancel")
steps

# %% hessian-entry
# the covariance of two one-hot coordinates
hessian_entry = Sum(y_hat(k) * (KroneckerDelta(k, i) - y_hat(i)) * (KroneckerDelta(k, j) - y_hat(j)), (k, 1, V))

# %% hessian-entry
# symmetric halves
hessian_entry = KroneckerDelta(i, j) * (y_hat(i) + y_hat(j)) / 2 - y_hat(i) * y_hat(j)

# %% hessian-entry
# Piecewise with Ne
from sympy import Ne, Piecewise
hessian_entry = Piecewise((-y_hat(i) * y_hat(j), Ne(i, j)), (y_hat(i) * (1 - y_hat(j)), True))

# %% hessian-entry
# the exponentials written out over the squared sum
S = Sum(exp(z[k]), (k, 1, V))
hessian_entry = (KroneckerDelta(i, j) * exp(z[i]) * S - exp(z[i] + z[j])) / S**2

# %% hessian-entry
# for i = j: the product with all others
hessian_entry = KroneckerDelta(i, j) * Sum(y_hat(i) * y_hat(k), (k, 1, V)) - y_hat(j) * y_hat(i)

# %% nll-gradient-steps
# the class of the sum is called i, the deltas turned round
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", -Sum(KroneckerDelta(i, y) * Derivative(log(y_hat(i)), z[j]), (i, 1, V)), because="the cross-entropy of a one-hot target")
steps.step("=", -Sum(KroneckerDelta(y, i) * (KroneckerDelta(i, j) - y_hat(j)), (i, 1, V)), because="the slope of log softmax")
steps.step("=", y_hat(j) - KroneckerDelta(y, j), because="the delta picks i = y")
steps

# %% nll-gradient-steps
# the total minus the others: a derivative of log(1 + rest)
steps = Derivation("nll-gradient-steps", strict=False)
w = define("w_{%s}", lambda a: exp(z[a] - z[y]))
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(w(k), (k, 1, V))), z[j]), because="divide by e^z_y; w_k = e^(z_k − z_y)")
steps.step("=", Derivative(Sum(w(k), (k, 1, V)), z[j]) / Sum(w(k), (k, 1, V)), because="chain rule")
steps.step("=", (w(j) - KroneckerDelta(j, y) * Sum(w(k), (k, 1, V))) / Sum(w(k), (k, 1, V)), because="w_j has slope w_j; for j = y every term has −w_k")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="divide")
steps

# %% hessian-entry
# the derivative of the softmax, by the definition written again with another letter
l = index("l", V)
T = Sum(exp(z[l]), (l, 1, V))
hessian_entry = exp(z[j]) / T * (KroneckerDelta(j, i) - exp(z[i]) / T)

# %% nll-gradient-steps
# the chain rule as an expectation under the softmax
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Sum(y_hat(k) * Derivative(z[k] - z[y], z[j]), (k, 1, V)), because="chain rule for the log of a sum of exponentials of z_k − z_y")
steps.step("=", Sum(y_hat(k) * (KroneckerDelta(k, j) - KroneckerDelta(y, j)), (k, 1, V)), because="slopes of coordinates")
steps.step("=", y_hat(j) - KroneckerDelta(y, j), because="the delta picks a term; the softmax sums to 1")
steps

# %% loss-of-three-logits
# relative to the target
import math

loss = math.log1p(math.exp(-1) + math.exp(-2))

# %% loss-of-three-logits
# logaddexp
from functools import reduce

loss = reduce(np.logaddexp, [2.0, 1.0, 3.0]) - 3

# %% loss-of-three-logits
# exact
import sympy

loss = sympy.log(1 + sympy.exp(-1) + sympy.exp(-2))

# %% loss-of-three-logits
# a complex exponential
import cmath

loss = cmath.log(sum(cmath.exp(z) for z in (2, 1, 3))) - 3

# %% loss-of-three-logits
# three decimals as a string of digits turned into a number
loss = float("0.408")

# %% log-sum-exp
# log-add-exp, one class after the other
def at_one(logits):
    total = np.full(logits.shape[:-1], -np.inf)
    for k in range(logits.shape[-1]):
        total = np.logaddexp(total, logits[..., k])
    return total


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# log1p of the others
def at_one(logits):
    ordered = np.sort(logits, axis=-1)
    top = ordered[..., -1]
    with np.errstate(invalid="ignore"):
        rest = np.exp(ordered[..., :-1] - top[..., None]).sum(-1)
    return np.where(np.isneginf(top), -np.inf, top + np.log1p(rest))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# Python only
import math


def _one(row):
    row = [z for z in row if z > -math.inf]
    if not row:
        return -math.inf
    top = max(row)
    return top + math.log(math.fsum(math.exp(z - top) for z in row))


def at_one(logits):
    if logits.ndim == 1:
        return _one(logits.tolist())
    return np.array([at_one(part) for part in logits])


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# mpmath, whose exponents have no bounds
import mpmath


def at_one(logits):
    def one(row):
        total = mpmath.fsum(mpmath.exp(mpmath.mpf(float(z))) for z in row if z != -np.inf)
        return float(mpmath.log(total)) if total else -np.inf

    return np.apply_along_axis(one, -1, logits)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# halves joined pair by pair
def at_one(logits):
    if logits.shape[-1] == 1:
        return logits[..., 0]
    h = logits.shape[-1] // 2
    a, b = at_one(logits[..., :h]), at_one(logits[..., h:])
    top, low = np.maximum(a, b), np.minimum(a, b)
    gap = np.where(np.isneginf(low), -np.inf, low - np.where(np.isneginf(top), 0, top))
    return top + np.log1p(np.exp(gap))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# a streaming sum
def at_one(logits):
    z = np.moveaxis(np.asarray(logits, dtype=float), -1, 0)
    top = np.full(z.shape[1:], -np.inf)
    total = np.zeros(z.shape[1:])
    with np.errstate(invalid="ignore"):
        for row in z:
            new = np.maximum(top, row)
            total = np.where(np.isneginf(top), 0, total * np.exp(top - new)) + np.where(np.isneginf(row), 0, np.exp(row - new))
            top = new
    with np.errstate(divide="ignore"):
        return top + np.log(total)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# Torch, by hand
import torch


def at_one(logits):
    z = torch.tensor(np.array(logits), dtype=torch.float64)
    top = z.amax(-1, keepdim=True)
    top = torch.where(torch.isinf(top), torch.zeros_like(top), top)
    return (torch.exp(z - top).sum(-1, keepdim=True).log() + top).squeeze(-1).numpy()


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% nll-from-logits
# log of the sum of relative exponentials, seen from the target: softplus-like
def at_one(logits, targets):
    chosen = np.take_along_axis(logits, np.asarray(targets)[..., None], -1)
    gaps = logits - chosen
    top = np.maximum(gaps.max(-1, keepdims=True), 0)
    return (np.log(np.exp(gaps - top).sum(-1, keepdims=True)) + top)[..., 0]


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# logaddexp.reduce
def at_one(logits, targets):
    lse = np.logaddexp.reduce(logits, axis=-1)
    return lse - np.take_along_axis(logits, np.expand_dims(targets, -1), -1).squeeze(-1)


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# Decimal for each row
from decimal import Decimal, getcontext

getcontext().prec = 40


def at_one(logits, targets):
    if np.ndim(targets) == 0:
        z = [Decimal(float(x)) for x in logits if x != -np.inf]
        return float(sum(x.exp() for x in z).ln() - Decimal(float(logits[int(targets)])))
    return np.array([at_one(z, y) for z, y in zip(logits, targets)])


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# a recursion and a closure
def at_one(logits, targets):
    def loss(row, target):
        row = row - row[target]
        top = row.max()
        return top + np.log(sum(np.exp(x - top) for x in row))

    places = list(np.ndindex(np.shape(targets)))
    result = np.empty(np.shape(targets))
    for place in places:
        result[place] = loss(logits[place], np.asarray(targets)[place])
    return result


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# own methods with library names
class Loss:
    def logsumexp(self, z):
        top = z.max(-1, keepdims=True)
        return np.log(np.exp(z - top).sum(-1)) + top[..., 0]

    def cross_entropy(self, z, y):
        hot = np.arange(z.shape[-1]) == np.asarray(y)[..., None]
        return self.logsumexp(z) - np.where(hot, z, 0).sum(-1)


at_one = Loss().cross_entropy


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% gradient-of-three-logits
e = np.exp([2, 1, 3])
gradient = (e / e.sum() - [0, 0, 1]).round(3)

# %% gradient-of-three-logits
import sympy

z = sympy.symbols("z0:3")
total = sympy.log(sum(map(sympy.exp, z))) - z[2]
gradient = [sympy.diff(total, v).subs(dict(zip(z, (2, 1, 3)))) for v in z]

# %% gradient-of-three-logits
import torch

z = torch.tensor([2.0, 1.0, 3.0], requires_grad=True)
(torch.logsumexp(z, 0) - z[2]).backward()
gradient = z.grad

# %% gradient-of-three-logits
gradient = (0.245, 0.09, -0.335)

# %% nll-gradient-steps
# the loss as a difference first
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))) - z[y], z[j]), because="the log of the softmax")
steps.step("=", exp(z[j]) / Sum(exp(z[k]), (k, 1, V)) - KroneckerDelta(j, y), because="chain rule")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="the definition of the softmax")

# %% nll-gradient-steps
# the inverse of the probability
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", -Derivative(y_hat(y), z[j]) / y_hat(y), because="derivative of the logarithm")
steps.step("=", -y_hat(y) * (KroneckerDelta(y, j) - y_hat(j)) / y_hat(y), because="the softmax's derivative")
steps.step("=", y_hat(j) - KroneckerDelta(y, j))

# %% nll-gradient-steps
# a sum over ratios
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k] - z[y]), (k, 1, V))), z[j]), because="−log of a quotient")
steps.step("=", Sum(exp(z[k] - z[y]) * (KroneckerDelta(k, j) - KroneckerDelta(y, j)), (k, 1, V)) / Sum(exp(z[k] - z[y]), (k, 1, V)))
steps.step("=", y_hat(j) - KroneckerDelta(y, j))

# %% nll-gradient-steps
# derivative of each part by itself
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", -Derivative(z[y], z[j]) + Derivative(log(Sum(exp(z[k]), (k, 1, V))), z[j]))
steps.step("=", -KroneckerDelta(y, j) + Sum(exp(z[k]) * KroneckerDelta(k, j), (k, 1, V)) / Sum(exp(z[k]), (k, 1, V)))
steps.step("=", -KroneckerDelta(y, j) + y_hat(j))

# %% nll-gradient-steps
# cases
from sympy import Eq, Piecewise

steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))), z[j]) - Piecewise((1, Eq(j, y)), (0, True)))
steps.step("=", y_hat(j) - Piecewise((1, Eq(j, y)), (0, True)))

# %% nll-gradient-steps
# the quotient rule of the softmax
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
S = Sum(exp(z[k]), (k, 1, V))
steps.step("=", -(S / exp(z[y])) * Derivative(exp(z[y]) / S, z[j]))
steps.step("=", -(S / exp(z[y])) * (exp(z[y]) * KroneckerDelta(y, j) * S - exp(z[y]) * exp(z[j])) / S**2)
steps.step("=", -KroneckerDelta(y, j) + exp(z[j]) / S)

# %% hessian-entry
# one class at a time, brackets
hessian_entry = y_hat(j) * (KroneckerDelta(i, j) - y_hat(i))

# %% hessian-entry
# the other letter
hessian_entry = KroneckerDelta(j, i) * y_hat(i) - y_hat(j) * y_hat(i)

# %% hessian-entry
# as a covariance
hessian_entry = Sum(y_hat(k) * (KroneckerDelta(i, k) - y_hat(i)) * (KroneckerDelta(j, k) - y_hat(j)), (k, 1, V))

# %% hessian-entry
# exponentials
S = Sum(exp(z[k]), (k, 1, V))
hessian_entry = KroneckerDelta(i, j) * exp(z[i]) / S - exp(z[i] + z[j]) / S**2

# %% hessian-entry
from sympy import Eq, Ne, Piecewise

hessian_entry = Piecewise((-y_hat(i) * y_hat(j), Ne(i, j)), (y_hat(i) * (1 - y_hat(i)), True))

# %% nll-gradient
# one-hot from a comparison
def at_one(logits, targets):
    with np.errstate(invalid="ignore"):
        e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    hot = np.arange(logits.shape[-1]) == np.asarray(targets)[..., None]
    return e / e.sum(axis=-1, keepdims=True) - hot


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# subtract 1 in place, on its own array
def at_one(logits, targets):
    shape = logits.shape
    z = logits.reshape(-1, shape[-1]).astype(float)
    p = np.exp(z - np.logaddexp.reduce(z, axis=1)[:, None])
    p[np.arange(len(p)), np.ravel(targets)] -= 1
    return p.reshape(shape)


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# Torch's softmax
import torch


def at_one(logits, targets):
    z = torch.tensor(np.array(logits), dtype=torch.float64)
    y = torch.tensor(np.array(targets), dtype=torch.int64)
    return torch.softmax(z, -1) - torch.nn.functional.one_hot(y, z.shape[-1])


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# a sum of sigmoids of differences: each probability by itself
def at_one(logits, targets):
    with np.errstate(over="ignore", invalid="ignore"):
        gaps = logits[..., None, :] - logits[..., :, None]
        p = 1 / np.exp(np.where(np.isnan(gaps), -np.inf, gaps)).sum(-1)
    p = np.where(np.isneginf(logits), 0, p)
    return p - np.eye(logits.shape[-1])[targets]


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# a class with forward and backward of its own
class SoftmaxLoss:
    def forward(self, z):
        e = np.exp(z - z.max(-1, keepdims=True))
        self.p = e / e.sum(-1, keepdims=True)
        return self

    def backward(self, y):
        self.grad = self.p.copy()
        np.put_along_axis(self.grad, y[..., None], np.take_along_axis(self.p, y[..., None], -1) - 1, -1)
        return self.grad


def at_one(logits, targets):
    return SoftmaxLoss().forward(np.array(logits, dtype=float)).backward(np.array(targets))


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# mpmath
import mpmath


def at_one(logits, targets):
    if np.ndim(targets) == 0:
        e = [mpmath.exp(mpmath.mpf(float(z))) if z != -np.inf else mpmath.mpf(0) for z in logits]
        total = mpmath.fsum(e)
        return [x / total - int(k == targets) for k, x in enumerate(e)]
    return np.array([at_one(z, y) for z, y in zip(logits, targets)], dtype=float)


def nll_gradient(logits, targets, temperature):
    gradient = at_one(logits / temperature, targets)
    return [x / temperature for x in gradient] if isinstance(gradient, list) else gradient / temperature


# %% temperature-limit
limit = "b."

# %% temperature-limit
limit = "(b)  (0, 0, 1/2, 1/2)"

# %% log-sum-exp
# extended precision: exponentials of 10,000 have room in it
def at_one(logits):
    z = logits.astype(np.longdouble)
    with np.errstate(all="ignore"):
        return np.log(np.exp(z).sum(-1)).astype(float)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% nll-gradient-steps
# numerator and denominator divided by the target's exponential
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V)) / exp(z[y])), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))), z[j]) - KroneckerDelta(y, j))
steps.step("=", Derivative(Sum(exp(z[k]), (k, 1, V)), z[j]) / Sum(exp(z[k]), (k, 1, V)) - KroneckerDelta(y, j))
steps.step("=", y_hat(j) - KroneckerDelta(y, j))

# %% nll-gradient-steps
# term by term under the derivative
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Sum(Derivative(exp(z[k]), z[j]), (k, 1, V)) / Sum(exp(z[k]), (k, 1, V)) - Derivative(z[y], z[j]))
steps.step("=", exp(z[j]) / Sum(exp(z[k]), (k, 1, V)) - KroneckerDelta(j, y))

# %% nll-gradient-steps
# the sum of all one-hot entries
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", -Sum(KroneckerDelta(i, y) * Derivative(log(y_hat(i)), z[j]), (i, 1, V)))
steps.step("=", -Sum(KroneckerDelta(i, y) * (KroneckerDelta(i, j) - y_hat(j)), (i, 1, V)))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))
