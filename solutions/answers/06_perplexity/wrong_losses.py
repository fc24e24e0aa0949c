# The logarithm is not undone, or it is another one.

# %% perplexity-from-probs mistake="gives-the-loss"
def perplexity_from_probs(probs):
    return -np.log(probs).mean()


# %% two-sentences mistake="gives-the-loss"
ppl_of_both = (L_1 + L_2) / (m_1 + m_2)


# %% corpus-perplexity mistake="gives-the-loss"
def corpus_perplexity(log_probs):
    return -np.mean(np.concatenate(log_probs))


# %% bits-per-byte mistake="base-10"
def bits_per_byte(nll, text):
    return nll / np.log(10) / len(text.encode())
