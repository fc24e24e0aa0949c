# Plain loops, and the same numbers by other roads.

# %% answer-score
import math

score = math.log(math.exp(-4.7) / math.exp(-1.6))


# %% answer-log-prob
import math


def answer_log_prob(logits, tokens, prompt_length):
    total = 0.0
    for place in range(prompt_length, len(tokens)):
        row = [float(z) for z in logits[place - 1]]
        top = max(row)
        total += row[tokens[place]] - top - math.log(sum(math.exp(z - top) for z in row))
    return total


# %% table-audit
import math


def kind_of(table):
    kinds = {"nats": math.exp, "bits": lambda x: math.pow(2.0, x), "probabilities": lambda x: x if x >= 0 else math.nan}
    for kind, undo in kinds.items():
        good = True
        for row in table.tolist():
            try:
                good = good and abs(math.fsum(undo(x) for x in row) - 1) < 1e-6
            except OverflowError:
                good = False
        if good:
            return kind
    return "not normalised"


# %% prompt-change
changed = "D"


# %% rank-candidates
def rank(log_probs, texts, rule):
    scores = []
    for own, text in zip(log_probs, texts):
        total = 0.0
        for x in own:
            total += x
        scores.append(total / (len(own) if rule == "token" else len(bytes(text, "utf-8")) if rule == "byte" else 1))
    order = []
    while len(order) < len(scores):
        left = [n for n in range(len(scores)) if n not in order]
        order.append(max(left, key=lambda n: scores[n]))
    return order


# %% greedy-regret
lost = log(p_b) + log(m_b) - log(p_a) - log(m_a)


# %% beam-search
def beam_search(log_probs, width, length):
    beam = {(): 0.0}
    for _ in range(length):
        found = {}
        for text, score in beam.items():
            if text[-1:] == (0,):
                found[text] = score
            else:
                for token, step in enumerate(log_probs[text[-1] if text else 0]):
                    found[(*text, token)] = score + step
        best = sorted(found, key=found.get)[-width:]
        beam = {text: found[text] for text in best}
        if all(text[-1] == 0 for text in beam):
            break
    return list(max(beam, key=beam.get))


# %% two-sequences
import math

total = math.log(0.4 * 0.25 * 0.5)

# %% scheduled-steps
# the chain rule, with the derivative of the softmax
steps = Derivation("scheduled-steps", strict=False)
steps.start(Derivative(loss, z[j]))
steps.step(
    "=",
    -eps * p_a * Sum(g[k] * (KroneckerDelta(j, k) - y_hat(j)), (k, 1, V))
    - (1 - eps) * q_a * Sum(h[k] * (KroneckerDelta(j, k) - y_hat(j)), (k, 1, V)),
    because="the derivative of the logarithm of the softmax",
)
steps.step(
    "=",
    eps * p_a * (y_hat(j) - g[j]) + (1 - eps) * q_a * (y_hat(j) - h[j]),
    because="the delta picks one term, and the distributions sum to 1",
)
steps
