# A tolerance of a thousandth.

# %% properness mistake="wide-tolerance"
def properness(forecasts, scores):
    earned = forecasts @ scores.T
    gain = (earned - np.diag(earned)[:, None])[~np.eye(len(earned), dtype=bool)]
    if gain.max() > 1e-3:
        return "not proper"
    return "proper" if gain.max() > -1e-3 else "strictly proper"
