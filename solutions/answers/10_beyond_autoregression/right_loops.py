# Plain loops, and the same numbers by other roads.

# %% affine-density
density = exp(log(1 / a) + (x - b) / a - exp((x - b) / a))


# %% coupling-log-det
import math


def coupling(u, S, T):
    made, log_dets = [], []
    d, rest = S.shape
    for row in u.tolist():
        out, total = row[:d], 0.0
        for n in range(rest):
            s = sum(row[i] * S[i, n] for i in range(d))
            t = sum(row[i] * T[i, n] for i in range(d))
            out.append(row[d + n] * math.exp(s) + t)
            total += s
        made.append(out)
        log_dets.append(total)
    return made, log_dets


# %% elbo-from-table
import math


def elbo_and_gap(prior, log_likelihood, q):
    """The gap as the divergence to the posterior."""
    joint = [math.log(p) + ll if p > 0 else -math.inf for p, ll in zip(prior, log_likelihood)]
    top = max(joint)
    evidence = top + math.log(math.fsum(math.exp(x - top) for x in joint))
    gap = 0.0
    for weight, x in zip(q, joint):
        if weight > 0:
            gap += weight * (math.log(weight) - (x - evidence))
    return [evidence - gap, gap]


# %% bits-per-dimension
import math

bits_per_dimension = (-9500 + 3072 * math.log(256)) / math.log(2) / 3072


# %% diffusion-posterior
def one_step_back(x_0, x_t, t, beta):
    """As a product of two Gaussians: precisions add up."""
    before = 1.0
    for b in beta[: t - 1]:
        before *= 1 - b
    b = beta[t - 1]
    after = before * (1 - b)
    if t == 1:
        return after, x_0, 0.0
    precision = 1 / (1 - before) + (1 - b) / b
    mean = (before**0.5 * x_0 / (1 - before) + (1 - b) ** 0.5 * x_t / b) / precision
    return after, mean, 1 / precision


# %% best-discriminator
import math

value = 0.6 * math.log(3 / 4) + 0.4 * math.log(1 / 2) + 0.2 * math.log(1 / 4) + 0.4 * math.log(1 / 2)
discriminator = [3 / 4, 1 / 2, 0, value]

# %% which-pairs
pair = "B"


# %% flow-nll
import math


def flow_nll(x, A, B):
    total = 0.0
    for i, number in enumerate(x):
        m = s = 0.0
        for j in range(i):
            m += A[i][j] * x[j]
            s += B[i][j] * x[j]
        u = (number - m) * math.exp(-s)
        total += 0.5 * (u * u + math.log(math.tau)) + s
    return total


# %% elbo-steps
# the divergence to the posterior
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
px = Sum(prior[j] * lik[j], (j, 1, K))
steps.step(
    "=",
    log(px) - Sum(q[k] * log(q[k] / (prior[k] * lik[k] / px)), (k, 1, K)),
    because="prior times likelihood is p(x) times the posterior",
)
steps.step("≤", log(px), because="a divergence is never negative")
steps
