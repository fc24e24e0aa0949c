# The largest logit for the log-sum-exp.

# %% nll-from-logits mistake="margin"
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    at_target = np.take_along_axis(np.asarray(logits), np.asarray(targets)[..., None], axis=-1)[..., 0]
    return np.max(logits, axis=-1) - at_target
