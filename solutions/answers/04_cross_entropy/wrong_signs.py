# A minus too many or too few.

# %% cross-entropy-by-hand mistake="missing-minus"
cross_entropy = np.dot([0.6, 0.3, 0.1], np.log([0.5, 0.25, 0.25]))

# %% entropy-plus-kl mistake="flipped-sign"
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * (log(p[k] / q[k]) - log(p[k])), (k, 1, V)), because="one sum")
steps.step("=", Sum(p[k] * log(q[k]), (k, 1, V)), because="log p cancels")


# %% one-hot-cross-entropy mistake="missing-minus"
def one_hot_cross_entropy(q, targets):
    return np.log2(np.take_along_axis(q, np.asarray(targets)[..., None], axis=-1)[..., 0])


# %% nll-as-cross-entropy mistake="missing-minus"
mean_nll = Sum(n[k] * log(q[k]), (k, 1, V)) / Sum(n[k], (k, 1, V))

# %% code-lengths mistake="price-below-zero"
length_and_price = [2.375, 1.75 - 2.375]

# %% strictly-proper mistake="linear"
score = "b"


# %% properness mistake="takes-scores-for-losses"
def properness(forecasts, scores):
    loss = forecasts @ scores.T
    more = loss - np.diag(loss)[:, None]
    more = more[~np.eye(len(more), dtype=bool)]
    if (more > 1e-9).all():
        return "strictly proper"
    return "proper" if (more >= -1e-9).all() else "not proper"


# %% label-smoothing mistake="missing-minus"
smoothed_loss = (1 - epsilon) * log(q[y]) + epsilon / V * Sum(log(q[k]), (k, 1, V))
