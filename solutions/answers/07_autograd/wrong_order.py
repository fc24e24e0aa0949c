# Right rules at the wrong moment.

# %% shared-by-hand mistake="overwrites"
gradient = [6 * 2, 6 * 3]

# %% backward-pass mistake="breadth-first"
def backward(output):
    output.grad = 1.0
    seen, queue = {output}, [output]
    for value in queue:
        for source, slope in value.edges:
            source.grad += slope * value.grad
            if source not in seen:
                seen.add(source)
                queue.append(source)


# %% numerical-gradient mistake="never-goes-back"
def numerical_gradient(f, x, h):
    point, gradient = list(x), []
    for i in range(len(x)):
        point[i] += h
        up = f(point)
        point[i] -= 2 * h
        gradient.append((up - f(point)) / (2 * h))
    return gradient


# %% train-two-letters mistake="after-the-step"
def train(parameters, batches, learning_rate):
    perplexities = []
    for batch in batches:
        losses = [pair_loss(parameters, pair) for pair in batch]
        mean = Value(sum(loss.data for loss in losses) / len(batch), *((loss, 1 / len(batch)) for loss in losses))
        for z in parameters:
            z.grad = 0.0
        mean.backward()
        for z in parameters:
            z.data -= learning_rate * z.grad
        nlls = [pair_loss(parameters, pair).data for pair in batch]
        perplexities.append(np.exp(np.mean(nlls)))
    return perplexities
