# Right for graphs that are not deep.

# %% backward-pass mistake="recursion"
def backward(output):
    output.backward()


# %% nll-of-values mistake="overflows"
import math


def nll_from_logits(logits, target):
    total = sum(math.exp(z.data) for z in logits)
    edges = [(z, math.exp(z.data) / total - (j == target)) for j, z in enumerate(logits)]
    return Value(math.log(total) - logits[target].data, *edges)
