# Wrong where a probability is 0, and bounds that are too weak.

# %% kl-both-ways mistake="takes-it-for-symmetric"
forward = 0.5 * np.log(0.5 / 0.7) + 0.5 * np.log(0.5 / 0.3)
divergences = [forward, forward]


# %% kl-divergence mistake="zero-times-infinity"
def kl_divergence(p, log_q):
    q = np.exp(log_q)
    return np.sum(p * np.log(p / q), axis=-1)


# %% gibbs mistake="forgets-the-one"
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * (q[k] / p[k]), (k, 1, V)), because="log t ≤ t")
steps.step("=", Sum(q[k], (k, 1, V)), because="p cancels")

# %% kl-to-uniform mistake="forgets-the-uniform"
kl_to_uniform = Sum(p[k] * log(p[k]), (k, 1, V))

# %% wasted-bits mistake="one-token"
wasted = 0.1 / np.log(2)


# %% kl-from-samples mistake="log-of-the-mean"
def kl_from_samples(log_p, log_q):
    return np.log(np.mean(np.exp(log_p - log_q)))


# %% best-gaussian mistake="forgets-the-distances"
def best_gaussian(weights, means, stds):
    return np.sum(weights * means), np.sqrt(np.sum(weights * stds**2))


# %% two-peaks-one-model mistake="always-narrow"
fits = "d"
