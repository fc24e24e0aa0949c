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
# # 05 · The softmax and its gradient
#
# Nine small tasks take you from three logits to the formula that trains every language model:
# *prediction minus target*. Chapter 5 of the book has the background. Nothing here needs a network or a
# fast computer.
#
# **How it works.** Run the cells from the top (Shift + Enter). Each task has a cell for your answer
# and, below it, a cell with `check`. Run the check as often as you like. It costs nothing, and when
# something is wrong it tells you what it recognised. Checks with other numbers follow when your work is
# marked.
#
# **Two conventions.** Logarithms are natural, so losses are in **nats**. Code counts classes from
# **0**, formulas count them from **1**.
#
# Stuck? Leave a task and go on. No task needs the code of an earlier one.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from grader import check

# %% [markdown]
# ## 1 · A loss by hand (1 point)
#
# ```
# class    0   1   2
# logit    2   1   3
#                  ↑ this class occurred
# ```
#
# A model gives three classes the logits $z = (2, 1, 3)$. Class 2 occurred, counted from 0. What is the
# loss $-\log \hat y_2$, **in nats**? Three decimals are enough, and you may let Python do the
# arithmetic.

# %% nbgrader={"grade": false, "grade_id": "loss-of-three-logits", "locked": false, "schema_version": 3, "solution": true, "task": false}
loss = None  # replace None by your answer, in nats

# %% nbgrader={"grade": true, "grade_id": "check-loss-of-three-logits", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("loss-of-three-logits", loss)

# %% [markdown]
# ## 2 · A log-sum-exp that survives (2 points)
#
# A **temperature** $T > 0$ divides the logits before the softmax. Write
# $\operatorname{LSE}(z / T) = \log \sum_k e^{z_k / T}$ over the **last axis**.
#
# ```
# logits                    result
# (V,)                      one number
# (B, V)                    (B,)
# (A, B, V)                 (A, B)
# ```
#
# - $z / T$ may be as large as 10,000 and as small as −10,000, and rows of a batch may lie far apart.
# - A logit of `-np.inf` masks its class: it adds nothing to the sum.
# - If a row has nothing but masked classes, its sum is empty: return `-np.inf` for it.
# - The temperature is one number for all rows, above or below 1.
#
# Write it with `exp`, `log`, `max`, `sum` and the like. A library's `logsumexp` or `log_softmax` is not
# accepted.
#
# Example: `log_sum_exp(np.array([0.0, 2.0]), 2.0)` is `1.3132…`, which is log(1 + e).

# %% nbgrader={"grade": false, "grade_id": "log-sum-exp", "locked": false, "schema_version": 3, "solution": true, "task": false}
def log_sum_exp(logits, temperature):
    """Return the log-sum-exp of logits / temperature over the last axis, in nats: shape (..., V) -> (...)."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-log-sum-exp", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("log-sum-exp", log_sum_exp)

# %% [markdown]
# ## 3 · The loss of a batch (2 points)
#
# Write the NLL of each row, $\operatorname{LSE}(z / T) - z_y / T$, **in nats**. `logits` has shape
# `(..., V)`. `targets` has shape `(...)` and holds the classes that occurred, counted from 0. One loss per
# row: the result has the shape of `targets`. The temperature $T$ divides the logits, as in task 2.
#
# $z / T$ comes from −10,000 to 10,000, and masked classes have a logit of `-np.inf`; a target is never
# masked. Beware of what happens to a probability of $e^{-800}$ before you take its logarithm. A
# library's `logsumexp`, `log_softmax`, `cross_entropy` or `nll_loss` is not accepted.
#
# Example: `nll_from_logits(np.array([0.0, 2.0]), 1, 2.0)` is `0.3132…`, which is log(1 + 1/e).

# %% nbgrader={"grade": false, "grade_id": "nll-from-logits", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nll_from_logits(logits, targets, temperature):
    """Return the NLL of each row's target, in nats: shapes (..., V) and (...), and a number -> (...)."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-nll-from-logits", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("nll-from-logits", nll_from_logits)

# %% [markdown]
# ## 4 · A gradient by hand (1 point)
#
# The logits are $z = (2, 1, 3)$ again, and class 2 occurred, counted from 0. Give the three derivatives
# of the loss with respect to the logits, in order, as a list such as `[0.1, 0.2, 0.3]`. Three decimals
# are enough.
#
# A quick test before you run the check: what must the three numbers sum to?

# %% nbgrader={"grade": false, "grade_id": "gradient-of-three-logits", "locked": false, "schema_version": 3, "solution": true, "task": false}
gradient = None  # replace None by a list of three numbers

# %% nbgrader={"grade": true, "grade_id": "check-gradient-of-three-logits", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("gradient-of-three-logits", gradient)

# %% [markdown]
# ## 5 · The gradient, step by step (3 points)
#
# Now for every vocabulary size $V$ at once. Derive
#
# $$\frac{\partial}{\partial z_j} \left( -\log \hat y_y \right), \qquad \hat y_j = \frac{e^{z_j}}{\sum_{k=1}^V e^{z_k}},$$
#
# where $y$ is the class that occurred. Here classes are counted from 1. **At least two steps**, and
# the last line holds no derivative any more. Each line is marked by itself, against the line before it,
# so one slip costs one line. A line counts when it brings the derivation on. One that says the same as
# before does not: another letter, a factor that is 1, a term that is 0. The answer alone, in one line,
# earns a third.
#
# The next cell declares the symbols. You write with them, for example:
#
# | you want | you write |
# |---|---|
# | $z_j$ and $\hat y_j$ | `z[j]` and `y_hat(j)` |
# | $\sum_{k=1}^V e^{z_k}$ | `Sum(exp(z[k]), (k, 1, V))` |
# | $\frac{\partial}{\partial z_j} f$ | `Derivative(f, z[j])` |
# | $\delta_{jy}$: 1 if $j = y$, otherwise 0 | `KroneckerDelta(j, y)` |
# | a step | `steps.step("=", ..., because="the chain rule")` |

# %% nbgrader={"grade": false, "grade_id": "symbols-05", "locked": true, "schema_version": 3, "solution": false, "task": false}
from sympy import Derivative, KroneckerDelta, Sum, exp, log

from grader.algebra import Derivation, define, index, reals, size

V = size("V")  # how many classes there are
i, j, k, y = (index(name, V) for name in "ijky")  # classes, from 1 to V
z = reals("z", V)  # the logits
y_hat = define(r"\hat y_{%s}", lambda j: exp(z[j]) / Sum(exp(z[k]), (k, 1, V)))  # the softmax

# %% nbgrader={"grade": false, "grade_id": "nll-gradient-steps", "locked": false, "schema_version": 3, "solution": true, "task": false}
steps = Derivation("nll-gradient-steps", strict=False)
steps.start(Derivative(-log(y_hat(y)), z[j]))
# steps.step("=", ..., because="...")  # your steps go here
steps  # shows your derivation, and what is known of each line

# %% nbgrader={"grade": true, "grade_id": "check-nll-gradient-steps", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("nll-gradient-steps", steps)

# %% [markdown]
# ## 6 · An entry of the Hessian (2 points)
#
# Differentiate once more. What is
#
# $$\frac{\partial^2}{\partial z_i \, \partial z_j} \left( -\log \hat y_y \right)$$
#
# as **one expression** in $\hat y_i$, $\hat y_j$ and $\delta_{ij}$, right for $i = j$ and for $i \ne
# j$? Write it with `y_hat(i)`, `y_hat(j)` and `KroneckerDelta(i, j)`, without `Derivative`.

# %% nbgrader={"grade": false, "grade_id": "symbols-05-hessian", "locked": true, "schema_version": 3, "solution": false, "task": false}
from sympy import KroneckerDelta, Sum, exp, log

from grader.algebra import define, index, reals, size

# Named anew, should an answer above have used one of these names for something else.
V = size("V")  # how many classes there are
i, j, k, y = (index(name, V) for name in "ijky")  # classes, from 1 to V
z = reals("z", V)  # the logits
y_hat = define(r"\hat y_{%s}", lambda j: exp(z[j]) / Sum(exp(z[k]), (k, 1, V)))  # the softmax

# %% nbgrader={"grade": false, "grade_id": "hessian-entry", "locked": false, "schema_version": 3, "solution": true, "task": false}
hessian_entry = None  # replace None by an expression in the symbols above

# %% nbgrader={"grade": true, "grade_id": "check-hessian-entry", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("hessian-entry", hessian_entry)

# %% [markdown]
# ## 7 · The gradient as code (2 points)
#
# Write the gradient of each row's loss of task 3 with respect to the logits $z$, the temperature $T$
# included: shapes `(..., V)` and `(...)` give `(..., V)`. Each row has a loss of its own; nothing is
# averaged over the batch. The inputs are as in task 3, and classes are counted from 0 again. Before you
# write, use the chain rule on $z / T$: what does it add to *prediction minus target*?
#
# We compare with what Torch's autograd finds, to ten decimals, and at temperatures as low as $2^{-10}$.
# So work in float64, as NumPy does by itself, and write the formula down: differences of losses (finite
# differences) are not that exact. Your code may use NumPy or Torch, but it must do without automatic
# differentiation (`backward`, `grad` and the like).
#
# Example: `nll_gradient(np.array([0.0, 0.0]), 1, 2.0)` is `[0.25, -0.25]`

# %% nbgrader={"grade": false, "grade_id": "nll-gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nll_gradient(logits, targets, temperature):
    """Return the gradient of each row's NLL: shapes (..., V) and (...), and a number -> (..., V)."""
    raise NotImplementedError("your code goes here")

# %% nbgrader={"grade": true, "grade_id": "check-nll-gradient", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("nll-gradient", nll_gradient)

# %% [markdown]
# ## 8 · A very cold softmax (1 point)
#
# A temperature $T > 0$ divides the logits: $\operatorname{softmax}(z / T)$. The logits are $z = (2, 1,
# 3, 3)$. What does the distribution tend to as $T \to 0$?
#
# - **a** · $(0, 0, 1, 0)$: the first of the largest logits takes everything
# - **b** · $(0, 0, \tfrac12, \tfrac12)$: the largest logits share everything
# - **c** · $(\tfrac14, \tfrac14, \tfrac14, \tfrac14)$: every class gets the same
# - **d** · $(0.15, 0.05, 0.40, 0.40)$: as at $T = 1$, since dividing all logits changes no
#   probability

# %% nbgrader={"grade": false, "grade_id": "temperature-limit", "locked": false, "schema_version": 3, "solution": true, "task": false}
limit = None  # replace None by a letter in quotes, such as "a"

# %% nbgrader={"grade": true, "grade_id": "check-temperature-limit", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("temperature-limit", limit)

# %% [markdown]
# ## 9 · A good error signal (2 points)
#
# A colleague trains a classifier with the squared error $\frac12 \sum_j (\hat y_j - \delta_{jy})^2$ of
# the probabilities. On some examples the model is sure and wrong, and they hardly improve. Explain in
# **three to six sentences** why *prediction minus target*, the gradient of the NLL, is the better error
# signal there, and what goes wrong with the squared error. A person reads this one: reasons count, not
# length.

# %% [markdown] nbgrader={"grade": true, "grade_id": "error-signal", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# *Write your answer here.*

# %% [markdown]
# ## Before you hand in
#
# 1. Restart the kernel and run all cells (in Jupyter: *Kernel → Restart Kernel and Run All Cells*).
#    Your work is marked in the same way, from top to bottom.
# 2. Look at each check once more. A task that you leave open costs its own points only.
# 3. Save, and hand in this notebook under its name. Don't delete or rename cells.
#
# That's it. You have derived what every training step of every language model computes.
