# The average at the wrong place.

# %% perplexity-of-mean-nll mistake="gives-the-loss"
ppl = 2.1


# %% perplexity-from-probs mistake="mean-of-inverses"
def perplexity_from_probs(probs):
    return np.mean(1 / probs)


# %% perplexity-steps mistake="log-of-sum"
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m))) / m), because="exp undoes log")
steps.step("=", exp(-log(Sum(p[j], (j, 1, m))) / m), because="logarithms turn products into sums")

# %% two-sentences mistake="averages-perplexities"
ppl_of_both = exp(L_1 / m_1) / 2 + exp(L_2 / m_2) / 2


# %% corpus-perplexity mistake="averages-perplexities"
def corpus_perplexity(log_probs):
    return np.mean([np.exp(-np.mean(sentence)) for sentence in log_probs])


# %% bits-of-nats mistake="log-of-the-loss"
bits = np.log2(2.1)


# %% bits-per-byte mistake="per-character"
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text)


# %% comparable-perplexities mistake="other-tokens"
comparable = "a"
