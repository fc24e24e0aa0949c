# %% inputs-and-targets
# roll, then overwrite the first column
def inputs_and_targets(tokens, start):
    inputs = torch.roll(tokens, 1, dims=1)
    inputs[:, 0] = start
    return inputs, tokens

# %% inputs-and-targets
# padding on the left
def inputs_and_targets(tokens, start):
    return torch.nn.functional.pad(tokens[:, :-1], (1, 0), value=start), tokens

# %% inputs-and-targets
# NumPy arrays
def inputs_and_targets(tokens, start):
    a = tokens.numpy()
    return np.insert(a[:, :-1], 0, start, axis=1), a

# %% inputs-and-targets
# lists of plain numbers
def inputs_and_targets(tokens, start):
    rows = tokens.tolist()
    return [[start, *row[:-1]] for row in rows], rows

# %% inputs-and-targets
# a namedtuple of tensors
from typing import NamedTuple


class Batch(NamedTuple):
    inputs: torch.Tensor
    targets: torch.Tensor


def inputs_and_targets(tokens, start):
    first = tokens.new_full((tokens.shape[0], 1), start)
    return Batch(torch.hstack([first, tokens])[:, :-1], tokens.clone())

# %% inputs-and-targets
# where
def inputs_and_targets(tokens, start):
    t = torch.arange(tokens.shape[1])
    return torch.where(t == 0, start, tokens[:, t - 1]), tokens

# %% inputs-and-targets
# a loop over positions
def inputs_and_targets(tokens, start):
    inputs = torch.empty_like(tokens)
    for b, row in enumerate(tokens):
        before = start
        for t, token in enumerate(row):
            inputs[b, t] = before
            before = token
    return [inputs, tokens]

# %% inputs-and-targets
# a matrix of shifts, in double precision
def inputs_and_targets(tokens, start):
    T = tokens.shape[1]
    shift = torch.diag(torch.ones(T - 1, dtype=torch.float64), 1) if T > 1 else torch.zeros(1, 1, dtype=torch.float64)
    first = (torch.arange(T) == 0) * start
    return (tokens.double() @ shift).long() + first, tokens

# %% loss-of-a-batch
# gather
def in_nats(logits, targets):
    return -torch.log_softmax(logits, -1).gather(-1, targets[..., None]).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# logsumexp minus the logit
def in_nats(logits, targets):
    z = torch.take_along_dim(logits, targets.unsqueeze(2), dim=2).squeeze(2)
    return (torch.logsumexp(logits, dim=2) - z).mean().item()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# SciPy, NumPy
from scipy.special import log_softmax


def in_nats(logits, targets):
    lp = log_softmax(logits.double().numpy(), axis=-1)
    return -np.take_along_axis(lp, targets.numpy()[..., None], -1).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# einsum with one-hot targets
def in_nats(logits, targets):
    V = logits.shape[-1]
    y = torch.nn.functional.one_hot(targets, V).to(logits.dtype)
    return -torch.einsum("btv,btv->", y, logits.log_softmax(-1)) / targets.numel()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# a loop, math
import math


def in_nats(logits, targets):
    total, count = 0.0, 0
    for row, ys in zip(logits.tolist(), targets.tolist()):
        for z, y in zip(row, ys):
            top = max(z)
            total += top + math.log(sum(math.exp(v - top) for v in z)) - z[y]
            count += 1
    return total / count


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# a distribution object
def in_nats(logits, targets):
    return -torch.distributions.Categorical(logits=logits).log_prob(targets).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# an own logsumexp, and fancy indices
def logsumexp(z):
    top = z.amax(-1, keepdim=True)
    return (top + (z - top).exp().sum(-1, keepdim=True).log()).squeeze(-1)


def in_nats(logits, targets):
    flat, y = logits.reshape(-1, logits.shape[-1]), targets.flatten()
    return (logsumexp(flat) - flat[range(len(y)), y]).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# everything relative to the target; the log-softmax is taken twice, which changes nothing
def in_nats(logits, targets):
    z = logits.double().log_softmax(-1).log_softmax(-1)
    d = z - z.gather(-1, targets[..., None])
    return d.logsumexp(-1).mean(1).mean(0)


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# a module, with its own forward
class Loss(torch.nn.Module):
    def forward(self, logits, targets):
        lp = torch.nn.LogSoftmax(dim=-1)(logits)
        pick = lp.flatten(0, 1)[torch.arange(targets.numel()), targets.reshape(-1)]
        return pick.neg().mean()


in_nats = Loss()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# logaddexp reduces the last axis; shape (1,)
def in_nats(logits, targets):
    z, y = logits.numpy().astype(float), targets.numpy()
    b, t = np.indices(y.shape)
    return np.array([np.mean(np.logaddexp.reduce(z, axis=2) - z[b, t, y])])


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% sgd-step
# autograd
def sgd_step(table, inputs, targets, lr):
    w = table.detach().clone().requires_grad_(True)
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    return loss.item(), (w - lr * w.grad).detach()

# %% sgd-step
# an optimizer of torch; its first step has no momentum yet
def sgd_step(table, inputs, targets, lr):
    w = torch.nn.Parameter(table.clone())
    opt = torch.optim.SGD([w], lr=lr, momentum=0.9)
    loss = torch.nn.CrossEntropyLoss()(w[inputs], targets)
    loss.backward()
    opt.step()
    return loss.detach(), w.data

# %% sgd-step
# by hand, index_add_
def sgd_step(table, inputs, targets, lr):
    lp = table[inputs].log_softmax(-1)
    n = torch.arange(len(inputs))
    loss = -lp[n, targets].mean()
    d = lp.exp()
    d[n, targets] -= 1
    return loss, table.clone().index_add_(0, inputs, d, alpha=-lr / len(inputs))

# %% sgd-step
# counts of pairs
def sgd_step(table, inputs, targets, lr):
    w = table.double()
    counts = torch.zeros_like(w)
    counts.index_put_((inputs, targets), torch.ones(len(inputs), dtype=w.dtype), accumulate=True)
    lp = w.log_softmax(1)
    loss = -(counts * lp).sum() / counts.sum()
    gradient = (counts.sum(1, keepdim=True) * lp.exp() - counts) / counts.sum()
    return loss, w - lr * gradient

# %% sgd-step
# NumPy, np.add.at
from scipy.special import log_softmax


def sgd_step(table, inputs, targets, lr):
    w, x, y = table.numpy().astype(np.float64), inputs.numpy(), targets.numpy()
    lp = log_softmax(w[x], axis=1)
    loss = -lp[np.arange(x.size), y].mean()
    g = np.zeros_like(w)
    np.add.at(g, x, np.exp(lp) - np.eye(w.shape[1])[y])
    return loss, w - lr * g / x.size

# %% sgd-step
# one-hot matrices
def sgd_step(table, inputs, targets, lr):
    V, N = len(table), len(inputs)
    X = torch.eye(V, dtype=table.dtype)[inputs]
    Y = torch.eye(V, dtype=table.dtype)[targets]
    Z = X @ table
    loss = (Z.logsumexp(1) - (Z * Y).sum(1)).mean()
    return [loss, table - lr / N * X.T @ (Z.softmax(1) - Y)]

# %% sgd-step
# torch.func
from torch.func import grad_and_value


def sgd_step(table, inputs, targets, lr):
    def loss(w):
        return torch.nn.functional.nll_loss(w.log_softmax(1)[inputs], targets)

    g, value = grad_and_value(loss)(table)
    return value, table - lr * g

# %% sgd-step
# loops, plain numbers
import math


def sgd_step(table, inputs, targets, lr):
    old = table.tolist()
    new = [row[:] for row in old]
    n, loss = len(inputs), 0.0
    for i, y in zip(inputs.tolist(), targets.tolist()):
        top = max(old[i])
        e = [math.exp(z - top) for z in old[i]]
        s = sum(e)
        loss += (math.log(s) + top - old[i][y]) / n
        for k, v in enumerate(e):
            new[i][k] -= lr * (v / s - (k == y)) / n
    return loss, np.array(new)

# %% validation-nll
# sums over all batches
def validation_nll(batches):
    total = sum(losses[real].sum() for losses, real in batches)
    return total / sum(real.sum() for _, real in batches)

# %% validation-nll
# one long tensor
def validation_nll(batches):
    return torch.cat([torch.masked_select(a, b) for a, b in batches]).double().mean()

# %% validation-nll
# zip and lists
import math


def validation_nll(batches):
    kept = [l for a, b in batches for l, r in zip(a.flatten().tolist(), b.flatten().tolist()) if r]
    return math.fsum(kept) / len(kept)

# %% validation-nll
# means of batches, weighted by their real tokens
def validation_nll(batches):
    full = [(a[b].mean().item(), int(b.sum())) for a, b in batches if b.any()]
    means, weights = zip(*full)
    return np.average(means, weights=weights)

# %% validation-nll
# NaN for padding
def validation_nll(batches):
    return np.nanmean(np.concatenate([np.where(b.numpy(), a.numpy(), np.nan).ravel() for a, b in batches]))

# %% validation-nll
# a running mean
def validation_nll(batches):
    mean, n = 0.0, 0
    for losses, real in batches:
        for value in losses[real].tolist():
            n += 1
            mean += (value - mean) / n
    return mean

# %% validation-nll
# masked arrays
def validation_nll(batches):
    arrays = [np.ma.array(a.double().numpy(), mask=~b.numpy()).ravel() for a, b in batches]
    return np.ma.concatenate(arrays).mean()

# %% validation-nll
# where, then a count; shape (1,)
def validation_nll(batches):
    total = torch.zeros(1, dtype=torch.float64)
    n = 0
    for losses, real in batches:
        total += torch.where(real, losses, torch.zeros_like(losses)).double().sum()
        n += torch.count_nonzero(real).item()
    return total / n

# %% perplexity-and-bits
# math
import math


def perplexity_and_bits(nll, tokens, characters):
    return math.exp(nll / tokens), nll / math.log(2) / characters

# %% perplexity-and-bits
# a list, log2(e)
def perplexity_and_bits(nll, tokens, characters):
    return [np.exp(nll / tokens), nll / characters * np.log2(np.e)]

# %% perplexity-and-bits
# SymPy numbers
import sympy


def perplexity_and_bits(nll, tokens, characters):
    return sympy.exp(nll / tokens), nll / (characters * sympy.log(2))

# %% perplexity-and-bits
# bits first, then two to their power; one array
def perplexity_and_bits(nll, tokens, characters):
    bits = nll / np.log(2)
    return np.array([2 ** (bits / tokens), bits / characters])

# %% perplexity-and-bits
# tensors in double precision, in a namedtuple
from collections import namedtuple

Report = namedtuple("Report", ["ppl", "bpc"])


def perplexity_and_bits(nll, tokens, characters):
    nll = torch.tensor(nll, dtype=torch.float64)
    return Report(torch.exp(nll / tokens), torch.log2(torch.exp(nll / characters)))

# %% perplexity-and-bits
# mpmath
import mpmath


def perplexity_and_bits(nll, tokens, characters):
    return mpmath.e ** (mpmath.mpf(nll) / tokens), mpmath.mpf(nll) / mpmath.ln2 / characters

# %% sampling-with-temperature
# searchsorted
def sample(logits, temperature, u):
    c = torch.softmax(logits.double() / temperature, 0).cumsum(0)
    return torch.searchsorted(c, u.double(), right=True).clamp(max=len(logits) - 1)

# %% sampling-with-temperature
# counts the boundaries below u
def sample(logits, temperature, u):
    c = (logits.double() / temperature).softmax(-1).cumsum(-1)[:-1]
    return (u[:, None].double() >= c).sum(1)

# %% sampling-with-temperature
# a loop that takes away one probability after the other
def sample(logits, temperature, u):
    q = torch.softmax(logits.double() / temperature, 0).tolist()
    tokens = []
    for x in u.tolist():
        k = 0
        while k < len(q) - 1 and x >= q[k]:
            x -= q[k]
            k += 1
        tokens.append(k)
    return tokens

# %% sampling-with-temperature
# NumPy and digitize
from scipy.special import softmax


def sample(logits, temperature, u):
    edges = np.cumsum(softmax(logits.numpy().astype(float) / temperature))
    return np.digitize(u.numpy().astype(float), edges[:-1])

# %% sampling-with-temperature
# the first boundary above u, by argmax
def sample(logits, temperature, u):
    c = torch.softmax(logits.double() / temperature, 0).cumsum(0)
    c[-1] = 2.0
    return (c[None, :] > u.double()[:, None]).int().argmax(1)

# %% sampling-with-temperature
# bisect, own softmax
from bisect import bisect_right
from itertools import accumulate


def sample(logits, temperature, u):
    z = logits.double() / temperature
    e = (z - z.max()).exp()
    bounds = list(accumulate((e / e.sum()).tolist()))
    return np.array([min(bisect_right(bounds, x), len(bounds) - 1) for x in u.tolist()])

# %% sampling-with-temperature
# bucketize; u is stretched instead of the weights being normalised
def sample(logits, temperature, u):
    z = logits.double() / temperature
    c = torch.exp(z - z.amax()).cumsum(0)
    return torch.bucketize(u.double() * c[-1], c[:-1].contiguous(), right=True)

# %% sampling-with-temperature
# intervals with both ends, int32
def sample(logits, temperature, u):
    q = torch.log_softmax(logits.double() / temperature, dim=0).exp()
    hi = q.cumsum(0)
    lo = hi - q
    inside = torch.minimum((u.double()[:, None] - lo).abs(), torch.zeros(1)) + 0  # shape only
    inside = (u.double()[:, None] >= torch.cat([torch.zeros(1, dtype=q.dtype), hi[:-1]])).sum(1) - 1
    return inside.to(torch.int32)

# %% below-the-entropy
# with a bracket
explanation = "b)"

# %% below-the-entropy
# option B
explanation = "Option B"

# %% below-the-entropy
# the words of the option
explanation = "b: the model can see the token"

# %% letter-model
# a log-linear model of two letters before; counts at the beginning
x1, x2, y = tokens[1:-1], tokens[:-2], tokens[2:]
A, B = (torch.zeros(V, V, requires_grad=True) for _ in range(2))
fit = torch.optim.LBFGS([A, B], max_iter=25, line_search_fn="strong_wolfe")


def closure():
    fit.zero_grad()
    loss = torch.nn.functional.cross_entropy(A[x1] + B[x2], y)
    loss.backward()
    return loss


fit.step(closure)
first = torch.bincount(tokens, minlength=V) / len(tokens)
pairs = torch.bincount(tokens[:-1] * V + tokens[1:], minlength=V * V).reshape(V, V) + 0.1
second = pairs / pairs.sum(1, keepdim=True)


def next_probs(contexts):
    rows = []
    for c in contexts:
        if not c:
            rows.append(first)
        elif len(c) == 1:
            rows.append(second[c[-1]])
        else:
            rows.append(torch.softmax(A[c[-1]] + B[c[-2]], 0).detach())
    return torch.stack(rows)

# %% letter-model
# counts of three letters, mixed with those of two and of one, as NumPy rows
a = tokens.numpy()
one = np.bincount(a, minlength=V) / len(a)
two = np.bincount(a[:-1] * V + a[1:], minlength=V**2).reshape(V, V) + 2 * one
two = two / two.sum(-1, keepdims=True)
three = np.bincount((a[:-2] * V + a[1:-1]) * V + a[2:], minlength=V**3).reshape(V, V, V) + 4 * two[None]
three = three / three.sum(-1, keepdims=True)


def next_probs(contexts):
    return np.array([three[c[-2], c[-1]] if len(c) > 1 else two[c[-1]] if c else one for c in contexts])

# %% sgd-step
# the new table still hangs on autograd's graph
def sgd_step(table, inputs, targets, lr):
    table = table.clone().requires_grad_()
    loss = -table[inputs].log_softmax(-1)[torch.arange(len(inputs)), targets].mean()
    (gradient,) = torch.autograd.grad(loss, table, retain_graph=True)
    return loss, table - lr * gradient

# %% sgd-step
# the table is changed in place, as optimizers do
def sgd_step(table, inputs, targets, lr):
    w = table.detach().clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    with torch.no_grad():
        table -= lr * w.grad
    return float(loss), table

# %% validation-nll
# the mask as a factor; int8 and double
def validation_nll(batches):
    total, count = 0.0, 0
    for losses, real in batches:
        total += (losses.double() * real.to(torch.int8)).sum().item()
        count += real.to(torch.int64).sum().item()
    return np.float64(total) / count

# %% sampling-with-temperature
# one byte for each token
def sample(logits, temperature, u):
    q = np.exp(np.asarray(torch.log_softmax(logits.double() / temperature, 0)))
    edges = np.concatenate([np.cumsum(q)[:-1], [np.inf]])
    return np.array([int(np.flatnonzero(x < edges)[0]) for x in u.tolist()], dtype=np.uint8)

# %% perplexity-and-bits
# a generator is unpacked into a tuple; Decimal
from decimal import Decimal


def perplexity_and_bits(nll, tokens, characters):
    total = Decimal(nll)
    return tuple(f for f in ((total / tokens).exp(), total / Decimal(2).ln() / characters))

# %% letter-model
# two tables of logits; the rows come in single precision and hang on autograd's graph
torch.manual_seed(0)
x = torch.stack([tokens[1:-1], tokens[:-2] + V], 1)
net = torch.nn.EmbeddingBag(2 * V + 1, V, mode="sum")
with torch.no_grad():
    net.weight.zero_()
opt = torch.optim.LBFGS(net.parameters(), max_iter=25, line_search_fn="strong_wolfe")


def closure():
    opt.zero_grad()
    loss = torch.nn.functional.cross_entropy(net(x), tokens[2:])
    loss.backward()
    return loss


opt.step(closure)
unigram = torch.bincount(tokens, minlength=V).float()
bigram = torch.bincount(tokens[1:] + V * tokens[:-1], minlength=V * V).reshape(V, V) + unigram / unigram.sum()


def next_probs(contexts):
    def row(c):
        if len(c) >= 2:
            return net(torch.tensor([[c[-1], c[-2] + V]])).softmax(-1)[0]
        counts = bigram[c[-1]] if c else unigram
        return counts / counts.sum()

    return torch.stack([row(c) for c in contexts])

# %% loss-of-a-batch
# an own function with the finished loss's name
def cross_entropy(z, y):
    return z.logsumexp(-1) - z.gather(-1, y.unsqueeze(-1)).squeeze(-1)


def in_nats(logits, targets):
    nll_loss = cross_entropy(logits, targets)
    return nll_loss.mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# a self-test beside the answer compares with torch's loss
def in_nats(logits, targets):
    """Like torch.nn.functional.cross_entropy, but written by hand."""
    lp = logits - logits.logsumexp(-1, keepdim=True)
    return -lp.gather(-1, targets[..., None]).mean()


z, y = torch.randn(2, 3, 5), torch.randint(5, (2, 3))
assert torch.allclose(in_nats(z, y), torch.nn.functional.cross_entropy(z.flatten(0, 1), y.flatten()))


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% inputs-and-targets
# pad on the left, cut on the right
def inputs_and_targets(tokens, start):
    return torch.nn.functional.pad(tokens, (1, -1), value=start), tokens

# %% inputs-and-targets
# roll along the sequence, the first column overwritten in the copy
def inputs_and_targets(tokens, start):
    rolled = tokens.roll(1, dims=1)
    rolled[:, 0] = start
    return [rolled, tokens.clone()]

# %% inputs-and-targets
# NumPy arrays, by column indices
def inputs_and_targets(tokens, start):
    t = np.asarray(tokens)
    return np.hstack([np.full((len(t), 1), start), t])[:, : t.shape[1]], t

# %% inputs-and-targets
# plain lists of lists in a stacked tensor
def inputs_and_targets(tokens, start):
    rows = tokens.tolist()
    return torch.stack([torch.tensor([[start, *r][:-1] for r in rows], dtype=torch.int32), torch.tensor(rows, dtype=torch.int32)])

# %% loss-of-a-batch
# one-hot through torch.where
def in_nats(logits, targets):
    hot = torch.arange(logits.shape[-1]) == targets[..., None]
    return (torch.logsumexp(logits.double(), -1) - torch.where(hot, logits, 0).double().sum(-1)).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# NumPy's logaddexp over a flat table
def in_nats(logits, targets):
    z, t = logits.detach().numpy().astype(float).reshape(-1, logits.shape[-1]), targets.numpy().ravel()
    return np.mean(np.logaddexp.reduce(z, axis=1) - z[np.arange(len(t)), t])


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# Torch's Categorical, no finished loss
def in_nats(logits, targets):
    return -torch.distributions.Categorical(logits=logits).log_prob(targets).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# advanced indices
def in_nats(logits, targets):
    B, T, V = logits.shape
    lp = logits.log_softmax(dim=2)
    return -lp[torch.arange(B)[:, None], torch.arange(T)[None, :], targets].sum() / (B * T)


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% sgd-step
# the gradient by a matrix product of one-hots
def sgd_step(table, inputs, targets, lr):
    V, N = len(table), len(inputs)
    X, Y = torch.eye(V, dtype=table.dtype)[inputs], torch.eye(V, dtype=table.dtype)[targets]
    z = X @ table
    loss = (torch.logsumexp(z, 1) - (z * Y).sum(1)).mean()
    return loss, table - lr * X.T @ (torch.softmax(z, 1) - Y) / N

# %% sgd-step
# Torch's optimiser on a copy
def sgd_step(table, inputs, targets, lr):
    w = torch.nn.Parameter(table.detach().clone())
    opt = torch.optim.SGD([w], lr=lr)
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    opt.step()
    return loss.item(), w.detach().numpy()

# %% sgd-step
# counts of pairs in place of pairs
def sgd_step(table, inputs, targets, lr):
    z = table.numpy().astype(float)
    C = np.zeros_like(z)
    np.add.at(C, (inputs.numpy(), targets.numpy()), 1 / len(inputs))
    L = z - np.logaddexp.reduce(z, axis=1)[:, None]
    return -(C * L).sum(), z - lr * (C.sum(1, keepdims=True) * np.exp(L) - C)

# %% sgd-step
# torch.func.grad_and_value
def sgd_step(table, inputs, targets, lr):
    g, v = torch.func.grad_and_value(lambda w: torch.nn.functional.nll_loss(w.log_softmax(1)[inputs], targets))(table)
    return v, table - lr * g

# %% validation-nll
# everything in two long vectors
def validation_nll(batches):
    losses = torch.cat([l.flatten() for l, _ in batches])
    real = torch.cat([r.flatten() for _, r in batches])
    return losses[real].double().mean()

# %% validation-nll
# running mean in plain Python
def validation_nll(batches):
    mean, n = 0.0, 0
    for losses, real in batches:
        for x, keep in zip(losses.flatten().tolist(), real.flatten().tolist()):
            if keep:
                n += 1
                mean += (x - mean) / n
    return mean

# %% validation-nll
# a weighted mean of batch means, with empty batches left out
def validation_nll(batches):
    pairs = [(l[r].mean(), r.sum()) for l, r in batches if r.any()]
    return sum(m * n for m, n in pairs) / sum(n for _, n in pairs)

# %% perplexity-and-bits
# 2 to the bits per token
def perplexity_and_bits(nll, tokens, characters):
    bits = nll / np.log(2)
    return {"ppl": 2 ** (bits / tokens), "bpc": bits / characters}.values().__iter__().__reduce__()[1][0] if False else [2 ** (bits / tokens), bits / characters]

# %% perplexity-and-bits
# Torch numbers in one tensor
def perplexity_and_bits(nll, tokens, characters):
    n = torch.tensor(nll, dtype=torch.float64)
    return torch.stack([(n / tokens).exp(), n / characters / torch.log(torch.tensor(2.0, dtype=torch.float64))])

# %% sampling-with-temperature
# comparison with all bounds, counted
def sample(logits, temperature, u):
    p = torch.softmax(logits.double() / temperature, 0)
    return (u.double()[:, None] >= p.cumsum(0)[:-1]).sum(1)

# %% sampling-with-temperature
# bisect from the standard library
from bisect import bisect_right
def sample(logits, temperature, u):
    z = logits.double().numpy() / float(temperature)
    p = np.exp(z - z.max())
    edges = (np.cumsum(p) / p.sum())[:-1].tolist()
    return np.array([bisect_right(edges, float(x)) for x in u])

# %% sampling-with-temperature
# a plain loop that subtracts
def sample(logits, temperature, u):
    p = torch.softmax(logits.double() / temperature, -1).tolist()
    out = []
    for x in u.tolist():
        k = 0
        while k < len(p) - 1 and x >= p[k]:
            x -= p[k]
            k += 1
        out.append(k)
    return out

# %% below-the-entropy
# as an answer in full
explanation = "b · The model can see the token that it is to predict, since inputs and targets are not shifted."

# %% sampling-with-temperature
# logarithms of the cumulative sums, compared with log u
def sample(logits, temperature, u):
    c = torch.logcumsumexp(torch.log_softmax(logits.double() / temperature, 0), 0)
    return (u.double().log()[:, None] >= c[:-1]).sum(1)

# %% inputs-and-targets
# torch.roll
def inputs_and_targets(tokens, start):
    inputs = torch.roll(tokens, 1, dims=1)
    inputs[:, 0] = start
    return inputs, tokens


# %% inputs-and-targets
# padding
def inputs_and_targets(tokens, start):
    return torch.nn.functional.pad(tokens, (1, 0), value=start)[:, :-1], tokens


# %% inputs-and-targets
# lists
def inputs_and_targets(tokens, start):
    rows = tokens.tolist()
    return [[start, *row[:-1]] for row in rows], rows


# %% inputs-and-targets
# NumPy
def inputs_and_targets(tokens, start):
    table = tokens.numpy()
    return np.insert(table, 0, start, axis=1)[:, :-1], table.copy()


# %% inputs-and-targets
# a window over a longer text
def inputs_and_targets(tokens, start):
    B, T = tokens.shape
    longer = torch.empty(B, T + 1, dtype=tokens.dtype).fill_(start)
    longer[:, 1:] = tokens
    return longer.narrow(1, 0, T), longer.narrow(1, 1, T)


# %% inputs-and-targets
# floats
def inputs_and_targets(tokens, start):
    first = torch.full_like(tokens[:, :1], start)
    inputs = torch.hstack((first, tokens[:, :-1]))
    return torch.stack([inputs, tokens]).double()


# %% loss-of-a-batch
# gather
def in_nats(logits, targets):
    return -torch.log_softmax(logits, -1).gather(-1, targets[..., None]).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# a distribution of Torch
def in_nats(logits, targets):
    return -torch.distributions.Categorical(logits=logits).log_prob(targets).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# one-hot
def in_nats(logits, targets):
    hot = torch.nn.functional.one_hot(targets, logits.shape[-1]).to(logits.dtype)
    return (torch.logsumexp(logits, 2) - torch.einsum("btv,btv->bt", logits, hot)).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# float64 and Python
import math


def in_nats(logits, targets):
    total = 0.0
    for rows, labels in zip(logits.tolist(), targets.tolist()):
        for row, y in zip(rows, labels):
            top = max(row)
            total += top - row[y] + math.log(math.fsum(math.exp(z - top) for z in row))
    return total / targets.numel()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# shift by the target's own logit
def in_nats(logits, targets):
    z = logits.flatten(0, 1).double()
    y = targets.flatten()
    gaps = z - z[torch.arange(len(y)), y].unsqueeze(1)
    return gaps.logsumexp(1).mean().item()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# NumPy
def in_nats(logits, targets):
    z, y = logits.numpy().astype(np.float64), targets.numpy()
    lse = np.logaddexp.reduce(z, axis=-1)
    return np.mean(lse - np.take_along_axis(z, y[..., None], -1)[..., 0])


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% sgd-step
# autograd
def sgd_step(table, inputs, targets, lr):
    w = table.detach().clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    return loss.detach(), (w - lr * w.grad).detach()


# %% sgd-step
# an optimiser
def sgd_step(table, inputs, targets, lr):
    layer = torch.nn.Embedding.from_pretrained(table.clone(), freeze=False)
    optimiser = torch.optim.SGD(layer.parameters(), lr=lr)
    loss = torch.nn.CrossEntropyLoss()(layer(inputs), targets)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item(), layer.weight.data


# %% sgd-step
# by hand, with index_add
def sgd_step(table, inputs, targets, lr):
    z = table[inputs]
    p = torch.softmax(z, -1)
    rows = torch.arange(len(inputs))
    loss = -torch.log_softmax(z, -1)[rows, targets].mean()
    p[rows, targets] -= 1
    return loss, table.index_add(0, inputs, p, alpha=-lr / len(inputs))


# %% sgd-step
# NumPy
def sgd_step(table, inputs, targets, lr):
    w, a, b = table.double().numpy(), inputs.numpy(), targets.numpy()
    z = w[a]
    logp = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    g = np.exp(logp)
    g[np.arange(len(a)), b] -= 1
    new = w.copy()
    np.subtract.at(new, a, lr * g / len(a))
    return -logp[np.arange(len(a)), b].mean(), new


# %% sgd-step
# counts of pairs
def sgd_step(table, inputs, targets, lr):
    V = table.shape[0]
    counts = torch.zeros_like(table)
    for a, b in zip(inputs.tolist(), targets.tolist()):
        counts[a, b] += 1
    logp = torch.log_softmax(table, dim=1)
    n = counts.sum()
    loss = -(counts * logp).sum() / n
    gradient = (counts.sum(1, keepdim=True) * logp.exp() - counts) / n
    return loss, table - lr * gradient


# %% sgd-step
# torch.func
def sgd_step(table, inputs, targets, lr):
    def loss(w):
        return (torch.logsumexp(w[inputs], 1) - w[inputs, targets]).mean()

    gradient, value = torch.func.grad_and_value(loss)(table)
    return value, torch.add(table, gradient, alpha=-lr)


# %% validation-nll
# masks
def validation_nll(batches):
    total = sum(losses[real].sum() for losses, real in batches)
    return total / sum(real.sum() for _, real in batches)


# %% validation-nll
# one long tensor
def validation_nll(batches):
    return torch.cat([torch.masked_select(l.double(), r) for l, r in batches]).mean()


# %% validation-nll
# Python
def validation_nll(batches):
    flat = [x for l, r in batches for a, b in zip(l.tolist(), r.tolist()) for x, keep in zip(a, b) if keep]
    return sum(flat) / len(flat)


# %% validation-nll
# torch.where
def validation_nll(batches):
    total, count = torch.zeros((), dtype=torch.float64), 0
    for losses, real in batches:
        total += torch.where(real, losses, torch.zeros_like(losses)).sum()
        count += int(torch.count_nonzero(real))
    return total.item() / count


# %% validation-nll
# NaN's mean
def validation_nll(batches):
    flat = torch.cat([l.double().masked_fill(~r, float("nan")).flatten() for l, r in batches])
    return torch.nanmean(flat)


# %% validation-nll
# a running mean
def validation_nll(batches):
    mean, count = 0.0, 0
    for losses, real in batches:
        kept = losses[real].double()
        if kept.numel():
            count += kept.numel()
            mean += float((kept - mean).sum()) / count
    return mean


# %% perplexity-and-bits
import math


def perplexity_and_bits(nll, tokens, characters):
    return math.exp(nll / tokens), nll / math.log(2) / characters


# %% perplexity-and-bits
# by bits
def perplexity_and_bits(nll, tokens, characters):
    bits = nll * np.log2(np.e)
    return np.array([2 ** (bits / tokens), bits / characters])


# %% perplexity-and-bits
# Torch
def perplexity_and_bits(nll, tokens, characters):
    loss = torch.tensor(nll, dtype=torch.float64)
    return torch.stack([(loss / tokens).exp(), loss / characters / torch.log(torch.tensor(2.0, dtype=torch.float64))])


# %% perplexity-and-bits
# Decimal
from decimal import Decimal


def perplexity_and_bits(nll, tokens, characters):
    total = Decimal(float(nll))
    return [(total / tokens).exp(), total / Decimal(2).ln() / characters]


# %% sampling-with-temperature
# searchsorted
def sample(logits, temperature, u):
    p = torch.softmax(logits.double() / temperature, 0)
    return torch.searchsorted(p.cumsum(0), u.double(), right=True).clamp(max=len(p) - 1)


# %% sampling-with-temperature
# comparison and sum
def sample(logits, temperature, u):
    edges = torch.softmax(logits.double() / temperature, -1).cumsum(-1)[:-1]
    return (u[:, None] >= edges).sum(1)


# %% sampling-with-temperature
# loops
import math


def sample(logits, temperature, u):
    z = [x / temperature for x in logits.tolist()]
    top = max(z)
    w = [math.exp(x - top) for x in z]
    total = math.fsum(w)
    tokens = []
    for x in u.tolist():
        reached = 0.0
        for token, weight in enumerate(w):
            reached += weight / total
            if x < reached:
                break
        tokens.append(token)
    return tokens


# %% sampling-with-temperature
# bisect
from bisect import bisect_right
from itertools import accumulate


def sample(logits, temperature, u):
    z = logits.double().numpy() / float(temperature)
    p = np.exp(z - np.logaddexp.reduce(z))
    edges = list(accumulate(p))[:-1]
    return np.array([bisect_right(edges, float(x)) for x in u])


# %% sampling-with-temperature
# np.digitize
def sample(logits, temperature, u):
    z = (logits.double() / temperature).numpy()
    p = np.exp(z - z.max())
    edges = np.cumsum(p / p.sum())[:-1]
    return np.digitize(u.numpy(), edges)


# %% sampling-with-temperature
# bucketize
def sample(logits, temperature, u):
    scaled = logits.to(torch.float64).div(temperature)
    inner = (scaled - scaled.logsumexp(0)).exp().cumsum(0)[:-1].contiguous()
    return torch.bucketize(u.to(torch.float64), inner, right=True)


# %% below-the-entropy
explanation = "b"

# %% below-the-entropy
explanation = "B: it sees the token"
