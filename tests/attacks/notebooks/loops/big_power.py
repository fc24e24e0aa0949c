# A power that takes hours, in one operation of C.
# set: 06_perplexity
# others: model
# seconds: 1
# grace: 9
# credit: all but perplexity-from-probs 0
# says: was stopped after 1 s
# %% perplexity-from-probs
x = pow(3, 10**9) % pow(7, 10**9)
