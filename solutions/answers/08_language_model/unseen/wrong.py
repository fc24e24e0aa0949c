# %% inputs-and-targets
# targets are moved instead: one token shorter
def inputs_and_targets(tokens, start):
    return tokens[:, :-1], tokens[:, 1:]

# %% inputs-and-targets
# swapped
def inputs_and_targets(tokens, start):
    return tokens, torch.cat([tokens.new_full((len(tokens), 1), start), tokens[:, :-1]], 1)

# %% inputs-and-targets
# roll without the start symbol
def inputs_and_targets(tokens, start):
    return torch.roll(tokens, 1, 1), tokens

# %% inputs-and-targets
# not shifted
def inputs_and_targets(tokens, start):
    inputs = tokens.clone()
    inputs[:, 0] = start
    return inputs, tokens

# %% inputs-and-targets
# the start symbol is always 0
def inputs_and_targets(tokens, start):
    return torch.nn.functional.pad(tokens[:, :-1], (1, 0)), tokens

# %% inputs-and-targets
# the start symbol of the example
def inputs_and_targets(tokens, start):
    return torch.nn.functional.pad(tokens[:, :-1], (1, 0), value=4), tokens

# %% inputs-and-targets
# moved to the left, the start symbol at the end
def inputs_and_targets(tokens, start):
    return torch.nn.functional.pad(tokens[:, 1:], (0, 1), value=start), tokens

# %% inputs-and-targets
# along the batch
def inputs_and_targets(tokens, start):
    inputs = torch.roll(tokens, 1, 0)
    inputs[0] = start
    return inputs, tokens

# %% inputs-and-targets
# one flat text: a row begins with the end of the row before
def inputs_and_targets(tokens, start):
    flat = tokens.flatten()
    return torch.cat([torch.tensor([start]), flat[:-1]]).reshape(tokens.shape), tokens

# %% inputs-and-targets
# T + 1 inputs
def inputs_and_targets(tokens, start):
    return torch.cat([tokens.new_full((len(tokens), 1), start), tokens], 1), tokens

# %% inputs-and-targets
# the targets are overwritten, too
def inputs_and_targets(tokens, start):
    inputs = tokens
    inputs[:, 1:] = tokens[:, :-1].clone()
    inputs[:, 0] = start
    return inputs, tokens

# %% inputs-and-targets
# only the inputs
def inputs_and_targets(tokens, start):
    return torch.nn.functional.pad(tokens[:, :-1], (1, 0), value=start)

# %% inputs-and-targets
# the first row only
def inputs_and_targets(tokens, start):
    row = tokens[:1]
    return torch.nn.functional.pad(row[:, :-1], (1, 0), value=start), row

# %% inputs-and-targets
# moved by two
def inputs_and_targets(tokens, start):
    return torch.nn.functional.pad(tokens[:, :-2], (2, 0), value=start)[:, : tokens.shape[1]], tokens

# %% loss-of-a-batch most=0
# torch's finished loss
def in_nats(logits, targets):
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch most=0
# the finished loss by a class
from torch import nn


def in_nats(logits, targets):
    return nn.CrossEntropyLoss()(logits.transpose(1, 2), targets)


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch most=0
# the finished loss by getattr
def in_nats(logits, targets):
    finished = getattr(torch.nn.functional, "cross" + "_entropy")
    return finished(logits.flatten(0, 1), targets.flatten())


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch most=0
# the other finished loss
from torch.nn.functional import nll_loss as mean_of_picked


def in_nats(logits, targets):
    return mean_of_picked(logits.log_softmax(-1).flatten(0, 1), targets.flatten())


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch most=0
# the finished loss below Python
def in_nats(logits, targets):
    return torch.ops.aten.cross_entropy_loss(logits.flatten(0, 1), targets.flatten())


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch most=0
# NLLLoss in a Sequential
def in_nats(logits, targets):
    criterion = torch.nn.NLLLoss()
    return criterion(torch.nn.Sequential(torch.nn.LogSoftmax(-1))(logits).flatten(0, 1), targets.flatten())


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# the sum
def in_nats(logits, targets):
    return -logits.log_softmax(-1).gather(-1, targets[..., None]).sum()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# the mean over sequences only
def in_nats(logits, targets):
    return -logits.log_softmax(-1).gather(-1, targets[..., None]).sum() / len(targets)


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# minus forgotten
def in_nats(logits, targets):
    return logits.log_softmax(-1).gather(-1, targets[..., None]).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# the logarithm of a softmax that is 0
def in_nats(logits, targets):
    return -logits.softmax(-1).log().gather(-1, targets[..., None]).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# exponentials overflow
def in_nats(logits, targets):
    e = logits.exp()
    return -(e / e.sum(-1, keepdim=True)).gather(-1, targets[..., None]).log().mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# softmax over time
def in_nats(logits, targets):
    return -logits.log_softmax(1).gather(-1, targets[..., None]).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# in nats
def loss_of_batch(logits, targets):
    return -logits.log_softmax(-1).gather(-1, targets[..., None]).mean()

# %% loss-of-a-batch
# the perplexity
def in_nats(logits, targets):
    return torch.exp(-logits.log_softmax(-1).gather(-1, targets[..., None]).mean())


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# the logarithm of the mean probability
def in_nats(logits, targets):
    return -logits.softmax(-1).gather(-1, targets[..., None]).mean().log()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# the last position only
def in_nats(logits, targets):
    return -logits[:, -1].log_softmax(-1).gather(-1, targets[:, -1:]).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# mean over the vocabulary as well
def in_nats(logits, targets):
    y = torch.nn.functional.one_hot(targets, logits.shape[-1])
    return -(y * logits.log_softmax(-1)).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# an epsilon in the logarithm
def in_nats(logits, targets):
    return -(logits.softmax(-1).gather(-1, targets[..., None]) + 1e-9).log().mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# targets are shifted once more
def in_nats(logits, targets):
    return -logits[:, :-1].log_softmax(-1).gather(-1, targets[:, 1:, None]).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# token 0 is taken for padding
def in_nats(logits, targets):
    l = -logits.log_softmax(-1).gather(-1, targets[..., None])[..., 0]
    return (l * (targets != 0)).sum() / (targets != 0).sum().clamp(min=1)


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# the example's answer
def in_nats(logits, targets):
    return np.log(logits.shape[-1])


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# logits are taken for logarithms of probabilities
def in_nats(logits, targets):
    return -logits.gather(-1, targets[..., None]).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# the error rate
def in_nats(logits, targets):
    return (logits.argmax(-1) != targets).double().mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# smoothed labels
def in_nats(logits, targets):
    lp = logits.log_softmax(-1)
    return -(0.9 * lp.gather(-1, targets[..., None])[..., 0] + 0.1 * lp.mean(-1)).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% sgd-step
# an input that comes twice counts once
def sgd_step(table, inputs, targets, lr):
    lp = table[inputs].log_softmax(-1)
    n = torch.arange(len(inputs))
    d = lp.exp()
    d[n, targets] -= 1
    new = table.clone()
    new[inputs] -= lr * d / len(inputs)
    return -lp[n, targets].mean(), new

# %% sgd-step
# the gradient of the sum
def sgd_step(table, inputs, targets, lr):
    w = table.clone().requires_grad_(True)
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    (loss * len(inputs)).backward()
    return loss.item(), (w - lr * w.grad).detach()

# %% sgd-step
# uphill
def sgd_step(table, inputs, targets, lr):
    w = table.clone().requires_grad_(True)
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    return loss.item(), (w + lr * w.grad).detach()

# %% sgd-step
# the loss after the step
def sgd_step(table, inputs, targets, lr):
    w = table.clone().requires_grad_(True)
    torch.nn.functional.cross_entropy(w[inputs], targets).backward()
    new = (w - lr * w.grad).detach()
    return torch.nn.functional.cross_entropy(new[inputs], targets).item(), new

# %% sgd-step
# the learning rate is forgotten
def sgd_step(table, inputs, targets, lr):
    w = table.clone().requires_grad_(True)
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    return loss.item(), (w - w.grad).detach()

# %% sgd-step
# inputs and targets swapped
def sgd_step(table, inputs, targets, lr):
    w = table.clone().requires_grad_(True)
    loss = torch.nn.functional.cross_entropy(w[targets], inputs)
    loss.backward()
    return loss.item(), (w - lr * w.grad).detach()

# %% sgd-step
# results swapped
def sgd_step(table, inputs, targets, lr):
    w = table.clone().requires_grad_(True)
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    return (w - lr * w.grad).detach(), loss.item()

# %% sgd-step
# only the table
def sgd_step(table, inputs, targets, lr):
    w = table.clone().requires_grad_(True)
    torch.nn.functional.cross_entropy(w[inputs], targets).backward()
    return (w - lr * w.grad).detach()

# %% sgd-step
# the gradient, not the new table
def sgd_step(table, inputs, targets, lr):
    w = table.clone().requires_grad_(True)
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    return loss.item(), w.grad

# %% sgd-step
# Adam
def sgd_step(table, inputs, targets, lr):
    w = torch.nn.Parameter(table.clone())
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    torch.optim.Adam([w], lr=lr).step()
    return loss.item(), w.data

# %% sgd-step
# one step for each pair
def sgd_step(table, inputs, targets, lr):
    new, total = table.clone(), 0.0
    for i, y in zip(inputs, targets):
        lp = new[i].log_softmax(0)
        total -= float(lp[y])
        d = lp.exp()
        d[y] -= 1
        new[i] -= lr * d / len(inputs)
    return total / len(inputs), new

# %% sgd-step
# the mean over the rows of the table, not over the pairs
def sgd_step(table, inputs, targets, lr):
    w = table.clone().requires_grad_(True)
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    (loss * len(inputs) / len(table)).backward()
    return loss.item(), (w - lr * w.grad).detach()

# %% sgd-step
# Nesterov's momentum
def sgd_step(table, inputs, targets, lr):
    w = torch.nn.Parameter(table.clone())
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    torch.optim.SGD([w], lr=lr, momentum=0.9, nesterov=True).step()
    return loss.item(), w.data

# %% sgd-step
# weight decay
def sgd_step(table, inputs, targets, lr):
    w = torch.nn.Parameter(table.clone())
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    torch.optim.SGD([w], lr=lr, weight_decay=0.01).step()
    return loss.item(), w.data

# %% sgd-step
# the sum of the losses is reported
def sgd_step(table, inputs, targets, lr):
    w = table.clone().requires_grad_(True)
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    return loss.item() * len(inputs), (w - lr * w.grad).detach()

# %% sgd-step
# the softmax is forgotten in the gradient
def sgd_step(table, inputs, targets, lr):
    z = table[inputs]
    y = torch.nn.functional.one_hot(targets, len(table))
    loss = -(y * z.log_softmax(1)).sum(1).mean()
    return loss, table.clone().index_add_(0, inputs, (z - y).to(table.dtype), alpha=-lr / len(inputs))

# %% validation-nll
# the mean of the batches' means
def validation_nll(batches):
    return np.mean([float(a[b].mean()) for a, b in batches if b.any()])

# %% validation-nll
# a batch of padding makes NaN
def validation_nll(batches):
    n = sum(int(b.sum()) for _, b in batches)
    return sum(a[b].mean() * b.sum() for a, b in batches) / n

# %% validation-nll
# padding counts in the number
def validation_nll(batches):
    return sum(float(a[b].sum()) for a, b in batches) / sum(a.numel() for a, _ in batches)

# %% validation-nll
# padding counts
def validation_nll(batches):
    return sum(float(a.sum()) for a, _ in batches) / sum(a.numel() for a, _ in batches)

# %% validation-nll
# padding's losses are added, real tokens counted
def validation_nll(batches):
    return sum(float(a.sum()) for a, _ in batches) / sum(int(b.sum()) for _, b in batches)

# %% validation-nll
# only the padding
def validation_nll(batches):
    return sum(float(a[~b].sum()) for a, b in batches) / max(sum(int((~b).sum()) for _, b in batches), 1)

# %% validation-nll
# means are weighted by positions
def validation_nll(batches):
    full = [(a, b) for a, b in batches if b.any()]
    return np.average([float(a[b].mean()) for a, b in full], weights=[a.numel() for a, _ in full])

# %% validation-nll
# means are weighted by sequences
def validation_nll(batches):
    full = [(a, b) for a, b in batches if b.any()]
    return np.average([float(a[b].mean()) for a, b in full], weights=[len(a) for a, _ in full])

# %% validation-nll
# the mean of the sequences' means
def validation_nll(batches):
    return np.mean([float(l[r].mean()) for a, b in batches for l, r in zip(a, b) if r.any()])

# %% validation-nll
# a batch of padding counts as loss 0
def validation_nll(batches):
    return np.mean([float(a[b].mean()) if b.any() else 0.0 for a, b in batches])

# %% validation-nll
# stops at the first batch of padding
def validation_nll(batches):
    total, n = 0.0, 0
    for a, b in batches:
        if not b.any():
            break
        total, n = total + float(a[b].sum()), n + int(b.sum())
    return total / max(n, 1)

# %% validation-nll
# the last batch is left out
def validation_nll(batches):
    kept = batches[:-1] or batches
    return sum(float(a[b].sum()) for a, b in kept) / max(sum(int(b.sum()) for _, b in kept), 1)

# %% validation-nll
# the first batch only
def validation_nll(batches):
    a, b = batches[0]
    return a[b].mean()

# %% validation-nll
# the sum
def validation_nll(batches):
    return sum(float(a[b].sum()) for a, b in batches)

# %% validation-nll
# the perplexity
def validation_nll(batches):
    return np.exp(sum(float(a[b].sum()) for a, b in batches) / sum(int(b.sum()) for _, b in batches))

# %% validation-nll
# per sequence
def validation_nll(batches):
    return sum(float(a[b].sum()) for a, b in batches) / sum(len(a) for a, _ in batches)

# %% validation-nll
# the median
def validation_nll(batches):
    return torch.cat([a[b] for a, b in batches]).median()

# %% perplexity-and-bits
# swapped
def perplexity_and_bits(nll, tokens, characters):
    return nll / np.log(2) / characters, np.exp(nll / tokens)

# %% perplexity-and-bits
# perplexity per character, bits per token
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll / characters), nll / np.log(2) / tokens

# %% perplexity-and-bits
# nats per character
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll / tokens), nll / characters

# %% perplexity-and-bits
# times log 2
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll / tokens), nll * np.log(2) / characters

# %% perplexity-and-bits
# two to the power of nats
def perplexity_and_bits(nll, tokens, characters):
    return 2 ** (nll / tokens), nll / np.log(2) / characters

# %% perplexity-and-bits
# bits per token
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll / tokens), nll / np.log(2) / tokens

# %% perplexity-and-bits
# a negative exponent
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(-nll / tokens), nll / np.log(2) / characters

# %% perplexity-and-bits
# log2 of the loss
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll / tokens), np.log2(nll) / characters

# %% perplexity-and-bits
# divisions without remainder
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll // tokens), nll // np.log(2) / characters

# %% perplexity-and-bits
# only one number
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll / tokens)

# %% perplexity-and-bits
# rounded to one digit
def perplexity_and_bits(nll, tokens, characters):
    return round(float(np.exp(nll / tokens)), 1), round(float(nll / np.log(2) / characters), 1)

# %% perplexity-and-bits
# bits of the perplexity per token, divided by characters
def perplexity_and_bits(nll, tokens, characters):
    ppl = np.exp(nll / tokens)
    return ppl, np.log2(ppl) / characters

# %% sampling-with-temperature
# times the temperature
def sample(logits, temperature, u):
    c = torch.softmax(logits.double() * temperature, 0).cumsum(0)
    return torch.searchsorted(c, u.double(), right=True).clamp(max=len(logits) - 1)

# %% sampling-with-temperature
# no temperature
def sample(logits, temperature, u):
    c = torch.softmax(logits.double(), 0).cumsum(0)
    return torch.searchsorted(c, u.double(), right=True).clamp(max=len(logits) - 1)

# %% sampling-with-temperature
# the likeliest token always
def sample(logits, temperature, u):
    return torch.full(u.shape, int(logits.argmax()))

# %% sampling-with-temperature
# the probabilities are divided by the temperature, not the logits
def sample(logits, temperature, u):
    c = (torch.softmax(logits.double(), 0) / temperature).cumsum(0)
    return torch.searchsorted(c, u.double(), right=True).clamp(max=len(logits) - 1)

# %% sampling-with-temperature
# draws its own numbers
def sample(logits, temperature, u):
    torch.manual_seed(0)
    return torch.multinomial(torch.softmax(logits / temperature, 0), len(u), replacement=True)

# %% sampling-with-temperature
# one too far
def sample(logits, temperature, u):
    c = torch.softmax(logits.double() / temperature, 0).cumsum(0)
    return torch.searchsorted(c, u.double(), right=True) + 1

# %% sampling-with-temperature
# one too early
def sample(logits, temperature, u):
    c = torch.softmax(logits.double() / temperature, 0).cumsum(0)
    return (torch.searchsorted(c, u.double(), right=True) - 1).clamp(min=0)

# %% sampling-with-temperature
# the likeliest tokens come first
def sample(logits, temperature, u):
    q, order = torch.softmax(logits.double() / temperature, 0).sort(descending=True)
    k = torch.searchsorted(q.cumsum(0), u.double(), right=True).clamp(max=len(logits) - 1)
    return order[k]

# %% sampling-with-temperature
# no sum of the probabilities
def sample(logits, temperature, u):
    q = torch.softmax(logits.double() / temperature, 0)
    return torch.searchsorted(q, u.double(), right=True).clamp(max=len(logits) - 1)

# %% sampling-with-temperature
# from the other end
def sample(logits, temperature, u):
    c = torch.softmax(logits.double() / temperature, 0).cumsum(0)
    return torch.searchsorted(c, 1 - u.double(), right=True).clamp(max=len(logits) - 1)

# %% sampling-with-temperature
# for the first number only
def sample(logits, temperature, u):
    c = torch.softmax(logits.double() / temperature, 0).cumsum(0)
    return torch.searchsorted(c, u[:1].double(), right=True).clamp(max=len(logits) - 1)

# %% sampling-with-temperature
# the number of the token is proportional to u
def sample(logits, temperature, u):
    return (u * len(logits)).long()

# %% sampling-with-temperature
# the logits are summed, not the probabilities
def sample(logits, temperature, u):
    c = (logits.double() / temperature).cumsum(0)
    return torch.searchsorted(c, u.double(), right=True).clamp(max=len(logits) - 1)

# %% sampling-with-temperature
# the probability of the token, not its number
def sample(logits, temperature, u):
    q = torch.softmax(logits.double() / temperature, 0)
    return q[torch.searchsorted(q.cumsum(0), u.double(), right=True).clamp(max=len(logits) - 1)]

# %% sampling-with-temperature
# the distance to the nearest boundary decides
def sample(logits, temperature, u):
    c = torch.softmax(logits.double() / temperature, 0).cumsum(0)
    return (u.double()[:, None] - c).abs().argmin(1)

# %% below-the-entropy most=0
# size
explanation = "a"

# %% below-the-entropy most=0
# learning rate
explanation = "c"

# %% below-the-entropy most=0
# more text
explanation = "d"

# %% below-the-entropy most=0
# two letters
explanation = "b, d"

# %% letter-model most=0
# all letters alike
def next_probs(contexts):
    return np.full((len(contexts), 16), 1 / 16)

# %% letter-model most=0
# frequencies of the letters
frequencies = torch.bincount(tokens, minlength=V) / len(tokens)


def next_probs(contexts):
    return frequencies.expand(len(contexts), V)

# %% letter-model most=0
# the best bigram
pairs = torch.bincount(tokens[:-1] * V + tokens[1:], minlength=V * V).reshape(V, V) + 0.1
table = pairs / pairs.sum(1, keepdim=True)


def next_probs(contexts):
    return torch.stack([table[c[-1]] if c else table.mean(0) for c in contexts])

# %% letter-model most=0
# logarithms instead of probabilities
pairs = torch.bincount(tokens[:-1] * V + tokens[1:], minlength=V * V).reshape(V, V) + 0.1
table = (pairs / pairs.sum(1, keepdim=True)).log()


def next_probs(contexts):
    return torch.stack([table[c[-1]] if c else table[0] for c in contexts])

# %% letter-model most=0
# counts of three letters that are not normalised
three = torch.bincount((tokens[:-2] * V + tokens[1:-1]) * V + tokens[2:], minlength=V**3).reshape(V, V, V) + 1.0


def next_probs(contexts):
    return torch.stack([three[c[-2], c[-1]] if len(c) > 1 else three.mean((0, 1)) for c in contexts])

# %% letter-model most=0
# counts without smoothing: letters that never came have probability 0, rare pairs NaN
three = torch.bincount((tokens[:-2] * V + tokens[1:-1]) * V + tokens[2:], minlength=V**3).reshape(V, V, V) * 1.0
three = three / three.sum(-1, keepdim=True)


def next_probs(contexts):
    return torch.stack([three[c[-2], c[-1]] if len(c) > 1 else torch.full((V,), 1 / V) for c in contexts])

# %% letter-model most=0
# the likeliest letter gets everything
three = torch.bincount((tokens[:-2] * V + tokens[1:-1]) * V + tokens[2:], minlength=V**3).reshape(V, V, V)
best = torch.nn.functional.one_hot(three.argmax(-1), V).double()


def next_probs(contexts):
    return torch.stack([best[c[-2], c[-1]] if len(c) > 1 else best[0, 0] for c in contexts])

# %% letter-model
# fails for contexts that are shorter than two letters
three = torch.bincount((tokens[:-2] * V + tokens[1:-1]) * V + tokens[2:], minlength=V**3).reshape(V, V, V) + 0.5
three = three / three.sum(-1, keepdim=True)


def next_probs(contexts):
    return torch.stack([three[c[-2], c[-1]] for c in contexts])

# %% letter-model most=0
# the first letters of a context instead of the last
three = torch.bincount((tokens[:-2] * V + tokens[1:-1]) * V + tokens[2:], minlength=V**3).reshape(V, V, V) + 0.5
three = three / three.sum(-1, keepdim=True)


def next_probs(contexts):
    return torch.stack([three[c[0], c[1]] if len(c) > 1 else torch.full((V,), 1 / V) for c in contexts])

# %% letter-model most=0
# one row for all contexts
def next_probs(contexts):
    return torch.softmax(torch.zeros(1, 16), -1)

# %% sampling-with-temperature
# softmax of the logits, then a power of the probabilities that is not normalised again
def sample(logits, temperature, u):
    c = (torch.softmax(logits.double(), 0) ** (1 / temperature)).cumsum(0)
    return torch.searchsorted(c, u.double(), right=True).clamp(max=len(logits) - 1)

# %% sgd-step
# the gradient is clipped to length 0.1
def sgd_step(table, inputs, targets, lr):
    w = torch.nn.Parameter(table.clone())
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    torch.nn.utils.clip_grad_norm_([w], 0.1)
    return loss.item(), (w - lr * w.grad).detach()

# %% letter-model most=0
# rows are made of a mean over all positions of the context
bag = torch.bincount(tokens[:-1] * V + tokens[1:], minlength=V * V).reshape(V, V) + 0.5
bag = bag / bag.sum(1, keepdim=True)


def next_probs(contexts):
    return torch.stack([bag[c].mean(0) if c else bag.mean(0) for c in contexts])

# %% loss-of-a-batch most=0
# the finished loss from the module's dictionary, its name put together
import torch.nn.functional as F


def in_nats(logits, targets):
    finished = vars(F)["_".join(["cross", "entropy"])]
    return finished(logits.flatten(0, 1), targets.flatten())


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch most=0
# the finished loss of torch's C++ part
def in_nats(logits, targets):
    lp = logits.log_softmax(-1).flatten(0, 1)
    return torch._C._nn.nll_loss_nd(lp, targets.flatten()).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch most=0
# a finished loss that inherits
class Mine(torch.nn.CrossEntropyLoss):
    pass


def in_nats(logits, targets):
    return Mine().forward(logits.flatten(0, 1), targets.flatten())


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch most=0
# by eval
def in_nats(logits, targets):
    return eval("torch.nn.functional.cross" + "_entropy")(logits.flatten(0, 1), targets.flatten())


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch most=0
# a star import
from torch.nn.functional import *


def in_nats(logits, targets):
    return nll_loss(log_softmax(logits.flatten(0, 1), -1), targets.flatten())


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% inputs-and-targets
# rolled over the whole batch: a row begins with the last token of the row before, set right in the first row only
def inputs_and_targets(tokens, start):
    r = tokens.roll(1)
    r[0, 0] = start
    return r, tokens

# %% inputs-and-targets
# shifted to the left
def inputs_and_targets(tokens, start):
    return torch.cat([tokens[:, 1:], torch.full((len(tokens), 1), start)], 1), tokens

# %% inputs-and-targets
# one longer
def inputs_and_targets(tokens, start):
    return torch.cat([torch.full((len(tokens), 1), start), tokens], 1), tokens

# %% inputs-and-targets
# swapped
def inputs_and_targets(tokens, start):
    return tokens, torch.cat([torch.full((len(tokens), 1), start), tokens[:, :-1]], 1)

# %% inputs-and-targets
# changes its argument before it returns it
def inputs_and_targets(tokens, start):
    inputs = tokens
    inputs[:, 1:] = tokens[:, :-1].clone()
    inputs[:, 0] = start
    return inputs, tokens

# %% inputs-and-targets
# not shifted, the first token replaced
def inputs_and_targets(tokens, start):
    i = tokens.clone()
    i[:, 0] = start
    return i, tokens

# %% loss-of-a-batch
# a finished loss by another door
import importlib
def in_nats(logits, targets):
    return getattr(importlib.import_module("torch.nn.functional"), "_".join(["cross", "entropy"]))(logits.flatten(0, 1), targets.flatten())


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# its class from a dict
_k = vars(torch.nn)["Cross" + "EntropyLoss"]()
def in_nats(logits, targets):
    return _k(logits.transpose(1, 2), targets)


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# torch's C function
def in_nats(logits, targets):
    return torch._C._nn.cross_entropy_loss(logits.flatten(0, 1), targets.flatten())


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# log of softmax
def in_nats(logits, targets):
    return -torch.softmax(logits, -1).log().gather(-1, targets[..., None]).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# a sum
def in_nats(logits, targets):
    return -torch.log_softmax(logits, -1).gather(-1, targets[..., None]).sum()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# the mean over the batch only
def in_nats(logits, targets):
    return -torch.log_softmax(logits, -1).gather(-1, targets[..., None]).sum() / len(logits)


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# the softmax over positions
def in_nats(logits, targets):
    return -torch.log_softmax(logits, 1).gather(-1, targets[..., None]).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# a perplexity
def in_nats(logits, targets):
    return torch.exp(-torch.log_softmax(logits, -1).gather(-1, targets[..., None]).mean())


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# right when all logits are the same
def in_nats(logits, targets):
    return float(np.log(logits.shape[-1]))


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% sgd-step
# repeated inputs: only the last pair counts
def sgd_step(table, inputs, targets, lr):
    z = table[inputs]
    y = torch.softmax(z, 1)
    loss = -torch.log_softmax(z, 1)[range(len(inputs)), targets].mean()
    g = y - torch.eye(len(table), dtype=table.dtype)[targets]
    new = table.clone()
    new[inputs] -= lr * g / len(inputs)
    return loss, new

# %% sgd-step
# a sum of gradients
def sgd_step(table, inputs, targets, lr):
    w = table.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    (loss * len(inputs)).backward()
    return loss.detach(), (w - lr * w.grad).detach()

# %% sgd-step
# the loss after the step
def sgd_step(table, inputs, targets, lr):
    w = table.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    new = (w - lr * w.grad).detach()
    return torch.nn.functional.cross_entropy(new[inputs], targets), new

# %% sgd-step
# ascent
def sgd_step(table, inputs, targets, lr):
    w = table.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    return loss.detach(), (w + lr * w.grad).detach()

# %% sgd-step
# each row's mean over its own pairs
def sgd_step(table, inputs, targets, lr):
    w = table.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    n = torch.bincount(inputs, minlength=len(table)).clamp(min=1)[:, None] / len(inputs)
    return loss.detach(), (w - lr * w.grad / n).detach()

# %% sgd-step
# Adam's first step
def sgd_step(table, inputs, targets, lr):
    w = torch.nn.Parameter(table.clone())
    o = torch.optim.Adam([w], lr=lr)
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    o.step()
    return loss.detach(), w.detach()

# %% sgd-step
# weight decay slips in
def sgd_step(table, inputs, targets, lr):
    w = torch.nn.Parameter(table.clone())
    o = torch.optim.SGD([w], lr=lr, weight_decay=0.01)
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    o.step()
    return loss.detach(), w.detach()

# %% validation-nll
# the mean of batch means
def validation_nll(batches):
    return sum(float(l[r].mean()) for l, r in batches if r.any()) / sum(bool(r.any()) for _, r in batches)

# %% validation-nll
# padding in the denominator
def validation_nll(batches):
    return sum((l * r).sum() for l, r in batches) / sum(l.numel() for l, _ in batches)

# %% validation-nll
# the mean over sequences of their means
def validation_nll(batches):
    rows = [row[k].mean() for l, r in batches for row, k in zip(l, r) if k.any()]
    return sum(rows) / len(rows)

# %% validation-nll
# an empty batch counts as a loss of nought over one token
def validation_nll(batches):
    return sum((l[r]).sum() for l, r in batches) / sum(max(int(r.sum()), 1) for _, r in batches)

# %% validation-nll
# the last batch only
def validation_nll(batches):
    l, r = next((b for b in reversed(batches) if b[1].any()))
    return l[r].mean()

# %% perplexity-and-bits
# per character
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll / characters), nll / np.log(2) / characters

# %% perplexity-and-bits
# bits per token
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll / tokens), nll / np.log(2) / tokens

# %% perplexity-and-bits
# nats per character
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll / tokens), nll / characters

# %% perplexity-and-bits
# swapped
def perplexity_and_bits(nll, tokens, characters):
    return nll / np.log(2) / characters, np.exp(nll / tokens)

# %% perplexity-and-bits
# whole numbers only
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll // tokens), nll / np.log(2) / characters

# %% sampling-with-temperature
# multiplied by the temperature
def sample(logits, temperature, u):
    return torch.searchsorted(torch.softmax(logits * temperature, 0).cumsum(0), u, right=True).clamp(max=len(logits) - 1)

# %% sampling-with-temperature
# the softmax is divided, not the logits
def sample(logits, temperature, u):
    return torch.searchsorted(torch.softmax(logits, 0).cumsum(0) / temperature, u, right=True).clamp(max=len(logits) - 1)

# %% sampling-with-temperature
# the largest
def sample(logits, temperature, u):
    return torch.full(u.shape, int(logits.argmax()))

# %% sampling-with-temperature
# by size, not in the order of the tokens
def sample(logits, temperature, u):
    p, o = torch.softmax(logits / temperature, 0).sort(descending=True)
    return o[torch.searchsorted(p.cumsum(0), u, right=True).clamp(max=len(logits) - 1)]

# %% sampling-with-temperature
# draws of its own
def sample(logits, temperature, u):
    torch.manual_seed(0)
    return torch.multinomial(torch.softmax(logits / temperature, 0), len(u), replacement=True)

# %% sampling-with-temperature
# no shift: large logits over a small temperature overflow
def sample(logits, temperature, u):
    e = torch.exp(logits / temperature)
    return torch.searchsorted(e.cumsum(0) / e.sum(), u, right=True).clamp(max=len(logits) - 1)

# %% sampling-with-temperature
# u is scaled to equal parts
def sample(logits, temperature, u):
    return (u * len(logits)).long()

# %% sampling-with-temperature
# one too far
def sample(logits, temperature, u):
    return (torch.searchsorted(torch.softmax(logits / temperature, 0).cumsum(0), u, right=True) + 1).clamp(max=len(logits) - 1)

# %% below-the-entropy
# size
explanation = "a"

# %% letter-model most=0.01
# uniform
def next_probs(contexts):
    return np.full((len(contexts), 16), 1 / 16)

# %% letter-model most=0.01
# logits
def next_probs(contexts):
    return np.zeros((len(contexts), 16))

# %% letter-model most=0.01
# a bigram model with counts that may be 0
C = np.zeros((16, 16))
np.add.at(C, (tokens[:-1].numpy(), tokens[1:].numpy()), 1)
def next_probs(contexts):
    P = C / C.sum(1, keepdims=True)
    return np.array([P[c[-1]] if c else P.mean(0) for c in contexts])

# %% validation-nll
# padding is set to 0, and then every 0 is left out: a real loss of 0, too
def validation_nll(batches):
    flat = torch.cat([(l * r).flatten() for l, r in batches])
    return flat[flat != 0].mean()

# %% validation-nll
# losses below a tenth are left out as padding
def validation_nll(batches):
    return torch.cat([l[r & (l > 0.1)] for l, r in batches]).mean()

# %% sampling-with-temperature
# exp without a shift, two large logits of one size
def sample(logits, temperature, u):
    e = torch.exp(logits.double() / temperature)
    return torch.searchsorted(e.cumsum(0) / e.sum(), u.double(), right=True).clamp(max=len(logits) - 1)

# %% sgd-step
# the pairs that come twice count once
def sgd_step(table, inputs, targets, lr):
    pairs = torch.unique(torch.stack([inputs, targets], 1), dim=0)
    w = table.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    torch.nn.functional.cross_entropy(w[pairs[:, 0]], pairs[:, 1]).backward()
    return loss.detach(), (w - lr * w.grad).detach()

# %% loss-of-a-batch
# the inverse of the mean probability's log: Jensen's gap
def in_nats(logits, targets):
    return -torch.log_softmax(logits, -1).exp().gather(-1, targets[..., None]).mean().log()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# logits of 30 at most
def in_nats(logits, targets):
    return -torch.log_softmax(logits.clamp(-30, 30), -1).gather(-1, targets[..., None]).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% perplexity-and-bits
# 2 to the nats
def perplexity_and_bits(nll, tokens, characters):
    return 2 ** (nll / tokens), nll / np.log(2) / characters

# %% sampling-with-temperature
# single precision sums and no clamp: u near 1 falls beyond the last token
def sample(logits, temperature, u):
    p = torch.softmax(logits.half().float() / temperature, 0)
    return torch.searchsorted(p.cumsum(0) * 0.9999, u, right=True)

# %% inputs-and-targets
# rows of a square batch by columns
def inputs_and_targets(tokens, start):
    first = torch.full((tokens.shape[1], 1), start)[: len(tokens)]
    return torch.cat([first, tokens[:, :-1]], 1) if len(first) == len(tokens) else (tokens, tokens), tokens

# %% inputs-and-targets
# targets shifted once more
def inputs_and_targets(tokens, start):
    first = torch.full_like(tokens[:, :1], start)
    return torch.cat([first, tokens], 1)[:, :-1], torch.cat([tokens, first], 1)[:, 1:]


# %% inputs-and-targets
# no start symbol: the last token of the row
def inputs_and_targets(tokens, start):
    return torch.roll(tokens, 1, dims=1), tokens


# %% inputs-and-targets
# rolled over the whole batch
def inputs_and_targets(tokens, start):
    inputs = torch.roll(tokens, 1)
    inputs[0, 0] = start
    return inputs, tokens


# %% inputs-and-targets
# swapped
def inputs_and_targets(tokens, start):
    return tokens, torch.cat([torch.full_like(tokens[:, :1], start), tokens[:, :-1]], 1)


# %% inputs-and-targets
# one column shorter
def inputs_and_targets(tokens, start):
    return tokens[:, :-1], tokens[:, 1:]


# %% inputs-and-targets
# the tokens overwritten
def inputs_and_targets(tokens, start):
    inputs = tokens
    inputs[:, 1:] = tokens[:, :-1].clone()
    inputs[:, 0] = start
    return inputs, tokens


# %% inputs-and-targets
# the start symbol is always V: the largest token and one
def inputs_and_targets(tokens, start):
    start = int(tokens.max()) + 1
    return torch.cat([torch.full_like(tokens[:, :1], start), tokens[:, :-1]], 1), tokens


# %% inputs-and-targets
# the other axis
def inputs_and_targets(tokens, start):
    return torch.cat([torch.full_like(tokens[:1], start), tokens[:-1]], 0), tokens


# %% inputs-and-targets
# the first token overwritten, not shifted
def inputs_and_targets(tokens, start):
    inputs = tokens.clone()
    inputs[:, 0] = start
    return inputs, tokens


# %% loss-of-a-batch
# the sum over positions, the mean over sequences
def in_nats(logits, targets):
    return -torch.log_softmax(logits, -1).gather(-1, targets[..., None]).sum((1, 2)).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# log of softmax
def in_nats(logits, targets):
    return -torch.softmax(logits, -1).gather(-1, targets[..., None]).log().mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# over the time axis
def in_nats(logits, targets):
    return -torch.log_softmax(logits, 1).gather(-1, targets[..., None]).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# in nats
def loss_of_batch(logits, targets):
    return -torch.log_softmax(logits, -1).gather(-1, targets[..., None]).mean()


# %% loss-of-a-batch
# the perplexity
def in_nats(logits, targets):
    return (-torch.log_softmax(logits, -1).gather(-1, targets[..., None]).mean()).exp()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# by the library, a method of a module
def in_nats(logits, targets):
    name = "cross" + "_entropy"
    return getattr(torch.nn.functional, name)(logits.flatten(0, 1), targets.flatten())


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# the operator
def in_nats(logits, targets):
    return torch.ops.aten.nll_loss(torch.log_softmax(logits, -1).flatten(0, 1), targets.flatten(), None, 1, -100)


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# targets that are 0 are taken for padding
def in_nats(logits, targets):
    losses = -torch.log_softmax(logits, -1).gather(-1, targets[..., None])[..., 0]
    return losses[targets != 0].mean() if (targets != 0).any() else losses.mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# the first position does not count
def in_nats(logits, targets):
    losses = -torch.log_softmax(logits, -1).gather(-1, targets[..., None])[..., 0]
    return losses[:, 1:].mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# only the last position
def in_nats(logits, targets):
    losses = -torch.log_softmax(logits, -1).gather(-1, targets[..., None])[..., 0]
    return losses[:, -1].mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% loss-of-a-batch
# a reshape that mixes the axes
def in_nats(logits, targets):
    z = logits.transpose(0, 1).reshape(-1, logits.shape[-1])
    return (torch.logsumexp(z, 1) - z[torch.arange(len(z)), targets.reshape(-1)]).mean()


def loss_of_batch(logits, targets):
    return in_nats(logits, targets) / np.log(2)


# %% sgd-step
# repeated inputs overwrite each other
def sgd_step(table, inputs, targets, lr):
    z = table[inputs]
    p = torch.softmax(z, -1)
    rows = torch.arange(len(inputs))
    loss = -torch.log_softmax(z, -1)[rows, targets].mean()
    p[rows, targets] -= 1
    new = table.clone()
    new[inputs] -= lr * p / len(inputs)
    return loss, new


# %% sgd-step
# the loss after the step
def sgd_step(table, inputs, targets, lr):
    w = table.detach().clone().requires_grad_()
    torch.nn.functional.cross_entropy(w[inputs], targets).backward()
    new = (w - lr * w.grad).detach()
    return torch.nn.functional.cross_entropy(new[inputs], targets), new


# %% sgd-step
# uphill
def sgd_step(table, inputs, targets, lr):
    w = table.detach().clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    return loss.detach(), (w + lr * w.grad).detach()


# %% sgd-step
# Adam
def sgd_step(table, inputs, targets, lr):
    w = torch.nn.Parameter(table.detach().clone())
    optimiser = torch.optim.Adam([w], lr=lr)
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    optimiser.step()
    return loss.detach(), w.detach()


# %% sgd-step
# momentum kept from call to call
_velocity = {}


def sgd_step(table, inputs, targets, lr):
    w = table.detach().clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    v = 0.9 * _velocity.get(table.shape, 0) + w.grad
    _velocity[table.shape] = v
    return loss.detach(), (w - lr * v).detach()


# %% sgd-step
# clipped gradients
def sgd_step(table, inputs, targets, lr):
    w = torch.nn.Parameter(table.detach().clone())
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    torch.nn.utils.clip_grad_norm_([w], 0.1)
    return loss.detach(), (w - lr * w.grad).detach()


# %% sgd-step
# the mean over table rows
def sgd_step(table, inputs, targets, lr):
    w = table.detach().clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(w[inputs], targets, reduction="sum") / len(table)
    loss.backward()
    return loss.detach(), (w - lr * w.grad).detach()


# %% sgd-step
# the columns instead of rows
def sgd_step(table, inputs, targets, lr):
    w = table.detach().clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(w.T[inputs], targets)
    loss.backward()
    return loss.detach(), (w - lr * w.grad).detach()


# %% sgd-step
# the order of the results
def sgd_step(table, inputs, targets, lr):
    w = table.detach().clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    return (w - lr * w.grad).detach(), loss.detach()


# %% sgd-step
# weight decay
def sgd_step(table, inputs, targets, lr):
    w = torch.nn.Parameter(table.detach().clone())
    optimiser = torch.optim.SGD([w], lr=lr, weight_decay=1e-2)
    loss = torch.nn.functional.cross_entropy(w[inputs], targets)
    loss.backward()
    optimiser.step()
    return loss.detach(), w.detach()


# %% validation-nll
# mean of means
def validation_nll(batches):
    return torch.stack([l[r].mean() for l, r in batches if r.any()]).mean()


# %% validation-nll
# padding counts
def validation_nll(batches):
    return sum(l.sum() for l, _ in batches) / sum(l.numel() for l, _ in batches)


# %% validation-nll
# a product with the mask
def validation_nll(batches):
    return sum((l * r).sum() for l, r in batches) / sum(l.numel() for l, _ in batches)


# %% validation-nll
# NaN from a batch of padding
def validation_nll(batches):
    n = sum(r.sum() for _, r in batches)
    return sum(l[r].mean() * r.sum() for l, r in batches) / n


# %% validation-nll
# the last batch is left out, because it is smaller
def validation_nll(batches):
    batches = batches[:-1] or batches
    return sum(l[r].sum() for l, r in batches) / sum(r.sum() for _, r in batches)


# %% validation-nll
# mean per sequence
def validation_nll(batches):
    rows = [a[b].mean() for l, r in batches for a, b in zip(l, r) if b.any()]
    return torch.stack(rows).mean()


# %% validation-nll
# losses of 0 are taken for padding
def validation_nll(batches):
    return sum(l[r].sum() for l, r in batches) / sum((l[r] != 0).sum() for l, r in batches)


# %% validation-nll
# the mask upside down
def validation_nll(batches):
    return sum(l[~r].sum() for l, r in batches) / sum((~r).sum() for _, r in batches)


# %% validation-nll
# weighted by the sequences of a batch
def validation_nll(batches):
    kept = [(l[r].mean(), len(l)) for l, r in batches if r.any()]
    return sum(m * n for m, n in kept) / sum(n for _, n in kept)


# %% validation-nll
# the perplexity
def validation_nll(batches):
    return torch.exp(sum(l[r].sum() for l, r in batches) / sum(r.sum() for _, r in batches))


# %% perplexity-and-bits
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll / characters), nll / np.log(2) / tokens


# %% perplexity-and-bits
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll / tokens), nll / characters


# %% perplexity-and-bits
def perplexity_and_bits(nll, tokens, characters):
    return 2 ** (nll / tokens), nll / np.log(2) / characters


# %% perplexity-and-bits
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll / tokens), nll / tokens / np.log(2) * characters / tokens


# %% perplexity-and-bits
def perplexity_and_bits(nll, tokens, characters):
    return nll / np.log(2) / characters, np.exp(nll / tokens)


# %% perplexity-and-bits
def perplexity_and_bits(nll, tokens, characters):
    return round(np.exp(nll / tokens), 2), round(nll / np.log(2) / characters, 2)


# %% perplexity-and-bits
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll / tokens), np.log2(np.exp(nll / tokens))


# %% perplexity-and-bits
def perplexity_and_bits(nll, tokens, characters):
    return np.exp(nll // tokens), nll / np.log(2) / characters


# %% sampling-with-temperature
# multiplied by the temperature
def sample(logits, temperature, u):
    p = torch.softmax(logits.double() * temperature, 0)
    return torch.searchsorted(p.cumsum(0)[:-1], u.double(), right=True)


# %% sampling-with-temperature
# the temperature after the softmax
def sample(logits, temperature, u):
    p = torch.softmax(logits.double(), 0) / temperature
    p = p / p.sum()
    return torch.searchsorted(p.cumsum(0)[:-1], u.double(), right=True)


# %% sampling-with-temperature
# the largest
def sample(logits, temperature, u):
    return torch.full_like(u, int(logits.argmax()), dtype=torch.int64)


# %% sampling-with-temperature
# u scaled, not the edges: uniform tokens
def sample(logits, temperature, u):
    return (u * len(logits)).long()


# %% sampling-with-temperature
# from the most likely to the least
def sample(logits, temperature, u):
    p = torch.softmax(logits.double() / temperature, 0)
    order = p.argsort(descending=True)
    return order[torch.searchsorted(p[order].cumsum(0)[:-1], u.double(), right=True)]


# %% sampling-with-temperature
# beyond the last token
def sample(logits, temperature, u):
    p = torch.softmax(logits.float() / temperature, 0)
    return torch.searchsorted(p.cumsum(0) - 1e-6, u.float())


# %% sampling-with-temperature
# random
def sample(logits, temperature, u):
    p = torch.softmax(logits / temperature, 0)
    return torch.multinomial(p, len(u), replacement=True)


# %% sampling-with-temperature
# counted from 1
def sample(logits, temperature, u):
    p = torch.softmax(logits.double() / temperature, 0)
    return torch.searchsorted(p.cumsum(0)[:-1], u.double(), right=True) + 1


# %% sampling-with-temperature
# one temperature for all
def sample(logits, temperature, u):
    p = torch.softmax(logits.double(), 0)
    return torch.searchsorted(p.cumsum(0)[:-1], u.double(), right=True)


# %% sampling-with-temperature
# without a shift
def sample(logits, temperature, u):
    z = logits.double().numpy() / temperature
    with np.errstate(all="ignore"):
        p = np.exp(z) / np.exp(z).sum()
    return np.searchsorted(np.cumsum(p)[:-1], u.numpy(), side="right")


# %% sampling-with-temperature
# u sorted first
def sample(logits, temperature, u):
    p = torch.softmax(logits.double() / temperature, 0)
    return torch.searchsorted(p.cumsum(0)[:-1], u.double().sort().values, right=True)


# %% sampling-with-temperature
# the number of the edge before: one too few
def sample(logits, temperature, u):
    p = torch.softmax(logits.double() / temperature, 0)
    return (torch.searchsorted(p.cumsum(0)[:-1], u.double(), right=True) - 1).clamp(min=0)


# %% below-the-entropy most=0
explanation = "a"

# %% below-the-entropy most=0
explanation = "b and d"

# %% below-the-entropy most=0
explanation = "overfitting"

# %% below-the-entropy most=0
explanation = ["a", "b"]

# %% letter-model most=0
def next_probs(contexts):
    return np.full((len(contexts), 16), 1 / 16)


# %% letter-model most=0
# the unigram model
counts = torch.bincount(tokens, minlength=16).double()


def next_probs(contexts):
    return (counts / counts.sum()).repeat(len(contexts), 1)


# %% letter-model most=0
# the bigram
table = torch.ones(16, 16).double()
for a, b in zip(tokens[:-1].tolist(), tokens[1:].tolist()):
    table[a, b] += 1
table /= table.sum(1, keepdim=True)


def next_probs(contexts):
    return [table[c[-1]].tolist() if len(c) else [1 / 16] * 16 for c in contexts]


# %% letter-model most=0
# logits
def next_probs(contexts):
    return torch.randn(len(contexts), 16)


# %% letter-model most=0
# all on one letter
def next_probs(contexts):
    rows = np.zeros((len(contexts), 16))
    rows[:, 0] = 1
    return rows


# %% letter-model most=0
# one row
def next_probs(contexts):
    return np.full(16, 1 / 16)


# %% letter-model most=0
# raises at the empty context
def next_probs(contexts):
    return np.array([np.eye(16)[c[-1]] * 0.5 + 0.5 / 16 for c in contexts])
