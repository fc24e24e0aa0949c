# Both directions at once.

# %% kl-divergence mistake="both-directions"
def kl_divergence(p, log_q):
    q = np.exp(log_q)
    forward = np.where(p > 0, p * np.log(p / q), 0.0).sum(axis=-1)
    return (forward + np.where(q > 0, q * np.log(q / p), 0.0).sum(axis=-1)) / 2
