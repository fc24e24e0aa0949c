# Processes that leave the cell and its session, hold on to the kernel's socket and go on writing to it.
# set: 06_perplexity
# others: model
# credit: all
# %%
import json
import os
import socket
import struct
import time

for kind in range(6):
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        while True:
            time.sleep(0.01)
            open(f"/tmp/daemon{kind}", "a").write("still here\n")
