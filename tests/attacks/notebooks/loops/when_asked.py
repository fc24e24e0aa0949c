# Each case of a function takes as long as it can; the time is that of the cell, not of each case.
# set: 06_perplexity
# others: model
# seconds: 1
# credit: all but perplexity-from-probs 0, corpus-perplexity 0
# %% perplexity-from-probs
import time
def perplexity_from_probs(probs):
    time.sleep(100)
# %% corpus-perplexity
def corpus_perplexity(log_probs):
    while True:
        try:
            time.sleep(0.2)
        except KeyboardInterrupt:
            return 1.0
