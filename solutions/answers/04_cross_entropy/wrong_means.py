# A mean in place of each one.

# %% one-hot-cross-entropy mistake="log-of-mean"
def one_hot_cross_entropy(q, targets):
    return -np.log2(np.take_along_axis(q, np.asarray(targets)[..., None], axis=-1).mean())


# %% properness mistake="against-the-mean"
def properness(forecasts, scores):
    earned = forecasts @ scores.T
    honest = np.diag(earned)
    gain = (earned.sum(axis=1) - honest) / (len(earned) - 1) - honest
    if gain.max() > 1e-9:
        return "not proper"
    return "proper" if gain.max() > -1e-9 else "strictly proper"
