# Masked arrays and rounded numbers; the shortest derivation.

# %% total-log-likelihood
log_likelihoods = (-5.5, -3.6)


# %% sequence-nll
def sequence_nll(probs):
    return -np.log2(probs).sum() * np.log(2)


# %% sequence-steps
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="log of a product")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="log of a quotient")


# %% batch-nll
def batch_nll(log_probs, mask):
    return np.sum(-log_probs, axis=1, where=mask)


# %% underflow-length
length = 69.0


# %% three-losses
def three_losses(log_probs):
    totals = [-np.sum(sequence) for sequence in log_probs]
    lengths = [len(sequence) for sequence in log_probs]
    return np.sum(totals), np.sum(totals) / np.sum(lengths), np.mean(totals)
