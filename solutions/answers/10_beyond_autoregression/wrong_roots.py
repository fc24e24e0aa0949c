# Roots and squares.


# %% affine-density mistake="square-of-the-slope"
density = exp((x - b) / a - exp((x - b) / a)) / a**2


# %% elbo-from-table mistake="forgets-the-entropy"
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + log_likelihood
    top = log_joint.max()
    evidence = top + np.log(np.exp(log_joint - top).sum())
    elbo = q[used] @ log_joint[used]
    return elbo, evidence - elbo


# %% diffusion-posterior mistake="standard-deviation"
def one_step_back(x_0, x_t, t, beta):
    before, after = np.prod(1 - beta[: t - 1]), np.prod(1 - beta[:t])
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    variance = (b * (1 - before) / (1 - after)) ** 0.5
    return after, mean, variance


# %% flow-nll mistake="forgets-the-half"
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return (u**2 + 0.5 * np.log(2 * np.pi) + s).sum()


# %% elbo-steps mistake="forgets-the-entropy"
steps = Derivation("elbo-steps", strict=False)
steps.start(elbo)
steps.step("=", Sum(q[k] * log(prior[k] * lik[k]), (k, 1, K)))
steps.step("≤", log(Sum(prior[k] * lik[k], (k, 1, K))))
steps
