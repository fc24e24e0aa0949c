# p and q mixed up.

# %% kl-both-ways mistake="swapped"
divergences = [0.7 * np.log(0.7 / 0.5) + 0.3 * np.log(0.3 / 0.5), 0.5 * np.log(0.25 / 0.21)]


# %% kl-divergence mistake="swapped"
def kl_divergence(p, log_q):
    q = np.exp(log_q)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(q > 0, q * np.log(q / p), 0).sum(axis=-1)


# %% gibbs mistake="swapped"
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(q[k] * log(p[k] / q[k]), (k, 1, V)), because="symmetry")
steps.step("≤", Sum(p[k] - q[k], (k, 1, V)), because="log t ≤ t − 1")
steps.step("=", 0, because="both sum to 1")

# %% kl-to-uniform mistake="other-direction"
kl_to_uniform = Sum(log(1 / (V * p[k])) / V, (k, 1, V))

# %% wasted-bits mistake="wrong-way"
wasted = 1000 * 0.1 * np.log(2)


# %% kl-from-samples mistake="flipped-sign"
def kl_from_samples(log_p, log_q):
    return np.mean(log_q - log_p)


# %% best-gaussian mistake="one-peak"
def best_gaussian(weights, means, stds):
    largest = np.argmax(weights)
    return means[largest], stds[largest]


# %% two-peaks-one-model mistake="directions-swapped"
fits = "a"
