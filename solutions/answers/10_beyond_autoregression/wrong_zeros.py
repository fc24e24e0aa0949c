# Zeros treated otherwise.


# %% coupling-log-det mistake="drops-the-first-part"
def coupling(u, S, T):
    d = len(S)
    kept, moved = u[:, :d], u[:, d:]
    s, t = kept @ S, kept @ T
    return moved * np.exp(s) + t, s.sum(axis=1)


# %% elbo-from-table mistake="zero-times-infinity"
def elbo_and_gap(prior, log_likelihood, q):
    elbo = (q * (np.log(prior) + log_likelihood - np.log(q))).sum()
    top = log_likelihood.max()
    return elbo, top + np.log(prior @ np.exp(log_likelihood - top)) - elbo


# %% diffusion-posterior mistake="forgets-the-roots"
def one_step_back(x_0, x_t, t, beta):
    before, after = np.prod(1 - beta[: t - 1]), np.prod(1 - beta[:t])
    b = beta[t - 1]
    mean = (before * b * x_0 + (1 - b) * (1 - before) * x_t) / (1 - after)
    variance = b * (1 - before) / (1 - after)
    return after, mean, variance


# %% flow-nll mistake="forgets-the-mean"
def flow_nll(x, A, B):
    s = B @ x
    u = x * np.exp(-s)
    return (0.5 * u**2 + 0.5 * np.log(2 * np.pi) + s).sum()
