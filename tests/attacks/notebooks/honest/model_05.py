# The model answers.
# set: 05_softmax_gradient
# others: model
# credit: all
