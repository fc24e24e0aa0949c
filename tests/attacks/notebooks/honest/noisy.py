# Right answers that warn, print, log and write to standard error by every way there is.
# set: 06_perplexity
# others: model
# credit: all
# %%
import logging
import os
import sys
import warnings

warnings.warn("careful", stacklevel=1)
logging.getLogger().warning("on standard error")
print("also there", file=sys.stderr)
os.write(2, b"and below Python\n")
# %% perplexity-of-mean-nll
warnings.warn("careful again", stacklevel=1)
ppl = np.exp(2.1)
print(1e9)
1e9
# %% perplexity-from-probs
def perplexity_from_probs(probs):
    print("at work", file=sys.stderr)
    logging.getLogger().error("still")
    os.write(1, b"7\n")
    warnings.warn("slow", DeprecationWarning, stacklevel=1)
    return np.exp(-np.mean(np.log(probs)))
