# From the wrong end, or in the wrong order.

# %% inputs-and-targets mistake="moved-left"
def inputs_and_targets(tokens, start):
    targets = torch.nn.functional.pad(tokens[:, 1:], (0, 1), value=start)
    return tokens, targets


# %% sgd-step mistake="swapped-results"
def sgd_step(table, inputs, targets, lr):
    table = table.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(table[inputs], targets)
    loss.backward()
    return table.detach() - lr * table.grad, loss.item()


# %% perplexity-and-bits mistake="swapped-results"
def perplexity_and_bits(nll, tokens, characters):
    return nll / np.log(2) / characters, np.exp(nll / tokens)


# %% sampling-with-temperature mistake="from-the-other-end"
def sample(logits, temperature, u):
    cumulative = torch.softmax(logits / temperature, -1).cumsum(-1)
    return torch.searchsorted(cumulative, 1 - u, right=True).clamp(max=len(logits) - 1)


# %% letter-model mistake="backwards"
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
    return np.array([row_after(context[::-1]) for context in contexts])
