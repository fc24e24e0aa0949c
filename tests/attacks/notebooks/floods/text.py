# A flood of text from one cell.
# set: 06_perplexity
# others: model
# credit: nothing
# says: sent a flood of output and was ended
# %%
while True:
    print("spam" * 10_000)
