# The model answers.
# set: 06_perplexity
# others: model
# credit: all
