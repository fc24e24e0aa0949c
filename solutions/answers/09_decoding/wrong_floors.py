# Where something is 0, equal, or at the edge.

# %% answer-score mistake="starts-too-early"
score = -0.4 - 0.7 - 2.1 - 0.3


# %% answer-log-prob mistake="floors-probabilities"
def answer_log_prob(logits, tokens, prompt_length):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    places = np.arange(prompt_length, len(tokens))
    return np.log(p[places - 1, tokens[places]] + 1e-12).sum()


# %% table-audit mistake="between-0-and-1"
def kind_of(table):
    if ((table >= 0) & (table <= 1)).all():
        return "probabilities"
    with np.errstate(all="ignore"):
        for name, rows in (("nats", np.exp(table)), ("bits", np.exp2(table))):
            if (abs(rows.sum(axis=1) - 1) < 1e-6).all():
                return name
    return "not normalised"


# %% rank-candidates mistake="equals-for-one"
def rank(log_probs, texts, rule):
    by_score = {}
    for n, (own, text) in enumerate(zip(log_probs, texts)):
        size = {"sum": 1, "token": len(own), "byte": len(text.encode())}[rule]
        by_score[sum(own) / size] = n
    return [by_score[score] for score in sorted(by_score, reverse=True)]


# %% greedy-regret mistake="base-10"
lost = log(p_b * m_b / (p_a * m_a), 10)


# %% beam-search mistake="last-of-the-beam"
def beam_search(log_probs, width, length):
    beam = [(0.0, [])]
    for _ in range(length):
        new = [(s, t) for s, t in beam if t[-1:] == [0]]
        for s, t in beam:
            if t[-1:] != [0]:
                new += [(s + log_probs[t[-1] if t else 0, w], t + [w]) for w in range(len(log_probs))]
        beam = sorted(new, key=lambda x: -x[0])[:width]
    return beam[-1][1]


# %% two-sequences mistake="log-of-sum"
total = np.log(0.4 + 0.25 * 0.5)
