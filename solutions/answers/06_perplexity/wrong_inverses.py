# Averaged before anything else.

# %% perplexity-from-probs mistake="inverse-of-mean"
def perplexity_from_probs(probs):
    return 1 / np.mean(probs)


# %% two-sentences mistake="weights-perplexities"
ppl_of_both = (m_1 * exp(L_1 / m_1) + m_2 * exp(L_2 / m_2)) / (m_1 + m_2)


# %% corpus-perplexity mistake="weights-perplexities"
def corpus_perplexity(log_probs):
    tokens = sum(len(sentence) for sentence in log_probs)
    return sum(len(sentence) / tokens * np.exp(-np.mean(sentence)) for sentence in log_probs)


# %% bits-per-byte mistake="divides-by-8"
def bits_per_byte(nll, text):
    return nll / np.log(2) / (8 * len(text.encode()))
