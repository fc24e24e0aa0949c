# Logits and losses as they are.

# %% exam-text mistake="first-row-only"
logs = np.log([follows[0][t] for t in text[1:]])
text_scores = [logs.sum(), -logs.mean()]

# %% exam-kl mistake="wrong-entropy"
p, q = np.array(p_true), np.array(q_model)
both_ways = [(q * np.log(q) - p * np.log(q)).sum(), (p * np.log(p) - q * np.log(p)).sum()]

# %% exam-gap mistake="base-2"
kl = loss_in_bits * np.log(2) - entropy_rate
gap = [kl, 2**kl]

# %% exam-gradient mistake="logits-for-probabilities"
slopes = list(three_logits)
slopes[observed] -= 1

# %% exam-steps mistake="forgets-the-softmax"
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
steps.step("=", -p[j], because="z_j stands in one term")
steps


# %% exam-batch-loss mistake="raw-logits"
def batch_loss(logits, labels):
    b, t = np.nonzero(labels != -100)
    return -logits[b, t, labels[b, t]].mean()
