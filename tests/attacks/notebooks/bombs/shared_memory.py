# Anonymous memory that processes share: it counts as nobody's own.
# set: 06_perplexity
# others: model
# seconds: 20
# credit: nothing
# says: MB of memory and was ended
# %%
import mmap
import os
import time

for _ in range(2):
    if os.fork() == 0:
        area = mmap.mmap(-1, 600 << 20)
        for place in range(0, 600 << 20, 4096):
            area[place] = 1
        time.sleep(1000)
time.sleep(1000)
