# Half of what is asked, or what is not asked.

# %% exam-text mistake="forgets-the-end"
words = text[:-1]
logs = [np.log(follows[s][t]) for s, t in zip(words, words[1:])]
text_scores = [sum(logs), -sum(logs) / len(logs)]

# %% exam-kl mistake="gives-the-cross-entropy"
p, q = np.array(p_true), np.array(q_model)
both_ways = [-(p * np.log(q)).sum(), -(q * np.log(p)).sum()]

# %% exam-gap mistake="gives-the-loss"
loss = loss_in_bits * np.log(2)
gap = [loss, np.exp(loss - entropy_rate)]

# %% exam-gradient mistake="forgets-one-hot"
slopes = np.exp(three_logits) / np.exp(three_logits).sum()

# %% exam-steps mistake="forgets-the-target"
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
steps.step("=", y_hat(j), because="the target does not depend on the logits")
steps


# %% exam-batch-loss mistake="scores-the-ignored"
def batch_loss(logits, labels):
    classes = np.where(labels == -100, 0, labels)
    top = logits.max(-1)
    lse = top + np.log(np.exp(logits - top[..., None]).sum(-1))
    return np.mean(lse - np.take_along_axis(logits, classes[..., None], -1)[..., 0])
