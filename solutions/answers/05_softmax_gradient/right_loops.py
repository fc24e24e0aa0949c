# Plain Python: loops, the math module, lists instead of arrays.

# %% loss-of-three-logits
import math

loss = math.log(math.exp(2) + math.exp(1) + math.exp(3)) - 3

# %% log-sum-exp
import math


def log_sum_exp(logits, temperature):
    if np.ndim(logits) > 1:
        return np.array([log_sum_exp(row, temperature) for row in logits])
    scaled = [z / temperature for z in logits]
    top = max(scaled)
    if top == -math.inf:
        return -math.inf
    return top + math.log(sum(math.exp(z - top) for z in scaled))


# %% nll-from-logits
import math


def nll_from_logits(logits, targets, temperature):
    if np.ndim(logits) > 1:
        return [nll_from_logits(row, target, temperature) for row, target in zip(logits, targets)]
    scaled = [z / temperature for z in logits]
    top = max(scaled)
    return math.log(sum(math.exp(z - top) for z in scaled)) + top - scaled[targets]


# %% gradient-of-three-logits
import math

total = math.exp(2) + math.exp(1) + math.exp(3)
gradient = (math.exp(2) / total, math.exp(1) / total, math.exp(3) / total - 1)

# %% nll-gradient-steps
# As few steps as are asked for, and the sum written anew each time.
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
steps.step("=", Derivative(-z[y] + log(Sum(exp(z[k]), (k, 1, V))), z[j]), because="definition of y_hat")
steps.step(
    "=", -KroneckerDelta(y, j) + Derivative(log(Sum(exp(z[i]), (i, 1, V))), z[j]), because="term by term"
)
steps.step(
    "=", -KroneckerDelta(y, j) + exp(z[j]) / Sum(exp(z[i]), (i, 1, V)), because="derivative of log-sum-exp"
)

# %% hessian-entry
total = Sum(exp(z[k]), (k, 1, V))
hessian_entry = KroneckerDelta(i, j) * exp(z[j]) / total - exp(z[i]) * exp(z[j]) / total**2


# %% nll-gradient
def nll_gradient(logits, targets, temperature):
    logits = logits / temperature
    logits = np.asarray(logits, dtype=float)
    result = np.zeros_like(logits)
    for place in np.ndindex(logits.shape[:-1]):
        row = logits[place]
        powers = np.exp(row - max(row))
        result[place] = powers / powers.sum()
        result[place][np.asarray(targets)[place]] -= 1
    return result / temperature


# %% temperature-limit
limit = "B"
