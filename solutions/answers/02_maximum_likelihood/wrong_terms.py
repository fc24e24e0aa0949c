# A term forgotten.

# %% best-log-likelihood mistake="forgets-the-counts"
best_log_likelihood = np.log([0.6, 0.3, 0.1]).sum()

# %% lagrangian-slope mistake="forgets-the-constraint"
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]), because="the constraint is 0")
steps.step("=", n[j] / theta[j], because="one term")

# %% categorical-mle mistake="not-normalised"
theta_hat = n[j]


# %% bigram-probs mistake="all-occurrences"
def bigram_probs(sentences, V):
    pairs, tokens = np.zeros((V, V)), np.zeros(V)
    for sentence in sentences:
        for a, b in zip(sentence, sentence[1:]):
            pairs[a, b] += 1
        for a in sentence:
            tokens[a] += 1
    return np.array([pairs[a] / tokens[a] if tokens[a] else np.full(V, 1 / V) for a in range(V)])


# %% smoothed mistake="forgets-the-classes"
def smoothed(counts, alpha):
    return (counts + alpha) / (counts.sum(axis=-1, keepdims=True) + alpha)


# %% page-without-typos mistake="share-of-zeros"
prob_without_typos = 1 / 5

# %% standard-error mistake="forgets-the-tails"
standard_error = np.sqrt(0.3 / 500)

# %% moves-the-maximum mistake="distrusts-a-factor"
moves = "c"
