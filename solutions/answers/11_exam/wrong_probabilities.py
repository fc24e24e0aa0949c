# Probabilities where logarithms are asked.

# %% exam-text mistake="gives-the-probability"
probs = np.array([follows[s][t] for s, t in zip(text, text[1:])])
text_scores = [probs.prod(), -np.log(probs).mean()]


# %% exam-batch-loss mistake="through-probabilities"
def batch_loss(logits, labels):
    rows, classes = logits[labels != -100], labels[labels != -100]
    powers = np.exp(rows - rows.max(axis=-1, keepdims=True))
    probs = powers / powers.sum(axis=-1, keepdims=True)
    return -np.log(probs[np.arange(len(classes)), classes]).mean()
