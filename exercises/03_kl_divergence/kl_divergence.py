# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 03 · KL divergence
#
# Nine small tasks on the Kullback–Leibler divergence, the price of believing $q$ when $p$ is true. You
# compute it, prove that it is never negative, estimate it from samples, and see what changes when $p$ and
# $q$ change places. Chapter 3 of the book has the background.
#
# **How it works.** Run the cells from the top (Shift + Enter). Each task has a cell for your answer
# and, below it, a cell with `check`. Run the check as often as you like. It costs nothing, and when
# something is wrong it tells you what it recognised. Checks with other numbers follow when your work is
# marked.
#
# **One convention.** Logarithms are natural, so divergences are in **nats**, unless a task says bits:
#
# $$\operatorname{KL}(p \| q) = \sum_{k=1}^V p_k \log \frac{p_k}{q_k}.$$
#
# Stuck? Leave a task and go on. No task needs the code of an earlier one.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from grader import check

# %% [markdown]
# ## 1 · Both ways (2 points)
#
# The data follow $p = (0.5, 0.5)$, a model believes $q = (0.7, 0.3)$. What are $\operatorname{KL}(p \| q)$
# and $\operatorname{KL}(q \| p)$, **in nats**? Give a list of two numbers, in this order. Three decimals
# are enough.

# %% nbgrader={"grade": false, "grade_id": "kl-both-ways", "locked": false, "schema_version": 3, "solution": true, "task": false}
divergences = None  # replace None by a list of two numbers, in nats

# %% nbgrader={"grade": true, "grade_id": "check-kl-both-ways", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("kl-both-ways", divergences)

# %% [markdown]
# ## 2 · The divergence, zeros included (3 points)
#
# Write $\operatorname{KL}(p \| q)$ over the **last axis**, **in nats**: two arrays of shape `(..., V)`
# give `(...)`. The first holds the probabilities $p_k$. The second, `log_q`, holds the **logarithms** of
# the $q_k$, as a language model returns them. Zeros happen, and each has its meaning; where $q_k = 0$,
# its logarithm is `-np.inf`:
#
# | | the term is | because |
# |---|---|---|
# | $p_k = 0$, whatever $q_k$ is | 0 | what never happens costs nothing |
# | $p_k > 0$ and $q_k = 0$ | `np.inf` | the model calls impossible what does happen |
#
# (A warning from NumPy costs nothing.) Write it with `log`, `sum`, `where` and the like. A library's
# `kl_div`, `rel_entr` or `entropy` is not accepted.
#
# Example: `kl_divergence(np.array([1.0, 0.0]), np.log([0.5, 0.5]))` is `0.6931…`, which is log 2. The
# other way round it gives `inf`; `log_q` is `[0.0, -np.inf]` then.

# %% nbgrader={"grade": false, "grade_id": "kl-divergence", "locked": false, "schema_version": 3, "solution": true, "task": false}
def kl_divergence(p, log_q):
    """Return KL(p‖q) over the last axis, in nats: shapes (..., V) and (..., V) -> (...)."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-kl-divergence", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("kl-divergence", kl_divergence)

# %% [markdown]
# ## 3 · Never negative (3 points)
#
# Prove Gibbs' inequality, $-\operatorname{KL}(p \| q) \le 0$, for every number of outcomes at once. You
# need one fact about the logarithm, $\log t \le t - 1$, and two about distributions. Start from
#
# $$-\operatorname{KL}(p \| q) = \sum_{k=1}^V p_k \log \frac{q_k}{p_k}$$
#
# and arrive at **0**, in **at least two steps**. Each line is marked by itself, against the line before
# it. A step may be `"="` or `"≤"`; copy the sign from here.
#
# The theorem is no proof of itself: that a line is true is not enough. Each `"≤"` has to be seen in the
# terms of the sum, one by one (or be Jensen's inequality). `≤ 0` alone, in whatever dress, earns a third.
#
# | you want | you write |
# |---|---|
# | $p_k$ and $q_k$, both positive, both with sum 1 | `p[k]` and `q[k]` |
# | $\sum_{k=1}^V p_k$ | `Sum(p[k], (k, 1, V))` |
# | an inequality | `steps.step("≤", ..., because="log t ≤ t − 1")` |
# | an equality | `steps.step("=", ..., because="p sums to 1")` |

# %% nbgrader={"grade": false, "grade_id": "symbols-03", "locked": true, "schema_version": 3, "solution": false, "task": false}
from sympy import Sum, log

from grader.algebra import Derivation, index, simplex, size

V = size("V")  # how many outcomes there are
k = index("k", V)  # an outcome, from 1 to V
p = simplex("p", V)  # the distribution of the data: p[k] > 0, with sum 1
q = simplex("q", V)  # the distribution of the model: q[k] > 0, with sum 1

# %% nbgrader={"grade": false, "grade_id": "gibbs", "locked": false, "schema_version": 3, "solution": true, "task": false}
steps = Derivation("gibbs", strict=False)
steps.start(Sum(p[k] * log(q[k] / p[k]), (k, 1, V)))
# steps.step("≤", ..., because="...")  # your steps go here
steps  # shows your derivation, and what is known of each line

# %% nbgrader={"grade": true, "grade_id": "check-gibbs", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("gibbs", steps)

# %% [markdown]
# ## 4 · How far from uniform? (1 point)
#
# The uniform distribution $u$ gives each of the $V$ outcomes $1/V$. Write $\operatorname{KL}(p \| u)$ as
# an expression in $V$ and the $p_k$, **in nats**. Simplify it as far as you like: any right form counts.

# %% nbgrader={"grade": false, "grade_id": "symbols-03-uniform", "locked": true, "schema_version": 3, "solution": false, "task": false}
from sympy import Sum, log

from grader.algebra import index, simplex, size

# Named anew, should an answer above have used one of these names for something else.
V = size("V")  # how many outcomes there are
k = index("k", V)  # an outcome, from 1 to V
p = simplex("p", V)  # the distribution of the data: p[k] > 0, with sum 1

# %% nbgrader={"grade": false, "grade_id": "kl-to-uniform", "locked": false, "schema_version": 3, "solution": true, "task": false}
kl_to_uniform = None  # replace None by an expression in V, k and p

# %% nbgrader={"grade": true, "grade_id": "check-kl-to-uniform", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("kl-to-uniform", kl_to_uniform)

# %% [markdown]
# ## 5 · The bill, in bits (1 point)
#
# A model diverges from the source of a text by **0.1 nats per token**. A file with 1,000 tokens is
# compressed with this model: a token to which the model gives the probability $q$ takes $-\log_2 q$ bits.
# How many **bits** longer than necessary will the file be, on average? Three digits are enough.

# %% nbgrader={"grade": false, "grade_id": "wasted-bits", "locked": false, "schema_version": 3, "solution": true, "task": false}
wasted = None  # replace None by your answer, in bits

# %% nbgrader={"grade": true, "grade_id": "check-wasted-bits", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("wasted-bits", wasted)

# %% [markdown]
# ## 6 · From samples only (2 points)
#
# Often nobody can sum over all outcomes: there are far too many texts. But the divergence is an
# expectation under $p$,
#
# $$\operatorname{KL}(p \| q) = \mathbb{E}_{x \sim p} \big[ \log p(x) - \log q(x) \big],$$
#
# so samples from $p$ are enough. `log_p` and `log_q` hold $\log p(x)$ and $\log q(x)$ of $n$ samples $x$
# **drawn from** $p$, in nats: two arrays of shape `(n,)`. Write the estimate of $\operatorname{KL}(p \|
# q)$, **in nats**. (With few samples it may come out negative. That is chance, not a bug.)
#
# Example: `kl_from_samples(np.array([-1.0, -2.0]), np.array([-1.25, -2.75]))` is `0.5`

# %% nbgrader={"grade": false, "grade_id": "kl-from-samples", "locked": false, "schema_version": 3, "solution": true, "task": false}
def kl_from_samples(log_p, log_q):
    """Return the estimate of KL(p‖q) in nats, from samples of p: shapes (n,) and (n,) -> one number."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-kl-from-samples", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("kl-from-samples", kl_from_samples)

# %% [markdown]
# ## 7 · The best Gaussian (2 points)
#
# The data follow a mixture of Gaussians, $p(x) = \sum_k w_k \, \mathcal N(x; \mu_k, \sigma_k^2)$. The
# model $q$ is a single Gaussian. The one that minimises $\operatorname{KL}(p \| q)$ has the mean and the
# variance of the mixture itself. Return its **mean** and its **standard deviation**, in this order. The
# arguments have shape `(n,)`, and the weights sum to 1.
#
# Example: `best_gaussian(np.array([0.5, 0.5]), np.array([-4.0, 4.0]), np.array([3.0, 3.0]))` is
# `[0.0, 5.0]` (a list or a tuple, both will do).

# %% nbgrader={"grade": false, "grade_id": "best-gaussian", "locked": false, "schema_version": 3, "solution": true, "task": false}
def best_gaussian(weights, means, stds):
    """Return mean and standard deviation of the Gaussian q with the smallest KL(p‖q): (n,) three times."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-best-gaussian", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("best-gaussian", best_gaussian)

# %% [markdown]
# ## 8 · Two peaks, one model (1 point)
#
# ```
#  p:      ▂▆█▆▂                    ▂▆█▆▂          two peaks, far apart
#  q:      one Gaussian: where, and how broad?
# ```
#
# A Gaussian $q$ is fitted to $p$, first by minimising $\operatorname{KL}(p \| q)$, then by minimising
# $\operatorname{KL}(q \| p)$. What comes out?
#
# - **a** · $\operatorname{KL}(p \| q)$: a narrow $q$ on one peak. $\operatorname{KL}(q \| p)$: a broad
#   $q$ over both.
# - **b** · $\operatorname{KL}(p \| q)$: a broad $q$ over both peaks. $\operatorname{KL}(q \| p)$: a
#   narrow $q$ on one.
# - **c** · Both give the broad $q$, since both are 0 for $q = p$ only.
# - **d** · Both give a narrow $q$ on one peak, since no $q$ with one peak can fit two.

# %% nbgrader={"grade": false, "grade_id": "two-peaks-one-model", "locked": false, "schema_version": 3, "solution": true, "task": false}
fits = None  # replace None by a letter in quotes, such as "a"

# %% nbgrader={"grade": true, "grade_id": "check-two-peaks-one-model", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("two-peaks-one-model", fits)

# %% [markdown]
# ## 9 · Why does it write fluently? (2 points)
#
# A language model is trained on nothing but this: make the likelihood of texts that people wrote as large
# as possible. Nobody tells it what a good sentence is. Explain in **three to six sentences** why the text
# that it writes is fluent all the same. Use the divergence, and say which distribution is $p$, which is
# $q$ and how text is written with $q$. A person reads this one.

# %% [markdown] nbgrader={"grade": true, "grade_id": "why-fluent", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# *Write your answer here.*

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (in Jupyter: *Kernel → Restart Kernel and Run All Cells*).
#    Your work is marked in the same way, from top to bottom.
# 2. Look at each check once more. A task that you leave open costs its own points only.
# 3. Save, and hand in this notebook under its name. Don't delete or rename cells.
#
# That's it. Whoever tells you that two distributions are close, you can now ask: in which direction?
