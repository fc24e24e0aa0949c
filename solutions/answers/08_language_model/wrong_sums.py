# Sums that are not 1, and divisions by the wrong number.

# %% inputs-and-targets mistake="one-too-many"
def inputs_and_targets(tokens, start):
    return torch.nn.functional.pad(tokens, (1, 0), value=start), tokens


# %% loss-of-a-batch mistake="all-classes"
def loss_of_batch(logits, targets):
    return -torch.log_softmax(logits, -1).mean() / np.log(2)


# %% validation-nll mistake="divides-by-positions"
def validation_nll(batches):
    return sum(losses[real].sum() for losses, real in batches) / sum(losses.numel() for losses, _ in batches)


# %% perplexity-and-bits mistake="per-token"
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll / tokens), nll / np.log(2) / tokens


# %% sampling-with-temperature mistake="probabilities-divided"
def sample(logits, temperature, u):
    cumulative = (torch.softmax(logits, -1) / temperature).cumsum(-1)
    return torch.searchsorted(cumulative, u, right=True).clamp(max=len(logits) - 1)


# %% letter-model mistake="unnormalised"
letters = tokens.numpy()
counts = np.full((V, V, V), 0.5)
np.add.at(counts, (letters[:-2], letters[1:-1], letters[2:]), 1)
after_two = counts / counts.sum(axis=-1, keepdims=True)
after_one = counts.sum(axis=0) / counts.sum(axis=(0, 2))[:, None]
after_none = np.bincount(letters, minlength=V) / len(letters)


def row_after(context):
    if len(context) > 1:
        return after_two[context[-2], context[-1]]
    return after_one[context[-1]] if context else after_none



def next_probs(contexts):
    rows = np.array([row_after(context) for context in contexts])
    return 10 * rows  # as if they were counts
