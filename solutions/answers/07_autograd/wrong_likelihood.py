# The minus of the quotient, and of the loss.

# %% local-derivatives mistake="quotient-without-minus"
def local_derivatives(op, inputs, output):
    x, y = inputs[0], inputs[-1]
    rules = {
        "+": lambda: [1, 1],
        "-": lambda: [1, -1],
        "*": lambda: [y, x],
        "/": lambda: [1 / y, x / y**2],
        "cube": lambda: [3 * x**2],
        "exp": lambda: [output],
        "log": lambda: [1 / x],
        "tanh": lambda: [1 - output**2],
    }
    return rules[op]()


# %% tanh-steps mistake="plus-for-minus"
plus, minus = up + down, up - down
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", (plus**2 + minus**2) / plus**2, because="the quotient rule")
steps.step("=", 1 + tanh_x**2, because="two fractions")

# %% nll-of-values mistake="missing-minus"
def nll_from_logits(logits, target):
    numbers = np.array([z.data for z in logits])
    below = numbers - numbers.max()
    log_probs = below - np.log(np.exp(below).sum())
    slopes = (np.arange(len(logits)) == target) - np.exp(log_probs)
    return Value(log_probs[target], *zip(logits, slopes))
