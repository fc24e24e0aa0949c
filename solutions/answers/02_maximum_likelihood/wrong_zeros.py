# Rows that are no distributions.

# %% bigram-probs mistake="empty-rows"
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for sentence in sentences:
        for a, b in zip(sentence, sentence[1:]):
            counts[a, b] += 1
    totals = counts.sum(axis=1, keepdims=True)
    totals[totals == 0] = 1
    return counts / totals


# %% smoothed mistake="total-of-the-raw-counts"
def smoothed(counts, alpha):
    return (counts + alpha) / counts.sum(axis=-1, keepdims=True)
