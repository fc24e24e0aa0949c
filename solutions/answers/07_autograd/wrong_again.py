# Too often, or not at all.

# %% backward-pass mistake="visits-again"
def backward(output):
    output.grad = 1.0
    to_do = [output]
    while to_do:
        value = to_do.pop()
        for source, slope in value.edges:
            source.grad += slope * value.grad
            to_do.append(source)


# %% train-two-letters mistake="never-steps"
def train(parameters, batches, learning_rate):
    perplexities = []
    for batch in batches:
        losses = [pair_loss(parameters, pair) for pair in batch]
        mean = Value(sum(loss.data for loss in losses) / len(batch), *((loss, 1 / len(batch)) for loss in losses))
        mean.backward()
        for z in parameters:
            z.grad = 0.0
        for z in parameters:
            z.data -= learning_rate * z.grad
        perplexities.append(np.exp(mean.data))
    return perplexities

# %% numerical-gradient mistake="no-copy"
def numerical_gradient(f, x, h):
    gradient = []
    for i in range(len(x)):
        up, down = x, x
        up[i] += h
        down[i] -= h
        gradient.append((f(up) - f(down)) / (2 * h))
    return gradient
