# %% shared-by-hand
# dL/da = b + a = 15, since L = a * b and b = a + x; dL/db = a = 6
gradient = [15 * 2 + 6, 15 * 3]


# %% local-derivatives
def local_derivatives(op, inputs, output):
    """Return the derivatives of the output, one for each input: a list as long as inputs."""
    if op in ("+", "-"):
        return [1.0, 1.0 if op == "+" else -1.0]
    if op in ("*", "/"):
        x, y = inputs
        return [y, x] if op == "*" else [1 / y, -output / y]
    (x,) = inputs
    return [{"cube": 3 * x**2, "exp": output, "log": 1 / x, "tanh": 1 - output**2}[op]]


# %% tanh-steps
plus, minus = up + down, up - down
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", (plus * plus - minus * minus) / plus**2, because="the quotient rule")
steps.step("=", 1 - (minus / plus) ** 2, because="one fraction becomes two")
steps.step("=", 1 - tanh_x**2, because="the definition of tanh")
steps


# %% backward-pass
def backward(output):
    """Leave in each value's grad the derivative of output with respect to it; return nothing."""
    edges_to = {output: 0}  # how many edges lead to a value and are not used yet
    to_visit = [output]
    while to_visit:
        for value, _ in to_visit.pop().edges:
            if value not in edges_to:
                edges_to[value] = 0
                to_visit.append(value)
            edges_to[value] += 1
    output.grad = 1.0
    complete = [output]
    while complete:
        value = complete.pop()
        for source, slope in value.edges:
            source.grad += slope * value.grad
            edges_to[source] -= 1
            if edges_to[source] == 0:
                complete.append(source)


# %% nll-of-values
def nll_from_logits(logits, target):
    """Return the NLL of the target, in nats, as a Value with an edge to each logit."""
    numbers = np.array([z.data for z in logits])
    below = numbers - numbers.max()
    log_probs = below - np.log(np.exp(below).sum())
    slopes = np.exp(log_probs) - (np.arange(len(logits)) == target)
    return Value(-log_probs[target], *zip(logits, slopes))


# %% numerical-gradient
def numerical_gradient(f, x, h):
    """Return the central difference of f at x in each coordinate, with step h: a list as long as x."""
    result = []
    for i in range(len(x)):
        above, below = list(x), list(x)
        above[i] += h
        below[i] -= h
        result.append((f(above) - f(below)) / (2 * h))
    return result


# %% gradient-check
conclusion = "d"


# %% train-two-letters
def train(parameters, batches, learning_rate):
    """Take one step for each batch; return a list with each batch's perplexity before its step."""
    perplexities = []
    for batch in batches:
        losses = [pair_loss(parameters, pair) for pair in batch]
        mean = Value(sum(loss.data for loss in losses) / len(batch), *((loss, 1 / len(batch)) for loss in losses))
        for z in parameters:
            z.grad = 0.0
        mean.backward()
        for z in parameters:
            z.data -= learning_rate * z.grad
        perplexities.append(np.exp(mean.data))
    return perplexities


# %% [markdown] why-backward
# Central differences need two evaluations of the loss for each parameter: twenty million evaluations for
# one step. A backward pass starts at the one loss and uses each edge of the graph once, so it costs about
# as much as a few evaluations and gives all ten million derivatives together. What many parameters share,
# it computes once. Differences also have an error of their own: for a large step of order $h^2$, for a
# small one from rounding. I would use them to check a new backward rule, on a small model and a few
# parameters.
