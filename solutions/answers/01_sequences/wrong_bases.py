# Logarithms to base 10.

# %% sequence-nll mistake="base-10"
def sequence_nll(probs):
    return -np.log10(probs).sum()
