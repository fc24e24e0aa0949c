# Right answers with magics, shell commands, top-level await, helper cells, and other ways of IPython.
# set: 06_perplexity
# others: model
# credit: all
# %%
%matplotlib inline
%load_ext autoreload
%autoreload 2
%precision 3
%config InlineBackend.figure_format = 'svg'
!echo a shell
folder = !pwd
# %%
%%time
sum(range(1000))
# %%
import asyncio

async def later(x):
    await asyncio.sleep(0)
    return x

mean_loss = await later(2.1)
# %%
%%capture caught
print("not seen")
# %%
def mean(values):
    return sum(values) / len(values)
# %% perplexity-of-mean-nll
%timeit -n 1 -r 1 np.exp(mean_loss)
ppl = np.exp(mean_loss)
ppl
# %% perplexity-from-probs
from functools import lru_cache

def perplexity_from_probs(probs):
    return np.exp(mean([-np.log(p) for p in probs]))
# %% bits-per-byte
import math

@lru_cache
def length(text):
    return len(text.encode())

bits_per_byte = lambda nll, text: nll / length(text) / math.log(2)
