# Numbers that are cut off.

# %% log-sum-exp mistake="cuts-off"
def log_sum_exp(logits, temperature):
    logits = logits / temperature
    return np.log(np.exp(np.clip(logits, -700, 700)).sum(axis=-1))


# %% nll-from-logits mistake="adds-epsilon"
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    y_hat = powers / powers.sum(axis=-1, keepdims=True)
    chosen = np.take_along_axis(y_hat, np.asarray(targets)[..., None], axis=-1)[..., 0]
    return -np.log(np.maximum(chosen, 1e-12))


# %% nll-gradient mistake="logits-for-probabilities"
def nll_gradient(logits, targets, temperature):
    logits = logits / temperature
    return logits - (np.arange(logits.shape[-1]) == np.asarray(targets)[..., None])
