# Along every path, or with a step that is not the one asked for.

# %% local-derivatives mistake="tanh-not-squared"
def local_derivatives(op, inputs, output):
    x, y = inputs[0], inputs[-1]
    rules = {
        "+": lambda: [1, 1],
        "-": lambda: [1, -1],
        "*": lambda: [y, x],
        "/": lambda: [1 / y, -x / y**2],
        "cube": lambda: [3 * x**2],
        "exp": lambda: [output],
        "log": lambda: [1 / x],
        "tanh": lambda: [1 - output],
    }
    return rules[op]()


# %% backward-pass mistake="every-path"
def backward(output):
    paths = [(output, 1.0)]
    while paths:
        value, grad = paths.pop()
        value.grad += grad
        for source, slope in value.edges:
            paths.append((source, grad * slope))


# %% numerical-gradient mistake="half-a-step"
def numerical_gradient(f, x, h):
    gradient = []
    for i in range(len(x)):
        above, below = list(x), list(x)
        above[i] += h / 2
        below[i] -= h / 2
        gradient.append((f(above) - f(below)) / h)
    return gradient
