# Masks that are numbers, and terms that are missing.

# %% log-sum-exp mistake="finite-masks"
def log_sum_exp(logits, temperature):
    logits = logits / temperature
    logits = np.where(np.isneginf(logits), -1e9, logits)
    top = logits.max(axis=-1, keepdims=True)
    return np.log(np.exp(logits - top).sum(axis=-1)) + top[..., 0]


# %% nll-from-logits mistake="forgets-the-logit"
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    top = logits.max(axis=-1, keepdims=True)
    return np.log(np.exp(logits - top).sum(axis=-1)) + top[..., 0]
