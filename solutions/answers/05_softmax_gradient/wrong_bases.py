# Logarithms to base 10, or none.

# %% loss-of-three-logits mistake="gives-the-perplexity"
z = np.array([2.0, 1.0, 3.0])
loss = np.exp(z).sum() / np.exp(z[2])


# %% log-sum-exp mistake="base-10"
def log_sum_exp(logits, temperature):
    logits = logits / temperature
    top = logits.max(axis=-1, keepdims=True)
    shift = np.where(np.isneginf(top), 0.0, top)
    with np.errstate(divide="ignore"):
        return np.log10(np.exp(logits - shift).sum(axis=-1)) + shift[..., 0] * np.log10(np.e)


# %% nll-from-logits mistake="base-10"
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    below = logits - logits.max(axis=-1, keepdims=True)
    chosen = np.take_along_axis(below, np.asarray(targets)[..., None], axis=-1)[..., 0]
    return (np.log(np.exp(below).sum(axis=-1)) - chosen) / np.log(10)


# %% gradient-of-three-logits mistake="by-the-probability"
z = np.array([2.0, 1.0, 3.0])
gradient = [0.0, 0.0, -np.exp(z).sum() / np.exp(z[2])]


# %% nll-gradient mistake="by-the-probability"
def nll_gradient(logits, targets, temperature):
    logits = logits / temperature
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    y_hat = powers / powers.sum(axis=-1, keepdims=True)
    one_hot = np.arange(logits.shape[-1]) == np.asarray(targets)[..., None]
    return np.where(one_hot, -1.0, -0.0) / y_hat
