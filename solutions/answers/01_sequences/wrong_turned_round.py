# The wrong way round.

# %% one-unlikely-token mistake="cheaper-token"
nll_with_one_unlikely = -(m - 1) * log(prob) - log(prob * c)


# %% batch-nll mistake="mask-upside-down"
def batch_nll(log_probs, mask):
    return -np.where(mask, 0.0, log_probs).sum(axis=-1)
