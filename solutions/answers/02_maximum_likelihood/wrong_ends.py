# Right but for the ends of the sentences, and for what is not there.

# %% best-log-likelihood mistake="gives-the-likelihood"
best_log_likelihood = 0.6**6 * 0.3**3 * 0.1


# %% bigram-probs mistake="wraps-around"
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for sentence in sentences:
        np.add.at(counts, (sentence, np.roll(sentence, -1)), 1)
    totals = counts.sum(axis=1, keepdims=True)
    return np.where(totals > 0, counts / np.maximum(totals, 1), 1 / V)


# %% smoothed mistake="smooths-what-is-unseen"
def smoothed(counts, alpha):
    more = np.where(counts > 0, counts, alpha)
    return more / more.sum(axis=-1, keepdims=True)


# %% page-without-typos mistake="missing-minus"
prob_without_typos = np.exp(np.mean([2, 0, 3, 1, 4]))
