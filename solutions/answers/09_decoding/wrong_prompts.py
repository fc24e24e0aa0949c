# What belongs to the prompt, or to the start, is in the sum; or ended texts are lost.

# %% answer-score mistake="scores-the-prompt"
score = -1.2 - 0.4 - 0.7 - 2.1 - 0.3


# %% answer-log-prob mistake="scores-the-prompt"
def log_softmax(rows):
    rows = rows - rows.max(axis=-1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(axis=-1, keepdims=True))


def answer_log_prob(logits, tokens, prompt_length):
    return log_softmax(logits)[np.arange(len(tokens) - 1), tokens[1:]].sum()

# %% prompt-change mistake="scores-the-prompt"
changed = "b"


# %% beam-search mistake="loses-ended-texts"
def beam_search(log_probs, width, length):
    beam = [(0.0, [])]
    for _ in range(length):
        found = []
        for score, text in beam:
            row = log_probs[text[-1] if text else 0]
            found += [(score + row[token], [*text, token]) for token in range(len(row))]
        beam = sorted(found, key=lambda one: -one[0])[:width]
        beam = [one for one in beam if one[1][-1] != 0] or beam[:1]
        if beam[0][1][-1] == 0:
            break
    return beam[0][1]

# %% two-sequences mistake="counts-the-start"
total = np.log([0.2, 0.4, 0.2, 0.25, 0.5]).sum()

# %% scheduled-steps mistake="true-token-only"
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", eps * p_a * (y_hat(j) - g[j]), because="the derivative, term by term")
steps
