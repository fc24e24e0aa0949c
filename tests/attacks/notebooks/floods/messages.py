# A million small messages.
# set: 06_perplexity
# others: model
# credit: nothing
# says: sent a flood of output and was ended
# %%
from IPython.display import display
for number in range(10**6):
    display(number)
