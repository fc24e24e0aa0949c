# Without autograd: formulas, loops and counts.

# %% inputs-and-targets
def inputs_and_targets(tokens, start):
    inputs = tokens.numpy().copy()
    inputs[:, 1:] = inputs[:, :-1].copy()
    inputs[:, 0] = start
    return inputs, tokens.numpy()


# %% loss-of-a-batch
def loss_of_batch(logits, targets):
    total = 0.0
    for rows, wanted in zip(logits.double(), targets, strict=True):
        for z, y in zip(rows, wanted, strict=True):
            shifted = z - z.max()
            total += torch.log(torch.exp(shifted).sum()) - shifted[y]
    return total / targets.numel() / np.log(2)


# %% sgd-step
def sgd_step(table, inputs, targets, lr):
    table = table.numpy()
    gradient, loss = np.zeros_like(table), 0.0
    for i, y in zip(inputs.tolist(), targets.tolist(), strict=True):
        probs = np.exp(table[i] - table[i].max())
        probs /= probs.sum()
        loss -= np.log(probs[y]) / len(inputs)
        probs[y] -= 1
        gradient[i] += probs / len(inputs)
    return loss, table - lr * gradient


# %% validation-nll
def validation_nll(batches):
    total, many = 0.0, 0
    for losses, real in batches:
        for loss, counts in zip(losses.flatten().tolist(), real.flatten().tolist(), strict=True):
            if counts:
                total += loss
                many += 1
    return total / many


# %% perplexity-and-bits
import math


def perplexity_and_bits(nll, tokens, characters):
    return [math.exp(nll / tokens), nll / characters * math.log2(math.e)]


# %% sampling-with-temperature
def sample(logits, temperature, u):
    z = logits.numpy() / temperature
    probs = np.exp(z - z.max())
    probs /= probs.sum()
    chosen = []
    for number in u.tolist():
        token = 0
        while token < len(probs) - 1 and number >= probs[: token + 1].sum():
            token += 1
        chosen.append(token)
    return chosen


# %% below-the-entropy
explanation = "(B)"


# %% letter-model
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
    return np.array([row_after(context) for context in contexts])
