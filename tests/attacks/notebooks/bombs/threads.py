# Threads until there are no more; the answers are still right.
# set: 06_perplexity
# others: model
# credit: all
# %%
import threading
import time

started = []
try:
    while True:
        started.append(threading.Thread(target=time.sleep, args=(1000,), daemon=True))
        started[-1].start()
except RuntimeError:
    pass
assert len(started) < 200
