# Roles mixed up.

# %% cross-entropy-by-hand mistake="swapped"
cross_entropy = -(0.5 * np.log(0.6) + 0.25 * np.log(0.3) + 0.25 * np.log(0.1))

# %% entropy-plus-kl mistake="swapped"
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * (log(p[k] / q[k]) - log(p[k])), (k, 1, V)), because="one sum")
steps.step("=", -Sum(q[k] * log(p[k]), (k, 1, V)), because="log p cancels")


# %% one-hot-cross-entropy mistake="counts-from-one"
def one_hot_cross_entropy(q, targets):
    return -np.log2(np.take_along_axis(q, np.asarray(targets)[..., None] - 1, axis=-1)[..., 0])


# %% nll-as-cross-entropy mistake="swapped"
mean_nll = -Sum(q[k] * log(n[k] / Sum(n[j], (j, 1, V))), (k, 1, V))

# %% code-lengths mistake="best-code"
length_and_price = [1.75, 0]

# %% strictly-proper mistake="accuracy"
score = "a"


# %% properness mistake="compares-truths"
def properness(forecasts, scores):
    earned = scores @ forecasts.T
    lost = np.diag(earned)[:, None] - earned
    lost = lost[~np.eye(len(lost), dtype=bool)]
    if (lost > 1e-9).all():
        return "strictly proper"
    return "proper" if (lost >= -1e-9).all() else "not proper"


# %% label-smoothing mistake="smooths-the-model"
smoothed_loss = -log((1 - epsilon) * q[y] + epsilon / V)
