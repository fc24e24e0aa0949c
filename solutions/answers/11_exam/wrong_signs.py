# Signs and directions.

# %% exam-text mistake="flipped-sign"
loss = -sum(np.log(follows[s][t]) for s, t in zip(text, text[1:]))
text_scores = [loss, loss / (len(text) - 1)]

# %% exam-units mistake="turned-round"
loss = total_nll / tokens_read
in_units = [np.exp(loss), loss * np.log(2), total_nll * np.log(2) / bytes_read]

# %% exam-kl mistake="flipped-sign"
p, q = np.array(p_true), np.array(q_model)
both_ways = [(p * np.log(q / p)).sum(), (q * np.log(p / q)).sum()]

# %% exam-gap mistake="flipped-sign"
kl = entropy_rate - loss_in_bits * np.log(2)
gap = [kl, np.exp(kl)]

# %% exam-gradient mistake="flipped-sign"
slopes = -np.exp(three_logits) / np.exp(three_logits).sum()
slopes[observed] += 1

# %% exam-steps mistake="flipped-sign"
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
steps.step("=", p[j] - y_hat(j), because="the derivative of the logarithm of the softmax")
steps


# %% exam-batch-loss mistake="flipped-sign"
def batch_loss(logits, labels):
    rows, classes = logits[labels != -100], labels[labels != -100]
    rows = rows - rows.max(-1, keepdims=True)
    log_probs = rows - np.log(np.exp(rows).sum(-1, keepdims=True))
    return log_probs[np.arange(len(classes)), classes].mean()
