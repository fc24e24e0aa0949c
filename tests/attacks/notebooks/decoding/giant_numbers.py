# Integers of a million digits, fractions of them, floats beyond the range, as values and inside of expressions.
# set: 06_perplexity
# credit: nothing
# %%
from decimal import Decimal
from fractions import Fraction
giant = 7 ** 400_000
# %% perplexity-of-mean-nll
ppl = giant
# %% bits-of-nats
bits = Fraction(giant, 3)
# %% two-sentences
from sympy import Integer, Rational
ppl_of_both = Integer(giant) * L_1
# %% perplexity-from-probs
def perplexity_from_probs(probs):
    return Fraction(giant, giant - 1) * giant
# %% corpus-perplexity
def corpus_perplexity(log_probs):
    return [giant] * 1000
# %% bits-per-byte
def bits_per_byte(nll, text):
    return range(10**15)
