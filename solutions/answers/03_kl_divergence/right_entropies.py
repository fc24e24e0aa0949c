# Everything as a cross-entropy minus an entropy.


# %% kl-both-ways
def cross(p, q):
    return -np.dot(p, np.log(q))


a, b = [0.5, 0.5], [0.7, 0.3]
divergences = np.array([cross(a, b) - cross(a, a), cross(b, a) - cross(b, b)])


# %% kl-divergence
def kl_divergence(p, log_q):
    with np.errstate(divide="ignore"):
        log_p = np.log(p)

    def weighted(logs):
        return np.multiply(p, logs, out=np.zeros(np.shape(p)), where=p > 0).sum(axis=-1)

    return weighted(log_p) - weighted(log_q)


# %% gibbs
# Strict signs are allowed where they hold; so is an inequality that is an equality.
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * log(q[k]), (k, 1, V)) - Sum(p[k] * log(p[k]), (k, 1, V)), because="two sums")
steps.step("≤", Sum(p[k] * (q[k] / p[k]), (k, 1, V)) - Sum(p[k], (k, 1, V)), because="log t ≤ t − 1")
steps.step("≤", 0, because="1 − 1")

# %% kl-to-uniform
entropy = -Sum(p[k] * log(p[k]), (k, 1, V))
kl_to_uniform = log(V) - entropy


# %% kl-from-samples
def kl_from_samples(log_p, log_q):
    return np.log(np.exp(log_p - log_q)).sum() / log_p.size


# %% best-gaussian
def best_gaussian(weights, means, stds):
    mean = weights @ means
    pairs = np.outer(weights, weights) * (means[:, None] - means) ** 2
    return mean, (weights @ stds**2 + pairs.sum() / 2) ** 0.5
