# The other direction: of a map, of a divergence, of a matrix.


# %% affine-density mistake="not-turned-round"
density = exp(-(x - b) / a - exp(-(x - b) / a)) / a


# %% coupling-log-det mistake="way-back"
def coupling(u, S, T):
    d = len(S)
    kept, moved = u[:, :d], u[:, d:]
    s, t = kept @ S, kept @ T
    return np.concatenate([kept, (moved - t) / np.exp(s)], axis=1), -s.sum(axis=1)


# %% elbo-from-table mistake="adds-the-divergence"
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + log_likelihood
    top = log_joint.max()
    evidence = top + np.log(np.exp(log_joint - top).sum())
    elbo = q @ log_likelihood + (q[used] * (np.log(q[used]) - np.log(prior[used]))).sum()
    return elbo, evidence - elbo


# %% bits-per-dimension mistake="subtracts-the-bins"
bits_per_dimension = -9500 / 3072 / np.log(2) - 8


# %% diffusion-posterior mistake="turned-variance"
def one_step_back(x_0, x_t, t, beta):
    before, after = np.prod(1 - beta[: t - 1]), np.prod(1 - beta[:t])
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    variance = b * (1 - after) / (1 - before)
    return after, mean, variance


# %% best-discriminator mistake="for-the-generator"
discriminator = [0.25, 0.5, 1, 0.6 * np.log(0.75) + 0.8 * np.log(0.5) + 0.2 * np.log(0.25)]

# %% which-pairs mistake="bound-taken-for-exact"
pair = "a"


# %% flow-nll mistake="multiplies-by-the-scale"
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(s)
    return (0.5 * u**2 + 0.5 * np.log(2 * np.pi) + s).sum()


# %% elbo-steps mistake="swapped"
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("=", Sum(q[k] * log(q[k] / (prior[k] * lik[k])), (k, 1, K)))
steps.step("≤", log(Sum(prior[k] * lik[k], (k, 1, K))))
steps
