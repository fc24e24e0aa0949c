# Divided by one too few, or by the number of something else.

# %% perplexity-from-probs mistake="one-token-less"
def perplexity_from_probs(probs):
    return np.exp(-np.sum(np.log(probs)) / (len(probs) - 1))


# %% two-sentences mistake="divides-by-sentences"
ppl_of_both = exp((L_1 + L_2) / 2)


# %% corpus-perplexity mistake="one-token-less"
def corpus_perplexity(log_probs):
    flat = [x for sentence in log_probs for x in sentence]
    return np.exp(-sum(flat) / (len(flat) - 1))
