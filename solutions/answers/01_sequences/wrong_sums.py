# Probabilities added, tokens counted twice, the mask ignored.

# %% total-log-likelihood mistake="log-of-sum"
log_likelihoods = [np.log(np.sum(np.exp(x))) for x in ([-1.8, -2.5, -1.2], [-1.5, -0.9, -1.2])]


# %% sequence-nll mistake="log-of-sum"
def sequence_nll(probs):
    return -np.log(probs.sum())


# %% sequence-steps mistake="log-of-sum"
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -log(Sum(p(j), (j, 1, m))), because="logarithms turn products into sums")

# %% one-unlikely-token mistake="one-token-more"
nll_with_one_unlikely = -(m + 1) * log(prob) + log(c)


# %% batch-nll mistake="ignores-the-mask"
def batch_nll(log_probs, mask):
    return -log_probs.sum(axis=1)


# %% three-losses mistake="swapped-order"
def three_losses(log_probs):
    total = -sum(sum(sequence) for sequence in log_probs)
    return total, total / len(log_probs), total / sum(map(len, log_probs))
