# The input for the output.

# %% local-derivatives mistake="tanh-of-the-input"
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
        "tanh": lambda: [1 - x**2],
    }
    return rules[op]()


# %% nll-of-values mistake="counts-from-one"
def nll_from_logits(logits, target):
    numbers = np.array([z.data for z in logits])
    below = numbers - numbers.max()
    log_probs = below - np.log(np.exp(below).sum())
    slopes = np.exp(log_probs)
    slopes[target - 1] -= 1
    return Value(-log_probs[target - 1], *zip(logits, slopes))
