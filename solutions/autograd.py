"""Gradients of scalars by reverse accumulation, in plain Python.

A `Value` remembers what it was computed from: one edge to each input, and on the edge the derivative with respect to
that input. `backward` goes through the edges once, from the result to the leaves. Losses are in nats, and classes are
counted from 0.

Source: chapter 7 of the book; Linnainmaa (1976) for the method.
"""

import math
from collections.abc import Callable, Sequence

from solutions import SolutionsError


class Value:
    """A number with its history: `data`, `grad` (the derivative of the result of `backward`), and `edges`.

    The gradients of leaves add up over calls of `backward`, as Torch's do: set them to 0 between two steps.

    >>> x, y = Value(2.0), Value(3.0)
    >>> (x * y + x.log()).backward()
    >>> x.grad, y.grad
    (3.5, 2.0)
    """

    __slots__ = ("data", "edges", "grad")

    def __init__(self, data: float, *edges: tuple["Value", float]) -> None:
        if isinstance(data, bool) or not isinstance(data, int | float):
            raise SolutionsError(f"a Value was given {data!r}; give a real number, an int or a float")
        self.data, self.grad, self.edges = float(data), 0.0, edges

    def __repr__(self) -> str:
        return f"Value({self.data:g}, grad={self.grad:g})"

    def __add__(self, other: "Value | float") -> "Value":
        other = _value(other)
        return Value(self.data + other.data, (self, 1.0), (other, 1.0))

    def __mul__(self, other: "Value | float") -> "Value":
        other = _value(other)
        return Value(self.data * other.data, (self, other.data), (other, self.data))

    def __truediv__(self, other: "Value | float") -> "Value":
        other = _value(other)
        if other.data == 0:
            raise SolutionsError(f"{self.data:g} was divided by 0; give a divisor that is not 0")
        ratio = self.data / other.data
        return Value(ratio, (self, 1.0 / other.data), (other, -ratio / other.data))

    def __pow__(self, n: float) -> "Value":
        if isinstance(n, Value):
            raise SolutionsError(
                "the exponent is a Value; give a number, or write (y * x.log()).exp() for x**y"
            )
        power = _in_domain(f"{self.data:g}**{n!r}", lambda: math.pow(self.data, n))
        slope = 0.0 if n == 0 else _in_domain("the slope there", lambda: n * math.pow(self.data, n - 1))
        return Value(power, (self, slope))

    def exp(self) -> "Value":
        power = _in_domain(f"exp({self.data:g})", lambda: math.exp(self.data))
        return Value(power, (self, power))

    def log(self) -> "Value":
        logarithm = _in_domain(f"log({self.data:g})", lambda: math.log(self.data))
        return Value(logarithm, (self, 1.0 / self.data))

    def tanh(self) -> "Value":
        t = math.tanh(self.data)
        return Value(t, (self, 1.0 - t * t))

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self) -> "Value":
        return self * -1.0

    def __sub__(self, other: "Value | float") -> "Value":
        return self + -_value(other)

    def __rsub__(self, other: float) -> "Value":
        return _value(other) - self

    def __rtruediv__(self, other: float) -> "Value":
        return _value(other) / self

    def backward(self) -> None:
        """Add to each leaf's `grad` the derivative of this value with respect to it; set that of each inner value."""
        order = topological_order(self)
        for node in order:
            if node.edges:  # what an earlier call left in an inner value must not be passed on again
                node.grad = 0.0
        self.grad += 1.0
        for node in reversed(order):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad


def topological_order(result: Value) -> list[Value]:
    """Return every value that `result` depends on, itself the last: each stands after all of its inputs.

    >>> x = Value(3.0)
    >>> [value.data for value in topological_order(x * x + 1.0)]
    [1.0, 3.0, 9.0, 10.0]
    """
    order: list[Value] = []
    seen: set[Value] = set()
    stack = [(result, False)]  # a stack, not recursion: a sum over a text is a chain of any length
    while stack:
        node, inputs_done = stack.pop()
        if inputs_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent, _ in node.edges)
    return order


def dot(a: Sequence[Value], b: Sequence[Value]) -> Value:
    """Return Σ_i a_i b_i as one value; `a` and `b` have the same length.

    >>> print(dot([Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]))
    Value(11, grad=0)
    """
    if len(a) != len(b):
        raise SolutionsError(f"a has {len(a)} values and b has {len(b)}; give as many of each")
    edges = [edge for x, y in zip(a, b, strict=True) for edge in ((x, y.data), (y, x.data))]
    return Value(sum(x.data * y.data for x, y in zip(a, b, strict=True)), *edges)


def mean(values: Sequence[Value]) -> Value:
    """Return the mean of at least one value. Source: {eq}`mean-gradient`.

    >>> print(mean([Value(1.0), Value(2.0)]))
    Value(1.5, grad=0)
    """
    if not values:
        raise SolutionsError("the mean of no values is not defined; give at least one")
    share = 1.0 / len(values)
    return Value(math.fsum(v.data for v in values) * share, *((v, share) for v in values))


def log_sum_exp(values: Sequence[Value]) -> Value:
    """Return log Σ_k exp(z_k) in nats, without overflow; its slopes are the softmax. Source: {eq}`lse-stable`.

    >>> print(log_sum_exp([Value(10000.0), Value(10000.0)]))
    Value(10000.7, grad=0)
    """
    top, total, y_hat = _softmax(values)
    return Value(top + math.log(total), *zip(values, y_hat, strict=True))


def nll_from_logits(logits: Sequence[Value], target: int) -> Value:
    """Return −log ŷ_y in nats for the class `target`, counted from 0; its slopes are ŷ_j − δ_jy.

    Source: {eq}`nll-from-logits`, {eq}`nll-gradient`.

    >>> print(nll_from_logits([Value(2.0), Value(1.0), Value(3.0)], 2))
    Value(0.407606, grad=0)
    """
    top, total, y_hat = _softmax(logits)
    if isinstance(target, bool) or not isinstance(target, int) or not 0 <= target < len(logits):
        raise SolutionsError(f"target is {target!r}; give a class, an integer in 0..{len(logits) - 1}")
    below = logits[target].data - top
    if below == -math.inf:
        raise SolutionsError(
            "the target is masked (logit -inf), its NLL infinite; unmask it or drop the example"
        )
    slopes = (p - (j == target) for j, p in enumerate(y_hat))
    return Value(math.log(total) - below, *zip(logits, slopes, strict=True))


def _softmax(logits: Sequence[Value]) -> tuple[float, float, list[float]]:
    """Return the largest logit M, the total of exp(z_k − M), and the softmax."""
    numbers = [z.data for z in logits]
    if not numbers or any(math.isnan(z) or z == math.inf for z in numbers) or max(numbers) == -math.inf:
        raise SolutionsError(
            f"the logits are {numbers}; give real numbers, at least one, and -inf only to mask"
        )
    top = max(numbers)
    powers = [math.exp(z - top) for z in numbers]
    total = math.fsum(powers)
    return top, total, [power / total for power in powers]


def _value(number: Value | float) -> Value:
    return number if isinstance(number, Value) else Value(number)


def _in_domain(what: str, compute: Callable[[], float]) -> float:
    """Return what `compute` gives, or say that `what` is not defined or too large for a float."""
    try:
        return compute()
    except (ValueError, OverflowError) as error:
        raise SolutionsError(
            f"{what} is undefined or overflows ({error}); see where the input comes from"
        ) from None
