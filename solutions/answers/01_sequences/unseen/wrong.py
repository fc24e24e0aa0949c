# %% [markdown]
# Wrong answers to set 01, written from the prompts alone. A cell is one answer to the task in its head.

# %% total-log-likelihood most=0
# losses, not log-likelihoods: the sign
log_likelihoods = [5.5, 3.6]

# %% total-log-likelihood most=0
# means, not totals
log_likelihoods = [-5.5 / 3, -1.2]

# %% total-log-likelihood most=0
# in bits
log_likelihoods = [-5.5 / np.log(2), -3.6 / np.log(2)]

# %% total-log-likelihood most=0
# the likelihoods themselves
log_likelihoods = np.exp([-5.5, -3.6])

# %% total-log-likelihood most=0
# both sequences together, twice
log_likelihoods = [-9.1, -9.1]

# %% total-log-likelihood most=0
# turned round
log_likelihoods = [-3.6, -5.5]

# %% total-log-likelihood most=0
# the logarithm taken once more
log_likelihoods = [np.log(1.8) + np.log(2.5) + np.log(1.2), np.log(1.5) + np.log(0.9) + np.log(1.2)]

# %% total-log-likelihood most=0
# the log-probabilities multiplied
log_likelihoods = [-1.8 * -2.5 * -1.2, -1.5 * -0.9 * -1.2]

# %% total-log-likelihood most=0
# the columns summed
log_likelihoods = np.array([[-1.8, -2.5, -1.2], [-1.5, -0.9, -1.2]]).sum(axis=0)

# %% total-log-likelihood most=0
# the first two tokens only
log_likelihoods = [-4.3, -2.4]

# %% sequence-nll
# a product that underflows
def sequence_nll(probs):
    return -np.log(np.prod(probs))

# %% sequence-nll
# a longdouble product: underflows after some more tokens
def sequence_nll(probs):
    return float(-np.log(np.prod(probs.astype(np.longdouble))))

# %% sequence-nll
# clipped: a token of probability 0 costs 690 nats
def sequence_nll(probs):
    return -np.log(np.maximum(probs, 1e-300)).sum()

# %% sequence-nll
# an epsilon inside the logarithm
def sequence_nll(probs):
    return -np.log(probs + 1e-12).sum()

# %% sequence-nll
# impossible tokens are left out
def sequence_nll(probs):
    return -np.log(probs[probs > 0]).sum()

# %% sequence-nll
# nan_to_num makes the infinity a large number
def sequence_nll(probs):
    return np.nan_to_num(-np.log(probs)).sum()

# %% sequence-nll
# PyTorch's BCE stops at 100 nats for a token
import torch
import torch.nn.functional as F

def sequence_nll(probs):
    t = torch.tensor(probs, dtype=torch.float64)
    return F.binary_cross_entropy(t, torch.ones_like(t), reduction="sum").item()

# %% sequence-nll
# math.log of 0 is an error
import math

def sequence_nll(probs):
    return -sum(math.log(q) for q in probs)

# %% sequence-nll
# recursion over the tokens: a thousand are too many
def sequence_nll(probs):
    return 0.0 if len(probs) == 0 else -np.log(probs[0]) + sequence_nll(probs[1:])

# %% sequence-nll
# the mean
def sequence_nll(probs):
    return -np.log(probs).mean()

# %% sequence-nll
# the sign forgotten
def sequence_nll(probs):
    return np.log(probs).sum()

# %% sequence-nll
# absolute value of log(1 + p)
def sequence_nll(probs):
    return np.abs(np.log1p(probs)).sum()

# %% sequence-nll
# bits
def sequence_nll(probs):
    return -np.log2(probs).sum()

# %% sequence-nll
# the logarithm of the sum
def sequence_nll(probs):
    return -np.log(probs.sum())

# %% sequence-nll
# the entropy
def sequence_nll(probs):
    return -(probs * np.log(probs)).sum()

# %% sequence-nll most=0
# the example, for ever
def sequence_nll(probs):
    return 2 * np.log(2)

# %% sequence-nll
# one loss per token, not one number
def sequence_nll(probs):
    return -np.log(probs)

# %% sequence-nll
# the last token forgotten
def sequence_nll(probs):
    return -sum(np.log(probs[i]) for i in range(len(probs) - 1))

# %% sequence-nll
# float16: too coarse and too narrow
def sequence_nll(probs):
    return -np.log(probs.astype(np.float16)).sum()

# %% sequence-nll
# zero tested at the last token only, clipped elsewhere
def sequence_nll(probs):
    if probs[-1] == 0:
        return np.inf
    return -np.log(np.clip(probs, 1e-12, 1)).sum()

# %% sequence-nll
# prints instead of returning
def sequence_nll(probs):
    print(-np.log(probs).sum())

# %% sequence-nll
# "all too small" is taken for infinite
def sequence_nll(probs):
    total = np.prod(probs)
    return np.inf if total == 0 else -np.log(total)

# %% sequence-nll
# chunks of 100: too small numbers again when the tokens are unlikely
def sequence_nll(probs):
    return -sum(np.log(np.prod(probs[i:i + 100])) for i in range(0, len(probs), 100))

# %% sequence-steps most=0.34
# the answer in one line
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="obvious")

# %% sequence-steps most=0.34
# the start repeated, then the answer
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(p(j), (j, 1, m))), because="copy")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="laws of logarithms")

# %% sequence-steps most=0.34
# another letter, then the answer
i = index("i", m)
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(p(i), (i, 1, m))), because="rename j to i")
steps.step("=", Sum(log(Z[i]) - s[i], (i, 1, m)), because="logarithm")

# %% sequence-steps most=0.34
# the answer, and then the answer with a letter changed
i = index("i", m)
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="logarithm")
steps.step("=", Sum(log(Z[i]) - s[i], (i, 1, m)), because="rename")

# %% sequence-steps most=0.34
# the start times one
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(p(j), (j, 1, m))) * exp(s[1]) / exp(s[1] + 0 * Z[1]), because="times 1")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="logarithm")

# %% sequence-steps most=0.34
# plus a sum and minus the same sum with another letter
i = index("i", m)
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(p(j), (j, 1, m))) + Sum(Z[i], (i, 1, m)) - Sum(Z[j], (j, 1, m)), because="plus 0")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="logarithm")

# %% sequence-steps most=0.34
# doubled and halved
from grader.algebra import over, times

steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", over(times(2, -log(Product(p(j), (j, 1, m)))), 2), because="2/2")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="logarithm")

# %% sequence-steps
# unfinished: a sum of log p_j
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="log of a product")
steps.step("=", Sum(-log(p(j)), (j, 1, m)), because="the sign")

# %% sequence-steps
# not the asked form: logarithms of quotients remain
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="log of a product")
steps.step("=", Sum(log(Z[j] / exp(s[j])), (j, 1, m)), because="definition")

# %% sequence-steps
# a product is left over
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(exp(s[j]), (j, 1, m))) + log(Product(Z[j], (j, 1, m))), because="quotient")
steps.step("=", -Sum(s[j], (j, 1, m)) + log(Product(Z[j], (j, 1, m))), because="log exp")

# %% sequence-steps
# the sign of both terms
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="log of a product")
steps.step("=", Sum(s[j] - log(Z[j]), (j, 1, m)), because="log of a quotient")

# %% sequence-steps
# the minus is lost at the logarithm of Z
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="log of a product")
steps.step("=", -Sum(s[j], (j, 1, m)) - Sum(log(Z[j]), (j, 1, m)), because="log of a quotient")

# %% sequence-steps
# log of a quotient as a quotient of logarithms
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="log of a product")
steps.step("=", -Sum(s[j] / log(Z[j]), (j, 1, m)), because="log of a quotient")

# %% sequence-steps
# a wrong middle line, the right end
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Sum(p(j), (j, 1, m))), because="log of a product")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="log of a quotient")

# %% sequence-steps
# two signs that do not fit, and the right end
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", Sum(log(p(j)), (j, 1, m)), because="log of a product")
steps.step("=", Sum(log(Z[j]), (j, 1, m)) - Sum(s[j], (j, 1, m)), because="log of a quotient")

# %% sequence-steps
# counted from 0
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 0, m - 1)), because="log of a product")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 0, m - 1)), because="log of a quotient")

# %% sequence-steps
# the last token is missing
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="log of a product")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m - 1)), because="log of a quotient")

# %% sequence-steps
# s_j stands outside of the sum
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="log of a product")
steps.step("=", Sum(log(Z[j]), (j, 1, m)) - s[j], because="log of a quotient")

# %% sequence-steps
# the mean instead of the sum
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)) / m, because="log of a product")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)) / m, because="log of a quotient")

# %% sequence-steps
# the last step as an inequality only: nobody learns that it becomes equal
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("≤", -Sum(log(p(j)), (j, 1, m)), because="log of a product")
steps.step("≤", Sum(log(Z[j]) - s[j], (j, 1, m)), because="log of a quotient")

# %% sequence-steps
# starts later than asked: the product never occurs
steps = Derivation("sequence-steps", strict=False)
steps.start(-Sum(log(p(j)), (j, 1, m)))
steps.step("=", -Sum(log(exp(s[j]) / Z[j]), (j, 1, m)), because="definition")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="log of a quotient")

# %% sequence-steps
# there and back again
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="log of a product")
steps.step("=", -log(Product(p(j), (j, 1, m))), because="product of logs")

# %% sequence-steps most=0
# nothing was done
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))

# %% sequence-steps
# for three tokens only
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(p(1)) - log(p(2)) - log(p(3)), because="written out")
steps.step("=", log(Z[1]) + log(Z[2]) + log(Z[3]) - s[1] - s[2] - s[3], because="log of a quotient")

# %% sequence-steps
# Z forgotten
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="log of a product")
steps.step("=", -Sum(s[j], (j, 1, m)), because="log undoes exp")

# %% sequence-steps most=0.34
# a derivation that calls itself proved, all lines false
class Sure(Derivation):
    def summary(self):
        return "proved"

steps = Sure("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", Sum(s[j], (j, 1, m)), because="proved")
steps.step("=", Sum(log(Z[j]), (j, 1, m)), because="proved")

# %% one-unlikely-token most=0
# the sign of log c
nll_with_one_unlikely = -m * log(prob) - log(c)

# %% one-unlikely-token most=0
# the log-likelihood
nll_with_one_unlikely = m * log(prob) - log(c)

# %% one-unlikely-token most=0
# the odd token has lost its p
nll_with_one_unlikely = -(m - 1) * log(prob) + log(c)

# %% one-unlikely-token most=0
# m + 1 tokens
nll_with_one_unlikely = Sum(-log(prob), (j, 1, m)) - log(prob / c)

# %% one-unlikely-token most=0
# every token is the odd one
nll_with_one_unlikely = -m * log(prob / c)

# %% one-unlikely-token most=0
# per token
nll_with_one_unlikely = -log(prob) + log(c) / m

# %% one-unlikely-token most=0
# the probability, without a logarithm
nll_with_one_unlikely = prob**m / c

# %% one-unlikely-token most=0
# in bits
nll_with_one_unlikely = (log(c) - m * log(prob)) / log(2)

# %% one-unlikely-token most=0
# the numbers put in: asked is an expression in the symbols
nll_with_one_unlikely = 100 * log(2) + 30 * log(10)

# %% one-unlikely-token most=0
# c without a logarithm
nll_with_one_unlikely = -m * log(prob) + c

# %% one-unlikely-token most=0
# log(p / c) as a quotient of logarithms
nll_with_one_unlikely = -(m - 1) * log(prob) - log(prob) / log(c)

# %% one-unlikely-token most=0
# m − 1 unlikely tokens, and one ordinary one
nll_with_one_unlikely = -log((prob / c) ** (m - 1)) - log(prob)

# %% batch-nll
# times the mask: −inf · 0 is NaN
def batch_nll(log_probs, mask):
    return -(log_probs * mask).sum(axis=1)

# %% batch-nll
# the mask is inverted
def batch_nll(log_probs, mask):
    return -np.where(mask, 0.0, log_probs).sum(axis=1)

# %% batch-nll
# the mask is ignored
def batch_nll(log_probs, mask):
    return -log_probs.sum(axis=1)

# %% batch-nll
# any infinity is taken for padding: an impossible token costs nothing
def batch_nll(log_probs, mask):
    return -np.where(mask & np.isfinite(log_probs), log_probs, 0.0).sum(axis=1)

# %% batch-nll
# nan_to_num first: an impossible token costs 1.8e308
def batch_nll(log_probs, mask):
    return -(np.nan_to_num(log_probs) * mask).sum(axis=1)

# %% batch-nll
# the length counted from the front
def batch_nll(log_probs, mask):
    return np.array([-row[: keep.sum()].sum() for row, keep in zip(log_probs, mask)])

# %% batch-nll
# stops at the first padding
def batch_nll(log_probs, mask):
    out = []
    for row, keep in zip(log_probs, mask):
        nll = 0.0
        for x, real in zip(row, keep):
            if not real:
                break
            nll -= x
        out.append(nll)
    return np.array(out)

# %% batch-nll
# one number for the whole batch
def batch_nll(log_probs, mask):
    return -log_probs[mask].sum()

# %% batch-nll
# over the wrong axis
def batch_nll(log_probs, mask):
    return -np.where(mask, log_probs, 0.0).sum(axis=0)

# %% batch-nll
# the mean over the tokens of each sequence
def batch_nll(log_probs, mask):
    return -np.where(mask, log_probs, 0.0).sum(axis=1) / mask.sum(axis=1)

# %% batch-nll
# shape (B, 1)
def batch_nll(log_probs, mask):
    return -np.where(mask, log_probs, 0.0).sum(axis=1, keepdims=True)

# %% batch-nll
# the sign
def batch_nll(log_probs, mask):
    return np.where(mask, log_probs, 0.0).sum(axis=1)

# %% batch-nll
# all rows must be equally long
def batch_nll(log_probs, mask):
    return -log_probs[mask].reshape(len(mask), -1).sum(axis=1)

# %% batch-nll
# padding gets probability 1e-9 instead of none
def batch_nll(log_probs, mask):
    return -np.where(mask, log_probs, np.log(1e-9)).sum(axis=1)

# %% batch-nll
# reduceat, but every row is said to begin at the first
def batch_nll(log_probs, mask):
    starts = np.arange(len(mask)) * mask.shape[1]
    return -np.add.reduceat(np.where(mask, log_probs, 0).ravel(), np.minimum(starts, starts[0]))

# %% batch-nll
# bits
def batch_nll(log_probs, mask):
    return -np.where(mask, log_probs, 0.0).sum(axis=1) / np.log(2)

# %% batch-nll
# minimum at −100: impossible tokens get a finite loss
def batch_nll(log_probs, mask):
    return np.where(mask, np.minimum(-log_probs, 100.0), 0.0).sum(axis=1)

# %% batch-nll most=0
# the example
def batch_nll(log_probs, mask):
    return np.array([3.0])

# %% batch-nll
# masked_invalid drops infinities at tokens
def batch_nll(log_probs, mask):
    kept = np.ma.masked_invalid(np.where(mask, log_probs, np.nan))
    return -kept.sum(axis=1).filled(0.0)

# %% changed-conditionals most=0
# the third factor only
changed = "a"

# %% changed-conditionals most=0
# those after it only
changed = "c"

# %% changed-conditionals most=0
# two letters, to be sure
changed = "b or c"

# %% changed-conditionals most=0
# all letters
changed = "abcd"

# %% underflow-length most=0
# the last length that is not yet 0
length, product = 0, 1.0
while product * (1 / 50_000) > 0:
    product *= 1 / 50_000
    length += 1

# %% underflow-length most=0
# the smallest normal number is taken for the smallest number
length = int(np.ceil(np.log(np.finfo(float).tiny) / np.log(1 / 50_000)))

# %% underflow-length most=0
# float32
length, product = 0, np.float32(1)
while product > 0:
    product, length = product * np.float32(1 / 50_000), length + 1

# %% underflow-length most=0
# the number of zeros after the point
length = 324

# %% underflow-length most=0
# one too many
length = 70

# %% underflow-length most=0
# the loop counts digits, not tokens: powers of ten
length, x = 0, 1.0
while x > 0:
    x /= 10
    length += 1

# %% three-losses
# the order: per sequence before per token
def three_losses(log_probs):
    total = -sum(map(sum, log_probs))
    return total, total / len(log_probs), total / sum(map(len, log_probs))

# %% three-losses
# the mean of the sequences' means
def three_losses(log_probs):
    total = -sum(map(sum, log_probs))
    return total, -np.mean([np.mean(s) for s in log_probs]), total / len(log_probs)

# %% three-losses
# all negative
def three_losses(log_probs):
    total = sum(map(sum, log_probs))
    return total, total / sum(map(len, log_probs)), total / len(log_probs)

# %% three-losses
# every sequence is as long as the first
def three_losses(log_probs):
    total = -sum(map(sum, log_probs))
    return total, total / (len(log_probs) * len(log_probs[0])), total / len(log_probs)

# %% three-losses
# a table: works for equal lengths only
def three_losses(log_probs):
    table = np.array(log_probs, dtype=float)
    return -table.sum(), -table.mean(), -table.sum() / len(table)

# %% three-losses
# rounded down
def three_losses(log_probs):
    total = -sum(map(sum, log_probs))
    return total, total // sum(map(len, log_probs)), total // len(log_probs)

# %% three-losses
# only the total, three times
def three_losses(log_probs):
    total = -sum(map(sum, log_probs))
    return total, total, total

# %% three-losses
# two losses only
def three_losses(log_probs):
    total = -sum(map(sum, log_probs))
    return [total, total / sum(map(len, log_probs))]

# %% three-losses
# in bits
def three_losses(log_probs):
    total = -sum(map(sum, log_probs)) / np.log(2)
    return total, total / sum(map(len, log_probs)), total / len(log_probs)

# %% three-losses
# perplexity for the loss per token
def three_losses(log_probs):
    total = -sum(map(sum, log_probs))
    return total, np.exp(total / sum(map(len, log_probs))), total / len(log_probs)

# %% three-losses
# empties its argument, so that a second look sees nothing of it; and counts after emptying
def three_losses(log_probs):
    total = 0.0
    for seq in log_probs:
        while seq:
            total -= seq.pop()
    tokens = max(sum(map(len, log_probs)), 1)
    return total, total / tokens, total / len(log_probs)

# %% three-losses
# sets: equal log-probabilities count once
def three_losses(log_probs):
    total = -sum(sum(set(s)) for s in log_probs)
    return total, total / sum(map(len, log_probs)), total / len(log_probs)

# %% three-losses most=0
# the example's numbers
def three_losses(log_probs):
    return [6.0, 2.0, 3.0]

# %% sequence-steps most=0.34
# the mean of m equal numbers, then the answer
i = index("i", m)
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", Sum(-log(Product(p(j), (j, 1, m))) / m, (i, 1, m)), because="the mean of a constant")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="logarithm")

# %% sequence-steps most=0.34
# each factor times a number over the same number
from grader.algebra import over, times

steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(over(times(p(j), m), m), (j, 1, m))), because="m/m")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="logarithm")

# %% sequence-steps
# a name hides the product in the last line
hidden = define("B", lambda: Product(Z[j], (j, 1, m)))
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", log(Product(Z[j], (j, 1, m))) - log(Product(exp(s[j]), (j, 1, m))), because="quotient")
steps.step("=", log(hidden()) - Sum(s[j], (j, 1, m)), because="log exp, and B by name")

# %% sequence-steps
# ends in a power of a geometric mean: a sum of logarithms in disguise, not the asked form
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="log of a product")
steps.step("=", -m * Sum(log(p(j)) / m, (j, 1, m)), because="m times the mean")


# %% total-log-likelihood
# the NLLs, signs lost
log_likelihoods = [5.5, 3.6]

# %% total-log-likelihood
# text that looks like numbers
log_likelihoods = ["-5.5", "-3.6"]

# %% total-log-likelihood
# a set has no order
log_likelihoods = {-5.5, -3.6}

# %% total-log-likelihood
# the other way round
log_likelihoods = (-3.6, -5.5)

# %% total-log-likelihood
# means per token
log_likelihoods = [-5.5 / 3, -1.2]

# %% total-log-likelihood
# an imaginary part that is not nought
log_likelihoods = [complex(-5.5, 1), -3.6]

# %% total-log-likelihood
# one number too many
log_likelihoods = [-5.5, -3.6, -9.1]

# %% total-log-likelihood
# bits
log_likelihoods = [-5.5 / np.log(2), -3.6 / np.log(2)]

# %% sequence-nll
# the product first, so 0 at a long text, and -log 0 is inf
def sequence_nll(probs):
    return -np.log(np.prod(probs))

# %% sequence-nll
# the product in long double only moves the edge
def sequence_nll(probs):
    return float(-np.log(np.prod(np.asarray(probs, dtype=np.longdouble))))

# %% sequence-nll
# the smallest float in place of 0: a large number, no inf
def sequence_nll(probs):
    return -np.log(np.maximum(probs, np.finfo(float).tiny)).sum()

# %% sequence-nll
# the mean
def sequence_nll(probs):
    return -np.mean(np.log(probs))

# %% sequence-nll
# only tokens with a positive probability count
def sequence_nll(probs):
    return -np.log(probs[probs > 0]).sum()

# %% sequence-nll
# right for halves only
def sequence_nll(probs):
    return len(probs) * np.log(2)

# %% sequence-nll
# float32 logs of a text with thousands of tokens, summed one by one in half precision
def sequence_nll(probs):
    total = np.float16(0)
    for p in probs:
        total = np.float16(total - np.log(p))
    return float(total)

# %% sequence-nll
# bits
def sequence_nll(probs):
    return -np.log2(probs).sum()

# %% sequence-nll
# products of chunks of 100: small probabilities still vanish
def sequence_nll(probs):
    return -sum(np.log(np.prod(probs[i:i + 100])) for i in range(0, len(probs), 100))

# %% batch-nll
# multiplies by the mask: 0 times inf is nan
def batch_nll(log_probs, mask):
    return -(log_probs * mask).sum(axis=1)

# %% batch-nll
# an impossible token in a sequence is dropped
def batch_nll(log_probs, mask):
    return -np.where(mask & np.isfinite(log_probs), log_probs, 0).sum(axis=1)

# %% batch-nll
# reads the first n entries, so padding in front goes wrong
def batch_nll(log_probs, mask):
    return np.array([-row[:n].sum() for row, n in zip(log_probs, mask.sum(axis=1))])

# %% batch-nll
# means
def batch_nll(log_probs, mask):
    return -np.where(mask, log_probs, 0).sum(axis=1) / mask.sum(axis=1)

# %% batch-nll
# sums the columns
def batch_nll(log_probs, mask):
    return -np.where(mask, log_probs, 0).sum(axis=0)

# %% batch-nll
# an impossible token costs a large finite number
def batch_nll(log_probs, mask):
    return -np.where(mask, np.maximum(log_probs, -1e6), 0).sum(axis=1)

# %% batch-nll
# one number for the batch
def batch_nll(log_probs, mask):
    return -np.where(mask, log_probs, 0).sum()

# %% batch-nll
# -0.0 sign aside, the padding is what counts
def batch_nll(log_probs, mask):
    return -np.where(mask, 0, log_probs).sum(axis=1)

# %% changed-conditionals
# two letters to be safe
changed = "b or c"

# %% changed-conditionals
# hedges with the whole alphabet
changed = ["a", "b", "c", "d"]

# %% underflow-length
# one too few: the last length that is not 0
length = 68

# %% underflow-length
# the smallest normal float instead
length = 66

# %% underflow-length
# the text of the right number
length = "69"

# %% underflow-length
# log2 counts, not a whole number
length = 1074 / np.log2(50_000)

# %% three-losses
# the mean of means for the second
def three_losses(log_probs):
    t = -sum(map(sum, log_probs))
    return t, -np.mean([np.mean(r) for r in log_probs]), t / len(log_probs)

# %% three-losses
# 2 and 3 exchanged
def three_losses(log_probs):
    t = -sum(map(sum, log_probs))
    return t, t / len(log_probs), t / sum(map(len, log_probs))

# %% three-losses
# takes every sequence for as long as the first
def three_losses(log_probs):
    t = -sum(map(sum, log_probs))
    return t, t / (len(log_probs) * len(log_probs[0])), t / len(log_probs)

# %% three-losses
# a set
def three_losses(log_probs):
    t = -sum(map(sum, log_probs))
    return {t, t / sum(map(len, log_probs)), t / len(log_probs)}

# %% three-losses
# drops sequences of one token
def three_losses(log_probs):
    rows = [r for r in log_probs if len(r) > 1] or log_probs
    t = -sum(map(sum, rows))
    return t, t / sum(map(len, rows)), t / len(rows)

# %% sequence-nll
# the product in short texts: two factors of 1e-200 are already too small
def sequence_nll(probs):
    with np.errstate(all="ignore"):
        if len(probs) < 20:
            return -np.log(np.prod(probs))
        return -np.log(probs).sum()

# %% sequence-nll
# the product as long as it is not 0: a subnormal one has lost its digits
def sequence_nll(probs):
    with np.errstate(all="ignore"):
        product = np.prod(probs)
        return -np.log(product) if product > 0 else -np.log(probs).sum()

# %% sequence-nll
# a probability of 0 is noticed in the first place only
def sequence_nll(probs):
    if probs[0] == 0:
        return np.inf
    return -np.log(np.where(probs == 0, 1, probs)).sum()

# %% batch-nll
# squeezed: a batch of one sequence loses its axis
def batch_nll(log_probs, mask):
    return -np.where(mask, log_probs, 0).sum(1).squeeze()

# %% batch-nll
# padding is told by values that no log-probability can have, not by the mask
def batch_nll(log_probs, mask):
    return -np.where(np.isfinite(log_probs) & (log_probs <= 0), log_probs, 0).sum(1)

# %% batch-nll
# an impossible token in the last row only
def batch_nll(log_probs, mask):
    return -np.where(mask & ~np.isnan(log_probs), np.maximum(log_probs, -1e300), 0).sum(1)

# %% three-losses
# equal lengths only
def three_losses(log_probs):
    a = np.array([r[: min(map(len, log_probs))] for r in log_probs])
    return -a.sum(), -a.mean(), -a.sum() / len(a)

# %% sequence-steps most=0.34
# the answer alone
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="logarithms")
steps

# %% sequence-steps most=0.34
# adds and subtracts the same sum, then the answer
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(p(j), (j, 1, m)) * Product(Z[j], (j, 1, m)) / Product(Z[j], (j, 1, m)), evaluate=False), because="times one")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="logarithms")
steps

# %% sequence-steps most=0.34
# a wrong middle line: the log of a product is no product of logs
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Product(log(p(j)), (j, 1, m)), because="log goes inside")
steps.step("=", Sum(log(Z[j]), (j, 1, m)) - Sum(s[j], (j, 1, m)), because="so")
steps

# %% sequence-steps
# never takes the score out of the logarithm
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="log of a product")
steps.step("=", Sum(log(Z[j] / exp(s[j])), (j, 1, m)), because="the inverse")
steps

# %% sequence-steps
# the sign of both sums is turned at the end
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="log of a product")
steps.step("=", Sum(s[j], (j, 1, m)) - Sum(log(Z[j]), (j, 1, m)), because="log of a quotient")
steps

# %% sequence-steps most=0.34
# the goal first, then the goal as two sums, then as one again
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="logs")
steps.step("=", Sum(log(Z[j]), (j, 1, m)) - Sum(s[j], (j, 1, m)), because="linearity")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="linearity")
steps

# %% sequence-steps
# the log of a sum of Z, as if Z were summed
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="log of a product")
steps.step("=", log(Sum(Z[j], (j, 1, m))) - Sum(s[j], (j, 1, m)), because="log of a quotient")
steps

# %% sequence-steps most=0.34
# doubles and halves, then the answer
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(p(j)**2, (j, 1, m))) / 2, because="log of a square is twice the log")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="logarithms")
steps

# %% sequence-steps most=0.34
# hides the start in exp and log, then the answer
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(exp(log(Product(p(j), (j, 1, m)))), evaluate=False), because="exp undoes log")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="logarithms")
steps

# %% one-unlikely-token
# the odd token is counted twice
nll_with_one_unlikely = -m * log(prob) - log(prob / c)

# %% one-unlikely-token
# log c subtracted
nll_with_one_unlikely = -m * log(prob) - log(c)

# %% one-unlikely-token
# every token is less likely
nll_with_one_unlikely = -m * log(prob / c)

# %% one-unlikely-token
# the numbers of the text put in
nll_with_one_unlikely = 100 * log(2) + 30 * log(10)

# %% one-unlikely-token
# the mean
nll_with_one_unlikely = -log(prob) + log(c) / m

# %% one-unlikely-token
# a symbol of one's own
q = positive("q")
nll_with_one_unlikely = -m * log(q) + log(c)

# %% sequence-steps most=0.34
# m equal terms of a mean, then the answer
steps = Derivation("sequence-steps", strict=False)
i = index("i", m)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(Product(p(j), (j, 1, m))) / m, (i, 1, m)), because="a mean of equal terms")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="logarithms")
steps

# %% sequence-steps most=0.34
# an m-th root, m times, then the answer
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -m * log(Product(p(j), (j, 1, m))**(1 / m)), because="log of a root")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="logarithms")
steps

# %% sequence-steps most=0.34
# -log a = log 1/a, then the answer
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", log(1 / Product(p(j), (j, 1, m))), because="log of the inverse")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="logarithms")
steps

# %% sequence-steps most=0.34
# squares over squares under the root
from sympy import sqrt
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(p(m + 1 - j), (j, 1, m))), because="from behind")
steps.step("=", Sum(log(Z[m + 1 - j]) - s[m + 1 - j], (j, 1, m)), because="logarithms")
steps

# %% sequence-steps most=0.34
# a product of m equal roots of the product, then the answer
steps = Derivation("sequence-steps", strict=False)
i = index("i", m)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(Product(p(j), (j, 1, m))**(1 / m), (i, 1, m))), because="m equal roots")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="logarithms")
steps

# %% sequence-steps most=0.34
# a sum of m logarithms that are all the same, then the answer
steps = Derivation("sequence-steps", strict=False)
i = index("i", m)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(Product(p(j), (j, 1, m))**(1 / m)), (i, 1, m)), because="m equal roots")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="logarithms")
steps

# %% total-log-likelihood most=0
# the losses, without the minus
log_likelihoods = [5.5, 3.6]

# %% total-log-likelihood most=0
# the order changed
log_likelihoods = [-3.6, -5.5]

# %% total-log-likelihood most=0
# the mean of each
log_likelihoods = [-5.5 / 3, -1.2]

# %% total-log-likelihood most=0
# the two probabilities
log_likelihoods = np.exp([-5.5, -3.6])

# %% total-log-likelihood most=0
# in bits
log_likelihoods = np.array([-5.5, -3.6]) / np.log(2)

# %% total-log-likelihood most=0
# rounded to whole numbers
log_likelihoods = [-5, -4]

# %% total-log-likelihood most=0
# position by position instead of sequence by sequence
log_likelihoods = [-1.8 - 1.5, -2.5 - 0.9, -1.2 - 1.2]

# %% total-log-likelihood most=0
# a text
log_likelihoods = "-5.5, -3.6"

# %% total-log-likelihood most=0
# the logarithm of sums of probabilities
log_likelihoods = [float(np.log(np.exp(x).sum())) for x in ([-1.8, -2.5, -1.2], [-1.5, -0.9, -1.2])]

# %% total-log-likelihood most=0
# an imaginary part that is not 0
log_likelihoods = [complex(-5.5, 1), complex(-3.6, -1)]

# %% total-log-likelihood most=0.5
# one of the two wrong
log_likelihoods = [-5.5, -3.5]

# %% sequence-nll
# the product in extended precision
def sequence_nll(probs):
    return -np.log(np.prod(np.asarray(probs, dtype=np.longdouble)))


# %% sequence-nll
# products of a hundred factors at a time
def sequence_nll(probs):
    return -sum(np.log(np.prod(probs[i : i + 100])) for i in range(0, len(probs), 100))


# %% sequence-nll
# log1p of the probability minus 1: tiny ones are lost
def sequence_nll(probs):
    return -np.log1p(np.asarray(probs) - 1).sum()


# %% sequence-nll
# a floor under each probability
def sequence_nll(probs):
    return -np.log(np.maximum(probs, 1e-300)).sum()


# %% sequence-nll
# impossible tokens cost nothing
def sequence_nll(probs):
    return -np.log(probs, where=np.asarray(probs) > 0, out=np.zeros(len(probs))).sum()


# %% sequence-nll
# a total that goes on from call to call
_total = 0.0


def sequence_nll(probs):
    global _total
    _total -= np.log(probs).sum()
    return _total


# %% sequence-nll
# a default argument that remembers
def sequence_nll(probs, seen=[]):
    seen.extend(probs)
    return -np.log(seen).sum()


# %% sequence-nll
# the geometric mean first, then times m
def sequence_nll(probs):
    m = len(probs)
    return -m * np.log(np.prod(probs) ** (1 / m))


# %% sequence-nll
# the last token is left out
def sequence_nll(probs):
    return -np.log(probs[:-1]).sum()


# %% sequence-nll
# the entropy
def sequence_nll(probs):
    return -(probs * np.log(probs)).sum()


# %% sequence-nll
# a text of the number
def sequence_nll(probs):
    return f"{-np.log(probs).sum():.6f}"


# %% sequence-nll
# only the examples
def sequence_nll(probs):
    return 2 * np.log(2) if len(probs) == 2 else np.inf


# %% sequence-nll
# the losses of the tokens, not added
def sequence_nll(probs):
    return -np.log(probs)


# %% sequence-nll
# float16 on the way
def sequence_nll(probs):
    return -np.log(np.asarray(probs, dtype=np.float16)).sum()


# %% sequence-nll
# zero probabilities give NaN
def sequence_nll(probs):
    return float("nan") if 0 in probs else -np.log(probs).sum()


# %% sequence-steps most=0.34
# the answer alone
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps most=0.34
# the answer twice, in two forms
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))
steps.step("=", Sum(log(Z[j]), (j, 1, m)) - Sum(s[j], (j, 1, m)))

# %% sequence-steps most=0.34
# the start with a sum of zeros, then the answer
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(p(j), (j, 1, m))) + Sum(s[j] - s[j], (j, 1, m)))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps most=0.34
# the start with log(m/m) and a product of ones, then the answer
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(p(j), (j, 1, m)) * Product(s[j] ** 0, (j, 1, m))) + log(Z[1] / Z[1]))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps most=0.34
# the start as exp(log(...)), then the answer
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(exp(log(Product(p(j), (j, 1, m))))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps most=0.34
# the answer with two terms of a telescope, then the answer
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j] + s[j] - s[j], (j, 1, m)))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps most=0.67
# a sign lost on the way
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)))
steps.step("=", -Sum(s[j] + log(Z[j]), (j, 1, m)))

# %% sequence-steps most=0.67
# the sum starts at 0
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 0, m - 1)))

# %% sequence-steps most=0
# an inequality that is true and leads nowhere
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("≤", -log(Product(p(j), (j, 1, m))) + 1)
steps.step("≤", -log(Product(p(j), (j, 1, m))) + 2)

# %% sequence-steps most=0.34
# the product with factors turned round in order, then the answer
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(p(m + 1 - j), (j, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% one-unlikely-token most=0
# one token too many
nll_with_one_unlikely = -m * log(prob) - log(prob / c)

# %% one-unlikely-token most=0
# c as a factor of the loss
nll_with_one_unlikely = -(m - 1 + c) * log(prob)

# %% one-unlikely-token most=0
# the odd one is c times as likely
nll_with_one_unlikely = -m * log(prob) - log(c)

# %% one-unlikely-token most=0
# all tokens are odd
nll_with_one_unlikely = m * log(c / prob)

# %% one-unlikely-token most=0
# the mean
nll_with_one_unlikely = log(c) / m - log(prob)

# %% one-unlikely-token most=0
# in bits
nll_with_one_unlikely = (log(c) - m * log(prob)) / log(2)

# %% one-unlikely-token most=0
# the numbers of the text put in
nll_with_one_unlikely = 100 * log(2) + 30 * log(10)

# %% one-unlikely-token most=0
# the log-likelihood
nll_with_one_unlikely = m * log(prob) - log(c)

# %% one-unlikely-token most=0
# a text
nll_with_one_unlikely = "log(c) - m*log(p)"

# %% one-unlikely-token most=0
# a sum with one term too few
nll_with_one_unlikely = Sum(-log(prob), (m, 1, m - 1)) + log(c)

# %% one-unlikely-token most=0
# right up to 1e-9
nll_with_one_unlikely = (log(c) - m * log(prob)) * (1 + 1e-9 * c)

# %% batch-nll
# NaN is taken for padding, the mask for nothing
def batch_nll(log_probs, mask):
    return -np.nansum(log_probs, axis=1)


# %% batch-nll
# padding at the end only: the first tokens of each row
def batch_nll(log_probs, mask):
    return np.array([-row[: int(keep.sum())].sum() for row, keep in zip(log_probs, mask)])


# %% batch-nll
# a product with the mask
def batch_nll(log_probs, mask):
    return -(log_probs * mask).sum(1)


# %% batch-nll
# what is not finite is dropped
def batch_nll(log_probs, mask):
    return -np.where(mask & np.isfinite(log_probs), log_probs, 0).sum(1)


# %% batch-nll
# everything not finite becomes the largest number
def batch_nll(log_probs, mask):
    return -np.where(mask, np.nan_to_num(log_probs), 0).sum(1)


# %% batch-nll
# the mean of each sequence
def batch_nll(log_probs, mask):
    return -np.where(mask, log_probs, 0).sum(1) / mask.sum(1)


# %% batch-nll
# one loss for the batch
def batch_nll(log_probs, mask):
    return -log_probs[mask].sum()


# %% batch-nll
# the other axis
def batch_nll(log_probs, mask):
    return -np.where(mask, log_probs, 0).sum(0)


# %% batch-nll
# the padding instead of the tokens
def batch_nll(log_probs, mask):
    return -np.where(mask, 0, log_probs).sum(1)


# %% batch-nll
# from the first token of a row to the last one of the first row
def batch_nll(log_probs, mask):
    last = mask[0].nonzero()[0].max() + 1
    return -np.where(mask[:, :last], log_probs[:, :last], 0).sum(1)


# %% batch-nll
# padding in front or at the end, the same for the whole batch
def batch_nll(log_probs, mask):
    if mask[:, 0].all():
        return np.array([-row[: keep.sum()].sum() for row, keep in zip(log_probs, mask)])
    return np.array([-row[len(row) - keep.sum() :].sum() for row, keep in zip(log_probs, mask)])


# %% batch-nll
# one column for the result
def batch_nll(log_probs, mask):
    return -np.where(mask, log_probs, 0).sum(1, keepdims=True)


# %% batch-nll
# an impossible token makes the loss NaN
def batch_nll(log_probs, mask):
    result = -np.where(mask, log_probs, 0).sum(1)
    return np.where(np.isinf(result), np.nan, result)


# %% changed-conditionals most=0
changed = "d"

# %% changed-conditionals most=0
changed = "b or d"

# %% changed-conditionals most=0
changed = ["b", "c"]

# %% changed-conditionals most=0
changed = "not b"

# %% changed-conditionals most=0
changed = 2

# %% changed-conditionals most=0
changed = "a, b, c, d"

# %% changed-conditionals most=0
changed = "anything but b"

# %% underflow-length most=0
# the last number of tokens that is not 0
length = 68

# %% underflow-length most=0
# where the normal numbers end
length = 66

# %% underflow-length most=0
# float32
length = 10

# %% underflow-length most=0
# one too many, by a loop that looks too late
length = 70

# %% underflow-length most=0
# the exponent of the smallest number
length = 324

# %% underflow-length most=0
# not a whole number
length = 1075 * np.log(2) / np.log(50_000)

# %% underflow-length most=0
length = "after about 69 tokens"

# %% three-losses
# the mean of means
def three_losses(log_probs):
    means = [-np.mean(s) for s in log_probs]
    total = -sum(map(sum, log_probs))
    return total, float(np.mean(means)), total / len(log_probs)


# %% three-losses
# the last two swapped
def three_losses(log_probs):
    total = -sum(map(sum, log_probs))
    return total, total / len(log_probs), total / sum(map(len, log_probs))


# %% three-losses
# the signs
def three_losses(log_probs):
    total = sum(map(sum, log_probs))
    return total, total / sum(map(len, log_probs)), total / len(log_probs)


# %% three-losses
# the number of tokens of the longest sequence times the number of sequences
def three_losses(log_probs):
    total = -sum(map(sum, log_probs))
    return total, total / (len(log_probs) * max(map(len, log_probs))), total / len(log_probs)


# %% three-losses
# in bits
def three_losses(log_probs):
    total = -sum(map(sum, log_probs)) / np.log(2)
    return total, total / sum(map(len, log_probs)), total / len(log_probs)


# %% three-losses
# whole numbers
def three_losses(log_probs):
    total = -sum(map(sum, log_probs))
    return total, total // sum(map(len, log_probs)), total // len(log_probs)


# %% three-losses
# the first sequence counts only
def three_losses(log_probs):
    total = -sum(log_probs[0])
    return total, total / len(log_probs[0]), total


# %% three-losses
# equal sequences counted once
def three_losses(log_probs):
    different = {tuple(s) for s in log_probs}
    total = -sum(map(sum, different))
    return total, total / sum(map(len, different)), total / len(different)


# %% three-losses
# a dictionary
def three_losses(log_probs):
    total = -sum(map(sum, log_probs))
    return {"total": total, "token": total / sum(map(len, log_probs)), "sequence": total / len(log_probs)}


# %% three-losses
# texts
def three_losses(log_probs):
    total = -sum(map(sum, log_probs))
    return [str(total), str(total / sum(map(len, log_probs))), str(total / len(log_probs))]


# %% three-losses
# two of three
def three_losses(log_probs):
    total = -sum(map(sum, log_probs))
    return total, total / sum(map(len, log_probs))

# %% sequence-steps most=0.34
# half of the start, half of the answer
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(p(j), (j, 1, m))) / 2 + Sum(log(Z[j]) - s[j], (j, 1, m)) / 2)
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps most=0.34
# twice the start minus the answer
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -2 * log(Product(p(j), (j, 1, m))) - Sum(log(Z[j]) - s[j], (j, 1, m)))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps most=0.34
# the answer, with the sum of logarithms added and taken away
i = index("i", m)
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)) + Sum(log(p(j)), (j, 1, m)) - Sum(log(p(i)), (i, 1, m)))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps most=0.34
# the start, with the sum of logarithms added and taken away
i = index("i", m)
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(p(j), (j, 1, m))) + Sum(log(p(j)), (j, 1, m)) - Sum(log(p(i)), (i, 1, m)))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps most=0.34
# the answer as a logarithm of an exponential
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", m * (Sum(log(Z[j]) - s[j], (j, 1, m)) / m))
steps.step("=", Sum(m * (log(Z[j]) - s[j]) / m, (j, 1, m)))

# %% sequence-steps most=0.34
# every score twice, halved
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", Sum(log(Z[j] ** 2) - 2 * s[j], (j, 1, m)) / 2)
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps most=0.34
# the answer, with a product's logarithm added and taken away
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)) + log(Product(Z[j], (j, 1, m))) - Sum(log(Z[j]), (j, 1, m)))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))

# %% sequence-steps most=0.34
# the answer, with the logarithms of shares added and taken away
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)) + Sum(log(1 + exp(s[j])), (j, 1, m)) - log(Product(1 + exp(s[j]), (j, 1, m))))
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)))
