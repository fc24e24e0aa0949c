# Logarithms in the wrong place, or with something added.

# %% exam-text mistake="log-of-the-mean"
probs = np.array([follows[s][t] for s, t in zip(text, text[1:])])
text_scores = [np.log(probs).sum(), -np.log(probs.mean())]

# %% exam-units mistake="bits-of-the-perplexity"
bits = total_nll / np.log(2)
in_units = [np.exp(total_nll / tokens_read) / np.log(2), bits / tokens_read, bits / bytes_read]

# %% exam-kl mistake="absolute-values"
p, q = np.array(p_true), np.array(q_model)
both_ways = [(p * abs(np.log(p / q))).sum(), (q * abs(np.log(p / q))).sum()]

# %% exam-gap mistake="difference-of-perplexities"
loss = loss_in_bits * np.log(2)
gap = [loss - entropy_rate, np.exp(loss) - np.exp(entropy_rate)]

# %% exam-gradient mistake="by-the-probability"
y = np.exp(three_logits) / np.exp(three_logits).sum()
slopes = [0.0, 0.0, 0.0]
slopes[observed] = -1 / y[observed]

# %% exam-steps mistake="by-the-probability"
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
steps.step("=", -p[j] / y_hat(j), because="the derivative of the logarithm")
steps


# %% exam-batch-loss mistake="epsilon-in-the-log"
def batch_loss(logits, labels):
    rows, classes = logits[labels != -100], labels[labels != -100]
    powers = np.exp(rows - rows.max(axis=-1, keepdims=True))
    probs = powers / powers.sum(axis=-1, keepdims=True)
    return -np.log(probs[np.arange(len(classes)), classes] + 1e-12).mean()
