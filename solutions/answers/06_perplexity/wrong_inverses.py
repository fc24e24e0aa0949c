# Probabilities averaged before anything else.

# %% perplexity-from-probs mistake="inverse-of-mean"
def perplexity_from_probs(probs):
    return 1 / np.mean(probs)
