# An endless loop in Python, and one that swallows interrupts; the answers before them stand, those after are lost.
# set: 06_perplexity
# others: model
# seconds: 1
# credit: perplexity-of-mean-nll 1
# says: did not stop when told to
# %% perplexity-from-probs
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
