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
# # 04 · Cross-entropy
#
# Nine small tasks on the loss that language models are trained with. You take it apart into what the
# text costs anyway and what the model adds, find the NLL in it, read it as the length of a code, and
# learn why it makes a model honest. Chapter 4 of the book has the background.
#
# **How it works.** Run the cells from the top (Shift + Enter). Each task has a cell for your answer
# and, below it, a cell with `check`. Run the check as often as you like. It costs nothing, and when
# something is wrong it tells you what it recognised. Checks with other numbers follow when your work is
# marked.
#
# **Two conventions.** Logarithms are natural, so losses are in **nats**, unless a task says bits. Code
# counts classes from **0**, formulas count them from **1**. With $p$ the data and $q$ the model,
#
# $$H(p, q) = -\sum_{k=1}^V p_k \log q_k, \qquad H(p) = H(p, p).$$
#
# Stuck? Leave a task and go on. No task needs the code of an earlier one.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from grader import check

# %% [markdown]
# ## 1 · A cross-entropy by hand (1 point)
#
# The data follow $p = (0.6, 0.3, 0.1)$, the model says $q = (0.5, 0.25, 0.25)$. What is $H(p, q)$, **in
# nats**? Three decimals are enough, and you may let Python do the arithmetic.

# %% nbgrader={"grade": false, "grade_id": "cross-entropy-by-hand", "locked": false, "schema_version": 3, "solution": true, "task": false}
cross_entropy = None  # replace None by your answer, in nats

# %% nbgrader={"grade": true, "grade_id": "check-cross-entropy-by-hand", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("cross-entropy-by-hand", cross_entropy)

# %% [markdown]
# ## 2 · What the text costs, and what the model adds (2 points)
#
# Show that the entropy of the data and the divergence of the model add up to the cross-entropy. Start
# from
#
# $$H(p) + \operatorname{KL}(p \| q) = -\sum_{k=1}^V p_k \log p_k + \sum_{k=1}^V p_k \log \frac{p_k}{q_k}$$
#
# and arrive at a line **without a fraction** (SymPy calls a fraction a `Pow`) and without $\log p_k$, in
# **at least two steps**. Each line is marked by itself, against the line before it.
#
# A line counts when it brings the derivation on. One that says the same as before does not: another
# letter, a factor that is 1, a term that is 0. The answer alone, in one line, earns a third.
#
# | you want | you write |
# |---|---|
# | $p_k$ and $q_k$, both positive, both with sum 1 | `p[k]` and `q[k]` |
# | $\sum_{k=1}^V p_k$ | `Sum(p[k], (k, 1, V))` |
# | a step | `steps.step("=", ..., because="the logarithm of a quotient")` |

# %% nbgrader={"grade": false, "grade_id": "symbols-04", "locked": true, "schema_version": 3, "solution": false, "task": false}
from sympy import KroneckerDelta, Sum, log

from grader.algebra import Derivation, index, positives, probability, simplex, size

V = size("V", at_least=2)  # how many outcomes there are
j, k, y = (index(name, V) for name in "jky")  # outcomes, from 1 to V
p = simplex("p", V)  # the distribution of the data: p[k] > 0, with sum 1
q = simplex("q", V)  # the distribution of the model: q[k] > 0, with sum 1

# %% nbgrader={"grade": false, "grade_id": "entropy-plus-kl", "locked": false, "schema_version": 3, "solution": true, "task": false}
steps = Derivation("entropy-plus-kl", strict=False)
steps.start(-Sum(p[k] * log(p[k]), (k, 1, V)) + Sum(p[k] * log(p[k] / q[k]), (k, 1, V)))
# steps.step("=", ..., because="...")  # your steps go here
steps  # shows your derivation, and what is known of each line

# %% nbgrader={"grade": true, "grade_id": "check-entropy-plus-kl", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("entropy-plus-kl", steps)

# %% [markdown]
# ## 3 · One-hot targets (2 points)
#
# In training, the data distribution of a single example is one-hot: 1 at the class that occurred, 0
# elsewhere. Write the cross-entropy of such a target and the predicted distribution `q`, **in bits**: the
# length of the codeword that the best code for `q` has for this class. `q` has shape `(..., V)`, and
# `targets` has shape `(...)` and holds the classes that occurred, counted from 0. One loss per row: the
# result has the shape of `targets`.
#
# - What never happens costs nothing, so a `q` of 0 at another class does no harm.
# - A `q` of 0 at the target costs `np.inf`. (A warning from NumPy costs nothing.)
#
# A library's `cross_entropy` or `nll_loss` is not accepted. It would not be the answer anyway: libraries
# count in nats.
#
# Examples: `one_hot_cross_entropy(np.array([0.25, 0.75]), 1)` is `0.4150…`, and
# `one_hot_cross_entropy(np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0, 1]))` is `[0.0, 0.0]`

# %% nbgrader={"grade": false, "grade_id": "one-hot-cross-entropy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def one_hot_cross_entropy(q, targets):
    """Return the cross-entropy of one-hot targets and q, in bits: shapes (..., V) and (...) -> (...)."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-one-hot-cross-entropy", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("one-hot-cross-entropy", one_hot_cross_entropy)

# %% [markdown]
# ## 4 · NLL is cross-entropy (1 point)
#
# A model gives token $k$ the probability $q_k$, whatever stands before it. In a text, token $k$ occurs
# $n_k$ times. Write the **mean NLL per token** of the text, **in nats**, as an expression in the $n_k$ and
# $q_k$. When you have it, look at it again: it is $H(p, q)$. What is $p$?

# %% nbgrader={"grade": false, "grade_id": "symbols-04-counts", "locked": true, "schema_version": 3, "solution": false, "task": false}
from sympy import KroneckerDelta, Sum, log

from grader.algebra import index, positives, simplex, size

# Named anew, should an answer above have used one of these names for something else.
V = size("V", at_least=2)  # how many tokens the model knows
k = index("k", V)  # a token, from 1 to V
q = simplex("q", V)  # the distribution of the model: q[k] > 0, with sum 1
n = positives("n", V)  # n[k] is how often token k occurs in the text

# %% nbgrader={"grade": false, "grade_id": "nll-as-cross-entropy", "locked": false, "schema_version": 3, "solution": true, "task": false}
mean_nll = None  # replace None by an expression in n, q, k and V

# %% nbgrader={"grade": true, "grade_id": "check-nll-as-cross-entropy", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("nll-as-cross-entropy", mean_nll)

# %% [markdown]
# ## 5 · The price of the wrong code (2 points)
#
# A source sends A, B, C and D. Somebody compresses it with a code that was made for another source:
#
# ```
# symbol          A      B      C      D
# probability    1/2    1/4    1/8    1/8
# codeword       110      0     10    111
# ```
#
# Give two numbers in a list, **both in bits per symbol**: the mean length of the codewords that are
# sent, and how much longer this is than the mean length of the best code for this source.

# %% nbgrader={"grade": false, "grade_id": "code-lengths", "locked": false, "schema_version": 3, "solution": true, "task": false}
length_and_price = None  # replace None by a list of two numbers, in bits per symbol

# %% nbgrader={"grade": true, "grade_id": "check-code-lengths", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("code-lengths", length_and_price)

# %% [markdown]
# ## 6 · A score for honest forecasters (1 point)
#
# A weather service forecasts a distribution $q$. Outcome $k$ comes, and the service is paid a score. Under
# which score is its true belief the **one and only** forecast that earns most on average?
#
# - **a** · 1 if $q$ puts the outcome first, otherwise 0
# - **b** · $q_k$, the probability that $q$ gave to it
# - **c** · $\log q_k$
# - **d** · $\log q_k$, but never less than $-1$

# %% nbgrader={"grade": false, "grade_id": "strictly-proper", "locked": false, "schema_version": 3, "solution": true, "task": false}
score = None  # replace None by a letter in quotes, such as "a"

# %% nbgrader={"grade": true, "grade_id": "check-strictly-proper", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("strictly-proper", score)

# %% [markdown]
# ## 7 · Is it proper? (3 points)
#
# Now let the computer decide, for a list of $n$ different distributions. Each may be the truth, and each
# may be forecast. `forecasts` has shape `(n, V)`. `scores` has shape `(n, V)`, too: `scores[i, k]` is paid
# for forecast `i` when outcome `k` comes. More is better.
#
# If the truth is `forecasts[t]`, forecast `i` earns `scores[i, k]` with probability `forecasts[t, k]`.
# Return a text:
#
# | return | if, whichever is the truth, |
# |---|---|
# | `"strictly proper"` | the honest forecast earns more on average than every other one |
# | `"proper"` | no other forecast earns more, but one or another earns as much |
# | `"not proper"` | for some truth a dishonest forecast earns more |
#
# Take averages that differ by less than 1e-9 for equal.
#
# Examples: `properness(np.array([[0.9, 0.1], [0.6, 0.4]]), np.log([[0.9, 0.1], [0.6, 0.4]]))` is
# `"strictly proper"`, and `properness(np.array([[0.9, 0.1], [0.6, 0.4]]), np.array([[0.9, 0.1], [0.6, 0.4]]))`
# is `"not proper"`

# %% nbgrader={"grade": false, "grade_id": "properness", "locked": false, "schema_version": 3, "solution": true, "task": false}
def properness(forecasts, scores):
    """Return "strictly proper", "proper" or "not proper": shapes (n, V) and (n, V) -> a text."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-properness", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("properness", properness)

# %% [markdown]
# ## 8 · Label smoothing (2 points)
#
# Label smoothing replaces the one-hot target at class $y$ by
#
# $$s_k = (1 - \varepsilon) \, \delta_{ky} + \frac{\varepsilon}{V}.$$
#
# Write the cross-entropy $H(s, q)$, **in nats**, as an expression in the symbols below. Any right form
# counts. Before you check it, try $\varepsilon \to 0$ in your head.

# %% nbgrader={"grade": false, "grade_id": "symbols-04-smoothing", "locked": true, "schema_version": 3, "solution": false, "task": false}
from sympy import KroneckerDelta, Sum, log

from grader.algebra import index, probability, simplex, size

# Named anew, should an answer above have used one of these names for something else.
V = size("V", at_least=2)  # how many classes there are
j, k, y = (index(name, V) for name in "jky")  # classes, from 1 to V
q = simplex("q", V)  # the distribution of the model: q[k] > 0, with sum 1
epsilon = probability("varepsilon")  # the share that is taken from the label

# %% nbgrader={"grade": false, "grade_id": "label-smoothing", "locked": false, "schema_version": 3, "solution": true, "task": false}
smoothed_loss = None  # replace None by an expression in q, y, k, V and epsilon

# %% nbgrader={"grade": true, "grade_id": "check-label-smoothing", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("label-smoothing", smoothed_loss)

# %% [markdown]
# ## 9 · Why does it not go to zero? (2 points)
#
# A colleague trains a language model on a large text that it sees only once. The loss falls and falls, and
# then it stays near 2 nats per token. "There must be a bug," says the colleague, "a good model has a loss
# of zero." What do you answer? Write **two to five sentences**, and say what you would compare the 2 nats
# with. A person reads this one.

# %% [markdown] nbgrader={"grade": true, "grade_id": "why-not-zero", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# *Write your answer here.*

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (in Jupyter: *Kernel → Restart Kernel and Run All Cells*).
#    Your work is marked in the same way, from top to bottom.
# 2. Look at each check once more. A task that you leave open costs its own points only.
# 3. Save, and hand in this notebook under its name. Don't delete or rename cells.
#
# That's it. Likelihood, code length, divergence, honesty: you have seen that one formula answers for all
# of them.
