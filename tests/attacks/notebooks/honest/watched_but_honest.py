# Right answers where calls are watched: own functions of a forbidden name, a profiler of one's own, much calling.
# set: 05_softmax_gradient
# others: model
# credit: all
# %%
import cProfile
import torch

def logsumexp(row):
    top = max(row)
    return top if top == -np.inf else top + np.log(sum(np.exp(z - top) for z in row))

class Loss(torch.nn.Module):
    def forward(self, z):
        return z - z.amax(-1, keepdim=True)
# %% log-sum-exp
def log_sum_exp(logits, temperature):
    if np.ndim(logits) > 1:
        return np.stack([log_sum_exp(row, temperature) for row in logits])
    return logsumexp(logits / temperature)
# %% nll-from-logits
def nll_from_logits(logits, targets, temperature):
    z, y = Loss()(torch.as_tensor(logits / temperature)), torch.as_tensor(targets)
    with torch.no_grad():
        return torch.log(torch.exp(z).sum(-1)) - z.gather(-1, y[..., None])[..., 0]
# %% nll-gradient
def nll_gradient(logits, targets, temperature):
    z = torch.as_tensor(logits / temperature)
    return (torch.softmax(z, -1) - torch.nn.functional.one_hot(torch.as_tensor(targets), z.shape[-1])) / temperature
