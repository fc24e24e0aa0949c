# Arrays that double until there is no memory.
# set: 06_perplexity
# others: model
# credit: all
# says: ran out of memory: the limit is 576 MB
# %%
a = np.ones(10**6)
while True:
    a = np.concatenate([a, a])
