# Pairs that come again.

# %% bigram-probs mistake="repeats-count-once"
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for sentence in sentences:
        counts[sentence[:-1], sentence[1:]] += 1
    totals = counts.sum(axis=1, keepdims=True)
    return np.where(totals > 0, counts / np.maximum(totals, 1), 1 / V)
