# Another quantity, or another number of them.

# %% kl-both-ways mistake="gives-the-cross-entropy"
divergences = [-0.5 * np.log(0.7 * 0.3), -np.log(0.5)]


# %% kl-divergence mistake="gives-the-cross-entropy"
def kl_divergence(p, log_q):
    q = np.exp(log_q)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.where(p > 0, p * np.log(q), 0).sum(axis=-1)


# %% kl-from-samples mistake="gives-the-cross-entropy"
def kl_from_samples(log_p, log_q):
    return np.mean(-log_q)


# %% best-gaussian mistake="averages-the-spreads"
def best_gaussian(weights, means, stds):
    return weights @ means, weights @ stds
