# Another order, or the other part.


# %% affine-density mistake="not-solved"
density = exp(-(b - a * x) - exp(-(b - a * x))) / a


# %% coupling-log-det mistake="shifts-first"
def coupling(u, S, T):
    d = len(S)
    kept, moved = u[:, :d], u[:, d:]
    s, t = kept @ S, kept @ T
    return np.concatenate([kept, np.exp(s) * (moved + t)], axis=1), s.sum(axis=1)


# %% elbo-from-table mistake="reverse-divergence"
def elbo_and_gap(prior, log_likelihood, q):
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + log_likelihood
        apart = np.log(prior) - np.log(q)
    elbo = q @ log_likelihood - (prior[prior > 0] * apart[prior > 0]).sum()
    top = log_joint.max()
    return elbo, top + np.log(np.exp(log_joint - top).sum()) - elbo


# %% bits-per-dimension mistake="multiplies-by-log-2"
bits_per_dimension = -9500 / 3072 * np.log(2) + 8


# %% diffusion-posterior mistake="swapped-order"
def one_step_back(x_0, x_t, t, beta):
    before, after = np.prod(1 - beta[: t - 1]), np.prod(1 - beta[:t])
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    variance = b * (1 - before) / (1 - after)
    return mean, variance, after


# %% flow-nll mistake="gives-the-log-density"
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return -(0.5 * u**2 + 0.5 * np.log(2 * np.pi) + s).sum()
