# Each process stays below the limit, together they pass it many times over.
# set: 06_perplexity
# others: model
# seconds: 20
# credit: nothing
# says: MB of memory and was ended
# %%
import os
import time

for _ in range(40):
    if os.fork() == 0:
        kept = [bytearray(b"x" * 10**7) for _ in range(60)]
        time.sleep(1000)
time.sleep(1000)
