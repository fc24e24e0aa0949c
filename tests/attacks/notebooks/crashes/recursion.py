# Recursion without end, in Python and, with the limit lifted, down through the stack of C.
# set: 06_perplexity
# others: model
# credit: all but perplexity-from-probs 0, corpus-perplexity 0
# %% perplexity-from-probs
def perplexity_from_probs(probs):
    return perplexity_from_probs(probs)
# %% corpus-perplexity
import sys
sys.setrecursionlimit(10**9)
class Deep:
    __getattr__ = lambda self, name: getattr(self, name + "x")
    __repr__ = lambda self: repr(self)
def corpus_perplexity(log_probs):
    return repr(Deep())
