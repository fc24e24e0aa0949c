
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
