# Two for e.

# %% exam-text mistake="base-2"
logs = np.log2([follows[s][t] for s, t in zip(text, text[1:])])
text_scores = [logs.sum(), -logs.mean()]

# %% exam-units mistake="base-2"
loss = total_nll / tokens_read
in_units = [2**loss, loss / np.log(2), total_nll / bytes_read / np.log(2)]

# %% exam-kl mistake="base-2"
both_ways = [
    sum(x * np.log2(x / y) for x, y in zip(p_true, q_model)),
    sum(y * np.log2(y / x) for x, y in zip(p_true, q_model)),
]

# %% exam-gap mistake="turned-round"
kl = loss_in_bits / np.log(2) - entropy_rate
gap = [kl, np.exp(kl)]

# %% exam-gradient mistake="softmax-of-base-2"
powers = 2.0 ** np.array(three_logits)
slopes = powers / powers.sum() - (np.arange(3) == observed)


# %% exam-batch-loss mistake="in-bits"
def batch_loss(logits, labels):
    rows, classes = logits[labels != -100], labels[labels != -100]
    top = rows.max(-1)
    lse = top + np.log(np.exp(rows - top[:, None]).sum(-1))
    return np.mean(lse - rows[np.arange(len(classes)), classes]) / np.log(2)
