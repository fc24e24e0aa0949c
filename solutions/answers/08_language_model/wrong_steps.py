# No step at all, and a table that does not look at the context.

# %% sgd-step mistake="no-step"
def sgd_step(table, inputs, targets, lr):
    table = table.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(table[inputs], targets)
    loss.backward()
    return loss.item(), table


# %% letter-model mistake="ignores-context"
letter_probs = np.bincount(tokens.numpy(), minlength=V) / len(tokens)


def next_probs(contexts):
    return np.array([letter_probs for _ in contexts])
