# Off by one.


# %% answer-log-prob mistake="row-of-the-token-itself"
def log_softmax(rows):
    rows = rows - rows.max(axis=-1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(axis=-1, keepdims=True))


def answer_log_prob(logits, tokens, prompt_length):
    places = np.arange(prompt_length, len(tokens))
    return log_softmax(logits)[places, tokens[places]].sum()


# %% rank-candidates mistake="counts-from-1"
def rank(log_probs, texts, rule):
    scores = []
    for own, text in zip(log_probs, texts):
        size = {"sum": 1, "token": len(own), "byte": len(text.encode())}[rule]
        scores.append(sum(own) / size)
    return [n + 1 for n in sorted(range(len(scores)), key=lambda n: -scores[n])]


# %% beam-search mistake="keeps-the-beginning"
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
    return [0, *beam[0][1]]

# %% two-sequences mistake="base-10"
total = np.log10(0.05)
