# Places mixed up.


# %% answer-log-prob mistake="starts-too-early"
def log_softmax(rows):
    rows = rows - rows.max(axis=-1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(axis=-1, keepdims=True))


def answer_log_prob(logits, tokens, prompt_length):
    places = np.arange(max(prompt_length - 1, 1), len(tokens))
    return log_softmax(logits)[places - 1, tokens[places]].sum()


# %% table-audit mistake="wide-tolerance"
def kind_of(table):
    with np.errstate(all="ignore"):
        tried = {"nats": np.exp(table), "bits": np.exp2(table), "probabilities": np.where(table < 0, np.nan, table)}
    for kind, rows in tried.items():
        if np.allclose(rows.sum(axis=1), 1):
            return kind
    return "not normalised"


# %% rank-candidates mistake="ranks-for-order"
def rank(log_probs, texts, rule):
    scores = []
    for own, text in zip(log_probs, texts):
        size = {"sum": 1, "token": len(own), "byte": len(text.encode())}[rule]
        scores.append(sum(own) / size)
    order = sorted(range(len(scores)), key=lambda n: -scores[n])
    return [order.index(n) for n in range(len(scores))]


# %% beam-search mistake="ended-texts-take-no-place"
def beam_search(log_probs, width, length):
    beam, done = [(0.0, [])], []
    for _ in range(length):
        found = []
        for score, text in beam:
            row = log_probs[text[-1] if text else 0]
            found += [(score + row[token], [*text, token]) for token in range(len(row))]
        beam = sorted(found, key=lambda one: -one[0])[:width]
        done += [one for one in beam if one[1][-1] == 0]
        beam = [one for one in beam if one[1][-1] != 0]
    return max(beam + done, key=lambda one: one[0])[1]

# %% scheduled-steps mistake="same-target"
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", (eps * p_a + (1 - eps) * q_a) * (y_hat(j) - g[j]), because="the derivative, term by term")
steps
