# Infinite too often; divided by too little.

# %% kl-divergence mistake="inf-for-any-zero"
def kl_divergence(p, log_q):
    if p.ndim > 1:
        return np.array([kl_divergence(a, b) for a, b in zip(p, log_q)])
    q = np.exp(log_q)
    if (q == 0).any():
        return np.inf
    return sum(a * np.log(a / b) for a, b in zip(p, q) if a > 0)


# %% kl-from-samples mistake="n-minus-one"
def kl_from_samples(log_p, log_q):
    return np.sum(log_p - log_q) / np.subtract(len(log_p), 1)
