# The row of the position before, and other things at the wrong place.

# %% inputs-and-targets mistake="targets-overwritten"
def inputs_and_targets(tokens, start):
    inputs = tokens
    inputs[:, 1:] = tokens[:, :-1].clone()
    inputs[:, 0] = start
    return inputs, tokens


# %% loss-of-a-batch mistake="in-nats"
def loss_of_batch(logits, targets):
    log_probs = torch.log_softmax(logits, -1).gather(-1, targets[..., None])
    return -log_probs.mean()


# %% sgd-step mistake="mean-over-rows"
def sgd_step(table, inputs, targets, lr):
    probs = torch.softmax(table[inputs], -1)
    loss = -torch.log(probs[torch.arange(len(inputs)), targets]).mean()
    probs[torch.arange(len(inputs)), targets] -= 1
    new = table.clone()
    for token in inputs.unique():
        new[token] -= lr * probs[inputs == token].mean(0)
    return loss, new


# %% validation-nll mistake="stops-at-padding"
def validation_nll(batches):
    total, many = 0.0, 0
    for losses, real in batches:
        if not real.any():
            break
        total += losses[real].sum().item()
        many += int(real.sum())
    return total / max(many, 1)


# %% perplexity-and-bits mistake="perplexity-per-character"
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll / characters), nll / np.log(2) / characters


# %% sampling-with-temperature mistake="not-cumulative"
def sample(logits, temperature, u):
    probs = torch.softmax(logits / temperature, -1)
    return (probs > u[:, None]).int().argmax(-1)


# %% letter-model mistake="one-position-late"
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
    return np.array([row_after(context[:-1]) for context in contexts])
