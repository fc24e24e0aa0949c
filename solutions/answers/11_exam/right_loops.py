# Plain Python: loops, math, and nothing vectorised.

# %% exam-text
import math

product = 1.0
for n in range(1, len(text)):
    product *= follows[text[n - 1]][text[n]]
text_scores = (math.log(product), -math.log(product) / (len(text) - 1))

# %% exam-units
import math

ppl = 2 ** (total_nll / math.log(2) / tokens_read)
in_units = [ppl, math.log2(ppl), tokens_read * math.log2(ppl) / bytes_read]

# %% exam-kl
import math

one = other = 0
for a, b in zip(p_true, q_model):
    one += a * (math.log(a) - math.log(b))
    other += b * (math.log(b) - math.log(a))
both_ways = [one, other]

# %% exam-gap
import math

lowest, models = math.exp(entropy_rate), 2**loss_in_bits
gap = [math.log(models / lowest), models / lowest]

# %% exam-gradient
import math

total = sum(math.exp(logit) for logit in three_logits)
slopes = []
for c, logit in enumerate(three_logits):
    slopes.append(math.exp(logit) / total - (1 if c == observed else 0))

# %% exam-steps
# As few steps as are asked for.
steps = Derivation("exam-steps", strict=False)
steps.start(Derivative(divergence, z[j]))
steps.step(
    "=",
    Derivative(
        Sum(p[k] * log(p[k]), (k, 1, V)) - Sum(p[k] * (z[k] - log(Sum(exp(z[i]), (i, 1, V)))), (k, 1, V)), z[j]
    ),
    because="the definition of y_hat",
)
steps.step("=", -p[j] + exp(z[j]) / Sum(exp(z[i]), (i, 1, V)), because="term by term")


# %% exam-batch-loss
import math


def batch_loss(logits, labels):
    total, count = 0.0, 0
    for b in range(len(labels)):
        for t in range(len(labels[b])):
            if labels[b][t] == -100:
                continue
            row = [float(x) for x in logits[b][t]]
            top = max(row)
            total += top + math.log(sum(math.exp(x - top) for x in row)) - row[labels[b][t]]
            count += 1
    return total / count

# %% exam-log
fault = "c) it is 2 to the power of the loss"
