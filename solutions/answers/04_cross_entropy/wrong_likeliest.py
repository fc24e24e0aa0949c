# The likeliest class for the target; a tie before all else.

# %% one-hot-cross-entropy mistake="likeliest-class"
def one_hot_cross_entropy(q, targets):
    return -np.log2(np.max(q, axis=-1))


# %% properness mistake="any-tie-is-proper"
def properness(forecasts, scores):
    earned = forecasts @ scores.T
    gain = (earned - np.diag(earned)[:, None])[~np.eye(len(earned), dtype=bool)]
    if (np.abs(gain) < 1e-9).any():
        return "proper"
    return "not proper" if gain.max() > 0 else "strictly proper"
