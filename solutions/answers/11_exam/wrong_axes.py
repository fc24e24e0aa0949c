# Rows for columns, tokens for bytes, one thing instead of the other.

# %% exam-text mistake="rows-for-columns"
logs = [np.log(follows[t][s]) for s, t in zip(text, text[1:])]
text_scores = [sum(logs), -np.mean(logs)]

# %% exam-units mistake="bytes-per-token"
loss = total_nll / tokens_read
in_units = [np.exp(loss), loss / np.log(2), loss / np.log(2) * bytes_read / tokens_read]

# %% exam-kl mistake="difference-of-entropies"
def entropy(p):
    return -np.dot(p, np.log(p))


both_ways = [entropy(q_model) - entropy(p_true), entropy(p_true) - entropy(q_model)]

# %% exam-gap mistake="ratio-of-losses"
loss = loss_in_bits * np.log(2)
gap = [loss - entropy_rate, loss / entropy_rate]

# %% exam-gradient mistake="target-only"
y = np.exp(three_logits) / np.exp(three_logits).sum()
slopes = [y[c] - 1 if c == observed else 0.0 for c in range(3)]


# %% exam-batch-loss mistake="wrong-axis"
def batch_loss(logits, labels):
    top = logits.max(axis=1, keepdims=True)
    log_probs = logits - top - np.log(np.exp(logits - top).sum(axis=1, keepdims=True))
    b, t = np.nonzero(labels != -100)
    return -log_probs[b, t, labels[b, t]].mean()
