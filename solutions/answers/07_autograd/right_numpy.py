# With arrays, and other ways round the graph.

# %% shared-by-hand
gradient = np.array([36.0, 45.0])


# %% local-derivatives
def local_derivatives(op, inputs, output):
    x, y = np.resize(inputs, 2)
    rules = {
        "+": (1, 1),
        "-": (1, -1),
        "*": (y, x),
        "/": (1 / y, -output / y),
        "cube": (3 * np.cbrt(output) ** 2,),
        "exp": (output,),
        "log": (1 / x,),
        "tanh": (1 - np.tanh(x) ** 2,),
    }
    return np.array(rules[op], dtype=float)


# %% tanh-steps
# Every small step.
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step(
    "=",
    (Derivative(up - down, x) * (up + down) - (up - down) * Derivative(up + down, x)) / (up + down) ** 2,
    because="the quotient rule",
)
steps.step("=", ((up + down) * (up + down) - (up - down) * (up - down)) / (up + down) ** 2, because="sums")
steps.step("=", (up + down) ** 2 / (up + down) ** 2 - (up - down) ** 2 / (up + down) ** 2, because="split")
steps.step("=", 1 - ((up - down) / (up + down)) ** 2, because="cancel")
steps.step("=", 1 - tanh_x**2, because="definition")


# %% backward-pass
def backward(output):
    # Layer by layer: each holds the values that the layers before it have completed.
    values, number = [output], {output: 0}
    for value in values:
        for source, _ in value.edges:
            if source not in number:
                number[source] = len(values)
                values.append(source)
    waiting = np.zeros(len(values), dtype=int)
    for value in values:
        for source, _ in value.edges:
            waiting[number[source]] += 1
    output.grad = 1.0
    layer = [output]
    while layer:
        following = []
        for value in layer:
            for source, slope in value.edges:
                source.grad = source.grad + value.grad * slope
                waiting[number[source]] -= 1
                if not waiting[number[source]]:
                    following.append(source)
        layer = following


# %% nll-of-values
def nll_from_logits(logits, target):
    numbers = np.array([z.data for z in logits])
    lse = np.logaddexp.reduce(numbers)
    log_sum_exp = Value(lse, *zip(logits, np.exp(numbers - lse)))
    return Value(lse - numbers[target], (log_sum_exp, 1.0), (logits[target], -1.0))


# %% numerical-gradient
def numerical_gradient(f, x, h):
    steps = h * np.eye(len(x))
    return np.array([f(x + step) - f(x - step) for step in steps]) / (2 * h)


# %% gradient-check
conclusion = " d "


# %% train-two-letters
def train(parameters, batches, learning_rate):
    perplexities = []
    for batch in batches:
        gradients, nlls = np.zeros(2), []
        for pair in batch:
            for z in parameters:
                z.grad = 0.0
            loss = pair_loss(parameters, pair)
            loss.backward()
            nlls.append(loss.data)
            gradients += [z.grad for z in parameters]
        for k in range(2):
            parameters[k] = Value(parameters[k].data - learning_rate * gradients[k] / len(batch))
        perplexities.append(np.exp(np.mean(nlls)))
    return np.array(perplexities)
