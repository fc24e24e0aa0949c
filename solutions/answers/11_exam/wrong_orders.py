# The right numbers in another order, the right step twice.

# %% exam-text mistake="swapped-order"
logs = [np.log(follows[s][t]) for s, t in zip(text, text[1:])]
text_scores = [-np.mean(logs), sum(logs)]

# %% exam-units mistake="swapped-order"
bits = total_nll / np.log(2)
in_units = [np.exp(total_nll / tokens_read), bits / bytes_read, bits / tokens_read]

# %% exam-kl mistake="swapped-order"
both_ways = [np.dot(b, np.log(np.divide(b, a))) for a, b in [(p_true, q_model), (q_model, p_true)]]

# %% exam-gap mistake="swapped-order"
kl = loss_in_bits * np.log(2) - entropy_rate
gap = [np.exp(kl), kl]

# %% exam-gradient mistake="swapped-order"
y = np.exp(three_logits) / np.exp(three_logits).sum() - np.eye(3)[observed]
slopes = y[::-1]


# %% exam-batch-loss mistake="softmax-twice"
def batch_loss(logits, labels):
    def softmax(rows):
        powers = np.exp(rows - rows.max(-1, keepdims=True))
        return powers / powers.sum(-1, keepdims=True)

    rows, classes = logits[labels != -100], labels[labels != -100]
    probs = softmax(softmax(rows))
    return -np.log(probs[np.arange(len(classes)), classes]).mean()
