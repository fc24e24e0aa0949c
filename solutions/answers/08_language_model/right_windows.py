# With a network that sees the last three letters, and shorter ways with Torch.

# %% inputs-and-targets
def inputs_and_targets(tokens, start):
    return torch.nn.functional.pad(tokens, (1, 0), value=start)[:, :-1], tokens


# %% loss-of-a-batch
def loss_of_batch(logits, targets):
    chosen = torch.take_along_dim(logits, targets.unsqueeze(-1), dim=-1).squeeze(-1)
    return (torch.logsumexp(logits, dim=-1) - chosen).mean() / np.log(2)


# %% sgd-step
def sgd_step(table, inputs, targets, lr):
    weights = torch.nn.Parameter(table)
    optimizer = torch.optim.SGD([weights], lr=lr)
    loss = torch.nn.functional.nll_loss(torch.log_softmax(weights[inputs], -1), targets)
    loss.backward()
    optimizer.step()
    return loss, weights


# %% validation-nll
def validation_nll(batches):
    return torch.cat([losses[real] for losses, real in batches]).mean()


# %% perplexity-and-bits
def perplexity_and_bits(nll, tokens, characters):
    return torch.tensor([np.exp(nll / tokens), nll / (np.log(2) * characters)])


# %% sampling-with-temperature
def sample(logits, temperature, u):
    below = u[:, None] >= (logits / temperature).softmax(-1).cumsum(-1)
    return below[:, :-1].sum(1)


# %% below-the-entropy
explanation = "b"


# %% letter-model
K = 3  # letters that it sees
torch.manual_seed(0)
network = torch.nn.Sequential(
    torch.nn.Embedding(V + 1, 16),
    torch.nn.Flatten(),
    torch.nn.Linear(16 * K, 96),
    torch.nn.GELU(),
    torch.nn.Linear(96, V),
).to(device)


def window(contexts):
    return torch.tensor([([V] * K + context)[-K:] for context in contexts], device=device)


# Windows of the training text; some have their front covered, as at the beginning of a text.
windows = tokens.unfold(0, K, 1)[:-1].to(device)
targets = tokens[K:].to(device)
optimizer = torch.optim.AdamW(network.parameters(), lr=1e-2)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, total_steps=700)
for _ in range(700):
    chosen = torch.randint(len(targets), (1024,), device=device)
    kept = torch.randint(0, 60, (1024, 1), device=device)  # how many letters at the end stay
    covered = torch.arange(K, 0, -1, device=device) > kept
    inputs = windows[chosen].masked_fill(covered, V)
    loss = torch.nn.functional.cross_entropy(network(inputs), targets[chosen])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    schedule.step()


def next_probs(contexts):
    with torch.no_grad():
        return network(window(contexts)).double().softmax(-1).cpu().numpy()
