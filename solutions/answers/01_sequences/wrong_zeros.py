# Tokens left out that count.

# %% sequence-nll mistake="leaves-out-zeros"
def sequence_nll(probs):
    return -np.log(probs[probs > 0]).sum()


# %% batch-nll mistake="finite-at-any-price"
def batch_nll(log_probs, mask):
    return np.array([-sum(x for x, keep in zip(r, k) if keep and x > -np.inf) for r, k in zip(log_probs, mask)])


# %% three-losses mistake="counts-equal-tokens-once"
def three_losses(log_probs):
    total = -sum(sum(set(sequence)) for sequence in log_probs)
    return total, total / sum(map(len, log_probs)), total / len(log_probs)
