# An array that no machine holds, and one that only a larger room would.
# set: 06_perplexity
# others: model
# credit: all but perplexity-from-probs 0
# says: ran out of memory: the limit is 576 MB
# %%
np.ones(10**13)
# %%
np.ones(640 << 17)
# %% perplexity-from-probs
def perplexity_from_probs(probs):
    return np.ones(640 << 17)
