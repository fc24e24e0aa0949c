# Opens files, pipes and sockets until there are no more.
# set: 06_perplexity
# others: model
# credit: all
# %%
import os
import socket

kept = []
for opened in (lambda: open("/dev/null"), os.pipe, socket.socketpair, lambda: os.dup(0)):
    try:
        while True:
            kept.append(opened())
    except OSError:
        pass
assert len(kept) < 1000
kept.clear()
