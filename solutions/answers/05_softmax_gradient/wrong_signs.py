# A minus too many or too few.

# %% loss-of-three-logits mistake="missing-minus"
z = np.array([2, 1, 3])
loss = np.log(np.exp(z[2]) / np.exp(z).sum())


# %% log-sum-exp mistake="maximum-not-added-back"
def log_sum_exp(logits, temperature):
    logits = logits / temperature
    top = np.max(logits, axis=-1, keepdims=True)
    return np.log(np.sum(np.exp(logits - np.where(np.isneginf(top), 0, top)), axis=-1))


# %% nll-from-logits mistake="missing-minus"
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    below = logits - logits.max(axis=-1, keepdims=True)
    log_probs = below - np.log(np.exp(below).sum(axis=-1, keepdims=True))
    return np.take_along_axis(log_probs, np.asarray(targets)[..., None], axis=-1).squeeze(-1)


# %% gradient-of-three-logits mistake="flipped-sign"
gradient = [-0.245, -0.090, 0.335]

# %% nll-gradient-steps mistake="flipped-sign"
total = Sum(exp(z[k]), (k, 1, V))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(z[y] - log(total), z[j]), because="the logarithm of a quotient is a difference")
steps.step("=", KroneckerDelta(j, y) - Derivative(log(total), z[j]), because="one term")
steps.step("=", KroneckerDelta(j, y) - exp(z[j]) / total, because="the derivative of log-sum-exp")
steps.step("=", KroneckerDelta(j, y) - y_hat(j), because="definition")

# %% hessian-entry mistake="flipped-sign"
hessian_entry = y_hat(i) * y_hat(j) - y_hat(j) * KroneckerDelta(i, j)


# %% nll-gradient mistake="flipped-sign"
def nll_gradient(logits, targets, temperature):
    logits = logits / temperature
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    y_hat = powers / powers.sum(axis=-1, keepdims=True)
    return (np.eye(logits.shape[-1])[targets] - y_hat) / temperature


# %% temperature-limit mistake="hot-limit"
limit = "c"
