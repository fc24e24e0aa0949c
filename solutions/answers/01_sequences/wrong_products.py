# Products for sums, and right for short texts only.

# %% total-log-likelihood mistake="multiplies-logs"
log_likelihoods = [-1.8 * -2.5 * -1.2, -1.5 * -0.9 * -1.2]


# %% sequence-nll mistake="multiplies-first"
def sequence_nll(probs):
    return -np.log(np.prod(probs))


# %% sequence-steps mistake="one-normaliser"
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", -Sum(log(p(j)), (j, 1, m)), because="the logarithm of a product")
steps.step("=", log(Sum(Z[j], (j, 1, m))) - Sum(s[j], (j, 1, m)), because="the logarithm of a quotient")

# %% one-unlikely-token mistake="factor-for-term"
nll_with_one_unlikely = -(m - 1) * log(prob) - log(prob) * c


# %% batch-nll mistake="zero-times-infinity"
def batch_nll(log_probs, mask):
    return -np.sum(log_probs * mask, axis=1)


# %% changed-conditionals mistake="only-contexts"
changed = "c"

# %% underflow-length mistake="smallest-normal"
product, length = 1.0, 0
while product >= np.finfo(float).tiny:
    product, length = product / 50_000, length + 1


# %% three-losses mistake="counts-padding"
def three_losses(log_probs):
    T = max(len(sequence) for sequence in log_probs)
    table = np.array([list(sequence) + [0.0] * (T - len(sequence)) for sequence in log_probs])
    return -table.sum(), -table.mean(), -table.sum() / len(table)
