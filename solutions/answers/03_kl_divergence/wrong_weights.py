# Weights forgotten or used twice.

# %% kl-both-ways mistake="forgets-the-weights"
divergences = [np.log(0.5 / 0.7) + np.log(0.5 / 0.3), np.log(0.7 / 0.5) + np.log(0.3 / 0.5)]


# %% kl-divergence mistake="mean-for-sum"
def kl_divergence(p, log_q):
    q = np.exp(log_q)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p > 0, p * np.log(p / q), 0).mean(axis=-1)


# %% gibbs mistake="drops-the-weights"
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(q[k] / p[k] - 1, (k, 1, V)), because="log t ≤ t − 1")

# %% kl-to-uniform mistake="forgets-the-entropy"
kl_to_uniform = -Sum(p[k] * log(1 / V), (k, 1, V))

# %% wasted-bits mistake="in-bytes"
wasted = 1000 * 0.1 / np.log(2) / 8


# %% kl-from-samples mistake="weights-twice"
def kl_from_samples(log_p, log_q):
    return np.sum(np.exp(log_p) * (log_p - log_q))


# %% best-gaussian mistake="ignores-the-weights"
def best_gaussian(weights, means, stds):
    mean = means.mean()
    return mean, np.sqrt(np.mean(stds**2 + (means - mean) ** 2))
