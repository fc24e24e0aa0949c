# One infinite row for all.

# %% kl-divergence mistake="one-for-all"
def kl_divergence(p, log_q):
    q = np.exp(log_q)
    if np.any((p > 0) & (q == 0)):
        return np.full(p.shape[:-1], np.inf)
    return np.where(p > 0, p * np.log(np.where(p > 0, p, 1) / np.where(p > 0, q, 1)), 0.0).sum(axis=-1)
