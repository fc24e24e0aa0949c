# Edges that are used until nothing changes.

# %% backward-pass mistake="sweeps"
def backward(output):
    values, to_visit = [output], [output]
    seen = {output}
    while to_visit:
        for source, _ in to_visit.pop().edges:
            if source not in seen:
                seen.add(source)
                values.append(source)
                to_visit.append(source)
    edges = [(value, source, slope) for value in reversed(values) for source, slope in value.edges]
    while True:
        found = dict.fromkeys(values, 0.0)
        found[output] = 1.0
        for value, source, slope in edges:
            found[source] += slope * value.grad
        if all(found[value] == value.grad for value in values):
            return
        for value in values:
            value.grad = found[value]
