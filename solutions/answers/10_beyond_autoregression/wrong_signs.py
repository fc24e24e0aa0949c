# Signs turned round or dropped.


# %% affine-density mistake="negative-density"
density = exp(-(b - x) / a - exp(-(b - x) / a)) / -a


# %% coupling-log-det mistake="flipped-sign"
def coupling(u, S, T):
    d = len(S)
    kept, moved = u[:, :d], u[:, d:]
    s, t = kept @ S, kept @ T
    return np.concatenate([kept, moved * np.exp(s) + t], axis=1), -s.sum(axis=1)


# %% elbo-from-table mistake="negative-elbo"
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + log_likelihood
    top = log_joint.max()
    evidence = top + np.log(np.exp(log_joint - top).sum())
    elbo = float(q[used] @ (log_joint - np.log(np.where(used, q, 1)))[used])
    return -elbo, evidence - elbo


# %% bits-per-dimension mistake="dropped-sign"
bits_per_dimension = 9500 / 3072 / np.log(2) + 8


# %% diffusion-posterior mistake="mean-without-x-0"
def one_step_back(x_0, x_t, t, beta):
    before, after = np.prod(1 - beta[: t - 1]), np.prod(1 - beta[:t])
    b = beta[t - 1]
    mean = x_t / np.sqrt(1 - b)
    variance = b * (1 - before) / (1 - after)
    return after, mean, variance


# %% best-discriminator mistake="flipped-sign"
discriminator = [0.75, 0.5, 0, -(0.6 * np.log(0.75) + 0.8 * np.log(0.5) + 0.2 * np.log(0.25))]


# %% flow-nll mistake="flipped-log-determinant"
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return (0.5 * u**2 + 0.5 * np.log(2 * np.pi) - s).sum()


# %% elbo-steps mistake="adds-the-divergence"
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("=", Sum(q[k] * log(lik[k] * q[k] / prior[k]), (k, 1, K)))
steps.step("≤", log(Sum(prior[k] * lik[k], (k, 1, K))))
steps
