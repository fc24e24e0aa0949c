# Divided by the wrong number, or by none.

# %% perplexity-of-mean-nll mistake="base-10"
ppl = 10**2.1


# %% perplexity-from-probs mistake="sum-for-mean"
def perplexity_from_probs(probs):
    return np.exp(-np.sum(np.log(probs)))


# %% perplexity-steps mistake="missing-mean"
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(-log(Product(p[j], (j, 1, m)))), because="exp undoes log")
steps.step("=", exp(-Sum(log(p[j]), (j, 1, m))), because="the logarithm of a product")

# %% two-sentences mistake="averages-sentence-means"
ppl_of_both = exp((L_1 / m_1 + L_2 / m_2) / 2)


# %% corpus-perplexity mistake="averages-sentence-means"
def corpus_perplexity(log_probs):
    means = [sum(sentence) / len(sentence) for sentence in log_probs]
    return np.exp(-sum(means) / len(means))


# %% bits-of-nats mistake="base-10"
bits = 2.1 / np.log(10)


# %% bits-per-byte mistake="per-word"
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.split())
