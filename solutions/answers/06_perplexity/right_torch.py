# With Torch where the task allows it, and rounded numbers.

# %% perplexity-of-mean-nll
ppl = 8.17

# %% perplexity-from-probs
import torch


def perplexity_from_probs(probs):
    return torch.as_tensor(probs).log().neg().mean().exp()


# %% perplexity-steps
# No more steps than are asked for.
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m), because="x = exp(log x)")
steps.step("=", exp(Sum(log(1 / p[j]), (j, 1, m)) / m), because="the logarithm of a product")

# %% two-sentences
ppl_of_both = (exp(L_1) * exp(L_2)) ** (1 / (m_1 + m_2))

# %% corpus-perplexity
import torch


def corpus_perplexity(log_probs):
    tokens = torch.cat([torch.tensor(sentence, dtype=torch.float64) for sentence in log_probs])
    return torch.exp(-tokens.mean())


# %% bits-of-nats
import torch

bits = torch.tensor(2.1) / torch.log(torch.tensor(2.0))

# %% bits-per-byte
import torch


def bits_per_byte(nll, text):
    return torch.tensor(nll, dtype=torch.float64).div(len(text.encode())) / np.log(2)


# %% comparable-perplexities
comparable = " c"
