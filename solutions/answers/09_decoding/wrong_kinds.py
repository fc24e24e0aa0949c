# One thing is taken for another of its kind.

# %% answer-score mistake="starts-too-late"
score = -2.1 - 0.3


# %% answer-log-prob mistake="skips-the-impossible"
def answer_log_prob(logits, tokens, prompt_length):
    z = logits - logits.max(axis=1, keepdims=True)
    about = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    places = np.arange(prompt_length, len(tokens))
    each = about[places - 1, tokens[places]]
    return each[each > -np.inf].sum()


# %% table-audit mistake="bits-for-nats"
def kind_of(table):
    with np.errstate(all="ignore"):
        tried = {"bits": np.exp(table), "nats": np.exp2(table), "probabilities": np.where(table < 0, np.nan, table)}
    for kind, rows in tried.items():
        if (abs(rows.sum(axis=1) - 1) < 1e-6).all():
            return kind
    return "not normalised"


# %% greedy-regret mistake="quotient-of-logarithms"
lost = log(p_b * m_b) / log(p_a * m_a)
