# Through entropies and divergences, and as few steps as are asked for.

# %% cross-entropy-by-hand
a, b = np.array([0.6, 0.3, 0.1]), np.array([0.5, 0.25, 0.25])
cross_entropy = -(a * np.log(a)).sum() + (a * np.log(a / b)).sum()

# %% entropy-plus-kl
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", Sum(p[j] * (log(p[j] / q[j]) - log(p[j])), (j, 1, V)), because="one sum")
steps.step("=", -Sum(p[j] * log(q[j]), (j, 1, V)), because="log p cancels")


# %% one-hot-cross-entropy
def one_hot_cross_entropy(q, targets):
    q = np.asarray(q)
    return np.array([-np.log2(row[y]) for row, y in zip(q.reshape(-1, q.shape[-1]), np.ravel(targets))]).reshape(
        np.shape(targets)
    )


# %% nll-as-cross-entropy
share = n[k] / Sum(n[j], (j, 1, V))
mean_nll = -Sum(share * log(share), (k, 1, V)) + Sum(share * log(share / q[k]), (k, 1, V))

# %% code-lengths
p_bits, q_bits = -np.log2([0.5, 0.25, 0.125, 0.125]), -np.log2([0.125, 0.5, 0.25, 0.125])
length_and_price = np.array([2.0**-p_bits @ q_bits, 2.0**-p_bits @ (q_bits - p_bits)])

# %% strictly-proper
score = "c."


# %% properness
def properness(forecasts, scores):
    n = len(forecasts)
    lost = [
        forecasts[t] @ scores[t] - forecasts[t] @ scores[i] for t in range(n) for i in range(n) if i != t
    ]
    worst = min(lost)
    return "strictly proper" if worst > 1e-9 else "proper" if worst > -1e-9 else "not proper"


# %% label-smoothing
one_hot, uniform = -log(q[y]), -Sum(log(q[k]), (k, 1, V)) / V
smoothed_loss = one_hot + epsilon * (uniform - one_hot)
