# Bits and nats mixed up; ties misjudged.

# %% cross-entropy-by-hand mistake="base-2"
cross_entropy = -np.dot([0.6, 0.3, 0.1], np.log2([0.5, 0.25, 0.25]))

# %% entropy-plus-kl mistake="doubles-the-entropy"
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
H, cross = -Sum(p[k] * log(p[k]), (k, 1, V)), -Sum(p[k] * log(q[k]), (k, 1, V))
steps.step("=", H + H + cross, because="the logarithm of a quotient")


# %% one-hot-cross-entropy mistake="in-nats"
def one_hot_cross_entropy(q, targets):
    return -np.log(np.take_along_axis(q, np.asarray(targets)[..., None], axis=-1)[..., 0])


# %% nll-as-cross-entropy mistake="sum-for-mean"
mean_nll = -Sum(n[k] * log(q[k]), (k, 1, V))

# %% code-lengths mistake="in-nats"
length_and_price = [2.375 * np.log(2), 0.625 * np.log(2)]


# %% properness mistake="ties-are-wins"
def properness(forecasts, scores):
    earned = forecasts @ scores.T
    if (np.diag(earned)[:, None] >= earned - 1e-9).all():
        return "strictly proper"
    return "not proper"


# %% label-smoothing mistake="keeps-the-whole-label"
smoothed_loss = -log(q[y]) - epsilon / V * Sum(log(q[k]), (k, 1, V))
