# Right for one row or one index, not for all.

# %% log-sum-exp mistake="whole-batch"
def log_sum_exp(logits, temperature):
    logits = logits / temperature
    top = np.max(logits)
    return np.log(np.sum(np.exp(logits - top))) + top


# %% nll-from-logits mistake="mean-over-the-batch"
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    below = logits - logits.max(axis=-1, keepdims=True)
    lse = np.log(np.exp(below).sum(axis=-1))
    chosen = np.take_along_axis(below, np.asarray(targets)[..., None], axis=-1)[..., 0]
    return np.mean(lse - chosen)


# %% nll-gradient-steps mistake="no-chain-rule"
total = Sum(exp(z[k]), (k, 1, V))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(total) - z[y], z[j]), because="the logarithm of a quotient is a difference")
steps.step("=", Derivative(log(total), z[j]) - KroneckerDelta(j, y), because="one term")
steps.step("=", 1 / total - KroneckerDelta(j, y), because="the derivative of log u is 1/u")

# %% hessian-entry mistake="off-diagonal-only"
hessian_entry = -y_hat(i) * y_hat(j)


# %% nll-gradient mistake="first-axis"
def nll_gradient(logits, targets, temperature):
    logits = logits / temperature
    powers = np.exp(logits - logits.max(axis=0))
    return (powers / powers.sum(axis=0) - np.eye(logits.shape[-1])[targets]) / temperature
