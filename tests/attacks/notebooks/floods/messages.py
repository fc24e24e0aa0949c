# Messages without end, by IPython's own means and past them.
# set: 06_perplexity
# others: model
# seconds: 1
# grace: 9
# credit: all
# says: was stopped after 1 s
# %%
from IPython.display import display
while True:
    display(1)
