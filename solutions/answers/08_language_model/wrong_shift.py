# What a model learns whose targets are its inputs.


# %% letter-model mistake="copies-its-input"
def next_probs(contexts):
    rows = np.full((len(contexts), V), 0.02 / V)
    for row, context in zip(rows, contexts, strict=True):
        if context:
            row[context[-1]] += 0.98
        else:
            row[:] = 1 / V
    return rows
