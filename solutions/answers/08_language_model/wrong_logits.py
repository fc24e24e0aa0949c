# What comes out of the last layer, and losses that are no means.

# %% inputs-and-targets mistake="not-shifted"
def inputs_and_targets(tokens, start):
    return tokens, tokens


# %% loss-of-a-batch mistake="sum-for-mean"
def loss_of_batch(logits, targets):
    return -torch.log_softmax(logits, -1).gather(-1, targets[..., None]).sum() / np.log(2)


# %% sgd-step mistake="sum-for-mean"
def sgd_step(table, inputs, targets, lr):
    table = table.clone().requires_grad_()
    losses = torch.nn.functional.cross_entropy(table[inputs], targets, reduction="none")
    losses.sum().backward()
    return losses.mean(), table - lr * table.grad


# %% validation-nll mistake="sum-for-mean"
def validation_nll(batches):
    return sum(losses[real].sum() for losses, real in batches)


# %% perplexity-and-bits mistake="sum-for-mean"
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(np.float64(nll)), nll / np.log(2) / characters


# %% sampling-with-temperature mistake="no-temperature"
def sample(logits, temperature, u):
    return torch.searchsorted(torch.softmax(logits, -1).cumsum(-1), u, right=True).clamp(max=len(logits) - 1)


# %% below-the-entropy mistake="size"
explanation = "a"


# %% letter-model mistake="logits"
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
    return np.log(rows) + 2.0
