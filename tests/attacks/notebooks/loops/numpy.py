# Hours inside NumPy, without a way to be interrupted.
# set: 06_perplexity
# others: model
# seconds: 1
# credit: all but perplexity-from-probs 0
# %% perplexity-from-probs
a = np.random.default_rng(0).normal(size=(2_000, 2_000))
def perplexity_from_probs(probs):
    while True:
        np.linalg.svd(a)
