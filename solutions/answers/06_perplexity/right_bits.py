# Everything through bits: 2 to the bits is e to the nats.

# %% perplexity-of-mean-nll
ppl = 2 ** (2.1 / np.log(2))


# %% perplexity-from-probs
def perplexity_from_probs(probs):
    return 2 ** np.mean(-np.log2(probs))


# %% perplexity-steps
# Another product and another sum: inverse probabilities, and the index has another name.
i = index("i", m)
steps = Derivation("perplexity-steps", strict=False)
steps.start(Product(p[j], (j, 1, m)) ** (-1 / m))
steps.step("=", Product(1 / p[i], (i, 1, m)) ** (1 / m), because="the inverse of a product")
steps.step("=", exp(log(Product(1 / p[i], (i, 1, m))) / m), because="exp undoes log")
steps.step("=", exp(Sum(-log(p[i]), (i, 1, m)) / m), because="the logarithm of a product")

# %% two-sentences
ppl_of_both = 2 ** ((L_1 + L_2) / log(2) / (m_1 + m_2))


# %% corpus-perplexity
def corpus_perplexity(log_probs):
    bits = -np.concatenate(log_probs) / np.log(2)
    return 2 ** bits.mean()


# %% bits-of-nats
bits = np.log2(np.exp(2.1))


# %% bits-per-byte
def bits_per_byte(nll, text):
    return np.log2(np.exp(nll / len(text.encode())))


# %% comparable-perplexities
comparable = "C"
