# The end, or the last part, is missing.

# %% answer-score mistake="leaves-out-the-end"
score = -0.7 - 2.1


# %% answer-log-prob mistake="starts-too-late"
def log_softmax(rows):
    rows = rows - rows.max(axis=-1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(axis=-1, keepdims=True))


def answer_log_prob(logits, tokens, prompt_length):
    places = np.arange(prompt_length + 1, len(tokens))
    return log_softmax(logits)[places - 1, tokens[places]].sum()


# %% table-audit mistake="no-tolerance"
def kind_of(table):
    with np.errstate(all="ignore"):
        tried = {"nats": np.exp(table), "bits": np.exp2(table), "probabilities": np.where(table < 0, np.nan, table)}
    for kind, rows in tried.items():
        if (abs(rows.sum(axis=1) - 1) < 1e-9).all():
            return kind
    return "not normalised"

# %% prompt-change mistake="tokens-for-conditions"
changed = "a"

# %% greedy-regret mistake="second-step-only"
lost = log(m_b / m_a)


# %% beam-search mistake="never-ends"
def beam_search(log_probs, width, length):
    beam = [(0.0, [])]
    for _ in range(length):
        found = []
        for score, text in beam:
            row = log_probs[text[-1] if text else 0]
            found += [(score + row[token], [*text, token]) for token in range(len(row))]
        beam = sorted(found, key=lambda one: -one[0])[:width]
    return beam[0][1]

# %% two-sequences mistake="leaves-out-a-token"
total = np.log(0.4 * 0.25)
