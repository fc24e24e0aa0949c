# Ten processes that each take what one may have, in a moment.
# set: 06_perplexity
# others: model
# seconds: 60
# credit: nothing
# says: used more than 768 MB of memory and was ended
# %%
import os
import time

for _ in range(10):
    if os.fork() == 0:
        kept = np.ones(500 << 17)
        time.sleep(1000)
time.sleep(1000)
