# %% answer-score
# an exact fraction
from fractions import Fraction

score = Fraction(-31, 10)

# %% answer-score
# a Torch sum of single precision
import torch

score = torch.tensor([-0.7, -2.1, -0.3]).sum()

# %% answer-score
# all of it less the prompt, as a cumulative sum
parts = np.cumsum([-1.2, -0.4, -0.7, -2.1, -0.3])
score = parts[-1] - parts[1]

# %% answer-score
# a SymPy number
from sympy import Rational

score = -Rational(7, 10) - Rational(21, 10) - Rational(3, 10)

# %% answer-log-prob
# scipy, and a trace of a matrix
from scipy.special import log_softmax


def answer_log_prob(logits, tokens, prompt_length):
    table = log_softmax(logits, axis=-1)[prompt_length - 1 : len(tokens) - 1]
    return table[:, tokens[prompt_length:]].trace()


# %% answer-log-prob
# a one-hot mask, where 0 times -inf is avoided
from scipy.special import logsumexp


def answer_log_prob(logits, tokens, prompt_length):
    rows = logits[prompt_length - 1 : -1]
    hot = tokens[prompt_length:, None] == np.arange(logits.shape[1])
    return np.where(hot, rows - logsumexp(rows, axis=1, keepdims=True), 0.0).sum()


# %% answer-log-prob
# from the back, recursively, for a few places at a time
def answer_log_prob(logits, tokens, prompt_length):
    if prompt_length == len(tokens):
        return 0.0
    row = logits[prompt_length - 1]
    own = -np.log(np.exp(row - row[tokens[prompt_length]]).sum()) if row[tokens[prompt_length]] > row.max() - 700 else None
    if own is None:
        own = row[tokens[prompt_length]] - row.max() - np.log(np.exp(row - row.max()).sum())
    return own + answer_log_prob(logits, tokens, prompt_length + 1)


# %% answer-log-prob
# all positions first, then a slice
def answer_log_prob(logits, tokens, prompt_length):
    shifted = logits - logits.max(axis=1)[:, None]
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1))[:, None]
    every = np.take_along_axis(log_probs[:-1], np.asarray(tokens)[1:, None], axis=1)[:, 0]
    return float(every[prompt_length - 1 :].sum())


# %% answer-log-prob
# logaddexp
def answer_log_prob(logits, tokens, prompt_length):
    total = 0.0
    for row, token in zip(logits[prompt_length - 1 :], tokens[prompt_length:]):
        total += row[token] - np.logaddexp.reduce(row)
    return total


# %% answer-log-prob
# torch's log_softmax and gather
import torch


def answer_log_prob(logits, tokens, prompt_length):
    table = torch.log_softmax(torch.from_numpy(np.array(logits, dtype=float)), -1)
    chosen = table[:-1].gather(1, torch.from_numpy(np.array(tokens[1:]))[:, None])
    return chosen[prompt_length - 1 :].sum()


# %% table-audit
# negative numbers first
def kind_of(table):
    t = np.array(table, dtype=float)
    one = lambda rows: np.all(np.abs(rows.sum(1) - 1.0) < 1e-6)
    if (t < 0).any():
        for name, base in (("nats", np.e), ("bits", 2)):
            with np.errstate(all="ignore"):
                if one(base**t):
                    return name
        return "not normalised"
    return "probabilities" if one(t) else "not normalised"


# %% table-audit
# sets of verdicts
def kind_of(table):
    def verdict(row):
        found = set()
        with np.errstate(over="ignore"):
            if abs(np.exp(row).sum() - 1) < 1e-6:
                found.add("nats")
            if abs((2.0**row).sum() - 1) < 1e-6:
                found.add("bits")
        if row.min() >= 0 and abs(row.sum() - 1) < 1e-6:
            found.add("probabilities")
        return found

    common = set.intersection(*map(verdict, table))
    return common.pop() if common else "not normalised"


# %% table-audit
# a match on counts
def kind_of(table):
    m = len(table)
    with np.errstate(all="ignore"):
        sums = [np.exp(table).sum(-1), np.exp(np.log(2) * table).sum(-1), table.sum(-1)]
    hits = [int(sum(np.abs(s - 1) < 1e-6)) for s in sums]
    names = ["nats", "bits", "probabilities"]
    if hits[2] == m and np.min(table) < 0:
        hits[2] = 0
    return next((n for n, hit in zip(names, hits) if hit == m), "not normalised")


# %% prompt-change
changed = "(d)"

# %% prompt-change
changed = "d: those of y1, y2 and y3"

# %% rank-candidates
# a structured sort with the place as the second key
def rank(log_probs, texts, rule):
    rows = []
    for n, (own, text) in enumerate(zip(log_probs, texts)):
        by = 1 if rule == "sum" else len(own) if rule == "token" else len(text.encode("utf-8"))
        rows.append((-(sum(own) / by), n))
    return [n for _, n in sorted(rows)]


# %% rank-candidates
# an insertion sort
def rank(log_probs, texts, rule):
    def score(n):
        if rule == "sum":
            return np.sum(log_probs[n])
        return np.sum(log_probs[n]) / (len(log_probs[n]) if rule == "token" else len(bytes(texts[n], "utf8")))

    order = []
    for n in range(len(texts)):
        place = len(order)
        while place and score(order[place - 1]) < score(n):
            place -= 1
        order.insert(place, n)
    return order


# %% rank-candidates
# an array of places
def rank(log_probs, texts, rule):
    size = {"sum": lambda p, t: 1, "token": lambda p, t: len(p), "byte": lambda p, t: len(t.encode())}[rule]
    scores = np.array([np.sum(p) / size(p, t) for p, t in zip(log_probs, texts)])
    return np.argsort(-scores, kind="mergesort")


# %% greedy-regret
# with exponents
lost = log((p_a * m_a / (p_b * m_b)) ** -1)

# %% greedy-regret
# two differences
lost = (log(m_b) - log(m_a)) - (log(p_a) - log(p_b))

# %% greedy-regret
# minus the other one
lost = -log(p_a * m_a / p_b / m_b)

# %% beam-search
# a heap for each step
import heapq


def beam_search(log_probs, width, length):
    beam = [(0.0, (0,))]
    for _ in range(length):
        pool = []
        for s, t in beam:
            if len(t) > 1 and t[-1] == 0:
                pool.append((s, t))
            else:
                pool.extend((s + log_probs[t[-1]][w], t + (w,)) for w in range(len(log_probs)))
        beam = heapq.nlargest(width, pool)
    return list(max(beam)[1][1:])


# %% beam-search
# negative scores, and a class
class Text:
    def __init__(self, tokens, cost):
        self.tokens, self.cost = tokens, cost

    @property
    def over(self):
        return bool(self.tokens) and self.tokens[-1] == 0


def beam_search(log_probs, width, length):
    beam = [Text([], 0.0)]
    while length and not all(text.over for text in beam):
        length -= 1
        grown = [text for text in beam if text.over]
        for text in beam:
            if not text.over:
                before = text.tokens[-1] if text.tokens else 0
                grown += [Text(text.tokens + [t], text.cost - log_probs[before, t]) for t in range(log_probs.shape[1])]
        grown.sort(key=lambda text: text.cost)
        beam = grown[:width]
    return beam[0].tokens


# %% beam-search
# stops when the best text has ended: nothing can overtake it
def beam_search(log_probs, width, length):
    beam = [([], 0.0)]
    for _ in range(length):
        new = []
        for tokens, score in beam:
            if tokens[-1:] == [0]:
                new.append((tokens, score))
                continue
            row = log_probs[tokens[-1] if len(tokens) else 0]
            for t, s in enumerate(row):
                new.append((tokens + [t], score + s))
        new.sort(key=lambda c: c[1], reverse=True)
        beam = new[:width]
        if beam[0][0][-1] == 0:
            break
    return beam[0][0]


# %% beam-search
# probabilities multiplied: short texts are no danger
def beam_search(log_probs, width, length):
    probs = np.exp(log_probs)
    beam = {(): 1.0}
    for _ in range(length):
        new = {}
        for text, p in beam.items():
            if text and text[-1] == 0:
                new[text] = p
            else:
                for t in range(len(probs)):
                    new[text + (t,)] = p * probs[text[-1] if text else 0, t]
        beam = dict(sorted(new.items(), key=lambda item: item[1], reverse=True)[:width])
    return np.array(next(iter(beam)))


# %% two-sequences
# digits
total = -2.996

# %% two-sequences
# two sums
total = sum(map(np.log, [0.4])) + sum(map(np.log, [0.25, 0.5]))

# %% two-sequences
# minus a logarithm
total = -np.log(20)

# %% scheduled-steps
# the two sums apart, and log-sum-exp in each
L = log(Sum(exp(z[k]), (k, 1, V)))
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", Derivative(eps * p_a * (L - Sum(g[k] * z[k], (k, 1, V))), z[j]) + Derivative((1 - eps) * q_a * (L - Sum(h[k] * z[k], (k, 1, V))), z[j]))
steps.step("=", eps * p_a * (y_hat(j) - g[j]) + (1 - eps) * q_a * (y_hat(j) - h[j]))

# %% scheduled-steps
# with the weights gathered under one sum
c = lambda k: eps * p_a * g[k] + (1 - eps) * q_a * h[k]
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", -Derivative(Sum(c(k) * log(y_hat(k)), (k, 1, V)), z[j]), because="one sum")
steps.step("=", -Sum(c(k) * (KroneckerDelta(k, j) - y_hat(j)), (k, 1, V)), because="the chain rule")
steps.step("=", -c(j) + y_hat(j) * Sum(c(k), (k, 1, V)), because="the delta")
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - c(j), because="sums to 1")

# %% scheduled-steps
# the derivative of the softmax over the softmax
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step(
    "=",
    -eps * p_a * Sum(g[k] / y_hat(k) * Derivative(y_hat(k), z[j]), (k, 1, V))
    - (1 - eps) * q_a * Sum(h[k] / y_hat(k) * Derivative(y_hat(k), z[j]), (k, 1, V)),
    because="the chain rule",
)
steps.step(
    "=",
    -eps * p_a * Sum(g[k] * (KroneckerDelta(k, j) - y_hat(j)), (k, 1, V))
    - (1 - eps) * q_a * Sum(h[k] * (KroneckerDelta(k, j) - y_hat(j)), (k, 1, V)),
    because="the derivative of the softmax",
)
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps
# the last line as a weight times a difference
W = eps * p_a + (1 - eps) * q_a
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", Derivative(W * log(Sum(exp(z[k]), (k, 1, V))) - eps * p_a * Sum(g[k] * z[k], (k, 1, V)) - (1 - eps) * q_a * Sum(h[k] * z[k], (k, 1, V)), z[j]))
steps.step("=", W * (y_hat(j) - (eps * p_a * g[j] + (1 - eps) * q_a * h[j]) / W))
