"""Right and wrong ways through set 07, as functions of plain numbers: what its tasks compare answers with.

Students write functions of Values, and the notebook asks them for numbers. Here the same is done with the Values of
`solutions.autograd`, which look like the notebook's: data, grad, and edges. Each wrong way is one known mistake.
"""

import math
import sys
from collections.abc import Callable

import numpy as np

from solutions import autograd
from solutions.autograd import mean, nll_from_logits, topological_order

# --- the backward pass -----------------------------------------------------------------------------------


MOST_READS, MOST_GRADS, MOST_CALLS = 20_000, 500, 600  # as the notebook has them


class Watched(autograd.Value):
    """A Value whose edges can't be read once for each of a million paths, nor by a function that calls itself.

    Nor can its grad be read in thousands of sweeps: along each edge it is read once.
    """

    __slots__ = ("_edges", "_grad", "grads", "reads")

    def __init__(self, data: float, *edges: tuple[autograd.Value, float]) -> None:
        self.reads = self.grads = 0
        super().__init__(data, *edges)

    @property
    def edges(self):
        self.reads += 1
        if self.reads > MOST_READS:
            raise RuntimeError(
                "one value was reached 20,000 times: once for each path, not once for each edge"
            )
        try:
            sys._getframe(MOST_CALLS)
        except ValueError:
            return self._edges
        raise RecursionError("hundreds of calls inside each other; use a loop")

    @edges.setter
    def edges(self, edges):
        self._edges = edges

    @property
    def grad(self):
        self.grads += 1
        if self.grads > MOST_GRADS:
            raise RuntimeError(
                "the grad of one value was read 500 times: its edges were used again and again"
            )
        return self._grad

    @grad.setter
    def grad(self, grad):
        self._grad = grad


def gradients_of(backward: Callable[[autograd.Value], object]) -> Callable[..., list[float]]:
    """Return the function of a graph, as `draw_graphs` has it, that gives the gradients of its values."""

    def ask(graph, more=0):
        values: list[autograd.Value] = []
        for edges in graph:
            values.append(Watched(0.0, *((values[number], slope) for number, slope in edges)))
        output = values[-1]
        for _ in range(more):
            output = Watched(0.0, (output, 1.0))
        backward(output)
        return [value.grad for value in values]

    return ask


def overwriting(output):
    output.grad = 1.0
    for value in reversed(topological_order(output)):
        for before, slope in value.edges:
            before.grad = slope * value.grad


def without_a_seed(output):
    for value in reversed(topological_order(output)):
        for before, slope in value.edges:
            before.grad += slope * value.grad


def without_the_chain_rule(output):
    output.grad = 1.0
    for value in reversed(topological_order(output)):
        for before, slope in value.edges:
            before.grad += slope


def slopes_alone(output):
    without_the_chain_rule(output)
    output.grad = 0.0


def one_step_only(output):
    for value, slope in output.edges:
        value.grad += slope


def one_step_with_a_seed(output):
    output.grad = 1.0
    one_step_only(output)


def in_the_order_met(output, next_one: int = 0):
    """Pass on in the order in which values are met: 0 the oldest first (breadth), -1 the newest (depth)."""
    output.grad = 1.0
    seen, waiting = {output}, [output]
    while waiting:
        value = waiting.pop(next_one)
        for before, slope in value.edges:
            before.grad += slope * value.grad
            if before not in seen:
                seen.add(before)
                waiting.append(before)


def again_for_each_path(output):
    """Pass on the whole grad at each visit, with what was passed on before."""
    output.grad = 1.0
    waiting = [output]
    while waiting:
        value = waiting.pop()
        for before, slope in value.edges:
            before.grad += slope * value.grad
            waiting.append(before)


def along_every_path(output):
    """Add up what arrives along each path by itself."""
    paths = [(output, 1.0)]
    while paths:
        value, grad = paths.pop()
        value.grad += grad
        paths += [(before, grad * slope) for before, slope in value.edges]


def along_every_path_by_recursion(value, grad: float = 1.0):
    value.grad += grad
    for before, slope in value.edges:
        along_every_path_by_recursion(before, grad * slope)


def leaves_only(output):
    """Set the grad of a value back once it was passed on."""
    output.backward()
    for value in topological_order(output):
        if value.edges:
            value.grad = 0.0


def one_edge_for_each_value(output):
    """Pass on as if no value had two edges to one input."""
    output.grad = 1.0
    for value in reversed(topological_order(output)):
        for before, slope in dict(value.edges).items():
            before.grad += slope * value.grad


def counting_edges(output, counts=lambda slope: True, passes=lambda value: True, next_one: int = -1):
    """Pass on when all edges that lead to a value have been used: the way that the exercise proposes.

    counts: whether an edge of that slope is counted. passes: whether a complete value passes its grad on.
    next_one: which of the complete ones is next, -1 the newest or 0 the oldest.
    """
    order = topological_order(output)
    waiting = dict.fromkeys(order, 0)
    for value in order:
        for before, slope in value.edges:
            waiting[before] += bool(counts(slope))
    output.grad, complete = 1.0, [output]
    while complete:
        value = complete.pop(next_one)
        for before, slope in value.edges if passes(value) else ():
            before.grad += slope * value.grad
            waiting[before] -= 1
            if waiting[before] == 0:
                complete.append(before)


def sweeping(output):
    """Go over all edges, the oldest first, until no grad changes any more."""
    values = topological_order(output)
    edges = [(value, before, slope) for value in values for before, slope in value.edges]
    changed = True
    while changed:
        new = dict.fromkeys(values, 0.0)
        new[output] = 1.0
        for value, before, slope in edges:
            new[before] += slope * value.grad
        changed = any(new[value] != value.grad for value in values)
        for value in values:
            value.grad = new[value]


def counting_values(output):
    """Pass on when all *values* that were computed from one have passed on, but count down for each edge."""
    order = topological_order(output)
    waiting = dict.fromkeys(order, 0)
    for value in order:
        for before in {before for before, _ in value.edges}:
            waiting[before] += 1
    output.grad = 1.0
    complete = [output]
    while complete:
        value = complete.pop()
        for before, slope in value.edges:
            before.grad += slope * value.grad
            waiting[before] -= 1
            if waiting[before] == 0:
                complete.append(before)


def without_its_own(output):
    """Leave the output's own grad at 0, and start with the slopes of its edges."""
    output.backward()
    output.grad = 0.0


def by_recursion(output):
    order: dict[autograd.Value, None] = {}

    def visit(value):
        if value not in order:
            for before, _ in value.edges:
                visit(before)
            order[value] = None

    visit(output)
    output.grad = 1.0
    for value in reversed(order):
        for before, slope in value.edges:
            before.grad += slope * value.grad


# --- the loss --------------------------------------------------------------------------------------------


def of_numbers(nll: Callable[[list[autograd.Value], int], autograd.Value]) -> Callable[..., object]:
    """Return the function of plain logits that gives a loss of Values, or its gradient."""

    def ask(what, logits, target):
        values = [autograd.Value(z) for z in logits]
        loss = nll(values, target)
        loss.backward()
        return loss.data if what == "loss" else [z.grad for z in values]

    return ask


def with_slopes(slope: Callable[[float, bool], float]) -> Callable[..., object]:
    """Return the right loss with other slopes: made from the right one and from whether the class occurred."""

    def nll(logits, target):
        right = nll_from_logits(logits, target)
        edges = ((z, slope(s, j == target)) for j, (z, s) in enumerate(right.edges))
        return autograd.Value(right.data, *edges)

    return of_numbers(nll)


def times(factor: float) -> Callable[..., object]:
    return of_numbers(lambda logits, target: nll_from_logits(logits, target) * factor)


def from_powers(loss: Callable[[np.ndarray, np.ndarray, int], float], shifted: bool) -> Callable[..., object]:
    """Return a loss through exponentials in NumPy, where what is too large is inf and what is too small is 0."""

    def nll(logits, target):
        numbers = np.array([z.data for z in logits])
        powers = np.exp(numbers - (numbers.max() if shifted else 0.0))
        slopes = powers / powers.sum() - (np.arange(len(logits)) == target)
        return autograd.Value(
            float(loss(numbers, powers, target)), *zip(logits, map(float, slopes), strict=True)
        )

    return of_numbers(nll)


def of_clipped(most: float) -> Callable[..., object]:
    """Return the loss of logits that are cut off at ±most, with the slopes of these."""

    def nll(logits, target):
        clipped = nll_from_logits([autograd.Value(min(max(z.data, -most), most)) for z in logits], target)
        slopes = (slope for _, slope in clipped.edges)
        return autograd.Value(clipped.data, *zip(logits, slopes, strict=True))

    return of_numbers(nll)


def log_of_sum_less_logit(numbers, powers, target):
    return np.log(powers.sum()) - numbers[target]


def minus_log_of_share(numbers, powers, target):
    return -np.log(powers[target] / powers.sum())


def in_plain_python(logits, target):
    total = sum(math.exp(z.data) for z in logits)
    edges = ((z, math.exp(z.data) / total - (j == target)) for j, z in enumerate(logits))
    return autograd.Value(math.log(total) - logits[target].data, *edges)


# --- the gradient check ----------------------------------------------------------------------------------


def of_polynomials(gradient: Callable[..., list[float]]) -> Callable[..., list[float]]:
    """Return the function of terms, x and h that gives a gradient of that polynomial."""

    def ask(terms, x, h):
        def f(x):
            return float(sum(c * np.prod(np.asarray(x) ** powers) for c, *powers in terms))

        return gradient(f, x, h)

    return ask


def differences(f, x, h, up: float = 1.0, down: float = 1.0, width: float = 2.0) -> list[float]:
    """Return (f(x + up · h e_i) − f(x − down · h e_i)) / (width · h) for each i."""
    steps = h * np.eye(len(x))
    return [(f(x + up * step) - f(x - down * step)) / (width * h) for step in steps]


def with_step(step: float) -> Callable[..., list[float]]:
    """Return central differences with a step of their own."""
    return of_polynomials(lambda f, x, h: differences(f, x, step))


def never_goes_back(f, x, h):
    x, found = list(x), []
    for i in range(len(x)):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        found.append((above - f(x)) / (2 * h))
    return found


def all_at_once(f, x, h):
    x = np.asarray(x)
    return [(f(x + h) - f(x - h)) / (2 * h)] * len(x)


def moves_equal_ones(f, x, h):
    x = np.asarray(x)
    return [(f(x + h * (x == value)) - f(x - h * (x == value))) / (2 * h) for value in x]


def moves_the_first(f, x, h):
    x = list(x)
    return [differences(f, x, h)[x.index(value)] for value in x]


# --- the training loop -----------------------------------------------------------------------------------


def two_letters(what, start, batches, learning_rate, *, step=None, report=None, later: bool = False):
    """Return the perplexities or the last parameters of gradient descent on the mean NLL of each batch.

    step: adds to the parameters' grad and changes their data, given parameters, batch and learning rate.
    report: the number to list, of a batch's losses. later: whether it is of the losses after the step.
    """
    parameters = [autograd.Value(z) for z in start]
    step, report, found = step or descend, report or perplexity, []
    for batch in batches:
        before = losses(parameters, batch)
        step(parameters, batch, learning_rate)
        found.append(report([v.data for v in (losses(parameters, batch) if later else before)]))
    return found if what == "perplexities" else [z.data for z in parameters]


def losses(parameters, batch) -> list[autograd.Value]:
    """Return the NLL of each pair: a letter's log-odds z are the logits (0, z)."""
    return [nll_from_logits([autograd.Value(0.0), parameters[before]], after) for before, after in batch]


def perplexity(nlls: list[float]) -> float:
    return math.exp(math.fsum(nlls) / len(nlls))


def descend(parameters, batch, learning_rate, cleared: bool = True, total: bool = False):
    """Take one step down the gradient of the mean loss, or of the total."""
    for z in parameters:
        z.grad = 0.0 if cleared else z.grad
    (mean(losses(parameters, batch)) * (len(batch) if total else 1.0)).backward()
    for z in parameters:
        z.data -= learning_rate * z.grad


def pair_by_pair(parameters, batch, learning_rate):
    for pair in batch:
        descend(parameters, [pair], learning_rate)


def each_pair_as_a_batch(what, start, batches, learning_rate):
    """Return what one gets whose steps and losses are those of the pairs, one after the other."""
    found, parameters = [], start
    for batch in batches:
        run = [parameters, [[pair] for pair in batch], learning_rate]
        found.append(math.prod(two_letters("perplexities", *run)) ** (1 / len(batch)))
        parameters = two_letters("parameters", *run)
    return found if what == "perplexities" else parameters


def steps_at_the_end(what, start, batches, learning_rate, times: Callable[[int], float] = float):
    """Return what one gets who adds up the gradients of all batches, and takes one step with them at the end.

    times: a factor of that step, made from the number of batches.
    """
    parameters = [autograd.Value(z) for z in start]
    found = []
    for batch in batches:
        batch_losses = losses(parameters, batch)
        mean(batch_losses).backward()
        found.append(perplexity([v.data for v in batch_losses]))
    factor = learning_rate * times(len(batches)) / len(batches)
    return found if what == "perplexities" else [z.data - factor * z.grad for z in parameters]
