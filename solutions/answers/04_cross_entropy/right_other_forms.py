# Other formulas with the same values, and rounded numbers.

# %% cross-entropy-by-hand
cross_entropy = 0.97

# %% entropy-plus-kl
# Three sums.
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
H = -Sum(p[k] * log(p[k]), (k, 1, V))
steps.step(
    "=", H + Sum(p[k] * log(p[k]) - p[k] * log(q[k]), (k, 1, V)), because="the logarithm of a quotient"
)
steps.step("=", H - H - Sum(p[k] * log(q[k]), (k, 1, V)), because="the sum of a difference")


# %% one-hot-cross-entropy
def one_hot_cross_entropy(q, targets):
    target = np.eye(q.shape[-1])[targets]
    surprisals = np.log2(1 / np.where(target > 0, q, 1))
    return (target * surprisals).sum(axis=-1) + np.where((target * q).sum(axis=-1) == 0, np.inf, 0)


# %% nll-as-cross-entropy
total, tokens = Sum(log(q[k]) * n[k], (k, 1, V)), Sum(n[j], (j, 1, V))
mean_nll = -(total / tokens)

# %% code-lengths
length_and_price = [2.375, 0.625]

# %% strictly-proper
score = "(c)"


# %% properness
def properness(forecasts, scores):
    earned = np.einsum("tk,ik->ti", forecasts, scores)
    honest = np.diag(earned).copy()
    np.fill_diagonal(earned, -np.inf)
    rival = earned.max(axis=1)
    if np.any(rival > honest + 1e-9):
        return "not proper"
    return "strictly proper" if np.all(rival < honest - 1e-9) else "proper"


# %% label-smoothing
smoothed_loss = log(q[y]) * (epsilon - 1) + Sum(-log(q[k]) / V, (k, 1, V)) * epsilon
