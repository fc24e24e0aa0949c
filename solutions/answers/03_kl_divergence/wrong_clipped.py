# Probabilities cut off.

# %% kl-divergence mistake="adds-epsilon"
def kl_divergence(p, log_q):
    q = np.exp(log_q)
    p_kept, q_kept = np.clip(p, 1e-10, 1), np.clip(q, 1e-10, 1)
    return np.sum(p * (np.log(p_kept) - np.log(q_kept)), axis=-1)
