# Other forms: SciPy, Torch, heaps, and expressions written another way.

# %% answer-score
score = sum([-1.2, -0.4, -0.7, -2.1, -0.3]) - sum([-1.2, -0.4])


# %% answer-log-prob
import torch


def answer_log_prob(logits, tokens, prompt_length):
    rows = torch.as_tensor(logits)[prompt_length - 1 : -1]
    loss = torch.nn.functional.cross_entropy(rows, torch.as_tensor(tokens)[prompt_length:], reduction="sum")
    return -loss.item()


# %% table-audit
from scipy.special import logsumexp


def kind_of(table):
    def one(logs):
        return bool((np.abs(np.expm1(logsumexp(logs, axis=1))) < 1e-6).all())

    if one(table):
        return "nats"
    if one(table * np.log(2)):
        return "bits"
    good = table.min() >= 0 and np.allclose(table.sum(-1), 1, rtol=0, atol=1e-6)
    return "probabilities" if good else "not normalised"


# %% prompt-change
changed = "d · those of y1, y2 and y3"


# %% rank-candidates
def rank(log_probs, texts, rule):
    totals = np.array([sum(own) for own in log_probs])
    sizes = {
        "sum": np.ones(len(texts)),
        "token": np.array([len(own) for own in log_probs]),
        "byte": np.array([len(text.encode("utf8")) for text in texts]),
    }
    return np.argsort(-totals / sizes[rule], kind="stable").tolist()


# %% greedy-regret
lost = log(p_b * m_b / (p_a * m_a))


# %% beam-search
import heapq


def beam_search(log_probs, width, length):
    """With log-probabilities of whole beams as arrays, and indices taken apart."""
    V = len(log_probs)
    texts, scores = [[]], np.zeros(1)
    for _ in range(length):
        ended = np.array([bool(text) and text[-1] == 0 for text in texts])
        rows = np.array([log_probs[text[-1] if text else 0] for text in texts])
        grown = scores[:, None] + rows
        grown[ended, 1:] = -np.inf  # an ended text has one continuation: itself
        grown[ended, 0] = scores[ended]
        best = heapq.nlargest(min(width, int(np.isfinite(grown).sum())), range(grown.size), key=grown.ravel().__getitem__)
        texts = [texts[n // V] if ended[n // V] else texts[n // V] + [n % V] for n in best]
        scores = grown.ravel()[best]
    return texts[0]


# %% two-sequences
total = float(np.log([[0.4, 1.0], [0.25, 0.5]]).sum(axis=1).sum())

# %% scheduled-steps
# one sum at a time, and the logarithm apart in each
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
total_of = Sum(exp(z[i]), (i, 1, V))
steps.step(
    "=",
    -eps * p_a * Derivative(Sum(g[k] * (z[k] - log(total_of)), (k, 1, V)), z[j])
    - (1 - eps) * q_a * Derivative(Sum(h[k] * (z[k] - log(total_of)), (k, 1, V)), z[j]),
    because="the logarithm of the softmax is a difference",
)
steps.step(
    "=",
    -eps * p_a * (g[j] - y_hat(j) * Sum(g[k], (k, 1, V)))
    - (1 - eps) * q_a * (h[j] - y_hat(j) * Sum(h[k], (k, 1, V))),
    because="term by term",
)
steps.step(
    "=",
    eps * p_a * y_hat(j) + (1 - eps) * q_a * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j],
    because="both distributions sum to 1",
)
steps
