
# %% exam-text
# a product of exact fractions, and one logarithm
from fractions import Fraction
from math import log as ln

whole = Fraction(1)
for n in range(1, len(text)):
    whole *= Fraction(str(follows[text[n - 1]][text[n]]))
text_scores = [ln(whole), -ln(whole) / (len(text) - 1)]

# %% exam-text
# Torch, gathered from a table of logarithms
import torch

table = torch.tensor(follows, dtype=torch.float64).log()
steps_taken = table[torch.tensor(text[:-1]), torch.tensor(text[1:])]
text_scores = torch.stack([steps_taken.sum(), -steps_taken.mean()])

# %% exam-text
# one-hot matrices, and a trace
F = np.log(np.array(follows))
A, B = np.eye(3)[text[:-1]], np.eye(3)[text[1:]]
lp = np.trace(A @ F @ B.T)
text_scores = (lp, -lp / len(A))

# %% exam-text
# counts of the pairs, weighted
counts = np.zeros((3, 3))
for s, t in zip(text, text[1:]):
    counts[s, t] += 1
text_scores = [np.sum(counts * np.log(follows)), -np.sum(counts * np.log(follows)) / counts.sum()]

# %% exam-text
# rounded to three decimals
logs = [float(np.log(follows[s][t])) for s, t in zip(text, text[1:])]
text_scores = [round(sum(logs), 3), round(-sum(logs) / len(logs), 3)]

# %% exam-units
# from the perplexity per byte
per_byte = np.exp(total_nll / bytes_read)
in_units = [per_byte ** (bytes_read / tokens_read), np.log2(per_byte) * bytes_read / tokens_read, np.log2(per_byte)]

# %% exam-units
# a division by the bits of e
in_units = [
    np.e ** (total_nll / tokens_read),
    total_nll * np.log2(np.e) / tokens_read,
    total_nll * np.log2(np.e) / bytes_read,
]

# %% exam-units
# decimals with fifty digits
import mpmath

with mpmath.workdps(50):
    nll = mpmath.mpf(total_nll)
    in_units = [mpmath.exp(nll / tokens_read), nll / tokens_read / mpmath.ln(2), nll / bytes_read / mpmath.ln(2)]

# %% exam-units
# a column
loss = total_nll / tokens_read
in_units = np.array([[np.exp(loss)], [loss / np.log(2)], [loss / np.log(2) * (tokens_read / bytes_read)]])

# %% exam-kl
# scipy's relative entropy, summed
from scipy.special import rel_entr

both_ways = [rel_entr(p_true, q_model).sum(), rel_entr(q_model, p_true).sum()]

# %% exam-kl
# Torch's own, whose arguments stand the other way round
import torch
import torch.nn.functional as F

P, Q = torch.tensor(p_true, dtype=torch.float64), torch.tensor(q_model, dtype=torch.float64)
both_ways = [F.kl_div(Q.log(), P, reduction="sum"), F.kl_div(P.log(), Q, reduction="sum")]

# %% exam-kl
# SymPy, exactly
import sympy

P, Q = ([sympy.nsimplify(str(x)) for x in xs] for xs in (p_true, q_model))
both_ways = [sum(a * sympy.log(a / b) for a, b in zip(X, Y)) for X, Y in ((P, Q), (Q, P))]

# %% exam-kl
# in bits, and back
bits = [sum(a * np.log2(a / b) for a, b in zip(X, Y)) for X, Y in ((p_true, q_model), (q_model, p_true))]
both_ways = np.array(bits) * np.log(2)

# %% exam-gap
# the two perplexities first
model, source = 2**loss_in_bits, np.exp(entropy_rate)
gap = (np.log(model) - np.log(source), model / source)

# %% exam-gap
# a dictionary's values, made a list
result = {"kl": loss_in_bits * np.log(2) - entropy_rate}
result["factor"] = np.exp(result["kl"])
gap = list(result.values())

# %% exam-gap
# single precision
kl = np.float32(loss_in_bits) * np.log(np.float32(2)) - np.float32(entropy_rate)
gap = np.array([kl, np.exp(kl)], dtype=np.float32)

# %% exam-gradient
# Torch's gradient
import torch

leaf = torch.tensor(three_logits, requires_grad=True)
torch.nn.functional.cross_entropy(leaf[None], torch.tensor([observed])).backward()
slopes = leaf.grad

# %% exam-gradient
# SymPy's derivatives
import sympy

xs = sympy.symbols("x0:3")
nll = sympy.log(sum(map(sympy.exp, xs))) - xs[observed]
slopes = [sympy.diff(nll, x).subs(dict(zip(xs, three_logits))) for x in xs]

# %% exam-gradient
# a softmax with the maximum out, a one-hot by comparison
w = np.exp(np.array(three_logits) - max(three_logits))
slopes = w / w.sum() - (np.arange(3) == observed)

# %% exam-gradient
# as a row
y = np.exp(np.array([three_logits]))
y /= y.sum()
y[0, observed] -= 1
slopes = y

# %% exam-steps
# the definition is multiplied out in the logarithm
L = log(Sum(exp(z[i]), (i, 1, V)))
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
steps.step("=", Derivative(Sum(p[k] * (log(p[k]) - z[k] + L), (k, 1, V)), z[j]), because="log of a quotient")
steps.step("=", Sum(p[k] * (-KroneckerDelta(j, k) + y_hat(j)), (k, 1, V)), because="under the sum")
steps.step("=", -p[j] + y_hat(j), because="p sums to 1")

# %% exam-steps
# the entropy apart, then the cross-entropy
S = Sum(exp(z[i]), (i, 1, V))
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
steps.step("=", Derivative(-Sum(p[k] * log(y_hat(k)), (k, 1, V)), z[j]), because="the entropy has no logit")
steps.step("=", Derivative(log(S) - Sum(p[k] * z[k], (k, 1, V)), z[j]), because="softmax")
steps.step("=", exp(z[j]) / S - p[j], because="both derivatives")

# %% exam-batch-loss
# Torch does the masking
import torch


def batch_loss(logits, labels):
    z = torch.as_tensor(np.asarray(logits, dtype=np.float64))
    y = torch.as_tensor(np.asarray(labels)).long()
    return torch.nn.functional.cross_entropy(z.flatten(0, 1), y.flatten(), ignore_index=-100).item()


# %% exam-batch-loss
# scipy's log_softmax
from scipy.special import log_softmax


def batch_loss(logits, labels):
    b, t = np.where(np.asarray(labels) != -100)
    return float(-log_softmax(logits, axis=-1)[b, t, np.asarray(labels)[b, t]].mean())


# %% exam-batch-loss
# weights of 0 and 1, where an infinite loss that does not count is taken out first
def batch_loss(logits, labels):
    weights = (labels != -100).astype(float)
    classes = np.where(weights > 0, labels, 0)
    top = np.amax(logits, axis=2)
    losses = np.log(np.exp(logits - top[..., None]).sum(2)) + top
    losses = losses - np.take_along_axis(logits, classes[..., None], 2)[..., 0]
    return np.average(np.where(weights > 0, losses, 0.0), weights=weights)


# %% exam-batch-loss
# a masked array
def batch_loss(logits, labels):
    counts = labels != -100
    lse = np.logaddexp.reduce(logits, axis=-1)
    own = np.take_along_axis(logits, np.where(counts, labels, 0)[..., None], axis=-1).squeeze(-1)
    return np.ma.array(lse - own, mask=~counts).mean()


# %% exam-batch-loss
# pairwise differences: log of the sum of exp of the others minus the own
def batch_loss(logits, labels):
    found = []
    for b, t in np.ndindex(labels.shape):
        if labels[b, t] != -100:
            apart = logits[b, t] - logits[b, t, labels[b, t]]
            found.append(np.logaddexp.reduce(apart) if np.isfinite(logits[b, t, labels[b, t]]) else np.inf)
    return sum(found) / len(found)


# %% exam-log
# the four possibilities, computed
readings = {
    "b": np.exp(logged_loss * 500 / 501),
    "c": 2**logged_loss,
    "d": np.exp(logged_loss * 500),
}
fault = min(readings, key=lambda letter: abs(readings[letter] - logged_perplexity))

# %% exam-log
fault = "(c)"

# %% exam-text
# a generator, and a numpy array
table = np.log(follows)
lp = float(sum(table[a, b] for a, b in zip(text[:-1], text[1:])))
text_scores = np.array([lp, -lp / len(text[1:])])

# %% exam-text
# in bits first, turned into nats at the end
bits = sum(np.log2(follows[a][b]) for a, b in zip(text, text[1:]))
text_scores = [bits * np.log(2), -bits * np.log(2) / (len(text) - 1)]

# %% exam-text
# the product first
prob = np.prod([follows[a][b] for a, b in zip(text, text[1:])])
text_scores = (np.log(prob), -np.log(prob ** (1 / (len(text) - 1))))

# %% exam-text
# a dictionary of transitions
step = {(a, b): np.log(follows[a][b]) for a in range(3) for b in range(3)}
lp = [step[pair] for pair in zip(text, text[1:])]
text_scores = [np.float64(sum(lp)), np.float64(-np.mean(lp))]

# %% exam-text
# SymPy numbers
import sympy

lp = sum(sympy.log(sympy.Rational(str(follows[a][b]))) for a, b in zip(text, text[1:]))
text_scores = [lp, -lp / (len(text) - 1)]

# %% exam-units
# logarithm of the perplexity in base 2
ppl = np.exp(total_nll / tokens_read)
in_units = [ppl, np.log2(ppl), np.log2(ppl) * tokens_read / bytes_read]

# %% exam-units
# decimals
from decimal import Decimal

loss = Decimal(total_nll) / Decimal(tokens_read)
in_units = [loss.exp(), loss / Decimal(2).ln(), Decimal(total_nll) / Decimal(2).ln() / Decimal(bytes_read)]

# %% exam-units
# rounded to three decimals
loss = total_nll / tokens_read
in_units = [round(np.exp(loss), 3), round(loss / np.log(2), 3), round(total_nll / bytes_read / np.log(2), 3)]

# %% exam-units
# a tuple of Torch numbers
import torch

loss = torch.tensor(total_nll / tokens_read, dtype=torch.float64)
in_units = (loss.exp(), loss / np.log(2), loss / np.log(2) * tokens_read / bytes_read)

# %% exam-kl
# as cross-entropy minus entropy
p, q = np.array(p_true), np.array(q_model)
both_ways = [-(p @ np.log(q)) + p @ np.log(p), -(q @ np.log(p)) + q @ np.log(q)]

# %% exam-kl
# scipy's entropy with two arguments
from scipy.stats import entropy

both_ways = [entropy(p_true, q_model), entropy(q_model, p_true)]

# %% exam-kl
# a function, and a generator
import math


def d(a, b):
    return math.fsum(x * math.log(x / y) for x, y in zip(a, b))


both_ways = tuple(d(*pair) for pair in ((p_true, q_model), (q_model, p_true)))

# %% exam-kl
# with the terms that sum to zero, as a Bregman divergence
p, q = np.array(p_true), np.array(q_model)
both_ways = [np.sum(p * np.log(p / q) - p + q), np.sum(q * np.log(q / p) - q + p)]

# %% exam-gap
# all in bits, and back
kl_bits = loss_in_bits - entropy_rate / np.log(2)
gap = [kl_bits * np.log(2), 2**kl_bits]

# %% exam-gap
# math's functions
import math

gap = [math.log(2) * loss_in_bits - entropy_rate, math.exp(math.log(2) * loss_in_bits) / math.exp(entropy_rate)]

# %% exam-gap
# an array with two rows
kl = np.log(2.0**loss_in_bits) - entropy_rate
gap = np.array([[kl], [np.exp(kl)]])

# %% exam-gap
# rounded
kl = round(loss_in_bits * np.log(2) - entropy_rate, 3)
gap = [kl, round(float(np.exp(loss_in_bits * np.log(2) - entropy_rate)), 3)]

# %% exam-gradient
# by central differences
def nll(z):
    return np.log(np.sum(np.exp(z))) - z[observed]


z0, h = np.array(three_logits, dtype=float), 1e-5
slopes = [(nll(z0 + h * e) - nll(z0 - h * e)) / (2 * h) for e in np.eye(3)]

# %% exam-gradient
# scipy's softmax, a delta by comparison
from scipy.special import softmax

slopes = [float(s) - (n == observed) for n, s in enumerate(softmax(three_logits))]

# %% exam-gradient
# the Jacobian of the softmax, times minus one over the probability
y = np.exp(three_logits) / np.exp(three_logits).sum()
J = np.diag(y) - np.outer(y, y)
slopes = -J[observed] / y[observed]

# %% exam-gradient
# through differences of logits
slopes = tuple(1 / sum(np.exp(b - a) for b in three_logits) - int(n == observed) for n, a in enumerate(three_logits))

# %% exam-steps
# the cross-entropy first, then the derivative under the sum
L = log(Sum(exp(z[i]), (i, 1, V)))
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
steps.step("=", -Derivative(Sum(p[k] * log(y_hat(k)), (k, 1, V)), z[j]), because="p has no logit")
steps.step("=", -Derivative(Sum(p[k] * (z[k] - L), (k, 1, V)), z[j]), because="softmax")
steps.step("=", -Sum(p[k] * (KroneckerDelta(j, k) - y_hat(j)), (k, 1, V)), because="term by term")
steps.step("=", y_hat(j) - p[j], because="p sums to 1")

# %% exam-steps
# the chain rule with the softmax's own derivative
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
steps.step(
    "=",
    -Sum(p[k] / y_hat(k) * y_hat(k) * (KroneckerDelta(j, k) - y_hat(j)), (k, 1, V)),
    because="chain rule",
)
steps.step("=", -p[j] + y_hat(j), because="p sums to 1")

# %% exam-batch-loss
# two loops, sums kept apart
def batch_loss(logits, labels):
    total, n = 0.0, 0
    for text_logits, text_labels in zip(logits, labels):
        for row, y in zip(text_logits, text_labels):
            if y == -100:
                continue
            top = max(row)
            total += float(top - row[y] + np.log(sum(np.exp(r - top) for r in row)))
            n += 1
    return total / n


# %% exam-batch-loss
# flattened first, then filtered; a scalar array comes back
def batch_loss(logits, labels):
    z, y = logits.reshape(-1, logits.shape[-1]), labels.reshape(-1)
    z, y = z[y >= 0], y[y >= 0]
    apart = z - z[np.arange(len(y)), y][:, None] if np.isfinite(z[np.arange(len(y)), y]).all() else None
    if apart is None:
        return np.inf
    top = apart.max(axis=1)
    return np.asarray((top + np.log(np.exp(apart - top[:, None]).sum(axis=1))).mean())


# %% exam-log
fault = "c" if abs(2**logged_loss - logged_perplexity) < 0.02 else "a"

# %% exam-log
fault = "C"
