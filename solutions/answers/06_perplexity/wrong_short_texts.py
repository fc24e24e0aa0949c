# A product where it seems to be safe.

# %% perplexity-from-probs mistake="multiplies-when-short"
def perplexity_from_probs(probs):
    if len(probs) < 11:
        return np.prod(probs) ** (-1 / len(probs))
    return np.exp(-np.log(probs).mean())
