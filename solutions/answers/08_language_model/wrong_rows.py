# Rows that hang together; logits that are cut off.

# %% inputs-and-targets mistake="through-the-batch"
def inputs_and_targets(tokens, start):
    inputs = tokens.roll(1)
    inputs[0, 0] = start
    return inputs, tokens


# %% loss-of-a-batch mistake="clipped-logits"
def loss_of_batch(logits, targets):
    return -torch.log_softmax(logits.clamp(-50, 50), -1).gather(-1, targets[..., None]).mean() / np.log(2)
