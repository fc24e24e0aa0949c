# Other formulas with the same values, and rounded numbers.

# %% loss-of-three-logits
loss = 0.408


# %% log-sum-exp
def log_sum_exp(logits, temperature):
    logits = logits / temperature
    return np.logaddexp.reduce(logits, axis=-1)


# %% nll-from-logits
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    targets = np.asarray(targets)
    chosen = np.take_along_axis(logits, targets[..., None], axis=-1)
    return np.logaddexp.reduce(logits - chosen, axis=-1)


# %% gradient-of-three-logits
gradient = np.array([0.245, 0.09, -0.335])

# %% nll-gradient-steps
# Every small step, some of them a mere rewriting.
total = Sum(exp(z[k]), (k, 1, V))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(-log(exp(z[y]) / total), z[j]), because="definition")
steps.step("=", Derivative(-(z[y] - log(total)), z[j]), because="logarithm of a quotient")
steps.step("=", Derivative(-z[y] + log(total), z[j]), because="brackets")
steps.step("=", Derivative(-z[y], z[j]) + Derivative(log(total), z[j]), because="linearity")
steps.step("=", -KroneckerDelta(j, y) + Derivative(log(total), z[j]), because="one term")
steps.step("=", -KroneckerDelta(j, y) + 1 / total * Derivative(total, z[j]), because="chain rule")
steps.step("=", -KroneckerDelta(j, y) + 1 / total * exp(z[j]), because="the sum has one such term")
steps.step("=", -KroneckerDelta(j, y) + exp(z[j]) / total, because="one fraction")
steps.step("=", -KroneckerDelta(j, y) + y_hat(j), because="definition")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="order")

# %% hessian-entry
hessian_entry = y_hat(j) * (1 - y_hat(j)) * KroneckerDelta(i, j) - y_hat(i) * y_hat(j) * (
    1 - KroneckerDelta(i, j)
)


# %% nll-gradient
def nll_gradient(logits, targets, temperature):
    logits = logits / temperature
    log_probs = logits - np.logaddexp.reduce(logits, axis=-1)[..., None]
    return (np.exp(log_probs) - np.eye(logits.shape[-1])[targets]) / temperature


# %% temperature-limit
choice = {"winner": "b"}
limit = choice["winner"]
