# Totals where parts are asked.

# %% answer-log-prob mistake="overflows"
def answer_log_prob(logits, tokens, prompt_length):
    z = logits - logits.max()
    with np.errstate(all="ignore"):
        about = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    places = np.arange(prompt_length, len(tokens))
    return about[places - 1, tokens[places]].sum()


# %% table-audit mistake="sums-of-all"
def kind_of(table):
    with np.errstate(all="ignore"):
        tried = {"nats": np.exp(table), "bits": np.exp2(table), "probabilities": np.where(table < 0, np.nan, table)}
    for kind, rows in tried.items():
        if abs(rows.sum() - len(rows)) < 1e-6:
            return kind
    return "not normalised"


# %% greedy-regret mistake="products-for-sums"
lost = log(p_b) * log(m_b) - log(p_a) * log(m_a)
