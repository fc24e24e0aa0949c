# One number for the whole batch.


# %% kl-divergence mistake="whole-batch"
def kl_divergence(p, log_q):
    q = np.exp(log_q)
    keep = p > 0
    with np.errstate(divide="ignore"):
        return np.sum(p[keep] * np.log(p[keep] / q[keep]))
