# Bounds where none belong.


# %% coupling-log-det mistake="keeps-scales-small"
def coupling(u, S, T):
    d = len(S)
    kept, moved = u[:, :d], u[:, d:]
    s, t = kept @ S, kept @ T
    return np.concatenate([kept, moved * np.exp(np.clip(s, -5, 5)) + t], axis=1), s.clip(-5, 5).sum(axis=1)


# %% elbo-from-table mistake="hides-infinity"
def elbo_and_gap(prior, log_likelihood, q):
    elbo = np.nan_to_num(q * (np.log(prior) + log_likelihood - np.log(q))).sum()
    top = log_likelihood.max()
    return elbo, top + np.log(prior @ np.exp(log_likelihood - top)) - elbo


# %% diffusion-posterior mistake="beta-for-its-root"
def one_step_back(x_0, x_t, t, beta):
    beta = beta**2
    before, after = np.prod(1 - beta[: t - 1]), np.prod(1 - beta[:t])
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    variance = b * (1 - before) / (1 - after)
    return after, mean, variance


# %% flow-nll mistake="keeps-scales-small"
def flow_nll(x, A, B):
    s = np.clip(B @ x, -10, 10)
    u = (x - A @ x) * np.exp(-s)
    return (0.5 * u**2 + 0.5 * np.log(2 * np.pi) + s).sum()
