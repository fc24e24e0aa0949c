# What no float holds: products, densities and likelihoods that become 0 or infinite.


# %% coupling-log-det mistake="through-the-product"
def coupling(u, S, T):
    d = len(S)
    kept, moved = u[:, :d], u[:, d:]
    s, t = kept @ S, kept @ T
    return np.concatenate([kept, moved * np.exp(s) + t], axis=1), np.log(np.prod(np.exp(s), axis=1))


# %% elbo-from-table mistake="underflows"
def elbo_and_gap(prior, log_likelihood, q):
    used = q > 0
    with np.errstate(divide="ignore"):
        log_joint = np.log(prior) + log_likelihood
    top = log_joint.max()
    evidence = np.log((prior * np.exp(log_likelihood)).sum())
    elbo = float(q[used] @ (log_joint - np.log(np.where(used, q, 1)))[used])
    return elbo, evidence - elbo


# %% which-pairs mistake="kernel-estimate"
pair = "d"


# %% flow-nll mistake="through-the-density"
def flow_nll(x, A, B):
    s = B @ x
    u = (x - A @ x) * np.exp(-s)
    return -np.log(np.prod(np.exp(-0.5 * u**2) / np.sqrt(2 * np.pi) * np.exp(-s)))
