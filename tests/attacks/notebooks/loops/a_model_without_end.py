# A model that thinks for ever, once it is asked.
# set: 08_language_model
# credit: nothing
# seconds: 1.5
# says: was stopped after 1.5 s
# %% letter-model
def next_probs(contexts):
    while True:
        pass
