# Something is put in that is not in the text.

# %% perplexity-from-probs mistake="adds-epsilon"
def perplexity_from_probs(probs):
    return np.exp(-np.mean(np.log(probs + 1e-10)))


# %% corpus-perplexity mistake="counts-padding"
def corpus_perplexity(log_probs):
    longest = max(map(len, log_probs))
    return np.exp(-np.mean([sentence + [0.0] * (longest - len(sentence)) for sentence in log_probs]))


# %% bits-per-byte mistake="byte-order-mark"
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.encode("utf-8-sig"))
