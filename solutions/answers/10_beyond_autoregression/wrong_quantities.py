# The right number of another quantity.


# %% affine-density mistake="multiplies-by-the-slope"
density = a * exp(-(b - x) / a - exp(-(b - x) / a))


# %% coupling-log-det mistake="gives-the-determinant"
def coupling(u, S, T):
    d = len(S)
    kept, moved = u[:, :d], u[:, d:]
    s, t = kept @ S, kept @ T
    return np.concatenate([kept, moved * np.exp(s) + t], axis=1), np.exp(s).prod(axis=1)


# %% elbo-from-table mistake="evidence-for-gap"
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + log_likelihood
    top = log_joint.max()
    evidence = top + np.log(np.exp(log_joint - top).sum())
    elbo = float(q[used] @ (log_joint - np.log(np.where(used, q, 1)))[used])
    return elbo, evidence


# %% bits-per-dimension mistake="per-image"
bits_per_dimension = -9500 / np.log(2) + 8 * 3072


# %% diffusion-posterior mistake="noise-of-the-step"
def one_step_back(x_0, x_t, t, beta):
    before, after = np.prod(1 - beta[: t - 1]), np.prod(1 - beta[:t])
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    variance = b
    return after, mean, variance


# %% best-discriminator mistake="gives-the-divergence"
discriminator = [0.75, 0.5, 0, (0.6 * np.log(0.75) + 0.8 * np.log(0.5) + 0.2 * np.log(0.25) + np.log(4)) / 2]


# %% flow-nll mistake="gives-the-density"
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return np.exp(-(0.5 * u**2 + 0.5 * np.log(2 * np.pi) + s).sum())
