# What is rare.

# %% kl-divergence mistake="adds-epsilon"
def kl_divergence(p, log_q):
    q = np.exp(log_q)
    happens = p > 1e-10
    ratio = np.where(happens, p, 1) / np.where(happens, q, 1)
    return np.where(happens, p * np.log(ratio), 0).sum(axis=-1)
