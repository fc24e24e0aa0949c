"""Do the Torch references agree with torch.nn.functional and with NumPy, in both precisions?"""

import math

import pytest

torch = pytest.importorskip("torch")
F = torch.nn.functional

from solutions import information as numpy_side  # noqa: E402  (after the skip)
from solutions import torch_information as torch_side  # noqa: E402

TOLERANCE = {torch.float32: {"rtol": 2e-6, "atol": 2e-6}, torch.float64: {"rtol": 1e-12, "atol": 1e-12}}
BOTH = pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])


def batch(dtype, seed=0):
    rng = torch.Generator().manual_seed(seed)
    z = 4 * torch.randn(6, 3, 5, generator=rng, dtype=dtype)
    z[0, 0] = torch.tensor([1e4, -1e4, 0, 1e4, 3])
    z[1, 1, :2] = -torch.inf
    y = torch.randint(2, 5, (6, 3), generator=rng)
    return z, y


def assert_close(ours, oracle, dtype):
    torch.testing.assert_close(
        torch.as_tensor(ours, dtype=dtype), torch.as_tensor(oracle, dtype=dtype), **TOLERANCE[dtype]
    )


@BOTH
def test_what_starts_from_logits_agrees_with_torch_nn_functional(dtype):
    z, y = batch(dtype)
    assert_close(torch_side.log_sum_exp(z), torch.logsumexp(z, -1), dtype)
    assert_close(torch_side.log_softmax(z), F.log_softmax(z, -1), dtype)
    assert_close(torch_side.softmax(z, 0.7), F.softmax(z / 0.7, -1), dtype)
    oracle = F.cross_entropy(z.reshape(-1, 5), y.reshape(-1), reduction="none").reshape(y.shape)
    assert_close(torch_side.nll_from_logits(z, y), oracle, dtype)


@BOTH
def test_numpy_agrees_with_torch_on_everything_that_starts_from_logits(dtype):
    z, y = batch(dtype)
    for name in ("log_sum_exp", "log_softmax", "softmax", "nll_hessian"):
        assert_close(getattr(numpy_side, name)(z.numpy()), getattr(torch_side, name)(z), dtype)
    for name in ("nll_from_logits", "nll_gradient"):
        ours = getattr(numpy_side, name)(z.numpy(), y.numpy())
        assert_close(ours, getattr(torch_side, name)(z, y), dtype)


@BOTH
def test_numpy_and_torch_agree_on_entropies_and_with_torch_nn_functional(dtype):
    p, q = F.softmax(batch(dtype, 1)[0], -1), F.softmax(batch(dtype, 2)[0], -1)
    q = torch.where((p > 0) & (q == 0), torch.nan, q)  # compare where the divergence is finite
    keep = ~q.isnan().any(-1)
    p, q = p[keep], q[keep]
    oracle = F.kl_div(q.log().clamp_min(-1e30), p, reduction="none").sum(-1)
    assert_close(torch_side.kl_divergence(p, q), oracle, dtype)
    assert_close(torch_side.entropy(p), torch.special.entr(p).sum(-1), dtype)
    assert_close(numpy_side.entropy(p.numpy()), torch_side.entropy(p), dtype)
    for name in ("cross_entropy", "kl_divergence"):
        assert_close(getattr(numpy_side, name)(p.numpy(), q.numpy()), getattr(torch_side, name)(p, q), dtype)


@BOTH
def test_numpy_and_torch_agree_on_perplexity_and_units(dtype):
    p = torch.rand(4, 9, generator=torch.Generator().manual_seed(3), dtype=dtype)
    lengths = torch.tensor([9, 9, 9, 9])
    losses = torch_side.nll(p)
    assert_close(numpy_side.surprisal(p.numpy()), torch_side.surprisal(p), dtype)
    assert_close(numpy_side.nll(p.numpy()), losses, dtype)
    assert_close(numpy_side.perplexity(losses.numpy(), 9), torch_side.perplexity(losses, 9), dtype)
    ours = numpy_side.corpus_perplexity(losses.numpy(), lengths.numpy())
    assert_close(ours, torch_side.corpus_perplexity(losses, lengths), dtype)
    assert_close(numpy_side.bits_from_nats(losses.numpy()), torch_side.bits_from_nats(losses), dtype)
    assert_close(numpy_side.nats_from_bits(losses.numpy()), torch_side.nats_from_bits(losses), dtype)


@BOTH
def test_the_gradient_of_the_torch_reference_survives_masks_and_huge_logits(dtype):
    z, y = batch(dtype)
    z.requires_grad_()
    torch_side.nll_from_logits(z, y).sum().backward()
    reference = F.softmax(z.detach(), -1) - F.one_hot(y, 5)
    assert_close(z.grad, reference, dtype)


def test_outcomes_that_neither_side_knows_have_no_gradient():
    p = torch.tensor([0.0, 0.5, 0.5], requires_grad=True)
    q = torch.tensor([0.0, 0.3, 0.7], requires_grad=True)
    by_p, by_q = torch.autograd.grad(torch_side.kl_divergence(p, q), (p, q))
    assert_close(by_p, [0.0, 1 + math.log(0.5 / 0.3), 1 + math.log(0.5 / 0.7)], torch.float32)
    assert_close(by_q, [0.0, -0.5 / 0.3, -0.5 / 0.7], torch.float32)
    (by_p,) = torch.autograd.grad(torch_side.entropy(p), p)
    assert_close(by_p, [0.0, math.log(2) - 1, math.log(2) - 1], torch.float32)


def test_a_tiny_temperature_does_not_overflow():
    for side, logits in ((torch_side, torch.tensor([1e30, 1e30])), (numpy_side, [1e30, 1e30])):
        assert [float(each) for each in side.softmax(logits, 1e-10)] == [0.5, 0.5]


def test_zero_log_zero_is_zero_in_torch_too():
    assert torch_side.kl_divergence(torch.tensor([1.0, 0.0]), torch.tensor([1.0, 0.0])) == 0
    assert torch_side.cross_entropy(torch.tensor([0.5, 0.5]), torch.tensor([1.0, 0.0])) == torch.inf
    assert torch_side.log_sum_exp(torch.tensor([-torch.inf, -torch.inf])).item() == -torch.inf
