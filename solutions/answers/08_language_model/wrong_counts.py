# Counts without smoothing, and padding that counts.

# %% validation-nll mistake="counts-padding"
def validation_nll(batches):
    return torch.cat([losses.flatten() for losses, _ in batches]).mean()


# %% perplexity-and-bits mistake="still-nats"
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll / tokens), nll / characters


# %% sampling-with-temperature mistake="one-before"
def sample(logits, temperature, u):
    cumulative = torch.softmax(logits / temperature, -1).cumsum(-1)
    return (torch.searchsorted(cumulative, u, right=True) - 1).clamp(0, len(logits) - 1)


# %% letter-model mistake="zero-probability"
letters = tokens.numpy()
counts = np.zeros((V, V, V))
np.add.at(counts, (letters[:-2], letters[1:-1], letters[2:]), 1)


def next_probs(contexts):
    rows = []
    for context in contexts:
        row = counts[context[-2], context[-1]] if len(context) > 1 else counts.sum(axis=(0, 1))
        rows.append(row / row.sum())
    return np.array(rows)
