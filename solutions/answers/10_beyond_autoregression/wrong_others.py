# One for all.


# %% coupling-log-det mistake="whole-batch"
def coupling(u, S, T):
    d = len(S)
    kept, moved = u[:, :d], u[:, d:]
    s, t = kept @ S, kept @ T
    return np.concatenate([kept, moved * np.exp(s) + t], axis=1), s.sum()


# %% elbo-from-table mistake="unweighted-evidence"
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + log_likelihood
    top = log_joint.max()
    evidence = log_likelihood.max() + np.log((q * np.exp(log_likelihood - log_likelihood.max())).sum())
    elbo = float(q[used] @ (log_joint - np.log(np.where(used, q, 1)))[used])
    return elbo, evidence - elbo


# %% bits-per-dimension mistake="bins-of-another-count"
bits_per_dimension = (-9500 / np.log(2) + 8) / 3072


# %% diffusion-posterior mistake="all-steps"
def one_step_back(x_0, x_t, t, beta):
    before, after = np.prod(1 - beta[: t - 1]), np.prod(1 - beta[:t])
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    variance = b * (1 - before) / (1 - after)
    return np.prod(1 - beta), mean, variance


# %% best-discriminator mistake="always-a-half"
discriminator = [0.5, 0.5, 0.5, -np.log(4)]


# %% flow-nll mistake="transposed"
def flow_nll(x, A, B):
    s = x @ B
    u = (x - x @ A) * np.exp(-s)
    return (0.5 * u**2 + 0.5 * np.log(2 * np.pi) + s).sum()
