# Another beginning, or the beginning only.

# %% inputs-and-targets mistake="other-start-symbol"
def inputs_and_targets(tokens, start):
    return torch.cat([torch.zeros_like(tokens[:, :1]), tokens[:, :-1]], dim=1), tokens


# %% loss-of-a-batch mistake="forgets-the-logit"
def loss_of_batch(logits, targets):
    return torch.logsumexp(logits, dim=-1).mean() / np.log(2)


# %% sgd-step mistake="gives-the-gradient"
def sgd_step(table, inputs, targets, lr):
    table = table.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(table[inputs], targets)
    loss.backward()
    return loss.item(), table.grad


# %% validation-nll mistake="one-batch-only"
def validation_nll(batches):
    for losses, real in batches:
        return losses[real].sum() / real.sum()


# %% perplexity-and-bits mistake="gives-the-loss"
def perplexity_and_bits(nll, tokens, characters):
    return nll / tokens, nll / np.log(2) / characters


# %% sampling-with-temperature mistake="sorts-first"
def sample(logits, temperature, u):
    probs, order = torch.softmax(logits / temperature, -1).sort(descending=True)
    return order[torch.searchsorted(probs.cumsum(-1), u, right=True).clamp(max=len(logits) - 1)]


# %% letter-model mistake="reads-the-beginning"
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
    return np.array([row_after(context[:2]) for context in contexts])
