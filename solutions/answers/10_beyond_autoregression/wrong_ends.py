# Both ends are known, and one was not used.


# %% coupling-log-det mistake="second-part-decides"
def coupling(u, S, T):
    moved, kept = u[:, : u.shape[1] - len(S)], u[:, u.shape[1] - len(S) :]
    s = kept @ S
    return np.concatenate([moved * np.exp(s) + kept @ T, kept], axis=1), s.sum(axis=1)


# %% elbo-from-table mistake="gap-to-the-prior"
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + log_likelihood
    top = log_joint.max()
    evidence = top + np.log(np.exp(log_joint - top).sum())
    elbo = float(q[used] @ (log_joint - np.log(np.where(used, q, 1)))[used])
    return elbo, (q[used] * (np.log(q[used]) - np.log(prior[used]))).sum()


# %% diffusion-posterior mistake="one-step-too-few"
def one_step_back(x_0, x_t, t, beta):
    before, after = np.prod(1 - beta[: t - 1]), np.prod(1 - beta[:t])
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    return before, mean, b * (1 - before) / (1 - after)


# %% flow-nll mistake="forgets-the-scale"
def flow_nll(x, A, B):
    s = B @ x
    u = x - A @ x
    return (0.5 * u**2 + 0.5 * np.log(2 * np.pi) + s).sum()
