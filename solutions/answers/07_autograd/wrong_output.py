# The output itself has no derivative.

# %% backward-pass mistake="output-without-grad"
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
    for value in reversed(order):
        for source, slope in value.edges:
            source.grad += slope * (1.0 if value is output else value.grad)
