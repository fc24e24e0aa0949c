# Right answers worked out by threads and by processes.
# set: 06_perplexity
# others: model
# credit: all
# %%
import math
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

def loss(p):
    return -math.log(p)

# %% perplexity-of-mean-nll
with ProcessPoolExecutor(2) as pool:
    ppl = float(list(pool.map(math.exp, [2.1]))[0])
# %% perplexity-from-probs
def perplexity_from_probs(probs):
    with ThreadPoolExecutor(2) as pool:
        return float(np.exp(np.mean(list(pool.map(np.log, 1 / probs)))))
