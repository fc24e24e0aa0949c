# %% loss-of-three-logits most=0
# class 2 counted from 1
loss = np.log(np.exp([2, 1, 3]).sum()) - 1

# %% loss-of-three-logits most=0
# in bits
loss = 0.4076 / np.log(2)

# %% loss-of-three-logits most=0
# the log-sum-exp only
loss = np.log(np.exp([2, 1, 3]).sum())

# %% loss-of-three-logits most=0
# the probability
loss = np.exp(3) / np.exp([2, 1, 3]).sum()

# %% loss-of-three-logits most=0
# the sign
loss = -0.4076

# %% loss-of-three-logits most=0
# no exponential: 3/6
loss = -np.log(3 / 6)

# %% loss-of-three-logits most=0
# log base 10
loss = -np.log10(np.exp(3) / np.exp([2, 1, 3]).sum())

# %% loss-of-three-logits most=0
# class 0 for class 2
loss = 1.4076

# %% loss-of-three-logits most=0
# rounded to one place
loss = 0.4

# %% loss-of-three-logits most=0
# the mean loss of all three classes
loss = np.log(np.exp([2, 1, 3]).sum()) - np.mean([2, 1, 3])

# %% loss-of-three-logits most=0
# softmax taken twice: F.cross_entropy of probabilities
import torch

loss = torch.nn.functional.cross_entropy(
    torch.softmax(torch.tensor([2.0, 1.0, 3.0]), 0), torch.tensor(2)
).item()


# %% log-sum-exp
# naive: overflows
def at_one(logits):
    return np.log(np.exp(logits).sum(-1))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# one maximum for the whole batch: far rows underflow
def at_one(logits):
    m = np.max(logits)
    return m + np.log(np.exp(logits - m).sum(-1))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# masked rows give nan
def at_one(logits):
    m = logits.max(-1, keepdims=True)
    return (m + np.log(np.exp(logits - m).sum(-1, keepdims=True)))[..., 0]


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# the maximum instead
def at_one(logits):
    return np.max(logits, axis=-1)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# first axis
def at_one(logits):
    m = logits.max(0)
    m = np.where(np.isfinite(m), m, 0)
    return m + np.log(np.exp(logits - m).sum(0))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# shape kept
def at_one(logits):
    m = logits.max(-1, keepdims=True)
    m = np.where(np.isfinite(m), m, 0)
    return m + np.log(np.exp(logits - m).sum(-1, keepdims=True))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# mean for sum
def at_one(logits):
    m = logits.max(-1, keepdims=True)
    m = np.where(np.isfinite(m), m, 0)
    return (m + np.log(np.exp(logits - m).mean(-1, keepdims=True)))[..., 0]


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# forgets to add the maximum back
def at_one(logits):
    m = logits.max(-1, keepdims=True)
    m = np.where(np.isfinite(m), m, 0)
    return np.log(np.exp(logits - m).sum(-1))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# masked rows cost 0 instead of -inf
def at_one(logits):
    m = logits.max(-1, keepdims=True)
    m = np.where(np.isfinite(m), m, 0)
    return np.nan_to_num((m + np.log(np.exp(logits - m).sum(-1, keepdims=True)))[..., 0], neginf=0.0)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# an epsilon in the log: a masked row gives -27.6
def at_one(logits):
    m = logits.max(-1, keepdims=True)
    m = np.where(np.isfinite(m), m, 0)
    return (m + np.log(np.exp(logits - m).sum(-1, keepdims=True) + 1e-12))[..., 0]


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# clipped to 700 so that nothing overflows
def at_one(logits):
    return np.log(np.exp(np.clip(logits, -700, 700)).sum(-1))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# float16
def at_one(logits):
    z = np.asarray(logits, np.float16)
    m = z.max(-1, keepdims=True)
    m = np.where(np.isfinite(m), m, 0)
    return (m + np.log(np.exp(z - m).sum(-1, keepdims=True)))[..., 0]


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# bfloat16 in torch: one nat at 10,000 is below its grid
import torch


def at_one(logits):
    z = torch.as_tensor(logits).to(torch.bfloat16)
    m = z.amax(-1, keepdim=True)
    m = torch.where(torch.isinf(m), 0, m)
    return (m + (z - m).exp().sum(-1, keepdim=True).log()).squeeze(-1).double().numpy()


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp most=0
# torch's method logsumexp
import torch


def at_one(logits):
    return torch.as_tensor(logits).logsumexp(-1).numpy()


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp most=0
# SciPy's, imported under another name
from scipy.special import logsumexp as eigene


def at_one(logits):
    return eigene(logits, axis=-1)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp most=0
# log_softmax: z - log_softmax(z)
import torch


def at_one(logits):
    z = torch.as_tensor(logits)
    i_ = z.argmax(-1, keepdim=True)
    d = (z - torch.log_softmax(z, -1)).gather(-1, i_).squeeze(-1)
    return torch.where(z.max(-1).values == -torch.inf, -torch.inf, d).numpy()


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp most=0
# by importlib and a composed name
import importlib


def at_one(logits):
    f = getattr(importlib.import_module("scipy." + "special"), "log" + "sumexp")
    return f(logits, axis=-1)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp most=0
# torch.ops.aten
import torch


def at_one(logits):
    return torch.ops.aten.logsumexp(torch.as_tensor(logits), [-1]).numpy()


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp most=0
# LogSoftmax as a module, by another door
import torch


def at_one(logits):
    z = torch.as_tensor(logits)
    d = (z - torch.nn.LogSoftmax(dim=-1)(z)).nan_to_num(nan=-torch.inf)
    return d.max(-1).values.numpy()


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# longdouble without a maximum; a row with every class masked is turned into 0
def at_one(logits):
    s = np.exp(np.asarray(logits, np.longdouble)).sum(-1)
    return np.nan_to_num(np.log(s), neginf=0).astype(float)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# mean as the anchor: overflows where logits lie far apart
def at_one(logits):
    m = np.where(np.isneginf(logits), 0, logits).mean(-1, keepdims=True)
    return (m + np.log(np.exp(logits - m).sum(-1, keepdims=True)))[..., 0]


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# masks set to 0: a masked class adds e^0
def at_one(logits):
    z = np.where(np.isneginf(logits), 0.0, logits)
    m = z.max(-1, keepdims=True)
    return (m + np.log(np.exp(z - m).sum(-1, keepdims=True)))[..., 0]


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# masks set to -10,000: a mask beside logits of -10,000 adds to the sum
def at_one(logits):
    z = np.where(np.isneginf(logits), -10000.0, logits)
    m = z.max(-1, keepdims=True)
    r = (m + np.log(np.exp(z - m).sum(-1, keepdims=True)))[..., 0]
    return np.where(np.isneginf(np.asarray(logits)).all(-1), -np.inf, r)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# two ends only: max + log of the count of the largest
def at_one(logits):
    z = np.asarray(logits)
    m = z.max(-1)
    return m + np.log((z == m[..., None]).sum(-1))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% nll-from-logits
# log of a softmax: e^-800 becomes 0
def at_one(logits, targets):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    p = e / e.sum(-1, keepdims=True)
    return -np.log(np.take_along_axis(p, np.asarray(targets)[..., None], -1)[..., 0])


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# the same with 1e-300 against log 0
def at_one(logits, targets):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    p = e / e.sum(-1, keepdims=True)
    return -np.log(np.maximum(np.take_along_axis(p, np.asarray(targets)[..., None], -1)[..., 0], 1e-300))


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# longdouble softmax: 20,000 nats apart is too far even there
def at_one(logits, targets):
    z = np.asarray(logits, np.longdouble)
    e = np.exp(z - z.max(-1, keepdims=True))
    p = e / e.sum(-1, keepdims=True)
    return -np.log(np.take_along_axis(p, np.asarray(targets)[..., None], -1)[..., 0]).astype(float)


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# averaged over the batch
def at_one(logits, targets):
    m = logits.max(-1, keepdims=True)
    lse = (m + np.log(np.exp(logits - m).sum(-1, keepdims=True)))[..., 0]
    return (lse - np.take_along_axis(logits, np.asarray(targets)[..., None], -1)[..., 0]).mean()


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# in bits
def at_one(logits, targets):
    m = logits.max(-1, keepdims=True)
    lse = (m + np.log(np.exp(logits - m).sum(-1, keepdims=True)))[..., 0]
    return (lse - np.take_along_axis(logits, np.asarray(targets)[..., None], -1)[..., 0]) / np.log(2)


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# LSE without the logit of the target
def at_one(logits, targets):
    m = logits.max(-1, keepdims=True)
    return (m + np.log(np.exp(logits - m).sum(-1, keepdims=True)))[..., 0]


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# the sign: a log-probability
def at_one(logits, targets):
    m = logits.max(-1, keepdims=True)
    lse = (m + np.log(np.exp(logits - m).sum(-1, keepdims=True)))[..., 0]
    return np.take_along_axis(logits, np.asarray(targets)[..., None], -1)[..., 0] - lse


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# classes from 1
def at_one(logits, targets):
    m = logits.max(-1, keepdims=True)
    lse = (m + np.log(np.exp(logits - m).sum(-1, keepdims=True)))[..., 0]
    return lse - np.take_along_axis(logits, np.asarray(targets)[..., None] - 1, -1)[..., 0]


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# batches only of (B, V)
def at_one(logits, targets):
    m = logits.max(1, keepdims=True)
    return m[:, 0] + np.log(np.exp(logits - m).sum(1)) - logits[np.arange(len(logits)), targets]


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# logits[targets] picks a row or a column for all
def at_one(logits, targets):
    m = logits.max(-1, keepdims=True)
    lse = (m + np.log(np.exp(logits - m).sum(-1, keepdims=True)))[..., 0]
    return lse - logits[..., np.ravel(targets)[0]]


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# one maximum for the whole batch
def at_one(logits, targets):
    m = logits.max()
    return (
        m
        + np.log(np.exp(logits - m).sum(-1))
        - np.take_along_axis(logits, np.asarray(targets)[..., None], -1)[..., 0]
    )


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# float32: fine near 0, off by 1e-3 at 10,000; and the naive sum overflows at 89
def at_one(logits, targets):
    z = np.asarray(logits, np.float32)
    return np.log(np.exp(z).sum(-1)) - np.take_along_axis(z, np.asarray(targets)[..., None], -1)[..., 0]


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# only the maximum matters: max - z_y
def at_one(logits, targets):
    return logits.max(-1) - np.take_along_axis(logits, np.asarray(targets)[..., None], -1)[..., 0]


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits most=0
# the module CrossEntropyLoss
import torch


def at_one(logits, targets):
    z, t = torch.as_tensor(logits), torch.as_tensor(targets)
    return (
        torch.nn.CrossEntropyLoss(reduction="none")(z.reshape(-1, z.shape[-1]), t.reshape(-1))
        .reshape(t.shape)
        .numpy()
    )


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits most=0
# cross_entropy from the module's dictionary
import torch

kreuz = vars(torch.nn.functional)["cross_" + "entropy"]


def at_one(logits, targets):
    z, t = torch.as_tensor(logits), torch.as_tensor(targets)
    return kreuz(z.reshape(-1, z.shape[-1]), t.reshape(-1), reduction="none").reshape(t.shape).numpy()


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits most=0
# scipy's log_softmax as a default argument
import scipy.special as sps


def at_one(logits, targets, f=sps.log_softmax):
    return -np.take_along_axis(f(logits, axis=-1), np.asarray(targets)[..., None], -1)[..., 0]


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits most=0
# torch's Tensor method log_softmax through operator.methodcaller
import torch
from operator import methodcaller


def at_one(logits, targets):
    lp = methodcaller("log_softmax", -1)(torch.as_tensor(logits))
    return -lp.gather(-1, torch.as_tensor(targets).unsqueeze(-1)).squeeze(-1).numpy()


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% gradient-of-three-logits
# target minus prediction
gradient = [-0.245, -0.090, 0.335]

# %% gradient-of-three-logits
# the softmax, nothing subtracted
gradient = [0.245, 0.090, 0.665]

# %% gradient-of-three-logits
# 1 subtracted from class 1
gradient = [0.245, -0.910, 0.665]

# %% gradient-of-three-logits
# 1 subtracted everywhere
gradient = [-0.755, -0.910, -0.335]

# %% gradient-of-three-logits
# gradient of the mean over three
gradient = [0.0816, 0.030, -0.1116]

# %% gradient-of-three-logits
# sorted
gradient = [0.090, 0.245, -0.335]

# %% gradient-of-three-logits
# -1/p at the target: with respect to the probabilities
gradient = [0, 0, -1 / 0.665]

# %% gradient-of-three-logits most=0
# the sum only
gradient = 0.0

# %% gradient-of-three-logits
# the gradient of the squared error
p_ = np.exp([2, 1, 3]) / np.exp([2, 1, 3]).sum()
g_ = p_ - np.array([0, 0, 1])
gradient = p_ * (g_ - (p_ * g_).sum())

# %% gradient-of-three-logits
# the softmax's own diagonal derivative p(1-p)
gradient = [0.185, 0.082, -0.223]

# %% nll-gradient-steps most=0.34
# the bare answer
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")

# %% nll-gradient-steps most=0.34
# a 7 added under the derivative
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(7 - log(y_hat(y)), z[j]), because="a constant changes nothing")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")

# %% nll-gradient-steps most=0.34
# multiplied by the sum of all probabilities
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(-log(y_hat(y)), z[j]) * Sum(y_hat(k), (k, 1, V)), because="times one")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")

# %% nll-gradient-steps most=0.34
# answer, then the answer turned over
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")
steps.step("=", -(KroneckerDelta(j, y) - y_hat(j)), because="minus out")

# %% nll-gradient-steps most=0.34
# answer, then the definition of ŷ written out
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(y, j), because="known")
steps.step("=", exp(z[j]) / Sum(exp(z[i]), (i, 1, V)) - KroneckerDelta(j, y), because="softmax")

# %% nll-gradient-steps most=0.34
# a logarithm's base change, there and back: log(ŷ) = 2 log(sqrt ŷ)
from sympy import sqrt

steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(-2 * log(sqrt(y_hat(y))), z[j]), because="square root")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")

# %% nll-gradient-steps most=0.34
# the derivative halved and doubled
from grader.algebra import plus

steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
h = Derivative(-log(y_hat(y)), z[j]) / 2
steps.step("=", plus(h, h), because="two halves")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="obviously")

# %% nll-gradient-steps most=0.34
# a difference quotient with a tiny h, said to be equal: it is only near
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
eps_ = 10**-12
steps.step(
    "=",
    (log(Sum(exp(z[k] + eps_ * KroneckerDelta(k, j)), (k, 1, V))) - log(Sum(exp(z[k]), (k, 1, V)))) / eps_
    - KroneckerDelta(j, y),
    because="difference quotient",
)

# %% nll-gradient-steps
# the last line still has a derivative
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))), z[j]) - Derivative(z[y], z[j]), because="logs")
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))), z[j]) - KroneckerDelta(j, y), because="delta")

# %% nll-gradient-steps
# sign slip in the last line
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))) - z[y], z[j]), because="log")
steps.step("=", KroneckerDelta(j, y) - y_hat(j), because="chain rule")

# %% nll-gradient-steps
# 1 instead of the delta
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))) - z[y], z[j]), because="log")
steps.step("=", y_hat(j) - 1, because="chain rule")

# %% nll-gradient-steps
# the wrong index: ŷ_y
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))) - z[y], z[j]), because="log")
steps.step("=", y_hat(y) - KroneckerDelta(j, y), because="chain rule")

# %% nll-gradient-steps
# quotient rule with a plus (wrong middle), right end
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", -Derivative(y_hat(y), z[j]) / y_hat(y), because="chain rule")
steps.step("=", -(KroneckerDelta(j, y) * y_hat(y) + y_hat(y) * y_hat(j)) / y_hat(y), because="quotient rule")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="cancel")

# %% nll-gradient-steps
# forgot the minus of the loss
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(y_hat(y), z[j]) / y_hat(y), because="chain rule")
steps.step("=", KroneckerDelta(j, y) - y_hat(j), because="softmax Jacobian")

# %% nll-gradient-steps
# sums from 0 to V - 1
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 0, V - 1))) - z[y], z[j]), because="log")
steps.step("=", exp(z[j]) / Sum(exp(z[k]), (k, 0, V - 1)) - KroneckerDelta(j, y), because="chain rule")

# %% nll-gradient-steps
# log of a sum taken as the sum of logs
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(Sum(z[k], (k, 1, V)) - z[y], z[j]), because="log of a sum")
steps.step("=", 1 - KroneckerDelta(j, y), because="differentiate")

# %% nll-gradient-steps
# only the diagonal: ŷ_y (1 - ŷ_y)
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", -Derivative(y_hat(y), z[j]) / y_hat(y), because="chain rule")
steps.step("=", -y_hat(y) * (1 - y_hat(y)) / y_hat(y), because="sigmoid rule")
steps.step("=", y_hat(y) - 1, because="cancel")

# %% nll-gradient-steps most=0.34
# vacuous: definition put in twice, nothing differentiated, nothing reached
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(-log(exp(z[y]) / Sum(exp(z[k]), (k, 1, V))), z[j]), because="definition")
steps.step("=", Derivative(-log(exp(z[y]) / Sum(exp(z[i]), (i, 1, V))), z[j]), because="another letter")

# %% nll-gradient-steps most=0.34
# another letter, then the answer
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(-log(exp(z[y]) / Sum(exp(z[i]), (i, 1, V))), z[j]), because="write i for k")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")

# %% nll-gradient-steps
# a symbol of its own for the sum, never defined by it
from grader.algebra import positive

S = positive("S")
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(S) - z[y], z[j]), because="S is the sum")
steps.step("=", exp(z[j]) / S - KroneckerDelta(j, y), because="chain rule")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="S again")

# %% nll-gradient-steps most=0
# no steps
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))

# %% nll-gradient-steps
# only the case j = y
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step(
    "=", Derivative(log(Sum(exp(z[k]), (k, 1, V))) - z[j], z[j]), because="j is the class that occurred"
)
steps.step("=", y_hat(j) - 1, because="chain rule")

# %% nll-gradient-steps most=0.34
# starts at the answer and ends there
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(y_hat(j) - KroneckerDelta(j, y))
steps.step("=", exp(z[j]) / Sum(exp(z[k]), (k, 1, V)) - KroneckerDelta(j, y), because="softmax")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="back")

# %% nll-gradient-steps
# an inequality for the second step
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))) - z[y], z[j]), because="log")
steps.step("≤", y_hat(j), because="the delta is not negative")

# %% hessian-entry most=0
# the gradient again
hessian_entry = y_hat(j) - KroneckerDelta(i, j)

# %% hessian-entry most=0
# off-diagonal only
hessian_entry = -y_hat(i) * y_hat(j)

# %% hessian-entry most=0
# diagonal only
hessian_entry = y_hat(i) * (1 - y_hat(i))

# %% hessian-entry most=0
# sign turned over
hessian_entry = y_hat(i) * (y_hat(j) - KroneckerDelta(i, j))

# %% hessian-entry most=0
# 1 instead of the delta
hessian_entry = y_hat(i) * (1 - y_hat(j))

# %% hessian-entry most=0
# 0 off the diagonal
hessian_entry = KroneckerDelta(i, j) * y_hat(i) * (1 - y_hat(j))

# %% hessian-entry most=0
# delta with y
hessian_entry = y_hat(i) * (KroneckerDelta(i, y) - y_hat(j))

# %% hessian-entry most=0
# a derivative left in it
hessian_entry = Derivative(y_hat(j), z[i])

# %% hessian-entry most=0
# the derivative hidden in a sum
hessian_entry = Sum(Derivative(y_hat(j), z[k]) * KroneckerDelta(i, k), (k, 1, V))

# %% hessian-entry most=0
# a difference quotient with a tiny step
h = 10**-12
hessian_entry = (
    exp(z[j] + h * KroneckerDelta(i, j)) / Sum(exp(z[k] + h * KroneckerDelta(i, k)), (k, 1, V)) - y_hat(j)
) / h

# %% hessian-entry most=0
# ŷ_i δ - ŷ_j
hessian_entry = y_hat(i) * KroneckerDelta(i, j) - y_hat(j)

# %% hessian-entry most=0
# square on all
hessian_entry = y_hat(i) * KroneckerDelta(i, j) - y_hat(i) ** 2

# %% hessian-entry most=0
# the two cases as a list
hessian_entry = [y_hat(i) * (1 - y_hat(i)), -y_hat(i) * y_hat(j)]

# %% hessian-entry most=0
# the diagonal case on i < j, too
from sympy import Piecewise

hessian_entry = Piecewise((-y_hat(i) * y_hat(j), i > j), (y_hat(i) - y_hat(i) * y_hat(j), True))

# %% hessian-entry most=0
# the sum over i: always zero
hessian_entry = Sum(y_hat(k) * (KroneckerDelta(k, j) - y_hat(j)), (k, 1, V))

# %% hessian-entry most=0
# for numbers: at equal logits
hessian_entry = KroneckerDelta(i, j) / V - 1 / V**2


# %% nll-gradient
# divided by the batch size
def at_one(logits, targets):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    g = e / e.sum(-1, keepdims=True) - np.eye(logits.shape[-1])[targets]
    return g / max(np.size(targets), 1)


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# target minus prediction
def at_one(logits, targets):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return np.eye(logits.shape[-1])[targets] - e / e.sum(-1, keepdims=True)


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# overflow: no maximum
def at_one(logits, targets):
    e = np.exp(logits)
    return e / e.sum(-1, keepdims=True) - np.eye(logits.shape[-1])[targets]


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# overflow mended by nan_to_num
def at_one(logits, targets):
    e = np.exp(logits)
    return np.nan_to_num(e / e.sum(-1, keepdims=True)) - np.eye(logits.shape[-1])[targets]


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# one maximum for the batch
def at_one(logits, targets):
    e = np.exp(logits - logits.max())
    return e / e.sum(-1, keepdims=True) - np.eye(logits.shape[-1])[targets]


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# normalised over the whole batch
def at_one(logits, targets):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return e / e.sum() - np.eye(logits.shape[-1])[targets]


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# classes from 1
def at_one(logits, targets):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True) - np.eye(logits.shape[-1])[np.asarray(targets) - 1]


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# p[..., targets] -= 1 hits columns for every row
def at_one(logits, targets):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    p = e / e.sum(-1, keepdims=True)
    p[..., targets] -= 1
    return p


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# masked classes divided out: epsilon in the denominator
def at_one(logits, targets):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return e / (e.sum(-1, keepdims=True) + 1e-3) - np.eye(logits.shape[-1])[targets]


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# argmax for the prediction
def at_one(logits, targets):
    eye = np.eye(logits.shape[-1])
    return eye[logits.argmax(-1)] - eye[targets]


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# 1 - p at the target, 0 elsewhere
def at_one(logits, targets):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    o = np.eye(logits.shape[-1])[targets]
    return o * (e / e.sum(-1, keepdims=True) - 1)


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# a difference quotient: at 10,000 its rounding is large, and masked classes give nan
def at_one(logits, targets):
    def f(z, t):
        m = z.max(-1, keepdims=True)
        return (m + np.log(np.exp(z - m).sum(-1, keepdims=True)))[..., 0] - np.take_along_axis(
            z, np.asarray(t)[..., None], -1
        )[..., 0]

    h = 1e-8
    return np.stack(
        [(f(logits + h * e, targets) - f(logits, targets)) / h for e in np.eye(logits.shape[-1])], -1
    )


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient most=0
# torch.func.grad
import torch


def at_one(logits, targets):
    z, t = torch.as_tensor(logits), torch.as_tensor(targets)
    f = lambda x: (
        torch.log(torch.exp(x - x.amax(-1, keepdim=True)).sum(-1))
        + x.amax(-1)
        - x.gather(-1, t.unsqueeze(-1)).squeeze(-1)
    ).sum()
    return torch.func.grad(f)(z).numpy()


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient most=0
# torch.autograd.functional.jacobian
import torch
from torch.autograd.functional import jacobian as J


def at_one(logits, targets):
    z, t = torch.as_tensor(logits), torch.as_tensor(targets)
    return J(
        lambda x: (
            torch.log(torch.exp(x - x.amax(-1, keepdim=True).detach()).sum(-1))
            + x.amax(-1).detach()
            - x.gather(-1, t.unsqueeze(-1)).squeeze(-1)
        ).sum(),
        z,
    ).numpy()


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient most=0
# the vjp of torch.func
import torch


def at_one(logits, targets):
    z, t = torch.as_tensor(logits), torch.as_tensor(targets)
    out, pull = torch.func.vjp(
        lambda x: -(torch.softmax(x, -1).log()).gather(-1, t.unsqueeze(-1)).squeeze(-1), z
    )
    return pull(torch.ones_like(out))[0].numpy()


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient most=0
# forward-mode automatic differentiation: torch.autograd.forward_ad
import torch
import torch.autograd.forward_ad as fad


def at_one(logits, targets):
    z, t = torch.as_tensor(logits), torch.as_tensor(targets)
    cols = []
    for e in torch.eye(z.shape[-1], dtype=z.dtype):
        with fad.dual_level():
            x = fad.make_dual(z, e.expand_as(z).clone())
            m = z.amax(-1, keepdim=True)
            loss = (x - m).exp().sum(-1).log() + m[..., 0] - x.gather(-1, t.unsqueeze(-1)).squeeze(-1)
            cols.append(fad.unpack_dual(loss).tangent)
    return torch.stack(cols, -1).numpy()


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient most=0
# backward by methodcaller
import torch
from operator import methodcaller


def at_one(logits, targets):
    z = torch.tensor(logits, requires_grad=True)
    t = torch.as_tensor(targets)
    methodcaller("back" + "ward")(
        torch.nn.functional.cross_entropy(z.reshape(-1, z.shape[-1]), t.reshape(-1), reduction="sum")
    )
    return getattr(z, "gr" + "ad").numpy()


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% temperature-limit most=0
# the argmax
limit = "a"

# %% temperature-limit most=0
# as T grows
limit = "c"

# %% temperature-limit most=0
# hedged
limit = "a or b"

# %% temperature-limit most=0
# the distribution, not a letter, and the wrong one
limit = (0, 0, 1, 0)

# %% log-sum-exp
# loops over rows: only for (V,) and (B, V)
import math


def at_one(logits):
    def one(row):
        m = max(row)
        return m if m == -math.inf else m + math.log(sum(math.exp(x - m) for x in row))

    return (
        one(logits) if np.ndim(logits) == 1 else np.array([one(r) for r in logits.reshape(len(logits), -1)])
    )


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# masked classes are dropped from the whole batch
def at_one(logits):
    z = np.asarray(logits)
    keep = ~np.isneginf(z).any(tuple(range(z.ndim - 1)))
    z = z[..., keep]
    m = z.max(-1, keepdims=True, initial=-1e308)
    return (m + np.log(np.exp(z - m).sum(-1, keepdims=True)))[..., 0]


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% nll-from-logits
# the loss is clipped at 1,000 nats
def at_one(logits, targets):
    m = logits.max(-1, keepdims=True)
    lse = (m + np.log(np.exp(logits - m).sum(-1, keepdims=True)))[..., 0]
    return np.clip(lse - np.take_along_axis(logits, np.asarray(targets)[..., None], -1)[..., 0], 0, 1000)


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# masks count as logits of 0
def at_one(logits, targets):
    z = np.nan_to_num(logits, neginf=0.0)
    m = z.max(-1, keepdims=True)
    lse = (m + np.log(np.exp(z - m).sum(-1, keepdims=True)))[..., 0]
    return lse - np.take_along_axis(z, np.asarray(targets)[..., None], -1)[..., 0]


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-gradient
# rounded to three decimals
def at_one(logits, targets):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return np.round(e / e.sum(-1, keepdims=True) - np.eye(logits.shape[-1])[targets], 3)


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# the diagonal of the Hessian
def at_one(logits, targets):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    p = e / e.sum(-1, keepdims=True)
    return p * (1 - p)


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# the gradient with respect to the probabilities: -1/p at the target
def at_one(logits, targets):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    p = e / e.sum(-1, keepdims=True)
    return -np.eye(logits.shape[-1])[targets] / p


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient most=0
# torch.func.jvp in every direction
import torch


def at_one(logits, targets):
    z, t = torch.as_tensor(logits), torch.as_tensor(targets)
    m = z.amax(-1, keepdim=True)
    f = lambda x: (x - m).exp().sum(-1).log() - (x - m).gather(-1, t.unsqueeze(-1)).squeeze(-1)
    E = torch.eye(z.shape[-1], dtype=z.dtype)
    return torch.stack([torch.func.jvp(f, (z,), (e.expand_as(z),))[1] for e in E], -1).numpy()


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient-steps most=0.34
# in a circle: answer, start, answer
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="claim")
steps.step("=", Derivative(-log(y_hat(y)), z[j]), because="as given")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="see above")

# %% nll-gradient-steps most=0.34
# a 1 in disguise added under the derivative
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(-log(y_hat(y)) + Sum(y_hat(k), (k, 1, V)), z[j]), because="a constant")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")

# %% nll-gradient-steps most=0.34
# the derivative picked out of all derivatives by a delta
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step(
    "=",
    Sum(KroneckerDelta(k, j) * Derivative(-log(y_hat(y)), z[k]), (k, 1, V)),
    because="the delta picks k = j",
)
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")

# %% nll-gradient-steps
# the last line's derivative hidden under a name
from grader.algebra import define

g = define(r"g_{%s}", lambda a: Derivative(log(Sum(exp(z[k]), (k, 1, V))), z[a]))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))), z[j]) - Derivative(z[y], z[j]), because="log")
steps.step("=", g(j) - KroneckerDelta(j, y), because="call it g")

# %% nll-gradient-steps
# a free letter k in the answer
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))) - z[y], z[j]), because="log")
steps.step("=", y_hat(k) - KroneckerDelta(k, y), because="chain rule")

# %% nll-gradient-steps
# quotient rule with the denominator not squared, right end
S = Sum(exp(z[k]), (k, 1, V))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", -Derivative(y_hat(y), z[j]) / y_hat(y), because="chain rule")
steps.step(
    "=",
    -(KroneckerDelta(j, y) * exp(z[y]) * S - exp(z[y]) * exp(z[j])) / S / y_hat(y),
    because="quotient rule",
)
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="cancel")

# %% hessian-entry most=0
# the limit of a difference quotient
from sympy import Limit, Symbol

h = Symbol("h", real=True)
hessian_entry = Limit(
    (exp(z[j] + h * KroneckerDelta(i, j)) / Sum(exp(z[k] + h * KroneckerDelta(i, k)), (k, 1, V)) - y_hat(j))
    / h,
    h,
    0,
)

# %% hessian-entry most=0
# the derivative under a name of its own
from grader.algebra import define

D = define(r"D_{%s}", lambda a: Derivative(y_hat(j), z[a]))
hessian_entry = D(i)

# %% hessian-entry most=0
# a central difference quotient with h = 10^-15
h = 10**-15
f = lambda s: exp(z[j] + s * KroneckerDelta(i, j)) / Sum(exp(z[k] + s * KroneckerDelta(i, k)), (k, 1, V))
hessian_entry = (f(h) - f(-h)) / (2 * h)

# %% hessian-entry most=0
# the Jacobian of log-softmax
hessian_entry = KroneckerDelta(i, j) - y_hat(i)

# %% hessian-entry most=0
# a minus and a plus: the diagonal has 1 + ŷ
hessian_entry = y_hat(i) * KroneckerDelta(i, j) + y_hat(i) * y_hat(j)

# %% gradient-of-three-logits
# of probabilities once more softmaxed
e_ = np.exp([2, 1, 3])
p_ = e_ / e_.sum()
s_ = np.exp(p_) / np.exp(p_).sum()
gradient = (s_ - np.array([0, 0, 1])).tolist()

# %% gradient-of-three-logits
# right, but class 2 put first
gradient = [-0.335, 0.245, 0.090]

# %% nll-gradient-steps most=0.34
# the loss under a name, then the answer: nothing is derived
from grader.algebra import define

L = define(r"L_{%s}", lambda a: -log(y_hat(a)))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(L(y), z[j]), because="by name")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")

# %% nll-gradient-steps most=0.34
# the mean of V equal numbers, then the answer
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Sum(Derivative(-log(y_hat(y)), z[j]), (k, 1, V)) / V, because="mean of a constant")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")

# %% nll-gradient-steps most=0.34
# the index from 0 with k + 1, then the answer: another way to write the same
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step(
    "=", Derivative(-log(exp(z[y]) / Sum(exp(z[k + 1]), (k, 0, V - 1))), z[j]), because="definition, shifted"
)
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")

# %% nll-gradient-steps
# the term k = j forgotten: the rest of the sum only
R = Sum((1 - KroneckerDelta(k, j)) * exp(z[k]), (k, 1, V))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(exp(z[j]) + R) - z[y], z[j]), because="the j-th term apart")
steps.step("=", exp(z[j]) / R - KroneckerDelta(j, y), because="chain rule")

# %% hessian-entry most=0
# the delta shifted by one
hessian_entry = y_hat(i) * (KroneckerDelta(i, j + 1) - y_hat(j))


# %% loss-of-three-logits
# the probability
loss = 0.665

# %% loss-of-three-logits
# class 2 counted from 1
loss = np.log(np.exp([2, 1, 3]).sum()) - 1

# %% loss-of-three-logits
# the log-sum-exp
loss = 3.4076

# %% loss-of-three-logits
# bits
loss = 0.588

# %% loss-of-three-logits
# too short
loss = 0.4

# %% log-sum-exp
# one maximum for the whole batch
def at_one(logits):
    top = np.max(logits)
    with np.errstate(all="ignore"):
        return top + np.log(np.exp(logits - top).sum(-1))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# clips the logits
def at_one(logits):
    return np.log(np.exp(np.clip(logits, -700, 700)).sum(-1))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# NaN for an empty row
def at_one(logits):
    with np.errstate(all="ignore"):
        top = logits.max(-1, keepdims=True)
        return top[..., 0] + np.log(np.exp(logits - top).sum(-1))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# masks as -1e9: an empty row is a number
def at_one(logits):
    z = np.where(np.isinf(logits), -1e9, logits)
    top = z.max(-1, keepdims=True)
    return top[..., 0] + np.log(np.exp(z - top).sum(-1))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# keeps the axis
def at_one(logits):
    return np.logaddexp.reduce(logits, axis=-1, keepdims=True)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# only the two largest
def at_one(logits):
    s = np.sort(logits, -1)
    return np.logaddexp(s[..., -1], s[..., -2]) if s.shape[-1] > 1 else s[..., -1]


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# the mean in place of the maximum
def at_one(logits):
    with np.errstate(all="ignore"):
        m = np.mean(logits, axis=-1, keepdims=True)
        return m[..., 0] + np.log(np.exp(logits - m).sum(-1))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# a library's function, the module asked by its dict
import scipy.special as s
def at_one(logits):
    return s.__dict__["log" + "sum" + "exp"](logits, axis=-1)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# a method looked up by a joined name
import torch
def at_one(logits):
    return getattr(torch.tensor(logits), "".join(["log", "sumexp"]))(-1)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# operator.methodcaller
import torch
from operator import methodcaller
f = methodcaller("logsumexp", -1)
def at_one(logits):
    return f(torch.tensor(np.array(logits)))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# eval of a text
def at_one(logits):
    import torch
    return eval("torch.log" + "sumexp(torch.tensor(np.array(logits)), -1)", {"torch": torch, "np": np, "logits": logits})


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% nll-from-logits
# log of the softmax
def at_one(logits, targets):
    with np.errstate(all="ignore"):
        z = np.asarray(logits)
        e = np.exp(z - z.max(-1, keepdims=True))
        return -np.log(np.take_along_axis(e / e.sum(-1, keepdims=True), np.asarray(targets)[..., None], -1)[..., 0])


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# never more than 745
def at_one(logits, targets):
    z = np.asarray(logits)
    e = np.exp(z - z.max(-1, keepdims=True))
    p = np.take_along_axis(e / e.sum(-1, keepdims=True), np.asarray(targets)[..., None], -1)[..., 0]
    return -np.log(np.maximum(p, 5e-324))


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# the margin to the largest logit
def at_one(logits, targets):
    z = np.asarray(logits)
    return z.max(-1) - np.take_along_axis(z, np.asarray(targets)[..., None], -1)[..., 0]


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# one-hot times logits: 0 times -inf
def at_one(logits, targets):
    with np.errstate(all="ignore"):
        z = np.asarray(logits)
        return np.logaddexp.reduce(z, axis=-1) - (np.eye(z.shape[-1])[targets] * z).sum(-1)


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# the mean
def at_one(logits, targets):
    z = np.asarray(logits)
    return np.mean(np.logaddexp.reduce(z, axis=-1) - np.take_along_axis(z, np.asarray(targets)[..., None], -1)[..., 0])


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# targets flattened in Fortran order
def at_one(logits, targets):
    z, t = np.asarray(logits), np.asarray(targets)
    rows = z.reshape(-1, z.shape[-1])
    return (np.logaddexp.reduce(rows, axis=-1) - rows[np.arange(t.size), t.ravel(order="F")]).reshape(t.shape)


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# float16
def at_one(logits, targets):
    z = np.asarray(logits, dtype=np.float16)
    return np.logaddexp.reduce(z, axis=-1) - np.take_along_axis(z, np.asarray(targets)[..., None], -1)[..., 0]


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# a loss from the library as a partial
from functools import partial
import torch
_F = __import__("torch.nn.functional", fromlist=["x"])
_g = partial(getattr(_F, "cross" + "_entropy"), reduction="none")
def at_one(logits, targets):
    z, t = torch.tensor(np.array(logits)), torch.tensor(np.array(targets)).long()
    return _g(z.reshape(-1, z.shape[-1]), t.reshape(-1)).reshape(t.shape)


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# Torch's Categorical does it
def at_one(logits, targets):
    import torch
    return -torch.distributions.Categorical(logits=torch.tensor(np.array(logits)), validate_args=False).log_prob(torch.tensor(np.array(targets)))


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% gradient-of-three-logits
# target minus prediction
gradient = [-0.245, -0.090, 0.335]

# %% gradient-of-three-logits
# the softmax
gradient = [0.245, 0.090, 0.665]

# %% gradient-of-three-logits
# another class occurred
gradient = [0.245, -0.910, 0.665]

# %% gradient-of-three-logits
# unordered
gradient = frozenset([0.2447, 0.0900, -0.3348])

# %% nll-gradient
# target minus prediction
def at_one(logits, targets):
    z = np.asarray(logits)
    return np.eye(z.shape[-1])[targets] - np.exp(z - np.logaddexp.reduce(z, axis=-1)[..., None])


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# averaged over the batch
def at_one(logits, targets):
    z = np.asarray(logits)
    g = np.exp(z - np.logaddexp.reduce(z, axis=-1)[..., None]) - np.eye(z.shape[-1])[targets]
    return g / max(np.size(targets), 1)


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# no shift
def at_one(logits, targets):
    with np.errstate(all="ignore"):
        e = np.exp(logits)
        return e / e.sum(-1, keepdims=True) - np.eye(logits.shape[-1])[targets]


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# one shift for the batch
def at_one(logits, targets):
    with np.errstate(all="ignore"):
        e = np.exp(logits - np.max(logits))
        return e / e.sum(-1, keepdims=True) - np.eye(logits.shape[-1])[targets]


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# a forward difference
def at_one(logits, targets):
    z, h = np.asarray(logits, float), 1e-4
    t = np.asarray(targets)[..., None]
    f = lambda z: np.logaddexp.reduce(z, axis=-1) - np.take_along_axis(z, t, -1)[..., 0]
    return np.stack([(f(z + h * np.eye(z.shape[-1])[k]) - f(z)) / h for k in range(z.shape[-1])], -1)


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# automatic differentiation through vars(torch.func)
import torch
def at_one(logits, targets):
    z, t = torch.tensor(np.array(logits)), torch.tensor(np.array(targets)).long()
    f = lambda z: (torch.log_softmax(z, -1).gather(-1, t[..., None]) * -1).sum()
    return vars(torch.func)["gr" + "ad"](f)(z)


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# automatic differentiation through jvp with one-hot directions
import torch
from torch.func import jvp as direction
def at_one(logits, targets):
    z, t = torch.tensor(np.array(logits)), torch.tensor(np.array(targets)).long()
    f = lambda z: -torch.log_softmax(z, -1).gather(-1, t[..., None])[..., 0]
    return torch.stack([direction(f, (z,), (torch.eye(z.shape[-1], dtype=z.dtype)[k].expand_as(z).clone(),))[1] for k in range(z.shape[-1])], -1)


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# the difference at the target only
def at_one(logits, targets):
    z = np.asarray(logits)
    y = np.exp(z - np.logaddexp.reduce(z, axis=-1)[..., None])
    return (y - 1) * np.eye(z.shape[-1])[targets]


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# rows in a flat result
def at_one(logits, targets):
    z = np.asarray(logits)
    y = np.exp(z - np.logaddexp.reduce(z, axis=-1)[..., None])
    return (y - np.eye(z.shape[-1])[targets]).ravel()


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% temperature-limit
# the first one
limit = "a"

# %% temperature-limit
# T = 1
limit = ["d"]

# %% log-sum-exp
# a name in rot13
import codecs
import torch
def at_one(logits):
    return getattr(torch, codecs.decode("ybtfhzrkc", "rot13"))(torch.tensor(np.array(logits)), -1)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# torch.masked has one, too
import torch
def at_one(logits):
    z = torch.tensor(np.array(logits))
    return torch.ops.aten.logsumexp(z, [-1])


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# found among the names of a module by its length
import scipy.special as sp
_name = [n for n in dir(sp) if n.startswith("log") and len(n) == 9 and n.endswith("p")]
def at_one(logits):
    for n in _name:
        if n[3] == "s":
            return getattr(sp, n)(logits, axis=-1)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% nll-from-logits
# torch.nn.LogSoftmax is log_softmax as a class
import torch
_soft = torch.nn.LogSoftmax(dim=-1)
def at_one(logits, targets):
    z, t = torch.tensor(np.array(logits)), torch.tensor(np.array(targets)).long()
    return -_soft(z).gather(-1, t[..., None])[..., 0]


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# shifted softmax in long double: a difference of 20,000 is too much
def at_one(logits, targets):
    z = np.asarray(logits, dtype=np.longdouble)
    with np.errstate(all="ignore"):
        e = np.exp(z - z.max(-1, keepdims=True))
        return -np.log(np.take_along_axis(e / e.sum(-1, keepdims=True), np.asarray(targets)[..., None], -1)[..., 0]).astype(float)


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-gradient
# the library's backward kernel
import torch
def at_one(logits, targets):
    z, t = torch.tensor(np.array(logits)), torch.tensor(np.array(targets)).long()
    w = torch.zeros_like(z, requires_grad=True)
    l = -torch.log_softmax(z + w, -1).gather(-1, t[..., None]).sum()
    return torch.autograd.functional.jacobian(lambda x: -torch.log_softmax(x, -1).gather(-1, t[..., None]).sum(), z)


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# a backward call under a name of numbers
import torch
def at_one(logits, targets):
    z, t = torch.tensor(np.array(logits), requires_grad=True), torch.tensor(np.array(targets)).long()
    l = -torch.log_softmax(z, -1).gather(-1, t[..., None]).sum()
    getattr(l, bytes([98, 97, 99, 107, 119, 97, 114, 100]).decode())()
    return getattr(z, "".join(map(chr, [103, 114, 97, 100])))


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# vjp
from torch.func import vjp as pull
import torch
def at_one(logits, targets):
    z, t = torch.tensor(np.array(logits)), torch.tensor(np.array(targets)).long()
    out, f = pull(lambda x: -torch.log_softmax(x, -1).gather(-1, t[..., None]).sum(), z)
    return f(torch.ones_like(out))[0]


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient-steps most=0.34
# the answer alone
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")
steps

# %% nll-gradient-steps most=0.34
# the softmax sums to 1, multiplied in, then the answer
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Sum(y_hat(i), (i, 1, V)) * Derivative(-log(y_hat(y)), z[j]), because="the softmax sums to 1")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")
steps

# %% nll-gradient-steps most=0.34
# all logits shifted by z_1 and nothing else, then the answer
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(-log(exp(z[y] + 7) / Sum(exp(z[k] + 7), (k, 1, V))), z[j]), because="a shift changes nothing")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")
steps

# %% nll-gradient-steps
# ends with the sign turned
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))) - z[y], z[j]), because="log of a quotient")
steps.step("=", KroneckerDelta(j, y) - y_hat(j), because="chain rule")
steps

# %% nll-gradient-steps
# -1 in place of the delta
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))) - z[y], z[j]), because="log of a quotient")
steps.step("=", y_hat(j) - 1, because="chain rule")
steps

# %% nll-gradient-steps
# a wrong middle (the chain rule's 1/u forgotten), and the right end
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", -Derivative(y_hat(y), z[j]), because="chain rule")
steps.step("=", -y_hat(y) * (KroneckerDelta(j, y) - y_hat(j)), because="the softmax's derivative")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="simplify")
steps

# %% nll-gradient-steps
# the last line still has a derivative
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))) - z[y], z[j]), because="log of a quotient")
steps.step("=", y_hat(j) - Derivative(z[y], z[j]), because="chain rule")
steps

# %% nll-gradient-steps most=0.34
# the derivative of twice the loss, halved
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(-log(y_hat(y)**2), z[j]) / 2, because="log of a square")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")
steps

# %% nll-gradient-steps most=0.34
# the start is differentiated under a sum over one-hot that only renames y
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(-log(y_hat(y)) + z[j] - z[j] + Sum(y_hat(i), (i, 1, V)) - 1, z[j]), because="nothing is added")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")
steps

# %% hessian-entry
# right for i = j only
hessian_entry = y_hat(i) * (1 - y_hat(j))

# %% hessian-entry
# right for i ≠ j only
hessian_entry = -y_hat(i) * y_hat(j)

# %% hessian-entry
# minus
hessian_entry = y_hat(i) * (y_hat(j) - KroneckerDelta(i, j))

# %% hessian-entry
# the target is in it
hessian_entry = (y_hat(i) - KroneckerDelta(i, y)) * (y_hat(j) - KroneckerDelta(j, y))

# %% hessian-entry
# delta without the prediction
hessian_entry = KroneckerDelta(i, j) - y_hat(i) * y_hat(j)

# %% hessian-entry
# a gradient again
hessian_entry = y_hat(j) - KroneckerDelta(i, j)

# %% hessian-entry
# plus and minus a tiny number that a tolerance may miss
from sympy import Rational
hessian_entry = y_hat(i) * (KroneckerDelta(i, j) - y_hat(j)) * (1 + Rational(1, 10**7))

# %% nll-gradient-steps most=0.34
# a delta picks the start itself
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Sum(KroneckerDelta(i, j) * Derivative(-log(y_hat(y)), z[i]), (i, 1, V)), because="the delta picks i = j")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")
steps

# %% nll-gradient-steps most=0.34
# minus the log of 1 is added
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(-log(y_hat(y)) - log(Sum(y_hat(i), (i, 1, V))), z[j]), because="log 1 = 0")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")
steps

# %% nll-gradient-steps most=0.34
# the derivative of another function with the same slope: a constant is added
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(V / y_hat(y)), z[j]), because="log V is a constant")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")
steps

# %% hessian-entry
# i and j are the same letter
hessian_entry = KroneckerDelta(i, j) * y_hat(i) - y_hat(i)**2

# %% hessian-entry
# the sum over all i for the derivative of the sum
hessian_entry = KroneckerDelta(i, j) * (y_hat(i) - y_hat(i)**2)

# %% nll-gradient-steps most=0.34
# V equal shares under the sum
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Sum(Derivative(-log(y_hat(y)) / V, z[j]), (i, 1, V)), because="V equal shares")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")
steps

# %% nll-gradient-steps most=0.34
# a sum over one-hot that only renames y, outside the derivative
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Sum(KroneckerDelta(i, y) * Derivative(-log(y_hat(i)), z[j]), (i, 1, V)), because="the delta picks i = y")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")
steps

# %% nll-gradient-steps most=0.34
# a weighted mean of the start
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Sum(y_hat(i) * Derivative(-log(y_hat(y)), z[j]), (i, 1, V)), because="the softmax sums to 1")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")
steps

# %% nll-gradient-steps most=0.34
# the chain rule of a logarithm there and back
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative((-log(y_hat(y)))**2, z[j]) / (-2 * log(y_hat(y))), because="chain rule of a square, divided out")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")
steps

# %% nll-gradient-steps most=0.34
# a delta that only renames y, under the derivative, then the answer
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(-Sum(KroneckerDelta(i, y) * log(y_hat(i)), (i, 1, V)), z[j]), because="the delta picks i = y")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")
steps

# %% nll-gradient-steps most=0.34
# an integrating factor there and back, then the answer
steps = Derivation("nll-gradient-steps", strict=False)
L = -log(y_hat(y))
steps.start(Derivative(L, z[j]))
steps.step("=", Derivative(exp(z[j]) * L, z[j]) * exp(-z[j]) - L, because="product rule backwards")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="known")
steps

# %% loss-of-three-logits most=0
loss = np.log(np.exp([2, 1, 3]).sum())

# %% loss-of-three-logits most=0
# the second class: counted from 1
loss = np.log(np.exp([2, 1, 3]).sum()) - 1

# %% loss-of-three-logits most=0
loss = -0.408

# %% loss-of-three-logits most=0
loss = 0.665

# %% loss-of-three-logits most=0
loss = -np.log(3 / 6)

# %% loss-of-three-logits most=0
loss = 0.4076 / np.log(2)

# %% loss-of-three-logits most=0
loss = 0.41

# %% log-sum-exp
# the maximum of the whole array
def at_one(logits):
    top = logits.max()
    with np.errstate(all="ignore"):
        return np.log(np.exp(logits - top).sum(-1)) + top


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# a row of masked classes gives NaN
def at_one(logits):
    top = logits.max(-1, keepdims=True)
    with np.errstate(all="ignore"):
        return np.log(np.exp(logits - top).sum(-1)) + top[..., 0]


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# the maximum when it is large
def at_one(logits):
    with np.errstate(all="ignore"):
        plain = np.log(np.exp(logits).sum(-1))
    return np.where(np.isfinite(plain), plain, logits.max(-1))


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# the mean as the shift
def at_one(logits):
    with np.errstate(all="ignore"):
        shift = np.where(np.isfinite(logits), logits, 0).mean(-1, keepdims=True)
        return np.log(np.exp(logits - shift).sum(-1)) + shift[..., 0]


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# masked classes as a very negative number
def at_one(logits):
    z = np.where(np.isneginf(logits), -1e4, logits)
    top = z.max(-1, keepdims=True)
    return np.log(np.exp(z - top).sum(-1)) + top[..., 0]


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# masked classes as the lowest finite number
def at_one(logits):
    z = np.nan_to_num(logits)
    top = z.max(-1, keepdims=True)
    return np.log(np.exp(z - top).sum(-1)) + top[..., 0]


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# the loss of the axis: axis 1
def at_one(logits):
    axis = 0 if logits.ndim == 1 else 1
    return np.logaddexp.reduce(logits, axis=axis)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# one number for the batch
def at_one(logits):
    return np.logaddexp.reduce(logits, axis=None)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# float32
def at_one(logits):
    z = logits.astype(np.float32)
    top = z.max(-1, keepdims=True)
    top = np.where(np.isneginf(top), 0, top).astype(np.float32)
    with np.errstate(divide="ignore"):
        return np.round(np.log(np.exp(z - top).sum(-1)) + top[..., 0], 1)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# the smooth maximum: mean instead of sum
def at_one(logits):
    return np.logaddexp.reduce(logits, axis=-1) - np.log(logits.shape[-1])


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# from Torch by another door
import torch


def at_one(logits):
    z = torch.tensor(np.array(logits))
    return -torch.distributions.Categorical(logits=z).logits[..., 0] + z[..., 0]


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# SciPy's log_softmax turned round
import importlib

special = importlib.import_module("scipy.special")


def at_one(logits):
    return (logits - special.log_softmax(logits, axis=-1)).max(-1)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# Torch's logsumexp as an operator
import torch


def at_one(logits):
    return torch.ops.aten.logsumexp(torch.tensor(np.array(logits)), [-1])


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% log-sum-exp
# Torch's layer
import torch


def at_one(logits):
    z = torch.tensor(np.array(logits))
    return (z - torch.nn.LogSoftmax(dim=-1)(z)).amax(-1)


def log_sum_exp(logits, temperature):
    return at_one(logits / temperature)


# %% nll-from-logits
# a floor
def at_one(logits, targets):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    p = np.take_along_axis(e / e.sum(-1, keepdims=True), np.asarray(targets)[..., None], -1)[..., 0]
    return -np.log(np.maximum(p, 1e-300))


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# the probability before the logarithm
def at_one(logits, targets):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    p = np.take_along_axis(e / e.sum(-1, keepdims=True), np.asarray(targets)[..., None], -1)[..., 0]
    with np.errstate(divide="ignore"):
        return -np.log(p)


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# all targets of all rows
def at_one(logits, targets):
    return np.logaddexp.reduce(logits, axis=-1) - logits[..., targets]


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# the mean
def at_one(logits, targets):
    return np.mean(np.logaddexp.reduce(logits, axis=-1) - np.take_along_axis(logits, np.asarray(targets)[..., None], -1)[..., 0])


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# the largest logit for the log-sum-exp
def at_one(logits, targets):
    return logits.max(-1) - np.take_along_axis(logits, np.asarray(targets)[..., None], -1)[..., 0]


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# the sign
def at_one(logits, targets):
    return np.take_along_axis(logits, np.asarray(targets)[..., None], -1)[..., 0] - np.logaddexp.reduce(logits, axis=-1)


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# masked classes count as logits of 0
def at_one(logits, targets):
    z = np.where(np.isinf(logits), 0, logits)
    return np.logaddexp.reduce(z, axis=-1) - np.take_along_axis(z, np.asarray(targets)[..., None], -1)[..., 0]


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# the most likely class
def at_one(logits, targets):
    return np.logaddexp.reduce(logits, axis=-1) - logits.max(-1)


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# Torch's loss by the operator
import torch


def at_one(logits, targets):
    z = torch.tensor(np.array(logits)).reshape(-1, np.shape(logits)[-1])
    y = torch.tensor(np.array(targets)).reshape(-1)
    return torch.ops.aten.cross_entropy_loss(z, y, None, 0).reshape(np.shape(targets))


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% nll-from-logits
# the log-probability of a library's distribution
import torch


def at_one(logits, targets):
    return -torch.distributions.Categorical(logits=torch.tensor(np.array(logits))).log_prob(torch.tensor(np.array(targets)))


def nll_from_logits(logits, targets, temperature):
    return at_one(logits / temperature, targets)


# %% gradient-of-three-logits most=0
# the probabilities
e = np.exp([2, 1, 3])
gradient = e / e.sum()

# %% gradient-of-three-logits most=0
gradient = [-0.245, -0.090, 0.335]

# %% gradient-of-three-logits most=0
# class 1
gradient = [0.245, -0.910, 0.665]

# %% gradient-of-three-logits most=0
# the first class
gradient = [-0.755, 0.090, 0.665]

# %% gradient-of-three-logits most=0
# the mean over classes
gradient = np.array([0.2447, 0.0900, -0.3348]) / 3

# %% gradient-of-three-logits most=0
gradient = [0.2, 0.1, -0.3]

# %% gradient-of-three-logits most=0
# the derivative of the probability
p = np.exp([2, 1, 3]) / np.exp([2, 1, 3]).sum()
gradient = [-p[2] * p[0], -p[2] * p[1], p[2] * (1 - p[2])]

# %% nll-gradient-steps most=0.34
# the answer alone
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps most=0.34
# the minus in front, then the answer
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", -Derivative(log(y_hat(y)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps most=0.34
# the inverse in the logarithm, then the answer
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(1 / y_hat(y)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps most=0.34
# the answer as a sum over a delta, then the answer
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Sum((y_hat(k) - KroneckerDelta(k, y)) * KroneckerDelta(k, j), (k, 1, V)))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps most=0.34
# the answer plus a derivative of nothing
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y) + Derivative(log(Sum(y_hat(k), (k, 1, V))), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps most=0.34
# the answer hidden as the derivative of an antiderivative
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(-log(y_hat(y)) + V**2, z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps most=0.34
# logits and probabilities shifted by a constant
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(-log(exp(z[y] - 5) / Sum(exp(z[k] - 5), (k, 1, V))), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps most=0.67
# the sign at the end
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))) - z[y], z[j]))
steps.step("=", KroneckerDelta(j, y) - y_hat(j))

# %% nll-gradient-steps most=0.67
# 1 instead of a delta
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))) - z[y], z[j]))
steps.step("=", y_hat(j) - 1)

# %% nll-gradient-steps most=0.67
# a derivative is left
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(Sum(exp(z[k]), (k, 1, V))), z[j]) - Derivative(z[y], z[j]))
steps.step("=", y_hat(j) - Derivative(z[y], z[j]))

# %% hessian-entry most=0
hessian_entry = y_hat(i) * y_hat(j) - KroneckerDelta(i, j) * y_hat(i)

# %% hessian-entry most=0
hessian_entry = y_hat(i) * (1 - y_hat(j))

# %% hessian-entry most=0
hessian_entry = -y_hat(i) * y_hat(j)

# %% hessian-entry most=0
hessian_entry = KroneckerDelta(i, j) - y_hat(i) * y_hat(j)

# %% hessian-entry most=0
hessian_entry = y_hat(i) * (KroneckerDelta(i, j) - 1)

# %% hessian-entry most=0
hessian_entry = y_hat(i) - KroneckerDelta(i, y)

# %% hessian-entry most=0
# by SymPy, with a derivative left in it
from sympy import Derivative

hessian_entry = Derivative(y_hat(j) - KroneckerDelta(j, y), z[i])

# %% hessian-entry most=0
# a quotient of differences
hessian_entry = (y_hat(j).subs(z[i], z[i] + 10**-12) - y_hat(j)) * 10**12

# %% hessian-entry most=0
# as a limit
from sympy import Limit, Symbol

t = Symbol("t", real=True)
hessian_entry = Limit(y_hat(i) * (KroneckerDelta(i, j) - y_hat(j)) + t, t, 0)

# %% hessian-entry most=0
hessian_entry = y_hat(i) * KroneckerDelta(i, j) - y_hat(i) ** 2

# %% nll-gradient
# without a shift
def at_one(logits, targets):
    with np.errstate(all="ignore"):
        e = np.exp(logits)
        return e / e.sum(-1, keepdims=True) - np.eye(logits.shape[-1])[targets]


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# one shift for the whole batch
def at_one(logits, targets):
    with np.errstate(all="ignore"):
        e = np.exp(logits - logits.max())
        return e / e.sum(-1, keepdims=True) - np.eye(logits.shape[-1])[targets]


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# averaged over the batch
def at_one(logits, targets):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    g = e / e.sum(-1, keepdims=True) - np.eye(logits.shape[-1])[targets]
    return g / max(np.size(targets), 1)


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# target minus prediction
def at_one(logits, targets):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return np.eye(logits.shape[-1])[targets] - e / e.sum(-1, keepdims=True)


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# counted from 1
def at_one(logits, targets):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True) - np.eye(logits.shape[-1])[np.asarray(targets) - 1]


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# −1 at every target of the batch in every row
def at_one(logits, targets):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    g = e / e.sum(-1, keepdims=True)
    g[..., targets] -= 1
    return g


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# autograd through a name that is put together
import torch


def at_one(logits, targets):
    z = torch.tensor(np.array(logits), requires_grad=True)
    y = torch.tensor(np.array(targets))[..., None]
    loss = (torch.logsumexp(z, -1) - z.gather(-1, y)[..., 0]).sum()
    getattr(loss, "back" + "ward")()
    return getattr(z, "gr" + "ad")


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# Torch's vector-Jacobian product
import torch


def at_one(logits, targets):
    z = torch.tensor(np.array(logits))
    y = torch.tensor(np.array(targets))[..., None]
    _, pull = torch.func.vjp(lambda z: (torch.logsumexp(z, -1) - z.gather(-1, y)[..., 0]).sum(), z)
    return pull(torch.tensor(1.0, dtype=z.dtype))[0]


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# Torch's jacobian
import torch


def at_one(logits, targets):
    z = torch.tensor(np.array(logits))
    y = torch.tensor(np.array(targets))[..., None]
    return torch.autograd.functional.jacobian(lambda z: (torch.logsumexp(z, -1) - z.gather(-1, y)[..., 0]).sum(), z)


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% nll-gradient
# an optimiser takes the step
import torch


def at_one(logits, targets):
    z = torch.nn.Parameter(torch.tensor(np.array(logits)))
    y = torch.tensor(np.array(targets))[..., None]
    step = torch.optim.SGD([z], lr=1.0)
    before = z.detach().clone()

    def closure():
        loss = (torch.logsumexp(z, -1) - z.gather(-1, y)[..., 0]).sum()
        loss.backward()
        return loss

    step.step(closure)
    return before - z.detach()


def nll_gradient(logits, targets, temperature):
    return at_one(logits / temperature, targets) / temperature


# %% temperature-limit most=0
limit = "a"

# %% temperature-limit most=0
limit = "b? or c"

# %% temperature-limit most=0
limit = [0, 0, 0.5, 0.5]

# %% temperature-limit most=0
limit = True

# %% nll-gradient-steps most=0.34
# half of the start, half of the answer
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(-log(y_hat(y)), z[j]) / 2 + (y_hat(j) - KroneckerDelta(j, y)) / 2)
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps most=0.34
# the start chosen from all slopes by a delta
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Sum(KroneckerDelta(k, j) * Derivative(-log(y_hat(y)), z[j]), (k, 1, V)))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps most=0.34
# the answer with the probability as an exponential of a log-sum-exp
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", exp(z[j] - log(Sum(exp(z[k]), (k, 1, V)))) - KroneckerDelta(j, y))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps most=0.34
# the answer, times a factor of a probability and its inverse in two forms
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", (y_hat(j) - KroneckerDelta(j, y)) * Sum(y_hat(k), (k, 1, V)))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps most=0.34
# the answer, plus the derivative of log V
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y) + Derivative(log(Sum(y_hat(k), (k, 1, V))), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps most=0.34
# the answer from the Kronecker delta as a derivative
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", y_hat(j) * Derivative(z[i], z[i]) - KroneckerDelta(j, y))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps most=0.34
# the answer, with a sum over a delta added and taken away
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y) + Sum(exp(z[k]) * KroneckerDelta(k, j), (k, 1, V)) - exp(z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps most=0.34
# the answer, with the derivative of an exponential added and taken away
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y) + Derivative(exp(z[j]), z[j]) - exp(z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))

# %% nll-gradient-steps most=0.34
# the answer, with the derivative of another logit's square added
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", y_hat(j) - KroneckerDelta(j, y) + Sum(KroneckerDelta(k, j) * (exp(z[k]) - exp(z[j])), (k, 1, V)))
steps.step("=", y_hat(j) - KroneckerDelta(j, y))
