# Half of what is asked.

# %% answer-score mistake="prompt-only"
score = -1.2 - 0.4


# %% answer-log-prob mistake="leaves-out-the-last"
def log_softmax(rows):
    rows = rows - rows.max(axis=-1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(axis=-1, keepdims=True))


def answer_log_prob(logits, tokens, prompt_length):
    places = np.arange(prompt_length, len(tokens) - 1)
    return log_softmax(logits)[places - 1, tokens[places]].sum()

# %% prompt-change mistake="bigram-thinking"
changed = "c"


# %% rank-candidates mistake="always-the-sum"
def rank(log_probs, texts, rule):
    return sorted(range(len(texts)), key=lambda n: -sum(log_probs[n]))

# %% greedy-regret mistake="first-step-only"
lost = log(p_b / p_a)


# %% beam-search mistake="greedy"
def beam_search(log_probs, width, length):
    text = []
    while len(text) < length and text[-1:] != [0]:
        text.append(int(log_probs[text[-1] if text else 0].argmax()))
    return text

# %% two-sequences mistake="one-sequence"
total = np.log(0.25 * 0.5)

# %% scheduled-steps mistake="forgets-the-softmax"
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step("=", -eps * p_a * g[j] - (1 - eps) * q_a * h[j], because="the derivative, term by term")
steps
