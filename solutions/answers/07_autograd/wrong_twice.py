# A function too many, and powers that overflow.

# %% local-derivatives mistake="tanh-twice"
import math


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
        "tanh": lambda: [1 - math.tanh(output) ** 2],
    }
    return rules[op]()


# %% nll-of-values mistake="no-max-shift"
def nll_from_logits(logits, target):
    numbers = np.array([z.data for z in logits])
    powers = np.exp(numbers)
    slopes = powers / powers.sum()
    slopes[target] -= 1
    return Value(np.log(powers.sum()) - numbers[target], *zip(logits, slopes))


# %% numerical-gradient mistake="goes-by-the-value"
def numerical_gradient(f, x, h):
    def moved(value, step):
        y = list(x)
        y[y.index(value)] += step
        return f(y)

    return [(moved(value, h) - moved(value, -h)) / (2 * h) for value in x]
