# Another order, another axis.

# %% kl-divergence mistake="first-axis"
def kl_divergence(p, log_q):
    q = np.exp(log_q)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p > 0, p * np.log(p / q), 0.0).sum(axis=0)


# %% kl-from-samples mistake="never-negative"
def kl_from_samples(log_p, log_q):
    return abs(np.mean(log_p) - np.mean(log_q))


# %% best-gaussian mistake="swapped-order"
def best_gaussian(weights, means, stds):
    mean = weights @ means
    return np.sqrt(weights @ (stds**2 + (means - mean) ** 2)), mean
