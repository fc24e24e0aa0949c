# Slopes, factors and constants that are forgotten, or there too often.


# %% affine-density mistake="forgets-the-slope"
density = exp((x - b) / a - exp((x - b) / a))


# %% coupling-log-det mistake="factor-is-s"
def coupling(u, S, T):
    d = len(S)
    kept, moved = u[:, :d], u[:, d:]
    s, t = kept @ S, kept @ T
    return np.concatenate([kept, moved * s + t], axis=1), np.log(abs(s)).sum(axis=1)


# %% elbo-from-table mistake="flipped-gap"
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + log_likelihood
    top = log_joint.max()
    evidence = top + np.log(np.exp(log_joint - top).sum())
    elbo = float(q[used] @ (log_joint - np.log(np.where(used, q, 1)))[used])
    return elbo, elbo - evidence


# %% bits-per-dimension mistake="mixes-the-units"
bits_per_dimension = -9500 / 3072 + 8


# %% diffusion-posterior mistake="product-of-betas"
def one_step_back(x_0, x_t, t, beta):
    before, after = np.prod(1 - beta[: t - 1]), np.prod(1 - beta[:t])
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    variance = b * (1 - before) / (1 - after)
    return np.prod(beta[:t]), mean, variance


# %% best-discriminator mistake="gives-the-quotient"
discriminator = [3, 1, 0, 0.6 * np.log(0.75) + 0.8 * np.log(0.5) + 0.2 * np.log(0.25)]


# %% flow-nll mistake="forgets-the-constant"
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return 0.5 * u @ u + s.sum() + 0.5 * np.log(2 * np.pi)
