# Pairs counted both ways.

# %% bigram-probs mistake="both-directions"
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for sentence in sentences:
        for a, b in zip(sentence, sentence[1:]):
            counts[a, b] += 1
            counts[b, a] += 1
    totals = counts.sum(axis=1, keepdims=True)
    return np.where(totals > 0, counts / np.maximum(totals, 1), 1 / V)
