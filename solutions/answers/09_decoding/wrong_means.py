# Means where sums belong.

# %% answer-score mistake="mean-for-sum"
score = (-0.7 - 2.1 - 0.3) / 3


# %% answer-log-prob mistake="mean-for-sum"
def log_softmax(rows):
    rows = rows - rows.max(axis=-1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(axis=-1, keepdims=True))


def answer_log_prob(logits, tokens, prompt_length):
    places = np.arange(prompt_length, len(tokens))
    told = log_softmax(logits)[places - 1, tokens[places]]
    return told.mean()


# %% table-audit mistake="sums-of-all"
def kind_of(table):
    with np.errstate(all="ignore"):
        tried = {"nats": np.exp(table), "bits": np.exp2(table), "probabilities": np.where(table < 0, np.nan, table)}
    for kind, rows in tried.items():
        if abs(rows.sum() / len(table) - 1) < 1e-6:
            return kind
    return "not normalised"


# %% rank-candidates mistake="always-the-mean"
def rank(log_probs, texts, rule):
    return sorted(range(len(texts)), key=lambda n: -np.mean(log_probs[n]))

# %% greedy-regret mistake="ratio"
lost = p_b * m_b / p_a / m_a


# %% beam-search mistake="by-the-mean"
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
        beam = sorted(found, key=lambda one: -one[0] / len(one[1]))[:width]
    return beam[0][1]

# %% two-sequences mistake="mean-for-sum"
total = np.log([0.4, 0.25, 0.5]).mean()

# %% scheduled-steps mistake="weights-dropped"
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j], because="the derivative, term by term")
steps
