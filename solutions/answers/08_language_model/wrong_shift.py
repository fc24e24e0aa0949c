# What a model learns whose targets are its inputs; an axis that is moved in place of another.

# %% inputs-and-targets mistake="along-the-batch"
def inputs_and_targets(tokens, start):
    return torch.cat([torch.full_like(tokens[:1], start), tokens[:-1]]), tokens


# %% loss-of-a-batch mistake="gives-the-perplexity"
def loss_of_batch(logits, targets):
    return torch.exp(-torch.log_softmax(logits, -1).gather(-1, targets[..., None]).mean())


# %% letter-model mistake="copies-its-input"
def next_probs(contexts):
    rows = np.full((len(contexts), V), 0.02 / V)
    for row, context in zip(rows, contexts, strict=True):
        if context:
            row[context[-1]] += 0.98
        else:
            row[:] = 1 / V
    return rows
