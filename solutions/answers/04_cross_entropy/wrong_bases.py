# Logarithms to base 10, and a verdict that rounding decides.

# %% cross-entropy-by-hand mistake="base-10"
cross_entropy = -(0.6 * np.log10(0.5) + 0.4 * np.log10(0.25))


# %% one-hot-cross-entropy mistake="base-10"
def one_hot_cross_entropy(q, targets):
    return -np.log10(np.take_along_axis(q, np.asarray(targets)[..., None], axis=-1)[..., 0])


# %% properness mistake="no-tolerance"
def properness(forecasts, scores):
    earned = forecasts @ scores.T
    lost = (np.diag(earned)[:, None] - earned)[~np.eye(len(earned), dtype=bool)]
    return "strictly proper" if (lost > 0).all() else "proper" if (lost >= 0).all() else "not proper"
