# Bits for nats, counts for probabilities.

# %% best-log-likelihood mistake="base-2"
best_log_likelihood = 6 * np.log2(0.6) + 3 * np.log2(0.3) + np.log2(0.1)


# %% bigram-probs mistake="gives-the-counts"
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for sentence in sentences:
        for a, b in zip(sentence, sentence[1:]):
            counts[a, b] += 1
    return counts


# %% smoothed mistake="always-one"
def smoothed(counts, alpha):
    return (counts + 1) / (counts.sum(axis=-1, keepdims=True) + counts.shape[-1])
