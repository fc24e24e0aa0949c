# %% log-sum-exp mistake="forgets-the-temperature"
def log_sum_exp(logits, temperature):
    top = logits.max(axis=-1, keepdims=True)
    shift = np.where(np.isneginf(top), 0.0, top)
    with np.errstate(divide="ignore"):
        return np.log(np.exp(logits - shift).sum(axis=-1)) + shift[..., 0]


# %% nll-from-logits mistake="forgets-the-temperature"
def nll_from_logits(logits, targets, temperature):
    below = logits - logits.max(axis=-1, keepdims=True)
    chosen = np.take_along_axis(below, np.asarray(targets)[..., None], axis=-1)[..., 0]
    return np.log(np.exp(below).sum(axis=-1)) - chosen


# %% nll-gradient mistake="forgets-the-temperature"
def nll_gradient(logits, targets, temperature):
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    y_hat = powers / powers.sum(axis=-1, keepdims=True)
    return y_hat - np.eye(logits.shape[-1])[targets]
