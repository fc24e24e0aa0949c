# A factor of the chain rule is missing.

# %% backward-pass mistake="forgets-the-chain-rule"
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
            source.grad += slope


# %% local-derivatives mistake="forgets-the-exponent"
def local_derivatives(op, inputs, output):
    x, y = inputs[0], inputs[-1]
    rules = {
        "+": lambda: [1, 1],
        "-": lambda: [1, -1],
        "*": lambda: [y, x],
        "/": lambda: [1 / y, -x / y**2],
        "cube": lambda: [x**2],
        "exp": lambda: [output],
        "log": lambda: [1 / x],
        "tanh": lambda: [1 - output**2],
    }
    return rules[op]()


# %% tanh-steps mistake="forgets-the-inner-minus"
plus, minus = up + down, up - down
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", (plus * minus - minus * plus) / plus**2, because="the quotient rule")
steps.step("=", 0, because="it cancels")

# %% numerical-gradient mistake="forgets-to-divide"
def numerical_gradient(f, x, h):
    changes = []
    for i in range(len(x)):
        up, down = list(x), list(x)
        up[i] += h
        down[i] -= h
        changes.append(f(up) - f(down))
    return changes


# %% train-two-letters mistake="sum-for-mean"
def train(parameters, batches, learning_rate):
    perplexities = []
    for batch in batches:
        for z in parameters:
            z.grad = 0.0
        nlls = []
        for pair in batch:
            loss = pair_loss(parameters, pair)
            loss.backward()
            nlls.append(loss.data)
        for z in parameters:
            z.data -= learning_rate * z.grad
        perplexities.append(np.exp(np.mean(nlls)))
    return perplexities
