# What arrives along a second path is lost.

# %% shared-by-hand mistake="one-path-only"
dL_da = 9
gradient = [dL_da * 2 + 6, dL_da * 3]

# %% backward-pass mistake="overwrites"
def backward(output):
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        value, finished = stack.pop()
        if finished:
            order.append(value)
        elif value not in seen:
            seen.add(value)
            stack.append((value, True))
            stack += [(source, False) for source, _ in value.edges]
    output.grad = 1.0
    for value in reversed(order):
        for source, slope in value.edges:
            source.grad = slope * value.grad


# %% nll-of-values mistake="no-edges"
def nll_from_logits(logits, target):
    numbers = np.array([z.data for z in logits])
    below = numbers - numbers.max()
    log_probs = below - np.log(np.exp(below).sum())
    return Value(-log_probs[target])


# %% numerical-gradient mistake="all-at-once"
def numerical_gradient(f, x, h):
    up, down = [u + h for u in x], [u - h for u in x]
    return [(f(up) - f(down)) / (2 * h) for _ in x]


# %% train-two-letters mistake="forgets-to-clear"
def train(parameters, batches, learning_rate):
    perplexities = []
    for batch in batches:
        losses = [pair_loss(parameters, pair) for pair in batch]
        mean = Value(sum(loss.data for loss in losses) / len(batch), *((loss, 1 / len(batch)) for loss in losses))
        mean.backward()
        for z in parameters:
            z.data -= learning_rate * z.grad
        perplexities.append(np.exp(mean.data))
    return perplexities
