# Right where there are data only; and other models than the best one.

# %% best-log-likelihood mistake="uniform-model"
best_log_likelihood = 10 * np.log(1 / 3)

# %% lagrangian-slope mistake="keeps-the-logarithm"
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam, because="linearity")
steps.step("=", n[j] * log(theta[j]) - lam, because="one term")

# %% categorical-mle mistake="uniform"
theta_hat = 1 / V


# %% bigram-probs mistake="zero-over-zero"
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for sentence in sentences:
        for a, b in zip(sentence, sentence[1:]):
            counts[a, b] += 1
    return counts / counts.sum(axis=1, keepdims=True)


# %% smoothed mistake="ignores-alpha"
def smoothed(counts, alpha):
    return counts / counts.sum(axis=-1, keepdims=True)


# %% page-without-typos mistake="gives-the-rate"
prob_without_typos = np.mean([2, 0, 3, 1, 4])

# %% standard-error mistake="gives-the-variance"
standard_error = 0.3 * 0.7 / 500
