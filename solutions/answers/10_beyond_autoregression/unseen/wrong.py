# %% affine-density most=0
# a normal density instead
density = exp(-(((x - b) / a) ** 2) / 2) / a

# %% affine-density most=0
# the inner exponential turned round only
u = (b - x) / a
density = exp(-u - exp(u)) / a

# %% affine-density most=0
# the shift with the wrong sign
u = -(x + b) / a
density = exp(-u - exp(-u)) / a

# %% affine-density most=0
# the distribution function
density = 1 - exp(-exp(-(b - x) / a))

# %% affine-density most=0
# stretched, not moved
u = -x / a
density = exp(-u - exp(-u)) / a

# %% affine-density most=0
# a in place of 1/a in the exponent
u = (b - x) * a
density = exp(-u - exp(-u)) * a

# %% affine-density most=0
# only the outer exponential is divided
density = exp(-(b - x) / a) / a

# %% affine-density most=0
# log a instead of a
u = (b - x) / a
density = exp(-u - exp(-u)) - log(a)

# %% coupling-log-det
# exp of the sum of the absolute values
def coupling(u, S, T):
    d = len(S)
    s = u[:, :d] @ S
    return np.concatenate([u[:, :d], u[:, d:] * np.exp(s) + u[:, :d] @ T], 1), np.log(np.abs(s).sum(1))


# %% coupling-log-det
# the shift counts in the determinant
def coupling(u, S, T):
    d = len(S)
    s, t = u[:, :d] @ S, u[:, :d] @ T
    return np.concatenate([u[:, :d], u[:, d:] * np.exp(s) + t], 1), (s + t).sum(1)


# %% coupling-log-det
# the larger half first
def coupling(u, S, T):
    d = u.shape[1] - u.shape[1] // 2
    a, b = u[:, :d], u[:, d:]
    s, t = a @ S[:d], a @ T[:d]
    return np.concatenate([a, b * np.exp(s) + t], 1), s.sum(1)


# %% coupling-log-det
# slogdet of the diagonal matrix of factors
def coupling(u, S, T):
    d = len(S)
    s = u[:, :d] @ S
    dets = [np.linalg.slogdet(np.diag(np.exp(row)))[1] for row in s]
    return np.concatenate([u[:, :d], u[:, d:] * np.exp(s) + u[:, :d] @ T], 1), np.array(dets)


# %% coupling-log-det
# the log-determinants as a column
def coupling(u, S, T):
    d = len(S)
    s = u[:, :d] @ S
    return np.concatenate([u[:, :d], u[:, d:] * np.exp(s) + u[:, :d] @ T], 1), s


# %% coupling-log-det
# the log-determinants only
def coupling(u, S, T):
    return (u[:, : len(S)] @ S).sum(1)


# %% coupling-log-det
# the scales kept above e^-20
def coupling(u, S, T):
    d = len(S)
    s = np.clip(u[:, :d] @ S, -20, 20)
    return np.concatenate([u[:, :d], u[:, d:] * np.exp(s) + u[:, :d] @ T], 1), s.sum(1)


# %% coupling-log-det
# tanh of the scales
def coupling(u, S, T):
    d = len(S)
    s = np.tanh(u[:, :d] @ S)
    return np.concatenate([u[:, :d], u[:, d:] * np.exp(s) + u[:, :d] @ T], 1), s.sum(1)


# %% coupling-log-det
# scale and shift exchanged
def coupling(u, S, T):
    d = len(S)
    s, t = u[:, :d] @ T, u[:, :d] @ S
    return np.concatenate([u[:, :d], u[:, d:] * np.exp(s) + t], 1), s.sum(1)


# %% elbo-from-table
# the likelihood where its logarithm is given
def elbo_and_gap(prior, log_likelihood, q):
    joint = prior * log_likelihood
    with np.errstate(all="ignore"):
        elbo = np.nansum(q * np.log(joint / q))
    return elbo, np.log(joint.sum()) - elbo


# %% elbo-from-table
# the logarithm of the mean is taken for the ELBO
def elbo_and_gap(prior, log_likelihood, q):
    m = log_likelihood.max()
    px = m + np.log(np.sum(prior * np.exp(log_likelihood - m)))
    return px, 0.0


# %% elbo-from-table
# nan to 0 at the end
def elbo_and_gap(prior, log_likelihood, q):
    with np.errstate(all="ignore"):
        elbo = np.nan_to_num(q * (np.log(prior) + log_likelihood - np.log(q))).sum()
    m = log_likelihood.max()
    return elbo, m + np.log(np.sum(prior * np.exp(log_likelihood - m))) - elbo


# %% elbo-from-table
# nansum
def elbo_and_gap(prior, log_likelihood, q):
    with np.errstate(all="ignore"):
        elbo = np.nansum(q * (np.log(prior) + log_likelihood - np.log(q)))
        px = np.log(np.sum(prior * np.exp(log_likelihood)))
    return elbo, px - elbo


# %% elbo-from-table
# the gap as a share
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(all="ignore"):
        joint = np.log(prior) + log_likelihood
    elbo = np.sum(q[used] * (joint[used] - np.log(q[used])))
    m = joint.max()
    px = m + np.log(np.exp(joint - m).sum())
    return elbo, (px - elbo) / abs(px)


# %% elbo-from-table
# the maximum for the log-sum-exp
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(all="ignore"):
        joint = np.log(prior) + log_likelihood
    elbo = np.sum(q[used] * (joint[used] - np.log(q[used])))
    return elbo, joint.max() - elbo


# %% elbo-from-table
# zeros of q are left out of p(x) as well
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(all="ignore"):
        joint = (np.log(prior) + log_likelihood)[used]
    elbo = np.sum(q[used] * (joint - np.log(q[used])))
    m = joint.max()
    return elbo, m + np.log(np.exp(joint - m).sum()) - elbo


# %% elbo-from-table
# the gap is never allowed to be infinite
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(all="ignore"):
        joint = np.log(prior) + log_likelihood
    elbo = np.sum(q[used] * (joint[used] - np.log(q[used])))
    m = joint.max()
    gap = m + np.log(np.exp(joint - m).sum()) - elbo
    return elbo, min(gap, 1e6)


# %% elbo-from-table
# the posterior's entropy is the gap
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(all="ignore"):
        joint = np.log(prior) + log_likelihood
    elbo = np.sum(q[used] * (joint[used] - np.log(q[used])))
    post = np.exp(joint - joint.max())
    post = post / post.sum()
    return elbo, -np.sum(post[post > 0] * np.log(post[post > 0]))


# %% bits-per-dimension most=0
# log2 of the number of nats
bits_per_dimension = np.log2(9500 / 3072)

# %% bits-per-dimension most=0
# divided by 32 only
bits_per_dimension = -9500 / 32 / np.log(2) + 8

# %% bits-per-dimension most=0
# times 8
bits_per_dimension = 9500 / 3072 / np.log(2) * 8

# %% bits-per-dimension most=0
# rounded to whole bits
bits_per_dimension = 4

# %% bits-per-dimension most=0
# one decimal
bits_per_dimension = 3.5

# %% bits-per-dimension most=0
# bytes
bits_per_dimension = (-9500 / 3072 / np.log(2) + 8) / 8

# %% bits-per-dimension most=0
# 8 bits for each image
bits_per_dimension = (-9500 / np.log(2) + 8) / 3072

# %% bits-per-dimension most=0
# 8 bits for each pixel
bits_per_dimension = -9500 / 3072 / np.log(2) + 8 / 3

# %% diffusion-posterior
# the simple inverse step
def one_step_back(x_0, x_t, t, beta):
    bar = np.cumprod(1 - beta)[t - 1]
    return bar, (x_t - np.sqrt(beta[t - 1]) * x_0) / np.sqrt(1 - beta[t - 1]), beta[t - 1]


# %% diffusion-posterior
# at t = 1 the last entry is taken for the one before
def one_step_back(x_0, x_t, t, beta):
    bars = np.cumprod(1 - beta)
    before, after, b = bars[t - 2], bars[t - 1], beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    return after, mean, b * (1 - before) / (1 - after)


# %% diffusion-posterior
# forward variance at the first step
def one_step_back(x_0, x_t, t, beta):
    if t == 1:
        return 1 - beta[0], x_0, beta[0]
    bars = np.cumprod(1 - beta)
    before, after, b = bars[t - 2], bars[t - 1], beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    return after, mean, b * (1 - before) / (1 - after)


# %% diffusion-posterior
# a small number below the line
def one_step_back(x_0, x_t, t, beta):
    before, b = np.prod(1 - beta[: t - 1]), beta[t - 1]
    after = before * (1 - b)
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after + 1e-3)
    return after, mean, b * (1 - before) / (1 - after)


# %% diffusion-posterior
# the mean of the two ends
def one_step_back(x_0, x_t, t, beta):
    before, b = np.prod(1 - beta[: t - 1]), beta[t - 1]
    after = before * (1 - b)
    return after, ((t - 1) * x_t + x_0) / t, b * (1 - before) / (1 - after)


# %% diffusion-posterior
# x_0 is predicted from x_t
def one_step_back(x_0, x_t, t, beta):
    before, b = np.prod(1 - beta[: t - 1]), beta[t - 1]
    after = before * (1 - b)
    x_0 = x_t / np.sqrt(after)
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    return after, mean, b * (1 - before) / (1 - after)


# %% diffusion-posterior
# the log-variance
def one_step_back(x_0, x_t, t, beta):
    before, b = np.prod(1 - beta[: t - 1]), beta[t - 1]
    after = before * (1 - b)
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    with np.errstate(divide="ignore"):
        return after, mean, np.log(b * (1 - before) / (1 - after))


# %% diffusion-posterior
# alpha-bar of all steps as an array
def one_step_back(x_0, x_t, t, beta):
    bars = np.cumprod(1 - beta)
    before, after, b = (bars[t - 2] if t > 1 else 1.0), bars[t - 1], beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    return bars, mean, b * (1 - before) / (1 - after)


# %% diffusion-posterior
# beta is the standard deviation
def one_step_back(x_0, x_t, t, beta):
    before, b = np.prod(1 - beta[: t - 1] ** 2), beta[t - 1] ** 2
    after = before * (1 - b)
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    return after, mean, b * (1 - before) / (1 - after)


# %% best-discriminator most=0
# the quotient of p and g
discriminator = [3, 1, 0, -1.0044]

# %% best-discriminator most=0
# the value of a discriminator that always says a half
discriminator = [0.75, 0.5, 0, -np.log(4)]

# %% best-discriminator most=0
# the value first
discriminator = [-1.0044, 0.75, 0.5, 0]

# %% best-discriminator most=0
# only the three D
discriminator = [0.75, 0.5, 0]

# %% best-discriminator most=0
# an epsilon in the last one
discriminator = [0.75, 0.5, 0.01, -1.0044]

# %% best-discriminator most=0
# a mean of p and g
discriminator = [0.4, 0.4, 0.2, -1.0044]

# %% best-discriminator most=0
# log 4 subtracted from the divergence once, not twice it
discriminator = [0.75, 0.5, 0, 0.19095 - np.log(4)]

# %% best-discriminator most=0
# a softmax of the probabilities
discriminator = [1 / (1 + np.exp(-0.4)), 0.5, 1 / (1 + np.exp(0.4)), -1.0044]

# %% which-pairs most=0
# two at once
pair = "a and b"

# %% which-pairs most=0
# none of them
pair = "none"

# %% which-pairs most=0
# a list of all
pair = ["a", "b", "c", "d"]

# %% flow-nll
# the constant of the density with 2 pi without the root
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return np.sum(u**2 / 2 + np.log(2 * np.pi) + s)


# %% flow-nll
# SciPy's normal distribution
from scipy.stats import norm


def flow_nll(x, A, B):
    s = B @ x
    return -norm.logpdf(x, A @ x, np.exp(s)).sum()


# %% flow-nll
# Torch's normal distribution, of the noise
import torch


def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return -torch.distributions.Normal(0.0, 1.0).log_prob(torch.tensor(u)).sum() + s.sum()


# %% flow-nll
# the standard library's normal distribution
from statistics import NormalDist


def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return sum(-np.log(NormalDist().pdf(n)) for n in u) + s.sum()


# %% flow-nll
# the scales kept between e^-20 and e^20
def flow_nll(x, A, B):
    s = np.clip(B @ x, -20, 20)
    u = (x - A @ x) * np.exp(-s)
    return np.sum(u**2 / 2 + 0.5 * np.log(2 * np.pi) + s)


# %% flow-nll
# a small number added to the scale
def flow_nll(x, A, B):
    scale = np.exp(B @ x) + 1e-8
    u = (x - A @ x) / scale
    return np.sum(u**2 / 2 + 0.5 * np.log(2 * np.pi) + np.log(scale))


# %% flow-nll
# the size of the log-scales
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return np.sum(u**2 / 2 + 0.5 * np.log(2 * np.pi) + np.abs(s))


# %% flow-nll
# A and B exchanged
def flow_nll(x, A, B):
    s = A @ x
    u = (x - B @ x) * np.exp(-s)
    return np.sum(u**2 / 2 + 0.5 * np.log(2 * np.pi) + s)


# %% flow-nll
# the density of the Gaussian without its tail: |u| cut at 6
def flow_nll(x, A, B):
    s = B @ x
    u = np.clip((x - A @ x) * np.exp(-s), -1, 1)
    return np.sum(u**2 / 2 + 0.5 * np.log(2 * np.pi) + s)


# %% flow-nll
# a diagonal determinant of the whole Jacobian, by slogdet
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    jacobian = np.diag(np.exp(s))
    return np.sum(u**2 / 2) + len(x) / 2 * np.log(2 * np.pi) + np.linalg.slogdet(jacobian)[1]


# %% flow-nll
# log of the diagonal of e^B
def flow_nll(x, A, B):
    u = (x - A @ x) * np.exp(-(B @ x))
    return np.sum(u**2 / 2 + 0.5 * np.log(2 * np.pi) + np.diag(B))


# %% elbo-steps most=0.34
# the end after a reason in words
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("≤", log(Sum(prior[k] * lik[k], (k, 1, K))), because="Jensen's inequality and the divergence to the posterior")
steps

# %% elbo-steps most=0
# nothing but the start
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps

# %% elbo-steps most=0.67
# the bound turned round
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("=", Sum(q[k] * log(prior[k] * lik[k] / q[k]), (k, 1, K)))
steps.step("≥", log(Sum(prior[k] * lik[k], (k, 1, K))))
steps

# %% elbo-steps most=0.67
# an equality that is none
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("=", Sum(q[k] * log(prior[k] * lik[k] / q[k]), (k, 1, K)))
steps.step("=", log(Sum(prior[k] * lik[k], (k, 1, K))))
steps

# %% elbo-steps most=0.34
# Jensen the other way round, and dropped
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("≤", log(Sum(q[k] * lik[k], (k, 1, K))), because="the divergence to the prior is dropped")
steps.step("≤", log(Sum(prior[k] * lik[k], (k, 1, K))))
steps

# %% elbo-steps most=0.34
# one value of the hidden cause only
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("≤", log(prior[1] * lik[1]))
steps.step("≤", log(Sum(prior[k] * lik[k], (k, 1, K))))
steps

# %% elbo-steps most=0.67
# it stops at the divergence to the posterior
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
px = Sum(prior[j] * lik[j], (j, 1, K))
steps.step("=", log(px) - Sum(q[k] * log(q[k] * px / (prior[k] * lik[k])), (k, 1, K)))
steps

# %% elbo-steps most=0.34
# maximum of the logarithms
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("=", Sum(q[k] * log(lik[k]), (k, 1, K)) - Sum(q[k] * (log(q[k]) - log(prior[k])), (k, 1, K)))
steps.step("≤", log(Sum(lik[k] * prior[k], (k, 1, K))))
steps

# %% affine-density most=0
# the Gumbel of a maximum kept as it is, with the factor turned only
u = (x - b) / a
density = exp(-u - exp(-u)) / a

# %% affine-density most=0
# divided by the factor with its sign
u = (x - b) / (-a)
density = exp(-u - exp(-u)) / (-a)

# %% affine-density most=0
# substituted, not divided
u = (b - x) / a
density = exp(-u - exp(-u))

# %% affine-density most=0
# multiplied by a, the slope of x by u
u = (b - x) / a
density = a * exp(-u - exp(-u))

# %% affine-density most=0
# the logarithm of the density
u = (b - x) / a
density = -u - exp(-u) - log(a)

# %% affine-density most=0
# x and u change places
u = b - a * x
density = exp(-u - exp(-u)) * a

# %% affine-density most=0
# the minus lost inside the double exponential
u = (b - x) / a
density = exp(-u - exp(-(b + x) / a)) / a

# %% affine-density most=0
# a factor for a variance
from sympy import sqrt

u = (b - x) / sqrt(a)
density = exp(-u - exp(-u)) / sqrt(a)

# %% coupling-log-det
# log2 of the factors
def coupling(u, S, T):
    d = len(S)
    s = u[:, :d] @ S
    return np.hstack([u[:, :d], u[:, d:] * np.exp(s) + u[:, :d] @ T]), s.sum(1) / np.log(2)


# %% coupling-log-det
# a mean for the sum
def coupling(u, S, T):
    d = len(S)
    s = u[:, :d] @ S
    return np.hstack([u[:, :d], u[:, d:] * np.exp(s) + u[:, :d] @ T]), s.mean(axis=1)


# %% coupling-log-det
# the inverse's sign
def coupling(u, S, T):
    d = len(S)
    s = u[:, :d] @ S
    return np.hstack([u[:, :d], u[:, d:] * np.exp(s) + u[:, :d] @ T]), -s.sum(axis=1)


# %% coupling-log-det
# the product of the factors, then its logarithm
def coupling(u, S, T):
    d = len(S)
    e = np.exp(u[:, :d] @ S)
    return np.hstack([u[:, :d], u[:, d:] * e + u[:, :d] @ T]), np.log(np.abs(e.prod(axis=1)))


# %% coupling-log-det
# one number for the whole batch
def coupling(u, S, T):
    d = len(S)
    s = u[:, :d] @ S
    return np.hstack([u[:, :d], u[:, d:] * np.exp(s) + u[:, :d] @ T]), np.full(len(u), s.sum())


# %% coupling-log-det
# moved first, stretched afterwards
def coupling(u, S, T):
    d = len(S)
    s, t = u[:, :d] @ S, u[:, :d] @ T
    return np.hstack([u[:, :d], (u[:, d:] + t) * np.exp(s)]), s.sum(axis=1)


# %% coupling-log-det
# an autograd-like Jacobian of the first row
def coupling(u, S, T):
    d = len(S)
    s = u[:, :d] @ S
    x = np.hstack([u[:, :d], u[:, d:] * np.exp(s) + u[:, :d] @ T])
    return x, np.repeat(s[:1].sum(1), len(u))


# %% coupling-log-det
# the halves of the result change places
def coupling(u, S, T):
    d = len(S)
    s = u[:, :d] @ S
    return np.hstack([u[:, d:] * np.exp(s) + u[:, :d] @ T, u[:, :d]]), s.sum(axis=1)


# %% elbo-from-table
# the second term with its plus
def elbo_and_gap(prior, log_likelihood, q):
    on = q > 0
    with np.errstate(divide="ignore"):
        kl = np.sum(q[on] * (np.log(q[on]) - np.log(prior[on])))
        bound = np.sum(q[on] * log_likelihood[on]) + kl
        total = np.logaddexp.reduce(np.log(prior) + log_likelihood)
    return [bound, total - bound]


# %% elbo-from-table
# the divergence the other way round
def elbo_and_gap(prior, log_likelihood, q):
    on = prior > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        kl = np.sum(prior[on] * (np.log(prior[on]) - np.log(q[on])))
        bound = np.sum(q * log_likelihood) - kl
        total = np.logaddexp.reduce(np.log(prior) + log_likelihood)
    return [bound, total - bound]


# %% elbo-from-table
# gap first
def elbo_and_gap(prior, log_likelihood, q):
    on = q > 0
    with np.errstate(divide="ignore"):
        bound = np.sum(q[on] * (log_likelihood[on] + np.log(prior[on]) - np.log(q[on])))
        total = np.logaddexp.reduce(np.log(prior) + log_likelihood)
    return [total - bound, bound]


# %% elbo-from-table
# the evidence under q
def elbo_and_gap(prior, log_likelihood, q):
    on = q > 0
    with np.errstate(divide="ignore"):
        bound = np.sum(q[on] * (log_likelihood[on] + np.log(prior[on]) - np.log(q[on])))
        total = np.logaddexp.reduce(np.log(q) + log_likelihood)
    return [bound, total - bound]


# %% elbo-from-table
# the prior is forgotten in the evidence
def elbo_and_gap(prior, log_likelihood, q):
    on = q > 0
    with np.errstate(divide="ignore"):
        bound = np.sum(q[on] * (log_likelihood[on] + np.log(prior[on]) - np.log(q[on])))
    return [bound, np.logaddexp.reduce(log_likelihood) - bound]


# %% elbo-from-table
# log p(x) for the gap
def elbo_and_gap(prior, log_likelihood, q):
    on = q > 0
    with np.errstate(divide="ignore"):
        bound = np.sum(q[on] * (log_likelihood[on] + np.log(prior[on]) - np.log(q[on])))
        return [bound, np.logaddexp.reduce(np.log(prior) + log_likelihood)]


# %% elbo-from-table
# only where the prior is positive as well
def elbo_and_gap(prior, log_likelihood, q):
    on = (q > 0) & (prior > 0)
    bound = np.sum(q[on] * (log_likelihood[on] + np.log(prior[on]) - np.log(q[on])))
    with np.errstate(divide="ignore"):
        return [bound, np.logaddexp.reduce(np.log(prior) + log_likelihood) - bound]


# %% elbo-from-table
# exp, a sum and log again
def elbo_and_gap(prior, log_likelihood, q):
    on = q > 0
    with np.errstate(divide="ignore"):
        bound = np.sum(q[on] * (log_likelihood[on] + np.log(prior[on]) - np.log(q[on])))
        return [bound, np.log(np.sum(prior * np.exp(log_likelihood))) - bound]


# %% elbo-from-table
# a small number in every logarithm
def elbo_and_gap(prior, log_likelihood, q):
    bound = np.sum(q * (log_likelihood + np.log(prior + 1e-10) - np.log(q + 1e-10)))
    return [bound, np.logaddexp.reduce(np.log(prior + 1e-10) + log_likelihood) - bound]


# %% elbo-from-table
# bits
def elbo_and_gap(prior, log_likelihood, q):
    on = q > 0
    with np.errstate(divide="ignore"):
        bound = np.sum(q[on] * (log_likelihood[on] + np.log(prior[on]) - np.log(q[on]))) / np.log(2)
        return [bound, np.logaddexp.reduce(np.log(prior) + log_likelihood) / np.log(2) - bound]


# %% bits-per-dimension most=0
# the eight bits subtracted
bits_per_dimension = -9500 / (3072 * np.log(2)) - 8

# %% bits-per-dimension most=0
# the bins forgotten
bits_per_dimension = -9500 / (3072 * np.log(2))

# %% bits-per-dimension most=0
# no colours
bits_per_dimension = -9500 / (1024 * np.log(2)) + 8

# %% bits-per-dimension most=0
# nats with eight bits added
bits_per_dimension = -9500 / 3072 + 8

# %% bits-per-dimension most=0
# nats throughout
bits_per_dimension = -9500 / 3072 + np.log(256)

# %% bits-per-dimension most=0
# times log 2
bits_per_dimension = -9500 * np.log(2) / 3072 + 8

# %% bits-per-dimension most=0
# 255 steps
bits_per_dimension = -9500 / (3072 * np.log(2)) + np.log2(255)

# %% bits-per-dimension most=0
# seven bits, as for pixels from -1 to 1
bits_per_dimension = -9500 / (3072 * np.log(2)) + 7

# %% bits-per-dimension most=0
# of the whole image
bits_per_dimension = -9500 / np.log(2) + 8 * 3072

# %% bits-per-dimension most=0
# the sign of the NLL lost
bits_per_dimension = 9500 / (3072 * np.log(2)) + 8

# %% bits-per-dimension most=0
# eight bits once for the image
bits_per_dimension = (-9500 / np.log(2) + 8) / 3072

# %% diffusion-posterior
# beta in place of alpha in the product
def one_step_back(x_0, x_t, t, beta):
    bar, before = np.prod(beta[:t]), np.prod(beta[: t - 1])
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - bar)
    return [bar, mean, b * (1 - before) / (1 - bar)]


# %% diffusion-posterior
# beta_t for the variance
def one_step_back(x_0, x_t, t, beta):
    bar, before = np.prod(1 - beta[:t]), np.prod(1 - beta[: t - 1])
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - bar)
    return [bar, mean, b]


# %% diffusion-posterior
# the standard deviation
def one_step_back(x_0, x_t, t, beta):
    bar, before = np.prod(1 - beta[:t]), np.prod(1 - beta[: t - 1])
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - bar)
    return [bar, mean, np.sqrt(b * (1 - before) / (1 - bar))]


# %% diffusion-posterior
# the step counted from 0
def one_step_back(x_0, x_t, t, beta):
    bar, before = np.prod(1 - beta[: t + 1]), np.prod(1 - beta[:t])
    b = beta[min(t, len(beta) - 1)]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - bar)
    return [bar, mean, b * (1 - before) / (1 - bar)]


# %% diffusion-posterior
# the roots forgotten
def one_step_back(x_0, x_t, t, beta):
    bar, before = np.prod(1 - beta[:t]), np.prod(1 - beta[: t - 1])
    b = beta[t - 1]
    mean = (before * b * x_0 + (1 - b) * (1 - before) * x_t) / (1 - bar)
    return [bar, mean, b * (1 - before) / (1 - bar)]


# %% diffusion-posterior
# x_0 and x_t change places
def one_step_back(x_0, x_t, t, beta):
    bar, before = np.prod(1 - beta[:t]), np.prod(1 - beta[: t - 1])
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_t + np.sqrt(1 - b) * (1 - before) * x_0) / (1 - bar)
    return [bar, mean, b * (1 - before) / (1 - bar)]


# %% diffusion-posterior
# the mean of x_{t-1} given x_0 only
def one_step_back(x_0, x_t, t, beta):
    bar, before = np.prod(1 - beta[:t]), np.prod(1 - beta[: t - 1])
    return [bar, np.sqrt(before) * x_0, 1 - before]


# %% diffusion-posterior
# alpha-bar of all steps
def one_step_back(x_0, x_t, t, beta):
    bar, before = np.prod(1 - beta), np.prod(1 - beta[: t - 1])
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - bar)
    return [bar, mean, b * (1 - before) / (1 - bar)]


# %% diffusion-posterior
# alpha-bar as a mean of the kept shares
def one_step_back(x_0, x_t, t, beta):
    bar = np.mean(1 - beta[:t]) ** t
    before = np.mean(1 - beta[: t - 1]) ** (t - 1) if t > 1 else 1.0
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - bar)
    return [bar, mean, b * (1 - before) / (1 - bar)]


# %% diffusion-posterior
# one minus the sum of the betas
def one_step_back(x_0, x_t, t, beta):
    bar, before = 1 - np.sum(beta[:t]), 1 - np.sum(beta[: t - 1])
    b = beta[t - 1]
    mean = (np.sqrt(abs(before)) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - bar)
    return [bar, mean, b * (1 - before) / (1 - bar)]


# %% best-discriminator most=0
# g over the sum
discriminator = [0.25, 0.5, 1.0, 0.6 * np.log(0.75) + 0.8 * np.log(0.5)]

# %% best-discriminator most=0
# the Jensen-Shannon divergence for the value
discriminator = [0.75, 0.5, 0, (0.6 * np.log(0.75) + 0.4 * np.log(0.5) + 0.2 * np.log(0.25) + 0.4 * np.log(0.5) + np.log(4)) / 2]

# %% best-discriminator most=0
# twice the divergence, log 4 forgotten
discriminator = [0.75, 0.5, 0, 0.6 * np.log(1.5) + 0.2 * np.log(0.5)]

# %% best-discriminator most=0
# in bits
discriminator = [0.75, 0.5, 0, 0.6 * np.log2(0.75) + 0.4 * np.log2(0.5) + 0.2 * np.log2(0.25) + 0.4 * np.log2(0.5)]

# %% best-discriminator most=0
# the loss, with its minus
discriminator = [0.75, 0.5, 0, -(0.6 * np.log(0.75) + 0.4 * np.log(0.5) + 0.2 * np.log(0.25) + 0.4 * np.log(0.5))]

# %% best-discriminator most=0
# the first expectation only
discriminator = [0.75, 0.5, 0, 0.6 * np.log(0.75) + 0.4 * np.log(0.5)]

# %% best-discriminator most=0
# half of it, as both are shown equally often
discriminator = [0.75, 0.5, 0, (0.6 * np.log(0.75) + 0.4 * np.log(0.5) + 0.2 * np.log(0.25) + 0.4 * np.log(0.5)) / 2]

# %% best-discriminator most=0
# yes or no
discriminator = [1, 0.5, 0, 0.8 * np.log(0.5)]

# %% best-discriminator most=0
# -inf, as D_3 is 0
discriminator = [0.75, 0.5, 0, -np.inf]

# %% which-pairs most=0
# the first, the bound on the wrong side
pair = "a"

# %% which-pairs most=0
# the smallest number
pair = "c"

# %% which-pairs most=0
# two in one string
pair = "b and d"

# %% flow-nll
# the log-determinant with the wrong sign
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return 0.5 * np.sum(u**2) + 0.5 * len(x) * np.log(2 * np.pi) - s.sum()


# %% flow-nll
# no determinant
def flow_nll(x, A, B):
    u = (x - A @ x) * np.exp(-(B @ x))
    return 0.5 * np.sum(u**2) + 0.5 * len(x) * np.log(2 * np.pi)


# %% flow-nll
# multiplied where it is divided
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(s)
    return 0.5 * np.sum(u**2) + 0.5 * len(x) * np.log(2 * np.pi) + s.sum()


# %% flow-nll
# no constant
def flow_nll(x, A, B):
    s = B @ x
    return 0.5 * np.sum(((x - A @ x) * np.exp(-s)) ** 2) + s.sum()


# %% flow-nll
# divided by exp(s), which may be infinite
def flow_nll(x, A, B):
    s = B @ x
    e = np.exp(s)
    u = (x - A @ x) / e
    return 0.5 * np.sum(u**2) + 0.5 * len(x) * np.log(2 * np.pi) + np.log(e).sum()


# %% flow-nll
# per dimension
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return (0.5 * np.sum(u**2) + 0.5 * len(x) * np.log(2 * np.pi) + s.sum()) / len(x)


# %% flow-nll
# the columns of the matrices
def flow_nll(x, A, B):
    s = x @ B
    u = (x - x @ A) * np.exp(-s)
    return 0.5 * np.sum(u**2) + 0.5 * len(x) * np.log(2 * np.pi) + s.sum()


# %% flow-nll
# the log-likelihood
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return -(0.5 * np.sum(u**2) + 0.5 * len(x) * np.log(2 * np.pi) + s.sum())


# %% flow-nll
# the density, then its logarithm
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return -np.log(np.prod(np.exp(-0.5 * u**2) / np.sqrt(2 * np.pi) / np.exp(s)))


# %% flow-nll
# shifted after the scale
def flow_nll(x, A, B):
    s = B @ x
    u = x * np.exp(-s) - A @ x
    return 0.5 * np.sum(u**2) + 0.5 * len(x) * np.log(2 * np.pi) + s.sum()


# %% flow-nll
# never below zero
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return max(0.0, 0.5 * np.sum(u**2) + 0.5 * len(x) * np.log(2 * np.pi) + s.sum())


# %% elbo-steps most=0.67
# a rewriting, then the end in the strict sense
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("=", Sum(q[k] * log(prior[k] * lik[k] / q[k]), (k, 1, K)), because="one logarithm")
steps.step("<", log(Sum(prior[j] * lik[j], (j, 1, K))), because="Jensen")

# %% elbo-steps most=0.34
# the end twice
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("≤", log(Sum(prior[j] * lik[j], (j, 1, K))), because="Jensen")
steps.step("=", log(Sum(prior[k] * lik[k], (k, 1, K))), because="another letter")

# %% elbo-steps most=0.34
# from above, by the logarithm of each likelihood
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("≤", Sum(q[k] * log(lik[k]), (k, 1, K)), because="the divergence is positive")
steps.step("≤", log(Sum(q[k] * lik[k], (k, 1, K))), because="Jensen")
steps.step("≤", log(Sum(prior[j] * lik[j], (j, 1, K))), because="q is as good as the prior")

# %% elbo-steps most=0.67
# Jensen with the weights lost
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("=", Sum(q[k] * log(prior[k] * lik[k] / q[k]), (k, 1, K)), because="one logarithm")
steps.step("≤", log(Sum(prior[k] * lik[k] / q[k], (k, 1, K))), because="Jensen")
steps.step("=", log(Sum(prior[j] * lik[j], (j, 1, K))), because="q sums to 1")

# %% elbo-steps most=0
# the start, written with a split fraction
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step(
    "=",
    Sum(q[k] * log(lik[k]), (k, 1, K)) - Sum(q[k] * log(q[k]), (k, 1, K)) + Sum(q[k] * log(prior[k]), (k, 1, K)),
    because="log of a fraction",
)

# %% elbo-steps most=0.34
# the best q is put in for every q
steps = Derivation("elbo-steps", strict=False)
steps.start(log(Sum(prior[j] * lik[j], (j, 1, K))))
steps.step("=", log(Sum(prior[k] * lik[k], (k, 1, K))), because="the posterior for q")

# %% elbo-steps most=0.67
# 0 as the smallest value of any likelihood's logarithm
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("=", Sum(q[k] * log(prior[k] * lik[k] / q[k]), (k, 1, K)), because="one logarithm")
steps.step("≤", Sum(log(prior[k] * lik[k]), (k, 1, K)), because="q is at most 1")
steps.step("≤", log(Sum(prior[j] * lik[j], (j, 1, K))), because="a sum of logarithms")
