# An endless loop that can be interrupted costs only its own task.
# set: 06_perplexity
# others: model
# seconds: 1
# grace: 9
# credit: all but perplexity-from-probs 0
# says: was stopped after 1 s
# %% perplexity-from-probs
while True:
    pass
