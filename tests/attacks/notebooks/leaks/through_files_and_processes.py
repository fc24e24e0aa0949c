# Functions hand their inputs on by files, shared memory, sockets and a helper that was forked before; later cells look there.
# set: 06_perplexity
# credit: nothing
# waits: why-not-average
# %%
import glob, mmap, os, socket, tempfile
shared = mmap.mmap(-1, 1 << 16)
here, there = socket.socketpair()
if os.fork() == 0:
    here.close()
    with open("/tmp/helper", "ab", buffering=0) as file:
        while data := there.recv(1 << 16):
            file.write(data)
    os._exit(0)
def carry(*inputs):
    text = repr([getattr(i, "tolist", lambda: i)() for i in inputs]).encode()
    here.send(text)
    shared[: len(text)] = text
    for place in ("kept", "/tmp/kept", "/dev/shm/kept"):
        with open(place, "ab") as file:
            file.write(text)
    if os.fork() == 0:
        os.setsid()
        with open("/tmp/forked", "ab") as file:
            file.write(text)
        os._exit(0)
    return 0.5
# %% perplexity-from-probs
perplexity_from_probs = carry
# %% corpus-perplexity
corpus_perplexity = carry
# %%
import time
time.sleep(0.3)
for place in ("kept", "/tmp/kept", "/dev/shm/kept", "/tmp/helper", "/tmp/forked"):
    print(open(place).read() if os.path.exists(place) else "nothing")
print(bytes(shared).strip(b"\0"))
