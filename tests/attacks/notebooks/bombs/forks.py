# A fork bomb, and threads until there are no more.
# set: 06_perplexity
# others: model
# seconds: 1
# grace: 9
# credit: all
# says: was stopped after 1 s
# %%
import os

while True:
    try:
        os.fork()
    except OSError:
        pass
