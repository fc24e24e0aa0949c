# Ties everywhere.

# %% properness mistake="ties-for-every-truth"
def properness(forecasts, scores):
    earned = forecasts @ scores.T
    gain = (earned - np.diag(earned)[:, None])[~np.eye(len(earned), dtype=bool)]
    if gain.max() > 1e-9:
        return "not proper"
    return "proper" if (np.abs(gain) < 1e-9).all() else "strictly proper"
