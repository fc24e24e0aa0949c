# Other bases and other units.

# %% answer-score mistake="in-bits"
score = -3.1 / np.log(2)


# %% answer-log-prob mistake="in-bits"
def log_softmax(rows):
    rows = rows - rows.max(axis=-1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(axis=-1, keepdims=True))


def answer_log_prob(logits, tokens, prompt_length):
    places = np.arange(prompt_length, len(tokens))
    told = log_softmax(logits)[places - 1, tokens[places]]
    return told.sum() / np.log(2)


# %% table-audit mistake="never-base-2"
def kind_of(table):
    with np.errstate(all="ignore"):
        tried = {"nats": np.exp(table), "probabilities": np.where(table < 0, np.nan, table)}
    for kind, rows in tried.items():
        if (abs(rows.sum(axis=1) - 1) < 1e-6).all():
            return kind
    return "not normalised"


# %% rank-candidates mistake="characters-for-bytes"
def rank(log_probs, texts, rule):
    scores = []
    for own, text in zip(log_probs, texts):
        size = {"sum": 1, "token": len(own), "byte": len(text)}[rule]
        scores.append(sum(own) / size)
    return sorted(range(len(scores)), key=lambda n: -scores[n])

# %% greedy-regret mistake="in-bits"
lost = log(p_b * m_b / (p_a * m_a)) / log(2)

# %% two-sequences mistake="base-2"
total = np.log2(0.05)

# %% scheduled-steps mistake="plus-for-minus"
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", (eps * p_a + (1 - eps) * q_a) * y_hat(j) + eps * p_a * g[j] + (1 - eps) * q_a * h[j], because="the derivative, term by term")
steps
