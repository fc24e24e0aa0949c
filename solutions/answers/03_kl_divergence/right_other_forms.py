# Other formulas with the same values, and rounded numbers.

# %% kl-both-ways
divergences = [0.087, 0.082]


# %% kl-divergence
def kl_divergence(p, log_q):
    q = np.exp(log_q)
    ratio = np.divide(q, p, out=np.ones_like(p), where=p > 0)
    with np.errstate(divide="ignore"):
        return -np.sum(np.log(ratio) * p, axis=-1, where=p > 0)


# %% gibbs
# As few steps as are asked for.
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(q[k] - p[k], (k, 1, V)), because="log t ≤ t − 1, times the weights")
steps.step("=", 0, because="both sum to 1")

# %% kl-to-uniform
kl_to_uniform = Sum(p[k] * log(V * p[k]), (k, 1, V))

# %% wasted-bits
wasted = 144


# %% kl-from-samples
def kl_from_samples(log_p, log_q):
    return -log_q.mean() - -log_p.mean()


# %% best-gaussian
def best_gaussian(weights, means, stds):
    mean = np.average(means, weights=weights)
    within, between = np.average(stds**2, weights=weights), np.average((means - mean) ** 2, weights=weights)
    return np.array([mean, np.hypot(np.sqrt(within), np.sqrt(between))])


# %% two-peaks-one-model
fits = "(b)"
