# Factors swapped or left out.

# %% shared-by-hand mistake="swapped-factors"
gradient = [(9 + 6) * 3 + 9, (9 + 6) * 2]

# %% local-derivatives mistake="swapped-factors"
def local_derivatives(op, inputs, output):
    x, y = inputs[0], inputs[-1]
    rules = {
        "+": lambda: [1, 1],
        "-": lambda: [1, -1],
        "*": lambda: [x, y],
        "/": lambda: [1 / y, -x / y**2],
        "cube": lambda: [3 * x**2],
        "exp": lambda: [output],
        "log": lambda: [1 / x],
        "tanh": lambda: [1 - output**2],
    }
    return rules[op]()


# %% tanh-steps mistake="term-by-term"
plus, minus = up + down, up - down
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", plus / minus, because="derivative of the numerator over that of the denominator")
steps.step("=", 1 / tanh_x, because="the definition")

# %% numerical-gradient mistake="divides-by-h"
def numerical_gradient(f, x, h):
    gradient = []
    for i in range(len(x)):
        up, down = list(x), list(x)
        up[i] += h
        down[i] -= h
        gradient.append((f(up) - f(down)) / h)
    return gradient


# %% gradient-check mistake="expects-first-order"
conclusion = "b"

# %% train-two-letters mistake="averages-perplexities"
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
        perplexities.append(np.mean([np.exp(loss.data) for loss in losses]))
    return perplexities
