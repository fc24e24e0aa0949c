# The prior forgotten or taken for another.


# %% coupling-log-det mistake="exchanged"
def coupling(u, S, T):
    d = len(S)
    kept, moved = u[:, :d], u[:, d:]
    s, t = kept @ S, kept @ T
    return np.concatenate([kept, moved * np.exp(t) + s], axis=1), t.sum(axis=1)


# %% elbo-from-table mistake="forgets-the-prior"
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + log_likelihood
    top = log_joint.max()
    evidence = top + np.log(np.exp(log_joint - top).sum())
    elbo = q[used] @ (log_likelihood - np.log(np.where(used, q, 1)))[used]
    return elbo, evidence - elbo


# %% diffusion-posterior mistake="mean-without-x-t"
def one_step_back(x_0, x_t, t, beta):
    before, after = np.prod(1 - beta[: t - 1]), np.prod(1 - beta[:t])
    b = beta[t - 1]
    mean = np.sqrt(before) * x_0
    variance = b * (1 - before) / (1 - after)
    return after, mean, variance


# %% best-discriminator mistake="data-alone"
discriminator = [0.6, 0.4, 0, 0.6 * np.log(0.75) + 0.8 * np.log(0.5) + 0.2 * np.log(0.25)]


# %% flow-nll mistake="reads-the-noise"
def flow_nll(x, A, B):
    total, u = 0.0, np.zeros(len(x))
    for i in range(len(x)):
        s = B[i, :i] @ u[:i]
        u[i] = (x[i] - A[i, :i] @ u[:i]) * np.exp(-s)
        total += 0.5 * u[i] ** 2 + 0.5 * np.log(2 * np.pi) + s
    return total


# %% elbo-steps mistake="forgets-the-prior"
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("=", Sum(q[k] * log(prior[k] * lik[k] / q[k]), (k, 1, K)))
steps.step("≤", log(Sum(lik[k], (k, 1, K))))
steps
