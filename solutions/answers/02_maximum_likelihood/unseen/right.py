# %% [markdown]
# Right answers in odd forms to set 02, written from the prompts alone. A cell is one answer to the task in its head.

# %% best-log-likelihood
# Counter over the draws themselves
from collections import Counter

draws = "AAAAAABBBC"
count = Counter(draws)
best_log_likelihood = sum(np.log(count[x] / len(draws)) for x in draws)

# %% best-log-likelihood
# SymPy's exact value
from sympy import Rational, log

best_log_likelihood = 6 * log(Rational(6, 10)) + 3 * log(Rational(3, 10)) + log(Rational(1, 10))

# %% best-log-likelihood
# minus ten entropies, SciPy
from scipy.stats import entropy

best_log_likelihood = -10 * entropy([6, 3, 1])

# %% best-log-likelihood
# PyTorch in float32, shape (1,)
import torch

n = torch.tensor([[6.0, 3.0, 1.0]])
best_log_likelihood = torch.xlogy(n, n / n.sum()).sum(dim=1)

# %% best-log-likelihood
# three digits, in a list
best_log_likelihood = [-8.98]

# %% best-log-likelihood
# decimals
from decimal import Decimal

best_log_likelihood = 6 * Decimal("0.6").ln() + 3 * Decimal("0.3").ln() + Decimal("0.1").ln()

# %% best-log-likelihood
# the logarithm of an exact fraction by mpmath
import mpmath

best_log_likelihood = mpmath.log(mpmath.mpf(6**6 * 3**3) / 10**10)

# %% best-log-likelihood
# maximised by SciPy, without the formula
from scipy.optimize import minimize

found = minimize(lambda z: -(6 * z[0] + 3 * z[1] - 10 * np.log(np.exp(z[0]) + np.exp(z[1]) + 1)), [0.0, 0.0], tol=1e-12)
best_log_likelihood = -found.fun

# %% lagrangian-slope
# linearity, then Kronecker's delta, then sifting
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Sum(n[k] * Derivative(log(theta[k]), theta[j]), (k, 1, V)) - lam * Sum(Derivative(theta[k], theta[j]), (k, 1, V)), because="linearity")
steps.step("=", Sum(n[k] * KroneckerDelta(j, k) / theta[k], (k, 1, V)) - lam * Sum(KroneckerDelta(j, k), (k, 1, V)), because="∂θ_k/∂θ_j = δ")
steps.step("=", n[j] / theta[j] - lam, because="only k = j is left")

# %% lagrangian-slope
# two derivatives, the second one done first
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam, because="the sum of all thetas has the slope 1")
steps.step("=", n[j] / theta[j] - lam, because="d log x / dx = 1/x")

# %% lagrangian-slope
# terms without theta_j are constants
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(n[j] * log(theta[j]) - lam * theta[j], theta[j]), because="the other terms do not depend on θ_j")
steps.step("=", n[j] * Derivative(log(theta[j]), theta[j]) - lam * Derivative(theta[j], theta[j]), because="linearity")
steps.step("=", n[j] / theta[j] - lam, because="log' = 1/x")

# %% lagrangian-slope
# the multiplier multiplied out; another letter for the sum
i = index("i", V)
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(Sum(n[i] * log(theta[i]), (i, 1, V)) - lam * Sum(theta[i], (i, 1, V)) + lam, theta[j]), because="ausmultipliziert")
steps.step("=", Derivative(Sum(n[i] * log(theta[i]) - lam * theta[i], (i, 1, V)), theta[j]), because="λ ist eine Konstante")
steps.step("=", Sum((n[i] / theta[i] - lam) * KroneckerDelta(i, j), (i, 1, V)), because="gliedweise")
steps.step("=", n[j] / theta[j] - lam, because="nur i = j bleibt")

# %% lagrangian-slope
# Piecewise in place of the delta
from sympy import Eq, Piecewise

steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Sum(Piecewise((n[k] / theta[k], Eq(k, j)), (0, True)), (k, 1, V)) - lam * Sum(Piecewise((1, Eq(k, j)), (0, True)), (k, 1, V)), because="term by term")
steps.step("=", n[j] / theta[j] - lam, because="one term each")

# %% lagrangian-slope
# over a common denominator at the end
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam * Derivative(Sum(theta[k], (k, 1, V)), theta[j]), because="linearity")
steps.step("=", Sum(n[k] / theta[k] * KroneckerDelta(k, j), (k, 1, V)) - lam, because="chain rule")
steps.step("=", (n[j] - lam * theta[j]) / theta[j], because="common denominator")

# %% lagrangian-slope
# the likelihood as a product first
from sympy import Product

steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log(Product(theta[k] ** n[k], (k, 1, V))), theta[j]) - lam, because="the log of the likelihood")
steps.step("=", n[j] * Derivative(log(theta[j]), theta[j]) - lam, because="the other factors are constants of the log")
steps.step("=", n[j] / theta[j] - lam, because="log' = 1/x")

# %% lagrangian-slope
# the sum split at j
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(Sum(n[k] * log(theta[k]) * (1 - KroneckerDelta(j, k)), (k, 1, V)) + n[j] * log(theta[j]), theta[j]) - lam, because="term j apart")
steps.step("=", Derivative(n[j] * log(theta[j]), theta[j]) - lam, because="constants")
steps.step("=", -lam + n[j] * theta[j] ** -1, because="log' = 1/x")

# %% lagrangian-slope
# SymPy differentiates one term; the lines are built by a helper
def slope_of(term):
    return term.diff(theta[j])

steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(n[j] * log(theta[j]), theta[j]) - Derivative(lam * theta[j], theta[j]), because="others vanish")
steps.step("=", slope_of(n[j] * log(theta[j])) - slope_of(lam * theta[j]), because="rules")

# %% lagrangian-slope
# weights theta_j/theta_j in the middle, then a factored end
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Sum(Derivative(n[k] * log(theta[k]) - lam * theta[k], theta[j]), (k, 1, V)), because="the derivative of a sum, and lam is a constant")
steps.step("=", Sum(KroneckerDelta(j, k) * (n[k] - lam * theta[k]) / theta[k], (k, 1, V)), because="each term")
steps.step("=", lam * (n[j] / (lam * theta[j]) - 1), because="k = j")

# %% categorical-mle
# the reciprocal of a sum of ratios
theta_hat = 1 / Sum(n[k] / n[j], (k, 1, V))

# %% categorical-mle
# one minus the others
theta_hat = 1 - (Sum(n[k], (k, 1, V)) - n[j]) / Sum(n[k], (k, 1, V))

# %% categorical-mle
# exponential of a difference of logarithms
theta_hat = exp(log(n[j]) - log(Sum(n[k], (k, 1, V))))

# %% categorical-mle
# Kronecker's delta sifts the count
theta_hat = Sum(n[k] * KroneckerDelta(j, k), (k, 1, V)) / Sum(n[k], (k, 1, V))

# %% categorical-mle
# another index letter
i = index("i", V)
N = Sum(n[i], (i, 1, V))
theta_hat = n[j] * N**-1

# %% categorical-mle
# the difference of two cumulated counts
N = Sum(n[k], (k, 1, V))
theta_hat = (N - Sum(n[k], (k, 1, j - 1)) - Sum(n[k], (k, j + 1, V))) / N

# %% categorical-mle
# the sum counted backwards
theta_hat = n[j] / Sum(n[V + 1 - k], (k, 1, V))

# %% categorical-mle
# solved by SymPy for lambda; only the solution is kept
from sympy import Symbol, solve

x = Symbol("x", positive=True)
total = Symbol("N", positive=True)
theta_hat = n[j] / solve(total / x - 1, x)[0].subs(total, Sum(n[k], (k, 1, V)))

# %% categorical-mle
# own softmax of the log-counts, with the largest... no: with count j taken out
theta_hat = 1 / (1 + Sum((1 - KroneckerDelta(k, j)) * n[k] / n[j], (k, 1, V)))

# %% categorical-mle
# a fraction that cancels nothing: relative counts over relative counts
from grader.algebra import over

theta_hat = over(n[j] / V, Sum(n[k], (k, 1, V)) / V)

# %% bigram-probs
# np.add.at, division where there are counts
def bigram_probs(sentences, V):
    counts = np.zeros((V, V))
    for s in sentences:
        np.add.at(counts, (s[:-1], s[1:]), 1) if len(s) > 1 else None
    total = counts.sum(axis=1, keepdims=True)
    return np.divide(counts, total, out=np.full((V, V), 1 / V), where=total > 0)

# %% bigram-probs
# Counter and pairwise
from collections import Counter
from itertools import chain, pairwise

def bigram_probs(sentences, V):
    pairs = Counter(chain.from_iterable(map(pairwise, sentences)))
    firsts = Counter()
    for (a, _), c in pairs.items():
        firsts[a] += c
    return np.array([[pairs[a, b] / firsts[a] if firsts[a] else 1 / V for b in range(V)] for a in range(V)])

# %% bigram-probs
# one number per pair, bincount
def bigram_probs(sentences, V):
    codes = [V * a + b for s in sentences for a, b in zip(s, s[1:])]
    counts = np.bincount(np.array(codes, dtype=int), minlength=V * V).reshape(V, V)
    counts = counts + (counts.sum(1, keepdims=True) == 0)  # a row without data counts each token once
    return counts / counts.sum(1, keepdims=True)

# %% bigram-probs
# fractions until the end
from fractions import Fraction

def bigram_probs(sentences, V):
    table = [[Fraction(0)] * V for _ in range(V)]
    for s in sentences:
        for t in range(1, len(s)):
            table[s[t - 1]][s[t]] += 1
    for row in table:
        total = sum(row)
        row[:] = [x / total for x in row] if total else [Fraction(1, V)] * V
    return np.array(table, dtype=float)

# %% bigram-probs
# one-hot matrices: XᵀY
def bigram_probs(sentences, V):
    eye = np.eye(V)
    counts = sum((eye[list(s[:-1])].T @ eye[list(s[1:])] for s in sentences if len(s) > 1), np.zeros((V, V)))
    with np.errstate(invalid="ignore"):
        probs = counts / counts.sum(axis=1)[:, None]
    probs[np.isnan(probs).any(axis=1)] = 1 / V
    return probs

# %% bigram-probs
# torch, index_put_ with accumulate
import torch

def bigram_probs(sentences, V):
    counts = torch.zeros(V, V, dtype=torch.float64)
    for s in sentences:
        t = torch.tensor(s, dtype=torch.long)
        counts.index_put_((t[:-1], t[1:]), torch.ones(max(len(s) - 1, 0), dtype=torch.float64), accumulate=True)
    total = counts.sum(-1, keepdim=True)
    return torch.where(total > 0, counts / total.clamp(min=1), torch.full_like(counts, 1 / V))

# %% bigram-probs
# a nested list, from a class with a method fit
class Bigram:
    def __init__(self, V):
        self.V, self.after = V, {}

    def fit(self, sentences):
        for s in sentences:
            for a, b in zip(s, s[1:]):
                self.after.setdefault(a, []).append(b)
        return self

    def softmax(self, a):  # a row; the name is a joke
        seen = self.after.get(a)
        return [seen.count(b) / len(seen) for b in range(self.V)] if seen else [1 / self.V] * self.V

def bigram_probs(sentences, V):
    model = Bigram(V).fit(sentences)
    return [model.softmax(a) for a in range(V)]

# %% bigram-probs
# sparse matrix, which adds what stands twice
from scipy.sparse import coo_array

def bigram_probs(sentences, V):
    a = [x for s in sentences for x in s[:-1]]
    b = [x for s in sentences for x in s[1:]]
    counts = coo_array((np.ones(len(a)), (np.array(a, int), np.array(b, int))), shape=(V, V)).toarray()
    counts[~counts.any(axis=1)] = 1.0
    return counts / np.add.reduce(counts, axis=1, keepdims=True)

# %% bigram-probs
# a two-dimensional histogram
def bigram_probs(sentences, V):
    pairs = [(a, b) for s in sentences for a, b in zip(s[:-1], s[1:])]
    first, second = zip(*pairs) if pairs else ((), ())
    counts, *_ = np.histogram2d(first, second, bins=[np.arange(V + 1) - 0.5] * 2)
    out = np.empty((V, V))
    for a in range(V):
        out[a] = counts[a] / counts[a].sum() if counts[a].sum() else np.ones(V) / V
    return out

# %% smoothed
# broadcasting with None
def smoothed(counts, alpha):
    pretended = np.asarray(counts) + alpha
    return pretended / pretended.sum(-1)[..., None]

# %% smoothed
# the denominator from N + αV
def smoothed(counts, alpha):
    V = counts.shape[-1]
    return (counts + alpha) / (np.sum(counts, axis=-1, keepdims=True) + alpha * V)

# %% smoothed
# a mixture of the estimate and the uniform distribution, λ = αV / (N + αV)
def smoothed(counts, alpha):
    N, V = counts.sum(axis=-1, keepdims=True), counts.shape[-1]
    λ = alpha * V / (N + alpha * V)
    relative = counts / np.where(N == 0, 1, N)
    return (1 - λ) * relative + λ / V

# %% smoothed
# transposed, divided, transposed back
def smoothed(counts, alpha):
    up = np.moveaxis(counts + alpha, -1, 0)
    return np.moveaxis(up / up.sum(axis=0), 0, -1)

# %% smoothed
# recursion over nested lists
def smoothed(counts, alpha):
    if np.ndim(counts) > 1:
        return [smoothed(row, alpha) for row in counts]
    total = sum(float(c) + alpha for c in counts)
    return [(float(c) + alpha) / total for c in counts]

# %% smoothed
# torch in float64
import torch

def smoothed(counts, alpha):
    t = torch.as_tensor(counts, dtype=torch.float64).add(alpha)
    return t.div(t.sum(-1, keepdim=True))

# %% smoothed
# apply_along_axis with a named row function
def normalise(row):
    return row / row.sum()

smoothed = lambda counts, alpha: np.apply_along_axis(normalise, -1, counts + float(alpha))

# %% smoothed
# einsum for the totals
def smoothed(counts, alpha):
    c = np.asarray(counts, dtype=float) + alpha
    return c / np.expand_dims(np.einsum("...k->...", c), -1)

# %% smoothed
# flat rows in a loop, shape restored
def smoothed(counts, alpha):
    counts = np.asarray(counts)
    rows = counts.reshape(-1, counts.shape[-1]).astype(float)
    for r in rows:
        r += alpha
        r /= r.sum()
    return rows.reshape(counts.shape)

# %% page-without-typos
# mpmath
import mpmath

prob_without_typos = mpmath.exp(-2)

# %% page-without-typos
# SymPy, exact
from sympy import exp, Rational

prob_without_typos = exp(-Rational(2 + 0 + 3 + 1 + 4, 5))

# %% page-without-typos
# SciPy's Poisson distribution
from scipy.stats import poisson

prob_without_typos = poisson(np.mean([2, 0, 3, 1, 4])).pmf(0)

# %% page-without-typos
# a float16 tensor of shape (1,)
import torch

prob_without_typos = torch.exp(-torch.tensor([2, 0, 3, 1, 4.0]).mean(0, keepdim=True)).half()

# %% page-without-typos
# decimals
from decimal import Decimal

prob_without_typos = Decimal(-2).exp()

# %% page-without-typos
# a numeric search for the best lambda
from scipy.optimize import minimize_scalar

typos = np.array([2, 0, 3, 1, 4])
best = minimize_scalar(lambda λ: (λ - typos * np.log(λ)).sum(), bounds=(0.1, 10), method="bounded", options={"xatol": 1e-10})
prob_without_typos = np.exp(-best.x)

# %% page-without-typos
# three digits in a tuple
prob_without_typos = (0.135,)

# %% standard-error
# a fraction under SymPy's root
from sympy import Rational, sqrt

standard_error = sqrt(Rational(3, 10) * Rational(7, 10) / 500)

# %% standard-error
# from the Fisher information of all tosses
θ, n = 0.3, 500
fisher = n / (θ * (1 - θ))
standard_error = fisher ** -0.5

# %% standard-error
# SciPy's binomial, divided by the tosses
from scipy.stats import binom

standard_error = binom.std(500, 0.3) / 500

# %% standard-error
# decimals
from decimal import Decimal

standard_error = (Decimal("0.21") / 500).sqrt()

# %% standard-error
# the variance summed over all outcomes
from math import comb

weights = [comb(500, h) * 0.3**h * 0.7 ** (500 - h) for h in range(501)]
mean = sum(w * h / 500 for h, w in enumerate(weights))
standard_error = np.array([sum(w * (h / 500 - mean) ** 2 for h, w in enumerate(weights)) ** 0.5])

# %% standard-error
# three digits
standard_error = 2.05e-2

# %% moves-the-maximum
# capital, bracket
moves = "D)"

# %% moves-the-maximum
# in words
moves = "answer d"

# %% moves-the-maximum
# with a part of its text
moves = "d · dividing the log-likelihood of each sequence by its own length before adding them up"

# %% moves-the-maximum
# with spaces and a full stop
moves = " D. "

# %% lagrangian-slope
# an own kind of derivation; first lines from a generator
class Slope(Derivation):
    pass

def lines():
    yield Derivative(log_likelihood, theta[j]) - Derivative(lam * Sum(theta[k], (k, 1, V)), theta[j]), "linear; λ is constant"
    yield Derivative(log_likelihood, theta[j]) - lam, "one θ_j in the sum"
    yield n[j] * theta[j] ** (-1) - lam, "one θ_j in the sum, log' = 1/x"

steps = Slope("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
for line, why in lines():
    steps.step("=", line, because=why)

# %% moves-the-maximum
# a 0-d array of text
moves = np.array("d")


# %% best-log-likelihood
# minus ten entropies, as an array of shape (1, 1)
best_log_likelihood = np.array([[6 * np.log(0.6) + 3 * np.log(0.3) + np.log(0.1)]])

# %% best-log-likelihood
# a SymPy expression, unevaluated
import sympy
best_log_likelihood = sympy.Mul(10, sympy.Rational(3, 5) * sympy.log(sympy.Rational(3, 5)) + sympy.Rational(3, 10) * sympy.log(sympy.Rational(3, 10)) - sympy.log(10) / 10, evaluate=False)

# %% best-log-likelihood
# a torch number in double precision
import torch
best_log_likelihood = torch.special.xlogy(torch.tensor([6.0, 3.0, 1.0]).double(), torch.tensor([0.6, 0.3, 0.1]).double()).sum()

# %% best-log-likelihood
# a Decimal's own logarithm
from decimal import Decimal
best_log_likelihood = (Decimal("0.6") ** 6 * Decimal("0.3") ** 3 * Decimal("0.1")).ln()

# %% bigram-probs
# a dict of Counters
from collections import Counter, defaultdict
def bigram_probs(sentences, V):
    after = defaultdict(Counter)
    for s in sentences:
        for a, b in zip(s, s[1:]):
            after[a][b] += 1
    return [[after[a][b] / after[a].total() if after[a] else 1 / V for b in range(V)] for a in range(V)]

# %% bigram-probs
# one-hot matrices multiplied
def bigram_probs(sentences, V):
    eye = np.eye(V)
    counts = sum((eye[np.array(s[:-1], dtype=int)].T @ eye[np.array(s[1:], dtype=int)] for s in sentences), np.zeros((V, V)))
    counts[counts.sum(axis=1) == 0] = 1
    return counts / counts.sum(axis=1, keepdims=True)

# %% bigram-probs
# one number per pair, bincount, float32
def bigram_probs(sentences, V):
    codes = [a * V + b for s in sentences for a, b in zip(s[:-1], s[1:])]
    counts = np.bincount(np.array(codes, dtype=np.int64), minlength=V * V).reshape(V, V).astype(np.float32)
    total = counts.sum(1, keepdims=True)
    return np.where(total > 0, counts / np.where(total > 0, total, 1), np.float32(1) / np.float32(V))

# %% bigram-probs
# Fractions, as a list of tuples
from fractions import Fraction
def bigram_probs(sentences, V, *, pairs=None):
    pairs = [(s[i], s[i + 1]) for s in sentences for i in range(len(s) - 1)]
    rows = []
    for a in range(V):
        seen = [b for x, b in pairs if x == a]
        rows.append(tuple(Fraction(seen.count(b), len(seen)) if seen else Fraction(1, V) for b in range(V)))
    return rows

# %% bigram-probs
# SciPy's sparse matrix, made dense
import scipy.sparse as sp
def bigram_probs(sentences, V):
    i = [a for s in sentences for a in s[:-1]]
    k = [b for s in sentences for b in s[1:]]
    c = np.asarray(sp.coo_matrix((np.ones(len(i)), (i, k)), shape=(V, V)).todense())
    return (c + (c.sum(1, keepdims=True) == 0)) / (c + (c.sum(1, keepdims=True) == 0)).sum(1, keepdims=True)

# %% bigram-probs
# torch's index_put_ that accumulates
import torch
def bigram_probs(sentences, V):
    c = torch.zeros(V, V, dtype=torch.float64)
    for s in sentences:
        t = torch.tensor(s, dtype=torch.long)
        c.index_put_((t[:-1], t[1:]), torch.ones(max(len(s) - 1, 0), dtype=torch.float64), accumulate=True)
    r = c.sum(1, keepdim=True)
    return torch.where(r > 0, c / r, torch.full_like(c, 1 / V))

# %% bigram-probs
# the mean of one-hots of the followers, by a recursive generator
def bigram_probs(sentences, V):
    def pairs(s):
        if len(s) > 1:
            yield s[0], s[1]
            yield from pairs(s[1:]) if len(s) < 500 else zip(s[1:], s[2:])
    rows = [[] for _ in range(V)]
    for s in sentences:
        for a, b in pairs(s):
            rows[a].append([float(b == c) for c in range(V)])
    return np.array([np.mean(r, axis=0) if r else np.ones(V) / V for r in rows])

# %% smoothed
# a mixture of the estimate and the uniform distribution, where there are counts
def smoothed(counts, alpha):
    c = np.asarray(counts, dtype=float)
    total, V = c.sum(-1, keepdims=True), c.shape[-1]
    w = total / (total + alpha * V)
    return w * np.divide(c, total, out=np.zeros_like(c), where=total > 0) + (1 - w) / V

# %% smoothed
# apply_along_axis
def smoothed(counts, alpha=1.0):
    return np.apply_along_axis(lambda row: (row + alpha) / (row + alpha).sum(), -1, np.asarray(counts))

# %% smoothed
# partial of a keyword-only function
from functools import partial
def _f(counts, alpha, *, axis):
    return np.divide(np.add(counts, alpha), np.add(counts, alpha).sum(axis=axis)[..., None])
smoothed = partial(_f, axis=-1)

# %% smoothed
# einsum sums, in long double
def smoothed(counts, alpha):
    c = np.asarray(counts).astype(np.longdouble) + np.longdouble(alpha)
    return c / np.einsum("...v->...", c)[..., np.newaxis]

# %% smoothed
# recursion down to one row, lists
def smoothed(counts, alpha):
    if np.ndim(counts) > 1:
        return [smoothed(c, alpha) for c in counts]
    row = [float(c) + alpha for c in counts]
    return [r / sum(row) for r in row]

# %% page-without-typos
# a power of e, Fraction's exponent
from fractions import Fraction
prob_without_typos = np.e ** -Fraction(10, 5)

# %% page-without-typos
# per cent as a calculation
prob_without_typos = 13.5 / 100

# %% standard-error
# SymPy's root
import sympy
prob_theta = sympy.Rational(3, 10)
standard_error = sympy.sqrt(1 / (500 / (prob_theta * (1 - prob_theta))))

# %% standard-error
# mpmath's number
import mpmath
standard_error = mpmath.sqrt(mpmath.mpf("0.21") / 500)

# %% moves-the-maximum
# a raw bytes-free text with bullets
moves = "(d)"

# %% moves-the-maximum
# the letter by its code
moves = chr(100)

# %% bigram-probs
# singledispatch on the type, with a cache
from functools import lru_cache, singledispatch
@singledispatch
def bigram_probs(sentences, V):
    return _cached(tuple(map(tuple, sentences)), V)
@lru_cache(maxsize=None)
def _cached(sentences, V):
    rows = [[0] * V for _ in range(V)]
    for s in sentences:
        for a, b in zip(s, s[1:]):
            rows[a][b] += 1
    return [[c / sum(r) for c in r] if any(r) else [1 / V] * V for r in rows]

# %% lagrangian-slope
# only the terms with k = j depend on theta_j, so drop the others first
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(n[j] * log(theta[j]) - lam * theta[j], theta[j]), because="all other terms are constants")
steps.step("=", n[j] / theta[j] - lam, because="derivative of log and of a line")
steps

# %% lagrangian-slope
# one sum of both, then the delta of the derivative
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Sum((n[k] / theta[k] - lam) * KroneckerDelta(k, j), (k, 1, V)), because="derivative term by term")
steps.step("=", n[j] / theta[j] - lam, because="the delta picks k = j")
steps

# %% lagrangian-slope
# Iverson brackets by Piecewise
from sympy import Eq, Piecewise
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Sum(Piecewise((n[k] / theta[k], Eq(k, j)), (0, True)), (k, 1, V)) - lam * Sum(Piecewise((1, Eq(k, j)), (0, True)), (k, 1, V)), because="term by term; a term without theta_j has slope 0")
steps.step("=", (n[j] - lam * theta[j]) / theta[j], because="one term is left of each sum; common denominator")
steps

# %% lagrangian-slope
# derivatives under the sums, unevaluated
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Sum(Derivative(n[k] * log(theta[k]), theta[j]), (k, 1, V)) - lam * Sum(Derivative(theta[k], theta[j]), (k, 1, V)), because="linearity")
steps.step("=", Sum(n[k] / theta[k] * KroneckerDelta(j, k), (k, 1, V)) - lam * Sum(KroneckerDelta(j, k), (k, 1, V)), because="derivatives of log and of theta_k")
steps.step("=", n[j] / theta[j] - lam, because="the delta picks one term")
steps

# %% lagrangian-slope
# the multiplier first, the log later
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam, because="the constraint has slope lambda")
steps.step("=", -lam + n[j] / theta[j], because="only k = j is left of the other sum")
steps

# %% lagrangian-slope
# the chain rule: d theta^n / theta^n
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log(theta[j] ** n[j]), theta[j]) - lam * Derivative(theta[j], theta[j], evaluate=False), because="the other terms are constants")
steps.step("=", n[j] / theta[j] - lam, because="n log theta has slope n / theta")
steps

# %% categorical-mle
# the inverse of a sum of ratios
theta_hat = 1 / Sum(n[k] / n[j], (k, 1, V))

# %% categorical-mle
# the delta picks the numerator
theta_hat = Sum(KroneckerDelta(j, k) * n[k], (k, 1, V)) / Sum(n[k], (k, 1, V))

# %% categorical-mle
# one minus the share of the others
theta_hat = 1 - Sum((1 - KroneckerDelta(j, k)) * n[k], (k, 1, V)) / Sum(n[k], (k, 1, V))

# %% categorical-mle
# exp of a difference of logs, with another letter
l = index("l", V)
theta_hat = exp(log(n[j]) - log(Sum(n[l], (l, 1, V))))

# %% categorical-mle
# the total in three parts: before j, j, after j
theta_hat = n[j] / (Sum(n[k], (k, 1, j - 1)) + n[j] + Sum(n[k], (k, j + 1, V)))

# %% categorical-mle
# the total counted from behind
theta_hat = n[j] / Sum(n[V + 1 - k], (k, 1, V))

# %% lagrangian-slope
# a deltas' identity first, the others held apart by 1 - delta
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam * Sum(KroneckerDelta(j, k), (k, 1, V)), because="slope of the sum of theta")
steps.step("=", Sum(n[k] * KroneckerDelta(j, k) / theta[j], (k, 1, V)) - lam, because="slope of the logs; the delta allows theta_j for theta_k")
steps.step("=", n[j] / theta[j] - lam, because="one term is left")
steps

# %% categorical-mle
# indices moved by one
theta_hat = n[j] / Sum(n[k + 1], (k, 0, V - 1))

# %% categorical-mle
# odds of j: r / (1 + r), with the sum of the others by the total
others = Sum(n[k], (k, 1, V)) - n[j]
theta_hat = (n[j] / others) / (1 + n[j] / others) if False else 1 / (1 + others / n[j])

# %% lagrangian-slope
# the chain rule with the slopes of the coordinates
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Sum((n[k] / theta[k] - lam) * Derivative(theta[k], theta[j]), (k, 1, V)), because="chain rule")
steps.step("=", n[j] / theta[j] - lam, because="theta_k has slope 1 for k = j, else 0")
steps

# %% best-log-likelihood
# Counter and entropy by hand
from collections import Counter
import math

counts = Counter("AAAAAABBBC")
best_log_likelihood = -math.fsum(c * math.log(10 / c) for c in counts.values())

# %% best-log-likelihood
# from the likelihood itself
best_log_likelihood = np.log(0.6**6 * 0.3**3 * 0.1)

# %% best-log-likelihood
# an exact SymPy expression
import sympy

best_log_likelihood = 6 * sympy.log(sympy.Rational(3, 5)) + 3 * sympy.log(sympy.Rational(3, 10)) - sympy.log(10)

# %% best-log-likelihood
# a complex number without imaginary part
import cmath

best_log_likelihood = 6 * cmath.log(0.6) + 3 * cmath.log(0.3) + cmath.log(0.1)

# %% best-log-likelihood
# three digits
best_log_likelihood = -8.98

# %% best-log-likelihood
# SciPy's entropy, ten draws
from scipy.stats import entropy

best_log_likelihood = -10 * entropy([6, 3, 1])

# %% best-log-likelihood
# searched for, not derived
from scipy.optimize import minimize


def _loss(z):
    theta = np.exp(z - np.logaddexp.reduce(z))
    return -(np.array([6, 3, 1]) @ np.log(theta))


best_log_likelihood = -minimize(_loss, np.zeros(3)).fun

# %% lagrangian-slope
# the multiplier's brackets opened first
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - Derivative(lam * Sum(theta[k], (k, 1, V)), theta[j]) + Derivative(lam, theta[j]))
steps.step("=", Sum(n[k] * KroneckerDelta(j, k) / theta[k], (k, 1, V)) - lam * Sum(KroneckerDelta(j, k), (k, 1, V)))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# derivatives inside the sums
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Sum(n[k] * Derivative(log(theta[k]), theta[j]) - lam * Derivative(theta[k], theta[j]), (k, 1, V)))
steps.step("=", Sum((n[k] / theta[k] - lam) * KroneckerDelta(k, j), (k, 1, V)))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# the term of j is taken out of the sum before the derivative
from sympy import Piecewise, Ne

steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam * Derivative(Sum(theta[k], (k, 1, V)), theta[j]))
steps.step("=", Derivative(n[j] * log(theta[j]), theta[j]) - lam * Derivative(theta[j], theta[j]))
steps.step("=", (n[j] - lam * theta[j]) / theta[j])

# %% lagrangian-slope
# one common denominator at the end
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam)
steps.step("=", (n[j] - lam * theta[j]) / theta[j])

# %% lagrangian-slope
# another name of the bound letter
i = index("i", V)
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Sum(Derivative(n[i] * log(theta[i]), theta[j]), (i, 1, V)) - lam * Sum(Derivative(theta[i], theta[j]), (i, 1, V)))
steps.step("=", n[j] * theta[j] ** -1 - lam)

# %% lagrangian-slope
# the log-likelihood's slope first
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", n[j] / theta[j] - Derivative(lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", n[j] / theta[j] - lam)

# %% categorical-mle
# by the shares
theta_hat = 1 / Sum(n[k] / n[j], (k, 1, V))

# %% categorical-mle
# as a sum with a delta
theta_hat = Sum(KroneckerDelta(j, k) * n[k], (k, 1, V)) / Sum(n[k], (k, 1, V))

# %% categorical-mle
# through logarithms
theta_hat = exp(log(n[j]) - log(Sum(n[k], (k, 1, V))))

# %% categorical-mle
# one minus the others
theta_hat = 1 - Sum(n[k] * (1 - KroneckerDelta(j, k)), (k, 1, V)) / Sum(n[k], (k, 1, V))

# %% categorical-mle
# the mean of the counts
theta_hat = n[j] / (V * (Sum(n[k], (k, 1, V)) / V))

# %% categorical-mle
# indices shifted by one
theta_hat = n[j] / Sum(n[k + 1], (k, 0, V - 1))

# %% bigram-probs
# a dictionary of counters
from collections import Counter, defaultdict


def bigram_probs(sentences, V):
    after = defaultdict(Counter)
    for sentence in sentences:
        for a, b in zip(sentence, sentence[1:]):
            after[a][b] += 1
    rows = []
    for a in range(V):
        total = sum(after[a].values())
        rows.append([after[a][b] / total if total else 1 / V for b in range(V)])
    return rows


# %% bigram-probs
# one number for each pair
def bigram_probs(sentences, V):
    codes = [np.asarray(s[:-1], dtype=int) * V + np.asarray(s[1:], dtype=int) for s in sentences if len(s) > 1]
    codes = np.concatenate(codes) if codes else np.zeros(0, dtype=int)
    counts = np.bincount(codes, minlength=V * V).reshape(V, V)
    counts[counts.sum(1) == 0] = 1
    return counts / counts.sum(1, keepdims=True)


# %% bigram-probs
# one-hot matrices multiplied
def bigram_probs(sentences, V):
    eye = np.eye(V)
    counts = sum((eye[s[:-1]].T @ eye[s[1:]] for s in sentences if len(s) >= 2), np.zeros((V, V)))
    empty = ~counts.any(axis=1)
    counts[empty, :] = 1.0
    return (counts.T / counts.sum(axis=1)).T


# %% bigram-probs
# exact fractions
from fractions import Fraction
from itertools import pairwise


def bigram_probs(sentences, V):
    table = [[0] * V for _ in range(V)]
    for s in sentences:
        for a, b in pairwise(s):
            table[a][b] += 1
    return [[Fraction(c, sum(row)) if any(row) else Fraction(1, V) for c in row] for row in table]


# %% bigram-probs
# a sparse matrix, made dense
from scipy.sparse import coo_matrix


def bigram_probs(sentences, V):
    pairs = [(a, b) for s in sentences for a, b in zip(s[:-1], s[1:])]
    rows, columns = zip(*pairs) if pairs else ((), ())
    counts = coo_matrix((np.ones(len(pairs)), (rows, columns)), shape=(V, V)).toarray()
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(counts / counts.sum(1)[:, None], nan=1 / V)


# %% bigram-probs
# a separator between sentences, dropped at the end
def bigram_probs(sentences, V):
    flat = []
    for s in sentences:
        flat += [*s, V]
    counts = np.zeros((V + 1, V + 1))
    np.add.at(counts, (flat[:-1], flat[1:]), 1)
    counts = counts[:V, :V]
    totals = counts.sum(1, keepdims=True)
    return np.where(totals > 0, counts / np.maximum(totals, 1), 1 / V)


# %% bigram-probs
# a histogram
def bigram_probs(sentences, V):
    first = [a for s in sentences for a in s[:-1]]
    second = [b for s in sentences for b in s[1:]]
    counts, *_ = np.histogram2d(first, second, bins=V, range=[[-0.5, V - 0.5]] * 2)
    counts += counts.sum(axis=1, keepdims=True) == 0
    return counts / counts.sum(axis=1, keepdims=True)


# %% smoothed
# the last axis first, then back
def smoothed(counts, alpha):
    turned = np.moveaxis(np.asarray(counts, dtype=float), -1, 0) + alpha
    return np.moveaxis(turned / turned.sum(0), 0, -1)


# %% smoothed
# a mixture of the estimate with the uniform distribution
def smoothed(counts, alpha):
    N, V = counts.sum(-1, keepdims=True), counts.shape[-1]
    return counts / (N + alpha * V) + alpha / (N + alpha * V)


# %% smoothed
# row by row
def smoothed(counts, alpha):
    return np.apply_along_axis(lambda row: (row + alpha) / (row.sum() + row.size * alpha), -1, counts)


# %% smoothed
# recursion over the axes
def smoothed(counts, alpha):
    if np.ndim(counts) > 1:
        return np.stack([smoothed(part, alpha) for part in counts])
    total = sum(int(c) for c in counts) + alpha * len(counts)
    return np.array([(c + alpha) / total for c in counts])


# %% smoothed
# Torch
import torch


def smoothed(counts, alpha):
    table = torch.tensor(np.asarray(counts), dtype=torch.float64).add(alpha)
    return torch.nn.functional.normalize(table, p=1, dim=-1)


# %% smoothed
# in place on a copy of floats
def smoothed(counts, alpha=1.0):
    result = counts.astype(np.float64)
    result += alpha
    result /= np.sum(result, axis=-1)[..., np.newaxis]
    return result


# %% smoothed
# einsum
def smoothed(counts, alpha):
    table = np.add(counts, alpha, dtype=float)
    return np.einsum("...v,...->...v", table, 1 / np.einsum("...v->...", table))


# %% page-without-typos
# exact
import sympy

prob_without_typos = sympy.exp(-sympy.Rational(2 + 0 + 3 + 1 + 4, 5))

# %% page-without-typos
# SciPy's Poisson
from scipy.stats import poisson

prob_without_typos = poisson(np.mean([2, 0, 3, 1, 4])).pmf(0)

# %% page-without-typos
# three digits
prob_without_typos = 0.135

# %% page-without-typos
# searched for over a grid
grid = np.arange(1, 100_000) / 10_000
loglik = 10 * np.log(grid) - 5 * grid
prob_without_typos = np.exp(-grid[loglik.argmax()])

# %% page-without-typos
# a Decimal
from decimal import Decimal

prob_without_typos = Decimal(-2).exp()

# %% standard-error
# the square root by a power
standard_error = (500 / (0.3 * (1 - 0.3))) ** -0.5

# %% standard-error
# from the binomial
from scipy.stats import binom

standard_error = binom(500, 0.3).std() / 500

# %% standard-error
# an exact root
import sympy

standard_error = sympy.sqrt(sympy.Rational(21, 100) / 500)

# %% standard-error
# by rounding to three digits
standard_error = 2.05e-2

# %% standard-error
# Decimal
from decimal import Decimal

standard_error = (Decimal("0.21") / 500).sqrt()

# %% standard-error
# one element of a matrix
standard_error = np.sqrt(np.matrix([[0.21]]) / 500)

# %% moves-the-maximum
moves = "d "

# %% moves-the-maximum
moves = "D."

# %% moves-the-maximum
moves = "d · dividing the log-likelihood of each sequence by its own length before adding them up"

# %% moves-the-maximum
# a character of a list
moves = list("abcd")[-1]

# %% lagrangian-slope
# the sum split at j
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam * Derivative(Sum(theta[k], (k, 1, V)), theta[j]))
steps.step("=", Derivative(Sum(n[k] * log(theta[k]), (k, 1, j - 1)) + n[j] * log(theta[j]) + Sum(n[k] * log(theta[k]), (k, j + 1, V)), theta[j]) - lam)
steps.step("=", n[j] * Derivative(log(theta[j]), theta[j]) - lam)
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# the constraint's slope first
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log_likelihood, theta[j]) - lam * Sum(KroneckerDelta(k, j), (k, 1, V)))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# cases in the place of a delta
from sympy import Eq, Piecewise

steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Sum(Piecewise((n[k] / theta[k] - lam, Eq(k, j)), (0, True)), (k, 1, V)))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# one part worked out, the other still to come
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", n[j] / theta[j] - lam * Derivative(Sum(theta[k], (k, 1, V)), theta[j]))
steps.step("=", n[j] / theta[j] - lam)

# %% lagrangian-slope
# the likelihood as a product
from sympy import Product

steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", Derivative(log(Product(theta[k] ** n[k], (k, 1, V))), theta[j]) - lam)
steps.step("=", n[j] / theta[j] - lam)

# %% categorical-mle
# a bound letter of the same name as the free one
theta_hat = n[j] / Sum(n[j], (j, 1, V))

# %% lagrangian-slope
# the slope of the log-likelihood is worked out, that of the constraint is a sum of deltas
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
steps.step("=", n[j] / theta[j] - lam * Sum(KroneckerDelta(k, j), (k, 1, V)))
steps.step("=", n[j] / theta[j] - lam)
