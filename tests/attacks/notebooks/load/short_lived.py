# Processes that each work for a moment and hand on to the next: their time counts, too.
# set: 06_perplexity
# others: model
# seconds: 2
# grace: 9
# credit: all but perplexity-from-probs 0
# says: was stopped after 2 s
# %% perplexity-from-probs
import os
import time


def perplexity_from_probs(probs):
    while True:
        if os.fork() == 0:
            begun = time.process_time()
            while time.process_time() < begun + 0.02:
                pass
            os._exit(0)
        os.wait()
