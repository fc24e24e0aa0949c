# Modules and distributions that call what is forbidden inside, and Torch's operators below their names.
# set: 05_softmax_gradient
# credit: nothing
# %%
import torch
# %% log-sum-exp
def log_sum_exp(logits, temperature):
    logits = logits / temperature
    z = torch.as_tensor(logits)
    return torch.ops.aten.logsumexp(z, [-1])
# %% nll-from-logits
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    z, y = torch.as_tensor(logits), torch.as_tensor(targets)
    return -torch.nn.LogSoftmax(-1)(z).gather(-1, y[..., None])[..., 0]
# %% nll-gradient
def nll_gradient(logits, targets, temperature):
    logits = logits / temperature
    z = torch.tensor(logits, requires_grad=True)
    loss = torch.nn.CrossEntropyLoss(reduction="sum")(z.reshape(-1, z.shape[-1]), torch.as_tensor(targets).reshape(-1))
    torch.autograd.backward([loss])
    return z.__getattribute__("gra" + "d") / temperature
