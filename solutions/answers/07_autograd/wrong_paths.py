# Every path by itself.

# %% shared-by-hand mistake="forgets-the-direct-edge"
gradient = [(9 + 6) * 2, (9 + 6) * 3]

# %% backward-pass mistake="depth-first"
def backward(output):
    output.grad = 1.0
    seen, stack = {output}, [output]
    while stack:
        value = stack.pop()
        for source, slope in value.edges:
            source.grad += slope * value.grad
            if source not in seen:
                seen.add(source)
                stack.append(source)


# %% nll-of-values mistake="target-only"
def nll_from_logits(logits, target):
    numbers = np.array([z.data for z in logits])
    below = numbers - numbers.max()
    log_probs = below - np.log(np.exp(below).sum())
    return Value(-log_probs[target], (logits[target], np.exp(log_probs[target]) - 1))


# %% train-two-letters mistake="pair-by-pair"
def train(parameters, batches, learning_rate):
    perplexities = []
    for batch in batches:
        nlls = [pair_loss(parameters, pair).data for pair in batch]
        perplexities.append(np.exp(np.mean(nlls)))
        for pair in batch:
            loss = pair_loss(parameters, pair)
            for z in parameters:
                z.grad = 0.0
            loss.backward()
            for z in parameters:
                z.data -= learning_rate * z.grad
    return perplexities
