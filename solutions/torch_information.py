"""The quantities of `solutions.information` in Torch: differentiable, on any device, in the argument's dtype.

Same names, same units (nats unless a name says bits), same shapes. Only the gradient and the Hessian are
obtained in another way: autograd computes them, so they are an oracle for the formulas. Arguments are not
checked.
"""

import torch
from torch import Tensor


def log_sum_exp(logits: Tensor) -> Tensor:
    """Return LSE(z) over the last axis of ``(..., V)``, in nats; -inf for a row of nothing but -inf.

    >>> log_sum_exp(torch.tensor([0.0, 0.0]))
    tensor(0.6931)
    """
    shift = _finite_maximum(logits)
    return (logits - shift).exp().sum(dim=-1).log() + shift[..., 0]


def log_softmax(logits: Tensor) -> Tensor:
    """Return log ŷ_j = z_j − LSE(z) over the last axis of ``(..., V)``, in nats.

    >>> log_softmax(torch.tensor([0.0, 1000.0]))
    tensor([-1000.,     0.])
    """
    below = logits - _finite_maximum(logits)  # z - LSE(z) itself would round off the digits of a large LSE
    return below - log_sum_exp(below)[..., None]


def softmax(logits: Tensor, temperature: float = 1.0) -> Tensor:
    """Return ŷ over the last axis of ``(..., V)``; the temperature is positive.

    >>> softmax(torch.tensor([0.0, 0.0]))
    tensor([0.5000, 0.5000])
    """
    below = logits - _finite_maximum(logits)  # before the division, which may overflow
    return log_softmax(below / temperature).exp()


def nll_from_logits(logits: Tensor, targets: Tensor) -> Tensor:
    """Return LSE(z) − z_y for logits ``(..., V)`` and targets ``(...)`` in 0..V−1, in nats.

    >>> nll_from_logits(torch.tensor([2.0, 1.0, 3.0]), torch.tensor(2))
    tensor(0.4076)
    """
    return -log_softmax(logits).gather(-1, targets[..., None])[..., 0]


def nll_gradient(logits: Tensor, targets: Tensor) -> Tensor:
    """Return ∂NLL/∂z of each row, shape ``(..., V)``, by autograd.

    >>> nll_gradient(torch.tensor([0.0, 0.0]), torch.tensor(1))
    tensor([ 0.5000, -0.5000])
    """
    z = logits.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(nll_from_logits(z, targets).sum(), z)
    return gradient


def nll_hessian(logits: Tensor) -> Tensor:
    """Return ∂²NLL/∂z∂zᵀ of each row, shape ``(..., V, V)``, by autograd. Any target gives the same.

    >>> nll_hessian(torch.tensor([0.0, 0.0]))
    tensor([[ 0.2500, -0.2500],
            [-0.2500,  0.2500]])
    """
    rows = logits.detach().reshape(-1, logits.shape[-1])
    target = torch.tensor(0, device=logits.device)
    hessians = [torch.autograd.functional.hessian(lambda z: nll_from_logits(z, target), row) for row in rows]
    return torch.stack(hessians).reshape(*logits.shape, logits.shape[-1])


def surprisal(probs: Tensor) -> Tensor:
    """Return −log p of each probability, in nats.

    >>> surprisal(torch.tensor([0.5]))
    tensor([0.6931])
    """
    return -probs.log()


def nll(probs: Tensor) -> Tensor:
    """Return −Σ_j log p_j over the last axis of ``(..., m)``, in nats.

    >>> nll(torch.tensor([0.5, 0.5]))
    tensor(1.3863)
    """
    return surprisal(probs).sum(dim=-1)


def perplexity(nll: Tensor, m: Tensor | int = 1) -> Tensor:
    """Return PPL = exp(NLL / m), with the NLL of m tokens in nats.

    >>> perplexity(torch.tensor(2.1))
    tensor(8.1662)
    """
    return (nll / m).exp()


def corpus_perplexity(nlls: Tensor, lengths: Tensor) -> Tensor:
    """Return exp(Σ_s NLL_s / Σ_s m_s) for the sentences' NLLs ``(n,)`` in nats and lengths ``(n,)``.

    >>> corpus_perplexity(torch.tensor([2.0, 30.0]), torch.tensor([2, 10]))
    tensor(14.3919)
    """
    return perplexity(nlls.sum(), lengths.sum())


def entropy(p: Tensor) -> Tensor:
    """Return H(p) over the last axis of ``(..., V)``, in nats, with 0 log 0 = 0.

    >>> entropy(torch.tensor([0.5, 0.5, 0.0]))
    tensor(0.6931)
    """
    return cross_entropy(p, p)


def cross_entropy(p: Tensor, q: Tensor) -> Tensor:
    """Return H(p, q) = −Σ_j p_j log q_j over the last axis of ``(..., V)``, in nats.

    >>> cross_entropy(torch.tensor([0.0, 1.0]), torch.tensor([0.5, 0.5]))
    tensor(0.6931)
    """
    p, q = _without_empty(p, q)
    return -torch.special.xlogy(p, q).sum(dim=-1)


def kl_divergence(p: Tensor, q: Tensor) -> Tensor:
    """Return KL(p‖q) = Σ_j p_j log(p_j / q_j) over the last axis of ``(..., V)``, in nats.

    >>> kl_divergence(torch.tensor([0.5, 0.5]), torch.tensor([0.7, 0.3]))
    tensor(0.0872)
    """
    p, q = _without_empty(p, q)
    return (torch.special.xlogy(p, p) - torch.special.xlogy(p, q)).sum(dim=-1)


def bits_from_nats(nats: Tensor) -> Tensor:
    """Return nats / log 2.

    >>> bits_from_nats(torch.tensor(1.0))
    tensor(1.4427)
    """
    return nats / torch.log(torch.tensor(2.0, dtype=nats.dtype, device=nats.device))


def nats_from_bits(bits: Tensor) -> Tensor:
    """Return bits · log 2.

    >>> nats_from_bits(torch.tensor(1.0))
    tensor(0.6931)
    """
    return bits * torch.log(torch.tensor(2.0, dtype=bits.dtype, device=bits.device))


def _without_empty(p: Tensor, q: Tensor) -> tuple[Tensor, Tensor]:
    """Return both with 1 where both are 0: the term of such an outcome is still 0, and so is its gradient."""
    empty = (p == 0) & (q == 0)
    return torch.where(empty, 1.0, p), torch.where(empty, 1.0, q)


def _finite_maximum(logits: Tensor) -> Tensor:
    """Return each row's maximum, kept as an axis; 0 for a row of -inf, where -inf - -inf is NaN."""
    top = logits.detach().amax(dim=-1, keepdim=True)  # a constant: its derivative would cancel
    return torch.where(top.isneginf(), torch.zeros_like(top), top)
