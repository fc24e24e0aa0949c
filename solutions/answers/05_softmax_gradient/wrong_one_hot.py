# A target that is multiplied by, and one that is 1 everywhere.

# %% nll-from-logits mistake="zero-times-infinity"
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    one_hot = np.eye(np.shape(logits)[-1])[targets]
    top = np.max(logits, axis=-1, keepdims=True)
    lse = np.log(np.exp(logits - top).sum(axis=-1)) + top[..., 0]
    return lse - (one_hot * logits).sum(axis=-1)


# %% nll-gradient mistake="one-everywhere"
def nll_gradient(logits, targets, temperature):
    logits = logits / temperature
    powers = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return (powers / powers.sum(axis=-1, keepdims=True) - 1) / temperature
