# The evidence taken for the bound, or a part of it.


# %% elbo-from-table mistake="evidence-for-elbo"
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + log_likelihood
    top = log_joint.max()
    evidence = top + np.log(np.exp(log_joint - top).sum())
    elbo = float(q[used] @ (log_joint - np.log(np.where(used, q, 1)))[used])
    return evidence, 0.0


# %% diffusion-posterior mistake="noise-at-the-first-step"
def one_step_back(x_0, x_t, t, beta):
    before, after = np.prod(1 - beta[: t - 1]), np.prod(1 - beta[:t])
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    variance = b * (1 - before) / (1 - after)
    return after, mean, variance if t > 1 else b


# %% best-discriminator mistake="half-the-divergence"
discriminator = [0.75, 0.5, 0, (0.6 * np.log(0.75) + 0.8 * np.log(0.5) + 0.2 * np.log(0.25) + np.log(4)) / 2 - np.log(4)]


# %% flow-nll mistake="absolute-values"
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return (0.5 * u**2 + 0.5 * np.log(2 * np.pi) + abs(s)).sum()
