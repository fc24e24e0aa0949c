# A regular expression that backtracks for ever, inside C; the function is defined, and hangs when it is called.
# set: 06_perplexity
# others: model
# seconds: 1
# grace: 9
# credit: all but perplexity-from-probs 0
# %% perplexity-from-probs
import re

def perplexity_from_probs(probs):
    return re.match("(a+)+$", "a" * 40 + "b")
