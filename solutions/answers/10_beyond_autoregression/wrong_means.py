# Means for sums, and other ways to put a row together.


# %% affine-density mistake="not-solved-nor-stretched"
density = a * exp(-(b - a * x) - exp(-(b - a * x)))


# %% coupling-log-det mistake="mean-for-sum"
def coupling(u, S, T):
    d = len(S)
    kept, moved = u[:, :d], u[:, d:]
    s, t = kept @ S, kept @ T
    return np.concatenate([kept, moved * np.exp(s) + t], axis=1), np.mean(s, axis=-1)


# %% elbo-from-table mistake="leaves-out-zeros-of-the-prior"
def elbo_and_gap(prior, log_likelihood, q):
    keep = (q > 0) * (prior > 0)
    elbo = (q * (np.log(prior, where=keep, out=0 * q) + log_likelihood - np.log(q, where=keep, out=0 * q)))[keep].sum()
    top = log_likelihood.max()
    return elbo, top + np.log(prior @ np.exp(log_likelihood - top)) - elbo


# %% bits-per-dimension mistake="forgets-the-colours"
bits_per_dimension = -9500 / 1024 / np.log(2) + 8


# %% diffusion-posterior mistake="sum-for-product"
def one_step_back(x_0, x_t, t, beta):
    before, after = 1 - beta[: t - 1].sum(), 1 - beta[:t].sum()
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    variance = b * (1 - before) / (1 - after)
    return after, mean, variance


# %% best-discriminator mistake="half-the-value"
discriminator = [0.75, 0.5, 0, (0.6 * np.log(0.75) + 0.8 * np.log(0.5) + 0.2 * np.log(0.25)) / 2]


# %% flow-nll mistake="mean-for-sum"
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return (0.5 * u**2 + 0.5 * np.log(2 * np.pi) + s).mean()


# %% elbo-steps mistake="keeps-the-weights"
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("=", Sum(q[k] * log(prior[k] * lik[k] / q[k]), (k, 1, K)))
steps.step("≤", log(Sum(q[k] * prior[k] * lik[k], (k, 1, K))))
steps
