# Bits and nats mixed up.

# %% perplexity-of-mean-nll mistake="base-2"
ppl = 2**2.1


# %% perplexity-from-probs mistake="mixes-bases"
def perplexity_from_probs(probs):
    return 2 ** -np.mean(np.log(probs))


# %% perplexity-steps mistake="forgets-the-exponential"
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", -log(Product(p[j], (j, 1, m))) / m, because="take the logarithm")
steps.step("=", -Sum(log(p[j]), (j, 1, m)) / m, because="the logarithm of a product")

# %% two-sentences mistake="base-2"
ppl_of_both = 2 ** ((L_1 + L_2) / (m_1 + m_2))


# %% corpus-perplexity mistake="mixes-bases"
def corpus_perplexity(log_probs):
    nll = -sum(sum(sentence) for sentence in log_probs)
    return 2 ** (nll / sum(len(sentence) for sentence in log_probs))


# %% bits-of-nats mistake="wrong-way"
bits = 2.1 * np.log(2)


# %% bits-per-byte mistake="wrong-way"
def bits_per_byte(nll, text):
    return nll * np.log(2) / len(text.encode())


# %% comparable-perplexities mistake="other-base"
comparable = "d"
