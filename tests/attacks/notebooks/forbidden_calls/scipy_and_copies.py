# Another library's function of the same name, a copy of the function's code, a partial, a bound method.
# set: 05_softmax_gradient
# credit: nothing
# %%
import functools
import types
import torch
import scipy.special
theirs = vars(scipy.special)["log" + "sumexp"]
mine = types.FunctionType(torch.nn.functional.log_softmax.__code__, torch.nn.functional.__dict__, "mine", (None, 3, None))
again = functools.partial(torch.nn.functional.cross_entropy, reduction="none")
# %% log-sum-exp
def log_sum_exp(logits, temperature):
    logits = logits / temperature
    return theirs(logits, axis=-1)
# %% nll-from-logits
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    z, y = torch.as_tensor(logits), torch.as_tensor(targets)
    return again(z.reshape(-1, z.shape[-1]), y.reshape(-1)).reshape(y.shape)
# %% nll-gradient
def nll_gradient(logits, targets, temperature):
    logits = logits / temperature
    z, y = torch.tensor(logits, requires_grad=True), torch.as_tensor(targets)
    loss = -mine(z, -1).gather(-1, y[..., None]).sum()
    return torch.autograd.functional.vjp(lambda z: -mine(z, -1).gather(-1, y[..., None]).sum(), z)[1] / temperature
