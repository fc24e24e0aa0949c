# Something is left out.

# %% perplexity-from-probs mistake="leaves-out-zeros"
def perplexity_from_probs(probs):
    return np.exp(-np.mean(np.log(probs[probs > 0])))


# %% corpus-perplexity mistake="leaves-out-zeros"
def corpus_perplexity(log_probs):
    padded = np.zeros((len(log_probs), max(map(len, log_probs))))
    for row, sentence in zip(padded, log_probs, strict=True):
        row[: len(sentence)] = sentence
    return np.exp(-padded[padded != 0].mean())


# %% bits-per-byte mistake="strips-the-text"
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.strip().encode())
