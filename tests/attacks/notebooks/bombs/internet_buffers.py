# The same with connections over the room's own loopback, whose buffers grow.
# set: 06_perplexity
# others: model
# seconds: 60
# credit: nothing
# says: used more than 768 MB of memory and was ended
# %%
import os
import socket
import time

for _ in range(40):
    if os.fork() == 0:
        break
kept = []
listens = socket.create_server(("127.0.0.1", 0))
try:
    while True:
        one = socket.create_connection(listens.getsockname())
        for end in (one, listens.accept()[0]):
            kept.append(end)
            end.setblocking(False)
            try:
                while True:
                    end.send(bytes(1 << 16))
            except BlockingIOError:
                pass
except OSError:
    time.sleep(1000)
