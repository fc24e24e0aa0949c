# The derivation, the pass or the step ends too early.

# %% backward-pass mistake="one-step-only"
def backward(output):
    for value, slope in output.edges:
        value.grad += slope


# %% tanh-steps mistake="forgets-the-square"
plus, minus = up + down, up - down
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", 1 - (minus / plus) ** 2, because="the quotient rule")
steps.step("=", 1 - tanh_x, because="the definition of tanh")

# %% numerical-gradient mistake="forward-difference"
def numerical_gradient(f, x, h):
    gradient = []
    for i in range(len(x)):
        moved = list(x)
        moved[i] += h
        gradient.append((f(moved) - f(x)) / h)
    return gradient


# %% gradient-check mistake="smaller-is-better"
conclusion = "c"

# %% train-two-letters mistake="returns-losses"
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
        perplexities.append(mean.data)
    return perplexities
