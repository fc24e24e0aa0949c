# %% cross-entropy-by-hand most=0
# in bits
cross_entropy = 1.4

# %% cross-entropy-by-hand most=0
# log base 10
cross_entropy = -(0.6 * np.log10(0.5) + 0.4 * np.log10(0.25))

# %% cross-entropy-by-hand most=0
# p and q swapped
cross_entropy = -np.sum(np.array([0.5, 0.25, 0.25]) * np.log([0.6, 0.3, 0.1]))

# %% cross-entropy-by-hand most=0
# the sign forgotten
cross_entropy = np.sum(np.array([0.6, 0.3, 0.1]) * np.log([0.5, 0.25, 0.25]))

# %% cross-entropy-by-hand most=0
# the entropy of p
cross_entropy = -np.sum(np.array([0.6, 0.3, 0.1]) * np.log([0.6, 0.3, 0.1]))

# %% cross-entropy-by-hand most=0
# the KL divergence only
cross_entropy = 0.6 * np.log(0.6 / 0.5) + 0.3 * np.log(0.3 / 0.25) + 0.1 * np.log(0.1 / 0.25)

# %% cross-entropy-by-hand most=0
# the mean over three classes
cross_entropy = 1.4 * np.log(2) / 3

# %% cross-entropy-by-hand most=0
# not summed
cross_entropy = -np.array([0.6, 0.3, 0.1]) * np.log([0.5, 0.25, 0.25])

# %% cross-entropy-by-hand most=0
# a text with the unit
cross_entropy = "0.970 bits"

# %% cross-entropy-by-hand most=0
# log(1 + q) by log1p
cross_entropy = -np.sum(np.array([0.6, 0.3, 0.1]) * np.log1p([0.5, 0.25, 0.25]))

# %% cross-entropy-by-hand most=0
# p = 0.1 paired with the log of 0.5: list reversed
cross_entropy = -np.sum(np.array([0.6, 0.3, 0.1]) * np.log([0.25, 0.25, 0.5]))

# %% cross-entropy-by-hand most=0
# one decimal too few
cross_entropy = 1.0

# %% cross-entropy-by-hand most=0
# the perplexity
cross_entropy = float(np.exp(0.97041))

# %% cross-entropy-by-hand most=0
# cross-entropy of the argmax class
cross_entropy = -np.log(0.5)

# %% entropy-plus-kl most=0.34
# the goal in one line
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="known theorem")

# %% entropy-plus-kl most=0.34
# the start repeated, then the goal
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=", -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)), because="as given"
)
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="simplify")

# %% entropy-plus-kl most=0.34
# a vacuous zero added, then the goal
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 1, V))
    + Sum(p[k] * log(p[k] / q[k]), (k, 1, V))
    + log(q[1])
    - log(q[1])
    + Sum(q[k], (k, 1, V))
    - 1,
    because="adding nothing",
)
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="q.e.d.")

# %% entropy-plus-kl most=0.34
# goal, then the goal with another letter
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="definition")
steps.step("=", -Sum(p[j] * log(q[j]), (j, 1, V)), because="rename")

# %% entropy-plus-kl most=0.34
# goal, then the minus moved in
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="cross-entropy")
steps.step("=", Sum(-p[k] * log(q[k]), (k, 1, V)), because="minus into the sum")

# %% entropy-plus-kl most=0.34
# halves added back together
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
a = -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V))
from grader.algebra import plus

steps.step("=", plus(a / 2, a / 2), because="two halves")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="done")

# %% entropy-plus-kl most=0.34
# multiplied by a sum that is 1, then the goal
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
a = -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V))
steps.step("=", a * Sum(q[j], (j, 1, V)), because="q sums to one")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="obviously")

# %% entropy-plus-kl
# log of a quotient is a quotient of logs
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k]) / log(q[k]), (k, 1, V)),
    because="log of a quotient",
)
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="cancels")

# %% entropy-plus-kl
# wrong sign at the end
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * (log(p[k]) - log(q[k])), (k, 1, V)),
    because="quotient",
)
steps.step("=", Sum(p[k] * log(q[k]), (k, 1, V)), because="cancels")

# %% entropy-plus-kl
# ends with q and p swapped
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * (log(p[k]) - log(q[k])), (k, 1, V)),
    because="quotient",
)
steps.step("=", -Sum(q[k] * log(p[k]), (k, 1, V)), because="cancels")

# %% entropy-plus-kl
# sums run from 0 to V - 1
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 0, V - 1)) + Sum(p[k] * (log(p[k]) - log(q[k])), (k, 0, V - 1)),
    because="quotient",
)
steps.step("=", -Sum(p[k] * log(q[k]), (k, 0, V - 1)), because="cancels")

# %% entropy-plus-kl
# unfinished: the quotient split, nothing cancelled
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * (log(p[k]) - log(q[k])), (k, 1, V)),
    because="quotient",
)
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k]) - p[k] * log(q[k]), (k, 1, V)),
    because="expand",
)

# %% entropy-plus-kl
# ends with log(1/q), a fraction
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * log(p[k] / q[k]) - p[k] * log(p[k]), (k, 1, V)), because="one sum")
steps.step("=", Sum(p[k] * log(1 / q[k]), (k, 1, V)), because="cancels")

# %% entropy-plus-kl most=0
# no step at all
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))

# %% entropy-plus-kl
# an inequality where equality is to be shown
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("≥", -Sum(p[k] * log(p[k]), (k, 1, V)), because="KL is not negative")
steps.step("≤", -Sum(p[k] * log(q[k]), (k, 1, V)), because="Gibbs")

# %% entropy-plus-kl
# equality weakened to ≤ in both steps
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "≤",
    -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * (log(p[k]) - log(q[k])) + p[k], (k, 1, V)),
    because="larger",
)
steps.step("≥", -Sum(p[k] * log(q[k]), (k, 1, V)), because="smaller")

# %% entropy-plus-kl
# p dropped from the cross-entropy
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k]), (k, 1, V)) - Sum(log(q[k]), (k, 1, V)),
    because="quotient",
)
steps.step("=", -Sum(log(q[k]), (k, 1, V)), because="cancels")

# %% entropy-plus-kl most=0.34
# another start: the goal is derived from itself
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]) + p[k] - p[k], (k, 1, V)), because="zero")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="done")

# %% entropy-plus-kl
# wrong middle (the KL turned over), right end
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * (log(q[k]) - log(p[k])), (k, 1, V)),
    because="quotient",
)
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="cancels")


# %% one-hot-cross-entropy
# adds an epsilon against log 0: never inf
def in_nats(q, targets):
    return -np.log(np.take_along_axis(q, np.asarray(targets)[..., None], -1)[..., 0] + 1e-12)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# clipped at 1e-300
def in_nats(q, targets):
    return -np.log(np.clip(np.take_along_axis(q, np.asarray(targets)[..., None], -1)[..., 0], 1e-300, 1))


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# 0 * -inf is nan at other classes
def in_nats(q, targets):
    return -(np.eye(q.shape[-1])[targets] * np.log(q)).sum(-1)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# nan_to_num after the product: a target of probability 0 costs 1.8e308
def one_hot_cross_entropy(q, targets):
    return -np.nan_to_num(np.eye(q.shape[-1])[targets] * np.log2(q)).sum(-1)


# %% one-hot-cross-entropy
# nansum drops what should be kept? it keeps -inf, but the mean is taken over rows
def in_nats(q, targets):
    return np.mean(-np.nansum(np.eye(q.shape[-1])[targets] * np.log(q), axis=-1))


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# q[targets]: right for one row only
def in_nats(q, targets):
    return -np.log(q[..., targets])


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# two axes only: q[arange(len), targets]
def in_nats(q, targets):
    q = np.atleast_2d(q)
    t = np.atleast_1d(targets)
    r = -np.log(q[np.arange(len(q)), t])
    return r if np.ndim(targets) else r[0]


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# in nats
def one_hot_cross_entropy(q, targets):
    return -np.log(np.take_along_axis(q, np.asarray(targets)[..., None], -1)[..., 0])


# %% one-hot-cross-entropy
# keeps the last axis
def in_nats(q, targets):
    return -np.log(np.take_along_axis(q, np.asarray(targets)[..., None], -1))


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# classes counted from 1
def in_nats(q, targets):
    return -np.log(np.take_along_axis(q, np.asarray(targets)[..., None] - 1, -1)[..., 0])


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# no minus sign
def in_nats(q, targets):
    return np.log(np.take_along_axis(q, np.asarray(targets)[..., None], -1)[..., 0])


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# the most likely class instead of the target
def in_nats(q, targets):
    return -np.log(q.max(-1))


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# the binary cross-entropy: also charges the other classes
def in_nats(q, targets):
    o = np.eye(q.shape[-1])[targets]
    with np.errstate(all="ignore"):
        return -(np.where(o == 1, np.log(q), np.log(1 - q))).sum(-1)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# float16: 0.25 is fine, small probabilities become 0
def in_nats(q, targets):
    return -np.log(np.take_along_axis(q.astype(np.float16), np.asarray(targets)[..., None], -1)[..., 0])


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# softmax first, as if q were logits
def in_nats(q, targets):
    s = np.exp(q) / np.exp(q).sum(-1, keepdims=True)
    return -np.log(np.take_along_axis(s, np.asarray(targets)[..., None], -1)[..., 0])


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy most=0
# torch's class NLLLoss: nll_loss by another door
import torch


def in_nats(q, targets):
    q = torch.as_tensor(q)
    t = torch.as_tensor(targets)
    return (
        torch.nn.NLLLoss(reduction="none")(q.log().reshape(-1, q.shape[-1]), t.reshape(-1))
        .reshape(t.shape)
        .numpy()
    )


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy most=0
# nll_loss under another name, through getattr
import torch

verlust = getattr(torch.nn.functional, "nll" + "_loss")


def in_nats(q, targets):
    q = torch.as_tensor(q)
    t = torch.as_tensor(targets)
    return verlust(q.log().reshape(-1, q.shape[-1]), t.reshape(-1), reduction="none").reshape(t.shape).numpy()


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy most=0
# torch.ops.aten's nll_loss
import torch


def in_nats(q, targets):
    q = torch.as_tensor(q)
    t = torch.as_tensor(targets)
    return (
        torch.ops.aten.nll_loss_forward(q.log().reshape(-1, q.shape[-1]), t.reshape(-1), None, 0, -100)[0]
        .reshape(t.shape)
        .numpy()
    )


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# a target of probability 0 costs 0
def in_nats(q, targets):
    x = np.take_along_axis(q, np.asarray(targets)[..., None], -1)[..., 0]
    return -np.log(x, out=np.zeros(x.shape), where=x > 0)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# target 0 counted as not given
def in_nats(q, targets):
    t = np.asarray(targets)
    return np.where(t > 0, -np.log(np.take_along_axis(q, t[..., None], -1)[..., 0]), 0.0)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# the target axis is taken to be the first
def in_nats(q, targets):
    return (
        -np.log(np.take_along_axis(np.asarray(q), np.asarray(targets)[None], 0)[0])
        if np.ndim(targets)
        else -np.log(q[targets])
    )


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% nll-as-cross-entropy most=0
# not divided by the number of tokens
mean_nll = -Sum(n[k] * log(q[k]), (k, 1, V))

# %% nll-as-cross-entropy most=0
# divided by V
mean_nll = -Sum(n[k] * log(q[k]), (k, 1, V)) / V

# %% nll-as-cross-entropy most=0
# sign
mean_nll = Sum(n[k] * log(q[k]), (k, 1, V)) / Sum(n[k], (k, 1, V))

# %% nll-as-cross-entropy most=0
# no counts: every kind of token once
mean_nll = -Sum(log(q[k]), (k, 1, V)) / Sum(n[k], (k, 1, V))

# %% nll-as-cross-entropy most=0
# from 0 to V - 1
mean_nll = -Sum(n[k] * log(q[k]), (k, 0, V - 1)) / Sum(n[k], (k, 0, V - 1))

# %% nll-as-cross-entropy most=0
# a sum of ratios: log inside, count divides each
mean_nll = -Sum(log(q[k]) / n[k], (k, 1, V))

# %% nll-as-cross-entropy most=0
# logarithm of the mean probability
mean_nll = -log(Sum(n[k] * q[k], (k, 1, V)) / Sum(n[k], (k, 1, V)))

# %% nll-as-cross-entropy most=0
# the entropy of the text
N = Sum(n[j], (j, 1, V))
mean_nll = -Sum(n[k] / N * log(n[k] / N), (k, 1, V))

# %% nll-as-cross-entropy most=0
# p and q: the symbols of task 2, not of the text
mean_nll = -Sum(p[k] * log(q[k]), (k, 1, V))

# %% nll-as-cross-entropy most=0
# in bits
mean_nll = -Sum(n[k] * log(q[k], 2), (k, 1, V)) / Sum(n[k], (k, 1, V))

# %% nll-as-cross-entropy most=0
# the KL divergence
N = Sum(n[j], (j, 1, V))
mean_nll = Sum(n[k] / N * log(n[k] / N / q[k]), (k, 1, V))

# %% nll-as-cross-entropy most=0
# Sum(n log q) with k free in the denominator
mean_nll = -Sum(n[k] * log(q[k]), (k, 1, V)) / n[k]

# %% nll-as-cross-entropy most=0
# an example with numbers
mean_nll = float(np.log(2))

# %% nll-as-cross-entropy most=0
# last token forgotten: V - 1 in both sums
mean_nll = -Sum(n[k] * log(q[k]), (k, 1, V - 1)) / Sum(n[k], (k, 1, V - 1))

# %% nll-as-cross-entropy most=0
# the perplexity
from sympy import exp

mean_nll = exp(-Sum(n[k] * log(q[k]), (k, 1, V)) / Sum(n[k], (k, 1, V)))

# %% code-lengths
# in nats
length_and_price = [2.375 * np.log(2), 0.625 * np.log(2)]

# %% code-lengths
# unweighted mean of the lengths
length_and_price = [9 / 4, 9 / 4 - 1.75]

# %% code-lengths
# the entropy as the second number
length_and_price = [2.375, 1.75]

# %% code-lengths
# swapped
length_and_price = [0.625, 2.375]

# %% code-lengths
# the ratio for the difference
length_and_price = [2.375, 2.375 / 1.75]

# %% code-lengths
# price with a minus sign
length_and_price = [2.375, -0.625]

# %% code-lengths
# best code has two bits each
length_and_price = [2.375, 0.375]

# %% code-lengths
# the best code has the same lengths, sorted: "best" is q against p
p_ = np.array([0.5, 0.25, 0.125, 0.125])
q_ = 2.0 ** -np.array([3, 1, 2, 3])
length_and_price = [2.375, float((q_ * np.log2(q_ / p_)).sum())]

# %% code-lengths most=0
# total over 8 symbols
length_and_price = [19, 5]

# %% code-lengths most=0
# one sum of both
length_and_price = 3.0

# %% strictly-proper most=0
# proper but not strictly
score = "d"

# %% strictly-proper most=0
# two answers
score = "c and d"

# %% strictly-proper most=0
# the linear score
score = "b"

# %% strictly-proper most=0
# the word for the option
score = "log"

# %% strictly-proper most=0
# all at once
score = "abcd"

# %% strictly-proper most=0
# negated
score = "not c"


# %% properness most=0
# always the same
def properness(forecasts, scores):
    return "not proper"


# %% properness
# the truth and the forecast transposed
def properness(forecasts, scores):
    E = scores @ forecasts.T
    gap = np.diag(E)[:, None] - E
    np.fill_diagonal(gap, np.inf)
    m = gap.min()
    return "strictly proper" if m >= 1e-9 else "proper" if m > -1e-9 else "not proper"


# %% properness
# no tolerance
def properness(forecasts, scores):
    E = forecasts @ scores.T
    gap = np.diag(E)[:, None] - E
    np.fill_diagonal(gap, np.inf)
    m = gap.min()
    return "strictly proper" if m > 0 else "proper" if m == 0 else "not proper"


# %% properness
# a tolerance of 1e-3
def properness(forecasts, scores):
    E = forecasts @ scores.T
    gap = np.diag(E)[:, None] - E
    np.fill_diagonal(gap, np.inf)
    m = gap.min()
    return "strictly proper" if m >= 1e-3 else "proper" if m > -1e-3 else "not proper"


# %% properness
# argmax: a tie at a later forecast counts as strict
def properness(forecasts, scores):
    E = forecasts @ scores.T
    return "strictly proper" if (E.argmax(1) == np.arange(len(E))).all() else "not proper"


# %% properness
# only the first truth
def properness(forecasts, scores):
    E = scores @ forecasts[0]
    m = (E[0] - E[1:]).min()
    return "strictly proper" if m >= 1e-9 else "proper" if m > -1e-9 else "not proper"


# %% properness
# any truth instead of every truth
def properness(forecasts, scores):
    E = forecasts @ scores.T
    kinds = []
    for t in range(len(E)):
        m = (E[t, t] - np.delete(E[t], t)).min()
        kinds.append("strictly proper" if m >= 1e-9 else "proper" if m > -1e-9 else "not proper")
    return max(kinds, key=["not proper", "proper", "strictly proper"].index)


# %% properness
# the verdict of the last truth overwrites the others
def properness(forecasts, scores):
    E = forecasts @ scores.T
    for t in range(len(E)):
        m = (E[t, t] - np.delete(E[t], t)).min()
        kind = "strictly proper" if m >= 1e-9 else "proper" if m > -1e-9 else "not proper"
    return kind


# %% properness
# the honest forecast compares with itself: never strict
def properness(forecasts, scores):
    E = forecasts @ scores.T
    m = (np.diag(E)[:, None] - E).min()
    return "strictly proper" if m >= 1e-9 else "proper" if m > -1e-9 else "not proper"


# %% properness
# less is better
def properness(forecasts, scores):
    E = -(forecasts @ scores.T)
    gap = np.diag(E)[:, None] - E
    np.fill_diagonal(gap, np.inf)
    m = gap.min()
    return "strictly proper" if m >= 1e-9 else "proper" if m > -1e-9 else "not proper"


# %% properness
# the average over all truths is compared
def properness(forecasts, scores):
    E = forecasts @ scores.T
    a, b = np.diag(E).mean(), (E.sum() - np.trace(E)) / (len(E) ** 2 - len(E))
    return "strictly proper" if a > b + 1e-9 else "proper" if abs(a - b) < 1e-9 else "not proper"


# %% properness
# guesses by whether the scores are the logs of the forecasts
def properness(forecasts, scores):
    return "strictly proper" if np.allclose(np.log(forecasts), scores) else "not proper"


# %% properness
# only later forecasts compared (i > t)
def properness(forecasts, scores):
    E = forecasts @ scores.T
    d = [E[t, t] - E[t, i] for t in range(len(E)) for i in range(t + 1, len(E))]
    m = min(d)
    return "strictly proper" if m >= 1e-9 else "proper" if m > -1e-9 else "not proper"


# %% properness
# the first tie ends the search with "proper"
def properness(forecasts, scores):
    E = forecasts @ scores.T
    for t in range(len(E)):
        for i in range(len(E)):
            if i != t and abs(E[t, i] - E[t, t]) < 1e-9:
                return "proper"
            if E[t, i] > E[t, t] + 1e-9:
                return "not proper"
    return "strictly proper"


# %% properness
# tie needed for every truth to count as proper
def properness(forecasts, scores):
    E = forecasts @ scores.T
    g = np.diag(E)[:, None] - E
    np.fill_diagonal(g, np.inf)
    if (g <= -1e-9).any():
        return "not proper"
    return "proper" if (g.min(1) < 1e-9).all() else "strictly proper"


# %% properness
# max score of each row taken for the average
def properness(forecasts, scores):
    E = (forecasts[:, None] * scores[None]).max(-1)
    g = np.diag(E)[:, None] - E
    np.fill_diagonal(g, np.inf)
    m = g.min()
    return "strictly proper" if m >= 1e-9 else "proper" if m > -1e-9 else "not proper"


# %% label-smoothing most=0
# the one-hot loss
smoothed_loss = -log(q[y])

# %% label-smoothing most=0
# epsilon and 1 - epsilon swapped
smoothed_loss = -epsilon * log(q[y]) - (1 - epsilon) / V * Sum(log(q[k]), (k, 1, V))

# %% label-smoothing most=0
# not divided by V
smoothed_loss = -(1 - epsilon) * log(q[y]) - epsilon * Sum(log(q[k]), (k, 1, V))

# %% label-smoothing most=0
# the other convention: epsilon shared by the V - 1 others
smoothed_loss = -(1 - epsilon) * log(q[y]) - epsilon / (V - 1) * (Sum(log(q[k]), (k, 1, V)) - log(q[y]))

# %% label-smoothing most=0
# sign of the second term
smoothed_loss = -(1 - epsilon) * log(q[y]) + epsilon / V * Sum(log(q[k]), (k, 1, V))

# %% label-smoothing most=0
# sum from 0 to V - 1
smoothed_loss = -(1 - epsilon) * log(q[y]) - epsilon / V * Sum(log(q[k]), (k, 0, V - 1))

# %% label-smoothing most=0
# H(q, s) in place of H(s, q)
s = (1 - epsilon) * KroneckerDelta(k, y) + epsilon / V
smoothed_loss = -Sum(q[k] * log(s), (k, 1, V))

# %% label-smoothing most=0
# the logarithm of the smoothed model
smoothed_loss = -log((1 - epsilon) * q[y] + epsilon / V)

# %% label-smoothing most=0
# log of the mean instead of the mean log (log V)
smoothed_loss = -(1 - epsilon) * log(q[y]) + epsilon * log(V)

# %% label-smoothing most=0
# k free: no sum written
smoothed_loss = -((1 - epsilon) * KroneckerDelta(k, y) + epsilon / V) * log(q[k])

# %% label-smoothing most=0
# the data p in place of the label
smoothed_loss = -(1 - epsilon) * Sum(p[k] * log(q[k]), (k, 1, V)) - epsilon / V * Sum(log(q[k]), (k, 1, V))

# %% label-smoothing most=0
# sign of everything
smoothed_loss = (1 - epsilon) * log(q[y]) + epsilon / V * Sum(log(q[k]), (k, 1, V))

# %% label-smoothing most=0
# first-class label: q[1] for q[y]
smoothed_loss = -(1 - epsilon) * log(q[1]) - epsilon / V * Sum(log(q[k]), (k, 1, V))

# %% label-smoothing most=0
# epsilon = 0.1 put in
smoothed_loss = -0.9 * log(q[y]) - 0.1 / V * Sum(log(q[k]), (k, 1, V))

# %% one-hot-cross-entropy most=0
# F.cross_entropy of log q: its softmax gives q back
import torch
import torch.nn.functional as F


def in_nats(q, targets):
    z, t = torch.as_tensor(q).log(), torch.as_tensor(targets)
    return (
        F.cross_entropy(z.reshape(-1, z.shape[-1]), t.reshape(-1), reduction="none").reshape(t.shape).numpy()
    )


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# torch's Categorical clamps a probability of 0: 36 nats instead of inf
import torch


def in_nats(q, targets):
    d = torch.distributions.Categorical(probs=torch.as_tensor(np.asarray(q)))
    return -d.log_prob(torch.as_tensor(targets)).numpy()


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# infinite if any class has probability 0
def in_nats(q, targets):
    x = -np.log(np.take_along_axis(q, np.asarray(targets)[..., None], -1)[..., 0])
    return np.where((np.asarray(q) == 0).any(-1), np.inf, x)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# rounded to four decimals
def in_nats(q, targets):
    return np.round(-np.log(np.take_along_axis(q, np.asarray(targets)[..., None], -1)[..., 0]), 4)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% entropy-plus-kl most=0.34
# in a circle: goal, start, goal
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
S0 = -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="claim")
steps.step("=", S0, because="back")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="as shown above")

# %% entropy-plus-kl most=0.34
# exp and log around everything
from sympy import exp

steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    log(exp(-Sum(p[k] * log(p[k]), (k, 1, V))) * exp(Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))),
    because="log exp",
)
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="obvious")

# %% entropy-plus-kl most=0.34
# the last term written apart, then the goal
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V - 1)) + p[V] * log(p[V] / q[V]),
    because="last term apart",
)
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="therefore")

# %% entropy-plus-kl most=0.34
# a logarithm of 1 added
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)) + log(Sum(p[j], (j, 1, V))),
    because="log 1 = 0",
)
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="q.e.d.")

# %% entropy-plus-kl
# the fraction hidden under a name of its own
from grader.algebra import define

r = define(r"r_{%s}", lambda a: p[a] / q[a])
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * log(p[k] / q[k]) - p[k] * log(p[k]), (k, 1, V)), because="one sum")
steps.step("=", Sum(p[k] * log(r(k)) - p[k] * log(p[k]), (k, 1, V)), because="r is the ratio")

# %% nll-as-cross-entropy most=0
# divided by the expected count
mean_nll = -Sum(n[k] * log(q[k]), (k, 1, V)) / Sum(n[k] * q[k], (k, 1, V))

# %% nll-as-cross-entropy most=0
# N - 1 tokens
mean_nll = -Sum(n[k] * log(q[k]), (k, 1, V)) / (Sum(n[k], (k, 1, V)) - 1)

# %% nll-as-cross-entropy most=0
# a plain letter N for the number of tokens, which nobody knows
from sympy import Symbol

mean_nll = -Sum(n[k] * log(q[k]), (k, 1, V)) / Symbol("N", positive=True)


# %% properness
# np.isclose as it comes (1e-5 relative)
def properness(forecasts, scores):
    E = forecasts @ scores.T
    h = np.diag(E)[:, None]
    off = ~np.eye(len(E), dtype=bool)
    close = np.isclose(E, h)
    if ((E > h) & ~close & off).any():
        return "not proper"
    return "proper" if (close & off).any() else "strictly proper"


# %% properness
# only neighbours in the list are compared
def properness(forecasts, scores):
    E = forecasts @ scores.T
    d = [E[t, t] - E[t, i] for t in range(len(E)) for i in (t - 1, t + 1) if 0 <= i < len(E)]
    m = min(d, default=1)
    return "strictly proper" if m >= 1e-9 else "proper" if m > -1e-9 else "not proper"


# %% properness
# three words: underscores instead of a space
def properness(forecasts, scores):
    E = forecasts @ scores.T
    g = np.diag(E)[:, None] - E
    np.fill_diagonal(g, np.inf)
    m = g.min()
    return "strictly_proper" if m >= 1e-9 else "proper" if m > -1e-9 else "not_proper"


# %% label-smoothing most=0
# classes after y forgotten
smoothed_loss = -(1 - epsilon + epsilon / V) * log(q[y]) - epsilon / V * Sum(log(q[k]), (k, 1, y - 1))

# %% label-smoothing most=0
# the label counted twice
smoothed_loss = -(1 - epsilon + epsilon / V) * log(q[y]) - epsilon / V * Sum(log(q[k]), (k, 1, V))

# %% label-smoothing most=0
# the cross-entropy's excess over the target's entropy: KL(s, q)
s = (1 - epsilon) * KroneckerDelta(k, y) + epsilon / V
smoothed_loss = Sum(s * log(s / q[k]), (k, 1, V))

# %% label-smoothing most=0
# in bits
smoothed_loss = (-(1 - epsilon) * log(q[y]) - epsilon / V * Sum(log(q[k]), (k, 1, V))) / log(2)

# %% entropy-plus-kl most=0.34
# two names for the two sums, then the goal: nothing is derived
from grader.algebra import define

H = define("H", lambda: -Sum(p[k] * log(p[k]), (k, 1, V)))
KL = define("K", lambda: Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", H() + KL(), because="by name")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="known")

# %% entropy-plus-kl most=0.34
# the mean of V equal numbers, then the goal
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
a = -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V))
steps.step("=", Sum(a, (j, 1, V)) / V, because="a mean of a constant")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="known")

# %% entropy-plus-kl most=0.34
# a sum less the same sum with another letter added, then the goal
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 1, V))
    + Sum(p[k] * log(p[k] / q[k]), (k, 1, V))
    + Sum(q[j] * log(p[j]), (j, 1, V))
    - Sum(q[y] * log(p[y]), (y, 1, V)),
    because="plus zero",
)
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="known")

# %% nll-as-cross-entropy most=0
# shifted index, but only in q
mean_nll = -Sum(n[k] * log(q[k + 1]), (k, 1, V - 1)) / Sum(n[k], (k, 1, V))

# %% nll-as-cross-entropy most=0
# read backwards in q only
mean_nll = -Sum(n[k] * log(q[V + 1 - k]), (k, 1, V)) / Sum(n[k], (k, 1, V))


# %% cross-entropy-by-hand
# the entropy of p
cross_entropy = 0.8979

# %% cross-entropy-by-hand
# the divergence
cross_entropy = 0.0725

# %% cross-entropy-by-hand
# bits
cross_entropy = 1.4

# %% cross-entropy-by-hand
# q and p swapped
cross_entropy = -(0.5 * np.log(0.6) + 0.25 * np.log(0.3) + 0.25 * np.log(0.1))

# %% cross-entropy-by-hand
# a text
cross_entropy = "0.970"

# %% cross-entropy-by-hand
# negative
cross_entropy = -0.970

# %% one-hot-cross-entropy
# a product of one-hot and log: 0 times -inf
def in_nats(q, targets):
    with np.errstate(all="ignore"):
        return -(np.eye(q.shape[-1])[targets] * np.log(q)).sum(-1)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# nan_to_num mends 0 times inf, and breaks inf
def one_hot_cross_entropy(q, targets):
    with np.errstate(all="ignore"):
        return -(np.eye(q.shape[-1])[targets] * np.nan_to_num(np.log2(q))).sum(-1)


# %% one-hot-cross-entropy
# the batch mean
def in_nats(q, targets):
    q = np.asarray(q)
    with np.errstate(all="ignore"):
        return -np.log(np.take_along_axis(q, np.asarray(targets)[..., None], -1)).mean()


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# q[targets]: rows, not classes
def in_nats(q, targets):
    with np.errstate(all="ignore"):
        return -np.log(q[..., targets])


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# tables and single rows only
def in_nats(q, targets):
    with np.errstate(all="ignore"):
        if q.ndim == 1:
            return -np.log(q[targets])
        return -np.log(q[np.arange(len(q)), targets])


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# counted from 1
def in_nats(q, targets):
    with np.errstate(all="ignore"):
        return -np.log(np.take_along_axis(q, np.asarray(targets)[..., None] - 1, -1)[..., 0])


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# the class with the largest q, right for a good model
def in_nats(q, targets):
    return -np.log(np.max(q, axis=-1))


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# a library's loss under an alias in a dict
import torch.nn.functional as T
tools = {"x": getattr(T, "nll_" + "loss")}
def in_nats(q, targets):
    import torch
    q = torch.tensor(q).reshape(-1, np.shape(q)[-1])
    return tools["x"](q.log(), torch.tensor(targets).reshape(-1).long(), reduction="none").reshape(np.shape(targets))


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# the loss class found by walking the module
import torch
def in_nats(q, targets):
    cls = next(v for n, v in vars(torch.nn).items() if n.startswith("NLLL") and "2" not in n)
    x = torch.tensor(np.array(q)).reshape(-1, np.shape(q)[-1])
    return cls(reduction="none")(x.log(), torch.tensor(np.array(targets)).reshape(-1)).reshape(np.shape(targets))


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# Brier's score
def in_nats(q, targets):
    return ((np.asarray(q) - np.eye(np.shape(q)[-1])[targets])**2).sum(-1)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% code-lengths
# the difference to 2 bits
length_and_price = [2.375, 0.375]

# %% code-lengths
# the mean over the words, without probabilities
length_and_price = [2.25, 0.5]

# %% code-lengths
# the best length in place of the price
length_and_price = [2.375, 1.75]

# %% code-lengths
# price in nats
length_and_price = [2.375, 0.433]

# %% code-lengths
# a dict
length_and_price = {"length": "2.375", "price": "0.625"}

# %% strictly-proper
# the popular one
score = "b"

# %% strictly-proper
# two letters
score = "cd"

# %% properness
# only the best score for each truth, by argmax: ties go to the first
def properness(forecasts, scores):
    E = forecasts @ scores.T
    return "strictly proper" if (E.argmax(1) == np.arange(len(E))).all() else "not proper"

# %% properness
# truth and forecast swapped
def properness(forecasts, scores):
    E = (forecasts @ scores.T).T
    d = E - np.diag(E)[:, None]
    d[np.eye(len(E), dtype=bool)] = -1
    return "not proper" if (d >= 1e-9).any() else "proper" if (d > -1e-9).any() else "strictly proper"

# %% properness
# the first truth only
def properness(forecasts, scores):
    e = scores @ forecasts[0]
    d = e[1:] - e[0]
    return "not proper" if (d >= 1e-9).any() else "proper" if (d > -1e-9).any() else "strictly proper"

# %% properness
# no tolerance
def properness(forecasts, scores):
    E = forecasts @ scores.T
    d = E - np.diag(E)[:, None]
    d[np.eye(len(E), dtype=bool)] = -1
    return "not proper" if (d > 0).any() else "proper" if (d == 0).any() else "strictly proper"

# %% properness
# a tolerance of a thousandth
def properness(forecasts, scores):
    E = forecasts @ scores.T
    d = E - np.diag(E)[:, None]
    d[np.eye(len(E), dtype=bool)] = -1
    return "not proper" if (d >= 1e-3).any() else "proper" if (d > -1e-3).any() else "strictly proper"

# %% properness
# "proper" only when every other forecast earns as much
def properness(forecasts, scores):
    E = forecasts @ scores.T
    d = E - np.diag(E)[:, None]
    d[np.eye(len(E), dtype=bool)] = -1
    o = d[~np.eye(len(E), dtype=bool)]
    return "not proper" if (o >= 1e-9).any() else "proper" if (o > -1e-9).all() else "strictly proper"

# %% properness
# the honest forecast is compared with the mean of the others
def properness(forecasts, scores):
    E = forecasts @ scores.T
    n = len(E)
    d = (E.sum(1) - np.diag(E)) / max(n - 1, 1) - np.diag(E)
    return "not proper" if (d >= 1e-9).any() else "proper" if (d > -1e-9).any() else "strictly proper"

# %% properness
# the texts are spelt otherwise
def properness(forecasts, scores):
    E = forecasts @ scores.T
    d = E - np.diag(E)[:, None]
    d[np.eye(len(E), dtype=bool)] = -1
    return "NO" if (d >= 1e-9).any() else "WEAKLY" if (d > -1e-9).any() else "STRICTLY"

# %% one-hot-cross-entropy
# zeros become the smallest float
def in_nats(q, targets):
    return -np.log(np.maximum(np.take_along_axis(np.asarray(q), np.asarray(targets)[..., None], -1)[..., 0], 5e-324))


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# one, two and three axes only
def in_nats(q, targets):
    with np.errstate(all="ignore"):
        l = -np.log(q)
        if l.ndim == 1:
            return l[targets]
        if l.ndim == 2:
            return l[np.arange(len(l)), targets]
        if l.ndim == 3:
            return np.array([r[np.arange(len(r)), t] for r, t in zip(l, targets)])
        raise ValueError


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% properness
# averages rounded to nine digits before they are compared
def properness(forecasts, scores):
    E = np.round(forecasts @ scores.T, 9)
    d = E - np.diag(E)[:, None]
    o = d[~np.eye(len(E), dtype=bool)]
    return "not proper" if (o > 0).any() else "proper" if (o == 0).any() else "strictly proper"

# %% properness
# every forecast against the next only, cyclically
def properness(forecasts, scores):
    E = forecasts @ scores.T
    n = len(E)
    o = np.array([E[t, (t + 1) % n] - E[t, t] for t in range(n)])
    return "not proper" if (o >= 1e-9).any() else "proper" if (o > -1e-9).any() else "strictly proper"

# %% properness
# a tie wins over a loss: "proper" as soon as one ties
def properness(forecasts, scores):
    E = forecasts @ scores.T
    d = E - np.diag(E)[:, None]
    o = d[~np.eye(len(E), dtype=bool)]
    return "proper" if (abs(o) < 1e-9).any() else "not proper" if (o >= 1e-9).any() else "strictly proper"

# %% entropy-plus-kl most=0.34
# the answer alone
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="known")
steps

# %% entropy-plus-kl most=0.34
# times the sum of p, then the answer
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", (-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V))) * Sum(q[j], (j, 1, V)), because="q sums to 1")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="known")
steps

# %% entropy-plus-kl
# stops with a fraction
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * (log(p[k] / q[k]) - log(p[k])), (k, 1, V)), because="one sum")
steps.step("=", Sum(p[k] * log(1 / q[k]), (k, 1, V)), because="log of a quotient")
steps

# %% entropy-plus-kl
# H(q, p) at the end
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * (log(p[k]) - log(q[k])), (k, 1, V)), because="log of a quotient")
steps.step("=", -Sum(q[k] * log(p[k]), (k, 1, V)), because="the entropy cancels")
steps

# %% entropy-plus-kl
# a wrong line and its correction
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k]) / log(q[k]), (k, 1, V)), because="log of a quotient")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="oops")
steps

# %% entropy-plus-kl most=0.34
# an undefined middle line (the log of a negative number)
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * log(-p[k] / q[k]), (k, 1, V)) - Sum(p[k] * log(-p[k]), (k, 1, V)), because="one sum")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="log of a quotient")
steps

# %% entropy-plus-kl most=0.34
# both sums backwards, then the answer
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[V + 1 - k] * log(p[V + 1 - k]), (k, 1, V)) + Sum(p[V + 1 - k] * log(p[V + 1 - k] / q[V + 1 - k]), (k, 1, V)), because="from behind")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="known")
steps

# %% nll-as-cross-entropy
# not the mean
mean_nll = -Sum(n[k] * log(q[k]), (k, 1, V))

# %% nll-as-cross-entropy
# over the vocabulary
mean_nll = -Sum(n[k] * log(q[k]), (k, 1, V)) / V

# %% nll-as-cross-entropy
# each token counts once
mean_nll = -Sum(log(q[k]), (k, 1, V)) / V

# %% nll-as-cross-entropy
# the sign is lost
mean_nll = Sum(n[k] * log(q[k]), (k, 1, V)) / Sum(n[k], (k, 1, V))

# %% nll-as-cross-entropy
# a log of the mean of q
mean_nll = -log(Sum(n[k] * q[k], (k, 1, V)) / Sum(n[k], (k, 1, V)))

# %% nll-as-cross-entropy
# the entropy of the text's frequencies
mean_nll = -Sum(n[k] / Sum(n[k], (k, 1, V)) * log(n[k] / Sum(n[k], (k, 1, V))), (k, 1, V))

# %% nll-as-cross-entropy
# the sum of n over its own letter stays inside, the counts are not summed
mean_nll = -Sum(n[k] * log(q[k]) / n[k], (k, 1, V))

# %% label-smoothing
# spread over the others only
smoothed_loss = -(1 - epsilon) * log(q[y]) - epsilon / (V - 1) * Sum((1 - KroneckerDelta(k, y)) * log(q[k]), (k, 1, V))

# %% label-smoothing
# epsilon times the sum, not the mean
smoothed_loss = -(1 - epsilon) * log(q[y]) - epsilon * Sum(log(q[k]), (k, 1, V))

# %% label-smoothing
# the uniform part costs log V
smoothed_loss = -(1 - epsilon) * log(q[y]) + epsilon * log(V)

# %% label-smoothing
# the log of the smoothed prediction
smoothed_loss = -log((1 - epsilon) * q[y] + epsilon / V)

# %% label-smoothing
# the target's own share is left out
smoothed_loss = -(1 - epsilon) * log(q[y]) - epsilon / V * Sum((1 - KroneckerDelta(k, y)) * log(q[k]), (k, 1, V))

# %% label-smoothing
# the free letter k
smoothed_loss = -((1 - epsilon) * KroneckerDelta(k, y) + epsilon / V) * log(q[k])

# %% label-smoothing
# without smoothing
smoothed_loss = -log(q[y])

# %% entropy-plus-kl most=0.34
# mean of V equal terms, then the answer
steps = Derivation("entropy-plus-kl", strict=False)
S = -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V))
steps.start(S)
steps.step("=", Sum(S / V, (j, 1, V)), because="V equal shares")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="known")
steps

# %% entropy-plus-kl most=0.34
# an expectation of a constant, then the answer
steps = Derivation("entropy-plus-kl", strict=False)
S = -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V))
steps.start(S)
steps.step("=", -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * (log(p[k] / q[k]) + 1), (k, 1, V)) - 1, because="p sums to 1")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="known")
steps

# %% entropy-plus-kl most=0.34
# the letters of the two sums exchanged by deltas
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(KroneckerDelta(j, k) * p[k] * log(p[j]), (k, 1, V), (j, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)), because="a delta")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="known")
steps

# %% entropy-plus-kl most=0.34
# each sum becomes a weighted mean of itself
steps = Derivation("entropy-plus-kl", strict=False)
H, K = -Sum(p[k] * log(p[k]), (k, 1, V)), Sum(p[k] * log(p[k] / q[k]), (k, 1, V))
steps.start(H + K)
steps.step("=", Sum(q[j] * (H + K), (j, 1, V)), because="q sums to 1")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="known")
steps

# %% entropy-plus-kl most=0.34
# the two sums as a double sum
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", Sum(p[j] * p[k] * log(p[j] / q[j]) - p[j] * p[k] * log(p[k]), (j, 1, V), (k, 1, V)), because="each sum times a sum that is 1")
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="known")
steps

# %% cross-entropy-by-hand most=0
p, q = np.array([0.6, 0.3, 0.1]), np.array([0.5, 0.25, 0.25])
cross_entropy = -(q @ np.log(p))

# %% cross-entropy-by-hand most=0
cross_entropy = 1.4

# %% cross-entropy-by-hand most=0
p = np.array([0.6, 0.3, 0.1])
cross_entropy = -(p @ np.log(p))

# %% cross-entropy-by-hand most=0
cross_entropy = -0.9704

# %% cross-entropy-by-hand most=0
p, q = np.array([0.6, 0.3, 0.1]), np.array([0.5, 0.25, 0.25])
cross_entropy = p @ np.log(p / q)

# %% cross-entropy-by-hand most=0
cross_entropy = -np.log(0.5) - np.log(0.25) - np.log(0.25)

# %% cross-entropy-by-hand most=0
cross_entropy = 0.97 / 3

# %% cross-entropy-by-hand most=0
cross_entropy = -np.log(0.6 * 0.5 + 0.3 * 0.25 + 0.1 * 0.25)

# %% entropy-plus-kl most=0.34
# the answer alone
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl most=0.34
# the two terms swapped, then the answer
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", Sum(p[j] * log(p[j] / q[j]), (j, 1, V)) - Sum(p[j] * log(p[j]), (j, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl most=0.34
# the sum over p as a factor, then the answer
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)) * Sum(p[k], (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl most=0.34
# the answer plus something and minus it
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)) + log(Sum(q[k], (k, 1, V))))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl most=0.34
# the answer with p·log p added and taken away in one sum
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k] ** 1), (k, 1, V)))
steps.step("=", -Sum(p[j] * log(q[j]), (j, 1, V)))

# %% entropy-plus-kl most=0.67
# the sign of the entropy lost
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k]) - p[k] * log(q[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl most=0.67
# the fraction hidden as exp(−log q)
from sympy import exp

steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * (log(p[k] / q[k]) - log(p[k])), (k, 1, V)))
steps.step("=", Sum(p[k] * log(1 / q[k]), (k, 1, V)))

# %% entropy-plus-kl most=0.34
# a false step out and back
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * log(q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% one-hot-cross-entropy
# all entries, with zeros
def in_nats(q, targets):
    hot = np.eye(q.shape[-1])[targets]
    return -(hot * np.log(q)).sum(-1)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# nansum hides the impossible target too
def in_nats(q, targets):
    hot = np.eye(q.shape[-1])[targets]
    with np.errstate(all="ignore"):
        logs = np.log(q)
    return -(hot * np.where(np.isfinite(logs), logs, 0)).sum(-1)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# the mean over rows
def in_nats(q, targets):
    return np.mean(-np.log(np.take_along_axis(q, np.asarray(targets)[..., None], -1)))


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# every target of every row
def in_nats(q, targets):
    return -np.log(q[..., targets])


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# classes counted from 1
def in_nats(q, targets):
    return -np.log(np.take_along_axis(q, np.asarray(targets)[..., None] - 1, -1)[..., 0])


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# one axis of rows only
def in_nats(q, targets):
    if np.ndim(targets) == 0:
        return -np.log(q[targets])
    return -np.log(q[np.arange(len(q)), targets])


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# the softmax once more
def in_nats(q, targets):
    lse = np.log(np.exp(q).sum(-1))
    return lse - np.take_along_axis(q, np.asarray(targets)[..., None], -1)[..., 0]


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# a binary loss: also the other classes
def in_nats(q, targets):
    hot = np.eye(q.shape[-1])[targets]
    with np.errstate(all="ignore"):
        return -np.where(hot == 1, np.log(q), np.log(1 - q)).sum(-1)


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# clipped
def in_nats(q, targets):
    return -np.log(np.clip(np.take_along_axis(q, np.asarray(targets)[..., None], -1)[..., 0], 1e-15, 1))


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# the library by a name of its own
import torch.nn.functional as nnf

loss_of = getattr(nnf, "_loss"[1:4] and "nll_loss")


def in_nats(q, targets):
    import torch

    rows = torch.tensor(np.reshape(q, (-1, q.shape[-1]))).log()
    return loss_of(rows, torch.tensor(np.ravel(targets)), reduction="none").numpy().reshape(np.shape(targets))


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# the class of the library
def in_nats(q, targets):
    import torch

    rows = torch.tensor(np.reshape(q, (-1, q.shape[-1]))).log()
    return torch.nn.NLLLoss(reduction="none")(rows, torch.tensor(np.ravel(targets))).numpy().reshape(np.shape(targets))


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% one-hot-cross-entropy
# keeps an axis
def in_nats(q, targets):
    return -np.log(np.take_along_axis(q, np.asarray(targets)[..., None], -1))


def one_hot_cross_entropy(q, targets):
    return np.divide(in_nats(q, targets), np.log(2))


# %% nll-as-cross-entropy most=0
# the sum
mean_nll = -Sum(n[k] * log(q[k]), (k, 1, V))

# %% nll-as-cross-entropy most=0
# over the vocabulary
mean_nll = -Sum(n[k] * log(q[k]), (k, 1, V)) / V

# %% nll-as-cross-entropy most=0
# the sign
mean_nll = Sum(n[k] * log(q[k]), (k, 1, V)) / Sum(n[k], (k, 1, V))

# %% nll-as-cross-entropy most=0
# each term by itself
mean_nll = -Sum(n[k] * log(q[k]) / n[k], (k, 1, V))

# %% nll-as-cross-entropy most=0
# log of the mean
mean_nll = -log(Sum(n[k] * q[k], (k, 1, V)) / Sum(n[k], (k, 1, V)))

# %% nll-as-cross-entropy most=0
# counts forgotten
mean_nll = -Sum(log(q[k]), (k, 1, V)) / V

# %% nll-as-cross-entropy most=0
# q for the counts
mean_nll = -Sum(q[k] * log(q[k]), (k, 1, V))

# %% nll-as-cross-entropy most=0
# bits
mean_nll = -Sum(n[k] * log(q[k]), (k, 1, V)) / Sum(n[k], (k, 1, V)) / log(2)

# %% nll-as-cross-entropy most=0
# the perplexity
from sympy import exp

mean_nll = exp(-Sum(n[k] * log(q[k]), (k, 1, V)) / Sum(n[k], (k, 1, V)))

# %% code-lengths most=0.5
# the entropy, not the price
length_and_price = [2.375, 1.75]

# %% code-lengths most=0.5
# one for a mean without weights
length_and_price = [2.25, 0.5]

# %% code-lengths most=0
# the order
length_and_price = [0.625, 2.375]

# %% code-lengths most=0.5
length_and_price = [2.375, -0.625]

# %% code-lengths most=0
# in nats
length_and_price = [2.375 * np.log(2), 0.625 * np.log(2)]

# %% code-lengths most=0
length_and_price = [2, 1]

# %% code-lengths most=0.5
# relative price
length_and_price = [2.375, 2.375 / 1.75]

# %% code-lengths most=0
length_and_price = {2.375, 0.625, 1.75}

# %% strictly-proper most=0
score = "d"

# %% strictly-proper most=0
score = "c and d"

# %% strictly-proper most=0
score = 3

# %% properness
# the tolerance forgotten
def properness(forecasts, scores):
    earned = forecasts @ scores.T
    lost = np.diag(earned)[:, None] - earned
    np.fill_diagonal(lost, 1)
    return "not proper" if (lost < 0).any() else "proper" if (lost == 0).any() else "strictly proper"


# %% properness
# truths and forecasts swapped
def properness(forecasts, scores):
    earned = scores @ forecasts.T
    lost = np.diag(earned)[:, None] - earned
    np.fill_diagonal(lost, 1)
    return "not proper" if lost.min() < -1e-9 else "proper" if lost.min() < 1e-9 else "strictly proper"


# %% properness
# is it the logarithm?
def properness(forecasts, scores):
    if np.allclose(scores, np.log(forecasts)):
        return "strictly proper"
    return "not proper"


# %% properness
# the best forecast by argmax
def properness(forecasts, scores):
    best = (forecasts @ scores.T).argmax(1)
    return "strictly proper" if (best == np.arange(len(best))).all() else "not proper"


# %% properness
# with a tolerance of a thousandth
def properness(forecasts, scores):
    earned = forecasts @ scores.T
    lost = np.diag(earned)[:, None] - earned
    np.fill_diagonal(lost, 1)
    return "not proper" if lost.min() < -1e-3 else "proper" if lost.min() < 1e-3 else "strictly proper"


# %% properness
# two of them only
def properness(forecasts, scores):
    earned = forecasts[:2] @ scores[:2].T
    lost = np.diag(earned)[:, None] - earned
    np.fill_diagonal(lost, 1)
    return "not proper" if lost.min() < -1e-9 else "proper" if lost.min() < 1e-9 else "strictly proper"


# %% properness
# the last tie decides
def properness(forecasts, scores):
    verdict = "strictly proper"
    for t, truth in enumerate(forecasts):
        earned = scores @ truth
        for i, e in enumerate(earned):
            if i != t and e > earned[t] + 1e-9:
                verdict = "not proper"
            elif i != t and abs(e - earned[t]) < 1e-9:
                verdict = "proper"
    return verdict


# %% properness
# a truth value
def properness(forecasts, scores):
    earned = forecasts @ scores.T
    lost = np.diag(earned)[:, None] - earned
    return bool((lost >= -1e-9).all())


# %% properness
# half of the truths: only i < t
def properness(forecasts, scores):
    earned = forecasts @ scores.T
    lost = np.diag(earned)[:, None] - earned
    low = lost[np.tril_indices(len(lost), -1)]
    return "not proper" if low.min() < -1e-9 else "proper" if low.min() < 1e-9 else "strictly proper"


# %% properness
# proper whenever one truth is
def properness(forecasts, scores):
    earned = forecasts @ scores.T
    lost = np.diag(earned)[:, None] - earned
    np.fill_diagonal(lost, 1)
    per_truth = lost.min(1)
    return "strictly proper" if (per_truth > 1e-9).all() else "proper" if (per_truth > -1e-9).any() else "not proper"


# %% properness
# the other capital letters
def properness(forecasts, scores):
    return "Strictly Proper."


# %% properness
# relative tolerance
def properness(forecasts, scores):
    earned = forecasts @ scores.T
    honest = np.diag(earned)[:, None]
    equal = np.isclose(earned, honest)
    np.fill_diagonal(equal, False)
    if ((earned > honest) & ~equal).any():
        return "not proper"
    return "proper" if equal.any() else "strictly proper"


# %% label-smoothing most=0
# the other classes only
smoothed_loss = -(1 - epsilon) * log(q[y]) - epsilon / (V - 1) * (Sum(log(q[k]), (k, 1, V)) - log(q[y]))

# %% label-smoothing most=0
# the weight of the label
smoothed_loss = -log(q[y]) - epsilon / V * Sum(log(q[k]), (k, 1, V))

# %% label-smoothing most=0
# the target smoothed, but not inside the sum
smoothed_loss = -((1 - epsilon) * log(q[y]) + epsilon / V)

# %% label-smoothing most=0
# the sign
smoothed_loss = Sum(((1 - epsilon) * KroneckerDelta(k, y) + epsilon / V) * log(q[k]), (k, 1, V))

# %% label-smoothing most=0
# the model smoothed, not the target
smoothed_loss = -log((1 - epsilon) * q[y] + epsilon / V)

# %% label-smoothing most=0
# a sum without 1/V
smoothed_loss = -(1 - epsilon) * log(q[y]) - epsilon * Sum(log(q[k]), (k, 1, V))

# %% label-smoothing most=0
# for an epsilon of a tenth
smoothed_loss = -0.9 * log(q[y]) - 0.1 / V * Sum(log(q[k]), (k, 1, V))

# %% label-smoothing most=0
# epsilon and 1 − epsilon swapped
smoothed_loss = -epsilon * log(q[y]) - (1 - epsilon) / V * Sum(log(q[k]), (k, 1, V))

# %% label-smoothing most=0
# the log of the sum
smoothed_loss = -(1 - epsilon) * log(q[y]) - epsilon / V * log(Sum(q[k], (k, 1, V)))

# %% entropy-plus-kl most=0.34
# half of the start, half of the answer
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", (-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V))) / 2 - Sum(p[k] * log(q[k]), (k, 1, V)) / 2)
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl most=0.34
# twice the start minus the answer
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -2 * Sum(p[k] * log(p[k]), (k, 1, V)) + 2 * Sum(p[k] * log(p[k] / q[k]), (k, 1, V)) + Sum(p[k] * log(q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl most=0.34
# the start as logarithms of squares, halved
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(p[k] ** 2), (k, 1, V)) / 2 + Sum(p[k] * log(p[k] ** 2 / q[k] ** 2), (k, 1, V)) / 2)
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl most=0.34
# the entropy times the sum over q
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(q[j] * Sum(p[k] * log(p[k]), (k, 1, V)), (j, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl most=0.34
# the answer, with a stranger's logarithms added and taken away
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)) + Sum(q[k] * log(p[k]), (k, 1, V)) - Sum(q[j] * log(p[j]), (j, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% entropy-plus-kl most=0.34
# the answer, with log p added and taken away
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]) + log(p[k]), (k, 1, V)) + Sum(log(p[j]), (j, 1, V)))
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)))

# %% strictly-proper most=0
# what is not meant
score = "all but c"

# %% strictly-proper most=0
score = "any score other than c"
