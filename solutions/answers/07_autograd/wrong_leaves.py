# Something of the graph is lost.

# %% shared-by-hand mistake="swapped-order"
gradient = [45, 36]


# %% local-derivatives mistake="keeps-the-exponent"
def local_derivatives(op, inputs, output):
    x, y = inputs[0], inputs[-1]
    rules = {
        "+": lambda: [1, 1],
        "-": lambda: [1, -1],
        "*": lambda: [y, x],
        "/": lambda: [1 / y, -x / y**2],
        "cube": lambda: [3 * x],
        "exp": lambda: [output],
        "log": lambda: [1 / x],
        "tanh": lambda: [1 - output**2],
    }
    return rules[op]()


# %% backward-pass mistake="leaves-only"
def backward(output):
    edges_to, to_visit = {output: 0}, [output]
    while to_visit:
        for value, _ in to_visit.pop().edges:
            if value not in edges_to:
                edges_to[value] = 0
                to_visit.append(value)
            edges_to[value] += 1
    output.grad, complete = 1.0, [output]
    while complete:
        value = complete.pop()
        for source, slope in value.edges:
            source.grad += slope * value.grad
            edges_to[source] -= 1
            if edges_to[source] == 0:
                complete.append(source)
        if value.edges:
            value.grad = 0.0


# %% numerical-gradient mistake="multiplies-by-h"
def numerical_gradient(f, x, h):
    gradient = []
    for i in range(len(x)):
        above, below = list(x), list(x)
        above[i] += h
        below[i] -= h
        gradient.append((f(above) - f(below)) / 2 * h)
    return gradient


# %% train-two-letters mistake="steps-at-the-end"
def train(parameters, batches, learning_rate):
    perplexities = []
    for batch in batches:
        losses = [pair_loss(parameters, pair) for pair in batch]
        mean = Value(sum(loss.data for loss in losses) / len(batch), *((loss, 1 / len(batch)) for loss in losses))
        mean.backward()
        perplexities.append(np.exp(mean.data))
    for z in parameters:
        z.data -= learning_rate * z.grad
    return perplexities
