# Too much is left out.


# %% kl-divergence mistake="leaves-out-zeros-of-q"
def kl_divergence(p, log_q):
    q = np.exp(log_q)
    terms = np.zeros_like(p)
    keep = (p * q) > 0
    terms[keep] = p[keep] * np.log(p[keep] / q[keep])
    return terms.sum(axis=-1)
