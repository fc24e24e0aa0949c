# A minus too many or too few.

# %% local-derivatives mistake="sum-for-difference"
def local_derivatives(op, inputs, output):
    x, y = inputs[0], inputs[-1]
    rules = {
        "+": lambda: [1, 1],
        "-": lambda: [1, 1],
        "*": lambda: [y, x],
        "/": lambda: [1 / y, -x / y**2],
        "cube": lambda: [3 * x**2],
        "exp": lambda: [output],
        "log": lambda: [1 / x],
        "tanh": lambda: [1 - output**2],
    }
    return rules[op]()


# %% tanh-steps mistake="flipped-sign"
plus, minus = up + down, up - down
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", (minus / plus) ** 2 - 1, because="the quotient rule")
steps.step("=", tanh_x**2 - 1, because="the definition of tanh")

# %% nll-of-values mistake="flipped-sign"
def nll_from_logits(logits, target):
    numbers = np.array([z.data for z in logits])
    below = numbers - numbers.max()
    log_probs = below - np.log(np.exp(below).sum())
    slopes = (np.arange(len(logits)) == target) - np.exp(log_probs)
    return Value(-log_probs[target], *zip(logits, slopes))


# %% numerical-gradient mistake="backward-difference"
def numerical_gradient(f, x, h):
    gradient = []
    for i in range(len(x)):
        moved = list(x)
        moved[i] -= h
        gradient.append((f(x) - f(moved)) / h)
    return gradient


# %% gradient-check mistake="expects-no-error"
conclusion = "a"

# %% train-two-letters mistake="ascends"
def train(parameters, batches, learning_rate):
    perplexities = []
    for batch in batches:
        losses = [pair_loss(parameters, pair) for pair in batch]
        mean = Value(sum(loss.data for loss in losses) / len(batch), *((loss, 1 / len(batch)) for loss in losses))
        for z in parameters:
            z.grad = 0.0
        mean.backward()
        for z in parameters:
            z.data += learning_rate * z.grad
        perplexities.append(np.exp(mean.data))
    return perplexities
