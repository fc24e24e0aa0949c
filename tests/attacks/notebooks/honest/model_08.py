# The model answers, with a network that is trained behind the walls.
# set: 08_language_model
# others: model
# credit: all
