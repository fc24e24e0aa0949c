# An exponential too many, or too early.

# %% exam-text mistake="gives-the-perplexity"
logs = np.log([follows[s][t] for s, t in zip(text, text[1:])])
text_scores = [logs.sum(), np.exp(-logs.mean())]

# %% exam-units mistake="gives-the-loss"
loss = total_nll / tokens_read
in_units = [loss, loss / np.log(2), total_nll / bytes_read / np.log(2)]

# %% exam-gap mistake="gives-the-perplexity"
loss = loss_in_bits * np.log(2)
gap = [loss - entropy_rate, np.exp(loss)]

# %% exam-gradient mistake="sigmoid-for-softmax"
y = np.exp(three_logits) / np.exp(three_logits).sum()
slopes = y * (1 - y)


# %% exam-batch-loss mistake="overflows"
def batch_loss(logits, labels):
    rows, classes = logits[labels != -100], labels[labels != -100]
    probs = np.exp(rows) / np.exp(rows).sum(axis=-1, keepdims=True)
    return -np.log(probs[np.arange(len(classes)), classes]).mean()
