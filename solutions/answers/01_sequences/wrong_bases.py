# Logarithms to base 10, and losses cut off.

# %% sequence-nll mistake="base-10"
def sequence_nll(probs):
    return -np.log10(probs).sum()


# %% batch-nll mistake="finite-at-any-price"
def batch_nll(log_probs, mask):
    return -np.maximum(np.where(mask, log_probs, 0.0), -50).sum(axis=-1)
