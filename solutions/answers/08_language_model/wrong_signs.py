# A sign the wrong way round, and the start symbol as a token that may come.

# %% inputs-and-targets mistake="swapped"
def inputs_and_targets(tokens, start):
    moved = torch.nn.functional.pad(tokens, (1, 0), value=start)[:, :-1]
    return tokens, moved


# %% loss-of-a-batch mistake="missing-minus"
def loss_of_batch(logits, targets):
    return torch.log_softmax(logits, -1).gather(-1, targets[..., None]).mean() / np.log(2)


# %% sgd-step mistake="uphill"
def sgd_step(table, inputs, targets, lr):
    table = table.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(table[inputs], targets)
    loss.backward()
    return loss.item(), table.detach() + lr * table.grad


# %% perplexity-and-bits mistake="multiplies-by-log-2"
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll / tokens), nll * np.log(2) / characters


# %% letter-model mistake="start-symbol"
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
    return np.concatenate([0.99 * rows, np.full((len(rows), 1), 0.01)], axis=1)
