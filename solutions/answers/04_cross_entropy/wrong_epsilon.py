# A small number against zeros.


# %% one-hot-cross-entropy mistake="adds-epsilon"
def one_hot_cross_entropy(q, targets):
    return -np.log2(np.take_along_axis(q, np.asarray(targets)[..., None], axis=-1)[..., 0] + 1e-12)
