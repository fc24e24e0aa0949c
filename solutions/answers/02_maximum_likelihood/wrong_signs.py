# Signs and directions turned round.

# %% best-log-likelihood mistake="gives-the-loss"
best_log_likelihood = -(6 * np.log(0.6) + 3 * np.log(0.3) + np.log(0.1))

# %% lagrangian-slope mistake="flipped-sign"
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", lam - Derivative(log_likelihood, theta[j]), because="linearity")
steps.step("=", lam - n[j] / theta[j], because="one term")

# %% categorical-mle mistake="upside-down"
theta_hat = Sum(n[k], (k, 1, V)) / n[j]


# %% bigram-probs mistake="turned-round"
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for sentence in sentences:
        for a, b in zip(sentence, sentence[1:]):
            counts[b, a] += 1
    totals = counts.sum(axis=1, keepdims=True)
    return np.where(totals > 0, counts / np.maximum(totals, 1), 1 / V)


# %% smoothed mistake="first-axis"
def smoothed(counts, alpha):
    more = counts + alpha
    return more / more.sum(axis=0)


# %% page-without-typos mistake="at-least-one"
prob_without_typos = 1 - np.exp(-2)

# %% standard-error mistake="gives-the-information"
standard_error = 500 / (0.3 * 0.7)

# %% moves-the-maximum mistake="distrusts-the-log"
moves = "a"
