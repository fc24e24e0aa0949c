# The first step.


# %% elbo-from-table mistake="evidence-where-q-is"
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + log_likelihood
    top = log_joint.max()
    evidence = np.logaddexp.reduce(log_joint[used])
    elbo = float(q[used] @ (log_joint - np.log(np.where(used, q, 1)))[used])
    return elbo, evidence - elbo


# %% diffusion-posterior mistake="last-for-none"
def one_step_back(x_0, x_t, t, beta):
    bars = np.cumprod(1 - beta)
    before, after = bars[t - 2], bars[t - 1]
    b = beta[t - 1]
    mean = (np.sqrt(before) * b * x_0 + np.sqrt(1 - b) * (1 - before) * x_t) / (1 - after)
    variance = b * (1 - before) / (1 - after)
    return after, mean, variance
