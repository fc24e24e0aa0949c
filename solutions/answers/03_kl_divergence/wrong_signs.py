# A minus too many or too few.

# %% kl-both-ways mistake="flipped-sign"
divergences = [-0.0872, -0.0823]


# %% kl-divergence mistake="flipped-sign"
def kl_divergence(p, log_q):
    q = np.exp(log_q)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p > 0, p * np.log(q / p), 0).sum(axis=-1)


# %% gibbs mistake="flipped-sign"
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * log(p[k] / q[k]), (k, 1, V)), because="the same logarithm")
steps.step("≤", Sum(p[k] * (p[k] / q[k] - 1), (k, 1, V)), because="log t ≤ t − 1")

# %% kl-to-uniform mistake="flipped-sign"
kl_to_uniform = -Sum(p[k] * log(V * p[k]), (k, 1, V))

# %% wasted-bits mistake="in-nats"
wasted = 1000 * 0.1


# %% kl-from-samples mistake="absolute-differences"
def kl_from_samples(log_p, log_q):
    return abs(log_p - log_q).mean()


# %% best-gaussian mistake="keeps-the-mean"
def best_gaussian(weights, means, stds):
    return weights @ means, np.sqrt(weights @ (means**2 + stds**2))


# %% two-peaks-one-model mistake="one-for-both"
fits = "c"
