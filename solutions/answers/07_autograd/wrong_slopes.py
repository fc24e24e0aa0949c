# An edge of slope 0.

# %% backward-pass mistake="forgets-slopes-of-zero"
def backward(output):
    leading_to, seen, to_visit = {}, {output}, [output]
    while to_visit:
        for source, slope in to_visit.pop().edges:
            leading_to[source] = leading_to.get(source, 0) + (slope != 0)
            if source not in seen:
                seen.add(source)
                to_visit.append(source)
    output.grad, complete = 1.0, [output]
    while complete:
        value = complete.pop()
        for source, slope in value.edges:
            source.grad += slope * value.grad
            leading_to[source] -= 1
            if leading_to[source] == 0:
                complete.append(source)
