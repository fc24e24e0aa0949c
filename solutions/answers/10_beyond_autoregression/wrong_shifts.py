# Shifts and exchanged matrices.


# %% coupling-log-det mistake="counts-the-shift"
def coupling(u, S, T):
    d = len(S)
    kept, moved = u[:, :d], u[:, d:]
    s, t = kept @ S, kept @ T
    return np.concatenate([kept, moved * np.exp(s) + t], axis=1), (s + t).sum(axis=1)


# %% elbo-from-table mistake="largest-term-only"
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + log_likelihood
    top = log_joint.max()
    evidence = top
    elbo = float(q[used] @ (log_joint - np.log(np.where(used, q, 1)))[used])
    return elbo, evidence - elbo


# %% diffusion-posterior mistake="log-variance"
def one_step_back(x_0, x_t, t, beta):
    before, after = np.prod(1 - beta[: t - 1]), np.prod(1 - beta[:t])
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    variance = np.log(b * (1 - before) / (1 - after))
    return after, mean, variance


# %% best-discriminator mistake="value-of-a-half"
discriminator = [0.75, 0.5, 0, np.log(1 / 4)]


# %% flow-nll mistake="exchanged"
def flow_nll(x, A, B):
    s = A @ x
    u = (x - B @ x) * np.exp(-s)
    return (0.5 * u**2 + 0.5 * np.log(2 * np.pi) + s).sum()
