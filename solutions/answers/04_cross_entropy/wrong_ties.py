# A tie under every truth.

# %% properness mistake="ties-for-every-truth"
def properness(forecasts, scores):
    earned = forecasts @ scores.T
    lost = np.diag(earned)[:, None] - earned
    np.fill_diagonal(lost, np.inf)
    if (lost < -1e-9).any():
        return "not proper"
    return "proper" if all((row < 1e-9).any() for row in lost) else "strictly proper"
