# A mean where a total is asked for, or the wrong mean.

# %% total-log-likelihood mistake="mean-for-sum"
log_likelihoods = [np.mean([-1.8, -2.5, -1.2]), np.mean([-1.5, -0.9, -1.2])]


# %% sequence-nll mistake="mean-for-sum"
def sequence_nll(probs):
    return -np.mean(np.log(probs))


# %% sequence-steps mistake="forgets-normaliser"
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="the logarithm of a product")
steps.step("=", -Sum(s[j], (j, 1, m)), because="log undoes exp")

# %% one-unlikely-token mistake="mean-for-sum"
nll_with_one_unlikely = (log(c) - m * log(prob)) / m


# %% batch-nll mistake="mean-over-tokens"
def batch_nll(log_probs, mask):
    return [-np.mean(row[keep]) for row, keep in zip(log_probs, mask)]


# %% changed-conditionals mistake="looks-ahead"
changed = "d"

# %% underflow-length mistake="float32"
product, length = np.float32(1), 0
while product > 0:
    product, length = product * np.float32(2e-5), length + 1


# %% three-losses mistake="averages-sequence-means"
def three_losses(log_probs):
    totals = [-np.sum(sequence) for sequence in log_probs]
    means = [-np.mean(sequence) for sequence in log_probs]
    return np.sum(totals), np.mean(means), np.mean(totals)
