# Uniform for the tokens that never occur, and 0/0 for those that are only last; and a row's length mistaken.

# %% bigram-probs mistake="uniform-if-never-seen"
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for sentence in sentences:
        for a, b in zip(sentence, sentence[1:]):
            counts[a, b] += 1
    seen = {token for sentence in sentences for token in sentence}
    for a in range(V):
        if a not in seen:
            counts[a] = 1 / V
    return counts / counts.sum(axis=1, keepdims=True)


# %% smoothed mistake="other-number-of-outcomes"
def smoothed(counts, alpha):
    return (counts + alpha) / (counts.sum(axis=-1, keepdims=True) + alpha * counts.shape[0])
