# Rules as functions, the pass from the leaves, and the two-letter gradient by its formula.

# %% shared-by-hand
a, b = 6, 9
dL_da, dL_db = b, a
dL_da = dL_da + dL_db * 1
dL_dx = dL_db * 1 + dL_da * 2
dL_dy = dL_da * 3
gradient = [dL_dx, dL_dy]

# %% local-derivatives
def add(x, y, out):
    return [1.0, 1.0]


def subtract(x, y, out):
    return [1.0, -1.0]


def multiply(x, y, out):
    return [y, x]


def divide(x, y, out):
    return [out / x, -out / y]


RULES = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "cube": lambda x, out: [3 * out / x],
    "exp": lambda x, out: [out],
    "log": lambda x, out: [x**-1],
    "tanh": lambda x, out: [(1 - out) * (1 + out)],
}


def local_derivatives(op, inputs, output):
    return RULES[op](*inputs, output)


# %% tanh-steps
# Through the product rule.
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step(
    "=",
    (up + down) * (up + down) ** -1
    - (up - down) * (up + down) ** -2 * (up - down),
    because="the product rule, with the denominator to the power of -1",
)
steps.step("=", 1 - tanh_x * tanh_x, because="each factor is a tanh")


# %% backward-pass
def backward(output):
    users, values = {output: []}, [output]
    for value in values:  # the list grows while it is read
        for source, slope in value.edges:
            if source not in users:
                users[source] = []
                values.append(source)
            users[source].append((value, slope))
    output.grad, done = 1.0, {output}
    stack = values[:]
    while stack:
        value = stack[-1]
        open_users = [user for user, _ in users[value] if user not in done]
        if open_users:
            stack += open_users
            continue
        stack.pop()
        if value not in done:
            value.grad = sum(slope * user.grad for user, slope in users[value])
            done.add(value)


# %% nll-of-values
def nll_from_logits(logits, target):
    # The loss is the log-sum-exp of the differences to the target's logit.
    differences = np.array([z.data - logits[target].data for z in logits])
    top = max(differences)
    powers = np.exp(differences - top)
    probs = powers / sum(powers)
    probs[target] -= 1
    return Value(top + np.log(sum(powers)), *[(z, p) for z, p in zip(logits, probs)])


# %% numerical-gradient
def numerical_gradient(f, x, h):
    def along(i):
        return lambda t: f([u + t if n == i else u for n, u in enumerate(x)])

    return tuple((along(i)(h) - along(i)(-h)) / (h + h) for i in range(len(x)))


# %% gradient-check
conclusion = "(d)"


# %% train-two-letters
def train(parameters, batches, learning_rate):
    def probability(z):
        return 1 / (1 + np.exp(-z.data))

    perplexities = []
    for batch in batches:
        log_likelihood, slopes = 0.0, [0.0, 0.0]
        for before, after in batch:
            p = probability(parameters[before])
            log_likelihood += np.log(p) if after else np.log(1 - p)
            slopes[before] += (p - after) / len(batch)
        perplexities.append(float(np.exp(log_likelihood) ** (-1 / len(batch))))
        for z, slope in zip(parameters, slopes):
            z.data = z.data - learning_rate * slope
    return perplexities
