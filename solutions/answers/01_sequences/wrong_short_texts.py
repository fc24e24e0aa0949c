# A product where it seems to be safe.

# %% sequence-nll mistake="multiplies-when-short"
def sequence_nll(probs):
    if len(probs) < 21:
        return -np.log(np.prod(probs))
    return -np.log(probs).sum()
