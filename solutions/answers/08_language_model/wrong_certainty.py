# The likeliest token alone.

# %% loss-of-a-batch mistake="no-shift"
def loss_of_batch(logits, targets):
    exponentials = torch.exp(logits)
    probs = exponentials / exponentials.sum(-1, keepdim=True)
    return -torch.log2(probs.gather(-1, targets[..., None])).mean()


# %% validation-nll mistake="mean-of-batches"
def validation_nll(batches):
    return torch.stack([losses[real].mean() for losses, real in batches]).mean()


# %% sampling-with-temperature mistake="greedy"
def sample(logits, temperature, u):
    return logits.argmax().expand(len(u))


# %% letter-model mistake="one-hot"
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
    return np.eye(V)[rows.argmax(axis=1)]
