# A little is added.


# %% elbo-from-table mistake="adds-epsilon"
def elbo_and_gap(prior, log_likelihood, q):
    elbo = (q * (np.log(prior + 1e-12) + log_likelihood - np.log(q + 1e-12))).sum()
    top = log_likelihood.max()
    return elbo, top + np.log(prior @ np.exp(log_likelihood - top)) - elbo


# %% diffusion-posterior mistake="root-of-the-wrong-bar"
def one_step_back(x_0, x_t, t, beta):
    before, after = np.prod(1 - beta[: t - 1]), np.prod(1 - beta[:t])
    b = beta[t - 1]
    mean = (np.sqrt(after) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    variance = b * (1 - before) / (1 - after)
    return after, mean, variance


# %% flow-nll mistake="adds-epsilon"
def flow_nll(x, A, B):
    s = np.log(np.exp(B @ x) + 1e-6)
    u = (x - A @ x) * np.exp(-s)
    return (0.5 * u**2 + 0.5 * np.log(2 * np.pi) + s).sum()
