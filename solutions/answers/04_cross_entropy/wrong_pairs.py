# Not all pairs.

# %% properness mistake="some-pairs-only"
def properness(forecasts, scores):
    earned = forecasts @ scores.T
    n = len(earned)
    lost = [earned[t, t] - earned[t, i] for t in range(n) for i in range(t + 1, n)]
    return "strictly proper" if min(lost) > 1e-9 else "proper" if min(lost) > -1e-9 else "not proper"
