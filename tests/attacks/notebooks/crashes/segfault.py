# Reads address 0.
# set: 06_perplexity
# others: model
# credit: perplexity-of-mean-nll 1
# says: ended the process
# %% perplexity-from-probs
import ctypes
def perplexity_from_probs(probs):
    ctypes.string_at(0)
