# %% loss-of-three-logits
z = np.array([2.0, 1.0, 3.0])
loss = np.log(np.exp(z).sum()) - z[2]


# %% log-sum-exp
def log_sum_exp(logits, temperature):
    """Return the log-sum-exp over the last axis, in nats: shape (..., V) -> (...)."""
    logits = logits / temperature
    top = logits.max(axis=-1, keepdims=True)
    shift = np.where(np.isneginf(top), 0.0, top)  # -inf - (-inf) would be nan
    total = np.exp(logits - shift).sum(axis=-1)
    with np.errstate(divide="ignore"):  # log 0 is what an empty sum gives
        return np.log(total) + shift[..., 0]


# %% nll-from-logits
def nll_from_logits(logits, targets, temperature):
    """Return the NLL of each row's target, in nats: shapes (..., V) and (...) -> (...)."""
    logits = logits / temperature
    below = logits - logits.max(axis=-1, keepdims=True)
    log_probs = below - np.log(np.exp(below).sum(axis=-1, keepdims=True))
    return -np.take_along_axis(log_probs, np.asarray(targets)[..., None], axis=-1)[..., 0]


# %% gradient-of-three-logits
z = np.array([2.0, 1.0, 3.0])
gradient = list(np.exp(z) / np.exp(z).sum() - np.array([0, 0, 1]))

# %% nll-gradient-steps
total = Sum(exp(z[k]), (k, 1, V))
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(log(total) - z[y], z[j]), because="the logarithm of a quotient is a difference")
steps.step(
    "=", Derivative(log(total), z[j]) - KroneckerDelta(j, y), because="z_y is z_j, or does not depend on it"
)
steps.step("=", Derivative(total, z[j]) / total - KroneckerDelta(j, y), because="the chain rule")
steps.step("=", exp(z[j]) / total - KroneckerDelta(j, y), because="only one term of the sum holds z_j")
steps.step("=", y_hat(j) - KroneckerDelta(j, y), because="the definition of the softmax")
steps

# %% hessian-entry
hessian_entry = y_hat(j) * (KroneckerDelta(i, j) - y_hat(i))


# %% nll-gradient
def nll_gradient(logits, targets, temperature):
    """Return the gradient of each row's NLL: shapes (..., V) and (...) -> (..., V)."""
    logits = logits / temperature
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    y_hat = powers / powers.sum(axis=-1, keepdims=True)
    one_hot = np.arange(logits.shape[-1]) == np.asarray(targets)[..., None]
    return (y_hat - one_hot) / temperature


# %% temperature-limit
limit = "b"

# %% [markdown] error-signal
# The gradient of the NLL with respect to the logits is $\hat y_j - \delta_{jy}$. It is bounded, it sums
# to zero over the classes, and at the observed class it is $\hat y_y - 1$: close to $-1$, its largest
# size, exactly where the model is sure and wrong. The gradient of the squared error has to pass through
# the softmax, whose derivative brings a factor $\hat y_y$. Where the model is sure and wrong, $\hat y_y
# \approx 0$, so that gradient almost vanishes, and the examples that need correction most get none. In
# the NLL the derivative of the logarithm, $1/\hat y_y$, cancels this very factor.
