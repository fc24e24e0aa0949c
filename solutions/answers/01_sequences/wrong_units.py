# Bits for nats, probabilities for logarithms, rows for the batch.

# %% total-log-likelihood mistake="gives-the-likelihood"
log_likelihoods = [np.exp(-5.5), np.exp(-3.6)]


# %% sequence-nll mistake="base-2"
def sequence_nll(probs):
    return -np.log2(probs).sum()


# %% sequence-steps mistake="plus-for-minus"
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="the logarithm of a product")
steps.step("=", Sum(log(Z[j]) + s[j], (j, 1, m)), because="the logarithm of a quotient")

# %% one-unlikely-token mistake="every-token"
nll_with_one_unlikely = -m * (log(prob) - log(c))


# %% batch-nll mistake="whole-batch"
def batch_nll(log_probs, mask):
    return -log_probs[mask].sum()


# %% underflow-length mistake="counts-bits"
product, length = 1.0, 0
while product > 0:
    product, length = product / 2, length + 1


# %% three-losses mistake="base-2"
def three_losses(log_probs):
    bits = -sum(sum(sequence) for sequence in log_probs) / np.log(2)
    return bits, bits / sum(map(len, log_probs)), bits / len(log_probs)
