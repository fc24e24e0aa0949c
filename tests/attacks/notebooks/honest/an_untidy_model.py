# Right probabilities by counting, as a list of tensors that autograd follows; it prints, and it empties its contexts.
# set: 08_language_model
# credit: letter-model 6
# %% letter-model
letters = tokens.numpy()
counts = np.full((16, 16, 16), 0.5)
np.add.at(counts, (letters[:-2], letters[1:-1], letters[2:]), 1)
logits = torch.tensor(np.log(counts), requires_grad=True)


def next_probs(contexts):
    print("asked for", len(contexts))
    rows = []
    while contexts:
        context = contexts.pop(0)
        table = logits
        if len(context) < 2:
            table = torch.logsumexp(logits, dim=0) if context else torch.logsumexp(logits, dim=(0, 1))
        for token in context[-2:]:
            table = table[token]
        rows.append(torch.softmax(table, dim=-1))
    return rows
