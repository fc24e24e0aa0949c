# Plain Python: loops, the math module, lists instead of arrays.

# %% cross-entropy-by-hand
import math

cross_entropy = sum(-a * math.log(b) for a, b in [(0.6, 0.5), (0.3, 0.25), (0.1, 0.25)])

# %% entropy-plus-kl
# Under one sum.
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
steps.step("=", Sum(-p[k] * log(p[k]) + p[k] * log(p[k] / q[k]), (k, 1, V)), because="one sum")
steps.step("=", Sum(p[k] * (log(p[k] / q[k]) - log(p[k])), (k, 1, V)), because="p in front")
steps.step("=", Sum(p[k] * log(1 / q[k]), (k, 1, V)), because="p cancels in the logarithm")
steps.step("=", Sum(-p[k] * log(q[k]), (k, 1, V)), because="the logarithm of an inverse")

# %% one-hot-cross-entropy
import math


def one_hot_cross_entropy(q, targets):
    if np.ndim(q) > 1:
        return [one_hot_cross_entropy(row, target) for row, target in zip(q, targets)]
    return math.inf if q[targets] == 0 else -math.log2(q[targets])


# %% nll-as-cross-entropy
mean_nll = Sum(n[k] / Sum(n[j], (j, 1, V)) * log(1 / q[k]), (k, 1, V))

# %% code-lengths
table = {"110": 1 / 2, "0": 1 / 4, "10": 1 / 8, "111": 1 / 8}
best = {"0": 1 / 2, "10": 1 / 4, "110": 1 / 8, "111": 1 / 8}
mean, least = (sum(share * len(word) for word, share in code.items()) for code in (table, best))
length_and_price = (mean, mean - least)

# %% strictly-proper
score = "C"


# %% properness
def properness(forecasts, scores):
    strict = True
    for t, truth in enumerate(forecasts):
        honest = sum(a * b for a, b in zip(truth, scores[t]))
        for i in range(len(forecasts)):
            earned = sum(a * b for a, b in zip(truth, scores[i]))
            if i != t and earned > honest + 1e-9:
                return "not proper"
            if i != t and abs(earned - honest) <= 1e-9:
                strict = False
    return "strictly proper" if strict else "proper"


# %% label-smoothing
smoothed = (1 - epsilon) * KroneckerDelta(k, y) + epsilon / V
smoothed_loss = -Sum(smoothed * log(q[k]), (k, 1, V))
