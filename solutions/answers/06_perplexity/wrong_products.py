# Right for short texts only, and other ways to lose the mean.

# %% perplexity-from-probs mistake="multiplies-first"
def perplexity_from_probs(probs):
    return (1 / np.prod(probs)) ** (1 / len(probs))


# %% two-sentences mistake="adds-the-means"
ppl_of_both = exp(L_1 / m_1) * exp(L_2 / m_2)


# %% corpus-perplexity mistake="divides-by-sentences"
def corpus_perplexity(log_probs):
    total = sum(np.sum(sentence) for sentence in log_probs)
    return np.exp(-total / len(log_probs))


# %% bits-per-byte mistake="total-bits"
def bits_per_byte(nll, text):
    return nll / np.log(2)
