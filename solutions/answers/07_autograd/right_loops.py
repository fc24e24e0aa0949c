# Plain Python: the math module, a stack, one thing after the other.

# %% shared-by-hand
x, y = 3, 2
gradient = (2 * x * y**2 + 2 * x * y, 2 * x**2 * y + x**2)

# %% local-derivatives
import math


def local_derivatives(op, inputs, output):
    x = inputs[0]
    if op == "+":
        return [1, 1]
    if op == "-":
        return [1, -1]
    if op == "*":
        return [inputs[1], x]
    if op == "/":
        return [1 / inputs[1], -x / inputs[1] ** 2]
    if op == "cube":
        return [3 * x * x]
    if op == "exp":
        return [math.exp(x)]
    if op == "log":
        return [math.exp(-output)]
    return [1 / math.cosh(x) ** 2]


# %% tanh-steps
# As few steps as are asked for.
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", 1 - (up - down) ** 2 / (up + down) ** 2, because="the quotient rule")
steps.step("=", (1 - tanh_x) * (1 + tanh_x), because="a difference of squares")


# %% backward-pass
def backward(output):
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        value, finished = stack.pop()
        if finished:
            order.append(value)
        elif id(value) not in seen:
            seen.add(id(value))
            stack.append((value, True))
            for source, _ in value.edges:
                stack.append((source, False))
    output.grad += 1
    while order:
        value = order.pop()
        for source, slope in value.edges:
            source.grad += value.grad * slope


# %% nll-of-values
import math


def nll_from_logits(logits, target):
    top = max(z.data for z in logits)
    total = 0.0
    for z in logits:
        total += math.exp(z.data - top)
    edges = []
    for j, z in enumerate(logits):
        slope = math.exp(z.data - top) / total
        edges.append((z, slope - 1 if j == target else slope))
    return Value(top + math.log(total) - logits[target].data, *edges)


# %% numerical-gradient
def numerical_gradient(f, x, h):
    gradient = [0.0] * len(x)
    for i in range(len(x)):
        before = x[i]
        x[i] = before + h
        gradient[i] = f(x)
        x[i] = before - h
        gradient[i] = (gradient[i] - f(x)) / h / 2
        x[i] = before
    return gradient


# %% gradient-check
conclusion = "D"

# %% train-two-letters
import math


def train(parameters, batches, learning_rate):
    perplexities = []
    for batch in batches:
        total = 0.0
        for pair in batch:
            loss = pair_loss(parameters, pair)
            loss.backward()
            total += loss.data
        perplexities.append(math.exp(total / len(batch)))
        for z in parameters:
            z.data -= learning_rate * z.grad / len(batch)
            z.grad = 0.0
    return perplexities
