# The softmax taken twice.


# %% answer-log-prob mistake="softmax-twice"
def log_softmax(rows):
    rows = rows - rows.max(axis=-1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(axis=-1, keepdims=True))


def answer_log_prob(logits, tokens, prompt_length):
    about = log_softmax(np.exp(log_softmax(logits)))
    places = np.arange(prompt_length, len(tokens))
    return about[places - 1, tokens[places]].sum()
