# %% [markdown]
# Wrong answers to set 02, written from the prompts alone. A cell is one answer to the task in its head.

# %% best-log-likelihood most=0
# the sign: a loss
best_log_likelihood = -(6 * np.log(0.6) + 3 * np.log(0.3) + np.log(0.1))

# %% best-log-likelihood most=0
# bits
best_log_likelihood = 6 * np.log2(0.6) + 3 * np.log2(0.3) + np.log2(0.1)

# %% best-log-likelihood most=0
# with the number of orders, though the order is given
best_log_likelihood = 6 * np.log(0.6) + 3 * np.log(0.3) + np.log(0.1) + np.log(840)

# %% best-log-likelihood most=0
# the mean
best_log_likelihood = 0.6 * np.log(0.6) + 0.3 * np.log(0.3) + 0.1 * np.log(0.1)

# %% best-log-likelihood most=0
# the likelihood
best_log_likelihood = 0.6**6 * 0.3**3 * 0.1

# %% best-log-likelihood most=0
# uniform probabilities
best_log_likelihood = 10 * np.log(1 / 3)

# %% best-log-likelihood most=0
# each outcome once
best_log_likelihood = np.log(0.6) + np.log(0.3) + np.log(0.1)

# %% best-log-likelihood most=0
# common logarithm
best_log_likelihood = float(np.log10(0.6**6 * 0.3**3 * 0.1))

# %% best-log-likelihood most=0
# two digits only
best_log_likelihood = -9.0

# %% best-log-likelihood most=0
# add-one smoothing
best_log_likelihood = 6 * np.log(7 / 13) + 3 * np.log(4 / 13) + np.log(2 / 13)

# %% lagrangian-slope most=0.34
# the answer in one line
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", n[j] / theta[j] - lam, because="differentiate")

# %% lagrangian-slope most=0.34
# a letter changed, then the answer
i = index("i", V)
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(Sum(n[i] * log(theta[i]), (i, 1, V)) - lam * (Sum(theta[i], (i, 1, V)) - 1), theta[j]), because="k is i")
steps.step("=", n[j] / theta[j] - lam, because="differentiate")

# %% lagrangian-slope most=0.34
# the derivative of 7 added
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(7 + log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]), because="a constant")
steps.step("=", n[j] / theta[j] - lam, because="differentiate")

# %% lagrangian-slope most=0.34
# the answer, then the answer differently written
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", n[j] / theta[j] - lam, because="differentiate")
steps.step("=", -lam + n[j] / theta[j], because="commutative")

# %% lagrangian-slope most=0.34
# times a sum over one element
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]) * Sum(1, (k, 1, 1)), because="times 1")
steps.step("=", n[j] / theta[j] - lam, because="differentiate")

# %% lagrangian-slope
# the sum stays: every k has a slope
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam, because="linearity")
steps.step("=", Sum(n[k] / theta[k], (k, 1, V)) - lam, because="log' = 1/x")

# %% lagrangian-slope
# V lambdas
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam * Sum(1, (k, 1, V)), because="linearity")
steps.step("=", n[j] / theta[j] - lam * V, because="log' = 1/x")

# %% lagrangian-slope
# the sign of lambda
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam * Derivative(Sum(theta[k], (k, 1, V)), theta[j]), because="linearity")
steps.step("=", n[j] / theta[j] + lam, because="log' = 1/x")

# %% lagrangian-slope
# the derivative of the 1 is taken for −1
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam * (Derivative(Sum(theta[k], (k, 1, V)), theta[j]) - 1), because="linearity")
steps.step("=", n[j] / theta[j], because="1 − 1 = 0")

# %% lagrangian-slope
# unfinished: a derivative is left
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam * Derivative(Sum(theta[k], (k, 1, V)), theta[j]), because="linearity")
steps.step("=", Derivative(log_likelihood, theta[j]) - lam, because="the sum has slope 1")

# %% lagrangian-slope
# unfinished: the derivative of one logarithm is left
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam, because="linearity")
steps.step("=", n[j] * Derivative(log(theta[j]), theta[j]) - lam, because="only k = j")

# %% lagrangian-slope
# the slope set to zero: a conclusion, not the slope
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", n[j] / theta[j] - lam, because="rules")
steps.step("=", 0, because="at the maximum")

# %% lagrangian-slope
# the inner k instead of j
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam, because="linearity")
steps.step("=", n[k] / theta[k] - lam, because="log' = 1/x")

# %% lagrangian-slope
# n_j log θ_j is not differentiated
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam, because="linearity")
steps.step("=", n[j] * log(theta[j]) - lam, because="only k = j")

# %% lagrangian-slope
# 1/θ without the count
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam, because="linearity")
steps.step("=", 1 / theta[j] - lam, because="log' = 1/x")

# %% lagrangian-slope
# a wrong middle line, the right end
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Sum(n[k] / theta[k], (k, 1, V)) - lam * V, because="differentiate all")
steps.step("=", n[j] / theta[j] - lam, because="only k = j")

# %% lagrangian-slope
# a limit as the last line: the derivative by another name
from sympy import Limit, Symbol

h = Symbol("h")
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", n[j] * Derivative(log(theta[j]), theta[j]) - lam, because="only k = j")
steps.step("=", n[j] * Limit((log(theta[j] + h) - log(theta[j])) / h, h, 0) - lam, because="definition")

# %% lagrangian-slope
# a difference quotient with a tiny h
from sympy import Rational

ε = Rational(1, 10**15)
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", n[j] * Derivative(log(theta[j]), theta[j]) - lam, because="only k = j")
steps.step("=", n[j] * (log(theta[j] + ε) - log(theta[j])) / ε - lam, because="small h")

# %% lagrangian-slope
# starts with less: the constraint is left out and lambda put in later
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood, theta[j]))
steps.step("=", Sum(n[k] * KroneckerDelta(j, k) / theta[k], (k, 1, V)), because="term by term")
steps.step("=", n[j] / theta[j] - lam, because="with the multiplier")

# %% lagrangian-slope most=0
# nothing done
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))

# %% lagrangian-slope
# counted from 0
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Sum(n[k] * KroneckerDelta(j, k) / theta[k], (k, 0, V - 1)) - lam, because="term by term")
steps.step("=", n[j] / theta[j] - lam, because="only k = j")

# %% lagrangian-slope
# derived once too often
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(n[j] / theta[j] - lam, theta[j]), because="only k = j")
steps.step("=", -n[j] / theta[j] ** 2, because="1/x' = −1/x²")

# %% categorical-mle most=0
# lambda is still there
theta_hat = n[j] / lam

# %% categorical-mle most=0
# the summand has the wrong index: it is 1/V
theta_hat = n[j] / Sum(n[j], (k, 1, V))

# %% categorical-mle most=0
# counted from 0
theta_hat = n[j] / Sum(n[k], (k, 0, V - 1))

# %% categorical-mle most=0
# the last outcome is missing
theta_hat = n[j] / Sum(n[k], (k, 1, V - 1))

# %% categorical-mle most=0
# uniform
theta_hat = 1 / V

# %% categorical-mle most=0
# over the number of outcomes
theta_hat = n[j] / V

# %% categorical-mle most=0
# upside down
theta_hat = Sum(n[k], (k, 1, V)) / n[j]

# %% categorical-mle most=0
# add-one smoothing
theta_hat = (n[j] + 1) / (Sum(n[k], (k, 1, V)) + V)

# %% categorical-mle most=0
# a softmax of the counts
theta_hat = exp(n[j]) / Sum(exp(n[k]), (k, 1, V))

# %% categorical-mle most=0
# for outcome k, not j
theta_hat = n[k] / Sum(n[k], (k, 1, V))

# %% categorical-mle most=0
# over the other counts
theta_hat = n[j] / (Sum(n[k], (k, 1, V)) - n[j])

# %% categorical-mle most=0
# lambda cancels, but it occurs
from grader.algebra import over

theta_hat = over(lam * n[j], lam * Sum(n[k], (k, 1, V)))

# %% categorical-mle most=0
# theta as its own answer
theta_hat = theta[j]

# %% categorical-mle most=0
# theta in the denominator
theta_hat = n[j] / Sum(n[k] / theta[k], (k, 1, V))

# %% categorical-mle most=0
# the sum outside of the fraction: 1
theta_hat = Sum(n[k] / Sum(n[j], (j, 1, V)), (k, 1, V))

# %% categorical-mle most=0
# the logarithm of the estimate
theta_hat = log(n[j]) - log(Sum(n[k], (k, 1, V)))

# %% categorical-mle most=0
# squares
theta_hat = n[j] ** 2 / Sum(n[k] ** 2, (k, 1, V))

# %% bigram-probs
# sentences glued together: pairs across the ends
def bigram_probs(sentences, V):
    text = [x for s in sentences for x in s]
    counts = np.zeros((V, V))
    for a, b in zip(text, text[1:]):
        counts[a, b] += 1
    total = counts.sum(1, keepdims=True)
    return np.where(total > 0, counts / np.maximum(total, 1), 1 / V)

# %% bigram-probs
# 0/0 for rows without data
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
    return counts / counts.sum(1, keepdims=True)

# %% bigram-probs
# rows without data are left at 0
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
    return counts / np.maximum(counts.sum(1, keepdims=True), 1)

# %% bigram-probs
# uniform only where a token never occurs at all; last-only tokens give 0/0
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    seen = {x for s in sentences for x in s}
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
    for a in set(range(V)) - seen:
        counts[a] = 1
    return counts / counts.sum(1, keepdims=True)

# %% bigram-probs
# divided by how often the token occurs, its place at the end included
def bigram_probs(sentences, V):
    counts, ones = np.zeros((V, V)), np.zeros(V)
    for s in sentences:
        for x in s:
            ones[x] += 1
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
    out = np.full((V, V), 1 / V)
    rows = counts.sum(1) > 0
    out[rows] = counts[rows] / ones[rows, None]
    return out

# %% bigram-probs
# add-one smoothing
def bigram_probs(sentences, V):
    counts = np.ones((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
    return counts / counts.sum(1, keepdims=True)

# %% bigram-probs
# a tiny constant instead of the case: all but right where there are data
def bigram_probs(sentences, V):
    counts = np.full((V, V), 1e-3)
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
    return counts / counts.sum(1, keepdims=True)

# %% bigram-probs
# columns: the distribution of the token before
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[b, a] += 1
    total = counts.sum(1, keepdims=True)
    return np.where(total > 0, counts / np.maximum(total, 1), 1 / V)

# %% bigram-probs
# normalised over the columns
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
    total = counts.sum(0, keepdims=True)
    return np.where(total > 0, counts / np.maximum(total, 1), 1 / V)

# %% bigram-probs
# the joint distribution of the pairs
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
    return counts / counts.sum()

# %% bigram-probs
# counts, not probabilities
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
    return counts

# %% bigram-probs
# NumPy's += with lists adds a pair once only
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        counts[s[:-1], s[1:]] += 1
    total = counts.sum(1, keepdims=True)
    return np.where(total > 0, counts / np.maximum(total, 1), 1 / V)

# %% bigram-probs
# the last pair of each sentence is forgotten
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        for t in range(len(s) - 2):
            counts[s[t], s[t + 1]] += 1
    total = counts.sum(1, keepdims=True)
    return np.where(total > 0, counts / np.maximum(total, 1), 1 / V)

# %% bigram-probs
# any later token, not the next only
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        for i, a in enumerate(s):
            for b in s[i + 1:]:
                counts[a, b] += 1
    total = counts.sum(1, keepdims=True)
    return np.where(total > 0, counts / np.maximum(total, 1), 1 / V)

# %% bigram-probs
# V from the data
def bigram_probs(sentences, V):
    V = max(max(s) for s in sentences if s) + 1
    counts = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
    total = counts.sum(1, keepdims=True)
    return np.where(total > 0, counts / np.maximum(total, 1), 1 / V)

# %% bigram-probs
# the first sentence only
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for a, b in zip(sentences[0], sentences[0][1:]):
        counts[a, b] += 1
    total = counts.sum(1, keepdims=True)
    return np.where(total > 0, counts / np.maximum(total, 1), 1 / V)

# %% bigram-probs
# an unseen row falls back to the unigram distribution
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
    uni = np.bincount([x for s in sentences for x in s], minlength=V)
    for a in range(V):
        if not counts[a].any():
            counts[a] = uni
    return counts / counts.sum(1, keepdims=True)

# %% bigram-probs
# an integer table: all probabilities are cut to 0 or 1
def bigram_probs(sentences, V):
    counts = np.zeros((V, V), dtype=int)
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
    for a in range(V):
        counts[a] = counts[a] / counts[a].sum() if counts[a].any() else 1 / V
    return counts

# %% bigram-probs
# a wrap-around: s[-1] before s[0]
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        for t in range(len(s)):
            counts[s[t - 1], s[t]] += 1
    total = counts.sum(1, keepdims=True)
    return np.where(total > 0, counts / np.maximum(total, 1), 1 / V)

# %% bigram-probs most=0
# uniform always
def bigram_probs(sentences, V):
    return np.full((V, V), 1 / V)

# %% smoothed
# V is forgotten in the denominator
def smoothed(counts, alpha):
    return (counts + alpha) / (counts.sum(-1, keepdims=True) + alpha)

# %% smoothed
# one total for all rows
def smoothed(counts, alpha):
    c = counts + alpha
    return c / c.sum()

# %% smoothed
# over the first axis
def smoothed(counts, alpha):
    c = counts + alpha
    return c / c.sum(axis=0)

# %% smoothed
# len(counts) is not V for a table
def smoothed(counts, alpha):
    return (counts + alpha) / (counts.sum(-1, keepdims=True) + alpha * len(counts))

# %% smoothed
# divides first
def smoothed(counts, alpha):
    return counts / counts.sum(-1, keepdims=True) + alpha

# %% smoothed
# alpha only where nothing was seen
def smoothed(counts, alpha):
    c = np.where(counts == 0, alpha, counts)
    return c / c.sum(-1, keepdims=True)

# %% smoothed
# always one
def smoothed(counts, alpha):
    return (counts + 1) / (counts + 1).sum(-1, keepdims=True)

# %% smoothed
# alpha is ignored
def smoothed(counts, alpha):
    return counts / counts.sum(-1, keepdims=True)

# %% smoothed
# alpha for the row, α/V for each
def smoothed(counts, alpha):
    c = counts + alpha / counts.shape[-1]
    return c / c.sum(-1, keepdims=True)

# %% smoothed
# a whole alpha only
def smoothed(counts, alpha):
    c = counts + int(alpha)
    return c / c.sum(-1, keepdims=True)

# %% smoothed
# V counted as the outcomes that occurred
def smoothed(counts, alpha):
    seen = (counts > 0).sum(-1, keepdims=True)
    return (counts + alpha) / (counts.sum(-1, keepdims=True) + alpha * seen)

# %% smoothed
# the sum is not kept as an axis: right for one row only
def smoothed(counts, alpha):
    c = counts + alpha
    return c / c.sum(-1)

# %% smoothed
# two axes at most
def smoothed(counts, alpha):
    c = counts + alpha
    return c / c.sum(axis=1, keepdims=True) if c.ndim == 2 else c / c.sum()

# %% smoothed
# in place, in whole numbers: a fractional alpha is cut off
def smoothed(counts, alpha):
    c = counts.copy()
    c[...] = c + alpha
    return c / c.sum(-1, keepdims=True)

# %% smoothed
# a softmax
def smoothed(counts, alpha):
    e = np.exp(counts + alpha)
    return e / e.sum(-1, keepdims=True)

# %% smoothed
# the pretended counts
def smoothed(counts, alpha):
    return counts + alpha

# %% smoothed
# uniform when alpha is 0
def smoothed(counts, alpha):
    if not alpha:
        return np.full(counts.shape, 1 / counts.shape[-1])
    return (counts + alpha) / (counts + alpha).sum(-1, keepdims=True)

# %% smoothed most=0
# the example
def smoothed(counts, alpha):
    return np.array([0.5, 0.2, 0.3])

# %% page-without-typos most=0
# the share of pages without typos
prob_without_typos = 1 / 5

# %% page-without-typos most=0
# the probability of at least one typo
prob_without_typos = 1 - np.exp(-2)

# %% page-without-typos most=0
# the sign of the exponent
prob_without_typos = np.exp(2)

# %% page-without-typos most=0
# exactly one typo
prob_without_typos = 2 * np.exp(-2)

# %% page-without-typos most=0
# no typo on all five pages
prob_without_typos = np.exp(-10)

# %% page-without-typos most=0
# lambda itself
prob_without_typos = 2

# %% page-without-typos most=0
# pages with typos only: lambda = 2.5
prob_without_typos = np.exp(-2.5)

# %% page-without-typos most=0
# per cent
prob_without_typos = 13.5

# %% page-without-typos most=0
# two digits
prob_without_typos = 0.14

# %% standard-error most=0
# the variance
standard_error = 0.21 / 500

# %% standard-error most=0
# for one toss
standard_error = np.sqrt(0.21)

# %% standard-error most=0
# of the number of heads
standard_error = np.sqrt(500 * 0.21)

# %% standard-error most=0
# the information is not turned round
standard_error = np.sqrt(500 / 0.21)

# %% standard-error most=0
# sqrt(1 / (n θ (1 − θ)))
standard_error = np.sqrt(1 / (500 * 0.21))

# %% standard-error most=0
# n not under the root
standard_error = np.sqrt(0.21) / 500

# %% standard-error most=0
# a 95 % interval's half width
standard_error = 1.96 * np.sqrt(0.21 / 500)

# %% standard-error most=0
# one digit
standard_error = 0.02

# %% standard-error most=0
# θ instead of θ (1 − θ)
standard_error = np.sqrt(0.3 / 500)

# %% moves-the-maximum most=0
# the logarithm
moves = "a"

# %% moves-the-maximum most=0
# a constant factor
moves = "b"

# %% moves-the-maximum most=0
# two at once
moves = "b and d"

# %% moves-the-maximum most=0
# excludes the right one
moves = "not d"

# %% lagrangian-slope most=0.34
# the derivative of V is added
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]) + Derivative(V * lam, theta[j]), because="plus 0")
steps.step("=", n[j] / theta[j] - lam, because="differentiate")

# %% lagrangian-slope
# a name hides the derivative in the last line
from grader.algebra import define

g = define("g_{%s}", lambda x: Derivative(log_likelihood, theta[x]))
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam, because="linearity")
steps.step("=", g(j) - lam, because="g is the first slope")

# %% categorical-mle most=0
# the thetas stand in the denominator, as if they summed to 1
theta_hat = n[j] / Sum(n[k] * Sum(theta[k], (k, 1, V)), (k, 1, V))

# %% bigram-probs
# a row without data gets its one in the first column
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
    counts[~counts.any(axis=1), 0] = 1
    return counts / counts.sum(1, keepdims=True)


# %% best-log-likelihood
# the coefficient for any order
best_log_likelihood = np.log(840) + 6 * np.log(0.6) + 3 * np.log(0.3) + np.log(0.1)

# %% best-log-likelihood
# per draw
best_log_likelihood = 0.6 * np.log(0.6) + 0.3 * np.log(0.3) + 0.1 * np.log(0.1)

# %% best-log-likelihood
# the likelihood
best_log_likelihood = 0.6**6 * 0.3**3 * 0.1

# %% best-log-likelihood
# without the sign
best_log_likelihood = 8.979

# %% best-log-likelihood
# bits
best_log_likelihood = -12.955

# %% best-log-likelihood
# a text
best_log_likelihood = "-8.979"

# %% best-log-likelihood
# the uniform model
best_log_likelihood = 10 * np.log(1 / 3)

# %% bigram-probs
# pairs across sentences
def bigram_probs(sentences, V):
    flat = [t for s in sentences for t in s]
    c = np.zeros((V, V))
    for a, b in zip(flat, flat[1:]):
        c[a, b] += 1
    c[c.sum(1) == 0] = 1
    return c / c.sum(1, keepdims=True)

# %% bigram-probs
# += with repeated indices counts once
def bigram_probs(sentences, V):
    c = np.zeros((V, V))
    for s in sentences:
        c[s[:-1], s[1:]] += 1
    c[c.sum(1) == 0] = 1
    return c / c.sum(1, keepdims=True)

# %% bigram-probs
# divides by occurrences, the last token of a sentence included
def bigram_probs(sentences, V):
    c, n = np.zeros((V, V)), np.zeros(V)
    for s in sentences:
        for t in s:
            n[t] += 1
        for a, b in zip(s, s[1:]):
            c[a, b] += 1
    return np.where(c.sum(1, keepdims=True) > 0, c / np.maximum(n, 1)[:, None], 1 / V)

# %% bigram-probs
# uniform over the tokens that occur
def bigram_probs(sentences, V):
    c = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            c[a, b] += 1
    seen = np.array([any(t in s for s in sentences) for t in range(V)], dtype=float)
    c[c.sum(1) == 0] = seen
    return c / c.sum(1, keepdims=True)

# %% bigram-probs
# a row of zeros for what has no successor
def bigram_probs(sentences, V):
    c = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            c[a, b] += 1
    return c / np.maximum(c.sum(1, keepdims=True), 1)

# %% bigram-probs
# nan_to_num puts 0 for 0/0, then a uniform only for tokens that never occur
def bigram_probs(sentences, V):
    c = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            c[a, b] += 1
    with np.errstate(all="ignore"):
        p = np.nan_to_num(c / c.sum(1, keepdims=True))
    for t in range(V):
        if not any(t in s for s in sentences):
            p[t] = 1 / V
    return p

# %% bigram-probs
# both directions
def bigram_probs(sentences, V):
    c = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            c[a, b] += 1
            c[b, a] += 1
    c[c.sum(1) == 0] = 1
    return c / c.sum(1, keepdims=True)

# %% bigram-probs
# all pairs i < j of a sentence, not neighbours only
from itertools import combinations
def bigram_probs(sentences, V):
    c = np.zeros((V, V))
    for s in sentences:
        for a, b in combinations(s, 2):
            c[a, b] += 1
    c[c.sum(1) == 0] = 1
    return c / c.sum(1, keepdims=True)

# %% bigram-probs
# identical sentences count once
def bigram_probs(sentences, V):
    c = np.zeros((V, V))
    for s in {tuple(s) for s in sentences}:
        for a, b in zip(s, s[1:]):
            c[a, b] += 1
    c[c.sum(1) == 0] = 1
    return c / c.sum(1, keepdims=True)

# %% smoothed
# alpha in the numerator only
def smoothed(counts, alpha):
    return (counts + alpha) / counts.sum(-1, keepdims=True)

# %% smoothed
# alpha once in the denominator
def smoothed(counts, alpha):
    return (counts + alpha) / (counts.sum(-1, keepdims=True) + alpha)

# %% smoothed
# a whole alpha only
def smoothed(counts, alpha):
    c = counts + int(alpha)
    return c / c.sum(-1, keepdims=True)

# %% smoothed
# the whole table sums to 1
def smoothed(counts, alpha):
    c = counts + alpha
    return c / c.sum()

# %% smoothed
# the first axis of tables
def smoothed(counts, alpha):
    c = counts + alpha
    return c / c.sum(0)

# %% smoothed
# only the unseen get alpha
def smoothed(counts, alpha):
    c = np.where(counts == 0, counts + alpha, counts)
    return c / c.sum(-1, keepdims=True)

# %% smoothed
# alpha / V for each, as in label smoothing
def smoothed(counts, alpha):
    c = counts + alpha / counts.shape[-1]
    return c / c.sum(-1, keepdims=True)

# %% smoothed
# rounded to two decimals
def smoothed(counts, alpha):
    c = counts + alpha
    return np.round(c / c.sum(-1, keepdims=True), 2)

# %% smoothed
# 1-D and 2-D only
def smoothed(counts, alpha):
    c = counts + alpha
    return c / (c.sum() if c.ndim == 1 else c.sum(1)[:, None])

# %% page-without-typos
# the share of pages
prob_without_typos = 1 / 5

# %% page-without-typos
# lambda
prob_without_typos = 2

# %% page-without-typos
# the mean over the pages with typos
prob_without_typos = np.exp(-2.5)

# %% page-without-typos
# per cent
prob_without_typos = 13.5

# %% standard-error
# the variance
standard_error = 0.21 / 500

# %% standard-error
# of the number of heads
standard_error = np.sqrt(0.21 * 500)

# %% standard-error
# n - 1... and one toss
standard_error = np.sqrt(0.21)

# %% standard-error
# two digits short
standard_error = 0.02

# %% moves-the-maximum
# all that changes the value
moves = "b"

# %% moves-the-maximum
# the text of the answer, cut from another choice
moves = "c, and perhaps d"

# %% bigram-probs
# a token after itself is skipped
def bigram_probs(sentences, V):
    c = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            if a != b:
                c[a, b] += 1
    c[c.sum(1) == 0] = 1
    return c / c.sum(1, keepdims=True)

# %% bigram-probs
# counts in 8 bits
def bigram_probs(sentences, V):
    c = np.zeros((V, V), dtype=np.uint8)
    for s in sentences:
        for a, b in zip(s, s[1:]):
            c[a, b] += 1
    c[c.sum(1) == 0] = 1
    return c / c.sum(1, keepdims=True)

# %% smoothed
# at alpha 0 the whole table is divided by its sum
def smoothed(counts, alpha):
    c = counts + alpha
    return c / (c.sum(-1, keepdims=True) if alpha else c.sum())

# %% smoothed
# alpha below 1 is taken for 1
def smoothed(counts, alpha):
    c = counts + (max(alpha, 1) if alpha else 0)
    return c / c.sum(-1, keepdims=True)

# %% lagrangian-slope most=0.34
# the answer alone
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", n[j] / theta[j] - lam, because="calculus")
steps

# %% lagrangian-slope most=0.34
# other letters, then the answer
steps = Derivation("lagrangian-slope", strict=False)
b = index("b", V)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(Sum(n[b] * log(theta[b]), (b, 1, V)) - lam * (Sum(theta[b], (b, 1, V)) - 1), theta[j]), because="a new letter")
steps.step("=", n[j] / theta[j] - lam, because="calculus")
steps

# %% lagrangian-slope
# plus lambda
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam * Derivative(Sum(theta[k], (k, 1, V)) - 1, theta[j]), because="linearity")
steps.step("=", n[j] / theta[j] + lam, because="minus minus")
steps

# %% lagrangian-slope
# forgets that only k = j depends on theta_j
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Sum(n[k] / theta[k], (k, 1, V)) - lam * V, because="derivative term by term")
steps.step("=", n[j] / theta[j] - lam, because="for j")
steps

# %% lagrangian-slope
# stops with a derivative
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam * Derivative(Sum(theta[k], (k, 1, V)), theta[j]), because="linearity")
steps.step("=", Derivative(log_likelihood, theta[j]) - lam, because="the sum has slope 1")
steps

# %% lagrangian-slope most=0.34
# adds and subtracts lambda theta_j inside, then the answer
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]) + Sum(n[k], (k, 1, V)) - Sum(n[j], (j, 1, V)), because="plus and minus the same")
steps.step("=", n[j] / theta[j] - lam, because="calculus")
steps

# %% lagrangian-slope most=0.34
# the derivative written as minus the derivative of minus, then the answer
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", -Derivative(lam * (Sum(theta[k], (k, 1, V)) - 1) - log_likelihood, theta[j]), because="minus out")
steps.step("=", n[j] / theta[j] - lam, because="calculus")
steps

# %% lagrangian-slope
# solves for theta at once: the line is 0 at the maximum only
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", n[j] / theta[j] - lam, because="calculus")
steps.step("=", 0, because="at the maximum")
steps

# %% lagrangian-slope most=0.34
# a difference quotient with a tiny step for an answer
from sympy import Rational
eps = Rational(1, 10**15)
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", n[j] * (log(theta[j] + eps) - log(theta[j])) / eps - lam, because="a small step")
steps

# %% categorical-mle
# the free letter is k, not j
theta_hat = n[k] / Sum(n[j], (j, 1, V))

# %% categorical-mle
# sums the same count V times
theta_hat = n[j] / Sum(n[j], (k, 1, V))

# %% categorical-mle
# add-one
theta_hat = (n[j] + 1) / Sum(n[k] + 1, (k, 1, V))

# %% categorical-mle
# the last outcome is left out
theta_hat = n[j] / Sum(n[k], (k, 1, V - 1))

# %% categorical-mle
# softmax of the counts
theta_hat = exp(n[j]) / Sum(exp(n[k]), (k, 1, V))

# %% categorical-mle
# lambda still in it
theta_hat = n[j] / positive("lambda")

# %% categorical-mle
# counts from 0
theta_hat = n[j] / Sum(n[k], (k, 0, V - 1))

# %% categorical-mle
# the difference quotient's cousin: a tiny constant in the denominator
theta_hat = n[j] / (Sum(n[k], (k, 1, V)) + 10**-6)

# %% lagrangian-slope most=0.34
# a delta picks the start itself, then the answer
steps = Derivation("lagrangian-slope", strict=False)
i = index("i", V)
L = log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1)
steps.start(Derivative(L, theta[j]))
steps.step("=", Sum(KroneckerDelta(i, j) * Derivative(L, theta[i]), (i, 1, V)), because="the delta picks i = j")
steps.step("=", n[j] / theta[j] - lam, because="calculus")
steps

# %% lagrangian-slope most=0.34
# V equal shares of the start, then the answer
steps = Derivation("lagrangian-slope", strict=False)
i = index("i", V)
L = log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1)
steps.start(Derivative(L, theta[j]))
steps.step("=", Sum(Derivative(L / V, theta[j]), (i, 1, V)), because="V equal shares")
steps.step("=", n[j] / theta[j] - lam, because="calculus")
steps

# %% lagrangian-slope most=0.34
# a constant is added under the derivative, then the answer
steps = Derivation("lagrangian-slope", strict=False)
i = index("i", V)
L = log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1)
steps.start(Derivative(L, theta[j]))
steps.step("=", Derivative(L + Sum(n[i], (i, 1, V)), theta[j]), because="a constant has no slope")
steps.step("=", n[j] / theta[j] - lam, because="calculus")
steps

# %% lagrangian-slope most=0.34
# the chain rule there and back: log of exp of the start
steps = Derivation("lagrangian-slope", strict=False)
L = log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1)
steps.start(Derivative(L, theta[j]))
steps.step("=", Derivative(L * n[j], theta[j]) / n[j], because="a constant factor")
steps.step("=", n[j] / theta[j] - lam, because="calculus")
steps

# %% lagrangian-slope most=0.34
# only lambda's term in V equal shares, then the answer
steps = Derivation("lagrangian-slope", strict=False)
i = index("i", V)
L = log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1)
steps.start(Derivative(L, theta[j]))
steps.step("=", Sum(n[i] * Derivative(L, theta[j]), (i, 1, V)) / Sum(n[i], (i, 1, V)), because="a mean of equal terms")
steps.step("=", n[j] / theta[j] - lam, because="calculus")
steps

# %% lagrangian-slope most=0.34
# an integrating factor there and back, then the answer
steps = Derivation("lagrangian-slope", strict=False)
L = log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1)
steps.start(Derivative(L, theta[j]))
steps.step("=", (Derivative(theta[j] * L, theta[j]) - L) / theta[j], because="product rule backwards")
steps.step("=", n[j] / theta[j] - lam, because="calculus")
steps

# %% best-log-likelihood most=0
# the order does not matter: with the multinomial coefficient
import math

best_log_likelihood = 6 * np.log(0.6) + 3 * np.log(0.3) + np.log(0.1) + math.log(math.comb(10, 6) * math.comb(4, 3))

# %% best-log-likelihood most=0
# uniform probabilities
best_log_likelihood = 10 * np.log(1 / 3)

# %% best-log-likelihood most=0
# per draw
best_log_likelihood = -0.898

# %% best-log-likelihood most=0
# the loss
best_log_likelihood = 8.979

# %% best-log-likelihood most=0
# the likelihood
best_log_likelihood = 0.6**6 * 0.3**3 * 0.1

# %% best-log-likelihood most=0
# in bits
best_log_likelihood = -12.95

# %% best-log-likelihood most=0
# counts forgotten
best_log_likelihood = np.log(0.6) + np.log(0.3) + np.log(0.1)

# %% best-log-likelihood most=0
# two digits
best_log_likelihood = -9

# %% best-log-likelihood most=0
# smoothed by one
best_log_likelihood = 6 * np.log(7 / 13) + 3 * np.log(4 / 13) + np.log(2 / 13)

# %% lagrangian-slope most=0.34
# the answer alone
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope most=0.34
# brackets opened, then the answer
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood - lam * Sum(theta[k], (k, 1, V)) + lam, theta[j]))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope most=0.34
# a derivative of a constant added, then the answer
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]) + Derivative(lam**2, theta[j]))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope most=0.34
# the answer with a factor that is a sum of deltas
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", (n[j] / theta[j] - lam) * Sum(KroneckerDelta(j, k), (k, 1, V)))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope most=0.34
# the answer dressed as a sum over a delta
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Sum((n[j] / theta[j] - lam) / V, (k, 1, V)))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope most=0.67
# the derivative of the logarithm forgotten
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam * Derivative(Sum(theta[k], (k, 1, V)), theta[j]))
steps.step("=", n[j] * log(theta[j]) - lam)

# %% lagrangian-slope most=0.67
# all lambdas instead of one
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam * Derivative(Sum(theta[k], (k, 1, V)), theta[j]))
steps.step("=", n[j] / theta[j] - lam * V)

# %% lagrangian-slope most=0.67
# the sum is still there
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam * Derivative(Sum(theta[k], (k, 1, V)), theta[j]))
steps.step("=", Sum(n[k] / theta[k], (k, 1, V)) - lam)

# %% lagrangian-slope most=0
# set to 0 too early
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", 0)

# %% lagrangian-slope most=0.34
# a question of its own: another start
steps = Derivation("lagrangian-slope", strict=False)
steps.start(n[j] / theta[j] - lam)
steps.step("=", n[j] / theta[j] - lam * 1)

# %% lagrangian-slope most=0.67
# a difference quotient at the end
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam)
steps.step("=", n[j] * (log(theta[j] + theta[j] * 10**-30) - log(theta[j])) / (theta[j] * 10**-30) - lam)

# %% categorical-mle most=0
# the count alone
theta_hat = n[j]

# %% categorical-mle most=0
# over the number of outcomes
theta_hat = n[j] / V

# %% categorical-mle most=0
# the sum of shares
theta_hat = Sum(n[j] / n[k], (k, 1, V))

# %% categorical-mle most=0
# the sum from 0
theta_hat = n[j] / Sum(n[k], (k, 0, V - 1))

# %% categorical-mle most=0
# smoothed by one
theta_hat = (n[j] + 1) / (Sum(n[k], (k, 1, V)) + V)

# %% categorical-mle most=0
# right for three outcomes
theta_hat = n[j] / (n[1] + n[2] + n[3])

# %% categorical-mle most=0
# the softmax of the counts
theta_hat = exp(n[j]) / Sum(exp(n[k]), (k, 1, V))

# %% categorical-mle most=0
# in terms of a multiplier that is not eliminated
from grader.algebra import positive

theta_hat = n[j] / positive("lambda")

# %% categorical-mle most=0
# a text
theta_hat = "n[j] / Sum(n[k], (k, 1, V))"

# %% categorical-mle most=0
# the sum stops one early
theta_hat = n[j] / Sum(n[k], (k, 1, V - 1))

# %% bigram-probs
# the last token of one sentence and the first of the next
def bigram_probs(sentences, V):
    flat = [t for s in sentences for t in s]
    counts = np.zeros((V, V))
    for a, b in zip(flat, flat[1:]):
        counts[a, b] += 1
    counts[counts.sum(1) == 0] = 1
    return counts / counts.sum(1, keepdims=True)


# %% bigram-probs
# repeated pairs count once
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        counts[s[:-1], s[1:]] += 1
    counts[counts.sum(1) == 0] = 1
    return counts / counts.sum(1, keepdims=True)


# %% bigram-probs
# over how often the token occurs, the last place included
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    seen = np.zeros(V)
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
        for a in s:
            seen[a] += 1
    return np.where(counts.sum(1, keepdims=True) > 0, counts / np.maximum(seen, 1)[:, None], 1 / V)


# %% bigram-probs
# uniform only for tokens that never occur, 0 for one that is only last
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    seen = {t for s in sentences for t in s}
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
    for a in range(V):
        counts[a] = counts[a] / max(counts[a].sum(), 1) if a in seen else 1 / V
    return counts


# %% bigram-probs
# add-one smoothing
def bigram_probs(sentences, V):
    counts = np.ones((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
    return counts / counts.sum(1, keepdims=True)


# %% bigram-probs
# columns instead of rows
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[b, a] += 1
    counts[counts.sum(1) == 0] = 1
    return counts / counts.sum(1, keepdims=True)


# %% bigram-probs
# joint probabilities
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
    return counts / counts.sum()


# %% bigram-probs
# the order within a pair does not matter
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
            counts[b, a] += 1
    counts[counts.sum(1) == 0] = 1
    return counts / counts.sum(1, keepdims=True)


# %% bigram-probs
# pairs from every other place: zip(s[::2], s[1::2])
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s[::2], s[1::2]):
            counts[a, b] += 1
    counts[counts.sum(1) == 0] = 1
    return counts / counts.sum(1, keepdims=True)


# %% bigram-probs
# every token that comes later in the sentence
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        for i, a in enumerate(s):
            for b in s[i + 1 :]:
                counts[a, b] += 1
    counts[counts.sum(1) == 0] = 1
    return counts / counts.sum(1, keepdims=True)


# %% bigram-probs
# as many tokens as occur
def bigram_probs(sentences, V):
    V = max(max(s) for s in sentences) + 1
    counts = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
    counts[counts.sum(1) == 0] = 1
    return counts / counts.sum(1, keepdims=True)


# %% bigram-probs
# counts of earlier calls stay
_counts = {}


def bigram_probs(sentences, V):
    counts = _counts.setdefault(V, np.zeros((V, V)))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
    filled = np.where(counts.sum(1, keepdims=True) > 0, counts, 1)
    return filled / filled.sum(1, keepdims=True)


# %% bigram-probs
# a token followed by itself is skipped
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += a != b
    counts[counts.sum(1) == 0] = 1
    return counts / counts.sum(1, keepdims=True)


# %% bigram-probs
# a uniform row over the tokens that occur
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    seen = sorted({t for s in sentences for t in s})
    for s in sentences:
        for a, b in zip(s, s[1:]):
            counts[a, b] += 1
    for a in range(V):
        if not counts[a].any():
            counts[a, seen] = 1
    return counts / counts.sum(1, keepdims=True)


# %% smoothed
# alpha once, not once for each outcome
def smoothed(counts, alpha):
    return (counts + alpha) / (counts.sum(-1, keepdims=True) + alpha)


# %% smoothed
# the first axis
def smoothed(counts, alpha):
    table = counts + alpha
    return table / table.sum(0)


# %% smoothed
# everything is one distribution
def smoothed(counts, alpha):
    table = counts + alpha
    return table / table.sum()


# %% smoothed
# alpha after dividing
def smoothed(counts, alpha):
    return counts / counts.sum(-1, keepdims=True) + alpha


# %% smoothed
# only the zeros are raised
def smoothed(counts, alpha):
    table = np.where(counts == 0, alpha, counts)
    return table / table.sum(-1, keepdims=True)


# %% smoothed
# alpha is always 1
def smoothed(counts, alpha):
    return (counts + 1) / (counts.sum(-1, keepdims=True) + counts.shape[-1])


# %% smoothed
# an alpha of 0 becomes a little one
def smoothed(counts, alpha):
    table = counts + (alpha or 1e-3)
    return table / table.sum(-1, keepdims=True)


# %% smoothed
# alpha as a whole number
def smoothed(counts, alpha):
    table = counts + int(alpha)
    return table / table.sum(-1, keepdims=True)


# %% smoothed
# a row of the batch only when there are two axes
def smoothed(counts, alpha):
    table = counts + alpha
    return table / table.sum(1, keepdims=True) if table.ndim == 2 else table / table.sum()


# %% smoothed
# the number of different counts instead of outcomes
def smoothed(counts, alpha):
    return (counts + alpha) / (counts.sum(-1, keepdims=True) + alpha * (counts > 0).sum(-1, keepdims=True))


# %% smoothed
# three outcomes
def smoothed(counts, alpha):
    return (counts + alpha) / (counts.sum(-1, keepdims=True) + 3 * alpha)


# %% smoothed
# rounded
def smoothed(counts, alpha):
    table = counts + alpha
    return np.round(table / table.sum(-1, keepdims=True), 3)


# %% smoothed
# whole numbers from a buffer of the counts' dtype
def smoothed(counts, alpha):
    result = np.zeros_like(counts)
    result[...] = (counts + alpha) / (counts.sum(-1, keepdims=True) + counts.shape[-1] * alpha)
    return result


# %% page-without-typos most=0
# the share of pages without one
prob_without_typos = 0.2

# %% page-without-typos most=0
# the estimate of lambda
prob_without_typos = 2

# %% page-without-typos most=0
# per book
prob_without_typos = np.exp(-10)

# %% page-without-typos most=0
# at least one typo
prob_without_typos = 1 - np.exp(-2)

# %% page-without-typos most=0
# the variance instead of the mean
prob_without_typos = np.exp(-2.5)

# %% page-without-typos most=0
# mean of exponentials
prob_without_typos = np.exp(-np.array([2, 0, 3, 1, 4])).mean()

# %% page-without-typos most=0
# the log
prob_without_typos = -2.0

# %% page-without-typos most=0
# two digits only
prob_without_typos = 0.14

# %% page-without-typos most=0
# one typo
prob_without_typos = 2 * np.exp(-2)

# %% standard-error most=0
# the variance
standard_error = 0.3 * 0.7 / 500

# %% standard-error most=0
# of one toss
standard_error = np.sqrt(0.21)

# %% standard-error most=0
# of the number of heads
standard_error = np.sqrt(0.21 * 500)

# %% standard-error most=0
# the information of all tosses
standard_error = 500 / 0.21

# %% standard-error most=0
# divided by n after the root
standard_error = np.sqrt(0.21) / 500

# %% standard-error most=0
# for a fair coin
standard_error = np.sqrt(0.25 / 500)

# %% standard-error most=0
# a 95 % interval
standard_error = 1.96 * np.sqrt(0.21 / 500)

# %% standard-error most=0
# in percent
standard_error = 2.05

# %% standard-error most=0
# root of theta over n
standard_error = np.sqrt(0.3 / 500)

# %% moves-the-maximum most=0
moves = "b"

# %% moves-the-maximum most=0
moves = "none of them"

# %% moves-the-maximum most=0
moves = "c and d"

# %% moves-the-maximum most=0
moves = {"d", "b"}

# %% moves-the-maximum most=0
moves = 4

# %% moves-the-maximum most=0
moves = "d is wrong, so a"

# %% lagrangian-slope most=0.34
# half of the start, half of the answer
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]) / 2 + (n[j] / theta[j] - lam) / 2)
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope most=0.34
# the answer times the derivative of theta with respect to itself
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", n[j] / theta[j] - lam * Sum(theta[k] / theta[k], (k, j, j)))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope most=0.34
# the answer as an average over all outcomes
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Sum(n[j] / theta[j] - lam, (k, 1, V)) / V)
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope most=0.34
# the answer and a sum over deltas that is 0
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", n[j] / theta[j] - lam + Sum((k - j) * KroneckerDelta(k, j), (k, 1, V)))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope most=0.34
# the answer, times a sum of deltas written as cases
from sympy import Eq, Piecewise

steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", (n[j] / theta[j] - lam) * Sum(Piecewise((1, Eq(k, j)), (0, True)), (k, 1, V)))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope most=0.34
# the answer, with a sum over a delta added and taken away
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", n[j] / theta[j] - lam + Sum(theta[k] * KroneckerDelta(k, j), (k, 1, V)) - theta[j])
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope most=0.34
# every term of the answer with a sum of deltas
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", n[j] / theta[j] * Sum(KroneckerDelta(k, j), (k, 1, V)) - lam * Sum(KroneckerDelta(k, j), (k, 1, V)))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope most=0.34
# the whole answer in a sum over a delta
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Sum((n[j] / theta[j] - lam) * KroneckerDelta(k, j), (k, 1, V)))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope most=0.34
# the answer, and the slope of a constant
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", n[j] / theta[j] - lam + Derivative(lam**2, theta[j]))
steps.step("=", n[j] / theta[j] - lam)
