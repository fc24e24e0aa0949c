# Bits for nats, a sum for a mean, a variance for a spread.

# %% kl-both-ways mistake="base-2"
divergences = [0.126, 0.119]


# %% kl-divergence mistake="base-2"
def kl_divergence(p, log_q):
    q = np.exp(log_q)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p > 0, p * np.log2(p / q), 0).sum(axis=-1)


# %% gibbs mistake="plus-for-minus"
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * (q[k] / p[k] + 1), (k, 1, V)), because="log t ≤ t + 1")
steps.step("=", Sum(q[k] + p[k], (k, 1, V)), because="multiply out")

# %% kl-to-uniform mistake="adds-the-entropy"
kl_to_uniform = log(V) - Sum(log(p[k]) * p[k], (k, 1, V))


# %% kl-from-samples mistake="base-2"
def kl_from_samples(log_p, log_q):
    return np.mean((log_p - log_q) / np.log(2))


# %% best-gaussian mistake="gives-the-variance"
def best_gaussian(weights, means, stds):
    mean = weights @ means
    return mean, weights @ (stds**2 + (means - mean) ** 2)
