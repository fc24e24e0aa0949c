# A number of a hundred million digits, in one operation of C.
# set: 06_perplexity
# others: model
# seconds: 1
# grace: 9
# credit: all but perplexity-from-probs 0
# says: was stopped after 1 s
# %% perplexity-from-probs
x = 10 ** 10**8
x = x * x * x
