# A list that holds one long text and 200,000 numbers: as an array it would take eight gigabytes. And a hundred slow numbers.
# set: 05_softmax_gradient
# credit: nothing
# %% gradient-of-three-logits
gradient = ["x" * 10_000] + [1.0] * 190_000
# %% loss-of-three-logits
from sympy import Symbol, Sum, exp
n = Symbol("n")
loss = [Sum(exp(-1 / n), (n, 1, 20_000))] * 100
# %% log-sum-exp
def log_sum_exp(logits, temperature):
    return [["x" * 10_000] * 10 + [0.5] * 19_000] * 9
