# What is infinite turned into a huge number; the median for the mean.

# %% kl-divergence mistake="hides-infinity"
def kl_divergence(p, log_q):
    q = np.exp(log_q)
    return np.nan_to_num(p * np.log(p / q)).sum(axis=-1)


# %% kl-from-samples mistake="median-for-mean"
def kl_from_samples(log_p, log_q):
    return np.median(log_p - log_q)
