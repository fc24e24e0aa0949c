# The process stops itself with SIGSTOP when it is asked; that costs this answer and no other.
# set: 06_perplexity
# others: model
# seconds: 1
# credit: all but perplexity-from-probs 0
# says: did not stop when told to
# %% perplexity-from-probs
import os
import signal

def perplexity_from_probs(probs):
    os.kill(os.getpid(), signal.SIGSTOP)
