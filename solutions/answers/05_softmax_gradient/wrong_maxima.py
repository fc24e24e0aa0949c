# The maximum of the wrong thing, or only the maximum.

# %% log-sum-exp mistake="gives-the-maximum"
def log_sum_exp(logits, temperature):
    logits = logits / temperature
    return np.max(logits, axis=-1)


# %% nll-from-logits mistake="batch-maximum"
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    top = np.max(logits)
    lse = top + np.log(np.exp(logits - top).sum(axis=-1))
    return lse - np.take_along_axis(logits, np.asarray(targets)[..., None], axis=-1)[..., 0]


# %% gradient-of-three-logits mistake="sigmoid-for-softmax"
z = np.array([2.0, 1.0, 3.0])
y_hat = np.exp(z) / np.exp(z).sum()
gradient = y_hat * (1 - y_hat)


# %% nll-gradient mistake="batch-maximum"
def nll_gradient(logits, targets, temperature):
    logits = logits / temperature
    powers = np.exp(logits - logits.max())
    y_hat = powers / powers.sum(axis=-1, keepdims=True)
    return (y_hat - (np.arange(logits.shape[-1]) == np.asarray(targets)[..., None])) / temperature
