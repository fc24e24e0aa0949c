# A fork bomb, and threads until there are no more.
# set: 06_perplexity
# others: model
# seconds: 3
# grace: 9
# credit: all
# says: was stopped after 3 s
# %%
import os

while True:
    try:
        os.fork()
    except OSError:
        pass
