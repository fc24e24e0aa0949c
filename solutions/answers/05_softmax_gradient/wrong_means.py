# A mean, a sum or an axis too many.

# %% loss-of-three-logits mistake="base-10"
z = np.array([2.0, 1.0, 3.0])
loss = -np.log10(np.exp(z[2]) / np.exp(z).sum())


# %% log-sum-exp mistake="mean-for-sum"
def log_sum_exp(logits, temperature):
    logits = logits / temperature
    top = logits.max(axis=-1, keepdims=True)
    shift = np.where(np.isneginf(top), 0.0, top)
    with np.errstate(divide="ignore"):
        return np.log(np.exp(logits - shift).mean(axis=-1)) + shift[..., 0]


# %% nll-from-logits mistake="sum-over-the-batch"
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    below = logits - logits.max(axis=-1, keepdims=True)
    lse = np.log(np.exp(below).sum(axis=-1))
    chosen = np.take_along_axis(below, np.asarray(targets)[..., None], axis=-1)[..., 0]
    return np.sum(lse - chosen)


# %% gradient-of-three-logits mistake="target-only"
z = np.array([2.0, 1.0, 3.0])
gradient = [0, 0, np.exp(3) / np.exp(z).sum() - 1]


# %% nll-gradient mistake="target-only"
def nll_gradient(logits, targets, temperature):
    logits = logits / temperature
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    y_hat = powers / powers.sum(axis=-1, keepdims=True)
    one_hot = np.arange(logits.shape[-1]) == np.asarray(targets)[..., None]
    return (np.where(one_hot, y_hat - 1, 0.0)) / temperature
