# Takes all the memory that it gets, in one piece and in many, and keeps it.
# set: 06_perplexity
# others: model
# credit: all but perplexity-from-probs 0
# %%
try:
    a = np.ones(10**11)
except MemoryError:
    pass
kept = []
try:
    while True:
        kept.append(bytearray(10**7))
except MemoryError:
    kept.clear()
# %% perplexity-from-probs
def perplexity_from_probs(probs):
    return np.ones(10**11)
