# A sentence that is said twice.

# %% bigram-probs mistake="equal-sentences-once"
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for sentence in {tuple(sentence) for sentence in sentences}:
        for a, b in zip(sentence, sentence[1:], strict=False):
            counts[a, b] += 1
    counts[counts.sum(axis=1) == 0] = 1
    return counts / counts.sum(axis=1, keepdims=True)
