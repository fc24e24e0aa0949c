# Logarithms to base 10; and what a mean is not.

# %% kl-both-ways mistake="base-10"
divergences = [
    0.5 * np.log10(0.5 / 0.7) + 0.5 * np.log10(0.5 / 0.3),
    0.7 * np.log10(0.7 / 0.5) + 0.3 * np.log10(0.3 / 0.5),
]


# %% kl-divergence mistake="base-10"
def kl_divergence(p, log_q):
    q = np.exp(log_q)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p > 0, p * np.log10(p / q), 0.0).sum(axis=-1)


# %% wasted-bits mistake="base-10"
wasted = 1000 * 0.1 / np.log(10)


# %% kl-from-samples mistake="never-negative"
def kl_from_samples(log_p, log_q):
    return max(0.0, np.mean(log_p - log_q))


# %% best-gaussian mistake="sum-of-variables"
def best_gaussian(weights, means, stds):
    return weights @ means, np.sqrt(np.sum((weights * stds) ** 2))
