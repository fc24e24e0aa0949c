# Aborts, and asks for a core dump before.
# set: 06_perplexity
# others: model
# credit: perplexity-of-mean-nll 1
# says: ended the process
# %%
import os, resource
try:
    resource.setrlimit(resource.RLIMIT_CORE, (-1, -1))
except (ValueError, OSError):
    pass
# %% perplexity-from-probs
os.abort()
