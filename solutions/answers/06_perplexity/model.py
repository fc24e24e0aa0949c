# %% perplexity-of-mean-nll
ppl = np.exp(2.1)


# %% perplexity-from-probs
def perplexity_from_probs(probs):
    """Return the perplexity of a text from its tokens' probabilities: shape (m,) -> one number."""
    with np.errstate(divide="ignore"):  # log 0 = -inf is right: the perplexity is inf
        return np.exp(-np.mean(np.log(probs)))


# %% perplexity-steps
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step(
    "=",
    exp(-log(Product(p[j], (j, 1, m))) / m),
    because="exp undoes log, and the exponent leaves the logarithm",
)
steps.step(
    "=",
    exp(-Sum(log(p[j]), (j, 1, m)) / m),
    because="the logarithm of a product is the sum of the logarithms",
)
steps

# %% two-sentences
ppl_of_both = exp((L_1 + L_2) / (m_1 + m_2))


# %% corpus-perplexity
def corpus_perplexity(log_probs):
    """Return the perplexity of a corpus: a list of lists of log-probabilities in nats -> one number."""
    nll = -sum(sum(sentence) for sentence in log_probs)
    tokens = sum(len(sentence) for sentence in log_probs)
    return np.exp(nll / tokens)


# %% [markdown] why-not-average
# I would report $e^{(2 \cdot 3 + 8 \cdot 1)/10} = e^{1.4} \approx 4.06$: the total loss is 14 nats over
# 10 tokens. The friend gives each sentence the same weight, although one has four times as many tokens
# as the other. And the friend averages after the exponential, which is convex: a hard sentence then
# counts far too much. Even with equal lengths, the average of perplexities would lie above the
# perplexity of the mean loss (Jensen's inequality).

# %% bits-of-nats
bits = 2.1 / np.log(2)


# %% bits-per-byte
def bits_per_byte(nll, text):
    """Return the loss in bits per byte, from a total loss in nats and the text."""
    return nll / np.log(2) / len(text.encode("utf-8"))


# %% comparable-perplexities
comparable = "c"
