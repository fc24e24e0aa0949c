# Another choice, and a decision where a probability is asked.


# %% coupling-log-det mistake="absolute-values"
def coupling(u, S, T):
    d = len(S)
    kept, moved = u[:, :d], u[:, d:]
    s, t = kept @ S, kept @ T
    return np.concatenate([kept, moved * np.exp(s) + t], axis=1), abs(s).sum(axis=1)


# %% elbo-from-table mistake="reverse-gap"
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(divide="ignore"):
        log_joint, log_q = np.log(prior) + log_likelihood, np.log(q)
    top = log_joint.max()
    log_posterior = log_joint - top - np.log(np.exp(log_joint - top).sum())
    elbo = q[used] @ (log_joint[used] - log_q[used])
    posterior = np.exp(log_posterior)
    seen = posterior > 0
    return elbo, (posterior[seen] * (log_posterior[seen] - log_q[seen])).sum()


# %% diffusion-posterior mistake="one-beta-for-all"
def one_step_back(x_0, x_t, t, beta):
    before, after = (1 - beta[t - 1]) ** (t - 1), (1 - beta[t - 1]) ** t
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    variance = b * (1 - before) / (1 - after)
    return after, mean, variance


# %% best-discriminator mistake="takes-the-likelier"
discriminator = [1, 0.5, 0, 0.6 * np.log(0.75) + 0.8 * np.log(0.5) + 0.2 * np.log(0.25)]


# %% flow-nll mistake="never-negative"
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return max(0.0, (0.5 * u**2 + 0.5 * np.log(2 * np.pi) + s).sum())
