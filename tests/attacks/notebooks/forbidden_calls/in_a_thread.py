# The forbidden call is made in another thread, by threading, by a pool and by the bare _thread.
# set: 05_softmax_gradient
# credit: nothing
# %%
import _thread
import threading
import time
import torch
from concurrent.futures import ThreadPoolExecutor
lse, lsm = getattr(torch, "log" + "sumexp"), getattr(torch, "log_" + "softmax")
# %% log-sum-exp
def log_sum_exp(logits, temperature):
    logits = logits / temperature
    found = []
    thread = threading.Thread(target=lambda: found.append(lse(torch.as_tensor(logits), -1)))
    thread.start()
    thread.join()
    return found[0]
# %% nll-from-logits
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    found = []
    _thread.start_new_thread(lambda: found.append(lsm(torch.as_tensor(logits), -1)), ())
    while not found:
        time.sleep(0.001)
    return -found[0].gather(-1, torch.as_tensor(targets)[..., None])[..., 0]
# %% nll-gradient
def nll_gradient(logits, targets, temperature):
    logits = logits / temperature
    with ThreadPoolExecutor(1) as pool:
        z = torch.tensor(logits)
        slope = pool.submit(torch.func.grad(lambda z: -lsm(z, -1).gather(-1, torch.as_tensor(targets)[..., None]).sum()), z)
        return slope.result() / temperature
