# A list without end: Python's own error comes before the room's bound, so only this cell is lost.
# set: 06_perplexity
# others: model
# seconds: 60
# credit: all
# says: ran out of memory: the limit is 576 MB
# %%
a = []
while True:
    a.append(1)
