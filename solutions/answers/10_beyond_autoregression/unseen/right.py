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

# %% affine-density
# by SymPy, from the distribution function: P(X <= x) = P(U >= (b - x)/a)
from sympy import diff

density = diff(1 - exp(-exp(-(b - x) / a)), x)

# %% affine-density
# everything over one fraction bar
density = exp((x - b - a * exp((x - b) / a)) / a) / a

# %% affine-density
# with substitution at the end
from sympy import Symbol

u = Symbol("u")
p_u = exp(-u - exp(-u))
density = (p_u / a).subs(u, (b - x) / a)

# %% affine-density
# powers of a product
density = exp(x / a) * exp(-b / a) * exp(-exp(x / a) / exp(b / a)) * a**-1

# %% coupling-log-det
# matmul with the halves from array_split
def coupling(u, S, T):
    u = np.asarray(u, dtype=float)
    d = u.shape[1] // 2
    kept, moved = u[:, :d], u[:, d:]
    scale = np.matmul(kept, S)
    shift = np.matmul(kept, T)
    return np.column_stack([kept, moved * np.exp(scale) + shift]), np.add.reduce(scale, 1)


# %% coupling-log-det
# three loops, math only
import math


def coupling(u, S, T):
    out, dets = [], []
    for row in u.tolist():
        d = len(row) // 2
        new, det = row[:d], 0.0
        for j in range(len(row) - d):
            s = math.fsum(row[i] * S[i, j] for i in range(d))
            t = math.fsum(row[i] * T[i, j] for i in range(d))
            new.append(row[d + j] * math.exp(s) + t)
            det += s
        out.append(new)
        dets.append(det)
    return np.array(out), np.array(dets)


# %% coupling-log-det
# padded matrices, so that all numbers go through the same formula
def coupling(u, S, T):
    d, m = S.shape
    pad = lambda M: np.block([[np.zeros((d, d)), M], [np.zeros((m, d + m))]])
    s, t = u @ pad(S), u @ pad(T)
    return u * np.exp(s) + t, s.sum(-1)


# %% coupling-log-det
# a generator of rows
def coupling(u, S, T):
    def one(row):
        d = len(S)
        s = row[:d] @ S
        return np.append(row[:d], row[d:] * np.exp(s) + row[:d] @ T), s.sum()

    xs, dets = zip(*map(one, u))
    return np.vstack(xs), np.fromiter(dets, float)


# %% elbo-from-table
# a loop with math
import math


def elbo_and_gap(prior, log_likelihood, q):
    bound = 0.0
    for p, l, w in zip(prior, log_likelihood, q):
        if w > 0:
            bound += -math.inf if p == 0 else w * (l + math.log(p) - math.log(w))
    terms = [math.log(p) + l for p, l in zip(prior, log_likelihood) if p > 0]
    top = max(terms)
    if top == -math.inf:
        return bound, math.inf
    return bound, top + math.log(math.fsum(math.exp(v - top) for v in terms)) - bound


# %% elbo-from-table
# scipy's logsumexp with the prior as weights
from scipy.special import logsumexp, rel_entr


def elbo_and_gap(prior, log_likelihood, q):
    on = q > 0
    bound = float(np.sum(q[on] * log_likelihood[on]) - rel_entr(q, prior).sum())
    return bound, float(logsumexp(log_likelihood, b=prior)) - bound


# %% elbo-from-table
# the gap first, by the posterior
def elbo_and_gap(prior, log_likelihood, q):
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + log_likelihood
    log_p = np.logaddexp.reduce(log_joint)
    on = q > 0
    gap = np.sum(q[on] * (np.log(q[on]) - (log_joint[on] - log_p)))
    return np.array([log_p - gap, gap])


# %% elbo-from-table
# early return for what can't be
def elbo_and_gap(prior, log_likelihood, q):
    if np.any((q > 0) & (prior == 0)):
        return -np.inf, np.inf
    keep = prior > 0
    p, l, w = prior[keep], log_likelihood[keep], q[keep]
    w_log = np.log(np.where(w > 0, w, 1))
    use = w > 0
    bound = (w[use] * (l[use] + np.log(p[use]) - w_log[use])).sum()
    m = l.max()
    return bound, m + np.log((p * np.exp(l - m)).sum()) - bound


# %% bits-per-dimension
# as a whole image in bits first
bits_per_dimension = (-9500 / np.log(2) + 8 * 32 * 32 * 3) / (32 * 32 * 3)

# %% bits-per-dimension
# from nats per dimension
npd = -9500 / 3072
bits_per_dimension = (npd + np.log(256)) * np.log2(np.e)

# %% bits-per-dimension
# Fractions and math
import math
from fractions import Fraction

bits_per_dimension = float(Fraction(-9500, 3072)) / math.log(2) + 8

# %% bits-per-dimension
# an array of one number
bits_per_dimension = np.array(-9500 / 3072 / np.log(2) + np.log2(256))

# %% diffusion-posterior
# adding precisions
def one_step_back(x_0, x_t, t, beta):
    alpha = 1 - np.asarray(beta, dtype=float)
    bar = np.prod(alpha[:t])
    if t == 1:
        return bar, x_0, 0.0
    before = np.prod(alpha[: t - 1])
    precision = alpha[t - 1] / (1 - alpha[t - 1]) + 1 / (1 - before)
    weighted = np.sqrt(alpha[t - 1]) * x_t / (1 - alpha[t - 1]) + np.sqrt(before) * x_0 / (1 - before)
    return bar, weighted / precision, 1 / precision


# %% diffusion-posterior
# by the covariance of two normal numbers
def one_step_back(x_0, x_t, t, beta):
    alpha = 1 - beta[:t]
    bar, before = alpha.prod(), alpha[:-1].prod()
    cov, var = np.sqrt(alpha[-1]) * (1 - before), 1 - bar
    mean = np.sqrt(before) * x_0 + cov / var * (x_t - np.sqrt(bar) * x_0)
    return [bar, mean, (1 - before) - cov**2 / var]


# %% diffusion-posterior
# a loop forwards, and a dictionary's values
def one_step_back(x_0, x_t, t, beta):
    bar = before = 1.0
    for b in beta[:t]:
        before, bar = bar, bar * (1 - b)
    out = {
        "bar": bar,
        "mean": (before**0.5 * b * x_0 + (1 - b) ** 0.5 * (1 - before) * x_t) / (1 - bar),
        "variance": (1 - before) / (1 - bar) * b,
    }
    return list(out.values())


# %% best-discriminator
# the formula for arrays, with 0 log 0 = 0
p, g = np.array([0.6, 0.4, 0]), np.array([0.2, 0.4, 0.4])
D = p / (p + g)
with np.errstate(divide="ignore", invalid="ignore"):
    value = np.nansum(p * np.log(D)) + np.nansum(g * np.log(1 - D))
discriminator = [*D, value]

# %% best-discriminator
# from the divergence
p, g = np.array([0.6, 0.4, 0]), np.array([0.2, 0.4, 0.4])
m = (p + g) / 2
kl = lambda a, b: sum(v * np.log(v / w) for v, w in zip(a, b) if v > 0)
discriminator = np.append(p / (p + g), kl(p, m) + kl(g, m) - np.log(4))

# %% best-discriminator
# strings of fractions made into numbers, and a tuple
from fractions import Fraction
from math import log as ln

discriminator = (Fraction(3, 4), Fraction(1, 2), 0, 0.6 * ln(3 / 4) + 0.8 * ln(1 / 2) + 0.2 * ln(1 / 4))

# %% which-pairs
# a blank beside it
pair = " b"

# %% flow-nll
# solve for the noise, then sums
def flow_nll(x, A, B):
    D = len(x)
    s = B.dot(x)
    r = (np.eye(D) - A).dot(x)
    return float(np.sum(s + 0.5 * np.log(2 * np.pi) + 0.5 * np.square(r * np.exp(-s))))


# %% flow-nll
# einsum and a lambda
flow_nll = lambda x, A, B: (
    np.einsum("ij,j->", B, x)
    + 0.5 * (((x - np.einsum("ij,j->i", A, x)) * np.exp(-np.einsum("ij,j->i", B, x))) ** 2).sum()
    + x.size * np.log(np.sqrt(2 * np.pi))
)


# %% flow-nll
# math, one number after the other
import math


def flow_nll(x, A, B):
    total = 0.0
    for i, value in enumerate(x):
        m = sum(A[i, j] * x[j] for j in range(i))
        s = sum(B[i, j] * x[j] for j in range(i))
        u = (value - m) * math.exp(-s)
        total += s + u * u / 2 + math.log(2 * math.pi) / 2
    return total


# %% flow-nll
# a log-density of each coordinate as a Gaussian with mean m and deviation e^s
def flow_nll(x, A, B):
    def log_normal(v, m, log_std):
        return -0.5 * np.log(2 * np.pi) - log_std - 0.5 * ((v - m) / np.exp(np.minimum(log_std, 700))) ** 2

    return -log_normal(x, A @ x, B @ x).sum()


# %% elbo-steps
# Jensen by the concave logarithm, one line more
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step(
    "=",
    Sum(q[k] * log(lik[k]), (k, 1, K)) + Sum(q[k] * log(prior[k] / q[k]), (k, 1, K)),
    because="minus the logarithm of a quotient",
)
steps.step("=", Sum(q[k] * log(lik[k] * prior[k] / q[k]), (k, 1, K)), because="one sum")
steps.step("≤", log(Sum(q[k] * (lik[k] * prior[k] / q[k]), (k, 1, K))), because="log is concave and q sums to 1")
steps.step("=", log(Sum(lik[k] * prior[k], (k, 1, K))), because="q cancels")

# %% elbo-steps
# minus a sum of the inverse quotient
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("=", -Sum(q[j] * log(q[j] / (prior[j] * lik[j])), (j, 1, K)), because="a quotient turned round")
steps.step("≤", log(Sum(prior[j] * lik[j], (j, 1, K))), because="Jensen for a convex function")

# %% elbo-steps
# Gibbs, with the posterior written out
steps = Derivation("elbo-steps", strict=False)
p_x = Sum(prior[j] * lik[j], (j, 1, K))
steps.start(elbo)
steps.step("=", Sum(q[k] * log(prior[k] * lik[k] / q[k]), (k, 1, K)), because="one logarithm")
steps.step(
    "=",
    log(p_x) - Sum(q[k] * log(q[k] / (prior[k] * lik[k] / p_x)), (k, 1, K)),
    because="q sums to 1, so log p(x) goes out",
)
steps.step("≤", log(p_x), because="a divergence is never negative")
