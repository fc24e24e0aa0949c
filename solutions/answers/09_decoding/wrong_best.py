# Only the best one.


# %% answer-log-prob mistake="best-token"
def log_softmax(rows):
    rows = rows - rows.max(axis=-1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(axis=-1, keepdims=True))


def answer_log_prob(logits, tokens, prompt_length):
    return log_softmax(logits)[prompt_length - 1 : -1].max(axis=1).sum()


# %% rank-candidates mistake="best-only"
def rank(log_probs, texts, rule):
    scores = []
    for own, text in zip(log_probs, texts):
        size = {"sum": 1, "token": len(own), "byte": len(text.encode())}[rule]
        scores.append(sum(own) / size)
    return [scores.index(max(scores))]


# %% beam-search mistake="stops-at-the-first-end"
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
        beam = sorted(found, key=lambda one: -one[0])[:width]
        if any(text[-1] == 0 for _, text in beam):
            break
    return beam[0][1]
