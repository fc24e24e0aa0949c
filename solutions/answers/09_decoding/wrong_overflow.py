# Numbers too large, and searches too wide.


# %% answer-log-prob mistake="overflows"
def answer_log_prob(logits, tokens, prompt_length):
    with np.errstate(all="ignore"):
        probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        places = np.arange(prompt_length, len(tokens))
        return np.log(probs[places - 1, tokens[places]]).sum()


# %% table-audit mistake="no-impossible-tokens"
def kind_of(table):
    with np.errstate(all="ignore"):
        tried = {"nats": np.exp(table), "bits": np.exp2(table), "probabilities": np.where(table < 0, np.nan, table)}
    for kind, rows in tried.items():
        if np.isfinite(table).all() and (abs(rows.sum(axis=1) - 1) < 1e-6).all():
            return kind
    return "not normalised"


# %% beam-search mistake="searches-everything"
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
        beam = sorted(found, key=lambda one: -one[0])[:300]
    return beam[0][1]
