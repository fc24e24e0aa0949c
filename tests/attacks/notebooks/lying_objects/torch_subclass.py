# Tensors of a class with __torch_function__, meta tensors, sparse ones, ones whose numpy() lies.
# set: 05_softmax_gradient
# credit: nothing
# %% loss-of-three-logits
import torch

class Lying(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return torch.tensor(0.40760596444438046)

loss = torch.zeros(()).as_subclass(Lying)
# %% log-sum-exp
def log_sum_exp(logits, temperature):
    logits = logits / temperature
    if logits.ndim == 1:
        return torch.zeros((), device="meta")
    if logits.ndim == 2:
        return torch.zeros(logits.shape[0]).to_sparse()
    return torch.zeros(logits.shape[:-1]).as_subclass(Lying)
# %% nll-from-logits
def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    answer = torch.zeros(np.shape(targets), dtype=torch.float64)
    answer.numpy = answer.detach = answer.cpu = lambda: answer
    answer.tolist = lambda: 1.0
    return answer
