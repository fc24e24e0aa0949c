# The whole corpus as if it were one token.

# %% corpus-perplexity mistake="sum-for-mean"
def corpus_perplexity(log_probs):
    return np.exp(-np.sum(np.concatenate(log_probs)))
