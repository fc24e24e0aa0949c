# Another order, and a search that ends too soon.

# %% cross-entropy-by-hand mistake="gives-the-perplexity"
cross_entropy = np.exp(-(0.6 * np.log(0.5) + 0.4 * np.log(0.25)))

# %% code-lengths mistake="swapped-order"
length_and_price = [0.625, 2.375]


# %% one-hot-cross-entropy mistake="leaves-out-zeros"
def one_hot_cross_entropy(q, targets):
    chosen = np.take_along_axis(q, np.asarray(targets)[..., None], axis=-1)[..., 0]
    return -np.log2(np.where(chosen > 0, chosen, 1.0))


# %% properness mistake="tie-ends-the-search"
def properness(forecasts, scores):
    earned = forecasts @ scores.T
    for t in range(len(earned)):
        for i in range(len(earned)):
            if i != t and abs(earned[t, t] - earned[t, i]) < 1e-9:
                return "proper"
            if earned[t, i] > earned[t, t]:
                return "not proper"
    return "strictly proper"
