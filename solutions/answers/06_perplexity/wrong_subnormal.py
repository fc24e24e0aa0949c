# A product that has lost its digits.

# %% perplexity-from-probs mistake="multiplies-until-zero"
def perplexity_from_probs(probs):
    product = np.prod(probs)
    if product == 0:
        return np.exp(-np.log(probs).mean())
    return product ** (-1 / len(probs))
