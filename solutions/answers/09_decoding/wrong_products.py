# Products and scores in the place of sums and numbers.


# %% answer-log-prob mistake="multiplies-first"
def log_softmax(rows):
    rows = rows - rows.max(axis=-1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(axis=-1, keepdims=True))


def answer_log_prob(logits, tokens, prompt_length):
    places = np.arange(prompt_length, len(tokens))
    told = log_softmax(logits)[places - 1, tokens[places]]
    with np.errstate(divide="ignore"):
        return np.log(np.prod(np.exp(told)))


# %% rank-candidates mistake="scores-for-numbers"
def rank(log_probs, texts, rule):
    scores = []
    for own, text in zip(log_probs, texts):
        size = {"sum": 1, "token": len(own), "byte": len(text.encode())}[rule]
        scores.append(sum(own) / size)
    return sorted(scores, reverse=True)
