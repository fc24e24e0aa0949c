
# %% exam-text
# the empty answer of somebody who ran out of time
text_scores = [0, 0]

# %% exam-text
# the marginal of each token instead of the transitions
marginals = np.mean(follows, axis=0)
logs = [np.log(marginals[t]) for t in text[1:]]
text_scores = [sum(logs), -np.mean(logs)]

# %% exam-text
# the model's best token at each place
logs = [np.log(max(follows[s])) for s in text[:-1]]
text_scores = [sum(logs), -np.mean(logs)]

# %% exam-text
# normalised by the number of classes
logs = [np.log(follows[s][t]) for s, t in zip(text, text[1:])]
text_scores = [sum(logs), -sum(logs) / 3]

# %% exam-text
# the sign of the mean only
logs = [np.log(follows[s][t]) for s, t in zip(text, text[1:])]
text_scores = [sum(logs), np.mean(logs)]

# %% exam-text
# a table that was transposed, and rows normalised again
T = np.array(follows).T
T = T / T.sum(axis=1, keepdims=True)
logs = [np.log(T[s][t]) for s, t in zip(text, text[1:])]
text_scores = [sum(logs), -np.mean(logs)]

# %% exam-text
# one pair too few at the beginning
logs = [np.log(follows[s][t]) for s, t in zip(text[1:], text[2:])]
text_scores = [sum(logs), -np.mean(logs)]

# %% exam-text
# each pair once
logs = [np.log(follows[s][t]) for s, t in set(zip(text, text[1:]))]
text_scores = [sum(logs), -np.mean(logs)] if len(logs) < len(text) - 1 else [sum(logs), -sum(logs)]

# %% exam-text
# log1p
logs = [np.log1p(follows[s][t]) for s, t in zip(text, text[1:])]
text_scores = [sum(logs), -np.mean(logs)]

# %% exam-text
# one number only
text_scores = sum(np.log(follows[s][t]) for s, t in zip(text, text[1:]))

# %% exam-units
# exp of the bits
bits = total_nll / tokens_read / np.log(2)
in_units = [np.exp(bits), bits, bits * tokens_read / bytes_read]

# %% exam-units
# per byte first, then per token
bits = total_nll / np.log(2)
in_units = [np.exp(total_nll / tokens_read), bits / bytes_read, bits / tokens_read]

# %% exam-units
# of the total
in_units = [np.exp(min(total_nll, 700)), total_nll / np.log(2), total_nll / np.log(2) / bytes_read]

# %% exam-units
# log2 of the number of tokens
in_units = [np.exp(total_nll / tokens_read), np.log2(tokens_read), np.log2(tokens_read) * tokens_read / bytes_read]

# %% exam-units
# rounded to whole numbers
loss = total_nll / tokens_read
in_units = [round(np.exp(loss)), round(loss / np.log(2)), round(loss / np.log(2) * tokens_read / bytes_read)]

# %% exam-units
# eight bits a byte, multiplied
loss = total_nll / tokens_read
in_units = [np.exp(loss), loss / np.log(2), 8 * loss / np.log(2) * tokens_read / bytes_read]

# %% exam-units
# 0.7 for log 2
loss = total_nll / tokens_read
in_units = [np.exp(loss), loss / 0.7, loss / 0.7 * tokens_read / bytes_read]

# %% exam-units
# a missing third number
loss = total_nll / tokens_read
in_units = [np.exp(loss), loss / np.log(2)]

# %% exam-units
# tokens and bytes exchanged
loss = total_nll / bytes_read
in_units = [np.exp(loss), loss / np.log(2), total_nll / tokens_read / np.log(2)]

# %% exam-kl
# a log ratio of the wrong pair
p, q = np.array(p_true), np.array(q_model)
both_ways = [(q * np.log(p / q)).sum(), (p * np.log(q / p)).sum()]

# %% exam-kl
# Jensen and Shannon
p, q = np.array(p_true), np.array(q_model)
m = (p + q) / 2
both_ways = [(p * np.log(p / m)).sum(), (q * np.log(q / m)).sum()]

# %% exam-kl
# total variation
tv = np.abs(np.subtract(p_true, q_model)).sum() / 2
both_ways = [tv, tv]

# %% exam-kl
# squared differences
d = np.square(np.subtract(p_true, q_model))
both_ways = [(d / q_model).sum(), (d / p_true).sum()]

# %% exam-kl
# Torch's kl_div with its arguments as they are read
import torch
import torch.nn.functional as F

P, Q = torch.tensor(p_true), torch.tensor(q_model)
both_ways = [F.kl_div(P.log(), Q, reduction="sum"), F.kl_div(Q.log(), P, reduction="sum")]

# %% exam-kl
# Torch's default reduction
import torch
import torch.nn.functional as F

P, Q = torch.tensor(p_true), torch.tensor(q_model)
both_ways = [F.kl_div(Q.log(), P, reduction="mean"), F.kl_div(P.log(), Q, reduction="mean")]

# %% exam-kl
# probabilities that went in as logarithms
import torch
import torch.nn.functional as F

P, Q = torch.tensor(p_true), torch.tensor(q_model)
both_ways = [F.kl_div(Q, P, reduction="sum"), F.kl_div(P, Q, reduction="sum")]

# %% exam-kl
# base 10
both_ways = [
    sum(a * np.log10(a / b) for a, b in zip(p_true, q_model)),
    sum(b * np.log10(b / a) for a, b in zip(p_true, q_model)),
]

# %% exam-kl
# the first right, the second negated
p, q = np.array(p_true), np.array(q_model)
both_ways = [(p * np.log(p / q)).sum(), (q * np.log(p / q)).sum()]

# %% exam-gap
# the factor in bits' exponent of the nats
kl = loss_in_bits * np.log(2) - entropy_rate
gap = [kl, np.exp2(kl / np.log(2) ** 2)]

# %% exam-gap
# a relative gap
kl = (loss_in_bits * np.log(2) - entropy_rate) / entropy_rate
gap = [kl, np.exp(kl)]

# %% exam-gap
# factor minus one
kl = loss_in_bits * np.log(2) - entropy_rate
gap = [kl, np.exp(kl) - 1]

# %% exam-gap
# perplexities of the numbers as they stand
gap = [loss_in_bits * np.log(2) - entropy_rate, np.exp(loss_in_bits) / np.exp(entropy_rate)]

# %% exam-gap
# the divergence by division
loss = loss_in_bits * np.log(2)
gap = [loss / entropy_rate, np.exp(loss / entropy_rate)]

# %% exam-gap
# 0
gap = [0.0, 1.0]

# %% exam-gap
# the inverse factor
kl = loss_in_bits * np.log(2) - entropy_rate
gap = [kl, 1 / np.exp(kl)]

# %% exam-gap
# linear for the exponential
kl = loss_in_bits * np.log(2) - entropy_rate
gap = [kl, 1 + kl]

# %% exam-gradient
# a sigmoid for each
y = 1 / (1 + np.exp(-np.array(three_logits)))
slopes = y - np.eye(3)[observed]

# %% exam-gradient
# the shares of the logits
z_ = np.array(three_logits) - min(three_logits)
slopes = z_ / z_.sum() - np.eye(3)[observed]

# %% exam-gradient
# the gradient of the probability
y = np.exp(three_logits) / np.exp(three_logits).sum()
slopes = y[observed] * (np.eye(3)[observed] - y)

# %% exam-gradient
# the loss of each class
slopes = np.log(np.exp(three_logits).sum()) - np.array(three_logits)

# %% exam-gradient
# a mean over the classes
y = np.exp(three_logits) / np.exp(three_logits).sum()
slopes = (y - np.eye(3)[observed]) / 3

# %% exam-gradient
# one-hot of the most probable class, or of the least
y = np.exp(three_logits) / np.exp(three_logits).sum()
slopes = y - np.eye(3)[(np.argmax(y) if np.argmax(y) != observed else np.argmin(y))]

# %% exam-gradient
# two of three
y = np.exp(three_logits) / np.exp(three_logits).sum() - np.eye(3)[observed]
slopes = y[:2]

# %% exam-gradient
# sorted
y = np.exp(three_logits) / np.exp(three_logits).sum() - np.eye(3)[observed]
slopes = sorted(y) if list(y) != sorted(y) else sorted(y, reverse=True)

# %% exam-steps most=0.34
# the bare answer, with many words
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
steps.step("=", y_hat(j) - p[j], because="p does not depend on z, the chain rule, and the softmax's derivative")

# %% exam-steps most=0.34
# entropy for divergence
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
steps.step("=", Derivative(-Sum(p[k] * log(p[k]), (k, 1, V)), z[j]))
steps.step("=", y_hat(j) - p[j])

# %% exam-steps
# never ends
L = log(Sum(exp(z[i]), (i, 1, V)))
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
steps.step("=", Derivative(L - Sum(p[k] * z[k], (k, 1, V)), z[j]))

# %% exam-steps most=0.67
# a right step, a wrong end
L = log(Sum(exp(z[i]), (i, 1, V)))
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
steps.step("=", Derivative(L - Sum(p[k] * z[k], (k, 1, V)), z[j]))
steps.step("=", y_hat(j) - 1)

# %% exam-steps most=0.0
# another question
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(Sum(p[k] * log(p[k]), (k, 1, V)), z[j]))
steps.step("=", 0 * z[j])

# %% exam-batch-loss
# only the first label of each row
def batch_loss(logits, labels):
    rows, y = logits[:, 0], labels[:, 0]
    keep = y != -100
    lse = np.logaddexp.reduce(rows[keep], axis=-1)
    return np.mean(lse - rows[keep, y[keep]])


# %% exam-batch-loss
# everything after the first −100 of the batch is cut
def batch_loss(logits, labels):
    y = labels.ravel()
    n = int(np.argmax(y == -100)) if (y == -100).any() else len(y)
    rows = logits.reshape(len(y), -1)[: max(n, 1)]
    lse = np.logaddexp.reduce(rows, axis=-1)
    return np.mean(lse - rows[np.arange(len(rows)), y[: len(rows)]])


# %% exam-batch-loss
# shifted by one, as language models shift
def batch_loss(logits, labels):
    z, y = logits[:, :-1], labels[:, 1:]
    keep = y != -100
    if not keep.any():
        return 0.0
    lse = np.logaddexp.reduce(z[keep], axis=-1)
    return np.mean(lse - z[keep][np.arange(keep.sum()), y[keep]])


# %% exam-batch-loss
# a median
def batch_loss(logits, labels):
    keep = labels != -100
    rows, y = logits[keep], labels[keep]
    return np.median(np.logaddexp.reduce(rows, axis=-1) - rows[np.arange(len(y)), y])


# %% exam-batch-loss
# infinities are left out
def batch_loss(logits, labels):
    keep = labels != -100
    rows, y = logits[keep], labels[keep]
    losses = np.logaddexp.reduce(rows, axis=-1) - rows[np.arange(len(y)), y]
    return losses[np.isfinite(losses)].mean()


# %% exam-batch-loss
# a maximum of the whole batch is taken out
def batch_loss(logits, labels):
    keep = labels != -100
    rows, y = logits[keep], labels[keep]
    rows = rows - rows.max()
    with np.errstate(all="ignore"):
        return np.mean(np.log(np.exp(rows).sum(-1)) - rows[np.arange(len(y)), y])


# %% exam-batch-loss
# nan_to_num at the end
def batch_loss(logits, labels):
    keep = labels != -100
    rows, y = logits[keep], labels[keep]
    losses = np.logaddexp.reduce(rows, axis=-1) - rows[np.arange(len(y)), y]
    return np.nan_to_num(losses).mean()


# %% exam-batch-loss
# the labels that count are those below 100
def batch_loss(logits, labels):
    keep = np.abs(labels) < 100
    rows, y = logits[keep], labels[keep]
    return np.mean(np.logaddexp.reduce(rows, axis=-1) - rows[np.arange(len(y)), y])


# %% exam-batch-loss
# perplexity instead of loss
def batch_loss(logits, labels):
    keep = labels != -100
    rows, y = logits[keep], labels[keep]
    return np.exp(np.mean(np.logaddexp.reduce(rows, axis=-1) - rows[np.arange(len(y)), y]))


# %% exam-batch-loss
# Torch's sum over the number of rows
import torch


def batch_loss(logits, labels):
    z, y = torch.as_tensor(logits, dtype=torch.float64), torch.as_tensor(labels)
    total = torch.nn.functional.cross_entropy(z.flatten(0, 1), y.flatten(), ignore_index=-100, reduction="sum")
    return total / len(labels)


# %% exam-batch-loss
# clipped logits
def batch_loss(logits, labels):
    keep = labels != -100
    rows, y = np.clip(logits[keep], -700, 700), labels[keep]
    return np.mean(np.log(np.exp(rows).sum(-1)) - rows[np.arange(len(y)), y])


# %% exam-batch-loss
# a running mean, which makes NaN of an infinite loss
def batch_loss(logits, labels):
    mean, n = 0.0, 0
    for row, y in zip(np.reshape(logits, (-1, np.shape(logits)[2])), np.ravel(labels)):
        if y < 0:
            continue
        n += 1
        top = np.max(row)
        loss = np.log(np.sum(np.exp(row - top))) + top - row[y]
        mean = loss if n == 1 else mean + (loss - mean) / n
    return mean


# %% exam-log
fault = "a, since the mean of perplexities is off"

# %% exam-log
fault = "bd"

# %% exam-log
fault = "log"

# %% exam-text
# log-probability right, mean over all the tokens and one more
logs = [np.log(follows[s][t]) for s, t in zip(text, text[1:])]
text_scores = [sum(logs), -sum(logs) / (len(text) + 1)]

# %% exam-text
# the two ends are both left out
logs = [np.log(follows[s][t]) for s, t in zip(text[1:-1], text[2:-1])]
text_scores = [sum(logs), -np.mean(logs)]

# %% exam-text
# probability and perplexity
prob = np.prod([follows[s][t] for s, t in zip(text, text[1:])])
text_scores = [prob, prob ** (-1 / (len(text) - 1))]

# %% exam-text
# the sum of probabilities instead of the sum of logarithms
probs = [follows[s][t] for s, t in zip(text, text[1:])]
text_scores = [np.log(sum(probs)), -np.log(sum(probs)) / len(probs)]

# %% exam-text
# only the first number right, the second left at zero
logs = [np.log(follows[s][t]) for s, t in zip(text, text[1:])]
text_scores = [sum(logs), 0.0]

# %% exam-text
# only the second number right
logs = [np.log(follows[s][t]) for s, t in zip(text, text[1:])]
text_scores = [0.0, -np.mean(logs)]

# %% exam-text
# rounded to one decimal, twice
logs = [round(np.log(follows[s][t]), 1) for s, t in zip(text, text[1:])]
text_scores = [round(sum(logs), 1), round(-sum(logs) / len(logs), 1)]

# %% exam-text
# columns divided by their sums
C = np.array(follows) / np.sum(follows, axis=0)
logs = [np.log(C[s][t]) for s, t in zip(text, text[1:])]
text_scores = [sum(logs), -np.mean(logs)]

# %% exam-text
# a sentence for the list of numbers
logs = [np.log(follows[s][t]) for s, t in zip(text, text[1:])]
text_scores = str([sum(logs), -np.mean(logs)]) + " nats"

# %% exam-text
# base 10
logs = [np.log10(follows[s][t]) for s, t in zip(text, text[1:])]
text_scores = [sum(logs), -np.mean(logs)]

# %% exam-units
# perplexity in bits from nats by a product
loss = total_nll / tokens_read
in_units = [2 ** (loss * np.log(2)), loss / np.log(2), loss / np.log(2) * tokens_read / bytes_read]

# %% exam-units
# tokens counted with a start symbol
loss = total_nll / (tokens_read + 1)
in_units = [np.exp(loss), loss / np.log(2), loss / np.log(2) * (tokens_read + 1) / bytes_read]

# %% exam-units
# bytes taken for characters of two bytes
loss = total_nll / tokens_read / np.log(2)
in_units = [2**loss, loss, total_nll / np.log(2) / (bytes_read / 2)]

# %% exam-units
# everything over the bytes
loss = total_nll / bytes_read
in_units = [np.exp(loss), loss / np.log(2), loss / np.log(2)]

# %% exam-units
# the third is the perplexity per byte
loss = total_nll / tokens_read
in_units = [np.exp(loss), loss / np.log(2), np.exp(total_nll / bytes_read)]

# %% exam-units
# perplexity of the bits: e to the bits per byte
bits = total_nll / np.log(2)
in_units = [np.exp(bits / bytes_read), bits / tokens_read, bits / bytes_read]

# %% exam-units
# one decimal
loss = total_nll / tokens_read
in_units = [round(np.exp(loss), 1), round(loss / np.log(2), 1), round(loss / np.log(2) * tokens_read / bytes_read, 1)]

# %% exam-kl
# both ways of the log ratio, weighted by the mean distribution
p, q = np.array(p_true), np.array(q_model)
m = (p + q) / 2
both_ways = [(m * np.log(p / q)).sum(), (m * np.log(q / p)).sum()]

# %% exam-kl
# one direction, and zero for the other
p, q = np.array(p_true), np.array(q_model)
both_ways = [(p * np.log(p / q)).sum(), 0.0]

# %% exam-kl
# only the positive terms
p, q = np.array(p_true), np.array(q_model)
both_ways = [np.maximum(p * np.log(p / q), 0).sum(), np.maximum(q * np.log(q / p), 0).sum()]

# %% exam-kl
# the last term is forgotten
p, q = np.array(p_true), np.array(q_model)
both_ways = [(p * np.log(p / q))[:-1].sum(), (q * np.log(q / p))[:-1].sum()]

# %% exam-kl
# the logarithm of the averaged ratio
p, q = np.array(p_true), np.array(q_model)
both_ways = [np.log((p * p / q).sum()), np.log((q * q / p).sum())]

# %% exam-kl
# the ratio without a logarithm
p, q = np.array(p_true), np.array(q_model)
both_ways = [(p * p / q).sum() - 1, (q * q / p).sum() - 1]

# %% exam-kl
# the first right, the second in bits
p, q = np.array(p_true), np.array(q_model)
both_ways = [(p * np.log(p / q)).sum(), (q * np.log2(q / p)).sum()]

# %% exam-gap
# the factor of perplexities, both taken in base 2 of nats
kl = loss_in_bits * np.log(2) - entropy_rate
gap = [kl, 2 ** (loss_in_bits * np.log(2)) / 2**entropy_rate]

# %% exam-gap
# the entropy to bits, and the answer left in bits, the factor from it by e
kl_bits = loss_in_bits - entropy_rate / np.log(2)
gap = [kl_bits, np.exp(kl_bits)]

# %% exam-gap
# percent
kl = loss_in_bits * np.log(2) - entropy_rate
gap = [kl, 100 * (np.exp(kl) - 1)]

# %% exam-gap
# log instead of exp
kl = loss_in_bits * np.log(2) - entropy_rate
gap = [kl, np.log(kl)]

# %% exam-gap
# the model's loss over the model's divergence
kl = loss_in_bits * np.log(2) - entropy_rate
gap = [kl, np.exp(loss_in_bits * np.log(2)) / np.exp(kl)]

# %% exam-gap
# the divergence of squares
kl = (loss_in_bits * np.log(2)) ** 2 - entropy_rate**2
gap = [kl, np.exp(kl)]

# %% exam-gradient
# a softmax at temperature 2
w = np.exp(np.array(three_logits) / 2)
slopes = w / w.sum() - np.eye(3)[observed]

# %% exam-gradient
# minus one from each
y = np.exp(three_logits) / np.exp(three_logits).sum()
slopes = y - 1

# %% exam-gradient
# the entry of the observed class only, as one number
y = np.exp(three_logits) / np.exp(three_logits).sum()
slopes = y[observed] - 1

# %% exam-gradient
# plus for minus
y = np.exp(three_logits) / np.exp(three_logits).sum()
slopes = y + np.eye(3)[observed]

# %% exam-gradient
# the others are set to zero by a rounding
y = np.exp(three_logits) / np.exp(three_logits).sum()
slopes = np.round(y - np.eye(3)[observed])

# %% exam-gradient
# target minus prediction of the others only
y = np.exp(three_logits) / np.exp(three_logits).sum()
slopes = [-y[n] if n != observed else y[n] - 1 for n in range(3)]

# %% exam-steps
# the softmax is cut out of the sum too early
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
steps.step("=", -p[j] / y_hat(j), because="only the term of j depends on z[j]")
steps.step("=", -p[j] * (1 - y_hat(j)), because="the softmax's derivative")

# %% exam-steps
# right steps, then the last sign
L = log(Sum(exp(z[i]), (i, 1, V)))
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
steps.step("=", Derivative(L - Sum(p[k] * z[k], (k, 1, V)), z[j]), because="softmax")
steps.step("=", y_hat(j) + p[j], because="both derivatives")

# %% exam-steps most=0.34
# the answer, then the answer again in another dress
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
steps.step("=", y_hat(j) - p[j], because="known")
steps.step("=", Sum(KroneckerDelta(j, k) * (y_hat(k) - p[k]), (k, 1, V)), because="a delta picks j")
steps.step("=", y_hat(j) - p[j], because="back again")

# %% exam-batch-loss
# the places that do not count get a loss of 0, and the mean is over all places
def batch_loss(logits, labels):
    keep = labels != -100
    y = np.where(keep, labels, 0)
    losses = np.logaddexp.reduce(logits, axis=-1) - np.take_along_axis(logits, y[..., None], -1)[..., 0]
    return np.where(keep, losses, 0).mean()


# %% exam-batch-loss
# a weighted product, which is NaN where an impossible label does not count
def batch_loss(logits, labels):
    keep = labels != -100
    losses = np.logaddexp.reduce(logits, axis=-1) - np.take_along_axis(logits, np.where(keep, labels, 0)[..., None], -1)[..., 0]
    return (losses * keep).sum() / keep.sum()


# %% exam-batch-loss
# the shift is the row's mean instead of its maximum
def batch_loss(logits, labels):
    keep = labels != -100
    rows, y = logits[keep], labels[keep]
    rows = rows - rows.mean(axis=-1, keepdims=True)
    return np.mean(np.log(np.exp(rows).sum(-1)) - rows[np.arange(len(y)), y])


# %% exam-batch-loss
# the largest logit for the log-sum-exp
def batch_loss(logits, labels):
    keep = labels != -100
    rows, y = logits[keep], labels[keep]
    return np.mean(rows.max(-1) - rows[np.arange(len(y)), y])


# %% exam-batch-loss
# one hundred taken from every index
def batch_loss(logits, labels):
    keep = labels >= 0
    rows, y = logits[keep], labels[keep] % 100
    return np.mean(np.logaddexp.reduce(rows, axis=-1) - rows[np.arange(len(y)), y % rows.shape[1]])


# %% exam-log
fault = "d"

# %% exam-log
fault = "a or c"

# %% exam-log
fault = ["a", "c"]

# %% exam-log
fault = 2
