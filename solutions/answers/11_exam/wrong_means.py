# Means of the wrong things, over the wrong number.

# %% exam-text mistake="words-only"
logs = np.log([follows[s][t] for s, t in zip(text, text[1:])])
text_scores = [logs.sum(), -logs.sum() / (len(text) - 2)]

# %% exam-units mistake="perplexity-per-byte"
bits = total_nll / np.log(2)
in_units = [np.exp(total_nll / bytes_read), bits / tokens_read, bits / bytes_read]

# %% exam-kl mistake="one-for-both"
one = sum(x * np.log(x / y) for x, y in zip(p_true, q_model))
both_ways = [one, one]

# %% exam-gap mistake="sum-for-difference"
kl = loss_in_bits * np.log(2) + entropy_rate
gap = [kl, np.exp(kl)]

# %% exam-steps mistake="plus-for-minus"
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
steps.step("=", y_hat(j) + p[j], because="term by term")
steps


# %% exam-batch-loss mistake="mean-of-rows"
def batch_loss(logits, labels):
    means = []
    for rows, classes in zip(logits, labels):
        rows, classes = rows[classes != -100], classes[classes != -100]
        if len(classes):
            top = rows.max(-1)
            lse = top + np.log(np.exp(rows - top[:, None]).sum(-1))
            means.append(np.mean(lse - rows[range(len(classes)), classes]))
    return np.mean(means)

# %% exam-log mistake="mean-of-perplexities"
fault = "a"
