# Each input once.

# %% backward-pass mistake="one-edge-for-each-input"
def backward(output):
    order, seen, stack = [], set(), [(output, False)]
    while stack:
        value, finished = stack.pop()
        if finished:
            order.append(value)
        elif value not in seen:
            seen.add(value)
            stack.append((value, True))
            stack += [(source, False) for source, _ in value.edges]
    output.grad = 1.0
    for value in reversed(order):
        slopes = dict(value.edges)
        for source, slope in slopes.items():
            source.grad += slope * value.grad


# %% numerical-gradient mistake="goes-by-the-value"
def numerical_gradient(f, x, h):
    def moved(value, step):
        return f([v + step if v == value else v for v in x])

    return [(moved(value, h) - moved(value, -h)) / (2 * h) for value in x]
