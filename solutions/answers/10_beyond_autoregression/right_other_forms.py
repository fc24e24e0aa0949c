# Other forms: SciPy, Torch, inverses, and expressions written another way.

# %% affine-density
from sympy import diff

# the distribution function of x is 1 − F((b − x)/a), with F(u) = exp(−exp(−u))
density = diff(1 - exp(-exp(-(b - x) / a)), x).doit()


# %% coupling-log-det
import torch


def coupling(u, S, T):
    u, S, T = map(torch.as_tensor, (u, S, T))
    kept, moved = u.split([S.shape[0], S.shape[1]], dim=1)
    s = kept @ S
    return torch.cat([kept, torch.addcmul(kept @ T, moved, s.exp())], dim=1), s.sum(-1)


# %% elbo-from-table
from scipy.special import logsumexp, rel_entr


def elbo_and_gap(prior, log_likelihood, q):
    elbo = q @ log_likelihood - rel_entr(q, prior).sum()
    return elbo, logsumexp(log_likelihood, b=prior) - elbo


# %% bits-per-dimension
bits_per_dimension = np.log2(256) - 9500 * np.log2(np.e) / (32 * 32 * 3)


# %% diffusion-posterior
def one_step_back(x_0, x_t, t, beta):
    """By the covariance of x_{t-1} and x_t given x_0."""
    bars = np.cumprod(np.concatenate([[1.0], 1 - beta]))
    before, after, alpha = bars[t - 1], bars[t], 1 - beta[t - 1]
    slope = np.sqrt(alpha) * (1 - before) / (1 - after)
    mean = np.sqrt(before) * x_0 + slope * (x_t - np.sqrt(after) * x_0)
    return after, mean, (1 - before) - slope * np.sqrt(alpha) * (1 - before)


# %% best-discriminator
p, g = np.array([0.6, 0.4, 0.0]), np.array([0.2, 0.4, 0.4])
m = (p + g) / 2
jsd = ((p[:2] * np.log(p[:2] / m[:2])).sum() + (g * np.log(g / m)).sum()) / 2
discriminator = np.append(p / (p + g), 2 * jsd - np.log(4))

# %% which-pairs
pair = "b · M, a VAE: a negative ELBO of 3.1 bits per dimension. N, autoregressive: an exact NLL of 3.3."


# %% flow-nll
def flow_nll(x, A, B):
    """As one Gaussian quadratic form."""
    D = len(x)
    moved, s = x - A.dot(x), B.dot(x)
    u = moved / np.exp(s.clip(max=700.0))
    u[s > 700] = 0.0
    return D / 2 * np.log(2 * np.pi) + s.sum() + u.dot(u) / 2


# %% elbo-steps
# Jensen at once, and the logarithms put together in two lines
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("=", Sum(q[k] * (log(lik[k]) - log(q[k] / prior[k])), (k, 1, K)), because="one sum")
steps.step("=", Sum(q[k] * log(lik[k] * prior[k] / q[k]), (k, 1, K)), because="a difference of logarithms")
steps.step("≤", log(Sum(lik[k] * prior[k], (k, 1, K))), because="Jensen's inequality")
steps
