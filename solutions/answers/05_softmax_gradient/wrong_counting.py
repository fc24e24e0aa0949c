# Classes counted from 1, indices and axes mixed up.

# %% loss-of-three-logits mistake="counts-from-one"
z = [2, 1, 3]
loss = np.log(sum(np.exp(z))) - z[1]


# %% log-sum-exp mistake="first-axis"
def log_sum_exp(logits, temperature):
    logits = logits / temperature
    top = np.max(logits, axis=0)
    shift = np.where(np.isneginf(top), 0.0, top)
    with np.errstate(divide="ignore"):
        return shift + np.log(np.sum(np.exp(logits - shift), axis=0))


# %% nll-from-logits mistake="counts-from-one"
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    below = logits - logits.max(axis=-1, keepdims=True)
    lse = np.log(np.exp(below).sum(axis=-1))
    chosen = np.take_along_axis(below, np.asarray(targets)[..., None] - 1, axis=-1)[..., 0]
    return lse - chosen


# %% gradient-of-three-logits mistake="counts-from-one"
z = np.array([2, 1, 3])
gradient = np.exp(z) / np.exp(z).sum() - np.array([0, 1, 0])

# %% nll-gradient-steps mistake="swapped-index"
total = Sum(exp(z[k]), (k, 1, V))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(total) - z[y], z[j]), because="the logarithm of a quotient")
steps.step("=", Derivative(log(total), z[j]) - KroneckerDelta(j, y), because="one term")
steps.step("=", exp(z[y]) / total - KroneckerDelta(j, y), because="the derivative of log-sum-exp")
steps.step("=", y_hat(y) - KroneckerDelta(j, y), because="definition")

# %% hessian-entry mistake="target-in-the-hessian"
hessian_entry = y_hat(j) * (KroneckerDelta(j, y) - y_hat(i))


# %% nll-gradient mistake="counts-from-one"
def nll_gradient(logits, targets, temperature):
    logits = logits / temperature
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    y_hat = powers / powers.sum(axis=-1, keepdims=True)
    classes = 1 + np.arange(logits.shape[-1])
    return (y_hat - (classes == np.asarray(targets)[..., None])) / temperature


# %% temperature-limit mistake="breaks-the-tie"
limit = "a"
