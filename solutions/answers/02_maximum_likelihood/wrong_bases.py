# Logarithms to base 10, and counts that are not those of the data.

# %% best-log-likelihood mistake="base-10"
best_log_likelihood = 6 * np.log10(0.6) + 3 * np.log10(0.3) + np.log10(0.1)


# %% bigram-probs mistake="adds-one"
def bigram_probs(sentences, V):
    counts = np.ones((V, V))
    for sentence in sentences:
        for a, b in zip(sentence, sentence[1:]):
            counts[a, b] += 1
    return counts / counts.sum(axis=1, keepdims=True)


# %% smoothed mistake="shares-alpha"
def smoothed(counts, alpha):
    more = counts + alpha / counts.shape[-1]
    return more / more.sum(axis=-1, keepdims=True)


# %% page-without-typos mistake="leaves-out-zeros"
prob_without_typos = np.exp(-np.mean([2, 3, 1, 4]))

# %% standard-error mistake="count-for-share"
standard_error = np.sqrt(500 * 0.3 * 0.7)
