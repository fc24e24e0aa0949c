# A power too few, or the other base.

# %% local-derivatives mistake="quotient-not-squared"
def local_derivatives(op, inputs, output):
    x, y = inputs[0], inputs[-1]
    rules = {
        "+": lambda: [1, 1],
        "-": lambda: [1, -1],
        "*": lambda: [y, x],
        "/": lambda: [1 / y, -x / y],
        "cube": lambda: [3 * x**2],
        "exp": lambda: [output],
        "log": lambda: [1 / x],
        "tanh": lambda: [1 - output**2],
    }
    return rules[op]()


# %% tanh-steps mistake="denominator-not-squared"
plus, minus = up + down, up - down
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", (plus**2 - minus**2) / plus, because="the quotient rule")
steps.step("=", plus * (1 - tanh_x**2), because="factor out")

# %% nll-of-values mistake="base-2"
def nll_from_logits(logits, target):
    numbers = np.array([z.data for z in logits])
    below = numbers - numbers.max()
    log_probs = below - np.log(np.exp(below).sum())
    slopes = np.exp(log_probs) - (np.arange(len(logits)) == target)
    return Value(-log_probs[target] / np.log(2), *zip(logits, slopes / np.log(2)))


# %% train-two-letters mistake="base-2"
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
        perplexities.append(2**mean.data)
    return perplexities
