# A small number against zeros, and everything added up.


# %% kl-divergence mistake="adds-epsilon"
def kl_divergence(p, log_q):
    q = np.exp(log_q)
    p, q = p + 1e-12, q + 1e-12
    return np.sum(p * np.log(p / q), axis=-1)


# %% kl-from-samples mistake="sum-for-mean"
def kl_from_samples(log_p, log_q):
    return (log_p - log_q).sum()
