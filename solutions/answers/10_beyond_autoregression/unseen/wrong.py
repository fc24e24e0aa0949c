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
