# The name that the check asks for is never found: the namespace loops, and so does the answer when it is encoded.
# set: 06_perplexity
# others: model
# seconds: 1
# grace: 9
# credit: all but two-sentences 0, comparable-perplexities 0
# %% two-sentences
from sympy import Expr
class Endless(Expr):
    @property
    def args(self):
        while True:
            pass
    definition = args
    __eq__ = lambda self, other: self.args
    __hash__ = lambda self: 0
ppl_of_both = Endless()
# %% comparable-perplexities
comparable = []
comparable.append(comparable)
