# Rows taken for columns.


# %% answer-log-prob mistake="wrong-axis"
def log_softmax(rows):
    rows = rows - rows.max(axis=-1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(axis=-1, keepdims=True))


def answer_log_prob(logits, tokens, prompt_length):
    about = log_softmax(logits.T).T
    places = np.arange(prompt_length, len(tokens))
    return about[places - 1, tokens[places]].sum()


# %% table-audit mistake="columns-for-rows"
def kind_of(table):
    with np.errstate(all="ignore"):
        tried = {"nats": np.exp(table), "bits": np.exp2(table), "probabilities": np.where(table < 0, np.nan, table)}
    for kind, rows in tried.items():
        if (abs(rows.sum(axis=0) - 1) < 1e-6).all():
            return kind
    return "not normalised"

# %% greedy-regret mistake="crossed"
lost = log(p_b * m_a / (p_a * m_b))


# %% beam-search mistake="columns-for-rows"
def beam_search(log_probs, width, length):
    beam = [(0.0, [])]
    for _ in range(length):
        found = []
        for score, text in beam:
            if text and text[-1] == 0:
                found.append((score, text))
                continue
            row = log_probs[:, text[-1] if text else 0]
            found += [(score + row[token], [*text, token]) for token in range(len(row))]
        beam = sorted(found, key=lambda one: -one[0])[:width]
    return beam[0][1]

# %% two-sequences mistake="log-of-sum"
total = np.log(0.4 + 0.25 + 0.5)
