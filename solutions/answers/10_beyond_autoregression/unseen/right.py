# %% affine-density
# with a fraction in the exponent, and powers of e
from sympy import E

u = b / a - x / a
density = E ** (-u) * E ** (-(E ** (-u))) / a

# %% affine-density
# the derivative of the inverse, with its size
from sympy import Abs, diff

inverse = (b - x) / a
density = (exp(-inverse - exp(-inverse)) * Abs(diff(inverse, x))).doit()

# %% affine-density
# the logarithm first
log_p = (x - b) / a - exp((x - b) / a) - log(a)
density = exp(log_p)

# %% affine-density
# one over the exponentials
density = 1 / (a * exp((b - x) / a) * exp(exp(-(b - x) / a)))

# %% coupling-log-det
# a new array that is filled
def coupling(u, S, T):
    half = u.shape[1] // 2
    x = u.copy()
    s = np.dot(u[:, :half], S)
    x[:, half:] *= np.exp(s)
    x[:, half:] += np.dot(u[:, :half], T)
    return x, np.sum(s, axis=-1)


# %% coupling-log-det
# the sum of the columns of S first
def coupling(u, S, T):
    d = S.shape[0]
    return np.hstack([u[:, :d], u[:, d:] * np.exp(u[:, :d] @ S) + u[:, :d] @ T]), u[:, :d] @ S.sum(1)


# %% coupling-log-det
# a row at a time, with einsum, and a list of the two
def coupling(u, S, T):
    xs, dets = [], []
    for row in u:
        a, b = np.split(row, [len(row) // 2])
        s = np.einsum("i,ij->j", a, S)
        xs.append(np.r_[a, b * np.exp(s) + np.einsum("i,ij->j", a, T)])
        dets.append(s.sum())
    return [np.array(xs), dets]


# %% coupling-log-det
# Torch in double precision
import torch


def coupling(u, S, T):
    u, S, T = (torch.tensor(v, dtype=torch.float64) for v in (u, S, T))
    a, b = u[:, : len(S)], u[:, len(S) :]
    s = a @ S
    return torch.cat((a, b * torch.exp(s) + a @ T), 1), torch.sum(s, 1)


# %% coupling-log-det
# in single precision
def coupling(u, S, T):
    u, S, T = (v.astype(np.float32) for v in (u, S, T))
    a, b = u[:, : len(S)], u[:, len(S) :]
    s = a @ S
    return np.concatenate([a, b * np.exp(s) + a @ T], axis=1), s.sum(axis=1)


# %% elbo-from-table
# masks by where
def elbo_and_gap(prior, log_likelihood, q):
    with np.errstate(all="ignore"):
        terms = np.where(q > 0, q * (log_likelihood + np.log(prior) - np.log(q)), 0)
        joint = log_likelihood + np.log(prior)
    m = np.max(joint)
    return terms.sum(), np.log(np.sum(np.exp(joint - m))) + m - terms.sum()


# %% elbo-from-table
# logaddexp
def elbo_and_gap(prior, log_likelihood, q):
    keep = q > 0
    with np.errstate(divide="ignore"):
        elbo = np.dot(q[keep], log_likelihood[keep]) - np.dot(q[keep], np.log(q[keep]) - np.log(prior[keep]))
        px = np.logaddexp.reduce(np.log(prior) + log_likelihood)
    return [elbo, px - elbo]


# %% elbo-from-table
# xlogy
from scipy.special import logsumexp, xlogy


def elbo_and_gap(prior, log_likelihood, q):
    elbo = (xlogy(q, prior) + q * log_likelihood - xlogy(q, q)).sum()
    return np.array([elbo, logsumexp(log_likelihood, b=prior) - elbo])


# %% elbo-from-table
# Torch
import torch


def elbo_and_gap(prior, log_likelihood, q):
    prior, ll, q = map(torch.from_numpy, (prior, log_likelihood, q))
    kl = torch.where(q > 0, q * (torch.log(q) - torch.log(prior)), torch.zeros_like(q)).sum()
    elbo = (q * ll).sum() - kl
    return elbo, torch.logsumexp(prior.log() + ll, 0) - elbo


# %% elbo-from-table
# the gap as a divergence to a shifted posterior
def elbo_and_gap(prior, log_likelihood, q):
    top = log_likelihood[prior > 0].max()
    with np.errstate(divide="ignore"):
        log_post = np.log(prior) + log_likelihood - top
    log_post = log_post - np.log(np.exp(log_post).sum())
    used = q > 0
    gap = np.sum(q[used] * (np.log(q[used]) - log_post[used]))
    log_px = top + np.log(np.sum(prior * np.exp(log_likelihood - top)))
    return log_px - gap, gap


# %% bits-per-dimension
# a rounded number
bits_per_dimension = 3.539

# %% bits-per-dimension
# the density on whole numbers first
nats = -9500 + 3072 * np.log(256)
bits_per_dimension = nats / 3072 / np.log(2)

# %% bits-per-dimension
# SymPy
from sympy import Rational, log as ln

bits_per_dimension = 8 - Rational(9500, 3072) / ln(2)

# %% bits-per-dimension
# three decimals, cut off
bits_per_dimension = 3.538

# %% diffusion-posterior
# cumprod with a 1 in front
def one_step_back(x_0, x_t, t, beta):
    a = np.append(1.0, np.cumprod(1 - beta))
    c0 = a[t - 1] ** 0.5 * beta[t - 1] / (1 - a[t])
    ct = (1 - beta[t - 1]) ** 0.5 * (1 - a[t - 1]) / (1 - a[t])
    return [a[t], c0 * x_0 + ct * x_t, beta[t - 1] * (1 - a[t - 1]) / (1 - a[t])]


# %% diffusion-posterior
# logarithms
def one_step_back(x_0, x_t, t, beta):
    logs = np.log1p(-beta)
    now, before = np.exp(logs[:t].sum()), np.exp(logs[: t - 1].sum())
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - now)
    return now, mean, b * (1 - before) / (1 - now)


# %% diffusion-posterior
# through the noise that was added
def one_step_back(x_0, x_t, t, beta):
    bar = np.prod(1 - beta[:t])
    eps = (x_t - np.sqrt(bar) * x_0) / np.sqrt(1 - bar)
    alpha = 1 - beta[t - 1]
    mean = (x_t - beta[t - 1] / np.sqrt(1 - bar) * eps) / np.sqrt(alpha)
    return bar, mean, (1 - bar / alpha) / (1 - bar) * beta[t - 1]


# %% diffusion-posterior
# math and reduce
import math
from functools import reduce


def one_step_back(x_0, x_t, t, beta):
    before = reduce(lambda p, b: p * (1 - b), beta[: t - 1].tolist(), 1.0)
    b = float(beta[t - 1])
    after = before * (1 - b)
    rest = 1 - after
    return (after, (math.sqrt(before) * b * x_0 + math.sqrt(1 - b) * (1 - before) * x_t) / rest, b * (1 - before) / rest)


# %% best-discriminator
# rounded
discriminator = [0.75, 0.5, 0, -1.004]

# %% best-discriminator
# a search for the best D on a grid, to be sure
grid = np.linspace(1e-6, 1 - 1e-6, 200001)
p, g = [0.6, 0.4, 0.0], [0.2, 0.4, 0.4]
best = [grid[np.argmax(a * np.log(grid) + b * np.log(1 - grid))] for a, b in zip(p, g)]
value = sum(max(a * np.log(grid) + b * np.log(1 - grid)) for a, b in zip(p, g))
discriminator = (*best, value)

# %% best-discriminator
# Torch in single precision
import torch

discriminator = torch.tensor([0.75, 0.5, 0.0, 0.6 * np.log(0.75) + 0.8 * np.log(0.5) + 0.2 * np.log(0.25)])

# %% which-pairs
# in brackets
pair = "(b)"

# %% which-pairs
# a capital letter and a full stop
pair = "B."

# %% flow-nll
# one dimension after the other
def flow_nll(x, A, B):
    nll = 0.0
    for i in range(len(x)):
        s = np.dot(B[i, :i], x[:i])
        u = (x[i] - np.dot(A[i, :i], x[:i])) * np.exp(-s)
        nll += s + 0.5 * u**2 + 0.5 * np.log(2 * np.pi)
    return nll


# %% flow-nll
# Torch tensors, without its distributions
import torch


def flow_nll(x, A, B):
    x, A, B = (torch.as_tensor(v) for v in (x, A, B))
    s = B.mv(x)
    u = (x - A.mv(x)) * torch.exp(-s)
    return (0.5 * u.square() + s).sum() + 0.5 * len(x) * torch.log(torch.tensor(2 * torch.pi, dtype=torch.float64))


# %% flow-nll
# the square of u by its logarithm
def flow_nll(x, A, B):
    s = (B * x).sum(axis=1)
    moved = x - (A * x).sum(axis=1)
    with np.errstate(divide="ignore"):
        squares = np.exp(2 * np.log(np.abs(moved)) - 2 * s)
    return np.sum(squares / 2 + s) + len(x) * np.log(np.sqrt(2 * np.pi))


# %% flow-nll
# a log-density, and its minus at the end
def flow_nll(x, A, B):
    log_scale = np.einsum("ij,j->i", B, x)
    noise = (x - np.einsum("ij,j->i", A, x)) / np.exp(np.minimum(log_scale, 700))
    noise[log_scale > 700] = 0
    log_p = -0.5 * noise**2 - 0.5 * np.log(2 * np.pi) - log_scale
    return -log_p.sum()


# %% flow-nll
# with a warning about a huge scale
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) / np.exp(s)
    return u @ u / 2 + s.sum() + x.size / 2 * np.log(2 * np.pi)


# %% elbo-steps
# a helper for the weights
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
w = lambda k: prior[k] * lik[k] / q[k]
steps.step("=", Sum(q[k] * log(w(k)), (k, 1, K)), because="logs")
steps.step("≤", log(Sum(q[k] * w(k), (k, 1, K))), because="concave")
steps.step("=", log(Sum(prior[k] * lik[k], (k, 1, K))), because="cancel")
steps

# %% elbo-steps
# the posterior as a helper
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
evidence = Sum(prior[j] * lik[j], (j, 1, K))
post = lambda k: prior[k] * lik[k] / evidence
steps.step("=", Sum(q[k] * log(post(k) * evidence / q[k]), (k, 1, K)), because="Bayes")
steps.step("=", log(evidence) - Sum(q[k] * log(q[k] / post(k)), (k, 1, K)), because="q sums to 1")
steps.step("≤", log(evidence), because="Gibbs")
steps

# %% elbo-steps
# one sum, one logarithm, then the logarithm of the mean
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("=", Sum(q[k] * log(lik[k]) - q[k] * log(q[k] / prior[k]), (k, 1, K)))
steps.step("=", Sum(q[k] * log(lik[k] / (q[k] / prior[k])), (k, 1, K)))
steps.step("≤", log(Sum(lik[k] * prior[k], (k, 1, K))))
steps

# %% elbo-steps
# minus on both sides in mind
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("=", -Sum(q[k] * log(q[k] / (prior[k] * lik[k])), (k, 1, K)))
steps.step("≤", log(Sum(q[k] / (q[k] / (prior[k] * lik[k])), (k, 1, K))))
steps.step("=", log(Sum(prior[j] * lik[j], (j, 1, K))))
steps
