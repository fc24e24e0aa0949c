# The forbidden call is made in another process: by fork, by a program, and by one that an earlier cell started.
# set: 05_softmax_gradient
# credit: nothing
# %%
import json, os, pickle, socket, subprocess, sys
import numpy as np
import torch
lse, lsm = getattr(torch, "log" + "sumexp"), getattr(torch, "log_" + "softmax")
here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
if os.fork() == 0:
    here.close()
    while data := there.recv(1 << 20):
        there.send(pickle.dumps(lse(torch.as_tensor(pickle.loads(data)), -1).numpy()))
    os._exit(0)
# %% log-sum-exp
def log_sum_exp(logits, temperature):
    logits = logits / temperature
    read, write = os.pipe()
    if os.fork() == 0:
        os.write(write, pickle.dumps(lse(torch.as_tensor(logits), -1).numpy()))
        os._exit(0)
    return pickle.loads(os.read(read, 1 << 20))
# %% nll-from-logits
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    here.send(pickle.dumps(logits))
    total = pickle.loads(here.recv(1 << 20))
    return total - np.take_along_axis(logits, targets[..., None], -1)[..., 0]
