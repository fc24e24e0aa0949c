# Signs and orders turned round.

# %% answer-score mistake="flipped-sign"
score = 3.1


# %% answer-log-prob mistake="flipped-sign"
def log_softmax(rows):
    rows = rows - rows.max(axis=-1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(axis=-1, keepdims=True))


def answer_log_prob(logits, tokens, prompt_length):
    places = np.arange(prompt_length, len(tokens))
    told = log_softmax(logits)[places - 1, tokens[places]]
    return -told.sum()


# %% table-audit mistake="negative-probabilities"
def kind_of(table):
    with np.errstate(all="ignore"):
        tried = {"nats": np.exp(table), "bits": np.exp2(table), "probabilities": table}
    for kind, rows in tried.items():
        if (abs(rows.sum(axis=1) - 1) < 1e-6).all():
            return kind
    return "not normalised"


# %% rank-candidates mistake="worst-first"
def rank(log_probs, texts, rule):
    scores = []
    for own, text in zip(log_probs, texts):
        size = {"sum": 1, "token": len(own), "byte": len(text.encode())}[rule]
        scores.append(sum(own) / size)
    return sorted(range(len(scores)), key=lambda n: scores[n])

# %% greedy-regret mistake="flipped-sign"
lost = log(p_a * m_a) - log(p_b * m_b)


# %% beam-search mistake="prefers-ended-texts"
def beam_search(log_probs, width, length):
    beam = [(0.0, [])]
    for _ in range(length):
        found = []
        for score, text in beam:
            if text and text[-1] == 0:
                found.append((score, text))
                continue
            row = log_probs[text[-1] if text else 0]
            found += [(score + row[token], [*text, token]) for token in range(len(row))]
        beam = sorted(found, key=lambda one: -one[0])[:width]
    whole = [text for _, text in beam if text[-1] == 0]
    return whole[0] if whole else beam[0][1]

# %% two-sequences mistake="flipped-sign"
total = -np.log(0.05)

# %% scheduled-steps mistake="flipped-sign"
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", eps * p_a * g[j] + (1 - eps) * q_a * h[j] - (eps * p_a + (1 - eps) * q_a) * y_hat(j), because="the derivative, term by term")
steps
