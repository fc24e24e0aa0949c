# Other formulas for the same numbers.

# %% exam-text
import sympy

table = sympy.Matrix(follows)
probs = [table[s, t] for s, t in zip(text[:-1], text[1:])]
nll = -sum(sympy.log(x) for x in probs)
text_scores = [-nll, nll / len(probs)]

# %% exam-units
nats = np.array([1 / tokens_read, 1 / tokens_read, 1 / bytes_read]) * total_nll
in_units = np.array([np.exp(nats[0]), nats[1] / np.log(2), nats[2] / np.log(2)])

# %% exam-kl
# a cross-entropy minus an entropy
P = np.array([p_true, q_model])
cross = -P @ np.log(P).T
both_ways = [cross[0, 1] - cross[0, 0], cross[1, 0] - cross[1, 1]]

# %% exam-gap
in_bits = loss_in_bits - entropy_rate / np.log(2)
gap = np.array([in_bits * np.log(2), 2**in_bits]).round(3)

# %% exam-gradient
# central differences of the loss
def nll(logits):
    return np.log(np.exp(logits).sum()) - logits[observed]


h = 1e-5
slopes = [
    (nll(np.array(three_logits) + h * step) - nll(np.array(three_logits) - h * step)) / (2 * h)
    for step in np.eye(3)
]

# %% exam-steps
# the chain rule under the sum
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
steps.step(
    "=", -Sum(p[k] / y_hat(k) * Derivative(y_hat(k), z[j]), (k, 1, V)), because="the derivative of the logarithm"
)
steps.step("=", -Sum(p[k] * (KroneckerDelta(j, k) - y_hat(j)), (k, 1, V)), because="the Jacobian of the softmax")
steps.step("=", y_hat(j) - p[j], because="p sums to 1")


# %% exam-batch-loss
def batch_loss(logits, labels):
    flat, classes = np.reshape(logits, (-1, np.shape(logits)[-1])), np.ravel(labels)
    kept = np.flatnonzero(classes >= 0)
    log_probs = flat - np.logaddexp.reduce(flat, axis=1, keepdims=True)
    return -np.average(log_probs[kept, classes[kept]])

# %% exam-log
fault = " C "
