# The first of the best.

# %% properness mistake="first-of-the-best"
def properness(forecasts, scores):
    best = np.argmax(forecasts @ scores.T, axis=1)
    return "strictly proper" if list(best) == list(range(len(best))) else "not proper"
