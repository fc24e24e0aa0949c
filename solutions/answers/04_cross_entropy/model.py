# %% cross-entropy-by-hand
cross_entropy = -(0.6 * np.log(0.5) + 0.3 * np.log(0.25) + 0.1 * np.log(0.25))

# %% entropy-plus-kl
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step(
    "=",
    -Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * (log(p[k]) - log(q[k])), (k, 1, V)),
    because="the logarithm of a quotient",
)
steps.step("=", -Sum(p[k] * log(q[k]), (k, 1, V)), because="the terms with log p cancel")
steps


# %% one-hot-cross-entropy
def one_hot_cross_entropy(q, targets):
    """Return the cross-entropy of one-hot targets and q, in bits: shapes (..., V) and (...) -> (...)."""
    chosen = np.take_along_axis(q, np.asarray(targets)[..., None], axis=-1)[..., 0]
    with np.errstate(divide="ignore"):  # log 0 = -inf is right: the loss is inf
        return -np.log2(chosen)


# %% nll-as-cross-entropy
mean_nll = -Sum(n[k] * log(q[k]), (k, 1, V)) / Sum(n[k], (k, 1, V))

# %% code-lengths
probabilities = np.array([1 / 2, 1 / 4, 1 / 8, 1 / 8])
length = probabilities @ [3, 1, 2, 3]
length_and_price = [length, length + probabilities @ np.log2(probabilities)]

# %% strictly-proper
score = "c"


# %% properness
def properness(forecasts, scores):
    """Return "strictly proper", "proper" or "not proper": shapes (n, V) and (n, V) -> a text."""
    earned = forecasts @ scores.T  # the truth in the row, the forecast in the column
    lost = np.diag(earned)[:, None] - earned
    lost = lost[~np.eye(len(lost), dtype=bool)]
    if (lost > 1e-9).all():
        return "strictly proper"
    return "proper" if (lost >= -1e-9).all() else "not proper"


# %% label-smoothing
smoothed_loss = -(1 - epsilon) * log(q[y]) - epsilon / V * Sum(log(q[k]), (k, 1, V))

# %% [markdown] why-not-zero
# The loss is a cross-entropy, $H(p) + \operatorname{KL}(p \| q)$. Training can bring the divergence down
# to 0, but not the entropy of the text, and that is above 0: many a sentence can go on in more than one
# way. So 2 nats may well be close to the floor. The floor itself is unknown, so I would compare with
# other models on the same held-out text and the same tokens. A loss of zero would be a warning: on a
# text that is seen many times it means that the model knows it by heart.
