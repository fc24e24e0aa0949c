# %% answer-score most=0
# the sum of all
score = -4.7

# %% answer-score most=0
# rounded
score = -3

# %% answer-score most=0
# the best token
score = -0.3

# %% answer-score most=0
# divided by the prompt's score
score = -3.1 / -1.6

# %% answer-score most=0
# the perplexity of the answer
score = np.exp(3.1 / 3)

# %% answer-score most=0
# with the prompt's sign turned round
score = -3.1 + 1.6

# %% answer-score most=0
# a list of terms
score = [-0.7, -2.1, -0.3]

# %% answer-log-prob
# the log of the mean probability
def answer_log_prob(logits, tokens, prompt_length):
    e = np.exp(logits - logits.max(1, keepdims=True))
    p = e / e.sum(1, keepdims=True)
    places = np.arange(prompt_length, len(tokens))
    return np.log(p[places - 1, tokens[places]].mean())


# %% answer-log-prob
# the prompt is counted in tokens from 1
def answer_log_prob(logits, tokens, prompt_length):
    z = logits - logits.max(1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(1, keepdims=True))
    return sum(lp[t, tokens[t + 1]] for t in range(prompt_length, len(tokens) - 1))


# %% answer-log-prob
# masked tokens cost nothing
def answer_log_prob(logits, tokens, prompt_length):
    z = logits - logits.max(1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(1, keepdims=True))
    told = lp[np.arange(prompt_length - 1, len(tokens) - 1), tokens[prompt_length:]]
    return told[np.isfinite(told)].sum()


# %% answer-log-prob
# one maximum for the whole table
def answer_log_prob(logits, tokens, prompt_length):
    z = logits - logits.max()
    with np.errstate(all="ignore"):
        lp = z - np.log(np.exp(z).sum(1, keepdims=True))
    return lp[np.arange(prompt_length - 1, len(tokens) - 1), tokens[prompt_length:]].sum()


# %% answer-log-prob
# an epsilon inside of the logarithm
def answer_log_prob(logits, tokens, prompt_length):
    e = np.exp(logits - logits.max(1, keepdims=True))
    p = e / e.sum(1, keepdims=True)
    return np.log(p[np.arange(prompt_length - 1, len(tokens) - 1), tokens[prompt_length:]] + 1e-12).sum()


# %% answer-log-prob
# sigmoid for softmax
def answer_log_prob(logits, tokens, prompt_length):
    return -np.logaddexp(0, -logits[np.arange(prompt_length - 1, len(tokens) - 1), tokens[prompt_length:]]).sum()


# %% answer-log-prob
# the last row scores the last token
def answer_log_prob(logits, tokens, prompt_length):
    z = logits - logits.max(1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(1, keepdims=True))
    return lp[np.arange(prompt_length, len(tokens)), tokens[prompt_length:]].sum()


# %% answer-log-prob
# divided by the number of tokens of the answer
def answer_log_prob(logits, tokens, prompt_length):
    z = logits - logits.max(1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(1, keepdims=True))
    return lp[np.arange(prompt_length - 1, len(tokens) - 1), tokens[prompt_length:]].mean()


# %% answer-log-prob
# the first token of the answer only
def answer_log_prob(logits, tokens, prompt_length):
    row = logits[prompt_length - 1]
    return row[tokens[prompt_length]] - row.max() - np.log(np.exp(row - row.max()).sum())


# %% answer-log-prob most=0
# zero
def answer_log_prob(logits, tokens, prompt_length):
    return 0.0


# %% table-audit
# everything negative is nats
def kind_of(table):
    if (table < 0).all():
        return "nats"
    return "probabilities" if np.allclose(table.sum(1), 1) else "not normalised"


# %% table-audit
# isclose as it comes
def kind_of(table):
    with np.errstate(all="ignore"):
        for name, t in (("nats", np.exp(table)), ("bits", 2.0**table), ("probabilities", table)):
            if np.isclose(t.sum(axis=1), 1).all():
                return name
    return "not normalised"


# %% table-audit
# any row
def kind_of(table):
    with np.errstate(all="ignore"):
        for name, t in (("nats", np.exp(table)), ("bits", 2.0**table), ("probabilities", table)):
            if (abs(t.sum(axis=1) - 1) < 1e-6).any():
                return name
    return "not normalised"


# %% table-audit
# by the largest number
def kind_of(table):
    top = table.max()
    if top > 1:
        return "not normalised"
    return "probabilities" if table.min() >= 0 else "nats"


# %% table-audit
# rounded sums
def kind_of(table):
    with np.errstate(all="ignore"):
        if (np.round(np.exp(table).sum(1), 4) == 1).all():
            return "nats"
        if (np.round(np.exp2(table).sum(1), 4) == 1).all():
            return "bits"
    return "probabilities" if (np.round(table.sum(1), 4) == 1).all() else "not normalised"


# %% table-audit
# the other names
def kind_of(table):
    return "log-probabilities"


# %% table-audit
# always logits
def kind_of(table):
    return "not normalised"


# %% table-audit
# bits before probabilities, but with 10 for 2
def kind_of(table):
    with np.errstate(all="ignore"):
        for name, t in (("nats", np.exp(table)), ("bits", 10.0**table), ("probabilities", np.where(table < 0, 9, table))):
            if (abs(t.sum(axis=1) - 1) < 1e-6).all():
                return name
    return "not normalised"


# %% prompt-change most=0
changed = "b"

# %% prompt-change most=0
changed = "c"

# %% prompt-change most=0
changed = "a"

# %% prompt-change most=0
changed = "bd"

# %% rank-candidates
# perplexities, the largest first
def rank(log_probs, texts, rule):
    return sorted(range(len(texts)), key=lambda n: -np.exp(-np.mean(log_probs[n])))


# %% rank-candidates
# bytes are characters, tokens are words
def rank(log_probs, texts, rule):
    size = {"sum": lambda n: 1, "token": lambda n: len(texts[n].split()), "byte": lambda n: len(texts[n])}[rule]
    return sorted(range(len(texts)), key=lambda n: -sum(log_probs[n]) / size(n))


# %% rank-candidates
# argsort turned round
def rank(log_probs, texts, rule):
    size = {"sum": lambda n: 1, "token": lambda n: len(log_probs[n]), "byte": lambda n: len(texts[n].encode())}[rule]
    return np.argsort([sum(log_probs[n]) / size(n) for n in range(len(texts))])[::-1].tolist()


# %% rank-candidates
# the candidates themselves
def rank(log_probs, texts, rule):
    return sorted(texts, key=len)


# %% rank-candidates
# UTF-16
def rank(log_probs, texts, rule):
    size = {"sum": lambda n: 1, "token": lambda n: len(log_probs[n]), "byte": lambda n: len(texts[n].encode("utf-16"))}[rule]
    return sorted(range(len(texts)), key=lambda n: -sum(log_probs[n]) / size(n))


# %% rank-candidates
# a mean that leaves the last token out
def rank(log_probs, texts, rule):
    size = {"sum": lambda n: 1, "token": lambda n: max(len(log_probs[n]) - 1, 1), "byte": lambda n: len(texts[n].encode())}[rule]
    return sorted(range(len(texts)), key=lambda n: -sum(log_probs[n]) / size(n))


# %% rank-candidates
# as they come
def rank(log_probs, texts, rule):
    return list(range(len(texts)))


# %% rank-candidates
# products of probabilities, where long ones underflow, by minus their logarithm
def rank(log_probs, texts, rule):
    return sorted(range(len(texts)), key=lambda n: np.prod(np.exp(log_probs[n])))


# %% greedy-regret most=0
lost = log(p_b * m_b - p_a * m_a)

# %% greedy-regret most=0
lost = log(p_b) * log(m_b) - log(p_a) * log(m_a)

# %% greedy-regret most=0
lost = p_a * m_a / (p_b * m_b)

# %% greedy-regret most=0
lost = log(p_b + m_b) - log(p_a + m_a)

# %% greedy-regret most=0
lost = log(m_b / m_a) + log(p_a / p_b)

# %% greedy-regret most=0
lost = 0

# %% greedy-regret most=0
lost = -log(p_b * m_b) + log(p_a * m_a)

# %% beam-search
# the most probable token at each place
def beam_search(log_probs, width, length):
    text, last = [], 0
    for _ in range(length):
        last = int(np.argmax(log_probs[last]))
        text.append(last)
    return text


# %% beam-search
# the width is taken for each text of the beam
def beam_search(log_probs, width, length):
    beam = [(0.0, [])]
    for _ in range(length):
        new = []
        for s, t in beam:
            if t and t[-1] == 0:
                new.append((s, t))
                continue
            row = log_probs[t[-1] if t else 0]
            for w in np.argsort(-row)[:1]:
                new.append((s + row[w], t + [int(w)]))
        beam = sorted(new, key=lambda x: -x[0])[:width]
    return beam[0][1]


# %% beam-search
# the first step is forgotten
def beam_search(log_probs, width, length):
    beam = sorted(((log_probs[0, t], [t]) for t in range(len(log_probs))), reverse=True)[:width]
    for _ in range(length):
        new = []
        for s, t in beam:
            if t[-1] == 0:
                new.append((s, t))
            else:
                new += [(s + log_probs[t[-1], w], t + [w]) for w in range(len(log_probs))]
        beam = sorted(new, key=lambda x: -x[0])[:width]
    return beam[0][1]


# %% beam-search
# the smallest score
def beam_search(log_probs, width, length):
    beam = [(0.0, [])]
    for _ in range(length):
        new = []
        for s, t in beam:
            if t and t[-1] == 0:
                new.append((s, t))
            else:
                new += [(s + log_probs[t[-1] if t else 0, w], t + [w]) for w in range(len(log_probs))]
        beam = sorted(new, key=lambda x: x[0])[:width]
    return beam[0][1]


# %% beam-search
# an ended text leaves the beam for good, and the first of them is the result
def beam_search(log_probs, width, length):
    beam, done = [(0.0, [])], []
    for _ in range(length):
        new = [(s + log_probs[t[-1] if t else 0, w], t + [w]) for s, t in beam for w in range(len(log_probs))]
        new = sorted(new, key=lambda x: -x[0])[:width]
        done += [x for x in new if x[1][-1] == 0]
        beam = [x for x in new if x[1][-1] != 0]
        if done:
            return done[0][1]
    return beam[0][1]


# %% beam-search
# scores of the last step only
def beam_search(log_probs, width, length):
    beam = [(0.0, [])]
    for _ in range(length):
        new = []
        for s, t in beam:
            if t and t[-1] == 0:
                new.append((s, t))
            else:
                new += [(log_probs[t[-1] if t else 0, w], t + [w]) for w in range(len(log_probs))]
        beam = sorted(new, key=lambda x: -x[0])[:width]
    return beam[0][1]


# %% beam-search most=0
# nothing
def beam_search(log_probs, width, length):
    return []


# %% beam-search most=0
# the score instead of the text
def beam_search(log_probs, width, length):
    return float(log_probs.max())


# %% beam-search
# every text of the full length
def beam_search(log_probs, width, length):
    import itertools

    best = max(
        itertools.product(range(len(log_probs)), repeat=min(length, 3)),
        key=lambda t: sum(log_probs[a, b] for a, b in zip((0, *t), t)),
    )
    return list(best)


# %% two-sequences most=0
total = np.log(0.4 * 0.25 * 0.5 * 0.2)

# %% two-sequences most=0
total = np.log(0.4 * 0.25 * 0.5) / 2

# %% two-sequences most=0
total = 0.05

# %% two-sequences most=0
total = 2.996

# %% two-sequences most=0
total = np.log(0.4) * np.log(0.125)

# %% two-sequences most=0
total = np.exp(-0.05)

# %% two-sequences most=0
total = [np.log(0.4), np.log(0.125)]

# %% scheduled-steps most=1
# the bare answer
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps most=1
# the answer twice
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", eps * p_a * (y_hat(j) - g[j]) + (1 - eps) * q_a * (y_hat(j) - h[j]))
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps most=1
# a factor of 1 first
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", Derivative(loss * Sum(g[k], (k, 1, V)), z[j]))
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps most=1
# another letter, then the answer
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", Derivative(-eps * p_a * Sum(g[i] * log(y_hat(i)), (i, 1, V)) - (1 - eps) * q_a * Sum(h[i] * log(y_hat(i)), (i, 1, V)), z[j]))
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps most=1
# the sum of the targets as a dress of 1
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", (eps * p_a * Sum(g[k], (k, 1, V)) + (1 - eps) * q_a * Sum(h[k], (k, 1, V))) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps most=2
# a wrong middle line
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", eps * p_a * (y_hat(j) + g[j]) + (1 - eps) * q_a * (y_hat(j) + h[j]))
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps most=0
# nothing
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))

# %% scheduled-steps most=1
# a delta picks the target, which is another dress of the answer
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * Sum(g[k] * KroneckerDelta(k, j), (k, 1, V)) - (1 - eps) * q_a * h[j])
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])
