# %% affine-density
u = (b - x) / a  # the noise that x was made from
density = exp(-u - exp(-u)) / a


# %% coupling-log-det
def coupling(u, S, T):
    """Return x and the log-determinants in nats: (N, D) and twice (D // 2, D - D // 2) -> (N, D) and (N,)."""
    kept, moved = u[:, : len(S)], u[:, len(S) :]
    s = kept @ S
    return np.concatenate([kept, moved * np.exp(s) + kept @ T], axis=1), s.sum(axis=1)


# %% elbo-from-table
def elbo_and_gap(prior, log_likelihood, q):
    """Return the ELBO and log p(x) - ELBO, in nats: shapes (K,) three times -> two numbers."""
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + log_likelihood
    used = q > 0
    elbo = (q[used] * (log_joint[used] - np.log(q[used]))).sum()
    top = log_joint.max()
    evidence = top + np.log(np.exp(log_joint - top).sum())
    return elbo, evidence - elbo


# %% bits-per-dimension
bits_per_dimension = -9500 / (32 * 32 * 3) / np.log(2) + 8  # a bin is 1/256 wide: 8 bits

# %% diffusion-posterior
def one_step_back(x_0, x_t, t, beta):
    """Return alpha-bar, mean and variance: two numbers, a whole number and shape (T,) -> three numbers."""
    alpha, before = 1 - beta[t - 1], np.prod(1 - beta[: t - 1])
    after = before * alpha
    mean = (np.sqrt(before) * beta[t - 1] * x_0 + np.sqrt(alpha) * (1 - before) * x_t) / (1 - after)
    return after, mean, beta[t - 1] * (1 - before) / (1 - after)


# %% best-discriminator
p, g = np.array([0.6, 0.4, 0.0]), np.array([0.2, 0.4, 0.4])
best = p / (p + g)
discriminator = [*best, p[:2] @ np.log(best[:2]) + g @ np.log(1 - best)]

# %% which-pairs
pair = "b"


# %% flow-nll
def flow_nll(x, A, B):
    """Return -log p(x) in nats: shapes (D,), (D, D) and (D, D) -> one number."""
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return (0.5 * u**2 + 0.5 * np.log(2 * np.pi) + s).sum()


# %% elbo-steps
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("=", Sum(q[k] * log(prior[k] * lik[k] / q[k]), (k, 1, K)), because="logarithms of one product")
steps.step("≤", log(Sum(q[k] * (prior[k] * lik[k] / q[k]), (k, 1, K))), because="Jensen: the logarithm is concave")
steps.step("=", log(Sum(prior[k] * lik[k], (k, 1, K))), because="q cancels")
steps
