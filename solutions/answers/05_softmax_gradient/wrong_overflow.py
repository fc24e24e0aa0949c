# Right on paper, not in floating point.

# %% loss-of-three-logits mistake="gives-the-probability"
z = np.array([2.0, 1.0, 3.0])
loss = np.exp(z[2]) / np.exp(z).sum()


# %% log-sum-exp mistake="no-max-shift"
def log_sum_exp(logits, temperature):
    logits = logits / temperature
    return np.log(np.sum(np.exp(logits), axis=-1))


# %% nll-from-logits mistake="no-max-shift"
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    probs = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    return -np.log(np.take_along_axis(probs, np.asarray(targets)[..., None], axis=-1)[..., 0])


# %% nll-gradient mistake="no-max-shift"
def nll_gradient(logits, targets, temperature):
    logits = logits / temperature
    y_hat = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    return (y_hat - np.eye(logits.shape[-1])[targets]) / temperature
