# What is infinite turned into a huge number.

# %% sequence-nll mistake="hides-infinity"
def sequence_nll(probs):
    return np.nan_to_num(-np.log(probs).sum())


# %% batch-nll mistake="finite-at-any-price"
def batch_nll(log_probs, mask):
    return -(np.nan_to_num(log_probs) * mask).sum(axis=-1)
