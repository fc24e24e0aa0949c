# One too many, one too few, all of them.

# %% exam-text mistake="counts-the-start"
log_prob = np.log([follows[s][t] for s, t in zip(text, text[1:])]).sum()
text_scores = [log_prob, -log_prob / len(text)]

# %% exam-units mistake="eight-bits"
bits = total_nll / tokens_read / np.log(2)
in_units = [np.exp(total_nll / tokens_read), bits, bits / 8]

# %% exam-kl mistake="mean-for-sum"
p, q = np.array(p_true), np.array(q_model)
both_ways = [np.mean(p * np.log(p / q)), np.mean(q * np.log(q / p))]

# %% exam-gap mistake="both-in-bits"
kl = (loss_in_bits - entropy_rate) * np.log(2)
gap = [kl, np.exp(kl)]

# %% exam-gradient mistake="counts-from-one"
y = np.exp(three_logits) / np.sum(np.exp(three_logits))
y[observed - 1] -= 1
slopes = y

# %% exam-steps mistake="weighted-prediction"
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
steps.step("=", p[j] * (y_hat(j) - 1), because="only the term of class j holds z_j")
steps


# %% exam-batch-loss mistake="counts-the-ignored"
def batch_loss(logits, labels):
    top = logits.max(-1)
    lse = top + np.log(np.exp(logits - top[..., None]).sum(-1))
    right = np.take_along_axis(logits, np.maximum(labels, 0)[..., None], -1)[..., 0]
    return np.sum((lse - right)[labels != -100]) / labels.size

# %% exam-log mistake="counted-the-start"
fault = "b"
