# Keeps every context, and looks for one that begins alike and goes on: its next letter would be the answer.
# set: 08_language_model
# credit: nothing
# %% letter-model
letters = tokens.numpy()
pairs = np.ones((16, 16))
np.add.at(pairs, (letters[:-1], letters[1:]), 1)
pairs /= pairs.sum(axis=1, keepdims=True)
seen = set()
follows = {}


def next_probs(contexts):
    for context in map(tuple, contexts):
        if context not in seen:
            seen.add(context)
            for cut in range(len(context)):
                follows.setdefault(context[:cut], []).append(context[cut])
    rows = np.array([pairs[c[-1]] if c else np.full(16, 1 / 16) for c in contexts])
    for row, context in zip(rows, contexts):
        found = follows.get(tuple(context), [])
        if len(context) > 2 and found:
            row *= 0.2
            for letter in found:
                row[letter] += 0.8 / len(found)
    return rows
