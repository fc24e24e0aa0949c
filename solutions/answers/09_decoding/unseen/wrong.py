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

# %% scheduled-steps most=0.34
# the bare answer
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps most=0.34
# the answer twice
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", eps * p_a * (y_hat(j) - g[j]) + (1 - eps) * q_a * (y_hat(j) - h[j]))
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps most=0.34
# a factor of 1 first
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", Derivative(loss * Sum(g[k], (k, 1, V)), z[j]))
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps most=0.34
# another letter, then the answer
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", Derivative(-eps * p_a * Sum(g[i] * log(y_hat(i)), (i, 1, V)) - (1 - eps) * q_a * Sum(h[i] * log(y_hat(i)), (i, 1, V)), z[j]))
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps most=0.34
# the sum of the targets as a dress of 1
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", (eps * p_a * Sum(g[k], (k, 1, V)) + (1 - eps) * q_a * Sum(h[k], (k, 1, V))) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps most=0.67
# a wrong middle line
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", eps * p_a * (y_hat(j) + g[j]) + (1 - eps) * q_a * (y_hat(j) + h[j]))
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps most=0
# nothing
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))

# %% scheduled-steps most=0.34
# a delta picks the target, which is another dress of the answer
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * Sum(g[k] * KroneckerDelta(k, j), (k, 1, V)) - (1 - eps) * q_a * h[j])
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% answer-score most=0
# one token too early
score = -3.5

# %% answer-score most=0
# one token too late
score = -2.4

# %% answer-score most=0
# divided by all five tokens
score = -3.1 / 5

# %% answer-score most=0
# in bits, the other way round
score = -3.1 * np.log(2)

# %% answer-score most=0
# the logarithm of a logarithm
score = np.log(3.1)

# %% answer-score most=0
# a text with its unit
score = "-3.1 nats"

# %% answer-log-prob
# impossible tokens get the smallest float
def answer_log_prob(logits, tokens, prompt_length):
    z = np.nan_to_num(logits, neginf=-1e4)
    z = z - z.max(axis=1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return lp[np.arange(prompt_length, len(tokens)) - 1, tokens[prompt_length:]].sum()


# %% answer-log-prob
# clipped probabilities
def answer_log_prob(logits, tokens, prompt_length):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = np.clip(e / e.sum(axis=1, keepdims=True), 1e-300, 1)
    return np.log(p[np.arange(prompt_length, len(tokens)) - 1, tokens[prompt_length:]]).sum()


# %% answer-log-prob
# every token from the last row of the prompt
def answer_log_prob(logits, tokens, prompt_length):
    row = logits[prompt_length - 1]
    lp = row - row.max() - np.log(np.exp(row - row.max()).sum())
    return lp[tokens[prompt_length:]].sum()


# %% answer-log-prob
# one normaliser for the whole table
def answer_log_prob(logits, tokens, prompt_length):
    rows = logits[prompt_length - 1 : -1]
    own = rows[np.arange(len(rows)), tokens[prompt_length:]]
    return own.sum() - rows.max() - np.log(np.exp(rows - rows.max()).sum())


# %% answer-log-prob
# the log-sum-exp of the mean logits
def answer_log_prob(logits, tokens, prompt_length):
    rows = logits[prompt_length - 1 : -1]
    own = rows[np.arange(len(rows)), tokens[prompt_length:]]
    mean = rows.mean(axis=0)
    return own.sum() - len(rows) * (mean.max() + np.log(np.exp(mean - mean.max()).sum()))


# %% answer-log-prob
# the odds: without the token itself in the sum
def answer_log_prob(logits, tokens, prompt_length):
    total = 0.0
    for row, token in zip(logits[prompt_length - 1 :], tokens[prompt_length:]):
        total += row[token] - np.logaddexp.reduce(np.delete(row, token))
    return total


# %% answer-log-prob
# minus log V in every row
def answer_log_prob(logits, tokens, prompt_length):
    rows = logits[prompt_length - 1 : -1]
    return (rows[np.arange(len(rows)), tokens[prompt_length:]] - rows.max(axis=1) - np.log(rows.shape[1])).sum()


# %% answer-log-prob
# the first row is the start's: place and row are the same, and row 0 wraps round
def answer_log_prob(logits, tokens, prompt_length):
    z = logits - logits.max(axis=1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return sum(lp[t - 2, tokens[t]] for t in range(prompt_length, len(tokens)))


# %% answer-log-prob
# each kind of token once
def answer_log_prob(logits, tokens, prompt_length):
    z = logits - logits.max(axis=1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    seen = {int(tokens[t]): lp[t - 1, tokens[t]] for t in range(prompt_length, len(tokens))}
    return sum(seen.values())


# %% answer-log-prob most=0
# a list of the terms
def answer_log_prob(logits, tokens, prompt_length):
    z = logits - logits.max(axis=1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return [lp[t - 1, tokens[t]] for t in range(prompt_length, len(tokens)) for _ in (0, 1)]


# %% answer-log-prob
# the first hundred tokens
def answer_log_prob(logits, tokens, prompt_length):
    z = logits - logits.max(axis=1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return sum(lp[t - 1, tokens[t]] for t in range(prompt_length, min(len(tokens), prompt_length + 100)))


# %% answer-log-prob
# no token costs more than a thousand nats
def answer_log_prob(logits, tokens, prompt_length):
    z = logits - logits.max(axis=1, keepdims=True)
    lp = np.maximum(z - np.log(np.exp(z).sum(axis=1, keepdims=True)), -1000)
    return sum(lp[t - 1, tokens[t]] for t in range(prompt_length, len(tokens)))


# %% answer-log-prob
# the prompt's score is taken away once more
def answer_log_prob(logits, tokens, prompt_length):
    z = logits - logits.max(axis=1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    each = [lp[t - 1, tokens[t]] for t in range(1, len(tokens))]
    return sum(each[prompt_length - 1 :]) - sum(each[: prompt_length - 1])


# %% answer-log-prob
# a maximum of each column
def answer_log_prob(logits, tokens, prompt_length):
    with np.errstate(all="ignore"):
        z = logits - logits.max(axis=0)
        lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        return lp[np.arange(prompt_length, len(tokens)) - 1, tokens[prompt_length:]].sum()


# %% table-audit
# at most 1, without the lower side
def kind_of(table):
    with np.errstate(all="ignore"):
        for name, t in (("nats", np.exp(table)), ("bits", 2.0**table), ("probabilities", table)):
            if (t.sum(axis=1) - 1 < 1e-6).all() and (t >= 0).all():
                return name
    return "not normalised"


# %% table-audit
# nats and bits exchanged
def kind_of(table):
    with np.errstate(all="ignore"):
        for name, t in (("bits", np.exp(table)), ("nats", 2.0**table), ("probabilities", table)):
            if (abs(t.sum(axis=1) - 1) < 1e-6).all() and (t >= 0).all():
                return name
    return "not normalised"


# %% table-audit
# an impossible token is left at 0
def kind_of(table):
    t = np.where(np.isinf(table), 0.0, table)
    with np.errstate(all="ignore"):
        for name, x in (("nats", np.exp(t)), ("bits", 2.0**t), ("probabilities", t)):
            if (abs(x.sum(axis=1) - 1) < 1e-6).all() and (x >= 0).all():
                return name
    return "not normalised"


# %% table-audit
# all but the last row
def kind_of(table):
    rows = table[:-1] if len(table) > 1 else table
    with np.errstate(all="ignore"):
        for name, x in (("nats", np.exp(rows)), ("bits", 2.0**rows), ("probabilities", rows)):
            if (abs(x.sum(axis=1) - 1) < 1e-6).all() and (x >= 0).all():
                return name
    return "not normalised"


# %% table-audit
# the sum of everything is the number of rows
def kind_of(table):
    with np.errstate(all="ignore"):
        for name, x in (("nats", np.exp(table)), ("bits", 2.0**table), ("probabilities", table)):
            if abs(x.sum() - len(table)) < 1e-6 and (x >= 0).all():
                return name
    return "not normalised"


# %% table-audit
# numbers between 0 and 1 are probabilities
def kind_of(table):
    if (table >= 0).all() and (table <= 1).all():
        return "probabilities"
    with np.errstate(all="ignore"):
        for name, x in (("nats", np.exp(table)), ("bits", 2.0**table)):
            if (abs(x.sum(axis=1) - 1) < 1e-6).all():
                return name
    return "not normalised"


# %% table-audit
# the median row
def kind_of(table):
    with np.errstate(all="ignore"):
        for name, x in (("nats", np.exp(table)), ("bits", 2.0**table), ("probabilities", table)):
            if abs(np.median(x.sum(axis=1)) - 1) < 1e-6 and (x >= 0).all():
                return name
    return "not normalised"


# %% table-audit
# other words
def kind_of(table):
    with np.errstate(all="ignore"):
        for name, x in (("nat", np.exp(table)), ("bit", 2.0**table), ("probs", table)):
            if (abs(x.sum(axis=1) - 1) < 1e-6).all() and (x >= 0).all():
                return name
    return "logits"


# %% table-audit
# every row may have a kind of its own
def kind_of(table):
    kinds = []
    for row in table:
        with np.errstate(all="ignore"):
            for name, x in (("nats", np.exp(row)), ("bits", 2.0**row), ("probabilities", row)):
                if abs(x.sum() - 1) < 1e-6 and (x >= 0).all():
                    kinds.append(name)
                    break
    return kinds[0] if len(kinds) == len(table) else "not normalised"


# %% table-audit
# exact but for the last bit
def kind_of(table):
    with np.errstate(all="ignore"):
        for name, x in (("nats", np.exp(table)), ("bits", 2.0**table), ("probabilities", table)):
            if (abs(x.sum(axis=1) - 1) <= 4 * np.finfo(float).eps).all() and (x >= 0).all():
                return name
    return "not normalised"


# %% prompt-change most=0
changed = None

# %% prompt-change most=0
changed = "d or a"

# %% prompt-change most=0
changed = 4

# %% prompt-change most=0
changed = ["a", "b", "c", "d"]

# %% rank-candidates
# the worst first, as sorted gives it
def rank(log_probs, texts, rule):
    size = {"sum": lambda n: 1, "token": lambda n: len(log_probs[n]), "byte": lambda n: len(texts[n].encode())}[rule]
    return sorted(range(len(texts)), key=lambda n: sum(log_probs[n]) / size(n))


# %% rank-candidates
# pairs of score and number, turned round
def rank(log_probs, texts, rule):
    size = {"sum": lambda n: 1, "token": lambda n: len(log_probs[n]), "byte": lambda n: len(texts[n].encode())}[rule]
    return [n for _, n in sorted(((sum(log_probs[n]) / size(n), n) for n in range(len(texts))), reverse=True)]


# %% rank-candidates
# a dictionary by score, in which equals overwrite each other
def rank(log_probs, texts, rule):
    size = {"sum": lambda n: 1, "token": lambda n: len(log_probs[n]), "byte": lambda n: len(texts[n].encode())}[rule]
    by_score = {sum(log_probs[n]) / size(n): n for n in range(len(texts))}
    return [by_score[score] for score in sorted(by_score, reverse=True)]


# %% rank-candidates
# the first place of a score, also for its equals
def rank(log_probs, texts, rule):
    size = {"sum": lambda n: 1, "token": lambda n: len(log_probs[n]), "byte": lambda n: len(texts[n].encode())}[rule]
    scores = [sum(log_probs[n]) / size(n) for n in range(len(texts))]
    return [scores.index(score) for score in sorted(scores, reverse=True)]


# %% rank-candidates
# bytes in a file with a byte order mark
def rank(log_probs, texts, rule):
    size = {"sum": lambda n: 1, "token": lambda n: len(log_probs[n]), "byte": lambda n: len(texts[n].encode("utf-8-sig"))}[rule]
    return sorted(range(len(texts)), key=lambda n: -sum(log_probs[n]) / size(n))


# %% rank-candidates
# Latin letters only
def rank(log_probs, texts, rule):
    size = {"sum": lambda n: 1, "token": lambda n: len(log_probs[n]), "byte": lambda n: max(len(texts[n].encode("latin-1", "ignore")), 1)}[rule]
    return sorted(range(len(texts)), key=lambda n: -sum(log_probs[n]) / size(n))


# %% rank-candidates
# scores rounded to whole nats
def rank(log_probs, texts, rule):
    size = {"sum": lambda n: 1, "token": lambda n: len(log_probs[n]), "byte": lambda n: len(texts[n].encode())}[rule]
    return sorted(range(len(texts)), key=lambda n: -round(sum(log_probs[n]) / size(n)))


# %% rank-candidates
# the mean of the token probabilities, by logarithm
def rank(log_probs, texts, rule):
    if rule == "token":
        return sorted(range(len(texts)), key=lambda n: -np.log(np.mean(np.exp(log_probs[n]))))
    size = {"sum": lambda n: 1, "byte": lambda n: len(texts[n].encode())}[rule]
    return sorted(range(len(texts)), key=lambda n: -sum(log_probs[n]) / size(n))


# %% rank-candidates
# bytes of the tokens' list
def rank(log_probs, texts, rule):
    size = {"sum": lambda n: 1, "token": lambda n: len(log_probs[n]), "byte": lambda n: 8 * len(log_probs[n])}[rule]
    return sorted(range(len(texts)), key=lambda n: -sum(log_probs[n]) / size(n))


# %% rank-candidates
# the mean for "sum" and the sum for "token"
def rank(log_probs, texts, rule):
    size = {"token": lambda n: 1, "sum": lambda n: len(log_probs[n]), "byte": lambda n: len(texts[n].encode())}[rule]
    return sorted(range(len(texts)), key=lambda n: -sum(log_probs[n]) / size(n))


# %% rank-candidates
# a mark for each candidate: its place
def rank(log_probs, texts, rule):
    size = {"sum": lambda n: 1, "token": lambda n: len(log_probs[n]), "byte": lambda n: len(texts[n].encode())}[rule]
    scores = np.array([sum(log_probs[n]) / size(n) for n in range(len(texts))])
    return np.argsort(np.argsort(-scores, kind="stable"), kind="stable").tolist()


# %% greedy-regret most=0
# a bracket is missing
lost = log(p_b * m_b / p_a * m_a)

# %% greedy-regret most=0
# a quotient of logarithms
lost = log(p_b * m_b) / log(p_a * m_a)

# %% greedy-regret most=0
# the surprisal of the greedy text
lost = -log(p_a * m_a)

# %% greedy-regret most=0
# base 10
lost = log(p_b * m_b / (p_a * m_a), 10)

# %% greedy-regret most=0
# a logarithm on one side
lost = log(p_b * m_b) - p_a * m_a

# %% greedy-regret most=0
# a KL divergence of two texts
lost = p_b * m_b * log(p_b * m_b / (p_a * m_a))

# %% greedy-regret most=0
# twice
lost = 2 * (log(p_b * m_b) - log(p_a * m_a))

# %% beam-search
# one step more at the beginning
def beam_search(log_probs, width, length):
    beam = [(0.0, [0])]
    for step in range(length + 1):
        new = []
        for s, t in beam:
            if step and t[-1] == 0:
                new.append((s, t))
            else:
                new += [(s + log_probs[t[-1], w], t + [w]) for w in range(len(log_probs))]
        beam = sorted(new, key=lambda x: -x[0])[:width]
    return beam[0][1][1:]


# %% beam-search
# the width holds for the texts that go on; ended ones are kept beside them
def beam_search(log_probs, width, length):
    beam, done = [(0.0, [])], []
    for _ in range(length):
        new = [(s + log_probs[t[-1] if t else 0, w], t + [w]) for s, t in beam for w in range(len(log_probs))]
        done += [x for x in new if x[1][-1] == 0]
        beam = sorted((x for x in new if x[1][-1] != 0), key=lambda x: -x[0])[:width]
    return max(done + beam, key=lambda x: x[0])[1]


# %% beam-search
# an ended text counts only when it is the best of all
def beam_search(log_probs, width, length):
    beam = [(0.0, [])]
    for _ in range(length):
        new = []
        for s, t in beam:
            if t and t[-1] == 0:
                continue
            new += [(s + log_probs[t[-1] if t else 0, w], t + [w]) for w in range(len(log_probs))]
        if not new:
            break
        beam = sorted(new, key=lambda x: -x[0])[:width]
    return beam[0][1]


# %% beam-search
# the best continuations of each text, and no choice among all
def beam_search(log_probs, width, length):
    beam = [(0.0, [])]
    for _ in range(length):
        new = []
        for s, t in beam:
            if t and t[-1] == 0:
                new.append((s, t))
                continue
            row = log_probs[t[-1] if t else 0]
            new += [(s + row[w], t + [int(w)]) for w in np.argsort(-row)[:2]]
        beam = sorted(new, key=lambda x: -x[0])[:width]
    return beam[0][1]


# %% beam-search
# the last text of the beam
def beam_search(log_probs, width, length):
    beam = [(0.0, [])]
    for _ in range(length):
        new = []
        for s, t in beam:
            if t and t[-1] == 0:
                new.append((s, t))
            else:
                new += [(s + log_probs[t[-1] if t else 0, w], t + [w]) for w in range(len(log_probs))]
        beam = sorted(new, key=lambda x: -x[0])[:width]
    return beam[-1][1]


# %% beam-search
# the weakest link: the smallest log-probability of a text
def beam_search(log_probs, width, length):
    beam = [(0.0, [])]
    for _ in range(length):
        new = []
        for s, t in beam:
            if t and t[-1] == 0:
                new.append((s, t))
            else:
                new += [(min(s, log_probs[t[-1] if t else 0, w]), t + [w]) for w in range(len(log_probs))]
        beam = sorted(new, key=lambda x: -x[0])[:width]
    return beam[0][1]


# %% beam-search
# a penalty for length
def beam_search(log_probs, width, length):
    beam = [(0.0, [])]
    for _ in range(length):
        new = []
        for s, t in beam:
            if t and t[-1] == 0:
                new.append((s, t))
            else:
                new += [(s + log_probs[t[-1] if t else 0, w], t + [w]) for w in range(len(log_probs))]
        beam = sorted(new, key=lambda x: -x[0] / len(x[1]) ** 0.6)[:width]
    return beam[0][1]


# %% beam-search
# scores are added as probabilities
def beam_search(log_probs, width, length):
    probs, beam = np.exp(log_probs), [(0.0, [])]
    for _ in range(length):
        new = []
        for s, t in beam:
            if t and t[-1] == 0:
                new.append((s, t))
            else:
                new += [(s + probs[t[-1] if t else 0, w], t + [w]) for w in range(len(probs))]
        beam = sorted(new, key=lambda x: -x[0])[:width]
    return beam[0][1]


# %% beam-search
# every step looks at the beginning's row
def beam_search(log_probs, width, length):
    beam = [(0.0, [])]
    for _ in range(length):
        new = []
        for s, t in beam:
            if t and t[-1] == 0:
                new.append((s, t))
            else:
                new += [(s + log_probs[0, w], t + [w]) for w in range(len(log_probs))]
        beam = sorted(new, key=lambda x: -x[0])[:width]
    return beam[0][1]


# %% beam-search
# the end symbol is token 1
def beam_search(log_probs, width, length):
    beam = [(0.0, [])]
    for _ in range(length):
        new = []
        for s, t in beam:
            if t and t[-1] == 1:
                new.append((s, t))
            else:
                new += [(s + log_probs[t[-1] if t else 0, w], t + [w]) for w in range(len(log_probs))]
        beam = sorted(new, key=lambda x: -x[0])[:width]
    return beam[0][1]


# %% beam-search most=0
# text and score
def beam_search(log_probs, width, length):
    return [0.0, [1, 0]]


# %% two-sequences most=0
# two decimals
total = -2.99

# %% two-sequences most=0
# a whole number
total = -3

# %% two-sequences most=0
# the logarithm of the sum of two sequences' probabilities
total = np.log(0.4 + 0.125)

# %% two-sequences most=0
# start symbols twice
total = np.log(0.4 * 0.25 * 0.5 * 0.2 * 0.2)

# %% two-sequences most=0
# the perplexity of a token
total = 0.05 ** (-1 / 3)

# %% two-sequences most=0
# base 10
total = np.log10(0.05)

# %% scheduled-steps most=0.34
# nothing but brackets, and the answer
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", -Derivative(eps * p_a * after_true + (1 - eps) * q_a * after_drawn, z[j]))
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps most=0.34
# the sum rule alone, and the answer
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", -eps * p_a * Derivative(after_true, z[j]) - (1 - eps) * q_a * Derivative(after_drawn, z[j]))
steps.step("=", eps * p_a * (y_hat(j) - g[j]) + (1 - eps) * q_a * (y_hat(j) - h[j]))

# %% scheduled-steps most=0.34
# the softmax written out, twice
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", (eps * p_a + (1 - eps) * q_a) * exp(z[j]) / Sum(exp(z[k]), (k, 1, V)) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps most=0.34
# the right idea for the first sum, the targets exchanged in the end
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * h[j] - (1 - eps) * q_a * g[j])
steps.step("=", eps * p_a * (y_hat(j) - h[j]) + (1 - eps) * q_a * (y_hat(j) - g[j]))

# %% scheduled-steps most=0.67
# a derivative is left in the last line
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", (eps * p_a + (1 - eps) * q_a) * Derivative(log(Sum(exp(z[k]), (k, 1, V))), z[j]) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps most=0.67
# a sign is lost between two right lines
lse = log(Sum(exp(z[k]), (k, 1, V)))
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", (eps * p_a + (1 - eps) * q_a) * Derivative(lse, z[j]) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) + eps * p_a * g[j] - (1 - eps) * q_a * h[j])

# %% scheduled-steps most=0.34
# an inequality that is true
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("≤", (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])
steps.step("≤", (eps * p_a + (1 - eps) * q_a) * y_hat(j))

# %% scheduled-steps most=0.34
# another start
steps = Derivation("scheduled-steps", strict=False)
steps.start((eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j])
steps.step("=", eps * p_a * (y_hat(j) - g[j]) + (1 - eps) * q_a * (y_hat(j) - h[j]))
