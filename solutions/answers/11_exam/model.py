# %% exam-text
log_probs = [np.log(follows[before][token]) for before, token in zip(text, text[1:])]
text_scores = [sum(log_probs), -sum(log_probs) / len(log_probs)]

# %% exam-units
loss = total_nll / tokens_read  # in nats per token
bits = loss / np.log(2)
in_units = [np.exp(loss), bits, bits * tokens_read / bytes_read]


# %% exam-kl
def kl(a, b):
    return sum(x * np.log(x / y) for x, y in zip(a, b))


both_ways = [kl(p_true, q_model), kl(q_model, p_true)]

# %% exam-gap
divergence_in_nats = loss_in_bits * np.log(2) - entropy_rate
gap = [divergence_in_nats, np.exp(divergence_in_nats)]

# %% exam-gradient
powers = np.exp(three_logits)
slopes = powers / powers.sum()
slopes[observed] -= 1

# %% exam-steps
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
lse = log(Sum(exp(z[i]), (i, 1, V)))
steps.step(
    "=",
    Derivative(Sum(p[k] * log(p[k]), (k, 1, V)) - Sum(p[k] * z[k], (k, 1, V)) + lse, z[j]),
    because="the logarithms are taken apart, and p sums to 1",
)
steps.step("=", Derivative(lse, z[j]) - p[j], because="the entropy holds no logit, the second sum one term with z_j")
steps.step("=", y_hat(j) - p[j], because="the derivative of log-sum-exp is the softmax")
steps


# %% exam-batch-loss
def batch_loss(logits, labels):
    """Return the mean NLL in nats of the labels that count: shapes (B, T, V) and (B, T) -> one number."""
    counts = labels != -100
    rows, classes = logits[counts], labels[counts]
    top = rows.max(axis=1)
    normaliser = top + np.log(np.exp(rows - top[:, None]).sum(axis=1))
    return (normaliser - rows[np.arange(len(rows)), classes]).mean()


# %% exam-log
fault = "c"

# %% [markdown] exam-paradigms
# A negative ELBO is an upper bound of the NLL: log p(x) is the ELBO plus a KL divergence, which is never
# negative. So B's NLL is at most 3.05 bits per dimension, which is below A's 3.20: on these images B has the
# higher likelihood. Of C nothing follows. A GAN gives samples and no likelihood, and how good they look
# does not say how probable the model makes these images. If B had reported 3.30, its NLL could lie above or
# below 3.20, and nothing would follow for A and B either.
