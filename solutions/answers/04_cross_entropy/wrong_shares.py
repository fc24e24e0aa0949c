# Shared or divided among the wrong ones.

# %% cross-entropy-by-hand mistake="gives-the-divergence"
cross_entropy = 0.6 * np.log(0.6 / 0.5) + 0.3 * np.log(0.3 / 0.25) + 0.1 * np.log(0.1 / 0.25)


# %% one-hot-cross-entropy mistake="mean-over-the-batch"
def one_hot_cross_entropy(q, targets):
    return -np.log2(np.take_along_axis(q, np.asarray(targets)[..., None], axis=-1)).mean()


# %% nll-as-cross-entropy mistake="divides-by-classes"
mean_nll = -Sum(n[k] * log(q[k]), (k, 1, V)) / V

# %% code-lengths mistake="quotient-for-difference"
length_and_price = [2.375, 2.375 / 1.75]


# %% properness mistake="competes-with-itself"
def properness(forecasts, scores):
    earned = forecasts @ scores.T
    lost = np.diag(earned)[:, None] - earned
    if (lost > 1e-9).all():
        return "strictly proper"
    return "proper" if (lost >= -1e-9).all() else "not proper"


# %% label-smoothing mistake="shares-among-the-others"
others = Sum((1 - KroneckerDelta(k, y)) * log(q[k]), (k, 1, V))
smoothed_loss = -(1 - epsilon) * log(q[y]) - epsilon / (V - 1) * others
