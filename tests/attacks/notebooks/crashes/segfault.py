# Reads address 0.
# set: 06_perplexity
# others: model
# credit: all but perplexity-from-probs 0
# says: ended its process
# %% perplexity-from-probs
import ctypes
def perplexity_from_probs(probs):
    ctypes.string_at(0)
