# Means, powers, and what is nearly equal.

# %% cross-entropy-by-hand mistake="mean-for-sum"
cross_entropy = np.mean([-0.6 * np.log(0.5), -0.3 * np.log(0.25), -0.1 * np.log(0.25)])


# %% one-hot-cross-entropy mistake="sum-over-the-batch"
def one_hot_cross_entropy(q, targets):
    return -np.log2(np.take_along_axis(q, np.asarray(targets)[..., None], axis=-1)).sum()


# %% properness mistake="wide-tolerance"
def properness(forecasts, scores):
    earned = forecasts @ scores.T
    honest = np.diag(earned)[:, None]
    equal = np.isclose(earned, honest)
    if ((earned > honest) & ~equal).any():
        return "not proper"
    return "proper" if equal.sum() > len(earned) else "strictly proper"
