# The size of each term.

# %% kl-divergence mistake="absolute-terms"
def kl_divergence(p, log_q):
    q = np.exp(log_q)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(p > 0, np.abs(p * np.log(p / q)), 0.0).sum(axis=-1)
