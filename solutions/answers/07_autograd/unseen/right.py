# %% shared-by-hand
# a tuple of floats
gradient = (36.0, 45.0)

# %% shared-by-hand
# whole numbers in a NumPy array
gradient = np.array([36, 45])

# %% shared-by-hand
# Fractions
from fractions import Fraction

gradient = [Fraction(36), Fraction(90, 2)]

# %% shared-by-hand
# the set's own Values
x, y = Value(3), Value(2)
a = Value(x.data * y.data, (x, y.data), (y, x.data))
b = Value(a.data + x.data, (a, 1), (x, 1))
L = Value(a.data * b.data, (a, b.data), (b, a.data))
L.backward()
gradient = [x.grad, y.grad]

# %% shared-by-hand
# torch's autograd: two tensors in a list
import torch

x, y = torch.tensor(3.0, requires_grad=True), torch.tensor(2.0, requires_grad=True)
a = x * y
gradient = list(torch.autograd.grad(a * (a + x), [x, y]))

# %% shared-by-hand
# SymPy, then numbers put in
s, t = sympy.symbols("s t")
loss = (s * t) * (s * t + s)
gradient = [loss.diff(v).subs({s: 3, t: 2}) for v in (s, t)]

# %% shared-by-hand
# a row
gradient = np.array([[36.0, 45.0]])

# %% shared-by-hand
# a namedtuple
from collections import namedtuple

Grad = namedtuple("Grad", "dx dy")
gradient = Grad(dx=2 * 3 * 4 + 2 * 3 * 2, dy=2 * 9 * 2 + 9)

# %% shared-by-hand
# dual numbers by hand, one run for each variable
def run(dx, dy):
    x, y = 3, 2
    a, da = x * y, dx * y + x * dy
    b, db = a + x, da + dx
    return da * b + a * db


gradient = [run(1, 0), run(0, 1)]

# %% shared-by-hand
# half precision holds these exactly
gradient = np.array([36, 45], dtype=np.float16)

# %% local-derivatives
# a table of functions
def local_derivatives(op, inputs, output):
    rules = {
        "+": lambda x, y: [1.0, 1.0],
        "-": lambda x, y: [1.0, -1.0],
        "*": lambda x, y: [y, x],
        "/": lambda x, y: [1 / y, -x / y**2],
        "cube": lambda x: [3 * x**2],
        "exp": lambda x: [output],
        "log": lambda x: [1 / x],
        "tanh": lambda x: [1 - output**2],
    }
    return rules[op](*inputs)

# %% local-derivatives
# match, and tuples
def local_derivatives(op, inputs, output):
    match op, inputs:
        case "+", _:
            return (1, 1)
        case "-", _:
            return (1, -1)
        case "*", [x, y]:
            return (y, x)
        case "/", [_, y]:
            return (1 / y, -output / y)
        case "cube", [x]:
            return (3 * x * x,)
        case "exp", _:
            return (output,)
        case "log", [x]:
            return (x**-1,)
        case "tanh", _:
            return ((1 - output) * (1 + output),)

# %% local-derivatives
# complex steps
import cmath


def local_derivatives(op, inputs, output):
    f = {
        "+": lambda x, y: x + y,
        "-": lambda x, y: x - y,
        "*": lambda x, y: x * y,
        "/": lambda x, y: x / y,
        "cube": lambda x: x * x * x,
        "exp": cmath.exp,
        "log": cmath.log,
        "tanh": cmath.tanh,
    }[op]
    h = 1e-30
    return [f(*(v + (1j * h if i == k else 0) for k, v in enumerate(inputs))).imag / h for i in range(len(inputs))]

# %% local-derivatives
# torch does it
import operator

import torch


def local_derivatives(op, inputs, output):
    f = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}.get(op)
    f = f or {"cube": lambda x: x**3, "exp": torch.exp, "log": torch.log, "tanh": torch.tanh}[op]
    xs = [torch.tensor(float(v), dtype=torch.float64, requires_grad=True) for v in inputs]
    f(*xs).backward()
    return [v.grad.item() for v in xs]

# %% local-derivatives
# SymPy does it; exact derivatives, then floats
def local_derivatives(op, inputs, output):
    u, v = sympy.symbols("u v")
    f = {"+": u + v, "-": u - v, "*": u * v, "/": u / v, "cube": u**3}.get(op)
    f = f if f is not None else getattr(sympy, op)(u)
    at = dict(zip((u, v), inputs))
    return [float(f.diff(w).subs(at)) for w in list(at)]

# %% local-derivatives
# NumPy arrays
def local_derivatives(op, inputs, output):
    x = np.array(inputs, dtype=float)
    if op in ("+", "-"):
        return np.array([1.0, -1.0 if op == "-" else 1.0])
    if op == "*":
        return x[::-1]
    if op == "/":
        return np.array([1, -output]) / x[1]
    if op == "cube":
        return 3 * x**2
    if op == "log":
        return 1 / x
    return np.atleast_1d(output if op == "exp" else 1 - np.square(output))

# %% local-derivatives
# a class whose methods have the names of functions
class Rules:
    def exp(self, out, x):
        return [out]

    def log(self, out, x):
        return [1 / x]

    def tanh(self, out, x):
        return [1 - out * out]

    def cube(self, out, x):
        return [3 * x**2]

    def add(self, out, x, y):
        return [1, 1]

    def sub(self, out, x, y):
        return [1, -1]

    def mul(self, out, x, y):
        return [y, x]

    def div(self, out, x, y):
        return [1 / y, -(out / y)]


def local_derivatives(op, inputs, output):
    name = {"+": "add", "-": "sub", "*": "mul", "/": "div"}.get(op, op)
    return getattr(Rules(), name)(output, *inputs)

# %% local-derivatives
# everything is a product of powers; logarithmic differentiation where it is safe
def local_derivatives(op, inputs, output):
    x, *rest = inputs
    y = rest[0] if rest else None
    if op == "+":
        return [1.0] * 2
    if op == "-":
        return [+1.0, -1.0]
    if op == "*":
        return [y, x]
    if op == "/":
        return [y**-1, -x * y**-2]
    return [{"cube": 3 * x * x, "exp": output, "tanh": 1 - output * output}[op] if op != "log" else 1 / x]

# %% tanh-steps
# the quotient rule, then divided
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", ((up + down) ** 2 - (up - down) ** 2) / (up + down) ** 2, because="the quotient rule")
steps.step("=", 1 - ((up - down) / (up + down)) ** 2, because="divide")
steps.step("=", 1 - tanh_x**2, because="the definition of tanh")
steps

# %% tanh-steps
# the derivatives of the parts are written first
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step(
    "=",
    (Derivative(up - down, x) * (up + down) - (up - down) * Derivative(up + down, x)) / (up + down) ** 2,
    because="Quotientenregel",
)
steps.step("=", ((up + down) * (up + down) - (up - down) * (up - down)) / (up + down) ** 2, because="ausrechnen")
steps.step("=", 1 - tanh_x**2, because="kürzen")
steps

# %% tanh-steps
# the product rule
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step(
    "=",
    (up + down) * (up + down) ** -1 - (up - down) * (up + down) ** -2 * (up - down),
    because="the product rule with (up + down)**-1",
)
steps.step("=", 1 - tanh_x**2, because="the definition")
steps

# %% tanh-steps
# four over the square
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", 4 / (up + down) ** 2, because="quotient rule; only 2 up down + 2 up down is left")
steps.step("=", ((up + down) ** 2 - (up - down) ** 2) / (up + down) ** 2, because="4 is that difference")
steps.step("=", 1 - tanh_x * tanh_x, because="divide")
steps

# %% tanh-steps
# hyperbolic sine and cosine
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative(sympy.sinh(x) / sympy.cosh(x), x), because="halves of both")
steps.step("=", (sympy.cosh(x) ** 2 - sympy.sinh(x) ** 2) / sympy.cosh(x) ** 2, because="quotient rule")
steps.step("=", 1 - tanh_x**2, because="divide by cosh squared")
steps

# %% tanh-steps
# multiplied by e^x above and below
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative(1 - 2 / (sympy.exp(2 * x) + 1), x), because="times e^x, and one taken out")
steps.step("=", 4 * sympy.exp(2 * x) / (sympy.exp(2 * x) + 1) ** 2, because="chain rule")
steps.step("=", 1 - tanh_x**2, because="(1 - tanh)(1 + tanh)")
steps

# %% tanh-steps
# sech squared in the middle, factored at the end
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", ((up + down) ** 2 - (up - down) ** 2) / (up + down) ** 2, because="quotient rule")
steps.step("=", sympy.sech(x) ** 2, because="4 over the square")
steps.step("=", (1 - tanh_x) * (1 + tanh_x), because="third binomial formula")
steps

# %% tanh-steps
# tanh comes in before the bar is gone
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", (up + down) / (up + down) - (up - down) * (up - down) / (up + down) ** 2, because="quotient rule, split")
steps.step("=", 1 - tanh_x * (up - down) / (up + down), because="tanh once")
steps.step("=", 1 - tanh_x**2, because="tanh twice")
steps

# %% tanh-steps
# two factors, each a sum or difference of 1 and tanh
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", (2 * down / (up + down)) * (2 * up / (up + down)), because="quotient rule")
steps.step("=", (1 - (up - down) / (up + down)) * (1 + (up - down) / (up + down)), because="one minus, one plus")
steps.step("=", 1 - tanh_x**2, because="multiply")
steps

# %% backward-pass
# counts edges, a list as the stack
def backward(output):
    todo, waiting, seen = [output], {}, {id(output)}
    while todo:
        for child, _ in todo.pop().edges:
            waiting[id(child)] = waiting.get(id(child), 0) + 1
            if id(child) not in seen:
                seen.add(id(child))
                todo.append(child)
    output.grad = 1.0
    ready = [output]
    while ready:
        v = ready.pop()
        for child, slope in v.edges:
            child.grad += v.grad * slope
            waiting[id(child)] -= 1
            if waiting[id(child)] == 0:
                ready.append(child)

# %% backward-pass
# an order from a depth-first walk with iterators
def backward(output):
    order, seen, stack = [], {output}, [(output, iter(output.edges))]
    while stack:
        value, rest = stack[-1]
        for child, _ in rest:
            if child not in seen:
                seen.add(child)
                stack.append((child, iter(child.edges)))
                break
        else:
            order.append(value)
            stack.pop()
    output.grad = 1.0
    for value in reversed(order):
        for child, slope in value.edges:
            child.grad += slope * value.grad

# %% backward-pass
# Counter and deque, attributes left on the values
from collections import Counter, deque


def backward(output):
    nodes, parents = [output], Counter()
    output.besucht = True
    for node in nodes:
        for kid, _ in node.edges:
            parents[kid] += 1
            if not hasattr(kid, "besucht"):
                kid.besucht = True
                nodes.append(kid)
    output.grad += 1
    queue = deque([output])
    while queue:
        node = queue.popleft()
        for kid, slope in node.edges:
            kid.grad += slope * node.grad
            parents[kid] -= 1
            if not parents[kid]:
                queue.append(kid)

# %% backward-pass
# the standard library sorts the graph
from graphlib import TopologicalSorter


def backward(output):
    sorter, todo, seen = TopologicalSorter(), [output], {output}
    while todo:
        v = todo.pop()
        sorter.add(v, *(c for c, _ in v.edges))
        for c, _ in v.edges:
            if c not in seen:
                seen.add(c)
                todo.append(c)
    output.grad = 1.0
    for v in reversed(list(sorter.static_order())):
        for c, slope in v.edges:
            c.grad += v.grad * slope

# %% backward-pass
# a depth-first walk with flags: (value, done)
def backward(output):
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        v, done = stack.pop()
        if done:
            order.append(v)
        elif v not in seen:
            seen.add(v)
            stack.append((v, True))
            stack.extend((c, False) for c, _ in v.edges)
    output.grad = 1.0
    while order:
        v = order.pop()
        for c, slope in v.edges:
            c.grad += v.grad * slope

# %% backward-pass
# a sparse system of linear equations for all grads at once
import scipy.sparse as sp
import scipy.sparse.linalg as la


def backward(output):
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        v, done = stack.pop()
        if done:
            order.append(v)
        elif id(v) not in seen:
            seen.add(id(v))
            stack += [(v, True)] + [(c, False) for c, _ in v.edges]
    order.reverse()
    place = {id(v): i for i, v in enumerate(order)}
    triples = [(place[id(c)], i, -s) for i, v in enumerate(order) for c, s in v.edges]
    rows, columns, entries = zip(*triples) if triples else ((), (), ())
    n = len(order)
    matrix = sp.csr_matrix((np.array(entries, float), (rows, columns)), shape=(n, n)) + sp.eye(n, format="csr")
    right = np.zeros(n)
    right[0] = 1.0
    for v, g in zip(order, la.spsolve_triangular(matrix.tocsr(), right, lower=True)):
        v.grad = float(g)

# %% backward-pass
# a class with methods named like a library's
class Engine:
    def __init__(self, root):
        self.root, self.missing = root, {root: 0}
        stack = [root]
        while stack:
            for child, _ in stack.pop().edges:
                if child not in self.missing:
                    self.missing[child] = 0
                    stack.append(child)
                self.missing[child] += 1

    def backward(self):
        self.root.grad = 1.0
        complete = {self.root}
        while complete:
            v = complete.pop()
            for child, slope in v.edges:
                child.grad += slope * v.grad
                self.missing[child] -= 1
                if self.missing[child] == 0:
                    complete.add(child)


def backward(output):
    Engine(output).backward()

# %% backward-pass
# a heap ordered by the longest way from the leaves
import heapq


def backward(output):
    height, stack = {}, [(output, False)]
    while stack:
        v, done = stack.pop()
        if v in height:
            continue
        if done:
            height[v] = 1 + max((height[c] for c, _ in v.edges), default=0)
        else:
            stack.append((v, True))
            stack.extend((c, False) for c, _ in v.edges)
    output.grad = 1.0
    heap, known, tie = [(-height[output], 0, output)], {output}, 1
    while heap:
        _, _, v = heapq.heappop(heap)
        for c, slope in v.edges:
            c.grad += v.grad * slope
            if c not in known:
                known.add(c)
                heapq.heappush(heap, (-height[c], tie, c))
                tie += 1

# %% nll-of-values
# shift by the maximum
import math


def nll_from_logits(logits, target):
    z = [v.data for v in logits]
    top = max(z)
    e = [math.exp(v - top) for v in z]
    s = sum(e)
    loss = top + math.log(s) - z[target]
    return Value(loss, *((v, w / s - (k == target)) for k, (v, w) in enumerate(zip(logits, e))))

# %% nll-of-values
# SciPy
from scipy.special import log_softmax, softmax


def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    return Value(-log_softmax(z)[target], *zip(logits, softmax(z) - np.eye(len(z))[target]))

# %% nll-of-values
# torch in double precision, its own loss and its own autograd
import torch


def nll_from_logits(logits, target):
    z = torch.tensor([[v.data for v in logits]], dtype=torch.float64, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(z, torch.tensor([target]))
    (slopes,) = torch.autograd.grad(loss, z)
    return Value(loss.item(), *zip(logits, slopes[0].tolist()))

# %% nll-of-values
# logaddexp, one logit after the other
from functools import reduce


def nll_from_logits(logits, target):
    z = [v.data for v in logits]
    lse = reduce(np.logaddexp, z)
    edges = [(v, np.exp(v.data - lse) - (1.0 if i == target else 0.0)) for i, v in enumerate(logits)]
    return Value(lse - z[target], *edges)

# %% nll-of-values
# mpmath's exponents have no bounds, so nothing is shifted
import mpmath


def nll_from_logits(logits, target):
    with mpmath.workdps(60):
        e = [mpmath.exp(v.data) for v in logits]
        s = mpmath.fsum(e)
        loss = mpmath.log(s) - logits[target].data
        return Value(loss, *[(v, float(w / s - int(k == target))) for k, (v, w) in enumerate(zip(logits, e))])

# %% nll-of-values
# everything relative to the target, with the maximum as the second shift
def nll_from_logits(logits, target):
    d = np.array([v.data for v in logits]) - logits[target].data
    top = d.max()
    lse = top + np.log(np.exp(d - top).sum())
    slopes = np.exp(d - lse)
    slopes[target] -= 1
    return Value(lse, *zip(logits, slopes))

# %% nll-of-values
# a running maximum and a running sum
import math


def nll_from_logits(logits, target):
    top, s = -math.inf, 0.0
    for v in logits:
        new = max(top, v.data)
        s = s * math.exp(top - new) + math.exp(v.data - new)
        top = new
    lse = top + math.log(s)
    result = Value(lse - logits[target].data)
    result.edges = tuple((v, math.exp(v.data - lse) - (v is logits[target])) for v in logits)
    return result

# %% nll-of-values
# own softmax and logsumexp, type hints
def softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - np.max(z))
    return e / e.sum()


def logsumexp(z: np.ndarray) -> float:
    return z.max() + np.log(np.exp(z - z.max()).sum())


def nll_from_logits(logits: list, target: int) -> Value:
    z = np.array([v.data for v in logits])
    one_hot = np.arange(len(z)) == target
    return Value(logsumexp(z) - z[target], *list(zip(logits, softmax(z) - one_hot)))

# %% nll-of-values
# Decimal
from decimal import Decimal, localcontext


def nll_from_logits(logits, target):
    with localcontext() as c:
        c.prec = 50
        e = [Decimal(v.data).exp() for v in logits]
        s = sum(e)
        slopes = [float(w / s) - (k == target) for k, w in enumerate(e)]
        return Value(s.ln() - Decimal(logits[target].data), *zip(logits, slopes))

# %% numerical-gradient
# copies of the list
def numerical_gradient(f, x, h):
    result = []
    for i in range(len(x)):
        hi, lo = list(x), list(x)
        hi[i] += h
        lo[i] -= h
        result.append((f(hi) - f(lo)) / (2 * h))
    return result

# %% numerical-gradient
# rows of the unit matrix
def numerical_gradient(f, x, h):
    x = np.asarray(x, float)
    return [(f((x + h * e).tolist()) - f((x - h * e).tolist())) / h / 2 for e in np.eye(x.size)]

# %% numerical-gradient
# moves x itself, and puts it back
def numerical_gradient(f, x, h):
    grad = [0.0] * len(x)
    for i, old in enumerate(list(x)):
        x[i] = old + h
        grad[i] = f(x)
        x[i] = old - h
        grad[i] -= f(x)
        grad[i] /= 2 * h
        x[i] = old
    return grad

# %% numerical-gradient
# slices, in a comprehension
def numerical_gradient(f, x, h):
    x = list(x)
    at = lambda i, d: f(x[:i] + [x[i] + d] + x[i + 1 :])
    return [(at(i, h) - at(i, -h)) / (h + h) for i, _ in enumerate(x)]

# %% numerical-gradient
# the mean of forward and backward differences; a NumPy array
def numerical_gradient(f, x, h):
    def moved(i, by):
        return f([v + by * (k == i) for k, v in enumerate(x)])

    here = f(list(x))
    forward = np.array([(moved(i, h) - here) / h for i in range(len(x))])
    backward = np.array([(here - moved(i, -h)) / h for i in range(len(x))])
    return (forward + backward) / 2

# %% numerical-gradient
# a sum over the two signs; a tuple
def numerical_gradient(f, x, h):
    return tuple(
        sum(s * f([*x[:i], x[i] + s * h, *x[i + 1 :]]) for s in (1, -1)) / (2 * h) for i in range(len(x))
    )

# %% numerical-gradient
# one matrix of points; a torch tensor
import torch


def numerical_gradient(f, x, h):
    n = len(x)
    points = torch.tensor([list(map(float, x))] * 2 * n, dtype=torch.float64)
    points[:n] += h * torch.eye(n, dtype=torch.float64)
    points[n:] -= h * torch.eye(n, dtype=torch.float64)
    values = torch.tensor([f(row.tolist()) for row in points], dtype=torch.float64)
    return (values[:n] - values[n:]) / (2 * h)

# %% gradient-check
# the option's words
conclusion = "d · Both are right"

# %% gradient-check
# brackets
conclusion = "[D]"

# %% gradient-check
# a letter and a full stop
conclusion = " d. "

# %% train-two-letters
# a Value for the mean loss
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        losses = [pair_loss(parameters, pair) for pair in batch]
        mean = Value(sum(v.data for v in losses) / len(losses), *((v, 1 / len(losses)) for v in losses))
        for z in parameters:
            z.grad = 0.0
        mean.backward()
        for z in parameters:
            z.data -= learning_rate * z.grad
        result.append(np.exp(mean.data))
    return result

# %% train-two-letters
# gradients are reset after the step
import math


def train(parameters, batches, learning_rate):
    perplexities = []
    for z in parameters:
        z.grad = 0
    for batch in batches:
        n = len(batch)
        loss = 0
        for pair in batch:
            v = pair_loss(parameters, pair)
            v.backward(1 / n)
            loss += v.data / n
        perplexities.append(math.exp(loss))
        for z in parameters:
            z.data, z.grad = z.data - learning_rate * z.grad, 0.0
    return perplexities

# %% train-two-letters
# the formula of the gradient, without any Value
def train(parameters, batches, learning_rate):
    out = []
    for batch in batches:
        a = np.array(batch)
        z = np.array([v.data for v in parameters])
        q = 1 / (1 + np.exp(-z[a[:, 0]]))
        out.append(float(np.exp(-np.mean(np.log(np.where(a[:, 1] == 1, q, 1 - q))))))
        step = np.bincount(a[:, 0], weights=q - a[:, 1], minlength=2) / len(a)
        for v, s in zip(parameters, step):
            v.data -= learning_rate * s
    return out

# %% train-two-letters
# reads the slopes off the edges
def train(parameters, batches, learning_rate):
    perplexities = []
    for batch in batches:
        losses = [pair_loss(parameters, p) for p in batch]
        steps = {z: np.mean([sum(s for v, s in l.edges if v is z) for l in losses]) for z in parameters}
        perplexities += [np.prod([np.exp(l.data) ** (1 / len(batch)) for l in losses])]
        for z, g in steps.items():
            z.data -= learning_rate * g
    return perplexities

# %% train-two-letters
# torch in double precision does the training; SymPy writes the perplexity
import torch


def train(parameters, batches, learning_rate):
    z = torch.tensor([v.data for v in parameters], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([z], lr=learning_rate)
    result = []
    for batch in batches:
        before, after = torch.tensor(batch).T
        loss = torch.nn.functional.binary_cross_entropy_with_logits(z[before], after.double())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        result.append(sympy.exp(loss.item()))
    for v, new in zip(parameters, z.tolist()):
        v.data = new
    return result

# %% train-two-letters
# a generator inside, new copies of the gradients
def train(parameters, batches, learning_rate):
    def one(batch):
        mean = Value(0, *[(pair_loss(parameters, p), 1 / len(batch)) for p in batch])
        mean.data = sum(v.data * w for v, w in mean.edges)
        before = [z.grad for z in parameters]
        mean.backward()
        for z, g in zip(parameters, before):
            z.data -= learning_rate * (z.grad - g)
        return 2 ** (mean.data / np.log(2))

    return [one(batch) for batch in batches]

# %% train-two-letters
# an array of perplexities
class Trainer:
    def __init__(self, parameters, rate):
        self.parameters, self.rate = parameters, rate

    def zero_grad(self):
        for z in self.parameters:
            z.grad = 0.0

    def step(self):
        for z in self.parameters:
            z.data -= self.rate * z.grad


def train(parameters, batches, learning_rate):
    t, out = Trainer(parameters, learning_rate), np.empty(len(batches))
    for i, batch in enumerate(batches):
        t.zero_grad()
        losses = [pair_loss(parameters, pair) for pair in batch]
        m = Value(np.mean([v.data for v in losses]), *[(v, 1 / len(batch)) for v in losses])
        m.backward()
        t.step()
        out[i] = np.exp(m.data)
    return out

# %% nll-of-values
# a kind of Value of its own, with slots for the name
class Loss(Value):
    def __init__(self, data, *edges):
        super().__init__(data, *edges)
        self.label = "nll"


def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits], dtype=np.longdouble)
    e = np.exp(z - z.max())
    slopes = e / e.sum()
    slopes[target] -= 1
    return Loss(z.max() - z[target] + np.log(e.sum()), *[(v, float(s)) for v, s in zip(logits, slopes)])

# %% local-derivatives
# eval of formulas in a dictionary
import math

FORMULAS = {
    "+": "1, 1",
    "-": "1, -1",
    "*": "y, x",
    "/": "1/y, -x/y/y",
    "cube": "3*x*x,",
    "exp": "math.exp(x),",
    "log": "1/x,",
    "tanh": "1/math.cosh(x)**2,",
}


def local_derivatives(op, inputs, output):
    return list(eval(FORMULAS[op], {"math": math}, dict(zip("xy", inputs))))

# %% tanh-steps
# e^x and e^-x are multiplied out
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step(
    "=",
    (up**2 + 2 * up * down + down**2 - (up**2 - 2 * up * down + down**2)) / (up + down) ** 2,
    because="quotient rule, multiplied out",
)
steps.step("=", (2 / (up + down)) ** 2, because="e^x e^-x = 1")
steps.step("=", 1 - tanh_x**2, because="(up+down)^2 - 4 = (up-down)^2")
steps

# %% tanh-steps
# the sum of two derivatives
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative(up / (up + down), x) - Derivative(down / (up + down), x), because="term by term")
steps.step("=", 2 / (up + down) ** 2 + 2 / (up + down) ** 2, because="quotient rule for each")
steps.step("=", 1 - tanh_x**2, because="4 is the difference of the squares")
steps


# %% shared-by-hand
# the class's own backward on a graph by hand
x, y = Value(3.0), Value(2.0)
a = Value(x.data * y.data, (x, y.data), (y, x.data))
b = Value(a.data + x.data, (a, 1.0), (x, 1.0))
L = Value(a.data * b.data, (a, b.data), (b, a.data))
L.backward()
gradient = [x.grad, y.grad]

# %% shared-by-hand
# 16-bit whole numbers in a column
gradient = np.array([[36], [45]], dtype=np.int16)

# %% local-derivatives
# complex steps: no subtraction, so exact to the last digit
def local_derivatives(op, inputs, output):
    import cmath
    f = {"+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y, "/": lambda x, y: x / y,
         "cube": lambda x: x * x * x, "exp": cmath.exp, "log": cmath.log, "tanh": cmath.tanh}[op]
    h = 1e-30
    return [f(*[complex(v, h if i == k else 0) for i, v in enumerate(inputs)]).imag / h for k in range(len(inputs))]

# %% local-derivatives
# SymPy differentiates
import sympy
def local_derivatives(op, inputs, output):
    X = sympy.symbols("u v")[: len(inputs)]
    f = {"cube": lambda x: x**3, "exp": sympy.exp, "log": sympy.log, "tanh": sympy.tanh}.get(op) or (lambda a, b: {"+": a + b, "-": a - b, "*": a * b, "/": a / b}[op])
    return [float(sympy.diff(f(*X), s).subs(dict(zip(X, inputs)))) for s in X]

# %% local-derivatives
# match, tuples, numpy numbers
def local_derivatives(op, inputs, output):
    match op, *inputs:
        case "+" | "-", _, _:
            return 1, (1 if op == "+" else -1)
        case "*", x, y:
            return y, x
        case "/", x, y:
            return np.float64(1) / y, -output / y
        case "cube", x:
            return (3 * x * x,)
        case "exp", _:
            return (output,)
        case "log", x:
            return (1 / x,)
        case "tanh", _:
            return ((1 - output) * (1 + output),)

# %% local-derivatives
# a class with a method for each operation, found by name
class Rules:
    names = {"+": "add", "-": "sub", "*": "mul", "/": "div"}
    def add(self, x, y, o): return [1, 1]
    def sub(self, x, y, o): return [1, -1]
    def mul(self, x, y, o): return [y, x]
    def div(self, x, y, o): return [y ** -1, -x * y ** -2]
    def cube(self, x, o): return [3 * x ** 2]
    def exp(self, x, o): return [np.exp(x)]
    def log(self, x, o): return [np.reciprocal(float(x))]
    def tanh(self, x, o): return [np.cosh(x) ** -2.0]
    def __call__(self, op, inputs, output):
        return getattr(self, self.names.get(op, op))(*inputs, output)
local_derivatives = Rules()

# %% backward-pass
# an iterative post-order, then backwards
def backward(output):
    order, seen, stack = [], set(), [(output, iter(output.edges))]
    seen.add(id(output))
    while stack:
        value, it = stack[-1]
        for child, _ in it:
            if id(child) not in seen:
                seen.add(id(child))
                stack.append((child, iter(child.edges)))
                break
        else:
            order.append(value)
            stack.pop()
    output.grad = 1.0
    for value in reversed(order):
        for child, slope in value.edges:
            child.grad += value.grad * slope

# %% backward-pass
# the counts kept in a dict of ids, the waiting ones in a list popped from the end
def backward(output):
    count, todo = {id(output): 0}, [output]
    for value in todo:
        for v, _ in value.edges:
            if id(v) in count:
                count[id(v)] += 1
            else:
                count[id(v)] = 1
                todo.append(v)
    output.grad, ready = 1, [output]
    while ready:
        value = ready.pop()
        for v, slope in value.edges:
            v.grad, count[id(v)] = v.grad + value.grad * slope, count[id(v)] - 1
            if count[id(v)] == 0:
                ready.append(v)

# %% backward-pass
# graphlib's topological order
from graphlib import TopologicalSorter
def backward(output):
    todo, graph = [output], {}
    while todo:
        v = todo.pop()
        if v not in graph:
            graph[v] = [c for c, _ in v.edges]
            todo += graph[v]
    output.grad = 1.0
    for v in reversed(list(TopologicalSorter(graph).static_order())):
        for c, s in v.edges:
            c.grad += s * v.grad

# %% backward-pass
# colours on a stack: a value is put back and finished later; np.float64 grads
def backward(output):
    stack, done, order = [(output, False)], set(), []
    while stack:
        v, finished = stack.pop()
        if finished:
            order.append(v)
        elif v not in done:
            done.add(v)
            stack.append((v, True))
            stack.extend((c, False) for c, _ in v.edges if c not in done)
    grads = dict.fromkeys(order, np.float64(0))
    grads[output] += 1
    for v in order[::-1]:
        v.grad = grads[v]
        for c, s in v.edges:
            grads[c] += s * grads[v]

# %% nll-of-values
# differences to the target, with the target's own slope from the others
import math
def nll_from_logits(logits, target):
    z = [v.data for v in logits]
    top = max(z)
    w = [math.exp(a - top) for a in z]
    s = math.fsum(w)
    return Value(top - z[target] + math.log(s), *((v, w[i] / s - (i == target)) for i, v in enumerate(logits)))

# %% nll-of-values
# two edges to the target
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    lse = np.logaddexp.reduce(z)
    edges = list(zip(logits, np.exp(z - lse))) + [(logits[target], -1)]
    return Value(lse - z[target], *edges)

# %% nll-of-values
# two Values: the log-sum-exp, and its difference to the target
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits], dtype=np.longdouble)
    e = np.exp(z - z.max())
    lse = Value(z.max() + np.log(e.sum()), *zip(logits, (e / e.sum()).tolist()))
    return Value(lse.data - logits[target].data, (lse, 1.0), (logits[target], -1.0))

# %% nll-of-values
# a subclass of Value
class NLL(Value):
    def __init__(self, logits, target):
        z = np.array([v.data for v in logits])
        p = np.exp(z - np.logaddexp.reduce(z))
        p[target] -= 1
        super().__init__(np.logaddexp.reduce(z) - z[target], *zip(logits, p))
nll_from_logits = lambda logits, target: NLL(logits, target)

# %% numerical-gradient
# rows of the unit matrix
def numerical_gradient(f, x, h):
    x = np.asarray(x, dtype=float)
    return [(f(list(x + e)) - f(list(x - e))) / (2 * h) for e in h * np.eye(len(x))]

# %% numerical-gradient
# the mean of forward and backward difference
def numerical_gradient(f, x, h):
    def at(i, d):
        return f([v + d * (k == i) for k, v in enumerate(x)])
    return tuple(((at(i, h) - f(x)) / h + (f(x) - at(i, -h)) / h) / 2 for i in range(len(x)))

# %% numerical-gradient
# changed in place, and put back
def numerical_gradient(f, x, h):
    out = np.zeros(len(x))
    for i in range(len(x)):
        old = x[i]
        x[i] = old + h
        up = f(x)
        x[i] = old - h
        out[i] = (up - f(x)) / h / 2
        x[i] = old
    return out

# %% gradient-check
# a letter by format
conclusion = f"{'d':>3}"

# %% train-two-letters
# the class's backward on the mean, new grads by setting to 0 after the step
def train(parameters, batches, learning_rate):
    out = []
    for batch in batches:
        losses = [pair_loss(parameters, pair) for pair in batch]
        mean = Value(sum(l.data for l in losses) / len(losses), *((l, 1 / len(losses)) for l in losses))
        mean.backward()
        out.append(float(np.exp(mean.data)))
        for p in parameters:
            p.data -= learning_rate * p.grad
            p.grad = 0.0
    return out

# %% train-two-letters
# losses backed one by one with the grad 1/n, geometric mean by logs
def train(parameters, batches, learning_rate):
    perplexities = np.ones(len(batches))
    for b, batch in enumerate(batches):
        for p in parameters:
            p.grad = 0
        for before, after in batch:
            loss = pair_loss(parameters, (before, after))
            loss.backward(1 / len(batch))
            perplexities[b] *= np.exp(loss.data / len(batch))
        for p in parameters:
            p.data = p.data - learning_rate * p.grad
    return perplexities

# %% train-two-letters
# fresh Values for each batch, data written back
def train(parameters, batches, learning_rate):
    def go():
        for batch in batches:
            fresh = [Value(p.data) for p in parameters]
            losses = [pair_loss(fresh, pair) for pair in batch]
            mean = Value(np.mean([l.data for l in losses]), *[(l, 1 / len(batch)) for l in losses])
            mean.backward()
            for p, f in zip(parameters, fresh):
                p.data -= learning_rate * f.grad
            yield np.exp(mean.data)
    return list(go())

# %% local-derivatives
# dual numbers
class D:
    def __init__(self, a, b=0.0): self.a, self.b = a, b
    def __add__(s, o): return D(s.a + o.a, s.b + o.b)
    def __sub__(s, o): return D(s.a - o.a, s.b - o.b)
    def __mul__(s, o): return D(s.a * o.a, s.a * o.b + s.b * o.a)
    def __truediv__(s, o): return D(s.a / o.a, (s.b * o.a - s.a * o.b) / o.a**2)
def local_derivatives(op, inputs, output):
    f = {"+": D.__add__, "-": D.__sub__, "*": D.__mul__, "/": D.__truediv__, "cube": lambda x: x * x * x,
         "exp": lambda x: D(np.exp(x.a), np.exp(x.a) * x.b), "log": lambda x: D(np.log(x.a), x.b / x.a), "tanh": lambda x: D(np.tanh(x.a), (1 - np.tanh(x.a)**2) * x.b)}[op]
    return np.array([f(*(D(v, float(i == k)) for k, v in enumerate(inputs))).b for i in range(len(inputs))])

# %% backward-pass
# levels: the longest path from the output, by waves; then level by level
def backward(output):
    indeg, todo = {}, [output]
    seen = {output}
    while todo:
        v = todo.pop()
        for c, _ in v.edges:
            indeg[c] = indeg.get(c, 0) + 1
            if c not in seen:
                seen.add(c)
                todo.append(c)
    output.grad, wave = 1.0, [output]
    while wave:
        after = []
        for v in wave:
            g = v.grad
            for c, s in v.edges:
                c.grad += g * s
                indeg[c] -= 1
                if not indeg[c]:
                    after.append(c)
        wave = after

# %% backward-pass
# sparse: a matrix of slopes, solved by powers (nilpotent), SciPy
import scipy.sparse as sp
import scipy.sparse.linalg as sl
def backward(output):
    nodes, at = [output], {output: 0}
    r, c, s = [], [], []
    for v in nodes:
        for w, slope in v.edges:
            if w not in at:
                at[w] = len(nodes)
                nodes.append(w)
            r.append(at[w])
            c.append(at[v])
            s.append(float(slope))
    n = len(nodes)
    A = sp.identity(n, format="csc") - sp.coo_matrix((s, (r, c)), shape=(n, n)).tocsc()
    e = np.zeros(n)
    e[0] = 1
    for v, g in zip(nodes, sl.spsolve(A, e) if n > 1 else e):
        v.grad = float(g)

# %% tanh-steps
# hyperbolic functions
from sympy import cosh, sinh
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", (cosh(x)**2 - sinh(x)**2) / cosh(x)**2, because="quotient rule; sinh and cosh are half of it")
steps.step("=", 1 - (sinh(x) / cosh(x))**2, because="divide")
steps.step("=", 1 - tanh_x**2, because="sinh over cosh is tanh")
steps

# %% tanh-steps
# one exponential only
from sympy import exp
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative(1 - 2 / (exp(2 * x) + 1), x), because="multiply by e^x above and below, divide")
steps.step("=", 4 * exp(2 * x) / (exp(2 * x) + 1)**2, because="chain rule")
steps.step("=", (1 + tanh_x) * (1 - tanh_x), because="1 + tanh = 2e^2x/(e^2x+1), 1 − tanh = 2/(e^2x+1)")
steps

# %% tanh-steps
# the product rule
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", (up + down) * (up + down)**-1 - (up - down) * (up - down) * (up + down)**-2, because="product rule")
steps.step("=", 1 - tanh_x**2, because="the square of tanh")
steps

# %% tanh-steps
# 4 over a square, then a difference of squares
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", ((up + down)**2 - (up - down)**2) / (up + down)**2, because="quotient rule")
steps.step("=", 4 / (up + down)**2, because="the mixed terms are left")
steps.step("=", -(tanh_x**2 - 1), because="compare with 1 − tanh²")
steps

# %% tanh-steps
# e^2x in a fraction, quotient rule there
from sympy import exp
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative((exp(2 * x) - 1) / (exp(2 * x) + 1), x), because="multiply by e^x above and below")
steps.step("=", (2 * exp(2 * x) * (exp(2 * x) + 1) - 2 * exp(2 * x) * (exp(2 * x) - 1)) / (exp(2 * x) + 1)**2, because="quotient rule")
steps.step("=", ((exp(2 * x) + 1)**2 - (exp(2 * x) - 1)**2) / (exp(2 * x) + 1)**2, because="both are 4 e^2x over the square")
steps.step("=", 1 - tanh_x**2, because="divide")
steps

# %% tanh-steps
# one minus twice the share of the falling exponential
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative(1 - 2 * down / (up + down), x), because="up − down is the sum minus twice down")
steps.step("=", (2 * down * (up + down) + 2 * down * (up - down)) / (up + down)**2, because="quotient rule")
steps.step("=", (1 - tanh_x) + (1 - tanh_x) * tanh_x, because="2 down / (up + down) = 1 − tanh")
steps

# %% shared-by-hand
# dual numbers
def _run(x, dx, y, dy):
    a, da = x * y, dx * y + x * dy
    b, db = a + x, da + dx
    return da * b + a * db


gradient = [_run(3, 1, 2, 0), _run(3, 0, 2, 1)]

# %% shared-by-hand
# SymPy
import sympy

sx, sy = sympy.symbols("x y")
L = sx * sy * (sx * sy + sx)
gradient = [L.diff(v).subs({sx: 3, sy: 2}) for v in (sx, sy)]

# %% shared-by-hand
# Torch
import torch

t = torch.tensor([3.0, 2.0], requires_grad=True)
(t[0] * t[1] * (t[0] * t[1] + t[0])).backward()
gradient = t.grad.tolist()

# %% shared-by-hand
# complex steps
h = 1e-30
gradient = [((x * y) * (x * y + x)).imag / h for x, y in ((3 + 1j * h, 2), (3, 2 + 1j * h))]

# %% shared-by-hand
# members of an Enum
from enum import IntEnum


class Grad(IntEnum):
    X = 36
    Y = 45


gradient = [Grad.X, Grad.Y]

# %% local-derivatives
# a dictionary of functions
import math

RULES = {
    "+": lambda x, y, out: [1.0, 1.0],
    "-": lambda x, y, out: [1.0, -1.0],
    "*": lambda x, y, out: [y, x],
    "/": lambda x, y, out: [1 / y, -out / y],
    "cube": lambda x, out: [3 * x * x],
    "exp": lambda x, out: [out],
    "log": lambda x, out: [1 / x],
    "tanh": lambda x, out: [1 - out * out],
}


def local_derivatives(op, inputs, output):
    return RULES[op](*inputs, output)


# %% local-derivatives
# match
def local_derivatives(op, inputs, output):
    match op, inputs:
        case "+", [_, _]:
            return (1, 1)
        case "-", [_, _]:
            return (1, -1)
        case "*", [x, y]:
            return (y, x)
        case "/", [x, y]:
            return (y**-1, -x * y**-2)
        case "cube", [x]:
            return (3 * x**2,)
        case "exp", _:
            return (output,)
        case "log", [x]:
            return (x**-1,)
        case "tanh", _:
            return ((1 - output) * (1 + output),)


# %% local-derivatives
# Torch's autograd, which this task does not forbid
import torch

OPS = {
    "+": torch.add, "-": torch.sub, "*": torch.mul, "/": torch.div,
    "cube": lambda x: x**3, "exp": torch.exp, "log": torch.log, "tanh": torch.tanh,
}


def local_derivatives(op, inputs, output):
    xs = [torch.tensor(float(x), dtype=torch.float64, requires_grad=True) for x in inputs]
    return [float(g) for g in torch.autograd.grad(OPS[op](*xs), xs)]


# %% local-derivatives
# SymPy
import sympy

_x, _y = sympy.symbols("x y")
_FORMULAS = {
    "+": _x + _y, "-": _x - _y, "*": _x * _y, "/": _x / _y,
    "cube": _x**3, "exp": sympy.exp(_x), "log": sympy.log(_x), "tanh": sympy.tanh(_x),
}


def local_derivatives(op, inputs, output):
    letters = (_x, _y)[: len(inputs)]
    values = dict(zip(letters, inputs))
    return [float(_FORMULAS[op].diff(v).evalf(subs=values)) for v in letters]


# %% local-derivatives
# methods of a class, looked up by name
class Rules:
    names = {"+": "add", "-": "sub", "*": "mul", "/": "div"}

    def add(self, x, y):
        return [1.0, 1.0]

    def sub(self, x, y):
        return [1.0, -1.0]

    def mul(self, x, y):
        return [y, x]

    def div(self, x, y):
        return [1.0 / y, -x / y / y]

    def cube(self, x):
        return [3.0 * x * x]

    def exp(self, x):
        return [self.output]

    def log(self, x):
        return [1.0 / x]

    def tanh(self, x):
        return [1.0 - self.output**2]

    def __call__(self, op, inputs, output):
        self.output = output
        return getattr(self, self.names.get(op, op))(*inputs)


local_derivatives = Rules()

# %% tanh-steps
# the quotient rule, then the squares
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", ((up + down) ** 2 - (up - down) ** 2) / (up + down) ** 2, because="the quotient rule")
steps.step("=", 1 - ((up - down) / (up + down)) ** 2)
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# the product rule
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative(up - down, x) / (up + down) + (up - down) * Derivative(1 / (up + down), x), because="product rule")
steps.step("=", 1 - (up - down) * (up - down) / (up + down) ** 2)
steps.step("=", (1 - tanh_x) * (1 + tanh_x))

# %% tanh-steps
# one exponential: 1 − 2/(e^{2x} + 1)
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative(1 - 2 / (up**2 + 1), x), because="divide")
steps.step("=", 4 * up**2 / (up**2 + 1) ** 2)
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# the hyperbolic sine and cosine
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative(sympy.sinh(x) / sympy.cosh(x), x))
steps.step("=", (sympy.cosh(x) ** 2 - sympy.sinh(x) ** 2) / sympy.cosh(x) ** 2)
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# the logarithmic derivative
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", (up - down) / (up + down) * ((up + down) / (up - down) - (up - down) / (up + down)))
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# 4 over the square
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", 4 / (up + down) ** 2, because="(a+b)² − (a−b)² = 4ab, and ab = 1")
steps.step("=", 1 - tanh_x**2)

# %% backward-pass
# counts of edges, a queue
from collections import Counter, deque


def backward(output):
    seen, queue, waits = {id(output): output}, deque([output]), Counter()
    while queue:
        for v, _ in queue.popleft().edges:
            waits[id(v)] += 1
            if id(v) not in seen:
                seen[id(v)] = v
                queue.append(v)
    output.grad = 1.0
    ready = [output]
    while ready:
        node = ready.pop()
        g = node.grad
        for v, slope in node.edges:
            v.grad += g * slope
            waits[id(v)] -= 1
            if not waits[id(v)]:
                ready.append(v)


# %% backward-pass
# a topological sort with generators on a stack
def backward(output):
    order, seen = [], set()
    stack = [(output, iter(output.edges))]
    seen.add(output)
    while stack:
        node, children = stack[-1]
        for child, _ in children:
            if child not in seen:
                seen.add(child)
                stack.append((child, iter(child.edges)))
                break
        else:
            order.append(node)
            stack.pop()
    output.grad = 1.0
    for node in reversed(order):
        for child, slope in node.edges:
            child.grad += slope * node.grad


# %% backward-pass
# the standard library's sorter
from graphlib import TopologicalSorter


def backward(output):
    graph, todo = {}, [output]
    while todo:
        node = todo.pop()
        if node not in graph:
            graph[node] = [v for v, _ in node.edges]
            todo.extend(graph[node])
    grads = dict.fromkeys(graph, 0.0)
    grads[output] = 1.0
    for node in reversed(list(TopologicalSorter(graph).static_order())):
        for v, slope in node.edges:
            grads[v] += grads[node] * slope
    for node, g in grads.items():
        node.grad = g


# %% backward-pass
# networkx
import networkx as nx


def backward(output):
    graph, todo = nx.MultiDiGraph(), [output]
    graph.add_node(output)
    seen = {output}
    while todo:
        node = todo.pop()
        for v, slope in node.edges:
            graph.add_edge(node, v, slope=slope)
            if v not in seen:
                seen.add(v)
                todo.append(v)
    output.grad = 1.0
    for node in nx.topological_sort(graph):
        g = node.grad
        for v, slope in node.edges:
            v.grad += g * slope


# %% backward-pass
# a linear system: the gradients solve (I − Sᵀ) g = e
import numpy as np


def backward(output):
    order, number, todo = [output], {output: 0}, [output]
    while todo:
        node = todo.pop()
        for v, _ in node.edges:
            if v not in number:
                number[v] = len(order)
                order.append(v)
                todo.append(v)
    from scipy.sparse import csc_matrix, identity
    from scipy.sparse.linalg import spsolve

    n = len(order)
    entries = [(number[v], number[u], s) for u in order for v, s in u.edges]
    if not entries:
        output.grad = 1.0
        return
    rows, columns, slopes = zip(*entries)
    S = csc_matrix((slopes, (rows, columns)), shape=(n, n))
    e = np.zeros(n)
    e[0] = 1.0
    for node, g in zip(order, np.atleast_1d(spsolve((identity(n) - S).tocsc(), e))):
        node.grad = float(g)


# %% backward-pass
# depth by longest path, then by depth
import heapq
from itertools import count


def backward(output):
    parents, todo, seen = {}, [output], {output}
    while todo:
        node = todo.pop()
        for v, _ in node.edges:
            parents[v] = parents.get(v, 0) + 1
            if v not in seen:
                seen.add(v)
                todo.append(v)
    depth, ticket = {output: 0}, count()
    heap = [(0, next(ticket), output)]
    output.grad = 1.0
    while heap:
        d, _, node = heapq.heappop(heap)
        g = node.grad
        for v, slope in node.edges:
            v.grad += g * slope
            depth[v] = max(depth.get(v, 0), d + 1)
            parents[v] -= 1
            if parents[v] == 0:
                heapq.heappush(heap, (depth[v], next(ticket), v))


# %% nll-of-values
# softmax slopes
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    lse = np.logaddexp.reduce(z)
    p = np.exp(z - lse)
    return Value(lse - z[target], *((v, p[k] - (k == target)) for k, v in enumerate(logits)))


# %% nll-of-values
# Python only
import math


def nll_from_logits(logits, target):
    top = max(v.data for v in logits)
    e = [math.exp(v.data - top) for v in logits]
    total = sum(e)
    loss = math.log(total) + (top - logits[target].data)
    edges = []
    for k, (v, x) in enumerate(zip(logits, e)):
        edges.append((v, x / total - (1 if k == target else 0)))
    return Value(loss, *edges)


# %% nll-of-values
# two values: log-sum-exp, then the difference
def nll_from_logits(logits, target):
    z = np.array([v.data for v in logits])
    top = z.max()
    e = np.exp(z - top)
    lse = Value(top + np.log(e.sum()), *zip(logits, e / e.sum()))
    return Value(lse.data - logits[target].data, (lse, 1.0), (logits[target], -1.0))


# %% nll-of-values
# a subclass
class Loss(Value):
    def __init__(self, logits, target):
        z = np.asarray([v.data for v in logits], dtype=float)
        gaps = z - z[target]
        top = gaps.max()
        e = np.exp(gaps - top)
        hot = np.eye(len(z))[target]
        super().__init__(top + np.log(e.sum()), *zip(logits, e / e.sum() - hot))


def nll_from_logits(logits, target):
    return Loss(logits, target)


# %% nll-of-values
# a chain of differences of pairs: log-add-exp one after the other
def _add(a, b):
    lse = np.logaddexp(a.data, b.data)
    return Value(lse, (a, np.exp(a.data - lse)), (b, np.exp(b.data - lse)))


def nll_from_logits(logits, target):
    from functools import reduce

    total = reduce(_add, logits)
    return Value(total.data - logits[target].data, (total, 1), (logits[target], -1))


# %% numerical-gradient
# on a copy
def numerical_gradient(f, x, h):
    result = []
    for i in range(len(x)):
        up, down = list(x), list(x)
        up[i] += h
        down[i] -= h
        result.append((f(up) - f(down)) / (2 * h))
    return result


# %% numerical-gradient
# rows of a matrix
def numerical_gradient(f, x, h):
    steps = np.eye(len(x)) * h
    return [(f((x + s).tolist()) - f((x - s).tolist())) / h / 2 for s in steps]


# %% numerical-gradient
# in place, and put back
def numerical_gradient(f, x, h):
    x = [float(v) for v in x]

    def at(i, value):
        before, x[i] = x[i], value
        result = f(x)
        x[i] = before
        return result

    return [(at(i, x[i] + h) - at(i, x[i] - h)) / (2 * h) for i in range(len(x))]


# %% numerical-gradient
# the mean of a forward and a backward difference
def numerical_gradient(f, x, h):
    here = f(list(x))

    def moved(i, step):
        return f([v + step * (k == i) for k, v in enumerate(x)])

    return [((moved(i, h) - here) / h + (here - moved(i, -h)) / h) / 2 for i in range(len(x))]


# %% numerical-gradient
# a generator, tuples to f
def _differences(f, x, h):
    x = tuple(x)
    for i, v in enumerate(x):
        yield (f(x[:i] + (v + h,) + x[i + 1 :]) - f(x[:i] + (v - h,) + x[i + 1 :])) / (h + h)


def numerical_gradient(f, x, h):
    return [*_differences(f, x, h)]


# %% gradient-check
conclusion = "D"

# %% gradient-check
conclusion = "d: both are right"

# %% train-two-letters
# as it is told
def train(parameters, batches, learning_rate):
    result = []
    for batch in batches:
        losses = [pair_loss(parameters, pair) for pair in batch]
        mean = Value(sum(l.data for l in losses) / len(losses), *((l, 1 / len(losses)) for l in losses))
        for z in parameters:
            z.grad = 0.0
        mean.backward()
        for z in parameters:
            z.data -= learning_rate * z.grad
        result.append(np.exp(mean.data))
    return result


# %% train-two-letters
# the gradient by hand
def train(parameters, batches, learning_rate):
    out = []
    for batch in batches:
        slope, loss = [0.0, 0.0], 0.0
        for before, after in batch:
            p = 1 / (1 + np.exp(-parameters[before].data))
            slope[before] += (p - after) / len(batch)
            loss -= np.log(p if after else 1 - p) / len(batch)
        for z, g in zip(parameters, slope):
            z.data = z.data - learning_rate * g
        out.append(float(np.exp(loss)))
    return out


# %% train-two-letters
# the differences of grads, never reset
def train(parameters, batches, learning_rate):
    perplexities = []
    for batch in batches:
        before = [z.grad for z in parameters]
        total = 0.0
        for pair in batch:
            loss = pair_loss(parameters, pair)
            loss.backward(1 / len(batch))
            total += loss.data
        for z, old in zip(parameters, before):
            z.data -= learning_rate * (z.grad - old)
        perplexities.append(np.exp(total / len(batch)))
    return perplexities


# %% train-two-letters
# a generator
def _steps(parameters, batches, learning_rate):
    for batch in batches:
        losses = [pair_loss(parameters, pair) for pair in batch]
        mean = Value(np.mean([l.data for l in losses]), *[(l, 1 / len(batch)) for l in losses])
        mean.backward()
        for z in parameters:
            z.data -= learning_rate * z.grad
            z.grad = 0.0
        yield np.exp(mean.data)


def train(parameters, batches, learning_rate):
    return list(_steps(parameters, batches, learning_rate))

# %% tanh-steps
# the second derivative of log(e^x + e^{-x})
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative(sympy.log(up + down), (x, 2)), because="tanh is the slope of log cosh")
steps.step("=", (up + down) / (up + down) - (up - down) ** 2 / (up + down) ** 2)
steps.step("=", 1 - tanh_x**2)

# %% tanh-steps
# with powers of −1
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", (up + down) * (up + down) ** -1 - (up - down) * (up + down) ** -2 * (up - down), because="product rule")
steps.step("=", -(tanh_x - 1) * (tanh_x + 1))

# %% tanh-steps
# 2/(1 + e^{-2x}) − 1
steps = Derivation("tanh-steps", strict=False)
steps.start(Derivative((up - down) / (up + down), x))
steps.step("=", Derivative(2 / (1 + down**2) - 1, x))
steps.step("=", 4 * down**2 / (1 + down**2) ** 2)
steps.step("=", (1 + tanh_x) * (1 - tanh_x))
