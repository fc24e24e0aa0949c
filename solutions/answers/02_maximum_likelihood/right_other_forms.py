# Other formulas with the same values, and rounded numbers.

# %% best-log-likelihood
best_log_likelihood = np.log(0.6**6 * 0.3**3 * 0.1)

# %% lagrangian-slope
# The multiplier goes into the sum first.
i = index("i", V)
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step(
    "=", Derivative(Sum(n[i] * log(theta[i]) - lam * theta[i], (i, 1, V)) + lam, theta[j]), because="one sum"
)
steps.step("=", Derivative(n[j] * log(theta[j]) - lam * theta[j], theta[j]), because="the rest is constant")
steps.step("=", (n[j] - lam * theta[j]) / theta[j], because="the derivative of the logarithm")

# %% categorical-mle
theta_hat = exp(log(n[j]) - log(Sum(n[k], (k, 1, V))))


# %% bigram-probs
def bigram_probs(sentences, V):
    counts = np.zeros((V, V), dtype=int)
    for sentence in sentences:
        np.add.at(counts, (np.array(sentence[:-1], dtype=int), np.array(sentence[1:], dtype=int)), 1)
    probs = np.full((V, V), 1 / V)
    seen = counts.any(axis=1)
    probs[seen] = counts[seen] / counts[seen].sum(axis=1)[:, None]
    return probs


# %% smoothed
def smoothed(counts, alpha):
    N, V = counts.sum(axis=-1, keepdims=True), counts.shape[-1]
    return counts / (N + alpha * V) + alpha / (N + alpha * V)


# %% page-without-typos
prob_without_typos = 0.135

# %% standard-error
standard_error = 0.0205

# %% moves-the-maximum
moves = "(d)"
