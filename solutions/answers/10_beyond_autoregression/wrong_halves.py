# One part of two.


# %% coupling-log-det mistake="forgets-the-shift"
def coupling(u, S, T):
    d = len(S)
    kept, moved = u[:, :d], u[:, d:]
    s, t = kept @ S, kept @ T
    return np.concatenate([kept, moved * np.exp(s)], axis=1), s.sum(axis=1)


# %% elbo-from-table mistake="reconstruction-only"
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + log_likelihood
    top = log_joint.max()
    evidence = top + np.log(np.exp(log_joint - top).sum())
    elbo = q @ log_likelihood
    return elbo, evidence - elbo


# %% bits-per-dimension mistake="forgets-the-bins"
bits_per_dimension = -9500 / 3072 / np.log(2)


# %% diffusion-posterior mistake="variance-of-x"
def one_step_back(x_0, x_t, t, beta):
    before, after = np.prod(1 - beta[: t - 1]), np.prod(1 - beta[:t])
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    variance = 1 - before
    return after, mean, variance


# %% best-discriminator mistake="one-expectation"
discriminator = [0.75, 0.5, 0, 0.6 * np.log(0.75) + 0.4 * np.log(0.5)]


# %% flow-nll mistake="forgets-the-log-determinant"
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return (0.5 * u**2 + 0.5 * np.log(2 * np.pi)).sum()


# %% elbo-steps mistake="reconstruction-only"
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("≤", Sum(q[k] * log(lik[k]), (k, 1, K)))
steps
