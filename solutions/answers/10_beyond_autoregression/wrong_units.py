# Bits, nats and other units.


# %% affine-density mistake="gives-the-logarithm"
density = -(b - x) / a - exp(-(b - x) / a) - log(a)


# %% coupling-log-det mistake="in-bits"
def coupling(u, S, T):
    d = len(S)
    kept, moved = u[:, :d], u[:, d:]
    s, t = kept @ S, kept @ T
    return np.concatenate([kept, moved * np.exp(s) + t], axis=1), (s / np.log(2)).sum(axis=1)


# %% elbo-from-table mistake="in-bits"
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + log_likelihood
    top = log_joint.max()
    evidence = top + np.log(np.exp(log_joint - top).sum())
    elbo = float(q[used] @ (log_joint - np.log(np.where(used, q, 1)))[used])
    return elbo / np.log(2), (evidence - elbo) / np.log(2)


# %% bits-per-dimension mistake="in-nats"
bits_per_dimension = -9500 / 3072 + np.log(256)


# %% diffusion-posterior mistake="root-of-alpha-bar"
def one_step_back(x_0, x_t, t, beta):
    before, after = np.prod(1 - beta[: t - 1]), np.prod(1 - beta[:t])
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    variance = b * (1 - before) / (1 - after)
    return np.sqrt(after), mean, variance


# %% best-discriminator mistake="in-bits"
discriminator = [0.75, 0.5, 0, (0.6 * np.log(0.75) + 0.8 * np.log(0.5) + 0.2 * np.log(0.25)) / np.log(2)]

# %% which-pairs mistake="other-scale"
pair = "c"


# %% flow-nll mistake="in-bits"
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return (0.5 * u**2 + 0.5 * np.log(2 * np.pi) + s).sum() / np.log(2)


# %% elbo-steps mistake="without-the-logarithm"
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("=", Sum(q[k] * log(prior[k] * lik[k] / q[k]), (k, 1, K)))
steps.step("≤", Sum(prior[k] * lik[k], (k, 1, K)))
steps
