# The same distribution whatever came before.

# %% bigram-probs mistake="without-context"
def bigram_probs(sentences, V):
    shares = np.bincount(sum(sentences, []), minlength=V) / sum(map(len, sentences))
    return np.array([shares] * V)
