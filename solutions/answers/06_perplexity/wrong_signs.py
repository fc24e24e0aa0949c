# A minus too many or too few.

# %% perplexity-of-mean-nll mistake="flipped-sign"
ppl = np.exp(-2.1)


# %% perplexity-from-probs mistake="missing-minus"
def perplexity_from_probs(probs):
    return np.exp(np.mean(np.log(probs)))


# %% perplexity-steps mistake="missing-minus"
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", exp(log(Product(p[j], (j, 1, m))) / m), because="exp undoes log")
steps.step("=", exp(Sum(log(p[j]), (j, 1, m)) / m), because="the logarithm of a product")

# %% two-sentences mistake="flipped-sign"
ppl_of_both = exp(-(L_1 + L_2) / (m_1 + m_2))


# %% corpus-perplexity mistake="missing-minus"
def corpus_perplexity(log_probs):
    flat = [x for sentence in log_probs for x in sentence]
    return np.exp(np.mean(flat))


# %% bits-of-nats mistake="gives-the-perplexity"
bits = np.exp(2.1)


# %% bits-per-byte mistake="nats-per-byte"
def bits_per_byte(nll, text):
    return nll / len(text.encode("utf-8"))


# %% comparable-perplexities mistake="other-text"
comparable = "b"
