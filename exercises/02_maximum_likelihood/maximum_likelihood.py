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
# # 02 · Maximum likelihood
#
# Nine small tasks on one idea: choose the model under which the data are most probable. For counts it
# gives an answer that you may have guessed. Here you prove it, turn it into a language model, and repair
# what it does to words that it never saw. Chapter 2 of the book has the background.
#
# **How it works.** Run the cells from the top (Shift + Enter). Each task has a cell for your answer
# and, below it, a cell with `check`. Run the check as often as you like. It costs nothing, and when
# something is wrong it tells you what it recognised. Checks with other numbers follow when your work is
# marked.
#
# **Two conventions.** Logarithms are natural, so log-likelihoods are in **nats**. Code counts classes
# from **0**, formulas count them from **1**.
#
# Stuck? Leave a task and go on. No task needs the code of an earlier one.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from grader import check

# %% [markdown]
# ## 1 · The best log-likelihood (1 point)
#
# Ten draws gave outcome A **six times**, B **three times** and C **once**. Give A, B and C the
# probabilities that make these ten draws, in the order in which they came, as probable as possible. What
# is their log-likelihood then, **in nats**? Three digits are enough.

# %% nbgrader={"grade": false, "grade_id": "best-log-likelihood", "locked": false, "schema_version": 3, "solution": true, "task": false}
best_log_likelihood = None  # replace None by your answer, in nats

# %% nbgrader={"grade": true, "grade_id": "check-best-log-likelihood", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("best-log-likelihood", best_log_likelihood)

# %% [markdown]
# ## 2 · The slope of the Lagrange function (2 points)
#
# Now in general: $V$ outcomes with probabilities $\theta_1, \dots, \theta_V$, seen $n_1, \dots, n_V$
# times. The probabilities must sum to 1, so a multiplier $\lambda$ joins the log-likelihood:
#
# $$\Lambda = \sum_{k=1}^V n_k \log \theta_k - \lambda \Big( \sum_{k=1}^V \theta_k - 1 \Big).$$
#
# Derive its slope with respect to $\theta_j$, in **at least two steps**. The last line holds no
# derivative any more. Each line is marked by itself, against the line before it.
#
# A line counts when it brings the derivation on. One that says the same as before does not: another
# letter, a factor that is 1, a term that is 0. The answer alone, in one line, earns a third.
#
# | you want | you write |
# |---|---|
# | $n_k$, $\theta_k$ and $\lambda$ | `n[k]`, `theta[k]` and `lam` |
# | $\sum_{k=1}^V \theta_k$ | `Sum(theta[k], (k, 1, V))` |
# | $\frac{\partial}{\partial \theta_j} f$ | `Derivative(f, theta[j])` |
# | a step | `steps.step("=", ..., because="linearity")` |

# %% nbgrader={"grade": false, "grade_id": "symbols-02", "locked": true, "schema_version": 3, "solution": false, "task": false}
from sympy import Derivative, KroneckerDelta, Sum, exp, log

from grader.algebra import Derivation, index, positive, positives, probabilities, size

V = size("V")  # how many outcomes there are
j, k = index("j", V), index("k", V)  # outcomes, from 1 to V
n = positives("n", V)  # n[k] is how often outcome k was seen
theta = probabilities("theta", V)  # theta[k] is the probability of outcome k
lam = positive("lambda")  # the multiplier
log_likelihood = Sum(n[k] * log(theta[k]), (k, 1, V))

# %% nbgrader={"grade": false, "grade_id": "lagrangian-slope", "locked": false, "schema_version": 3, "solution": true, "task": false}
steps = Derivation("lagrangian-slope", strict=False)
steps.start(Derivative(log_likelihood - lam * (Sum(theta[k], (k, 1, V)) - 1), theta[j]))
# steps.step("=", ..., because="...")  # your steps go here
steps  # shows your derivation, and what is known of each line

# %% nbgrader={"grade": true, "grade_id": "check-lagrangian-slope", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("lagrangian-slope", steps)

# %% [markdown]
# ## 3 · The estimate (2 points)
#
# At the maximum the slope of task 2 is 0 for every $j$. Solve that for $\theta_j$. Then find the one
# $\lambda$ for which your $\theta_1, \dots, \theta_V$ sum to 1, and put it in. Write the estimate
# $\hat\theta_j$ as **one expression in the counts**, in which neither $\theta$ nor $\lambda$ occurs.

# %% nbgrader={"grade": false, "grade_id": "symbols-02-estimate", "locked": true, "schema_version": 3, "solution": false, "task": false}
from sympy import KroneckerDelta, Sum, exp, log

from grader.algebra import index, positives, size

# Named anew, should an answer above have used one of these names for something else.
V = size("V")  # how many outcomes there are
j, k = index("j", V), index("k", V)  # outcomes, from 1 to V
n = positives("n", V)  # n[k] is how often outcome k was seen

# %% nbgrader={"grade": false, "grade_id": "categorical-mle", "locked": false, "schema_version": 3, "solution": true, "task": false}
theta_hat = None  # replace None by an expression in n, j, k and V

# %% nbgrader={"grade": true, "grade_id": "check-categorical-mle", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("categorical-mle", theta_hat)

# %% [markdown]
# ## 4 · A language model by counting (3 points)
#
# A bigram model predicts a token from the one before it. It is one distribution of task 3 for each token.
# Write its maximum-likelihood estimate: from a list of sentences, each a list of tokens `0` to `V - 1`, to
# an array of shape `(V, V)`. Row `a` is the distribution of the token that comes directly after `a`.
#
# ```
# sentences = [[0, 1, 0, 0]]          pairs: 0→1, 1→0, 0→0
#
# row 0: after 0 came 1 once, 0 once           0.5  0.5
# row 1: after 1 came 0 once                   1.0  0.0
# ```
#
# - Pairs lie within a sentence. The end of one and the beginning of the next are no pair, and a sentence
#   of one token has none.
# - The data say nothing about a token that is never followed by another one, or does not occur at all.
#   Give it the uniform distribution.
#
# Examples: `bigram_probs([[0, 1, 0, 0]], 2)` is `[[0.5, 0.5], [1.0, 0.0]]`, and
# `bigram_probs([[0, 1]], 2)` is `[[0.0, 1.0], [0.5, 0.5]]`

# %% nbgrader={"grade": false, "grade_id": "bigram-probs", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bigram_probs(sentences, V):
    """Return the bigram model of largest likelihood: lists of tokens in 0..V−1 -> (V, V)."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-bigram-probs", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("bigram-probs", bigram_probs)

# %% [markdown]
# ## 5 · Smoothing (2 points)
#
# A word that never occurred gets the probability 0, and one such word makes the loss of a text infinite.
# The remedy: before you divide, pretend that every outcome was seen `alpha` times more. Write it over the
# **last axis**: counts of shape `(..., V)` give probabilities of shape `(..., V)`. Here `alpha` is 0 or
# larger, and when it is 0, every row has counts.
#
# Examples: `smoothed(np.array([3, 0, 1]), 2)` is `[0.5, 0.2, 0.3]`, and
# `smoothed(np.array([3, 0, 1]), 0)` is `[0.75, 0.0, 0.25]`

# %% nbgrader={"grade": false, "grade_id": "smoothed", "locked": false, "schema_version": 3, "solution": true, "task": false}
def smoothed(counts, alpha):
    """Return the smoothed estimates: counts of shape (..., V) and one number -> (..., V)."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-smoothed", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("smoothed", smoothed)

# %% [markdown]
# ## 6 · The estimate of something else (1 point)
#
# Five pages have **2, 0, 3, 1 and 4** typos. Suppose that the number of typos on a page is $x$ with
# probability $e^{-\lambda} \lambda^x / x!$ (Poisson). What is the maximum-likelihood estimate of the
# **probability that a page has no typo**? Three digits are enough.
#
# Two hints: find the best $\lambda$ first; and remember what invariance says about a function of it.

# %% nbgrader={"grade": false, "grade_id": "page-without-typos", "locked": false, "schema_version": 3, "solution": true, "task": false}
prob_without_typos = None  # replace None by your answer, a probability

# %% nbgrader={"grade": true, "grade_id": "check-page-without-typos", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("page-without-typos", prob_without_typos)

# %% [markdown]
# ## 7 · How sure? (1 point)
#
# A coin shows heads with probability $\theta = 0.3$ and is tossed $500$ times. The estimate $\hat\theta$
# is the share of heads. One toss has the Fisher information $1 / (\theta (1 - \theta))$. What is the
# standard error of $\hat\theta$, the square root of its variance? Three digits are enough.

# %% nbgrader={"grade": false, "grade_id": "standard-error", "locked": false, "schema_version": 3, "solution": true, "task": false}
standard_error = None  # replace None by your answer

# %% nbgrader={"grade": true, "grade_id": "check-standard-error", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("standard-error", standard_error)

# %% [markdown]
# ## 8 · Which one moves the maximum? (1 point)
#
# You maximise the likelihood of a dataset of sequences. Which of these can change **which parameters
# win**?
#
# - **a** · taking the logarithm of the likelihood
# - **b** · dividing the log-likelihood by the number of tokens in the dataset
# - **c** · multiplying the likelihood by 10
# - **d** · dividing the log-likelihood of each sequence by its own length before adding them up

# %% nbgrader={"grade": false, "grade_id": "moves-the-maximum", "locked": false, "schema_version": 3, "solution": true, "task": false}
moves = None  # replace None by a letter in quotes, such as "a"

# %% nbgrader={"grade": true, "grade_id": "check-moves-the-maximum", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("moves-the-maximum", moves)

# %% [markdown]
# ## 9 · Why a product? (2 points)
#
# The likelihood of a dataset is written as the product of the probabilities of its examples. A colleague
# trains on product reviews that were collected so carelessly that one review is in the data ten times.
# Explain in **two to five sentences** which assumption the product expresses, and what the repeated review
# does to the estimate. A person reads this one.

# %% [markdown] nbgrader={"grade": true, "grade_id": "why-products", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# *Write your answer here.*

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (in Jupyter: *Kernel → Restart Kernel and Run All Cells*).
#    Your work is marked in the same way, from top to bottom.
# 2. Look at each check once more. A task that you leave open costs its own points only.
# 3. Save, and hand in this notebook under its name. Don't delete or rename cells.
#
# That's it. You have trained your first language model, and you can prove that none fits the counts better.
