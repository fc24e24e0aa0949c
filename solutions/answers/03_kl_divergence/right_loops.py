# Plain Python: loops, the math module, lists instead of arrays.

# %% kl-both-ways
import math

pair = [(0.5, 0.7), (0.5, 0.3)]
divergences = (sum(a * math.log(a / b) for a, b in pair), sum(b * math.log(b / a) for a, b in pair))

# %% kl-divergence
import math


def kl_divergence(p, log_q):
    if np.ndim(p) > 1:
        return [kl_divergence(a, b) for a, b in zip(p, log_q)]
    total = 0.0
    for a, b in zip(p, log_q):
        if a > 0:
            total += a * (math.log(a) - b)
    return total


# %% gibbs
# The minus in front, and the inequality for the inverse quotient: log t ≥ 1 − 1/t.
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
steps.step("=", -Sum(p[k] * log(p[k] / q[k]), (k, 1, V)), because="the logarithm of an inverse")
steps.step("≤", -Sum(p[k] * (1 - q[k] / p[k]), (k, 1, V)), because="log t ≥ 1 − 1/t")
steps.step("=", -Sum(p[k], (k, 1, V)) + Sum(q[k], (k, 1, V)), because="two sums")
steps.step("=", -1 + Sum(q[k], (k, 1, V)), because="p sums to 1")
steps.step("=", 0, because="so does q")

# %% kl-to-uniform
kl_to_uniform = Sum(p[k] * log(p[k] / (1 / V)), (k, 1, V))

# %% wasted-bits
import math

wasted = 100 * math.log2(math.e)


# %% kl-from-samples
def kl_from_samples(log_p, log_q):
    total = 0.0
    for a, b in zip(log_p, log_q):
        total += a - b
    return total / len(log_p)


# %% best-gaussian
import math


def best_gaussian(weights, means, stds):
    mean = sum(w * mu for w, mu in zip(weights, means))
    second = sum(w * (mu * mu + s * s) for w, mu, s in zip(weights, means, stds))
    return [mean, math.sqrt(second - mean**2)]


# %% two-peaks-one-model
fits = "B"
