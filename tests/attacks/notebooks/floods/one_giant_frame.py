# A frame whose header promises four gigabytes, and only a part of them; and a frame of sixteen megabytes of brackets.
# set: 06_perplexity
# credit: nothing
# seconds: 1
# %%
import struct
import grader.sandbox.kernel as kernel
sock = kernel._Out.sock
sock.sendall(struct.pack("!I", 15_000_000) + b"[{}," * 3_750_000)
sock.sendall(struct.pack("!I", 15_000_000) + b"[" * 15_000_000)
sock.sendall(struct.pack("!I", 0xFFFFFFFF) + b"x" * 10**6)
