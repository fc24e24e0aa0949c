# A term forgotten.

# %% loss-of-three-logits mistake="forgets-the-logit"
loss = np.log(np.exp(2) + np.exp(1) + np.exp(3))


# %% log-sum-exp mistake="minus-infinity-shift"
def log_sum_exp(logits, temperature):
    logits = logits / temperature
    top = logits.max(axis=-1, keepdims=True)
    return top[..., 0] + np.log(np.exp(logits - top).sum(axis=-1))


# %% nll-from-logits mistake="second-softmax"
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    probs = powers / powers.sum(axis=-1, keepdims=True)
    chosen = np.take_along_axis(probs, np.asarray(targets)[..., None], axis=-1)[..., 0]
    return np.log(np.exp(probs).sum(axis=-1)) - chosen


# %% gradient-of-three-logits mistake="forgets-one-hot"
z = np.array([2.0, 1.0, 3.0])
gradient = np.exp(z) / np.exp(z).sum()

# %% nll-gradient-steps mistake="forgets-one-hot"
total = Sum(exp(z[k]), (k, 1, V))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(total) - z[y], z[j]), because="the logarithm of a quotient is a difference")
steps.step("=", Derivative(log(total), z[j]), because="z_y is a constant")
steps.step("=", exp(z[j]) / total, because="the derivative of log-sum-exp")
steps.step("=", y_hat(j), because="definition")

# %% hessian-entry mistake="diagonal-only"
hessian_entry = KroneckerDelta(i, j) * y_hat(i)


# %% nll-gradient mistake="forgets-one-hot"
def nll_gradient(logits, targets, temperature):
    logits = logits / temperature
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return (powers / powers.sum(axis=-1, keepdims=True)) / temperature
