# The right operations in the wrong order.

# %% best-log-likelihood mistake="counts-the-orders"
best_log_likelihood = np.log(840 * 0.6**6 * 0.3**3 * 0.1)

# %% lagrangian-slope mistake="plus-for-minus"
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) + lam, because="linearity")
steps.step("=", n[j] / theta[j] + lam, because="one term")

# %% categorical-mle mistake="softmax-of-counts"
theta_hat = exp(n[j]) / Sum(exp(n[k]), (k, 1, V))


# %% bigram-probs mistake="crosses-sentences"
def bigram_probs(sentences, V):
    text = [token for sentence in sentences for token in sentence]
    counts = np.zeros((V, V))
    for a, b in zip(text, text[1:]):
        counts[a, b] += 1
    totals = counts.sum(axis=1, keepdims=True)
    return np.where(totals > 0, counts / np.maximum(totals, 1), 1 / V)


# %% smoothed mistake="smooths-probabilities"
def smoothed(counts, alpha):
    more = counts / counts.sum(axis=-1, keepdims=True) + alpha
    return more / more.sum(axis=-1, keepdims=True)


# %% page-without-typos mistake="averages-the-function"
prob_without_typos = np.mean([np.exp(-x) for x in (2, 0, 3, 1, 4)])

# %% standard-error mistake="no-root-of-n"
standard_error = np.sqrt(0.3 * 0.7) / 500
