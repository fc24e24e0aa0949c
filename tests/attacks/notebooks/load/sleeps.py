# Sleeping costs time, too.
# set: 06_perplexity
# others: model
# seconds: 1
# credit: all
# says: was stopped after 1 s
# %%
import time

time.sleep(1000)
