# A grad of 0; logits that are cut off.

# %% backward-pass mistake="stops-at-zero"
def backward(output):
    leading_to, to_visit = {output: 0}, [output]
    while to_visit:
        for source, _ in to_visit.pop().edges:
            if source not in leading_to:
                leading_to[source] = 0
                to_visit.append(source)
            leading_to[source] += 1
    output.grad, complete = 1.0, [output]
    while complete:
        value = complete.pop()
        if value.grad == 0:
            continue
        for source, slope in value.edges:
            source.grad += slope * value.grad
            leading_to[source] -= 1
            if leading_to[source] == 0:
                complete.append(source)


# %% nll-of-values mistake="clipped-logits"
def nll_from_logits(logits, target):
    z = [max(-100.0, min(100.0, value.data)) for value in logits]
    top = max(z)
    lse = top + np.log(sum(np.exp(x - top) for x in z))
    edges = ((value, np.exp(x - lse) - (j == target)) for j, (value, x) in enumerate(zip(logits, z, strict=True)))
    return Value(lse - z[target], *edges)
