# Weights forgotten or too many.

# %% cross-entropy-by-hand mistake="forgets-the-weights"
cross_entropy = -np.log([0.5, 0.25, 0.25]).sum()

# %% entropy-plus-kl mistake="drops-the-weights"
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", Sum(p[k] * (log(p[k] / q[k]) - log(p[k])), (k, 1, V)), because="one sum")
steps.step("=", -Sum(log(q[k]), (k, 1, V)), because="p cancels")


# %% one-hot-cross-entropy mistake="sums-all-classes"
def one_hot_cross_entropy(q, targets):
    return -np.log2(q).sum(axis=-1)


# %% nll-as-cross-entropy mistake="forgets-the-counts"
mean_nll = -Sum(log(q[k]), (k, 1, V)) / V

# %% code-lengths mistake="forgets-the-weights"
length_and_price = [(3 + 1 + 2 + 3) / 4, (3 + 1 + 2 + 3) / 4 - 1.75]

# %% strictly-proper mistake="clipped"
score = "d"


# %% properness mistake="one-truth-only"
def properness(forecasts, scores):
    earned = scores @ forecasts[0]
    lost = earned[0] - earned[1:]
    if (lost > 1e-9).all():
        return "strictly proper"
    return "proper" if (lost >= -1e-9).all() else "not proper"


# %% label-smoothing mistake="everyone-gets-epsilon"
smoothed_loss = -(1 - epsilon) * log(q[y]) - epsilon * Sum(log(q[k]), (k, 1, V))
