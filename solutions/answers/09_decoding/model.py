# %% answer-score
score = -0.7 - 2.1 - 0.3


# %% answer-log-prob
def answer_log_prob(logits, tokens, prompt_length):
    """Return log q(answer | prompt) in nats: shapes (m, V) and (m,), and a whole number -> one number."""
    about = logits[prompt_length - 1 : -1]  # the row before each token of the answer
    answer = tokens[prompt_length:]
    top = about.max(axis=1, keepdims=True)
    normaliser = top[:, 0] + np.log(np.exp(about - top).sum(axis=1))
    return (about[np.arange(len(answer)), answer] - normaliser).sum()


# %% table-audit
def kind_of(table):
    """Return "nats", "bits", "probabilities" or "not normalised": shape (m, V) -> a text."""

    def normalised(rows):
        return (abs(rows.sum(axis=1) - 1) < 1e-6).all()

    with np.errstate(over="ignore"):  # logits may be large, and then the sum is not 1 anyway
        if normalised(np.exp(table)):
            return "nats"
        if normalised(np.exp2(table)):
            return "bits"
    if (table >= 0).all() and normalised(table):
        return "probabilities"
    return "not normalised"


# %% prompt-change
changed = "d"


# %% rank-candidates
def rank(log_probs, texts, rule):
    """Return the candidates' numbers, the best first: lists of n lists, n texts, and a rule -> a list."""

    def score(n):
        total = sum(log_probs[n])
        size = {"sum": 1, "token": len(log_probs[n]), "byte": len(texts[n].encode())}[rule]
        return total / size

    return sorted(range(len(texts)), key=score, reverse=True)  # stable, in reverse as well


# %% greedy-regret
lost = log(p_b * m_b) - log(p_a * m_a)


# %% beam-search
def beam_search(log_probs, width, length):
    """Return the most probable text of the last beam: shape (V, V) and two whole numbers -> a list of tokens."""
    beam = [(0.0, [])]
    for _ in range(length):
        found = []
        for score, text in beam:
            if text and text[-1] == 0:
                found.append((score, text))
                continue
            row = log_probs[text[-1] if text else 0]
            found += [(score + row[token], [*text, token]) for token in range(len(row))]
        beam = sorted(found, key=lambda one: one[0], reverse=True)[:width]
    return beam[0][1]


# %% two-sequences
total = np.log(0.4) + np.log(0.25) + np.log(0.5)

# %% scheduled-steps
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
lse = log(Sum(exp(z[i]), (i, 1, V)))
steps.step(
    "=",
    Derivative(
        -eps * p_a * (Sum(g[k] * z[k], (k, 1, V)) - lse) - (1 - eps) * q_a * (Sum(h[k] * z[k], (k, 1, V)) - lse),
        z[j],
    ),
    because="the logarithm of the softmax is a difference, and both distributions sum to 1",
)
steps.step(
    "=",
    (eps * p_a + (1 - eps) * q_a) * y_hat(j) - eps * p_a * g[j] - (1 - eps) * q_a * h[j],
    because="only the term with z_j has a derivative in each sum, and that of the log-sum-exp is the softmax",
)
steps
