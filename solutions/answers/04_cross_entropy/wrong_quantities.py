# A neighbouring quantity.

# %% cross-entropy-by-hand mistake="gives-the-entropy"
cross_entropy = -np.dot([0.6, 0.3, 0.1], np.log([0.6, 0.3, 0.1]))

# %% entropy-plus-kl mistake="drops-the-divergence"
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(p[k]), (k, 1, V)), because="the divergence is 0")


# %% one-hot-cross-entropy mistake="scores-the-others"
def one_hot_cross_entropy(q, targets):
    target = np.eye(q.shape[-1])[targets]
    return -(np.log2(np.where(target == 1, q, 1 - q))).sum(axis=-1)


# %% nll-as-cross-entropy mistake="gives-the-entropy"
share = n[k] / Sum(n[j], (j, 1, V))
mean_nll = -Sum(share * log(share), (k, 1, V))

# %% code-lengths mistake="gives-the-floor"
length_and_price = [2.375, 1.75]


# %% properness mistake="ties-are-losses"
def properness(forecasts, scores):
    earned = forecasts @ scores.T
    lost = np.diag(earned)[:, None] - earned + np.eye(len(earned))
    return "strictly proper" if (lost > 1e-9).all() else "not proper"


# %% label-smoothing mistake="not-smoothed"
smoothed_loss = -log(q[y])
