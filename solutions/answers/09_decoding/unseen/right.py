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

# %% answer-score
# through the probabilities
score = np.log(np.exp(-0.7) * np.exp(-2.1) * np.exp(-0.3))

# %% answer-score
# a decimal number
from decimal import Decimal

score = Decimal("-3.1")

# %% answer-score
# an array without axes
score = np.subtract(-4.7, -1.6, out=np.empty(()))

# %% answer-log-prob
# the loss of Torch, turned round
import torch


def answer_log_prob(logits, tokens, prompt_length):
    rows = torch.as_tensor(np.array(logits[prompt_length - 1 : -1], dtype=np.float64))
    targets = torch.as_tensor(np.array(tokens[prompt_length:], dtype=np.int64))
    return -torch.nn.functional.cross_entropy(rows, targets, reduction="sum").item()


# %% answer-log-prob
# decimal numbers, whose exponents have no end
from decimal import Decimal


def answer_log_prob(logits, tokens, prompt_length):
    total = Decimal(0)
    for place in range(prompt_length, len(tokens)):
        row = [Decimal(float(x)) for x in logits[place - 1]]
        total += row[tokens[place]] - sum(x.exp() for x in row).ln()
    return total


# %% answer-log-prob
# text and prompt, each by the same function
def whole(logits, tokens):
    if len(tokens) < 2:
        return 0.0
    z = logits[: len(tokens) - 1]
    top = np.amax(z, axis=-1)
    lse = top + np.log(np.exp(z - top[:, None]).sum(axis=-1))
    return np.sum(z[range(len(z)), tokens[1:]] - lse)


def answer_log_prob(logits, tokens, prompt_length):
    return whole(logits, tokens) - whole(logits, tokens[:prompt_length])


# %% answer-log-prob
# the other tokens' lead over the one that stands there
def answer_log_prob(logits, tokens, prompt_length):
    cost = 0.0
    for row, token in zip(logits[prompt_length - 1 :], tokens[prompt_length:]):
        if row[token] == -np.inf:
            return -np.inf
        cost += np.logaddexp.reduce(row - row[token])
    return -cost


# %% answer-log-prob
# both backwards
def answer_log_prob(logits, tokens, prompt_length):
    n = len(tokens) - prompt_length
    back = tokens[::-1][:n]
    rows = logits[::-1][1 : n + 1]
    rows = rows - np.max(rows, 1, keepdims=True)
    picked = np.array([row[token] for row, token in zip(rows, back)])
    return picked.sum() - np.log(np.sum(np.exp(rows), 1)).sum()


# %% answer-log-prob
# a mask over the places, and a generator
import math


def answer_log_prob(logits, tokens, prompt_length):
    def of(row, token):
        top = max(row)
        return row[token] - top - math.log(math.fsum(math.exp(x - top) for x in row))

    return math.fsum(
        of(list(map(float, row)), int(token))
        for place, (row, token) in enumerate(zip(logits, tokens[1:]), start=1)
        if place >= prompt_length
    )


# %% table-audit
# how far the log-sum-exp is from 0
from scipy.special import logsumexp


def kind_of(table):
    if np.all(np.abs(np.expm1(logsumexp(table, axis=1))) < 1e-6):
        return "nats"
    if np.all(np.abs(np.expm1(np.logaddexp2.reduce(table, axis=1) * np.log(2))) < 1e-6):
        return "bits"
    if np.min(table) >= 0 and np.abs(np.sum(table, axis=1) - 1).max() < 1e-6:
        return "probabilities"
    return "not normalised"


# %% table-audit
# row by row in plain Python
import math


def kind_of(table):
    def total(row, undo):
        try:
            return math.fsum(undo(x) for x in row)
        except OverflowError:
            return math.inf

    undos = {"nats": math.exp, "bits": lambda x: 2.0**x, "probabilities": lambda x: x if x >= 0 else math.inf}
    rows = [list(map(float, row)) for row in table]
    for name in ("probabilities", "bits", "nats"):
        if all(abs(total(row, undos[name]) - 1) < 1e-6 for row in rows):
            return name
    return "not normalised"


# %% table-audit
# allclose with both tolerances set
def kind_of(table):
    old = np.seterr(over="ignore")
    close = lambda sums: np.allclose(sums, 1.0, rtol=0.0, atol=1e-6)
    answers = np.array(["not normalised", "probabilities", "bits", "nats"])
    tried = [True, close(table.sum(1)) and not (table < 0).any(), close(np.exp2(table).sum(1)), close(np.exp(table).sum(1))]
    np.seterr(**old)
    return answers[np.flatnonzero(tried)[-1]]


# %% table-audit
# bits as nats of another table
def kind_of(table):
    def is_nats(t):
        with np.errstate(over="ignore"):
            return bool((np.abs(np.exp(t).sum(axis=-1) - 1.0) < 1e-6).all())

    if is_nats(table):
        return "nats"
    if is_nats(table * np.log(2)):
        return "bits"
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(table)
    return "not normalised" if np.isnan(logs).any() or not is_nats(logs) else "probabilities"


# %% table-audit
# a product of a chain of conditions
def kind_of(table):
    V = table.shape[1]
    ones = np.ones(V)
    with np.errstate(all="ignore"):
        nats, bits, plain = np.exp(table) @ ones, np.power(2.0, table) @ ones, table @ ones
    near = lambda sums: -1e-6 < (sums - 1).min() and (sums - 1).max() < 1e-6
    return "nats" if near(nats) else "bits" if near(bits) else "probabilities" if near(plain) and table.min() >= 0 else "not normalised"


# %% prompt-change
changed = "D"

# %% prompt-change
changed = " d "

# %% rank-candidates
# lexsort with the place as the last resort
def rank(log_probs, texts, rule):
    totals = np.array([sum(own) for own in log_probs])
    sizes = {"sum": [1] * len(texts), "token": [len(own) for own in log_probs], "byte": [len(t.encode("utf8")) for t in texts]}
    return np.lexsort((np.arange(len(texts)), -totals / np.array(sizes[rule]))).tolist()


# %% rank-candidates
# sorted with reverse=True keeps the order of equals
def rank(log_probs, texts, rule):
    def score(n):
        total = sum(log_probs[n])
        return {"sum": total, "token": total / len(log_probs[n]), "byte": total / len(texts[n].encode())}[rule]

    return sorted(range(len(log_probs)), key=score, reverse=True)


# %% rank-candidates
# the best one is taken out, again and again
def rank(log_probs, texts, rule):
    left, order = list(enumerate(zip(log_probs, texts))), []
    while left:
        best = left[0]
        for one in left[1:]:
            if value(*one[1], rule) > value(*best[1], rule):
                best = one
        order.append(best[0])
        left.remove(best)
    return order


def value(own, text, rule):
    if rule == "byte":
        return sum(own) / sum(1 + (ord(c) > 0x7F) + (ord(c) > 0x7FF) + (ord(c) > 0xFFFF) for c in text)
    return np.mean(own) if rule == "token" else np.sum(own)


# %% rank-candidates
# exact fractions, and a tuple
from fractions import Fraction


def rank(log_probs, texts, rule):
    exact = [sum(map(Fraction, own)) for own in log_probs]
    if rule == "token":
        exact = [total / len(own) for total, own in zip(exact, log_probs)]
    if rule == "byte":
        exact = [total / len(bytearray(text, "utf-8")) for total, text in zip(exact, texts)]
    return tuple(n for _, n in sorted((-score, n) for n, score in enumerate(exact)))


# %% rank-candidates
# a comparison of two
from functools import cmp_to_key


def rank(log_probs, texts, rule):
    per = lambda n: 1 if rule == "sum" else len(log_probs[n] if rule == "token" else texts[n].encode())
    score = [sum(own) / per(n) for n, own in enumerate(log_probs)]
    return sorted(range(len(texts)), key=cmp_to_key(lambda a, b: (score[a] < score[b]) - (score[a] > score[b])))


# %% rank-candidates
# perplexities, the smallest first
def rank(log_probs, texts, rule):
    units = [1 if rule == "sum" else len(own) if rule == "token" else len(text.encode()) for own, text in zip(log_probs, texts)]
    return np.argsort([-sum(own) / unit for own, unit in zip(log_probs, units)], kind="stable")


# %% greedy-regret
# step by step
lost = log(p_b / p_a) + log(m_b / m_a)

# %% greedy-regret
# base 10 and back
lost = log(p_b * m_b / (p_a * m_a), 10) * log(10)

# %% greedy-regret
# half of a square
lost = log((p_b * m_b / p_a / m_a) ** 2) / 2

# %% greedy-regret
# surprisals
lost = -log(p_a) - log(m_a) - (-log(p_b) - log(m_b))

# %% greedy-regret
# SymPy's own spelling
import sympy

lost = sympy.expand_log(log(m_b * p_b / (m_a * p_a)))

# %% beam-search
# arrays, and the largest of a flat table
def beam_search(log_probs, width, length):
    V = len(log_probs)
    texts, scores = [()], np.zeros(1)
    for _ in range(length):
        going = np.array([not t or t[-1] != 0 for t in texts])
        if not going.any():
            break
        table = np.full((len(texts), V), -np.inf)
        for row, text in enumerate(texts):
            if going[row]:
                table[row] = scores[row] + log_probs[text[-1] if text else 0]
            else:
                table[row, 0] = scores[row]
        best = np.argsort(-table, axis=None)[: min(width, np.isfinite(table).sum())]
        rows, columns = np.unravel_index(best, table.shape)
        texts = [texts[r] + (int(c),) if going[r] else texts[r] for r, c in zip(rows, columns)]
        scores = table[rows, columns]
    return texts[0]


# %% beam-search
# recursion over the steps that are left
def beam_search(log_probs, width, length):
    def go(beam, left):
        if left == 0 or all(text and text[-1] == 0 for text, _ in beam):
            return max(beam, key=lambda one: one[1])[0]
        found = []
        for text, score in beam:
            if text and text[-1] == 0:
                found.append((text, score))
            else:
                last = text[-1] if text else 0
                found.extend((text + [token], score + log_probs[last][token]) for token in range(len(log_probs)))
        return go(sorted(found, key=lambda one: one[1])[::-1][:width], left - 1)

    return go([([], 0.0)], length)


# %% beam-search
# ended texts are padded, and the padding is cut off in the end
def beam_search(log_probs, width, length):
    V = log_probs.shape[0]
    beam = [(0.0, [0])]
    for step in range(length):
        options = []
        for score, text in beam:
            if step and text[-1] == 0:
                options.append((score, text + [0]))
                continue
            options += [(score + float(log_probs[text[-1], t]), text + [t]) for t in range(V)]
        beam = sorted(options, key=lambda o: o[0], reverse=True)[:width]
    text = beam[0][1][1:]
    return text[: text.index(0) + 1] if 0 in text else text


# %% beam-search
# Torch's topk
import torch


def beam_search(log_probs, width, length):
    table = torch.tensor(np.asarray(log_probs), dtype=torch.float64)
    beam, score = [[]], torch.zeros(1, dtype=torch.float64)
    for _ in range(length):
        grown, totals = [], []
        for text, total in zip(beam, score):
            if text[-1:] == [0]:
                grown.append(text)
                totals.append(total)
            else:
                for token, step in enumerate(table[text[-1] if text else 0]):
                    grown.append([*text, token])
                    totals.append(total + step)
        score, places = torch.stack(totals).topk(min(width, len(totals)))
        beam = [grown[place] for place in places.tolist()]
    return np.array(beam[0], dtype=np.int32)


# %% beam-search
# words as a string of characters
def beam_search(log_probs, width, length):
    beam = {"": 0.0}
    for _ in range(length):
        pool = {text: score for text, score in beam.items() if text.endswith(chr(0))}
        for text in beam.keys() - pool.keys():
            row = log_probs[ord(text[-1]) if text else 0]
            pool.update({text + chr(token): beam[text] + row[token] for token in range(len(row))})
        beam = {text: pool[text] for text in sorted(pool, key=pool.get)[-width:]}
    return [ord(letter) for letter in max(beam, key=beam.get)]


# %% two-sequences
# a log of what is missing to 1
total = np.log1p(-0.95)

# %% two-sequences
# an exact logarithm
import sympy

total = sympy.log(sympy.Rational(2, 5)) + sympy.log(sympy.Rational(1, 8))

# %% two-sequences
# a decimal
from decimal import Decimal

total = (Decimal("0.4") * Decimal("0.25") * Decimal("0.5")).ln()

# %% two-sequences
# bits and back
total = -np.log2(20) * np.log(2)

# %% scheduled-steps
# each sum by itself: its derivative, term by term
a, b = eps * p_a, (1 - eps) * q_a
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", -a * Derivative(after_true, z[j]) - b * Derivative(after_drawn, z[j]), because="linear")
steps.step(
    "=",
    -a * Sum(g[k] * (KroneckerDelta(j, k) - y_hat(j)), (k, 1, V)) - b * Derivative(after_drawn, z[j]),
    because="first sum",
)
steps.step(
    "=",
    -a * Sum(g[k] * (KroneckerDelta(j, k) - y_hat(j)), (k, 1, V))
    - b * Sum(h[k] * (KroneckerDelta(j, k) - y_hat(j)), (k, 1, V)),
    because="second sum",
)
steps.step("=", a * (y_hat(j) - g[j]) + b * (y_hat(j) - h[j]), because="the deltas")

# %% scheduled-steps
# the logarithm of the quotient as a difference, under the sums
lse = log(Sum(exp(z[i]), (i, 1, V)))
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step(
    "=",
    Derivative(
        -eps * p_a * Sum(g[k] * (z[k] - lse), (k, 1, V)) - (1 - eps) * q_a * Sum(h[k] * (z[k] - lse), (k, 1, V)),
        z[j],
    ),
    because="the logarithm of a quotient",
)
steps.step(
    "=",
    -eps * p_a * Sum(g[k] * (KroneckerDelta(k, j) - exp(z[j]) / Sum(exp(z[i]), (i, 1, V))), (k, 1, V))
    - (1 - eps) * q_a * Sum(h[k] * (KroneckerDelta(k, j) - exp(z[j]) / Sum(exp(z[i]), (i, 1, V))), (k, 1, V)),
    because="term by term",
)
steps.step(
    "=",
    (eps * p_a + (1 - eps) * q_a) * exp(z[j]) / Sum(exp(z[i]), (i, 1, V)) - eps * p_a * g[j] - (1 - eps) * q_a * h[j],
    because="g and h sum to 1",
)

# %% scheduled-steps
# the derivative of log-sum-exp is left standing at first
lse = log(Sum(exp(z[k]), (k, 1, V)))
W = eps * p_a + (1 - eps) * q_a
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", W * Derivative(lse, z[j]) - eps * p_a * g[j] - (1 - eps) * q_a * h[j], because="targets apart")
steps.step("=", W * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j], because="the softmax is its derivative")

# %% scheduled-steps
# with the logits' derivatives as deltas
lse = log(Sum(exp(z[k]), (k, 1, V)))
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step(
    "=",
    eps * p_a * (Derivative(lse, z[j]) - Sum(g[k] * KroneckerDelta(j, k), (k, 1, V)))
    + (1 - eps) * q_a * (Derivative(lse, z[j]) - Sum(h[k] * KroneckerDelta(j, k), (k, 1, V))),
    because="log-sum-exp and the logits apart",
)
steps.step(
    "=",
    eps * p_a * (exp(z[j]) / Sum(exp(z[k]), (k, 1, V)) - g[j])
    + (1 - eps) * q_a * (exp(z[j]) / Sum(exp(z[k]), (k, 1, V)) - h[j]),
    because="the chain rule",
)
steps.step(
    "=", eps * (p_a * (y_hat(j) - g[j]) - q_a * (y_hat(j) - h[j])) + q_a * (y_hat(j) - h[j]), because="by epsilon"
)
