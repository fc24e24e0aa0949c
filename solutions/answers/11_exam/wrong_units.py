# Nats for bits, and a class that goes the way of −100.

# %% exam-units mistake="in-nats"
loss = total_nll / tokens_read
in_units = [np.exp(loss), loss, total_nll / bytes_read]

# %% exam-gap mistake="mixes-units"
kl = loss_in_bits - entropy_rate
gap = [kl, np.exp(kl)]


# %% exam-batch-loss mistake="without-class-zero"
def batch_loss(logits, labels):
    rows, classes = logits[labels > 0], labels[labels > 0]
    top = rows.max(-1)
    lse = top + np.log(np.exp(rows - top[:, None]).sum(-1))
    return np.mean(lse - rows[np.arange(len(classes)), classes])
