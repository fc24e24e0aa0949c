# %% inputs-and-targets
def inputs_and_targets(tokens, start):
    """Return inputs and targets, each of shape (B, T), from tokens of shape (B, T)."""
    first = torch.full_like(tokens[:, :1], start)
    return torch.cat([first, tokens[:, :-1]], dim=1), tokens


# %% loss-of-a-batch
def loss_of_batch(logits, targets):
    """Return the mean NLL in bits per token: logits (B, T, V), targets (B, T) -> one number."""
    log_probs = torch.log_softmax(logits, dim=-1)
    return -log_probs.gather(-1, targets[..., None]).mean() / np.log(2)


# %% sgd-step
def sgd_step(table, inputs, targets, lr):
    """Return the mean loss in nats before the step, and the new table of logits, shape (V, V)."""
    table = table.clone().requires_grad_()
    loss = torch.nn.functional.cross_entropy(table[inputs], targets)
    loss.backward()
    return loss.item(), table.detach() - lr * table.grad


# %% validation-nll
def validation_nll(batches):
    """Return the mean loss in nats per real token: a list of pairs (losses, real) -> one number."""
    total = sum(losses[real].sum() for losses, real in batches)
    return total / sum(real.sum() for _, real in batches)


# %% perplexity-and-bits
def perplexity_and_bits(nll, tokens, characters):
    """Return the perplexity per token and the loss in bits per character, from a total loss in nats."""
    return np.exp(nll / tokens), nll / np.log(2) / characters


# %% sampling-with-temperature
def sample(logits, temperature, u):
    """Return the tokens that the numbers u fall into: logits (V,), u (n,) -> whole numbers (n,)."""
    cumulative = torch.softmax(logits / temperature, dim=-1).cumsum(dim=-1)
    return torch.searchsorted(cumulative, u, right=True).clamp(max=len(logits) - 1)


# %% below-the-entropy
explanation = "b"

# %% letter-model
START = V  # stands in the input only, so there are V logits


class Letters(torch.nn.Module):
    """Reads letters one after the other and gives the logits of the next one at each."""

    def __init__(self, width=48):
        super().__init__()
        self.embedding = torch.nn.Embedding(V + 1, width)
        self.reader = torch.nn.GRU(width, width, batch_first=True)
        self.head = torch.nn.Linear(width, V)

    def forward(self, inputs):  # (B, T) -> (B, T, V)
        return self.head(self.reader(self.embedding(inputs))[0])


def train(model, tokens, steps=300, B=128, T=16, lr=1e-2):
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, lr, total_steps=steps)
    for _ in range(steps):
        begins = torch.randint(len(tokens) - T, (B, 1), device=tokens.device)
        targets = tokens[begins + torch.arange(T, device=tokens.device)]
        inputs = torch.nn.functional.pad(targets[:, :-1], (1, 0), value=START)
        loss = torch.nn.functional.cross_entropy(model(inputs).flatten(0, 1), targets.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return model.eval()


torch.manual_seed(0)
model = train(Letters().to(device), tokens.to(device))


@torch.no_grad()
def next_probs(contexts):
    """Return the distributions of the next letter: N lists of tokens -> (N, 16)."""
    recent = [torch.tensor([START, *context[-15:]]) for context in contexts]
    inputs = torch.nn.utils.rnn.pad_sequence(recent, batch_first=True).to(device)
    last = torch.tensor([len(r) - 1 for r in recent], device=device)
    logits = model(inputs)[torch.arange(len(recent), device=device), last]
    return torch.softmax(logits, dim=-1)
