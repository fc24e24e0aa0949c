# Equal tokens are counted once; bytes of another kind.

# %% perplexity-from-probs mistake="counts-each-value-once"
def perplexity_from_probs(probs):
    distinct = set(probs.tolist())
    with np.errstate(divide="ignore"):
        return np.exp(-sum(np.log(p) for p in distinct) / len(distinct))


# %% corpus-perplexity mistake="counts-each-value-once"
def corpus_perplexity(log_probs):
    distinct = set().union(*log_probs)
    return np.exp(-sum(distinct) / len(distinct))


# %% bits-per-byte mistake="other-encoding"
def bits_per_byte(nll, text):
    return nll / np.log(2) / len(text.encode("utf-16"))
