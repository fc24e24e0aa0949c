# Other formulas with the same values.

# %% total-log-likelihood
log_likelihoods = np.log([np.exp(-1.8) * np.exp(-2.5) * np.exp(-1.2), np.exp(-3.6)])


# %% sequence-nll
def sequence_nll(probs):
    return np.sum(np.log(1 / probs))


# %% sequence-steps
# The product is taken apart first, the logarithm comes last.
steps = Derivation("sequence-steps", strict=False)
steps.start(-log(Product(p(j), (j, 1, m))))
steps.step("=", log(Product(Z[j] / exp(s[j]), (j, 1, m))), because="minus a logarithm is that of the inverse")
steps.step("=", Sum(log(Z[j] / exp(s[j])), (j, 1, m)), because="the logarithm of a product")
steps.step("=", Sum(log(Z[j]) - s[j], (j, 1, m)), because="the logarithm of a quotient")

# %% one-unlikely-token
nll_with_one_unlikely = log(c / prob**m)


# %% batch-nll
def batch_nll(log_probs, mask):
    return np.array([-np.sum(row[keep]) for row, keep in zip(log_probs, mask)])


# %% changed-conditionals
changed = "(b)"

# %% underflow-length
length = int(np.argmax(np.cumprod(np.full(1000, 2e-5)) == 0)) + 1


# %% three-losses
def three_losses(log_probs):
    total = -np.concatenate(log_probs).sum()
    return total / np.array([1, sum(map(len, log_probs)), len(log_probs)])
