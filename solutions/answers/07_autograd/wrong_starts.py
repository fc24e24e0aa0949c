# Nothing to pass on.

# %% shared-by-hand mistake="stops-at-a"
gradient = [2, 3]

# %% backward-pass mistake="forgets-the-start"
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
    for value in reversed(order):
        for source, slope in value.edges:
            source.grad += slope * value.grad


# %% local-derivatives mistake="log-of-the-output"
def local_derivatives(op, inputs, output):
    x, y = inputs[0], inputs[-1]
    rules = {
        "+": lambda: [1, 1],
        "-": lambda: [1, -1],
        "*": lambda: [y, x],
        "/": lambda: [1 / y, -x / y**2],
        "cube": lambda: [3 * x**2],
        "exp": lambda: [output],
        "log": lambda: [1 / output],
        "tanh": lambda: [1 - output**2],
    }
    return rules[op]()


# %% train-two-letters mistake="exp-of-total"
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
        perplexities.append(np.exp(sum(loss.data for loss in losses)))
    return perplexities

# %% nll-of-values mistake="plain-number"
def nll_from_logits(logits, target):
    numbers = np.array([z.data for z in logits])
    return np.logaddexp.reduce(numbers) - numbers[target]
