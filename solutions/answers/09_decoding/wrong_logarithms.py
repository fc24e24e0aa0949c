# Logarithms forgotten, or taken for granted.

# %% answer-score mistake="gives-the-probability"
score = np.exp(-3.1)


# %% answer-log-prob mistake="gives-the-probability"
def log_softmax(rows):
    rows = rows - rows.max(axis=-1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(axis=-1, keepdims=True))


def answer_log_prob(logits, tokens, prompt_length):
    places = np.arange(prompt_length, len(tokens))
    told = log_softmax(logits)[places - 1, tokens[places]]
    return np.exp(told.sum())


# %% table-audit mistake="negative-is-a-logarithm"
def kind_of(table):
    with np.errstate(all="ignore"):
        tried = {"nats": np.exp(table), "bits": np.exp2(table), "probabilities": np.where(table < 0, np.nan, table)}
    for kind, rows in tried.items():
        if (abs(rows.sum(axis=1) - 1) < 1e-6).all():
            return kind
    return "nats" if (table <= 0).all() else "not normalised"


# %% rank-candidates mistake="mean-of-probabilities"
def rank(log_probs, texts, rule):
    scores = []
    for own, text in zip(log_probs, texts):
        size = {"sum": 1, "token": len(own), "byte": len(text.encode())}[rule]
        scores.append(np.mean(np.exp(own)) if rule == "token" else sum(own) / size)
    return sorted(range(len(scores)), key=lambda n: -scores[n])

# %% greedy-regret mistake="no-logarithm"
lost = p_b * m_b - p_a * m_a

# %% two-sequences mistake="no-logarithm"
total = 0.4 * 0.25 * 0.5

# %% scheduled-steps mistake="forgets-the-chain-rule"
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", -(eps * p_a * g[j] + (1 - eps) * q_a * h[j]) / y_hat(j), because="the derivative, term by term")
steps
