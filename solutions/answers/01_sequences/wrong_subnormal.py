# A product that has lost its digits.

# %% sequence-nll mistake="multiplies-until-zero"
def sequence_nll(probs):
    product = 1.0
    for p in probs:
        product *= p
    return -np.log(product) if product > 0 else -np.log(probs).sum()
