# One-hot matrices, symbolic numbers, and as few steps as are asked for.

# %% best-log-likelihood
best_log_likelihood = -8.98

# %% lagrangian-slope
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam, because="linearity")
steps.step("=", n[j] / theta[j] - lam, because="one term")


# %% bigram-probs
def bigram_probs(sentences, V):
    eye = np.eye(V)
    counts = sum(eye[s[:-1]].T @ eye[s[1:]] for s in sentences if len(s) > 1)
    totals = counts.sum(axis=1)[:, None]
    return np.divide(counts, totals, out=np.full((V, V), 1 / V), where=totals > 0)


# %% smoothed
def smoothed(counts, alpha):
    weights = np.moveaxis(counts + alpha, -1, 0)
    return np.moveaxis(weights / weights.sum(axis=0), 0, -1)


# %% page-without-typos
prob_without_typos = exp(-2)

# %% standard-error
standard_error = (0.21 / 500) ** 0.5
