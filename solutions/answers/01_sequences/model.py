# %% total-log-likelihood
log_likelihoods = [-1.8 - 2.5 - 1.2, -1.5 - 0.9 - 1.2]


# %% sequence-nll
def sequence_nll(probs):
    """Return the NLL of a text in nats, from its tokens' probabilities: shape (m,) -> one number."""
    with np.errstate(divide="ignore"):  # log 0 = -inf is right: the loss is inf
        return -np.log(probs).sum()


# %% sequence-steps
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step(
    "=", -Sum(log(p(j)), (j, 1, m)), because="the logarithm of a product is the sum of the logarithms"
)
steps.step("=", -Sum(s[j] - log(Z[j]), (j, 1, m)), because="the logarithm of a quotient")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="the minus goes inside")
steps

# %% one-unlikely-token
nll_with_one_unlikely = -m * log(prob) + log(c)


# %% batch-nll
def batch_nll(log_probs, mask):
    """Return the NLL of each sequence in nats: shapes (B, T) and (B, T) -> (B,)."""
    return -np.where(mask, log_probs, 0.0).sum(axis=-1)


# %% changed-conditionals
changed = "b"

# %% underflow-length
product, length = 1.0, 0
while product > 0:
    product, length = product / 50_000, length + 1


# %% three-losses
def three_losses(log_probs):
    """Return the NLL in total, per token and per sequence, from a list of lists of log-probabilities."""
    total = -sum(sum(sequence) for sequence in log_probs)
    tokens = sum(len(sequence) for sequence in log_probs)
    return total, total / tokens, total / len(log_probs)


# %% [markdown] why-the-log
# The logarithm is an increasing function, so the parameters that make the probability largest also make
# its logarithm largest. But the probability is a product of one small factor per token, and after a
# few dozen to a few hundred tokens it is rounded to 0 in float64. The logarithm is a sum of ordinary
# numbers. And the gradient of a sum is the sum of the gradients, so each token can be treated by itself.
