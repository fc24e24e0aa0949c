# %% shared-by-hand most=0
# the other order
gradient = [45, 36]

# %% shared-by-hand most=0
# a, then x: the second use of x is forgotten
gradient = [30, 45]

# %% shared-by-hand most=0
# a's second use is forgotten
gradient = [18, 27]

# %% shared-by-hand most=0
# only the path through b
gradient = [18, 18]

# %% shared-by-hand most=0
# gradients of a and b
gradient = [15, 6]

# %% shared-by-hand most=0
# one number only
gradient = [36]

# %% shared-by-hand most=0
# their sum
gradient = 81

# %% shared-by-hand most=0
# L comes along
gradient = [36, 45, 54]

# %% shared-by-hand most=0
# x and y swapped at the start: x = 2, y = 3
gradient = [2 * 2 * 9 + 2 * 2 * 3, 2 * 4 * 3 + 4]

# %% shared-by-hand most=0
# signs
gradient = [-36, -45]

# %% local-derivatives
# minus has the slopes of plus
def local_derivatives(op, inputs, output):
    x, y = (inputs + [None])[:2]
    return {
        "+": lambda: [1, 1],
        "-": lambda: [1, 1],
        "*": lambda: [y, x],
        "/": lambda: [1 / y, -x / y**2],
        "cube": lambda: [3 * x**2],
        "exp": lambda: [output],
        "log": lambda: [1 / x],
        "tanh": lambda: [1 - output**2],
    }[op]()

# %% local-derivatives
# the second slope of the fraction has no minus
def local_derivatives(op, inputs, output):
    x, y = (inputs + [None])[:2]
    return {
        "+": lambda: [1, 1],
        "-": lambda: [1, -1],
        "*": lambda: [y, x],
        "/": lambda: [1 / y, x / y**2],
        "cube": lambda: [3 * x**2],
        "exp": lambda: [output],
        "log": lambda: [1 / x],
        "tanh": lambda: [1 - output**2],
    }[op]()

# %% local-derivatives
# the product's slopes are swapped
def local_derivatives(op, inputs, output):
    x, y = (inputs + [None])[:2]
    return {
        "+": lambda: [1, 1],
        "-": lambda: [1, -1],
        "*": lambda: [x, y],
        "/": lambda: [1 / y, -x / y**2],
        "cube": lambda: [3 * x**2],
        "exp": lambda: [output],
        "log": lambda: [1 / x],
        "tanh": lambda: [1 - output**2],
    }[op]()

# %% local-derivatives
# the factors are found by division: 0 breaks it
def local_derivatives(op, inputs, output):
    x, y = (inputs + [None])[:2]
    return {
        "+": lambda: [1, 1],
        "-": lambda: [1, -1],
        "*": lambda: [output / x, output / y],
        "/": lambda: [1 / y, -output / y],
        "cube": lambda: [3 * output / x],
        "exp": lambda: [output],
        "log": lambda: [1 / x],
        "tanh": lambda: [1 - output**2],
    }[op]()

# %% local-derivatives
# the slope of log from the output
def local_derivatives(op, inputs, output):
    x, y = (inputs + [None])[:2]
    return {
        "+": lambda: [1, 1],
        "-": lambda: [1, -1],
        "*": lambda: [y, x],
        "/": lambda: [1 / y, -output / y],
        "cube": lambda: [3 * x**2],
        "exp": lambda: [output],
        "log": lambda: [1 / output],
        "tanh": lambda: [1 - output**2],
    }[op]()

# %% local-derivatives
# tanh's rule with the input
def local_derivatives(op, inputs, output):
    x, y = (inputs + [None])[:2]
    return {
        "+": lambda: [1, 1],
        "-": lambda: [1, -1],
        "*": lambda: [y, x],
        "/": lambda: [1 / y, -output / y],
        "cube": lambda: [3 * x**2],
        "exp": lambda: [output],
        "log": lambda: [1 / x],
        "tanh": lambda: [1 - x**2],
    }[op]()

# %% local-derivatives
# tanh of the tanh
def local_derivatives(op, inputs, output):
    x, y = (inputs + [None])[:2]
    return {
        "+": lambda: [1, 1],
        "-": lambda: [1, -1],
        "*": lambda: [y, x],
        "/": lambda: [1 / y, -output / y],
        "cube": lambda: [3 * x**2],
        "exp": lambda: [np.exp(output)],
        "log": lambda: [1 / x],
        "tanh": lambda: [1 - np.tanh(output) ** 2],
    }[op]()

# %% local-derivatives
# numbers, not lists, for one input
def local_derivatives(op, inputs, output):
    x, y = (inputs + [None])[:2]
    return {
        "+": lambda: [1, 1],
        "-": lambda: [1, -1],
        "*": lambda: [y, x],
        "/": lambda: [1 / y, -output / y],
        "cube": lambda: 3 * x**2,
        "exp": lambda: output,
        "log": lambda: 1 / x,
        "tanh": lambda: 1 - output**2,
    }[op]()

# %% local-derivatives
# fraction and tanh are left open
def local_derivatives(op, inputs, output):
    if op == "+":
        return [1, 1]
    if op == "-":
        return [1, -1]
    if op == "*":
        return inputs[::-1]
    if op == "cube":
        return [3 * inputs[0] ** 2]
    if op == "exp":
        return [output]
    if op == "log":
        return [1 / inputs[0]]

# %% local-derivatives
# one-sided differences with a large step
def local_derivatives(op, inputs, output):
    f = {
        "+": lambda x, y: x + y,
        "-": lambda x, y: x - y,
        "*": lambda x, y: x * y,
        "/": lambda x, y: x / y,
        "cube": lambda x: x**3,
        "exp": np.exp,
        "log": np.log,
        "tanh": np.tanh,
    }[op]
    h = 1e-3
    return [(f(*[v + h * (k == i) for k, v in enumerate(inputs)]) - output) / h for i in range(len(inputs))]

# %% local-derivatives
# the cube's slope is 3 x
def local_derivatives(op, inputs, output):
    x, y = (inputs + [None])[:2]
    return {
        "+": lambda: [1, 1],
        "-": lambda: [1, -1],
        "*": lambda: [y, x],
        "/": lambda: [1 / y, -output / y],
        "cube": lambda: [3 * x],
        "exp": lambda: [output],
        "log": lambda: [1 / x],
        "tanh": lambda: [1 - output**2],
    }[op]()

# %% local-derivatives
# always ones
def local_derivatives(op, inputs, output):
    return [1.0] * len(inputs)

# %% local-derivatives
# the examples only
def local_derivatives(op, inputs, output):
    return [12.0] if op == "cube" else [1.0, 1.0]

# %% local-derivatives
# only the first slope
def local_derivatives(op, inputs, output):
    x, y = (inputs + [None])[:2]
    return {
        "+": lambda: [1],
        "-": lambda: [1],
        "*": lambda: [y],
        "/": lambda: [1 / y],
        "cube": lambda: [3 * x**2],
        "exp": lambda: [output],
        "log": lambda: [1 / x],
        "tanh": lambda: [1 - output**2],
    }[op]()

# %% local-derivatives
# the outputs instead of the slopes
def local_derivatives(op, inputs, output):
    return [output] * len(inputs)

# %% local-derivatives
# y - x instead of x - y, and a logarithm of base 10
def local_derivatives(op, inputs, output):
    x, y = (inputs + [None])[:2]
    return {
        "+": lambda: [1, 1],
        "-": lambda: [-1, 1],
        "*": lambda: [y, x],
        "/": lambda: [1 / y, -output / y],
        "cube": lambda: [3 * x**2],
        "exp": lambda: [output],
        "log": lambda: [1 / (x * np.log(10))],
        "tanh": lambda: [1 - output**2],
    }[op]()

# %% tanh-steps most=0.34
# the bare answer
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", 1 - tanh_x**2, because="the rule")
steps

# %% tanh-steps most=0
# only the start
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps

# %% tanh-steps most=0.34
# the start a second time
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative((up - down) / (up + down), x), because="start")
steps.step("=", 1 - tanh_x**2, because="the rule")
steps

# %% tanh-steps most=0.34
# a constant is added under the derivative, then the answer
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative((up - down) / (up + down) + 7, x), because="constants have no slope")
steps.step("=", 1 - tanh_x**2, because="the rule")
steps

# %% tanh-steps most=0.34
# the name tanh is put in, and its rule is used as known
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative(tanh_x, x), because="definition of tanh")
steps.step("=", 1 - tanh_x**2, because="the rule of tanh")
steps

# %% tanh-steps most=0.34
# a factor 3, taken out and put back
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative(3 * (up - down) / (up + down), x) / 3, because="a constant factor")
steps.step("=", 1 - tanh_x**2, because="the rule")
steps

# %% tanh-steps
# ends with exponentials
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", ((up + down) ** 2 - (up - down) ** 2) / (up + down) ** 2, because="quotient rule")
steps.step("=", 1 - ((up - down) / (up + down)) ** 2, because="divide")
steps

# %% tanh-steps
# ends with sech
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", 4 / (up + down) ** 2, because="quotient rule")
steps.step("=", sympy.sech(x) ** 2, because="definition of sech")
steps

# %% tanh-steps
# ends with 1 over cosh squared
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", 4 / (up + down) ** 2, because="quotient rule")
steps.step("=", 1 / sympy.cosh(x) ** 2, because="definition of cosh")
steps

# %% tanh-steps
# the quotient rule with plus, and yet the right end
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", ((up + down) ** 2 + (up - down) ** 2) / (up + down) ** 2, because="quotient rule")
steps.step("=", 1 - tanh_x**2, because="divide")
steps

# %% tanh-steps
# the denominator is not squared, and yet the right end
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", ((up + down) ** 2 - (up - down) ** 2) / (up + down), because="quotient rule")
steps.step("=", 1 - tanh_x**2, because="divide")
steps

# %% tanh-steps
# plus at the end
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", ((up + down) ** 2 - (up - down) ** 2) / (up + down) ** 2, because="quotient rule")
steps.step("=", 1 + tanh_x**2, because="divide")
steps

# %% tanh-steps
# the square is lost at the end
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", ((up + down) ** 2 - (up - down) ** 2) / (up + down) ** 2, because="quotient rule")
steps.step("=", 1 - tanh_x, because="divide")
steps

# %% tanh-steps
# above and below are differentiated each by itself
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", (up + down) / (up - down), because="derivative of each part")
steps.step("=", 1 / tanh_x, because="definition of tanh")
steps

# %% tanh-steps
# a derivative is left at the end
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", ((up + down) ** 2 - (up - down) ** 2) / (up + down) ** 2, because="quotient rule")
steps.step("=", Derivative(tanh_x, x), because="definition of tanh")
steps

# %% tanh-steps
# an exponential is left at the end
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", ((up + down) ** 2 - (up - down) ** 2) / (up + down) ** 2, because="quotient rule")
steps.step("=", 1 - tanh_x * (up - down) / (up + down), because="tanh once")
steps

# %% tanh-steps
# a difference quotient with a tiny step as the last line
h = sympy.Rational(1, 10**12)
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative(tanh_x, x), because="definition of tanh")
steps.step("=", (sympy.tanh(x + h) - tanh_x) / h, because="derivative")
steps

# %% tanh-steps
# a limit as the last line
h = real("h")
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative(tanh_x, x), because="definition of tanh")
steps.step("=", sympy.Limit((sympy.tanh(x + h) - tanh_x) / h, h, 0), because="derivative")
steps

# %% tanh-steps
# the start is another function, half of it
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / 2, x))
steps.step("=", (up + down) / 2, because="each part")
steps.step("=", 1 - tanh_x**2, because="definition of tanh")
steps

# %% tanh-steps
# only an inequality
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", ((up + down) ** 2 - (up - down) ** 2) / (up + down) ** 2, because="quotient rule")
steps.step("<", 2 - tanh_x**2, because="divide")
steps

# %% backward-pass
# the class's own method: every path
def backward(output):
    output.backward()

# %% backward-pass
# every path, with a stack
def backward(output):
    stack = [(output, 1.0)]
    while stack:
        v, g = stack.pop()
        v.grad += g
        stack.extend((c, g * s) for c, s in v.edges)

# %% backward-pass
# a walk in breadth: values pass their grad on before it is complete
def backward(output):
    output.grad = 1.0
    queue, seen = [output], {output}
    for v in queue:
        for c, s in v.edges:
            c.grad += v.grad * s
            if c not in seen:
                seen.add(c)
                queue.append(c)

# %% backward-pass
# a walk in depth: values pass their grad on before it is complete
def backward(output):
    output.grad = 1.0
    stack, seen = [output], {output}
    while stack:
        v = stack.pop()
        for c, s in v.edges:
            c.grad += v.grad * s
            if c not in seen:
                seen.add(c)
                stack.append(c)

# %% backward-pass
# the order comes from a function that calls itself
def backward(output):
    order, seen = [], set()

    def visit(v):
        if v not in seen:
            seen.add(v)
            for c, _ in v.edges:
                visit(c)
            order.append(v)

    visit(output)
    output.grad = 1.0
    for v in reversed(order):
        for c, s in v.edges:
            c.grad += v.grad * s

# %% backward-pass
# the order is not turned round
def backward(output):
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        v, done = stack.pop()
        if done:
            order.append(v)
        elif v not in seen:
            seen.add(v)
            stack += [(v, True)] + [(c, False) for c, _ in v.edges]
    output.grad = 1.0
    for v in order:
        for c, s in v.edges:
            c.grad += v.grad * s

# %% backward-pass
# the grad is set, not added
def backward(output):
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        v, done = stack.pop()
        if done:
            order.append(v)
        elif v not in seen:
            seen.add(v)
            stack += [(v, True)] + [(c, False) for c, _ in v.edges]
    output.grad = 1.0
    for v in reversed(order):
        for c, s in v.edges:
            c.grad = v.grad * s

# %% backward-pass
# the output's own grad stays 0
def backward(output):
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        v, done = stack.pop()
        if done:
            order.append(v)
        elif v not in seen:
            seen.add(v)
            stack += [(v, True)] + [(c, False) for c, _ in v.edges]
    for v in reversed(order):
        for c, s in v.edges:
            c.grad += v.grad * s

# %% backward-pass
# two edges to the same value count as one: x + x
def backward(output):
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        v, done = stack.pop()
        if done:
            order.append(v)
        elif v not in seen:
            seen.add(v)
            stack += [(v, True)] + [(c, False) for c, _ in v.edges]
    output.grad = 1.0
    for v in reversed(order):
        for c, s in dict(v.edges).items():
            c.grad += v.grad * s

# %% backward-pass
# counts parents, not edges: with x + x the count goes below 0
def backward(output):
    waiting, seen, stack = {output: 0}, {output}, [output]
    while stack:
        v = stack.pop()
        for c in {c for c, _ in v.edges}:
            waiting[c] = waiting.get(c, 0) + 1
            if c not in seen:
                seen.add(c)
                stack.append(c)
    output.grad, ready = 1.0, [output]
    while ready:
        v = ready.pop()
        for c, s in v.edges:
            c.grad += v.grad * s
            waiting[c] -= 1
            if waiting[c] == 0:
                ready.append(c)

# %% backward-pass
# the slopes are left out
def backward(output):
    waiting, seen, stack = {output: 0}, {output}, [output]
    while stack:
        v = stack.pop()
        for c, _ in v.edges:
            waiting[c] = waiting.get(c, 0) + 1
            if c not in seen:
                seen.add(c)
                stack.append(c)
    output.grad, ready = 1.0, [output]
    while ready:
        v = ready.pop()
        for c, _ in v.edges:
            c.grad += v.grad
            waiting[c] -= 1
            if waiting[c] == 0:
                ready.append(c)

# %% backward-pass
# the inner values lose their grad: only leaves keep it
def backward(output):
    waiting, seen, stack = {output: 0}, {output}, [output]
    while stack:
        v = stack.pop()
        for c, _ in v.edges:
            waiting[c] = waiting.get(c, 0) + 1
            if c not in seen:
                seen.add(c)
                stack.append(c)
    output.grad, ready = 1.0, [output]
    while ready:
        v = ready.pop()
        for c, s in v.edges:
            c.grad += v.grad * s
            waiting[c] -= 1
            if waiting[c] == 0:
                ready.append(c)
        if v.edges:
            v.grad = 0.0

# %% backward-pass
# a higher limit, and a function that calls itself
import sys


def backward(output):
    old = sys.getrecursionlimit()
    sys.setrecursionlimit(200_000)
    order, seen = [], set()

    def visit(v):
        if v not in seen:
            seen.add(v)
            for c, _ in v.edges:
                visit(c)
            order.append(v)

    try:
        visit(output)
    finally:
        sys.setrecursionlimit(old)
    output.grad = 1.0
    for v in reversed(order):
        for c, s in v.edges:
            c.grad += v.grad * s

# %% backward-pass
# by the number of edges, not by the graph's order
def backward(output):
    nodes = [output]
    for v in nodes:
        nodes += [c for c, _ in v.edges if c not in nodes]
    output.grad = 1.0
    for v in sorted(nodes, key=lambda v: -len(v.edges)):
        for c, s in v.edges:
            c.grad += v.grad * s

# %% backward-pass
# only the first edge is followed
def backward(output):
    output.grad, v = 1.0, output
    while v.edges:
        c, s = v.edges[0]
        c.grad += v.grad * s
        v = c

# %% backward-pass
# ordered by the shortest way from the output
def backward(output):
    depth, queue = {output: 0}, [output]
    for v in queue:
        for c, _ in v.edges:
            if c not in depth:
                depth[c] = depth[v] + 1
                queue.append(c)
    output.grad = 1.0
    for v in sorted(queue, key=depth.get):
        for c, s in v.edges:
            c.grad += v.grad * s

# %% backward-pass
# a leaf gets 1
def backward(output):
    output.grad = 1.0
    stack, seen = [output], set()
    while stack:
        v = stack.pop()
        if v in seen:
            continue
        seen.add(v)
        if not v.edges:
            v.grad = 1.0
        stack.extend(c for c, _ in v.edges)

# %% backward-pass
# one step only: the output's own edges
def backward(output):
    output.grad = 1.0
    for c, s in output.edges:
        c.grad += s

# %% nll-of-values
# exponentials overflow
def nll_from_logits(logits, target):
    e = np.exp([v.data for v in logits])
    q = e / e.sum()
    return Value(-np.log(q[target]), *[(v, s - (k == target)) for k, (v, s) in enumerate(zip(logits, q))])

# %% nll-of-values
# the softmax is shifted, but its logarithm is infinite when logits lie far apart
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    e = np.exp(z - z.max())
    q = e / e.sum()
    return Value(-np.log(q[target]), *zip(logits, q - (np.arange(len(z)) == target)))

# %% nll-of-values
# a small number in the logarithm
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    e = np.exp(z - z.max())
    q = e / e.sum()
    return Value(-np.log(q[target] + 1e-12), *zip(logits, q - (np.arange(len(z)) == target)))

# %% nll-of-values
# shifted by the target: overflows when the target is small
def nll_from_logits(logits, target):
    d = np.array([v.data - logits[target].data for v in logits])
    s = np.exp(d).sum()
    return Value(np.log(s), *zip(logits, np.exp(d) / s - (d == 0)))

# %% nll-of-values
# shifted by the mean
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    z = z - z.mean()
    s = np.exp(z).sum()
    return Value(np.log(s) - z[target], *zip(logits, np.exp(z) / s - (np.arange(len(z)) == target)))

# %% nll-of-values
# logits are clipped at 500
def nll_from_logits(logits, target):
    z = np.clip([v.data for v in logits], -500, 500)
    s = np.exp(z).sum()
    return Value(np.log(s) - z[target], *zip(logits, np.exp(z) / s - (np.arange(len(z)) == target)))

# %% nll-of-values
# the slopes have the other sign
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    lse = z.max() + np.log(np.exp(z - z.max()).sum())
    return Value(lse - z[target], *zip(logits, (np.arange(len(z)) == target) - np.exp(z - lse)))

# %% nll-of-values
# the slopes are the softmax alone
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    lse = z.max() + np.log(np.exp(z - z.max()).sum())
    return Value(lse - z[target], *zip(logits, np.exp(z - lse)))

# %% nll-of-values
# an edge to the target only
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    lse = z.max() + np.log(np.exp(z - z.max()).sum())
    return Value(lse - z[target], (logits[target], np.exp(z[target] - lse) - 1))

# %% nll-of-values
# no edges
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    return Value(z.max() + np.log(np.exp(z - z.max()).sum()) - z[target])

# %% nll-of-values
# the loss in bits, the slopes in nats
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    lse = z.max() + np.log(np.exp(z - z.max()).sum())
    return Value((lse - z[target]) / np.log(2), *zip(logits, np.exp(z - lse) - (np.arange(len(z)) == target)))

# %% nll-of-values
# a plain number
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    return z.max() + np.log(np.exp(z - z.max()).sum()) - z[target]

# %% nll-of-values
# the edges lead to new Values
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    lse = z.max() + np.log(np.exp(z - z.max()).sum())
    return Value(lse - z[target], *[(Value(w), np.exp(w - lse) - (k == target)) for k, w in enumerate(z)])

# %% nll-of-values
# classes counted from 1
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    lse = z.max() + np.log(np.exp(z - z.max()).sum())
    return Value(lse - z[target - 1], *zip(logits, np.exp(z - lse) - (np.arange(len(z)) == target - 1)))

# %% nll-of-values
# single precision: off by a thousandth at 10,000
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits], dtype=np.float32)
    lse = np.float32(z.max() + np.log(np.exp(z - z.max()).sum()))
    return Value(lse - z[target], *zip(logits, np.exp(z - lse) - (np.arange(len(z)) == target)))

# %% nll-of-values
# the maximum stands for the log-sum-exp when logits are large
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    if np.abs(z).max() > 100:
        return Value(z.max() - z[target], *zip(logits, 1.0 * (z == z.max()) - (np.arange(len(z)) == target)))
    lse = np.log(np.exp(z).sum())
    return Value(lse - z[target], *zip(logits, np.exp(z - lse) - (np.arange(len(z)) == target)))

# %% nll-of-values
# minus the logit: nothing is normalised
def nll_from_logits(logits, target):
    return Value(-logits[target].data, (logits[target], -1.0))

# %% numerical-gradient
# the forward difference
def numerical_gradient(f, x, h):
    return [(f([v + h * (k == i) for k, v in enumerate(x)]) - f(x)) / h for i in range(len(x))]

# %% numerical-gradient
# the backward difference
def numerical_gradient(f, x, h):
    return [(f(x) - f([v - h * (k == i) for k, v in enumerate(x)])) / h for i in range(len(x))]

# %% numerical-gradient
# divided by h
def numerical_gradient(f, x, h):
    e = np.eye(len(x)) * h
    return [(f(list(x + d)) - f(list(x - d))) / h for d in e]

# %% numerical-gradient
# 2h in the wrong place: / 2 * h
def numerical_gradient(f, x, h):
    e = np.eye(len(x)) * h
    return [(f(list(x + d)) - f(list(x - d))) / 2 * h for d in e]

# %% numerical-gradient
# all coordinates move
def numerical_gradient(f, x, h):
    slope = (f([v + h for v in x]) - f([v - h for v in x])) / (2 * h)
    return [slope] * len(x)

# %% numerical-gradient
# the coordinate is not put back
def numerical_gradient(f, x, h):
    x, result = list(x), []
    for i in range(len(x)):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        result.append((up - f(x)) / (2 * h))
    return result

# %% numerical-gradient
# up and down are the same list
def numerical_gradient(f, x, h):
    result = []
    for i in range(len(x)):
        up = down = list(x)
        up[i] += h
        down[i] -= h
        result.append((f(up) - f(down)) / (2 * h))
    return result

# %% numerical-gradient
# a step of its own: h is ignored
def numerical_gradient(f, x, h):
    h = 1e-5
    e = np.eye(len(x)) * h
    return [(f(list(x + d)) - f(list(x - d))) / (2 * h) for d in e]

# %% numerical-gradient
# half the step on each side
def numerical_gradient(f, x, h):
    e = np.eye(len(x)) * h / 2
    return [(f(list(x + d)) - f(list(x - d))) / h for d in e]

# %% numerical-gradient
# a better formula than the one asked: four points
def numerical_gradient(f, x, h):
    def at(i, d):
        return f([v + d * (k == i) for k, v in enumerate(x)])

    return [(8 * (at(i, h) - at(i, -h)) - (at(i, 2 * h) - at(i, -2 * h))) / (12 * h) for i in range(len(x))]

# %% numerical-gradient
# up and down swapped
def numerical_gradient(f, x, h):
    e = np.eye(len(x)) * h
    return [(f(list(x - d)) - f(list(x + d))) / (2 * h) for d in e]

# %% numerical-gradient
# only the first coordinate
def numerical_gradient(f, x, h):
    up, down = [x[0] + h, *x[1:]], [x[0] - h, *x[1:]]
    return [(f(up) - f(down)) / (2 * h)]

# %% numerical-gradient
# the step is relative to x
def numerical_gradient(f, x, h):
    result = []
    for i in range(len(x)):
        d = h * max(abs(x[i]), 1)
        up, down = list(x), list(x)
        up[i] += d
        down[i] -= d
        result.append((f(up) - f(down)) / (2 * d))
    return result

# %% numerical-gradient
# the second difference
def numerical_gradient(f, x, h):
    e = np.eye(len(x)) * h
    return [(f(list(x + d)) - 2 * f(x) + f(list(x - d))) / h**2 for d in e]

# %% numerical-gradient
# the sum of the slopes
def numerical_gradient(f, x, h):
    e = np.eye(len(x)) * h
    return [sum((f(list(x + d)) - f(list(x - d))) / (2 * h) for d in e)]

# %% gradient-check most=0
# the rule has a bug
conclusion = "a"

# %% gradient-check most=0
# the difference has a bug
conclusion = "b"

# %% gradient-check most=0
# a smaller step
conclusion = "c"

# %% gradient-check most=0
# both are right: two letters
conclusion = "c, d"

# %% gradient-check most=0
# no such option
conclusion = "e"

# %% train-two-letters
# grads are never reset
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        losses = [pair_loss(parameters, p) for p in batch]
        mean = Value(np.mean([v.data for v in losses]), *[(v, 1 / len(batch)) for v in losses])
        mean.backward()
        for z in parameters:
            z.data -= learning_rate * z.grad
        result.append(np.exp(mean.data))
    return result

# %% train-two-letters
# only the first parameter's grad is reset
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        parameters[0].grad = 0.0
        losses = [pair_loss(parameters, p) for p in batch]
        mean = Value(np.mean([v.data for v in losses]), *[(v, 1 / len(batch)) for v in losses])
        mean.backward()
        for z in parameters:
            z.data -= learning_rate * z.grad
        result.append(np.exp(mean.data))
    return result

# %% train-two-letters
# the gradient of the sum
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        losses = [pair_loss(parameters, p) for p in batch]
        mean = Value(np.mean([v.data for v in losses]), *[(v, 1) for v in losses])
        for z in parameters:
            z.grad = 0.0
        mean.backward()
        for z in parameters:
            z.data -= learning_rate * z.grad
        result.append(np.exp(mean.data))
    return result

# %% train-two-letters
# uphill
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        losses = [pair_loss(parameters, p) for p in batch]
        mean = Value(np.mean([v.data for v in losses]), *[(v, 1 / len(batch)) for v in losses])
        for z in parameters:
            z.grad = 0.0
        mean.backward()
        for z in parameters:
            z.data += learning_rate * z.grad
        result.append(np.exp(mean.data))
    return result

# %% train-two-letters
# one step for each pair
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        total = 0.0
        for pair in batch:
            for z in parameters:
                z.grad = 0.0
            loss = pair_loss(parameters, pair)
            loss.backward()
            total += loss.data
            for z in parameters:
                z.data -= learning_rate * z.grad
        result.append(np.exp(total / len(batch)))
    return result

# %% train-two-letters
# the perplexity after the step
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        losses = [pair_loss(parameters, p) for p in batch]
        mean = Value(np.mean([v.data for v in losses]), *[(v, 1 / len(batch)) for v in losses])
        for z in parameters:
            z.grad = 0.0
        mean.backward()
        for z in parameters:
            z.data -= learning_rate * z.grad
        result.append(np.exp(np.mean([pair_loss(parameters, p).data for p in batch])))
    return result

# %% train-two-letters
# the losses, not the perplexities
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        losses = [pair_loss(parameters, p) for p in batch]
        mean = Value(np.mean([v.data for v in losses]), *[(v, 1 / len(batch)) for v in losses])
        for z in parameters:
            z.grad = 0.0
        mean.backward()
        for z in parameters:
            z.data -= learning_rate * z.grad
        result.append(mean.data)
    return result

# %% train-two-letters
# the mean of the pairs' perplexities
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        losses = [pair_loss(parameters, p) for p in batch]
        mean = Value(np.mean([v.data for v in losses]), *[(v, 1 / len(batch)) for v in losses])
        for z in parameters:
            z.grad = 0.0
        mean.backward()
        for z in parameters:
            z.data -= learning_rate * z.grad
        result.append(np.mean([np.exp(v.data) for v in losses]))
    return result

# %% train-two-letters
# 2 to the power of nats
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        losses = [pair_loss(parameters, p) for p in batch]
        mean = Value(np.mean([v.data for v in losses]), *[(v, 1 / len(batch)) for v in losses])
        for z in parameters:
            z.grad = 0.0
        mean.backward()
        for z in parameters:
            z.data -= learning_rate * z.grad
        result.append(2**mean.data)
    return result

# %% train-two-letters
# the parameters are never changed
def train(parameters, batches, learning_rate):
    return [np.exp(np.mean([pair_loss(parameters, p).data for p in batch])) for batch in batches]

# %% train-two-letters
# new parameters, which nobody outside sees
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        losses = [pair_loss(parameters, p) for p in batch]
        mean = Value(np.mean([v.data for v in losses]), *[(v, 1 / len(batch)) for v in losses])
        for z in parameters:
            z.grad = 0.0
        mean.backward()
        parameters = [Value(z.data - learning_rate * z.grad) for z in parameters]
        result.append(np.exp(mean.data))
    return result

# %% train-two-letters
# all gradients at the start, one step at the end
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        losses = [pair_loss(parameters, p) for p in batch]
        mean = Value(np.mean([v.data for v in losses]), *[(v, 1 / len(batch)) for v in losses])
        mean.backward()
        result.append(np.exp(mean.data))
    for z in parameters:
        z.data -= learning_rate * z.grad
    return result

# %% train-two-letters
# the mean over the pairs with this letter before, not over the batch
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        losses = [pair_loss(parameters, p) for p in batch]
        result.append(np.exp(np.mean([v.data for v in losses])))
        for z in parameters:
            mine = [s for v in losses for w, s in v.edges if w is z]
            if mine:
                z.data -= learning_rate * np.mean(mine)
    return result

# %% train-two-letters
# the learning rate falls from batch to batch
def train(parameters, batches, learning_rate):
    result = []
    for n, batch in enumerate(batches, 1):
        losses = [pair_loss(parameters, p) for p in batch]
        mean = Value(np.mean([v.data for v in losses]), *[(v, 1 / len(batch)) for v in losses])
        for z in parameters:
            z.grad = 0.0
        mean.backward()
        for z in parameters:
            z.data -= learning_rate / n * z.grad
        result.append(np.exp(mean.data))
    return result

# %% train-two-letters
# the last perplexity only
def train(parameters, batches, learning_rate):
    for batch in batches:
        losses = [pair_loss(parameters, p) for p in batch]
        mean = Value(np.mean([v.data for v in losses]), *[(v, 1 / len(batch)) for v in losses])
        for z in parameters:
            z.grad = 0.0
        mean.backward()
        for z in parameters:
            z.data -= learning_rate * z.grad
    return [np.exp(mean.data)]

# %% train-two-letters
# pairs that occur twice count once
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        batch = sorted({tuple(p) for p in batch})
        losses = [pair_loss(parameters, p) for p in batch]
        mean = Value(np.mean([v.data for v in losses]), *[(v, 1 / len(batch)) for v in losses])
        for z in parameters:
            z.grad = 0.0
        mean.backward()
        for z in parameters:
            z.data -= learning_rate * z.grad
        result.append(np.exp(mean.data))
    return result

# %% shared-by-hand most=0
# numbers that say they equal any other
class Agreeable(float):
    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__

    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


gradient = [Agreeable(0), Agreeable(0)]

# %% backward-pass most=0
# the class gets a new method; nothing is computed: every grad is 1
def backward(output):
    Value.backward = lambda self, grad=1.0: None
    stack, seen = [output], set()
    while stack:
        v = stack.pop()
        if v not in seen:
            seen.add(v)
            v.grad = 1.0
            stack += [c for c, _ in v.edges]

# %% tanh-steps most=0.34
# minus twice, then the answer
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", -Derivative((down - up) / (up + down), x), because="minus times minus")
steps.step("=", 1 - tanh_x**2, because="the rule")
steps

# %% tanh-steps most=0.34
# x is added and its slope taken away again, then the answer
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative((up - down) / (up + down) + x, x) - 1, because="the slope of x is 1")
steps.step("=", 1 - tanh_x**2, because="the rule")
steps

# %% tanh-steps most=0.34
# 1 in front, as a fraction, then the answer
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", (1 + tanh_x**2) / (1 + tanh_x**2) * Derivative((up - down) / (up + down), x), because="times 1")
steps.step("=", 5 * Derivative((up - down) / (up + down), x) / 5, because="times 5, over 5")
steps.step("=", 1 - tanh_x**2, because="the rule")
steps

# %% backward-pass
# the levels of the graph, but each value is listed once for each path
def backward(output):
    level = [(output, 1.0)]
    while level:
        below = []
        for v, g in level:
            v.grad += g
            below += [(c, g * s) for c, s in v.edges]
        level = below


# %% shared-by-hand
# the reuse of x is forgotten
gradient = [30, 45]

# %% shared-by-hand
# the other way round
gradient = [45, 36]

# %% shared-by-hand
# by text
gradient = "36, 45"

# %% shared-by-hand
# paths of a only once
gradient = [18 + 6, 27]

# %% local-derivatives
# the cube from the output's root: complex for negative numbers
def local_derivatives(op, inputs, output):
    x = inputs[0]
    y = inputs[-1]
    return {"+": lambda: [1, 1], "-": lambda: [1, -1], "*": lambda: [y, x], "/": lambda: [1 / y, -x / y**2], "cube": lambda: [3 * abs(output) ** (1 / 3)],
            "exp": lambda: [output], "log": lambda: [1 / x], "tanh": lambda: [1 - output**2]}[op]()

# %% local-derivatives
# the second slope of a quotient has lost its sign
def local_derivatives(op, inputs, output):
    x = inputs[0]
    y = inputs[-1]
    return {"+": lambda: [1, 1], "-": lambda: [1, -1], "*": lambda: [y, x], "/": lambda: [1 / y, x / y**2], "cube": lambda: [3 * x * x],
            "exp": lambda: [output], "log": lambda: [1 / x], "tanh": lambda: [1 - output**2]}[op]()

# %% local-derivatives
# minus passes 1 to both
def local_derivatives(op, inputs, output):
    x = inputs[0]
    y = inputs[-1]
    return {"+": lambda: [1, 1], "-": lambda: [1, 1], "*": lambda: [y, x], "/": lambda: [1 / y, -x / y**2], "cube": lambda: [3 * x * x],
            "exp": lambda: [output], "log": lambda: [1 / x], "tanh": lambda: [1 - output**2]}[op]()

# %% local-derivatives
# a product's slopes in the wrong order
def local_derivatives(op, inputs, output):
    x = inputs[0]
    y = inputs[-1]
    return {"+": lambda: [1, 1], "-": lambda: [1, -1], "*": lambda: [x, y], "/": lambda: [1 / y, -x / y**2], "cube": lambda: [3 * x * x],
            "exp": lambda: [output], "log": lambda: [1 / x], "tanh": lambda: [1 - output**2]}[op]()

# %% local-derivatives
# central differences with a coarse step
def local_derivatives(op, inputs, output):
    f = {"+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y, "/": lambda x, y: x / y, "cube": lambda x: x**3, "exp": np.exp, "log": np.log, "tanh": np.tanh}[op]
    h = 1e-2
    return [(f(*[v + h * (i == k) for i, v in enumerate(inputs)]) - f(*[v - h * (i == k) for i, v in enumerate(inputs)])) / (2 * h) for k in range(len(inputs))]

# %% local-derivatives
# log's slope from the output
def local_derivatives(op, inputs, output):
    x = inputs[0]
    y = inputs[-1]
    return {"+": lambda: [1, 1], "-": lambda: [1, -1], "*": lambda: [y, x], "/": lambda: [1 / y, -x / y**2], "cube": lambda: [3 * x * x],
            "exp": lambda: [output], "log": lambda: [1 / output], "tanh": lambda: [1 - output**2]}[op]()

# %% local-derivatives
# tanh's slope by the input
def local_derivatives(op, inputs, output):
    x = inputs[0]
    y = inputs[-1]
    return {"+": lambda: [1, 1], "-": lambda: [1, -1], "*": lambda: [y, x], "/": lambda: [1 / y, -x / y**2], "cube": lambda: [3 * x * x],
            "exp": lambda: [output], "log": lambda: [1 / x], "tanh": lambda: [1 - x**2]}[op]()

# %% backward-pass
# breadth first, each value passes on when first met
def backward(output):
    output.grad, queue, seen = 1.0, [output], {output}
    for v in queue:
        for c, s in v.edges:
            c.grad += s * v.grad
            if c not in seen:
                seen.add(c)
                queue.append(c)

# %% backward-pass
# recursive post-order
def backward(output):
    order, seen = [], set()
    def visit(v):
        if v not in seen:
            seen.add(v)
            for c, _ in v.edges:
                visit(c)
            order.append(v)
    visit(output)
    output.grad = 1.0
    for v in reversed(order):
        for c, s in v.edges:
            c.grad += s * v.grad

# %% backward-pass
# two edges to one value count once
def backward(output):
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        v, f = stack.pop()
        if f:
            order.append(v)
        elif v not in seen:
            seen.add(v)
            stack.append((v, True))
            stack.extend((c, False) for c, _ in v.edges)
    output.grad = 1.0
    for v in reversed(order):
        for c, s in dict(v.edges).items():
            c.grad += s * v.grad

# %% backward-pass
# the last path wins
def backward(output):
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        v, f = stack.pop()
        if f:
            order.append(v)
        elif v not in seen:
            seen.add(v)
            stack.append((v, True))
            stack.extend((c, False) for c, _ in v.edges)
    output.grad = 1.0
    for v in reversed(order):
        for c, s in v.edges:
            c.grad = s * v.grad

# %% backward-pass
# the output's own grad stays 0
def backward(output):
    output.backward()
    output.grad = 0.0

# %% backward-pass
# values that are not leaves are set back to 0
def backward(output):
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        v, f = stack.pop()
        if f:
            order.append(v)
        elif v not in seen:
            seen.add(v)
            stack.append((v, True))
            stack.extend((c, False) for c, _ in v.edges)
    output.grad = 1.0
    for v in reversed(order):
        for c, s in v.edges:
            c.grad += s * v.grad
    for v in order:
        if v.edges and v is not output:
            v.grad = 0.0

# %% backward-pass
# a pre-order by a stack, reversed wrongly
def backward(output):
    order, seen, stack = [], set(), [output]
    while stack:
        v = stack.pop()
        if v not in seen:
            seen.add(v)
            order.append(v)
            stack.extend(c for c, _ in v.edges)
    output.grad = 1.0
    for v in order:
        for c, s in v.edges:
            c.grad += s * v.grad

# %% backward-pass
# paths on a stack
def backward(output):
    stack = [(output, 1.0)]
    while stack:
        v, g = stack.pop()
        v.grad += g
        stack.extend((c, g * s) for c, s in v.edges)

# %% backward-pass
# values with a slope of nought are told apart by their data (all 0)
def backward(output):
    order, seen, stack = [], {}, [output]
    while stack:
        v = stack.pop()
        if v.grad == 0:
            v.grad = 1.0 if v is output else v.grad
            for c, s in v.edges:
                c.grad += s * v.grad
                stack.append(c)

# %% nll-of-values
# the -1 at the target is forgotten in the slopes
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    lse = np.logaddexp.reduce(z)
    return Value(lse - z[target], *zip(logits, np.exp(z - lse)))

# %% nll-of-values
# a number
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    return float(np.logaddexp.reduce(z) - z[target])

# %% nll-of-values
# the log of the softmax
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    with np.errstate(all="ignore"):
        p = np.exp(z - z.max())
        p /= p.sum()
        return Value(-np.log(p[target]), *zip(logits, p - np.eye(len(z))[target]))

# %% nll-of-values
# an edge to the target only
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    lse = np.logaddexp.reduce(z)
    return Value(lse - z[target], (logits[target], np.exp(z[target] - lse) - 1))

# %% nll-of-values
# the negative
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    lse = np.logaddexp.reduce(z)
    return Value(z[target] - lse, *zip(logits, np.eye(len(z))[target] - np.exp(z - lse)))

# %% nll-of-values
# clipped logits
def nll_from_logits(logits, target):
    z = np.clip([v.data for v in logits], -500, 500)
    lse = np.logaddexp.reduce(z)
    return Value(lse - z[target], *zip(logits, np.exp(z - lse) - np.eye(len(z))[target]))

# %% nll-of-values
# grads are written by hand, and no edges
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    lse = np.logaddexp.reduce(z)
    for v, g in zip(logits, np.exp(z - lse) - np.eye(len(z))[target]):
        v.grad = 2 * g
    return Value(lse - z[target])

# %% numerical-gradient
# forward
def numerical_gradient(f, x, h):
    return [(f([v + h * (k == i) for k, v in enumerate(x)]) - f(x)) / h for i in range(len(x))]

# %% numerical-gradient
# over h
def numerical_gradient(f, x, h):
    return [(f([v + h * (k == i) for k, v in enumerate(x)]) - f([v - h * (k == i) for k, v in enumerate(x)])) / h for i in range(len(x))]

# %% numerical-gradient
# not put back
def numerical_gradient(f, x, h):
    x, out = list(x), []
    for i in range(len(x)):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        out.append((up - f(x)) / (2 * h))
    return out

# %% numerical-gradient
# a step of its own
def numerical_gradient(f, x, h):
    h = 1e-5
    return [(f([v + h * (k == i) for k, v in enumerate(x)]) - f([v - h * (k == i) for k, v in enumerate(x)])) / (2 * h) for i in range(len(x))]

# %% numerical-gradient
# all coordinates at once
def numerical_gradient(f, x, h):
    d = (f([v + h for v in x]) - f([v - h for v in x])) / (2 * h)
    return [d] * len(x)

# %% numerical-gradient
# Richardson's better estimate is not the central difference
def numerical_gradient(f, x, h):
    c = lambda h: np.array([(f([v + h * (k == i) for k, v in enumerate(x)]) - f([v - h * (k == i) for k, v in enumerate(x)])) / (2 * h) for i in range(len(x))])
    return list((4 * c(h / 2) - c(h)) / 3)

# %% gradient-check
# smaller is better
conclusion = "c"

# %% train-two-letters
# grads are never set to 0
def train(parameters, batches, learning_rate):
    out = []
    for batch in batches:
        losses = [pair_loss(parameters, pair) for pair in batch]
        mean = Value(np.mean([l.data for l in losses]), *((l, 1 / len(losses)) for l in losses))
        mean.backward()
        out.append(np.exp(mean.data))
        for p in parameters:
            p.data -= learning_rate * p.grad
    return out

# %% train-two-letters
# slopes of 1
def train(parameters, batches, learning_rate):
    out = []
    for batch in batches:
        for p in parameters:
            p.grad = 0.0
        losses = [pair_loss(parameters, pair) for pair in batch]
        Value(np.mean([l.data for l in losses]), *((l, 1.0) for l in losses)).backward()
        out.append(np.exp(np.mean([l.data for l in losses])))
        for p in parameters:
            p.data -= learning_rate * p.grad
    return out

# %% train-two-letters
# the perplexity after the step
def train(parameters, batches, learning_rate):
    out = []
    for batch in batches:
        for p in parameters:
            p.grad = 0.0
        losses = [pair_loss(parameters, pair) for pair in batch]
        Value(0, *((l, 1 / len(batch)) for l in losses)).backward()
        for p in parameters:
            p.data -= learning_rate * p.grad
        out.append(np.exp(np.mean([pair_loss(parameters, pair).data for pair in batch])))
    return out

# %% train-two-letters
# one step per pair
def train(parameters, batches, learning_rate):
    out = []
    for batch in batches:
        total = 0
        for pair in batch:
            for p in parameters:
                p.grad = 0.0
            l = pair_loss(parameters, pair)
            l.backward()
            total += l.data
            for p in parameters:
                p.data -= learning_rate * p.grad
        out.append(np.exp(total / len(batch)))
    return out

# %% train-two-letters
# the mean of perplexities
def train(parameters, batches, learning_rate):
    out = []
    for batch in batches:
        for p in parameters:
            p.grad = 0.0
        losses = [pair_loss(parameters, pair) for pair in batch]
        Value(0, *((l, 1 / len(batch)) for l in losses)).backward()
        out.append(np.mean([np.exp(l.data) for l in losses]))
        for p in parameters:
            p.data -= learning_rate * p.grad
    return out

# %% train-two-letters
# each letter's gradient is averaged over its own pairs
def train(parameters, batches, learning_rate):
    out = []
    for batch in batches:
        for p in parameters:
            p.grad = 0.0
        losses = [pair_loss(parameters, pair) for pair in batch]
        n = [max(sum(b == k for b, _ in batch), 1) for k in (0, 1)]
        Value(0, *((l, 1 / n[pair[0]]) for l, pair in zip(losses, batch))).backward()
        out.append(np.exp(np.mean([l.data for l in losses])))
        for p in parameters:
            p.data -= learning_rate * p.grad
    return out

# %% train-two-letters
# uphill
def train(parameters, batches, learning_rate):
    out = []
    for batch in batches:
        for p in parameters:
            p.grad = 0.0
        losses = [pair_loss(parameters, pair) for pair in batch]
        Value(0, *((l, 1 / len(batch)) for l in losses)).backward()
        out.append(np.exp(np.mean([l.data for l in losses])))
        for p in parameters:
            p.data += learning_rate * p.grad
    return out

# %% backward-pass
# sweeps over all values until nothing changes: each edge is used thousands of times
def backward(output):
    values, todo = {output}, [output]
    while todo:
        for c, _ in todo.pop().edges:
            if c not in values:
                values.add(c)
                todo.append(c)
    edges = [(v, c, s) for v in values for c, s in v.edges]
    while True:
        new = dict.fromkeys(values, 0.0)
        new[output] = 1.0
        for v, c, s in edges:
            new[c] += s * v.grad
        if all(new[v] == v.grad for v in values):
            return
        for v in values:
            v.grad = new[v]

# %% backward-pass
# a value whose grad is 0 passes nothing on, and lowers no count
def backward(output):
    count, todo = {output: 0}, [output]
    for v in todo:
        for c, _ in v.edges:
            if c not in count:
                todo.append(c)
            count[c] = count.get(c, 0) + 1
    output.grad, ready = 1.0, [output]
    while ready:
        v = ready.pop()
        if v.grad == 0:
            continue
        for c, s in v.edges:
            c.grad += v.grad * s
            count[c] -= 1
            if count[c] == 0:
                ready.append(c)

# %% local-derivatives
# from the output where it saves work: 0/0 at an input of 0
def local_derivatives(op, inputs, output):
    x, y = inputs[0], inputs[-1]
    with np.errstate(all="ignore"):
        x, y, output = np.float64(x), np.float64(y), np.float64(output)
        return {"+": [1, 1], "-": [1, -1], "*": [output / x, output / y], "/": [1 / y, -output / y], "cube": [3 * output / x],
                "exp": [output], "log": [1 / x], "tanh": [1 - output**2]}[op]

# %% local-derivatives
# abs under the cube
def local_derivatives(op, inputs, output):
    x, y = inputs[0], inputs[-1]
    if op == "log":
        return [1 / abs(x)]
    return {"+": lambda: [1, 1], "-": lambda: [1, -1], "*": lambda: [y, x], "/": lambda: [1 / abs(y), -x / y**2], "cube": lambda: [3 * x * x], "exp": lambda: [output], "tanh": lambda: [1 - output**2]}[op]()

# %% train-two-letters
# the gradient of a parameter that the batch did not use is an old one
def train(parameters, batches, learning_rate):
    out = []
    for batch in batches:
        for before, _ in batch:
            parameters[before].grad = 0.0
        losses = [pair_loss(parameters, pair) for pair in batch]
        mean = Value(np.mean([l.data for l in losses]), *((l, 1 / len(losses)) for l in losses))
        mean.backward()
        out.append(np.exp(mean.data))
        for p in parameters:
            p.data -= learning_rate * p.grad
    return out

# %% numerical-gradient
# always a list of two
def numerical_gradient(f, x, h):
    return [(f([v + h * (k == i) for k, v in enumerate(x)]) - f([v - h * (k == i) for k, v in enumerate(x)])) / (2 * h) for i in range(min(len(x), 2))]

# %% numerical-gradient
# a relative step
def numerical_gradient(f, x, h):
    out = []
    for i, v in enumerate(x):
        d = h * max(abs(v), 1)
        out.append((f(x[:i] + [v + d] + x[i + 1:]) - f(x[:i] + [v - d] + x[i + 1:])) / (2 * d))
    return out

# %% backward-pass
# whoever has grad 0 is taken for new, and gets in the line once more
def backward(output):
    count, todo = {}, [output]
    seen = {output}
    for v in todo:
        for c, s in v.edges:
            if s != 0:
                count[c] = count.get(c, 0) + 1
            if c not in seen:
                seen.add(c)
                todo.append(c)
    output.grad, ready = 1.0, [output]
    while ready:
        v = ready.pop()
        for c, s in v.edges:
            c.grad += v.grad * s
            count[c] = count.get(c, 0) - 1
            if count[c] == 0:
                ready.append(c)

# %% nll-of-values
# changes the logits that it was given
def nll_from_logits(logits, target):
    top = max(v.data for v in logits)
    for v in logits:
        v.data -= top
    e = np.exp([v.data for v in logits])
    return Value(np.log(e.sum()) - logits[target].data, *zip(logits, e / e.sum()))

# %% tanh-steps most=0.34
# the answer alone
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", 1 - tanh_x**2, because="known")
steps

# %% tanh-steps most=0.34
# the name tanh, then the answer
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative(tanh_x, x), because="that is tanh")
steps.step("=", 1 - tanh_x**2, because="the rule")
steps

# %% tanh-steps
# exponentials are left
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", ((up + down)**2 - (up - down)**2) / (up + down)**2, because="quotient rule")
steps.step("=", 1 - ((up - down) / (up + down))**2, because="divide")
steps

# %% tanh-steps
# the quotient rule with a plus, but the right end
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", ((up + down)**2 + (up - down)**2) / (up + down)**2, because="quotient rule")
steps.step("=", 1 - tanh_x**2, because="divide")
steps

# %% tanh-steps
# sech at the end
from sympy import sech
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", ((up + down)**2 - (up - down)**2) / (up + down)**2, because="quotient rule")
steps.step("=", sech(x)**2, because="known")
steps

# %% tanh-steps
# 1 - tanh
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", ((up + down)**2 - (up - down)**2) / (up + down)**2, because="quotient rule")
steps.step("=", (1 - tanh_x)**2, because="divide")
steps

# %% tanh-steps most=0.34
# times e^x e^-x, then the answer
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative((down - up) / (-up - down), x), because="minus above and below")
steps.step("=", 1 - tanh_x**2, because="known")
steps

# %% tanh-steps most=0.34
# minus tanh of minus x, then the answer
import sympy
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative(2 * (up - down) / (up + down) + 5, x) / 2, because="twice and half, plus a constant")
steps.step("=", 1 - tanh_x**2, because="known")
steps

# %% tanh-steps
# the slope of the top over the slope of the bottom, and the right end
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", (up + down) / (up - down), because="top and bottom each")
steps.step("=", 1 / tanh_x, because="definition")
steps.step("=", 1 - tanh_x**2, because="known")
steps

# %% tanh-steps most=0.34
# an integrating factor there and back, then the answer
steps = Derivation("tanh-steps", strict=False)
T = (up - down) / (up + down)
steps.start(Derivative(T, x))
steps.step("=", Derivative(up * T, x) * down - T, because="product rule backwards")
steps.step("=", 1 - tanh_x**2, because="known")
steps

# %% tanh-steps most=0.34
# the answer in exponentials that nobody derived, by adding the start and taking it away
steps = Derivation("tanh-steps", strict=False)
T = (up - down) / (up + down)
steps.start(Derivative(T, x))
steps.step("=", Derivative(T, x) + up * T - up * tanh_x, because="plus nothing")
steps.step("=", 1 - tanh_x**2, because="known")
steps

# %% shared-by-hand most=0
gradient = [45, 36]

# %% shared-by-hand most=0.5
# the direct path of x forgotten
gradient = [30, 45]

# %% shared-by-hand most=0
# the values
gradient = [6, 9]

# %% shared-by-hand most=0
# of a and b
gradient = [9, 6]

# %% shared-by-hand most=0
gradient = [18, 18]

# %% shared-by-hand most=0.5
gradient = [36, 27]

# %% shared-by-hand most=0
gradient = ["36", "45"]

# %% shared-by-hand most=0
gradient = [0, 0]

# %% local-derivatives
# the quotient's sign
def local_derivatives(op, inputs, output):
    x, y = inputs[0], inputs[-1]
    return {"+": [1, 1], "-": [1, -1], "*": [y, x], "/": [1 / y, x / y**2], "cube": [3 * x * x], "exp": [output], "log": [1 / x], "tanh": [1 - output**2]}[op]


# %% local-derivatives
# minus is like plus
def local_derivatives(op, inputs, output):
    x, y = inputs[0], inputs[-1]
    return {"+": [1, 1], "-": [1, 1], "*": [y, x], "/": [1 / y, -output / y], "cube": [3 * x * x], "exp": [output], "log": [1 / x], "tanh": [1 - output**2]}[op]


# %% local-derivatives
# the product's factors not swapped
def local_derivatives(op, inputs, output):
    x, y = inputs[0], inputs[-1]
    return {"+": [1, 1], "-": [1, -1], "*": [x, y], "/": [1 / y, -output / y], "cube": [3 * x * x], "exp": [output], "log": [1 / x], "tanh": [1 - output**2]}[op]


# %% local-derivatives
# the input of tanh taken for its output
def local_derivatives(op, inputs, output):
    x, y = inputs[0], inputs[-1]
    return {"+": [1, 1], "-": [1, -1], "*": [y, x], "/": [1 / y, -output / y], "cube": [3 * x * x], "exp": [output], "log": [1 / x], "tanh": [1 - x**2]}[op]


# %% local-derivatives
# log of the output
def local_derivatives(op, inputs, output):
    x, y = inputs[0], inputs[-1]
    return {"+": [1, 1], "-": [1, -1], "*": [y, x], "/": [1 / y, -output / y], "cube": [3 * x * x], "exp": [output], "log": [1 / output], "tanh": [1 - output**2]}[op]


# %% local-derivatives
# cube: the power is not lowered
def local_derivatives(op, inputs, output):
    x, y = inputs[0], inputs[-1]
    return {"+": [1, 1], "-": [1, -1], "*": [y, x], "/": [1 / y, -output / y], "cube": [3 * output], "exp": [output], "log": [1 / x], "tanh": [1 - output**2]}[op]


# %% local-derivatives
# absolute values in the logarithm and the quotient
def local_derivatives(op, inputs, output):
    x, y = inputs[0], inputs[-1]
    return {"+": [1, 1], "-": [1, -1], "*": [y, x], "/": [1 / abs(y), -x / y**2], "cube": [3 * x * x], "exp": [output], "log": [1 / x], "tanh": [1 - output**2]}[op]


# %% local-derivatives
# a number instead of a list of one
def local_derivatives(op, inputs, output):
    x, y = inputs[0], inputs[-1]
    return {"+": [1, 1], "-": [1, -1], "*": [y, x], "/": [1 / y, x / y], "cube": 3 * x * x, "exp": output, "log": 1 / x, "tanh": 1 - output**2}[op]


# %% local-derivatives
# the divisor's derivative is 0
def local_derivatives(op, inputs, output):
    x, y = inputs[0], inputs[-1]
    return {"+": [1, 1], "-": [1, -1], "*": [y, x], "/": [1 / y, 0], "cube": [3 * x * x], "exp": [output], "log": [1 / x], "tanh": [1 - output**2]}[op]


# %% tanh-steps most=0.34
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps most=0.34
# tanh under the derivative, then the answer
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative(tanh_x, x))
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps most=0.34
# the answer with tanh written out at one place
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", (1 - tanh_x**2) * up * down)
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps most=0.34
# the answer minus a zero of exponentials
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", 1 - tanh_x**2 + up - up * (down * up))
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps most=0.34
# the fraction expanded by 2, then the answer
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative((2 * up - 2 * down) / (2 * up + 2 * down), x))
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps most=0.67
# the quotient rule with a plus
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", ((up + down) ** 2 + (up - down) ** 2) / (up + down) ** 2)
steps.step("=", 1 + tanh_x**2)

# %% tanh-steps most=0.67
# exponentials left
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", ((up + down) ** 2 - (up - down) ** 2) / (up + down) ** 2)
steps.step("=", 4 / (up + down) ** 2)

# %% tanh-steps most=0.67
# the answer in cosh
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", ((up + down) ** 2 - (up - down) ** 2) / (up + down) ** 2)
steps.step("=", 1 / sympy.cosh(x) ** 2)

# %% backward-pass
# the class's own
def backward(output):
    output.backward()


# %% backward-pass
# depth first, grads passed before they are complete
def backward(output):
    output.grad = 1.0
    seen, stack = {output}, [output]
    while stack:
        node = stack.pop()
        for v, slope in node.edges:
            v.grad += node.grad * slope
            if v not in seen:
                seen.add(v)
                stack.append(v)


# %% backward-pass
# breadth first
def backward(output):
    output.grad = 1.0
    seen, queue = {output}, [output]
    for node in queue:
        for v, slope in node.edges:
            v.grad += node.grad * slope
            if v not in seen:
                seen.add(v)
                queue.append(v)


# %% backward-pass
# each value once, but edges that meet at one value overwrite
def backward(output):
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((v, False) for v, _ in node.edges)
    output.grad = 1.0
    for node in reversed(order):
        for v, slope in node.edges:
            v.grad = node.grad * slope


# %% backward-pass
# two edges to the same value count once
def backward(output):
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((v, False) for v, _ in node.edges)
    output.grad = 1.0
    for node in reversed(order):
        for v, slope in dict(node.edges).items():
            v.grad += node.grad * slope


# %% backward-pass
# a recursion with a memory
def backward(output):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for v, _ in node.edges:
                visit(v)
            order.append(node)

    visit(output)
    output.grad = 1.0
    for node in reversed(order):
        for v, slope in node.edges:
            v.grad += node.grad * slope


# %% backward-pass
# a recursion in a thread with a large stack
import sys
import threading


def backward(output):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for v, _ in node.edges:
                visit(v)
            order.append(node)

    sys.setrecursionlimit(100_000)
    threading.stack_size(512 * 1024 * 1024)
    thread = threading.Thread(target=visit, args=(output,))
    thread.start()
    thread.join()
    output.grad = 1.0
    for node in reversed(order):
        for v, slope in node.edges:
            v.grad += node.grad * slope


# %% backward-pass
# the output's grad stays 0
def backward(output):
    output.grad = 1.0
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((v, False) for v, _ in node.edges)
    for node in reversed(order):
        for v, slope in node.edges:
            v.grad += node.grad * slope
    output.grad = 0.0


# %% backward-pass
# slopes added instead of multiplied
def backward(output):
    output.grad = 1.0
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((v, False) for v, _ in node.edges)
    for node in reversed(order):
        for v, slope in node.edges:
            v.grad += node.grad + slope


# %% backward-pass
# a path whose slope is 0 is cut, with the counts not lowered
def backward(output):
    from collections import Counter

    count, seen, todo = Counter(), {output}, [output]
    while todo:
        for v, _ in todo.pop().edges:
            count[v] += 1
            if v not in seen:
                seen.add(v)
                todo.append(v)
    output.grad = 1.0
    ready = [output]
    while ready:
        node = ready.pop()
        for v, slope in node.edges:
            if slope == 0 or node.grad == 0:
                continue
            v.grad += node.grad * slope
            count[v] -= 1
            if count[v] == 0:
                ready.append(v)


# %% nll-of-values
# no edge
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    return Value(np.logaddexp.reduce(z) - z[target])


# %% nll-of-values
# a number
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    return np.logaddexp.reduce(z) - z[target]


# %% nll-of-values
# the probabilities as slopes
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    lse = np.logaddexp.reduce(z)
    return Value(lse - z[target], *zip(logits, np.exp(z - lse)))


# %% nll-of-values
# slopes without a shift
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    with np.errstate(all="ignore"):
        p = np.exp(z) / np.exp(z).sum()
    return Value(np.logaddexp.reduce(z) - z[target], *((v, p[k] - (k == target)) for k, v in enumerate(logits)))


# %% nll-of-values
# the loss through a probability
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    p = np.exp(z - z.max())
    p /= p.sum()
    with np.errstate(divide="ignore"):
        return Value(-np.log(p[target]), *((v, p[k] - (k == target)) for k, v in enumerate(logits)))


# %% nll-of-values
# only the target has an edge
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    lse = np.logaddexp.reduce(z)
    return Value(lse - z[target], (logits[target], np.exp(z[target] - lse) - 1))


# %% nll-of-values
# target minus prediction
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    lse = np.logaddexp.reduce(z)
    p = np.exp(z - lse)
    return Value(lse - z[target], *((v, (k == target) - p[k]) for k, v in enumerate(logits)))


# %% nll-of-values
# new Values in place of those given
def nll_from_logits(logits, target):
    logits = [Value(v.data) for v in logits]
    z = np.array([v.data for v in logits])
    lse = np.logaddexp.reduce(z)
    p = np.exp(z - lse)
    return Value(lse - z[target], *((v, p[k] - (k == target)) for k, v in enumerate(logits)))


# %% nll-of-values
# log-probability
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    lse = np.logaddexp.reduce(z)
    p = np.exp(z - lse)
    return Value(z[target] - lse, *((v, p[k] - (k == target)) for k, v in enumerate(logits)))


# %% nll-of-values
# the edges twice
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    lse = np.logaddexp.reduce(z)
    p = np.exp(z - lse)
    edges = [(v, p[k] - (k == target)) for k, v in enumerate(logits)]
    return Value(lse - z[target], *edges, *edges)


# %% numerical-gradient
# forward
def numerical_gradient(f, x, h):
    return [(f([v + h * (k == i) for k, v in enumerate(x)]) - f(x)) / h for i in range(len(x))]


# %% numerical-gradient
# all coordinates at once
def numerical_gradient(f, x, h):
    return [(f([v + h for v in x]) - f([v - h for v in x])) / (2 * h)] * len(x)


# %% numerical-gradient
# not put back
def numerical_gradient(f, x, h):
    x = list(x)
    result = []
    for i in range(len(x)):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        result.append((up - f(x)) / (2 * h))
    return result


# %% numerical-gradient
# h instead of 2h
def numerical_gradient(f, x, h):
    return [(f([v + h * (k == i) for k, v in enumerate(x)]) - f([v - h * (k == i) for k, v in enumerate(x)])) / h for i in range(len(x))]


# %% numerical-gradient
# a step of its own
def numerical_gradient(f, x, h):
    h = 1e-5
    return [(f([v + h * (k == i) for k, v in enumerate(x)]) - f([v - h * (k == i) for k, v in enumerate(x)])) / (2 * h) for i in range(len(x))]


# %% numerical-gradient
# relative to the coordinate
def numerical_gradient(f, x, h):
    out = []
    for i in range(len(x)):
        s = h * (abs(x[i]) or 1)
        out.append((f([v + s * (k == i) for k, v in enumerate(x)]) - f([v - s * (k == i) for k, v in enumerate(x)])) / (2 * s))
    return out


# %% numerical-gradient
# the step is added to whole numbers of an integer array
def numerical_gradient(f, x, h):
    out = []
    for i in range(len(x)):
        s = h / 2
        out.append((f([v + s * (k == i) for k, v in enumerate(x)]) - f([v - s * (k == i) for k, v in enumerate(x)])) / h)
    return out


# %% numerical-gradient
# Richardson: better than the central difference, and not it
def numerical_gradient(f, x, h):
    def d(i, s):
        return (f([v + s * (k == i) for k, v in enumerate(x)]) - f([v - s * (k == i) for k, v in enumerate(x)])) / (2 * s)

    return [(4 * d(i, h / 2) - d(i, h)) / 3 for i in range(len(x))]


# %% numerical-gradient
# the coordinates with the same value all move
def numerical_gradient(f, x, h):
    return [(f([v + h if v == x[i] else v for v in x]) - f([v - h if v == x[i] else v for v in x])) / (2 * h) for i in range(len(x))]


# %% numerical-gradient
# the norm
def numerical_gradient(f, x, h):
    return float(np.linalg.norm([(f([v + h * (k == i) for k, v in enumerate(x)]) - f([v - h * (k == i) for k, v in enumerate(x)])) / (2 * h) for i in range(len(x))]))


# %% gradient-check most=0
conclusion = "c"

# %% gradient-check most=0
conclusion = "d or c"

# %% gradient-check most=0
conclusion = 1e-4

# %% train-two-letters
# grads add up from batch to batch
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        losses = [pair_loss(parameters, pair) for pair in batch]
        mean = Value(np.mean([l.data for l in losses]), *((l, 1 / len(losses)) for l in losses))
        mean.backward()
        for z in parameters:
            z.data -= learning_rate * z.grad
        result.append(np.exp(mean.data))
    return result


# %% train-two-letters
# a sum
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        losses = [pair_loss(parameters, pair) for pair in batch]
        for z in parameters:
            z.grad = 0
        for l in losses:
            l.backward()
        for z in parameters:
            z.data -= learning_rate * z.grad
        result.append(np.exp(np.mean([l.data for l in losses])))
    return result


# %% train-two-letters
# uphill
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        losses = [pair_loss(parameters, pair) for pair in batch]
        for z in parameters:
            z.grad = 0
        for l in losses:
            l.backward(1 / len(losses))
        for z in parameters:
            z.data += learning_rate * z.grad
        result.append(np.exp(np.mean([l.data for l in losses])))
    return result


# %% train-two-letters
# after the step
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        for z in parameters:
            z.grad = 0
        for pair in batch:
            pair_loss(parameters, pair).backward(1 / len(batch))
        for z in parameters:
            z.data -= learning_rate * z.grad
        result.append(np.exp(np.mean([pair_loss(parameters, pair).data for pair in batch])))
    return result


# %% train-two-letters
# a step for each pair
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        total = 0
        for pair in batch:
            for z in parameters:
                z.grad = 0
            loss = pair_loss(parameters, pair)
            loss.backward()
            total += loss.data
            for z in parameters:
                z.data -= learning_rate * z.grad
        result.append(np.exp(total / len(batch)))
    return result


# %% train-two-letters
# the losses
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        for z in parameters:
            z.grad = 0
        losses = [pair_loss(parameters, pair) for pair in batch]
        for l in losses:
            l.backward(1 / len(losses))
        for z in parameters:
            z.data -= learning_rate * z.grad
        result.append(np.mean([l.data for l in losses]))
    return result


# %% train-two-letters
# the mean of perplexities
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        for z in parameters:
            z.grad = 0
        losses = [pair_loss(parameters, pair) for pair in batch]
        for l in losses:
            l.backward(1 / len(losses))
        for z in parameters:
            z.data -= learning_rate * z.grad
        result.append(np.mean([np.exp(l.data) for l in losses]))
    return result


# %% train-two-letters
# the last batch only
def train(parameters, batches, learning_rate):
    for batch in batches:
        for z in parameters:
            z.grad = 0
        losses = [pair_loss(parameters, pair) for pair in batch]
        for l in losses:
            l.backward(1 / len(losses))
        for z in parameters:
            z.data -= learning_rate * z.grad
    return [np.exp(np.mean([l.data for l in losses]))]


# %% train-two-letters
# each parameter's own mean: over the pairs in which it occurs
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        for z in parameters:
            z.grad = 0
        losses = [pair_loss(parameters, pair) for pair in batch]
        for l in losses:
            l.backward()
        for i, z in enumerate(parameters):
            n = sum(1 for before, _ in batch if before == i)
            z.data -= learning_rate * z.grad / max(n, 1)
        result.append(np.exp(np.mean([l.data for l in losses])))
    return result


# %% train-two-letters
# new Values in the list: the ones given stay
def train(parameters, batches, learning_rate):
    parameters = [Value(z.data) for z in parameters]
    result = []
    for batch in batches:
        for z in parameters:
            z.grad = 0
        losses = [pair_loss(parameters, pair) for pair in batch]
        for l in losses:
            l.backward(1 / len(losses))
        for z in parameters:
            z.data -= learning_rate * z.grad
        result.append(np.exp(np.mean([l.data for l in losses])))
    return result


# %% train-two-letters
# all batches with the first gradient: batches put together
def train(parameters, batches, learning_rate):
    result = []
    steps = [0.0, 0.0]
    for batch in batches:
        for z in parameters:
            z.grad = 0
        losses = [pair_loss(parameters, pair) for pair in batch]
        for l in losses:
            l.backward(1 / len(losses))
        steps = [s + z.grad for s, z in zip(steps, parameters)]
        result.append(np.exp(np.mean([l.data for l in losses])))
    for z, s in zip(parameters, steps):
        z.data -= learning_rate * s
    return result

# %% tanh-steps most=0.34
# half of the start, half of the answer
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative((up - down) / (up + down), x) / 2 + (1 - tanh_x**2) / 2)
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps most=0.34
# the answer plus exponentials that cancel
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", 1 - tanh_x**2 + (up + down) ** 2 - (up - down) ** 2 - 4)
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps most=0.34
# the answer times exponentials that cancel
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", (1 - tanh_x**2) * ((up + down) ** 2 - (up - down) ** 2) / 4)
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps most=0.34
# the start times e^x e^{-x}, in a hidden form
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative((up - down) / (up + down), x) * (sympy.cosh(x) ** 2 - sympy.sinh(x) ** 2))
steps.step("=", 1 - tanh_x**2)

# %% numerical-gradient
# the place of a coordinate is looked up by its value
def numerical_gradient(f, x, h):
    result = []
    for v in x:
        up, down = list(x), list(x)
        up[up.index(v)] = v + h
        down[down.index(v)] = v - h
        result.append((f(up) - f(down)) / (2 * h))
    return result


# %% numerical-gradient
# one entry for each different value
def numerical_gradient(f, x, h):
    found = {}
    for i, v in enumerate(x):
        found[v] = (f([*x[:i], v + h, *x[i + 1 :]]) - f([*x[:i], v - h, *x[i + 1 :]])) / (2 * h)
    return list(found.values())
