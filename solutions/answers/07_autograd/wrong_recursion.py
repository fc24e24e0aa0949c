# Right for graphs that are not deep.

# %% backward-pass mistake="recursion"
def backward(output):
    order, seen = [], set()

    def visit(value):
        if value not in seen:
            seen.add(value)
            for source, _ in value.edges:
                visit(source)
            order.append(value)

    visit(output)
    output.grad = 1.0
    for value in reversed(order):
        for source, slope in value.edges:
            source.grad += slope * value.grad


# %% nll-of-values mistake="overflows"
import math


def nll_from_logits(logits, target):
    total = sum(math.exp(z.data) for z in logits)
    edges = [(z, math.exp(z.data) / total - (j == target)) for j, z in enumerate(logits)]
    return Value(math.log(total) - logits[target].data, *edges)
