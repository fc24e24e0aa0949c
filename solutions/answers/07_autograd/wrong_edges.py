# Two edges to one input.

# %% backward-pass mistake="counts-values"
def backward(output):
    computed_from, to_visit = {output: 0}, [output]
    while to_visit:
        for source in {source for source, _ in to_visit.pop().edges}:
            if source not in computed_from:
                computed_from[source] = 0
                to_visit.append(source)
            computed_from[source] += 1
    output.grad, complete = 1.0, [output]
    while complete:
        value = complete.pop()
        for source, slope in value.edges:
            source.grad += slope * value.grad
            computed_from[source] -= 1
            if computed_from[source] == 0:
                complete.append(source)


# %% numerical-gradient mistake="ignores-h"
def numerical_gradient(f, x, h):
    h = 1e-5
    gradient = []
    for i in range(len(x)):
        above, below = list(x), list(x)
        above[i] += h
        below[i] -= h
        gradient.append((f(above) - f(below)) / (2 * h))
    return gradient
