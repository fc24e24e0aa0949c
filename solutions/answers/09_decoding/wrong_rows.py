# The wrong row, or one row only.


# %% answer-log-prob mistake="row-too-early"
def log_softmax(rows):
    rows = rows - rows.max(axis=-1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(axis=-1, keepdims=True))


def answer_log_prob(logits, tokens, prompt_length):
    places = np.arange(prompt_length, len(tokens))
    places = places[places >= 2]
    return log_softmax(logits)[places - 2, tokens[places]].sum()


# %% table-audit mistake="first-row-only"
def kind_of(table):
    with np.errstate(all="ignore"):
        tried = {"nats": np.exp(table), "bits": np.exp2(table), "probabilities": np.where(table < 0, np.nan, table)}
    for kind, rows in tried.items():
        if abs(rows[0].sum() - 1) < 1e-6:
            return kind
    return "not normalised"


# %% rank-candidates mistake="ties-turned-round"
def rank(log_probs, texts, rule):
    scores = []
    for own, text in zip(log_probs, texts):
        size = {"sum": 1, "token": len(own), "byte": len(text.encode())}[rule]
        scores.append(sum(own) / size)
    order = sorted(range(len(scores)), key=lambda n: scores[n])
    order.reverse()
    return order


# %% beam-search mistake="one-step-less"
def beam_search(log_probs, width, length):
    beam = [(0.0, [])]
    for _ in range(max(length - 1, 1)):
        found = []
        for score, text in beam:
            if text and text[-1] == 0:
                found.append((score, text))
                continue
            row = log_probs[text[-1] if text else 0]
            found += [(score + row[token], [*text, token]) for token in range(len(row))]
        beam = sorted(found, key=lambda one: -one[0])[:width]
    return beam[0][1]
