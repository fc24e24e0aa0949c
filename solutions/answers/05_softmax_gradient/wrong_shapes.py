# An axis that is kept, or another one that is summed over.

# %% log-sum-exp mistake="keeps-the-axis"
def log_sum_exp(logits, temperature):
    logits = logits / temperature
    top = logits.max(axis=-1, keepdims=True)
    shift = np.where(np.isneginf(top), 0.0, top)
    with np.errstate(divide="ignore"):
        return np.log(np.exp(logits - shift).sum(axis=-1, keepdims=True)) + shift


# %% nll-from-logits mistake="first-axis"
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    powers = np.exp(logits - logits.max(axis=0))
    y_hat = powers / powers.sum(axis=0)
    return -np.log(np.take_along_axis(y_hat, np.asarray(targets)[..., None], axis=-1)[..., 0])


# %% gradient-of-three-logits mistake="swapped-order"
z = np.array([3.0, 1.0, 2.0])
gradient = np.exp(z) / np.exp(z).sum() - np.array([1, 0, 0])


# %% nll-gradient mistake="sigmoid-for-softmax"
def nll_gradient(logits, targets, temperature):
    logits = logits / temperature
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    y_hat = powers / powers.sum(axis=-1, keepdims=True)
    return (y_hat * (1 - y_hat)) / temperature
