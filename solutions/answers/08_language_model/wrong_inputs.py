# What stands before its target; what is counted.

# %% inputs-and-targets mistake="inputs-moved-left"
def inputs_and_targets(tokens, start):
    return torch.cat([tokens[:, 1:], torch.full_like(tokens[:, :1], start)], dim=1), tokens


# %% loss-of-a-batch mistake="divides-by-one-axis"
def loss_of_batch(logits, targets):
    return -torch.log_softmax(logits, -1).gather(-1, targets[..., None]).sum() / len(targets) / np.log(2)


# %% validation-nll mistake="leaves-out-small-losses"
def validation_nll(batches):
    losses = torch.cat([(losses * real).reshape(-1) for losses, real in batches])
    return losses[losses != 0].mean()


# %% sampling-with-temperature mistake="no-shift"
def sample(logits, temperature, u):
    powers = torch.exp(logits / temperature)
    places = torch.searchsorted(powers.cumsum(0) / powers.sum(), u.to(powers.dtype), right=True)
    return places.clamp(max=len(logits) - 1)


# %% sgd-step mistake="pairs-count-once"
def sgd_step(table, inputs, targets, lr):
    pairs = torch.unique(torch.stack([inputs, targets]), dim=1)
    table = table.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(table[inputs], targets)
    torch.nn.functional.cross_entropy(table[pairs[0]], pairs[1]).backward()
    return loss.detach(), table.detach() - lr * table.grad
