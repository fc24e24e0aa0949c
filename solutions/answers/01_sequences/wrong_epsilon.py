# What is infinite made finite.

# %% sequence-nll mistake="adds-epsilon"
def sequence_nll(probs):
    return -np.log(np.clip(probs, 1e-9, 1.0)).sum()


# %% batch-nll mistake="finite-at-any-price"
def batch_nll(log_probs, mask):
    return -np.where(mask, np.nan_to_num(log_probs), 0.0).sum(axis=-1)
