# A start symbol in place of a token; a mean too early; a token that does not exist.

# %% inputs-and-targets mistake="first-replaced"
def inputs_and_targets(tokens, start):
    inputs = tokens.clone()
    inputs[:, 0] = start
    return inputs, tokens


# %% loss-of-a-batch mistake="log-of-mean"
def loss_of_batch(logits, targets):
    return -torch.log2(torch.softmax(logits, -1).gather(-1, targets[..., None]).mean())


# %% sampling-with-temperature mistake="beyond-the-last"
def sample(logits, temperature, u):
    sums = torch.softmax(logits.double() / temperature, 0).cumsum(0).float()
    return torch.searchsorted(sums, u.float(), right=True)
