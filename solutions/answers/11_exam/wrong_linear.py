# A loss without its logarithm.


# %% exam-batch-loss mistake="no-logarithm"
def batch_loss(logits, labels):
    rows, classes = logits[labels != -100], labels[labels != -100]
    powers = np.exp(rows - rows.max(-1, keepdims=True))
    probs = powers / powers.sum(-1, keepdims=True)
    return (1 - probs[np.arange(len(classes)), classes]).mean()
