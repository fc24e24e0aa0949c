# A logarithm too many, too few, or of another base.

# %% inputs-and-targets mistake="no-start"
def inputs_and_targets(tokens, start):
    return tokens[:, :-1], tokens[:, 1:]


# %% loss-of-a-batch mistake="no-log"
def loss_of_batch(logits, targets):
    return -torch.softmax(logits, -1).gather(-1, targets[..., None]).mean()


# %% sgd-step mistake="no-learning-rate"
def sgd_step(table, inputs, targets, lr):
    table = table.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(table[inputs], targets)
    loss.backward()
    return loss.item(), table.detach() - table.grad


# %% perplexity-and-bits mistake="base-2"
def perplexity_and_bits(nll, tokens, characters):
    return 2 ** (nll / tokens), nll / np.log(2) / characters


# %% sampling-with-temperature mistake="multiplies"
def sample(logits, temperature, u):
    cumulative = torch.softmax(logits * temperature, -1).cumsum(-1)
    return torch.searchsorted(cumulative, u, right=True).clamp(max=len(logits) - 1)


# %% below-the-entropy mistake="learning-rate"
explanation = "c"


# %% letter-model mistake="log-probabilities"
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
    return torch.log_softmax(torch.tensor(np.log(rows)), dim=-1)
