# Reached by getattr, eval, exec, importlib and the modules' dictionaries, with names that are put together.
# set: 05_softmax_gradient
# credit: nothing
# %% log-sum-exp
def log_sum_exp(logits, temperature):
    logits = logits / temperature
    import importlib
    torch = importlib.import_module("to" + "rch")
    return getattr(torch, "log" + "sumexp")(torch.as_tensor(logits), -1)
# %% nll-from-logits
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    space = {"z": logits, "y": targets}
    exec("import torch\nf = vars(torch.nn.functional)['log_' + 'softmax']\n"
         "z, y = torch.as_tensor(z), torch.as_tensor(y)\n"
         "answer = -f(z, dim=-1).gather(-1, y[..., None])[..., 0]", space)
    return space["answer"]
# %% nll-gradient
def nll_gradient(logits, targets, temperature):
    logits = logits / temperature
    import torch
    z, y = torch.tensor(logits, requires_grad=True), torch.as_tensor(targets)
    loss = eval("-".join(["", "torch.nn.functional.log_softmax(z, -1).gather(-1, y[..., None]).sum()"]))
    getattr(loss, "back" + "ward")()
    return getattr(z, "gr" + "ad") / temperature
