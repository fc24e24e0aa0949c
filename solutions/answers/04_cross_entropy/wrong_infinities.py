# What is infinite turned into a huge number.

# %% one-hot-cross-entropy mistake="hides-infinity"
def one_hot_cross_entropy(q, targets):
    return -np.nan_to_num(np.log2(np.take_along_axis(q, np.asarray(targets)[..., None], axis=-1)[..., 0]))
