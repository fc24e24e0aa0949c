# Plain Python: loops, the math module, lists instead of arrays.

# %% best-log-likelihood
import math

best_log_likelihood = sum(math.log(share) for share in [0.6] * 6 + [0.3] * 3 + [0.1])

# %% lagrangian-slope
# With a Kronecker delta under the sums.
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step(
    "=",
    Sum(n[k] / theta[k] * KroneckerDelta(k, j), (k, 1, V)) - lam * Sum(KroneckerDelta(k, j), (k, 1, V)),
    because="term by term",
)
steps.step("=", n[j] / theta[j] - lam * Sum(KroneckerDelta(k, j), (k, 1, V)), because="one term is left")
steps.step("=", n[j] / theta[j] - lam, because="the deltas sum to 1")

# %% categorical-mle
theta_hat = 1 / Sum(n[k] / n[j], (k, 1, V))


# %% bigram-probs
def bigram_probs(sentences, V):
    rows = []
    for a in range(V):
        after = [s[t + 1] for s in sentences for t in range(len(s) - 1) if s[t] == a]
        rows.append([after.count(b) / len(after) if after else 1 / V for b in range(V)])
    return rows


# %% smoothed
def smoothed(counts, alpha):
    if np.ndim(counts) > 1:
        return [smoothed(row, alpha) for row in counts]
    total = sum(counts) + alpha * len(counts)
    return [(count + alpha) / total for count in counts]


# %% page-without-typos
import math

prob_without_typos = 1 / math.e**2

# %% standard-error
import math

standard_error = math.sqrt(0.3 * 0.7) / math.sqrt(500)

# %% moves-the-maximum
moves = "D"
