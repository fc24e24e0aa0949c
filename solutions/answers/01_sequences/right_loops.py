# Plain Python: loops, the math module, lists instead of arrays.

# %% total-log-likelihood
log_likelihoods = []
for log_probs in ([-1.8, -2.5, -1.2], [-1.5, -0.9, -1.2]):
    log_likelihoods.append(sum(log_probs))

# %% sequence-nll
import math


def sequence_nll(probs):
    total = 0.0
    for prob in probs:
        if prob == 0:
            return math.inf
        total -= math.log(prob)
    return total


# %% sequence-steps
# Two sums, and the smallest steps.
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Product(exp(s[j]) / Z[j], (j, 1, m))), because="definition")
steps.step("=", -Sum(log(exp(s[j]) / Z[j]), (j, 1, m)), because="the logarithm of a product")
steps.step("=", -Sum(s[j] - log(Z[j]), (j, 1, m)), because="the logarithm of a quotient")
steps.step("=", -Sum(s[j], (j, 1, m)) + Sum(log(Z[j]), (j, 1, m)), because="two sums")

# %% one-unlikely-token
nll_with_one_unlikely = -(m - 1) * log(prob) - log(prob / c)


# %% batch-nll
def batch_nll(log_probs, mask):
    losses = []
    for row, kept in zip(log_probs, mask):
        losses.append(-sum(x for x, keep in zip(row, kept) if keep))
    return losses


# %% changed-conditionals
changed = "B"

# %% underflow-length
length = next(m for m in range(1, 10_000) if np.prod(np.full(m, 1 / 50_000)) == 0)


# %% three-losses
def three_losses(log_probs):
    total, tokens, sequences = 0.0, 0, 0
    for sequence in log_probs:
        sequences += 1
        for log_prob in sequence:
            total -= log_prob
            tokens += 1
    return [total, total / tokens, total / sequences]
