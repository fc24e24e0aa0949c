# %% kl-both-ways
forward = 0.5 * np.log(0.5 / 0.7) + 0.5 * np.log(0.5 / 0.3)
reverse = 0.7 * np.log(0.7 / 0.5) + 0.3 * np.log(0.3 / 0.5)
divergences = [forward, reverse]


# %% kl-divergence
def kl_divergence(p, log_q):
    """Return KL(p‖q) over the last axis, in nats: shapes (..., V) and (..., V) -> (...)."""
    with np.errstate(divide="ignore", invalid="ignore"):  # where p is 0, the term is replaced below
        terms = p * (np.log(p) - log_q)
    return np.where(p > 0, terms, 0.0).sum(axis=-1)


# %% gibbs
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("≤", Sum(p[k] * (q[k] / p[k] - 1), (k, 1, V)), because="log t ≤ t − 1, and the weights are positive")
steps.step("=", Sum(q[k] - p[k], (k, 1, V)), because="multiply out")
steps.step("=", Sum(q[k], (k, 1, V)) - Sum(p[k], (k, 1, V)), because="two sums")
steps.step("=", 0, because="both sums are 1")
steps

# %% kl-to-uniform
kl_to_uniform = log(V) + Sum(p[k] * log(p[k]), (k, 1, V))

# %% wasted-bits
wasted = 1000 * 0.1 / np.log(2)


# %% kl-from-samples
def kl_from_samples(log_p, log_q):
    """Return the estimate of KL(p‖q) in nats, from samples of p: shapes (n,) and (n,) -> one number."""
    return np.mean(log_p - log_q)


# %% best-gaussian
def best_gaussian(weights, means, stds):
    """Return mean and standard deviation of the Gaussian q with the smallest KL(p‖q): (n,) three times."""
    mean = (weights * means).sum()
    variance = (weights * (stds**2 + (means - mean) ** 2)).sum()
    return mean, np.sqrt(variance)


# %% two-peaks-one-model
fits = "b"

# %% [markdown] why-fluent
# Let $p$ be the distribution of the texts that people write and $q$ that of the model. The mean
# log-likelihood of texts from $p$ is $-H(p) - \operatorname{KL}(p \| q)$. The entropy of the texts does
# not depend on the model, so raising the likelihood means lowering the divergence. It is 0 only if
# $q = p$. Writing means drawing token after token from $q$. The closer $q$ comes to $p$, the harder it is
# to tell such a text from one that people wrote, and those are fluent. That it is also true was never
# part of the objective.
