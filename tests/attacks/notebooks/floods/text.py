# Text without end from one cell: it is cut, and the cell ends as any endless one does.
# set: 06_perplexity
# others: model
# seconds: 1
# grace: 9
# credit: all
# says: was stopped after 1 s
# %%
while True:
    print("spam" * 10_000)
# %%
while True:
    print()
