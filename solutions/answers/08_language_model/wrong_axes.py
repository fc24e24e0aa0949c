# Along the wrong axis.

# %% inputs-and-targets mistake="wraps-around"
def inputs_and_targets(tokens, start):
    return tokens.roll(1, dims=1), tokens


# %% loss-of-a-batch mistake="wrong-axis"
def loss_of_batch(logits, targets):
    return -torch.log_softmax(logits, dim=1).gather(-1, targets[..., None]).mean() / np.log(2)


# %% sgd-step mistake="last-one-wins"
def sgd_step(table, inputs, targets, lr):
    probs = torch.softmax(table[inputs], -1)
    loss = -torch.log(probs[torch.arange(len(inputs)), targets]).mean()
    probs[torch.arange(len(inputs)), targets] -= 1
    new = table.clone()
    new[inputs] -= lr * probs / len(inputs)
    return loss, new


# %% validation-nll mistake="mean-of-sequences"
def validation_nll(batches):
    return torch.stack([row[m].mean() for losses, real in batches for row, m in zip(losses, real) if m.any()]).mean()


# %% below-the-entropy mistake="data"
explanation = "d"


# %% letter-model mistake="wrong-axis"
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
    return torch.softmax(torch.tensor(np.log(rows)), dim=0)
