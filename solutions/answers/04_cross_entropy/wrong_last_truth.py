# The last truth decides.

# %% properness mistake="one-truth-only"
def properness(forecasts, scores):
    earned = forecasts @ scores.T
    for t in range(len(earned)):
        lost = np.delete(earned[t, t] - earned[t], t)
        found = "strictly proper" if lost.min() > 1e-9 else "proper" if lost.min() > -1e-9 else "not proper"
    return found
