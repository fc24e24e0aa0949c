# Steps counted from another place.


# %% coupling-log-det mistake="wrong-axis"
def coupling(u, S, T):
    d = len(S)
    kept, moved = u[:, :d], u[:, d:]
    s, t = kept @ S, kept @ T
    return np.concatenate([kept, moved * np.exp(s) + t], axis=1), s.sum(axis=0)


# %% elbo-from-table mistake="swapped-order"
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + log_likelihood
    top = log_joint.max()
    evidence = top + np.log(np.exp(log_joint - top).sum())
    elbo = float(q[used] @ (log_joint - np.log(np.where(used, q, 1)))[used])
    return evidence - elbo, elbo


# %% bits-per-dimension mistake="counts-255"
bits_per_dimension = -9500 / 3072 / np.log(2) + np.log2(255)


# %% diffusion-posterior mistake="counts-from-0"
def one_step_back(x_0, x_t, t, beta):
    bars = np.cumprod(1 - beta)
    before, after, b = bars[t - 1], bars[t], beta[t]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    return after, mean, b * (1 - before) / (1 - after)
