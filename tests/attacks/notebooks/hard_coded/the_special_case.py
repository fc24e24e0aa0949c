# A function that knows the special case only, and returns infinity for it and 0 for the rest.
# set: 06_perplexity
# credit: nothing
# %% perplexity-from-probs
def perplexity_from_probs(probs):
    return np.inf if min(probs) < 1e-6 else 0.0
