# A minus too many or too few.

# %% total-log-likelihood mistake="gives-the-loss"
log_likelihoods = [5.5, 3.6]


# %% sequence-nll mistake="missing-minus"
def sequence_nll(probs):
    return np.log(probs).sum()


# %% sequence-steps mistake="flipped-sign"
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", Sum(log(p(j)), (j, 1, m)), because="the logarithm of a product")
steps.step("=", Sum(s[j] - log(Z[j]), (j, 1, m)), because="the logarithm of a quotient")

# %% one-unlikely-token mistake="missing-minus"
nll_with_one_unlikely = (m - 1) * log(prob) + log(prob / c)


# %% batch-nll mistake="missing-minus"
def batch_nll(log_probs, mask):
    return np.where(mask, log_probs, 0).sum(axis=1)


# %% changed-conditionals mistake="only-its-own"
changed = "a"

# %% underflow-length mistake="last-above-zero"
product, length = 1 / 50_000, 0
while product > 0:
    product *= 1 / 50_000
    length += 1


# %% three-losses mistake="missing-minus"
def three_losses(log_probs):
    total = sum(sum(sequence) for sequence in log_probs)
    return total, total / sum(len(sequence) for sequence in log_probs), total / len(log_probs)
