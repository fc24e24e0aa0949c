# Divided by the wrong total, or by none.

# %% best-log-likelihood mistake="mean-for-sum"
best_log_likelihood = 0.6 * np.log(0.6) + 0.3 * np.log(0.3) + 0.1 * np.log(0.1)

# %% lagrangian-slope mistake="keeps-the-sum"
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step(
    "=", Derivative(log_likelihood, theta[j]) - lam * Derivative(Sum(theta[k], (k, 1, V)), theta[j]), because=""
)
steps.step("=", Sum(n[k] / theta[k], (k, 1, V)) - lam * V, because="the derivative of each term")

# %% categorical-mle mistake="divides-by-classes"
theta_hat = n[j] / V


# %% bigram-probs mistake="joint-probabilities"
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for sentence in sentences:
        for a, b in zip(sentence, sentence[1:]):
            counts[a, b] += 1
    return counts / counts.sum()


# %% smoothed mistake="whole-table"
def smoothed(counts, alpha):
    return (counts + alpha) / (counts + alpha).sum()


# %% page-without-typos mistake="sum-for-mean"
prob_without_typos = np.exp(-sum([2, 0, 3, 1, 4]))

# %% standard-error mistake="one-toss"
standard_error = np.sqrt(0.3 * 0.7)

# %% moves-the-maximum mistake="distrusts-the-mean"
moves = "b"
