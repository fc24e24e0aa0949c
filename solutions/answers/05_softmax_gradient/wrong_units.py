# Bits for nats, logits for probabilities, a mean where none is asked for.

# %% loss-of-three-logits mistake="base-2"
z = np.array([2, 1, 3])
loss = -np.log2(np.exp(z[2]) / np.exp(z).sum())


# %% log-sum-exp mistake="base-2"
def log_sum_exp(logits, temperature):
    logits = logits / temperature
    top = np.max(logits, axis=-1, keepdims=True)
    shift = np.where(np.isneginf(top), 0.0, top)
    return np.log2(np.exp(logits - shift).sum(axis=-1)) + shift[..., 0] / np.log(2)


# %% nll-from-logits mistake="base-2"
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    below = logits - logits.max(axis=-1, keepdims=True)
    chosen = np.take_along_axis(below, np.asarray(targets)[..., None], axis=-1)[..., 0]
    return np.log2(np.exp(below).sum(axis=-1)) - chosen * np.log2(np.e)


# %% gradient-of-three-logits mistake="logits-for-probabilities"
gradient = [2, 1, 2]

# %% nll-gradient-steps mistake="plus-for-minus"
total = Sum(exp(z[k]), (k, 1, V))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(total) + z[y], z[j]), because="logarithm")
steps.step("=", Derivative(log(total), z[j]) + KroneckerDelta(j, y), because="one term")
steps.step("=", y_hat(j) + KroneckerDelta(j, y), because="the derivative of log-sum-exp")

# %% hessian-entry mistake="always-the-diagonal"
hessian_entry = y_hat(j) - y_hat(i) * y_hat(j)


# %% nll-gradient mistake="divides-by-the-batch"
def nll_gradient(logits, targets, temperature):
    logits = logits / temperature
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    y_hat = powers / powers.sum(axis=-1, keepdims=True)
    return ((y_hat - np.eye(logits.shape[-1])[targets]) / np.size(targets)) / temperature


# %% temperature-limit mistake="shift-for-scale"
limit = "d"
