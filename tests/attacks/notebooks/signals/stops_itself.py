# The process stops itself with SIGSTOP in the middle of an answer.
# set: 06_perplexity
# others: model
# seconds: 1
# credit: perplexity-of-mean-nll 1
# says: did not stop when told to
# %% perplexity-from-probs
import os
import signal

def perplexity_from_probs(probs):
    os.kill(os.getpid(), signal.SIGSTOP)
