# %% best-log-likelihood
counts = np.array([6, 3, 1])
best_log_likelihood = (counts * np.log(counts / 10)).sum()

# %% lagrangian-slope
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step(
    "=",
    Derivative(log_likelihood, theta[j]) - lam * Derivative(Sum(theta[k], (k, 1, V)), theta[j]),
    because="linearity; the 1 is a constant",
)
steps.step(
    "=", n[j] / theta[j] - lam * Derivative(Sum(theta[k], (k, 1, V)), theta[j]), because="one term holds θ_j"
)
steps.step("=", n[j] / theta[j] - lam, because="one term of this sum as well")
steps

# %% categorical-mle
theta_hat = n[j] / Sum(n[k], (k, 1, V))


# %% bigram-probs
def bigram_probs(sentences, V):
    """Return the bigram model of largest likelihood: lists of tokens in 0..V−1 -> (V, V)."""
    counts = np.zeros((V, V))
    for sentence in sentences:
        for a, b in zip(sentence, sentence[1:]):
            counts[a, b] += 1
    totals = counts.sum(axis=1, keepdims=True)
    return np.where(totals > 0, counts / np.maximum(totals, 1), 1 / V)


# %% smoothed
def smoothed(counts, alpha):
    """Return the smoothed estimates: counts of shape (..., V) and one number -> (..., V)."""
    more = counts + alpha
    return more / more.sum(axis=-1, keepdims=True)


# %% page-without-typos
rate = np.mean([2, 0, 3, 1, 4])
prob_without_typos = np.exp(-rate)

# %% standard-error
information = 500 / (0.3 * 0.7)
standard_error = 1 / np.sqrt(information)

# %% moves-the-maximum
moves = "d"

# %% [markdown] why-products
# The product says that the examples are independent draws from one distribution: only then is the
# probability of all of them together the product of their probabilities. A copy is not a new draw, so
# the assumption fails here. The review enters with its tenth power. Its words count ten times as much as
# those of another review, and the model looks surer of them than the data allow. Removing the duplicates
# repairs it.
