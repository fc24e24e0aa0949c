# Weights that are missing, or another distribution's.


# %% affine-density mistake="gives-the-nll"
density = log(a) + (b - x) / a + exp((x - b) / a)


# %% coupling-log-det mistake="sums-the-factors"
def coupling(u, S, T):
    d = len(S)
    kept, moved = u[:, :d], u[:, d:]
    s, t = kept @ S, kept @ T
    return np.concatenate([kept, moved * np.exp(s) + t], axis=1), np.exp(s).sum(axis=1)


# %% elbo-from-table mistake="mean-under-the-prior"
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + log_likelihood
    top = log_joint.max()
    evidence = top + np.log(np.exp(log_joint - top).sum())
    elbo = prior @ log_likelihood - (q[used] * (np.log(q[used]) - np.log(prior[used]))).sum()
    return elbo, evidence - elbo


# %% bits-per-dimension mistake="in-bytes"
bits_per_dimension = (-9500 / 3072 / np.log(2) + 8) / 8


# %% diffusion-posterior mistake="weights-exchanged"
def one_step_back(x_0, x_t, t, beta):
    before, after = np.prod(1 - beta[: t - 1]), np.prod(1 - beta[:t])
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_t + np.sqrt(1 - b) * (1 - before) * x_0) / (1 - after)
    variance = b * (1 - before) / (1 - after)
    return after, mean, variance


# %% best-discriminator mistake="without-weights"
discriminator = [0.75, 0.5, 0, np.log(0.75 * 0.5) + np.log(0.25 * 0.5 * 1)]


# %% flow-nll mistake="scale-for-variance"
def flow_nll(x, A, B):
    s = B @ x
    u = x - A @ x
    return (0.5 * u**2 / np.exp(s) + 0.5 * np.log(2 * np.pi) + 0.5 * s).sum()


# %% elbo-steps mistake="drops-the-weights"
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("=", Sum(log(prior[k] * lik[k] / q[k]), (k, 1, K)))
steps.step("≤", log(Sum(prior[k] * lik[k], (k, 1, K))))
steps
