# Sockets that are filled and never read, in many processes: memory that no process maps.
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
try:
    while True:
        for end in socket.socketpair():
            kept.append(end)
            end.setblocking(False)
            for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
                end.setsockopt(socket.SOL_SOCKET, option, 1 << 22)
            try:
                while True:
                    end.send(bytes(1 << 16))
            except BlockingIOError:
                pass
except OSError:
    time.sleep(1000)
