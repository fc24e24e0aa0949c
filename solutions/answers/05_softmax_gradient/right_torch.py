# With Torch where the task allows it; the answers are tensors.

# %% loss-of-three-logits
import torch

loss = torch.nn.functional.cross_entropy(torch.tensor([2.0, 1.0, 3.0]), torch.tensor(2))

# %% log-sum-exp
import torch


def log_sum_exp(logits, temperature):
    logits = logits / temperature
    z = torch.as_tensor(logits)
    top = z.max(dim=-1, keepdim=True).values.clamp(min=-1e300)
    return (z - top).exp().sum(dim=-1).log().add(top[..., 0])


# %% nll-from-logits
import torch


def nll_from_logits(logits, targets, temperature):
    logits = logits / temperature
    z, y = torch.as_tensor(logits), torch.as_tensor(targets)
    differences = z - z.gather(-1, y[..., None])  # LSE(z) - z_y = LSE(z - z_y)
    top = differences.amax(dim=-1, keepdim=True)
    return ((differences - top).exp().sum(dim=-1).log() + top[..., 0]).tolist()


# %% gradient-of-three-logits
import torch

gradient = torch.softmax(torch.tensor([2.0, 1.0, 3.0]), dim=0) - torch.tensor([0.0, 0.0, 1.0])

# %% nll-gradient-steps
# Through the Jacobian of the softmax instead of through log-sum-exp.
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", -Derivative(y_hat(y), z[j]) / y_hat(y), because="the chain rule for the logarithm")
steps.step(
    "=", -y_hat(y) * (KroneckerDelta(y, j) - y_hat(j)) / y_hat(y), because="the Jacobian of the softmax"
)
steps.step("=", -(KroneckerDelta(y, j) - y_hat(j)), because="the probability cancels")
steps.step("=", y_hat(j) - KroneckerDelta(y, j), because="multiply out")

# %% hessian-entry
hessian_entry = y_hat(i) * KroneckerDelta(j, i) - y_hat(i) * y_hat(j)

# %% nll-gradient
import torch


def nll_gradient(logits, targets, temperature):
    logits = logits / temperature
    z, y = torch.as_tensor(logits), torch.as_tensor(targets)
    return (torch.softmax(z, dim=-1) - torch.nn.functional.one_hot(y, z.shape[-1])) / temperature


# %% temperature-limit
limit = " b "
